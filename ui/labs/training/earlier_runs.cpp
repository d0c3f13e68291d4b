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
#include "ui/labs/training/words.h"
#include "ui/text/text.h"
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

/// The words of a field that is not typed into, cut at a word where it is too short for them.
void draw_fitted_words(const std::string& words, const Style& style) {
  const ScopedFont font(style, style.fonts.mono, 1);
  const ImVec2 low = ImGui::GetItemRectMin(), padding = ImGui::GetStyle().FramePadding;
  const float room = ImGui::GetItemRectSize().x - 2 * padding.x;
  ImGui::GetWindowDrawList()->AddText({low.x + padding.x, low.y + padding.y},
                                      ImGui::GetColorU32(style.palette.text),
                                      fitted(words, room).c_str());
}

/// A name of this width that can be typed; what was typed.
std::optional<std::string> name_field(const std::string& words, float width, const Style& style) {
  const bool rests = ImGui::GetActiveID() != ImGui::GetID("###name");
  if (rests) ImGui::PushStyleColor(ImGuiCol_Text, IM_COL32_BLACK_TRANS);
  std::optional<std::string> typed = text_field("###name", words, width, false, style);
  if (rests) ImGui::PopStyleColor();
  if (rests) draw_fitted_words(words, style);
  return typed;
}

/// The whole name, what it is, and what its file lacks.
std::string name_help(const RunSummary& run, const std::string& words) {
  const std::string help = fmt::format("{}\n{}", words, text("run.name_help"));
  const std::string damage = damage_words(run);
  return damage.empty() ? help : fmt::format("{}\n{}", help, damage);
}

/// How wide a field is whose words are seen whole.
float whole_width(const std::string& words, const Style& style) {
  const ScopedFont font(style, style.fonts.mono, 1);
  return std::ceil(ImGui::CalcTextSize(words.c_str()).x) + 2 * ImGui::GetStyle().FramePadding.x;
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

std::string EarlierRuns::words_of(const One& one, const RunSummary& run) {
  if (!one.name.empty()) return one.name;
  std::string words = differing_words(recipe_of(*one.run), recipe_of(run));
  const std::vector<LiveChange> changes = changes_of_numbers(one.run->changes);
  const bool changed = changes != changes_of_numbers(run.changes);
  if (changed)
    for (const LiveChange& change : changes)
      words += format_text(words.empty() ? "run.changed" : "run.changed_too",
                           fmt::arg("change", nanscope::words_of(change)),
                           fmt::arg("step", change.step));
  if (!words.empty()) return words;
  if (changed) return text("run.as_begun");
  return format_text("run.from_step", fmt::arg("step", first_step(*one.run)));
}

std::vector<BesideRun> EarlierRuns::beside(const RunSummary& run) const {
  std::vector<BesideRun> beside;
  for (const One& one : runs_)
    if (one.shown && !repeats(one, run)) beside.push_back({one.run, words_of(one, run), one.look});
  return beside;
}

bool EarlierRuns::draw_row(One& one, const RunSummary& run, const LabView& view,
                           LabRequests& requests) {
  const Style& style = view.style;
  ImGui::PushID(one.look);
  const float size = ImGui::GetFrameHeight(), gap = ImGui::GetStyle().ItemInnerSpacing.x;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  if (toggle("###shown", one.shown, style)) one.shown = !one.shown;
  item_tooltip(text("run.shown_help"));
  ImGui::SameLine(0, gap);
  Stroke stroke = beside_stroke(one.look, style);
  if (!one.shown) stroke.color.w *= 0.35f;
  const float line = ImGui::GetFontSize() * 1.6f, x = ImGui::GetCursorScreenPos().x;
  const float y = corner.y + size / 2;
  draw_sample({x, y}, line, stroke);
  const bool other_look = ImGui::InvisibleButton("###look", {line, size});
  item_tooltip(text("run.look_help"));
  ImGui::SameLine(0, gap);
  const float button =
      ImGui::CalcTextSize(text("run.use")).x + 2 * ImGui::GetStyle().FramePadding.x;
  const bool died = one.run->autopsy != nullptr;
  // A long name has the row for itself.
  const float whole = ImGui::GetContentRegionAvail().x;
  const float buttons = button + (died ? 2 : 1) * (size + gap);
  const std::string words = words_of(one, run);
  const bool below = whole_width(words, style) > whole - buttons - gap;
  if (const auto typed = name_field(words, below ? whole : whole - buttons - gap, style))
    one.name = *typed;
  item_tooltip(name_help(*one.run, words).c_str());
  if (!below) ImGui::SameLine(0, gap);
  if (below)
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x - buttons);
  if (ImGui::Button(fmt::format("{}###use", text("run.use")).c_str()))
    requests.edited = with_run_of(
        view.experiment, before_step(one.run->experiment, one.run->changes, one.run->steps));
  item_tooltip(text("run.use_help"));
  ImGui::SameLine(0, gap);
  if (died) {
    if (ImGui::Button("?###why", {size, size})) one.explained = one.sought = !one.explained;
    item_tooltip(text("run.why_help"));
    ImGui::SameLine(0, gap);
  }
  const bool removed = ImGui::Button("x###remove", {size, size});
  item_tooltip(text("run.remove_help"));
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
  std::erase_if(runs_,
                [&](One& one) { return is_other(one) && draw_row(one, run, view, requests); });
  for (One& one : runs_)
    if (one.explained && is_other(one)) {
      if (std::exchange(one.sought, false)) ImGui::SetScrollHereY(0);
      styled_text(words_of(one, run), view.style.fonts.semibold, 1, view.style.palette.muted);
      draw_autopsy(*one.run->autopsy, view.style, requests);
    }
  ImGui::PopID();
}

}  // namespace nanscope
