#include "ui/charts/format_look.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "engine/experiment/numbers.h"
#include "engine/numbers/format.h"
#include "engine/roundoff/roundoff.h"
#include "tests/ui/drawing.h"
#include "tests/ui/recording_canvas.h"
#include "ui/labs/numbers/figure.h"
#include "ui/labs/numbers/plots/roundoff_look.h"

namespace nanscope {
namespace {

using Look = std::tuple<float, float, float, Mark>;
Look look_of(const Stroke& stroke) {
  return {stroke.color.x, stroke.color.y, stroke.color.z, stroke.mark};
}

std::vector<std::string> known_formats() {
  std::vector<std::string> names;
  for (const NumberFormat& format : number_formats()) names.push_back(format.name);
  return names;
}

class FormatLook : public Drawing {
 protected:
  Stroke alone(const std::string& name) const { return format_strokes(style_, {&name, 1})[0]; }
};

TEST_F(FormatLook, NoTwoFormatsHaveColourAndMarkInCommon) {
  std::vector<std::string> names = known_formats();
  for (const char* own : {"e5m7", "e6m9", "e4m4", "e5m10:bias=3"}) names.emplace_back(own);
  std::set<Look> looks;
  for (const Stroke& stroke : format_strokes(style_, names)) looks.insert(look_of(stroke));
  EXPECT_EQ(looks.size(), names.size());
}

/// Cube roots of the cones' answers to a colour, mixed: distances are as people see them (Oklab, B.
/// Ottosson 2020), after what a person sees of it who lacks a kind of cones (Machado et al. 2009).
using Seen = std::array<double, 3>;
using Matrix = std::array<Seen, 3>;
constexpr Matrix kAllCones{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
constexpr Matrix kNoLong{{{0.152286, 1.052583, -0.204868},
                          {0.114503, 0.786281, 0.099216},
                          {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kNoMiddle{{{0.367322, 0.860646, -0.227968},
                            {0.280085, 0.672501, 0.047413},
                            {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kNoShort{{{1.255528, -0.076749, -0.178779},
                           {-0.078411, 0.930809, 0.147602},
                           {0.004733, 0.691367, 0.303900}}};

Seen times(const Matrix& matrix, const Seen& value) {
  Seen product{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t k = 0; k < 3; ++k) product[i] += matrix[i][k] * value[k];
  return product;
}

Seen seen(const ImVec4& color, const Matrix& eyes) {
  Seen linear{color.x, color.y, color.z};
  for (double& part : linear)
    part = part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
  linear = times(eyes, linear);
  for (double& part : linear) part = std::clamp(part, 0.0, 1.0);
  Seen cones = times({{{0.4122214708, 0.5363325363, 0.0514459929},
                       {0.2119034982, 0.6806995451, 0.1073969566},
                       {0.0883024619, 0.2817188376, 0.6299787005}}},
                     linear);
  for (double& part : cones) part = std::cbrt(part);
  return times({{{0.2104542553, 0.7936177850, -0.0040720468},
                 {1.9779984951, -2.4285922050, 0.4505937099},
                 {0.0259040371, 0.7827717662, -0.8086757660}}},
               cones);
}

double apart(const ImVec4& a, const ImVec4& b, const Matrix& eyes) {
  const Seen p = seen(a, eyes), q = seen(b, eyes);
  return std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

/// About eight times what is just told apart side by side: 0.01.
TEST_F(FormatLook, KnownFormatsHaveColoursApartAndMarksWhereTheseAreAlike) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::dark, ThemeId::projector}) {
    style_.palette = palette_of(theme);
    const std::vector<std::string> names = known_formats();
    const std::vector<Stroke> strokes = format_strokes(style_, names);
    for (std::size_t i = 0; i < strokes.size(); ++i)
      for (std::size_t k = 0; k < i; ++k) {
        const ImVec4 &a = strokes[i].color, &b = strokes[k].color;
        EXPECT_GE(apart(a, b, kAllCones), 0.08) << names[i] << " " << names[k];
        if (strokes[i].mark != strokes[k].mark) continue;
        for (const Matrix& eyes : {kNoLong, kNoMiddle, kNoShort})
          EXPECT_GE(apart(a, b, eyes), 0.1) << names[i] << " " << names[k] << name_of(theme);
      }
  }
}

TEST_F(FormatLook, AFormatLooksTheSameInEveryListAndChart) {
  const std::vector<std::string> some{"e5m7", "fp16", "fp32"};
  EXPECT_EQ(look_of(format_strokes(style_, some)[1]), look_of(alone("fp16")));
  EXPECT_EQ(look_of(format_strokes(style_, some)[0]), look_of(alone("e5m7")));
  for (const RoundoffExperiment& experiment : roundoff_experiments()) {
    for (const std::vector<std::string>& formats :
         {std::vector<std::string>{"fp16"}, {"bf16", "fp16"}, {"fp16", "bf16", "e5m2"}}) {
      RoundoffSettings settings = experiment.defaults;
      settings.formats = formats;
      if (!experiment.reads(RoundoffControl::formats)) continue;
      const auto chart = run_roundoff(experiment.name, settings);
      ASSERT_TRUE(chart);
      const ChartLook look(*chart, style_);
      const auto matches = [&](const ChartCurve& curve) {
        const ImVec4 color = look.stroke(curve).color, wanted = alone(curve.format).color;
        return color.x == wanted.x && color.y == wanted.y && color.z == wanted.z;
      };
      for (const std::string& format : formats) {
        const auto of_format = [&](const ChartCurve& curve) { return curve.format == format; };
        const auto first = std::ranges::find_if(chart->curves, of_format);
        if (first == chart->curves.end()) continue;
        EXPECT_TRUE(std::ranges::any_of(
            chart->curves,
            [&](const ChartCurve& curve) { return of_format(curve) && matches(curve); }))
            << experiment.name << " " << format;
      }
      for (const ChartMark& mark : chart->marks)
        if (!mark.format.empty()) {
          const ImVec4 color = look.color(mark), wanted = alone(mark.format).color;
          EXPECT_TRUE(color.x == wanted.x && color.y == wanted.y) << experiment.name;
        }
    }
  }
}

TEST_F(FormatLook, BarsAreToldApartByTheirMarksToo) {
  Experiment experiment;
  experiment.lab = LabName::numbers;
  experiment.numbers = numbers_with_view(experiment.numbers, "ranges");
  experiment.numbers.settings.formats = {"fp16", "e2m1"};
  const auto figure = numbers_figure(experiment, nullptr);
  ASSERT_TRUE(figure);
  RecordingCanvas canvas(style_, {1280, 800});
  figure->plots.front().plot.draw(canvas, {kCorner, kSize});
  const Stroke square = alone("fp16"), circle = alone("e2m1");
  EXPECT_NE(ink(square.color), ink(circle.color));
  const auto row_of = [&](const char* format) {
    return *std::ranges::find(canvas.texts, format, &RecordingCanvas::Words::words);
  };
  const auto beside = [&](const RecordingCanvas::Words& name, ImVec2 low, ImVec2 high) {
    return low.x > name.high.x && high.x < name.high.x + 1.5f * body(style_) &&
           low.y >= name.low.y && high.y <= name.high.y;
  };
  const float r = px(style_.marker_size);
  EXPECT_TRUE(std::ranges::any_of(canvas.polygons, [&](const auto& mark) {
    return mark.second == ink(square.color) && mark.first.size() == 4 &&
           beside(row_of("fp16"), mark.first[0], mark.first[2]);
  }));
  EXPECT_TRUE(std::ranges::any_of(canvas.fills, [&](const RecordingCanvas::Fill& mark) {
    return mark.color == ink(circle.color) && mark.high.x - mark.low.x <= 3 * r &&
           beside(row_of("e2m1"), mark.low, mark.high);
  }));
}

TEST_F(FormatLook, ACurveThatEndsAtInfinityStaysWhereItIs) {
  RoundoffSettings settings = find_roundoff_experiment("tiny")->defaults;
  settings.formats = {"fp16"};
  const auto chart = run_roundoff("tiny", settings);
  ASSERT_TRUE(chart);
  ASSERT_TRUE(std::ranges::any_of(chart->curves, [](const ChartCurve& curve) {
    return std::ranges::any_of(curve.y, [](double y) { return std::isinf(y); });
  }));
  const ChartLook look(*chart, style_);
  const ChartPlace place = place_curves(*chart, look, style_, {kCorner, kSize});
  for (const ImVec2 shift : side_by_side(*chart, place.frame, style_)) {
    EXPECT_EQ(shift.x, 0);
    EXPECT_EQ(shift.y, 0);
  }
}

TEST_F(FormatLook, CurvesThatLieOnOneAnotherAreDrawnBesideOneAnother) {
  RoundoffSettings settings = find_roundoff_experiment("accumulation")->defaults;
  settings.formats = {"fp32", "bf16", "fp16"};
  const auto chart = run_roundoff("accumulation", settings);
  const ChartLook look(*chart, style_);
  const ChartPlace place = place_curves(*chart, look, style_, {kCorner, kSize});
  const std::vector<ImVec2> shifts = side_by_side(*chart, place.frame, style_);
  // Of any two computed curves, some point is drawn at least half a line's width from the other's:
  // five that lie on one another share the width of three lines.
  const auto drawn = [&](std::size_t i, std::size_t point) {
    const ImVec2 at = place.frame.at(chart->curves[i].x[point], chart->curves[i].y[point]);
    return ImVec2{at.x + shifts[i].x, at.y + shifts[i].y};
  };
  for (std::size_t a = 0; a < chart->curves.size(); ++a)
    for (std::size_t b = a + 1; b < chart->curves.size(); ++b) {
      if (chart->curves[a].evidence == Evidence::predicted ||
          chart->curves[b].evidence == Evidence::predicted)
        continue;
      float apart = 0;
      for (std::size_t i = 0; i < chart->curves[a].x.size(); ++i) {
        const ImVec2 p = drawn(a, i), q = drawn(b, i);
        apart = std::max(apart, std::hypot(p.x - q.x, p.y - q.y));
      }
      EXPECT_GE(apart, 0.499f * px(style_.line_width))
          << chart->curves[a].label << chart->curves[a].format << " " << chart->curves[b].label;
    }
  EXPECT_EQ(place.legend.back().sample, Sample::band);
}

TEST_F(FormatLook, CurvesBesideOneAnotherAreReadAtTheirValues) {
  RoundoffChart chart;
  for (const char* format : {"fp32", "fp16", "bf16", "e4m3", "e5m2", "tf32"})
    chart.curves.push_back({format, "roundoff.kahan", Evidence::emulated, "", {0, 1}, {0, 1}});
  const ChartPlace place = place_curves(chart, ChartLook(chart, style_), style_, {kCorner, kSize});
  const std::vector<ImVec2> shifts = side_by_side(chart, place.frame, style_);
  for (std::size_t i = 0; i < shifts.size(); ++i) {
    EXPECT_LE(std::hypot(shifts[i].x, shifts[i].y), 1.001f * px(style_.line_width));
    for (std::size_t k = 0; k < i; ++k)
      EXPECT_GE(std::hypot(shifts[i].x - shifts[k].x, shifts[i].y - shifts[k].y),
                0.399f * px(style_.line_width));
  }
}

}  // namespace
}  // namespace nanscope
