#include "ui/labs/tensors/inspector.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "imgui.h"
#include "ui/canvas/ink.h"
#include "ui/labs/tensors/plots/tensor_geometry.h"
#include "ui/labs/tensors/plots/tensor_sources.h"
#include "ui/labs/tensors/plots/tensor_words.h"
#include "ui/text/text.h"
#include "ui/widgets/context_menu.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/number_table.h"
#include "ui/widgets/term.h"

namespace nanscope {
namespace {

/// Where an element lies in its storage.
constexpr std::string_view kAddressRule = "cell = offset + sum index_d stride_d";

/// A name that no step of the chain has.
std::string free_name(const TensorChain& chain) {
  constexpr std::array names{"x", "y", "z", "u", "v", "w"};
  for (const char* name : names)
    if (std::ranges::none_of(chain.steps, [&](const auto& step) { return step.variable == name; }))
      return name;
  return fmt::format("x{}", chain.steps.size());
}

/// Where the line with this byte begins.
std::size_t line_begin(const std::string& words, std::size_t at) {
  const std::size_t before = at == 0 ? std::string::npos : words.find_last_of(";\n", at - 1);
  return before == std::string::npos ? 0 : before + 1;
}

void row(NumberTable& table, const char* key, const std::string& value, const Style& style) {
  table.row({text(key), value}, style.palette.text);
}

/// Every other step that reads the cell, as a list to click.
std::optional<TensorCell> other_readers(const TensorChain& chain, const TensorCell& cell,
                                        const MemoryCell& memory, const Style& style) {
  std::optional<TensorCell> go_to;
  heading(text("tensors.other_readers"), style);
  bool any = false;
  for (int i = 0; i < static_cast<int>(chain.steps.size()); ++i) {
    if (i == cell.step) continue;
    const std::optional<Index> index = first_reader(chain, i, memory);
    if (!index) continue;
    any = true;
    const TensorStep& step = chain.steps[static_cast<std::size_t>(i)];
    ImGui::PushFont(style.fonts.mono, style.font_size * 0.875f);
    const std::string label = fmt::format("{} {} {}", i + 1, step.operation, index_text(*index));
    if (ImGui::Selectable(
            fmt::format("{}###reader {}", fitted(label, ImGui::GetContentRegionAvail().x), i + 1)
                .c_str()))
      go_to = TensorCell{i, *index};
    ImGui::PopFont();
  }
  if (!any)
    wrapped_text(text("tensors.no_other_reader"), style.fonts.regular, 1.0f, style.palette.muted);
  return go_to;
}

/// The elements of each input, to click on; of a product the sum itself.
std::optional<TensorCell> computed_from(const TensorChain& chain, const TensorCell& cell,
                                        const std::optional<CellValue>& value, const Style& style) {
  std::optional<TensorCell> go_to;
  const std::vector<SourceElements> inputs = sources_of(chain, cell);
  if (inputs.empty()) return go_to;
  heading(text("tensors.computed_from"), style);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const SourceElements& input = inputs[i];
    const TensorStep& step = chain.steps[static_cast<std::size_t>(input.step)];
    const ScopedFont font(style, style.fonts.mono, 0.875f);
    const std::string label =
        format_text("tensors.source", fmt::arg("step", input.step + 1),
                    fmt::arg("operation", step.variable.empty() ? step.operation : step.variable),
                    fmt::arg("slice", slice_words(step, input.elements)));
    const std::string fit = fitted(label, ImGui::GetContentRegionAvail().x);
    if (ImGui::Selectable(fmt::format("{}###source {}", fit, i + 1).c_str()) &&
        !input.elements.empty())
      go_to = TensorCell{input.step, input.elements.front()};
  }
  if (const std::string sum = sum_words(chain, cell); !sum.empty() && value)
    wrapped_text(
        format_text(
            "tensors.sum", fmt::arg("sum", sum),
            fmt::arg("value",
                     cell_text(*value, chain.steps[static_cast<std::size_t>(cell.step)].dtype))),
        style.fonts.mono, 0.875f, style.palette.accent);
  return go_to;
}

void memory_table(const TensorChain& chain, std::int64_t copied, const Style& style,
                  std::string& to_copy) {
  const auto bytes = [](std::int64_t count) { return bytes_text(static_cast<double>(count)); };
  NumberTable table("memory", {"", ""}, style, to_copy);
  row(table, "tensors.row.steps", fmt::format("{}", chain.steps.size()), style);
  row(table, "tensors.row.storages", fmt::format("{}", chain.storages.size()), style);
  row(table, "tensors.row.bytes", bytes(chain.memory.storage_bytes), style);
  row(table, "tensors.row.copied", bytes(copied), style);
  row(table, "tensors.row.peak", bytes(chain.memory.peak_bytes), style);
  row(table, "tensors.row.all_copied", bytes(chain.memory.all_copied_bytes), style);
}

}  // namespace

std::string with_write(const TensorChain& chain, const TensorCell& cell, const std::string& value) {
  const TensorStep& step = chain.steps[static_cast<std::size_t>(cell.step)];
  std::string words = chain.expression;
  std::string name = step.variable;
  if (name.empty()) {
    // The part of the text that is this step becomes a line of its own before the one it is in.
    name = free_name(chain);
    const auto begin = static_cast<std::size_t>(step.begin);
    const auto length = static_cast<std::size_t>(step.end - step.begin);
    const std::string part = words.substr(begin, length);
    words.replace(begin, length, name);
    words.insert(line_begin(words, begin), fmt::format("{} = {}\n", name, part));
  }
  return fmt::format("{}\n{}{} = {}", words, name, index_text(cell.index), value);
}

TensorsInspection draw_element_inspector(const TensorChain& chain, const TensorCell& cell,
                                         const Style& style) {
  TensorsInspection asked;
  const TensorStep& step = chain.steps[static_cast<std::size_t>(cell.step)];
  const TensorStorage& storage = chain.storages[static_cast<std::size_t>(step.storage)];
  const MemoryCell memory = memory_cell(chain, step, cell.index);
  const std::optional<CellValue> value = value_at(step, cell.index);
  styled_text(value ? cell_text(*value, step.dtype) : std::string(text("tensors.unknown_value")),
              style.fonts.mono, 1.5f, style.palette.text);
  if (value) copyable("value", exact_text(*value, step.dtype), style, asked.copied);
  styled_text(format_text("tensors.element_of", fmt::arg("index", index_text(cell.index)),
                          fmt::arg("step", cell.step + 1)),
              style.fonts.regular, 0.875f, style.palette.muted);
  if (value && ImGui::Button(fmt::format("{}###inspect", text("tensors.inspect")).c_str()))
    asked.inspect = true;

  heading(text("tensors.where"), style);
  formula_text(kAddressRule, style, 1.0f, style.palette.muted);
  const std::string address = address_words(step, cell.index);
  wrapped_text(address, style.fonts.mono, 1.0f, style.palette.accent);
  copyable("address", address, style, asked.copied);
  const std::int64_t byte = memory.cell * storage.element_size;
  {
    NumberTable table("where", {"", ""}, style, asked.copied);
    row(table, "tensors.row.storage", storage_name(memory.storage), style);
    row(table, "tensors.row.cell", fmt::format("{}", memory.cell), style);
    row(table, "tensors.row.byte", fmt::format("{}", byte), style);
    row(table, "tensors.row.line", fmt::format("{}", byte / kCacheLineBytes), style);
  }
  asked.go_to = computed_from(chain, cell, value, style);
  if (const auto reader = other_readers(chain, cell, memory, style)) asked.go_to = reader;

  heading(text("tensors.write"), style);
  if (const auto typed = text_field("###write", "", ImGui::GetContentRegionAvail().x, false, style);
      typed && !typed->empty())
    asked.edit = with_write(chain, cell, *typed);
  wrapped_text(text("tensors.write_help"), style.fonts.regular, 0.875f, style.palette.muted);
  return asked;
}

void draw_chain_inspector(const TensorChain& chain, const Style& style, LabRequests& requests) {
  styled_text(text("tensors.chain"), style.fonts.semibold, 1.25f, style.palette.text);
  wrapped_text(text("tensors.hint"), style.fonts.regular, 1.0f, style.palette.muted);
  ImGui::Dummy({0, unit(style) / 2});
  std::int64_t copied = 0;
  for (const TensorStep& step : chain.steps) copied += step.copied_bytes;
  memory_table(chain, copied, style, requests.copy);
  term_list({"stride", "offset", "contiguous", "storage", "view", "broadcasting", "cache_line"},
            style);
}

}  // namespace nanscope
