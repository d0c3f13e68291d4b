#include "ui/widgets/controls.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "imgui.h"
#include "imgui_internal.h"
#include "imgui_stdlib.h"
#include "ui/canvas/canvas.h"
#include "ui/widgets/term.h"

namespace nanscope {

float unit(const Style& style) { return style.spacing * display_scale(); }

std::optional<std::string> text_field(const char* id, const std::string& shown, float width,
                                      bool invalid, const Style& style) {
  ImGui::PushFont(style.fonts.mono, 0);
  ImGui::SetNextItemWidth(width);
  if (invalid) {
    ImGui::PushStyleColor(ImGuiCol_Border, style.palette.bad);
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 2.0f);
  }
  std::string typed = shown;
  ImGui::InputText(id, &typed, ImGuiInputTextFlags_AutoSelectAll);
  const bool ended = ImGui::IsItemDeactivatedAfterEdit();
  if (invalid) {
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
  }
  ImGui::PopFont();
  if (!ended || typed == shown) return std::nullopt;
  return typed;
}

namespace {

constexpr float kChoiceSize = 0.875f;  // of the body: more names in a row

/// The widths of the cells of one row, which fill `width` together.
struct ChoiceRow {
  std::size_t begin = 0;
  std::vector<float> cells;
};

/// Equal cells in as many columns as fit.
std::vector<ChoiceRow> even_rows(const std::vector<float>& natural, float width, float gap) {
  const float widest = std::ranges::max(natural);
  const int count = static_cast<int>(natural.size());
  int columns = std::clamp(static_cast<int>((width + gap) / (widest + gap)), 1, count);
  // The same number of rows with cells as even as can be: 7 names in 4 + 3 rather than 5 + 2.
  const int row_count = (count + columns - 1) / columns;
  columns = (count + row_count - 1) / row_count;
  const float cell =
      std::floor((width - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns));
  std::vector<ChoiceRow> rows;
  for (int begin = 0; begin < count; begin += columns) {
    const int length = std::min(columns, count - begin);
    rows.push_back({static_cast<std::size_t>(begin),
                    std::vector<float>(static_cast<std::size_t>(length), cell)});
  }
  return rows;
}

/// Rows of cells as wide as their names, none wider than `width`.
std::vector<ChoiceRow> broken_rows(const std::vector<float>& natural, float width, float gap) {
  std::vector<ChoiceRow> rows;
  float used = 0;
  for (std::size_t i = 0; i < natural.size(); ++i) {
    if (rows.empty() || used + gap + natural[i] > width) {
      rows.push_back({i, {}});
      used = -gap;
    }
    rows.back().cells.push_back(natural[i]);
    used += gap + natural[i];
  }
  return rows;
}

/// Cells as wide as their names, in rows of about the same length, stretched so that each is full.
std::vector<ChoiceRow> flowing_rows(const std::vector<float>& natural, float width, float gap) {
  std::vector<ChoiceRow> rows = broken_rows(natural, width, gap);
  // The narrowest width that needs no further row balances them.
  for (float narrower = width - 1; narrower > 0; --narrower) {
    std::vector<ChoiceRow> tighter = broken_rows(natural, narrower, gap);
    if (tighter.size() > rows.size()) break;
    rows = std::move(tighter);
  }
  for (ChoiceRow& row : rows) {
    const auto count = static_cast<float>(row.cells.size());
    const float sum = std::accumulate(row.cells.begin(), row.cells.end(), 0.0f);
    const float extra = (width - gap * (count - 1) - sum) / count;
    for (float& cell : row.cells) cell = std::floor(cell + std::max(0.0f, extra));
  }
  return rows;
}

/// A short line at the foot of the item drawn last.
void draw_mark_under_cell(const Style& style) {
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  const float middle = (low.x + high.x) / 2, half = unit(style) * 0.75f;
  const float thickness = std::max(1.0f, std::round(unit(style) / 5));
  const float y = high.y - 1.5f * thickness;
  ImGui::GetWindowDrawList()->AddLine({middle - half, y}, {middle + half, y},
                                      ImGui::GetColorU32(style.palette.muted), thickness);
}

/// Buttons in the accent colour until pop_accent().
void push_accent(const Style& style) {
  for (const ImGuiCol color : {ImGuiCol_Button, ImGuiCol_ButtonHovered, ImGuiCol_ButtonActive})
    ImGui::PushStyleColor(color, style.palette.accent);
  ImGui::PushStyleColor(ImGuiCol_Text, style.palette.on_accent);
}
void pop_accent() { ImGui::PopStyleColor(4); }

bool choice_cell(const char* label, bool chosen, float width, const Style& style) {
  if (chosen) push_accent(style);
  const bool clicked = ImGui::Button(label, {width, 0});
  if (chosen) pop_accent();
  return clicked && !chosen;
}

}  // namespace

bool primary_button(const char* label, ImVec2 size, const Style& style) {
  push_accent(style);
  const bool clicked = ImGui::Button(label, size);
  pop_accent();
  return clicked;
}

std::optional<int> choice_grid(const char* id, std::span<const std::string> labels, int selected,
                               float width, const Style& style, int marked) {
  const float gap = std::max(1.0f, std::round(unit(style) / 4));
  const float padding = std::round(unit(style) * 0.5f);
  ImGui::PushFont(nullptr, style.font_size * kChoiceSize);
  std::vector<float> natural;
  for (const std::string& label : labels)
    natural.push_back(ImGui::CalcTextSize(label.c_str(), nullptr, true).x + 2 * padding);
  std::vector<ChoiceRow> rows = even_rows(natural, width, gap);
  if (auto flowing = flowing_rows(natural, width, gap); flowing.size() < rows.size())
    rows = std::move(flowing);

  std::optional<int> clicked;
  ImGui::PushID(id);
  ImGui::BeginGroup();
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {0, std::round(unit(style) * 0.5f)});
  for (const ChoiceRow& row : rows) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (i > 0) ImGui::SameLine();
      const std::size_t index = row.begin + i;
      if (choice_cell(labels[index].c_str(), static_cast<int>(index) == selected, row.cells[i],
                      style))
        clicked = static_cast<int>(index);
      if (static_cast<int>(index) == marked && marked != selected) draw_mark_under_cell(style);
    }
  }
  ImGui::PopStyleVar(2);
  ImGui::EndGroup();
  ImGui::PopID();
  ImGui::PopFont();
  return clicked;
}

float choice_height(const Style& style) {
  return std::round(style.font_size * kChoiceSize * display_scale()) +
         2 * std::round(unit(style) * 0.5f);
}

bool toggle(const char* label, bool on, const Style& style) {
  const float height = ImGui::GetFrameHeight();
  const float track_height = std::round(height * 0.6f);
  const float track_width = std::round(track_height * 1.8f);
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float gap = unit(style);
  const float words = ImGui::CalcTextSize(label, nullptr, true).x;
  const bool flipped = ImGui::InvisibleButton(label, {track_width + gap + words, height},
                                              ImGuiButtonFlags_EnableNav);
  ImDrawList* canvas = ImGui::GetWindowDrawList();
  const float top = origin.y + std::round((height - track_height) / 2);
  const float radius = track_height / 2;
  const bool lit = ImGui::IsItemHovered();
  const ImVec4 track = on ? style.palette.accent : style.palette.border;
  canvas->AddRectFilled({origin.x, top}, {origin.x + track_width, top + track_height},
                        ImGui::GetColorU32(track), radius);
  const float knob = on ? origin.x + track_width - radius : origin.x + radius;
  canvas->AddCircleFilled({knob, top + radius}, radius * (lit ? 0.8f : 0.7f),
                          ImGui::GetColorU32(on ? style.palette.on_accent : style.palette.surface));
  canvas->AddText({origin.x + track_width + gap, origin.y + ImGui::GetStyle().FramePadding.y},
                  ImGui::GetColorU32(style.palette.text), label, ImGui::FindRenderedTextEnd(label));
  return flipped;
}

void heading(const char* label, const Style& style) {
  ImGui::Dummy({0, unit(style) / 2});
  styled_text(label, style.fonts.semibold, 1.0f, style.palette.text);
  mark_term(label, style);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float y = at.y - std::round(unit(style) / 4);
  ImGui::GetWindowDrawList()->AddLine({at.x, y}, {at.x + ImGui::GetContentRegionAvail().x, y},
                                      ImGui::GetColorU32(style.palette.border));
  ImGui::Dummy({0, 1});
}

void styled_text(std::string_view words, ImFont* font, float relative_size, const ImVec4& color) {
  ImGui::PushFont(font, ImGui::GetStyle().FontSizeBase * relative_size);
  ImGui::PushStyleColor(ImGuiCol_Text, color);
  ImGui::TextUnformatted(words.data(), words.data() + words.size());
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

void wrapped_text(std::string_view words, ImFont* font, float relative_size, const ImVec4& color) {
  ImGui::PushTextWrapPos(0);
  styled_text(words, font, relative_size, color);
  ImGui::PopTextWrapPos();
}

std::string fitted(std::string_view words, float width) {
  const auto fits = [&](const std::string& candidate) {
    return ImGui::CalcTextSize(candidate.c_str()).x <= width;
  };
  std::string whole(words);
  if (fits(whole)) return whole;
  std::size_t length = whole.size();
  while (length > 0) {
    --length;
    // Never cut inside a UTF-8 sequence.
    while (length > 0 && (static_cast<unsigned char>(whole[length]) & 0xC0) == 0x80) --length;
    if (fits(whole.substr(0, length) + "..."))
      return whole.substr(0, cut_at_word(whole, length)) + "...";
  }
  return "";
}

}  // namespace nanscope
