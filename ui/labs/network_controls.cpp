#include "ui/labs/network_controls.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "engine/theory/activation_function.h"
#include "engine/theory/critical_gain.h"
#include "engine/theory/weights.h"
#include "imgui.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

/// A deep linear network is one with the identity: choosing another activation leaves that kind.
void activation_control(ControlScope& scope) {
  Experiment wanted = scope.draft;
  wanted.network.model.activation = effective_activation(wanted.network.model);
  wanted.network.model.kind = ModelKind::mlp;
  const Experiment shown = wanted;
  ControlScope inner{scope.view, wanted, scope.requests};
  choice_control("model.activation", names_of<Activation>(), true, inner);
  if (wanted != shown) scope.draft = wanted;
}

/// What the chosen cut keeps, in words: the trap of reading it as an absolute value.
void cut_section(ControlScope& scope) {
  number_control({.key = "init.cut", .logarithmic = true}, scope);
  choice_control("init.cut_reading", names_of<CutReading>(), true, scope);
  const double deviations =
      cut_in_deviations(scope.draft.network.init, scope.draft.network.model.width);
  wrapped_text(format_text("control.cut_effect", fmt::arg("deviations", number_text(deviations)),
                           fmt::arg("percent", number_text(100 * share_beyond(deviations)))),
               scope.view.style.fonts.regular, 0.85f, scope.view.style.palette.muted);
}

/// The gain at which the signal keeps its size, as theory has it.
std::optional<SliderLandmark> critical_landmark(const Experiment& experiment) {
  const std::optional<double> critical = critical_gain(experiment.network);
  if (!critical) return std::nullopt;
  // As many digits as a person reads; the variance after 200 layers differs by 0.01 % at most.
  const std::string shown = fmt::format("{:.7g}", *critical);
  double value = *critical;
  std::from_chars(shown.data(), shown.data() + shown.size(), value);
  const bool kept = is_homogeneous(effective_activation(experiment.network.model));
  return SliderLandmark{value, format_text(kept ? "control.critical_gain" : "control.edge_of_chaos",
                                           fmt::arg("gain", shown))};
}

/// As what the file was read, what may be a mistake about it, and the keys that settle it.
void reading_section(const TableReading* read, ControlScope& scope) {
  const DataSpec& data = scope.draft.data;
  const bool settled = data.header != TableHeader::automatic ||
                       data.decimal != DecimalMark::automatic ||
                       data.index != IndexColumn::automatic;
  const Style& style = scope.view.style;
  if (read) {
    wrapped_text(message_text(words_of(*read)), style.fonts.regular, 0.85f, style.palette.muted);
    for (const Message& doubt : read->doubts)
      wrapped_text(message_text(doubt), style.fonts.regular, 0.85f, style.palette.text);
  }
  if (!settled && (!read || read->doubts.empty())) return;
  choice_control("data.header", names_of<TableHeader>(), true, scope);
  choice_control("data.decimal", names_of<DecimalMark>(), true, scope);
  choice_control("data.index", names_of<IndexColumn>(), true, scope);
}

/// At the right end of the heading's line, so that it takes no row.
void new_weights_button(float top, ControlScope& scope) {
  const ImVec2 below = ImGui::GetCursorPos();
  const char* label = text("control.new_weights");
  const float width = ImGui::CalcTextSize(label).x + 2 * ImGui::GetStyle().FramePadding.x;
  ImGui::SetCursorPos({below.x + ImGui::GetContentRegionAvail().x - width, top});
  if (ImGui::SmallButton(fmt::format("{}###new weights", label).c_str()))
    ++scope.draft.network.seed;
  item_tooltip(text("control.new_weights_help"));
  ImGui::SetCursorPos(below);
}

}  // namespace

void model_section(bool batch, ControlScope& scope) {
  const Style& style = scope.view.style;
  heading(text("section.model"), style);
  number_control({.key = "model.depth"}, scope);
  number_control({.key = "model.width", .logarithmic = true}, scope);
  if (batch) number_control({.key = "batch", .logarithmic = true, .low = 1, .high = 4096}, scope);
  activation_control(scope);
  choice_control("model.norm", names_of<Norm>(), true, scope);
  toggle_control("model.residual", scope);
  ImGui::SameLine(0, 2 * unit(style));
  toggle_control("model.bias", scope);
}

void gain_control(bool wide, ControlScope& scope) {
  number_control({.key = "init.gain",
                  .logarithmic = true,
                  .low = 0.01,
                  .high = 100,
                  .wide = wide,
                  .landmark = critical_landmark(scope.draft)},
                 scope);
}

void init_section(ControlScope& scope) {
  heading(text("section.init"), scope.view.style);
  choice_control("init.scheme", names_of<InitScheme>(), false, scope);
  gain_control(true, scope);
  if (scope.draft.network.init.scheme == InitScheme::truncated) cut_section(scope);
  if (scope.draft.network.model.bias) number_control({.key = "init.bias_std", .high = 3}, scope);
}

void precision_section(ControlScope& scope) {
  heading(text("section.precision"), scope.view.style);
  choice_control("precision", names_of<Precision>(), false, scope);
  choice_control("execution", names_of<Execution>(), true, scope);
  choice_control("device", names_of<DeviceKind>(), true, scope);
}

/// The kinds of input; "file" first asks for one.
void data_section(std::span<const std::string_view> kinds, const TableReading* read,
                  ControlScope& scope) {
  const Style& style = scope.view.style;
  heading(text("section.data"), style);
  Experiment wanted = scope.draft;
  LabRequests trial;
  ControlScope attempt{scope.view, wanted, trial};
  choice_control("data.kind", kinds, false, attempt);
  if (trial.refused && scope.draft.data.path.empty())
    scope.requests.choose_data = true;
  else
    scope.draft = wanted;
  if (!trial.copy.empty()) scope.requests.copy = trial.copy;
  if (scope.draft.data.kind != DataKind::file) return;

  const std::string& path = scope.draft.data.path;
  const std::string name = path.substr(path.find_last_of('/') + 1);
  if (ImGui::Button(fmt::format("{}###choose", text("control.choose_file")).c_str()))
    scope.requests.choose_data = true;
  ImGui::SameLine(0, unit(style));
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(fitted(name, ImGui::GetContentRegionAvail().x).c_str());
  item_tooltip(path.c_str());
  reading_section(read, scope);
}

void seed_section(bool networks, ControlScope& scope) {
  const float top =
      ImGui::GetCursorPosY() + unit(scope.view.style) / 2 + ImGui::GetStyle().ItemSpacing.y;
  heading(text("section.seeds"), scope.view.style);
  new_weights_button(top, scope);
  number_control({.key = "seed", .high = 1000}, scope);
  if (networks) number_control({.key = "networks", .logarithmic = true}, scope);
}

RowGap::RowGap(float lines) {
  const ImVec2 spacing = ImGui::GetStyle().ItemSpacing;
  const bool low = ImGui::GetContentRegionAvail().y < lines * ImGui::GetFontSize();
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing,
                      {spacing.x, low ? std::round(spacing.y / 2) : spacing.y});
}

RowGap::~RowGap() { ImGui::PopStyleVar(); }

}  // namespace nanscope
