#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "imgui.h"
#include "imgui_impl_null.h"
#include "imgui_internal.h"
#include "tests/synthetic/synthetic_snapshot.h"
#include "ui/labs/signal/layer_equation.h"
#include "ui/labs/signal/plots/depth_plot.h"
#include "ui/labs/signal/plots/forward_variance.h"
#include "ui/text/text.h"

// Draws every plot on a backend without a screen, and looks at what it hands to the renderer.
namespace nanscope {
namespace {

struct Case {
  std::string name;
  SignalSnapshot snapshot;
};

Experiment small(int depth) {
  Experiment experiment;
  experiment.network.model.depth = depth;
  experiment.network.model.width = 64;
  return experiment;
}

SignalSnapshot all_nan() {
  SignalSnapshot snapshot = synthetic_snapshot(small(10));
  for (LayerSignal& layer : snapshot.layers) {
    for (Statistics& s : layer.statistics) {
      s = {NAN, NAN, NAN, NAN, 0, 0, 0, 0, s.count, 0, s.count};
    }
    layer.histogram = {};
    layer.predicted = {{NAN, NAN, NAN}, {NAN, NAN, NAN}, {0, INFINITY, INFINITY}, {}, NAN};
  }
  return snapshot;
}

std::vector<Case> cases() {
  Experiment seeds = small(20);
  seeds.network.networks = 16;
  Experiment overflow = small(50);
  overflow.network.precision = Precision::fp16;
  Experiment vanish = small(50);
  vanish.network.init.gain = 1e-3;
  vanish.network.precision = Precision::e5m2;
  SignalSnapshot input_layer = synthetic_snapshot(small(3));
  input_layer.layers.front().name = "input";
  SignalSnapshot without_histogram = synthetic_snapshot(small(5));
  for (LayerSignal& layer : without_histogram.layers) layer.histogram = {};
  return {{"empty", {}},
          {"nan", all_nan()},
          {"one_layer", synthetic_snapshot(small(1))},
          {"many_layers", synthetic_snapshot(small(200), SignalTensor::weight_grad)},
          {"seeds", synthetic_snapshot(seeds)},
          {"overflow", synthetic_snapshot(overflow)},
          {"underflow", synthetic_snapshot(vanish)},
          {"input_layer", input_layer},
          {"no_histogram", without_histogram}};
}

class PlotsTest : public testing::Test {
 protected:
  PlotsTest() {
    imgui_ = ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui_ImplNull_Init();
    // Called for what Dear ImGui asserts of its users, in release builds too.
    imgui_->ErrorCallbackUserData = &errors_;
    imgui_->ErrorCallback = [](ImGuiContext*, void* errors, const char* message) {
      static_cast<std::vector<std::string>*>(errors)->emplace_back(message);
    };
    fonts_ = load_fonts();
  }
  ~PlotsTest() override {
    ImGui_ImplNull_Shutdown();
    ImGui::DestroyContext(imgui_);
  }

  /// One frame with all plots in a 2x2 grid of panels of `size`.
  void frame(const SignalSnapshot& snapshot, const Style& style, ImVec2 size,
             PlotSelection& selection) {
    ImGui::GetIO().DisplaySize = {size.x * 2 + 60, size.y * 2 + 60};
    ImGui_ImplNull_NewFrame();
    ImGui::NewFrame();
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
    ImGui::Begin("plots", nullptr, ImGuiWindowFlags_NoDecoration);
    selection.next_frame();
    ScreenCanvas canvas(*ImGui::GetWindowDrawList(), style);
    const auto shared = std::make_shared<const SignalSnapshot>(snapshot);
    for (std::size_t i = 0; i < signal_plots().size(); ++i) {
      const ImVec2 corner = ImGui::GetCursorScreenPos();
      const PlotPlace place{corner, size};
      const Plot plot = plot_of(signal_plots()[i], shared, selection);
      const int before = ImGui::GetWindowDrawList()->VtxBuffer.Size;
      plot.draw(canvas, place);
      add_extent(corner, before);
      ImGui::Dummy(size);
      const ImVec2 pointer = ImGui::GetIO().MousePos;
      if (const auto reading = plot.read(style, place, pointer)) {
        selection.hovered_layer = reading->index;
        if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) selection.click(reading->index);
      }
      if (i % 2 == 0) ImGui::SameLine();
    }
    ImGui::End();
    ImGui::Render();
  }

  /// What a plot drew, from its corner on: the words at its edges may stand a pixel outside.
  void add_extent(ImVec2 corner, int first_vertex) {
    ImVec2 low{1e9f, 1e9f}, high{-1e9f, -1e9f};
    const ImDrawList& list = *ImGui::GetWindowDrawList();
    for (int i = first_vertex; i < list.VtxBuffer.Size; ++i) {
      const ImVec2 at = list.VtxBuffer[i].pos;
      low = {std::min(low.x, at.x - corner.x), std::min(low.y, at.y - corner.y)};
      high = {std::max(high.x, at.x - corner.x), std::max(high.y, at.y - corner.y)};
    }
    extents_.push_back({low, high});
  }

  /// Every vertex is a number that a renderer can take.
  void expect_drawable() const {
    int vertices = 0;
    for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists)
      for (const ImDrawVert& vertex : list->VtxBuffer) {
        ++vertices;
        ASSERT_TRUE(std::isfinite(vertex.pos.x) && std::isfinite(vertex.pos.y));
      }
    EXPECT_GT(vertices, 500);
    EXPECT_TRUE(errors_.empty()) << errors_.front();
  }

  ImGuiContext* imgui_ = nullptr;
  Fonts fonts_;
  std::vector<std::string> errors_;
  std::vector<std::pair<ImVec2, ImVec2>> extents_;
};

TEST_F(PlotsTest, DrawEverySnapshotInEveryThemeAndSize) {
  for (const Case& one : cases())
    for (const auto& [theme, name] : Names<ThemeId>::all) {
      SCOPED_TRACE(one.name + ", " + std::string(name));
      const Style style = make_style(theme, fonts_);
      apply(style);
      PlotSelection selection;
      for (const ImVec2 size : {ImVec2{520, 320}, ImVec2{1900, 900}, ImVec2{180, 120}})
        frame(one.snapshot, style, size, selection);
      expect_drawable();
    }
}

TEST_F(PlotsTest, StayInTheirRectangle) {
  const Style style = make_style(ThemeId::light, fonts_);
  apply(style);
  PlotSelection selection;
  const ImVec2 size{520, 320};
  frame(synthetic_snapshot(small(50)), style, size, selection);
  ASSERT_EQ(extents_.size(), 4u);
  for (const auto& [low, high] : extents_) {
    EXPECT_GE(low.x, -1);  // a pixel of rounding
    EXPECT_GE(low.y, -1);
    EXPECT_LE(high.x, size.x + 1);
    EXPECT_LE(high.y, size.y + 1);
    // All of it is used.
    EXPECT_GT(high.x, size.x * 0.9f);
    EXPECT_GT(high.y, size.y * 0.9f);
  }
}

TEST_F(PlotsTest, PointerNamesTheLayerAndEveryPlotFollows) {
  const Style style = make_style(ThemeId::light, fonts_);
  apply(style);
  const SignalSnapshot snapshot = synthetic_snapshot(small(10));
  PlotSelection selection;
  // Over the middle of the first plot's area, whose ten layers are about 45 pixels wide.
  ImGui::GetIO().AddMousePosEvent(300, 180);
  for (int i = 0; i < 3; ++i) frame(snapshot, style, {520, 320}, selection);
  ASSERT_TRUE(selection.hovered_layer);
  EXPECT_GE(*selection.hovered_layer, 3);
  EXPECT_LE(*selection.hovered_layer, 6);
  EXPECT_EQ(selection.guide_layer, selection.hovered_layer);
  EXPECT_FALSE(selection.chosen_layer);

  ImGui::GetIO().AddMouseButtonEvent(ImGuiMouseButton_Left, true);
  frame(snapshot, style, {520, 320}, selection);
  ImGui::GetIO().AddMouseButtonEvent(ImGuiMouseButton_Left, false);
  frame(snapshot, style, {520, 320}, selection);
  EXPECT_EQ(selection.chosen_layer, selection.hovered_layer);
  expect_drawable();

  ImGui::GetIO().AddMousePosEvent(-1, -1);
  frame(snapshot, style, {520, 320}, selection);
  frame(snapshot, style, {520, 320}, selection);
  EXPECT_FALSE(selection.hovered_layer);
  EXPECT_TRUE(selection.chosen_layer);
}

TEST_F(PlotsTest, TheLegendSaysWhetherABandHolds) {
  const Style style = make_style(ThemeId::light, fonts_);
  const auto legend_end = [&](const SignalSnapshot& snapshot) {
    const auto shared = std::make_shared<const SignalSnapshot>(snapshot);
    return forward_variance(SignalView(shared), style, 300).legend.back();
  };
  SignalSnapshot snapshot = synthetic_snapshot(small(4));
  EXPECT_EQ(legend_end(snapshot).words, "predicted, with 95 % band");
  snapshot.layers[3].predicted.activation_variance.missing = NoBand::spread;
  EXPECT_EQ(legend_end(snapshot).words, "predicted; 95 % band where one holds");
  EXPECT_EQ(legend_end(snapshot).sample, Sample::predicted);
  for (LayerSignal& layer : snapshot.layers) {
    layer.predicted.activation_variance = {NAN, 1, NAN, NoBand::spread};
    layer.predicted.preactivation_variance = {NAN, 1, NAN, NoBand::spread};
  }
  EXPECT_EQ(legend_end(snapshot).words, "predicted; no band holds here");
  EXPECT_EQ(legend_end(snapshot).sample, Sample::line);
  PlotSelection selection;
  apply(style);
  frame(snapshot, style, {520, 320}, selection);
  expect_drawable();
}

TEST_F(PlotsTest, AStaleSelectionIsHarmless) {
  const Style style = make_style(ThemeId::dark, fonts_);
  apply(style);
  PlotSelection selection;
  selection.chosen_layer = 150;
  selection.hovered_layer = 180;
  frame(synthetic_snapshot(small(3)), style, {520, 320}, selection);
  expect_drawable();
}

TEST(SignalPlots, AreFoundByName) {
  EXPECT_EQ(signal_plots().size(), 4u);
  for (const SignalPlot& plot : signal_plots()) EXPECT_EQ(find_signal_plot(plot.name), &plot);
  EXPECT_EQ(find_signal_plot("no_such_plot"), nullptr);
}

TEST(SignalPlots, CountLayersFromTheInput) {
  SignalSnapshot snapshot = synthetic_snapshot(small(2));
  EXPECT_EQ(first_layer_number(snapshot), 1);
  snapshot.layers.front().name = "input";
  EXPECT_EQ(first_layer_number(snapshot), 0);
}

TEST_F(PlotsTest, APredictionBeyondFp64SaysSo) {
  const Style style = make_style(ThemeId::light, fonts_);
  SignalSnapshot snapshot = synthetic_snapshot(small(4));
  snapshot.layers[2].predicted.activation_variance = {NAN, INFINITY, NAN, NoBand::format};
  const auto shared = std::make_shared<const SignalSnapshot>(snapshot);
  PlotReading reading;
  forward_variance(SignalView(shared), style, 300).read(reading, 2, 0);
  EXPECT_EQ(reading.table.rows.back()[2], "> 1.8e308");
  EXPECT_EQ(reading.table.rows.back()[3], "-");
  reading = {};
  forward_variance(SignalView(shared), style, 300).read(reading, 1, 0);
  EXPECT_EQ(reading.table.rows.back()[2],
            number_text(snapshot.layers[1].predicted.activation_variance.expected));
  // The equation's own result.
  snapshot.layers[2].statistics[static_cast<int>(SignalTensor::weight)].variance = 1e300;
  snapshot.layers[1].statistics[static_cast<int>(SignalTensor::activation)].rms = 1e20;
  const std::vector<EquationLine> lines = variance_equation(snapshot, 2);
  EXPECT_TRUE(lines[1].words.ends_with("1.00e+40 > 1.8e308")) << lines[1].words;
}

}  // namespace
}  // namespace nanscope
