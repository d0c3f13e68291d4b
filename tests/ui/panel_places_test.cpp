#include "ui/export/panel_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

// Where the plots of a figure with many of them stand.
namespace nanscope {
namespace {

using ::testing::ElementsAre;

/// Plots with a height each; those whose name begins with '+' stand beside the one before.
Figure figure_of(const std::vector<std::pair<std::string, float>>& plots) {
  Figure figure;
  figure.stacked = true;
  for (const auto& [name, height] : plots) {
    FigurePlot& plot = figure.plots.emplace_back();
    plot.beside = name.starts_with('+');
    plot.plot.name = plot.beside ? name.substr(1) : name;
    plot.height = height;
  }
  return figure;
}

std::vector<PanelPlace> placed(const Figure& figure, ImVec2 area, float em) {
  std::vector<const FigurePlot*> plots;
  for (const FigurePlot& plot : figure.plots) plots.push_back(&plot);
  return place_panels(figure, plots, {.em = em, .gap = 8, .padding = 8}, {0, 0}, area);
}

std::vector<int> row_sizes(const std::vector<PanelPlace>& places) {
  std::vector<int> sizes;
  float top = -1;
  for (const PanelPlace& place : places) {
    if (place.at.y != top) sizes.push_back(0);
    top = place.at.y;
    ++sizes.back();
  }
  return sizes;
}

// Seven plots of a run, in the rows that its figure asks for.
Figure seven() {
  return figure_of({{"loss", 1.4f},
                    {"+accuracy", 1.4f},
                    {"gradient_norm", 1},
                    {"+learning_rate", 1},
                    {"loss_scale", 1},
                    {"+gradient_magnitudes", 1},
                    {"layers", 1.4f}});
}

TEST(PanelPlaces, SevenPlotsInASmallWindowAreNoneTooLowToBeRead) {
  const Figure figure = seven();
  for (const auto& [area, em] : {std::pair{ImVec2{700, 610}, 16.0f},  // 1280x800
                                 {{1240, 880}, 16.0f},                // 1920x1080
                                 {{880, 600}, 21.0f},                 // projector, 1280x800
                                 {{1330, 850}, 28.0f}}) {             // projector, 1920x1080
    const std::vector<PanelPlace> places = placed(figure, area, em);
    ASSERT_EQ(places.size(), 7u);
    for (const PanelPlace& place : places) {
      EXPECT_GE(place.size.y, 9 * em) << place.plot->name() << " " << area.x << " " << em;
      EXPECT_GE(place.size.x, 12 * em) << place.plot->name() << " " << area.x << " " << em;
      EXPECT_LE(place.at.x + place.size.x, area.x + 1);
      EXPECT_LE(place.at.y + place.size.y, area.y + 1);
    }
  }
}

TEST(PanelPlaces, OfTwoPlotsUnderOneAnotherNoneIsFlattenedWhereThereIsLittleRoom) {
  const Figure figure = figure_of({{"loss", 0.7f}, {"step_layers", 1.4f}});
  for (const PanelPlace& place : placed(figure, {880, 420}, 21))  // projector, 1280x800
    EXPECT_NEAR(place.size.y, 206, 1) << place.plot->name();
  const std::vector<PanelPlace> roomy = placed(figure, {1240, 880}, 16);
  EXPECT_LT(roomy.front().size.y, roomy.back().size.y / 1.9f);
}

TEST(PanelPlaces, ALesserPlotSharesARowWhereOthersDo) {
  const Figure figure = figure_of({{"loss", 1.4f},
                                   {"+decision_surface", 1.4f},
                                   {"accuracy", 1},
                                   {"+gradient_norm", 1},
                                   {"learning_rate", 1}});
  for (const ImVec2 area : {ImVec2{700, 610}, {1240, 880}})
    EXPECT_THAT(row_sizes(placed(figure, area, 16)), ElementsAre(2, 3)) << area.x;
}

TEST(PanelPlaces, APlaneIsNotFlattenedForOneMoreRow) {
  const Figure figure = figure_of({{"loss", 1.4f},
                                   {"+decision_surface", 1.4f},
                                   {"accuracy", 1},
                                   {"+gradient_norm", 1},
                                   {"learning_rate", 1},
                                   {"+layers", 1.4f}});
  for (const PanelPlace& place : placed(figure, {970, 885}, 26))
    EXPECT_GE(place.size.y, place.size.x * 0.9f) << place.plot->name();
}

TEST(PanelPlaces, WhereThereIsRoomTheFiguresOwnRowsStay) {
  const Figure figure =
      figure_of({{"loss", 1.4f}, {"+accuracy", 1.4f}, {"gradient_norm", 1}, {"+learning_rate", 1}});
  EXPECT_THAT(row_sizes(placed(figure, {1240, 880}, 16)), ElementsAre(2, 2));
  EXPECT_THAT(row_sizes(placed(figure, {700, 610}, 16)), ElementsAre(2, 2));
}

}  // namespace
}  // namespace nanscope
