#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/recipe/training_request.h"
#include "imgui.h"
#include "ui/charts/interactive_charts.h"
#include "ui/labs/figure_cards.h"
#include "ui/labs/lab_header.h"
#include "ui/labs/training/controls.h"
#include "ui/labs/training/figure.h"
#include "ui/labs/training/inspector.h"
#include "ui/labs/training/plots/run_plot.h"
#include "ui/labs/training/training_lab.h"
#include "ui/labs/training/words.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"

namespace nanscope {
namespace {

/// A run as it goes on: a control that moves begins it anew.
class TrainingLab final : public Lab {
 public:
  LabName name() const override { return LabName::training; }
  std::string_view title_key() const override { return "lab.training"; }
  std::vector<std::string_view> plot_names() const override;
  Result<void> check_view(const Experiment& experiment, const JobResults& results) const override;
  std::vector<JobRequest> jobs(const Experiment& experiment) const override;
  std::optional<Figure> figure(const Experiment& experiment,
                               const JobResults& results) const override;
  std::string shown(const Experiment&, const SessionView& session) const override {
    const auto run = session.results.latest<TrainingRequest>();
    return run ? describe_run(run->experiment) : std::string();
  }
  std::vector<std::string> status(const JobResults& results) const override;
  std::string_view pointed_plot() const override { return pointed_; }
  std::string_view plot_to_enlarge() const override {
    return pointed_.empty() ? run_quantities().front().plot : std::string_view(pointed_);
  }
  std::vector<ViewZoom> lockable_axes() const override { return charts_.lock().axes(); }

  void controls(const LabView& view, Experiment& draft, LabRequests& requests) override {
    draw_training_controls(view, draft, requests);
  }
  void main_control(const LabView& view, Experiment& draft, LabRequests& requests) override {
    draw_training_main_control(view, draft, requests);
  }
  void plots(const LabView& view, LabRequests& requests) override;
  void inspector(const LabView& view, LabRequests& requests) override;

 private:
  InteractiveCharts charts_;
  std::string pointed_;      ///< the plot under the pointer, or ""
  std::optional<int> step_;  ///< the step under the pointer in the frame before
};

/// What of an experiment a run depends on.
Experiment asked_of_run(const Experiment& experiment) {
  Experiment asked;
  asked.lab = LabName::training;
  asked.network = experiment.network;
  asked.training = experiment.training;
  asked.data = experiment.data;
  return asked;
}

std::vector<std::string_view> TrainingLab::plot_names() const {
  std::vector<std::string_view> names;
  for (const RunQuantity& quantity : run_quantities()) names.push_back(quantity.plot);
  return names;
}

Result<void> TrainingLab::check_view(const Experiment& experiment,
                                     const JobResults& results) const {
  const auto run = results.latest<TrainingRequest>();
  if (!run || experiment.view.plot.empty()) return {};
  for (const RunQuantity& quantity : run_quantities())
    if (quantity.plot == experiment.view.plot && !has(*run, quantity))
      return input_error("view.plot",
                         "this run has no {}: it is measured where the data has classes and "
                         "data.held_out is above 0.",
                         quantity.plot);
  return {};
}

std::vector<JobRequest> TrainingLab::jobs(const Experiment& experiment) const {
  return {TrainingRequest{asked_of_run(experiment)}};
}

std::optional<Figure> TrainingLab::figure(const Experiment& experiment,
                                          const JobResults& results) const {
  const auto run = results.latest<TrainingRequest>();
  if (!run || !run->history) return std::nullopt;
  Figure figure = training_figure(run);
  look_at(figure, experiment.view);
  // What else the experiment says than what the run was asked.
  figure.experiment = experiment;
  figure.experiment.network = run->experiment.network;
  figure.experiment.training = run->experiment.training;
  figure.experiment.data = run->experiment.data;
  return figure;
}

std::vector<std::string> TrainingLab::status(const JobResults& results) const {
  const auto run = results.latest<TrainingRequest>();
  if (!run) return {};
  std::int64_t bytes = 0;
  for (const auto& [role, held] : run->memory) bytes += held;
  return {fmt::format("cpu  {} {}", name_of(run->experiment.network.precision),
                      text(run->emulated ? "plot.emulated" : "plot.native")),
          format_text("run.status", fmt::arg("rate", number_text(run->steps_per_second()))),
          bytes_text(static_cast<double>(bytes))};
}

void TrainingLab::plots(const LabView& view, LabRequests& requests) {
  const auto run = view.session.results.latest<TrainingRequest>();
  const bool over = view.session.slot(TrainingRequest::kSlot).state == SlotState::idle;
  draw_header(view, run ? run_sentence(*run, over) : std::string(view.waiting), requests);
  pointed_.clear();
  ViewSpec looked = view.experiment.view;
  charts_.show(looked, view.dragging, view.settled);
  // A run that has begun has no steps yet.
  if (run && run->history && !run->history->steps.empty()) {
    Figure figure = training_figure(run, step_);
    look_at(figure, looked);
    const DrawnCards drawn = draw_figure_cards(*this, figure, view, looked, charts_, requests);
    pointed_ = drawn.pointed;
    step_ = drawn.reading ? drawn.reading->index : std::nullopt;
  } else {
    draw_no_plot(view, ImGui::GetContentRegionAvail());
  }
  looked = charts_.looked_at(std::move(looked));
  if (looked != view.experiment.view) requests.view = looked;
}

void TrainingLab::inspector(const LabView& view, LabRequests& requests) {
  const auto run = view.session.results.latest<TrainingRequest>();
  if (run && run->history)
    draw_run_inspector(*run, view.style, requests);
  else
    draw_no_inspection(view);
}

}  // namespace

std::unique_ptr<Lab> make_training_lab() { return std::make_unique<TrainingLab>(); }

}  // namespace nanscope
