#include "ui/labs/tensors/plots/tensor_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/labs/tensors/plots/tensor_card_builder.h"
#include "ui/labs/tensors/plots/tensor_words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr float kLeftOutWidth = 6;
constexpr std::int64_t kFewCells = 64;  // of a strip that one reads cell by cell
constexpr float kWiderForCells = 1.5f;
constexpr float kRefusalWidth = 34;  // em of a message's lines

void add_summary(CardBuilder& card, const TensorStep& step) {
  if (!step.summary) return;
  const CellSummary& all = *step.summary;
  card.line(CardRole::note,
            format_text("tensors.summary", fmt::arg("minimum", number_text(all.minimum)),
                        fmt::arg("mean", number_text(all.mean)),
                        fmt::arg("maximum", number_text(all.maximum)), fmt::arg("zeros", all.zeros),
                        fmt::arg("infs", all.infs), fmt::arg("nans", all.nans)));
}

/// How many of the step's elements read each of the strip's cells.
std::vector<int> count_readers(const TensorChain& chain, const TensorStep& step,
                               const StripLayout& strip) {
  std::vector<int> readers(static_cast<std::size_t>(strip.count), 0);
  if (step.cells.values.empty()) return readers;
  Index local(step.shape.size(), 0), index = local;
  do {
    for (std::size_t d = 0; d < index.size(); ++d) index[d] = step.cells.begin[d] + local[d];
    const std::int64_t at = memory_cell(chain, step, index).cell - strip.begin;
    if (at >= 0 && at < strip.count) ++readers[static_cast<std::size_t>(at)];
  } while (next_index(local, step.cells.size));
  return readers;
}

/// The cells of this step's memory that it or a later step writes.
std::vector<std::int64_t> written_cells(const TensorChain& chain, int index) {
  const TensorStep& step = chain.steps[static_cast<std::size_t>(index)];
  std::vector<std::int64_t> cells;
  for (std::size_t later = static_cast<std::size_t>(index); later < chain.steps.size(); ++later)
    if (chain.steps[later].storage == step.storage)
      for (const WrittenCell& one : chain.steps[later].written) cells.push_back(one.cell);
  std::ranges::sort(cells);
  return cells;
}

/// Which later steps write into what this one reads.
void add_changes(CardBuilder& card, const TensorChain& chain, int index) {
  for (std::size_t later = static_cast<std::size_t>(index) + 1; later < chain.steps.size(); ++later)
    for (const ChangedStep& change : chain.steps[later].changed)
      if (change.step == index)
        card.line(CardRole::caution,
                  format_text("tensors.changed_by", fmt::arg("count", change.elements),
                              fmt::arg("step", later + 1)));
}

void add_strip(CardBuilder& card, const TensorChain& chain, const TensorStep& step) {
  const TensorStorage& storage = chain.storages[static_cast<std::size_t>(step.storage)];
  const ChainMetrics& metrics = card.metrics();
  card.line(
      CardRole::note,
      format_text("tensors.storage", fmt::arg("name", storage_name(step.storage)),
                  fmt::arg("cells", storage.cell_count()), fmt::arg("size", storage.element_size),
                  fmt::arg("bytes", bytes_text(static_cast<double>(storage.bytes)))));
  card.space(0.25f);
  const CardLayout& laid = card.card();
  const float width = std::max(laid.grid.high.x - card.padding(), metrics.em * (kNarrowest - 2));
  const float widest = metrics.width - 2 * card.padding();
  const float value = metrics.value * card_text_size(CardRole::axis, metrics.em) /
                      card_text_size(CardRole::fact, metrics.em);
  CellRoom room{{std::floor(std::max(metrics.cell.x * 0.8f, value + metrics.unit * 0.75f)),
                 std::floor(metrics.cell.y * 0.8f)},
                metrics.unit,
                std::min(width, widest),
                0,
                card.extent(CardRole::axis, "0").y};
  StripLayout& strip = card.card().strip;
  const auto cells =
      storage.complete ? storage.cell_count() : static_cast<std::int64_t>(storage.cells.size());
  strip = fit_strip(storage.begin, cells, storage.element_size, room);
  // To read a few cells a card may be a little wider than its grid.
  room.width = std::min(widest, width * kWiderForCells);
  if (StripLayout wider = fit_strip(storage.begin, cells, storage.element_size, room);
      !strip.values && wider.values && cells <= kFewCells)
    strip = wider;
  strip.move_by({card.padding(), card.y()});
  card.reach(strip.high.x, strip.high.y);
  card.set_y(strip.high.y);
  if (strip.count < storage.cell_count())
    card.line(CardRole::note, format_text("tensors.storage_part", fmt::arg("first", strip.begin),
                                          fmt::arg("last", strip.begin + strip.count - 1),
                                          fmt::arg("cells", storage.cell_count())));
  card.card().readers = count_readers(chain, step, strip);
}

/// What LibTorch warned of, and what we note of a step.
void add_notes(CardBuilder& card, const TensorStep& step) {
  if (card.metrics().detail == CardDetail::terse && !step.notes.empty())
    return card.line(CardRole::caution, text("tensors.brief.noted"));
  for (const Message& note : step.notes)
    card.paragraph(CardRole::caution, message_text(note), card.metrics().em * kRefusalWidth);
}

void whole_lines(CardBuilder& card, const TensorChain& chain, int index) {
  const TensorStep& step = chain.steps[static_cast<std::size_t>(index)];
  card.line(CardRole::fact, step_facts(step));
  card.paragraph(CardRole::note, step_kind_words(chain, step));
  card.paragraph(step.contiguity.contiguous ? CardRole::note : CardRole::caution,
                 contiguity_words(step));
  card.paragraph(CardRole::caution, written_words(step));
  add_changes(card, chain, index);
}

/// What the tensor is, in lines as short as they can be.
void brief_lines(CardBuilder& card, const TensorStep& step) {
  card.line(CardRole::fact,
            format_text("tensors.brief.shape", fmt::arg("shape", tuple_text(step.shape)),
                        fmt::arg("dtype", step.dtype)));
  const std::string stride =
      format_text("tensors.brief.stride", fmt::arg("stride", tuple_text(step.stride)),
                  fmt::arg("offset", step.offset));
  if (step.contiguity.contiguous) return card.line(CardRole::note, stride);
  const std::string gap = text("tensors.brief.gap");
  if (card.metrics().detail == CardDetail::terse)
    return card.line(CardRole::caution, fmt::format("{}  {}", stride, gap));
  card.line(CardRole::note, stride);
  card.line(CardRole::caution, gap);
}

/// "x = arange(6)"; of an operation that goes on from the step before, "x = ... .view(2, 3)".
std::string title_of(const TensorStep& step) {
  if (step.variable.empty()) return step.operation;
  const std::size_t at = step.expr.find(step.operation);
  const bool goes_on = at != std::string::npos && step.expr.find_first_not_of("( ") < at;
  return fmt::format("{} = {}{}", step.variable, goes_on ? "... " : "", step.operation);
}

}  // namespace

CardLayout layout_card(const TensorChain& chain, int index, const Style& style,
                       const ChainMetrics& metrics, const Index& begin) {
  const TensorStep& step = chain.steps[static_cast<std::size_t>(index)];
  CardBuilder card(style, metrics);
  card.card().step = index;
  card.title(index + 1, title_of(step),
             fmt::format("{} {}", text(fmt::format("tensors.tag.{}", name_of(step.kind))),
                         storage_name(step.storage)));
  const bool brief = metrics.detail != CardDetail::full;
  if (brief)
    brief_lines(card, step);
  else
    whole_lines(card, chain, index);
  add_notes(card, step);
  card.card().written = written_cells(chain, index);
  card.line(CardRole::fact, shape_walk(chain, step));
  card.space(0.75f);
  add_grid(card, step, begin);
  add_window(card, step);
  if (brief) return card.finish();
  add_summary(card, step);
  card.card().address_at = {card.padding(), card.y()};
  card.line(CardRole::fact, format_text("tensors.address", fmt::arg("sum", address_formula(step))));
  card.card().texts.pop_back();  // its words depend on what is pointed at
  card.space(0.75f);
  add_strip(card, chain, step);
  return card.finish();
}

CardLayout layout_refusal(const TensorChain& chain, const Style& style,
                          const ChainMetrics& metrics) {
  const TensorError& error = *chain.error;
  CardBuilder card(style, metrics);
  card.card().step = static_cast<int>(chain.steps.size());
  const std::string refused = chain.expression.substr(
      static_cast<std::size_t>(error.begin), static_cast<std::size_t>(error.end - error.begin));
  card.title(card.card().step + 1, refused, text("tensors.tag.refused"));
  if (error.kind == TensorErrorKind::libtorch)
    card.line(CardRole::caution, text("tensors.refused_by_libtorch"));
  card.paragraph(CardRole::fact, message_text(error.what), metrics.em * kRefusalWidth);
  return card.finish();
}

CardLayout layout_left_out(const Style& style, const ChainMetrics& metrics, int first, int count) {
  CardBuilder card(style, metrics);
  card.card().step = kLeftOut;
  card.line(CardRole::number, "...");
  card.paragraph(CardRole::note,
                 count == 1 ? format_text("tensors.left_out_one", fmt::arg("step", first + 1))
                            : format_text("tensors.left_out", fmt::arg("first", first + 1),
                                          fmt::arg("last", first + count)),
                 metrics.em * kLeftOutWidth);
  return card.finish();
}

void widen_card(CardLayout& card, float by) {
  card.high.x += by;
  for (CardText& line : card.texts)
    if (line.role == CardRole::tag) line.at.x += by;
}

void move_card(CardLayout& card, ImVec2 distance) {
  const auto moved = [&](ImVec2& point) {
    point.x += distance.x;
    point.y += distance.y;
  };
  moved(card.low);
  moved(card.high);
  moved(card.address_at);
  for (CardText& line : card.texts) moved(line.at);
  for (StrideArrow& arrow : card.arrows) {
    moved(arrow.from);
    moved(arrow.to);
  }
  for (WindowScroll& scroll : card.scrolls) {
    moved(scroll.low);
    moved(scroll.high);
    moved(scroll.thumb_low);
    moved(scroll.thumb_high);
  }
  card.grid.move_by(distance);
  card.strip.move_by(distance);
}

}  // namespace nanscope
