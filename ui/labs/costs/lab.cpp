#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "engine/costs/transformer/config.h"
#include "engine/costs/transformer/weights.h"
#include "imgui.h"
#include "ui/charts/interactive_charts.h"
#include "ui/labs/costs/controls.h"
#include "ui/labs/costs/costs_lab.h"
#include "ui/labs/costs/figure.h"
#include "ui/labs/costs/inspector.h"
#include "ui/labs/costs/measured.h"
#include "ui/labs/costs/measured_words.h"
#include "ui/labs/costs/measuring_controls.h"
#include "ui/labs/costs/plots/run_plots.h"
#include "ui/labs/costs/plots/stacked_bars.h"
#include "ui/labs/costs/words.h"
#include "ui/labs/figure_cards.h"
#include "ui/labs/lab_header.h"
#include "ui/labs/plot_menu.h"
#include "ui/labs/step_player.h"
#include "ui/text/text.h"
#include "ui/widgets/pointed_key.h"

namespace nanscope {
namespace {

/// Which plots had no room, unless one was chosen to stand alone.
std::string hidden_plots(const Figure& figure, const ViewSpec& looked, const DrawnCards& drawn) {
  std::string names;
  if (find_plot(figure, looked.plot)) return names;
  for (const FigurePlot& plot : figure.plots)
    if (std::ranges::find(drawn.plots, plot.name()) == drawn.plots.end())
      names += (names.empty() ? "" : ", ") +
               std::string(text(fmt::format("plot.short.{}", plot.name())));
  return names;
}

/// Where the bytes and the FLOPs go.
class CostsLab final : public Lab {
 public:
  LabName name() const override { return LabName::costs; }
  std::string_view title_key() const override { return "lab.costs"; }
  std::vector<std::string_view> plot_names() const override { return costs_plot_names(); }
  std::vector<TitledView> views() const override;
  Experiment showing(std::string_view plot, Experiment experiment) const override {
    if (!plot.empty()) experiment.costs.view = view_of_plot(plot);
    if (plot == "operation_seconds") experiment.costs.measured = true;
    return experiment;
  }
  Result<void> check(std::string_view plot, const Experiment& experiment) const override;
  Result<void> check_view(const Experiment& experiment, const JobResults& results) const override {
    return check_measured(experiment, results);
  }
  std::vector<JobRequest> jobs(const Experiment& experiment) const override;
  /// What is predicted stands while it is measured.
  bool up_to_date(const Experiment& experiment, const std::vector<JobRequest>&,
                  const SessionView& session) const override {
    return Lab::up_to_date(experiment, costs_jobs(experiment), session);
  }
  std::optional<Figure> figure(const Experiment& experiment,
                               const JobResults& results) const override {
    auto figure = costs_figure(
        experiment, std::make_shared<const CostsPicture>(costs_picture(experiment, results)));
    if (figure) look_at(*figure, experiment.view);
    return figure;
  }
  std::string shown(const Experiment& experiment, const SessionView& session) const override {
    const CostsPicture picture = costs_picture(experiment, session.results);
    return picture.complete() ? describe_costs(experiment, picture) : std::string();
  }
  std::vector<std::string> status(const JobResults&) const override {
    std::vector<std::string> lines{status_};
    if (!hidden_.empty())
      lines.push_back(format_text("costs.hidden_plots", fmt::arg("plots", hidden_)));
    return lines;
  }
  std::string_view pointed_plot() const override { return pointed_; }
  std::vector<ViewZoom> lockable_axes() const override { return charts_.lock().axes(); }
  bool compares() const override { return true; }
  bool opens(const std::string& path) const override;
  Result<OpenedBeside> open(const std::string& path, bool alone) override;
  bool can(Transport) const override { return steps_ > 1; }
  void carry_out(Transport what) override;
  double seconds_to_next_frame() const override {
    return std::min(player_.seconds_to_next(), measuring_.seconds_to_next());
  }

  void controls(const LabView& view, Experiment& draft, LabRequests& requests) override {
    draw_costs_controls(view, draft, measuring_, requests);
  }
  void main_control(const LabView& view, Experiment& draft, LabRequests& requests) override {
    draw_costs_main_control(view, draft, requests);
  }
  void plots(const LabView& view, LabRequests& requests) override;
  void inspector(const LabView& view, LabRequests& requests) override {
    draw_costs_inspector(costs_picture(view.experiment, view.session.results), view, requests);
  }

 private:
  void forget_other_view(const Experiment& experiment, ViewSpec& looked);
  void keys();
  void measuring_key(const LabView& view, LabRequests& requests);
  void choose_layer(const CostsPicture& picture, const DrawnCards& drawn, ViewSpec& looked,
                    LabRequests& requests);
  void go_on(const Experiment& experiment, LabRequests& requests);

  InteractiveCharts charts_;
  std::string hidden_;                ///< plots that gave way to others: "layers, treemap"
  std::string pointed_;               ///< the plot under the pointer, or ""
  std::optional<CostsView> charted_;  ///< the view that the charts are of
  ViewSpec seen_;                     ///< the view in the frame before
  Costs shown_;                       ///< the settings in the frame before
  StepPlayer player_;
  Measuring measuring_;
  std::optional<int> layer_before_click_;
  float cards_top_ = 0;                        ///< of the plots, pixels
  int steps_ = 0;                              ///< of the walk that is drawn; 0: none is
  std::string status_ = text("costs.status");  ///< of what is drawn
};

std::vector<JobRequest> CostsLab::jobs(const Experiment& experiment) const {
  std::vector<JobRequest> jobs = costs_jobs(experiment);
  for (JobRequest& one : measuring_.jobs(experiment)) jobs.push_back(std::move(one));
  return jobs;
}

std::vector<TitledView> CostsLab::views() const {
  std::vector<TitledView> views;
  for (const auto& [value, view] : Names<CostsView>::all)
    views.push_back({"costs.view", view, text(fmt::format("costs.view.{}", view))});
  return views;
}

Result<void> CostsLab::check(std::string_view plot, const Experiment& experiment) const {
  const Costs& costs = experiment.costs;
  if (!plot.empty() && view_of_plot(plot) != costs.view)
    return input_error("costs.view", "\"{}\" has no plot {}; {} has it.", name_of(costs.view), plot,
                       name_of(view_of_plot(plot)));
  if (costs.view != CostsView::walk || costs.walk != WalkOf::example) return {};
  const auto x = parse_numbers(costs.x), w = parse_numbers(costs.w);
  if (!x || !w) return {};  // their keys have said so
  if (const auto walk = walk_of_example(*x, *w, costs.target); !walk)
    return tl::unexpected(walk.error());
  return {};
}

/// The config.json of a model, as Hugging Face has it.
bool CostsLab::opens(const std::string& path) const { return is_config_file(path); }

Result<OpenedBeside> CostsLab::open(const std::string& path, bool) {
  const auto model = find_transformer(path);
  if (!model) return tl::unexpected(model.error());
  Experiment shows;
  shows.lab = LabName::costs;
  shows.costs = shown_;
  shows.costs.view = CostsView::transformer;
  shows.costs.model = path;
  shows.costs.architecture.clear();
  return OpenedBeside{
      .shows = shows,
      .shown_as =
          format_text("costs.opened", fmt::arg("file", path.substr(path.rfind('/') + 1)),
                      fmt::arg("parameters", engineering(rough_parameters(model->architecture))))};
}

/// The same axes are about something else in another view, unless that came with a zoom.
void CostsLab::forget_other_view(const Experiment& experiment, ViewSpec& looked) {
  const CostsView now = experiment.costs.view;
  if (charted_ != now) charts_.clear();
  if (charted_ && charted_ != now && looked == seen_)
    for (const std::string_view plot : plot_names()) forget_plot(looked, plot);
  charted_ = now;
}

void CostsLab::carry_out(Transport what) {
  if (what == Transport::play_or_pause) return player_.play_or_pause();
  player_.take(what == Transport::step ? StepMove::next : StepMove::first);
}

/// M measures, where the pointer or the focus is on the plots.
void CostsLab::measuring_key(const LabView& view, LabRequests& requests) {
  const bool on_plots = ImGui::IsWindowFocused(ImGuiFocusedFlags_ChildWindows) ||
                        ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows);
  if (on_plots && can_be_measured(view.experiment.costs) &&
      pointed_key(ImGuiKey_M, ImGui::GetID("measure")))
    measure(view.experiment, measuring_, requests);
}

/// A click on a layer has the inspector, or a card, tell of it; one more lets it go.
void CostsLab::choose_layer(const CostsPicture& picture, const DrawnCards& drawn, ViewSpec& looked,
                            LabRequests& requests) {
  const std::string& plot = drawn.clicked;
  const bool of_layers =
      plot == "memory_layers" || plot == "memory_treemap" || plot == "flops_layers";
  if (drawn.click_taken_back) looked.layer = layer_before_click_;
  if (!of_layers || !picture.run || !drawn.reading || !drawn.reading->index) return;
  requests.copy.clear();
  layer_before_click_ = looked.layer;
  const int layer = *drawn.reading->index + first_layer_of(*picture.run);
  looked.layer = looked.layer == layer ? std::nullopt : std::optional(layer);
  requests.explain = looked.layer.has_value();
  requests.explain_below = cards_top_;
}

/// While the pointer or the focus is on the plots, and wherever else the focus was left by a click:
/// only where the keyboard has brought it do arrows go from control to control.
void CostsLab::keys() {
  const bool on_plots = ImGui::IsWindowFocused(ImGuiFocusedFlags_ChildWindows) ||
                        ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows);
  if (!on_plots && (ImGui::GetIO().NavVisible || ImGui::IsAnyItemActive())) return;
  player_.take_keys(ImGui::GetID("walk"));
}

/// The step that the player has come to, unless something else is edited.
void CostsLab::go_on(const Experiment& experiment, LabRequests& requests) {
  const auto step = player_.go_on(std::min(experiment.costs.step, steps_), steps_, requests);
  if (!step) return;
  requests.edited = experiment;
  requests.edited->costs.step = *step;
}

void CostsLab::plots(const LabView& view, LabRequests& requests) {
  const auto picture =
      std::make_shared<const CostsPicture>(costs_picture(view.experiment, view.session.results));
  measuring_.look(view.experiment, view.session, view.dragging, ImGui::GetTime());
  const std::string words = costs_sentence(*picture) + measuring_hint(*picture);
  draw_header(view, words.empty() ? std::string(view.waiting) : words, requests);
  status_ = status_words(*picture);
  pointed_.clear();
  ViewSpec looked = view.experiment.view;
  forget_other_view(view.experiment, looked);
  charts_.show(looked, view.dragging, view.settled);
  shown_ = view.experiment.costs;
  steps_ = picture->settings.view == CostsView::walk ? static_cast<int>(picture->walk.size()) : 0;
  if (auto figure = costs_figure(view.experiment, picture)) {
    look_at(*figure, looked);
    cards_top_ = ImGui::GetCursorScreenPos().y;
    const DrawnCards drawn = draw_figure_cards(*this, *figure, view, looked, charts_, requests);
    pointed_ = drawn.pointed;
    hidden_ = hidden_plots(*figure, view.experiment.view, drawn);
    choose_layer(*picture, drawn, looked, requests);
    // A click on a line of the walk chooses it, where one on a table copies what it is on.
    if (pointed_ == "walk" && drawn.reading && drawn.reading->index &&
        ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
      requests.copy.clear();
      requests.edited = view.experiment;
      requests.edited->costs.step = *drawn.reading->index + 1;
    }
    if (steps_ > 0) {
      keys();
      go_on(view.experiment, requests);
    }
  } else {
    hidden_.clear();
    draw_no_plot(view, ImGui::GetContentRegionAvail());
  }
  measuring_key(view, requests);
  looked = charts_.looked_at(std::move(looked));
  seen_ = looked;
  if (looked != view.experiment.view) requests.view = looked;
}

}  // namespace

std::unique_ptr<Lab> make_costs_lab() { return std::make_unique<CostsLab>(); }

}  // namespace nanscope
