#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/costs/pass_forecast.h"
#include "engine/experiment/json.h"
#include "engine/machine/memory.h"
#include "engine/plan/plan.h"
#include "engine/probes/signal_request.h"
#include "imgui.h"
#include "ui/charts/interactive_charts.h"
#include "ui/labs/differing_words.h"
#include "ui/labs/lab_header.h"
#include "ui/labs/plot_menu.h"
#include "ui/labs/signal/compared.h"
#include "ui/labs/signal/controls.h"
#include "ui/labs/signal/drag_memory.h"
#include "ui/labs/signal/figure.h"
#include "ui/labs/signal/inspector.h"
#include "ui/labs/signal/plots/depth_plot.h"
#include "ui/labs/signal/plots/signal_plots.h"
#include "ui/labs/signal/signal_lab.h"
#include "ui/labs/signal/words.h"
#include "ui/text/text.h"
#include "ui/widgets/card.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

class SignalLab final : public Lab {
 public:
  LabName name() const override { return LabName::signal; }
  std::string_view title_key() const override { return "lab.signal"; }
  std::vector<std::string_view> plot_names() const override;
  Result<void> check_view(const Experiment& experiment, const JobResults& results) const override;
  std::vector<JobRequest> jobs(const Experiment& experiment) const override;
  std::optional<Figure> figure(const Experiment& experiment,
                               const JobResults& results) const override;
  std::string shown(const Experiment&, const SessionView& session) const override {
    const auto snapshot = session.results.latest<SignalRequest>();
    return snapshot ? describe(*snapshot) : std::string();
  }
  double forecast_seconds(const Experiment& experiment, const JobResults& results) const override {
    const auto latest = results.latest<SignalRequest>();
    const PassForecast forecast =
        forecast_pass(experiment.network, experiment.data.batch, latest ? latest->cost.speed : 1);
    // What does not fit takes no time: the engine refuses it before it begins, and says why.
    const bool heavy = forecast.seconds() > 1;
    const std::int64_t available = heavy ? memory_for_work(available_memory()) : 0;
    const bool fits = available == 0 ||  // unknown, too
                      forecast.weight_bytes < static_cast<double>(available);
    return fits ? forecast.seconds() : 0;
  }
  double forecast_bytes(const Experiment& experiment) const override;
  std::vector<std::string> status(const JobResults& results) const override;
  std::string_view pointed_plot() const override { return pointed_; }
  std::string_view plot_to_enlarge() const override {
    return pointed_.empty() ? signal_plots().front().name : pointed_;
  }
  std::vector<ViewZoom> lockable_axes() const override { return charts_.lock().axes(); }
  bool compares() const override { return true; }

  void controls(const LabView& view, Experiment& draft, LabRequests& requests) override {
    draw_signal_controls(view, draft, requests);
  }
  void main_control(const LabView& view, Experiment& draft, LabRequests& requests) override {
    draw_signal_main_control(view, draft, requests);
  }
  void plots(const LabView& view, LabRequests& requests) override;
  void inspector(const LabView& view, LabRequests& requests) override;

 private:
  void header(const LabView& view, ViewSpec& looked, LabRequests& requests);
  void grid(const LabView& view, ViewSpec& looked, LabRequests& requests);
  void card(const SignalPlot& plot, ImVec2 size, const LabView& view, ViewSpec& looked,
            LabRequests& requests);
  SignalView shown_passes(const LabView& view) const;

  PlotSelection selection_;
  InteractiveCharts charts_;
  DragMemory drag_;
  float grid_top_ = 0;          ///< of the plots, pixels
  std::string_view chosen_in_;  ///< the plot in which the layer was chosen, or ""
  /// The latest forecast: it is asked for in every frame of a long pass, and may read a file.
  mutable std::optional<Experiment> forecast_of_;
  mutable double forecast_bytes_ = 0;
  std::string_view pointed_;               ///< the plot under the pointer, or ""
  std::optional<int> layer_before_click_;  ///< the chosen one, before the last click
};

/// The index of the chosen layer among a pass' layers.
std::optional<int> chosen_index(const ViewSpec& view, const SignalSnapshot& pass) {
  if (!view.layer) return std::nullopt;
  const int index = *view.layer - first_layer_number(pass);
  return index >= 0 && index < static_cast<int>(pass.layers.size()) ? std::optional(index)
                                                                    : std::nullopt;
}

Result<void> SignalLab::check_view(const Experiment& experiment, const JobResults&) const {
  const std::optional<int>& layer = experiment.view.layer;
  const int first =
      reads_table(experiment.data.kind) ? 0 : 1;  // data of another width adds an input layer
  const bool trains = experiment.lab == LabName::training;  // a run has a head behind the others
  const int depth = experiment.network.model.depth, last = trains ? depth + 1 : depth;
  if (!layer || (*layer >= first && *layer <= last)) return {};
  return input_error("view.layer",
                     "{} is not there: with model.depth {} it takes a layer's number from {} to "
                     "{}, or nothing.",
                     *layer, depth, first, last);
}

std::vector<JobRequest> SignalLab::jobs(const Experiment& experiment) const {
  std::vector<JobRequest> jobs{SignalRequest{asked_of_pass(experiment), experiment.view.histogram}};
  if (const auto other = compared_with(experiment))
    jobs.emplace_back(SignalRequest{asked_of_pass(*other), experiment.view.histogram}, kOtherSlot);
  return jobs;
}

std::optional<Figure> SignalLab::figure(const Experiment& experiment,
                                        const JobResults& results) const {
  SignalView shown = view_of_results(experiment, results);
  if (!shown.pass) return std::nullopt;
  PlotSelection selection;
  selection.chosen_layer = chosen_index(experiment.view, *shown.pass);
  Figure figure = signal_figure(shown, selection);
  look_at(figure, experiment.view);
  // What else the experiment says than what the pass was asked.
  Experiment pictured = experiment;
  pictured.network = shown.pass->experiment.network;
  pictured.data = shown.pass->experiment.data;
  if (!selection.chosen_layer) pictured.view.layer.reset();  // gone, with the depth
  figure.experiment = keeping_other(experiment, pictured);
  return figure;
}

std::vector<std::string_view> SignalLab::plot_names() const {
  std::vector<std::string_view> names;
  for (const SignalPlot& plot : signal_plots()) names.push_back(plot.name);
  return names;
}

double SignalLab::forecast_bytes(const Experiment& experiment) const {
  const Experiment asked = asked_of_pass(experiment);
  if (forecast_of_ != asked) {
    forecast_of_ = asked;
    const auto plan = describe_pass(asked.network, asked.data, std::nullopt);
    forecast_bytes_ = plan ? static_cast<double>(plan->bytes() + plan->draw_bytes().total()) : 0;
  }
  return forecast_bytes_;
}

/// What the pass on the screen ran on: device, precision, time, memory.
std::vector<std::string> SignalLab::status(const JobResults& results) const {
  const auto latest = results.latest<SignalRequest>();
  if (!latest) return {};
  const SignalSnapshot& snapshot = *latest;
  std::vector<std::string> facts{
      fmt::format("{} {}", snapshot.device, snapshot.device_name),
      fmt::format("{} {}", name_of(snapshot.experiment.network.precision),
                  text(snapshot.emulated() ? "plot.emulated" : "plot.native")),
      format_text("status.pass", fmt::arg("time", seconds_text(snapshot.cost.seconds))),
      bytes_text(static_cast<double>(snapshot.cost.memory.total()))};
  if (const auto& table = snapshot.table)
    facts.push_back(format_text("status.table", fmt::arg("rows", table->rows),
                                fmt::arg("columns", table->columns)));
  return facts;
}

/// Which plot a card of a layer may cover: its histogram is in the card; not the plot in which the
/// layer was chosen.
std::string_view plot_below_card(std::string_view chosen_in) {
  return chosen_in == "histogram" ? "special_values" : "histogram";
}

void tensor_choice(float width, SignalTensor& chosen) {
  ImGui::SetNextItemWidth(width);
  const std::string current = text(fmt::format("tensor.{}", name_of(chosen)));
  if (ImGui::BeginCombo("###tensor", current.c_str())) {
    for (const auto& [tensor, name] : Names<SignalTensor>::all)
      if (ImGui::Selectable(text(fmt::format("tensor.{}", name)), tensor == chosen))
        chosen = tensor;
    ImGui::EndCombo();
  }
  item_tooltip(text("plots.tensor_help"));
}

void SignalLab::header(const LabView& view, ViewSpec& looked, LabRequests& requests) {
  const float width = ImGui::GetFontSize() * 10.5f;
  const auto snapshot = view.session.results.latest<SignalRequest>();
  const std::string words = snapshot ? sentence(*snapshot) : std::string(view.waiting);
  HeaderAside aside{.compared = compared_words(shown_passes(view))};
  if (!view.hall) {
    aside.width = width;
    aside.draw = [&] { tensor_choice(width, looked.histogram); };
  }
  draw_header(view, words, requests, aside);
}

/// The latest pass, B's, and the ghost of the pass before a drag.
SignalView SignalLab::shown_passes(const LabView& view) const {
  SignalView shown = view_of_results(view.experiment, view.session.results);
  if (const auto& ghost = drag_.ghost();
      shown.pass && ghost && ghost->experiment != shown.pass->experiment &&
      !(shown.other && shown.other.pass->experiment == ghost->experiment))  // it is there as B
    shown.before = {ghost, differing_words(ghost->experiment, shown.pass->experiment)};
  return shown;
}

void SignalLab::card(const SignalPlot& plot, ImVec2 size, const LabView& view, ViewSpec& looked,
                     LabRequests& requests) {
  const Card card(std::string(plot.name).c_str(), size, view.style);
  if (card.hovered()) pointed_ = plot.name;
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const SignalView shown = shown_passes(view);
  if (!shown.pass) return draw_no_plot(view, room);
  const ChartEvents events = charts_.draw(
      plot_of(plot, shown, selection_), view.style, room,
      {.menu = [&] { draw_plot_menu(*this, plot.name, view, looked, charts_, requests); },
       .told = view.carded ? selection_.chosen_layer : std::nullopt});
  if (events.reading) selection_.hovered_layer = events.reading->index;
  if (events.clicked && events.reading && events.reading->index) {
    layer_before_click_ = looked.layer;
    selection_.click(events.reading->index);
    looked.layer.reset();
    if (selection_.chosen_layer)
      looked.layer = *selection_.chosen_layer + first_layer_number(*shown.pass);
    requests.explain = looked.layer.has_value();
    requests.explain_below = grid_top_;
    chosen_in_ = plot.name;
  }
  if (events.click_taken_back) looked.layer = layer_before_click_;
  if (events.double_clicked && !view.hall) looked = with_plot_toggled(*this, std::move(looked));
  if (!events.copied.empty()) requests.copy = events.copied;
}

void SignalLab::grid(const LabView& view, ViewSpec& looked, LabRequests& requests) {
  const ImVec2 space = ImGui::GetContentRegionAvail();
  grid_top_ = ImGui::GetCursorScreenPos().y;
  const float gap = unit(view.style);
  const std::string alone = shown_alone(*this, looked);
  const ImVec2 cell = alone.empty()
                          ? ImVec2{std::floor((space.x - gap) / 2), std::floor((space.y - gap) / 2)}
                          : space;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
  int drawn = 0;
  for (const SignalPlot& plot : signal_plots()) {
    if (!alone.empty() && alone != plot.name) continue;
    if (drawn++ % 2 == 1) ImGui::SameLine();
    card(plot, cell, view, looked, requests);
    if (alone.empty() && plot.name == plot_below_card(chosen_in_))
      requests.explain_in = {ImGui::GetItemRectMin(), ImGui::GetItemRectMax()};
  }
  ImGui::PopStyleVar();
}

void SignalLab::plots(const LabView& view, LabRequests& requests) {
  ViewSpec looked = view.experiment.view;
  const auto pass = view.session.results.latest<SignalRequest>();
  drag_.follow(view.dragging, view.experiment, pass);
  selection_.next_frame();
  selection_.chosen_layer = pass ? chosen_index(looked, *pass) : std::nullopt;
  charts_.show(looked, view.dragging, view.settled);
  pointed_ = {};
  header(view, looked, requests);
  grid(view, looked, requests);
  looked = charts_.looked_at(std::move(looked));
  if (looked != view.experiment.view) requests.view = looked;
}

void SignalLab::inspector(const LabView& view, LabRequests& requests) {
  const SignalView shown = shown_passes(view);
  const std::shared_ptr<const SignalSnapshot>& snapshot = shown.pass;
  if (!snapshot) {
    draw_no_inspection(view);
    return;
  }
  const int layers = static_cast<int>(snapshot->layers.size());
  const std::optional<int> layer = selection_.hovered_layer
                                       ? selection_.hovered_layer
                                       : chosen_index(view.experiment.view, *snapshot);
  const bool of_layer = layer && *layer >= 0 && *layer < layers;
  if (of_layer && view.carded)
    draw_layer_card(shown, *layer, view.brief, view.style, requests);
  else if (of_layer)
    draw_layer_inspector(shown, *layer, view.style, requests);
  else
    draw_pass_inspector(*snapshot, view.style, requests);
}

}  // namespace

std::unique_ptr<Lab> make_signal_lab() { return std::make_unique<SignalLab>(); }

}  // namespace nanscope
