#include "ui/labs/costs/measuring_controls.h"

#include <fmt/format.h>

#include <string>

#include "imgui.h"
#include "ui/canvas/ink.h"
#include "ui/labs/costs/measured_words.h"
#include "ui/labs/experiment_controls.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"

namespace nanscope {
namespace {

void small_line(const std::string& words, const LabView& view) {
  wrapped_text(words, view.style.fonts.regular, text_size::small, view.style.palette.muted);
}

/// "measuring steps, 40 %"; whose turn it is while it waits.
std::string work_words(const SlotView& slot) {
  if (slot.progress.empty()) return text("costs.waits");
  const std::string what = message_text(slot.progress);
  return slot.progress_fraction > 0
             ? fmt::format("{}, {:.0f} %", what, 100 * slot.progress_fraction)
             : what;
}

/// A button that begins the work of a slot or, while that goes on, stops it. True: to begin.
bool work_button(const char* begins, const SlotView& slot, const LabView& view,
                 LabRequests& requests) {
  const bool works = slot.at_work() && view.session.engine_state != EngineState::broken;
  ImGui::PushID(begins);
  const bool pressed =
      ImGui::Button(fmt::format("{}###work", text(works ? "costs.cancel" : begins)).c_str());
  ImGui::PopID();
  if (works) {
    ImGui::SameLine();
    small_line(work_words(slot), view);
  }
  if (pressed && works) requests.cancel = true;
  return pressed && !works;
}

void machine_line(const LabView& view, const SlotView& slot) {
  const auto found = view.session.results.latest<CalibrationRequest>();
  if (slot.at_work() || !found) return;
  if (found->types.empty()) return small_line(text("costs.not_calibrated"), view);
  small_line(format_text("costs.calibrated_at", fmt::arg("when", calibrated_words(*found))), view);
  if (!found->not_kept.empty()) small_line(message_text(found->not_kept), view);
}

}  // namespace

void measure(const Experiment& experiment, Measuring& measuring, LabRequests& requests) {
  if (experiment.costs.measured) return measuring.measure_again();
  requests.edited = experiment;
  requests.edited->costs.measured = true;
}

void draw_measuring_controls(const LabView& view, Experiment& draft, Measuring& measuring,
                             LabRequests& requests) {
  const Costs& costs = draft.costs;
  ControlScope scope{view, draft, requests};
  if (view.session.engine_error && (can_be_measured(costs) || costs.view == CostsView::calibration))
    return small_line(error_text(*view.session.engine_error), view);
  if (can_be_measured(costs)) {
    toggle_control("costs.measured", scope);
    const SlotView& slot = view.session.slot(CostMeasurementRequest::kSlot);
    if (draft.costs.measured) {
      ImGui::SameLine();
      if (work_button("costs.measure_again", slot, view, requests)) measuring.measure_again();
    }
  }
  const bool calibrates = costs.view == CostsView::calibration || has_roof(costs);
  if (!calibrates) return;
  if (has_roof(costs)) choice_control("costs.roof", names_of<Roof>(), true, scope);
  if (has_roof(costs) && draft.costs.roof == Roof::datasheet) return;
  const SlotView& slot = view.session.slot(CalibrationRequest::kSlot);
  if (work_button("costs.calibrate", slot, view, requests)) measuring.calibrate();
  machine_line(view, slot);
}

}  // namespace nanscope
