#include "ui/labs/tensors/timings.h"

#include "engine/tensor_language/timings_json.h"
#include "imgui.h"
#include "ui/labs/tensors/plots/memory_timings_plot.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"

namespace nanscope {

std::shared_ptr<const MemoryTimings> latest_timings(const JobResults& results) {
  const auto measured = results.latest<MemoryTimingsRequest>();
  const auto copies = results.latest<DeviceCopiesRequest>();
  if (!measured || !copies) return measured;
  auto both = std::make_shared<MemoryTimings>(*measured);
  add_device_copies(*copies, *both);
  return both;
}

Figure memory_timings_figure(const Experiment& experiment,
                             std::shared_ptr<const MemoryTimings> timings) {
  Figure figure{.experiment = experiment,
                .title = memory_timings_sentence(*timings),
                .settings = text("timings.settings"),
                .foot = text("timings.foot"),
                .plots = {},
                .stacked = true,
                .csv = [timings] { return timings_to_csv(*timings); },
                .json = [timings] { return timings_to_json(*timings, 2) + "\n"; }};
  figure.plots = {{memory_traversal(timings)}, {memory_copies(timings)}};
  figure.plots.back().height = 0.35f;
  return figure;
}

MemoryTimingsEvents draw_memory_timings(const std::shared_ptr<const MemoryTimings>& timings,
                                        std::string_view alone, const Style& style,
                                        InteractiveCharts& charts,
                                        const std::function<void(std::string_view plot)>& menu) {
  MemoryTimingsEvents done;
  const bool one = alone == "memory_traversal" || alone == "memory_copies";
  const auto place = [&](const Plot& plot, const char* title, float share) {
    if (one && alone != plot.name) return;
    heading(title, style);
    const ImVec2 room = ImGui::GetContentRegionAvail(), corner = ImGui::GetCursorScreenPos();
    const ImVec2 size{room.x, one ? room.y : room.y * share};
    const ChartEvents events = charts.draw(plot, style, size, {.menu = [&] { menu(plot.name); }});
    if (!events.copied.empty()) done.copied = events.copied;
    if (ImGui::IsMouseHoveringRect(corner, {corner.x + size.x, corner.y + size.y}))
      done.pointed = plot.name;
  };
  place(memory_traversal(timings), text("plot.memory_traversal"), 0.72f);
  place(memory_copies(timings), text("plot.memory_copies"), 1.0f);
  return done;
}

}  // namespace nanscope
