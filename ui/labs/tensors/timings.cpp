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
  const auto plot = [&](const char* name, auto draw) -> FigurePlot {
    return {{name, [timings, draw](Canvas& canvas, const PlotPlace& place) {
               draw(canvas, *timings, place.corner, place.size);
             }}};
  };
  figure.plots.push_back(plot("memory_traversal", draw_memory_traversal));
  figure.plots.push_back(plot("memory_copies", draw_memory_copies));
  figure.plots.back().height = 0.35f;
  return figure;
}

void draw_memory_timings(const MemoryTimings& timings, const Style& style) {
  ScreenCanvas canvas(*ImGui::GetWindowDrawList(), style);
  const auto place = [&](auto draw, const char* title, float share) {
    heading(text(title), style);
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const ImVec2 size{room.x, room.y * share};
    draw(canvas, timings, ImGui::GetCursorScreenPos(), size);
    ImGui::Dummy(size);
  };
  place(draw_memory_traversal, "plot.memory_traversal", 0.72f);
  place(draw_memory_copies, "plot.memory_copies", 1.0f);
}

}  // namespace nanscope
