#pragma once

#include <cmath>
#include <limits>

namespace nanscope {

/// Second moments over 200 layers: 4096^200 with gain 1e6 is 1e3122, beyond a double's range but
/// within the 15 exponent bits of a long double on x86-64 and AArch64 Linux. Results become double
/// (0 or inf beyond its range) only when they are reported.
using Wide = long double;
static_assert(std::numeric_limits<Wide>::max_exponent10 > 4000);

inline double to_double(Wide value) { return static_cast<double>(value); }

}  // namespace nanscope
