#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "imgui.h"
#include "imgui_internal.h"
#include "ui/canvas/power_text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/slider_drag.h"
#include "ui/widgets/slider_focus.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

/// Of a drag and of steps: with Shift or Alt a tenth, with both a hundredth.
double fineness(const ImGuiIO& io) { return (io.KeyShift ? 0.1 : 1) * (io.KeyAlt ? 0.1 : 1); }

bool asks_for_default(ImGuiID id, bool hovered) {
  if (ImGui::IsItemFocused() && ImGui::IsKeyPressed(ImGuiKey_Backspace, ImGuiInputFlags_None, id))
    return true;
  return hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left);
}

/// The track on the screen.
struct Track {
  explicit Track(const ImRect& bounds)
      : radius(std::round(bounds.GetHeight() * 0.28f)),
        left(bounds.Min.x + radius),
        right(std::max(bounds.Max.x - radius, left + 1)) {}

  float x_of(double share) const { return left + static_cast<float>(share) * (right - left); }
  double share_of(float x) const { return static_cast<double>((x - left) / (right - left)); }
  double pixel() const { return 1.0 / static_cast<double>(right - left); }

  float radius, left, right;
};

/// What is kept beside an item's id says that it is a slider.
constexpr ImGuiID kIsSlider = 4;

/// A drag from frame to frame, kept where Dear ImGui keeps an item's state.
class KeptDrag {
 public:
  explicit KeptDrag(ImGuiID id) : id_(id), storage_(*ImGui::GetStateStorage()) {}

  void begin(const SliderDrag& drag, double shown) {
    keep(drag, shown);
    ImGui::SetActiveID(id_, ImGui::GetCurrentWindow());
  }
  void keep(const SliderDrag& drag, double shown) {
    storage_.SetFloat(id_ + kShare, static_cast<float>(drag.share));
    storage_.SetFloat(id_ + kHold, static_cast<float>(drag.hold));
    storage_.SetFloat(id_ + kShown, static_cast<float>(shown));
  }
  /// The drag as it was kept, or where the value is now: it was refused, or the range is another.
  SliderDrag now(double shown) const {
    constexpr double kSame = 1e-6;
    SliderDrag drag{storage_.GetFloat(id_ + kShare), storage_.GetFloat(id_ + kHold)};
    if (std::abs(shown - static_cast<double>(storage_.GetFloat(id_ + kShown))) > kSame)
      drag.share = shown;
    return drag;
  }

 private:
  static constexpr ImGuiID kShare = 1, kHold = 2, kShown = 3;
  ImGuiID id_;
  ImGuiStorage& storage_;
};

/// A press: on the grab it takes hold of it, beside it the grab jumps there.
void begin_drag(KeptDrag& kept, const Track& track, const SliderSpec& spec, double* value) {
  const ImGuiIO& io = ImGui::GetIO();
  const double shown = track_share(*value, spec), pointer = track.share_of(io.MousePos.x);
  const double reach = static_cast<double>(track.radius) * 1.3 * track.pixel();
  if (std::abs(pointer - shown) <= reach || io.KeyShift || io.KeyAlt)
    return kept.begin({shown, pointer - shown}, shown);
  const SliderDrag drag{std::clamp(pointer, 0.0, 1.0), 0};
  *value = dragged_value(drag, {.pointer = pointer, .pixel = track.pixel()}, spec);
  kept.begin(drag, track_share(*value, spec));
}

void go_on_dragging(KeptDrag& kept, const Track& track, const SliderSpec& spec, double* value) {
  const ImGuiIO& io = ImGui::GetIO();
  const bool fine = io.KeyShift || io.KeyAlt;
  const float scale = display_scale();
  DragStep step{.pointer = track.share_of(io.MousePos.x),
                .moved = static_cast<double>(io.MouseDelta.x) * track.pixel(),
                .pixel = track.pixel(),
                .snaps = !fine};
  step.pace =
      pace_of_drag(static_cast<double>(io.MouseDelta.x / scale), io.DeltaTime) * fineness(io);
  SliderDrag drag = kept.now(track_share(*value, spec));
  if (step.moved != 0) {
    drag = dragged(drag, step);
    *value = dragged_value(drag, step, spec);
  }
  kept.keep(drag, track_share(*value, spec));
}

/// What the mouse and the keyboard do to the value.
void interact(ImGuiID item, const ImRect& bounds, bool hovered, const SliderSpec& spec,
              double* value) {
  const Track track(bounds);
  KeptDrag kept(item);
  if (spec.mark && asks_for_default(item, hovered)) {
    *value = std::clamp(*spec.mark, spec.low, spec.high);
    if (ImGui::IsItemActive()) ImGui::ClearActiveID();
  } else if (hovered && ImGui::IsMouseClicked(ImGuiMouseButton_Left, ImGuiInputFlags_None, item)) {
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    ImGui::SetKeyOwner(ImGuiKey_MouseLeft, item);
    ImGui::SetFocusID(item, window);
    ImGui::FocusWindow(window);
    begin_drag(kept, track, spec, value);
  } else if (ImGui::IsItemActive()) {
    // Alt alone would open the menus when it is let go.
    ImGui::SetKeyOwner(ImGuiMod_Alt, item);
    if (ImGui::IsMouseDown(ImGuiMouseButton_Left))
      go_on_dragging(kept, track, spec, value);
    else
      ImGui::ClearActiveID();
  }
  if (const double steps = arrow_steps(); steps != 0) *value = stepped(*value, steps, spec);
}

/// The landmark: a small arrow above the track, and its name while the pointer is on it.
void draw_landmark(const ImRect& bounds, const Track& track, const SliderSpec& spec,
                   const Style& style) {
  const float x = std::round(track.x_of(track_share(spec.landmark->value, spec)));
  const float half = std::max(3.0f, std::round(unit(style) * 0.4f));
  const float top = bounds.Min.y, tip = top + 1.5f * half;
  ImGui::GetWindowDrawList()->AddTriangleFilled({x - half, top}, {x + half, top}, {x, tip},
                                                ImGui::GetColorU32(style.palette.predicted));
  const ImVec2 pointer = ImGui::GetIO().MousePos;
  const bool on_it = ImGui::IsItemHovered() && std::abs(pointer.x - x) <= 2 * half &&
                     pointer.y <= bounds.GetCenter().y;
  if (on_it && begin_item_help()) {
    text_with_formulas(spec.landmark->words, style, style.palette.text, kHelpSize);
    end_item_help();
  }
}

void draw_track(const ImRect& bounds, double at, const SliderSpec& spec, bool lit,
                const Style& style) {
  ImDrawList* canvas = ImGui::GetWindowDrawList();
  const Track track(bounds);
  const float middle = std::round(bounds.GetCenter().y);
  const float half = std::max(1.5f, std::round(bounds.GetHeight() * 0.07f));
  const ImU32 rest = ImGui::GetColorU32(style.palette.border);
  const ImU32 accent = ImGui::GetColorU32(style.palette.accent);

  canvas->AddRectFilled({track.left - half, middle - half}, {track.right + half, middle + half},
                        rest, half);
  canvas->AddRectFilled({track.left - half, middle - half}, {track.x_of(at), middle + half}, accent,
                        half);
  if (spec.mark) {
    const float x = std::round(track.x_of(track_share(*spec.mark, spec)));
    canvas->AddLine({x, middle + 2 * half}, {x, bounds.Max.y - half},
                    ImGui::GetColorU32(style.palette.muted), std::max(1.0f, half / 2));
  }
  if (spec.landmark) draw_landmark(bounds, track, spec, style);
  const float grown = lit ? track.radius * 1.15f : track.radius;
  canvas->AddCircleFilled({track.x_of(at), middle}, grown, accent);
  canvas->AddCircleFilled({track.x_of(at), middle}, grown * 0.55f,
                          ImGui::GetColorU32(style.palette.surface));
}

constexpr float kScaleSize = 0.75f;  // of the body

/// A power of ten as its tick has it: "0.01", "1000", or 10 with a raised exponent.
std::string decade_words(int exponent, const ImFont* font) {
  constexpr int kPlain = 3;
  return std::abs(exponent) <= kPlain ? fmt::format("{:g}", std::pow(10.0, exponent))
                                      : power_text(10, exponent, font);
}

/// Every how many decades there is room for a label; a decade is `room` wide.
int decades_a_label(int first, int last, float room, float size, ImFont* font) {
  float widest = 0;
  for (int exponent = first; exponent <= last; ++exponent)
    widest = std::max(
        widest, font->CalcTextSizeA(size, FLT_MAX, 0, decade_words(exponent, font).c_str()).x);
  return std::max(1, static_cast<int>(std::ceil((widest + size / 2) / room)));
}

/// Ticks with their powers of ten under the track.
void draw_decades(const ImRect& bounds, const SliderSpec& spec, const Style& style) {
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
    const double share = track_share(std::pow(10.0, exponent), spec);
    const std::string words = decade_words(exponent, style.fonts.mono);
    const float x = left + static_cast<float>(share) * (right - left);
    const float width = style.fonts.mono->CalcTextSizeA(size, FLT_MAX, 0, words.c_str()).x;
    const float at = std::clamp(x - width / 2, bounds.Min.x, bounds.Max.x - width);
    ImGui::GetWindowDrawList()->AddText(
        style.fonts.mono, size, {std::round(at), bounds.Max.y - size}, color, words.c_str());
  }
}

}  // namespace

double arrow_steps() {
  if (!ImGui::IsItemFocused() || ImGui::IsItemActive()) return 0;
  const ImGuiID id = ImGui::GetItemID();
  double steps = 0;
  for (const auto& [key, sign] : {std::pair{ImGuiKey_LeftArrow, -1}, {ImGuiKey_RightArrow, 1}}) {
    ImGui::SetKeyOwner(key, id);  // or the focus would move on
    if (ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id)) steps += sign;
  }
  const ImGuiIO& io = ImGui::GetIO();
  if (io.KeyAlt && steps != 0) ImGui::SetKeyOwner(ImGuiMod_Alt, id);  // or the menus would open
  return steps * (io.KeyCtrl ? 10 : 1) * fineness(io);
}

bool slider_has_focus() {
  const ImGuiContext& imgui = *ImGui::GetCurrentContext();
  return imgui.NavWindow && imgui.NavId != 0 &&
         imgui.NavWindow->StateStorage.GetBool(imgui.NavId + kIsSlider);
}

std::span<const std::pair<const char*, const char*>> slider_gestures() {
  static constexpr std::array<std::pair<const char*, const char*>, 5> kGestures{
      {{"slider.fine", "slider.fine_how"},
       {"slider.steps", "slider.steps_how"},
       {"slider.reset", "slider.reset_how"},
       {"slider.type", "slider.type_how"},
       {"slider.copy", "slider.copy_how"}}};
  return kGestures;
}

bool slider(const char* id, const SliderSpec& spec, float width, const Style& style,
            double* value) {
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  if (window->SkipItems) return false;
  const ImGuiID item = window->GetID(id);
  const ImVec2 corner = window->DC.CursorPos;
  const ImRect bounds(corner, {corner.x + width, corner.y + ImGui::GetFrameHeight()});
  ImRect whole = bounds;
  const bool decades = spec.decades && spec.logarithmic;
  if (decades) whole.Max.y += std::round(ImGui::GetFontSize() * kScaleSize * 0.7f);
  ImGui::ItemSize(whole, ImGui::GetStyle().FramePadding.y);
  if (!ImGui::ItemAdd(bounds, item)) return false;

  if (ImGui::IsItemFocused()) window->StateStorage.SetBool(item + kIsSlider, true);
  const bool hovered = ImGui::ItemHoverable(bounds, item, 0);
  const double before = *value;
  interact(item, bounds, hovered, spec, value);

  ImGui::RenderNavCursor(bounds, item);
  draw_track(bounds, track_share(*value, spec), spec, hovered || ImGui::IsItemActive(), style);
  if (decades) draw_decades(whole, spec, style);
  if (*value == before) return false;
  ImGui::MarkItemEdited(item);
  return true;
}

}  // namespace nanscope
