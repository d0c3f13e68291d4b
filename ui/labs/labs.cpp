#include <algorithm>

#include "ui/labs/lab.h"

namespace nanscope {

std::vector<std::unique_ptr<Lab>> make_labs() {
  std::vector<std::unique_ptr<Lab>> labs;
  labs.push_back(make_signal_lab());
  labs.push_back(make_numbers_lab());
  labs.push_back(make_tensors_lab());
  return labs;
}

std::unique_ptr<Lab> make_lab(LabName name) {
  std::vector<std::unique_ptr<Lab>> labs = make_labs();
  const auto found = std::ranges::find(labs, name, [](const auto& lab) { return lab->name(); });
  return found == labs.end() ? nullptr : std::move(*found);
}

}  // namespace nanscope
