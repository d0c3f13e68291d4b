#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <string_view>

#include "app/headless/headless_context.h"
#include "engine/experiment/json.h"
#include "engine/experiment/numbers.h"
#include "engine/experiment/png_text.h"
#include "engine/experiment/svg_text.h"
#include "engine/numbers/format.h"
#include "engine/roundoff/roundoff.h"
#include "tests/picture/svg_reading.h"
#include "ui/export/picture.h"
#include "ui/export/svg_picture.h"
#include "ui/labs/numbers/figure.h"

// The Numbers lab's views as PNG and SVG.
namespace nanscope {
namespace {

using ::testing::HasSubstr;

Figure numbers_figure(const std::string& view) {
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
    const Figure figure = numbers_figure(std::string(view));
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
      const auto png = encode_png(*pixels, to_json(figure.experiment));
      ASSERT_TRUE(png);
      const auto text = read_png_text(*png, kPngExperimentKeyword);
      ASSERT_TRUE(text);
      EXPECT_EQ(*from_json(*text), figure.experiment) << view;
    }
  }
}

TEST(NumbersPicture, WhatNobodyCouldReadIsRefusedWithTheSizeThatIsEnough) {
  for (const std::string_view view : numbers_views()) {
    const Figure figure = numbers_figure(std::string(view));
    const Result<void> small = check_picture(figure, {"", 320, 240});
    ASSERT_FALSE(small) << view;
    EXPECT_EQ(small.error().where, "size");
    EXPECT_THAT(small.error().message(), HasSubstr("from 640x480 on it can"));
    EXPECT_FALSE(check_picture(figure, {"", 1920, 400})) << view;
    EXPECT_TRUE(check_picture(figure, {"", 640, 480})) << view;
    const std::string plot = figure.plots.front().name();
    EXPECT_THAT(check_picture(figure, {plot, 320, 240}).error().message(),
                HasSubstr("from 480x320 on it can"));
    EXPECT_TRUE(check_picture(figure, {plot, 480, 320})) << view;
  }
}

TEST(NumbersPicture, SvgIsXmlWithTheSameWordsAsTextAndTheExperiment) {
  const auto context = HeadlessContext::create();
  ASSERT_TRUE(context) << to_string(context.error());
  for (const std::string_view view : numbers_views()) {
    const Figure figure = numbers_figure(std::string(view));
    const auto svg = render_svg(figure, {});
    ASSERT_TRUE(svg) << view;
    EXPECT_TRUE(svg->starts_with("<svg xmlns=")) << view;
    const SvgReading reading = read_svg(*svg);
    EXPECT_EQ(reading.error, "") << view;
    EXPECT_EQ(reading.not_a_number, "") << view;
    // The slide, and one a plot.
    EXPECT_EQ(reading.documents, static_cast<int>(figure.plots.size()) + 1) << view;
    const auto text = read_svg_text(*svg, kSvgExperimentId);
    ASSERT_TRUE(text) << view;
    EXPECT_EQ(*from_json(*text), figure.experiment) << view;
  }
  EXPECT_THAT(*render_svg(numbers_figure("bits"), {}), HasSubstr("0.0999755859375"));
  EXPECT_FALSE(render_svg(numbers_figure("bits"), {.plot = "roundoff"}));
}

TEST(NumbersPicture, AllFormatsAreDrawnWithinTheirPanels) {
  const auto context = HeadlessContext::create();
  ASSERT_TRUE(context) << to_string(context.error());
  Experiment experiment;
  experiment.lab = LabName::numbers;
  std::string names;
  for (const NumberFormat& format : number_formats()) names += format.name + ",";
  experiment = *with_key(experiment, "numbers.formats", names + "e5m7");
  const Figure figure = *numbers_figure(experiment, nullptr);
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector}) {
    const auto svg = render_svg(figure, {"", 1920, 1080, 1, theme});
    ASSERT_TRUE(svg);
    // Each panel is a document of its own size: no word begins below its lower edge.
    const std::regex panel(R"(<svg x="[^"]*" y="[^"]*" [^>]*height="([\d.]+)\")");
    const std::regex word("<text x=\"[^\"]*\" y=\"([\\d.-]+)\"");
    for (std::sregex_iterator at(svg->begin(), svg->end(), panel), end; at != end; ++at) {
      const double height = std::stod(at->str(1));
      const auto begin = svg->begin() + at->position();
      const std::string inside(
          begin, svg->begin() + static_cast<long>(
                                    svg->find("</svg>", static_cast<std::size_t>(at->position()))));
      int words = 0;
      for (std::sregex_iterator w(inside.begin(), inside.end(), word); w != end; ++w, ++words)
        EXPECT_LE(std::stod(w->str(1)), height + 1) << name_of(theme);  // a pixel for rounding
      EXPECT_GT(words, 15);
    }
  }
}

}  // namespace
}  // namespace nanscope
