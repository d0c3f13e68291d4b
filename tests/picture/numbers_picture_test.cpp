#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <memory>
#include <regex>
#include <set>

#include "app/headless/headless_context.h"
#include "engine/experiment/json.h"
#include "engine/experiment/numbers_keys.h"
#include "engine/experiment/png_text.h"
#include "engine/roundoff/roundoff.h"
#include "ui/export/picture.h"
#include "ui/export/svg_picture.h"
#include "ui/labs/numbers_figure.h"

// The Numbers lab's views as PNG and SVG.
namespace nanscope {
namespace {

using ::testing::HasSubstr;

Figure figure_of(const std::string& view) {
  Experiment experiment;
  experiment.lab = LabName::numbers;
  experiment = *with_key(experiment, "numbers.view", view);
  std::shared_ptr<const RoundoffChart> chart;
  if (find_roundoff_experiment(view))
    chart = std::make_shared<const RoundoffChart>(*run_roundoff(view, experiment.numbers.settings));
  return *numbers_figure(experiment, chart);
}

TEST(NumbersPicture, EveryViewIsDrawnInEveryThemeAndReopens) {
  const auto context = HeadlessContext::create();
  ASSERT_TRUE(context) << to_string(context.error());
  for (const std::string_view view : numbers_views()) {
    const Figure figure = figure_of(std::string(view));
    EXPECT_FALSE(figure.title.empty()) << view;
    EXPECT_THAT(figure.csv(), HasSubstr("\n"));
    EXPECT_THAT(figure.json(), HasSubstr("\"schema\""));
    for (const ThemeId theme : {ThemeId::light, ThemeId::dark, ThemeId::projector}) {
      const auto pixels = render_picture(figure, {"", 960, 540, 1, theme});
      ASSERT_TRUE(pixels) << view;
      // Something other than the empty card was drawn.
      std::set<std::uint32_t> colors;
      for (std::size_t i = 0; i + 3 < pixels->rgba.size(); i += 4)
        colors.insert(static_cast<std::uint32_t>(pixels->rgba[i] << 16 | pixels->rgba[i + 1] << 8 |
                                                 pixels->rgba[i + 2]));
      EXPECT_GT(colors.size(), 50u) << view;
      const auto png = encode_png(*pixels, figure.experiment);
      ASSERT_TRUE(png);
      const auto text = read_png_text(*png, kPngExperimentKeyword);
      ASSERT_TRUE(text);
      EXPECT_EQ(*from_json(*text), figure.experiment) << view;
    }
  }
}

TEST(NumbersPicture, SvgHasTheSameWordsAsText) {
  const auto context = HeadlessContext::create();
  ASSERT_TRUE(context) << to_string(context.error());
  for (const std::string_view view : numbers_views()) {
    const Figure figure = figure_of(std::string(view));
    const auto svg = render_svg(figure, {});
    ASSERT_TRUE(svg) << view;
    EXPECT_TRUE(svg->starts_with("<svg xmlns=")) << view;
    // As many documents as there are plots and the slide around them, each closed.
    const auto count = [&](const std::string& word) {
      const std::regex pattern(word);
      return std::distance(std::sregex_iterator(svg->begin(), svg->end(), pattern), {});
    };
    EXPECT_EQ(count("<svg "), static_cast<long>(figure.plots.size()) + 1) << view;
    EXPECT_EQ(count("</svg>"), static_cast<long>(figure.plots.size()) + 1) << view;
    EXPECT_EQ(count("nan"), 0) << view << ": a position that is no number";
  }
  EXPECT_THAT(*render_svg(figure_of("bits"), {}), HasSubstr("0.0999755859375"));
  EXPECT_FALSE(render_svg(figure_of("bits"), {.plot = "roundoff"}));
}

}  // namespace
}  // namespace nanscope
