#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/experiment/json.h"
#include "engine/job/job.h"
#include "engine/optimizers/paths.h"
#include "engine/roundoff/roundoff.h"
#include "engine/tensor_language/memory_timings.h"
#include "imgui.h"
#include "imgui_impl_null.h"
#include "tests/synthetic/synthetic_chain.h"
#include "tests/synthetic/synthetic_snapshot.h"
#include "tests/ui/recording_canvas.h"
#include "ui/charts/labels.h"
#include "ui/export/picture_layout.h"
#include "ui/labs/costs/figure.h"
#include "ui/labs/numbers/figure.h"
#include "ui/labs/optimizers/figure.h"
#include "ui/labs/signal/figure.h"
#include "ui/labs/tensors/figure.h"
#include "ui/labs/tensors/timings.h"

// No text lies on another one or leaves its plot: every plot of every lab, in all themes, as a
// picture of usual sizes and as it stands in a window of these sizes.
namespace nanscope {
namespace {

struct Shown {
  std::string name;
  Figure figure;
};

Experiment deep(int depth, Precision precision, InitScheme scheme = InitScheme::normal) {
  Experiment experiment;
  experiment.network.model.depth = depth;
  experiment.network.model.width = 64;
  experiment.network.precision = precision;
  experiment.network.init.scheme = scheme;
  return experiment;
}

SignalView pass_of(const Experiment& experiment) {
  return SignalView(std::make_shared<const SignalSnapshot>(synthetic_snapshot(experiment)));
}

void add_signal(std::vector<Shown>& all) {
  const Experiment explodes = deep(50, Precision::fp32);
  Experiment seeds = deep(20, Precision::fp32, InitScheme::kaiming);
  seeds.network.networks = 16;
  Experiment vanishes = deep(50, Precision::e5m2);
  vanishes.network.init.gain = 1e-3;
  Experiment fades = deep(30, Precision::fp32);
  fades.network.init.gain = 0.01;
  for (const auto& [name, experiment] : {std::pair{"signal explodes", explodes},
                                         {"signal overflows", deep(50, Precision::fp16)},
                                         {"signal seeds", seeds},
                                         {"signal vanishes", vanishes},
                                         {"signal fades", fades},
                                         {"signal of one layer", deep(1, Precision::fp32)},
                                         {"signal of 200 layers", deep(200, Precision::bf16)}})
    all.push_back({name, signal_figure(pass_of(experiment))});
  // An overflow behind which gradients go on: all labels at once.
  SignalSnapshot gate = synthetic_snapshot(deep(30, Precision::fp32));
  for (std::size_t i = 20; i < gate.layers.size(); ++i)
    for (const SignalTensor tensor : {SignalTensor::preactivation, SignalTensor::activation}) {
      Statistics& values = gate.layers[i].statistics[static_cast<std::size_t>(tensor)];
      values.variance = values.mean = NAN;
      (i == 20 ? values.positive_infs : values.nans) = values.count;
    }
  SignalView busy(std::make_shared<const SignalSnapshot>(gate));
  busy.words = "initialization normal, gain 1, width 256";
  busy.other = {pass_of(deep(25, Precision::fp32, InitScheme::kaiming)).pass,
                "initialization kaiming, gain 0.0625, width 1024 and 2 more"};
  busy.before = {pass_of(seeds).pass, "gain 0.51"};
  all.push_back({"signal beside others", signal_figure(busy)});
}

void add_numbers(std::vector<Shown>& all) {
  for (const RoundoffExperiment& one : roundoff_experiments()) {
    Experiment experiment;
    experiment.numbers.view = one.name;
    experiment.numbers.settings = one.defaults;
    auto chart = run_roundoff(one.name, one.defaults);
    ASSERT_TRUE(chart) << one.name << ": " << to_string(chart.error());
    auto figure =
        numbers_figure(experiment, std::make_shared<const RoundoffChart>(*std::move(chart)));
    ASSERT_TRUE(figure) << one.name;
    all.push_back({fmt::format("numbers {}", one.name), *std::move(figure)});
  }
  for (const char* view : {"bits", "ranges"})
    for (const char* formats : {"", "fp32,bf16,fp16", "e4m3,e4m3fnuz,e5m2,e5m2fnuz"})
      for (const char* input : {"0.1", "65519", "-1e300"}) {
        Experiment experiment;
        experiment.numbers.view = view;
        experiment.numbers.input = input;
        if (*formats) experiment = *with_key(experiment, "numbers.formats", formats);
        experiment.numbers.view = view;
        if (auto figure = numbers_figure(experiment, nullptr))
          all.push_back(
              {fmt::format("numbers {} of {} in {}", view, input, formats), *std::move(figure)});
        if (std::string_view(view) == "ranges") break;
      }
}

void add_tensors(std::vector<Shown>& all) {
  const auto chain = std::make_shared<const TensorChain>(synthetic_chain());
  for (const TensorsView view : {TensorsView::chain, TensorsView::memory}) {
    Experiment experiment;
    experiment.tensors.view = view;
    all.push_back({fmt::format("tensors {}", name_of(view)), tensors_figure(experiment, chain)});
  }
  auto timings = std::make_shared<MemoryTimings>();
  timings->cache_bytes = {32768, 1 << 20, 32 << 20};
  for (const int side : {64, 256, 1024, 4096})
    timings->traversals.push_back(
        {side, side, 1e-9 * side * side, 2e-9 * side * side, 1234, 56789});
  timings->copies = {{CopyKind::memcpy, 64 << 20, 5e-3, 6e-3, 0},
                     {CopyKind::first_touch, 64 << 20, 2e-2, 2.1e-2, 16384}};
  timings->device_missing = "no NVIDIA driver is loaded; install one";
  all.push_back({"tensors timings", memory_timings_figure(Experiment(), timings)});
}

void add_optimizers(std::vector<Shown>& all) {
  std::string twelve;
  for (const auto& [kind, name] : Names<OptimizerKind>::all)
    twelve += fmt::format("{}{}", twelve.empty() ? "" : ",", name);
  for (const auto& [name, pairs] :
       {std::pair{"of the start", std::vector<std::pair<std::string, std::string>>{}},
        {"in fp16",
         {{"format", "fp16"}, {"shown", "adam lr=0.1"}, {"watched", "adam"}, {"step", "40"}}},
        {"that diverge", {{"lr", "0.05"}, {"shown", "sgd,momentum,nesterov,adam"}}},
        {"all twelve", {{"surface", "rosenbrock"}, {"shown", twelve}, {"watched", "lamb"}}}}) {
    Experiment experiment;
    for (const auto& [key, value] : pairs)
      experiment = *with_key(experiment, "optimizers." + key, value);
    experiment.lab = LabName::optimizers;
    JobContext context({}, {});
    all.push_back(
        {fmt::format("optimizers {}", name),
         optimizers_figure(
             experiment,
             run_job(*paths_request(experiment.optimizers).make_job(), context)->as<Paths>())});
  }
}

void add_costs(std::vector<Shown>& all) {
  using CostsKeys = std::vector<std::pair<std::string, std::string>>;
  const std::pair<std::string, std::string> digits{"data.kind", "digits"};
  for (const auto& [name, pairs] : std::vector<std::pair<std::string, CostsKeys>>{
           {"of a run", {digits}},
           {"of two runs", {digits, {"compare", "optimizer.kind=sgd; batch=512"}}},
           {"of one layer", {{"model.depth", "1"}}},
           {"flops", {digits, {"costs.view", "flops"}, {"recompute", "4"}}},
           {"transformer", {{"costs.view", "transformer"}}},
           {"experts", {{"costs.view", "transformer"}, {"costs.model", "deepseek-v3"}}},
           {"two transformers",
            {{"costs.view", "transformer"},
             {"costs.devices", "8"},
             {"compare", "costs.zero=3; costs.model=gpt2"}}},
           {"napkin", {{"costs.view", "napkin"}, {"costs.price", "2"}}},
           {"two napkins", {{"costs.view", "napkin"}, {"compare", "costs.devices=2048"}}},
           {"product",
            {{"costs.view", "napkin"},
             {"costs.question", "product"},
             {"costs.seconds", "0.1"},
             {"costs.device", "rtx-3090"},
             {"costs.precision", "fp32"}}},
           {"walk", {digits, {"costs.view", "walk"}}},
           {"optimizer", {digits, {"costs.view", "walk"}, {"costs.step", "100000"}}},
           {"example", {{"costs.view", "walk"}, {"costs.walk", "example"}, {"costs.step", "5"}}}}) {
    Experiment experiment;
    for (const auto& [key, value] : pairs) experiment = *with_key(experiment, key, value);
    experiment.lab = LabName::costs;
    JobResults results;
    for (const JobRequest& request : costs_jobs(experiment)) {
      JobContext context({}, {});
      results.set(request.slot(), *run_job(*request.make_job(), context));
    }
    all.push_back(
        {"costs " + name, *costs_figure(experiment, std::make_shared<const CostsPicture>(
                                                        costs_picture(experiment, results)))});
  }
}

const std::vector<Shown>& everything() {
  static const std::vector<Shown> all = [] {
    std::vector<Shown> made;
    add_signal(made);
    add_numbers(made);
    add_tensors(made);
    add_optimizers(made);
    add_costs(made);
    return made;
  }();
  return all;
}

/// A plot's part of a drawing.
struct Region {
  std::string plot;
  ImVec2 low, high;
};

class Overlap : public testing::TestWithParam<std::tuple<ThemeId, ImVec2>> {
 protected:
  Overlap() {
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui_ImplNull_Init();
    fonts_ = load_fonts();
    ImGui::GetIO().DisplaySize = size();
    ImGui_ImplNull_NewFrame();
    ImGui::NewFrame();
  }
  ~Overlap() override {
    ImGui::EndFrame();
    ImGui_ImplNull_Shutdown();
    ImGui::DestroyContext();
  }
  static ThemeId theme() { return std::get<0>(GetParam()); }
  static ImVec2 size() { return std::get<1>(GetParam()); }

  using Words = RecordingCanvas::Words;
  /// The part of a line that letters take: between the tops of capitals and a little below their
  /// feet. Descenders of one line may reach between the capitals of the next.
  static Words letters(Words one) {
    const float height = one.high.y - one.low.y;
    one.low.y += 0.2f * height;
    one.high.y -= 0.15f * height;
    one.low.x += 0.5f;
    one.high.x -= 0.5f;
    return one;
  }
  /// What of the texts lies on another one, or outside of the region.
  static std::vector<std::string> faults(const std::vector<Words>& texts, const Region& region) {
    std::vector<std::string> found;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const Words a = letters(texts[i]);
      // A pixel of rounding.
      if (a.low.x < region.low.x - 1 || a.high.x > region.high.x + 1 ||
          a.low.y < region.low.y - 1 || a.high.y > region.high.y + 1)
        found.push_back(fmt::format("\"{}\" leaves {}", a.words, region.plot));
      if (a.cut) found.push_back(fmt::format("\"{}\" is cut", a.words));
      for (std::size_t k = 0; k < i; ++k) {
        const Words b = letters(texts[k]);
        if (a.low.x < b.high.x && a.high.x > b.low.x && a.low.y < b.high.y && a.high.y > b.low.y)
          found.push_back(fmt::format("\"{}\" lies on \"{}\"", a.words, b.words));
      }
    }
    return found;
  }
  /// Remembers the faults of a drawing: the first ones of each plot are told.
  void look_at(const std::string& drawing, const RecordingCanvas& canvas, const Region& region) {
    const std::vector<std::string> found = faults(canvas.texts, region);
    if (!found.empty()) told_[drawing] = fmt::format("{} ({} in all)", found.front(), found.size());
  }
  void TearDown() override {
    for (const auto& [drawing, fault] : told_) ADD_FAILURE() << drawing << ": " << fault;
  }

  Fonts fonts_;
  std::map<std::string, std::string> told_;
};

TEST_P(Overlap, IsNoneInPictures) {
  for (const Shown& one : everything()) {
    std::vector<std::string> plots{""};
    for (const FigurePlot& plot : one.figure.plots) plots.push_back(plot.name());
    for (const std::string& plot : plots) {
      const PictureRequest request{plot, static_cast<int>(size().x), static_cast<int>(size().y), 1,
                                   theme()};
      const Style style = make_style(theme(), fonts_, slide_zoom(one.figure, request));
      apply(style);
      const SlideLayout layout = lay_out_slide(one.figure, request, style);
      RecordingCanvas frame(style, layout.size);
      draw_slide_frame(frame, one.figure, layout);
      look_at(fmt::format("picture of {}, frame {}", one.name, plot), frame,
              {"the picture", {0, 0}, layout.size});
      for (const PanelPlace& panel : layout.panels) {
        const PanelPlace area = plot_area(panel, layout);
        RecordingCanvas canvas(style, layout.size);
        area.plot->plot.draw(canvas, {area.at, area.size, {}});
        look_at(
            fmt::format("picture of {} {}, {}", one.name, plot.empty() ? "with all" : "alone",
                        area.plot->name()),
            canvas,
            {area.plot->name(), panel.at, {panel.at.x + panel.size.x, panel.at.y + panel.size.y}});
      }
    }
  }
}

TEST_P(Overlap, IsNoneInTheWindow) {
  // What the panel of plots has of a window beside the controls, below menu and sentence.
  const ImVec2 room{size().x * 0.62f, size().y * 0.78f};
  for (const Shown& one : everything()) {
    // The grids of charts. The other labs' pages scroll, or belong to a text.
    if (!one.name.starts_with("signal") && !one.name.starts_with("optimizers")) continue;
    // As the shell fits the projector's type to its window.
    const float fit = std::sqrt(std::min(size().x / 1920, size().y / 1080));
    const float zoom = theme() == ThemeId::projector ? std::clamp(fit, 0.75f, 1.0f) : 1.0f;
    const Style style = make_style(theme(), fonts_, size().x > 2560 ? 2.0f : zoom);
    apply(style);
    std::vector<const FigurePlot*> plots;
    for (const FigurePlot& plot : one.figure.plots)
      if (!plot.alone) plots.push_back(&plot);
    const PanelMeasures measures{body(style), style.spacing, style.spacing};
    for (const PanelPlace& panel : place_panels(one.figure, plots, measures, {0, 0}, room)) {
      const ImVec2 inside{panel.size.x - 2 * style.spacing, panel.size.y - 2 * style.spacing};
      RecordingCanvas canvas(style, size());
      panel.plot->plot.draw(canvas, {{0, 0}, inside});
      look_at(fmt::format("{} in the window, {}", one.name, panel.plot->name()), canvas,
              {panel.plot->name(), {0, 0}, inside});
    }
  }
}

/// Points of the curves that were drawn, a pixel from one another; straight lines are axes, limits
/// and guides.
std::vector<ImVec2> points_of_curves(const RecordingCanvas& canvas, const LabelBox& area) {
  std::vector<ImVec2> points;
  const auto add = [&](const std::vector<ImVec2>& line) {
    if (line.size() > 2) add_points_along(points, line, 1, area);
  };
  for (const std::vector<ImVec2>& line : canvas.lines_drawn) add(line);
  for (const RecordingCanvas::Dashes& line : canvas.dashes_drawn) add(line.points);
  return points;
}

/// Words in a plot's area that hide a curve though there is room at their height where they would
/// hide nothing.
std::vector<std::string> hiding_words(const RecordingCanvas& canvas, const LabelBox& area,
                                      float around) {
  const std::vector<ImVec2> curves = points_of_curves(canvas, area);
  const auto hides = [&](const LabelBox& box) {
    return std::ranges::any_of(curves, [&](ImVec2 point) { return box.holds(point); });
  };
  std::vector<std::string> found;
  for (const RecordingCanvas::Words& one : canvas.texts) {
    const LabelBox box{one.low, one.high};
    if (!box.inside(area) || !hides(box)) continue;
    const float width = one.high.x - one.low.x;
    for (float x = area.low.x + around; x + width + around < area.high.x; x += 2) {
      const LabelBox there{{x - around, one.low.y - around},
                           {x + width + around, one.high.y + around}};
      const auto taken = [&](const RecordingCanvas::Words& other) {
        return &other != &one && there.touches({other.low, other.high});
      };
      if (hides(there) || std::ranges::any_of(canvas.texts, taken)) continue;
      found.push_back(fmt::format("\"{}\" hides a curve", one.words));
      break;
    }
  }
  return found;
}

/// Words on the rows of a heat map that have names of their own.
std::vector<std::string> words_on_rows(const RecordingCanvas& canvas, const LabelBox& area) {
  const ImU32 ground = ink(canvas.style().palette.raised, 0.7f);
  std::vector<std::string> found;
  for (const RecordingCanvas::Fill& row : canvas.fills) {
    if (row.color != ground) continue;
    for (const RecordingCanvas::Words& one : canvas.texts)
      if (LabelBox{one.low, one.high}.inside(area) &&
          LabelBox{row.low, row.high}.touches({one.low, one.high}))
        found.push_back(fmt::format("\"{}\" lies on a row", one.words));
  }
  return found;
}

TEST_P(Overlap, LabelsGiveWayToCurves) {
  const ImVec2 room{size().x * 0.62f, size().y * 0.78f};
  const float fit = std::sqrt(std::min(size().x / 1920, size().y / 1080));
  const float zoom = theme() == ThemeId::projector ? std::clamp(fit, 0.75f, 1.0f) : 1.0f;
  const Style style = make_style(theme(), fonts_, size().x > 2560 ? 2.0f : zoom);
  apply(style);
  for (const Shown& one : everything()) {
    // Those of the ranges are no curves, but rings around marks; names of places on a surface stand
    // beside these.
    if (one.name.starts_with("tensors") || one.name.starts_with("numbers ranges") ||
        one.name.starts_with("optimizers"))
      continue;
    std::vector<const FigurePlot*> plots;
    for (const FigurePlot& plot : one.figure.plots)
      if (plot.plot.frame) plots.push_back(&plot);
    const PanelMeasures measures{body(style), style.spacing, style.spacing};
    for (const PanelPlace& panel : place_panels(one.figure, plots, measures, {0, 0}, room)) {
      const PlotPlace place{{0, 0},
                            {panel.size.x - 2 * style.spacing, panel.size.y - 2 * style.spacing}};
      RecordingCanvas canvas(style, size());
      panel.plot->plot.draw(canvas, place);
      const ChartFrame frame = panel.plot->plot.frame(style, place);
      const LabelBox area{frame.low, frame.high};
      std::vector<std::string> found = hiding_words(canvas, area, px(style.spacing));
      const std::vector<std::string> on_rows = words_on_rows(canvas, area);
      found.insert(found.end(), on_rows.begin(), on_rows.end());
      if (!found.empty())
        told_[fmt::format("{}, {}", one.name, panel.plot->name())] = found.front();
    }
  }
}

/// Wherever a curve comes to an end near a limit of the format.
TEST_P(Overlap, TheNameOfALimitCoversNoCurve) {
  const float fit = std::sqrt(std::min(size().x / 1920, size().y / 1080));
  const float zoom = theme() == ThemeId::projector ? std::clamp(fit, 0.75f, 1.0f) : 1.0f;
  const Style style = make_style(theme(), fonts_, size().x > 2560 ? 2.0f : zoom);
  apply(style);
  int names = 0;
  for (double gain = 1e-3; gain < 0.2; gain *= 1.4) {
    Experiment fades = deep(50, Precision::fp32);
    fades.network.init.gain = gain;
    const Figure figure = signal_figure(pass_of(fades));
    for (const char* name : {"forward_variance", "backward_variance"}) {
      const Plot& plot = find_plot(figure, name)->plot;
      const PlotPlace place{{0, 0}, {size().x * 0.31f, size().y * 0.37f}};
      RecordingCanvas canvas(style, size());
      plot.draw(canvas, place);
      const ChartFrame frame = plot.frame(style, place);
      for (const RecordingCanvas::Words& one : canvas.texts)
        names += one.words.find("normal") != std::string::npos;
      for (const std::string& found :
           hiding_words(canvas, {frame.low, frame.high}, px(style.spacing)))
        told_[fmt::format("gain {}, {}", gain, name)] = found;
    }
  }
  EXPECT_GT(names, 0);
}

/// Two passes that overflow: what is said of that gives way to their curves.
TEST_P(Overlap, TagsOfTwoPassesHideNoCurve) {
  if (size().x < 1280) return;  // there the shortest ones stand where they can
  const auto overflowing = [](double gain) {
    Experiment experiment = deep(50, Precision::fp32);
    experiment.network.init.gain = gain;
    SignalSnapshot pass = synthetic_snapshot(experiment);
    Statistics& last =
        pass.layers.back().statistics[static_cast<std::size_t>(SignalTensor::weight_grad)];
    last.variance = last.mean = NAN;
    last.nans = last.count;
    return std::make_shared<const SignalSnapshot>(pass);
  };
  SignalView both(overflowing(1));
  both.words = "gain 1";
  both.other = {overflowing(0.6), "gain 0.6"};
  const Figure figure = signal_figure(both);
  const ImVec2 room{size().x * 0.62f, size().y * 0.78f};
  const float fit = std::sqrt(std::min(size().x / 1920, size().y / 1080));
  const float zoom = theme() == ThemeId::projector ? std::clamp(fit, 0.75f, 1.0f) : 1.0f;
  const Style style = make_style(theme(), fonts_, size().x > 2560 ? 2.0f : zoom);
  apply(style);
  int tags = 0;
  for (const char* name : {"forward_variance", "backward_variance"}) {
    const Plot& plot = find_plot(figure, name)->plot;
    const PlotPlace place{{0, 0}, {room.x / 2 - 3 * style.spacing, room.y / 2 - 3 * style.spacing}};
    RecordingCanvas canvas(style, size());
    plot.draw(canvas, place);
    const ChartFrame frame = plot.frame(style, place);
    const std::vector<ImVec2> curves = points_of_curves(canvas, {frame.low, frame.high});
    for (const RecordingCanvas::Words& one : canvas.texts) {
      const LabelBox box{one.low, one.high};
      const bool tag = one.words.find("linear") != std::string::npos ||
                       one.words.find("forward") != std::string::npos;
      if (!tag || !box.inside({frame.low, frame.high})) continue;
      ++tags;
      EXPECT_TRUE(std::ranges::none_of(curves, [&](ImVec2 point) { return box.holds(point); }))
          << one.words << " in " << name;
    }
  }
  EXPECT_GE(tags, 3);
}

INSTANTIATE_TEST_SUITE_P(Plots, Overlap,
                         testing::Combine(testing::Values(ThemeId::light, ThemeId::dark,
                                                          ThemeId::projector),
                                          testing::Values(ImVec2{1024, 600}, ImVec2{1280, 800},
                                                          ImVec2{1920, 1080}, ImVec2{3840, 2160})),
                         [](const auto& one) {
                           return fmt::format("{}_{:.0f}x{:.0f}", name_of(std::get<0>(one.param)),
                                              std::get<1>(one.param).x, std::get<1>(one.param).y);
                         });

}  // namespace
}  // namespace nanscope
