#pragma once

#include <cstddef>

#include "engine/probes/block_sums.h"
#include "engine/probes/distance.h"

// How optimizers move one parameter of floats, operation by operation as ATen's fused kernels do,
// in loops that measure the parameter on their way: for a moment it is in the registers anyway.
namespace nanscope {

/// A parameter's elements and their gradients.
struct MovedFloats {
  float* theta = nullptr;
  const float* gradient = nullptr;
};

/// Adam and its kin: m, v and with AMSGrad the largest v so far; the factors as ATen rounds them.
struct AdamMove {
  MovedFloats of = {};
  float* m = nullptr;
  float* v = nullptr;
  float* largest_v = nullptr;  ///< null without AMSGrad
  bool couples = false;
  float coupled_decay = 0;   ///< of theta, added to the gradient, where it couples
  float kept = 1;            ///< of theta: 1 - lr lambda of a decoupled decay
  float gradient_share = 0;  ///< 1 - beta1
  float beta2 = 0;
  float square_share = 0;     ///< 1 - beta2
  float root_correction = 0;  ///< sqrt(1 - beta2^t)
  float eps = 0;
  float step_size = 0;  ///< lr / (1 - beta1^t)
};

/// Gradient descent with or without a velocity.
struct SgdMove {
  MovedFloats of = {};
  float* velocity = nullptr;  ///< null without momentum
  bool couples = false;
  float coupled_decay = 0;
  float momentum = 0;
  float gradient_share = 1;  ///< 1 - dampening
  float lr = 0;
  bool nesterov = false;
  bool first = false;  ///< the velocity begins as the gradient
};

/// How far the blocks of a parameter moved, in sums that come together in the end.
struct DistanceLanes {
  double length[16] = {}, change[16] = {};
  Distance rest = {};
};

/// Moves elements [first, first + count), of which `first` is a multiple of 16 and, but for the
/// last ones of the parameter, `count` too. Writes what they were to before[0, count), adds to the
/// lanes, and returns the quick_block_sums() of what they were.
template <class Move>
using MoveBlock = BlockSums<float> (*)(const Move& move, std::size_t first, std::size_t count,
                                       float* before, DistanceLanes& lanes);

/// The loops of one kind of processor.
struct MoveKernels {
  MoveBlock<AdamMove> adam;
  MoveBlock<SgdMove> sgd;
  Distance (*distance)(const DistanceLanes& lanes);  ///< as measure_distance() sums it
};

#if defined(__x86_64__)
const MoveKernels& avx2_moves();    ///< with FMA
const MoveKernels& avx512_moves();  ///< where has_avx512()
#endif

}  // namespace nanscope
