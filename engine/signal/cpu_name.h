#pragma once

#include <string>

namespace nanscope {

/// The processor's own name, "AMD EPYC 9654 96-Core Processor", or "CPU" where it is not told.
std::string cpu_name();

}  // namespace nanscope
