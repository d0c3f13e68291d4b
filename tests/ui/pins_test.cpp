#include "ui/charts/pins.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "tests/ui/drawing.h"
#include "tests/ui/recording_canvas.h"

namespace nanscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

ChartFrame frame() {
  ChartFrame frame;
  frame.x = {.limits = {0, 10}, .home = {0, 10}};
  frame.y = {.limits = {0, 10}, .home = {0, 10}};
  frame.low = {0, 0};
  frame.high = {1000, 500};
  return frame;
}

PlotReading reading(ImVec2 at, const std::string& title, double value) {
  PlotReading reading{at, {title}};
  reading.values = {{"variance", value}, {"ratio", 2 * value}};
  reading.table = {{"", "measured"}, {{"variance", std::to_string(value)}}};
  return reading;
}

TEST(Pins, ArePutAndTakenAwayAtAPlace) {
  Pins pins;
  toggle_pin(pins, frame(), reading({100, 100}, "a", 1));
  ASSERT_EQ(pins.size(), 1u);
  EXPECT_NEAR(pins[0].x, 1, 1e-6);
  EXPECT_NEAR(pins[0].y, 8, 1e-6);
  EXPECT_EQ(pin_at(pins, frame(), {102, 101}), &pins[0]);
  EXPECT_EQ(pin_at(pins, frame(), {120, 100}), nullptr);
  toggle_pin(pins, frame(), reading({101, 100}, "a", 1));
  EXPECT_TRUE(pins.empty());
}

TEST(Pins, AreTwoAtMostTheLatest) {
  Pins pins;
  for (int i = 1; i <= 3; ++i)
    toggle_pin(pins, frame(), reading({100.0f * static_cast<float>(i), 100}, std::to_string(i), i));
  ASSERT_EQ(pins.size(), 2u);
  EXPECT_EQ(pins[0].reading.lines[0], "2");
  EXPECT_EQ(pins[1].reading.lines[0], "3");
}

TEST(Pins, AreComparedByDifferenceAndRatio) {
  const auto rows = compare(reading({}, "a", 2), reading({}, "b", 10));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].name, "variance");
  EXPECT_DOUBLE_EQ(rows[0].difference(), 8);
  EXPECT_DOUBLE_EQ(rows[0].ratio(), 5);
  // Where the names differ the numbers are compared in their order.
  PlotReading other = reading({}, "b", 10);
  other.values = {{"gradient", 6}};
  const auto mixed = compare(reading({}, "a", 2), other);
  ASSERT_EQ(mixed.size(), 1u);
  EXPECT_EQ(mixed[0].name, "variance / gradient");
  EXPECT_DOUBLE_EQ(mixed[0].ratio(), 3);
}

TEST(Pins, ArePutWhereSomethingIsDrawnOnly) {
  Pins pins;
  PlotReading nowhere = reading({100, 100}, "a", 1);
  nowhere.on_drawn = false;
  EXPECT_FALSE(toggle_pin(pins, frame(), nowhere));
  EXPECT_TRUE(pins.empty());
}

TEST(Pins, SpellTheirNumbersAsTheAxisDoes) {
  Pins pins;
  PlotReading time = reading({100, 100}, "64 x 64", 1);
  time.values = {{"64 x 64", 9.87e-9, NAN, seconds_text}};
  toggle_pin(pins, frame(), time);
  time.at = {300, 100};
  time.values.front().value = 2e-6;
  toggle_pin(pins, frame(), time);
  EXPECT_THAT(pins_text(pins), HasSubstr("64 x 64\t9.87 ns\t2 us\t1.99 us\t203"));
}

/// A chart that reads its own number, 10 x, and one of a pass beside it.
Plot chart_beside(double own, double beside) {
  return {
      .name = "a",
      .frame = [](const Style&, const PlotPlace&) { return frame(); },
      .read = [=](const Style&, const PlotPlace&, ImVec2 pointer) -> std::optional<PlotReading> {
        PlotReading one{pointer, {"layer"}};
        one.values = {{"own", own}};
        one.table = {{"", ""}, {{"own", number_text(own)}}};
        one.values_beside = {{"B", beside}};
        one.rows_beside = {{"B", number_text(beside)}};
        return one;
      }};
}

TEST(Pins, StayAsTheyWereButFollowPassesBeside) {
  const Style style;
  Pins pins;
  toggle_pin(pins, frame(), *chart_beside(1, 2).read(style, {}, {100, 100}));
  EXPECT_EQ(pins_text(pins), "layer\n\t\nown\t1\nB\t2");
  follow_passes_beside(pins, chart_beside(3, 4), style, {});
  EXPECT_EQ(pins_text(pins), "layer\n\t\nown\t1\nB\t4\nown now\t3");
  Plot alone = chart_beside(3, 4);
  alone.read = [read = alone.read](const Style& look, const PlotPlace& place, ImVec2 pointer) {
    auto one = read(look, place, pointer);
    one->values_beside.clear();
    one->rows_beside.clear();
    return one;
  };
  follow_passes_beside(pins, alone, style, {});
  EXPECT_EQ(pins_text(pins), "layer\n\t\nown\t1\nown now\t3");
}

TEST(Pins, FromBeforeAChangeSayWhatIsThereNow) {
  const Style style;
  const auto after_a_drag = [](double own, double before) {
    Plot chart = chart_beside(own, before);
    chart.read = [read = chart.read](const Style& look, const PlotPlace& place, ImVec2 pointer) {
      auto one = read(look, place, pointer);
      one->of_before = 1;
      one->values_beside[0].name = one->rows_beside[0][0] = "own before";
      return one;
    };
    return chart;
  };
  Pins pins;
  toggle_pin(pins, frame(), *chart_beside(1, 2).read(style, {}, {100, 100}));
  // The ghost is what was pinned: not the same number twice.
  follow_passes_beside(pins, after_a_drag(3, 1), style, {});
  EXPECT_EQ(pins_text(pins), "layer\n\t\nown\t1\nown now\t3");
  // A pin of what is there now has the ghost beside it.
  Pins later;
  toggle_pin(later, frame(), *after_a_drag(3, 1).read(style, {}, {100, 100}));
  follow_passes_beside(later, after_a_drag(3, 1), style, {});
  EXPECT_EQ(pins_text(later), "layer\n\t\nown\t3\nown before\t1");
}

TEST(Pins, SayThatTheChartHasChangedSince) {
  const Style style;
  Pins pins;
  for (const float x : {100.0f, 300.0f})
    toggle_pin(pins, frame(), *chart_beside(1, 2).read(style, {}, {x, 100}));
  read_pins(pins, chart_beside(1, 5), style, {});  // what is beside is not its own
  EXPECT_THAT(pins_text(pins), StartsWith("1  layer\n2  layer\n"));
  read_pins(pins, chart_beside(3, 2), style, {});
  EXPECT_THAT(pins_text(pins), StartsWith("1  layer, as it was before the change\n"));
  read_pins(pins, chart_beside(1, 2), style, {});
  EXPECT_THAT(pins_text(pins), StartsWith("1  layer\n"));
}

TEST(Pins, OfAFileAreReadOutOfTheChart) {
  const Style style;
  Plot chart = chart_beside(1, 2);
  chart.read = [](const Style&, const PlotPlace&, ImVec2 pointer) -> std::optional<PlotReading> {
    PlotReading one = reading({pointer.x, 250}, "layer", pointer.x);  // on a flat curve
    one.on_drawn = pointer.x < 500;
    return one;
  };
  Pins pins = pins_at({{"a", 2, 7}, {"a", 8, 5}});
  EXPECT_EQ(pins_text(pins), "");  // not read yet
  read_pins(pins, chart, style, {});
  // It stands on the curve, and where nothing is drawn there is none.
  ASSERT_EQ(places_of(pins, "a"), (std::vector<ViewPin>{{"a", 2, 5}}));
  EXPECT_THAT(pins_text(pins), HasSubstr("200"));
  // What was read stays while the places do.
  pins[0].reading.lines = {"as it was"};
  pins = pins_at({{"a", 1, 5}, {"a", 2, 5}}, pins);
  ASSERT_EQ(pins.size(), 2u);
  EXPECT_FALSE(pins[0].read);
  EXPECT_EQ(pins[1].reading.lines[0], "as it was");
}

TEST(Pins, WhereNothingIsDrawnAnyMoreStayInTheWindowOnly) {
  const Style style;
  Plot chart = chart_beside(1, 2);
  Pins pins = pins_at({{"a", 2, 5}, {"a", 4, 5}});
  read_pins(pins, chart, style, {});
  ASSERT_EQ(places_of(pins, "a").size(), 2u);
  // The first one's curve is gone.
  chart.read = [](const Style&, const PlotPlace&, ImVec2 pointer) -> std::optional<PlotReading> {
    if (pointer.x < 300) return std::nullopt;
    return reading(pointer, "now", 7);
  };
  read_pins(pins, chart, style, {});
  const std::vector<ViewPin> left{{"a", 4, 5}};
  EXPECT_EQ(places_of(pins, "a"), left);
  pins = pins_at(left, pins);
  ASSERT_EQ(pins.size(), 2u);
  EXPECT_EQ(pins[0].reading.lines[0], "layer");  // as it was, and the first one
  EXPECT_EQ(pins[0].x, 2);
  // Those of a file take its place.
  pins = pins_at({{"a", 6, 5}, {"a", 8, 5}}, pins);
  EXPECT_EQ(pins[0].x, 6);
  EXPECT_EQ(pins[1].x, 8);
}

TEST(Pins, StandAtPlacesOfFewDigits) {
  Pins pins;
  toggle_pin(pins, frame(), reading({120.00001f, 100.3f}, "a", 1));
  EXPECT_EQ(pins[0].x, 1.2);
  EXPECT_EQ(pins[0].y, 7.994);
}

/// A run that goes on has not come there yet.
TEST(Pins, OfAFileWaitForAPlotThatGrows) {
  float drawn_to = 100;  // pixels
  Plot chart{.name = "loss"};
  chart.frame = [](const Style&, const PlotPlace&) { return frame(); };
  chart.read = [&](const Style&, const PlotPlace&, ImVec2 pointer) -> std::optional<PlotReading> {
    return reading({std::min(pointer.x, drawn_to), pointer.y}, "step", 1);
  };
  chart.grows = true;
  Pins pins = pins_at({{"loss", 0.5, 5}, {"loss", 4, 5}});
  read_pins(pins, chart, {}, {});
  ASSERT_EQ(pins.size(), 2u);
  EXPECT_TRUE(pins[0].read);
  EXPECT_FALSE(pins[1].read);
  EXPECT_EQ(places_of(pins, "loss").size(), 2u) << "it is not lost";
  drawn_to = 600;
  read_pins(pins, chart, {}, {});
  EXPECT_TRUE(pins[1].read);
  EXPECT_EQ(pins[1].x, 4);
  // What has come to its end comes no nearer.
  pins = pins_at({{"loss", 9, 5}});
  chart.grows = false;
  read_pins(pins, chart, {}, {});
  ASSERT_EQ(pins.size(), 1u);
  EXPECT_EQ(pins[0].x, 6);
}

class PinPlates : public Drawing {
 protected:
  /// The words of a small chart's plate of these pins, beside "1" and "2".
  std::vector<std::string> said(const Pins& pins, const PinSurroundings& around = {},
                                ImVec2 chart = {300, 160}) const {
    ChartFrame small = frame();
    small.high = chart;
    RecordingCanvas canvas(style_, {1280, 800});
    draw_pins(canvas, small, pins, around);
    std::vector<std::string> words;
    for (const RecordingCanvas::Words& text : canvas.texts)
      if (text.words.size() > 1) words.push_back(text.words);
    return words;
  }
  /// Two pins on a curve whose values are `own`, read by a chart that says `now` there.
  Pins after_a_change(double own, double now) const {
    Pins pins;
    for (const ImVec2 at : {ImVec2{200, 450}, {800, 450}}) {
      auto one = *chart_beside(own * (at.x > 500 ? 4 : 1), 2).read(style_, {}, at);
      one.values.front().place = 1;
      toggle_pin(pins, frame(), one);
    }
    Plot chart = chart_beside(now, 2);
    // As a depth plot does where it draws nothing finite.
    chart.read = [=, read = chart.read](const Style& look, const PlotPlace& place, ImVec2 pointer) {
      auto one = read(look, place, pointer);
      one->values[0].value = now * (pointer.x > 500 ? 4 : 1);
      one->on_drawn = std::isfinite(now);
      return one;
    };
    read_pins(pins, chart, style_, {});
    follow_passes_beside(pins, chart, style_, {});
    return pins;
  }

  /// The share of the chart that the largest plate of these pins hides.
  float hidden(const Pins& pins, ImVec2 chart) const {
    ChartFrame small = frame();
    small.low = {40, 40};
    small.high = {40 + chart.x, 40 + chart.y};
    RecordingCanvas canvas(style_, {1280, 800});
    draw_pins(canvas, small, pins);
    float largest = 0;
    for (const RecordingCanvas::Fill& fill : canvas.fills)
      largest = std::max(largest, (fill.high.x - fill.low.x) * (fill.high.y - fill.low.y));
    EXPECT_GT(largest, 0);
    return largest / (chart.x * chart.y);
  }
};

TEST_F(PinPlates, HideAQuarterOfAChartAtMost) {
  Pins pins;
  PlotReading one = reading({100, 100}, "linear 17", 1.29e36);
  one.values = {{"pre-activations", 1.29e36}, {"activations", 4.88e35}};
  PlotReading two = reading({900, 100}, "linear 33", 1.4e70);
  two.values = {{"pre-activations", 1.4e70}, {"activations", 6.9e69}};
  for (const PlotReading& pinned : {one, two}) {
    toggle_pin(pins, frame(), pinned);
    // In windows of 1024x600 and 1280x800, of a picture.
    for (const ImVec2 chart : {ImVec2{277, 105}, {255, 205}, {900, 400}})
      EXPECT_LE(hidden(pins, chart), 0.25f) << pins.size() << " in " << chart.x;
  }
  // Where there is room the numbers are all there.
  RecordingCanvas canvas(style_, {1280, 800});
  draw_pins(canvas, frame(), pins);
  for (const char* words : {"1  linear 17", "2  linear 33", "1.29e+36", "1.40e+70"})
    EXPECT_TRUE(std::ranges::any_of(canvas.texts, [&](const RecordingCanvas::Words& text) {
      return text.words == words;
    })) << words;
}

TEST_F(PinPlates, SayWhatWasAndWhatIsNow) {
  const Pins pins = after_a_change(3, NAN);
  EXPECT_THAT(pins_text(pins), HasSubstr("own was\t3\t12\t9\t4"));
  EXPECT_THAT(pins_text(pins), HasSubstr("own now\tnan\tnan\tnan\tnan"));
  const auto words = said(pins);
  ASSERT_FALSE(words.empty());
  std::string all;
  for (const std::string& line : words) all += line + " ";
  EXPECT_THAT(all, HasSubstr("2 / 1: own was 4"));
  EXPECT_THAT(all, HasSubstr("now nan"));
  // Before a change nothing was.
  EXPECT_THAT(pins_text(after_a_change(3, 3)), Not(HasSubstr("was")));
}

TEST_F(PinPlates, AreOfTheValueThatIsPinned) {
  Pins pins;
  for (const ImVec2 at : {ImVec2{200, 250}, {800, 250}}) {
    PlotReading one{at, {"layer"}};
    for (const char* name : {"pre-activations", "activations", "gradients", "and a fourth"})
      one.values.push_back({name, NAN, NAN});
    one.values_beside = {{"B", at.x, 5}};
    toggle_pin(pins, frame(), one);
  }
  EXPECT_THAT(said(pins, {}, {200, 80}), ElementsAre("2 / 1: B 4"));
}

TEST_F(PinPlates, AreThereBesideAVisiblePinOnly) {
  Pins pins = after_a_change(3, 3);
  EXPECT_FALSE(said(pins).empty());
  for (PinnedReading& pin : pins) pin.y = 40;  // beyond the axis
  EXPECT_TRUE(said(pins).empty());
}

TEST_F(PinPlates, LeaveTagsAndMostOfTheCurvesFree) {
  const Pins pins = after_a_change(3, 3);
  PinSurroundings full;  // of curves
  for (float x = 2; x < 300; x += 4)
    for (float y = 2; y < 160; y += 4) full.points.push_back({x, y});
  EXPECT_FALSE(said(pins, full).empty());  // little of them
  full.words.push_back({{0, 0}, {300, 160}});
  EXPECT_TRUE(said(pins, full).empty());
  PinSurroundings one_curve;  // of which a plate would hide a third: one line of it stays
  for (float x = 2; x < 300; x += 4) one_curve.points.push_back({x, 20});
  one_curve.words.push_back({{0, 40}, {300, 160}});
  EXPECT_THAT(said(pins, one_curve, {300, 160}), ElementsAre("own, 2 / 1: 4"));
  // Of two layers it says which.
  Pins layers = pins;
  for (std::size_t i = 0; i < layers.size(); ++i)
    layers[i].reading.lines = {i == 0 ? "linear 5" : "linear 9"};
  EXPECT_THAT(said(layers, one_curve, {300, 160}), ElementsAre("own, linear 9 / linear 5: 4"));
}

TEST_F(PinPlates, OfOneReadingSayWhereItIs) {
  Pins pins = after_a_change(3, 3);
  pins.pop_back();
  pins[0].reading.lines = {"linear 5"};
  for (const ImVec2 chart : {ImVec2{250, 105}, {300, 160}, {900, 400}}) {
    ChartFrame small = frame();
    small.high = chart;
    RecordingCanvas canvas(style_, {1280, 800});
    draw_pins(canvas, small, pins, {});
    int headings = 0, ones = 0;
    for (const RecordingCanvas::Words& text : canvas.texts) {
      headings += text.words.starts_with("1  linear 5") ? 1 : 0;
      ones += text.words == "1" ? 1 : 0;
    }
    EXPECT_EQ(headings, 1) << chart.x;
    EXPECT_EQ(ones, 1) << "beside its ring alone, in " << chart.x;
  }
}

TEST_F(PinPlates, SayLessBeforeTheyCoverACurve) {
  const Pins pins = after_a_change(3, 3);
  ChartFrame chart = frame();
  chart.high = {340, 220};
  PinSurroundings curve;  // which fills all but the upper part
  for (float x = 2; x < 340; x += 4)
    for (float y = 50; y < 220; y += 4) curve.lines.push_back({x, y});
  RecordingCanvas canvas(style_, {1280, 800});
  const std::optional<LabelBox> plate = draw_pins(canvas, chart, pins, curve);
  ASSERT_TRUE(plate);
  EXPECT_TRUE(std::ranges::none_of(curve.lines, [&](ImVec2 at) { return plate->holds(at); }));
  // Where there is room it says all.
  const std::optional<LabelBox> whole = draw_pins(canvas, chart, pins, {});
  ASSERT_TRUE(whole);
  EXPECT_GT(whole->high.y - whole->low.y, plate->high.y - plate->low.y);
}

TEST_F(PinPlates, OfAHeatMapAreANumber) {
  Pins pins = after_a_change(30, 30);
  EXPECT_THAT(said(pins, {.cells = true}, {900, 400}), ElementsAre("2 / 1: 4"));
  pins.pop_back();
  EXPECT_THAT(said(pins, {.cells = true}, {900, 400}), ElementsAre("1  layer: 30"));
}

TEST_F(PinPlates, AreSetInTheSmallTypeOfTheTheme) {
  const Pins pins = after_a_change(3, NAN);
  for (const ImVec2 chart : {ImVec2{160, 90}, {300, 160}, {900, 400}}) {
    ChartFrame small = frame();
    small.high = chart;
    RecordingCanvas canvas(style_, {1280, 800});
    draw_pins(canvas, small, pins);
    const float least = text_extent(style_, Face::mono, body(style_) * text_size::small, "1").y;
    for (const RecordingCanvas::Words& text : canvas.texts)
      EXPECT_GE(text.high.y - text.low.y, least - 1) << text.words << " in " << chart.x;
  }
}

TEST_F(PinPlates, LieInThePlotAreaBesideThePinsAndWhatIsDrawn) {
  PlotReading one = reading({60, 60}, "linear 17, as it was before the change", 1.29e36);
  for (const char* name : {"pre-activations", "activations", "pre-activations now",
                           "activations now", "B pre-activations", "B activations"})
    one.values_beside.push_back({name, 1.29e36});
  for (const ImVec2 size : {ImVec2{120, 60}, {250, 105}, {255, 205}, {900, 400}})
    for (const ImVec2 share : {ImVec2{0.1f, 0.1f}, {0.9f, 0.1f}, {0.1f, 0.9f}, {0.9f, 0.9f}}) {
      ChartFrame small = frame();
      small.low = {40, 40};
      small.high = {40 + size.x, 40 + size.y};
      Pins pins;
      for (const float away : {0.0f, 0.05f}) {
        one.at = {40 + (share.x - away) * size.x, 40 + (share.y - away) * size.y};
        toggle_pin(pins, small, one);
      }
      // A curve along the upper edge.
      PinSurroundings drawn;
      for (float x = 40; x < small.high.x; x += 5) drawn.points.push_back({x, 46});
      RecordingCanvas canvas(style_, {1280, 800});
      draw_pins(canvas, small, pins, drawn);
      ASSERT_FALSE(canvas.fills.empty());
      const auto area = [](const RecordingCanvas::Fill& fill) {
        return (fill.high.x - fill.low.x) * (fill.high.y - fill.low.y);
      };
      const auto& plate = *std::ranges::max_element(canvas.fills, {}, area);
      EXPECT_GE(plate.low.x, small.low.x) << size.x;
      EXPECT_LE(plate.high.x, small.high.x) << size.x;
      EXPECT_GE(plate.low.y, small.low.y) << size.x;
      EXPECT_LE(plate.high.y, small.high.y) << size.x;
      if (size.x < 200) continue;
      for (const PinnedReading& pin : pins) {
        const ImVec2 at = small.at_units(pin.x, pin.y);
        EXPECT_FALSE(at.x > plate.low.x - 5 && at.x < plate.high.x + 5 && at.y > plate.low.y - 5 &&
                     at.y < plate.high.y + 5)
            << size.x << " " << share.x << " " << share.y;
      }
      if (share.y < 0.5f) {
        EXPECT_GT(plate.low.y, 46) << size.x;
      }
    }
}

TEST(Pins, AreCopiedAsATable) {
  Pins pins;
  EXPECT_EQ(pins_text(pins), "");
  toggle_pin(pins, frame(), reading({100, 100}, "linear 3", 2));
  EXPECT_EQ(pins_text(pins), "linear 3\n\tmeasured\nvariance\t2.000000");
  toggle_pin(pins, frame(), reading({300, 100}, "linear 9", 10));
  EXPECT_THAT(pins_text(pins), HasSubstr("1  linear 3\n2  linear 9\n"));
  EXPECT_THAT(pins_text(pins), HasSubstr("variance\t2\t10\t8\t5"));
}

TEST_F(PinPlates, LeaveRoomForWhatThePointerReads) {
  const Pins pins = after_a_change(3, 3);
  ChartFrame chart = frame();
  chart.low = {40, 40};
  chart.high = {540, 340};
  RecordingCanvas canvas(style_, {1280, 800});
  PinSurroundings around;
  around.plate = draw_pins(canvas, chart, pins, around);
  ASSERT_TRUE(around.plate);
  EXPECT_TRUE(around.plate->inside({chart.low, chart.high}));
  for (float x = 60; x < 540; x += 40)
    for (float y = 60; y < 340; y += 40) {
      const ImVec2 extent{120, 60};
      const auto at = free_corner(style_, chart, pins, around, {x, y}, extent);
      if (!at) continue;
      const LabelBox box{*at, {at->x + extent.x, at->y + extent.y}};
      EXPECT_FALSE(box.touches(*around.plate)) << x << " " << y;
    }
  EXPECT_FALSE(draw_pins(canvas, chart, {}, around));
}

}  // namespace
}  // namespace nanscope
