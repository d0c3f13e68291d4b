#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "imgui.h"
#include "imgui_internal.h"
#include "ui/widgets/controls.h"

namespace nanscope {
namespace {

constexpr double kStepsPerDecade = 20;  // of the arrow keys on a logarithmic track

double rounded_to_digits(double value, int digits) {
  if (value == 0 || !std::isfinite(value)) return value;
  const double decimals = digits - 1 - std::floor(std::log10(std::abs(value)));
  const double factor = std::pow(10.0, std::abs(decimals));
  // Divide by a power of ten rather than multiply by its inexact inverse: 0.7 stays 0.7.
  return decimals >= 0 ? std::round(value * factor) / factor : std::round(value / factor) * factor;
}

double rounded(double value, const SliderSpec& spec) {
  const double near = spec.integer ? std::round(value) : rounded_to_digits(value, 3);
  return std::clamp(near, spec.low, spec.high);
}

double position(double value, const SliderSpec& spec) {
  const double clamped = std::clamp(value, spec.low, spec.high);
  return spec.logarithmic ? std::log(clamped / spec.low) / std::log(spec.high / spec.low)
                          : (clamped - spec.low) / (spec.high - spec.low);
}

/// The value after `steps` presses of an arrow key.
double stepped(double value, double steps, const SliderSpec& spec) {
  if (!spec.logarithmic)
    return rounded(value + steps * (spec.integer ? 1.0 : (spec.high - spec.low) / 100), spec);
  const double next = rounded(value * std::pow(10.0, steps / kStepsPerDecade), spec);
  // Small integers would stand still when a step is less than one.
  if (spec.integer && next == value) return rounded(value + steps, spec);
  return next;
}

/// The steps that the arrow keys ask for while the item has the keyboard's focus.
double arrow_steps(ImGuiID id) {
  if (!ImGui::IsItemFocused() || ImGui::IsItemActive()) return 0;
  double steps = 0;
  for (const auto& [key, sign] : {std::pair{ImGuiKey_LeftArrow, -1}, {ImGuiKey_RightArrow, 1}}) {
    ImGui::SetKeyOwner(key, id);  // or the focus would move on
    if (ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id)) steps += sign;
  }
  return ImGui::GetIO().KeyShift ? 10 * steps : steps;
}

void draw_track(const ImRect& bounds, double at, const SliderSpec& spec, bool lit,
                const Style& style) {
  ImDrawList* canvas = ImGui::GetWindowDrawList();
  const float radius = std::round(bounds.GetHeight() * 0.28f);
  const float left = bounds.Min.x + radius;
  const float right = bounds.Max.x - radius;
  const float middle = std::round(bounds.GetCenter().y);
  const float half = std::max(1.5f, std::round(bounds.GetHeight() * 0.07f));
  const auto x_of = [&](double share) { return left + static_cast<float>(share) * (right - left); };
  const ImU32 rest = ImGui::GetColorU32(style.palette.border);
  const ImU32 accent = ImGui::GetColorU32(style.palette.accent);

  canvas->AddRectFilled({left - half, middle - half}, {right + half, middle + half}, rest, half);
  canvas->AddRectFilled({left - half, middle - half}, {x_of(at), middle + half}, accent, half);
  if (spec.mark) {
    const float x = std::round(x_of(position(*spec.mark, spec)));
    canvas->AddLine({x, middle + 2 * half}, {x, bounds.Max.y - half},
                    ImGui::GetColorU32(style.palette.muted), std::max(1.0f, half / 2));
  }
  const float grown = lit ? radius * 1.15f : radius;
  canvas->AddCircleFilled({x_of(at), middle}, grown, accent);
  canvas->AddCircleFilled({x_of(at), middle}, grown * 0.55f,
                          ImGui::GetColorU32(style.palette.surface));
}

constexpr float kScaleSize = 0.75f;  // of the body

std::string decade_words(int exponent) { return fmt::format("{:g}", std::pow(10.0, exponent)); }

/// Every how many decades there is room for a label; a decade is `room` wide.
int decades_a_label(int first, int last, float room, float size, ImFont* font) {
  float widest = 0;
  for (int exponent = first; exponent <= last; ++exponent)
    widest =
        std::max(widest, font->CalcTextSizeA(size, FLT_MAX, 0, decade_words(exponent).c_str()).x);
  return std::max(1, static_cast<int>(std::ceil((widest + size / 2) / room)));
}

/// Ticks with their powers of ten under the track.
void draw_decades(const ImRect& bounds, const SliderSpec& spec, const Style& style) {
  ImDrawList* canvas = ImGui::GetWindowDrawList();
  const float size = style.font_size * kScaleSize * display_scale();
  const float radius = std::round(ImGui::GetFrameHeight() * 0.28f);
  const float left = bounds.Min.x + radius;
  const float right = bounds.Max.x - radius;
  const ImU32 color = ImGui::GetColorU32(style.palette.muted);
  const int first = static_cast<int>(std::ceil(std::log10(spec.low) - 1e-9));
  const int last = static_cast<int>(std::floor(std::log10(spec.high) + 1e-9));
  const float room = (right - left) / static_cast<float>(std::max(1, last - first));
  const int every = decades_a_label(first, last, room, size, style.fonts.mono);
  for (int exponent = first; exponent <= last; ++exponent) {
    if (exponent % every != 0) continue;
    const double share = position(std::pow(10.0, exponent), spec);
    const std::string words = decade_words(exponent);
    const float x = left + static_cast<float>(share) * (right - left);
    const float width = style.fonts.mono->CalcTextSizeA(size, FLT_MAX, 0, words.c_str()).x;
    const float at = std::clamp(x - width / 2, bounds.Min.x, bounds.Max.x - width);
    canvas->AddText(style.fonts.mono, size, {std::round(at), bounds.Max.y - size}, color,
                    words.c_str());
  }
}

}  // namespace

bool slider(const char* id, const SliderSpec& spec, float width, const Style& style,
            double* value) {
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  if (window->SkipItems) return false;
  const ImGuiID item = window->GetID(id);
  const ImVec2 corner = window->DC.CursorPos;
  const ImRect bounds(corner, {corner.x + width, corner.y + ImGui::GetFrameHeight()});
  ImRect whole = bounds;
  if (spec.decades) whole.Max.y += std::round(ImGui::GetFontSize() * kScaleSize * 0.7f);
  ImGui::ItemSize(whole, ImGui::GetStyle().FramePadding.y);
  if (!ImGui::ItemAdd(bounds, item)) return false;

  const bool hovered = ImGui::ItemHoverable(bounds, item, 0);
  if (hovered && ImGui::IsMouseClicked(ImGuiMouseButton_Left, ImGuiInputFlags_None, item)) {
    ImGui::SetKeyOwner(ImGuiKey_MouseLeft, item);
    ImGui::SetActiveID(item, window);
    ImGui::SetFocusID(item, window);
    ImGui::FocusWindow(window);
  }
  const double before = *value;
  double dragged = before;
  ImRect grab;
  const ImGuiSliderFlags flags = ImGuiSliderFlags_NoRoundToFormat | ImGuiSliderFlags_AlwaysClamp |
                                 (spec.logarithmic ? ImGuiSliderFlags_Logarithmic : 0);
  if (ImGui::SliderBehavior(bounds, item, ImGuiDataType_Double, &dragged, &spec.low, &spec.high,
                            "%.6f", flags, &grab))
    *value = rounded(dragged, spec);
  if (const double steps = arrow_steps(item); steps != 0) *value = stepped(before, steps, spec);

  ImGui::RenderNavCursor(bounds, item);
  draw_track(bounds, position(*value, spec), spec, hovered || ImGui::IsItemActive(), style);
  if (spec.decades) draw_decades(whole, spec, style);
  if (*value == before) return false;
  ImGui::MarkItemEdited(item);
  return true;
}

}  // namespace nanscope
