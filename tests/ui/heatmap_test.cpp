#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "drawing.h"
#include "recording_canvas.h"
#include "tests/synthetic/synthetic_snapshot.h"
#include "ui/charts/chart_signs.h"
#include "ui/charts/legend.h"
#include "ui/labs/signal/plots/heatmap_outline.h"
#include "ui/labs/signal/plots/signal_plots.h"

// The heatmap of magnitudes: its axis, its veil, and the outlines of other passes. And what holds
// of all plots of the Signal lab beside other passes.
namespace nanscope {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;

/// Filled rows of a layer, lowest first.
std::vector<bool> filled_rows(const SignalSnapshot& pass, std::size_t layer,
                              const std::vector<HeatRow>& rows) {
  std::vector<bool> filled;
  for (const HeatRow& row : rows) filled.push_back(share_in(pass, layer, row) >= kOutlinedShare);
  return filled;
}

// The outline runs between every filled cell and every empty one beside it, and nowhere else.
TEST(HeatmapOutline, RunsAroundTheFilledCells) {
  Experiment experiment;
  experiment.network.model.depth = 12;
  experiment.network.precision = Precision::fp16;  // overflows: inf and nan are filled, too
  const SignalSnapshot pass = synthetic_snapshot(experiment);
  const HistogramAxis axis = histogram_axis(pass, 0.06);
  const std::vector<HeatRow> rows = heat_rows(axis);
  double level = 0, upright = 0;
  for (const OutlineEdge& edge : outline_edges(pass, axis)) {
    EXPECT_TRUE(edge.x0 == edge.x1 || edge.y0 == edge.y1);
    level += edge.x1 - edge.x0;
    upright += edge.y1 - edge.y0;
  }
  double wanted_level = 0, wanted_upright = 0;
  std::vector<bool> left(rows.size(), false);
  for (std::size_t layer = 0; layer <= pass.layers.size(); ++layer) {
    const std::vector<bool> here = layer < pass.layers.size() ? filled_rows(pass, layer, rows)
                                                              : std::vector<bool>(rows.size());
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const bool joined = r + 1 < rows.size() && rows[r].high == rows[r + 1].low;
      const bool above = r + 1 < rows.size() && here[r + 1];
      if (joined) wanted_level += here[r] != above;
      if (!joined) wanted_level += here[r] + above;
      if (here[r] != left[r]) wanted_upright += rows[r].high - rows[r].low;
    }
    wanted_level += here.front();  // below the lowest row
    left = here;
  }
  EXPECT_GT(level, 20);
  EXPECT_NEAR(level, wanted_level, 1e-9);
  EXPECT_NEAR(upright, wanted_upright, 1e-6);
}

TEST(HistogramAxis, CanBeHeldAndGrowsForPassesBeside) {
  Experiment experiment;
  experiment.network.model.depth = 12;
  const SignalSnapshot pass = synthetic_snapshot(experiment);
  experiment.network.init.gain = 1e-3;
  const SignalSnapshot small = synthetic_snapshot(experiment);
  const HistogramAxis axis = histogram_axis(pass, 0.06);
  ASSERT_TRUE(axis.taken);
  EXPECT_LE(axis.binades.limits.low, axis.taken->low);
  const std::array<const SignalSnapshot*, 2> beside{&small, nullptr};
  EXPECT_LT(histogram_axis(pass, 0.06, beside).taken->low, axis.taken->low);
  const Limits held{-200, 300};
  EXPECT_EQ(histogram_axis(pass, 0.06, {}, held).binades.limits, held);
  EXPECT_LT(histogram_axis(pass, 0.06, {}, Limits{-1e12, 1e12}).binades.limits.span(), 1e4);
}

double distance_of(const ImVec4& a, const ImVec4& b) {
  return std::hypot(double(a.x) - b.x, double(a.y) - b.y, double(a.z) - b.z);
}

// An old picture stands behind a veil: the heatmap as much as curves.
TEST(Heat, IsVeiledAsCurvesAre) {
  for (const auto& [theme, name] : Names<ThemeId>::all) {
    SCOPED_TRACE(name);
    const Style plain = make_style(theme, {});
    Style veiled = plain;
    veiled.palette = faded(plain.palette, 0.65f);
    const ImVec4 ground = plain.palette.surface;
    const auto kept = [&](const ImVec4& before, const ImVec4& after) {
      return distance_of(after, ground) / distance_of(before, ground);
    };
    const double curve = kept(plain.palette.series[0], veiled.palette.series[0]);
    EXPECT_NEAR(curve, 0.35, 1e-4);
    for (const float position : {0.25f, 0.5f, 1.0f})
      EXPECT_NEAR(kept(heat_color(plain, position), heat_color(veiled, position)), curve, 1e-4);
  }
}

SignalView passes_of(double gain, double gain_of_other, double gain_before) {
  const auto pass = [](double value) {
    Experiment experiment;
    experiment.network.model.depth = 12;
    experiment.network.init.gain = value;
    return std::make_shared<const SignalSnapshot>(synthetic_snapshot(experiment));
  };
  SignalView view(pass(gain));
  if (gain_of_other > 0) {
    view.other = {pass(gain_of_other), "gain of B"};
    view.words = "gain of A";
  }
  if (gain_before > 0) view.before = {pass(gain_before), "gain before"};
  return view;
}

ChartFrame frame_of(const SignalPlot& plot, const SignalView& view, const Style& style) {
  return plot_of(plot, view, {}).frame(style, {kCorner, kSize});
}

class BesidePasses : public Drawing {};

// A drag begins, a ghost comes, settings that are dragged get longer names: nothing moves.
TEST_F(BesidePasses, MoveNothingWhileAControlIsDragged) {
  for (const SignalPlot& plot : signal_plots()) {
    SCOPED_TRACE(plot.name);
    const ChartFrame alone = frame_of(plot, passes_of(1, 0, 0), style_);
    const ChartFrame ghost = frame_of(plot, passes_of(1, 0, 0.5), style_);
    EXPECT_EQ(alone.low.y, ghost.low.y);
    EXPECT_EQ(alone.high.y, ghost.high.y);
    SignalView view = passes_of(1, 0.5, 0);
    const ChartFrame compared = frame_of(plot, view, style_);
    EXPECT_GT(compared.low.y, alone.low.y - 1);
    for (const char* words :
         {"", "gain 0.123456789", "gain 1, width 1024, precision fp16 and 7 more"}) {
      view.words = view.other.words = words;
      EXPECT_EQ(frame_of(plot, view, style_).low.y, compared.low.y) << words;
    }
  }
}

std::vector<std::string> words_drawn(const SignalPlot& plot, const SignalView& view,
                                     const Style& style) {
  RecordingCanvas canvas(style, {1280, 800});
  plot_of(plot, view, {}).draw(canvas, {kCorner, kSize});
  std::vector<std::string> words;
  for (const RecordingCanvas::Words& one : canvas.texts) words.push_back(one.words);
  return words;
}

// In the chart, its legend and what it reads out.
TEST_F(BesidePasses, AreNamedByEveryPlot) {
  for (const SignalPlot& plot : signal_plots()) {
    SCOPED_TRACE(plot.name);
    EXPECT_THAT(words_drawn(plot, passes_of(1, 0, 0), style_),
                AllOf(Not(Contains(HasSubstr("gain of"))), Not(Contains(HasSubstr("before")))));
    const SignalView view = passes_of(1, 0.5, 0.25);
    EXPECT_THAT(words_drawn(plot, view, style_),
                AllOf(Contains(AllOf(HasSubstr("A"), HasSubstr(": gain of A"))),
                      Contains(AllOf(HasSubstr("B"), HasSubstr(": gain of B"))),
                      Contains(HasSubstr("before: gain before"))));
    const Plot drawn = plot_of(plot, view, {});
    const ChartFrame frame = frame_of(plot, view, style_);
    // Where the pass itself has values.
    const double exponent = plot.name == "histogram" ? 0.5 : 1.0;
    const auto reading = drawn.read(style_, {kCorner, kSize}, frame.at_units(3, exponent));
    ASSERT_TRUE(reading);
    std::vector<std::string> names;
    for (const ReadingValue& value : all_values(*reading)) names.push_back(value.name);
    EXPECT_THAT(names, Contains(HasSubstr("B ")));
    EXPECT_THAT(names, Contains(HasSubstr("before")));
  }
}

std::vector<RecordingCanvas::Words> words_in(const SignalPlot& plot, const SignalView& view,
                                             const Style& style, ImVec2 size) {
  RecordingCanvas canvas(style, {1280, 800});
  plot_of(plot, view, {}).draw(canvas, {{0, 0}, size});
  return canvas.texts;
}

// The settings stand above the plots: four of them in a window of 1280x800, for a projector too.
TEST_F(BesidePasses, LeaveASmallPlotItsHeight) {
  SignalView view = passes_of(1, 0.5, 0);
  view.words = view.other.words = "initialization kaiming, gain 0.123456789, width 1024";
  const Style projector = make_style(ThemeId::projector, style_.fonts, 0.8f);
  for (const Style* style : {static_cast<const Style*>(&style_), &projector})
    for (const SignalPlot& plot : signal_plots()) {
      SCOPED_TRACE(plot.name);
      constexpr ImVec2 kSmall{416, 300};
      const ChartFrame frame = plot_of(plot, view, {}).frame(*style, {{0, 0}, kSmall});
      EXPECT_GT(frame.high.y - frame.low.y, 0.45f * kSmall.y);
      bool b = false;
      for (const RecordingCanvas::Words& one : words_in(plot, view, *style, kSmall)) {
        EXPECT_THAT(one.words, Not(HasSubstr("..."))) << one.words;
        b = b || one.words == "B" || one.words.starts_with("B ");
      }
      EXPECT_TRUE(b);
    }
}

// Where B cannot be seen for A one tag says so, and two say which is which where it can.
TEST_F(BesidePasses, SayWhereOneLineIsUnderTheOther) {
  for (const bool same : {true, false}) {
    SignalView view = passes_of(1, 0.5, 0);
    if (same) view.other.pass = view.pass;
    for (const char* name : {"forward_variance", "backward_variance"}) {
      std::vector<std::string> words;
      for (const auto& one : words_in(*find_signal_plot(name), view, style_, {900, 600}))
        words.push_back(one.words);
      EXPECT_EQ(std::ranges::count(words, "B under A"), same) << name;
      EXPECT_EQ(std::ranges::count(words, "A"), !same) << name;
      EXPECT_EQ(std::ranges::count(words, "B"), !same) << name;
    }
  }
}

// Measured is told from emulated in every plot, however small it is.
TEST_F(BesidePasses, SayThatTheyAreEmulated) {
  Experiment experiment;
  experiment.network.model.depth = 12;
  experiment.network.precision = Precision::fp16;
  const SignalView view(std::make_shared<const SignalSnapshot>(synthetic_snapshot(experiment)));
  ASSERT_TRUE(view.pass->emulated());
  const Style projector = make_style(ThemeId::projector, style_.fonts);
  for (const Style* style : {static_cast<const Style*>(&style_), &projector})
    for (const SignalPlot& plot : signal_plots())
      for (const ImVec2 size : {ImVec2{240, 180}, {330, 280}, {640, 400}}) {
        const auto says = [](const RecordingCanvas::Words& one) {
          return one.words.find("emulated") != std::string::npos && !one.cut;
        };
        EXPECT_TRUE(std::ranges::any_of(words_in(plot, view, *style, size), says))
            << plot.name << " " << size.x;
      }
}

// Names of limits stand beside the cells where there is room, in the middle too.
TEST_F(BesidePasses, LeaveCellsFreeOfTheNamesOfLimits) {
  Experiment experiment;
  experiment.network.model.depth = 20;
  experiment.network.precision = Precision::fp16;
  SignalSnapshot pass = synthetic_snapshot(experiment);
  // At both ends values right below the largest number, in the middle small ones.
  for (std::size_t i = 0; i < pass.layers.size(); ++i) {
    const bool end = i < 5 || i >= 15;
    pass.layers[i].histogram = {.first_exponent = end ? 8 : 0,
                                .positive = std::vector<std::int64_t>(8, 100),
                                .negative = std::vector<std::int64_t>(8, 100)};
  }
  const SignalView view(std::make_shared<const SignalSnapshot>(pass));
  const SignalPlot& plot = *find_signal_plot("histogram");
  const ChartFrame frame = plot_of(plot, view, {}).frame(style_, {{0, 0}, {800, 500}});
  int names = 0;
  for (const RecordingCanvas::Words& one : words_in(plot, view, style_, {800, 500})) {
    if (one.words.find("largest") == std::string::npos) continue;
    ++names;
    EXPECT_GE(one.low.x, frame.at_units(5.5, 0).x);
    EXPECT_LE(one.high.x, frame.at_units(15.5, 0).x);
  }
  EXPECT_EQ(names, 1);
}

// In a small plot, where no place along the line is free for all of it, the name goes without its
// number.
TEST_F(BesidePasses, LeaveCellsFreeOfTheNamesOfLimitsInASmallPlot) {
  Experiment experiment;
  experiment.network.model.depth = 50;
  experiment.network.model.width = 128;
  experiment.network.init.gain = 0.01;
  const SignalView view(std::make_shared<const SignalSnapshot>(synthetic_snapshot(experiment)));
  const Plot plot = plot_of(*find_signal_plot("histogram"), view, {});
  for (const ImVec2 size : {ImVec2{330, 310}, {420, 300}, {800, 500}}) {
    RecordingCanvas canvas(style_, {1280, 800});
    plot.draw(canvas, {{0, 0}, size});
    const auto name = std::ranges::find_if(canvas.texts, [](const RecordingCanvas::Words& one) {
      return one.words.starts_with("smallest normal");
    });
    ASSERT_NE(name, canvas.texts.end()) << size.x;
    for (const RecordingCanvas::Fill& cell : canvas.fills) {
      const bool plate = cell.low.x <= name->low.x && cell.high.x >= name->high.x;
      const bool touches = cell.low.x < name->high.x && cell.high.x > name->low.x &&
                           cell.low.y < name->high.y && cell.high.y > name->low.y;
      EXPECT_TRUE(plate || !touches) << size.x << " " << cell.low.x << " " << cell.low.y;
    }
  }
}

TEST_F(BesidePasses, LeaveTheLockItsPlace) {
  SignalView view = passes_of(1, 0, 0);
  const SignalPlot& plot = *find_signal_plot("histogram");
  for (const float width : {240.0f, 320.0f, 420.0f}) {
    const ImVec2 size{width, 220};
    const ChartFrame frame = plot_of(plot, view, {}).frame(style_, {{0, 0}, size});
    const LabelBox lock = lock_box(style_, frame);
    for (const RecordingCanvas::Words& one : words_in(plot, view, style_, size))
      EXPECT_FALSE(lock.touches({one.low, one.high})) << one.words << " at " << width;
  }
}

// What was before is told by its value: that is never cut off.
TEST_F(BesidePasses, SayWhatWasBeforeInASmallPlot) {
  SignalView view = passes_of(1, 0, 0.5);
  view.before.words = "gain 0.0883883";
  for (const SignalPlot& plot : signal_plots())
    for (const float width : {260.0f, 330.0f, 500.0f, 800.0f}) {
      const auto ends_so = [](const RecordingCanvas::Words& one) {
        return one.words.ends_with("gain 0.0883883") && !one.cut;
      };
      EXPECT_TRUE(std::ranges::any_of(words_in(plot, view, style_, {width, 250}), ends_so))
          << plot.name << " " << width;
    }
}

// Between the curves there is no place to pin.
TEST_F(BesidePasses, AreReadWhereSomethingIsDrawn) {
  const SignalView view = passes_of(1, 0, 0);
  const Plot plot = plot_of(*find_signal_plot("forward_variance"), view, {});
  // Below all curves, a tenth of what is home still in sight.
  const Limits home_y = frame_of(*find_signal_plot("forward_variance"), view, style_).y.home;
  const double span = home_y.span();
  const PlotPlace place{
      kCorner,
      kSize,
      {.x = Limits{9.5, 12.5}, .y = Limits{home_y.low - 0.8 * span, home_y.low + 0.11 * span}}};
  const ChartFrame frame = plot.frame(style_, place);
  const auto reading = plot.read(style_, place, frame.at_units(11, home_y.low - 0.5 * span));
  ASSERT_TRUE(reading);
  EXPECT_FALSE(reading->on_drawn);
  const ChartFrame home = frame_of(*find_signal_plot("forward_variance"), view, style_);
  EXPECT_TRUE(plot.read(style_, {kCorner, kSize}, home.at_units(3, 1))->on_drawn);
}

// Magnitudes of another tensor than the one shown would be compared with what they are not.
TEST_F(BesidePasses, OfAnotherTensorAreLeftOutOfItsMagnitudes) {
  SignalView view = passes_of(1, 0.5, 0);
  SignalSnapshot other = *view.other.pass;
  other.histogram_tensor = SignalTensor::weight;
  view.other.pass = std::make_shared<const SignalSnapshot>(other);
  EXPECT_THAT(words_drawn(*find_signal_plot("histogram"), view, style_),
              Not(Contains(HasSubstr("B"))));
  EXPECT_THAT(words_drawn(*find_signal_plot("forward_variance"), view, style_),
              Contains(HasSubstr("gain of B")));
}

}  // namespace
}  // namespace nanscope
