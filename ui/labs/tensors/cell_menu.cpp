#include "ui/labs/tensors/cell_menu.h"

#include "ui/labs/tensors/looked_at.h"

namespace nanscope {

std::vector<std::string> words_of_cell(const TensorChain& chain,
                                       const std::optional<TensorCell>& cell) {
  if (!cell || !is_element(chain, *cell)) return {};
  const TensorStep& step = chain.steps[static_cast<std::size_t>(cell->step)];
  std::vector<std::string> words;
  if (const auto value = value_at(step, cell->index))
    words.push_back(exact_text(*value, step.dtype));
  words.push_back(index_text(cell->index));
  words.push_back(address_words(step, cell->index));
  return words;
}

}  // namespace nanscope
