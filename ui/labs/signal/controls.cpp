#include "ui/labs/signal/controls.h"

#include <string_view>
#include <vector>

#include "engine/probes/signal_request.h"
#include "ui/labs/network_controls.h"

namespace nanscope {
namespace {

/// Without those that are there to be learned, unless one of them is chosen.
std::vector<std::string_view> kinds_of_input(DataKind chosen) {
  std::vector<std::string_view> names;
  for (const auto& [kind, name] : Names<DataKind>::all)
    if (!is_taught(kind) || kind == chosen) names.push_back(name);
  return names;
}

}  // namespace

void draw_signal_main_control(const LabView& view, Experiment& draft, LabRequests& requests) {
  ControlScope scope{view, draft, requests};
  gain_control(false, scope);
}

void draw_signal_controls(const LabView& view, Experiment& draft, LabRequests& requests) {
  ControlScope scope{view, draft, requests};
  constexpr float kComfortable = 42;  // lines of text that the sections take, 41, and a little
  const RowGap gap(kComfortable);
  model_section(true, scope);
  init_section(scope);
  precision_section(scope);
  const auto pass = view.session.results.latest<SignalRequest>();
  const bool is_read = pass && pass->table && pass->experiment.data.path == draft.data.path;
  data_section(kinds_of_input(draft.data.kind), is_read ? &*pass->table : nullptr, scope);
  seed_section(true, scope);
}

}  // namespace nanscope
