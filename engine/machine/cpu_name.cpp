#include "engine/machine/cpu_name.h"

#include <fstream>

namespace nanscope {

std::string read_cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) {
      const std::size_t begin = line.find_first_not_of(" \t", line.find(':') + 1);
      if (begin != std::string::npos) return line.substr(begin);
    }
  return "CPU";
}

}  // namespace nanscope
