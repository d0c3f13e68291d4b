#include "ui/labs/optimizers/plots/paths_picture.h"

#include <fmt/format.h>

#include "ui/labs/describe.h"
#include "ui/text/text.h"

namespace nanscope {

Stroke optimizer_stroke(const Style& style, OptimizerKind kind) {
  constexpr std::array kMarks{Mark::circle, Mark::diamond, Mark::square, Mark::triangle,
                              Mark::cross};
  // Those that are shown most have the colours that differ most; the grey one is the last.
  constexpr std::array<std::size_t, 12> kColors{0, 1, 3, 7, 4, 2, 6, 8, 9, 10, 11, 5};
  const auto place = static_cast<std::size_t>(kind);
  return {.color = style.palette.formats[kColors[place]],
          .mark = kMarks[(place + 2 * (place / kMarks.size())) % kMarks.size()],
          .marked = true};
}

std::array<double, 4> view_of(const Paths& paths) {
  return paths.plane ? paths.plane->view : surface_text(paths.of.surface).view;
}

std::span<const Pair> minima_of(const Paths& paths) {
  if (paths.plane) return {};
  return surface_text(paths.of.surface).minima;
}

Stroke run_stroke(const Style& style) {
  return {.color = style.palette.text,
          .mark = Mark::square,
          .marked = true,
          .width = 1.5f,
          .mark_size = 0.7f};
}

bool moves(const LossPlane& plane) { return plane.share > 0; }

std::string percent_text(double share) { return number_text(100 * share); }

std::string measured_of(const Paths& paths) {
  if (!paths.plane) return "";
  const LossPlane& plane = *paths.plane;
  const char* of = plane.rows_trained == 0            ? "optimizers.rows_drawn"
                   : plane.rows == plane.rows_trained ? "optimizers.rows_all"
                                                      : "optimizers.rows_some";
  return measured_words(plane.precision, plane.emulated) + " " +
         format_text(of, fmt::arg("rows", plane.rows), fmt::arg("trained", plane.rows_trained));
}

std::vector<LegendEntry> optimizers_legend(const PathsPicture& picture, const Style& style) {
  std::vector<LegendEntry> entries;
  for (const Path& path : picture.paths->paths) {
    const OptimizerKind kind = path.optimizer.kind;
    entries.push_back({Sample::line, std::string(name_of(kind)), optimizer_stroke(style, kind)});
  }
  const LossPlane* plane = picture.paths->plane.get();
  if (!plane) return entries;
  entries.push_back(
      {Sample::line,
       format_text(moves(*plane) ? "optimizers.run_projected" : "optimizers.run_still",
                   fmt::arg("percent", percent_text(plane->share))),
       run_stroke(style)});
  if (nonfinite_share(*plane) > 0)
    entries.push_back({Sample::hatch, text("optimizers.nonfinite"), {.color = style.palette.bad}});
  return entries;
}

}  // namespace nanscope
