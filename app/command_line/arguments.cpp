#include "app/command_line/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "app/command_line/console.h"
#include "engine/experiment/validate.h"

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

Error unknown_option(const CLI::App& parser, const std::string& word) {
  const std::vector<std::string> names = option_names(parser);
  if (!word.starts_with('-'))
    return {Error::Kind::input, word, fmt::format("one word too many for {}.", parser.get_name())};
  // "--jsno=1" is near "--json" without its value.
  const std::string name = word.substr(0, word.find('='));
  return unknown_name(name, "", "option", names);
}

}  // namespace

Parser::Parser(std::string_view name, const std::string& description)
    : CLI::App(description, fmt::format("nanscope {}", name)) {
  get_formatter()->column_width(32);
  allow_extras();  // parse_words() reports them, with a suggestion
  option_defaults()->take_last();
}

void Parser::add_experiment(Words& words) {
  add_option(
      "EXP", words,
      "an experiment: a file (.json, exported .png), a demo, key=value pairs; later ones win. "
      "Default: the first demo")
      ->type_name("")
      ->multi_option_policy(CLI::MultiOptionPolicy::Throw);
}

std::optional<int> Parser::parse_words(const Words& words) {
  try {
    parse(Words(words.rbegin(), words.rend()));  // CLI11 takes the words from the back
  } catch (const CLI::CallForHelp&) {
    return print(help());
  } catch (const CLI::ParseError& error) {
    return report({Error::Kind::input, get_name(),
                   fmt::format("{}; see {} --help.", error.what(), get_name())});
  }
  if (const Words rest = remaining(); !rest.empty())
    return report(unknown_option(*this, rest.front()));
  return std::nullopt;
}

Error unknown_name(std::string_view where, std::string_view value, std::string_view kind,
                   const std::vector<std::string>& allowed) {
  const std::string wanted(value.empty() ? where : value);
  const std::string nearest = nearest_name(wanted, allowed);
  const std::string quoted = value.empty() ? "" : fmt::format("\"{}\" is ", value);
  return {Error::Kind::input, std::string(where),
          nearest.empty()
              ? fmt::format("{}no such {}; allowed are {}.", quoted, kind, fmt::join(allowed, ", "))
              : fmt::format("{}no such {}; did you mean {}? Allowed are {}.", quoted, kind, nearest,
                            fmt::join(allowed, ", "))};
}

}  // namespace nanscope
