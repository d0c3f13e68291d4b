#include "ui/theme/theme.h"

namespace nanscope {
namespace {

ImVec4 with_alpha(ImVec4 color, float alpha) {
  color.w = alpha;
  return color;
}

ImVec4 mix(const ImVec4& a, const ImVec4& b, float t) {
  return {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t, a.z + (b.z - a.z) * t,
          a.w + (b.w - a.w) * t};
}

void set_sizes(ImGuiStyle& imgui, const Style& style) {
  const float unit = style.spacing;
  imgui.WindowPadding = {unit * 1.25f, unit};
  imgui.FramePadding = {unit, unit * 0.625f};
  imgui.ItemSpacing = {unit, unit * 0.75f};
  imgui.ItemInnerSpacing = {unit * 0.75f, unit * 0.5f};
  imgui.CellPadding = {unit * 0.75f, unit * 0.375f};
  imgui.IndentSpacing = unit * 2;
  imgui.ScrollbarSize = unit * 1.5f;
  imgui.GrabMinSize = unit * 1.5f;
  imgui.WindowRounding = imgui.ChildRounding = imgui.TabRounding = 0;
  imgui.FrameRounding = imgui.GrabRounding = imgui.MenuItemRounding = imgui.SelectableRounding =
      unit * 0.375f;
  imgui.PopupRounding = unit * 0.625f;
  imgui.ScrollbarRounding = unit;
  imgui.WindowBorderSize = imgui.PopupBorderSize = imgui.ChildBorderSize = 1;
  imgui.FrameBorderSize = style.theme == ThemeId::projector ? 1.0f : 0.0f;
  imgui.TabBorderSize = 0;
  imgui.TabBarBorderSize = 1;
  imgui.TabBarOverlineSize = 2;
  imgui.DockingSeparatorSize = 1;
  imgui.SeparatorTextBorderSize = 1;
  imgui.SeparatorTextPadding = {0, unit * 0.375f};
  imgui.WindowMenuButtonPosition = ImGuiDir_None;
  imgui.HoverStationaryDelay = 0.15f;
  imgui.HoverDelayNormal = 0.40f;
}

void set_colors(ImGuiStyle& imgui, const Palette& p) {
  ImVec4* c = imgui.Colors;
  const ImVec4 none{0, 0, 0, 0};
  const ImVec4 hover = mix(p.raised, p.accent, 0.16f);
  const ImVec4 active = mix(p.raised, p.accent, 0.30f);
  c[ImGuiCol_Text] = c[ImGuiCol_InputTextCursor] = c[ImGuiCol_UnsavedMarker] = p.text;
  c[ImGuiCol_TextDisabled] = p.muted;
  c[ImGuiCol_WindowBg] = c[ImGuiCol_DockingEmptyBg] = c[ImGuiCol_MenuBarBg] = p.window;
  c[ImGuiCol_ChildBg] = none;
  c[ImGuiCol_PopupBg] = p.surface;
  c[ImGuiCol_Border] = c[ImGuiCol_Separator] = c[ImGuiCol_TreeLines] = p.border;
  c[ImGuiCol_BorderShadow] = none;
  c[ImGuiCol_FrameBg] = c[ImGuiCol_Button] = p.raised;
  c[ImGuiCol_FrameBgHovered] = c[ImGuiCol_ButtonHovered] = hover;
  c[ImGuiCol_FrameBgActive] = c[ImGuiCol_ButtonActive] = active;
  c[ImGuiCol_TitleBg] = c[ImGuiCol_TitleBgActive] = c[ImGuiCol_TitleBgCollapsed] = p.raised;
  c[ImGuiCol_ScrollbarBg] = none;
  c[ImGuiCol_ScrollbarGrab] = p.border;
  c[ImGuiCol_ScrollbarGrabHovered] = c[ImGuiCol_ScrollbarGrabActive] = p.muted;
  c[ImGuiCol_CheckMark] = c[ImGuiCol_SliderGrab] = c[ImGuiCol_SliderGrabActive] = p.accent;
  c[ImGuiCol_CheckboxSelectedBg] = p.raised;
  c[ImGuiCol_Header] = with_alpha(p.accent, 0.14f);
  c[ImGuiCol_HeaderHovered] = with_alpha(p.accent, 0.20f);
  c[ImGuiCol_HeaderActive] = with_alpha(p.accent, 0.30f);
  c[ImGuiCol_SeparatorHovered] = c[ImGuiCol_SeparatorActive] = p.accent;
  c[ImGuiCol_ResizeGrip] = none;
  c[ImGuiCol_ResizeGripHovered] = c[ImGuiCol_ResizeGripActive] = p.accent;
  c[ImGuiCol_Tab] = c[ImGuiCol_TabDimmed] = p.window;
  c[ImGuiCol_TabHovered] = hover;
  c[ImGuiCol_TabSelected] = c[ImGuiCol_TabDimmedSelected] = p.surface;
  c[ImGuiCol_TabSelectedOverline] = p.accent;
  c[ImGuiCol_TabDimmedSelectedOverline] = p.border;
  c[ImGuiCol_DockingPreview] = with_alpha(p.accent, 0.30f);
  c[ImGuiCol_PlotLines] = c[ImGuiCol_PlotHistogram] = p.measured;
  c[ImGuiCol_PlotLinesHovered] = c[ImGuiCol_PlotHistogramHovered] = p.accent;
  c[ImGuiCol_TableHeaderBg] = p.raised;
  c[ImGuiCol_TableBorderStrong] = p.border;
  c[ImGuiCol_TableBorderLight] = p.grid;
  c[ImGuiCol_TableRowBg] = none;
  c[ImGuiCol_TableRowBgAlt] = with_alpha(p.raised, 0.5f);
  c[ImGuiCol_TextLink] = c[ImGuiCol_NavCursor] = c[ImGuiCol_NavWindowingHighlight] = p.accent;
  c[ImGuiCol_TextSelectedBg] = with_alpha(p.accent, 0.30f);
  c[ImGuiCol_DragDropTarget] = p.accent;
  c[ImGuiCol_DragDropTargetBg] = with_alpha(p.accent, 0.08f);
  c[ImGuiCol_NavWindowingDimBg] = c[ImGuiCol_ModalWindowDimBg] = {0, 0, 0, 0.35f};
}

}  // namespace

Style make_style(ThemeId theme, const Fonts& fonts, float zoom) {
  Style style;
  style.theme = theme;
  style.palette = palette_of(theme);
  style.fonts = fonts;
  if (theme == ThemeId::projector) {
    style.font_size *= 1.6f;
    style.line_width = 3.5f;
    style.marker_size = 5.5f;
    style.spacing *= 1.25f;
  }
  style.font_size *= zoom;
  style.line_width *= zoom;
  style.marker_size *= zoom;
  style.spacing *= zoom;
  return style;
}

void apply(const Style& style, float display_scale) {
  ImGuiStyle imgui;
  set_sizes(imgui, style);
  set_colors(imgui, style.palette);
  imgui.ScaleAllSizes(display_scale);
  imgui.FontSizeBase = style.font_size;
  imgui.FontScaleDpi = display_scale;
  // Within a frame ImGui takes a new base size from here only.
  imgui._NextFrameFontSizeBase = style.font_size;
  ImGui::GetStyle() = imgui;
  ImGui::GetIO().FontDefault = style.fonts.regular;
}

float display_scale() { return ImGui::GetStyle().FontScaleDpi; }

}  // namespace nanscope
