#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/numbers/conversion.h"

// All that can be said about a code of a format, and about a number in several formats.
namespace nanscope {

/// A value's full decimal expansion, "0.10009765625", "-0", "inf", "-inf", "nan"; never an
/// exponent.
std::string exact_decimal(double value);

/// A text that parse_number() reads as exactly this value, as short as can be read: its decimals,
/// or hexadecimal digits where those would be long.
std::string number_input(double value);

/// A code as "0x3dcd": as many digits as the format's codes need.
std::string code_text(const NumberFormat& format, std::uint64_t code);

/// A code beside another on the number line.
struct Neighbor {
  std::uint64_t code = 0;
  std::string bits;  ///< code_text()
  double value = 0;
  std::string decimal;  ///< exact_decimal(value)
};

/// The parts of a finite value: (-1)^sign * 2^(exponent - bias) * significand,
/// or integer * scale.
struct Formula {
  int sign = 0;
  int exponent = 0;         ///< the field, but 1 for subnormals and zero
  int bias = 0;             ///< 0 of an integer
  std::string significand;  ///< "1.6015625", "0.25" of a subnormal; exact; "-12" of an integer
};

/// What there is to say about a code.
struct Encoding {
  std::string format;
  std::uint64_t code = 0;
  Fields fields;
  NumberClass number_class = NumberClass::zero;
  double value = 0;
  std::string decimal;                   ///< exact_decimal(value)
  double ulp = 0;                        ///< NaN for infinity and NaN
  std::optional<Formula> formula;        ///< nothing for infinity and NaN
  std::optional<Neighbor> below;         ///< the next smaller value, which may be infinite
  std::optional<Neighbor> above;         ///< the next larger value
  std::string bits;                      ///< code_text()
  std::optional<double> absolute_error;  ///< |value - typed|, where a number was typed
  std::optional<double> relative_error;  ///< |value - typed| / |typed|
  std::optional<double> error_in_ulps;   ///< |value - typed| / ulp
  /// The errors in digits where fp64 has no number for them, else "": exact.h.
  std::string absolute_error_digits = {}, relative_error_digits = {}, error_in_ulps_digits = {};
};

/// A number that a person typed, in several formats.
struct EncodedNumber {
  std::string input;
  double nearest = 0;  ///< the double nearest to it
  std::vector<Encoding> encodings;
};

/// What the code says, without a typed number.
Encoding describe(const NumberFormat& format, std::uint64_t code);

/// Reads a number (exact.h has the grammar) and converts it, exactly rounded, to each format.
Result<EncodedNumber> encode_text(std::string_view text, std::span<const NumberFormat> formats,
                                  const Conversion& conversion = {});

/// The JSON object of `nanscope number --json`: {"schema":"nanscope.number/1","values":[...]}.
std::string to_json(std::span<const EncodedNumber> numbers, int indent = 2);

/// The lines of `nanscope number --all FORMAT`, one a code: "0x0000 0 zero". An error for formats
/// of more than 16 bits.
Result<std::string> list_codes(const NumberFormat& format);

}  // namespace nanscope
