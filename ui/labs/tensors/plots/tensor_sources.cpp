#include "ui/labs/tensors/plots/tensor_sources.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace nanscope {
namespace {

/// More are not lit: nobody tells them apart.
constexpr std::int64_t kMostSources = 4096;
/// Terms of a sum that are written out; of more, the middle is left out.
constexpr std::size_t kMostTerms = 6, kFirstTerms = 3, kLastTerms = 1;

/// "2", ":" for all of a dimension, "0:2" for a part in one piece, "..." for another.
std::string part_words(const TensorStep& step, const std::vector<Index>& elements, std::size_t d) {
  std::set<std::int64_t> seen;
  for (const Index& element : elements) seen.insert(element[d]);
  if (seen.size() == 1 && step.shape[d] != 1) return fmt::format("{}", *seen.begin());
  const auto count = static_cast<std::int64_t>(seen.size());
  if (count == step.shape[d]) return ":";
  const std::int64_t first = *seen.begin(), end = *seen.rbegin() + 1;
  return end - first == count ? fmt::format("{}:{}", first, end) : "...";
}

/// "0 · 2": one element of each input; "" if a value is not known.
std::string term_words(const TensorChain& chain, const std::vector<SourceElements>& inputs,
                       std::size_t term) {
  std::vector<std::string> factors;
  for (const SourceElements& input : inputs) {
    const TensorStep& step = chain.steps[static_cast<std::size_t>(input.step)];
    const std::optional<CellValue> value = value_at(step, input.elements[term]);
    if (!value) return "";
    const std::string words = cell_text(*value, step.dtype);
    factors.push_back(value->value < 0 ? "(" + words + ")" : words);
  }
  return fmt::format("{}", fmt::join(factors, " · "));
}

}  // namespace

std::vector<SourceElements> sources_of(const TensorChain& chain, const TensorCell& cell) {
  return source_elements(chain, cell.step, cell.index, kMostSources);
}

std::string slice_words(const TensorStep& step, const std::vector<Index>& elements) {
  if (elements.empty()) return "[]";
  std::vector<std::string> parts;
  for (std::size_t d = 0; d < step.shape.size(); ++d)
    parts.push_back(part_words(step, elements, d));
  return fmt::format("[{}]", fmt::join(parts, ", "));
}

std::string sum_words(const TensorChain& chain, const TensorCell& cell) {
  if (!chain.steps[static_cast<std::size_t>(cell.step)].sources.products) return "";
  const std::vector<SourceElements> inputs = sources_of(chain, cell);
  if (inputs.empty() || !inputs.front().complete) return "";
  const std::size_t count = inputs.front().elements.size();
  std::vector<std::string> terms;
  for (std::size_t i = 0; i < count; ++i) {
    if (count > kMostTerms && i == kFirstTerms) {
      terms.emplace_back("...");
      i = count - kLastTerms;
    }
    terms.push_back(term_words(chain, inputs, i));
    if (terms.back().empty()) return "";
  }
  return fmt::format("{}", fmt::join(terms, " + "));
}

}  // namespace nanscope
