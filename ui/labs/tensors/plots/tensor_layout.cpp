#include "ui/labs/tensors/plots/tensor_layout.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/canvas/ink.h"
#include "ui/labs/tensors/plots/tensor_card.h"

namespace nanscope {
namespace {

constexpr float kCellHeight = 1.5f;  // of the body's size
constexpr float kNarrowestCell = 1.9f, kNarrowestBriefCell = 1.5f;
/// Around a value, in units; on cards that say little, less.
constexpr float kAroundValue = 1.25f, kAroundBriefValue = 1;
/// More values than this are not measured: the widest of them is as wide as any.
constexpr std::size_t kMeasured = 4096;

ChainMetrics chain_metrics(const TensorChain& chain, const Style& style, const ChainPage& page) {
  ChainMetrics metrics;
  metrics.em = std::round(px(style.font_size) * page.scale);
  metrics.unit = std::max(2.0f, std::round(px(style.spacing) * page.scale));
  metrics.width = page.widest_card > 0 ? std::min(page.widest_card, page.width) : page.width;
  metrics.tallest = metrics.em * page.tallest_grid;
  metrics.detail = page.detail;
  const bool brief = page.detail != CardDetail::full;
  const std::size_t letters = page.longest_value > 0 ? page.longest_value : longest_value(chain);
  metrics.value =
      card_text_extent(style, CardRole::fact, metrics.em, "0").x * static_cast<float>(letters);
  const float wide = metrics.value + metrics.unit * (brief ? kAroundBriefValue : kAroundValue);
  const float narrowest = (brief ? kNarrowestBriefCell : kNarrowestCell) * metrics.em;
  metrics.cell = {std::round(std::max(wide, narrowest)), std::round(kCellHeight * metrics.em)};
  return metrics;
}

/// Puts cards beside one another while they fit, then below; each row as high as its highest.
ImVec2 flow(std::vector<CardLayout>& cards, float width, float gap) {
  float x = 0, y = 0, row_height = 0, widest = 0;
  std::size_t row_begin = 0;
  const auto end_row = [&](std::size_t end) {
    for (std::size_t i = row_begin; i < end; ++i) cards[i].high.y = y + row_height;
  };
  for (std::size_t i = 0; i < cards.size(); ++i) {
    const ImVec2 size = cards[i].high;
    if (x > 0 && x + size.x > width) {
      end_row(i);
      row_begin = i;
      x = 0;
      y += row_height + gap;
      row_height = 0;
    }
    move_card(cards[i], {x, y});
    x += size.x + gap;
    widest = std::max(widest, x - gap);
    row_height = std::max(row_height, size.y);
  }
  end_row(cards.size());
  return {widest, y + row_height};
}

}  // namespace

std::size_t longest_value(const TensorChain& chain) {
  std::size_t longest = 1, measured = 0;
  for (const TensorStep& step : chain.steps)
    for (std::size_t i = 0; i < step.cells.values.size() && measured < kMeasured; ++i, ++measured)
      longest = std::max(longest, cell_text(value_of(step.cells, i), step.dtype).size());
  return longest;
}

bool shows_refusal(const TensorChain& chain) {
  return chain.error && chain.error->kind != TensorErrorKind::syntax;
}

Face card_face(CardRole role) {
  switch (role) {
    case CardRole::operation:
    case CardRole::fact:
    case CardRole::axis:
      return Face::mono;
    case CardRole::number:
    case CardRole::tag:
      return Face::semibold;
    case CardRole::note:
    case CardRole::caution:
      break;
  }
  return Face::regular;
}

float card_text_size(CardRole role, float em) {
  switch (role) {
    case CardRole::number:
    case CardRole::operation:
      return em;
    case CardRole::axis:
      return em * 0.75f;
    case CardRole::tag:
    case CardRole::fact:
    case CardRole::note:
    case CardRole::caution:
      break;
  }
  return em * text_size::small;
}

ImVec2 card_text_extent(const Style& style, CardRole role, float em, const std::string& words) {
  const float size = card_text_size(role, em);
  return {text_extent(style, card_face(role), size, words).x, std::ceil(size * 1.3f)};
}

const CardLayout* ChainLayout::card_of(int step) const {
  const auto found = std::ranges::find(cards, step, &CardLayout::step);
  return found == cards.end() ? nullptr : &*found;
}

ChainLayout layout_chain(const TensorChain& chain, const Style& style, const ChainPage& page,
                         const GridBegins& begins) {
  ChainLayout layout;
  layout.metrics = chain_metrics(chain, style, page);
  layout.left_out = page.left_out;
  const Index nothing;
  const int steps = static_cast<int>(chain.steps.size());
  for (int step = 0; step < steps; ++step) {
    if (page.only && step != *page.only) continue;
    if (step == 1 && page.left_out > 0) {
      layout.cards.push_back(layout_left_out(style, layout.metrics, 1, page.left_out));
      step += page.left_out;
    }
    const auto place = static_cast<std::size_t>(step);
    layout.cards.push_back(layout_card(chain, step, style, layout.metrics,
                                       place < begins.size() ? begins[place] : nothing));
  }
  if (shows_refusal(chain) && page.only.value_or(steps) == steps)
    layout.cards.push_back(layout_refusal(chain, style, layout.metrics));
  layout.size = flow(layout.cards, page.width, layout.metrics.unit * 1.5f);
  return layout;
}

}  // namespace nanscope
