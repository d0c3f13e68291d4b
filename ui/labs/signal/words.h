#pragma once

#include <string>

#include "engine/probes/signal.h"

// What the Signal lab says in whole sentences.
namespace nanscope {

/// The sentence above the plots: "Variance grows 256x a layer; fp16 overflows at layer 4."
std::string sentence(const SignalSnapshot& snapshot);

/// A pass' experiment in words, on one line, with the layer that takes an input of another width to
/// the network's.
std::string describe_pass(const SignalSnapshot& snapshot);

/// The same, and as what its file was read: what a picture says below its title.
std::string describe(const SignalSnapshot& snapshot);

}  // namespace nanscope
