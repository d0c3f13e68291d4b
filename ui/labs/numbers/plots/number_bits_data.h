#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"
#include "engine/numbers/encoding.h"
#include "engine/numbers/fate.h"
#include "engine/numbers/format.h"

// A typed number in several formats, as the bit view, the number line and the inspector show it.
namespace nanscope {

struct NumberRow {
  NumberFormat format;
  Encoding encoding;
  Fate fate = Fate::exact;
};

struct NumberBits {
  std::string input;
  /// The number in a headline: as it was typed, but no hexadecimal.
  std::string shown = {};
  bool negative = false;  ///< also of zero
  double nearest = 0;     ///< the double nearest to it
  /// The largest double that is not above the typed number, and what the number is above it: near
  /// neighbours of any format are told apart by their distance from `origin`.
  double origin = 0;
  double above_origin = 0;
  std::vector<NumberRow> rows;
  std::string chosen = {};  ///< the format whose row is looked at, or ""

  /// Where a value lies on the number line: its distance from the typed number.
  double distance(double value) const { return (value - origin) - above_origin; }
  /// The row of this format, or null.
  const NumberRow* row(std::string_view format) const;
};

/// A code that a person set, whatever its value reads as: a NaN keeps its bits.
struct PinnedCode {
  std::string format;
  std::uint64_t code = 0;
};

/// Encodes the experiment's number in its formats. Stochastic rounding draws from the seed. Errors:
/// those of parse_number() and parse_format().
Result<NumberBits> number_bits(const Experiment& experiment,
                               const std::optional<PinnedCode>& pinned = {});

/// A value in decimal, exact where that is short, else "\u2248 127.108": with six digits, or as
/// many as it takes to tell it from a shorter number.
std::string headline_number(double value);

/// Digits of an exact value in a reading.
inline constexpr std::size_t kExactDigits = 40;

/// An exact decimal expansion in at most about `room` characters: as it is, in scientific notation,
/// or cut off with "...".
std::string exact_text(const std::string& decimal, std::size_t room);

/// The power of two next to a value, away from zero or toward it.
double next_power_of_two(double value, bool away_from_zero);

}  // namespace nanscope
