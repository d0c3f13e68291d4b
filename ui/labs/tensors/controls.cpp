#include "ui/labs/tensors/controls.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include "imgui.h"
#include "ui/canvas/ink.h"
#include "ui/labs/experiment_controls.h"
#include "ui/labs/tensors/plots/tensor_cells.h"
#include "ui/labs/tensors/plots/tensor_colors.h"
#include "ui/labs/tensors/plots/tensor_words.h"
#include "ui/text/text.h"
#include "ui/widgets/context_menu.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

struct Example {
  const char* name;  ///< "tensors.example.view"
  const char* expression;
};

constexpr std::array kExamples = std::to_array<Example>({
    {"view", "arange(24).view(2,3,4)"},
    {"transpose", "arange(12).view(3,4).transpose(0,1)"},
    {"refused", "arange(12).view(3,4).t().view(12)"},
    {"slice", "arange(24).view(4,6)[1:4, ::2]"},
    {"expand", "arange(3).view(3,1).expand(3,4)"},
    {"broadcast", "arange(3).view(3,1) * 10 + arange(4)"},
    {"gather", "arange(12).view(3,4)[[0,2]]"},
    {"write", "x = arange(12).view(3,4)\ny = x.t()\ny[0, 1] = 99"},
    {"unfold", "arange(10).unfold(0, 4, 2)"},
    {"heads", "x = arange(48).view(2,3,8)\nx.view(2,3,2,4).transpose(1,2)"},
    {"einops",
     "rearrange(arange(48).view(2,3,8), 'batch seq (head dim) -> batch head seq dim', "
     "head=2)"},
    {"mask",
     "scores = rand(8,8)\nmask = ones(8,8).triu(1).bool()\n"
     "scores.masked_fill(mask, -inf).softmax(-1)"},
    {"matmul",
     "x: \"batch seq chan\" = arange(12.).view(2,2,3)\n"
     "w: \"chan out\" = arange(12.).view(3,4)\nx @ w"},
});

void examples_section(Experiment& draft, const Style& style) {
  heading(text("tensors.examples"), style);
  for (const Example& example : kExamples) {
    const std::string label = text(fmt::format("tensors.example.{}", example.name));
    const bool chosen = draft.tensors.expression == example.expression;
    if (ImGui::Selectable(fmt::format("{}###example {}", label, example.name).c_str(), chosen))
      draft.tensors.expression = example.expression;
    item_tooltip(example.expression);
  }
}

/// A step: a mark in the storage's colour, the operation, the shape. True if it was clicked.
bool step_row(const TensorStep& step, int index, bool selected, const Style& style) {
  const ScopedFont font(style, style.fonts.mono, text_size::legend);
  const float width = ImGui::GetContentRegionAvail().x;
  const float mark = ImGui::GetFontSize() * 0.6f;
  const std::string shape = tuple_text(step.shape);
  const float shape_width = ImGui::CalcTextSize(shape.c_str()).x;
  std::string operation = fmt::format("{} {}", index + 1, step.operation);
  std::ranges::replace(operation, '\n', ' ');
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const bool clicked = ImGui::Selectable(fmt::format("###step {}", index + 1).c_str(), selected);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float middle = corner.y + ImGui::GetFontSize() / 2;
  list.AddRectFilled({corner.x, middle - mark / 2}, {corner.x + mark, middle + mark / 2},
                     ink(storage_color(style, step.storage)));
  const float room = width - mark - shape_width - 2 * unit(style);
  list.AddText({corner.x + mark + unit(style) / 2, corner.y}, ink(style.palette.text),
               fitted(operation, room).c_str());
  list.AddText({corner.x + width - shape_width, corner.y}, ink(style.palette.muted), shape.c_str());
  return clicked;
}

/// The steps as a list; a long one scrolls in itself, so that what stands below it is in reach.
bool steps_section(const TensorChain& chain, const Style& style, int& chosen_step,
                   std::string& copied) {
  bool chosen = false;
  if (chain.steps.empty()) return chosen;
  heading(text("tensors.steps"), style);
  constexpr int kMostRows = 12;
  const auto count = static_cast<int>(chain.steps.size());
  const bool scrolls = count > kMostRows;
  if (scrolls)
    ImGui::BeginChild("steps", {0, kMostRows * ImGui::GetTextLineHeightWithSpacing()},
                      ImGuiChildFlags_NavFlattened);
  ImGuiListClipper clipper;
  clipper.Begin(count);
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const TensorStep& step = chain.steps[static_cast<std::size_t>(i)];
      if (step_row(step, i, i == chosen_step, style)) {
        chosen_step = i;
        chosen = true;
      }
      const ContextMenu menu(fmt::format("step menu {}", i).c_str());
      if (!menu) continue;
      for (const std::string& words : {step.operation, tuple_text(step.shape)})
        if (menu.copy(words)) copied = words;
    }
  if (scrolls) ImGui::EndChild();
  return chosen;
}

/// The choice that is nearest to a position on the track.
const TensorParameter::Choice& nearest_choice(const TensorParameter& parameter, double value) {
  return *std::ranges::min_element(parameter.choices, {}, [&](const auto& choice) {
    return std::abs(static_cast<double>(choice.value) - value);
  });
}

/// The number's value in the text as it is now; nothing if the text is about something else. While
/// a slider is dragged the text is ahead of the chain whose numbers were tried.
std::optional<std::int64_t> present_value(const TensorChain& sliders,
                                          const TensorParameter& parameter,
                                          const std::string& expression) {
  if (expression == sliders.expression) return parameter.value;
  for (const TensorParameter::Choice& choice : parameter.choices)
    if (choice.expression == expression) return choice.value;
  return std::nullopt;
}

bool continues_number(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) || letter == '_' || letter == '.';
}

/// The number where a text that was changed in one place has it now; nothing where it has none.
std::optional<std::int64_t> number_in(const std::string& now, const std::string& before,
                                      const TensorParameter& parameter) {
  const auto head =
      static_cast<std::size_t>(std::ranges::mismatch(now, before).in2 - before.begin());
  auto begin = static_cast<std::size_t>(parameter.begin);
  // What lies behind the change has moved with it.
  if (begin > head && begin + now.size() >= before.size()) begin += now.size() - before.size();
  if (begin >= now.size()) return std::nullopt;
  std::int64_t value = 0;
  const char* const text_end = now.data() + now.size();
  const auto [end, error] = std::from_chars(now.data() + begin, text_end, value);
  const bool alone = (begin == 0 || !continues_number(now[begin - 1])) &&
                     (end == text_end || !continues_number(*end));
  return error == std::errc() && alone ? std::optional(value) : std::nullopt;
}

/// A slider over the values that LibTorch takes here, and at its ends why it goes no further. True
/// while the mouse holds it.
bool parameter_control(const TensorParameter& parameter, std::int64_t present, std::size_t number,
                       ControlScope& scope) {
  const Style& style = scope.view.style;
  Experiment& draft = scope.draft;
  const std::int64_t low = parameter.choices.front().value, high = parameter.choices.back().value;
  ImGui::PushID(fmt::format("parameter {}", number + 1).c_str());
  ImGui::AlignTextToFramePadding();
  styled_text(fmt::format("{} {}", parameter.operation, parameter.name), style.fonts.mono, 0.875f,
              style.palette.text);
  const std::string value = fmt::format("{}", present);
  ImGui::SameLine();
  const float room = ImGui::GetContentRegionAvail().x - ImGui::CalcTextSize(value.c_str()).x;
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0f, room));
  styled_text(value, style.fonts.mono, 1.0f, style.palette.text);
  double wanted = static_cast<double>(present);
  const SliderSpec spec{
      .low = static_cast<double>(low), .high = static_cast<double>(high), .integer = true};
  bool held = false;
  if (low < high) {
    if (slider("##slider", spec, ImGui::GetContentRegionAvail().x, style, &wanted))
      draft.tensors.expression = nearest_choice(parameter, wanted).expression;
    held = ImGui::IsItemActive();
    copyable_by_menu("menu", value, scope.requests.copy);
  }
  if (const std::string words = stop_words(parameter, present); !words.empty())
    wrapped_text(words, style.fonts.regular, 0.8f, style.palette.muted);
  ImGui::PopID();
  return held;
}

/// The slider of one of the numbers that were tried; of a text that is ahead of them it waits. True
/// while the mouse holds it.
bool tried_parameter(const TensorChain& chain, std::size_t number, const std::string& expression,
                     ControlScope& scope) {
  const TensorParameter& parameter = chain.parameters[number];
  if (parameter.choices.empty()) return false;
  const auto present = present_value(chain, parameter, expression);
  const auto written = present ? present : number_in(expression, chain.expression, parameter);
  ImGui::BeginDisabled(!present);
  const bool held = parameter_control(parameter, written.value_or(parameter.value), number, scope);
  ImGui::EndDisabled();
  return held;
}

/// The step's first number that can be moved; else the one that stands nearest before it, or after.
std::size_t parameter_of_step(const TensorChain& chain, int step) {
  const std::vector<TensorParameter>& all = chain.parameters;
  if (step < 0 || step >= static_cast<int>(chain.steps.size())) return 0;
  const TensorStep& shown = chain.steps[static_cast<std::size_t>(step)];
  const auto distance = [&](const TensorParameter& one) {
    constexpr int kFar = 1 << 20, kUnmoved = 1 << 24;  // letters
    const bool within = one.begin >= shown.operation_begin && one.begin < shown.operation_end;
    const int apart =
        one.begin < shown.operation_begin ? shown.operation_begin - one.begin : kFar + one.begin;
    return (within ? 0 : apart) + (one.choices.size() > 1 ? 0 : kUnmoved);
  };
  return static_cast<std::size_t>(std::ranges::min_element(all, {}, distance) - all.begin());
}

/// True while the mouse holds a slider.
bool parameters_section(const TensorChain& chain, ControlScope& scope) {
  const Style& style = scope.view.style;
  const std::string expression = scope.draft.tensors.expression;
  bool held = false;
  if (is_blank(expression)) return held;
  heading(text("tensors.parameters"), style);
  if (chain.parameters.empty())
    wrapped_text(text(chain.error ? "tensors.parameters_wait" : "tensors.no_parameters"),
                 style.fonts.regular, 0.875f, style.palette.muted);
  for (std::size_t i = 0; i < chain.parameters.size(); ++i)
    held |= tried_parameter(chain, i, expression, scope);
  return held;
}

}  // namespace

bool draw_tensors_main_control(const LabView& view, const TensorChain* sliders, int step,
                               Experiment& draft, LabRequests& requests) {
  ControlScope scope{view, draft, requests};
  if (!sliders || sliders->parameters.empty()) return false;
  const auto number = parameter_of_step(*sliders, step);
  const std::string expression = draft.tensors.expression;
  return tried_parameter(*sliders, number, expression, scope);
}

TensorsControls draw_tensors_controls(const LabView& view, const TensorChain* chain,
                                      const TensorChain* sliders, Experiment& draft,
                                      LabRequests& requests, int& chosen_step) {
  ControlScope scope{view, draft, requests};
  heading(text("section.view"), view.style);
  choice_control("tensors.view", names_of<TensorsView>(), false, scope);
  choice_control("tensors.cells", names_of<CellLabel>(), true, scope);
  TensorsControls done;
  done.step_chosen = chain && steps_section(*chain, view.style, chosen_step, requests.copy);
  done.slider_held = sliders && parameters_section(*sliders, scope);
  examples_section(draft, view.style);
  return done;
}

}  // namespace nanscope
