#include "ui/plots/tensor_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/plots/tensor_words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr float kNarrowest = 19;     // em: a card is at least as wide
constexpr float kTallestGrid = 24;   // em: higher ones get smaller cells
constexpr float kRefusalWidth = 34;  // em of a message's lines
constexpr std::size_t kLongestOperation = 60;

/// Fills a card from top to bottom.
class CardBuilder {
 public:
  CardBuilder(const Style& style, const ChainMetrics& metrics)
      : style_(style), metrics_(metrics), padding_(metrics.unit * 1.25f), y_(padding_) {}

  /// The step's number, what it does, and in the corner what became of memory.
  void title(int number, const std::string& operation, const std::string& tag) {
    const std::string badge = fmt::format("{}", number);
    const ImVec2 badge_size = extent(CardRole::number, badge);
    add(CardRole::number, badge, {padding_ + metrics_.unit / 2, y_});
    std::string shown = operation;
    if (shown.size() > kLongestOperation) shown = shown.substr(0, kLongestOperation - 3) + "...";
    std::ranges::replace(shown, '\n', ' ');
    add(CardRole::operation, shown, {padding_ + badge_size.x + metrics_.unit * 2, y_});
    add(CardRole::tag, tag, {width_ + metrics_.unit * 2, y_});
    y_ += extent(CardRole::operation, shown).y + metrics_.unit / 2;
  }

  void line(CardRole role, const std::string& words) {
    if (words.empty()) return;
    add(role, words, {padding_, y_});
    y_ += extent(role, words).y;
  }

  void space(float units) { y_ += metrics_.unit * units; }

  void add(CardRole role, const std::string& words, ImVec2 at) {
    const ImVec2 size = extent(role, words);
    card_.texts.push_back({role, at, words});
    reach(at.x + size.x, at.y + size.y);
  }

  void reach(float x, float y) {
    width_ = std::max(width_, x);
    y_most_ = std::max(y_most_, y);
  }

  ImVec2 extent(CardRole role, const std::string& words) const {
    return card_text_extent(style_, role, metrics_.em, words);
  }

  CardLayout finish() {
    card_.high = {std::max(width_ + padding_, metrics_.em * kNarrowest),
                  std::max(y_, y_most_) + padding_};
    card_.high.x = std::min(card_.high.x, std::max(metrics_.width, metrics_.em * kNarrowest));
    for (CardText& line : card_.texts)
      if (line.role == CardRole::tag)
        line.at.x = card_.high.x - padding_ - extent(CardRole::tag, line.words).x;
    return std::move(card_);
  }

  CardLayout& card() { return card_; }
  float y() const { return y_; }
  void set_y(float y) { y_ = y; }
  float padding() const { return padding_; }
  const ChainMetrics& metrics() const { return metrics_; }

 private:
  const Style& style_;
  const ChainMetrics& metrics_;
  CardLayout card_;
  float padding_, y_;
  float width_ = 0, y_most_ = 0;
};

/// "seq: 3", and the arrow's "+12".
struct AxisWords {
  std::string name, stride;
};

AxisWords axis_words(const TensorStep& step, std::size_t dimension) {
  return {fmt::format("{}: {}", dimension_words(step, dimension), step.shape[dimension]),
          fmt::format("+{}", step.stride[dimension])};
}

/// Room for the axes above and beside the cells.
struct Margins {
  float left = 0, top = 0;
  float row = 0;               ///< height of a line of labels
  std::vector<float> columns;  ///< widths beside the cells, for the dimensions that run down
};

Margins measure_margins(const CardBuilder& card, const TensorStep& step) {
  Margins margins;
  margins.row = card.extent(CardRole::axis, "0").y * 1.2f;
  const std::size_t rank = step.shape.size();
  for (std::size_t d = 0; d < rank; ++d) {
    const AxisWords words = axis_words(step, d);
    if ((rank - 1 - d) % 2 == 0) {
      margins.top += margins.row;
    } else {
      margins.columns.push_back(card.extent(CardRole::axis, words.name).x +
                                card.metrics().unit * 2);
      margins.left += margins.columns.back();
    }
  }
  return margins;
}

/// A dimension that runs to the right: an arrow over its first step, the words behind it.
void label_above(CardBuilder& card, const GridLayout& grid, const TensorStep& step, std::size_t d,
                 float y, float row) {
  const AxisWords words = axis_words(step, d);
  const float unit = card.metrics().unit;
  const bool steps = grid.shown[d] > 1 && grid.pitch[d].x >= unit;
  // A block's arrow leads from its left edge to the next one's.
  const float begin = grid.low.x + std::min(grid.cell.x / 2, 2 * unit);
  float x = grid.low.x;
  if (steps) {
    card.card().arrows.push_back(
        {{begin, y + row * 0.55f}, {begin + grid.pitch[d].x, y + row * 0.55f}});
    x = begin + grid.pitch[d].x + unit * 0.75f;
  }
  card.add(CardRole::axis, words.stride + "   " + words.name, {x, y});
}

/// A dimension that runs down: its words beside the first rows, an arrow from one to the next.
void label_beside(CardBuilder& card, const GridLayout& grid, const TensorStep& step, std::size_t d,
                  float right, float row) {
  const AxisWords words = axis_words(step, d);
  const float unit = card.metrics().unit;
  const float middle = grid.low.y + std::min(grid.cell.y, row) / 2;
  const bool steps = grid.shown[d] > 1 && grid.pitch[d].y >= unit;
  const float second = steps ? std::max(middle + grid.pitch[d].y, middle + row) : middle + row;
  const auto put = [&](const std::string& label, float y) {
    const ImVec2 size = card.extent(CardRole::axis, label);
    card.add(CardRole::axis, label, {right - unit * 1.25f - size.x, y - size.y / 2});
  };
  put(words.name, middle);
  put(words.stride, std::min(second, middle + row * 2));
  if (steps)
    card.card().arrows.push_back(
        {{right - unit * 0.5f, middle}, {right - unit * 0.5f, middle + grid.pitch[d].y}});
}

void add_axes(CardBuilder& card, const TensorStep& step, const Margins& margins) {
  const GridLayout& grid = card.card().grid;
  const std::size_t rank = step.shape.size();
  float y = grid.low.y - margins.top, x = grid.low.x - margins.left;
  std::size_t column = 0;
  for (std::size_t d = 0; d < rank; ++d) {
    if ((rank - 1 - d) % 2 == 0) {
      label_above(card, grid, step, d, y, margins.row);
      y += margins.row;
    } else {
      x += margins.columns[column++];
      label_beside(card, grid, step, d, x, margins.row);
    }
  }
}

/// The box of elements that the grid begins with.
Index clamped_begin(const TensorStep& step, const Index& wanted) {
  Index begin = step.cells.begin;
  if (wanted.size() != begin.size()) return begin;
  for (std::size_t d = 0; d < begin.size(); ++d)
    begin[d] = std::clamp(wanted[d], begin[d],
                          begin[d] + std::max<std::int64_t>(step.cells.size[d] - 1, 0));
  return begin;
}

void add_grid(CardBuilder& card, const TensorStep& step, const Index& wanted) {
  const ChainMetrics& metrics = card.metrics();
  const Margins margins = measure_margins(card, step);
  const Index begin = clamped_begin(step, wanted);
  Index size = step.cells.size;
  for (std::size_t d = 0; d < size.size(); ++d) size[d] -= begin[d] - step.cells.begin[d];
  const CellRoom room{metrics.cell, metrics.unit * 1.5f,
                      metrics.width - 2 * card.padding() - margins.left, metrics.em * kTallestGrid};
  GridLayout& grid = card.card().grid;
  grid = fit_grid(begin, size, room);
  for (std::size_t d = 0; d < size.size(); ++d)
    grid.cropped = grid.cropped || grid.shown[d] < step.shape[d];
  const bool empty = step.numel() == 0;
  if (empty) grid.high = grid.low;
  grid.move_by({card.padding() + margins.left, card.y() + margins.top});
  add_axes(card, step, margins);
  card.reach(grid.high.x, grid.high.y);
  card.set_y(std::max(grid.high.y, grid.low.y + (margins.columns.empty() ? 0 : 2 * margins.row)) +
             metrics.unit);
  if (empty) card.line(CardRole::note, text("tensors.empty"));
}

/// What is shown of a tensor that is not shown whole.
std::string crop_words(const TensorStep& step, const GridLayout& grid) {
  Index last = grid.begin;
  std::int64_t count = 1;
  for (std::size_t d = 0; d < last.size(); ++d) {
    last[d] += grid.shown[d] - 1;
    count *= grid.shown[d];
  }
  return format_text("tensors.window", fmt::arg("count", count), fmt::arg("all", step.numel()),
                     fmt::arg("first", index_text(grid.begin)), fmt::arg("last", index_text(last)));
}

void add_summary(CardBuilder& card, const TensorStep& step) {
  if (card.card().grid.cropped) card.line(CardRole::note, crop_words(step, card.card().grid));
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
  Index local(step.shape.size(), 0);
  do {
    Index index = local;
    for (std::size_t d = 0; d < index.size(); ++d) index[d] += step.cells.begin[d];
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
  const CellRoom room{{std::floor(metrics.cell.x * 0.8f), std::floor(metrics.cell.y * 0.8f)},
                      metrics.unit,
                      std::min(width, metrics.width - 2 * card.padding()),
                      0,
                      card.extent(CardRole::axis, "0").y};
  StripLayout& strip = card.card().strip;
  const auto cells =
      storage.complete ? storage.cell_count() : static_cast<std::int64_t>(storage.cells.size());
  strip = fit_strip(storage.begin, cells, storage.element_size, room);
  strip.move_by({card.padding(), card.y()});
  card.reach(strip.high.x, strip.high.y);
  card.set_y(strip.high.y);
  card.card().readers = count_readers(chain, step, strip);
}

/// Words in lines of at most `width` pixels.
std::vector<std::string> wrapped(const CardBuilder& card, CardRole role, const std::string& words,
                                 float width) {
  std::vector<std::string> lines{""};
  std::string word;
  const auto flush = [&] {
    const std::string longer = lines.back().empty() ? word : lines.back() + " " + word;
    if (!lines.back().empty() && card.extent(role, longer).x > width)
      lines.push_back(word);
    else
      lines.back() = longer;
    word.clear();
  };
  for (const char c : words + " ") {
    if (c == ' ' || c == '\n') {
      if (!word.empty()) flush();
    } else {
      word += c;
    }
  }
  return lines;
}

}  // namespace

CardLayout layout_card(const TensorChain& chain, int index, const Style& style,
                       const ChainMetrics& metrics, const Index& begin) {
  const TensorStep& step = chain.steps[static_cast<std::size_t>(index)];
  CardBuilder card(style, metrics);
  card.card().step = index;
  const std::string name = step.variable.empty() ? "" : step.variable + " = ";
  card.title(index + 1, name + step.operation,
             fmt::format("{} {}", text(fmt::format("tensors.tag.{}", name_of(step.kind))),
                         storage_name(step.storage)));
  card.line(CardRole::fact, step_facts(step));
  card.line(CardRole::note, step_kind_words(chain, step));
  card.line(step.contiguity.contiguous ? CardRole::note : CardRole::caution,
            contiguity_words(step));
  card.line(CardRole::caution, written_words(step));
  add_changes(card, chain, index);
  card.card().written = written_cells(chain, index);
  card.line(CardRole::fact, shape_walk(chain, step));
  card.space(0.75f);
  add_grid(card, step, begin);
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
  const float width = std::min(metrics.em * kRefusalWidth, metrics.width - 2 * card.padding());
  for (const std::string& line : wrapped(card, CardRole::fact, error.message, width))
    card.line(CardRole::fact, line);
  return card.finish();
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
  card.grid.move_by(distance);
  card.strip.move_by(distance);
}

}  // namespace nanscope
