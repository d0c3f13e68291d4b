#include "ui/labs/training/earlier_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "imgui.h"
#include "imgui_internal.h"
#include "ui/labs/differing_words.h"
#include "ui/labs/training/autopsy_card.h"
#include "ui/labs/training/run_names.h"
#include "ui/labs/training/words.h"
#include "ui/text/text.h"
#include "ui/widgets/context_menu.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

constexpr std::ptrdiff_t kMost = 8;  // of those that nobody gave a name

/// What its curves depend on: not what is looked at beside them.
Experiment recipe_of(const RunSummary& run) {
  Experiment recipe;
  recipe.network = run.experiment.network;
  recipe.training = run.experiment.training;
  recipe.training.statistics = recipe.training.evaluate = 0;
  recipe.data = run.experiment.data;
  return recipe;
}

bool same_recipe(const RunSummary& one, const RunSummary& other) {
  return recipe_of(one) == recipe_of(other) &&
         changes_of_numbers(one.changes) == changes_of_numbers(other.changes);
}

bool are_same(double one, double other) {
  return one == other || (std::isnan(one) && std::isnan(other));
}

/// Whether each of its steps is one of the other's, with the same loss.
bool is_part_of(const RunSummary& run, const RunSummary& whole) {
  if (!run.history || run.history->steps.empty()) return true;
  if (!whole.history) return false;
  const RunHistory &one = *run.history, &other = *whole.history;
  const auto begin = std::ranges::lower_bound(other.steps, one.steps.front());
  const auto from = begin - other.steps.begin();
  if (other.steps.end() - begin < one.steps.end() - one.steps.begin()) return false;
  return std::equal(one.steps.begin(), one.steps.end(), begin) &&
         std::equal(one.loss.begin(), one.loss.end(), other.loss.begin() + from, are_same);
}

/// A piece of its curve.
void draw_sample(ImVec2 from, float length, const Stroke& stroke) {
  const ImU32 color = ImGui::GetColorU32(stroke.color);
  const float piece = length / (stroke.dash.off > 0 ? 3 : 1);
  for (float x = 0; x < length; x += 2 * piece)
    ImGui::GetWindowDrawList()->AddLine({from.x + x, from.y}, {from.x + x + piece, from.y}, color,
                                        ImGui::GetFontSize() / 8);
}

constexpr float kNameSize = 0.875f;  // of the body

/// A name of this width that can be typed, as high as all of it takes; what was typed.
std::optional<std::string> name_field(const std::string& words, float width, const Style& style) {
  const bool rests = ImGui::GetActiveID() != ImGui::GetID("###name");
  const ImVec2 padding = ImGui::GetStyle().FramePadding;
  const float room = width - 2 * padding.x;
  float height = 0;
  {
    const ScopedFont font(style, style.fonts.mono, kNameSize);
    height = ImGui::CalcTextSize(words.c_str(), nullptr, false, room).y;
  }
  const float more = std::max(std::ceil(height - ImGui::GetFontSize()), 0.0f);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {padding.x, padding.y + more / 2});
  if (rests) ImGui::PushStyleColor(ImGuiCol_Text, IM_COL32_BLACK_TRANS);
  std::optional<std::string> typed = text_field("###name", words, width, false, style);
  if (rests) ImGui::PopStyleColor();
  ImGui::PopStyleVar();
  if (!rests) return typed;
  const ScopedFont font(style, style.fonts.mono, kNameSize);
  const ImVec2 low = ImGui::GetItemRectMin(), extent = ImGui::GetItemRectSize();
  ImGui::GetWindowDrawList()->AddText(
      nullptr, 0, {low.x + padding.x, low.y + std::floor((extent.y - height) / 2)},
      ImGui::GetColorU32(style.palette.text), words.c_str(), nullptr, room);
  return typed;
}

/// The whole name, what it is, and what its file lacks.
std::string name_help(const RunSummary& run, const std::string& words) {
  const std::string help = fmt::format("{}\n{}", words, text("run.name_help"));
  const std::string damage = damage_words(run);
  return damage.empty() ? help : fmt::format("{}\n{}", help, damage);
}

constexpr const char* kRowMenu = "row menu";

/// A right click on the item drawn last opens the row's menu.
void opens_row_menu() {
  if (ImGui::IsItemHovered() && ImGui::IsMouseReleased(ImGuiMouseButton_Right))
    ImGui::OpenPopup(kRowMenu);
}

}  // namespace

Experiment with_run_of(Experiment experiment, const Experiment& from) {
  experiment.network = from.network;
  experiment.training = from.training;
  experiment.data = from.data;
  return experiment;
}

void EarlierRuns::keep(std::shared_ptr<const RunSummary> run, std::string name) {
  const auto is_same = [&](const One& one) {
    return same_recipe(*one.run, *run) && first_step(*one.run) == first_step(*run);
  };
  const auto has_it = [&](const One& one) {
    return !one.name.empty() && is_same(one) && is_part_of(*run, *one.run);
  };
  // What has a name keeps its own curve, which is a file's, or the one that somebody named.
  if (name.empty() && std::ranges::any_of(runs_, has_it)) return;
  std::erase_if(
      runs_, [&](const One& one) { return is_same(one) && (one.name.empty() || !name.empty()); });
  const auto is_unnamed = [](const One& one) { return one.name.empty(); };
  if (name.empty() && std::ranges::count_if(runs_, is_unnamed) == kMost)
    runs_.erase(std::ranges::find_if(runs_, is_unnamed));
  runs_.push_back({.run = std::move(run), .name = std::move(name), .look = next_look(-1)});
}

int EarlierRuns::next_look(int look) const {
  const auto is_taken = [&](int one) { return std::ranges::count(runs_, one, &One::look) > 0; };
  for (int i = 1; i <= kRunLooks; ++i)
    if (const int next = (look + i) % kRunLooks; !is_taken(next)) return next;
  int next = kRunLooks;
  while (is_taken(next)) ++next;
  return next;
}

void EarlierRuns::forget_unnamed() {
  std::erase_if(runs_, [](const One& one) { return one.name.empty(); });
}

std::vector<std::string> EarlierRuns::names_beside(const Experiment& experiment) const {
  std::vector<std::string> names;
  for (const One& one : runs_)
    if (!one.name.empty() && one.run->experiment != experiment) names.push_back(one.name);
  return names;
}

void EarlierRuns::forget(const std::vector<std::string>& names) {
  std::erase_if(runs_, [&](const One& one) { return std::ranges::count(names, one.name) > 0; });
}

bool EarlierRuns::repeats(const One& one, const RunSummary& run) {
  if (!same_recipe(*one.run, run) || first_step(*one.run) < first_step(run)) return false;
  return one.name.empty() || is_part_of(*one.run, run);
}

std::vector<std::string> EarlierRuns::names(const RunSummary& run) const {
  std::vector<std::vector<std::string>> settings;
  for (const One& one : runs_) {
    std::vector<std::string>& its = settings.emplace_back();
    if (!one.name.empty()) continue;
    its = differing_settings(recipe_of(*one.run), recipe_of(run));
    const std::vector<LiveChange> changes = changes_of_numbers(one.run->changes);
    if (changes == changes_of_numbers(run.changes)) continue;
    for (const LiveChange& change : changes) its.push_back(changed_words(change));
  }
  put_what_differs_first(settings);
  for (std::size_t i = 0; i < runs_.size(); ++i)
    put_beginnings_first(settings[i], changes_of_numbers(runs_[i].run->changes));
  std::vector<std::string> names;
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    const One& one = runs_[i];
    if (!one.name.empty())
      names.push_back(one.name);
    else if (!settings[i].empty())
      names.push_back(joined_settings(settings[i]));
    else if (changes_of_numbers(one.run->changes) != changes_of_numbers(run.changes))
      names.emplace_back(text("run.as_begun"));
    else
      names.push_back(format_text("run.from_step", fmt::arg("step", first_step(*one.run))));
  }
  return names;
}

std::vector<BesideRun> EarlierRuns::beside(const RunSummary& run) const {
  const std::vector<std::string> words = names(run);
  std::vector<BesideRun> beside;
  for (std::size_t i = 0; i < runs_.size(); ++i)
    if (const One& one = runs_[i]; one.shown && !repeats(one, run))
      beside.push_back({one.run, words[i], one.look});
  return beside;
}

bool EarlierRuns::draw_row_menu(One& one, const LabView& view, LabRequests& requests) {
  const ContextMenu menu = ContextMenu::opened_by_owner(kRowMenu);
  if (!menu) return false;
  if (menu.entry("run.use"))
    requests.edited = with_run_of(
        view.experiment, before_step(one.run->experiment, one.run->changes, one.run->steps));
  item_tooltip(text("run.use_help"));
  if (one.run->autopsy) {
    if (menu.entry("run.why")) one.explained = one.sought = !one.explained;
    item_tooltip(text("run.why_help"));
  }
  menu.line();
  const bool removed = menu.entry("run.remove");
  item_tooltip(text("run.remove_help"));
  return removed;
}

bool EarlierRuns::draw_row(One& one, const std::string& name, const RunSummary& run,
                           const LabView& view, LabRequests& requests) {
  const Style& style = view.style;
  ImGui::PushID(one.look);
  const float size = ImGui::GetFrameHeight(), gap = ImGui::GetStyle().ItemInnerSpacing.x;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  if (toggle("###shown", one.shown, style)) one.shown = !one.shown;
  item_tooltip(text("run.shown_help"));
  opens_row_menu();
  ImGui::SameLine(0, gap);
  Stroke stroke = beside_stroke(one.look, style);
  if (!one.shown) stroke.color.w *= 0.35f;
  const float line = ImGui::GetFontSize() * 1.3f, x = ImGui::GetCursorScreenPos().x;
  const float y = corner.y + size / 2;
  draw_sample({x, y}, line, stroke);
  const bool other_look =
      ImGui::InvisibleButton("###look", {line, size}, ImGuiButtonFlags_EnableNav);
  item_tooltip(text("run.look_help"));
  opens_row_menu();
  ImGui::SameLine(0, gap);
  if (const auto typed = name_field(name, ImGui::GetContentRegionAvail().x - size - gap, style))
    one.name = *typed;
  item_tooltip(name_help(*one.run, name).c_str());
  opens_row_menu();
  ImGui::SameLine(0, gap);
  if (ImGui::Button("...###menu", {size, size})) ImGui::OpenPopup(kRowMenu);
  item_tooltip(text("run.menu_help"));
  const bool removed = draw_row_menu(one, view, requests);
  if (repeats(one, run))
    wrapped_text(text("run.repeats"), style.fonts.regular, 0.875f, style.palette.muted);
  ImGui::PopID();
  if (other_look) one.look = next_look(one.look);
  return removed;
}

void EarlierRuns::draw_rows(const RunSummary& run, const LabView& view, LabRequests& requests) {
  // The same run once more is no other one, unless somebody gave it a name.
  const auto is_other = [&](const One& one) { return !one.name.empty() || !repeats(one, run); };
  if (std::ranges::none_of(runs_, is_other)) return;
  heading(text("run.earlier"), view.style);
  ImGui::PushID("earlier");
  const std::vector<std::string> all = names(run);
  std::optional<std::size_t> removed;
  for (std::size_t i = 0; i < runs_.size(); ++i)
    if (is_other(runs_[i]) && draw_row(runs_[i], all[i], run, view, requests)) removed = i;
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    One& one = runs_[i];
    if (!one.explained || !is_other(one)) continue;
    if (std::exchange(one.sought, false)) ImGui::SetScrollHereY(0);
    styled_text(all[i], view.style.fonts.semibold, 1, view.style.palette.muted);
    draw_autopsy(*one.run->autopsy, view.style, requests);
  }
  ImGui::PopID();
  if (removed) runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(*removed));
}

}  // namespace nanscope
