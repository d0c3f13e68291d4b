#pragma once

#include <string>
#include <string_view>

namespace nanscope {

/// A text as a field of a CSV: in quotes, with its own doubled, where it holds a comma, a quote, a
/// line end or blanks at its ends.
std::string csv_cell(std::string_view text);

}  // namespace nanscope
