#include <array>
#include <filesystem>
#include <span>

#include "ui/theme/theme.h"

namespace nanscope {
namespace {

constexpr std::array kRegular{"/usr/share/fonts/opentype/inter/Inter-Regular.otf",
                              "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"};
constexpr std::array kSemibold{"/usr/share/fonts/opentype/inter/Inter-SemiBold.otf",
                               "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"};
constexpr std::array kMono{"/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Regular.ttf",
                           "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"};
constexpr std::array kItalic{"/usr/share/fonts/opentype/inter/Inter-Italic.otf",
                             "/usr/share/fonts/truetype/dejavu/DejaVuSans-Oblique.ttf"};

ImFont* first_font(std::span<const char* const> paths) {
  for (const char* path : paths) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) continue;
    if (ImFont* font = ImGui::GetIO().Fonts->AddFontFromFileTTF(path)) return font;
  }
  return nullptr;
}

}  // namespace

Fonts load_fonts() {
  Fonts fonts;
  fonts.regular = first_font(kRegular);
  if (!fonts.regular) fonts.regular = ImGui::GetIO().Fonts->AddFontDefault();
  fonts.semibold = first_font(kSemibold);
  if (!fonts.semibold) fonts.semibold = fonts.regular;
  fonts.mono = first_font(kMono);
  if (!fonts.mono) fonts.mono = fonts.regular;
  fonts.italic = first_font(kItalic);
  if (!fonts.italic) fonts.italic = fonts.regular;
  return fonts;
}

std::vector<std::string> missing_fonts() {
  std::vector<std::string> missing;
  for (const char* path : {kRegular.front(), kSemibold.front(), kMono.front(), kItalic.front()}) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) missing.emplace_back(path);
  }
  return missing;
}

}  // namespace nanscope
