#include "engine/plan/moments.h"

#include <map>

namespace nanscope {

Moments::Moments(const PlanDescription& plan)
    : forward(plan.operations.size()), again(forward), backward(forward) {
  std::map<int, int> first_by_last;
  for (const auto& [first, end] : plan.recomputed)
    first_by_last[plan.layers[static_cast<std::size_t>(end - 1)].end_operation - 1] =
        plan.layers[static_cast<std::size_t>(first)].first_operation;
  int now = 0;
  for (int& moment : forward) moment = now++;
  upstream = now++;
  for (std::size_t i = backward.size(); i-- > 0; backward[i] = now++) {
    const auto segment = first_by_last.find(static_cast<int>(i));
    if (segment == first_by_last.end()) continue;
    for (auto j = static_cast<std::size_t>(segment->second); j <= i; ++j) again[j] = now++;
  }
}

}  // namespace nanscope
