#include "ui/theme/theme.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ostream>

// Contrast as the Web Content Accessibility Guidelines 2.1 define it.
namespace nanscope {

/// How GoogleTest names a theme.
void PrintTo(ThemeId theme, std::ostream* out) { *out << name_of(theme); }

namespace {

double channel(float value) {
  return value <= 0.04045f ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(const ImVec4& color) {
  return 0.2126 * channel(color.x) + 0.7152 * channel(color.y) + 0.0722 * channel(color.z);
}

double contrast(const ImVec4& a, const ImVec4& b) {
  const double x = luminance(a) + 0.05;
  const double y = luminance(b) + 0.05;
  return std::max(x, y) / std::min(x, y);
}

class ThemeContrast : public testing::TestWithParam<ThemeId> {};
INSTANTIATE_TEST_SUITE_P(All, ThemeContrast,
                         testing::Values(ThemeId::light, ThemeId::dark, ThemeId::projector),
                         [](const auto& theme) { return std::string(name_of(theme.param)); });

// Guideline 1.4.3: 4.5 for text.
TEST_P(ThemeContrast, TextReadsOnEveryGround) {
  const Palette& p = palette_of(GetParam());
  for (const ImVec4& ground : {p.window, p.surface, p.raised})
    for (const ImVec4& ink : {p.text, p.muted, p.accent}) EXPECT_GE(contrast(ink, ground), 4.5);
  for (const ImVec4& ink : {p.good, p.caution, p.bad, p.limit})
    EXPECT_GE(contrast(ink, p.surface), 4.5);
  EXPECT_GE(contrast(p.on_accent, p.accent), 4.5);
}

// Guideline 1.4.11: 3 for graphics; a projector in a bright room eats half of it.
TEST_P(ThemeContrast, CurvesShowOnThePlot) {
  const Palette& p = palette_of(GetParam());
  const double least = GetParam() == ThemeId::projector ? 4.5 : 3.0;
  for (const ImVec4& curve : p.series) EXPECT_GE(contrast(curve, p.surface), least);
  for (const ImVec4& curve : p.formats) EXPECT_GE(contrast(curve, p.surface), least);
  EXPECT_GE(contrast(p.measured, p.surface), least);
  EXPECT_GE(contrast(p.predicted, p.surface), 7.0);
}

TEST(Theme, ProjectorIsLargeAndThick) {
  const Style light = make_style(ThemeId::light, {});
  const Style projector = make_style(ThemeId::projector, {});
  EXPECT_GE(projector.font_size, light.font_size * 1.5f);
  EXPECT_GE(projector.line_width, 3);
  EXPECT_EQ(luminance(projector.palette.text), 0);
  EXPECT_EQ(luminance(projector.palette.surface), 1);
}

TEST(Theme, ZoomScalesEverySize) {
  const Style plain = make_style(ThemeId::dark, {});
  const Style zoomed = make_style(ThemeId::dark, {}, 1.5f);
  EXPECT_FLOAT_EQ(zoomed.font_size, plain.font_size * 1.5f);
  EXPECT_FLOAT_EQ(zoomed.line_width, plain.line_width * 1.5f);
  EXPECT_FLOAT_EQ(zoomed.marker_size, plain.marker_size * 1.5f);
  EXPECT_FLOAT_EQ(zoomed.spacing, plain.spacing * 1.5f);
}

}  // namespace
}  // namespace nanscope
