#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

// Input data as plain numbers, without LibTorch.
namespace nanscope {

/// A table of finite numbers, rows x columns, row-major.
struct Table {
  int rows = 0;
  int columns = 0;
  std::vector<float> values;
};

/// Reads a .csv (commas, semicolons, tabs or blanks; an optional header line) or a .npy (version
/// 1-3, C or Fortran order, 1-D or 2-D, little-endian f2 f4 f8 i1..i8 u1..u8 b1). Errors name the
/// file, the line and column (or byte), the value and what is allowed; a NaN or an infinity is one.
Result<Table> read_table(const std::string& path);

/// 1,797 handwritten digits of 8x8 pixels (UCI, as scikit-learn ships them), standardized over all
/// pixels to mean 0 and variance 1. The label column is left out.
Result<Table> read_digits();

/// The file that read_digits() reads, in the cache that ./nanscope fills.
std::string digits_path();

}  // namespace nanscope
