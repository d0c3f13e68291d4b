#include "app/command_line/doctor.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "app/headless/headless_context.h"
#include "app/window/window.h"
#include "engine/base/version.h"
#include "engine/data/table.h"
#include "engine/engine.h"
#include "engine/experiment/demos.h"
#include "ui/shell/settings.h"
#include "ui/text/text.h"
#include "ui/theme/theme.h"

namespace nanscope {
namespace {

constexpr const char* kSetUp = "run ./nanscope in the source folder: it fetches and builds it";

/// The path of a library that this process has opened, or "".
std::string opened_library(std::string_view name) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);)
    if (line.ends_with(name)) return line.substr(line.find('/'));
  return "";
}

/// A line of /proc/meminfo in bytes; 0 if it is not there.
double memory_bytes(std::string_view key) {
  std::ifstream lines("/proc/meminfo");
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(key)) continue;
    std::istringstream words(line.substr(key.size() + 1));
    double kibibytes = 0;
    words >> kibibytes;
    return kibibytes * 1024;
  }
  return 0;
}

Check program() {
  std::error_code ignored;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", ignored);
  return {"program", CheckState::ok, fmt::format("NaNscope {}, {}", version(), path.string()), ""};
}

Check memory() {
  return {"memory", CheckState::ok,
          fmt::format("{} free of {}", bytes_text(memory_bytes("MemAvailable")),
                      bytes_text(memory_bytes("MemTotal"))),
          ""};
}

/// LibTorch, the processor as it sees it, and CUDA.
void add_engine(std::vector<Check>& checks) {
  const Result<std::unique_ptr<Engine>> engine = load_engine();
  if (!engine) {
    checks.push_back({"libtorch", CheckState::missing, to_string(engine.error()), kSetUp});
    return;
  }
  const EngineInfo info = (*engine)->info();
  checks.push_back(
      {"libtorch", CheckState::ok,
       fmt::format("{}, {}", info.libtorch_version, opened_library("/libtorch_cpu.so")), ""});
  checks.push_back({"processor", CheckState::ok,
                    fmt::format("{}, {}, {} thread{}", info.cpu_name, info.cpu_capability,
                                info.threads, info.threads == 1 ? "" : "s"),
                    ""});
  checks.push_back({"cuda", info.cuda_available ? CheckState::ok : CheckState::optional, info.cuda,
                    info.cuda_available ? "" : "nothing to do: the processor does the work"});
}

Check opengl() {
  const auto context = HeadlessContext::create();
  if (!context)
    return {"opengl", CheckState::missing, to_string(context.error()),
            "apt-get install libegl1 libgl1 libgl1-mesa-dri"};
  return {"opengl", CheckState::ok, context->renderer(), ""};
}

Check display() {
  if (const auto display = reachable_display()) return {"display", CheckState::ok, *display, ""};
  return {"display", CheckState::optional, "neither X11 nor Wayland answers",
          "nothing to do: without a window, plots are drawn into PNG files"};
}

Check fonts() {
  const std::vector<std::string> missing = missing_fonts();
  if (missing.empty()) return {"fonts", CheckState::ok, "Inter, JetBrains Mono", ""};
  return {"fonts", CheckState::optional,
          fmt::format("without {}, another font is used", fmt::join(missing, ", ")),
          "apt-get install fonts-inter fonts-jetbrains-mono"};
}

Check demos() {
  const Result<std::vector<Demo>> demos = load_demos();
  if (!demos)
    return {"demos", CheckState::missing, to_string(demos.error()),
            "restore the folder assets/ of the sources, or set NANSCOPE_ASSETS to it"};
  return {"demos", CheckState::ok, fmt::format("{} in {}", demos->size(), assets_folder()), ""};
}

Check digits() {
  const Result<Table> table = read_digits();
  if (!table) return {"digits", CheckState::optional, to_string(table.error()), kSetUp};
  return {"digits", CheckState::ok,
          fmt::format("{} samples of {} numbers", table->rows, table->columns), ""};
}

/// Why no file can be written at this path, or "": what is missing of its folders is made first.
std::string why_unwritable(const std::filesystem::path& path) {
  std::filesystem::path folder = path.parent_path();
  std::error_code ignored;
  while (folder.has_relative_path() && !std::filesystem::exists(folder, ignored))
    folder = folder.parent_path();
  // Tried, for root's rights say nothing about a file system that is read only.
  std::string trial = (folder / ".nanscope-XXXXXX").string();
  if (!mkdtemp(trial.data())) return std::generic_category().message(errno);
  std::filesystem::remove(trial, ignored);
  return "";
}

Check settings() {
  const std::string path = default_settings_path();
  if (path.empty())
    return {"settings", CheckState::optional, "there is no home folder",
            "set HOME or XDG_CONFIG_HOME to keep settings"};
  if (const std::string why = why_unwritable(path); !why.empty())
    return {"settings", CheckState::optional, fmt::format("{} cannot be written: {}", path, why),
            "set XDG_CONFIG_HOME to a folder that can be written, to keep theme, layout and the "
            "last experiment"};
  std::error_code ignored;
  const bool there = std::filesystem::exists(path, ignored);
  return {"settings", CheckState::ok, path + (there ? "" : " (written when the window closes)"),
          ""};
}

}  // namespace

std::vector<Check> check_machine() {
  std::vector<Check> checks{program(), memory()};
  add_engine(checks);
  for (const auto& check : {opengl, display, fonts, demos, digits, settings})
    checks.push_back(check());
  return checks;
}

}  // namespace nanscope
