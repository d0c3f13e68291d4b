#pragma once

#include <string>

struct ImFont;

namespace nanscope {

/// "10" and a raised exponent, or "10^-6" where the font has no raised digits.
std::string power_text(int base, int exponent, const ImFont* font);

}  // namespace nanscope
