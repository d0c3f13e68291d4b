#include "engine/experiment/keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include "engine/base/nearest_name.h"
#include "engine/experiment/key_makers.h"
#include "engine/experiment/validate.h"
#include "engine/numbers/exact.h"

namespace nanscope {
namespace {

/// Puts each key that names another one behind it.
std::vector<Key> in_json_order(std::vector<Key> keys) {
  std::vector<Key> placed, waiting;
  for (Key& key : keys) (key.listed_behind.empty() ? placed : waiting).push_back(std::move(key));
  while (!waiting.empty()) {
    auto place = placed.end();
    const auto ready = std::ranges::find_if(waiting, [&](const Key& key) {
      place = std::ranges::find(placed, key.listed_behind, &Key::name);
      return place != placed.end();
    });
    assert(ready != waiting.end());
    placed.insert(std::next(place), std::move(*ready));
    waiting.erase(ready);
  }
  return placed;
}

Key lab_key() {
  std::vector<std::string_view> choices;
  for (const LabName lab : lab_names()) choices.push_back(lab.name);
  return {"lab",
          KeyType::choice,
          {},
          std::move(choices),
          [](const Experiment& e) { return KeyValue(std::string(e.lab.name)); },
          [](Experiment& e, const KeyValue& value) {
            e.lab = *std::ranges::find(lab_names(), std::get<std::string>(value), &LabName::name);
          }};
}

std::vector<Key> make_table() {
  std::vector<Key> keys{when_changed(lab_key())};
  for (const auto group : kGroups) std::ranges::move(group(), std::back_inserter(keys));
  return in_json_order(std::move(keys));
}

/// "1e-6" rather than "1e-06".
std::string number_words(double value) {
  if (value == kLargestSeed) return fmt::format("{}", std::numeric_limits<std::uint64_t>::max());
  std::string words = fmt::format("{}", value);
  if (const auto zero = words.find("e-0"); zero != std::string::npos) words.erase(zero + 2, 1);
  return words;
}

tl::unexpected<Error> not_allowed(const Key& key, std::string_view shown) {
  const Message problem = message("{} is not allowed; {}.", shown_words(shown), allowed_words(key));
  if (key.type == KeyType::choice) {
    const std::vector<std::string> valid(key.choices.begin(), key.choices.end());
    if (const std::string near = nearest_name(shown, valid); !near.empty())
      return input_error(std::string(key.name), "{} Did you mean {}?", problem, near);
  }
  return input_error(std::string(key.name), problem);
}

/// 50 and 50.0, or nothing for what is no whole number from 0 on.
std::optional<std::uint64_t> whole_of(const KeyValue& value) {
  if (const auto* whole = std::get_if<std::uint64_t>(&value)) return *whole;
  const auto* real = std::get_if<double>(&value);
  if (!real || *real < 0 || *real >= kLargestSeed || *real != std::floor(*real))
    return std::nullopt;
  return static_cast<std::uint64_t>(*real);
}

/// The value in the type that the key stores, or nothing if it is of another kind.
std::optional<KeyValue> converted(const Key& key, KeyValue value) {
  switch (key.type) {
    case KeyType::whole_number:
      if (const auto whole = whole_of(value)) return *whole;
      return std::nullopt;
    case KeyType::number:
      if (const auto* whole = std::get_if<std::uint64_t>(&value))
        return static_cast<double>(*whole);
      return std::holds_alternative<double>(value) ? std::optional(value) : std::nullopt;
    case KeyType::flag:
      return std::holds_alternative<bool>(value) ? std::optional(value) : std::nullopt;
    case KeyType::text:
      if (key.takes_numbers && !std::holds_alternative<std::string>(value)) {
        const auto whole = whole_of(value);
        return whole ? std::optional<KeyValue>(fmt::format("{}", *whole)) : std::nullopt;
      }
      [[fallthrough]];
    case KeyType::choice:
      return std::holds_alternative<std::string>(value) ? std::optional(value) : std::nullopt;
  }
  return std::nullopt;
}

bool in_range(const Key& key, const KeyValue& value) {
  switch (key.type) {
    case KeyType::whole_number: {
      const auto whole = static_cast<double>(std::get<std::uint64_t>(value));
      return whole >= key.range.low && whole <= key.range.high;
    }
    case KeyType::number: {
      const double real = std::get<double>(value);
      return real >= key.range.low && real <= key.range.high;  // false for NaN
    }
    case KeyType::flag:
      return true;
    case KeyType::choice: {
      const std::string& name = std::get<std::string>(value);
      return std::find(key.choices.begin(), key.choices.end(), name) != key.choices.end();
    }
    case KeyType::text:
      return std::get<std::string>(value).find('\0') == std::string::npos;
  }
  return false;
}

/// Whether somebody who typed this meant arithmetic: "2/256", "sqrt(2)".
bool is_arithmetic(std::string_view text) {
  return text.find_first_of("()*/^+") != std::string_view::npos ||
         text.find('-', 1) != std::string_view::npos;
}

/// A number as the key's kind of number; nothing for one that this would change: 1e-400 is not 0,
/// 1e400 no infinity, and a number beside a whole one not that.
std::optional<KeyValue> number_value(const ExactNumber& number, KeyType type) {
  const double nearest = nearest_double(number);
  if (number.kind != ExactNumber::Kind::finite) return nearest;
  const mpq_class& magnitude = number.magnitude;
  if (std::isinf(nearest) || (nearest == 0 && magnitude != 0)) return std::nullopt;
  if (type != KeyType::whole_number) return nearest;
  const bool whole = magnitude.get_den() == 1;
  static_assert(sizeof(unsigned long) == sizeof(std::uint64_t));
  if (whole && !number.negative && magnitude.get_num().fits_ulong_p())
    return std::uint64_t{magnitude.get_num().get_ui()};
  return whole ? std::optional<KeyValue>(nearest) : std::nullopt;
}

/// Of a number that fp64 does not hold; `nearest` would stand in its place.
tl::unexpected<Error> not_held(const Key& key, double nearest, std::string_view shown) {
  if (nearest != 0 && std::isfinite(nearest)) return not_allowed(key, shown);
  return input_error(std::string(key.name),
                     "{} is not allowed, as the nearest number of fp64 is {}; {}.",
                     shown_words(shown), nearest, allowed_words(key));
}

/// Whole text as a number that fp64 has, else nothing. "nan" and "inf" are numbers out of every
/// range.
std::optional<KeyValue> parse_json_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const char* end = text.data() + text.size();
  std::uint64_t whole = 0;
  if (const auto [stop, code] = std::from_chars(text.data(), end, whole);
      code == std::errc() && stop == end)
    return whole;
  double real = 0;
  if (const auto [stop, code] = std::from_chars(text.data(), end, real);
      code == std::errc() && stop == end)
    return real;
  return std::nullopt;
}

/// 0 or an infinity, where fp64 has nothing else for these digits.
std::optional<double> beyond_fp64(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const char* end = text.data() + text.size();
  double ignored = 0;
  const auto [stop, code] = std::from_chars(text.data(), end, ignored);
  if (code != std::errc::result_out_of_range || stop != end) return std::nullopt;
  return std::strtod(std::string(text).c_str(), nullptr);
}

/// What was typed for a key of numbers; nothing where it is no number.
Result<std::optional<KeyValue>> typed_number(const Key& key, std::string_view text) {
  const auto parsed = parse_json_number(text);
  // 3.00000000000000000001 is no whole number, though a double has none beside 3.
  const bool rounded =
      key.type == KeyType::whole_number && parsed && std::holds_alternative<double>(*parsed);
  if (parsed && !rounded) return parsed;
  if (const auto nearest = beyond_fp64(text)) return not_held(key, *nearest, text);
  if (!parsed && !is_arithmetic(text) && text != "pi" && text != "e") return std::nullopt;
  const Result<ExactNumber> number = parse_number(text);
  if (!number && parsed) return parsed;
  if (!number) return input_error(std::string(key.name), whole_message(number.error()));
  const auto held = number_value(*number, key.type);
  if (!held) return not_held(key, nearest_double(*number), text);
  return held;
}

std::string group_of(std::string_view name) {
  const std::size_t dot = name.find('.');
  return dot == name.npos ? "" : std::string(name.substr(0, dot));
}

/// "model.*, seed"; of one that begins as a group does its keys: "model.kind, .depth".
Message short_list(const std::vector<std::string>& names, std::string_view wanted) {
  const std::string group = group_of(wanted);
  const bool knows_group =
      !group.empty() && std::ranges::find(names, group, group_of) != names.end();
  std::vector<std::string> shown;
  for (const std::string& name : names) {
    const std::string own = group_of(name);
    if (!knows_group && own.empty())
      shown.push_back(name);
    else if (!knows_group && (shown.empty() || shown.back() != own + ".*"))
      shown.push_back(own + ".*");
    else if (knows_group && own == group)
      shown.push_back(shown.empty() ? name : name.substr(own.size()));
  }
  return name_list(shown);
}

}  // namespace

Message shown_words(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  return text.empty() ? message("an empty value") : Message::value(printable(text, kLongest));
}

const std::vector<Key>& key_table() {
  static const std::vector<Key> table = make_table();
  return table;
}

const Key* find_key(std::string_view name) {
  // What files from before call them.
  static constexpr std::pair<std::string_view, std::string_view> kFormerNames[] = {
      {"costs.accumulation", "costs.micro_batches"}};
  for (const auto& [before, now] : kFormerNames)
    if (name == before) name = now;
  for (const Key& key : key_table())
    if (key.name == name) return &key;
  return nullptr;
}

bool is_of_plan(std::string_view training_key) {
  static constexpr std::string_view kKeys[] = {"optimizer.kind", "loss", "model.dropout",
                                               "recompute", "accumulation"};
  return std::ranges::find(kKeys, training_key) != std::end(kKeys);
}

std::vector<std::string> compared_keys() {
  std::vector<std::string> names;
  for (const auto group : {network_keys, data_keys, training_keys})
    for (const Key& key : group())
      if (!key.of_training || is_of_plan(key.name)) names.emplace_back(key.name);
  // Of Costs what transformers and napkins are made of; both are looked at in one view.
  static constexpr std::string_view kOfBoth[] = {
      "costs.view",       "costs.walk",        "costs.step",    "costs.x",
      "costs.w",          "costs.target",      "costs.file",    "costs.file_bytes",
      "costs.data_batch", "costs.data_length", "costs.compute", "costs.measured",
      "costs.roof"};
  for (const Key& key : costs_keys())
    if (std::ranges::find(kOfBoth, key.name) == std::end(kOfBoth)) names.emplace_back(key.name);
  return names;
}

Result<KeyValue> accept(const Key& key, KeyValue value, std::string_view shown) {
  std::optional<KeyValue> stored = converted(key, std::move(value));
  if (!stored || !in_range(key, *stored)) return not_allowed(key, shown);
  if (key.check)
    if (const auto good = key.check(std::get<std::string>(*stored)); !good)
      return input_error(std::string(key.name), whole_message(good.error()));
  return *std::move(stored);
}

Result<KeyValue> accept_text(const Key& key, std::string_view text) {
  KeyValue value = std::string(text);
  if (key.type == KeyType::whole_number || key.type == KeyType::number) {
    const Result<std::optional<KeyValue>> number = typed_number(key, text);
    if (!number) return tl::unexpected(number.error());
    if (*number) value = **number;
  } else if (key.type == KeyType::flag) {
    if (text == "true" || text == "false") value = text == "true";
  }
  return accept(key, std::move(value), text);
}

Message allowed_words(const Key& key) {
  switch (key.type) {
    case KeyType::whole_number:
      return message("it takes a whole number from {} to {}", number_words(key.range.low),
                     number_words(key.range.high));
    case KeyType::number:
      return message("it takes a number from {} to {}", number_words(key.range.low),
                     number_words(key.range.high));
    case KeyType::flag:
      return message("it takes true or false");
    case KeyType::choice:
      return message("it takes one of {}", name_list(key.choices));
    case KeyType::text:
      return key.takes_numbers ? message("it takes a whole number, or nothing")
                               : message("it takes a text");
  }
  return {};
}

std::string text_of(const KeyValue& value) {
  return std::visit([](const auto& v) { return fmt::format("{}", v); }, value);
}

Error unknown_key(std::string_view name, const std::vector<std::string>& valid) {
  const std::string near = nearest_name(name, valid);
  std::string where = shown_words(name).text();
  return near.empty()
             ? input_error(std::move(where), "no such key; there are {}.", short_list(valid, name))
                   .value()
             : input_error(std::move(where), "no such key; did you mean {}?", near).value();
}

}  // namespace nanscope
