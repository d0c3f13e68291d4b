#include "engine/data/csv_number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

namespace nanscope {
namespace {

constexpr std::string_view kDigits = "0123456789";
/// What may stand between groups of digits in every country: blanks of all kinds, apostrophes.
constexpr std::array<std::string_view, 6> kGroupMarks{
    " ", "\xc2\xa0", "\xe2\x80\x89", "\xe2\x80\xaf", "'", "\xe2\x80\x99"};
constexpr std::string_view kMinus = "\xe2\x88\x92";  // U+2212

std::size_t leading_digits(std::string_view text) {
  return std::min(text.find_first_not_of(kDigits), text.size());
}

std::string_view take(std::string_view& text, std::size_t count) {
  const std::string_view taken = text.substr(0, count);
  text.remove_prefix(taken.size());
  return taken;
}

/// The mark that sets the first three digits apart, or "".
std::string_view group_mark(std::string_view behind_digits, char decimal) {
  const char other = decimal == '.' ? ',' : '.';
  if (behind_digits.starts_with(other)) return behind_digits.substr(0, 1);
  for (const std::string_view mark : kGroupMarks)
    if (behind_digits.starts_with(mark)) return behind_digits.substr(0, mark.size());
  return {};
}

/// The digits before the decimal mark, their groups joined; nothing where groups are not of three.
std::optional<std::string> take_whole_part(std::string_view& text, char decimal, bool& grouped) {
  std::string digits(take(text, leading_digits(text)));
  const std::string_view mark = group_mark(text, decimal);
  if (mark.empty() || digits.empty()) return digits;
  if (digits.size() > 3 || digits[0] == '0') return std::nullopt;
  while (text.starts_with(mark)) {
    text.remove_prefix(mark.size());
    if (leading_digits(text) != 3) return std::nullopt;
    digits += take(text, 3);
  }
  grouped = true;
  return digits;
}

/// "1.234,5e3" -> "1234.5e3", the form that std::from_chars reads; nothing for what is no number.
std::optional<std::string> plain_form(std::string_view text, char decimal, bool& grouped) {
  std::string plain;
  if (text.starts_with('-') || text.starts_with(kMinus)) {
    text.remove_prefix(text[0] == '-' ? 1 : kMinus.size());
    plain = "-";
  } else if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  const auto whole = take_whole_part(text, decimal, grouped);
  if (!whole) return std::nullopt;
  plain += *whole;
  std::string_view decimals;
  if (text.starts_with(decimal)) {
    text.remove_prefix(1);
    decimals = take(text, leading_digits(text));
    plain += '.';
    plain += decimals;
  }
  if (whole->empty() && decimals.empty()) return std::nullopt;
  if (!text.empty() && text[0] != 'e' && text[0] != 'E') return std::nullopt;
  return plain += text;
}

/// What std::from_chars() leaves as it was: strtod() tells huge from tiny. The program's locale for
/// numbers is C's.
void read_out_of_range(const char* text, double& value) { value = std::strtod(text, nullptr); }
void read_out_of_range(const char* text, float& value) { value = std::strtof(text, nullptr); }

/// All of it as a number; beyond its type a huge one is infinite, a tiny one nothing.
template <class Number>
std::optional<Number> all_as(std::string_view text) {
  Number value = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || stop != text.data() + text.size()) return std::nullopt;
  if (code == std::errc::result_out_of_range) read_out_of_range(std::string(text).c_str(), value);
  return value;
}

std::optional<CsvNumber> from_all(std::string_view text, bool grouped) {
  const auto value = all_as<double>(text);
  if (!value) return std::nullopt;
  return CsvNumber{*value, *all_as<float>(text), grouped};
}

}  // namespace

std::optional<CsvNumber> csv_number(std::string_view field, char decimal) {
  // from_chars() takes a point, which in a text with decimal commas sets thousands apart.
  if (decimal == '.' || field.find('.') == field.npos)
    if (const auto number = from_all(field, false)) return number;
  bool grouped = false;
  if (const auto plain = plain_form(field, decimal, grouped))
    if (const auto number = from_all(*plain, grouped)) return number;
  if (field.starts_with('+') && !field.substr(1).starts_with('-'))  // "+inf"
    if (const auto number = from_all(field.substr(1), false);
        number && !std::isfinite(number->value))
      return number;
  return std::nullopt;
}

bool is_missing(std::string_view field) {
  constexpr std::array<std::string_view, 9> kWords{"",     "NA",   "N/A", "n/a", "null",
                                                   "NULL", "None", "-",   "?"};
  return std::ranges::find(kWords, field) != kWords.end();
}

namespace {

bool is_number(std::string_view text) { return csv_number(text, '.') || csv_number(text, ','); }

/// The number with a currency's sign before or behind it, without that.
std::string_view without_currency(std::string_view text) {
  for (const std::string_view sign : {"$", "\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5"}) {  // € £ ¥
    if (text.starts_with(sign)) return text.substr(sign.size());
    if (text.ends_with(sign)) return text.substr(0, text.size() - sign.size());
  }
  return text;
}

/// Digits in groups between commas and points. Those of dates have no three digits, but for
/// fractions of seconds.
bool is_digits_and_marks(std::string_view text) {
  if (text.find_first_of("0123456789") == text.npos ||
      text.find_first_not_of("0123456789.,") != text.npos)
    return false;
  if (text.find(',') != text.npos) return true;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t digits = leading_digits(text.substr(at));
    if (digits == 3) return true;
    at += digits + 1;
  }
  return false;
}

/// What a field with the digits of one number in it is.
std::optional<OtherKind> numeric_kind_of(std::string_view field) {
  if (field.starts_with('(') && field.ends_with(')') &&
      is_number(without_currency(field.substr(1, field.size() - 2))))
    return OtherKind::brackets;
  if (field.ends_with('-') && is_number(field.substr(0, field.size() - 1))) return OtherKind::minus;
  const std::string_view unsigned_part = field.substr(field.starts_with('-') ? 1 : 0);
  if (without_currency(unsigned_part) != unsigned_part) return OtherKind::money;
  if ((unsigned_part.starts_with("0x") || unsigned_part.starts_with("0X")) &&
      unsigned_part.size() > 2 &&
      unsigned_part.find_first_not_of("0123456789abcdefABCDEF", 2) == unsigned_part.npos)
    return OtherKind::hexadecimal;
  if (is_number(with_exponent(field))) return OtherKind::fortran;
  if (is_digits_and_marks(unsigned_part)) return OtherKind::marks;
  std::string joined(field);
  if (std::erase(joined, '_') > 0 && is_number(joined)) return OtherKind::underscores;
  return std::nullopt;
}

}  // namespace

std::string with_exponent(std::string_view field) {
  std::string text(field);
  if (const std::size_t place = text.find_first_of("dD"); place != text.npos) text[place] = 'e';
  return text;
}

OtherKind other_kind_of(std::string_view field) {
  if (const auto kind = numeric_kind_of(field)) return *kind;
  std::string lower(field);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  if (lower == "true" || lower == "false") return OtherKind::truth;
  if (lower == "yes" || lower == "no") return OtherKind::answer;
  if (lower.ends_with('%')) return OtherKind::percentage;
  int groups = 0, marks = 0;
  bool in_group = false;
  for (const char c : lower) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && std::string_view("-/.: tz+").find(c) == std::string_view::npos)
      return OtherKind::word;
    groups += digit && !in_group;
    in_group = digit;
    marks += c == '-' || c == '/' || c == ':' || c == '.';
  }
  return groups >= 2 && marks >= 1 ? OtherKind::date : OtherKind::word;
}

DecimalEvidence decimal_evidence(std::string_view field) {
  if (field.find_first_of(".,") == field.npos) return DecimalEvidence::none;
  const bool by_point = csv_number(field, '.').has_value();
  const bool by_comma = csv_number(field, ',').has_value();
  if (by_point && by_comma)
    return field.find(',') != field.npos ? DecimalEvidence::ambiguous_comma
                                         : DecimalEvidence::ambiguous_point;
  if (by_point) return DecimalEvidence::point;
  return by_comma ? DecimalEvidence::comma : DecimalEvidence::none;
}

}  // namespace nanscope
