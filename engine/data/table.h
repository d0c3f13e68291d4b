#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/names.h"
#include "engine/base/result.h"
#include "engine/data/table_reading.h"

// Input data as plain numbers, without LibTorch.
namespace nanscope {

/// What a person says of a text table where its text leaves a doubt.
enum class TableHeader { automatic, yes, no };
enum class DecimalMark { automatic, point, comma };
enum class IndexColumn { automatic, keep, drop };

struct TableOptions {
  TableHeader header = TableHeader::automatic;
  DecimalMark decimal = DecimalMark::automatic;
  IndexColumn index = IndexColumn::automatic;
  bool fp64 = false;  ///< values are rounded to fp64, not to fp32
  bool operator==(const TableOptions&) const = default;
};

/// A table of finite numbers, rows x columns, row-major, each rounded once: from what the file
/// holds to fp32, or to fp64 where the options say so.
struct Table {
  int rows = 0;
  int columns = 0;
  std::vector<double> values;
  TableReading reading = {};
  bool fp64 = false;  ///< rounded to fp64
  /// What each row is to be mapped to: a class, from 0 to classes - 1, or, with 0 classes, a
  /// number. Empty where the table does not say.
  std::vector<double> targets = {};
  int classes = 0;
};

/// Points of a plane in classes that no straight line parts: 3 arms of a spiral, 2 circles around
/// one centre, 2 half moons; 300 points, a little noise, the same every time.
enum class PlaneSet { spiral, circles, moons };
inline constexpr int kPlanePoints = 300;
Table plane_set(PlaneSet set, bool fp64);

/// Reads a .csv, .tsv or .txt (RFC 4180, or tabs, semicolons, bars or blanks between the numbers;
/// UTF-8 or UTF-16) or a .npy (version 1-3, any order of bytes and axes, 1-D or 2-D, f2 f4 f8,
/// i1..i8, u1..u8, b1). Errors name the file, the line and column (or row), the value and what is
/// allowed; a NaN or an infinity is one.
Result<Table> read_table(const std::string& path, const TableOptions& options = {});

/// 1,797 handwritten digits of 8x8 pixels (UCI, as scikit-learn ships them), standardized over all
/// pixels to mean 0 and variance 1, in fp32; its targets are the labels, 10 classes.
Result<Table> read_digits();

/// The file that read_digits() reads, in the cache that ./nanscope fills.
std::string digits_path();

template <>
struct Names<TableHeader> {
  static constexpr std::array<std::pair<TableHeader, std::string_view>, 3> all{
      {{TableHeader::automatic, "auto"}, {TableHeader::yes, "yes"}, {TableHeader::no, "no"}}};
};
template <>
struct Names<DecimalMark> {
  static constexpr std::array<std::pair<DecimalMark, std::string_view>, 3> all{
      {{DecimalMark::automatic, "auto"},
       {DecimalMark::point, "point"},
       {DecimalMark::comma, "comma"}}};
};
template <>
struct Names<IndexColumn> {
  static constexpr std::array<std::pair<IndexColumn, std::string_view>, 3> all{
      {{IndexColumn::automatic, "auto"}, {IndexColumn::keep, "keep"}, {IndexColumn::drop, "drop"}}};
};

}  // namespace nanscope
