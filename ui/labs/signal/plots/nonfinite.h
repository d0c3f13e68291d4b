#pragma once

#include <optional>
#include <span>
#include <string>

#include "ui/charts/labels.h"
#include "ui/labs/signal/plots/depth_plot.h"

namespace nanscope {

/// Where a plot's tensors first stop being ordinary numbers, in the order of the pass.
struct Trouble {
  enum class Kind { overflow, nan, underflow };  ///< underflow: every element is zero
  Kind kind = Kind::overflow;
  int layer = 0;
  SignalTensor tensor = SignalTensor::activation;
  const char* value = "inf";  ///< "inf", "-inf", "nan" or "0"
};

/// The first trouble among `tensors`, from the first layer on, or, for the backward pass, from the
/// last. Overflow and NaN come before underflow.
std::optional<Trouble> find_trouble(const SignalSnapshot& snapshot,
                                    std::span<const SignalTensor> tensors, bool backward);

/// Hatches the layers in which none of the tensors has a finite, positive variance.
void draw_gaps(const DepthCanvas& canvas, std::span<const SignalTensor> tensors);

/// How it is marked; `name` is its pass' where there are two.
struct TroubleLook {
  ImVec4 color;
  Dash dash = {0, 0};
  std::string name = {};
};

/// A line at the layer.
void draw_trouble(const DepthCanvas& canvas, const Trouble& trouble, const TroubleLook& look);
/// A tag beside it that names layer, tensor and value.
void label_trouble(const DepthCanvas& canvas, const Trouble& trouble, const TroubleLook& look,
                   LabelPlaces& places);

}  // namespace nanscope
