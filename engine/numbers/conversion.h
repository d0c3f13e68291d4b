#pragma once

#include <cstdint>
#include <optional>

#include "engine/numbers/format.h"

// From values to codes of a format and back.
namespace nanscope {

/// Which neighbour a value between two values of a format becomes.
enum class Rounding {
  nearest_even,  ///< the nearer one; in the middle the one whose last bit is 0 (in e8m0 the larger)
  toward_zero,
  up,          ///< toward +infinity
  down,        ///< toward -infinity
  stochastic,  ///< either, with a probability that makes the mean exact
};

template <>
struct Names<Rounding> {
  static constexpr std::array<std::pair<Rounding, std::string_view>, 5> all{
      {{Rounding::nearest_even, "nearest_even"},
       {Rounding::toward_zero, "toward_zero"},
       {Rounding::up, "up"},
       {Rounding::down, "down"},
       {Rounding::stochastic, "stochastic"}}};
};

/// How a value is converted to a format.
struct Conversion {
  Rounding rounding = Rounding::nearest_even;
  std::optional<Overflow> overflow = std::nullopt;  ///< nothing: the format's own
  /// For stochastic rounding, uniform: a value a fraction f above its lower neighbour's magnitude
  /// goes away from zero if random < f 2^64.
  std::uint64_t random = 0;
};

/// What a code stands for.
enum class NumberClass { zero, subnormal, normal, infinity, nan };

template <>
struct Names<NumberClass> {
  static constexpr std::array<std::pair<NumberClass, std::string_view>, 5> all{
      {{NumberClass::zero, "zero"},
       {NumberClass::subnormal, "subnormal"},
       {NumberClass::normal, "normal"},
       {NumberClass::infinity, "inf"},
       {NumberClass::nan, "nan"}}};
};

/// A code taken apart.
struct Fields {
  int sign = 0;
  int exponent = 0;  ///< as stored, with the bias
  std::uint64_t mantissa = 0;
};

/// The value of the format that `value` becomes; rounds once, from the double's exact value.
/// Overflow is decided after rounding as IEEE 754 has it: toward zero never leaves the finite
/// values. A NaN stays a NaN, also where the format has none. What the format lacks, as an unsigned
/// one lacks negative numbers and e8m0 zero, becomes a NaN or, when saturating or without one, its
/// nearest value. Unless `overflow` is given, e8m0 is cast as PyTorch does: a number loses its
/// sign, zero becomes 2^-127. Takes some 20 ns.
double round_to(const NumberFormat& format, double value, const Conversion& conversion = {});

/// The code of round_to(). A NaN becomes the quiet NaN of its sign; in a format without NaN it
/// becomes zero of the other sign, as ml_dtypes has it.
std::uint64_t encode(const NumberFormat& format, double value, const Conversion& conversion = {});

/// The value of a code; bits above format.bits() are ignored.
double decode(const NumberFormat& format, std::uint64_t code);

NumberClass class_of(const NumberFormat& format, std::uint64_t code);
Fields fields_of(const NumberFormat& format, std::uint64_t code);
std::uint64_t code_of(const NumberFormat& format, const Fields& fields);

/// How many codes a format of up to 63 bits has.
std::uint64_t code_count(const NumberFormat& format);

/// The code of the next larger or smaller value; from either zero it leads to a nonzero value.
/// Nothing beyond the last value and from a NaN.
std::optional<std::uint64_t> next_up(const NumberFormat& format, std::uint64_t code);
std::optional<std::uint64_t> next_down(const NumberFormat& format, std::uint64_t code);

/// The unit in the last place: what one more in the mantissa field adds. NaN for infinity and NaN.
double ulp(const NumberFormat& format, std::uint64_t code);

}  // namespace nanscope
