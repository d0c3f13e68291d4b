#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "app/headless/headless_context.h"
#include "engine/experiment/json.h"
#include "engine/experiment/svg_text.h"
#include "engine/job/job.h"
#include "engine/optimizers/paths.h"
#include "engine/roundoff/roundoff.h"
#include "tests/picture/svg_reading.h"
#include "tests/synthetic/synthetic_chain.h"
#include "tests/synthetic/synthetic_snapshot.h"
#include "ui/export/svg_picture.h"
#include "ui/labs/numbers/figure.h"
#include "ui/labs/optimizers/figure.h"
#include "ui/labs/signal/figure.h"
#include "ui/labs/tensors/figure.h"
#include "ui/labs/tensors/timings.h"

// Every plot of every lab as an SVG document, whole and zoomed.
namespace nanscope {
namespace {

using ::testing::HasSubstr;

MemoryTimings some_timings() {
  MemoryTimings timings;
  timings.cache_bytes = {32768, 2097152};
  timings.traversals = {{64, 64, 1e-6, 1.1e-6, 256, 256}};
  timings.copies = {{CopyKind::memcpy, 1 << 26, 0.01, 0.011, 0}};
  return timings;
}

std::vector<Figure> figures_of_every_lab() {
  std::vector<Figure> figures;
  Experiment experiment;
  experiment = *with_key(experiment, "precision", "fp16");
  experiment = *with_key(experiment, "networks", "4");
  figures.push_back(
      signal_figure(std::make_shared<const SignalSnapshot>(synthetic_snapshot(experiment))));
  for (const char* view : {"bits", "ranges", "accumulation", "loss_scaling"}) {
    experiment = *with_key(Experiment{}, "numbers.view", view);
    std::shared_ptr<const RoundoffChart> chart;
    if (find_roundoff_experiment(view))
      chart =
          std::make_shared<const RoundoffChart>(*run_roundoff(view, experiment.numbers.settings));
    figures.push_back(*numbers_figure(experiment, chart));
  }
  figures.push_back(
      tensors_figure(Experiment{}, std::make_shared<const TensorChain>(synthetic_chain())));
  figures.push_back(
      memory_timings_figure(Experiment{}, std::make_shared<const MemoryTimings>(some_timings())));
  experiment = Experiment{};
  experiment.lab = LabName::optimizers;
  JobContext context({}, {});
  figures.push_back(optimizers_figure(
      experiment, run_job(*paths_request(experiment.optimizers).make_job(), context)->as<Paths>()));
  return figures;
}

class Svg : public testing::Test {
 protected:
  Svg() : context_(HeadlessContext::create()) {}
  void SetUp() override { ASSERT_TRUE(context_) << to_string(context_.error()); }

 private:
  Result<HeadlessContext> context_;
};

TEST_F(Svg, OfEveryPlotIsXmlOfNumbersAndReopens) {
  for (const Figure& figure : figures_of_every_lab())
    for (const FigurePlot& plot : figure.plots)
      for (const ThemeId theme : {ThemeId::light, ThemeId::dark, ThemeId::projector}) {
        const PictureRequest request{plot.name(), 640, 360, 1, theme};
        const auto svg = render_svg(figure, request);
        ASSERT_TRUE(svg) << plot.name();
        const SvgReading reading = read_svg(*svg);
        EXPECT_EQ(reading.error, "") << plot.name();
        EXPECT_EQ(reading.not_a_number, "") << plot.name();
        EXPECT_EQ(reading.documents, 2) << plot.name();
        const auto text = read_svg_text(*svg, kSvgExperimentId);
        ASSERT_TRUE(text) << plot.name();
        Experiment again = *from_json(*text);
        EXPECT_EQ(again.view.plot, plot.name());  // it shows what was pictured
        again.view.plot = figure.experiment.view.plot;
        EXPECT_EQ(again, figure.experiment) << plot.name();
      }
}

TEST_F(Svg, OfAZoomedChartShowsWhatIsSeen) {
  int charts = 0;
  for (Figure& figure : figures_of_every_lab())
    for (FigurePlot& plot : figure.plots) {
      if (!plot.plot.frame) continue;
      const PictureRequest request{plot.name(), 640, 360, 1, ThemeId::light};
      const std::string whole = *render_svg(figure, request);
      const auto set_zoom = [&](const Style& style) {
        const ChartFrame home = plot.plot.frame(style, {{0, 0}, {600, 300}});
        const auto part = [](const ScaledAxis& axis) {
          return Limits{axis.home.low + 0.4 * axis.home.span(),
                        axis.home.low + 0.45 * axis.home.span()};
        };
        plot.zoom.x = part(home.x);
        if (home.y.zooms) plot.zoom.y = part(home.y);
      };
      // A frame measures words: within a picture's own.
      const auto draw = plot.plot.draw;
      plot.plot.draw = [&](Canvas& canvas, const PlotPlace& place) {
        set_zoom(canvas.style());
        draw(canvas, {place.corner, place.size, plot.zoom});
      };
      const std::string zoomed = *render_svg(figure, request);
      EXPECT_NE(zoomed, whole) << plot.name();
      const SvgReading reading = read_svg(zoomed);
      EXPECT_EQ(reading.error, "") << plot.name();
      EXPECT_EQ(reading.not_a_number, "") << plot.name();
      ++charts;
    }
  EXPECT_GE(charts, 13);
}

TEST_F(Svg, TakesTheZoomOfItsFigure) {
  Figure figure =
      signal_figure(std::make_shared<const SignalSnapshot>(synthetic_snapshot(Experiment{})));
  EXPECT_THAT(*render_svg(figure, {.plot = "histogram"}), HasSubstr(">40</text>"));
  figure.plots[2].zoom.x = Limits{2.5, 6.5};
  const std::string zoomed = *render_svg(figure, {.plot = "histogram"});
  EXPECT_THAT(zoomed, testing::Not(HasSubstr(">40</text>")));
  EXPECT_THAT(zoomed, HasSubstr(">5</text>"));
}

}  // namespace
}  // namespace nanscope
