#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "imgui.h"
#include "ui/canvas/canvas.h"
#include "ui/labs/tensors/plots/tensor_geometry.h"
#include "ui/theme/theme.h"

// Where everything of a chain's picture lies: a card a step. Drawing, the mouse, moving cells and
// tests read the same geometry.
namespace nanscope {

/// What a line of text is; `tag` is the corner's "view A".
enum class CardRole { number, operation, tag, fact, note, caution, axis };

/// How much a card says: all of it; on a slide with many cards what the tensor is, its cells and
/// its axes; with very many the same without axes.
enum class CardDetail { full, brief, terse };

/// A line of text of a card.
struct CardText {
  CardRole role = CardRole::fact;
  ImVec2 at{};
  std::string words;
};

/// One step along a dimension, beside the cells that it leads from and to.
struct StrideArrow {
  ImVec2 from{}, to{};
};

/// Moves the window onto a tensor that is not shown whole, along one dimension.
struct WindowScroll {
  std::size_t dimension = 0;
  ImVec2 low{}, high{};              ///< the track
  ImVec2 thumb_low{}, thumb_high{};  ///< as long as the part that is shown
};

struct CardLayout {
  int step = 0;  ///< of the chain; as many as there are steps: the one that was refused
  ImVec2 low{}, high{};
  bool overfull = false;  ///< words go beyond its right edge
  std::vector<CardText> texts;
  std::vector<StrideArrow> arrows;
  GridLayout grid;
  std::vector<WindowScroll> scrolls;
  StripLayout strip;
  std::vector<int> readers;  ///< of each of the strip's cells: elements that read it
  std::vector<std::int64_t>
      written;          ///< cells of its memory, sorted, that it or a later step writes
  ImVec2 address_at{};  ///< of the line that computes an address
};

/// Sizes in pixels, from the style and how much smaller the whole has to be.
struct ChainMetrics {
  float em = 16;    ///< of body text
  float unit = 8;   ///< of distance
  ImVec2 cell{};    ///< with a value: as wide as the widest of the chain, so that a cell keeps its
                    ///< size from step to step
  float value = 0;  ///< width of the widest value in the type of facts
  float width = 0;  ///< of a card at most
  float tallest = 0;  ///< of the cells at most: higher ones are smaller, then fewer
  CardDetail detail = CardDetail::full;
};

/// CardLayout::step of the card that stands for steps without room.
inline constexpr int kLeftOut = -1;

struct ChainLayout {
  ChainMetrics metrics;
  std::vector<CardLayout> cards;
  ImVec2 size{};
  int left_out = 0;  ///< steps without a card

  /// Null if the step has no card.
  const CardLayout* card_of(int step) const;
};

/// Where the grids of large tensors begin: one a step; a step that it lacks begins at 0.
using GridBegins = std::vector<Index>;

inline constexpr float kTallestGrid = 24;  // em

/// The page that cards are laid out on.
struct ChainPage {
  float width = 600;
  float scale = 1;  ///< of the style's sizes
  CardDetail detail = CardDetail::full;
  float widest_card = 0;         ///< 0: as wide as the page
  int left_out = 0;              ///< steps after the first that get one small card together
  std::optional<int> only = {};  ///< the one step that gets a card
  float tallest_grid = kTallestGrid;
  std::size_t longest_value = 0;  ///< of the chain, where it is known
};

/// Cards from left to right, then below.
ChainLayout layout_chain(const TensorChain& chain, const Style& style, const ChainPage& page,
                         const GridBegins& begins = {});

/// The layout of the largest type that fits: of whole cards, of brief or of terse ones; where even
/// these have no room, steps in the middle are left out.
ChainLayout fit_chain(const TensorChain& chain, const Style& style, ImVec2 size,
                      const GridBegins& begins = {});

/// One step's card alone, as fit_chain() lays it out, of type that is nowhere smaller than the
/// style's least; where not even its fewest words have room it is larger than `size`.
ChainLayout fit_step(const TensorChain& chain, const Style& style, ImVec2 size, int step,
                     const GridBegins& begins = {});

/// The letters of the chain's widest value.
std::size_t longest_value(const TensorChain& chain);

/// Whether the chain's last card is of the step that was refused.
bool shows_refusal(const TensorChain& chain);

/// The face of a role and its size in pixels, for a body of `em`.
Face card_face(CardRole role);
float card_text_size(CardRole role, float em);
ImVec2 card_text_extent(const Style& style, CardRole role, float em, const std::string& words);

}  // namespace nanscope
