#include "ui/labs/signal/plots/special_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
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

/// Of a pass, in pixels. Nothing is drawn along zero: there is none of it, and the lines would hide
/// one another.
std::vector<ImVec2> share_line(const DepthCanvas& canvas, const SignalSnapshot& pass,
                               const Share& share) {
  std::vector<ImVec2> points;
  for (std::size_t i = 0; i < pass.layers.size(); ++i)
    points.push_back(
        canvas.frame.at_units(static_cast<double>(i) + first_layer_number(pass),
                              percent(share, pass.layers[i].of(pass.histogram_tensor))));
  return points;
}

std::vector<ImVec2> without_zeros(const std::vector<ImVec2>& points, float zero) {
  std::vector<ImVec2> line;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool flat = i > 0 && points[i - 1].y >= zero && points[i].y >= zero;
    if (flat) line.push_back({points[i].x, std::nanf("")});
    line.push_back(points[i]);
  }
  return line;
}

void draw_share(const DepthCanvas& canvas, const SignalSnapshot& pass, const Share& share,
                const Stroke& stroke) {
  const std::vector<ImVec2> points = share_line(canvas, pass, share);
  const float zero = canvas.at(0, 0).y;
  draw_stroke(canvas.canvas, without_zeros(points, zero), stroke);
  if (!stroke.marked) return;
  for (std::size_t i = 0; i < points.size(); i += static_cast<std::size_t>(mark_stride(canvas)))
    if (points[i].y < zero)
      draw_mark(canvas.canvas, stroke.mark, points[i], ink(stroke.color), stroke.mark_size);
}

constexpr Dash kDashOfB{6, 4};

/// A's lines, B's in dashes, and those of the pass before a drag.
void draw_shares(const DepthCanvas& canvas, const SignalView& view) {
  const Style& style = canvas.style();
  for (const Share& share : kShares) {
    Stroke stroke = depth_stroke(style.palette.series[share.series], share.mark);
    if (view.before && present(*view.before.pass, share))
      draw_share(canvas, *view.before.pass, share, ghost_stroke(style));
    if (present(*view.pass, share)) draw_share(canvas, *view.pass, share, stroke);
    if (!view.other || !present(*view.other.pass, share)) continue;
    stroke.dash = kDashOfB;
    stroke.mark_size = 0.75f;
    draw_share(canvas, *view.other.pass, share, stroke);
  }
}

/// The kinds and, beside a B, a row for each of the two.
std::vector<LegendEntry> legend_of_shares(const SignalView& view, const Style& style) {
  std::vector<LegendEntry> legend;
  for (const Share& share : kShares) {
    const bool seen =
        present(*view.pass, share) || (view.other && present(*view.other.pass, share));
    legend.push_back({Sample::line, text(share.key),
                      depth_stroke(style.palette.series[share.series], share.mark), seen});
  }
  if (!view.other) return legend;
  const Stroke line{.color = style.palette.text};
  legend.push_back({.words = "A", .stroke = line, .new_row = true, .tail = as_tail(view.words)});
  legend.push_back({.words = "B",
                    .stroke = {.color = line.color, .dash = kDashOfB},
                    .new_row = true,
                    .tail = as_tail(view.other.words)});
  return legend;
}

/// Another pass' shares of what it has.
void read_shares_beside(PlotReading& reading, const OtherPass& one, int number, const char* key) {
  const int layer = one ? number - first_layer_number(*one.pass) : -1;
  if (layer < 0 || layer >= static_cast<int>(one.pass->layers.size())) return;
  const Statistics& statistics =
      one.pass->layers[static_cast<std::size_t>(layer)].of(one.pass->histogram_tensor);
  for (const Share& share : kShares) {
    if (!present(*one.pass, share)) continue;
    const double value = percent(share, statistics);
    const std::string name = format_text(key, fmt::arg("tensor", text(share.key)));
    reading.rows_beside.push_back(
        {name, number_text(value) + " %", std::to_string(share.count(statistics))});
    reading.values_beside.push_back({name + " %", value, value});
  }
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

DepthPlot special_values(const SignalView& full_view, const Style& style, float /*height*/) {
  const SignalView view = of_one_tensor(full_view);
  const SignalSnapshot& snapshot = *view.pass;
  DepthPlot depth;
  depth.title = format_text(
      "plot.title_of", fmt::arg("title", text("plot.special_values")),
      fmt::arg("tensor", text("tensor." + std::string(name_of(snapshot.histogram_tensor)))));
  depth.brief_title = text("plot.special_values");
  depth.legend = legend_of_shares(view, style);
  if (std::ranges::none_of(std::span(depth.legend).first(kShares.size()), &LegendEntry::present))
    depth.note = text("plot.no_special");
  if (view.before) depth.foot = ghost_entry(view.before, style);
  depth.y_name = text("plot.axis.share");
  depth.y = {-4, 104};
  depth.last_layer = last_layer_beside(view);
  depth.y_ticks = [home = drawable(depth.y)](const Limits& seen, double most) {
    return plain_ticks({std::max(0.0, seen.low), std::min(100.0, seen.high)},
                       seen == home ? 25 : round_step(seen.span(), std::max(2.0, most)), " %");
  };
  depth.draw = [view](const DepthCanvas& canvas) { draw_shares(canvas, view); };
  depth.read = [view](PlotReading& reading, int layer, double) {
    read_shares(reading, *view.pass, layer);
    const int number = layer + first_layer_number(*view.pass);
    read_shares_beside(reading, view.other, number, "compare.b");
    const std::size_t others = reading.values_beside.size();
    read_shares_beside(reading, view.before, number, "compare.of_before");
    reading.of_before = reading.values_beside.size() - others;
  };
  return depth;
}

}  // namespace nanscope
