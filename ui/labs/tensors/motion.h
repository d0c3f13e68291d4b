#pragma once

#include "ui/labs/tensors/plots/tensor_chain_plot.h"

namespace nanscope {

/// Cells on their way from where they were to where they are, a quarter of a second long. A cell is
/// known by its place in memory. Times are the window's, in seconds.
class CellMotion {
 public:
  /// The chain became another: cells that were there before come from their old places, new ones
  /// from the step that they were made of.
  void change(const TensorChain& before, const ChainLayout& before_layout, const TensorChain& chain,
              const ChainLayout& layout, double now);
  /// A step's cells come from those of the step before it.
  void replay(const TensorChain& chain, const ChainLayout& layout, int step, double now);
  void stop() { shifts_.clear(); }

  bool moving(double now) const { return !from_.empty() && now < began_ + kSeconds; }
  /// How far cells are from their places now; null when all have arrived.
  const CellShifts* at(double now);

  static constexpr double kSeconds = 0.25;

 private:
  void begin(CellShifts from, double now);

  CellShifts from_;    ///< distances at the beginning
  CellShifts shifts_;  ///< at the time that was asked for last
  double began_ = 0;
};

}  // namespace nanscope
