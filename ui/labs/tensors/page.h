#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/experiment/view.h"
#include "ui/labs/tensors/motion.h"
#include "ui/labs/tensors/plots/tensor_chain_plot.h"

namespace nanscope {

/// The scrolled page of a chain's cards: what it shows, what is pointed at and chosen on it.
class TensorsPage {
 public:
  struct Options {
    bool addresses = false;
    bool animated = true;
    bool one_step = false;  ///< there is room for one: the chosen, or the last
  };

  /// Draws the chain into what is left of the current window. Cells move to their new places when
  /// the chain became another.
  void draw(const std::shared_ptr<const TensorChain>& chain, const Style& style, Options options);

  /// Chooses and scrolls as an experiment's view says, of the chain that is drawn next.
  void show(const ViewSpec& view, const TensorChain& chain);
  /// The view with what has been chosen and scrolled to since.
  ViewSpec looked_at(ViewSpec view) const;

  /// The element under the pointer, or else the one that was clicked.
  std::optional<TensorCell> selected() const { return hovered_ ? hovered_ : pinned_; }
  const std::optional<TensorCell>& pinned() const { return pinned_; }
  const std::optional<TensorCell>& hovered() const { return hovered_; }
  int chosen_step() const { return chosen_step_; }
  /// The chosen step, or the chain's last one; -1 where there is none.
  int step_in_sight(const TensorChain& chain) const {
    return chosen_step_ >= 0 ? chosen_step_ : static_cast<int>(chain.steps.size()) - 1;
  }
  /// The one that a page with room for one step shows: also the one that was refused.
  int only_step(const TensorChain& chain) const;
  /// The number of a card's words that is pointed at, or ""; whether it was clicked.
  const std::string& number() const { return number_; }
  bool number_clicked() const { return number_clicked_; }
  /// Chooses a step: its card comes into sight, its cells come from those before.
  void choose_step(int step);
  /// Enter or a double click asked for the bits of the selected element; true once.
  bool take_inspect() { return std::exchange(inspect_, false); }
  bool moving() const;

 private:
  void lay_out(const std::shared_ptr<const TensorChain>& chain, const Style& style,
               Options options);
  void drop_what_is_gone();
  void cards(ImVec2 corner);
  void grid(const CardLayout& card, ImVec2 corner);
  void strip(const CardLayout& card, ImVec2 corner);
  void scroll(const CardLayout& card, const WindowScroll& scroll, ImVec2 corner);
  void drag_window(const CardLayout& card);
  void reveal(const CardLayout& card);
  void point_at_number(ImVec2 corner, const Style& style);
  void keys(const CardLayout& card);
  void move_selection(const CardLayout& card, std::int64_t rows, std::int64_t columns);
  std::optional<MemoryCell> lit() const;

  std::shared_ptr<const TensorChain> chain_;
  ChainLayout layout_;
  ImVec2 laid_room_;
  float laid_em_ = 0;
  std::optional<int> laid_step_;  ///< the only one
  GridBegins begins_;             ///< of the grids' windows, one a step
  bool begins_moved_ = false;
  CellMotion motion_;
  std::optional<TensorCell> hovered_, pinned_;
  std::optional<MemoryCell> hovered_memory_;
  int chosen_step_ = -1;
  std::optional<int> wanted_step_;  ///< chosen, not yet in sight
  std::optional<int> sight_;        ///< the step that the page scrolls to
  bool inspect_ = false;
  std::string number_;
  bool number_clicked_ = false;
};

}  // namespace nanscope
