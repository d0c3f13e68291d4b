#pragma once

#include <string>
#include <vector>

#include "engine/probes/signal.h"

namespace nanscope {

/// "h'", "dL/dW"
std::string tensor_label(SignalTensor tensor);

/// The prediction for a tensor's variance, or null where no formula is drawn.
const Band* predicted_band(const LayerPrediction& predicted, SignalTensor tensor);

/// Why a layer's predictions have no band: a sentence for each reason; none where all have one.
std::vector<std::string> no_band_words(const SignalSnapshot& snapshot, const LayerSignal& layer);
/// The same on one line, in few words; "" where all have one.
std::string no_band_line(const SignalSnapshot& snapshot, const LayerSignal& layer);

}  // namespace nanscope
