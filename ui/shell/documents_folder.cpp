#include "ui/shell/documents_folder.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>

namespace nanscope {
namespace {

namespace fs = std::filesystem;

/// XDG_DOCUMENTS_DIR="$HOME/Documents" of user-dirs.dirs, as xdg-user-dirs writes it.
std::optional<fs::path> desktop_folder(const fs::path& home) {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  std::ifstream lines((config && *config ? fs::path(config) : home / ".config") / "user-dirs.dirs");
  constexpr std::string_view kKey = "XDG_DOCUMENTS_DIR=\"", kHome = "$HOME";
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(kKey)) continue;
    const std::string words = line.substr(kKey.size(), line.find_last_of('"') - kKey.size());
    return words.starts_with(kHome) ? fs::path(home.string() + words.substr(kHome.size()))
                                    : fs::path(words);
  }
  return std::nullopt;
}

}  // namespace

std::string documents_folder() {
  std::error_code failed;
  const char* known = std::getenv("HOME");
  const fs::path home = known ? known : "";
  for (const fs::path& folder :
       {desktop_folder(home).value_or(fs::path()), home / "Documents", home})
    if (folder.is_absolute() && fs::is_directory(folder, failed)) return folder.string();
  return fs::current_path(failed).string();
}

}  // namespace nanscope
