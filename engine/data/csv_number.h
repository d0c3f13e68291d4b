#pragma once

#include <optional>
#include <string>
#include <string_view>

// What a field of a text table is, taken by itself.
namespace nanscope {

struct CsvNumber {
  double value = 0;
  float single = 0;      ///< the same digits rounded once, not by way of a double
  bool grouped = false;  ///< its thousands are set apart
};

/// The number in a field, whose decimals stand behind `decimal`: '.' or ','. Thousands may be set
/// apart by the other mark, by blanks (U+00A0, U+2009 and U+202F too) or by apostrophes, in groups
/// of three. "nan" and "inf" are numbers here. Nothing if it is no number.
std::optional<CsvNumber> csv_number(std::string_view field, char decimal);

/// What stands for a value that is not there: nothing, "NA", "null" and their like.
bool is_missing(std::string_view field);

/// What a field that is no number is, as far as its letters tell.
enum class OtherKind {
  truth,        ///< True, FALSE
  answer,       ///< yes, No
  brackets,     ///< ($5.00), (5): an accountant's negative number
  minus,        ///< 5.00-
  underscores,  ///< 1_000
  hexadecimal,  ///< 0x10
  fortran,      ///< 1d3: an exponent of double precision
  marks,        ///< 1,234,5 and 1.234.5: commas and points, but no groups of three
  money,        ///< $0.09, -3 €
  date,         ///< 2024-01-31, 31.1.2024, 12:30:00, 2024-01-31T12:30
  percentage,   ///< 10 %
  word,         ///< anything else
};
OtherKind other_kind_of(std::string_view field);
/// Of Fortran's: "1e3".
std::string with_exponent(std::string_view field);

/// What a field says about the decimal mark of its file.
enum class DecimalEvidence {
  none,             ///< no mark, or no number
  point,            ///< 1.5, 1,234.5, 1,234,567
  comma,            ///< 1,5
  ambiguous_comma,  ///< 1,234
  ambiguous_point,  ///< 1.234
};
DecimalEvidence decimal_evidence(std::string_view field);

}  // namespace nanscope
