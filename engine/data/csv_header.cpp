#include "engine/data/csv_header.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/data/csv_number.h"

namespace nanscope {
namespace {

using Rows = std::span<const CsvRecord>;

/// With whichever decimal mark: "1,5" is no name.
bool is_number(const CsvField& field) {
  return csv_number(field.text, '.') || csv_number(field.text, ',');
}

/// Digits and nothing else: what names of columns are made of where they are numbers.
std::optional<double> whole_number(const CsvField& field) {
  if (field.text.empty() || field.text.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  const auto number = csv_number(field.text, '.');
  return number ? std::optional(number->value) : std::nullopt;
}

bool is_year(double value) { return value >= 1900 && value <= 2100; }

/// Whole numbers that rise by equal steps, as names of columns do: 0, 1, 2 or 2020, 2021.
struct Labels {
  double first = 0;
  bool years = false;
};
std::optional<Labels> as_labels(const CsvRecord& record) {
  std::vector<double> values;
  for (const CsvField& field : record) {
    const auto value = whole_number(field);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  const double step = values.size() > 1 ? values[1] - values[0] : 1;
  for (std::size_t i = 1; i < values.size(); ++i)
    if (step <= 0 || values[i] - values[i - 1] != step) return std::nullopt;
  const bool years = is_year(values.front()) && is_year(values.back());
  if (!years && step != 1) return std::nullopt;
  return Labels{values.front(), years};
}

/// A single column in which the first year is one of many.
bool is_column_of_years(Rows below, char decimal) {
  return std::ranges::any_of(below, [&](const CsvRecord& row) {
    const auto number = csv_number(row[0].text, decimal);
    return row.size() == 1 && number && is_year(number->value);
  });
}

/// Share of the numbers in these rows that are not whole.
double share_of_fractions(Rows rows, char decimal) {
  std::size_t numbers = 0, fractions = 0;
  for (const CsvRecord& row : rows)
    for (const CsvField& field : row)
      if (const auto number = csv_number(field.text, decimal)) {
        ++numbers;
        fractions += number->value != std::floor(number->value);
      }
  return numbers == 0 ? 0 : static_cast<double>(fractions) / static_cast<double>(numbers);
}

/// Only the first row is in quotes.
bool only_first_is_quoted(const CsvRecord& first, Rows below) {
  const auto quoted = [](const CsvField& field) { return field.quoted; };
  return std::ranges::all_of(first, quoted) &&
         std::ranges::none_of(
             below, [&](const CsvRecord& row) { return std::ranges::any_of(row, quoted); });
}

/// A first row of numbers alone: a header if it looks like names of columns above measured values.
bool numbers_are_header(const CsvRecord& first, Rows below, CsvDialect& dialect) {
  if (below.empty()) return false;
  if (only_first_is_quoted(first, below)) return true;
  const auto labels = as_labels(first);
  if (!labels || is_column_of_years(below, dialect.decimal)) return false;
  const bool fractions = share_of_fractions(below, dialect.decimal) > 0.5;
  const bool counts = first.size() > 2 && labels->first <= 1;
  if (fractions && (labels->years || counts)) {
    dialect.doubts.push_back(
        message("the first row ({}) was read as a header; data.header=no reads it as data",
                shown_fields(first)));
    return true;
  }
  if (labels->years || (first.size() > 2 && labels->first == 0))
    dialect.doubts.push_back(
        message("the first row ({}) was read as data; data.header=yes reads it as a header",
                shown_fields(first)));
  return false;
}

/// pandas leaves the name of an index empty, or calls it "Unnamed: 0" when it has read it back.
bool names_an_index(const CsvRecord& first) {
  return first.size() > 1 && (first[0].text.empty() || first[0].text == "Unnamed: 0");
}

bool is_header(const CsvRecord& first, Rows below, CsvDialect& dialect) {
  const auto numbers = static_cast<std::size_t>(
      std::ranges::count_if(first, [&](const CsvField& field) { return is_number(field); }));
  if (numbers == 0)  // "NA,NA" are values that are not there
    return !std::ranges::all_of(first,
                                [](const CsvField& field) { return is_missing(field.text); });
  if (numbers == first.size()) return numbers_are_header(first, below, dialect);
  const bool other_names_are_whole = std::ranges::all_of(
      first, [&](const CsvField& field) { return !is_number(field) || whole_number(field); });
  const auto is_empty_below = [](const CsvRecord& row) { return row[0].text.empty(); };
  if (names_an_index(first))
    return other_names_are_whole && !below.empty() && std::ranges::none_of(below, is_empty_below);
  // Words among whole numbers: names, or a slip in the first row. One row below tells nothing.
  const bool has_words = std::ranges::all_of(
      first, [&](const CsvField& field) { return is_number(field) || !is_missing(field.text); });
  if (!has_words || !other_names_are_whole || below.size() < 2) return false;
  dialect.doubts.push_back(
      message("the first row ({}) was read as a header; data.header=no reads it as data",
              shown_fields(first)));
  return true;
}

}  // namespace

void find_header(const std::vector<CsvRecord>& sample, const TableOptions& options,
                 CsvDialect& dialect) {
  if (sample.empty()) return;
  const CsvRecord& first = sample.front();
  const Rows below = Rows(sample).subspan(1);
  dialect.has_header = options.header == TableHeader::automatic
                           ? is_header(first, below, dialect)
                           : options.header == TableHeader::yes;
  const std::size_t width = below.empty() ? first.size() : below.front().size();
  // R's write.table() gives the column of the rows' names no name; pandas reads it so, too.
  const bool is_short = dialect.has_header && first.size() > 1 && first.size() + 1 == width;
  dialect.header_is_short = is_short && options.index != IndexColumn::keep;
  dialect.drops_index =
      options.index == IndexColumn::drop ||
      (options.index == IndexColumn::automatic && width > 1 &&
       (dialect.header_is_short || (dialect.has_header && names_an_index(first))));
}

bool names_rows(std::string_view name) {
  constexpr std::array<std::string_view, 6> kNames{"index", "level_0", "id", "row", "no", "#"};
  std::string lower(name);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower.empty() || lower.starts_with("unnamed") ||
         std::ranges::find(kNames, lower) != kNames.end();
}

}  // namespace nanscope
