#include <fmt/format.h>

#include <cctype>
#include <random>

#include "app/command_line/arguments.h"
#include "app/command_line/commands.h"
#include "app/command_line/console.h"
#include "app/command_line/number_text.h"
#include "engine/base/nearest_name.h"
#include "engine/numbers/encoding.h"
#include "engine/numbers/exact.h"

namespace nanscope {
namespace {

struct NumberWords {
  Words values;
  Words formats;
  std::string rounding = std::string(name_of(Rounding::nearest_even));
  std::string overflow;
  std::uint64_t seed = 1;
  std::string all;
  bool json = false;
};

/// A word such as "-0.1", "-.5", "-(1/3)", "-pi" or "-inf": a value, though it looks like an
/// option.
bool is_negative_value(const std::string& word) {
  if (word.size() < 2 || word[0] != '-') return false;
  const bool number =
      std::isdigit(static_cast<unsigned char>(word[1])) != 0 || word[1] == '.' || word[1] == '(';
  return number || word.starts_with("-inf") || word.starts_with("-nan") || parse_number(word);
}

/// The parser takes what begins with a blank for no option.
Words protect_negative_values(Words words) {
  for (std::string& word : words)
    if (is_negative_value(word)) word.insert(0, 1, ' ');
  return words;
}

void add_options(Parser& parser, NumberWords& words) {
  constexpr auto kAll = CLI::MultiOptionPolicy::TakeAll;
  parser
      .add_option("VALUE", words.values,
                  "numbers: 0.1, 1e-8, 0xff, 0x1.8p3, 0b1.01, 1/3, 2^-24, 1+2^-10,\n"
                  "inf, nan, -0")
      ->type_name("")
      ->multi_option_policy(kAll);
  parser
      .add_option("--format", words.formats,
                  "a format, or one's own such as e5m7:bias=20,no-infinity;\n"
                  "may be given several times (default: all formats)")
      ->type_name("F")
      ->allow_extra_args(false)
      ->multi_option_policy(kAll);
  parser
      .add_option("--rounding", words.rounding, "nearest_even, toward_zero, up, down or stochastic")
      ->type_name("MODE");
  parser
      .add_option("--overflow", words.overflow,
                  "infinity or saturate (default: as PyTorch casts to the format)")
      ->type_name("WHAT");
  parser.add_option("--seed", words.seed, "of stochastic rounding")->type_name("N");
  parser.add_option("--all", words.all, "lists every code of a format of at most 16 bits")
      ->type_name("F");
  parser.add_flag("--json", words.json, "one JSON object");
}

/// e4m33 is a format, but mostly a slip.
void note_unlikely(const NumberFormat& format) {
  constexpr int kMostUsual = 32;
  if (format.bits() <= kMostUsual || find_format(format.name)) return;
  std::vector<std::string> names;
  for (const NumberFormat& known : number_formats()) names.push_back(known.name);
  const std::string nearest = nearest_name(format.name, names);
  if (!nearest.empty())
    note(fmt::format("--format: {} is a format of {} bits of your own; did you mean {}?",
                     format.name, format.bits(), nearest));
}

Result<std::vector<NumberFormat>> formats_of(const NumberWords& words) {
  if (words.formats.empty())
    return std::vector<NumberFormat>(number_formats().begin(), number_formats().end());
  std::vector<NumberFormat> formats;
  for (const std::string& name : words.formats) {
    Result<NumberFormat> format = parse_format(name);
    if (!format) return tl::unexpected(format.error());
    note_unlikely(*format);
    formats.push_back(std::move(*format));
  }
  return formats;
}

Result<Conversion> conversion_of(const NumberWords& words) {
  const auto rounding = value_of<Rounding>(words.rounding);
  if (!rounding)
    return tl::unexpected(
        unknown_name("--rounding", words.rounding, "rounding", all_names<Names<Rounding>>()));
  Conversion conversion{.rounding = *rounding};
  if (words.overflow.empty()) return conversion;
  conversion.overflow = value_of<Overflow>(words.overflow);
  if (!conversion.overflow)
    return tl::unexpected(
        unknown_name("--overflow", words.overflow, "overflow", all_names<Names<Overflow>>()));
  return conversion;
}

int list_all(const NumberWords& words) {
  if (!words.values.empty() || !words.formats.empty() || words.json)
    return report(
        input_error("--all",
                    "it lists the codes of one format as lines of text and takes no values, "
                    "--format or --json.")
            .value());
  const Result<NumberFormat> format = parse_format(words.all);
  if (!format) return report(format.error());
  const Result<std::string> lines = list_codes(*format);
  return lines ? print(*lines) : report(lines.error());
}

int encode_values(const NumberWords& words) {
  if (words.values.empty())
    return report(
        input_error("number", "write a value, for example nanscope number 0.1, or --all FORMAT.")
            .value());
  const auto formats = formats_of(words);
  if (!formats) return report(formats.error());
  auto conversion = conversion_of(words);
  if (!conversion) return report(conversion.error());

  std::mt19937_64 random(words.seed);
  std::vector<EncodedNumber> numbers;
  for (const std::string& value : words.values) {
    conversion->random = random();
    auto number = encode_text(std::string_view(value).substr(value.starts_with(' ') ? 1 : 0),
                              *formats, *conversion);
    if (!number) return report(number.error());
    numbers.push_back(std::move(*number));
  }
  return print(words.json ? to_json(numbers) : number_text(numbers, *formats));
}

}  // namespace

int run_number_command(const Words& words) {
  NumberWords options;
  Parser parser("number",
                "Shows numbers as number formats store them: bits, exact value and error.");
  add_options(parser, options);
  if (const auto status = parser.parse_words(protect_negative_values(words))) return *status;
  return options.all.empty() ? encode_values(options) : list_all(options);
}

}  // namespace nanscope
