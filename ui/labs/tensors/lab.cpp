#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/numbers/encoding.h"
#include "engine/tensor_language/one_line.h"
#include "engine/tensor_language/syntax.h"
#include "imgui.h"
#include "ui/charts/place_menu.h"
#include "ui/labs/experiment_controls.h"
#include "ui/labs/lab_header.h"
#include "ui/labs/plot_menu.h"
#include "ui/labs/tensors/cell_menu.h"
#include "ui/labs/tensors/controls.h"
#include "ui/labs/tensors/editor.h"
#include "ui/labs/tensors/figure.h"
#include "ui/labs/tensors/inspector.h"
#include "ui/labs/tensors/looked_at.h"
#include "ui/labs/tensors/memory_page.h"
#include "ui/labs/tensors/page.h"
#include "ui/labs/tensors/plots/memory_timings_plot.h"
#include "ui/labs/tensors/plots/tensor_words.h"
#include "ui/labs/tensors/tensors_lab.h"
#include "ui/labs/tensors/timings.h"
#include "ui/text/text.h"
#include "ui/widgets/context_menu.h"
#include "ui/widgets/controls.h"

namespace nanscope {
namespace {

class TensorsLab final : public Lab {
 public:
  LabName name() const override { return LabName::tensors; }
  std::string_view title_key() const override { return "lab.tensors"; }
  std::vector<std::string_view> plot_names() const override {
    return {"tensor_chain", "tensor_storage", "tensor_memory", "memory_traversal", "memory_copies"};
  }
  std::vector<TitledView> views() const override {
    std::vector<TitledView> views;
    for (const std::string_view view : names_of<TensorsView>())
      views.push_back({"tensors.view", view, std::string(view)});
    return views;
  }
  Experiment showing(std::string_view plot, Experiment experiment) const override {
    if (plot == "tensor_chain") experiment.tensors.view = TensorsView::chain;
    if (plot == "tensor_storage" || plot == "tensor_memory")
      experiment.tensors.view = TensorsView::memory;
    if (plot == "memory_traversal" || plot == "memory_copies")
      experiment.tensors.view = TensorsView::timings;
    return experiment;
  }
  Result<void> check(std::string_view, const Experiment& experiment) const override {
    if (experiment.tensors.view == TensorsView::timings) return {};
    const auto good = check_program(experiment.tensors.expression);
    if (good) return good;
    return input_error("tensors.expression", whole_message(good.error()));
  }
  Result<void> check_view(const Experiment& experiment, const JobResults& results) const override;
  std::vector<JobRequest> jobs(const Experiment& experiment) const override {
    if (experiment.tensors.view == TensorsView::timings)
      return {MemoryTimingsRequest{}, DeviceCopiesRequest{}};
    TensorRequest request;
    request.expression = experiment.tensors.expression;
    request.seed = experiment.network.seed;
    request.windows = windows_of(experiment.view);
    // First the picture; which values its numbers may take costs more, and follows a pause. While a
    // slider is held its range stands still. The very first chain comes with them: the controls
    // below them do not jump.
    const auto rests = [&] { return seconds_of_pause() <= 0 && !slider_held_; };
    request.parameters =
        !latest_ || (latest_->expression == request.expression && (latest_ == sliders_ || rests()));
    return {request};
  }
  std::optional<Figure> figure(const Experiment& experiment,
                               const JobResults& results) const override {
    if (experiment.tensors.view == TensorsView::timings) {
      const auto measured = latest_timings(results);
      if (!measured) return std::nullopt;
      Figure figure = memory_timings_figure(experiment, measured);
      look_at(figure, experiment.view);
      return figure;
    }
    const auto chain = results.latest<TensorRequest>();
    if (!chain) return std::nullopt;
    return tensors_figure(experiment, chain);
  }
  /// The chain of the text, whether or not its numbers were tried; what is known of a device
  /// follows.
  bool up_to_date(const Experiment& experiment, const std::vector<JobRequest>& jobs,
                  const SessionView& session) const override;
  std::string shown(const Experiment& experiment, const SessionView& session) const override;
  std::vector<std::string> status(const JobResults& results) const override;
  float message_top() const override { return message_top_; }
  std::string_view pointed_plot() const override {
    return timing_.empty() ? std::string_view("tensor_chain") : timing_;
  }
  std::string_view plot_to_enlarge() const override { return timing_; }
  std::vector<ViewZoom> lockable_axes() const override { return charts_.lock().axes(); }
  bool turns_pages(const Experiment& experiment) const override {
    return experiment.tensors.view == TensorsView::chain;
  }
  double seconds_to_next_frame() const override {
    if (page_.moving()) return 0;
    const double pause = latest_ && latest_ != sliders_ && !slider_held_ ? seconds_of_pause() : 0;
    return pause > 0 ? pause : std::numeric_limits<double>::infinity();
  }

  void controls(const LabView& view, Experiment& draft, LabRequests& requests) override;
  void main_control(const LabView& view, Experiment& draft, LabRequests& requests) override {
    const bool of_chain = view.experiment.tensors.view != TensorsView::timings;
    const int step = shown_ ? page_.only_step(*shown_) : -1;
    slider_held_ =
        of_chain && draw_tensors_main_control(view, sliders_.get(), step, draft, requests);
    if (shown_ && turns_pages(view.experiment)) step_by_keys(view, step, requests);
  }
  void plots(const LabView& view, LabRequests& requests) override;
  void inspector(const LabView& view, LabRequests& requests) override;

 private:
  double seconds_of_pause() const { return changed_at_ + kPause - ImGui::GetTime(); }
  void header(const LabView& view, LabRequests& requests);
  bool says_refusal_below(const LabView& view) const;
  void timings(const LabView& view, LabRequests& requests);
  void take(const SessionView& session);
  void draw_page(const LabView& view, LabRequests& requests);
  void menu(const char* plot, const PlaceMenu::Words& words, const LabView& view, ViewSpec& looked,
            LabRequests& requests);
  void step_by_keys(const LabView& view, int step, LabRequests& requests) const;
  void inspect_bits(const TensorCell& cell, LabRequests& requests) const;
  void edit(const LabView& view, const std::string& expression, LabRequests& requests) const;

  std::shared_ptr<const TensorChain> latest_;   ///< of the text as it is
  std::shared_ptr<const TensorChain> shown_;    ///< the latest that could be read
  std::shared_ptr<const TensorChain> sliders_;  ///< the latest whose numbers were tried
  double changed_at_ = 0;                       ///< when the text became another one
  bool slider_held_ = false;
  float message_top_ = 0;  ///< below the field
  std::string timing_;     ///< the plot of the machine's memory that one may want alone, or ""
  TensorsPage page_;
  PlaceMenu menu_;            ///< of the page
  InteractiveCharts charts_;  ///< of the machine's memory

  static constexpr double kPause = 0.2;  ///< seconds without a change
};

Result<void> TensorsLab::check_view(const Experiment& experiment, const JobResults& results) const {
  const auto chain = results.latest<TensorRequest>();
  if (!chain || experiment.tensors.view == TensorsView::timings) return {};
  const ViewSpec& view = experiment.view;
  const auto steps = static_cast<int>(chain->steps.size());
  if (view.step && *view.step > steps)
    return input_error("view.step", "{} is not there; the chain has {} steps.", *view.step, steps);
  if (view.element && !element_of(view, *chain))
    return input_error("view.element",
                       "{} is not there; the chain has {} steps, and an index is one number for "
                       "each dimension.",
                       elements_text({*view.element}), steps);
  for (const ViewElement& window : view.windows)
    if (window.step > steps)
      return input_error("view.windows", "{} is not there; the chain has {} steps.",
                         elements_text({window}), steps);
  return {};
}

bool TensorsLab::up_to_date(const Experiment& experiment, const std::vector<JobRequest>&,
                            const SessionView& session) const {
  if (experiment.tensors.view == TensorsView::timings)
    return session.slot(MemoryTimingsRequest::kSlot).up_to_date();
  const auto chain = session.results.latest<TensorRequest>();
  if (!chain || chain->expression != experiment.tensors.expression ||
      chain->seed != experiment.network.seed)
    return false;
  // Of a text that cannot be read there is no picture: the one before it stays.
  return !is_unreadable(*chain) || !shown_ || shown_->expression == chain->expression;
}

std::string TensorsLab::shown(const Experiment& experiment, const SessionView&) const {
  if (experiment.tensors.view == TensorsView::timings || !shown_) return "";
  return one_line(shown_->expression);
}

std::vector<std::string> TensorsLab::status(const JobResults& /*results*/) const {
  if (!shown_) return {};
  const TensorMemory& memory = shown_->memory;
  return {format_text("tensors.status.storage",
                      fmt::arg("bytes", bytes_text(static_cast<double>(memory.storage_bytes)))),
          format_text("tensors.status.peak",
                      fmt::arg("bytes", bytes_text(static_cast<double>(memory.peak_bytes))))};
}

/// While a text that cannot be read is typed on, the last picture stays.
void TensorsLab::take(const SessionView& session) {
  const auto chain = session.results.latest<TensorRequest>();
  if (!chain || chain == latest_) return;
  const bool again = latest_ && latest_->expression == chain->expression;
  latest_ = chain;
  if (!again) changed_at_ = ImGui::GetTime();
  const auto& answered = session.slot(TensorRequest::kSlot).answered;
  const auto* request = answered ? answered->as<TensorRequest>() : nullptr;
  if (request && request->parameters) sliders_ = latest_;
  if (!is_unreadable(*latest_) || !shown_) shown_ = latest_;
}

void TensorsLab::edit(const LabView& view, const std::string& expression,
                      LabRequests& requests) const {
  requests.edited = view.experiment;
  requests.edited->tensors.expression = expression;
}

void TensorsLab::controls(const LabView& view, Experiment& draft, LabRequests& requests) {
  take(view.session);
  int step = page_.chosen_step();
  const TensorsControls done =
      draw_tensors_controls(view, shown_.get(), sliders_.get(), draft, requests, step);
  slider_held_ = done.slider_held;
  if (!done.step_chosen) return;
  if (step == page_.chosen_step()) return page_.choose_step(step);  // once more in sight
  requests.view = view.experiment.view;
  requests.view->step = step + 1;
}

/// From step to step where one is shown, whatever has the focus; a refused one is the last.
void TensorsLab::step_by_keys(const LabView& view, int step, LabRequests& requests) const {
  const auto steps = static_cast<int>(shown_->steps.size());
  const int last = shows_refusal(*shown_) ? steps : steps - 1;
  for (const auto& [key, by] : {std::pair{ImGuiKey_PageUp, -1}, {ImGuiKey_PageDown, 1}}) {
    if (!ImGui::Shortcut(key, ImGuiInputFlags_RouteGlobal | ImGuiInputFlags_Repeat)) continue;
    requests.view = view.experiment.view;
    const int next = std::clamp(step + by, 0, last);
    requests.view->step = next < steps ? std::optional(next + 1) : std::nullopt;
  }
}

/// In a hall whose one step is the refused one, that says why in large letters.
bool TensorsLab::says_refusal_below(const LabView& view) const {
  return view.hall && turns_pages(view.experiment) && latest_ == shown_ && shows_refusal(*shown_) &&
         page_.only_step(*shown_) == static_cast<int>(shown_->steps.size());
}

/// The field, and below it what the chain does to memory or why it stops.
void TensorsLab::header(const LabView& view, LabRequests& requests) {
  const Style& style = view.plain_style;
  const float width = ImGui::GetContentRegionAvail().x;
  const std::string& expression = view.experiment.tensors.expression;
  const bool blank = is_blank(expression);
  const TensorChain* underlined = blank ? nullptr : latest_.get();
  if (view.typing) ImGui::SetKeyboardFocusHere();
  if (const auto typed = chain_editor(expression, underlined, page_.chosen_step(), width, style))
    edit(view, *typed, requests);
  if (const ContextMenu copies("chain menu"); copies && copies.copy(expression))
    requests.copy = expression;
  message_top_ = ImGui::GetCursorScreenPos().y - ImGui::GetWindowPos().y;
  const bool answered = latest_ && latest_->expression == expression;
  if (!blank && answered && latest_->error) {
    if (!says_refusal_below(view)) chain_error(*latest_->error, expression, width, style);
    if (const auto repaired = chain_repairs(*latest_->error)) edit(view, *repaired, requests);
    if (view.notice)
      styled_text(fitted(view.notice->shown, width), style.fonts.regular, 1.0f,
                  style.palette.muted);
    draw_hint(view, requests);
    ImGui::Dummy({0, unit(style) / 4});
    return;
  }
  const std::string words = picture_sentence(shown_.get(), expression, view.waiting);
  if (!blank || !view.notice) return draw_header(view, words, requests);
  // What to type, and of what the picture is meanwhile.
  const WorkNotice nothing{.words = words, .shown = view.notice->shown};
  LabView emptied = view;
  emptied.notice = &nothing;
  draw_header(emptied, words, requests);
}

/// The machine's memory instead of the chain's.
void TensorsLab::timings(const LabView& view, LabRequests& requests) {
  message_top_ = 0;
  if (timing_.empty()) timing_ = "memory_traversal";
  const auto measured = latest_timings(view.session.results);
  draw_header(view, measured ? memory_timings_sentence(*measured) : text("timings.wait"), requests);
  if (!measured) return draw_no_plot(view, ImGui::GetContentRegionAvail());
  ViewSpec looked = view.experiment.view;
  charts_.show(looked, view.dragging, view.settled);
  const auto more = [&](std::string_view plot) {
    draw_plot_menu(*this, plot, view, looked, charts_, requests);
  };
  const MemoryTimingsEvents done =
      draw_memory_timings(measured, view.experiment.view.plot, view.style, charts_, more);
  if (!done.copied.empty()) requests.copy = done.copied;
  if (!done.pointed.empty()) timing_ = done.pointed;
  looked = charts_.looked_at(std::move(looked));
  if (looked != view.experiment.view) requests.view = looked;
}

void TensorsLab::plots(const LabView& view, LabRequests& requests) {
  if (view.experiment.tensors.view == TensorsView::timings) {
    timings(view, requests);
    return;
  }
  take(view.session);
  timing_.clear();
  // What is looked at is of the text's chain; the one on the screen may be of the text before.
  const bool of_text = shown_ && shown_->expression == view.experiment.tensors.expression;
  if (of_text) page_.show(view.experiment.view, *shown_);
  header(view, requests);
  if (!shown_) return draw_no_plot(view, ImGui::GetContentRegionAvail());
  const bool memory = view.experiment.tensors.view == TensorsView::memory;
  charts_.show(view.experiment.view);
  PlaceMenu::Words words;
  if (memory) {
    words =
        draw_memory_page(*shown_, view.experiment.view.plot, view.hall, view.style, requests.copy);
  } else {
    draw_page(view, requests);
    words = [&] {
      return page_.number().empty() ? words_of_cell(*shown_, page_.hovered())
                                    : std::vector{page_.number()};
    };
  }
  ViewSpec looked = of_text ? page_.looked_at(view.experiment.view) : view.experiment.view;
  menu(memory ? "tensor_memory" : "tensor_chain", words, view, looked, requests);
  looked.lock = charts_.lock().lock();
  if (looked != view.experiment.view) requests.view = looked;
  if (page_.take_inspect() && page_.pinned()) inspect_bits(*page_.pinned(), requests);
}

void TensorsLab::draw_page(const LabView& view, LabRequests& requests) {
  const std::optional<TensorCell> before = page_.pinned();
  requests.explain_below = ImGui::GetCursorScreenPos().y;
  page_.draw(shown_, view.style,
             {view.experiment.tensors.cells == CellLabel::addresses, view.animated, view.hall});
  const bool by_mouse =
      ImGui::IsMouseClicked(ImGuiMouseButton_Left) || ImGui::IsMouseReleased(ImGuiMouseButton_Left);
  if (page_.number_clicked()) requests.copy = page_.number();
  if (page_.pinned() != before && by_mouse) requests.explain = page_.pinned().has_value();
}

/// What can be copied at the pointer, and what all plots have.
void TensorsLab::menu(const char* plot, const PlaceMenu::Words& words, const LabView& view,
                      ViewSpec& looked, LabRequests& requests) {
  const bool pointed = ImGui::IsItemHovered(ImGuiHoveredFlags_RectOnly) &&
                       ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows);
  const std::string copied = menu_.draw("page menu", words, pointed, [&] {
    draw_plot_menu(*this, plot, view, looked, charts_, requests);
  });
  if (!copied.empty()) requests.copy = copied;
}

/// The element's value in as many digits as tell it from its neighbours.
void TensorsLab::inspect_bits(const TensorCell& cell, LabRequests& requests) const {
  const TensorStep& step = shown_->steps[static_cast<std::size_t>(cell.step)];
  if (const auto value = value_at(step, cell.index))
    requests.inspect_number =
        value->exact ? fmt::format("{}", *value->exact) : number_input(value->value);
}

void TensorsLab::inspector(const LabView& view, LabRequests& requests) {
  if (!shown_) {
    draw_no_inspection(view);
    return;
  }
  const std::optional<TensorCell> cell = page_.selected();
  if (!cell) {
    draw_chain_inspector(*shown_, view.style, requests);
    return;
  }
  const TensorsInspection asked = draw_element_inspector(*shown_, *cell, view.style);
  if (asked.inspect) inspect_bits(*cell, requests);
  if (!asked.copied.empty()) requests.copy = asked.copied;
  if (asked.edit) edit(view, *asked.edit, requests);
  if (asked.go_to) {
    requests.view = view.experiment.view;
    requests.view->step = asked.go_to->step + 1;
    requests.view->element = view_element(*asked.go_to);
  }
}

}  // namespace

std::unique_ptr<Lab> make_tensors_lab() { return std::make_unique<TensorsLab>(); }

}  // namespace nanscope
