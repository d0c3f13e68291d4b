#include <algorithm>

#include "ui/labs/labs.h"

namespace nanscope {

std::unique_ptr<Lab> make_lab(LabName name) {
  std::vector<std::unique_ptr<Lab>> labs = make_labs();
  const auto found = std::ranges::find(labs, name, [](const auto& lab) { return lab->name(); });
  return found == labs.end() ? nullptr : std::move(*found);
}

}  // namespace nanscope
