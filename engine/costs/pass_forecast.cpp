#include "engine/costs/pass_forecast.h"

#include <cmath>

namespace nanscope {
namespace {

double nanoseconds_to_draw(InitScheme scheme) {
  if (scheme == InitScheme::truncated) return 15;
  if (scheme == InitScheme::orthogonal) return 30;
  return 4;
}

/// A weight as drawn and, at the least, as used.
double bytes_of_weight(Precision precision) {
  if (precision == Precision::fp64) return 4 + 8;
  return precision == Precision::fp32 || precision == Precision::tf32 ? 4 + 4 : 4 + 2;
}

}  // namespace

PassForecast forecast_pass(const NetworkSpec& network, int batch, double speed) {
  const double width = network.model.width;
  const double weights = network.model.depth * width * width * network.networks;
  const double drawing = nanoseconds_to_draw(network.init.scheme);
  // Scaling, measuring and storing a weight, and its products there and back.
  const double passing = 1 + 0.022 * batch;
  const double seconds_of_a_nanosecond = 1e-9 * weights / speed;
  return {drawing * seconds_of_a_nanosecond, passing * seconds_of_a_nanosecond,
          bytes_of_weight(network.precision) * weights};
}

void PassSpeed::learn(const NetworkSpec& network, int batch, bool drawn, double seconds) {
  // Narrow layers take their time for other things than their weights.
  constexpr int kNarrow = 128;
  constexpr double kRemembered = 5;  // seconds of work: what the machine does changes
  if (network.model.width < kNarrow || seconds <= 0) return;
  const PassForecast forecast = forecast_pass(network, batch);
  Record& record = by_precision_[network.precision];
  const double kept = std::exp(-seconds / kRemembered);
  record.forecast =
      kept * record.forecast + (drawn ? forecast.seconds() : forecast.passing_seconds);
  record.took = kept * record.took + seconds;
  latest_ = network.precision;
}

double PassSpeed::of(Precision precision) const {
  constexpr double kTrifle = 0.01;  // seconds that tell nothing
  for (const std::optional<Precision> one : {std::optional(precision), latest_}) {
    const auto found = one ? by_precision_.find(*one) : by_precision_.end();
    if (found != by_precision_.end() && found->second.took > kTrifle) return found->second.speed();
  }
  return 1;
}

}  // namespace nanscope
