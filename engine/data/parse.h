#pragma once

#include <optional>
#include <string_view>

#include "engine/data/table.h"

// The two file formats of read_table(), from bytes. Error::where stays empty.
namespace nanscope {

Result<Table> parse_csv(std::string_view text);
Result<Table> parse_npy(std::string_view bytes);

/// What a table may hold: more would not fit beside a network.
constexpr int kMostColumns = 65536;
constexpr std::size_t kMostValues = std::size_t{1} << 28;

/// "nan", "1e+300": why this value cannot be used, or nothing if it can.
std::optional<Message> why_not_usable(double value);

}  // namespace nanscope
