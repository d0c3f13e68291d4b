#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "engine/data/csv_dialect.h"
#include "engine/data/csv_number.h"
#include "engine/data/parse.h"
#include "engine/data/text_encoding.h"

namespace nanscope {
namespace {

/// Reads the rows of a text in a dialect that is known.
class CsvReader {
 public:
  CsvReader(std::string_view text, CsvDialect dialect, const TableOptions& options)
      : records_(text, dialect.separator), dialect_(std::move(dialect)), options_(options) {}

  Result<Table> read() {
    std::vector<CsvField> fields;
    for (bool first = true;; first = false) {
      const auto more = records_.next(fields);
      if (!more) return tl::unexpected(more.error());
      if (!*more) break;
      if (const auto done = first && dialect_.has_header ? take_header(fields) : take_row(fields);
          !done)
        return tl::unexpected(done.error());
    }
    if (table_.rows == 0) return input_error("", "there are no numbers in this file.");
    if (dialect_.drops_index && width_ == 1)
      return input_error("", "there is one column, and data.index=drop leaves it out.");
    finish();
    return std::move(table_);
  }

 private:
  tl::unexpected<Error> error_in(std::size_t column, Message what) const {
    return input_error("", "line {}, column {}: {}", records_.line(), column + 1, std::move(what));
  }

  Result<void> take_header(std::vector<CsvField>& fields) {
    drop_trailing(fields);
    if (dialect_.drops_index && !dialect_.header_is_short) fields.erase(fields.begin());
    table_.reading.header = shown_fields(fields);
    named_ = fields.size();
    return {};
  }

  void drop_trailing(std::vector<CsvField>& fields) const {
    const bool more_than_header = !dialect_.has_header || named_ == 0 ||
                                  fields.size() > named_ + (dialect_.drops_index ? 1 : 0);
    if (dialect_.trailing && more_than_header && fields.size() > 1 && fields.back().text.empty())
      fields.pop_back();
  }

  Result<void> check_size(std::size_t count) const {
    if (count > kMostColumns)
      return error_in(kMostColumns, message("at most {} columns are read.", kMostColumns));
    if (table_.values.size() + count > kMostValues)
      return input_error("", "more than {} values are not read.", kMostValues);
    if (table_.rows == 0 || count == width_) return {};
    // "0,5" is two fields, "1" is one.
    if (dialect_.separator == ',' && std::max(count, width_) == 2 &&
        options_.decimal == DecimalMark::automatic)
      return input_error("",
                         "line {} has {} fields, but the lines before it have {}; if these commas "
                         "are decimal marks, say data.decimal=comma.",
                         records_.line(), count, width_);
    return input_error("", "line {} has {} fields, but the lines before it have {}.",
                       records_.line(), count, width_);
  }

  Result<void> take_row(std::vector<CsvField>& fields) {
    drop_trailing(fields);
    if (is_without_values(fields)) return {};
    if (auto good = check_size(fields.size()); !good) return good;
    width_ = fields.size();
    for (std::size_t i = dialect_.drops_index ? 1 : 0; i < fields.size(); ++i) {
      const auto value = value_of_field(fields[i]);
      if (!value) return error_in(i, value.error().what);
      table_.values.push_back(*value);
    }
    look_at_index(fields[0]);
    ++table_.rows;
    return {};
  }

  /// Spreadsheets end with rows of separators.
  bool is_without_values(const std::vector<CsvField>& fields) {
    const bool without =
        fields.size() > 1 &&
        std::ranges::all_of(fields, [](const CsvField& field) { return field.text.empty(); });
    empty_rows_ += without;
    return without;
  }

  Result<double> value_of_field(const CsvField& field) {
    const auto number = csv_number(field.text, dialect_.decimal);
    if (!number) return input_error("", why_no_number(field.text));
    if (number->grouped && !dialect_.decimal_is_sure &&
        decimal_evidence(field.text) == DecimalEvidence::ambiguous_comma)
      return input_error("",
                         "\"{}\" may be one number with a decimal comma or with a comma between "
                         "thousands; say which: data.decimal=comma or data.decimal=point.",
                         shown_field(field.text));
    const double value = options_.fp64 ? number->value : static_cast<double>(number->single);
    if (!std::isfinite(value))
      return input_error("", why_not_usable(number->value, shown_field(field.text), options_.fp64));
    table_.reading.grouped = table_.reading.grouped || number->grouped;
    return value;
  }

  Message why_no_number(std::string_view field) const {
    if (field.empty()) return message("the field is empty; every field has to hold a number.");
    if (is_missing(field))
      return message("\"{}\" is a missing value; every field has to hold a number.",
                     shown_field(field));
    const char other = dialect_.decimal == '.' ? ',' : '.';
    if (!csv_number(field, other)) return message("\"{}\" is not a number.", shown_field(field));
    return other == ','
               ? message("\"{}\" is not a number; others in this file have a decimal point.",
                         shown_field(field))
               : message("\"{}\" is not a number; others in this file have a decimal comma.",
                         shown_field(field));
  }

  /// Follows whether the first column counts the rows, from 0 or 1 on.
  void look_at_index(const CsvField& field) {
    const auto number = csv_number(field.text, dialect_.decimal);
    if (table_.rows == 0) first_count_ = number ? number->value : -1;
    counts_ = counts_ && number && (first_count_ == 0 || first_count_ == 1) &&
              number->value == first_count_ + table_.rows;
  }

  void finish() {
    table_.columns = static_cast<int>(width_) - (dialect_.drops_index ? 1 : 0);
    TableReading& reading = table_.reading;
    reading.doubts = std::move(dialect_.doubts);
    if (empty_rows_ > 0)
      reading.doubts.push_back(message("rows without any value were left out: {}", empty_rows_));
    constexpr int kRowsThatCount = 3;
    if (dialect_.drops_index && options_.index == IndexColumn::automatic && !counts_)
      reading.doubts.push_back(
          message("the first column has no name and was left out as an "
                  "index; data.index=keep reads it"));
    if (!dialect_.drops_index && options_.index == IndexColumn::automatic && counts_ &&
        table_.columns > 1 && table_.rows >= kRowsThatCount)
      reading.doubts.push_back(
          message("the first column counts the rows and was read as data; "
                  "data.index=drop leaves it out"));
    reading.separator = width_ > 1 || dialect_.trailing ? dialect_.separator : char{0};
    reading.decimal = dialect_.decimal;
    reading.trailing = dialect_.trailing;
    reading.index_dropped = dialect_.drops_index;
    reading.has_header = dialect_.has_header;
  }

  CsvRecords records_;
  CsvDialect dialect_;
  const TableOptions& options_;
  Table table_;
  std::size_t named_ = 0;  ///< columns that the header names
  std::size_t width_ = 0;  ///< fields of a row, an index among them
  int empty_rows_ = 0;
  bool counts_ = true;
  double first_count_ = 0;
};

}  // namespace

Result<Table> parse_csv(std::string_view bytes, const TableOptions& options) {
  const auto decoded = decode_text(bytes);
  if (!decoded) return tl::unexpected(decoded.error());
  const std::string_view text = decoded->text();
  auto dialect = guess_dialect(text, options);
  if (!dialect) return tl::unexpected(dialect.error());
  auto table = CsvReader(text, *std::move(dialect), options).read();
  if (table) table->reading.encoding = decoded->encoding;
  return table;
}

}  // namespace nanscope
