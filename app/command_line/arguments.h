#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <optional>
#include <string>

#include "app/command_line/command.h"
#include "engine/base/result.h"

namespace nanscope {

/// Parses a command's words; options are added to it as to any CLI::App.
class Parser : public CLI::App {
 public:
  /// Of `nanscope NAME`; the description is the first line of its help.
  Parser(std::string_view name, const std::string& description);

  /// Takes positional words as an experiment.
  void add_experiment(Words& words);

  /// Nothing: go on. Otherwise the command ends with this status, since help was asked for or the
  /// words are wrong, which is reported with the nearest valid option.
  std::optional<int> parse_words(const Words& words);

 private:
  std::string command_;  ///< "signal"
};

/// The error of a value that is not one of the allowed names; says the nearest one.
Error unknown_name(std::string_view where, std::string_view value, std::string_view kind,
                   const std::vector<std::string>& allowed);

/// The names of an enum's values, for unknown_name().
template <class Named>
std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const auto& entry : Named::all) names.emplace_back(entry.second);
  return names;
}

}  // namespace nanscope
