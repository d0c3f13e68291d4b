#include "engine/experiment/numbers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "engine/experiment/key_makers.h"
#include "engine/numbers/exact.h"
#include "engine/numbers/format.h"
#include "engine/roundoff/roundoff.h"

namespace nanscope {
namespace {

constexpr double kLongest = 1e7;  // of any experiment; each has a range of its own within it
constexpr std::string_view kFormatsOwn = "format";  // numbers.overflow: each format's own

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Result<void> check_format(const std::string& text) {
  if (const auto format = parse_format(text); !format) return tl::unexpected(format.error());
  return {};
}

Result<void> check_formats(const std::string& list) {
  const std::vector<std::string> formats = split_formats(list);
  if (formats.empty() || formats.size() > kMostFormats)
    return input_error("", "{} formats are not allowed; name 1 to {}, as fp16,bf16.",
                       formats.size(), kMostFormats);
  for (const std::string& format : formats)
    if (auto good = check_format(format); !good) return good;
  return {};
}

Result<void> check_number(const std::string& text) {
  if (const auto number = parse_number(text); !number) return tl::unexpected(number.error());
  return {};
}

Key view_key() {
  return {"numbers.view",
          KeyType::choice,
          {},
          numbers_views(),
          [](const Experiment& e) { return KeyValue(e.numbers.view); },
          [](Experiment& e, const KeyValue& value) {
            const auto& view = std::get<std::string>(value);
            if (view != e.numbers.view) e.numbers = numbers_with_view(e.numbers, view);
          },
          /*check=*/{},
          /*when_changed=*/true,
          /*resets_group=*/true};
}

Key formats_key() {
  return checked(
      {"numbers.formats",
       KeyType::text,
       {},
       {},
       [](const Experiment& e) { return KeyValue(join_formats(e.numbers.settings.formats)); },
       [](Experiment& e, const KeyValue& value) {
         e.numbers.settings.formats = split_formats(std::get<std::string>(value));
       }},
      check_formats);
}

Key overflow_key() {
  std::vector<std::string_view> choices{kFormatsOwn};
  for (const auto& entry : Names<Overflow>::all) choices.push_back(entry.second);
  return {"numbers.overflow",
          KeyType::choice,
          {},
          choices,
          [](const Experiment& e) {
            const std::optional<Overflow>& overflow = e.numbers.settings.overflow;
            return KeyValue(std::string(overflow ? name_of(*overflow) : kFormatsOwn));
          },
          [](Experiment& e, const KeyValue& value) {
            // "format" is no Overflow, and so becomes nothing.
            e.numbers.settings.overflow = value_of<Overflow>(std::get<std::string>(value));
          }};
}

}  // namespace

std::vector<std::string_view> numbers_views() {
  std::vector<std::string_view> views{"bits", "ranges"};
  for (const RoundoffExperiment& experiment : roundoff_experiments())
    views.push_back(experiment.name);
  return views;
}

Numbers numbers_with_view(const Numbers& before, std::string_view view) {
  Numbers next;
  next.view = view;
  next.input = before.input;
  if (const RoundoffExperiment* experiment = find_roundoff_experiment(view))
    next.settings = experiment->defaults;
  if (view == "ranges") {
    next.settings.formats.clear();
    for (const NumberFormat& format : number_formats())
      next.settings.formats.push_back(format.name);
  }
  return next;
}

std::vector<std::string> split_formats(std::string_view list) {
  std::vector<std::string> formats;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (const std::string_view item = trimmed(list.substr(0, comma)); !item.empty())
      formats.emplace_back(item);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return formats;
}

std::string join_formats(const std::vector<std::string>& formats) {
  return fmt::format("{}", fmt::join(formats, ","));
}

std::vector<Key> numbers_keys() {
  std::vector<Key> keys{
      view_key(),
      checked(any_text(
                  "numbers.input", [](auto& e) -> auto& { return e.numbers.input; }),
              check_number),
      formats_key(),
      choice(
          "numbers.rounding", [](auto& e) -> auto& { return e.numbers.settings.rounding; }),
      overflow_key(),
      number(
          "numbers.value", kValueRange.low, kValueRange.high,
          [](auto& e) -> auto& { return e.numbers.settings.value; }),
      whole_number(
          "numbers.length", 1, kLongest,
          [](auto& e) -> auto& { return e.numbers.settings.length; }),
      number(
          "numbers.addend", kAddendRange.low, kAddendRange.high,
          [](auto& e) -> auto& { return e.numbers.settings.addend; }),
      number(
          "numbers.start", kStartRange.low, kStartRange.high,
          [](auto& e) -> auto& { return e.numbers.settings.start; }),
      number(
          "numbers.scale", kScaleRange.low, kScaleRange.high,
          [](auto& e) -> auto& { return e.numbers.settings.scale; }),
      number(
          "numbers.condition", kConditionRange.low, kConditionRange.high,
          [](auto& e) -> auto& { return e.numbers.settings.condition; }),
      whole_number(
          "numbers.block", kBlockRange.low, kBlockRange.high,
          [](auto& e) -> auto& { return e.numbers.settings.block; }),
      checked(any_text(
                  "numbers.accumulator",
                  [](auto& e) -> auto& { return e.numbers.settings.accumulator; }),
              check_format),
      any_text(
          "numbers.path", [](auto& e) -> auto& { return e.numbers.settings.path; }),
      any_text(
          "numbers.tensor", [](auto& e) -> auto& { return e.numbers.settings.tensor; }),
  };
  for (Key& key : keys) key.when_changed = true;
  return keys;
}

}  // namespace nanscope
