#include "ui/labs/training/run_names.h"

#include <algorithm>

namespace nanscope {

void put_what_differs_first(std::vector<std::vector<std::string>>& settings) {
  const std::vector<std::vector<std::string>> all = settings;
  const auto runs_with = [&](const std::string& setting) {
    return std::ranges::count_if(
        all, [&](const auto& one) { return std::ranges::find(one, setting) != one.end(); });
  };
  for (std::vector<std::string>& one : settings) std::ranges::stable_sort(one, {}, runs_with);
}

}  // namespace nanscope
