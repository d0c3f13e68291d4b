#include "app/command_line/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "app/command_line/console.h"
#include "engine/base/nearest_name.h"

namespace nanscope {
namespace {

/// Every option's name as it is written: "--json", "-o".
std::vector<std::string> option_names(const CLI::App& parser) {
  std::vector<std::string> names;
  for (const CLI::Option* option : parser.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

/// A word that no option or positional took.
Error leftover(const CLI::App& parser, const std::string& command, const std::string& word) {
  if (!word.starts_with('-')) {
    // "parameters=7e9" where an option is meant.
    const std::string name = word.substr(0, word.find('='));
    const std::string nearest = nearest_name("--" + name, option_names(parser));
    if (name.size() < word.size() && !nearest.empty())
      return input_error(command, "\"{}\" is one word too many; did you mean {} {}?", word, nearest,
                         word.substr(name.size() + 1))
          .value();
    return input_error(command, "\"{}\" is one word too many.", word).value();
  }
  // "--jsno=1" is near "--json" without its value.
  return unknown_name(word.substr(0, word.find('=')), "", "option", option_names(parser));
}

/// A value that is another option's name, or "-" where a file is to be written.
std::optional<Error> wrong_value(const CLI::App& parser, const std::string& command) {
  const std::vector<std::string> names = option_names(parser);
  for (const CLI::Option* option : parser.get_options()) {
    if (option->get_positional() || option->get_expected_max() == 0) continue;
    const std::string name = option->get_name();
    for (const std::string& value : option->results()) {
      if (std::ranges::find(names, value.substr(0, value.find('='))) != names.end())
        return input_error(name, "its {} is missing; {} behind it is an option.",
                           option->get_type_name(), value)
            .value();
      if (value == "-" && option->get_type_name() == "FILE")
        return input_error(name,
                           "- is no file here, and this goes to no standard output; see nanscope "
                           "{} --help, or write ./- for a file of that name.",
                           command)
            .value();
    }
  }
  return std::nullopt;
}

/// CLI11 reads "[1, 2]" as two words without brackets, but not with a blank behind it.
void keep_brackets(std::string& word) {
  if (word.starts_with('[') && word.ends_with(']')) word += ' ';
}

}  // namespace

Parser::Parser(std::string_view name, const std::string& description)
    : CLI::App(description, fmt::format("nanscope {}", name)), command_(name) {
  get_formatter()->column_width(22);
  set_help_flag("-h,--help", "explain this command");
  allow_extras();  // parse_words() reports them, with a suggestion
  option_defaults()->take_last();
}

void Parser::add_experiment(Words& words) {
  add_option("EXP", words,
             "an experiment: a file (.json, exported .png or .svg), a demo's\n"
             "name, key=value pairs, or all of them, later ones winning;\n"
             "without any the first demo")
      ->type_name("")
      ->multi_option_policy(CLI::MultiOptionPolicy::Throw);
}

std::optional<int> Parser::parse_words(const Words& words) {
  try {
    Words whole(words.rbegin(), words.rend());  // CLI11 takes the words from the back
    std::ranges::for_each(whole, keep_brackets);
    parse(std::move(whole));
  } catch (const CLI::CallForHelp&) {
    return print(help());
  } catch (const CLI::ParseError& error) {
    return report(
        input_error(command_, "{}; see nanscope {} --help.", error.what(), command_).value());
  }
  if (const auto wrong = wrong_value(*this, command_)) return report(*wrong);
  for (const std::string& word : remaining())
    if (word != "--") return report(leftover(*this, command_, word));
  return std::nullopt;
}

Error unknown_name(std::string_view where, std::string_view value, std::string_view kind,
                   const std::vector<std::string>& allowed) {
  const std::string wanted(value.empty() ? where : value);
  const std::string nearest = nearest_name(wanted, allowed);
  const Message quoted = value.empty() ? Message() : message("\"{}\" is ", value);
  const Message names = name_list(allowed);
  return nearest.empty()
             ? input_error(std::string(where), "{}no such {}; allowed are {}.", quoted, kind, names)
                   .value()
             : input_error(std::string(where), "{}no such {}; did you mean {}? Allowed are {}.",
                           quoted, kind, nearest, names)
                   .value();
}

}  // namespace nanscope
