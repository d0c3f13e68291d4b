#include "engine/tensor_language/printed_tensor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace nanscope {
namespace {

// torch.set_printoptions()'s defaults.
constexpr std::int64_t kThreshold = 1000;
constexpr std::size_t kLineWidth = 80;

/// Beyond this a double, in which a chain hands out its cells, no longer tells whole numbers apart.
constexpr double kExact = 0x1p53;

bool is_floating(const TensorStep& step) { return step.dtype.find("float") != std::string::npos; }

/// The elements that are here: all, or those at the edges.
const CellWindow& held_cells(const TensorStep& step) {
  return step.cells.complete ? step.cells : step.edges;
}

/// Python's f"{value}" of one element that is no floating-point number.
std::string whole_text(const TensorStep& step, std::size_t place) {
  const CellWindow& cells = held_cells(step);
  const double value = cells.values[place];
  if (step.dtype == "bool") return value == 0 ? "False" : "True";
  return fmt::format(
      "{}", cells.integers.empty() ? static_cast<std::int64_t>(value) : cells.integers[place]);
}

/// Python's spelling where C's differs.
std::string float_text(double value, int digits, char form) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  return form == 'e' ? fmt::format("{:.{}e}", value, digits)
                     : fmt::format("{:.{}f}", value, digits);
}

/// How the elements of one tensor are written, by their places: class _Formatter.
class ElementFormat {
 public:
  ElementFormat(const TensorStep& step, const std::vector<std::size_t>& places) : step_(step) {
    if (!is_floating(step)) {
      for (const std::size_t place : places) widen(whole_text(step, place), 0);
      return;
    }
    std::vector<double> values;
    for (const std::size_t place : places) values.push_back(held_cells(step).values[place]);
    double least = std::numeric_limits<double>::infinity(), most = 0;
    for (const double value : values) {
      if (!counts(value)) continue;
      least = std::min(least, std::abs(value));
      most = std::max(most, std::abs(value));
      whole_ &= value == std::ceil(value);
    }
    if (most == 0) return;  // nothing but zeros, infinities and NaNs
    powers_ = most / least > 1000 || most > 1e8 || (!whole_ && least < 1e-4);
    for (const double value : values)
      if (counts(value))
        widen(powers_ || !whole_ ? text(value) : float_text(value, 0, 'f'),
              powers_ || !whole_ ? 0 : 1);
  }

  std::size_t width() const { return width_; }
  std::string operator()(std::size_t place) const {
    const std::string written =
        is_floating(step_) ? text(held_cells(step_).values[place]) : whole_text(step_, place);
    return fmt::format("{:>{}}", written, width_);
  }

 private:
  static bool counts(double value) { return std::isfinite(value) && value != 0; }
  void widen(const std::string& text, std::size_t more) {
    width_ = std::max(width_, text.size() + more);
  }
  std::string text(double value) const {
    if (powers_) return float_text(value, 4, 'e');
    if (!whole_) return float_text(value, 4, 'f');
    return float_text(value, 0, 'f') + (std::isfinite(value) ? "." : "");
  }

  const TensorStep& step_;
  bool whole_ = true;    ///< int_mode: "2."
  bool powers_ = false;  ///< sci_mode: "2.0000e+00"
  std::size_t width_ = 1;
};

/// Writes the brackets, line by line: _tensor_str_with_formatter() and _vector_str().
class TensorPrinter {
 public:
  explicit TensorPrinter(const TensorStep& step)
      : step_(step),
        held_(step.cells.complete ? step.shape : step.edges.size),
        summarized_(step.numel() > kThreshold),
        format_(step, shown_places()) {}

  std::string text(std::size_t indent) const {
    return step_.shape.empty() ? format_(0) : part(0, 0, indent);
  }

 private:
  /// The indexes along a dimension of what is held that are written; a gap is -1.
  std::vector<std::int64_t> indexes(std::size_t dimension) const {
    const std::int64_t size = held_[dimension];
    const bool gap = summarized_ && step_.shape[dimension] > 2 * kEdgeItems;
    std::vector<std::int64_t> list;
    for (std::int64_t i = 0; i < size; ++i) {
      if (gap && i == kEdgeItems) {
        list.push_back(-1);
        i = size - kEdgeItems;
      }
      list.push_back(i);
    }
    return list;
  }

  std::vector<std::size_t> shown_places() const {
    std::vector<std::size_t> places;
    collect(0, 0, places);
    return places;
  }
  void collect(std::size_t dimension, std::int64_t at, std::vector<std::size_t>& places) const {
    if (dimension == step_.shape.size()) {
      places.push_back(static_cast<std::size_t>(at));
      return;
    }
    for (const std::int64_t i : indexes(dimension))
      if (i >= 0) collect(dimension + 1, at * held_[dimension] + i, places);
  }

  /// The elements behind an index of the dimensions before this one; `at` is its number.
  std::string part(std::size_t dimension, std::int64_t at, std::size_t indent) const {
    const bool row = dimension + 1 == step_.shape.size();
    std::vector<std::string> parts;
    for (const std::int64_t i : indexes(dimension)) {
      const std::int64_t next = at * held_[dimension] + i;
      if (i < 0)
        parts.emplace_back(row ? " ..." : "...");
      else
        parts.push_back(row ? format_(static_cast<std::size_t>(next))
                            : part(dimension + 1, next, indent + 1));
    }
    const std::string begin(indent + 1, ' ');
    if (!row) {
      const std::string lines(step_.shape.size() - dimension - 1, '\n');
      return fmt::format("[{}]", fmt::join(parts, "," + lines + begin));
    }
    const std::size_t per_line = std::max<std::size_t>(
        1, (kLineWidth - std::min(indent, kLineWidth)) / (format_.width() + 2));
    std::string text = "[";
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) text += i % per_line == 0 ? ",\n" + begin : ", ";
      text += parts[i];
    }
    return text + "]";
  }

  const TensorStep& step_;
  std::vector<std::int64_t> held_;  ///< the shape of the elements that are here
  bool summarized_;
  ElementFormat format_;
};

/// "tensor(" and what stands behind the values.
std::string with_suffixes(const std::string& values, const std::vector<std::string>& suffixes) {
  constexpr std::size_t kIndent = 7;
  const std::size_t line = values.rfind('\n');
  std::string text = "tensor(" + values;
  // PyTorch counts the first line like the others.
  std::size_t length =
      line == std::string::npos ? kIndent + values.size() + 2 : values.size() - line + 1;
  for (const std::string& suffix : suffixes) {
    const bool fits = length + suffix.size() + 2 <= kLineWidth;
    text += fits ? ", " + suffix : ",\n" + std::string(kIndent, ' ') + suffix;
    length = fits ? length + suffix.size() + 2 : kIndent + suffix.size();
  }
  return text + ")";
}

std::string summary_text(const TensorStep& step) {
  const std::string numbers = fmt::format("{} values", step.numel());
  if (!step.summary) return numbers + "\n";
  const CellSummary& all = *step.summary;
  return fmt::format("{}: smallest {:.6g}, largest {:.6g}, mean {:.6g}; {} zeros, {} inf, {} nan\n",
                     numbers, all.minimum, all.maximum, all.mean, all.zeros, all.infs, all.nans);
}

}  // namespace

std::string printed_tensor(const TensorStep& step) {
  const CellWindow& cells = held_cells(step);
  if (cells.values.empty() && step.numel() > 0) return summary_text(step);
  const bool beyond = std::ranges::any_of(cells.values, [&](double value) {
    return !is_floating(step) && cells.integers.empty() && std::abs(value) >= kExact;
  });
  if (beyond) return fmt::format("{} values, of which some are beyond 2^53\n", step.numel());
  std::vector<std::string> suffixes;
  if (step.numel() == 0) {
    if (step.shape.size() != 1)
      suffixes.push_back(fmt::format("size=({}{})", fmt::join(step.shape, ", "),
                                     step.shape.size() == 1 ? "," : ""));
    if (step.dtype != "float32") suffixes.push_back("dtype=torch." + step.dtype);
    return with_suffixes("[]", suffixes) + "\n";
  }
  if (step.dtype != "float32" && step.dtype != "int64" && step.dtype != "bool")
    suffixes.push_back("dtype=torch." + step.dtype);
  return with_suffixes(TensorPrinter(step).text(7), suffixes) + "\n" +
         (step.cells.complete ? "" : summary_text(step));
}

std::string printed_value(const TensorChain& chain) {
  if (!chain.value.empty()) return chain.value;
  if (chain.steps.empty() || chain.error) return "";
  const auto printed = [](const TensorStep& step) {
    std::string text = printed_tensor(step);
    text.pop_back();  // the end of the line
    return text;
  };
  if (chain.printed.empty()) return printed(chain.steps.back());
  std::string text;
  for (const PrintedPart& part : chain.printed) {
    text += part.text;
    if (part.step >= 0) text += printed(chain.steps[static_cast<std::size_t>(part.step)]);
  }
  return text;
}

}  // namespace nanscope
