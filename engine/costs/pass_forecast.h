#pragma once

#include <map>
#include <optional>

#include "engine/experiment/network.h"

namespace nanscope {

/// About how much a pass takes, predicted from the settings alone, before any of it is done.
struct PassForecast {
  double drawing_seconds = 0;  ///< of the weights, where they are not kept from the pass before
  double passing_seconds = 0;  ///< there and back
  double weight_bytes = 0;     ///< of the weights, as drawn and as used; buffers come on top

  double seconds() const { return drawing_seconds + passing_seconds; }
};

/// By nanoseconds a weight, as two threads of an EPYC (Zen 4) took at widths of 256 to 2048;
/// divided by `speed`, how many times as fast this machine is.
PassForecast forecast_pass(const NetworkSpec& network, int batch, double speed = 1);

/// How many times as fast as forecast_pass() says passes have been lately, with whatever else the
/// machine did.
class PassSpeed {
 public:
  /// A pass took so long; `drawn`: the weights were not kept from the pass before.
  void learn(const NetworkSpec& network, int batch, bool drawn, double seconds);
  /// By passes in this precision or, without any, in others; 1 before the first.
  double of(Precision precision) const;

 private:
  struct Record {
    double forecast = 0, took = 0;  ///< seconds
    double speed() const { return took > 0 ? forecast / took : 1; }
  };
  std::map<Precision, Record> by_precision_;
  std::optional<Precision> latest_;
};

}  // namespace nanscope
