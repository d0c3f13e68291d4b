#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "tests/synthetic/synthetic_snapshot.h"
#include "tests/ui/drawing.h"
#include "tests/ui/recording_canvas.h"
#include "ui/charts/legend.h"
#include "ui/labs/signal/figure.h"

// Where the plots over depth say how they were measured.
namespace nanscope {
namespace {

class DepthNotes : public Drawing {};

TEST_F(DepthNotes, StandBesideTheTitlesOfAllThatAreAsWideOrOfNone) {
  int beside = 0, below = 0;
  for (const Precision precision : {Precision::fp32, Precision::fp16}) {
    Experiment experiment;
    experiment.network.model = {.depth = 20, .width = 64};
    experiment.network.precision = precision;
    const Figure figure = signal_figure(
        SignalView(std::make_shared<const SignalSnapshot>(synthetic_snapshot(experiment))));
    for (float width = 260; width <= 900; width += 20) {
      std::optional<bool> first;
      for (const FigurePlot& one : figure.plots) {
        RecordingCanvas canvas(style_, {1280, 800});
        if (!one.alone) one.plot.draw(canvas, {{0, 0}, {width, 300}});
        for (const RecordingCanvas::Words& words : canvas.texts) {
          if (!words.words.starts_with("measured")) continue;
          const bool in_title = words.low.y < title_height(style_) / 2;
          if (!first) first = in_title;
          EXPECT_EQ(in_title, *first) << one.name() << " " << width;
          ++(in_title ? beside : below);
        }
      }
    }
  }
  EXPECT_GT(beside, 0);
  EXPECT_GT(below, 0);
}

}  // namespace
}  // namespace nanscope
