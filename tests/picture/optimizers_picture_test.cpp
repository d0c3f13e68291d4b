#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "app/headless/headless_context.h"
#include "engine/experiment/json.h"
#include "engine/experiment/png_text.h"
#include "engine/job/job.h"
#include "engine/optimizers/paths.h"
#include "ui/export/picture.h"
#include "ui/labs/optimizers/figure.h"

// The Optimizers lab as PNG.
namespace nanscope {
namespace {

std::size_t colors_in(const Pixels& pixels) {
  std::set<std::uint32_t> colors;
  for (std::size_t i = 0; i + 3 < pixels.rgba.size(); i += 4)
    colors.insert(static_cast<std::uint32_t>(pixels.rgba[i] << 16 | pixels.rgba[i + 1] << 8 |
                                             pixels.rgba[i + 2]));
  return colors.size();
}

TEST(OptimizersPicture, EveryPlotIsDrawnInEveryThemeAndReopens) {
  const auto context = HeadlessContext::create();
  ASSERT_TRUE(context) << to_string(context.error());
  Experiment experiment;
  experiment.lab = LabName::optimizers;
  JobContext job({}, {});
  const Figure figure = optimizers_figure(
      experiment, run_job(*paths_request(experiment.optimizers).make_job(), job)->as<Paths>());
  for (const ThemeId theme : {ThemeId::light, ThemeId::dark, ThemeId::projector}) {
    std::map<std::string, std::size_t> colors;
    for (const std::string plot : {"", "loss_surface", "descent", "anatomy"}) {
      const auto pixels = render_picture(figure, {plot, 640, 360, 1, theme});
      ASSERT_TRUE(pixels) << plot;
      colors[plot] = colors_in(*pixels);
      EXPECT_GT(colors[plot], 50u) << plot << name_of(theme);
      if (!plot.empty()) continue;
      const auto text =
          read_png_text(*encode_png(*pixels, to_json(experiment)), kPngExperimentKeyword);
      ASSERT_TRUE(text);
      EXPECT_EQ(*from_json(*text), experiment);
    }
    EXPECT_GT(colors["loss_surface"], colors["descent"] + 30) << "its ground is shaded";
  }
}

}  // namespace
}  // namespace nanscope
