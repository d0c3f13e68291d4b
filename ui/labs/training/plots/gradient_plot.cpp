#include "ui/labs/training/plots/gradient_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "engine/numbers/format.h"
#include "engine/recipe/gradient_magnitudes.h"
#include "ui/canvas/power_text.h"
#include "ui/charts/chart_area.h"
#include "ui/charts/legend.h"
#include "ui/labs/training/plots/run_axis.h"
#include "ui/labs/training/plots/run_place.h"
#include "ui/labs/training/words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

const NumberFormat& format_of(const GradientMagnitudes& gradients) {
  return *find_format(gradients.format);
}

/// The last look at them before the step that is chosen or pointed at, or at it; else the newest.
std::shared_ptr<const GradientMagnitudes> look_of(const RunPicture& picture) {
  const RunSummary& run = *picture.run;
  const int network = seen_network(run, picture.view);
  const auto& looks = run.history->gradients_of(network).looks();
  const auto& told = run.gradients_of(network);
  const bool newer = looks.empty() || (told && told->step >= looks.back()->step);
  const auto newest = newer ? told : looks.back();
  if (looks.empty() || (!picture.view.look && !picture.guide)) return newest;
  const auto is_behind = [&](const std::shared_ptr<const GradientMagnitudes>& look) {
    if (picture.view.look) return look->step > *picture.view.look;
    return place_along(run, axis_of(picture), static_cast<double>(look->step)) > *picture.guide;
  };
  const auto behind = std::ranges::find_if(looks, is_behind);
  if (behind == looks.end() && newest->step > looks.back()->step && !is_behind(newest))
    return newest;
  return behind == looks.begin() ? looks.front() : *(behind - 1);
}

/// Of the layer that the view chooses, or of all; its name.
std::pair<GradientMagnitudes, std::string> chosen_gradients(const RunPicture& picture) {
  const GradientMagnitudes& all = *look_of(picture);
  const std::size_t place =
      picture.view.layer ? layer_place(all, *picture.view.layer) : all.layers.size();
  if (place == all.layers.size()) return {all, ""};
  return {with_counts(all, all.layers[place].counted), all.layers[place].layer};
}

struct GradientPlace {
  GradientMagnitudes gradients;
  std::string layer;  ///< "": of all
  const NumberFormat& format;
  std::vector<LegendEntry> legend;
  float title = 0;  ///< its height
  ChartFrame frame;

  double shift() const { return std::log2(gradients.loss_scale); }
  double share(std::int64_t count) const {
    return static_cast<double>(count) /
           static_cast<double>(std::max<std::int64_t>(gradients.total, 1));
  }
  int exponent(std::size_t bin) const { return gradients.first_exponent + static_cast<int>(bin); }
};

/// A power of two as such.
std::string scale_words(double scale, const Style& style) {
  const double exponent = std::log2(scale);
  const bool is_power = exponent == std::round(exponent);
  return is_power ? power_text(2, static_cast<int>(exponent), style.fonts.regular)
                  : number_text(scale);
}

std::string percent_words(double share) { return fmt::format("{} %", number_text(100 * share)); }

/// The share of the elements whose binade, moved by `shift`, begins below 2^`end`.
double share_below(const GradientPlace& placed, double shift, double end) {
  std::int64_t below = 0;
  for (std::size_t bin = 0; bin < placed.gradients.counts.size(); ++bin)
    if (placed.exponent(bin) - shift + 0.5 < end) below += placed.gradients.counts[bin];
  return placed.share(below);
}

Stroke measured_stroke(const Style& style) { return {.color = style.palette.series[0]}; }
Stroke unscaled_stroke(const Style& style) {
  return {.color = style.palette.series[1], .dash = {6, 3}, .width = 0.75f};
}

std::vector<LegendEntry> legend_of(const GradientPlace& placed, const Style& style) {
  const GradientMagnitudes& gradients = placed.gradients;
  const bool scaled = gradients.loss_scale != 1;
  const double zeros = placed.share(gradients.zeros);
  std::string words = format_text(
      scaled ? "run.gradients.scaled" : "run.gradients.plain",
      fmt::arg("scale", scale_words(gradients.loss_scale, style)),
      fmt::arg("zeros", percent_words(zeros)),
      fmt::arg("subnormal",
               percent_words(share_below(placed, 0, std::log2(placed.format.smallest_normal)))));
  if (gradients.nonfinite > 0)
    words += format_text("run.gradients.nonfinite",
                         fmt::arg("share", percent_words(placed.share(gradients.nonfinite))));
  std::vector<LegendEntry> legend{
      {.sample = Sample::band,
       .words = std::move(words),
       .stroke = measured_stroke(style),
       .narrow = format_text("run.gradients.narrow", fmt::arg("zeros", percent_words(zeros)))}};
  if (!scaled) return legend;
  // What is below half of the smallest number is rounded to 0.
  const double lost =
      share_below(placed, placed.shift(), std::log2(placed.format.smallest_subnormal) - 1);
  legend.push_back(
      {Sample::line,
       format_text("run.gradients.without", fmt::arg("zeros", percent_words(zeros + lost))),
       unscaled_stroke(style)});
  return legend;
}

/// Powers of two around the gradients, with and without the scale, and the format's range.
std::vector<double> ends_of(const GradientPlace& placed) {
  const GradientMagnitudes& gradients = placed.gradients;
  std::vector<double> ends;
  if (!gradients.counts.empty()) {
    const double low = gradients.first_exponent;
    const double high = placed.exponent(gradients.counts.size());
    for (const double shift : {0.0, placed.shift()})
      ends.insert(ends.end(), {std::exp2(low - shift), std::exp2(high - shift)});
  }
  if (is_narrow(placed.format) || ends.empty())
    ends.insert(ends.end(), {placed.format.smallest_subnormal / 4, placed.format.largest * 4});
  return ends;
}

Plate range_plate(const Style& style) {
  return {.size = body(style) * text_size::small, .color = style.palette.text};
}

constexpr float kNameGap = 4;  // units, around a name of the range

/// Where no other one is finite those that are 0 have a bar at the lower end of the axis, which has
/// no 0.
std::optional<Limits> zero_bar(const GradientPlace& placed) {
  constexpr double kOfAxis = 1.0 / 24;
  const auto is_some = [](std::int64_t count) { return count > 0; };
  if (placed.gradients.zeros == 0 || std::ranges::any_of(placed.gradients.counts, is_some))
    return std::nullopt;
  const Limits& axis = placed.frame.x.home;
  return Limits{axis.low, axis.low + kOfAxis * axis.span()};
}

double highest_share(const GradientPlace& placed) {
  const auto most = std::ranges::max_element(placed.gradients.counts);
  return most == placed.gradients.counts.end() || *most == 0 ? 1 : placed.share(*most);
}

/// What the axis goes to, so that a row of names has room over the highest bar; no share is
/// above 1.
double with_room_for_names(double highest, const Style& style, float height) {
  constexpr double kMost = 0.5;  // of the plot area
  const float row = plate_size(style, range_plate(style), "fp16").y + 2 * units(style, kNameGap);
  const double taken = std::min(static_cast<double>(row / std::max(height, 1.0f)), kMost);
  return std::min(highest / (1 - taken), 1.0);
}

GradientPlace place_gradients(const RunPicture& picture, const Style& style,
                              const PlotPlace& place) {
  auto [gradients, layer] = chosen_gradients(picture);
  GradientPlace placed{.gradients = gradients,
                       .layer = std::move(layer),
                       .format = format_of(gradients),
                       .legend = {},
                       .frame = {}};
  placed.legend = legend_of(placed, style);
  const ChartArea area = area_below(style, placed.legend, place);
  placed.title = area.title;
  const double highest =
      with_room_for_names(highest_share(placed), style, area.size.y - frame_height(style));
  placed.frame = place_chart(
      style,
      scaled_axis(ends_of(placed),
                  {.log_base = 2, .most = area.columns, .zoom = place.zoom.x, .held = place.held.x},
                  style.fonts.regular),
      scaled_axis(std::array{0.0, highest},
                  {.most = area.rows, .percent = true, .zoom = place.zoom.y, .held = place.held.y},
                  style.fonts.regular),
      area.corner, area.size);
  return placed;
}

void draw_bars(Canvas& canvas, const GradientPlace& placed) {
  const ImU32 color = ink(placed.legend.front().stroke.color, 0.55f);
  for (std::size_t bin = 0; bin < placed.gradients.counts.size(); ++bin) {
    const double share = placed.share(placed.gradients.counts[bin]);
    const ImVec2 low = placed.frame.at_units(placed.exponent(bin), share);
    const ImVec2 high = placed.frame.at_units(placed.exponent(bin) + 1, 0);
    if (share > 0) canvas.fill({std::round(low.x), low.y}, {std::round(high.x), high.y}, color);
  }
  if (const auto zeros = zero_bar(placed))
    canvas.fill(placed.frame.at_units(zeros->low, placed.share(placed.gradients.zeros)),
                placed.frame.at_units(zeros->high, 0), color);
}

/// The bars' outline where they would be without the scale.
std::vector<ImVec2> unscaled_outline(const GradientPlace& placed) {
  std::vector<ImVec2> outline;
  const auto add = [&](double exponent, double share) {
    outline.push_back(placed.frame.at_units(exponent - placed.shift(), share));
  };
  const std::vector<std::int64_t>& counts = placed.gradients.counts;
  if (counts.empty()) return outline;
  add(placed.exponent(0), 0);
  for (std::size_t bin = 0; bin < counts.size(); ++bin) {
    add(placed.exponent(bin), placed.share(counts[bin]));
    add(placed.exponent(bin) + 1, placed.share(counts[bin]));
  }
  add(placed.exponent(counts.size()), 0);
  return outline;
}

/// Points of the bars, and of the outline if there is one, no further from one another than words
/// are high.
std::vector<ImVec2> drawn_points(const GradientPlace& placed, const Style& style) {
  const LabelBox area{placed.frame.low, placed.frame.high};
  const float apart = body(style) / 4;
  std::vector<ImVec2> points;
  for (std::size_t bin = 0; bin < placed.gradients.counts.size(); ++bin) {
    const double share = placed.share(placed.gradients.counts[bin]);
    if (share == 0) continue;
    const auto at = [&](double right, double high) {
      return placed.frame.at_units(placed.exponent(bin) + right, high * share);
    };
    for (const double right : {0.0, 0.5, 1.0})
      add_points_along(points, std::array{at(right, 0), at(right, 1)}, apart, area);
  }
  if (placed.gradients.loss_scale != 1)
    add_points_along(points, unscaled_outline(placed), apart, area);
  if (const auto zeros = zero_bar(placed))
    for (const double x : {zeros->low, zeros->high})
      add_points_along(points,
                       std::array{placed.frame.at_units(x, 0),
                                  placed.frame.at_units(x, placed.share(placed.gradients.zeros))},
                       apart, area);
  return points;
}

/// Where the format's range ends, and where its normal numbers begin, in pixels.
struct RangeEnds {
  float least, normal, largest;
};
RangeEnds range_ends(const GradientPlace& placed) {
  const auto x_at = [&](double value) { return placed.frame.x_at(value); };
  return {x_at(placed.format.smallest_subnormal), x_at(placed.format.smallest_normal),
          x_at(placed.format.largest)};
}

/// What is below the range becomes 0, what is above it infinite; what is not normal loses digits.
void draw_range(Canvas& canvas, const GradientPlace& placed) {
  const Style& style = canvas.style();
  const ChartFrame& frame = placed.frame;
  const auto field = [&](float left, float right, const ImVec4& color, float alpha) {
    left = std::clamp(left, frame.low.x, frame.high.x);
    right = std::clamp(right, frame.low.x, frame.high.x);
    if (right > left) canvas.fill({left, frame.low.y}, {right, frame.high.y}, ink(color, alpha));
  };
  const auto [least, normal, largest] = range_ends(placed);
  field(frame.low.x, least, style.palette.bad, 0.14f);
  field(least, normal, style.palette.bad, 0.06f);
  field(largest, frame.high.x, style.palette.bad, 0.14f);
}

void name_range(Canvas& canvas, const GradientPlace& placed) {
  const Style& style = canvas.style();
  const ChartFrame& frame = placed.frame;
  const auto [least, normal, largest] = range_ends(placed);
  LabelPlaces places({frame.low, frame.high}, drawn_points(placed, style));
  const Plate plate = range_plate(style);
  struct End {
    float x;
    std::array<const char*, 2> names;  ///< whole, and short
  };
  const std::array ends{
      End{least, {"run.gradients.smallest", "run.gradients.smallest_short"}},
      End{normal, {"run.gradients.smallest_normal", "run.gradients.smallest_normal_short"}},
      End{largest, {"run.gradients.largest", "run.gradients.largest_short"}}};
  const auto is_seen = [&](float x) { return x >= frame.low.x && x <= frame.high.x; };
  // A name that reaches another line would be read as that one's.
  const auto own_corners = [&](float x, ImVec2 size) {
    std::vector<ImVec2> corners = corners_beside(style, frame, x, size, 4);
    const float apart = 2 * units(style, kNameGap);
    std::erase_if(corners, [&](ImVec2 corner) {
      return std::ranges::any_of(std::array{least, normal, largest}, [&](float line) {
        return line != x && is_seen(line) && line > corner.x - apart &&
               line < corner.x + size.x + apart;
      });
    });
    return corners;
  };
  for (const auto& [x, names] : ends)
    if (is_seen(x))
      canvas.dashes(std::array{ImVec2{x, frame.low.y}, ImVec2{x, frame.high.y}},
                    ink(style.palette.muted), units(style, 1), {2, 3});
  for (const auto& [x, names] : ends) {
    if (!is_seen(x)) continue;
    for (const char* name : names) {
      const std::string words = format_text(name, fmt::arg("format", placed.format.name));
      const ImVec2 size = plate_size(style, plate, words);
      // A name gives way to the bars: what is told is how many of them lie where.
      const auto at = places.take(own_corners(x, size), size, 0);
      if (!at) continue;
      draw_plate(canvas, plate, *at, words, frame.low, frame.high);
      break;
    }
  }
  if (const auto zeros = zero_bar(placed)) {
    const std::string words = text("run.gradients.zero");
    const ImVec2 size = plate_size(style, plate, words);
    const float x = frame.at_units(zeros->high, 0).x;
    if (const auto at = places.take(corners_beside(style, frame, x, size, 4), size))
      draw_plate(canvas, plate, *at, words, frame.low, frame.high);
  }
}

/// The words, or where they are wider than this the brief ones.
std::string fitting(const Style& style, Face face, float size, float width, std::string words,
                    std::string brief) {
  return text_extent(style, face, size, words).x <= width ? std::move(words) : std::move(brief);
}

void draw_gradients(Canvas& canvas, const RunPicture& picture, const PlotPlace& place) {
  const RunSummary& run = *picture.run;
  const GradientPlace placed = place_gradients(picture, canvas.style(), place);
  const auto words = [&](const char* of_all, const char* of_layer) {
    return format_text(placed.layer.empty() ? of_all : of_layer,
                       fmt::arg("step", placed.gradients.step), fmt::arg("layer", placed.layer));
  };
  const Style& style = canvas.style();
  draw_title(canvas,
             fitting(style, Face::semibold, body(style), place.size.x,
                     words("run.gradients.title", "run.gradients.layer_title"),
                     words("run.gradients.short_title", "run.gradients.short_layer_title")),
             note_within(picture, style, place.size.x), place.corner, place.size.x,
             network_name(run, seen_network(run, picture.view)));
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  const bool scaled = run.experiment.training.loss_scale.kind != LossScaleKind::none;
  const auto along = [&](const char* key, const char* with_scale) {
    return format_text(key, fmt::arg("layer", placed.layer),
                       fmt::arg("scaled", scaled ? text(with_scale) : ""));
  };
  draw_chart_frame(canvas, placed.frame,
                   fitting(style, Face::regular, body(style) * text_size::small,
                           placed.frame.high.x - placed.frame.low.x,
                           along(placed.layer.empty() ? "run.gradients.x" : "run.gradients.layer_x",
                                 "run.gradients.with_scale"),
                           along("run.gradients.short_x", "run.gradients.with_scale_short")),
                   text("run.gradients.y"));
  const FrameClip clip(canvas, placed.frame);
  draw_range(canvas, placed);
  draw_bars(canvas, placed);
  if (placed.gradients.loss_scale != 1)
    draw_stroke(canvas, unscaled_outline(placed), placed.legend.back().stroke);
  name_range(canvas, placed);
}

/// Of the bar of zeros, where the pointer is over it or under its end.
std::optional<PlotReading> read_zeros(const GradientPlace& placed, ImVec2 pointer) {
  const auto zeros = zero_bar(placed);
  if (!zeros || placed.frame.x_unit(pointer.x) > zeros->high) return std::nullopt;
  const double share = placed.share(placed.gradients.zeros);
  PlotReading reading{placed.frame.at_units((zeros->low + zeros->high) / 2, share),
                      {text("run.gradients.zero"), percent_words(share)}};
  reading.values.push_back({text("run.gradients.y"), share, share});
  return reading;
}

std::optional<PlotReading> read_gradients(const RunPicture& picture, const Style& style,
                                          const PlotPlace& place, ImVec2 pointer) {
  const GradientPlace placed = place_gradients(picture, style, place);
  if (!placed.frame.contains(pointer)) return std::nullopt;
  if (auto zeros = read_zeros(placed, pointer)) return zeros;
  const int exponent = static_cast<int>(std::floor(placed.frame.x_unit(pointer.x)));
  const int bin = exponent - placed.gradients.first_exponent;
  const bool counted = bin >= 0 && bin < static_cast<int>(placed.gradients.counts.size());
  const double share =
      counted ? placed.share(placed.gradients.counts[static_cast<std::size_t>(bin)]) : 0;
  const auto power = [&](int at) { return power_text(2, at, style.fonts.regular); };
  PlotReading reading{placed.frame.at_units(exponent + 0.5, share),
                      {format_text("run.gradients.at", fmt::arg("low", power(exponent)),
                                   fmt::arg("high", power(exponent + 1))),
                       percent_words(share)}};
  reading.values.push_back({text("run.gradients.y"), share, share});
  reading.on_drawn = share > 0;
  return reading;
}

}  // namespace

bool has_narrow_gradients(const RunSummary& run) {
  return run.gradients && is_narrow(format_of(*run.gradients));
}

Plot gradient_plot(std::shared_ptr<const RunPicture> picture) {
  return {
      .name = std::string(kGradientPlot),
      .draw = [picture](Canvas& canvas,
                        const PlotPlace& place) { draw_gradients(canvas, *picture, place); },
      .frame =
          [picture](const Style& style, const PlotPlace& place) {
            return place_gradients(*picture, style, place).frame;
          },
      .read = [picture](const Style& style, const PlotPlace& place,
                        ImVec2 pointer) { return read_gradients(*picture, style, place, pointer); },
      .grows = !picture->run->is_over()};
}

}  // namespace nanscope
