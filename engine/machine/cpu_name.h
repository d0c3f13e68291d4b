#pragma once

#include <string>

namespace nanscope {

/// The processor's own name, "AMD EPYC 9654 96-Core Processor", or "CPU" where it is not told.
/// Read from a file of the kernel's.
std::string read_cpu_name();

}  // namespace nanscope
