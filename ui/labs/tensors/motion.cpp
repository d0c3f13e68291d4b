#include "ui/labs/tensors/motion.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace nanscope {
namespace {

/// More cells than this appear where they are: nobody can follow them.
constexpr std::size_t kMostMoving = 4096;

/// A shown cell of a grid.
struct Placed {
  MemoryCell memory;
  ImVec2 corner;
};

std::vector<Placed> placed_cells(const TensorChain& chain, const CardLayout& card) {
  const TensorStep& step = chain.steps[static_cast<std::size_t>(card.step)];
  std::vector<Placed> cells;
  if (step.numel() == 0) return cells;
  Index local(card.grid.shown.size(), 0), index(card.grid.begin);
  do {
    for (std::size_t d = 0; d < local.size(); ++d) index[d] = card.grid.begin[d] + local[d];
    cells.push_back({memory_cell(chain, step, index), card.grid.corner(local)});
  } while (cells.size() <= kMostMoving && next_index(local, card.grid.shown));
  return cells;
}

/// Where cells come from.
class Origins {
 public:
  explicit Origins(std::vector<Placed> cells) : cells_(std::move(cells)) {
    for (std::size_t i = 0; i < cells_.size(); ++i) by_address_.emplace(cells_[i].memory.cell, i);
  }
  bool empty() const { return cells_.empty(); }
  /// The place of this memory; of the element of the same number if memory was copied. Null if
  /// there is neither.
  const ImVec2* find(const MemoryCell& memory, std::size_t number, std::size_t count) const {
    if (cells_.empty()) return nullptr;
    if (cells_.front().memory.storage != memory.storage)
      return cells_.size() == count ? &cells_[number].corner : nullptr;
    // A cell that is read several times stays where it was read before, if it was.
    if (number < cells_.size() && cells_[number].memory == memory) return &cells_[number].corner;
    const auto found = by_address_.find(memory.cell);
    return found == by_address_.end() ? nullptr : &cells_[found->second].corner;
  }

 private:
  std::vector<Placed> cells_;
  std::unordered_map<std::int64_t, std::size_t> by_address_;
};

/// How far the card's cells are from where they come from; nothing if all are at rest.
std::vector<ImVec2> distances(const std::vector<Placed>& cells, const Origins& first,
                              const Origins& second) {
  std::vector<ImVec2> shifts;
  bool moved = false;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const ImVec2* from = first.find(cells[i].memory, i, cells.size());
    if (!from) from = second.find(cells[i].memory, i, cells.size());
    const ImVec2 to = cells[i].corner;
    shifts.push_back(from ? ImVec2{from->x - to.x, from->y - to.y} : ImVec2{0, 0});
    moved = moved || shifts.back().x != 0 || shifts.back().y != 0;
  }
  return moved && cells.size() <= kMostMoving ? shifts : std::vector<ImVec2>{};
}

Origins origins(const TensorChain& chain, const ChainLayout& layout, int step) {
  const CardLayout* card =
      step >= 0 && step < static_cast<int>(chain.steps.size()) ? layout.card_of(step) : nullptr;
  return Origins(card ? placed_cells(chain, *card) : std::vector<Placed>{});
}

int input_of(const TensorStep& step) { return step.inputs.empty() ? -1 : step.inputs.front(); }

}  // namespace

void CellMotion::change(const TensorChain& before, const ChainLayout& before_layout,
                        const TensorChain& chain, const ChainLayout& layout, double now) {
  CellShifts from(chain.steps.size());
  for (std::size_t i = 0; i < chain.steps.size(); ++i) {
    const CardLayout* card = layout.card_of(static_cast<int>(i));
    if (!card) continue;
    Origins old = origins(before, before_layout, static_cast<int>(i));
    const bool fresh = old.empty();
    from[i] = distances(placed_cells(chain, *card), old,
                        fresh ? origins(chain, layout, input_of(chain.steps[i])) : Origins({}));
  }
  begin(std::move(from), now);
}

void CellMotion::replay(const TensorChain& chain, const ChainLayout& layout, int step, double now) {
  const CardLayout* card = layout.card_of(step);
  if (!card || step >= static_cast<int>(chain.steps.size())) return;
  const auto place = static_cast<std::size_t>(step);
  CellShifts from(chain.steps.size());
  from[place] = distances(placed_cells(chain, *card),
                          origins(chain, layout, input_of(chain.steps[place])), Origins({}));
  begin(std::move(from), now);
}

void CellMotion::begin(CellShifts from, double now) {
  const bool any = std::ranges::any_of(from, [](const auto& shifts) { return !shifts.empty(); });
  from_ = any ? std::move(from) : CellShifts{};
  began_ = now;
}

const CellShifts* CellMotion::at(double now) {
  if (!moving(now)) {
    from_.clear();
    return nullptr;
  }
  // Cubic ease-out: fast away, gently there.
  const double rest = 1 - std::clamp((now - began_) / kSeconds, 0.0, 1.0);
  const auto share = static_cast<float>(rest * rest * rest);
  shifts_ = from_;
  for (std::vector<ImVec2>& step : shifts_)
    for (ImVec2& shift : step) shift = {shift.x * share, shift.y * share};
  return &shifts_;
}

}  // namespace nanscope
