#include "ui/labs/signal/plots/special_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

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
  const ImVec4& color = canvas.style().palette.series[share.series];
  std::vector<ImVec2> points;
  for (int i = 0; i < static_cast<int>(canvas.snapshot.layers.size()); ++i)
    points.push_back(canvas.at(
        i, percent(share, canvas.snapshot.layers[i].of(canvas.snapshot.histogram_tensor))));
  // Nothing is drawn along zero: there is none of it, and the lines would hide one another.
  const float zero = canvas.at(0, 0).y;
  std::vector<ImVec2> line;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool flat = i > 0 && points[i - 1].y >= zero && points[i].y >= zero;
    if (flat) line.push_back({points[i].x, std::nanf("")});
    line.push_back(points[i]);
  }
  canvas.canvas.polyline(line, ink(color), px(canvas.style().line_width));
  for (std::size_t i = 0; i < points.size(); i += static_cast<std::size_t>(mark_stride(canvas)))
    if (points[i].y < zero) draw_mark(canvas.canvas, share.mark, points[i], ink(color));
}

void read_shares(PlotReading& reading, const SignalSnapshot& snapshot, int layer) {
  const Statistics& statistics = snapshot.layers[layer].of(snapshot.histogram_tensor);
  reading.table.head = {text("tensor." + std::string(name_of(snapshot.histogram_tensor))),
                        text("plot.axis.share"), text("plot.count")};
  for (const Share& share : kShares) {
    const double value = percent(share, statistics);
    reading.table.rows.push_back(
        {text(share.key), number_text(value) + " %", std::to_string(share.count(statistics))});
    reading.values.push_back({std::string(text(share.key)) + " %", value, value});
  }
}

}  // namespace

DepthPlot special_values(const SignalView& view, const Style& style, float /*height*/) {
  const SignalSnapshot& snapshot = *view.pass;
  DepthPlot depth;
  depth.title = format_text(
      "plot.title_of", fmt::arg("title", text("plot.special_values")),
      fmt::arg("tensor", text("tensor." + std::string(name_of(snapshot.histogram_tensor)))));
  bool any = false;
  for (const Share& share : kShares) {
    const bool seen = present(snapshot, share);
    any = any || seen;
    depth.legend.push_back({Sample::line, text(share.key),
                            depth_stroke(style.palette.series[share.series], share.mark), seen});
  }
  if (!any) depth.note = text("plot.no_special");
  depth.y_name = text("plot.axis.share");
  depth.y = {-4, 104};
  depth.y_ticks = [home = drawable(depth.y)](const Limits& seen, double most) {
    return plain_ticks({std::max(0.0, seen.low), std::min(100.0, seen.high)},
                       seen == home ? 25 : round_step(seen.span(), std::max(2.0, most)), " %");
  };
  depth.draw = [&snapshot](const DepthCanvas& canvas) {
    for (const Share& share : kShares)
      if (present(snapshot, share)) draw_share(canvas, share);
  };
  depth.read = [&snapshot](PlotReading& reading, int layer, double) {
    read_shares(reading, snapshot, layer);
  };
  return depth;
}

}  // namespace nanscope
