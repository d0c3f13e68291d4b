#include "ui/labs/numbers/sentence.h"

#include <fmt/format.h>

#include <cmath>

#include "ui/text/text.h"

namespace nanscope {
namespace {

/// Exactly where that is short.
std::string value_words(const Encoding& encoding) {
  constexpr std::size_t kShort = 12;
  return encoding.decimal.size() <= kShort ? encoding.decimal : number_text(encoding.value);
}

double relative_error(const NumberRow& row) {
  return row.encoding.errors ? row.encoding.errors->relative.value : 0;
}

std::string percent_words(double error) {
  constexpr double kLeast = 1e-300, kMost = 1e300;  // per cent; beyond, doubles have fewer digits
  const double percent = 100 * error;
  if (percent < kLeast)
    return format_text("numbers.less_than", fmt::arg("value", number_text(kLeast)));
  if (percent > kMost)
    return format_text("numbers.more_than", fmt::arg("value", number_text(kMost)));
  return number_text(percent);
}

/// The key of what is said when a format has no place for the number, or "".
const char* loss_key(const NumberRow& row) {
  const bool below = std::signbit(row.encoding.value);
  switch (row.fate) {
    case Fate::exact:
    case Fate::rounded:
      return "";
    case Fate::vanished:
      return "numbers.sentence.zero";
    case Fate::smallest:
      return "numbers.sentence.smallest";
    case Fate::saturated:
      return below ? "numbers.sentence.saturates_below" : "numbers.sentence.saturates";
    case Fate::overflowed:
      return "numbers.sentence.overflow";
    case Fate::no_nan:
      return "numbers.sentence.no_nan";
    case Fate::no_infinity:
      return std::isfinite(row.encoding.value) ? "numbers.sentence.no_infinity_saturates"
                                               : "numbers.sentence.no_infinity";
    case Fate::no_sign:
      return row.format.has_zero ? "numbers.sentence.no_sign" : "numbers.sentence.no_zero_no_sign";
    case Fate::no_zero:
      return row.format.has_sign ? "numbers.sentence.no_zero" : "numbers.sentence.no_zero_no_sign";
    case Fate::lost_zero_sign:
      return "numbers.sentence.lost_zero_sign";
  }
  return "";
}

std::string loss_sentence(const NumberBits& number, const NumberRow& row) {
  std::string key = loss_key(row);
  double limit = row.format.largest;
  if (row.fate == Fate::vanished) limit = row.format.smallest_subnormal;
  if (row.fate == Fate::overflowed && number.negative) {
    key = "numbers.sentence.overflow_below";
    limit = last_number(row.format, /*negative=*/true);
  }
  return format_text(key, fmt::arg("input", number.shown), fmt::arg("format", row.format.name),
                     fmt::arg("value", value_words(row.encoding)),
                     fmt::arg("limit", number_text(limit)));
}

}  // namespace

std::string bits_sentence(const NumberBits& number) {
  std::size_t exact = 0;
  const NumberRow* worst = nullptr;
  for (const NumberRow& row : number.rows) {
    if (*loss_key(row) != 0) return loss_sentence(number, row);
    exact += row.fate == Fate::exact;
    if (row.fate == Fate::rounded && (!worst || relative_error(row) > relative_error(*worst)))
      worst = &row;
  }
  const auto input = fmt::arg("input", number.shown);
  const NumberRow& named = worst ? *worst : number.rows.front();
  const std::string percent = percent_words(relative_error(named));
  const auto format = fmt::arg("format", named.format.name);
  const std::size_t count = number.rows.size();
  if (!worst) return count_text("numbers.sentence.exact", count, input, format);
  if (exact == 0)
    return count_text("numbers.sentence.none", count, input, format, fmt::arg("percent", percent));
  return format_text("numbers.sentence.some", input, format, fmt::arg("count", count),
                     fmt::arg("exact", exact), fmt::arg("percent", percent));
}

}  // namespace nanscope
