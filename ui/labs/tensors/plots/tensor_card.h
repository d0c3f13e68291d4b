#pragma once

#include "ui/labs/tensors/plots/tensor_layout.h"

// The layout of one card.
namespace nanscope {

/// The card of a step at (0, 0).
CardLayout layout_card(const TensorChain& chain, int step, const Style& style,
                       const ChainMetrics& metrics, const Index& begin);

/// The card of the step that was refused, with the reason.
CardLayout layout_refusal(const TensorChain& chain, const Style& style,
                          const ChainMetrics& metrics);

/// A small card that says which steps have no room.
CardLayout layout_left_out(const Style& style, const ChainMetrics& metrics, int first, int count);

/// Moves all of a card.
void move_card(CardLayout& card, ImVec2 distance);
/// Moves a card's right edge, and what stands at it.
void widen_card(CardLayout& card, float by);

}  // namespace nanscope
