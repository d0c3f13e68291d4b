#include "ui/labs/signal/plots/special_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "ui/charts/depth_plot.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

struct Share {
  const char* key;
  std::int64_t (*count)(const Statistics&);
  int series;  ///< index into Palette::series
  Mark mark;
};

// From the most to the least usual, so that what matters is drawn on top.
constexpr std::array<Share, 5> kShares{
    {{"special.zeros", [](const Statistics& s) { return s.zeros; }, 0, Mark::circle},
     {"special.saturated", [](const Statistics& s) { return s.saturated; }, 2, Mark::diamond},
     {"special.subnormals", [](const Statistics& s) { return s.subnormals; }, 4, Mark::square},
     {"special.infs", [](const Statistics& s) { return s.infs(); }, 1, Mark::triangle},
     {"special.nans", [](const Statistics& s) { return s.nans; }, 3, Mark::cross}}};

double percent(const Share& share, const Statistics& statistics) {
  if (statistics.count == 0) return 0;
  return 100.0 * static_cast<double>(share.count(statistics)) /
         static_cast<double>(statistics.count);
}

bool present(const SignalSnapshot& snapshot, const Share& share) {
  return std::ranges::any_of(snapshot.layers, [&](const LayerSignal& layer) {
    return share.count(layer.of(snapshot.histogram_tensor)) > 0;
  });
}

void draw_share(const DepthCanvas& canvas, const Share& share) {
  const ImU32 color = ink(canvas.style.palette.series[share.series]);
  std::vector<ImVec2> line;
  for (int i = 0; i < static_cast<int>(canvas.snapshot.layers.size()); ++i)
    line.push_back(canvas.at(
        i, percent(share, canvas.snapshot.layers[i].of(canvas.snapshot.histogram_tensor))));
  // Nothing is drawn along zero: there is none of it, and the lines would hide one another.
  const float zero = canvas.at(0, 0).y;
  for (std::size_t i = 1; i < line.size(); ++i)
    if (line[i - 1].y < zero || line[i].y < zero)
      canvas.list.AddLine(line[i - 1], line[i], color, px(canvas.style.line_width));
  const int stride = mark_stride(canvas);
  for (std::size_t i = 0; i < line.size(); i += stride)
    if (line[i].y < zero) draw_mark(canvas.list, canvas.style, share.mark, line[i], color);
}

TooltipTable tooltip_of(const SignalSnapshot& snapshot, int layer) {
  const Statistics& statistics = snapshot.layers[layer].of(snapshot.histogram_tensor);
  TooltipTable table{{text("tensor." + std::string(name_of(snapshot.histogram_tensor))),
                      text("plot.axis.share"), text("plot.count")},
                     {}};
  for (const Share& share : kShares)
    table.rows.push_back({text(share.key), number_text(percent(share, statistics)) + " %",
                          std::to_string(share.count(statistics))});
  return table;
}

}  // namespace

void draw_special_values(const SignalSnapshot& snapshot, const Style& style, ImVec2 size,
                         PlotSelection& selection) {
  DepthPlot depth;
  depth.id = "special_values";
  depth.title = format_text(
      "plot.title_of", fmt::arg("title", text("plot.special_values")),
      fmt::arg("tensor", text("tensor." + std::string(name_of(snapshot.histogram_tensor)))));
  bool any = false;
  for (const Share& share : kShares) {
    const bool seen = present(snapshot, share);
    any = any || seen;
    depth.legend.push_back({Sample::measured,
                            text(share.key),
                            style.palette.series[share.series],
                            share.mark,
                            seen,
                            {}});
  }
  if (!any) depth.note = text("plot.no_special");
  depth.y_label = text("plot.axis.share");
  depth.y = {-4, 104};
  depth.y_ticks = plain_ticks({0, 100}, 25, " %");
  depth.draw = [&](const DepthCanvas& canvas) {
    for (const Share& share : kShares)
      if (present(snapshot, share)) draw_share(canvas, share);
  };
  depth.tooltip = [&](int layer, double) { return tooltip_of(snapshot, layer); };
  draw_depth_plot(snapshot, style, size, selection, depth);
}

}  // namespace nanscope
