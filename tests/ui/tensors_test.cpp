#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "imgui.h"
#include "imgui_impl_null.h"
#include "tests/synthetic/synthetic_chain.h"
#include "ui/labs/tensors_inspector.h"
#include "ui/labs/tensors_motion.h"
#include "ui/plots/tensor_chain_plot.h"
#include "ui/plots/tensor_memory_plot.h"
#include "ui/plots/tensor_storage_plot.h"
#include "ui/plots/tensor_words.h"

// The Tensors lab without a window: addresses, geometry, words, cells on their way.
namespace nanscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TensorChain matrix_chain() {
  return ChainBuilder()
      .arange(12)
      .view(".view(3, 4)", {3, 4}, {4, 1})
      .view(".t()", {4, 3}, {1, 4})
      .build();
}

/// Fonts and a style: what layouts measure words with.
class TensorsDrawing : public testing::Test {
 protected:
  TensorsDrawing() {
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui_ImplNull_Init();
    style_ = make_style(ThemeId::light, load_fonts());
    apply(style_);
    ImGui::GetIO().DisplaySize = {1280, 800};
    ImGui_ImplNull_NewFrame();
    ImGui::NewFrame();
  }
  ~TensorsDrawing() override {
    ImGui::EndFrame();
    ImGui_ImplNull_Shutdown();
    ImGui::DestroyContext();
  }
  Style style_;
};

TEST(TensorCells, AnElementsCellIsOffsetPlusIndexTimesStride) {
  const TensorChain chain = synthetic_chain();
  const TensorStep& sliced = chain.steps[3];
  const Index index{1, 0, 2};
  EXPECT_EQ(memory_cell(chain, sliced, index), (MemoryCell{0, 1 + 12 + 0 + 8}));
  EXPECT_EQ(address_words(sliced, index), "1 + 1·12 + 0·1 + 2·4 = 21");
  EXPECT_EQ(address_formula(sliced), "1 + i·12 + j·1 + k·4");
  EXPECT_EQ(value_at(sliced, index), 21);
  // The same cell in the view before, none in the copy's own storage.
  EXPECT_EQ(first_reader(chain, 1, {0, 21}), (Index{1, 2, 1}));
  EXPECT_EQ(first_reader(chain, 4, {0, 21}), std::nullopt);
  EXPECT_EQ(first_reader(chain, 3, {0, 0}), std::nullopt);
}

TEST(TensorCells, TuplesAreWrittenAsPythonDoes) {
  EXPECT_EQ(tuple_text(Index{}), "()");
  EXPECT_EQ(tuple_text(Index{5}), "(5,)");
  EXPECT_EQ(tuple_text(Index{2, 3}), "(2, 3)");
}

CellRoom room(float width, float height) { return {{30, 20}, 10, width, height, 10}; }

TEST(TensorGeometry, EveryElementIsUnderItsOwnCorner) {
  const std::vector<Index> shapes{{}, {7}, {3, 4}, {2, 3, 4}, {2, 2, 3, 2}, {2, 1, 2, 2, 3}, {90}};
  for (const Index& shape : shapes) {
    const Index begin(shape.size(), 0);
    const GridLayout grid = fit_grid(begin, shape, room(500, 400));
    EXPECT_FALSE(grid.cropped);
    Index local(shape.size(), 0);
    do {
      const ImVec2 corner = grid.corner(local);
      const auto found = grid.under({corner.x + grid.cell.x * 0.4f, corner.y + grid.cell.y * 0.6f});
      ASSERT_EQ(found, local) << tuple_text(shape);
      EXPECT_LE(corner.x + grid.cell.x, grid.high.x + 0.01f);
      EXPECT_LE(corner.y + grid.cell.y, grid.high.y + 0.01f);
    } while (next_index(local, shape));
  }
}

TEST(TensorGeometry, LargeTensorsGetSmallerCellsAndThenAWindow) {
  const GridLayout small = fit_grid(Index{0, 0}, Index{3, 4}, room(500, 400));
  EXPECT_TRUE(small.values);
  const GridLayout middle = fit_grid(Index{0, 0}, Index{50, 50}, room(500, 400));
  EXPECT_FALSE(middle.values);
  EXPECT_FALSE(middle.cropped);
  const GridLayout large = fit_grid(Index{0, 0}, Index{5000, 5000}, room(500, 400));
  EXPECT_TRUE(large.cropped);
  EXPECT_LE(large.high.x, 500);
  EXPECT_LE(large.high.y, 400);
  EXPECT_EQ(large.local(Index{4999, 0}), std::nullopt);
}

TEST(TensorGeometry, AStripsRowsAreWholeCacheLines) {
  for (const int size : {1, 2, 4, 8}) {
    const StripLayout strip = fit_strip(0, 100, size, room(700, 0));
    EXPECT_EQ(strip.per_line, 64 / size);
    for (std::int64_t cell = 0; cell < strip.count; ++cell) {
      const ImVec2 corner = strip.corner(cell);
      ASSERT_EQ(strip.under({corner.x + strip.cell.x / 2, corner.y + strip.cell.y / 2}), cell);
    }
    // A cache line is never broken.
    for (std::int64_t cell = 1; cell < strip.count; ++cell) {
      const bool same_row = strip.corner(cell).y == strip.corner(cell - 1).y;
      EXPECT_TRUE(same_row || cell % strip.per_line == 0);
    }
  }
}

TEST_F(TensorsDrawing, CardsDoNotOverlapAndHoldTheirParts) {
  const TensorChain chain = synthetic_chain();
  for (const float width : {400.0f, 900.0f, 2400.0f}) {
    const ChainLayout layout = layout_chain(chain, style_, width);
    ASSERT_EQ(layout.cards.size(), 5u);
    for (const CardLayout& card : layout.cards) {
      EXPECT_LE(card.grid.high.x, card.high.x);
      EXPECT_LE(card.grid.high.y, card.strip.low.y);
      EXPECT_LE(card.strip.high.y, card.high.y);
      for (const CardLayout& other : layout.cards)
        EXPECT_TRUE(&card == &other || card.high.x <= other.low.x || other.high.x <= card.low.x ||
                    card.high.y <= other.low.y || other.high.y <= card.low.y);
    }
  }
}

TEST_F(TensorsDrawing, APictureHoldsTheWholeChainOrSaysWhatIsMissing) {
  const TensorChain chain = synthetic_chain();
  EXPECT_EQ(fit_chain(chain, style_, {1200, 800}).first_step, 0);
  const ChainLayout tight = fit_chain(chain, style_, {420, 330});
  EXPECT_GT(tight.first_step, 0);
  EXPECT_NE(tight.card_of(4), nullptr);
}

TEST_F(TensorsDrawing, TheSvgSaysWhatTheScreenSays) {
  const TensorChain chain = synthetic_chain();
  SvgCanvas canvas(style_, {1600, 900});
  draw_chain(canvas, chain, fit_chain(chain, style_, {1600, 900}), {0, 0}, {});
  const std::string svg = canvas.document();
  for (const char* words : {".transpose(1, 2)", "stride (12, 1, 4)", "view A", "copy B", "96 B",
                            "not contiguous", "cell = 1 + i·12 + j·1 + k·4"})
    EXPECT_THAT(svg, HasSubstr(words));
}

TEST_F(TensorsDrawing, EveryPlotDrawsEveryChain) {
  TensorChain empty;
  TensorChain scalar = ChainBuilder()
                           .arange(1)
                           .view("[0]", {}, {})
                           .view(".view(1,1,1)", {1, 1, 1}, {1, 1, 1})
                           .build();
  TensorChain none = ChainBuilder().arange(6).view("[6:]", {0}, {1}, 6).build();
  TensorChain long_one =
      ChainBuilder().arange(16384).view(".view(128,128)", {128, 128}, {128, 1}).build();
  for (const TensorChain& chain : {empty, scalar, none, long_one, synthetic_chain()})
    for (const ImVec2 size : {ImVec2{300, 200}, ImVec2{1600, 900}}) {
      SvgCanvas canvas(style_, size);
      draw_chain(canvas, chain, fit_chain(chain, style_, size), {0, 0}, {});
      draw_tensor_storage(canvas, chain, {0, 0}, size);
      draw_tensor_memory(canvas, chain, {0, 0}, size);
      EXPECT_EQ(canvas.document().find("nan\""), std::string::npos);
    }
}

TEST(TensorWords, TheSentenceCountsCopies) {
  EXPECT_EQ(chain_sentence(matrix_chain()), "3 steps over one storage, 96 B: nothing is copied.");
  EXPECT_EQ(chain_sentence(synthetic_chain()), "5 steps over 2 storages, 288 B: 96 B are copied.");
}

TEST(TensorWords, AWriteNamesWhoElseChanges) {
  const TensorChain chain = ChainBuilder()
                                .arange(12)
                                .view(".view(3, 4)", {3, 4}, {4, 1})
                                .write("[0, 1] = 99", {0, 1}, 99)
                                .build();
  EXPECT_EQ(written_words(chain.steps[2]),
            "cell 1 written; steps 1 and 2 read them and change, too");
}

TEST(TensorWords, AWriteIntoAStepGivesItAName) {
  const TensorChain chain = matrix_chain();
  EXPECT_EQ(with_write(chain, {2, {1, 0}}, "7"), "x = arange(12).view(3, 4).t()\nx\nx[1, 0] = 7");
  EXPECT_EQ(with_write(chain, {1, {0, 0}}, "7"), "x = arange(12).view(3, 4)\nx.t()\nx[0, 0] = 7");
}

TEST_F(TensorsDrawing, CellsComeFromWhereTheyWere) {
  const TensorChain before = ChainBuilder().arange(12).view(".view(3, 4)", {3, 4}, {4, 1}).build();
  const TensorChain after = matrix_chain();
  const ChainLayout from = layout_chain(before, style_, 900);
  const ChainLayout to = layout_chain(after, style_, 900);
  CellMotion motion;
  motion.change(before, from, after, to, 10);
  ASSERT_TRUE(motion.moving(10.1));
  const CellShifts* shifts = motion.at(10);
  ASSERT_NE(shifts, nullptr);
  // Steps that stayed are at rest; the new one's element [1, 2] comes from step 2's [2, 1].
  EXPECT_TRUE((*shifts)[0].empty());
  EXPECT_TRUE((*shifts)[1].empty());
  ASSERT_EQ((*shifts)[2].size(), 12u);
  const ImVec2 shift = (*shifts)[2][5];
  const ImVec2 here = to.card_of(2)->grid.corner(Index{1, 2});
  const ImVec2 there = to.card_of(1)->grid.corner(Index{2, 1});
  EXPECT_FLOAT_EQ(here.x + shift.x, there.x);
  EXPECT_FLOAT_EQ(here.y + shift.y, there.y);
  // On its way it is nearer, and after a quarter of a second it is there.
  const float later = (*motion.at(10.1))[2][5].x;
  EXPECT_LT(std::abs(later), std::abs(shift.x));
  EXPECT_EQ(motion.at(10.26), nullptr);
  EXPECT_FALSE(motion.moving(10.26));
}

}  // namespace
}  // namespace nanscope
