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
  return blend(style.palette.surface, storage_color(style, cell.storage),
               kWeakest + (kStrongest - kWeakest) * std::clamp(along, 0.0f, 1.0f));
}

ImVec4 readable_on(const ImVec4& ground) {
  // Where both have the same contrast: (1.05)/(L + 0.05) = (L + 0.05)/0.05.
  constexpr float kEven = 0.179f;
  return luminance(ground) > kEven ? ImVec4{0.04f, 0.05f, 0.07f, 1} : ImVec4{1, 1, 1, 1};
}

}  // namespace nanscope
