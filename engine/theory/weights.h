#pragma once

#include "engine/experiment/network.h"

namespace nanscope {

/// The variance of one entry of a weight (fan_out, fan_in) as the scheme draws it, gain included:
/// normal 1, inv_sqrt and truncated 1/fan_in (truncated: times what the cut leaves), xavier
/// 2/(fan_in+fan_out) (Glorot & Bengio 2010), kaiming 2/fan_in (He et al. 2015), orthogonal
/// 1/max(fan_in, fan_out), since its longer side is a set of orthonormal vectors.
double weight_variance(const Init& init, int fan_in, int fan_out);

/// Where a truncated weight's cut lies, in its own standard deviations 1/sqrt(fan_in). PyTorch's
/// trunc_normal_ reads the cut as an absolute value, which is many of them in a wide layer.
double cut_in_deviations(const Init& init, int fan_in);

/// The share of a normal variable beyond +-`cut` standard deviations: erfc(c / sqrt(2)).
double share_beyond(double cut);

/// What a cut at +-`cut` standard deviations leaves of a normal variable's variance:
/// 1 - 2 c pdf(c) / (2 cdf(c) - 1).
double truncated_normal_variance(double cut);

}  // namespace nanscope
