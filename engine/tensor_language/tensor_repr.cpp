#include "engine/tensor_language/tensor_repr.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

// As torch/_tensor_str.py with its defaults.
namespace nanscope {
namespace {

constexpr std::int64_t kThreshold = 1000;  ///< elements; more are shown by their ends
constexpr std::int64_t kEdge = 3;          ///< items at each end
constexpr std::size_t kLineWidth = 80;

/// How one element is written: as wide as the widest.
class ElementFormat {
 public:
  ElementFormat(const TensorStep& step, const std::vector<std::size_t>& places) : step_(step) {
    real_ = step.dtype.find("float") != std::string::npos;
    std::vector<double> counted;
    for (const std::size_t place : places) {
      const double value = step.cells.values[place];
      if (real_ && std::isfinite(value) && value != 0) counted.push_back(std::fabs(value));
    }
    if (!counted.empty()) choose_notation(counted);
    for (const std::size_t place : places) {
      const double value = step.cells.values[place];
      // Of reals only what is finite and not 0 counts.
      if (!real_ || (std::isfinite(value) && value != 0))
        width_ = std::max(width_, words(place).size());
    }
  }

  std::string operator()(std::size_t place) const {
    const std::string text = words(place);
    return std::string(width_ - std::min(width_, text.size()), ' ') + text;
  }
  std::size_t width() const { return width_; }

 private:
  void choose_notation(const std::vector<double>& magnitudes) {
    const auto [least, most] = std::ranges::minmax(magnitudes);
    whole_ = std::ranges::all_of(magnitudes, [](double v) { return v == std::ceil(v); });
    scientific_ = most / least > 1000.0 || most > 1.0e8 || (!whole_ && least < 1.0e-4);
  }

  std::string words(std::size_t place) const {
    const double value = step_.cells.values[place];
    if (step_.dtype == "bool") return value != 0 ? "True" : "False";
    if (!real_)
      return step_.cells.integers.empty() ? fmt::format("{:.0f}", value)
                                          : fmt::format("{}", step_.cells.integers[place]);
    if (std::isnan(value)) return "nan";
    if (scientific_) return fmt::format("{:.4e}", value);
    if (!whole_) return fmt::format("{:.4f}", value);
    return fmt::format("{:.0f}", value) + (std::isfinite(value) ? "." : "");
  }

  const TensorStep& step_;
  bool real_ = false, whole_ = true, scientific_ = false;
  std::size_t width_ = 1;
};

class Writer {
 public:
  explicit Writer(const TensorStep& step)
      : step_(step), ends_only_(step.numel() > kThreshold), format_(step, shown_places()) {}

  std::string write() const { return written(0, 0, kIndent); }

 private:
  static constexpr std::size_t kIndent = 7;  ///< behind "tensor("

  std::int64_t size(std::size_t dim) const { return step_.shape[dim]; }
  std::size_t elements_behind(std::size_t dim) const {
    std::size_t count = 1;
    for (std::size_t d = dim + 1; d < step_.shape.size(); ++d)
      count *= static_cast<std::size_t>(size(d));
    return count;
  }
  bool is_cut(std::size_t dim) const { return ends_only_ && size(dim) > 2 * kEdge; }

  /// The indices along a dimension that are shown; -1 stands for what is left out.
  std::vector<std::int64_t> shown(std::size_t dim) const {
    std::vector<std::int64_t> indices;
    for (std::int64_t i = 0; i < size(dim); ++i) {
      if (!is_cut(dim) || i < kEdge || i >= size(dim) - kEdge)
        indices.push_back(i);
      else if (i == kEdge)
        indices.push_back(-1);
    }
    return indices;
  }

  std::vector<std::size_t> shown_places() const {
    std::vector<std::size_t> places{0};
    for (std::size_t d = 0; d < step_.shape.size(); ++d) {
      std::vector<std::size_t> deeper;
      for (const std::size_t place : places)
        for (const std::int64_t index : shown(d))
          if (index >= 0)
            deeper.push_back(place + static_cast<std::size_t>(index) * elements_behind(d));
      places = std::move(deeper);
    }
    return places;
  }

  std::string written(std::size_t dim, std::size_t first, std::size_t indent) const {
    if (dim == step_.shape.size()) return format_(first);
    if (dim + 1 == step_.shape.size()) return row(first, indent);
    std::vector<std::string> parts;
    for (const std::int64_t index : shown(dim))
      parts.push_back(index < 0
                          ? "..."
                          : written(dim + 1,
                                    first + static_cast<std::size_t>(index) * elements_behind(dim),
                                    indent + 1));
    const std::string newlines(step_.shape.size() - dim - 1, '\n');
    return fmt::format("[{}]", fmt::join(parts, "," + newlines + std::string(indent + 1, ' ')));
  }

  std::string row(std::size_t first, std::size_t indent) const {
    std::vector<std::string> lines;
    const std::size_t space = kLineWidth > indent ? kLineWidth - indent : 0;
    const std::size_t a_line = std::max<std::size_t>(1, space / (format_.width() + 2));
    std::size_t count = 0;
    for (const std::int64_t index : shown(step_.shape.size() - 1)) {
      const std::string item =
          index < 0 ? " ..." : format_(first + static_cast<std::size_t>(index));
      if (count++ % a_line == 0)
        lines.push_back(item);
      else
        lines.back() += ", " + item;
    }
    return fmt::format("[{}]", fmt::join(lines, ",\n" + std::string(indent + 1, ' ')));
  }

  const TensorStep& step_;
  bool ends_only_;
  ElementFormat format_;
};

}  // namespace

std::string tensor_repr(const TensorStep& step) {
  if (!step.cells.complete) return "";
  const bool empty = step.numel() == 0;
  std::string text = "tensor(" + (empty ? "[]" : Writer(step).write());
  std::vector<std::string> suffixes;
  if (empty && step.shape.size() != 1)
    suffixes.push_back(
        fmt::format("size=({}{})", fmt::join(step.shape, ", "), step.shape.size() == 1 ? "," : ""));
  const bool usual =
      step.dtype == "float32" || (!empty && (step.dtype == "int64" || step.dtype == "bool"));
  if (!usual) suffixes.push_back("dtype=torch." + step.dtype);
  // PyTorch counts so: one more than the line has, two on the first.
  const std::size_t newline = text.rfind('\n');
  std::size_t length = text.size() - (newline == std::string::npos ? 0 : newline + 1) + 2;
  for (const std::string& suffix : suffixes) {
    if (length + suffix.size() + 2 > kLineWidth) {
      text += ",\n" + std::string(7, ' ') + suffix;
      length = 7 + suffix.size();
    } else {
      text += ", " + suffix;
      length += suffix.size() + 2;
    }
  }
  return text + ")";
}

}  // namespace nanscope
