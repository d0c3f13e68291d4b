#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ui/charts/plot.h"

// Bars in parts: rows with names, such as a run and the one it is compared with, or a column a
// layer.
namespace nanscope {

/// What a part of a bar stands for.
struct BarPart {
  std::string name;
  std::size_t color = 0;  ///< of the palette's series
  bool hatched = false;   ///< tells it from its neighbours without colour
};

struct Bar {
  std::string name;
  std::vector<double> values;          ///< one a part
  std::string note = {};               ///< behind the total
  std::vector<std::string> more = {};  ///< that the pointer reads besides
  bool measured = false;               ///< framed: not predicted, as its neighbours are

  double total() const {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum;
  }
};

/// A line across the bars: the memory of a device.
struct BarLimit {
  double value = 0;
  std::string words;
};

struct StackedBars {
  std::string plot;                        ///< its name
  std::string title;                       ///< what is drawn
  std::string note;                        ///< how the numbers came about
  std::string axis;                        ///< of the values, with its unit
  double unit = 1;                         ///< of the axis
  std::string (*words)(double) = nullptr;  ///< a value with its unit
  std::vector<BarPart> parts;
  std::vector<Bar> bars;
  std::optional<BarLimit> limit = {};
  std::string across = {};               ///< what columns are numbered by; "": layers
  std::optional<std::size_t> peak = {};  ///< a column that is pointed out
  std::string peak_words = {};
  std::vector<double> before = {};  ///< totals of the bars of what it is compared with
  std::string before_words = {};
  std::optional<std::size_t> before_peak = {};  ///< of these one that is pointed out as well
  std::string before_peak_words = {};
  std::vector<double> measured = {};  ///< what was measured beside each column's total
  std::string measured_words = {};
  std::optional<std::size_t> chosen = {};  ///< the column that a card tells of
  std::string empty_words = {};            ///< why there are no bars
};

/// Bars from left to right, their names on the left.
Plot bar_rows(std::shared_ptr<const StackedBars> bars);
/// The height that it needs, in heights of body text.
float bar_rows_height(const StackedBars& bars);
/// Columns side by side, numbered along the x axis from `first` on.
Plot bar_columns(std::shared_ptr<const StackedBars> bars, int first);

/// Bytes in the largest unit of powers of two that the number is at least one of, and its name.
std::pair<double, const char*> binary_unit(double bytes);
/// The same of powers of ten.
std::pair<double, const char*> decimal_unit(double bytes);
/// "46.2e12", as datasheets and papers have it; "65,536".
std::string engineering(double value);
/// "46.2e12 FLOPs".
std::string flops_words(double flops);
/// "46.2 TFLOP/s", "9.6 GB/s": powers of ten.
std::string flop_rate_words(double rate);
std::string byte_rate_words(double rate);

}  // namespace nanscope
