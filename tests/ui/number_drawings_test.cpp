#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "engine/experiment/json.h"
#include "tests/ui/drawing.h"
#include "tests/ui/recording_canvas.h"
#include "ui/charts/curve.h"
#include "ui/labs/numbers/plots/bit_grid.h"
#include "ui/labs/numbers/plots/roundoff_look.h"
#include "ui/labs/numbers/plots/roundoff_plot.h"
#include "ui/text/text.h"

// How the Numbers lab's drawings look: lines beside words, rows alike.
namespace nanscope {
namespace {

NumberBits a_tenth(const std::string& formats) {
  Experiment experiment;
  experiment.numbers.input = "0.1";
  return *number_bits(*with_key(experiment, "numbers.formats", formats));
}

class NumberDrawings : public Drawing {
 protected:
  void draw(RecordingCanvas& canvas, const NumberBits& number, ImVec2 size) const {
    draw_bits(canvas, number, layout_bits(number, style_, size), kCorner);
  }
};

TEST_F(NumberDrawings, TheGuideAtThePointLeavesTheWordsFree) {
  const NumberBits number = a_tenth("fp32,bf16,fp16");
  for (const float height : {300.0f, 400.0f, 500.0f}) {
    RecordingCanvas canvas(style_, {1280, 800});
    draw(canvas, number, {700, height});
    int guides = 0;
    for (const RecordingCanvas::Dashes& dashes : canvas.dashes_drawn) {
      ++guides;
      for (const RecordingCanvas::Words& words : canvas.texts) {
        if (words.words == "1.") continue;  // before the point, beside the guide
        const bool beside =
            dashes.points.front().x <= words.low.x || dashes.points.front().x >= words.high.x;
        EXPECT_TRUE(beside || dashes.points.back().y <= words.low.y + 1 ||
                    dashes.points.front().y >= words.high.y - 1)
            << words.words << " in " << height;
      }
    }
    EXPECT_GE(guides, 3);
  }
}

TEST_F(NumberDrawings, AllRowsOfBitsHaveTheirFormulaOrNone) {
  const NumberBits number = a_tenth("fp32,bf16,fp16,e4m3,e5m2");
  for (float width = 350; width <= 1150; width += 20)
    for (const float height : {200.0f, 260.0f, 320.0f, 500.0f}) {
      int times = 0;  // two in a formula
      RecordingCanvas canvas(style_, {1280, 800});
      draw(canvas, number, {width, height});
      for (const RecordingCanvas::Words& words : canvas.texts)
        if (words.words == "\u00D7") ++times;
      EXPECT_TRUE(times == 0 || times == 10) << times << " in " << width << "x" << height;
    }
}

TEST_F(NumberDrawings, ANameOfALineDoesNotLieOnACurve) {
  RoundoffChart chart;
  chart.x = {"roundoff.axis.additions", "", 0};
  chart.y = {"roundoff.axis.sum", "", 0};
  ChartCurve curve{"fp16", "roundoff.plain", Evidence::emulated, "", {}, {}};
  // On the right half along the line, on both of its sides.
  for (int i = 0; i <= 100; ++i) curve.add(i, i < 50 ? 0 : i % 2 == 0 ? 0.52 : 0.48);
  curve.add(101, 1);
  chart.curves = {curve};
  chart.marks = {{ChartMark::Axis::y, 0.5, "fp16", "roundoff.largest"}};
  const PlotPlace place{kCorner, kSize};
  RecordingCanvas canvas(style_, {1280, 800});
  roundoff_curves(std::make_shared<const RoundoffChart>(chart)).draw(canvas, place);
  const auto name = std::ranges::find(canvas.texts, mark_words(chart.marks.front()),
                                      &RecordingCanvas::Words::words);
  ASSERT_NE(name, canvas.texts.end());
  const ChartFrame frame = place_curves(chart, ChartLook(chart, style_), style_, place).frame;
  for (const ImVec2& at : curve_points(frame, curve.x, curve.y))
    EXPECT_FALSE(at.x > name->low.x && at.x < name->high.x && at.y > name->low.y &&
                 at.y < name->high.y);
}

}  // namespace
}  // namespace nanscope
