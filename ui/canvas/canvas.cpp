#include "ui/canvas/canvas.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "imgui_internal.h"

namespace nanscope {
namespace {

/// What a line or an area that is wider than its middle may lie outside of a clip and still be
/// seen.
constexpr float kAround = 64;  // pixels

/// How many bytes the last character of a text takes in UTF-8.
std::size_t last_character(std::string_view words) {
  std::size_t bytes = 1;
  while (bytes < words.size() && (words[words.size() - bytes] & 0xC0) == 0x80) ++bytes;
  return bytes;
}

}  // namespace

Clip::Clip(Canvas& canvas, ImVec2 low, ImVec2 high) : canvas_(canvas) {
  canvas_.clip_ = ClipBox{low, high};
  canvas_.begin_clip(low, high);
}

Clip::~Clip() {
  canvas_.end_clip();
  canvas_.clip_.reset();
}

ClipBox Canvas::seen() const {
  constexpr float kFar = std::numeric_limits<float>::max();
  if (!clip_) return {{-kFar, -kFar}, {kFar, kFar}};
  return {{clip_->low.x - kAround, clip_->low.y - kAround},
          {clip_->high.x + kAround, clip_->high.y + kAround}};
}

void Canvas::polyline(std::span<const ImVec2> points, ImU32 color, float width) {
  // Most lines are short and whole.
  if (!clip_ && std::ranges::none_of(points, is_gap)) return run(points, color, width);
  for (const LinePart& part : parts_inside(seen(), points)) run(part.points, color, width);
}

void Canvas::dashes(std::span<const ImVec2> points, ImU32 color, float width, Dash dash) {
  for (const LinePart& part : parts_inside(seen(), points))
    dashed_run(part.points, color, width, dash, part.skipped);
}

void Canvas::field(std::span<const ImVec2> upper, std::span<const ImVec2> lower, ImU32 color) {
  for (std::size_t first = 0; first < upper.size();) {
    std::size_t end = first;
    while (end < upper.size() && !is_gap(upper[end]) && !is_gap(lower[end])) ++end;
    if (end - first > 1)
      area(upper.subspan(first, end - first), lower.subspan(first, end - first), color);
    first = end + 1;
  }
}

void Canvas::line(ImVec2 from, ImVec2 to, ImU32 color, float width) {
  const std::array points{from, to};
  polyline(points, color, width);
}

void Canvas::arrow(ImVec2 from, ImVec2 to, ImU32 color, float width, float head) {
  const float length = std::hypot(to.x - from.x, to.y - from.y);
  if (!(length > 0)) return;
  const ImVec2 along{(to.x - from.x) / length, (to.y - from.y) / length};
  const ImVec2 neck{to.x - along.x * head, to.y - along.y * head};
  const float half = head * 0.5f;
  line(from, neck, color, width);
  polygon(std::array<ImVec2, 3>{{to,
                                 {neck.x - along.y * half, neck.y + along.x * half},
                                 {neck.x + along.y * half, neck.y - along.x * half}}},
          color);
}

void Canvas::centered(ImVec2 middle, std::string_view words, TextLook look) {
  look.anchor = Anchor::middle;
  text({middle.x, middle.y - text_extent(style_, look.face, look.size, words).y / 2}, words, look);
}

ClipBox Canvas::text_box(ImVec2 at, std::string_view words, const TextLook& look) const {
  const ImVec2 extent = text_extent(style_, look.face, look.size, words);
  if (look.anchor != Anchor::left) at.x -= extent.x / (look.anchor == Anchor::middle ? 2 : 1);
  return {at, {at.x + extent.x, at.y + extent.y}};
}

ImFont* font_of(const Style& style, Face face) {
  switch (face) {
    case Face::semibold:
      return style.fonts.semibold;
    case Face::mono:
      return style.fonts.mono;
    case Face::italic:
      return style.fonts.italic;
    case Face::regular:
      break;
  }
  return style.fonts.regular;
}

ImVec2 text_extent(const Style& style, Face face, float size, std::string_view words) {
  return font_of(style, face)
      ->CalcTextSizeA(drawn_size(style, size), 1e9f, 0, words.data(), words.data() + words.size());
}

std::size_t cut_at_word(std::string_view words, std::size_t length) {
  if (length >= words.size()) return words.size();
  constexpr std::string_view kBetween = " ,";
  const bool between = kBetween.find(words[length]) != std::string_view::npos;
  const auto blank = between ? length : words.substr(0, length).rfind(' ');
  // Of a long word its beginning says more than nothing.
  if (blank == std::string_view::npos || 3 * blank < length) return length;
  const auto last = words.substr(0, blank).find_last_not_of(kBetween);
  return last == std::string_view::npos ? length : last + 1;
}

std::string cut_text(const Style& style, Face face, float size, std::string words, float room) {
  if (text_extent(style, face, size, words).x <= room) return words;
  std::string kept = words;
  while (!kept.empty() && text_extent(style, face, size, kept + "...").x > room)
    kept.resize(kept.size() - last_character(kept));
  return words.substr(0, cut_at_word(words, kept.size())) + "...";
}

std::vector<std::string> wrapped_lines(const Style& style, Face face, float size,
                                       const std::string& words, float room) {
  std::vector<std::string> lines;
  const char* at = words.c_str();
  const char* const end = at + words.size();
  while (at < end) {
    const char* stop =
        font_of(style, face)->CalcWordWrapPosition(drawn_size(style, size), at, end, room);
    // Not even a letter has room.
    if (stop == at) stop = at + std::max(1, ImTextCountUtf8BytesFromChar(at, end));
    lines.emplace_back(at, stop);
    at = stop;
    while (at < end && (*at == ' ' || *at == '\n')) ++at;
  }
  return lines;
}

void ScreenCanvas::fill(ImVec2 low, ImVec2 high, ImU32 color, float rounding) {
  list_.AddRectFilled(low, high, color, rounding);
}

void ScreenCanvas::fade(ImVec2 low, ImVec2 high, ImU32 left, ImU32 right) {
  list_.AddRectFilledMultiColor(low, high, left, right, right, left);
}

void ScreenCanvas::outline(ImVec2 low, ImVec2 high, ImU32 color, float width, float rounding) {
  list_.AddRect(low, high, color, rounding, width);
}

void ScreenCanvas::run(std::span<const ImVec2> points, ImU32 color, float width) {
  if (points.size() == 2)
    list_.AddLine(points[0], points[1], color, width);
  else
    list_.AddPolyline(points.data(), static_cast<int>(points.size()), color, width);
}

void ScreenCanvas::dashed_run(std::span<const ImVec2> points, ImU32 color, float width, Dash dash,
                              double skipped) {
  draw_dashes(list_, style(), points, color, width, dash, skipped);
}

void ScreenCanvas::area(std::span<const ImVec2> upper, std::span<const ImVec2> lower, ImU32 color) {
  // Bare triangles: the soft edges of AddConvexPolyFilled would show as seams between the parts.
  const ImVec2 uv = ImGui::GetFontTexUvWhitePixel();
  for (std::size_t i = 1; i < upper.size(); ++i) {
    const std::vector<ImVec2> part =
        polygon_inside(seen(), std::array{upper[i - 1], upper[i], lower[i], lower[i - 1]});
    const auto count = static_cast<unsigned>(part.size());
    if (count < 3) continue;
    list_.PrimReserve(static_cast<int>(3 * (count - 2)), static_cast<int>(count));
    const unsigned first = list_._VtxCurrentIdx;
    for (const ImVec2& point : part) list_.PrimWriteVtx(point, uv, color);
    for (unsigned k = 2; k < count; ++k)
      for (const unsigned corner : {0u, k - 1, k}) list_.PrimWriteIdx(first + corner);
  }
}

void ScreenCanvas::begin_clip(ImVec2 low, ImVec2 high) { list_.PushClipRect(low, high, true); }
void ScreenCanvas::end_clip() { list_.PopClipRect(); }

void ScreenCanvas::polygon(std::span<const ImVec2> points, ImU32 color) {
  list_.AddConvexPolyFilled(points.data(), static_cast<int>(points.size()), color);
}

void ScreenCanvas::text(ImVec2 at, std::string_view words, const TextLook& look) {
  if (look.anchor != Anchor::left) at = text_box(at, words, look).low;
  list_.AddText(font_of(style(), look.face), drawn_size(style(), look.size),
                {std::round(at.x), std::round(at.y)}, look.color, words.data(),
                words.data() + words.size());
}

bool ScreenCanvas::visible(ImVec2 low, ImVec2 high) const {
  const ImVec2 from = list_.GetClipRectMin(), to = list_.GetClipRectMax();
  return high.x >= from.x && high.y >= from.y && low.x <= to.x && low.y <= to.y;
}

}  // namespace nanscope
