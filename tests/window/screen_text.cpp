#include "screen_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "imgui_internal.h"

namespace nanscope {
namespace {

/// Of letters in the atlas, by the corner of their picture.
struct Drawn {
  const ImFontGlyph* glyph = nullptr;
  float size = 0;
};
using Atlas = std::map<std::pair<float, float>, Drawn>;

Atlas letters_of_atlas() {
  Atlas found;
  for (const ImFontAtlas* atlas : ImGui::GetCurrentContext()->FontAtlases)
    for (int i = 0; i < atlas->Builder->BakedPool.Size; ++i) {
      const ImFontBaked& baked = atlas->Builder->BakedPool[i];
      for (const ImFontGlyph& glyph : baked.Glyphs)
        if (glyph.Visible) found[{glyph.U0, glyph.V0}] = {&glyph, baked.Size};
    }
  return found;
}

/// The letter whose picture holds this corner: one that was trimmed has another corner.
std::optional<Drawn> drawn_letter(const Atlas& atlas, ImVec2 low, ImVec2 high) {
  if (const auto found = atlas.find({low.x, low.y}); found != atlas.end()) return found->second;
  for (const auto& [corner, one] : atlas)
    if (corner.first <= low.x && corner.second <= low.y && one.glyph->U1 >= high.x - 1e-6f &&
        one.glyph->V1 >= high.y - 1e-6f)
      return one;
  return std::nullopt;
}

/// Whether the window's content can be scrolled into sight along an axis.
bool scrolls(const ImGuiWindow& window, ImGuiAxis axis) {
  for (const ImGuiWindow* one = &window; one; one = one->ParentWindow) {
    if (one->ScrollMax[axis] > 0) return true;
    if (!(one->Flags & ImGuiWindowFlags_ChildWindow)) break;
  }
  return false;
}

/// The words are seen in part, and nobody can scroll to them.
bool is_cut(const ImRect& whole, const ImRect& seen, const ImGuiWindow& window) {
  constexpr float kTrimmed = 1.5f;
  for (const ImGuiAxis axis : {ImGuiAxis_X, ImGuiAxis_Y}) {
    const float hidden =
        std::max(seen.Min[axis] - whole.Min[axis], whole.Max[axis] - seen.Max[axis]);
    if (hidden > kTrimmed && !scrolls(window, axis)) return true;
  }
  return false;
}

class Reader {
 public:
  explicit Reader(std::vector<Letter>& found) : found_(found), atlas_(letters_of_atlas()) {}

  void read(const ImGuiWindow& window) {
    const ImDrawList& list = *window.DrawList;
    for (const ImDrawCmd& command : list.CmdBuffer) {
      if (command.UserCallback) continue;
      const ImDrawIdx* indices = list.IdxBuffer.Data + command.IdxOffset;
      const ImDrawVert* corners = list.VtxBuffer.Data + command.VtxOffset;
      for (unsigned i = 0; i + 6 <= command.ElemCount;) {
        const ImDrawVert& first = corners[indices[i]];
        const ImDrawVert& last = corners[indices[i + 2]];
        const bool box = indices[i + 3] == indices[i] && indices[i + 4] == indices[i + 2];
        if (box && last.uv.x > first.uv.x && last.uv.y > first.uv.y)
          add(first, last, command.ClipRect, window);
        i += box ? 6 : 3;
      }
    }
    run_ends_ = true;
  }

 private:
  void add(const ImDrawVert& first, const ImDrawVert& last, const ImVec4& clip,
           const ImGuiWindow& window) {
    if ((first.col >> IM_COL32_A_SHIFT) == 0) return;
    const auto drawn = drawn_letter(atlas_, first.uv, last.uv);
    if (!drawn) return;
    const ImFontGlyph& glyph = *drawn->glyph;
    // From the part of the letter's picture that is drawn to all of it.
    const float scale_x = (last.pos.x - first.pos.x) / (last.uv.x - first.uv.x);
    const float scale_y = (last.pos.y - first.pos.y) / (last.uv.y - first.uv.y);
    const ImRect whole(first.pos.x - (first.uv.x - glyph.U0) * scale_x,
                       first.pos.y - (first.uv.y - glyph.V0) * scale_y,
                       last.pos.x + (glyph.U1 - last.uv.x) * scale_x,
                       last.pos.y + (glyph.V1 - last.uv.y) * scale_y);
    ImRect seen(first.pos, last.pos);
    seen.ClipWith({clip.x, clip.y, clip.z, clip.w});
    if (seen.GetWidth() <= 0.5f || seen.GetHeight() <= 0.5f) return;
    const float scale = whole.GetHeight() / (glyph.Y1 - glyph.Y0);
    const float line = whole.Min.y - glyph.Y0 * scale;
    const float size = drawn->size * scale;
    const bool goes_on = !run_ends_ && std::abs(line - line_) < 0.5f &&
                         whole.Min.x > right_ - size && whole.Min.x < right_ + 0.7f * size;
    if (!goes_on) ++run_;
    run_ends_ = false;
    line_ = line;
    right_ = whole.Max.x;
    found_.push_back({seen.Min, seen.Max, size, glyph.Codepoint, is_cut(whole, seen, window), run_,
                      window.RootWindow->Name});
  }

  std::vector<Letter>& found_;
  Atlas atlas_;
  int run_ = 0;
  bool run_ends_ = true;
  float line_ = 0, right_ = 0;
};

/// Ink that covers a fifth of another letter's.
bool covers(const Letter& a, const Letter& b) {
  const float width = std::min(a.high.x, b.high.x) - std::max(a.low.x, b.low.x);
  const float height = std::min(a.high.y, b.high.y) - std::max(a.low.y, b.low.y);
  if (width <= 1 || height <= 1) return false;
  const auto ink = [](const Letter& one) {
    return (one.high.x - one.low.x) * (one.high.y - one.low.y);
  };
  return width * height > 0.2f * std::min(ink(a), ink(b));
}

}  // namespace

std::vector<Letter> letters_on_screen() {
  std::vector<Letter> found;
  Reader reader(found);
  for (const ImGuiWindow* window : ImGui::GetCurrentContext()->Windows)
    if (window->WasActive && !window->Hidden) reader.read(*window);
  return found;
}

std::string line_of(const std::vector<Letter>& letters, int run) {
  std::string line;
  float right = 0;
  for (const Letter& one : letters) {
    if (one.run != run) continue;
    if (!line.empty() && one.low.x > right + 0.18f * one.size) line += ' ';
    char bytes[5] = {};
    ImTextCharToUtf8(bytes, one.code);
    line += bytes;
    right = one.high.x;
  }
  return line;
}

std::string letters_within(const ImVec4& corners) {
  std::string all;
  for (const Letter& one : letters_on_screen()) {
    if (!ImRect(corners).Contains(ImRect(one.low, one.high))) continue;
    char bytes[5] = {};
    ImTextCharToUtf8(bytes, one.code);
    all += bytes;
  }
  return all;
}

bool is_on_screen(std::string words) {
  // No space leaves a letter, nor does the one at which no line breaks.
  constexpr std::string_view kNoBreak = "\u00a0";
  for (auto at = words.find(kNoBreak); at != std::string::npos; at = words.find(kNoBreak))
    words.erase(at, kNoBreak.size());
  std::erase(words, ' ');
  std::string all;
  for (const Letter& one : letters_on_screen()) {
    char bytes[5] = {};
    ImTextCharToUtf8(bytes, one.code);
    all += bytes;
  }
  return all.find(words) != std::string::npos;
}

std::vector<std::string> faults_of_text(const std::vector<ImVec4>& fields) {
  const std::vector<Letter> letters = letters_on_screen();
  const auto in_field = [&](const Letter& one) {
    return std::ranges::any_of(
        fields, [&](const ImVec4& field) { return ImRect(field).Contains(one.low); });
  };
  std::set<std::pair<int, int>> told;
  std::vector<std::string> found;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const Letter& a = letters[i];
    if (a.cut && !in_field(a) && told.insert({a.run, a.run}).second)
      found.push_back(fmt::format("\"{}\" is cut", line_of(letters, a.run)));
    for (std::size_t k = 0; k < i; ++k) {
      const Letter& b = letters[k];
      if (b.high.y <= a.low.y || b.low.y >= a.high.y || !covers(a, b)) continue;
      if (told.insert({b.run, a.run}).second)
        found.push_back(
            fmt::format("\"{}\" lies on \"{}\"", line_of(letters, a.run), line_of(letters, b.run)));
    }
  }
  return found;
}

std::vector<const ImGuiWindow*> seen_tooltips() {
  std::vector<const ImGuiWindow*> found;
  for (const ImGuiWindow* window : ImGui::GetCurrentContext()->Windows)
    if ((window->Flags & ImGuiWindowFlags_Tooltip) && window->Active && !window->Hidden)
      found.push_back(window);
  return found;
}

float smallest_text(std::string* line) {
  const std::vector<Letter> letters = letters_on_screen();
  const auto least = std::ranges::min_element(letters, {}, &Letter::size);
  if (least == letters.end()) return 0;
  if (line) *line = line_of(letters, least->run);
  return least->size;
}

}  // namespace nanscope
