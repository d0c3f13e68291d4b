#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/tensors/prediction.h"

namespace nanscope {

/// How long operations take on this machine. At first by the elements that they read, the bytes
/// that they make and the products that they multiply; then by what operations of the name, or else
/// all operations, have taken so far, with whatever else the machine did.
class OperationPace {
 public:
  /// About how many seconds an operation takes.
  double seconds(std::string_view name, const Prediction& prediction) const;
  /// How many it took.
  void learn(std::string_view name, const Prediction& prediction, double seconds);

 private:
  /// How many times as long as predicted, and from how many seconds that is known.
  struct Ratio {
    double value = 1;
    double seconds = 0;

    void take(double ratio, double from_seconds);
  };

  Ratio all_;
  std::map<std::string, Ratio, std::less<>> by_name_;
};

}  // namespace nanscope
