#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/names.h"

// The group of an experiment that the Tensors lab shows.
namespace nanscope {

struct Key;

/// How the Tensors lab shows a chain: every step as a grid over its memory, or what it costs.
enum class TensorsView { chain, memory, timings };
/// What is written into a tensor's cells: their values, or which cell of the storage they are.
enum class CellLabel { values, addresses };

/// What the Tensors lab shows.
struct Tensors {
  /// A chain as in PyTorch.
  std::string expression = "arange(24).view(2,3,4).transpose(1,2)[:, 1:3]";
  TensorsView view = TensorsView::chain;
  CellLabel cells = CellLabel::values;
  bool operator==(const Tensors&) const = default;
};

/// "tensors.expression", "tensors.view", ...
std::vector<Key> tensors_keys();

template <>
struct Names<TensorsView> {
  static constexpr std::array<std::pair<TensorsView, std::string_view>, 3> all{
      {{TensorsView::chain, "chain"},
       {TensorsView::memory, "memory"},
       {TensorsView::timings, "timings"}}};
};
template <>
struct Names<CellLabel> {
  static constexpr std::array<std::pair<CellLabel, std::string_view>, 2> all{
      {{CellLabel::values, "values"}, {CellLabel::addresses, "addresses"}}};
};

}  // namespace nanscope
