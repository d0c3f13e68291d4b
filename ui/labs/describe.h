#pragma once

#include <string>

#include "engine/experiment/experiment.h"

namespace nanscope {

/// An experiment's network and data in words, on one line; with the layer that takes
/// `input_features` to the network's width, where there is one.
std::string describe(const Experiment& experiment, int input_features = 0);

/// "fp16 emulated": what computed the numbers of a picture.
std::string precision_words(Precision precision, bool emulated);
/// How the numbers of a plot came about: "measured in emulated fp16".
std::string measured_words(Precision precision, bool emulated);

}  // namespace nanscope
