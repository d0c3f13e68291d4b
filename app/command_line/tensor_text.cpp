#include "app/command_line/tensor_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/command_line/text_table.h"
#include "engine/tensor_language/printed_tensor.h"
#include "engine/tensor_language/syntax.h"

namespace nanscope {
namespace {

std::string sizes(const std::vector<std::int64_t>& numbers) {
  return fmt::format("[{}]", fmt::join(numbers, ", "));
}

/// "yes", or the dimension at which row-major order ends.
std::string contiguous_words(const Contiguity& contiguity) {
  if (contiguity.contiguous) return "yes";
  return fmt::format("no: {}, stride({}) is {}, not {}", name_of(contiguity.gap),
                     contiguity.dimension, contiguity.stride, contiguity.expected);
}

/// "view of 0", "copy, 96 B".
std::string kind_words(const TensorStep& step) {
  std::string words(name_of(step.kind));
  if (step.kind == StepKind::copy) words += fmt::format(", {} B", step.copied_bytes);
  if (step.kind == StepKind::written) words += fmt::format(", {} cells", step.written_count);
  return words;
}

/// An operation whose text goes on over several lines, as Python joins them.
std::string in_one_line(const std::string& text) {
  std::string line;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_not_of(" \t\r\n\\", at), text.size());
    const bool breaks = text.substr(at, end - at).find('\n') != std::string::npos;
    if (breaks) {
      at = end;
      const bool beside_bracket = line.empty() || line.ends_with('(') || line.ends_with('[') ||
                                  at == text.size() ||
                                  std::string_view(".)]").find(text[at]) != std::string::npos;
      if (!beside_bracket) line += ' ';
      continue;
    }
    line += text[at++];
  }
  return line;
}

std::string steps_table(const TensorChain& chain) {
  TextTable table({{"", "step", false},
                   {"", "expression", true},
                   {"", "shape", true},
                   {"", "stride", true},
                   {"", "offset", false},
                   {"", "dtype", true},
                   {"", "kind", true},
                   {"", "storage", false},
                   {"", "contiguous", true}});
  for (std::size_t i = 0; i < chain.steps.size(); ++i) {
    const TensorStep& step = chain.steps[i];
    const std::string& shown = i == 0 ? step.expr : step.operation;
    table.add_row({fmt::format("{}", i), in_one_line(shown), sizes(step.shape), sizes(step.stride),
                   fmt::format("{}", step.offset), step.dtype, kind_words(step),
                   fmt::format("{}", step.storage), contiguous_words(step.contiguity)});
  }
  return table.to_text();
}

/// A write shows who else reads what was written.
std::string changes(const TensorChain& chain) {
  std::string text;
  for (std::size_t i = 0; i < chain.steps.size(); ++i)
    for (const ChangedStep& changed : chain.steps[i].changed)
      text += fmt::format("Step {} changed {} elements of step {}: {}\n", i, changed.elements,
                          changed.step, chain.steps[static_cast<std::size_t>(changed.step)].expr);
  return text;
}

/// What LibTorch warned of.
std::string notes(const TensorChain& chain) {
  std::string text;
  for (std::size_t i = 0; i < chain.steps.size(); ++i)
    for (const Message& note : chain.steps[i].notes)
      text += fmt::format("Step {}: {}\n", i, note.text());
  return text;
}

/// Characters of a text, each a column of a terminal.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// The expression, of a long one what is near, with a mark under the part that has no value.
std::string marked_text(std::string_view expression, const TensorError& error) {
  constexpr std::size_t kBeside = 90;  // bytes
  const auto begin = static_cast<std::size_t>(error.begin);
  const auto length = static_cast<std::size_t>(std::max(error.end - error.begin, 0));
  const std::string_view before = expression.substr(0, begin),
                         marked = expression.substr(begin, length),
                         after = expression.substr(begin + marked.size());
  const std::string head = before.size() > kBeside
                               ? "..." + printable(before.substr(before.size() - kBeside))
                               : printable(before);
  const std::string middle = printable(marked);
  const std::string tail =
      after.size() > kBeside ? printable(after.substr(0, kBeside)) + "..." : printable(after);
  return fmt::format("  {}{}{}\n  {:>{}}{}\n", head, middle, tail, "", columns(head),
                     std::string(std::max<std::size_t>(columns(middle), 1), '^'));
}

/// Where the expression has no value; the message; what would help.
std::string error_text(const TensorChain& chain, const TensorError& error) {
  std::string text;
  if (chain.expression.find('\n') == std::string::npos) text = marked_text(chain.expression, error);
  text += (error.exception.empty() ? "" : error.exception + ": ") + error.message() + '\n';
  for (const TensorRepair& repair : error.repairs)
    text += fmt::format("This works: {}\n", repair.expression);
  return text;
}

}  // namespace

std::string to_text(const TensorChain& chain) {
  std::string text = chain.steps.empty() ? "" : steps_table(chain);
  text += changes(chain) + notes(chain);
  if (const std::string printed = printed_value(chain); !printed.empty()) text += printed + '\n';
  if (!chain.steps.empty())
    text += fmt::format("{} B in {} storage{}; {} B if every step were a copy\n",
                        chain.memory.storage_bytes, chain.storages.size(),
                        chain.storages.size() == 1 ? "" : "s", chain.memory.all_copied_bytes);
  if (chain.error) text += '\n' + error_text(chain, *chain.error);
  return text;
}

}  // namespace nanscope
