#include "ui/widgets/controls.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "imgui.h"
#include "imgui_internal.h"
#include "imgui_stdlib.h"

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

std::optional<int> choice_grid(const char* id, std::span<const std::string> labels, int selected,
                               float width, const Style& style) {
  const float gap = std::max(1.0f, std::round(unit(style) / 4));
  const float padding = ImGui::GetStyle().FramePadding.x;
  float widest = 0;
  for (const std::string& label : labels)
    widest = std::max(widest, ImGui::CalcTextSize(label.c_str(), nullptr, true).x);
  const int count = static_cast<int>(labels.size());
  int columns = std::clamp(static_cast<int>((width + gap) / (widest + padding + gap)), 1, count);
  // The same number of rows with cells as even as can be: 7 names in 4 + 3 rather than 5 + 2.
  const int rows = (count + columns - 1) / columns;
  columns = (count + rows - 1) / rows;
  const float cell =
      std::floor((width - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns));

  std::optional<int> clicked;
  ImGui::PushID(id);
  ImGui::BeginGroup();
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding,
                      {std::round(padding / 3), ImGui::GetStyle().FramePadding.y});
  for (int i = 0; i < count; ++i) {
    if (i % columns != 0) ImGui::SameLine();
    const bool chosen = i == selected;
    if (chosen) {
      ImGui::PushStyleColor(ImGuiCol_Button, style.palette.accent);
      ImGui::PushStyleColor(ImGuiCol_ButtonHovered, style.palette.accent);
      ImGui::PushStyleColor(ImGuiCol_ButtonActive, style.palette.accent);
      ImGui::PushStyleColor(ImGuiCol_Text, style.palette.on_accent);
    }
    if (ImGui::Button(labels[static_cast<std::size_t>(i)].c_str(), {cell, 0}) && !chosen)
      clicked = i;
    if (chosen) ImGui::PopStyleColor(4);
  }
  ImGui::PopStyleVar(2);
  ImGui::EndGroup();
  ImGui::PopID();
  return clicked;
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
    std::string shortened = whole.substr(0, length) + "...";
    if (fits(shortened)) return shortened;
  }
  return "";
}

}  // namespace nanscope
