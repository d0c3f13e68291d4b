#include "ui/labs/signal/no_band_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>
#include <utility>

#include "ui/text/text.h"

namespace nanscope {

std::string tensor_label(SignalTensor tensor) {
  return text(fmt::format("tensor.short.{}", name_of(tensor)));
}

const Band* predicted_band(const LayerPrediction& predicted, SignalTensor tensor) {
  switch (tensor) {
    case SignalTensor::preactivation:
      return &predicted.preactivation_variance;
    case SignalTensor::activation:
      return &predicted.activation_variance;
    case SignalTensor::activation_grad:
      return &predicted.activation_grad_variance;
    case SignalTensor::weight_grad:
      return &predicted.weight_grad_variance;
    case SignalTensor::weight:
      break;
  }
  return nullptr;
}

namespace {

/// A reason, and the tensors that have no band for it.
struct MissingBands {
  std::string_view reason;
  std::vector<std::string> tensors;
  bool all = false;  ///< all that have a formula
};

std::vector<MissingBands> missing_bands(const LayerSignal& layer) {
  std::vector<MissingBands> missing;
  for (const auto& [reason, reason_name] : Names<NoBand>::all) {
    MissingBands one{.reason = reason_name, .tensors = {}};
    std::size_t with_formula = 0;
    for (const auto& [tensor, name] : Names<SignalTensor>::all) {
      const Band* band = predicted_band(layer.predicted, tensor);
      if (!band) continue;
      ++with_formula;
      if (band->missing == reason) one.tensors.push_back(tensor_label(tensor));
    }
    one.all = one.tensors.size() == with_formula;
    if (!one.tensors.empty()) missing.push_back(std::move(one));
  }
  return missing;
}

}  // namespace

std::vector<std::string> no_band_words(const SignalSnapshot& snapshot, const LayerSignal& layer) {
  std::vector<std::string> sentences;
  for (const MissingBands& one : missing_bands(layer)) {
    const std::string why = format_text(fmt::format("no_band.{}", one.reason),
                                        fmt::arg("format", snapshot.activation_format));
    sentences.push_back(
        format_text(one.all ? "inspector.no_band" : "inspector.no_band_of",
                    fmt::arg("tensors", fmt::format("{}", fmt::join(one.tensors, ", "))),
                    fmt::arg("reason", why)));
  }
  return sentences;
}

std::string no_band_line(const SignalSnapshot& snapshot, const LayerSignal& layer) {
  std::vector<std::string> reasons;
  for (const MissingBands& one : missing_bands(layer)) {
    std::string why = format_text(fmt::format("no_band_short.{}", one.reason),
                                  fmt::arg("format", snapshot.activation_format));
    if (!one.all) why = fmt::format("{}: {}", fmt::join(one.tensors, ", "), why);
    reasons.push_back(std::move(why));
  }
  return reasons.empty() ? ""
                         : format_text("inspector.no_band_short",
                                       fmt::arg("reasons", fmt::join(reasons, "; ")));
}

}  // namespace nanscope
