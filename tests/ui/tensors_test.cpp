#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/synthetic/synthetic_chain.h"
#include "tests/ui/drawing.h"
#include "ui/labs/tensors/inspector.h"
#include "ui/labs/tensors/motion.h"
#include "ui/labs/tensors/plots/tensor_chain_plot.h"
#include "ui/labs/tensors/plots/tensor_colors.h"
#include "ui/labs/tensors/plots/tensor_memory_plot.h"
#include "ui/labs/tensors/plots/tensor_sources.h"
#include "ui/labs/tensors/plots/tensor_storage_plot.h"
#include "ui/labs/tensors/plots/tensor_words.h"

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

using TensorsDrawing = Drawing;

TEST(TensorCells, AnElementsCellIsOffsetPlusIndexTimesStride) {
  const TensorChain chain = synthetic_chain();
  const TensorStep& sliced = chain.steps[3];
  const Index index{1, 0, 2};
  EXPECT_EQ(memory_cell(chain, sliced, index), (MemoryCell{0, 1 + 12 + 0 + 8}));
  EXPECT_EQ(address_words(sliced, index), "1 + 1·12 + 0·1 + 2·4 = 21");
  EXPECT_EQ(address_formula(sliced), "1 + i·12 + j·1 + k·4");
  EXPECT_EQ(value_at(sliced, index)->value, 21);
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

TEST(TensorGeometry, ALongVectorFillsTheRoomWithRows) {
  const GridLayout whole = fit_grid(Index{0}, Index{10000}, room(500, 400));
  EXPECT_FALSE(whole.cropped);
  const GridLayout part = fit_grid(Index{0}, Index{1000000}, room(500, 400));
  EXPECT_TRUE(part.cropped);
  EXPECT_LE(part.high.x, 500);
  EXPECT_LE(part.high.y, 400);
  // Less than a cell is left at the right and below.
  EXPECT_GT(part.high.x + part.cell.x, 500);
  EXPECT_GT(part.high.y + part.cell.y, 400);
  EXPECT_EQ(part.shown[0], part.wrap * static_cast<std::int64_t>(400 / part.cell.y));
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

TEST_F(TensorsDrawing, FewCellsOfMemoryShowTheirValuesWhateverTheirSize) {
  EXPECT_TRUE(fit_strip(0, 6, 4, room(250, 0)).values) << "a part of a cache line takes less room";
  for (const int size : {4, 8}) {
    ChainBuilder builder;
    builder.arange(24);
    TensorChain chain = builder.build();
    chain.storages[0].element_size = chain.steps[0].element_size = size;
    chain.storages[0].bytes = std::int64_t{24} * size;
    EXPECT_TRUE(layout_chain(chain, style_, {.width = 500}).cards[0].strip.values) << size;
  }
}

TEST_F(TensorsDrawing, CardsDoNotOverlapAndHoldTheirParts) {
  const TensorChain chain = synthetic_chain();
  for (const float width : {400.0f, 900.0f, 2400.0f}) {
    const ChainLayout layout = layout_chain(chain, style_, {.width = width});
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
  const ImVec2 slide{1800, 900};
  const ChainLayout whole = fit_chain(matrix_chain(), style_, slide);
  EXPECT_EQ(whole.metrics.detail, CardDetail::full);
  EXPECT_GT(whole.metrics.em, px(style_.font_size)) << "a short chain is drawn large";
  const ChainLayout brief = fit_chain(synthetic_chain(), style_, slide);
  EXPECT_EQ(brief.metrics.detail, CardDetail::brief);
  EXPECT_EQ(brief.left_out, 0);
  ChainBuilder builder;
  builder.arange(24);
  for (int i = 0; i < 40; ++i) builder.view(".view(4, 6)", {4, 6}, {6, 1});
  const TensorChain chain = builder.build();
  // Up to here the axes go, then steps in the middle.
  ChainBuilder fifteen;
  fifteen.arange(24);
  for (int i = 0; i < 14; ++i) fifteen.view(".view(2, 4, 3)", {2, 4, 3}, {12, 1, 4});
  const ChainLayout terse = fit_chain(fifteen.build(), style_, slide);
  EXPECT_EQ(terse.metrics.detail, CardDetail::terse);
  EXPECT_EQ(terse.left_out, 0);
  EXPECT_TRUE(terse.cards.back().arrows.empty());
  const ChainLayout tight = fit_chain(chain, style_, slide);
  EXPECT_GT(tight.left_out, 0);
  EXPECT_NE(tight.card_of(0), nullptr);
  EXPECT_EQ(tight.card_of(1), nullptr);
  EXPECT_NE(tight.card_of(40), nullptr);
  EXPECT_EQ(static_cast<int>(tight.cards.size()), 41 - tight.left_out + 1);
  for (const ChainLayout& layout : {whole, brief, terse, tight})
    for (const CardLayout& card : layout.cards) {
      EXPECT_LE(card.high.x, slide.x + 1);
      EXPECT_LE(card.high.y, slide.y + 1);
    }
}

TEST_F(TensorsDrawing, TheSvgSaysWhatTheScreenSays) {
  const TensorChain chain = synthetic_chain();
  SvgCanvas canvas(style_, {1600, 900});
  draw_chain(canvas, chain, layout_chain(chain, style_, {.width = 1600}), {0, 0}, {});
  const std::string svg = canvas.document();
  for (const char* words : {".transpose(1, 2)", "stride (12, 1, 4)", "view A", "copy B", "96 B",
                            "not contiguous", "cell = 1 + i·12 + j·1 + k·4"})
    EXPECT_NE(svg.find(words), std::string::npos) << words;
}

TEST_F(TensorsDrawing, WhatLibTorchWarnedOfIsOnTheStepsCard) {
  TensorChain chain = matrix_chain();
  const std::string warning = "The use of x.T on tensors of dimension other than 2 is deprecated";
  chain.steps[1].notes = {Message::value(warning)};
  for (const CardDetail detail : {CardDetail::full, CardDetail::brief}) {
    SvgCanvas canvas(style_, {1600, 900});
    draw_chain(canvas, chain, layout_chain(chain, style_, {.width = 1600, .detail = detail}),
               {0, 0}, {});
    EXPECT_THAT(canvas.document(), HasSubstr("The use of x.T on tensors"));
  }
  const ChainLayout terse =
      layout_chain(chain, style_, {.width = 1600, .detail = CardDetail::terse});
  const auto warned = [&](const CardText& line) { return line.words == "with a warning"; };
  EXPECT_FALSE(std::ranges::any_of(terse.cards[0].texts, warned));
  EXPECT_TRUE(std::ranges::any_of(terse.cards[1].texts, warned));
}

TEST_F(TensorsDrawing, WholeNumbersAreExactInTheirCells) {
  constexpr std::int64_t kOdd = 9007199254740993;  // no double
  TensorChain chain = ChainBuilder().arange(3).build();
  chain.steps[0].cells.values = {static_cast<double>(kOdd), 12345678, -1};
  chain.steps[0].cells.integers = {kOdd, 12345678, -1};
  chain.storages[0].cells = chain.steps[0].cells.values;
  chain.storages[0].integers = chain.steps[0].cells.integers;
  SvgCanvas canvas(style_, {1600, 900});
  const ChainLayout layout = layout_chain(chain, style_, {.width = 1600});
  draw_chain(canvas, chain, layout, {0, 0}, {});
  const std::string svg = canvas.document();
  // In the tensor and in its memory.
  for (const char* words : {">9007199254740993<", ">12345678<", ">-1<"}) {
    const std::size_t first = svg.find(words);
    ASSERT_NE(first, std::string::npos) << words;
    EXPECT_NE(svg.find(words, first + 1), std::string::npos) << words;
  }
  const GridLayout& grid = layout.cards[0].grid;
  const ImVec2 extent =
      card_text_extent(style_, CardRole::fact, layout.metrics.em, "9007199254740993");
  EXPECT_GE(grid.cell.x, extent.x + layout.metrics.unit / 2);  // with room beside it
  const ImVec2 small =
      card_text_extent(style_, CardRole::axis, layout.metrics.em, "9007199254740993");
  EXPECT_GE(layout.cards[0].strip.cell.x, small.x + layout.metrics.unit / 2);
  EXPECT_EQ(exact_text(*value_at(chain.steps[0], Index{0}), "int64"), "9007199254740993");
  EXPECT_EQ(cell_text(0.00983, "float32"), "0.00983");
}

TEST_F(TensorsDrawing, TheCellsOfAStorageHaveTextOfOneColour) {
  TensorChain chain = ChainBuilder().arange(24).build();
  chain.storages.resize(8, chain.storages[0]);
  for (const ThemeId theme : {ThemeId::light, ThemeId::dark, ThemeId::projector}) {
    const Style style = make_style(theme, load_fonts());
    for (int storage = 0; storage < 8; ++storage)
      for (std::int64_t cell = 0; cell < 24; ++cell)
        EXPECT_EQ(ink(readable_on(memory_color(style, chain, {storage, cell}))),
                  ink(readable_on(style.palette.surface)))
            << storage << " " << cell;
  }
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

TEST(TensorWords, NothingTypedIsABeginningAndNoError) {
  TensorChain chain;
  chain.error = TensorError{.kind = TensorErrorKind::syntax,
                            .expr = {},
                            .what = message("There is nothing yet"),
                            .repairs = {}};
  chain.expression = " \n";
  EXPECT_THAT(chain_sentence(chain), HasSubstr("choose an example"));
  chain.expression = "(";
  EXPECT_EQ(chain_sentence(chain), "This chain cannot be read.");
  // While the next text is typed, nothing is said of it before its answer is there.
  EXPECT_EQ(picture_sentence(&chain, "arange(6)", "Computing ..."), "Computing ...");
  EXPECT_EQ(picture_sentence(nullptr, "arange(6)", "Computing ..."), "Computing ...");
  const TensorChain before = matrix_chain();
  EXPECT_EQ(picture_sentence(&before, "arange(6)", "Computing ..."), chain_sentence(before));
  EXPECT_THAT(picture_sentence(&chain, " ", "Computing ..."), HasSubstr("choose an example"));
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

TEST(TensorWords, ASliderSaysWhyItStops) {
  TensorParameter parameter;
  parameter.choices = {{0, ""}, {1, ""}, {2, ""}};
  parameter.low_reason = "length must be non-negative";
  EXPECT_EQ(stop_words(parameter, 0), "Not below 0: length must be non-negative");
  EXPECT_EQ(stop_words(parameter, 1), "");
  EXPECT_THAT(stop_words(parameter, 2), HasSubstr("LibTorch takes more, too"));
  parameter.choices = {{7, ""}};
  parameter.high_reason = "invalid for input of size 7";
  EXPECT_EQ(stop_words(parameter, 7), "Only 7: invalid for input of size 7");
}

/// (2, 2) @ (2, 2) -> (2, 2), with its sources.
TensorChain product_chain() {
  TensorChain chain = ChainBuilder()
                          .arange(4)
                          .view(".view(2, 2)", {2, 2}, {2, 1})
                          .view(".t()", {2, 2}, {1, 2})
                          .build();
  // Step 2's matrix times step 3's: x @ x.t().
  ElementSources sources{.lengths = {2, 2, 2},
                         .result = {{0}, {1}},
                         .operands = {{1, {{0}, {2}}}, {2, {{2}, {1}}}},
                         .products = true,
                         .until = {},
                         .moved = {}};
  chain.steps.push_back(chain.steps[1]);
  chain.steps.back().sources = sources;
  return chain;
}

TEST(TensorSources, AProductsElementIsARowTimesAColumn) {
  const TensorChain chain = product_chain();
  const std::vector<SourceElements> inputs = sources_of(chain, {3, {1, 0}});
  ASSERT_EQ(inputs.size(), 2u);
  EXPECT_THAT(inputs[0].elements, ElementsAre(Index{1, 0}, Index{1, 1}));
  EXPECT_THAT(inputs[1].elements, ElementsAre(Index{0, 0}, Index{1, 0}));
  EXPECT_EQ(slice_words(chain.steps[1], inputs[0].elements), "[1, :]");
  EXPECT_EQ(slice_words(chain.steps[2], inputs[1].elements), "[:, 0]");
  TensorStep vector;
  vector.shape = {5};
  EXPECT_EQ(slice_words(vector, {{1}, {2}, {3}}), "[1:4]");
  EXPECT_EQ(slice_words(vector, {{0}, {2}}), "[...]");
  EXPECT_EQ(sum_words(chain, {3, {1, 0}}), "2 · 0 + 3 · 1");
  EXPECT_TRUE(sources_of(chain, {1, {1, 0}}).empty()) << "a view computes nothing";
}

TEST_F(TensorsDrawing, WhatAnElementWasComputedFromIsMarkedWithTheAccent) {
  const TensorChain chain = product_chain();
  const ChainLayout layout = layout_chain(chain, style_, {.width = 1600});
  const auto accents = [&](const ChainView& view) {
    SvgCanvas canvas(style_, {1600, 900});
    draw_chain(canvas, chain, layout, {0, 0}, view);
    const ImVec4& color = style_.palette.accent;
    const std::string document = canvas.document();
    const std::string accent = fmt::format("#{:02x}{:02x}{:02x}", std::lround(color.x * 255),
                                           std::lround(color.y * 255), std::lround(color.z * 255));
    int count = 0;
    for (auto at = document.find(accent); at != std::string::npos;
         at = document.find(accent, at + 1))
      ++count;
    return count;
  };
  ChainView hovered;
  hovered.element = TensorCell{3, {1, 0}};
  // Two cells in each of two grids and strips, a frame and a bar each, and the address.
  EXPECT_GE(accents(hovered), accents({}) + 2 * 2 * 2 * 2);
}

TEST_F(TensorsDrawing, ALargeTensorHasATrackForEachDimensionThatIsNotShownWhole) {
  TensorChain chain =
      ChainBuilder().arange(16384).view(".view(128,128)", {128, 128}, {128, 1}).build();
  chain.steps[1].shape = {4, 3000, 3000};
  chain.steps[1].stride = {9000000, 3000, 1};
  chain.steps[1].cells.begin = {0, 0, 0};
  chain.steps[1].cells.size = {1, 128, 128};
  const ChainLayout layout = layout_chain(chain, style_, {.width = 900}, {{}, {0, 100, 0}});
  const CardLayout& card = *layout.card_of(1);
  ASSERT_EQ(card.scrolls.size(), 3u);
  for (const WindowScroll& scroll : card.scrolls) {
    EXPECT_GE(scroll.thumb_low.x, scroll.low.x);
    EXPECT_LE(scroll.thumb_high.x, scroll.high.x);
    EXPECT_LE(scroll.high.y, card.strip.low.y);
  }
  EXPECT_GT(card.scrolls[1].thumb_low.x, card.scrolls[1].low.x) << "its window begins at 100";
  EXPECT_EQ(card.scrolls[2].thumb_low.x, card.scrolls[2].low.x);
}

TEST(TensorWords, AWriteIntoAStepGivesItAName) {
  const TensorChain chain = matrix_chain();
  EXPECT_EQ(with_write(chain, {2, {1, 0}}, "7"), "x = arange(12).view(3, 4).t()\nx\nx[1, 0] = 7");
  EXPECT_EQ(with_write(chain, {1, {0, 0}}, "7"), "x = arange(12).view(3, 4)\nx.t()\nx[0, 0] = 7");
}

TEST_F(TensorsDrawing, CellsComeFromWhereTheyWere) {
  const TensorChain before = ChainBuilder().arange(12).view(".view(3, 4)", {3, 4}, {4, 1}).build();
  const TensorChain after = matrix_chain();
  const ChainLayout from = layout_chain(before, style_, {.width = 900});
  const ChainLayout to = layout_chain(after, style_, {.width = 900});
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
