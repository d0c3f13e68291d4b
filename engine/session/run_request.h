#pragma once

#include <functional>
#include <stop_token>
#include <utility>

#include "engine/engine.h"

namespace nanscope {

/// Carries out one request to its end on this thread, without slices. `engine` may be null for a
/// request that needs none. `told` hears how many seconds it will take, where that is predicted.
Result<JobResult> run_request(Engine* engine, const JobRequest& request, std::stop_token stop,
                              Progress progress, std::function<void(double seconds)> told = {});

/// The same, with the answer that belongs to the kind of request.
template <Request T>
Result<typename T::Answer> answer(Engine& engine, T request, std::stop_token stop = {},
                                  Progress progress = {},
                                  std::function<void(double seconds)> told = {}) {
  return run_request(&engine, std::move(request), std::move(stop), std::move(progress),
                     std::move(told))
      .map([](const JobResult& result) { return *result.as<typename T::Answer>(); });
}

}  // namespace nanscope
