#include "ui/labs/lab.h"

namespace nanscope {

std::vector<std::unique_ptr<Lab>> make_labs() {
  std::vector<std::unique_ptr<Lab>> labs;
  labs.push_back(make_signal_lab());
  return labs;
}

}  // namespace nanscope
