#include "ui/charts/depth_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "implot.h"
#include "ui/text/text.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

constexpr ImPlotFlags kPlotFlags =
    ImPlotFlags_NoTitle | ImPlotFlags_NoLegend | ImPlotFlags_NoMouseText | ImPlotFlags_NoInputs |
    ImPlotFlags_NoMenus | ImPlotFlags_NoBoxSelect | ImPlotFlags_NoFrame;
constexpr ImPlotAxisFlags kAxisFlags = ImPlotAxisFlags_NoMenus | ImPlotAxisFlags_NoSideSwitch |
                                       ImPlotAxisFlags_NoHighlight | ImPlotAxisFlags_Lock;

/// How the pass' numbers came about: "measured, fp16 emulated".
std::string provenance(const SignalSnapshot& snapshot) {
  if (snapshot.layers.empty()) return "";
  const std::string precision =
      text("describe.precision." + std::string(name_of(snapshot.experiment.precision)));
  return format_text(snapshot.emulated() ? "plot.measured_emulated" : "plot.measured_native",
                     fmt::arg("precision", precision));
}

void set_ticks(ImAxis axis, const Ticks& ticks) {
  std::vector<const char*> labels;
  for (const std::string& label : ticks.labels) labels.push_back(label.c_str());
  // ImPlot falls back to its own ticks when there are none.
  if (!labels.empty())
    ImPlot::SetupAxisTicks(axis, ticks.at.data(), static_cast<int>(ticks.at.size()), labels.data());
}

/// Layers 1, 10, 20, ... on a deep net, 1, 3, 5, ... or every layer on a shallow one; "in" for an
/// input layer.
Ticks layer_ticks(const SignalSnapshot& snapshot, const Limits& limits) {
  const double step = snap(limits, 4, 8).step;
  const auto last = static_cast<int>(std::floor(limits.high));
  Ticks ticks;
  const auto add = [&](int layer, const std::string& label) {
    ticks.at.push_back(layer);
    ticks.labels.push_back(label);
  };
  // On a deep net "in" and "1" would stand on one another.
  const bool input_layer = first_layer_number(snapshot) == 0;
  if (input_layer) add(0, text("plot.input_layer"));
  if (!input_layer || step <= 2) add(1, "1");
  for (double layer = step > 2 ? step : 1 + step; layer <= last; layer += step)
    add(static_cast<int>(layer), std::to_string(static_cast<int>(layer)));
  return ticks;
}

/// The ticks whose labels keep a distance of a line of text, for an axis of `height` pixels.
Ticks without_crowding(const Ticks& ticks, const Limits& limits, float height) {
  const double distance = 1.05 * ImGui::GetTextLineHeight() * limits.span() / height;
  Ticks kept;
  for (std::size_t i = 0; i < ticks.at.size(); ++i) {
    const bool near = std::ranges::any_of(
        kept.at, [&](double other) { return std::abs(other - ticks.at[i]) < distance; });
    if (near) continue;
    kept.at.push_back(ticks.at[i]);
    kept.labels.push_back(ticks.labels[i]);
  }
  return kept;
}

/// `height` is that of the plot area in pixels.
void set_axes(const SignalSnapshot& snapshot, const DepthPlot& plot, float height) {
  const int first = first_layer_number(snapshot);
  // Before the first pass the axis is that of the experiment to come.
  const int count = snapshot.layers.empty() ? snapshot.experiment.model.depth
                                            : static_cast<int>(snapshot.layers.size());
  const Limits x = drawable({first - 0.5, first + count - 0.5});
  const Limits y = drawable(plot.y);
  ImPlot::SetupAxis(ImAxis_X1, text("plot.axis.layer"), kAxisFlags | ImPlotAxisFlags_NoGridLines);
  ImPlot::SetupAxis(ImAxis_Y1, plot.y_label, kAxisFlags);
  ImPlot::SetupAxisLimits(ImAxis_X1, x.low, x.high, ImPlotCond_Always);
  ImPlot::SetupAxisLimits(ImAxis_Y1, y.low, y.high, ImPlotCond_Always);
  set_ticks(ImAxis_X1, layer_ticks(snapshot, x));
  set_ticks(ImAxis_Y1, without_crowding(plot.y_ticks, y, height));
  ImPlot::SetupFinish();
}

/// The layer under the pointer, if it is over the plot area.
std::optional<int> pointed_layer(const DepthCanvas& canvas) {
  const int count = static_cast<int>(canvas.snapshot.layers.size());
  if (count == 0 || !ImGui::IsWindowHovered() || !ImGui::IsMousePosValid()) return std::nullopt;
  if (!ImGui::IsMouseHoveringRect(canvas.low, canvas.high)) return std::nullopt;
  const double x = ImPlot::GetPlotMousePos(ImAxis_X1, ImAxis_Y1).x;
  const int layer = static_cast<int>(std::lround(x)) - first_layer_number(canvas.snapshot);
  return std::clamp(layer, 0, count - 1);
}

void draw_guide(const DepthCanvas& canvas, int layer, float alpha, float width) {
  if (layer < 0 || layer >= static_cast<int>(canvas.snapshot.layers.size())) return;
  const float x = canvas.at(layer, 0).x;
  canvas.list.AddLine({x, canvas.low.y}, {x, canvas.high.y},
                      ink(canvas.style.palette.accent, alpha), units(canvas.style, width));
}

void draw_tooltip(const DepthCanvas& canvas, int layer, const TooltipTable& table) {
  begin_pointer_tooltip();
  const Style& style = canvas.style;
  {
    const ScopedFont font(style, style.fonts.semibold, text_size::body);
    ImGui::TextUnformatted(canvas.snapshot.layers[layer].name.c_str());
  }
  const int columns = static_cast<int>(table.head.size());
  if (columns > 0 && ImGui::BeginTable("values", columns, ImGuiTableFlags_SizingFixedFit)) {
    const auto cell = [&](const std::string& value, int column) {
      ImGui::TableSetColumnIndex(column);
      if (column > 0) {
        const float room = ImGui::GetContentRegionAvail().x;
        const float width = ImGui::CalcTextSize(value.c_str()).x;
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0f, room - width));
      }
      ImGui::TextUnformatted(value.c_str());
    };
    ImGui::TableNextRow();
    ImGui::PushStyleColor(ImGuiCol_Text, style.palette.muted);
    for (int i = 0; i < columns; ++i) cell(table.head[i], i);
    ImGui::PopStyleColor();
    for (const auto& row : table.rows) {
      ImGui::TableNextRow();
      for (int i = 0; i < columns && i < static_cast<int>(row.size()); ++i) {
        const ScopedFont font(style, i == 0 ? style.fonts.regular : style.fonts.mono, 1);
        cell(row[i], i);
      }
    }
    ImGui::EndTable();
  }
  ImGui::EndTooltip();
}

void draw_note(const DepthCanvas& canvas, const std::string& note) {
  if (note.empty()) return;
  const ImVec2 size = ImGui::CalcTextSize(note.c_str());
  draw_plate(
      canvas.list, canvas.style,
      {(canvas.low.x + canvas.high.x - size.x) / 2, (canvas.low.y + canvas.high.y - size.y) / 2},
      note, canvas.style.palette.muted, canvas.low, canvas.high, false);
}

/// Guide lines, hover and click.
void interact(const DepthCanvas& canvas, PlotSelection& selection, const DepthPlot& plot) {
  if (selection.chosen_layer) draw_guide(canvas, *selection.chosen_layer, 0.9f, 1.5f);
  if (selection.guide_layer) draw_guide(canvas, *selection.guide_layer, 0.5f, 1);
  const std::optional<int> layer = pointed_layer(canvas);
  if (!layer) return;
  selection.hovered_layer = layer;
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
    if (selection.chosen_layer == layer)
      selection.chosen_layer.reset();
    else
      selection.chosen_layer = layer;
  }
  if (plot.tooltip)
    draw_tooltip(canvas, *layer,
                 plot.tooltip(*layer, ImPlot::GetPlotMousePos(ImAxis_X1, ImAxis_Y1).y));
}

}  // namespace

ImVec2 DepthCanvas::at(double layer, double y) const {
  return ImPlot::PlotToPixels(layer + first_layer_number(snapshot), y, ImAxis_X1, ImAxis_Y1);
}

double most_labels(const Style& style, float height) {
  return area_height(style, height) / (style.font_size * text_size::small * 1.3);
}

int mark_stride(const DepthCanvas& canvas) {
  const float needed = px(canvas.style.marker_size) * 4.5f;
  for (int stride : {1, 2, 5, 10, 20, 50})
    if (canvas.layer_width * static_cast<float>(stride) >= needed) return stride;
  return 100;
}

float axis_height(const Style& style) {
  // A line of numbers and the axis' name, with ImPlot's paddings.
  return style.font_size * text_size::small * 2.4f + style.spacing * 2.5f;
}

float area_height(const Style& style, float height) {
  const float head = style.font_size * (text_size::body + text_size::legend) * 1.25f;
  return std::max(style.font_size, height - head - style.spacing - axis_height(style));
}

int first_layer_number(const SignalSnapshot& snapshot) {
  return !snapshot.layers.empty() && snapshot.layers.front().name == "input" ? 0 : 1;
}

void draw_depth_plot(const SignalSnapshot& snapshot, const Style& style, ImVec2 size,
                     PlotSelection& selection, const DepthPlot& plot) {
  ImGui::PushID(plot.id);
  ImGui::BeginGroup();
  const float top = ImGui::GetCursorPosY();
  draw_plot_head(style, size.x, plot.title, provenance(snapshot), plot.legend);
  const ImVec2 rest{size.x, std::max(size.y - (ImGui::GetCursorPosY() - top), units(style, 48))};
  const ScopedFont font(style, style.fonts.regular, text_size::small);
  if (ImPlot::BeginPlot("##plot", rest, kPlotFlags)) {
    set_axes(snapshot, plot, std::max(units(style, 16), rest.y - px(axis_height(style))));
    const ImVec2 low = ImPlot::GetPlotPos();
    const ImVec2 area = ImPlot::GetPlotSize();
    ImDrawList& list = *ImPlot::GetPlotDrawList();
    const double layers = std::max<double>(1, static_cast<double>(snapshot.layers.size()));
    const DepthCanvas canvas{snapshot,
                             style,
                             list,
                             low,
                             {low.x + area.x, low.y + area.y},
                             area.x / static_cast<float>(layers)};
    ImPlot::PushPlotClipRect();
    if (snapshot.layers.empty()) {
      draw_note(canvas, text("plot.empty"));
    } else {
      plot.draw(canvas);
      draw_note(canvas, plot.note);
      interact(canvas, selection, plot);
    }
    ImPlot::PopPlotClipRect();
    ImPlot::EndPlot();
  }
  ImGui::EndGroup();
  ImGui::PopID();
}

}  // namespace nanscope
