#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "engine/job/job_request.h"

// What the toy lab asks for, as it would stand in a room of the engine.
namespace nanscope {

struct Halvings {
  std::vector<double> values;  ///< the first, its half, a quarter, ...
};

/// Work in as many slices as there are steps; needs no LibTorch.
struct HalvingRequest {
  double first = 1;
  int steps = 4;

  using Answer = Halvings;
  static constexpr std::string_view kSlot = "toy";
  bool operator==(const HalvingRequest&) const = default;
  std::unique_ptr<Job> make_job() const;
};

}  // namespace nanscope
