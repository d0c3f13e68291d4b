#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "engine/base/csv_cell.h"
#include "engine/base/text_encoding.h"
#include "engine/data/csv_dialect.h"
#include "engine/data/csv_header.h"
#include "engine/data/csv_number.h"
#include "engine/data/parse.h"

namespace nanscope {
namespace {

/// Follows whether a column counts the rows, from 0 or 1 on, or at least rises by whole numbers.
class ColumnOfRows {
 public:
  void add(const std::optional<CsvNumber>& number, int row) {
    if (row == 0) first_ = number ? number->value : -1;
    counts_ = counts_ && number && (first_ == 0 || first_ == 1) && number->value == first_ + row;
    rises_ = rises_ && number && number->value == std::floor(number->value) &&
             (row == 0 || number->value > last_);
    last_ = number ? number->value : 0;
  }
  bool counts() const { return counts_; }
  bool rises() const { return rises_; }

 private:
  bool counts_ = true, rises_ = true;
  double first_ = 0, last_ = 0;
};

/// Of a number's digits, not of its exponent's.
bool has_digit_but_0(std::string_view number) {
  return number.substr(0, number.find_first_of("eE")).find_first_of("123456789") != number.npos;
}

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
    if (table_.rows == 0) return nothing_read();
    if (dialect_.drops_index && width_ == 1)
      return input_error("", "there is one column, and data.index=drop leaves it out.");
    finish();
    return std::move(table_);
  }

 private:
  tl::unexpected<Error> error_in(std::size_t column, Message what) const {
    return input_error("", "line {}, column {}: {}", records_.line(), column + 1, std::move(what));
  }

  tl::unexpected<Error> nothing_read() const {
    return dialect_.has_header
               ? input_error("", "there are no numbers in this file below its header ({}).",
                             table_.reading.header)
               : input_error("", "there are no numbers in this file.");
  }

  Result<void> take_header(std::vector<CsvField>& fields) {
    drop_trailing(fields);
    names_.clear();
    if (dialect_.header_is_short) names_.emplace_back();
    for (const CsvField& field : fields) names_.push_back(shown_field(field));
    if (dialect_.drops_index && !dialect_.header_is_short) fields.erase(fields.begin());
    table_.reading.header = shown_fields(fields);
    for (const CsvField& field : fields) table_.reading.names.push_back(text_of(field));
    header_line_ = records_.line();
    named_ = fields.size();
    while (!fields.empty() && fields.back().text.empty()) fields.pop_back();
    least_ = fields.size();
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
    if (table_.rows == 0) return check_header(count);
    if (count == width_) return {};
    // "0,5" is two fields, "1" is one.
    if (dialect_.separator == ',' && std::max(count, width_) == 2 &&
        options_.decimal == DecimalMark::automatic)
      return input_error("",
                         "line {} has {}, but the lines before it have {}; if these commas "
                         "are decimal marks, say data.decimal=comma.",
                         records_.line(), fields_words(count), width_);
    // One name less than columns: what a table has whose index has no name.
    if (!dialect_.has_header && table_.rows == 1 && count == width_ + 1)
      return input_error("",
                         "line {} has {}, but the line before it has {}; if that is a header: "
                         "data.header=yes.",
                         records_.line(), fields_words(count), width_);
    return input_error("", "line {} has {}, but the lines before it have {}.", records_.line(),
                       fields_words(count), width_);
  }

  /// A name for each column, but for an index, and none for what no row has.
  Result<void> check_header(std::size_t count) const {
    if (!dialect_.has_header) return {};
    const std::size_t unnamed = dialect_.drops_index || options_.index == IndexColumn::keep ? 1 : 0;
    if (count >= least_ && count <= named_ + unnamed) return {};
    return input_error("", "the header has {}, but line {} has {}; {}.", fields_words(named_),
                       records_.line(), fields_words(count), header_advice(count));
  }

  /// What may be done about a header that does not fit to rows of so many fields.
  Message header_advice(std::size_t count) const {
    if (named_ == 1 && table_.reading.header.find_first_of(",;|\t ") != std::string::npos)
      return message("separate line {} as line {} is, or remove it", header_line_, records_.line());
    // "0,5,1,5" below "a,b"; commas cannot be both, whatever data.decimal says.
    if (dialect_.separator == ',' && count == 2 * named_)
      return message(
          "name each column in line {}, or remove it; if commas are decimal marks here, "
          "separate the columns by semicolons",
          header_line_);
    return message("name each column in line {}, or remove it", header_line_);
  }

  static Message fields_words(std::size_t count) {
    return count == 1 ? message("1 field") : message("{} fields", count);
  }

  Result<void> take_row(std::vector<CsvField>& fields) {
    drop_trailing(fields);
    if (is_without_values(fields)) return {};
    if (auto good = check_size(fields.size()); !good) return good;
    width_ = fields.size();
    for (std::size_t i = dialect_.drops_index ? 1 : 0; i < fields.size(); ++i) {
      const auto value = value_of_field(fields[i], i);
      if (!value && is_second_header(fields)) return second_header(fields);
      if (!value) return error_in(i, value.error().what);
      table_.values.push_back(*value);
    }
    columns_.resize(width_);
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (columns_[i].counts() || columns_[i].rises())
        columns_[i].add(csv_number(fields[i].text, dialect_.decimal), table_.rows);
    ++table_.rows;
    return {};
  }

  /// Units below the names: "kg, m", "[m], , [kg]".
  bool is_second_header(const std::vector<CsvField>& fields) const {
    return dialect_.has_header && table_.rows == 0 && fields.size() > 1 &&
           std::ranges::all_of(fields, [&](const CsvField& field) {
             return field.text.empty() ||
                    (!is_missing(field.text) && !csv_number(field.text, dialect_.decimal) &&
                     other_kind_of(field.text) == OtherKind::word);
           });
  }
  tl::unexpected<Error> second_header(const std::vector<CsvField>& fields) const {
    const auto named =
        std::ranges::find_if(fields, [](const CsvField& f) { return !f.text.empty(); });
    return error_in(
        static_cast<std::size_t>(named - fields.begin()),
        message("\"{}\" is not a number, nor is anything in this line; if it belongs to "
                "the header, remove it.",
                shown_field(*named)));
  }

  /// Spreadsheets end with rows of separators.
  bool is_without_values(const std::vector<CsvField>& fields) {
    const bool without =
        fields.size() > 1 &&
        std::ranges::all_of(fields, [](const CsvField& field) { return field.text.empty(); });
    empty_rows_ += without;
    return without;
  }

  Result<double> value_of_field(const CsvField& field, std::size_t column) {
    const auto number = csv_number(field.text, dialect_.decimal);
    if (!number) return input_error("", why_no_number(field));
    if (number->grouped && !dialect_.decimal_is_sure &&
        decimal_evidence(field.text) == DecimalEvidence::ambiguous_comma)
      return input_error("",
                         "\"{}\" may be one number with a decimal comma or with a comma between "
                         "thousands; say which: data.decimal=comma or data.decimal=point.",
                         shown_field(field));
    if (number->value == 0 && has_digit_but_0(field.text))
      return input_error(
          "", "{} is not 0, and fp64 has only 0 for it: its smallest number is 4.9e-324.",
          shown_field(field));
    const double value = options_.fp64 ? number->value : static_cast<double>(number->single);
    if (!std::isfinite(value))
      return input_error("", why_not_usable(number->value, shown_field(field), options_.fp64));
    if (value == 0 && number->value != 0)
      rounded_to_zero_.add(message("line {}, column {}", records_.line(), column + 1),
                           shown_field(field));
    table_.reading.grouped = table_.reading.grouped || number->grouped;
    return value;
  }

  Message why_no_number(const CsvField& field) const {
    if (field.text.empty()) return message("the field is empty; every field has to hold a number.");
    if (const auto foreign = first_not_utf8(field.text))
      return message("\"{}\" is not a number: {}.", shown_field(field),
                     not_utf8_words(field.text, *foreign));
    if (is_missing(field.text))
      return message("\"{}\" is a missing value; every field has to hold a number.",
                     shown_field(field));
    const char other = dialect_.decimal == '.' ? ',' : '.';
    if (!csv_number(field.text, other)) return why_other_kind(field);
    const std::string_view here = other == ',' ? "point" : "comma";
    if (options_.decimal != DecimalMark::automatic)
      return message("\"{}\" is not a number where decimals have a {}: data.decimal={}.",
                     shown_field(field), here, here);
    return other == ','
               ? message("\"{}\" is not a number; others in this file have a decimal point.",
                         shown_field(field))
               : message("\"{}\" is not a number; others in this file have a decimal comma.",
                         shown_field(field));
  }

  Message why_other_kind(const CsvField& field) const {
    switch (other_kind_of(field.text)) {
      case OtherKind::truth:
        return message("\"{}\" is not a number; write 1 for true and 0 for false.",
                       shown_field(field));
      case OtherKind::answer:
        return message("\"{}\" is not a number; write 1 for yes and 0 for no.", shown_field(field));
      case OtherKind::brackets:
        return message(
            "\"{}\" is not a number; write a minus in place of the brackets, and no currency sign.",
            shown_field(field));
      case OtherKind::minus:
        return message("\"{}\" is not a number; write the minus in front of it.",
                       shown_field(field));
      case OtherKind::underscores:
        return message("\"{}\" is not a number; leave the underscores out.", shown_field(field));
      case OtherKind::hexadecimal:
        return message("\"{}\" is not a number in decimal digits; write it in these.",
                       shown_field(field));
      case OtherKind::fortran:
        return message("\"{}\" is not a number; write its exponent with an e: {}.",
                       shown_field(field), printable(with_exponent(field.text)));
      case OtherKind::marks:
        return message(
            "\"{}\" is not a number, as its commas and points set no groups of three digits apart; "
            "write its digits without them, but for one {} before its decimals: {}.",
            shown_field(field), dialect_.decimal == ',' ? message("comma") : message("point"),
            dialect_.decimal == ',' ? "1234,5" : "1234.5");
      case OtherKind::money:
        return message("\"{}\" is not a number; leave the currency sign out.", shown_field(field));
      case OtherKind::date:
        return message(
            "\"{}\" is a date or a time, not a number; leave that column out, or write "
            "days or seconds.",
            shown_field(field));
      case OtherKind::percentage:
        return message("\"{}\" is not a number; leave the percent sign out.", shown_field(field));
      case OtherKind::word:
        break;
    }
    return message("\"{}\" is not a number.", shown_field(field));
  }

  void finish() {
    table_.columns = static_cast<int>(width_) - (dialect_.drops_index ? 1 : 0);
    TableReading& reading = table_.reading;
    reading.doubts = std::move(dialect_.doubts);
    if (empty_rows_ > 0)
      reading.doubts.push_back(message("rows without any value were left out: {}", empty_rows_));
    if (options_.index == IndexColumn::automatic) doubt_index();
    doubt_names();
    rounded_to_zero_.tell(table_);
    reading.separator = width_ > 1 || dialect_.trailing ? dialect_.separator : char{0};
    reading.decimal = dialect_.decimal;
    reading.trailing = dialect_.trailing;
    reading.index_dropped = dialect_.drops_index;
    reading.has_header = dialect_.has_header;
  }

  /// A name that is no text, and one that two columns have.
  void doubt_names() {
    for (const std::string& name : table_.reading.names)
      if (const auto foreign = first_not_utf8(name)) {
        doubt(message("in the header, {}: {}", printable(name), not_utf8_words(name, *foreign)));
        break;
      }
    std::map<std::string_view, std::size_t> places;
    const std::vector<std::string>& names = table_.reading.names;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto [first, is_new] = places.emplace(names[i], i);
      if (is_new || names[i].empty()) continue;
      return doubt(message("columns {} and {} are both called {}", first->second + 1, i + 1,
                           csv_cell(names[i])));
    }
  }

  void doubt_index() {
    if (dialect_.drops_index) {
      if (!columns_[0].counts() || dialect_.index_is_unsure)
        doubt(
            message("the first column has no name and was left out as an "
                    "index; data.index=keep reads it"));
      return;
    }
    for (std::size_t i = 0; table_.columns > 1 && i < columns_.size(); ++i) doubt_column(i);
  }

  /// Of a column that was read as data.
  void doubt_column(std::size_t i) {
    constexpr int kRowsThatCount = 3;
    const std::string name = i < names_.size() ? names_[i] : "";
    const Message advice = i == 0 ? message("data.index=drop leaves it out")
                                  : message("if it is none, remove it from the file");
    if (columns_[i].counts() && table_.rows >= kRowsThatCount)
      doubt(i == 0 ? message("the first column counts the rows and was read as data; {}", advice)
                   : message("column {} counts the rows and was read as data; {}", i + 1, advice));
    else if (columns_[i].rises() && table_.rows > 1 && dialect_.has_header && names_rows(name))
      doubt(i == 0
                ? message("the first column (\"{}\") may tell rows apart and was read as data; {}",
                          name, advice)
                : message("column {} (\"{}\") may tell rows apart and was read as data; {}", i + 1,
                          name, advice));
  }

  void doubt(Message what) { table_.reading.doubts.push_back(std::move(what)); }

  CsvRecords records_;
  CsvDialect dialect_;
  const TableOptions& options_;
  Table table_;
  std::size_t header_line_ = 0;
  std::size_t named_ = 0;           ///< fields of the header, but for an index's
  std::size_t least_ = 0;           ///< those up to the last one with a name
  std::vector<std::string> names_;  ///< of the columns, where there is a header
  std::vector<ColumnOfRows> columns_;
  std::size_t width_ = 0;  ///< fields of a row, an index among them
  int empty_rows_ = 0;
  RoundedToZero rounded_to_zero_;
};

}  // namespace

Result<Table> parse_csv(std::string_view bytes, const TableOptions& options) {
  const auto decoded = decode_text(bytes);
  if (!decoded) return tl::unexpected(decoded.error());
  std::string_view text = decoded->text();
  while (text.ends_with('\x1a')) text.remove_suffix(1);  // ^Z, with which DOS ends a text
  auto dialect = guess_dialect(text, options);
  if (!dialect) return tl::unexpected(dialect.error());
  auto table = CsvReader(text, *std::move(dialect), options).read();
  if (table) table->reading.encoding = decoded->encoding;
  return table;
}

}  // namespace nanscope
