#include "engine/experiment/view.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "engine/experiment/json.h"
#include "engine/experiment/keys.h"

namespace nanscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(View, IsWrittenWhereItWasChanged) {
  Experiment experiment;
  EXPECT_EQ(to_json(experiment).find("view"), std::string::npos);
  experiment.view = {
      .plot = "histogram",
      .histogram = SignalTensor::weight,
      .layer = 12,
      .zoom = {{.plot = "forward_variance", .x = ViewRange{-1, 20}, .y = ViewRange{1e-3, 1e5}},
               {.plot = "nan_gate", .y = ViewRange{2, 3}}}};
  const std::string json = to_json(experiment, -1);
  EXPECT_THAT(json,
              HasSubstr(R"("view":{"plot":"histogram","histogram":"weight","layer":"12",)"
                        R"("zoom":"forward_variance x -1 20 y 0.001 100000; nan_gate y 2 3"})"));
  EXPECT_EQ(from_json(json).value(), experiment);
}

TEST(View, ComesFromTheCommandLine) {
  const auto zoomed = with_key({}, "view.zoom", "a x 0 20 y 1e-3 1e5;b x 0 1;");
  ASSERT_TRUE(zoomed) << to_string(zoomed.error());
  EXPECT_THAT(zoomed->view.zoom,
              ElementsAre(ViewZoom{.plot = "a", .x = ViewRange{0, 20}, .y = ViewRange{1e-3, 1e5}},
                          ViewZoom{.plot = "b", .x = ViewRange{0, 1}}));
  EXPECT_THAT(with_key(*zoomed, "view.zoom", "")->view.zoom, IsEmpty());
}

TEST(View, SaysWhatAZoomIs) {
  for (const char* wrong :
       {"a", "a x 1", "a x 1 2 y", "a x 1 2 y 3 4 5", "a x 2 1", "a y 1 1", "a x 1 nan",
        "a x 1 inf", "a x 1e17 2e17", "a y 0 5e-324", "a y 1 1.0000000001", "A! x 1 2", "a x 1 b",
        "a y 1 2 x 1 2", ";", "a x 1 2;;"}) {
    const auto zoomed = with_key({}, "view.zoom", wrong);
    ASSERT_FALSE(zoomed) << wrong;
    EXPECT_THAT(to_string(zoomed.error()), HasSubstr("view.zoom: ")) << wrong;
    EXPECT_THAT(to_string(zoomed.error()), HasSubstr("forward_variance x 0 20 y -3 5")) << wrong;
  }
  EXPECT_FALSE(with_key({}, "view.plot", "no plot"));
  EXPECT_FALSE(with_key({}, "view.layer", "201"));
}

TEST(View, HoldsPinnedReadings) {
  Experiment experiment;
  experiment.view.pins = {{"forward_variance", 12, -3.5}, {"forward_variance", 30, 1e-3}};
  const std::string json = to_json(experiment, -1);
  EXPECT_THAT(json, HasSubstr(R"("pins":"forward_variance x 12 y -3.5; )"
                              R"(forward_variance x 30 y 0.001")"));
  EXPECT_EQ(from_json(json).value(), experiment);
  EXPECT_EQ(with_key({}, "view.pins", " a x 1 y 2 ;b x 0 y 0;")->view.pins,
            (std::vector<ViewPin>{{"a", 1, 2}, {"b", 0, 0}}));
  EXPECT_THAT(with_key(experiment, "view.pins", "")->view.pins, IsEmpty());
  EXPECT_TRUE(find_key("view.pins")->live);
  experiment.view.zoom = {{.plot = "forward_variance", .x = ViewRange{0, 1}}};
  experiment.view.lock = {{.plot = "forward_variance", .y = ViewRange{0, 1}},
                          {.plot = "b", .y = ViewRange{0, 1}}};
  forget_plot(experiment.view, "forward_variance");
  EXPECT_THAT(experiment.view.pins, IsEmpty());
  EXPECT_THAT(experiment.view.zoom, IsEmpty());
  EXPECT_THAT(experiment.view.lock, ElementsAre(ViewZoom{.plot = "b", .y = ViewRange{0, 1}}));
}

TEST(View, HoldsHowARunIsDrawn) {
  Experiment experiment;
  experiment.view = {.x = RunAxis::samples,
                     .map = LayerQuantity::update,
                     .smoothing = 0.5,
                     .log = false,
                     .look = 120};
  const std::string json = to_json(experiment, -1);
  EXPECT_THAT(
      json,
      HasSubstr(
          R"("view":{"x":"samples","map":"update","smoothing":0.5,"log":false,"look":"120"})"));
  EXPECT_EQ(from_json(json).value(), experiment);
  EXPECT_FALSE(with_key({}, "view.smoothing", "1"));
  EXPECT_FALSE(with_key({}, "view.look", "-1"));
}

TEST(View, SaysWhatAPinIs) {
  for (const char* wrong : {"a", "a x 1", "a y 1", "a x 1 y", "a y 1 x 1", "a x 1 y nan",
                            "a x 1 y 2 3", "a x 1e13 y 0", "A! x 1 y 2", ";", "a 1 2"}) {
    const auto pinned = with_key({}, "view.pins", wrong);
    ASSERT_FALSE(pinned) << wrong;
    EXPECT_THAT(to_string(pinned.error()), HasSubstr("view.pins: ")) << wrong;
    EXPECT_THAT(to_string(pinned.error()), HasSubstr("as in forward_variance x 12 y -3.5"))
        << wrong;
  }
  const auto three = with_key({}, "view.pins", "a x 1 y 1; b x 1 y 1; a x 2 y 1; a x 3 y 1");
  ASSERT_FALSE(three);
  EXPECT_THAT(to_string(three.error()), HasSubstr("at most 2 readings of a are pinned"));
}

TEST(View, HoldsWhatIsChosenInALab) {
  Experiment experiment;
  experiment.view.row = "bf16";
  experiment.view.step = 2;
  experiment.view.element = ViewElement{.step = 2, .index = {1, 0}};
  experiment.view.windows = {{.step = 1, .index = {0, 64}}, {.step = 3, .index = {}}};
  const std::string json = to_json(experiment, -1);
  EXPECT_THAT(json, HasSubstr(R"("view":{"row":"bf16","step":"2","element":"2[1, 0]",)"
                              R"("windows":"1[0, 64]; 3[]"})"));
  EXPECT_EQ(from_json(json).value(), experiment);
  EXPECT_EQ(with_key({}, "view.element", " 2 [ 1,0 ] ")->view.element, experiment.view.element);
  EXPECT_FALSE(with_key(experiment, "view.element", "")->view.element);
  EXPECT_THAT(with_key(experiment, "view.windows", "")->view.windows, IsEmpty());
}

TEST(View, TakesNumbersAsNumbersAndAsTexts) {
  for (const char* json :
       {R"({"view":{"layer":3,"step":4}})", R"({"view":{"layer":"3","step":"4"}})",
        R"({"view":{"layer":3.0,"step":4}})"}) {
    const auto experiment = from_json(json);
    ASSERT_TRUE(experiment) << json << to_string(experiment.error());
    EXPECT_EQ(experiment->view.layer, 3);
    EXPECT_EQ(experiment->view.step, 4);
  }
  for (const char* wrong : {"-3", "3.5", "201", "1e99", "true", "null", "[3]", "\"3x\""}) {
    const auto experiment = from_json(fmt::format(R"({{"view":{{"layer":{}}}}})", wrong));
    ASSERT_FALSE(experiment) << wrong;
    EXPECT_THAT(to_string(experiment.error()), HasSubstr("view.layer: ")) << wrong;
  }
  // A number is no text where a text is wanted.
  EXPECT_FALSE(from_json(R"({"view":{"plot":3}})"));
}

TEST(View, SaysWhatAnElementIs) {
  for (const char* key : {"view.element", "view.windows"})
    for (const char* wrong : {"2", "[1]", "0[1]", "2[-1]", "2[1", "2[1,]", "2[,1]", "2[1]x", "2(1)",
                              "-2[1]", "2[9999999999999999999]", "99999[1]"}) {
      const auto set = with_key({}, key, wrong);
      ASSERT_FALSE(set) << wrong;
      EXPECT_THAT(to_string(set.error()), HasSubstr("as in 2[1, 0]")) << wrong;
    }
  EXPECT_FALSE(with_key({}, "view.element", "1[0]; 2[0]"));
  EXPECT_FALSE(with_key({}, "view.row", "fp17"));
  EXPECT_FALSE(with_key({}, "view.step", "0"));
}

TEST(View, HoldsOneZoomAPlot) {
  ViewSpec view;
  set_zoom(view, {.plot = "a", .x = ViewRange{0, 1}});
  set_zoom(view, {.plot = "b", .x = ViewRange{0, 2}});
  set_zoom(view, {.plot = "a", .y = ViewRange{0, 3}});
  ASSERT_TRUE(find_zoom(view, "a"));
  EXPECT_FALSE(find_zoom(view, "a")->x);
  EXPECT_EQ(view.zoom.size(), 2u);
  set_zoom(view, {.plot = "a"});
  EXPECT_FALSE(find_zoom(view, "a"));
  EXPECT_TRUE(find_zoom(view, "b"));
}

TEST(Keys, SayWhatMayChangeDuringARun) {
  EXPECT_TRUE(find_key("optimizer.lr")->live);
  EXPECT_TRUE(find_key("view.zoom")->live);
  EXPECT_FALSE(find_key("model.depth")->live);
  EXPECT_FALSE(find_key("seed")->live);
}

}  // namespace
}  // namespace nanscope
