#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "engine/data/parse.h"

namespace nanscope {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view trimmed(std::string_view text, std::string_view unwanted) {
  const auto first = text.find_first_not_of(unwanted);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(unwanted) - first + 1);
}

/// Takes a line, without its end, off the front of the text.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find_first_of("\r\n");
  const std::string_view line = text.substr(0, end);
  const bool pair = end != std::string_view::npos && text.substr(end, 2) == "\r\n";
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + (pair ? 2 : 1));
  return line;
}

/// The first of these that occurs separates the fields; a blank one stands for any run of blanks.
char separator_of(std::string_view line) {
  for (const char candidate : {'\t', ';', ','})
    if (line.find(candidate) != std::string_view::npos) return candidate;
  return ' ';
}

std::vector<std::string_view> split(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  if (separator == ' ') line = trimmed(line, kBlanks);
  for (;;) {
    const auto end = line.find(separator);
    fields.push_back(trimmed(trimmed(line.substr(0, end), kBlanks), "\""));
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
    if (separator == ' ') line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  }
}

std::optional<double> number_of(std::string_view field) {
  if (field.starts_with('+')) field.remove_prefix(1);
  double value = 0;
  const auto [stop, code] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (field.empty() || stop != field.data() + field.size()) return std::nullopt;
  // Beyond double: a huge one is infinite for us, a tiny one nothing.
  if (code == std::errc::result_out_of_range)
    return field.find("e-") != field.npos || field.find("E-") != field.npos ? 0 : INFINITY;
  return value;
}

bool is_header(const std::vector<std::string_view>& fields) {
  return std::none_of(fields.begin(), fields.end(),
                      [](std::string_view field) { return number_of(field).has_value(); });
}

/// A field for a message: short, printable.
std::string shown(std::string_view field) {
  std::string text(field.substr(0, 30));
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  return text + (field.size() > 30 ? "..." : "");
}

Message why_no_number(std::string_view field, char separator) {
  if (field.empty()) return message("the field is empty; every field has to hold a number.");
  const bool comma = separator != ',' && field.find(',') != std::string_view::npos;
  return comma ? message("\"{}\" is not a number; write the decimals behind a point, as in 1.5.",
                         shown(field))
               : message("\"{}\" is not a number.", shown(field));
}

}  // namespace

Result<Table> parse_csv(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // a byte order mark
  Table table;
  char separator = 0;
  for (int line_number = 1; !text.empty(); ++line_number) {
    const std::string_view line = take_line(text);
    if (trimmed(line, kBlanks).empty() || trimmed(line, kBlanks).starts_with('#')) continue;
    const bool first = separator == 0;
    if (first) separator = separator_of(line);
    const std::vector<std::string_view> fields = split(line, separator);
    if (first && is_header(fields)) continue;
    const auto error = [&](std::size_t column, Message what) {
      return input_error("", "line {}, column {}: {}", line_number, column + 1, std::move(what));
    };
    if (fields.size() > kMostColumns)
      return error(kMostColumns, message("at most {} columns are read.", kMostColumns));
    if (table.rows == 0) table.columns = static_cast<int>(fields.size());
    if (static_cast<int>(fields.size()) != table.columns)
      return input_error("", "line {} has {} fields, but the lines before it have {}.", line_number,
                         fields.size(), table.columns);
    if (table.values.size() + fields.size() > kMostValues)
      return input_error("", "more than {} values are not read.", kMostValues);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const auto value = number_of(fields[i]);
      if (!value) return error(i, why_no_number(fields[i], separator));
      if (auto reason = why_not_usable(*value)) return error(i, *std::move(reason));
      table.values.push_back(static_cast<float>(*value));
    }
    ++table.rows;
  }
  if (table.rows == 0) return input_error("", "there are no numbers in this file.");
  return table;
}

}  // namespace nanscope
