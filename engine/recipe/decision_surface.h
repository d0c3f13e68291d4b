#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/data/table.h"

namespace nanscope {

/// What a run makes of a plane: for the middle of each of side x side cells the class with the
/// largest score.
struct DecisionSurface {
  static constexpr std::int8_t kNone = -1;  ///< no score is finite

  std::int64_t steps = 0;  ///< that were done
  int side = 0;
  double low_x = 0, high_x = 1, low_y = 0, high_y = 1;  ///< the outer edges
  std::vector<std::int8_t> classes = {};  ///< row by row from below, each from left to right
  /// Of each cell: the softmax of its class, 0..1; without a cross-entropy scores are no logarithms
  /// of shares, and it is 1.
  std::vector<float> shares = {};

  /// The points that the run was given, learned or held out, with their classes; never null.
  std::shared_ptr<const Table> samples = std::make_shared<const Table>();

  double cell_width() const { return (high_x - low_x) / side; }
  double cell_height() const { return (high_y - low_y) / side; }
  std::size_t cell(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(side) +
           static_cast<std::size_t>(column);
  }
};

}  // namespace nanscope
