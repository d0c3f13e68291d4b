#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "engine/recipe/checkpoint.h"
#include "engine/recipe/checkpoint_reader.h"
#include "engine/recipe/gradient_magnitudes.h"
#include "engine/recipe/run_json.h"
#include "engine/recipe/training_request.h"
#include "imgui.h"
#include "ui/charts/interactive_charts.h"
#include "ui/labs/figure_cards.h"
#include "ui/labs/lab_header.h"
#include "ui/labs/training/autopsy_words.h"
#include "ui/labs/training/controls.h"
#include "ui/labs/training/cures.h"
#include "ui/labs/training/earlier_runs.h"
#include "ui/labs/training/figure.h"
#include "ui/labs/training/inspector.h"
#include "ui/labs/training/plots/gradient_plot.h"
#include "ui/labs/training/plots/layer_map.h"
#include "ui/labs/training/plots/run_axis.h"
#include "ui/labs/training/plots/run_curves.h"
#include "ui/labs/training/plots/step_layers.h"
#include "ui/labs/training/plots/surface_plot.h"
#include "ui/labs/training/run_transport.h"
#include "ui/labs/training/training_lab.h"
#include "ui/labs/training/words.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"

namespace nanscope {
namespace {

/// What of an experiment a run depends on.
Experiment asked_of_run(const Experiment& experiment) {
  Experiment asked;
  asked.lab = LabName::training;
  return with_run_of(std::move(asked), experiment);
}

bool is_before_a_step(const RunSummary& run) { return !run.history || run.history->steps.empty(); }

/// A run as it goes on. What can act on it does before its next step; another control that moves
/// begins it anew.
class TrainingLab final : public Lab {
 public:
  LabName name() const override { return LabName::training; }
  std::string_view title_key() const override { return "lab.training"; }
  std::vector<std::string_view> plot_names() const override { return run_plot_names(); }
  /// Of some plots there is one only where the view names it, and one alone says more.
  Experiment showing(std::string_view plot, Experiment experiment) const override {
    if (!plot.empty()) experiment.view.plot = plot;
    return experiment;
  }
  Result<void> check_view(const Experiment& experiment, const JobResults& results) const override;
  std::vector<JobRequest> jobs(const Experiment& experiment) const override;
  std::optional<Figure> figure(const Experiment& experiment,
                               const JobResults& results) const override;
  std::string shown(const Experiment&, const SessionView&) const override {
    return drawn_ ? describe_run(*drawn_) : std::string();
  }
  bool up_to_date(const Experiment& experiment, const std::vector<JobRequest>& jobs,
                  const SessionView& session) const override;
  std::vector<std::string> status(const JobResults& results) const override;
  std::string_view pointed_plot() const override { return pointed_; }
  std::string_view plot_to_enlarge() const override {
    if (!pointed_.empty()) return pointed_;
    const bool died =
        drawn_ && drawn_->is_lost() && picture_of_death({drawn_, earlier_.beside(*drawn_)});
    return died ? kStepLayers : run_quantities().front().plot;
  }
  std::vector<ViewZoom> lockable_axes() const override { return charts_.lock().axes(); }

  const char* compares_otherwise() const override { return "run.compare"; }
  bool can(Transport what) const override;
  void carry_out(Transport what) override;
  void wait_at_first() override { transport_->wait_at_first(); }
  void controls(const LabView& view, Experiment& draft, LabRequests& requests) override {
    transport_->look(view.session);  // what they say is what the plots show in this frame
    draw_training_controls(view, draft, requests, *transport_);
    note_touch(view, draft);
  }
  void main_control(const LabView& view, Experiment& draft, LabRequests& requests) override {
    draw_training_main_control(view, draft, requests);
    note_touch(view, draft);
  }
  void plots(const LabView& view, LabRequests& requests) override;
  void inspector(const LabView& view, LabRequests& requests) override;

  std::string run_file() const override {
    const auto& run = transport_->run();
    return run && run->history ? run_to_lines(*run) : std::string();
  }
  Recipe recipe(const Experiment& experiment) const override {
    Recipe recipe = transport_->recipe(experiment);
    recipe.experiment = with_run_of(experiment, recipe.experiment);
    return recipe;
  }
  void repeat(const Experiment& experiment, std::vector<LiveChange> changes) override {
    transport_->repeat_changes(asked_of_run(experiment), std::move(changes));
  }
  bool opens(const std::string& path) const override {
    return path.ends_with(".jsonl") || is_checkpoint(path);
  }
  Result<OpenedBeside> open(const std::string& path, bool alone) override;
  std::optional<JobRequest> reading(const std::string& path) override;
  Result<OpenedBeside> open_read() override;
  double seconds_to_next_frame() const override { return transport_->seconds_to_take(); }
  bool has_state() const override { return transport_->has_state(); }
  void save_state(const std::string& path) override { transport_->save_state(path); }
  std::optional<Result<std::string>> state_saved() override { return transport_->state_saved(); }
  std::string saving_state() const override { return transport_->saving_state(); }

 private:
  void note_touch(const LabView& view, const Experiment& draft) {
    if (asked_of_run(draft) != asked_of_run(view.experiment)) transport_->touched();
  }
  void note_touch(const LabView& view, const LabRequests& requests) {
    if (requests.edited) note_touch(view, *requests.edited);
  }
  std::string sentence_of(const RunSummary& run) const;
  std::shared_ptr<const RunSummary> drawn_of(std::shared_ptr<const RunSummary> run) const;
  /// Whether the run waits at its first step, and what is drawn is the one before it.
  bool waits_over_another(const RunSummary& run) const {
    return transport_->rests() && drawn_ && drawn_ != transport_->run() && is_before_a_step(run);
  }
  void keep_earlier(const LabView& view, LabRequests& requests);
  std::optional<LabNote> note_of_names(const Experiment& document);
  void choose_step(const DrawnCards& drawn, ViewSpec& looked);
  void say_what_gave_way(DrawnCards drawn, const LabView& view, LabRequests& requests);
  void draw_cures_of(const LabView& view, LabRequests& requests) const;
  /// Whether the steps of a run that died are being repeated to find where it did.
  bool is_searched(const LabView& view) const {
    return transport_->died() && !transport_->run()->autopsy &&
           view.session.slot(TrainingRequest::kSlot).at_work();
  }
  RunState run_state() const {
    if (transport_->over()) return RunState::stopped;
    return transport_->rests() ? RunState::paused : RunState::going;
  }

  const std::unique_ptr<RunTransport> transport_ = std::make_unique<RunTransport>();
  EarlierRuns earlier_;
  bool keeps_left_ = false;  ///< what still comes of the run before stays beside this one
  std::shared_ptr<CheckpointBox> box_;  ///< of one that is being read
  int runs_ = 0;                        ///< that had begun in the frame before
  Experiment document_;                 ///< the demo or file in which the run that is there began
  std::shared_ptr<const RunSummary> drawn_;  ///< the run in the charts
  std::shared_ptr<CurveMemo> memo_ = std::make_shared<CurveMemo>();
  InteractiveCharts charts_;
  std::string pointed_;  ///< the plot under the pointer, or ""
  std::optional<int> look_before_click_;
  std::optional<int> look_;         ///< that was chosen in the frame before
  std::vector<std::string> plots_;  ///< that were seen then
  std::optional<double> place_;     ///< on the x axis, under the pointer in the frame before
};

/// Of the run before one that waits at its first step.
Style dimmed_style(const LabView& view) {
  constexpr float kDimming = 0.65f;
  Style dimmed = view.plain_style;
  dimmed.palette = faded(dimmed.palette, kDimming);
  return dimmed;
}

/// A key that steps a control.
bool arrow_is_down() {
  return std::ranges::any_of(
      std::array{ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_UpArrow, ImGuiKey_DownArrow},
      [](ImGuiKey key) { return ImGui::IsKeyDown(key); });
}

/// "gradient norm, learning rate".
std::string short_names(const std::vector<std::string>& plots) {
  std::string names;
  for (const std::string& plot : plots)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", text("plot.short." + plot));
  return names;
}

/// Why a run lacks a plot.
Error lacks(std::string_view plot) {
  const std::pair<std::string_view, Message> reasons[] = {
      {"loss_scale", message("loss_scale.kind is none")},
      {kGradientPlot, message("its gradients were not counted")},
      {kConditionPlot, message("weights are looked at where statistics is above 0, and not "
                               "where they are so large that the run would wait for it")},
      {kLayerMap, message("layers are looked at where statistics is above 0")},
      {kStepLayers, message("view.look has to be a step at which layers are looked at, or one "
                            "behind it")},
      {kSurfacePlot, message("its samples are no points of a plane")}};
  const auto* why = std::ranges::find(reasons, plot, &std::pair<std::string_view, Message>::first);
  return input_error("view.plot", "this run has no {}: {}.", plot,
                     why != std::end(reasons) ? why->second
                                              : message("it is measured where the data has classes "
                                                        "and data.held_out is above 0"))
      .value();
}

Result<void> TrainingLab::check_view(const Experiment& experiment,
                                     const JobResults& results) const {
  if (experiment.lab == name() && experiment.view.x == RunAxis::epoch &&
      !reads_table(experiment.data.kind))
    return input_error("view.x",
                       "this run has no epochs: its samples are drawn anew for every step.");
  const auto run = results.latest<TrainingRequest>();
  const std::string& plot = experiment.view.plot;
  if (!run) return {};
  if (plot.empty()) return {};
  if (plot == kLayerMap && !has_layers(*run)) return tl::unexpected(lacks(plot));
  if (plot == kGradientPlot && !run->gradients) return tl::unexpected(lacks(plot));
  if (plot == kGradientPlot && experiment.view.layer)
    if (const GradientMagnitudes& counted = *run->gradients;
        layer_place(counted, *experiment.view.layer) == counted.layers.size())
      return input_error("view.layer", "{} is no layer of this run; it has {} of them.",
                         *experiment.view.layer, counted.layers.size());
  if (plot == kStepLayers && !chosen_look(*run, experiment.view) &&
      !picture_of_death({run, earlier_.beside(*run), experiment.view}))
    return tl::unexpected(lacks(plot));
  if (plot == kSurfacePlot && !run->surface) return tl::unexpected(lacks(plot));
  for (const RunQuantity& quantity : run_quantities())
    if (quantity.plot == plot && !has(*run, quantity)) return tl::unexpected(lacks(plot));
  return {};
}

std::vector<JobRequest> TrainingLab::jobs(const Experiment& experiment) const {
  const Experiment asked = asked_of_run(experiment);
  std::vector<JobRequest> jobs{transport_->request(asked)};
  if (transport_->died()) jobs.emplace_back(trials_of(asked, *transport_->run()));
  return jobs;
}

bool TrainingLab::can(Transport what) const {
  if (what == Transport::step) return !transport_->can_be_longer();
  return what == Transport::play_or_pause || transport_->run();
}

void TrainingLab::carry_out(Transport what) {
  if (what == Transport::play_or_pause) return transport_->play_or_pause();
  what == Transport::step ? transport_->step() : transport_->rewind();
}

bool TrainingLab::up_to_date(const Experiment& experiment, const std::vector<JobRequest>& jobs,
                             const SessionView& session) const {
  return Lab::up_to_date(experiment, {jobs.front()}, session);
}

void TrainingLab::draw_cures_of(const LabView& view, LabRequests& requests) const {
  const auto& autopsy = transport_->run()->autopsy;
  if (autopsy || is_searched(view))
    wrapped_text(autopsy ? autopsy_sentence(*autopsy) : text("run.searching"),
                 view.plain_style.fonts.regular, 1, view.plain_style.palette.text);
  const TrialsRequest trials = trials_of(asked_of_run(view.experiment), *transport_->run());
  const JobRequest asked = trials;
  const SlotView& slot = view.session.slot(TrialsRequest::kSlot);
  const bool answered = slot.answered == asked;
  const auto tried = answered ? view.session.results.latest<TrialsRequest>() : nullptr;
  draw_cures(view, trials.remedies, tried.get(), !answered || slot.at_work(), requests);
}

std::optional<Figure> TrainingLab::figure(const Experiment& experiment,
                                          const JobResults& results) const {
  const auto run = results.latest<TrainingRequest>();
  if (!run || !run->history) return std::nullopt;
  Figure figure = training_figure({run, earlier_.beside(*run), experiment.view});
  look_at(figure, experiment.view);
  figure.changes = run->changes;
  // One that is dead is drawn to there again.
  if (!run->is_over() && !run->is_lost()) figure.until = run->steps;
  // What else the experiment says than what the run was asked.
  figure.experiment = experiment;
  figure.experiment.network = run->experiment.network;
  figure.experiment.training = run->experiment.training;
  figure.experiment.data = run->experiment.data;
  figure.experiment.view.x = drawn_axis(*run, experiment.view);
  return figure;
}

std::vector<std::string> TrainingLab::status(const JobResults& results) const {
  const auto run = results.latest<TrainingRequest>();
  if (!run) return {};
  std::int64_t bytes = 0;
  for (const auto& [role, held] : run->memory) bytes += held;
  std::vector<std::string> facts{
      fmt::format("cpu  {} {}", name_of(run->experiment.network.precision),
                  text(run->emulated ? "plot.emulated" : "plot.native"))};
  if (const double rate = run->steps_per_second(); rate > 0)
    facts.push_back(format_text("run.status", fmt::arg("rate", number_text(rate))));
  facts.push_back(bytes_text(static_cast<double>(bytes)));
  return facts;
}

void TrainingLab::plots(const LabView& view, LabRequests& requests) {
  const auto run = view.session.results.latest<TrainingRequest>();
  transport_->begin_frame(view.dragging, arrow_is_down(), ImGui::GetTime());
  keep_earlier(view, requests);
  transport_->look(view.session);
  draw_header(view, run ? sentence_of(*run) : std::string(view.waiting), requests);
  if (transport_->died() && !view.notice) draw_cures_of(view, requests);
  pointed_.clear();
  memo_->begin_frame();
  ViewSpec looked = view.experiment.view;
  charts_.show(looked, view.dragging, view.settled);
  drawn_ = drawn_of(run);
  if (drawn_) {
    Figure figure = training_figure(
        {drawn_, earlier_.beside(*drawn_), looked, place_, memo_, is_searched(view)});
    look_at(figure, looked);
    const Style dimmed = dimmed_style(view);
    const bool before = run && waits_over_another(*run);
    const DrawnCards drawn = draw_figure_cards(*this, figure, view, looked, charts_, requests,
                                               before ? &dimmed : nullptr);
    pointed_ = drawn.pointed;
    place_ = drawn.reading ? drawn.reading->x : std::nullopt;
    choose_step(drawn, looked);
    say_what_gave_way(drawn, view, requests);
  } else {
    draw_no_plot(view, ImGui::GetContentRegionAvail());
  }
  looked = charts_.looked_at(std::move(looked));
  if (looked != view.experiment.view) requests.view = looked;
  note_touch(view, requests);
}

/// A click on a column of the map shows that step's layers, another one on it lets them go.
void TrainingLab::choose_step(const DrawnCards& drawn, ViewSpec& looked) {
  if (drawn.click_taken_back && drawn.pointed == kLayerMap) looked.look = look_before_click_;
  // Over depth a click chooses the layer whose gradients are counted.
  if (drawn.clicked == kStepLayers && drawn.reading)
    looked.layer = looked.layer == drawn.reading->index ? std::nullopt : drawn.reading->index;
  if (drawn.clicked != kLayerMap || !drawn.reading) return;
  look_before_click_ = looked.look;
  looked.look = looked.look == drawn.reading->index ? std::nullopt : drawn.reading->index;
}

/// Plots that are gone since a step's layers are shown come back, and the person hears how.
void TrainingLab::say_what_gave_way(DrawnCards drawn, const LabView& view, LabRequests& requests) {
  const ViewSpec& now = view.experiment.view;
  if (now.look && !look_ && now.plot.empty() && !requests.note) {
    std::erase_if(plots_, [&](const std::string& plot) {
      return std::ranges::find(drawn.plots, plot) != drawn.plots.end();
    });
    if (!plots_.empty())
      requests.note =
          LabNote{.words = format_text("run.gave_way", fmt::arg("plots", short_names(plots_)),
                                       fmt::arg("step", *now.look)),
                  .button = {},
                  .run = {}};
  }
  look_ = now.look;
  plots_ = std::move(drawn.plots);
}

/// A run that is there; until it has taken a step the one before it of the same network and data,
/// if there is one.
std::shared_ptr<const RunSummary> TrainingLab::drawn_of(
    std::shared_ptr<const RunSummary> run) const {
  if (!run || !is_before_a_step(*run)) return run;
  const bool kin = drawn_ && drawn_->experiment.network == run->experiment.network &&
                   drawn_->experiment.data == run->experiment.data;
  if (kin) return drawn_;
  // Nothing is under way that its plots would wait for: they are empty.
  return run->history && transport_->rests() ? run : nullptr;
}

/// What the run does, and until it is over why it began anew.
std::string TrainingLab::sentence_of(const RunSummary& run) const {
  std::string words = run_sentence(run, run_state());
  if (waits_over_another(run))
    words = format_text("run.sentence.before_dimmed", fmt::arg("sentence", words));
  // It is as its demo or file has it; a checkpoint's has its changes behind it.
  const bool opened = run.experiment == document_ ||
                      (run.resumed_after > 0 &&
                       before_step(run.experiment, run.changes, run.resumed_after) == document_);
  if (opened || transport_->changed().empty() || transport_->over() || transport_->died())
    return words;
  return format_text("run.anew", fmt::arg("settings", transport_->changed()),
                     fmt::arg("sentence", words));
}

/// A run that another one follows stays. A demo or another experiment that is opened begins without
/// them, and says which stay as they have a name; a checkpoint does not, nor what is only saved
/// under another name.
void TrainingLab::keep_earlier(const LabView& view, LabRequests& requests) {
  const Experiment document = asked_of_run(view.reset_to);
  const auto left = transport_->take_left();
  if (const int runs = transport_->runs(); runs != runs_) {
    keeps_left_ = document == document_ || transport_->resumed();
    if (!keeps_left_) {
      earlier_.forget_unnamed();
      requests.note = note_of_names(document);
    }
    runs_ = runs;
    document_ = document;
  } else if (transport_->asked() == document) {
    document_ = document;
  }
  if (left && keeps_left_ && left->steps > 0) earlier_.keep(left);
}

/// Of the runs that were dropped on another experiment, or named there.
std::optional<LabNote> TrainingLab::note_of_names(const Experiment& document) {
  std::vector<std::string> names = earlier_.names_beside(document);
  if (names.empty()) return std::nullopt;
  const auto count = std::ssize(names);
  return LabNote{.words = count_text("run.stays", count, fmt::arg("name", names.front())),
                 .button = count_text("run.let_go", count),
                 .run = [this, names = std::move(names)] { earlier_.forget(names); }};
}

Result<OpenedBeside> TrainingLab::open(const std::string& path, bool alone) {
  Result<RunSummary> run = read_run(path);
  if (!run) return tl::unexpected(run.error());
  std::string damage = damage_words(*run);
  if (alone) repeat(run->experiment, run->changes);
  earlier_.keep(std::make_shared<const RunSummary>(*std::move(run)),
                std::filesystem::path(path).filename().string());
  return OpenedBeside{.said = std::move(damage)};
}

std::optional<JobRequest> TrainingLab::reading(const std::string& path) {
  if (!is_checkpoint(path)) return std::nullopt;
  box_ = std::make_shared<CheckpointBox>();
  return CheckpointRequest{path, box_};
}

Result<OpenedBeside> TrainingLab::open_read() {
  const auto state = std::exchange(box_, nullptr)->state;
  Experiment experiment = state->experiment;
  experiment.lab = name();
  transport_->go_on_from(asked_of_run(experiment), state);
  // As its run had come to be by then.
  return OpenedBeside{.shows = before_step(std::move(experiment), state->changes, state->steps)};
}

/// Of the run that the plots are of, and as dim as they are.
void TrainingLab::inspector(const LabView& view, LabRequests& requests) {
  const auto run = view.session.results.latest<TrainingRequest>();
  if (!run || !run->history) return draw_no_inspection(view);
  if (!waits_over_another(*run)) {
    draw_run_inspector(*run, earlier_, view, requests);
    return note_touch(view, requests);
  }
  const Style dimmed = dimmed_style(view);
  const LabView dim_view{.experiment = view.experiment,
                         .reset_to = view.reset_to,
                         .session = view.session,
                         .style = dimmed,
                         .plain_style = view.plain_style,
                         .waiting = view.waiting,
                         .notice = view.notice,
                         .summary = view.summary};
  draw_run_inspector(*drawn_, earlier_, dim_view, requests);
  note_touch(view, requests);
}

}  // namespace

std::unique_ptr<Lab> make_training_lab() { return std::make_unique<TrainingLab>(); }

}  // namespace nanscope
