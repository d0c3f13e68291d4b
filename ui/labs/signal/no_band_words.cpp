#include "ui/labs/signal/no_band_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

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

std::vector<std::string> no_band_words(const SignalSnapshot& snapshot, const LayerSignal& layer) {
  std::vector<std::string> sentences;
  for (const auto& [reason, reason_name] : Names<NoBand>::all) {
    std::vector<std::string> without;
    std::size_t with_formula = 0;
    for (const auto& [tensor, name] : Names<SignalTensor>::all) {
      const Band* band = predicted_band(layer.predicted, tensor);
      if (!band) continue;
      ++with_formula;
      if (band->missing == reason) without.push_back(tensor_label(tensor));
    }
    if (without.empty()) continue;
    const std::string why = format_text(fmt::format("no_band.{}", reason_name),
                                        fmt::arg("format", snapshot.activation_format));
    const std::string tensors = fmt::format("{}", fmt::join(without, ", "));
    const bool all = without.size() == with_formula;
    sentences.push_back(format_text(all ? "inspector.no_band" : "inspector.no_band_of",
                                    fmt::arg("tensors", tensors), fmt::arg("reason", why)));
  }
  return sentences;
}

}  // namespace nanscope
