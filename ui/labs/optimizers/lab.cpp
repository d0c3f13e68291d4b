#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "engine/experiment/lab_settings.h"
#include "engine/optimizers/plane.h"
#include "imgui.h"
#include "imgui_internal.h"
#include "ui/charts/interactive_charts.h"
#include "ui/labs/figure_cards.h"
#include "ui/labs/lab_header.h"
#include "ui/labs/optimizers/controls.h"
#include "ui/labs/optimizers/figure.h"
#include "ui/labs/optimizers/inspector.h"
#include "ui/labs/optimizers/optimizers_lab.h"
#include "ui/labs/optimizers/words.h"
#include "ui/labs/plot_menu.h"
#include "ui/labs/step_player.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// Optimizers on their ways down a surface, and one step of one of them.
class OptimizersLab final : public Lab {
 public:
  LabName name() const override { return LabName::optimizers; }
  std::string_view title_key() const override { return "lab.optimizers"; }
  std::vector<std::string_view> plot_names() const override {
    return {"loss_surface", "descent", "anatomy"};
  }
  std::vector<JobRequest> jobs(const Experiment& experiment) const override {
    return {descent_request(experiment, changes_of_plane(experiment))};
  }
  std::optional<Figure> figure(const Experiment& experiment,
                               const JobResults& results) const override {
    const auto paths = results.latest<PathsRequest>();
    if (!paths) return std::nullopt;
    Figure figure = optimizers_figure(experiment, paths);
    look_at(figure, experiment.view);
    if (paths->plane && repeats(experiment)) figure.changes = repeated_.second;
    return figure;
  }
  void repeat(const Experiment& experiment, std::vector<LiveChange> changes) override {
    repeated_ = {experiment, std::move(changes)};
  }
  Recipe recipe(const Experiment& experiment) const override {
    return repeats(experiment) ? Recipe{.experiment = experiment, .changes = repeated_.second}
                               : Recipe{.experiment = experiment};
  }
  std::string shown(const Experiment& experiment, const SessionView& session) const override {
    const auto paths = session.results.latest<PathsRequest>();
    return paths ? describe_optimizers(*paths, experiment) : std::string();
  }
  std::vector<std::string> status(const JobResults& results) const override {
    const auto paths = results.latest<PathsRequest>();
    return {paths && paths->plane ? measured_of(*paths) : std::string(text("optimizers.status"))};
  }
  std::string_view pointed_plot() const override { return pointed_; }
  std::string_view plot_to_enlarge() const override {
    return pointed_.empty() ? "loss_surface" : std::string_view(pointed_);
  }
  std::vector<ViewZoom> lockable_axes() const override { return charts_.lock().axes(); }

  void controls(const LabView& view, Experiment& draft, LabRequests& requests) override {
    draw_optimizers_controls(view, draft, requests);
  }
  void main_control(const LabView& view, Experiment& draft, LabRequests& requests) override {
    draw_optimizers_main_control(view, draft, requests);
  }
  bool can(Transport) const override { return steps_ > 0; }
  void carry_out(Transport what) override;
  double seconds_to_next_frame() const override { return player_.seconds_to_next(); }
  void plots(const LabView& view, LabRequests& requests) override;
  void inspector(const LabView& view, LabRequests& requests) override;

 private:
  /// Whether the run set here is the one whose changes are known.
  bool repeats(const Experiment& experiment) const {
    return !repeated_.second.empty() && has_run(experiment) &&
           plane_spec(experiment).run == plane_spec(repeated_.first).run;
  }
  std::vector<PlaneChange> changes_of_plane(const Experiment& experiment) const {
    std::vector<PlaneChange> changes;
    if (repeats(experiment))
      for (const LiveChange& one : changes_of_numbers(repeated_.second))
        changes.push_back({one.step, {one.key, one.value}});
    return changes;
  }
  void forget_other_surface(const Experiment& experiment, ViewSpec& looked);
  void act(const DrawnCards& drawn, const Experiment& experiment, LabRequests& requests);
  void keys();
  void go_on(const Experiment& experiment, LabRequests& requests);

  std::pair<Experiment, std::vector<LiveChange>> repeated_;  ///< a run's, and its own
  InteractiveCharts charts_;
  const std::shared_ptr<SurfaceGround> ground_ = std::make_shared<SurfaceGround>();
  std::string pointed_;  ///< the plot under the pointer, or ""
  /// The surface that the charts are of.
  std::optional<std::pair<SurfaceKind, PlaneDirections>> charted_;
  ViewSpec seen_;                           ///< the view in the frame before
  std::optional<Optimizers> before_click_;  ///< what the last click moved
  StepPlayer player_;
  int steps_ = 0;  ///< of the paths that are drawn; 0: none are
};

/// The same axes are about something else on another surface, unless that came with a zoom.
void OptimizersLab::forget_other_surface(const Experiment& experiment, ViewSpec& looked) {
  const std::pair surface{experiment.optimizers.surface, experiment.optimizers.directions};
  if (charted_ != surface) charts_.clear();
  if (charted_ && charted_ != surface && looked == seen_)
    for (const std::string_view plot : plot_names()) forget_plot(looked, plot);
  charted_ = surface;
}

/// A click on the surface or a drag of its start moves that; a click on the losses chooses a step.
void OptimizersLab::act(const DrawnCards& drawn, const Experiment& experiment,
                        LabRequests& requests) {
  Experiment next = experiment;
  if (drawn.moved_to) {
    // In as many digits as a pixel tells apart.
    next.optimizers.x = std::round(drawn.moved_to->x * 1e4) / 1e4;
    next.optimizers.y = std::round(drawn.moved_to->y * 1e4) / 1e4;
  } else if (drawn.clicked == "descent" && drawn.reading && drawn.reading->index) {
    next.optimizers.step = std::max(1, *drawn.reading->index);
  } else if (drawn.click_taken_back && before_click_) {
    next.optimizers = *std::exchange(before_click_, std::nullopt);
  }
  if (next == experiment) return;
  if (!drawn.clicked.empty()) before_click_ = experiment.optimizers;
  requests.edited = next;
}

void OptimizersLab::carry_out(Transport what) {
  if (what == Transport::play_or_pause) return player_.play_or_pause();
  player_.take(what == Transport::step ? StepMove::next : StepMove::first);
}

/// While the pointer or the keyboard's focus is on the plots, or the focus nowhere.
void OptimizersLab::keys() {
  if (!ImGui::IsWindowFocused(ImGuiFocusedFlags_ChildWindows) &&
      !ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows) &&
      ImGui::GetCurrentContext()->NavId != 0)
    return;
  player_.take_keys(ImGui::GetID("steps"));
}

/// The step that the player has come to, unless something else is edited.
void OptimizersLab::go_on(const Experiment& experiment, LabRequests& requests) {
  const auto step = player_.go_on(experiment.optimizers.step, steps_, requests);
  if (!step) return;
  requests.edited = experiment;
  requests.edited->optimizers.step = *step;
}

void OptimizersLab::plots(const LabView& view, LabRequests& requests) {
  const auto paths = view.session.results.latest<PathsRequest>();
  draw_header(view, paths ? paths_sentence(*paths) : std::string(view.waiting), requests);
  pointed_.clear();
  ViewSpec looked = view.experiment.view;
  forget_other_surface(view.experiment, looked);
  charts_.show(looked, view.dragging, view.settled);
  if (paths) {
    Figure figure = optimizers_figure(view.experiment, paths, ground_);
    look_at(figure, looked);
    // The anatomy stands in the inspector, too.
    std::erase_if(figure.plots,
                  [&](const FigurePlot& plot) { return plot.alone && plot.name() != looked.plot; });
    const DrawnCards drawn = draw_figure_cards(*this, figure, view, looked, charts_, requests);
    pointed_ = drawn.pointed;
    act(drawn, view.experiment, requests);
    steps_ = paths->of.steps;
    keys();
    go_on(view.experiment, requests);
  } else {
    steps_ = 0;
    draw_no_plot(view, ImGui::GetContentRegionAvail());
  }
  looked = charts_.looked_at(std::move(looked));
  seen_ = looked;
  if (looked != view.experiment.view) requests.view = looked;
}

void OptimizersLab::inspector(const LabView& view, LabRequests& requests) {
  const auto paths = view.session.results.latest<PathsRequest>();
  if (!paths) return draw_no_inspection(view);
  ViewSpec looked = requests.view.value_or(view.experiment.view);
  draw_optimizers_inspector({paths, view.experiment.optimizers}, charts_, view, requests, [&] {
    draw_plot_menu(*this, "anatomy", view, looked, charts_, requests);
  });
  if (looked != view.experiment.view) requests.view = looked;
}

}  // namespace

std::unique_ptr<Lab> make_optimizers_lab() { return std::make_unique<OptimizersLab>(); }

}  // namespace nanscope
