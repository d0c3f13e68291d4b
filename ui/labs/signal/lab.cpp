#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/probes/signal_request.h"
#include "imgui.h"
#include "ui/charts/interactive_charts.h"
#include "ui/labs/lab_header.h"
#include "ui/labs/signal/controls.h"
#include "ui/labs/signal/figure.h"
#include "ui/labs/signal/inspector.h"
#include "ui/labs/signal/plots/signal_plots.h"
#include "ui/labs/signal/signal_lab.h"
#include "ui/labs/signal/words.h"
#include "ui/text/text.h"
#include "ui/widgets/card.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/skeleton.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

class SignalLab final : public Lab {
 public:
  LabName name() const override { return LabName::signal; }
  std::string_view title_key() const override { return "lab.signal"; }
  std::vector<std::string_view> plot_names() const override;
  std::vector<JobRequest> jobs(const Experiment& experiment) const override {
    return {SignalRequest{experiment, tensor_}};
  }
  std::optional<Figure> figure(const Experiment&, const JobResults& results) const override {
    const auto snapshot = results.latest<SignalRequest>();
    if (!snapshot) return std::nullopt;
    Figure figure = signal_figure(snapshot);
    for (FigurePlot& plot : figure.plots) plot.zoom = charts_.zoom(plot.name());
    return figure;
  }
  std::vector<std::string> status(const JobResults& results) const override;
  std::string_view current_plot() const override {
    return maximized_.empty() ? pointed_ : maximized_;
  }
  void toggle_maximized() override {
    maximized_ = maximized_.empty() ? (pointed_.empty() ? signal_plots().front().name : pointed_)
                                    : std::string_view();
  }

  void controls(const LabView& view, Experiment& draft, LabRequests& requests) override {
    draw_signal_controls(view, draft, requests);
  }
  void plots(const LabView& view, LabRequests& requests) override;
  void inspector(const LabView& view, LabRequests& requests) override;

 private:
  void header(const LabView& view);
  void tensor_choice(float width);
  void grid(const LabView& view, LabRequests& requests);
  void card(const SignalPlot& plot, ImVec2 size, const LabView& view, LabRequests& requests);
  void plot_menu(const SignalPlot& plot, LabRequests& requests);

  PlotSelection selection_;
  InteractiveCharts charts_;
  SignalTensor tensor_ = SignalTensor::activation;  ///< whose histogram is counted
  std::string_view maximized_;                      ///< the plot that is shown alone, or ""
  std::string_view pointed_;                        ///< the plot under the pointer, or ""
};

std::vector<std::string_view> SignalLab::plot_names() const {
  std::vector<std::string_view> names;
  for (const SignalPlot& plot : signal_plots()) names.push_back(plot.name);
  return names;
}

/// What the pass on the screen ran on: device, precision, time, memory.
std::vector<std::string> SignalLab::status(const JobResults& results) const {
  const auto latest = results.latest<SignalRequest>();
  if (!latest) return {};
  const SignalSnapshot& snapshot = *latest;
  return {fmt::format("{} {}", snapshot.device, snapshot.device_name),
          fmt::format("{} {}", name_of(snapshot.experiment.network.precision),
                      text(snapshot.emulated() ? "plot.emulated" : "plot.native")),
          format_text("status.pass", fmt::arg("time", seconds_text(snapshot.cost.seconds))),
          bytes_text(static_cast<double>(snapshot.cost.bytes))};
}

void SignalLab::tensor_choice(float width) {
  ImGui::SetNextItemWidth(width);
  const std::string current = text(fmt::format("tensor.{}", name_of(tensor_)));
  if (ImGui::BeginCombo("###tensor", current.c_str())) {
    for (const auto& [tensor, name] : Names<SignalTensor>::all)
      if (ImGui::Selectable(text(fmt::format("tensor.{}", name)), tensor == tensor_))
        tensor_ = tensor;
    ImGui::EndCombo();
  }
  item_tooltip(text("plots.tensor_help"));
}

void SignalLab::header(const LabView& view) {
  const float width = ImGui::GetFontSize() * 10.5f;
  const auto snapshot = view.session.results.latest<SignalRequest>();
  draw_header(view, snapshot ? sentence(*snapshot) : std::string(text("state.loading")),
              {width, [&] { tensor_choice(width); }});
}

void SignalLab::plot_menu(const SignalPlot& plot, LabRequests& requests) {
  if (ImGui::MenuItem(text("plots.export"))) requests.export_plot = plot.name;
  if (ImGui::MenuItem(text("plots.copy_data"))) requests.copy_data = true;
  if (ImGui::MenuItem(text(maximized_.empty() ? "plots.maximize" : "plots.restore")))
    maximized_ = maximized_.empty() ? plot.name : std::string_view();
}

void SignalLab::card(const SignalPlot& plot, ImVec2 size, const LabView& view,
                     LabRequests& requests) {
  const Card card(std::string(plot.name).c_str(), size, view.style);
  if (card.hovered()) pointed_ = plot.name;
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const auto snapshot = view.session.results.latest<SignalRequest>();
  if (!snapshot) return plot_skeleton(room, view.style);
  const ChartEvents events = charts_.draw(plot_of(plot, snapshot, selection_), view.style, room,
                                          {.menu = [&] { plot_menu(plot, requests); }});
  if (events.reading) selection_.hovered_layer = events.reading->index;
  if (events.clicked && events.reading) selection_.click(events.reading->index);
  if (events.double_clicked) toggle_maximized();
  if (!events.copied.empty()) requests.copy = events.copied;
}

void SignalLab::grid(const LabView& view, LabRequests& requests) {
  const ImVec2 space = ImGui::GetContentRegionAvail();
  const float gap = unit(view.style);
  const std::string_view alone = maximized_;
  const ImVec2 cell = alone.empty()
                          ? ImVec2{std::floor((space.x - gap) / 2), std::floor((space.y - gap) / 2)}
                          : space;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
  int drawn = 0;
  for (const SignalPlot& plot : signal_plots()) {
    if (!alone.empty() && alone != plot.name) continue;
    if (drawn++ % 2 == 1) ImGui::SameLine();
    card(plot, cell, view, requests);
  }
  ImGui::PopStyleVar();
}

void SignalLab::plots(const LabView& view, LabRequests& requests) {
  selection_.next_frame();
  pointed_ = {};
  header(view);
  grid(view, requests);
}

void SignalLab::inspector(const LabView& view, LabRequests& requests) {
  const auto snapshot = view.session.results.latest<SignalRequest>();
  if (!snapshot) {
    wrapped_text(text("inspector.empty"), view.style.fonts.regular, 1.0f, view.style.palette.muted);
    return;
  }
  const int layers = static_cast<int>(snapshot->layers.size());
  if (selection_.chosen_layer && *selection_.chosen_layer >= layers)
    selection_.chosen_layer.reset();
  const std::optional<int> layer =
      selection_.hovered_layer ? selection_.hovered_layer : selection_.chosen_layer;
  if (layer && *layer >= 0 && *layer < layers)
    draw_layer_inspector(*snapshot, *layer, view.style, requests);
  else
    draw_pass_inspector(*snapshot, view.style);
}

}  // namespace

std::unique_ptr<Lab> make_signal_lab() { return std::make_unique<SignalLab>(); }

}  // namespace nanscope
