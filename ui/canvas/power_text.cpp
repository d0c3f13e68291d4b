#include "ui/canvas/power_text.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "imgui.h"

namespace nanscope {
namespace {

/// UTF-8 of the raised digits; their code points are not in a row.
constexpr std::array kRaisedDigits{"\u2070", "\u00B9", "\u00B2", "\u00B3", "\u2074",
                                   "\u2075", "\u2076", "\u2077", "\u2078", "\u2079"};
constexpr const char* kRaisedMinus = "\u207B";
constexpr ImWchar kRaisedMinusCode = 0x207B;

}  // namespace

std::string power_text(int base, int exponent, const ImFont* font) {
  // A loaded font that lacks the raised minus lacks the raised digits too.
  if (font && !const_cast<ImFont*>(font)->IsGlyphInFont(kRaisedMinusCode))
    return fmt::format("{}^{}", base, exponent);
  std::string result = std::to_string(base);
  if (exponent < 0) result += kRaisedMinus;
  for (char digit : std::to_string(std::abs(exponent))) result += kRaisedDigits[digit - '0'];
  return result;
}

}  // namespace nanscope
