#include "ui/shell/file_chooser.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "imgui.h"
#include "imgui_stdlib.h"
#include "ui/shell/action.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

namespace fs = std::filesystem;
constexpr const char* kFileChooser = "###file chooser";

bool listed(const fs::path& path, const std::vector<std::string>& extensions) {
  return std::ranges::find(extensions, path.extension().string()) != extensions.end();
}

}  // namespace

void FileChooser::ask(FileQuestion question) {
  question_ = std::move(question);
  name_ = question_.name;
  opening_ = true;
  std::error_code failed;
  const bool usable = !question_.folder.empty() && fs::is_directory(question_.folder, failed);
  enter(usable ? question_.folder : fs::current_path(failed).string());
}

bool FileChooser::enter(const std::string& folder) {
  std::error_code failed;
  const fs::path wanted = fs::weakly_canonical(folder, failed);
  std::vector<Entry> found;
  fs::directory_iterator items(wanted, fs::directory_options::skip_permission_denied, failed);
  if (failed) {
    problem_ = format_text("chooser.unreadable", fmt::arg("reason", failed.message()));
    return false;
  }
  for (fs::directory_iterator end; items != end; items.increment(failed)) {
    std::error_code ignored;
    const std::string name = items->path().filename().string();
    const bool is_folder = items->is_directory(ignored);
    if (name.starts_with(".")) continue;
    if (is_folder || listed(items->path(), question_.extensions))
      found.push_back({name, is_folder});
  }
  std::ranges::sort(found, [](const Entry& a, const Entry& b) {
    return std::pair(!a.is_folder, a.name) < std::pair(!b.is_folder, b.name);
  });
  problem_.clear();
  folder_ = wanted.string();
  typed_folder_ = folder_;
  entries_ = std::move(found);
  return true;
}

std::string FileChooser::path() const {
  fs::path path = fs::path(folder_) / name_;
  if (question_.saving && !path.has_extension() && !question_.extensions.empty())
    path += question_.extensions.front();
  return path.string();
}

bool FileChooser::acceptable() const {
  std::error_code ignored;
  if (name_.empty()) return false;
  return question_.saving || fs::is_regular_file(path(), ignored);
}

void FileChooser::accept() {
  ImGui::CloseCurrentPopup();
  question_.chosen(path());
}

void FileChooser::draw_list(const Style& style) {
  const float height = ImGui::GetFontSize() * 16;
  if (ImGui::BeginChild("files", {0, height},
                        ImGuiChildFlags_Borders | ImGuiChildFlags_NavFlattened)) {
    std::string wanted_folder;
    if (ImGui::Selectable(fmt::format("{}###up", text("chooser.up")).c_str()))
      wanted_folder = fs::path(folder_).parent_path().string();
    for (const Entry& entry : entries_) {
      const std::string shown = entry.is_folder ? entry.name + "/" : entry.name;
      if (ImGui::Selectable(
              shown.c_str(), entry.name == name_,
              ImGuiSelectableFlags_AllowDoubleClick | ImGuiSelectableFlags_NoAutoClosePopups)) {
        if (entry.is_folder) {
          wanted_folder = (fs::path(folder_) / entry.name).string();
        } else {
          name_ = entry.name;
          if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left) && !question_.saving) accept();
        }
      }
    }
    if (entries_.empty())
      styled_text(text("chooser.empty"), style.fonts.regular, 1.0f, style.palette.muted);
    if (!wanted_folder.empty()) enter(wanted_folder);
  }
  ImGui::EndChild();
}

void FileChooser::draw_buttons(const Style& style) {
  std::error_code ignored;
  const bool replaces = question_.saving && !name_.empty() && fs::exists(path(), ignored);
  const std::string note = !problem_.empty() ? problem_ : replaces ? text("chooser.replaces") : "";
  ImGui::AlignTextToFramePadding();
  styled_text(note.empty() ? " " : note, style.fonts.regular, 0.875f,
              problem_.empty() ? style.palette.muted : style.palette.bad);
  const char* words = text(!question_.saving ? "chooser.open"
                           : replaces        ? "chooser.replace"
                                             : "chooser.save");
  const float width = ImGui::GetFontSize() * 6;
  ImGui::SameLine();
  const float free = ImGui::GetContentRegionAvail().x - 2 * width - unit(style);
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0f, free));
  if (ImGui::Button(fmt::format("{}###cancel", text("dialog.cancel")).c_str(), {width, 0}))
    ImGui::CloseCurrentPopup();
  ImGui::SameLine(0, unit(style));
  ImGui::BeginDisabled(!acceptable());
  if (primary_button(fmt::format("{}###accept", words).c_str(), {width, 0}, style)) accept();
  ImGui::EndDisabled();
}

void FileChooser::draw(const Style& style) {
  const std::string title = question_.title + kFileChooser;
  if (std::exchange(opening_, false)) ImGui::OpenPopup(title.c_str());
  const ImGuiViewport* viewport = ImGui::GetMainViewport();
  ImGui::SetNextWindowPos(viewport->GetCenter(), ImGuiCond_Appearing, {0.5f, 0.5f});
  ImGui::SetNextWindowSize({std::min(ImGui::GetFontSize() * 40, viewport->WorkSize.x * 0.9f), 0});
  bool open = true;
  if (!ImGui::BeginPopupModal(title.c_str(), &open, ImGuiWindowFlags_NoSavedSettings)) return;
  if (escape_pressed()) ImGui::CloseCurrentPopup();

  ImGui::SetNextItemWidth(-1);
  if (ImGui::InputText("##folder", &typed_folder_, ImGuiInputTextFlags_EnterReturnsTrue))
    enter(typed_folder_);
  item_tooltip(text("chooser.folder_help"));
  draw_list(style);
  ImGui::SetNextItemWidth(-1);
  if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  const bool entered = ImGui::InputTextWithHint("##name", text("chooser.name"), &name_,
                                                ImGuiInputTextFlags_EnterReturnsTrue);
  // A path in the name field: its folder is shown, its last part is the name. One that is not there
  // stays in the field: nothing is written elsewhere.
  bool there = true;
  if (name_.find('/') != std::string::npos && entered) {
    const fs::path typed = fs::path(folder_) / name_;
    std::error_code ignored;
    const bool is_folder = fs::is_directory(typed, ignored);
    there = enter((is_folder ? typed : typed.parent_path()).string());
    if (there) name_ = is_folder ? "" : typed.filename().string();
  }
  if (entered && there && acceptable()) accept();
  draw_buttons(style);
  ImGui::EndPopup();
}

}  // namespace nanscope
