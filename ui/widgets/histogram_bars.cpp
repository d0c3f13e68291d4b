#include "ui/widgets/histogram_bars.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "imgui.h"
#include "ui/canvas/canvas.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

std::string power_of_two(int exponent) { return fmt::format("2^{}", exponent); }

double share(std::int64_t part, std::int64_t count) {
  return count > 0 ? static_cast<double>(part) / static_cast<double>(count) : 0;
}

/// What the bar under the pointer holds.
void bar_tooltip(const Histogram& histogram, std::size_t bin, std::int64_t count,
                 const Style& style) {
  const int low = histogram.first_exponent + static_cast<int>(bin);
  const std::string words = format_text(
      "inspector.bin", fmt::arg("low", power_of_two(low)), fmt::arg("high", power_of_two(low + 1)),
      fmt::arg("positive", number_text(100 * share(histogram.positive[bin], count))),
      fmt::arg("negative", number_text(100 * share(histogram.negative[bin], count))));
  begin_pointer_tooltip();
  styled_text(words, style.fonts.mono, 0.875f, style.palette.text);
  ImGui::EndTooltip();
}

}  // namespace

void histogram_bars(const Histogram& histogram, std::int64_t count, ImVec2 size,
                    const Style& style) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton("histogram bars", size);
  ScreenCanvas canvas(*ImGui::GetWindowDrawList(), style);
  const std::size_t bins = histogram.positive.size();
  const float caption = ImGui::GetFontSize() * 0.85f;
  const float height = size.y - caption - unit(style) / 4;
  std::int64_t up = 0, down = 0;
  for (const std::int64_t bin : histogram.positive) up = std::max(up, bin);
  for (const std::int64_t bin : histogram.negative) down = std::max(down, bin);
  const std::int64_t both = std::max<std::int64_t>(up + down, 1);
  // Each side of the middle line gets the room that its tallest bar needs.
  const float middle = std::round(corner.y + height * static_cast<float>(share(up, both)));
  const ImU32 muted = ink(style.palette.muted);
  if (bins == 0) {
    canvas.text({corner.x, middle - caption / 2}, text("plot.no_histogram"),
                {Face::regular, ImGui::GetFontSize(), muted});
    return;
  }
  const float step = std::min(size.x / static_cast<float>(bins), unit(style) * 4);
  const float left = corner.x + (size.x - step * static_cast<float>(bins)) / 2;
  const float gap = step > 4 ? 1.0f : 0.0f;
  const auto bar = [&](std::size_t i, std::int64_t value, float direction, const ImVec4& color) {
    const float length = static_cast<float>(share(value, both)) * (height - 2);
    if (value == 0) return;
    const float x = left + step * static_cast<float>(i);
    const float end = middle + direction * std::max(1.0f, length);
    canvas.fill({x, std::min(middle, end)}, {x + step - gap, std::max(middle, end)}, ink(color), 0);
  };
  for (std::size_t i = 0; i < bins; ++i) {
    bar(i, histogram.positive[i], -1, style.palette.measured);
    bar(i, histogram.negative[i], 1, style.palette.muted);
  }
  canvas.line({corner.x, middle}, {corner.x + size.x, middle}, ink(style.palette.border), 1);

  const auto label = [&](const std::string& words, float x, float align) {
    const float width = text_extent(style, Face::mono, caption, words).x;
    canvas.text({std::clamp(x - align * width, corner.x, corner.x + size.x - width),
                 corner.y + size.y - caption},
                words, {Face::mono, caption, muted});
  };
  label(power_of_two(histogram.first_exponent), left, 0.0f);
  label(power_of_two(histogram.first_exponent + static_cast<int>(bins)),
        left + step * static_cast<float>(bins), 1.0f);

  const float at = (ImGui::GetIO().MousePos.x - left) / step;
  if (ImGui::IsItemHovered() && at >= 0 && at < static_cast<float>(bins))
    bar_tooltip(histogram, static_cast<std::size_t>(at), count, style);
}

}  // namespace nanscope
