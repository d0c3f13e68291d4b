#pragma once

#include <chrono>
#include <stop_token>

#include "engine/job/job.h"

namespace nanscope {

/// Watches over a long piece of work: says how far it is, once an interval at most, and whether
/// somebody asked to stop.
class Watch {
 public:
  Watch(std::stop_token stop, Progress progress,
        std::chrono::milliseconds interval = std::chrono::milliseconds(100))
      : stop_(std::move(stop)), progress_(std::move(progress)), interval_(interval) {}

  /// The steps that follow are this part of the whole work, of 0..1.
  void enter_part(double begin, double end) {
    begin_ = begin;
    end_ = end;
  }

  /// Before a layer (counted from 0) of so many, `fraction` of the way through the part; `what` is
  /// said with both: "drawing weights, layer {} of {}". False when it has to stop.
  bool step(Template<2> what, int layer, int layers, double fraction);
  /// How far the whole work was at the latest step, 0..1.
  double fraction() const { return fraction_; }

 private:
  std::stop_token stop_;
  Progress progress_;
  std::chrono::milliseconds interval_;
  double begin_ = 0, end_ = 1;  ///< of the part
  double fraction_ = 0;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace nanscope
