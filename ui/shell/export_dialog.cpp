#include "ui/shell/export_dialog.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "imgui.h"
#include "ui/shell/action.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"

namespace nanscope {
namespace {

constexpr const char* kExportDialog = "###export";
constexpr int kBaseWidth = 1920, kBaseHeight = 1080;
// Of pictures, see check_picture().
constexpr int kSmallestWidth = 320, kSmallestHeight = 240, kLargestSide = 16384;
constexpr float kPreviewHeight = 12;  // in heights of text
constexpr std::array kScales = {1, 2, 4};

void row_label(const char* key, const Style& style) {
  ImGui::AlignTextToFramePadding();
  styled_text(text(key), style.fonts.regular, 1.0f, style.palette.muted);
  ImGui::SameLine(ImGui::GetFontSize() * 6);
}

/// The width of a row's choices, after its label.
float row_width() { return ImGui::GetContentRegionAvail().x; }

/// All of it as a whole number that fits an int, or nothing.
std::optional<int> whole_number_in(const std::string& text) {
  int value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_side(const std::string& side, int smallest) {
  const auto value = whole_number_in(side);
  return value && *value >= smallest && *value <= kLargestSide;
}

/// One side of a custom size, kept as it is typed.
void side_field(const char* id, std::string& side, int smallest, bool used, const Style& style) {
  const bool wrong = used && !is_side(side, smallest);
  if (const auto typed = text_field(id, side, ImGui::GetFontSize() * 5, wrong, style))
    side = *typed;
}

}  // namespace

PictureRequest scaled_picture(int scale) {
  PictureRequest picture;
  picture.width = kBaseWidth * scale;
  picture.height = kBaseHeight * scale;
  picture.scale = static_cast<float>(scale);
  return picture;
}

float picture_scale(int width, int height) {
  const float fit =
      std::min(static_cast<float>(width) / kBaseWidth, static_cast<float>(height) / kBaseHeight);
  return std::max(1.0f, fit);
}

void ExportDialog::open(const std::string& plot, std::vector<std::string> plots, ThemeId theme) {
  opening_ = true;
  plots_ = std::move(plots);
  // What cannot be was typed for another time.
  if (!is_side(width_, kSmallestWidth)) width_ = std::to_string(kBaseWidth);
  if (!is_side(height_, kSmallestHeight)) height_ = std::to_string(kBaseHeight);
  const std::string& kept = request_.picture.plot;
  const bool keeps =
      waits_ && plot.empty() && (kept.empty() || std::ranges::find(plots_, kept) != plots_.end());
  if (!keeps) request_.picture.plot = plot;
  if (!keeps) request_.picture.theme = theme;
}

void ExportDialog::size_rows(const Style& style) {
  std::vector<std::string> sizes;
  for (const int scale : kScales)
    sizes.push_back(fmt::format("{}x: {} x {}", scale, kBaseWidth * scale, kBaseHeight * scale));
  sizes.push_back(text("export.custom"));
  const int custom = static_cast<int>(sizes.size()) - 1;
  row_label("export.size", style);
  ImGui::BeginGroup();
  if (const auto chosen = choice_grid("size", sizes, size_, row_width(), style)) size_ = *chosen;
  PictureRequest& picture = request_.picture;
  if (size_ != custom) {
    const PictureRequest scaled = scaled_picture(kScales[static_cast<std::size_t>(size_)]);
    picture.width = scaled.width;
    picture.height = scaled.height;
  }
  custom_size_row(size_ == custom, style);
  ImGui::EndGroup();
  picture.scale = picture_scale(picture.width, picture.height);
}

void ExportDialog::custom_size_row(bool custom, const Style& style) {
  ImGui::BeginDisabled(!custom);
  side_field("##width", width_, kSmallestWidth, custom, style);
  ImGui::SameLine(0, unit(style));
  ImGui::TextUnformatted("x");
  ImGui::SameLine(0, unit(style));
  side_field("##height", height_, kSmallestHeight, custom, style);
  ImGui::SameLine(0, unit(style));
  ImGui::TextUnformatted(text("export.pixels"));
  ImGui::EndDisabled();
  if (!custom) return;
  const auto width = whole_number_in(width_), height = whole_number_in(height_);
  if (!width || !height) {
    problem_ = format_text("export.no_number", fmt::arg("typed", width ? height_ : width_));
    return;
  }
  request_.picture.width = *width;
  request_.picture.height = *height;
}

void ExportDialog::what_row(const Style& style) {
  std::vector<std::string> names{""};
  std::vector<std::string> labels{text("export.whole_lab")};
  for (const std::string& plot : plots_) {
    names.push_back(plot);
    labels.push_back(fmt::format("{}###{}", text(fmt::format("plot.short.{}", plot)), plot));
  }
  row_label("export.what", style);
  const auto current = std::ranges::find(names, request_.picture.plot) - names.begin();
  if (const auto chosen =
          choice_grid("what", labels, static_cast<int>(current), row_width(), style))
    request_.picture.plot = names[static_cast<std::size_t>(*chosen)];
}

void ExportDialog::kind_row(const Style& style) {
  row_label("export.kind", style);
  const std::array<std::string, 2> kinds{"PNG###png", "SVG###svg"};
  if (const auto chosen =
          choice_grid("kind", kinds, static_cast<int>(request_.kind), row_width(), style))
    request_.kind = static_cast<PictureKind>(*chosen);
}

void ExportDialog::theme_row(const Style& style) {
  std::vector<std::string> themes;
  for (const auto& [theme, name] : Names<ThemeId>::all)
    themes.push_back(fmt::format("{}###{}", text(fmt::format("theme.{}", name)), name));
  row_label("export.theme", style);
  if (const auto chosen = choice_grid("theme", themes, static_cast<int>(request_.picture.theme),
                                      row_width(), style))
    request_.picture.theme = static_cast<ThemeId>(*chosen);
}

/// What the request would give, or what is wrong with it.
void ExportDialog::preview_row(const std::optional<Figure>& figure, PicturePreview& preview,
                               const Style& style) {
  const float height = ImGui::GetFontSize() * kPreviewHeight;
  const float left = ImGui::GetCursorPosX();
  row_label("export.preview", style);
  ImGui::BeginGroup();
  const ImVec2 corner = ImGui::GetCursorPos();
  if (problem_.empty() && figure) {
    if (const Result<void> good = check_picture(*figure, request_.picture); !good)
      problem_ = message_text(good.error().what);
  }
  if (problem_.empty() && figure) {
    const float shape =
        static_cast<float>(request_.picture.width) / static_cast<float>(request_.picture.height);
    const float room = ImGui::GetContentRegionAvail().x;
    const float width = std::min(room, height * shape);
    preview.want(*figure, request_.picture, std::max(1, static_cast<int>(width)));
    if (preview.texture() != 0)
      // The first row of the texture is the picture's upper one.
      ImGui::Image(preview.texture(), {width, width / shape});
  } else {
    wrapped_text(problem_, style.fonts.regular, 1.0f, style.palette.bad);
  }
  // The dialog has its height, and so its middle, before the picture comes.
  ImGui::SetCursorPos(corner);
  ImGui::Dummy({1, height});
  ImGui::EndGroup();
  ImGui::SetCursorPosX(left);
}

/// Whether the picture is to be made.
bool ExportDialog::buttons(const Style& style) {
  const float button = ImGui::GetFontSize() * 8;
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x - 2 * button -
                       unit(style));
  if (ImGui::Button(fmt::format("{}###cancel", text("dialog.cancel")).c_str(), {button, 0}))
    ImGui::CloseCurrentPopup();
  ImGui::SameLine(0, unit(style));
  ImGui::BeginDisabled(!problem_.empty());
  const bool clicked = primary_button(fmt::format("{}###next", text("export.choose_file")).c_str(),
                                      {button, 0}, style);
  ImGui::EndDisabled();
  return problem_.empty() && (clicked || ImGui::Shortcut(ImGuiKey_Enter));
}

void ExportDialog::draw(const Style& style, const std::optional<Figure>& figure,
                        PicturePreview& preview,
                        const std::function<void(const ExportRequest&)>& accepted) {
  const std::string title = std::string(text("export.title")) + kExportDialog;
  if (std::exchange(opening_, false)) ImGui::OpenPopup(title.c_str());
  ImGui::SetNextWindowPos(ImGui::GetMainViewport()->GetCenter(), ImGuiCond_Appearing, {0.5f, 0.5f});
  ImGui::SetNextWindowSize({ImGui::GetFontSize() * 34, 0});
  bool open = true;
  open_ = ImGui::BeginPopupModal(title.c_str(), &open, ImGuiWindowFlags_NoSavedSettings);
  if (!open_) return;
  if (escape_pressed()) ImGui::CloseCurrentPopup();

  problem_.clear();
  what_row(style);
  size_rows(style);
  kind_row(style);
  theme_row(style);
  row_label("export.data", style);
  if (toggle("CSV###csv", request_.csv, style)) request_.csv = !request_.csv;
  ImGui::SameLine(0, 2 * unit(style));
  if (toggle("JSON###json", request_.json, style)) request_.json = !request_.json;
  preview_row(figure, preview, style);

  ImGui::Dummy({0, unit(style)});
  const bool done = buttons(style);
  if (done) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
  waits_ = waits_ || done;
  if (done) accepted(request_);
}

}  // namespace nanscope
