#include "ui/labs/tensors/plots/tensor_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "tests/synthetic/synthetic_chain.h"
#include "tests/ui/drawing.h"
#include "ui/canvas/silent_canvas.h"
#include "ui/labs/tensors/plots/tensor_colors.h"

// Large tensors: rows instead of cells.
namespace nanscope {
namespace {

/// Remembers what is drawn.
class Recorder final : public SilentCanvas {
 public:
  struct Fade {
    Rectangle box;
    ImU32 left, right;
  };
  using SilentCanvas::SilentCanvas;
  void fill(ImVec2 low, ImVec2 high, ImU32, float) override { cuts.push_back({low, high}); }
  void fade(ImVec2 low, ImVec2 high, ImU32 left, ImU32 right) override {
    fades.push_back({{low, high}, left, right});
  }

  std::vector<Fade> fades;
  std::vector<Rectangle> cuts;
};

bool holds(const Rectangle& box, ImVec2 point) {
  return box.low.x <= point.x && point.x < box.high.x && box.low.y <= point.y &&
         point.y < box.high.y;
}

/// How many of the recorder's row pieces and column lines lie over the middle of a cell.
std::pair<int, int> over(const Recorder& drawn, const GridLayout& grid, const Index& local) {
  const ImVec2 corner = grid.corner(local);
  const ImVec2 middle{corner.x + (grid.cell.x - grid.gap()) / 2,
                      corner.y + (grid.cell.y - grid.gap()) / 2};
  const auto count = [&](const Rectangle& box) { return holds(box, middle); };
  return {static_cast<int>(std::ranges::count_if(drawn.fades, count, &Recorder::Fade::box)),
          static_cast<int>(std::ranges::count_if(drawn.cuts, count))};
}

class TensorRows : public Drawing {
 protected:
  /// The grid of the chain's last step in cells without values.
  static GridLayout grid_of(const TensorChain& chain, float width, float height) {
    const TensorStep& step = chain.steps.back();
    return fit_grid(step.cells.begin, step.cells.size, {{40, 24}, 12, width, height});
  }
};

TEST_F(TensorRows, EveryCellIsInOneRowAndNoneIsCut) {
  const std::vector<TensorChain> chains{
      ChainBuilder().arange(10000).build(),
      ChainBuilder().arange(10000).view(".view(100, 100)", {100, 100}, {100, 1}).build(),
      ChainBuilder().arange(10000).view("t", {100, 100}, {1, 100}).build(),
      ChainBuilder().arange(9000).view("v", {3, 30, 4, 25}, {3000, 100, 25, 1}).build()};
  for (const TensorChain& chain : chains)
    for (const float width : {330.0f, 760.0f}) {
      const TensorStep& step = chain.steps.back();
      const GridLayout grid = grid_of(chain, width, 900);
      ASSERT_FALSE(grid.values);
      Recorder drawn(style_);
      ASSERT_TRUE(draw_rows(drawn, chain, step, grid, {0, 0}));
      std::size_t cells = 0;
      Index local(grid.shown.size(), 0);
      do {
        ++cells;
        ASSERT_EQ(over(drawn, grid, local), std::pair(1, 0)) << index_text(local);
      } while (next_index(local, grid.shown));
      EXPECT_LT(drawn.fades.size() + drawn.cuts.size(), cells / 5) << step.operation;
    }
}

TEST_F(TensorRows, WhatAMaskLeavesOutIsLeftOut) {
  TensorChain chain = ChainBuilder().arange(4096).view(".view(64, 64)", {64, 64}, {64, 1}).build();
  TensorStep& step = chain.steps.back();
  for (std::size_t i = 0; i < step.cells.values.size(); i += 3)
    step.cells.values[i] = std::numeric_limits<double>::quiet_NaN();
  const GridLayout grid = grid_of(chain, 400, 900);
  Recorder drawn(style_);
  ASSERT_TRUE(draw_rows(drawn, chain, step, grid, {0, 0}));
  Index local(2, 0);
  do {
    const bool is_nan = (local[0] * 64 + local[1]) % 3 == 0;
    EXPECT_EQ(over(drawn, grid, local).first, is_nan ? 0 : 1) << index_text(local);
  } while (next_index(local, grid.shown));
}

TEST_F(TensorRows, ARowsEndsHaveTheColoursOfItsCells) {
  const TensorChain chain = ChainBuilder().arange(10000).view("t", {100, 100}, {1, 100}).build();
  const GridLayout grid = grid_of(chain, 760, 900);
  Recorder drawn(style_);
  ASSERT_TRUE(draw_rows(drawn, chain, chain.steps.back(), grid, {0, 0}));
  EXPECT_EQ(drawn.fades.at(7).left, ink(memory_color(style_, chain, {0, 7})));
  EXPECT_EQ(drawn.fades.at(7).right, ink(memory_color(style_, chain, {0, 9907})));
}

TEST_F(TensorRows, NeighboursOfVeryDifferentMemoryStayCells) {
  // 30 cells beside one another are all of the memory's colours: each is seen.
  const TensorChain chain = ChainBuilder().arange(900).view("t", {30, 30}, {1, 30}).build();
  const GridLayout grid = grid_of(chain, 400, 900);
  ASSERT_FALSE(grid.values);
  Recorder drawn(style_);
  const bool rows = draw_rows(drawn, chain, chain.steps.back(), grid, {0, 0});
  // 0.62 of a channel's range over 29 steps is 5 of 255 levels, less than the 8 that are seen.
  EXPECT_TRUE(rows);
  const TensorChain wide = ChainBuilder().arange(900).view("t", {100, 9}, {1, 100}).build();
  const GridLayout tall = grid_of(wide, 300, 900);
  ASSERT_FALSE(tall.values);
  EXPECT_FALSE(draw_rows(drawn, wide, wide.steps.back(), tall, {0, 0}));
}

}  // namespace
}  // namespace nanscope
