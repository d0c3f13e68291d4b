#include "ui/labs/tensors/plots/tensor_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "ui/labs/tensors/plots/tensor_cells.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// "step 2", "steps 1 and 2", "steps 1, 2 and 4"; people count from 1.
std::string steps_words(const std::vector<int>& steps) {
  if (steps.size() == 1) return format_text("tensors.one_step", fmt::arg("step", steps[0] + 1));
  std::string list;
  for (std::size_t i = 0; i + 1 < steps.size(); ++i)
    list += fmt::format("{}{}", i ? ", " : "", steps[i] + 1);
  return format_text("tensors.several_steps", fmt::arg("list", list),
                     fmt::arg("last", steps.back() + 1));
}

std::int64_t copied_bytes(const TensorChain& chain) {
  std::int64_t bytes = 0;
  for (const TensorStep& step : chain.steps) bytes += step.copied_bytes;
  return bytes;
}

bool shows_names(const TensorStep& step) {
  return std::ranges::any_of(step.dimension_names, [](const auto& name) { return !name.empty(); });
}

/// "(batch 2, seq 3)" where there are names, else "(2, 3)".
std::string named_shape(const TensorStep& step) {
  if (!shows_names(step)) return tuple_text(step.shape);
  std::vector<std::string> parts;
  for (std::size_t d = 0; d < step.shape.size(); ++d) {
    const std::string& name = d < step.dimension_names.size() ? step.dimension_names[d] : "";
    parts.push_back(name.empty() ? fmt::format("{}", step.shape[d])
                                 : fmt::format("{} {}", name, step.shape[d]));
  }
  return fmt::format("({})", fmt::join(parts, ", "));
}

}  // namespace

std::string bytes_words(std::int64_t bytes) { return bytes_text(static_cast<double>(bytes)); }

std::string storage_name(int storage) {
  const std::string letter(1, static_cast<char>('A' + storage % 26));
  return storage < 26 ? letter : letter + std::to_string(storage / 26);
}

std::string dimension_words(const TensorStep& step, std::size_t dimension) {
  if (dimension < step.dimension_names.size() && !step.dimension_names[dimension].empty())
    return step.dimension_names[dimension];
  return format_text("tensors.dimension", fmt::arg("number", dimension));
}

bool is_blank(const std::string& expression) {
  return expression.find_first_not_of(" \t\r\n;") == std::string::npos;
}

std::string chain_sentence(const TensorChain& chain) {
  if (is_blank(chain.expression)) return text("tensors.nothing");
  if (chain.error && chain.error->kind == TensorErrorKind::syntax)
    return text("tensors.sentence.unreadable");
  if (chain.error) {
    const TensorError& error = *chain.error;
    const auto length = static_cast<std::size_t>(std::max(error.end - error.begin, 0));
    return format_text(error.kind == TensorErrorKind::libtorch ? "tensors.sentence.libtorch_refuses"
                                                               : "tensors.sentence.refused",
                       fmt::arg("step", chain.steps.size() + 1),
                       fmt::arg("operation", chain.expression.substr(
                                                 static_cast<std::size_t>(error.begin), length)));
  }
  if (chain.steps.empty()) return text("tensors.nothing");
  const auto steps = chain.steps.size(), storages = chain.storages.size();
  const std::string copied = bytes_words(copied_bytes(chain));
  const std::string bytes = bytes_words(chain.memory.storage_bytes);
  const char* key = "tensors.sentence.views";
  if (copied_bytes(chain) > 0) key = "tensors.sentence.copies";
  if (steps == 1) key = "tensors.sentence.one";
  return format_text(
      key, fmt::arg("steps", steps), fmt::arg("storages", storages),
      fmt::arg("storage_words", storages == 1 ? std::string(text("tensors.one_storage"))
                                              : format_text("tensors.several_storages",
                                                            fmt::arg("count", storages))),
      fmt::arg("bytes", bytes), fmt::arg("copied", copied));
}

bool is_unreadable(const TensorChain& chain) { return chain.error && chain.steps.empty(); }

std::string picture_sentence(const TensorChain* shown, const std::string& expression,
                             std::string_view waiting) {
  if (is_blank(expression)) return text("tensors.nothing");
  return shown && !is_unreadable(*shown) ? chain_sentence(*shown) : std::string(waiting);
}

std::string step_facts(const TensorStep& step) {
  return format_text("tensors.facts", fmt::arg("shape", named_shape(step)),
                     fmt::arg("stride", tuple_text(step.stride)), fmt::arg("offset", step.offset),
                     fmt::arg("dtype", step.dtype));
}

std::string step_kind_words(const TensorChain& chain, const TensorStep& step) {
  const std::string storage = storage_name(step.storage);
  const std::string moved = bytes_words(step.copied_bytes);
  const std::string own = bytes_words(chain.storages[static_cast<std::size_t>(step.storage)].bytes);
  const std::string with = step.shared_with.empty() ? "" : steps_words(step.shared_with);
  std::string key = fmt::format("tensors.kind.{}", name_of(step.kind));
  if (step.kind == StepKind::view && with.empty()) key = "tensors.kind.view_alone";
  return format_text(key, fmt::arg("storage", storage), fmt::arg("steps", with),
                     fmt::arg("copied", moved), fmt::arg("bytes", own));
}

std::string contiguity_words(const TensorStep& step) {
  const Contiguity& why = step.contiguity;
  if (why.contiguous) return text("tensors.contiguous");
  const std::string dimension =
      why.dimension >= 0 ? dimension_words(step, static_cast<std::size_t>(why.dimension)) : "";
  return format_text(fmt::format("tensors.gap.{}", name_of(why.gap)),
                     fmt::arg("dimension", dimension), fmt::arg("stride", why.stride),
                     fmt::arg("expected", why.expected));
}

std::string written_words(const TensorStep& step) {
  if (step.written.empty()) return "";
  std::vector<int> others;
  for (const ChangedStep& change : step.changed) others.push_back(change.step);
  const std::string cells =
      step.written_count == 1
          ? format_text("tensors.one_cell", fmt::arg("cell", step.written.front().cell))
          : format_text("tensors.several_cells", fmt::arg("count", step.written_count));
  if (others.empty()) return format_text("tensors.written_alone", fmt::arg("cells", cells));
  return format_text("tensors.written", fmt::arg("cells", cells),
                     fmt::arg("steps", steps_words(others)));
}

std::string shape_walk(const TensorChain& chain, const TensorStep& step) {
  if (step.inputs.size() < 2 || step.kind == StepKind::written) return "";
  std::vector<std::string> shapes;
  for (const int input : step.inputs)
    if (input >= 0) shapes.push_back(named_shape(chain.steps[static_cast<std::size_t>(input)]));
  const bool product = step.operation.find('@') != std::string::npos ||
                       step.operation.find("matmul") != std::string::npos;
  return fmt::format("{} → {}", fmt::join(shapes, product ? " @ " : ", "), named_shape(step));
}

std::string stop_words(const TensorParameter& parameter, std::int64_t present) {
  const std::int64_t low = parameter.choices.front().value, high = parameter.choices.back().value;
  const auto words = [&](const char* key, const std::string& reason) {
    return format_text(key, fmt::arg("value", present), fmt::arg("reason", reason));
  };
  if (low == high) return words("tensors.stop_both", parameter.high_reason);
  const bool low_open = parameter.low_reason.empty(), high_open = parameter.high_reason.empty();
  if (present == low)
    return words(low_open ? "tensors.reach_low" : "tensors.stop_low", parameter.low_reason);
  if (present == high)
    return words(high_open ? "tensors.reach_high" : "tensors.stop_high", parameter.high_reason);
  return "";
}

}  // namespace nanscope
