#include "ui/labs/tensors/plots/tensor_chain_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/labs/tensors/plots/tensor_colors.h"
#include "ui/labs/tensors/plots/tensor_rows.h"
#include "ui/labs/tensors/plots/tensor_sources.h"
#include "ui/labs/tensors/plots/tensor_words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// Draws the cards of a chain that lies at `corner`.
class ChainPainter {
 public:
  ChainPainter(Canvas& canvas, const TensorChain& chain, const ChainLayout& layout, ImVec2 corner,
               const ChainView& view)
      : canvas_(canvas),
        style_(canvas.style()),
        palette_(style_.palette),
        chain_(chain),
        layout_(layout),
        corner_(corner),
        view_(view),
        sources_(view.element ? sources_of(chain, *view.element) : std::vector<SourceElements>()),
        hairline_(std::max(1.0f, layout.metrics.unit / 8)) {}

  void frame(const CardLayout& card) const;
  void words(const CardLayout& card) const;
  void strip(const CardLayout& card) const;
  void grid(const CardLayout& card) const;
  void scrolls(const CardLayout& card) const;

 private:
  const TensorStep* step_of(const CardLayout& card) const {
    const auto index = static_cast<std::size_t>(card.step);  // of kLeftOut: larger than any
    return index < chain_.steps.size() ? &chain_.steps[index] : nullptr;
  }
  ImVec2 at(ImVec2 point) const { return plus(corner_, point); }
  void badge(const CardLayout& card, const CardText& line) const;
  void address_line(const CardLayout& card, const TensorStep& step) const;
  void cache_lines(const StripLayout& strip) const;
  void memory_value(Rectangle box, const MemoryCell& cell, bool read) const;
  void memory_lines(const CardLayout& card, int storage) const;
  void value(Rectangle box, const std::string& words, const ImVec4& ground, float size) const;
  void element(Rectangle box, const TensorStep& step, const MemoryCell& cell,
               const std::optional<CellValue>& known, bool with_text) const;
  void light(Rectangle box) const;
  void mark_source(Rectangle box) const;
  void mark_written(Rectangle box) const;
  /// The cells of memory of a step that the element under the pointer was computed from, sorted.
  std::vector<std::int64_t> source_cells(const CardLayout& card) const;
  void overlay(const std::vector<Rectangle>& sources, const std::vector<Rectangle>& marks,
               const std::vector<Rectangle>& lights) const;
  bool lit(const MemoryCell& cell) const { return view_.lit && *view_.lit == cell; }

  Canvas& canvas_;
  const Style& style_;
  const Palette& palette_;
  const TensorChain& chain_;
  const ChainLayout& layout_;
  ImVec2 corner_;
  const ChainView& view_;
  std::vector<SourceElements> sources_;
  float hairline_;
};

void ChainPainter::frame(const CardLayout& card) const {
  const float rounding = layout_.metrics.unit / 2;
  const bool chosen = card.step != kLeftOut && card.step == view_.chosen_step;
  canvas_.fill(at(card.low), at(card.high), ink(palette_.surface), rounding);
  const bool refused = card.step == static_cast<int>(chain_.steps.size());
  canvas_.outline(at(card.low), at(card.high),
                  ink(refused  ? palette_.bad
                      : chosen ? palette_.accent
                               : palette_.border),
                  chosen ? hairline_ * 2.5f : hairline_, rounding);
}

/// The step's number on its storage's colour.
void ChainPainter::badge(const CardLayout& card, const CardText& line) const {
  const TensorStep* step = step_of(card);
  const ImVec4 ground = step ? storage_color(style_, step->storage) : palette_.bad;
  const ImVec2 extent = card_text_extent(style_, CardRole::number, layout_.metrics.em, line.words);
  const float padding = layout_.metrics.unit / 2;
  const ImVec2 low = at(line.at);
  canvas_.fill({low.x - padding, low.y}, {low.x + extent.x + padding, low.y + extent.y},
               ink(ground), padding);
  canvas_.text(low, line.words,
               {Face::semibold, card_text_size(CardRole::number, layout_.metrics.em),
                ink(readable_on(ground))});
}

void ChainPainter::words(const CardLayout& card) const {
  for (const CardText& line : card.texts) {
    if (line.role == CardRole::number && card.step != kLeftOut) {
      badge(card, line);
      continue;
    }
    ImVec4 color = palette_.text;
    if (line.role == CardRole::note || line.role == CardRole::axis) color = palette_.muted;
    if (line.role == CardRole::caution) color = palette_.caution;
    if (line.role == CardRole::tag)
      color = step_of(card) ? storage_color(style_, step_of(card)->storage) : palette_.bad;
    canvas_.text(at(line.at), line.words,
                 {card_face(line.role), card_text_size(line.role, layout_.metrics.em), ink(color)});
  }
  for (const StrideArrow& arrow : card.arrows)
    canvas_.arrow(at(arrow.from), at(arrow.to), ink(palette_.muted), hairline_ * 1.5f,
                  layout_.metrics.unit * 0.75f);
  if (const TensorStep* step = step_of(card); step && layout_.metrics.detail == CardDetail::full)
    address_line(card, *step);
}

/// How the element that is pointed at finds its cell; without one, how any element does.
void ChainPainter::address_line(const CardLayout& card, const TensorStep& step) const {
  std::optional<Index> index;
  if (view_.element && view_.element->step == card.step)
    index = view_.element->index;
  else if (view_.lit)
    index = first_reader(chain_, card.step, *view_.lit);
  const std::string sum =
      index ? format_text("tensors.address_of", fmt::arg("index", index_text(*index)),
                          fmt::arg("sum", address_words(step, *index)))
            : format_text("tensors.address", fmt::arg("sum", address_formula(step)));
  canvas_.text(at(card.address_at), sum,
               {Face::mono, card_text_size(CardRole::fact, layout_.metrics.em),
                ink(index ? palette_.accent : palette_.muted)});
}

void ChainPainter::value(Rectangle box, const std::string& words, const ImVec4& ground,
                         float size) const {
  canvas_.centered({(box.low.x + box.high.x) / 2, (box.low.y + box.high.y) / 2}, words,
                   {Face::mono, size, ink(readable_on(ground))});
}

void ChainPainter::light(Rectangle box) const {
  // Around a cell of a few pixels, where the last row sees it.
  const float grow =
      std::max(0.0f, std::round((layout_.metrics.unit * 1.25f - (box.high.x - box.low.x)) / 2));
  box = {{box.low.x - grow, box.low.y - grow}, {box.high.x + grow, box.high.y + grow}};
  const float width = std::max(2.0f, layout_.metrics.unit * 0.35f);
  canvas_.outline(box.low, box.high, ink(palette_.surface), width + 2 * hairline_);
  canvas_.outline(box.low, box.high, ink(palette_.text), width);
}

/// A frame and a bar below: what the element under the pointer was computed from.
void ChainPainter::mark_source(Rectangle box) const {
  const float width = std::max(1.5f, layout_.metrics.unit * 0.25f);
  canvas_.outline(box.low, box.high, ink(palette_.surface), width + 2 * hairline_);
  canvas_.outline(box.low, box.high, ink(palette_.accent), width);
  canvas_.fill({box.low.x, box.high.y - 2 * width}, box.high, ink(palette_.accent));
}

std::vector<std::int64_t> ChainPainter::source_cells(const CardLayout& card) const {
  std::vector<std::int64_t> cells;
  for (const SourceElements& input : sources_)
    if (input.step == card.step)
      for (const Index& element : input.elements)
        cells.push_back(memory_cell(chain_, *step_of(card), element).cell);
  std::ranges::sort(cells);
  return cells;
}

void ChainPainter::overlay(const std::vector<Rectangle>& sources,
                           const std::vector<Rectangle>& marks,
                           const std::vector<Rectangle>& lights) const {
  for (const Rectangle& box : sources) mark_source(box);
  for (const Rectangle& box : marks) mark_written(box);
  for (const Rectangle& box : lights) light(box);
}

/// A filled corner: this cell is written.
void ChainPainter::mark_written(Rectangle box) const {
  const float side = std::min(box.high.x - box.low.x, box.high.y - box.low.y) * 0.5f;
  canvas_.polygon(std::array<ImVec2, 3>{{{box.high.x - side, box.low.y},
                                         {box.high.x, box.low.y},
                                         {box.high.x, box.low.y + side}}},
                  ink(palette_.bad));
  canvas_.outline(box.low, box.high, ink(palette_.bad), hairline_ * 1.5f);
}

/// A frame around each cache line, with the address of its first cell.
void ChainPainter::cache_lines(const StripLayout& strip) const {
  const float size = card_text_size(CardRole::axis, layout_.metrics.em);
  for (std::int64_t first = 0; first < strip.count; first += strip.per_line) {
    const std::int64_t cells = std::min(strip.per_line, strip.count - first);
    const ImVec2 low = at(strip.corner(strip.begin + first));
    const ImVec2 high{low.x + static_cast<float>(cells) * strip.cell.x, low.y + strip.cell.y};
    canvas_.outline(low, high, ink(palette_.muted), hairline_);
    if (!strip.values) continue;
    const std::string label = fmt::format("{}", strip.begin + first);
    // Where cells are narrow the next line's address would be written over this one.
    if (text_extent(style_, Face::mono, size, label).x + layout_.metrics.unit / 2 <= high.x - low.x)
      canvas_.text({low.x, high.y + hairline_}, label, {Face::mono, size, ink(palette_.muted)});
  }
}

/// A cell of memory with what it holds.
void ChainPainter::memory_value(Rectangle box, const MemoryCell& cell, bool read) const {
  const TensorStorage& storage = chain_.storages[static_cast<std::size_t>(cell.storage)];
  const ImVec4 ground = read ? memory_color(style_, chain_, cell) : palette_.surface;
  canvas_.fill(box.low, box.high, ink(ground));
  const auto known = value_in(storage, cell.cell);
  if (!known) return;
  const float size = card_text_size(CardRole::axis, layout_.metrics.em);
  const std::string words = cell_text(*known, storage.dtype);
  if (read)
    value(box, words, ground, size);
  else
    canvas_.centered({(box.low.x + box.high.x) / 2, (box.low.y + box.high.y) / 2}, words,
                     {Face::mono, size, ink(palette_.muted, 0.6f)});
}

/// Memory in cells too small for values: of each cache line, the runs of cells that are read.
void ChainPainter::memory_lines(const CardLayout& card, int storage) const {
  const StripLayout& strip = card.strip;
  const auto read = [&](std::int64_t i) { return card.readers[static_cast<std::size_t>(i)] > 0; };
  for (std::int64_t begin = 0; begin < strip.count; ++begin) {
    if (!read(begin)) continue;
    const std::int64_t line =
        std::min(begin - begin % strip.per_line + strip.per_line, strip.count);
    std::int64_t end = begin + 1;
    while (end < line && read(end)) ++end;
    const ImVec2 width{strip.cell.x * static_cast<float>(end - begin), strip.cell.y};
    const Rectangle box = cell_box(at(strip.corner(strip.begin + begin)), width, 0);
    if (canvas_.visible(box.low, box.high))
      draw_run(canvas_, chain_, {storage, strip.begin + begin}, {storage, strip.begin + end - 1},
               box);
    begin = end - 1;
  }
}

void ChainPainter::strip(const CardLayout& card) const {
  const TensorStep& step = *step_of(card);
  const StripLayout& strip = card.strip;
  if (!strip.values) memory_lines(card, step.storage);
  const std::vector<std::int64_t> read_now = source_cells(card);
  std::vector<Rectangle> lights, marks, sources;
  for (std::int64_t i = 0; i < strip.count; ++i) {
    const MemoryCell cell{step.storage, strip.begin + i};
    const Rectangle box = cell_box(at(strip.corner(cell.cell)), strip.cell, 0);
    if (!canvas_.visible(box.low, box.high)) continue;
    if (strip.values) memory_value(box, cell, card.readers[static_cast<std::size_t>(i)] > 0);
    if (lit(cell)) lights.push_back(box);
    if (std::ranges::binary_search(read_now, cell.cell)) sources.push_back(box);
    if (std::ranges::binary_search(card.written, cell.cell)) marks.push_back(box);
  }
  cache_lines(strip);
  overlay(sources, marks, lights);
}

void ChainPainter::element(Rectangle box, const TensorStep& step, const MemoryCell& cell,
                           const std::optional<CellValue>& known, bool with_text) const {
  const ImVec4 color = memory_color(style_, chain_, cell);
  const bool empty = known && hollow(known->value, step.dtype);
  const ImVec4 ground = empty ? palette_.surface : color;
  const float rounding = with_text ? layout_.metrics.unit / 4 : 0;
  canvas_.fill(box.low, box.high, ink(ground), rounding);
  if (empty && with_text) canvas_.outline(box.low, box.high, ink(color), hairline_, rounding);
  if (!with_text) return;
  const float size = card_text_size(CardRole::fact, layout_.metrics.em);
  if (view_.addresses)
    value(box, fmt::format("{}", cell.cell), ground, size);
  else if (known)
    value(box, cell_text(*known, step.dtype), ground, size);
}

void ChainPainter::grid(const CardLayout& card) const {
  const TensorStep& step = *step_of(card);
  const GridLayout& grid = card.grid;
  if (step.numel() == 0) return;
  const auto place = static_cast<std::size_t>(card.step);
  const std::vector<ImVec2>* shifts =
      view_.shifts && place < view_.shifts->size() && !(*view_.shifts)[place].empty()
          ? &(*view_.shifts)[place]
          : nullptr;
  const float gap = grid.values ? std::round(hairline_) : grid.gap();
  const bool drawn = !shifts && draw_rows(canvas_, chain_, step, grid, corner_);
  std::vector<Index> read_now;
  for (const SourceElements& input : sources_)
    if (input.step == card.step)
      read_now.insert(read_now.end(), input.elements.begin(), input.elements.end());
  std::ranges::sort(read_now);
  if (drawn && !view_.lit && read_now.empty() && card.written.empty()) return;
  std::vector<Rectangle> lights, marks, sources;
  Index local(grid.shown.size(), 0), index(grid.begin);
  std::size_t flat = 0;
  do {
    for (std::size_t d = 0; d < local.size(); ++d) index[d] = grid.begin[d] + local[d];
    ImVec2 low = at(grid.corner(local));
    if (shifts && flat < shifts->size()) low = plus(low, (*shifts)[flat]);
    ++flat;
    const Rectangle box = cell_box(low, grid.cell, gap);
    if (!canvas_.visible(box.low, box.high)) continue;
    const MemoryCell cell = memory_cell(chain_, step, index);
    if (!drawn) element(box, step, cell, value_at(step, index), grid.values);
    if (lit(cell)) lights.push_back(box);
    if (std::ranges::binary_search(read_now, index)) sources.push_back(box);
    if (std::ranges::binary_search(card.written, cell.cell)) marks.push_back(box);
  } while (next_index(local, grid.shown));
  overlay(sources, marks, lights);
}

/// Tracks with a thumb as long as the part that is shown.
void ChainPainter::scrolls(const CardLayout& card) const {
  for (const WindowScroll& scroll : card.scrolls) {
    const float height = scroll.high.y - scroll.low.y;
    canvas_.fill(at(scroll.low), at(scroll.high), ink(palette_.raised), height / 2);
    canvas_.outline(at(scroll.low), at(scroll.high), ink(palette_.border), hairline_, height / 2);
    canvas_.fill(at(scroll.thumb_low), at(scroll.thumb_high), ink(palette_.accent), height / 2);
  }
}

}  // namespace

void draw_chain(Canvas& canvas, const TensorChain& chain, const ChainLayout& layout, ImVec2 corner,
                const ChainView& view) {
  const ChainPainter painter(canvas, chain, layout, corner, view);
  const auto seen = [&](const CardLayout& card) {
    return canvas.visible(plus(corner, card.low), plus(corner, card.high));
  };
  const auto is_step = [&](const CardLayout& card) {
    return card.step >= 0 && card.step < static_cast<int>(chain.steps.size());
  };
  for (const CardLayout& card : layout.cards) {
    if (!seen(card)) continue;
    painter.frame(card);
    painter.words(card);
    painter.scrolls(card);
    if (is_step(card)) painter.strip(card);
  }
  // Above all cards: on their way, cells cross them.
  for (const CardLayout& card : layout.cards)
    if (is_step(card) && (seen(card) || view.shifts)) painter.grid(card);
}

}  // namespace nanscope
