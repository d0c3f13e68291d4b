#include "ui/labs/costs/plots/walk_plot.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "ui/charts/legend.h"
#include "ui/formula/formula.h"
#include "ui/labs/costs/plots/matrices.h"
#include "ui/labs/costs/plots/stacked_bars.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr float kRow = 1.55f;           // of the list, in heights of its text
constexpr float kDetail = 13.5f;        // heights of body text above the list
constexpr float kLargestDetail = 3.2f;  // of body text, in its letters
constexpr float kWidestDetail = 30.0f;  // letters of it, beside one another
constexpr float kMostList = 0.5f;       // of the height, for the list
constexpr float kLeastList = 4.0f;      // rows without which there is none

/// Where the list is, and which steps it shows.
struct WalkPlace {
  float em = 0;  ///< of what is above the list
  float detail_top = 0, list_top = 0, row = 0;
  std::size_t first = 0, count = 0;
};

WalkPlace place_walk(const CostsPicture& picture, const Style& style, const PlotPlace& place) {
  WalkPlace placed;
  placed.row = body(style) * text_size::legend * kRow;
  placed.detail_top = place.corner.y + title_height(style) + units(style, 6);
  const float bottom = place.corner.y + place.size.y;
  // A short list leaves room for larger matrices.
  const float room_for_both = bottom - placed.detail_top;
  const float list =
      std::min(placed.row * static_cast<float>(picture.walk.size() + 2), kMostList * room_for_both);
  placed.em = std::clamp(std::min((room_for_both - list) / kDetail, place.size.x / kWidestDetail),
                         body(style), kLargestDetail * body(style));
  placed.list_top = placed.detail_top + kDetail * placed.em;
  const auto room = static_cast<int>((bottom - placed.list_top) / placed.row) - 1;  // the head
  if (static_cast<float>(room) < kLeastList) return placed;
  placed.count = std::min(picture.walk.size(), static_cast<std::size_t>(room));
  const std::size_t last = picture.walk.size() - placed.count;
  const std::size_t half = placed.count / 2, step = picture.step();
  placed.first = std::min(step > half ? step - half : 0, last);
  return placed;
}

std::string cost_words(const WalkStep& step) {
  if (step.spared) return text("costs.walk.spared");
  const std::string bytes =
      format_text("costs.walk.bytes", fmt::arg("bytes", bytes_text(double(step.bytes))));
  if (step.flops == 0)
    return text("costs.walk.by_bytes") + std::string(text("describe.separator")) + bytes;
  const std::string intensity = format_text(
      "costs.walk.intensity", fmt::arg("value", number_text(step.flops / double(step.bytes))));
  return product_words(step) + text("describe.separator") + bytes + text("describe.separator") +
         intensity;
}

/// A few matrices stand beside the words where there is room for both; else below them.
bool matrices_beside(const WalkStep& step, const PlotPlace& place, float em) {
  return step.reads.size() <= 2 && place.size.x > 34 * em;
}

/// What is computed, in words, as a formula and in numbers.
float draw_detail_words(Canvas& canvas, const CostsPicture& picture, const WalkPlace& placed,
                        const PlotPlace& place, float width) {
  const Style& style = canvas.style();
  const WalkStep& step = picture.walk[picture.step()];
  const float em = placed.em;
  const bool beside = matrices_beside(step, place, em);
  float y = placed.detail_top;
  const std::string kind = step.kind == step.layer ? "" : text("describe.separator") + step.kind;
  canvas.text({place.corner.x, y},
              cut_text(style, Face::semibold, em,
                       way_words(step) + text("describe.separator") + step.layer + kind, width),
              {Face::semibold, em, ink(way_color(style, step))});
  y += em * 1.6f;
  // The optimizers' equations have several lines of their own.
  for (const FormulaBox& line : set_formula_lines(
           style, step.equation, em * (step.equation.size() > 60 ? 1.0f : 1.35f), width)) {
    if (y > placed.detail_top + (beside ? 8 : 5) * em) break;
    draw_formula(canvas, line, {place.corner.x, y}, ink(style.palette.text));
    y += line.height() + em * 0.3f;
  }
  if (step.arithmetic.empty()) return y;
  if (!beside) y = placed.detail_top + 3.9f * em;
  canvas.text({place.corner.x, y}, cut_text(style, Face::mono, em * 0.9f, step.arithmetic, width),
              {Face::mono, em * 0.9f, ink(style.palette.muted)});
  return y + 1.4f * em;
}

void draw_detail(Canvas& canvas, const CostsPicture& picture, const WalkPlace& placed,
                 const PlotPlace& place) {
  const Style& style = canvas.style();
  const WalkStep& step = picture.walk[picture.step()];
  const float em = placed.em;
  const bool beside = matrices_beside(step, place, em);
  const float width = beside ? place.size.x * 0.4f : place.size.x;
  const float gap = beside ? em : 0;
  float y = draw_detail_words(canvas, picture, placed, place, width - gap);
  if (beside) {
    draw_matrices(canvas, step, {place.corner.x + width + gap, placed.detail_top + em},
                  {place.size.x - width - gap, em * 9.5f}, em * 1.6f);
    y += 0.6f * em;
  } else {
    draw_matrices(canvas, step, {place.corner.x, placed.detail_top + 5.2f * em},
                  {place.size.x, em * 6}, em);
    y = placed.detail_top + 11.5f * em;
  }
  const float size = body(style) * text_size::legend;
  for (const std::string& line :
       wrapped_lines(style, Face::regular, size, cost_words(step), width - gap)) {
    if (y + size > placed.list_top) break;
    canvas.text({place.corner.x, y}, line, {Face::regular, size, ink(style.palette.muted)});
    y += size * 1.3f;
  }
}

/// The columns of the list, in shares of its width.
struct ListColumns {
  float way = 0.06f, layer = 0.24f, equation = 0.42f, flops = 1;
};

void draw_list_row(Canvas& canvas, const CostsPicture& picture, std::size_t index, ImVec2 corner,
                   float width, float row) {
  const Style& style = canvas.style();
  const WalkStep& step = picture.walk[index];
  const float size = body(style) * text_size::legend;
  const bool here = index == picture.step();
  if (here)
    canvas.fill(corner, {corner.x + width, corner.y + row}, ink(style.palette.accent, 0.16f),
                units(style, 3));
  const ListColumns columns;
  const float y = corner.y + (row - size * 1.2f) / 2;
  const auto cell = [&](float from, float to, std::string words, Face face, const ImVec4& color) {
    canvas.text({corner.x + from * width, y},
                cut_text(style, face, size, std::move(words), (to - from) * width - size * 0.5f),
                {face, size, ink(color)});
  };
  const ImVec4& color = step.spared ? style.palette.muted : style.palette.text;
  const std::string flops = step.spared      ? std::string(text("costs.walk.none"))
                            : step.flops > 0 ? grouped(step.flops)
                                             : bytes_text(static_cast<double>(step.bytes));
  const float right = text_extent(style, Face::mono, size, flops).x + size;
  canvas.text({corner.x + columns.way * width - size * 0.6f, y}, std::to_string(index + 1),
              {Face::mono, size, ink(style.palette.muted), Anchor::right});
  cell(columns.way, columns.layer, way_words(step), here ? Face::semibold : Face::regular,
       way_color(style, step));
  cell(columns.layer, columns.equation, step.layer, Face::regular, color);
  cell(columns.equation, columns.flops - right / width, step.equation, Face::mono, color);
  canvas.text({corner.x + width - size * 0.5f, y}, flops,
              {Face::mono, size, ink(color), Anchor::right});
}

void draw_list(Canvas& canvas, const CostsPicture& picture, const WalkPlace& placed,
               const PlotPlace& place) {
  if (placed.count == 0) return;
  const Style& style = canvas.style();
  const float size = body(style) * text_size::small;
  const ListColumns columns;
  const auto head = [&](float share, const char* key, Anchor anchor) {
    canvas.text({place.corner.x + share * place.size.x, placed.list_top}, text(key),
                {Face::regular, size, ink(style.palette.muted), anchor});
  };
  head(columns.way, "costs.walk.way", Anchor::left);
  head(columns.layer, "costs.walk.layer", Anchor::left);
  head(columns.equation, "costs.walk.equation", Anchor::left);
  head(columns.flops - 0.008f, "costs.walk.cost", Anchor::right);
  for (std::size_t i = 0; i < placed.count; ++i)
    draw_list_row(canvas, picture, placed.first + i,
                  {place.corner.x, placed.list_top + placed.row * static_cast<float>(i + 1)},
                  place.size.x, placed.row);
}

void draw_walk(Canvas& canvas, const CostsPicture& picture, const PlotPlace& place) {
  const Style& style = canvas.style();
  if (picture.walk.empty()) return;
  const WalkPlace placed = place_walk(picture, style, place);
  draw_title(
      canvas,
      format_text("costs.walk.title", fmt::arg("step", picture.step() + 1),
                  fmt::arg("steps", picture.walk.size())),
      text(picture.settings.walk == WalkOf::run ? "costs.predicted_by_plan" : "costs.computed"),
      place.corner, place.size.x);
  draw_detail(canvas, picture, placed, place);
  draw_list(canvas, picture, placed, place);
}

std::optional<PlotReading> read_walk(const CostsPicture& picture, const Style& style,
                                     const PlotPlace& place, ImVec2 pointer) {
  if (picture.walk.empty()) return std::nullopt;
  const WalkPlace placed = place_walk(picture, style, place);
  const float row = (pointer.y - placed.list_top) / placed.row - 1;
  if (row < 0 || row >= static_cast<float>(placed.count)) return std::nullopt;
  const std::size_t index = placed.first + static_cast<std::size_t>(row);
  const WalkStep& step = picture.walk[index];
  PlotReading reading{pointer, {step.equation, cost_words(step)}};
  reading.index = static_cast<int>(index);
  return reading;
}

}  // namespace

std::string shape_words(const WalkTensor& tensor) {
  if (tensor.shape.empty()) return text("costs.walk.number");
  std::vector<std::int64_t> shape = tensor.shape;
  if (tensor.transposed && shape.size() > 1)
    std::swap(shape[shape.size() - 1], shape[shape.size() - 2]);
  return fmt::format("({})", fmt::join(shape, ", "));
}

std::string product_words(const WalkStep& step) {
  if (!step.product || step.spared || step.reads.size() < 2) return "";
  const WalkTensor& left = step.reads[0];
  const auto rows = static_cast<std::ptrdiff_t>(left.shape.size());
  if (rows < 2 || step.writes.shape.size() < 2) return flops_words(step.flops);
  const std::int64_t inner = left.shape[static_cast<std::size_t>(rows - (left.transposed ? 2 : 1))];
  const std::size_t last = step.writes.shape.size() - 1;
  std::int64_t networks = 1;
  for (std::size_t i = 0; i + 2 < step.writes.shape.size(); ++i) networks *= step.writes.shape[i];
  return fmt::format("{}2 x {} x {} x {} = {}",
                     networks > 1 ? fmt::format("{} x ", networks) : std::string(),
                     step.writes.shape[last - 1], inner, step.writes.shape[last],
                     format_text("costs.flops", fmt::arg("count", grouped(step.flops))));
}

std::string way_words(const WalkStep& step) {
  switch (step.way) {
    case WalkWay::forward:
      return text("costs.way.forward");
    case WalkWay::loss:
      return text("costs.way.loss");
    case WalkWay::recomputed:
      return text("costs.way.recomputed");
    case WalkWay::optimizer:
      return text("costs.way.optimizer");
    case WalkWay::backward:
      break;
  }
  if (!step.product) return text("costs.way.backward");
  return text(step.by_input ? "costs.way.by_input" : "costs.way.by_weight");
}

Plot walk_plot(std::shared_ptr<const CostsPicture> picture) {
  return {.name = "walk",
          .draw = [picture](Canvas& canvas,
                            const PlotPlace& place) { draw_walk(canvas, *picture, place); },
          .read = [picture](const Style& style, const PlotPlace& place,
                            ImVec2 pointer) { return read_walk(*picture, style, place, pointer); }};
}

}  // namespace nanscope
