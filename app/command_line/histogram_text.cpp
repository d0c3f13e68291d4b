#include "app/command_line/histogram_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace nanscope {
namespace {

constexpr int kMostCharacters = 72;
/// From a share of 10^-4 to all values, in equal steps of the logarithm.
constexpr std::string_view kRamp = ".:-=+*#%@";
constexpr double kSmallestShare = 1e-4;

/// The binades 2^low <= |x| < 2^high that some layer occupies.
struct Binades {
  int low = 0, high = 0;
};

Binades occupied(const SignalSnapshot& snapshot) {
  Binades all{INT32_MAX, INT32_MIN};
  for (const LayerSignal& layer : snapshot.layers) {
    if (layer.histogram.positive.empty()) continue;
    all.low = std::min(all.low, layer.histogram.first_exponent);
    all.high = std::max(all.high, layer.histogram.first_exponent +
                                      static_cast<int>(layer.histogram.positive.size()));
  }
  return all.low < all.high ? all : Binades{};
}

char character(double share) {
  if (share <= 0) return ' ';
  const double step =
      static_cast<double>(kRamp.size()) * (1 - std::log10(share) / std::log10(kSmallestShare));
  return kRamp[static_cast<std::size_t>(
      std::clamp(step, 0.0, static_cast<double>(kRamp.size() - 1)))];
}

/// One character for every `step` binades from `range.low` on.
std::string strip(const LayerSignal& layer, std::int64_t count, Binades range, int step) {
  const int characters = (range.high - range.low + step - 1) / step;
  std::vector<double> sums(static_cast<std::size_t>(characters));
  const Histogram& histogram = layer.histogram;
  for (std::size_t i = 0; i < histogram.positive.size(); ++i) {
    const int binade = histogram.first_exponent + static_cast<int>(i) - range.low;
    sums[static_cast<std::size_t>(binade / step)] +=
        static_cast<double>(histogram.positive[i] + histogram.negative[i]);
  }
  std::string text;
  for (const double sum : sums) text += character(sum / static_cast<double>(count));
  return text;
}

}  // namespace

std::string histogram_to_text(const SignalSnapshot& snapshot,
                              const std::function<bool(int layer)>& is_shown) {
  const Binades range = occupied(snapshot);
  const int step = std::max(1, (range.high - range.low + kMostCharacters - 1) / kMostCharacters);
  std::string text = fmt::format(
      "magnitudes of {}, measured: from 2^{} to 2^{}, {} power{} of two a character,\n"
      "from . for {:.2g} % to @ for all of a layer's values\n",
      name_of(snapshot.histogram_tensor), range.low, range.high, step, step == 1 ? "" : "s",
      100 * kSmallestShare);
  std::size_t width = 0;
  for (const LayerSignal& layer : snapshot.layers) width = std::max(width, layer.name.size());
  bool left_out = false;
  for (std::size_t i = 0; i < snapshot.layers.size(); ++i) {
    const bool shown = is_shown(static_cast<int>(i));
    if (!shown && !left_out) text += "...\n";
    left_out = !shown;
    if (!shown) continue;
    const LayerSignal& layer = snapshot.layers[i];
    text += fmt::format("{:<{}} |{}|\n", layer.name, width,
                        strip(layer, layer.of(snapshot.histogram_tensor).count, range, step));
  }
  return text;
}

}  // namespace nanscope
