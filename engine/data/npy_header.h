#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

// The beginning of a .npy: magic, version, length, and a header that is a Python dict in text.
// numpy.org, "numpy.lib.format".
namespace nanscope {

struct NpyHeader {
  std::string type;  ///< kind and size: "f4"
  bool big_endian = false;
  bool fortran = false;
  std::vector<std::uint64_t> shape;
  std::size_t data_at = 0;
};

/// Reads what numpy reads, headers of Python 2 ("(4L, 8L)") too. Errors name what is wrong, and for
/// arrays that hold anything but plain numbers what they hold. Error::where stays empty.
Result<NpyHeader> read_npy_header(std::string_view bytes);

}  // namespace nanscope
