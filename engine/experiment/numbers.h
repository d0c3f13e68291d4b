#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/roundoff/settings.h"

// The group of an experiment that the Numbers lab shows.
namespace nanscope {

struct Key;

/// What the Numbers lab shows.
struct Numbers {
  std::string view = "bits";  ///< "bits", "ranges", or the name of an experiment on rounding
  std::string input = "0.1";  ///< the number, as it was typed
  /// Formats, rounding and overflow of every view; the rest belongs to the experiments.
  RoundoffSettings settings;
  bool operator==(const Numbers&) const = default;
};

/// The keys of the Numbers lab; numbers.view comes first, since it resets those behind it.
std::vector<Key> numbers_keys();

/// "bits", "ranges" and the names of the experiments on rounding, in the screen's order.
std::vector<std::string_view> numbers_views();

/// The view with the settings that show its effect at once, and the number that was there.
Numbers numbers_with_view(const Numbers& before, std::string_view view);

/// "fp16, e5m7 bias=20" -> {"fp16", "e5m7 bias=20"}: what stands between commas.
std::vector<std::string> split_formats(std::string_view list);
std::string join_formats(const std::vector<std::string>& formats);

}  // namespace nanscope
