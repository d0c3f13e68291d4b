#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/data/table.h"

// The file formats of this room, from bytes. Error::where stays empty.
namespace nanscope {

Result<Table> parse_csv(std::string_view bytes, const TableOptions& options = {});
Result<Table> parse_npy(std::string_view bytes, const TableOptions& options = {});

/// How long the header of a .safetensors of `file_size` bytes is, by its first 8 bytes, where the
/// file can hold it.
Result<std::uint64_t> safetensors_header_length(std::string_view bytes, std::uint64_t file_size);

/// What a table may hold: more would not fit beside a network.
constexpr int kMostColumns = 65536;
constexpr std::size_t kMostValues = std::size_t{1} << 28;

/// Why a value is no finite number of fp32 or fp64: "nan", or "1e+300" as its file has it.
Message why_not_usable(double value, const std::string& digits, bool fp64);

/// Values that are not 0 in a file and 0 in fp32: how many, and which is the first.
class RoundedToZero {
 public:
  /// `digits`: as the file has it.
  void add(const Message& place, const std::string& digits);
  /// Says so among what the table was read as.
  void tell(Table& table) const;

 private:
  std::size_t count_ = 0;
  Message first_place_;
  std::string first_;
};

}  // namespace nanscope
