#include "engine/tensor_language/element_sources.h"

#include <limits>

namespace nanscope {
namespace {

/// Axes that the result has: its index says where along them.
std::vector<bool> fixed_axes(const ElementSources& sources) {
  std::vector<bool> fixed(sources.lengths.size(), false);
  for (const std::vector<int>& dimension : sources.result)
    for (const int axis : dimension) fixed[static_cast<std::size_t>(axis)] = true;
  return fixed;
}

/// Takes an index apart into those of its axes, the last axis fastest.
void set_axes(const ElementSources& sources, std::span<const std::int64_t> index,
              std::vector<std::int64_t>& along) {
  for (std::size_t d = 0; d < sources.result.size(); ++d) {
    std::int64_t rest = index[d];
    const std::vector<int>& axes = sources.result[d];
    for (std::size_t i = axes.size(); i-- > 0;) {
      const auto axis = static_cast<std::size_t>(axes[i]);
      along[axis] = rest % sources.lengths[axis];
      rest /= sources.lengths[axis];
    }
  }
}

/// One step further along the axes that are not fixed; false after the last.
bool next(const ElementSources& sources, const std::vector<bool>& fixed,
          std::vector<std::int64_t>& along) {
  for (std::size_t axis = along.size(); axis-- > 0;) {
    if (fixed[axis]) continue;
    if (++along[axis] < sources.lengths[axis]) return true;
    along[axis] = 0;
  }
  return false;
}

}  // namespace

std::int64_t source_count(const ElementSources& sources) {
  const std::vector<bool> fixed = fixed_axes(sources);
  std::int64_t count = 1;
  for (std::size_t axis = 0; axis < fixed.size(); ++axis)
    if (!fixed[axis] && __builtin_mul_overflow(count, sources.lengths[axis], &count))
      return std::numeric_limits<std::int64_t>::max();
  return count;
}

std::vector<std::vector<std::int64_t>> source_elements(const ElementSources& sources,
                                                       const ElementSources::Operand& operand,
                                                       std::span<const std::int64_t> index,
                                                       std::int64_t most) {
  std::vector<std::vector<std::int64_t>> elements;
  if (source_count(sources) == 0) return elements;
  const std::vector<bool> fixed = fixed_axes(sources);
  std::vector<std::int64_t> along(sources.lengths.size(), 0);
  set_axes(sources, index, along);
  do {
    std::vector<std::int64_t>& element = elements.emplace_back();
    for (const std::vector<int>& axes : operand.axes) {
      std::int64_t at = 0;
      for (const int axis : axes)
        at = at * sources.lengths[static_cast<std::size_t>(axis)] +
             along[static_cast<std::size_t>(axis)];
      element.push_back(at);
    }
  } while (static_cast<std::int64_t>(elements.size()) < most && next(sources, fixed, along));
  return elements;
}

}  // namespace nanscope
