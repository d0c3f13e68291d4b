#include "ui/labs/tensors/plots/tensor_colors.h"

#include <algorithm>
#include <cmath>

namespace nanscope {
namespace {

constexpr float kWeakest = 0.10f, kStrongest = 0.72f;  // share of the hue in the surface

/// Relative luminance as WCAG 2 defines it.
float luminance(const ImVec4& color) {
  const auto linear = [](float channel) {
    return channel <= 0.04045f ? channel / 12.92f : std::pow((channel + 0.055f) / 1.055f, 2.4f);
  };
  return 0.2126f * linear(color.x) + 0.7152f * linear(color.y) + 0.0722f * linear(color.z);
}

/// Where white and dark text have the same contrast: 1.05 / (L + 0.05) = (L + 0.05) / 0.05.
constexpr float kEven = 0.179f;
bool is_light(const ImVec4& color) { return luminance(color) > kEven; }

/// The share of a hue in the surface at the end of a storage: text of one colour is read on all of
/// its cells.
float strongest_share(const ImVec4& surface, const ImVec4& hue) {
  const bool light = is_light(surface);
  const auto fits = [&](float share) { return is_light(blend(surface, hue, share)) == light; };
  if (fits(kStrongest)) return kStrongest;
  float low = kWeakest, high = kStrongest;
  for (int i = 0; i < 6; ++i) {
    const float middle = (low + high) / 2;
    (fits(middle) ? low : high) = middle;
  }
  return low;
}

}  // namespace

ImVec4 blend(const ImVec4& a, const ImVec4& b, float t) {
  return {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t, a.z + (b.z - a.z) * t, 1};
}

ImVec4 storage_color(const Style& style, int storage) {
  return style.palette.series[static_cast<std::size_t>(storage) % style.palette.series.size()];
}

ImVec4 memory_color(const Style& style, const TensorChain& chain, const MemoryCell& cell) {
  const std::int64_t last = chain.storages[static_cast<std::size_t>(cell.storage)].cell_count() - 1;
  const float along =
      last > 0 ? static_cast<float>(static_cast<double>(cell.cell) / static_cast<double>(last)) : 0;
  const ImVec4& surface = style.palette.surface;
  const ImVec4 hue = storage_color(style, cell.storage);
  const float strongest = strongest_share(surface, hue);
  return blend(surface, hue, kWeakest + (strongest - kWeakest) * std::clamp(along, 0.0f, 1.0f));
}

ImVec4 readable_on(const ImVec4& ground) {
  return is_light(ground) ? ImVec4{0.04f, 0.05f, 0.07f, 1} : ImVec4{1, 1, 1, 1};
}

}  // namespace nanscope
