#include "ui/charts/format_look.h"

#include <gtest/gtest.h>

#include <algorithm>
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

TEST_F(FormatLook, TheFormatsOfTheFirstViewHaveColoursOfTheirOwn) {
  std::set<std::tuple<float, float, float>> colors;
  for (const char* name : {"fp32", "tf32", "bf16", "fp16", "e4m3", "e5m2"}) {
    const ImVec4 color = alone(name).color;
    colors.insert({color.x, color.y, color.z});
  }
  EXPECT_EQ(colors.size(), 6u);
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

TEST_F(FormatLook, BarsOfOneColourAreToldApartByTheirMarks) {
  Experiment experiment;
  experiment.lab = LabName::numbers;
  experiment.numbers = numbers_with_view(experiment.numbers, "ranges");
  // e2m1 has fp16's colour.
  experiment.numbers.settings.formats = {"fp16", "e2m1"};
  const auto figure = numbers_figure(experiment, nullptr);
  ASSERT_TRUE(figure);
  RecordingCanvas canvas(style_, {1280, 800});
  figure->plots.front().plot.draw(canvas, {kCorner, kSize});
  const Stroke square = alone("fp16"), circle = alone("e2m1");
  EXPECT_EQ(ink(square.color), ink(circle.color));
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
