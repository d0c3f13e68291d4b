#include "ui/labs/optimizers/plots/paths_picture.h"

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

std::vector<LegendEntry> optimizers_legend(const PathsPicture& picture, const Style& style) {
  std::vector<LegendEntry> entries;
  for (const Path& path : picture.paths->paths) {
    const OptimizerKind kind = path.optimizer.kind;
    entries.push_back({Sample::line, std::string(name_of(kind)), optimizer_stroke(style, kind)});
  }
  return entries;
}

}  // namespace nanscope
