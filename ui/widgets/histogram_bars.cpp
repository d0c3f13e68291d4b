#include "ui/widgets/histogram_bars.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "imgui.h"
#include "ui/canvas/canvas.h"
#include "ui/formula/formula.h"
#include "ui/text/text.h"
#include "ui/widgets/context_menu.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

std::string power_of_two(int exponent) { return fmt::format("2^{}", exponent); }

/// The share of all values that are in a binade and have this sign.
double bar_share(const BarsData& data, int exponent, bool positive) {
  const std::vector<std::int64_t>& bins =
      positive ? data.histogram.positive : data.histogram.negative;
  const int bin = exponent - data.histogram.first_exponent;
  const std::int64_t count = data.values.count;
  if (bin < 0 || bin >= static_cast<int>(bins.size()) || count <= 0) return 0;
  return static_cast<double>(bins[static_cast<std::size_t>(bin)]) / static_cast<double>(count);
}

/// The binades and the largest shares of everything that is drawn.
struct BarsExtent {
  int first = 0, end = 0;
  double up = 0, down = 0;

  bool empty() const { return end <= first; }
  void add(const BarsData& data) {
    const Histogram& one = data.histogram;
    if (one.positive.empty()) return;
    const int one_end = one.first_exponent + static_cast<int>(one.positive.size());
    first = empty() ? one.first_exponent : std::min(first, one.first_exponent);
    end = empty() ? one_end : std::max(end, one_end);
    for (int e = one.first_exponent; e < one_end; ++e) {
      up = std::max(up, bar_share(data, e, true));
      down = std::max(down, bar_share(data, e, false));
    }
  }
};

/// Why there is no bar.
const char* no_bars_key(const Statistics& values) {
  if (values.count == 0 || values.zeros + values.infs() + values.nans < values.count)
    return "plot.no_histogram";
  if (values.nans == values.count) return "inspector.all_nan";
  if (values.infs() == values.count) return "inspector.all_inf";
  return values.zeros == values.count ? "inspector.all_zero" : "inspector.all_special";
}

/// Where bars stand.
struct BarsPlace {
  float left = 0, step = 0, middle = 0, scale = 0;  ///< pixels; scale: a share of 1 is so high
  int first = 0, end = 0;

  float x(int exponent) const { return left + step * static_cast<float>(exponent - first); }
  /// The height of a bar; what there is at all is seen.
  float height(double share) const {
    return share > 0 ? std::max(1.0f, static_cast<float>(share) * scale) : 0;
  }
};

void draw_bars_of(Canvas& canvas, const BarsData& data, const BarsPlace& place) {
  const Palette& palette = canvas.style().palette;
  const float gap = place.step > 4 ? 1.0f : 0.0f;
  for (int e = place.first; e < place.end; ++e) {
    const float x = place.x(e), end = x + place.step - gap;
    const float up = place.height(bar_share(data, e, true));
    const float down = place.height(bar_share(data, e, false));
    if (up > 0) canvas.fill({x, place.middle - up}, {end, place.middle}, ink(palette.measured), 0);
    if (down > 0) canvas.fill({x, place.middle}, {end, place.middle + down}, ink(palette.muted), 0);
  }
}

void draw_outline_of(Canvas& canvas, const BarsOutline& outline, const BarsPlace& place) {
  for (const bool positive : {true, false}) {
    std::vector<ImVec2> steps{{place.x(place.first), place.middle}};
    for (int e = place.first; e < place.end; ++e) {
      const float height = place.height(bar_share(outline.data, e, positive));
      const float y = place.middle + (positive ? -height : height);
      steps.insert(steps.end(), {{place.x(e), y}, {place.x(e + 1), y}});
    }
    steps.push_back({place.x(place.end), place.middle});
    canvas.polyline(steps, ink(outline.color), px(canvas.style().line_width * outline.width));
  }
}

/// The ends of the axis and, between them, what the outlines are.
void draw_captions(Canvas& canvas, std::span<const BarsOutline> outlines, const BarsPlace& place,
                   ImVec2 corner, ImVec2 size, float caption) {
  const ImU32 muted = ink(canvas.style().palette.muted);
  const float y = corner.y + size.y - caption;
  const FormulaBox low = set_formula(canvas.style(), power_of_two(place.first), caption);
  const FormulaBox high = set_formula(canvas.style(), power_of_two(place.end), caption);
  const auto put = [&](const FormulaBox& box, float x) {
    draw_formula(
        canvas, box,
        {std::clamp(x, corner.x, corner.x + size.x - box.width), corner.y + size.y - box.height()},
        muted);
  };
  put(low, place.x(place.first));
  put(high, place.x(place.end) - high.width);
  std::string names;
  for (const BarsOutline& one : outlines) names += (names.empty() ? "" : ", ") + one.name;
  if (names.empty()) return;
  // Beside the bars where there are few of them, else between the ends.
  const float from = std::max(corner.x, place.x(place.first)) + low.width + caption;
  const float to = std::min(place.x(place.end), corner.x + size.x) - high.width - caption;
  const std::string words = format_text("inspector.outline", fmt::arg("names", names));
  const std::string shown = cut_text(canvas.style(), Face::regular, caption, words, to - from);
  if (to - from > caption * 3)
    canvas.text({(from + to) / 2, y}, shown, {Face::regular, caption, muted, Anchor::middle});
}

/// What the bar under the pointer holds.
void bar_tooltip(const BarsData& data, std::span<const BarsOutline> outlines, int exponent,
                 const Style& style) {
  const auto words = [&](const char* key, const BarsData& of, const std::string& name) {
    return format_text(key, fmt::arg("name", name),
                       fmt::arg("positive", number_text(100 * bar_share(of, exponent, true))),
                       fmt::arg("negative", number_text(100 * bar_share(of, exponent, false))));
  };
  if (!begin_pointer_tooltip()) return;
  std::string all = words("inspector.bin", data, "");
  for (const BarsOutline& one : outlines)
    all += "\n" + words("inspector.bin_beside", one.data, one.name);
  ImGui::PushTextWrapPos(ImGui::GetFontSize() * 22);  // a new tooltip has no width yet
  text_with_formulas(format_text("inspector.bin_range", fmt::arg("low", power_of_two(exponent)),
                                 fmt::arg("high", power_of_two(exponent + 1))),
                     style, style.palette.text);
  ImGui::PopTextWrapPos();
  styled_text(all, style.fonts.mono, 0.875f, style.palette.text);
  ImGui::EndTooltip();
}

/// A bar's binade and shares, separated by tabs.
std::string bar_row(const BarsData& data, int exponent) {
  return fmt::format("{}\t{}\t{}", exponent, bar_share(data, exponent, true),
                     bar_share(data, exponent, false));
}

/// Over the bars drawn last: Ctrl+C and a menu, of the bar under the pointer and of all.
void copy_bars(const BarsData& data, const BarsExtent& extent, std::optional<int> pointed,
               std::string& copied) {
  ImGuiStorage& storage = *ImGui::GetStateStorage();
  const ImGuiID chosen = ImGui::GetID("chosen bar");
  if (pointed && copy_key_over_item()) copied = bar_row(data, *pointed);
  if (ImGui::IsItemHovered() && ImGui::IsMouseReleased(ImGuiMouseButton_Right)) {
    storage.SetInt(chosen, pointed.value_or(extent.end));
    ImGui::OpenPopup("bars menu");
  }
  const ContextMenu menu = ContextMenu::opened_by_owner("bars menu");
  if (!menu) return;
  const int bar = storage.GetInt(chosen, extent.end);
  if (bar < extent.end && menu.copy(bar_row(data, bar))) copied = bar_row(data, bar);
  if (!menu.entry("menu.copy_table")) return;
  copied = fmt::format("{}\t> 0\t< 0\n", text("inspector.binade"));
  for (int e = extent.first; e < extent.end; ++e) copied += bar_row(data, e) + "\n";
}

}  // namespace

void histogram_bars(const BarsData& data, std::span<const BarsOutline> outlines, ImVec2 size,
                    const Style& style, std::string& copied) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton("histogram bars", size);
  ScreenCanvas canvas(*ImGui::GetWindowDrawList(), style);
  const float caption = ImGui::GetFontSize() * 0.85f;
  const float height = size.y - caption - unit(style) / 4;
  BarsExtent extent;
  extent.add(data);
  for (const BarsOutline& one : outlines) extent.add(one.data);
  if (extent.empty()) {
    canvas.text({corner.x, corner.y + (height - caption) / 2}, text(no_bars_key(data.values)),
                {Face::regular, ImGui::GetFontSize(), ink(style.palette.muted)});
    return;
  }
  const auto bins = static_cast<float>(extent.end - extent.first);
  // Each side of the middle line gets the room that its tallest bar needs.
  const double both = extent.up + extent.down > 0 ? extent.up + extent.down : 1;
  BarsPlace place{.first = extent.first, .end = extent.end};
  place.step = std::min(size.x / bins, unit(style) * 4);
  place.left = corner.x + (size.x - place.step * bins) / 2;
  place.middle = std::round(corner.y + height * static_cast<float>(extent.up / both));
  place.scale = (height - 2) / static_cast<float>(both);
  draw_bars_of(canvas, data, place);
  for (const BarsOutline& one : outlines) draw_outline_of(canvas, one, place);
  canvas.line({corner.x, place.middle}, {corner.x + size.x, place.middle},
              ink(style.palette.border), 1);
  draw_captions(canvas, outlines, place, corner, size, caption);
  const float at = (ImGui::GetIO().MousePos.x - place.left) / place.step;
  const bool on_bar = ImGui::IsItemHovered() && at >= 0 && at < bins;
  copy_bars(data, extent,
            on_bar ? std::optional(extent.first + static_cast<int>(at)) : std::nullopt, copied);
  if (on_bar) bar_tooltip(data, outlines, extent.first + static_cast<int>(at), style);
}

}  // namespace nanscope
