#include <algorithm>
#include <optional>
#include <utility>

#include "ui/labs/tensors/plots/tensor_card.h"
#include "ui/labs/tensors/plots/tensor_layout.h"

// A chain on a slide: the largest type that has room.
namespace nanscope {
namespace {

/// The smallest type of cards as shares of the height: on a slide it is read in the last row.
constexpr float kSmallestWhole = 0.026f, kSmallestBrief = 0.023f;
constexpr float kLargest = 3;        ///< times the style's own
constexpr float kNarrowestCut = 17;  // em of a brief card whose words may end with "..."
constexpr int kHalvings = 6;

/// Whether cells that would have room for their values on a page of their own may go without.
enum class Values { all, some };

class Fitter {
 public:
  /// Of all steps; or of one, in type no smaller than the style's least.
  Fitter(const TensorChain& chain, const Style& style, ImVec2 size, const GridBegins& begins,
         std::optional<int> only = {})
      : chain_(chain),
        style_(style),
        size_(size),
        begins_(begins),
        only_(only),
        longest_value_(longest_value(chain)) {}

  /// Cells are so many em high at most.
  void keep_grids_below(float em) { tallest_grid_ = em; }

  /// At the largest scale; nothing if not even the smallest fits.
  std::optional<ChainLayout> largest(CardDetail detail, Values values, int left_out = 0) const {
    const float smallest = smallest_scale(detail);
    std::optional<ChainLayout> best = at(detail, smallest, values, left_out);
    float low = smallest, high = kLargest;
    for (int i = 0; best && i < kHalvings; ++i) {
      const float middle = (low + high) / 2;
      std::optional<ChainLayout> larger = at(detail, middle, values, left_out);
      (larger ? low : high) = middle;
      if (larger) best = std::move(larger);
    }
    return best;
  }

  /// The first step and as many of the last ones as there is room for; at least the last.
  ChainLayout some() const {
    const int steps = static_cast<int>(chain_.steps.size());
    for (int left_out = 1; left_out < steps - 2; ++left_out)
      if (auto layout = largest(CardDetail::terse, Values::some, left_out))
        return *std::move(layout);
    return smallest(std::max(0, steps - 2));
  }

  /// The least of words and of type, whether it fits or not.
  ChainLayout smallest(int left_out) const {
    return layout_chain(chain_, style_,
                        {.width = size_.x,
                         .scale = smallest_scale(CardDetail::terse),
                         .detail = CardDetail::terse,
                         .left_out = left_out,
                         .only = only_,
                         .tallest_grid = tallest_grid_,
                         .longest_value = longest_value_},
                        begins_);
  }

 private:
  float smallest_scale(CardDetail detail) const {
    // The smallest type of a card is that of its axes, where it has them.
    const CardRole least = detail == CardDetail::terse ? CardRole::fact : CardRole::axis;
    const float em = px(style_.font_size);
    if (only_ && style_.least_text > 0) return style_.least_text / card_text_size(least, em);
    const float share = detail == CardDetail::full ? kSmallestWhole : kSmallestBrief;
    return std::max(size_.y, em) * share / em;
  }

  /// Cards as wide as the page, or narrower, so that long grids are broken into more rows; not so
  /// narrow that words are lost.
  std::optional<ChainLayout> at(CardDetail detail, float scale, Values values,
                                int left_out = 0) const {
    long without_values = 0;
    for (const float share : {1.0f, 0.66f, 0.5f, 0.4f, 0.33f, 0.285f, 0.25f, 0.2f}) {
      ChainLayout layout = layout_chain(chain_, style_,
                                        {.width = size_.x,
                                         .scale = scale,
                                         .detail = detail,
                                         .widest_card = size_.x * share * kNoGap,
                                         .left_out = left_out,
                                         .only = only_,
                                         .tallest_grid = tallest_grid_,
                                         .longest_value = longest_value_},
                                        begins_);
      const auto lost = std::ranges::count_if(
          layout.cards, [](const CardLayout& card) { return !card.grid.values; });
      if (share == 1) without_values = lost;
      if (values == Values::all && lost > without_values) break;
      const bool may_cut =
          detail != CardDetail::full && layout.metrics.width > kNarrowestCut * layout.metrics.em;
      if (!may_cut && std::ranges::any_of(layout.cards, &CardLayout::overfull)) break;
      // Sums of fractions of a pixel are not exact.
      if (layout.size.x <= size_.x + 0.5f && layout.size.y <= size_.y + 0.5f) return layout;
    }
    return std::nullopt;
  }

  static constexpr float kNoGap = 0.985f;  ///< the rest is between the cards

  const TensorChain& chain_;
  const Style& style_;
  ImVec2 size_;
  const GridBegins& begins_;
  std::optional<int> only_;
  std::size_t longest_value_;
  float tallest_grid_ = kTallestGrid;
};

/// Widens the cards of each row to the page's edge, where that is not far.
void fill_rows(ChainLayout& layout, float width) {
  constexpr float kMostWider = 1.5f;
  for (std::size_t begin = 0; begin < layout.cards.size();) {
    std::size_t end = begin + 1;
    while (end < layout.cards.size() && layout.cards[end].low.y == layout.cards[begin].low.y) ++end;
    const float spare = width - layout.cards[end - 1].high.x;
    const float each = spare / static_cast<float>(end - begin);
    if (spare > 0 && width / layout.cards[end - 1].high.x <= kMostWider)
      for (std::size_t i = begin; i < end; ++i) {
        move_card(layout.cards[i], {each * static_cast<float>(i - begin), 0});
        widen_card(layout.cards[i], each);
      }
    begin = end;
  }
}

/// Of cards that say as much as has room.
std::optional<ChainLayout> most_words(const Fitter& fitter) {
  std::optional<ChainLayout> layout = fitter.largest(CardDetail::full, Values::all);
  for (const CardDetail detail : {CardDetail::brief, CardDetail::terse})
    for (const Values values : {Values::all, Values::some})
      if (!layout) layout = fitter.largest(detail, values);
  return layout;
}

}  // namespace

ChainLayout fit_chain(const TensorChain& chain, const Style& style, ImVec2 size,
                      const GridBegins& begins) {
  const Fitter fitter(chain, style, size, begins);
  std::optional<ChainLayout> layout = most_words(fitter);
  if (!layout) layout = fitter.some();
  fill_rows(*layout, size.x);
  return *std::move(layout);
}

ChainLayout fit_step(const TensorChain& chain, const Style& style, ImVec2 size, int step,
                     const GridBegins& begins) {
  Fitter fitter(chain, style, size, begins, step);
  // Large grids give way to words that are read: their cells become smaller, then fewer.
  for (float tallest = kTallestGrid; tallest > 2; tallest *= 0.8f) {
    fitter.keep_grids_below(tallest);
    if (auto layout = most_words(fitter)) return *std::move(layout);
  }
  return fitter.smallest(0);
}

}  // namespace nanscope
