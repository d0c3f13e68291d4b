#include "engine/tensor_language/element_sources.h"

#include <optional>

namespace nanscope {
namespace {

using Index = std::vector<std::int64_t>;

/// The places along all axes that one element of the result was computed from, one by one.
class Walk {
 public:
  Walk(const ElementSources& sources, std::span<const std::int64_t> index)
      : sources_(sources), fixed_(sources.lengths.size(), false), along_(fixed_.size(), 0) {
    for (std::size_t d = 0; d < sources.result.size(); ++d) fix(sources.result[d], index[d]);
    for (std::size_t axis = 0; axis < fixed_.size(); ++axis)
      empty_ = empty_ || (!fixed_[axis] && length(axis) == 0);
  }

  bool empty() const { return empty_; }

  /// False after the last place.
  bool next() {
    for (std::size_t axis = along_.size(); axis-- > 0;) {
      if (fixed_[axis]) continue;
      if (++along_[axis] < length(axis)) return true;
      along_[axis] = 0;
    }
    return false;
  }

  /// The element of an operand at this place.
  Index element(const ElementSources::Operand& operand) const {
    Index element;
    for (const std::vector<int>& axes : operand.axes) {
      std::int64_t at = 0;
      for (const int axis : axes)
        at = at * sources_.lengths[static_cast<std::size_t>(axis)] +
             along_[static_cast<std::size_t>(axis)];
      element.push_back(at);
    }
    return element;
  }

 private:
  /// Takes an index of the result apart into those of its axes, the last axis fastest.
  void fix(const std::vector<int>& axes, std::int64_t index) {
    for (std::size_t i = axes.size(); i-- > 0;) {
      const auto axis = static_cast<std::size_t>(axes[i]);
      fixed_[axis] = true;
      along_[axis] = index % sources_.lengths[axis];
      index /= sources_.lengths[axis];
    }
  }

  std::int64_t length(std::size_t axis) const {
    if (sources_.until && sources_.until->first == static_cast<int>(axis))
      return along_[static_cast<std::size_t>(sources_.until->second)] + 1;
    return sources_.lengths[axis];
  }

  const ElementSources& sources_;
  std::vector<bool> fixed_;  ///< the axes that the result has: its index says where along them
  std::vector<std::int64_t> along_;
  bool empty_ = false;
};

/// The place of an element among those of a window, or nothing outside it.
std::optional<std::size_t> place_in(const CellWindow& window, std::span<const std::int64_t> index) {
  std::int64_t place = 0;
  for (std::size_t d = 0; d < index.size(); ++d) {
    const std::int64_t local = index[d] - window.begin[d];
    if (local < 0 || local >= window.size[d]) return std::nullopt;
    place = place * window.size[d] + local;
  }
  return static_cast<std::size_t>(place);
}

Index index_of(std::int64_t number, const std::vector<std::int64_t>& shape) {
  Index index(shape.size());
  for (std::size_t d = shape.size(); d-- > 0;) {
    index[d] = number % shape[d];
    number /= shape[d];
  }
  return index;
}

std::vector<SourceElements> moved_from(const TensorChain& chain, const TensorStep& step,
                                       std::span<const std::int64_t> index) {
  const std::optional<std::size_t> place = place_in(step.cells, index);
  if (!place) return {};
  const std::int64_t number = step.sources.moved[*place];
  for (const ElementSources::Operand& operand : step.sources.operands) {
    const TensorStep& input = chain.steps[static_cast<std::size_t>(operand.step)];
    if (number >= operand.first && number < operand.first + input.numel())
      return {{operand.step, {index_of(number - operand.first, input.shape)}}};
  }
  return {};
}

}  // namespace

std::vector<SourceElements> source_elements(const TensorChain& chain, int step,
                                            std::span<const std::int64_t> index,
                                            std::int64_t most) {
  const TensorStep& result = chain.steps[static_cast<std::size_t>(step)];
  const ElementSources& sources = result.sources;
  if (!sources.moved.empty()) return moved_from(chain, result, index);
  std::vector<SourceElements> inputs;
  for (const ElementSources::Operand& operand : sources.operands)
    inputs.push_back({operand.step, {}});
  Walk walk(sources, index);
  if (walk.empty()) return inputs;
  std::int64_t count = 0;
  bool more = true;
  for (; more && count < most; ++count) {
    for (std::size_t i = 0; i < inputs.size(); ++i)
      inputs[i].elements.push_back(walk.element(sources.operands[i]));
    more = walk.next();
  }
  for (SourceElements& input : inputs) input.complete = !more;
  return inputs;
}

}  // namespace nanscope
