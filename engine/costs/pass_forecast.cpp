#include "engine/costs/pass_forecast.h"

namespace nanscope {
namespace {

double nanoseconds_to_draw(InitScheme scheme) {
  if (scheme == InitScheme::truncated) return 15;
  if (scheme == InitScheme::orthogonal) return 30;
  return 4;
}

}  // namespace

PassForecast forecast_pass(const Experiment& experiment, double speed) {
  const double width = experiment.network.model.width;
  const double weights =
      experiment.network.model.depth * width * width * experiment.network.networks;
  const double drawing = nanoseconds_to_draw(experiment.network.init.scheme);
  // Scaling, measuring and storing a weight, and its products there and back.
  const double passing = 1 + 0.022 * experiment.data.batch;
  const double seconds_of_a_nanosecond = 1e-9 * weights / speed;
  constexpr double kBytes = 6;  // in fp32 and, at the least, in a format of 16 bits
  return {drawing * seconds_of_a_nanosecond, passing * seconds_of_a_nanosecond, kBytes * weights};
}

}  // namespace nanscope
