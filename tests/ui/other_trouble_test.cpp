#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>

#include "tests/synthetic/synthetic_snapshot.h"
#include "tests/ui/drawing.h"
#include "tests/ui/recording_canvas.h"
#include "ui/labs/signal/figure.h"

// A|B: what goes wrong in B is marked as in A.
namespace nanscope {
namespace {

SignalView pass_in(Precision precision, InitScheme scheme) {
  Experiment experiment;
  experiment.network.model.depth = 30;
  experiment.network.model.width = 64;
  experiment.network.precision = precision;
  experiment.network.init.scheme = scheme;
  return SignalView(std::make_shared<const SignalSnapshot>(synthetic_snapshot(experiment)));
}

using OtherTrouble = Drawing;

TEST_F(OtherTrouble, AnOverflowOfBHasALineAndATag) {
  SignalView view = pass_in(Precision::fp32, InitScheme::kaiming);
  view.other = {pass_in(Precision::fp16, InitScheme::normal).pass, "precision fp16"};
  const Figure figure = signal_figure(view);
  RecordingCanvas canvas(style_, {1280, 800});
  figure.plots.front().plot.draw(canvas, {kCorner, kSize});
  const auto is_tag = [](const RecordingCanvas::Words& one) {
    return one.words.starts_with("B overflow: linear ");
  };
  EXPECT_TRUE(std::ranges::any_of(canvas.texts, is_tag));
  EXPECT_TRUE(std::ranges::any_of(canvas.dashes_drawn, [](const RecordingCanvas::Dashes& line) {
    return line.points.size() == 2 && line.points[0].x == line.points[1].x;
  }));
  for (const RecordingCanvas::Words& one : canvas.texts)
    EXPECT_FALSE(one.words.starts_with("A overflow")) << one.words;
}

TEST_F(OtherTrouble, EachOfItsCurvesHasANameOfItsOwnInASmallLegendToo) {
  SignalView view = pass_in(Precision::fp32, InitScheme::kaiming);
  view.other = {pass_in(Precision::fp16, InitScheme::normal).pass, "precision fp16"};
  RecordingCanvas canvas(style_, {1280, 800});
  signal_figure(view).plots.front().plot.draw(canvas, {kCorner, {420, 300}});
  const auto names_begin_with = [&](std::string_view words) {
    return std::ranges::any_of(canvas.texts, [&](const RecordingCanvas::Words& one) {
      return one.words.starts_with(words);
    });
  };
  // A's by the same rule.
  for (const char* name : {"A z", "A h'", "B z", "B h'"})
    EXPECT_TRUE(names_begin_with(name)) << name;
  EXPECT_FALSE(names_begin_with("A pre-activations"));
}

/// The line of what goes wrong, its tag, and what leads from one to the other.
class Tagged final : public SilentCanvas {
 public:
  using SilentCanvas::SilentCanvas;
  void text(ImVec2 at, std::string_view words, const TextLook& look) override {
    const bool is_tag = words.find(" = inf") != words.npos || words.find(" = nan") != words.npos ||
                        words.find(": inf") != words.npos || words.find(": nan") != words.npos;
    if (is_tag) tag = text_box(at, words, look);
  }
  std::optional<float> line;
  std::optional<ClipBox> tag;
  bool led = false;

 protected:
  void run(std::span<const ImVec2> points, ImU32 color, float) override {
    if (points.size() != 2 || color != ink(style().palette.bad)) return;
    if (points[0].x == points[1].x) line = points[0].x;
    if (points[0].y == points[1].y && line && points[0].x == *line) led = true;
  }
};

/// A tag that curves keep from standing beside its line is led to it.
TEST_F(OtherTrouble, ATagStandsBesideItsLineOrIsLedToIt) {
  int tags = 0, led = 0;
  for (const auto& [precision, scheme] : {std::pair{Precision::fp16, InitScheme::normal},
                                          {Precision::bf16, InitScheme::normal},
                                          {Precision::e4m3, InitScheme::normal},
                                          {Precision::e5m2, InitScheme::normal}})
    for (const ImVec2 size : {kSize, ImVec2{420, 300}, {340, 220}, {300, 160}, {240, 150}}) {
      const Figure figure = signal_figure(pass_in(precision, scheme));
      for (const char* name : {"forward_variance", "backward_variance"}) {
        Tagged canvas(style_);
        find_plot(figure, name)->plot.draw(canvas, {kCorner, size});
        if (!canvas.line || !canvas.tag) continue;
        ++tags;
        led += canvas.led;
        const float away =
            std::max(canvas.tag->low.x - *canvas.line, *canvas.line - canvas.tag->high.x);
        EXPECT_TRUE(canvas.led || away < 4 * px(style_.spacing))
            << name_of(precision) << " " << name << " " << size.x << ": " << away;
      }
    }
  EXPECT_GT(tags, 10);
  EXPECT_GT(led, 0);
}

/// Counts what is drawn until a tag and until the line of a chosen layer.
class InOrder final : public SilentCanvas {
 public:
  using SilentCanvas::SilentCanvas;
  void text(ImVec2, std::string_view words, const TextLook&) override {
    ++drawn_;
    if (words.starts_with("overflow")) tag = drawn_;
  }
  int tag = 0, guide = 0;

 protected:
  void run(std::span<const ImVec2> points, ImU32 color, float) override {
    ++drawn_;
    const bool upright = points.size() == 2 && points[0].x == points[1].x;
    if (upright && color == ink(style().palette.accent, 0.9f)) guide = drawn_;
  }

 private:
  int drawn_ = 0;
};

TEST_F(OtherTrouble, ATagStandsOverTheLineOfAChosenLayer) {
  const SignalView view = pass_in(Precision::fp16, InitScheme::normal);
  InOrder canvas(style_);
  PlotSelection selection;
  selection.chosen_layer = 5;
  signal_figure(view, selection).plots.front().plot.draw(canvas, {kCorner, kSize});
  EXPECT_GT(canvas.guide, 0);
  EXPECT_GT(canvas.tag, canvas.guide);
}

}  // namespace
}  // namespace nanscope
