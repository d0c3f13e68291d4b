#include "app/command_line/command_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <new>

#include "app/command_line/commands.h"
#include "app/command_line/console.h"
#include "engine/base/nearest_name.h"
#include "engine/base/version.h"
#include "engine/experiment/demos.h"

namespace nanscope {
namespace {

std::string help() {
  std::string text = fmt::format(
      "NaNscope {}: the numerics of training, measured.\n\n"
      "nanscope                opens the window; without a display it draws the demo into PNG "
      "files\n"
      "nanscope FILE           opens the window on it, as nanscope open FILE\n"
      "nanscope COMMAND ...    one of:\n\n",
      version());
  for (const Command& command : commands())
    text += fmt::format("  {:<9} {}\n", command.name, command.summary);
  text +=
      "\nEXP, wherever a command takes it, is an experiment: a file (.json, or a picture that "
      "NaNscope\n"
      "exported), a demo's name, key=value pairs, or all of them, later ones winning. For "
      "example\n\n"
      "  nanscope signal explode model.depth=20 precision=fp16 --json\n"
      "  nanscope plot signal tanh_saturates -o slide.png --theme projector\n\n"
      "nanscope COMMAND --help explains a command, nanscope --version prints the version. In the\n"
      "source folder, ./nanscope test builds and runs the tests.\n"
      "Exit status: 0 done; 1 the work failed; 2 the input is wrong.\n";
  return text;
}

bool is_demo(const std::string& word) {
  const auto demos = load_demos();
  return demos && std::ranges::any_of(*demos, [&](const Demo& demo) { return demo.name == word; });
}

/// What somebody who wrote `word` where a command belongs may have meant.
Message meant(const std::string& word) {
  std::vector<std::string> names;
  for (const Command& command : commands()) names.emplace_back(command.name);
  if (word == "test" || word == "lint")
    return message("the script at the root of the sources does that: ./nanscope {}", word);
  if (word.starts_with('-')) {
    const std::string nearest = nearest_name(word, {"--help", "--version"});
    return message("did you mean {}?", nearest.empty() ? "--help" : nearest);
  }
  if (word.find('=') != word.npos || word.find('.') != word.npos || is_demo(word))
    return message("did you mean nanscope open {}?", word);
  if (const std::string nearest = nearest_name(word, names); !nearest.empty())
    return message("did you mean {}?", nearest);
  return message("commands are {}.", name_list(names));
}

int dispatch(const Words& words) {
  if (words.empty()) return run_window_command(words);
  const std::string& first = words.front();
  if (first == "--help" || first == "-h" || first == "help") return print(help());
  if (first == "--version" || first == "-V") return print(fmt::format("nanscope {}\n", version()));
  for (const Command& command : commands())
    if (command.name == first) return command.run({words.begin() + 1, words.end()});
  std::error_code ignored;
  if (std::filesystem::is_regular_file(first, ignored)) return run_open_command(words);
  return report(input_error(first, "no such {}; {}",
                            first.starts_with('-') ? message("option") : message("command"),
                            meant(first))
                    .value());
}

}  // namespace

int run_command_line(const Words& words) {
  prepare_streams();
  try {
    return dispatch(words);
  } catch (const std::bad_alloc&) {
    return report(work_error("", "there is not enough memory for this.").value());
  } catch (const std::exception& error) {
    return report(work_error("internal error", "{}", error.what()).value());
  }
}

}  // namespace nanscope
