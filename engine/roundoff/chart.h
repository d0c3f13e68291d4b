#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/names.h"

// What an experiment on rounding shows: plain values, drawn by one plot function and one table.
// Texts are keys into ui/text, all of which begin with "roundoff."; formats go by their names.
namespace nanscope {

/// Where a number comes from. The screen, the picture and the JSON say which.
enum class Evidence {
  measured,   ///< computed in the processor's own arithmetic (fp64, and fp32 to nearest)
  predicted,  ///< a formula, which is shown
  emulated,   ///< computed in fp64 and rounded in software after each operation
};
template <>
struct Names<Evidence> {
  static constexpr std::array<std::pair<Evidence, std::string_view>, 3> all{
      {{Evidence::measured, "measured"},
       {Evidence::predicted, "predicted"},
       {Evidence::emulated, "emulated"}}};
};

/// What an axis measures.
struct ChartAxis {
  std::string key;   ///< text key: "roundoff.axis.length"
  std::string unit;  ///< "dB", or empty for a plain number
  /// 0: linear. 2 or 10: logarithmic with ticks at that base's powers; values that are not above 0
  /// have no place on it and are left out.
  int log_base = 0;
  bool operator==(const ChartAxis&) const = default;
};

/// A line through (x, y). x ascends; a y that is not finite interrupts the line.
struct ChartCurve {
  std::string format;  ///< "fp16"; curves of one format share a colour. Empty: of no format
  std::string label;   ///< text key: "roundoff.kahan"
  Evidence evidence = Evidence::measured;
  std::string formula;  ///< predicted: the formula as text, "n u / (1 - n u)"; otherwise empty
  std::vector<double> x;
  std::vector<double> y;

  void add(double at, double value) {
    x.push_back(at);
    y.push_back(value);
  }
  bool operator==(const ChartCurve&) const = default;
};

/// A place on an axis that deserves a line: a format's limit, the value that a control is set to.
struct ChartMark {
  enum class Axis { x, y, histogram_x };
  Axis axis = Axis::x;
  double at = 0;
  std::string format;  ///< as in ChartCurve
  std::string label;   ///< text key
  bool operator==(const ChartMark&) const = default;
};

/// A histogram: shares[i] of all values lie in [edges[i], edges[i+1]).
struct ChartBars {
  std::string format;
  std::string label;
  Evidence evidence = Evidence::measured;
  std::vector<double> edges;   ///< one more than shares, ascending
  std::vector<double> shares;  ///< 0..1
  bool operator==(const ChartBars&) const = default;
};

/// A number, or a text: a format's name ("fp16"), or a text key ("roundoff.kahan").
using ChartCell = std::variant<double, std::string>;

/// A column of the table. All columns of a chart are equally long.
struct ChartColumn {
  std::string key;   ///< text key of the header
  std::string unit;  ///< as in ChartAxis; "share" is shown in per cent
  std::vector<ChartCell> cells;
  bool operator==(const ChartColumn&) const = default;
};

/// The sentence above the plot: a text key whose {names} are filled from the facts.
/// Shares and relative errors are parts of 1, signal-to-noise ratios decibels.
struct ChartHeadline {
  std::string key;  ///< "roundoff.accumulation.stalls": "{format} stalls at {stall} after {steps}"
  std::vector<std::pair<std::string, ChartCell>> facts;
  bool operator==(const ChartHeadline&) const = default;
};

/// All that is shown of one experiment.
struct RoundoffChart {
  std::string
      experiment;  ///< its name: "accumulation"; text key of its title "roundoff.title.NAME"
  ChartHeadline headline;
  ChartAxis x;
  ChartAxis y;
  std::vector<ChartCurve> curves;
  std::vector<ChartMark> marks;
  /// Histograms, drawn over one another in a second plot.
  ChartAxis histogram_x;
  std::vector<ChartBars> histograms;
  std::vector<ChartColumn> table;
  /// What was computed upon, where it is not plain: "weights.safetensors: layer.0.weight (512,
  /// 512)".
  std::string source;
  bool operator==(const RoundoffChart&) const = default;

  /// The fact with this name, or null.
  const ChartCell* fact(std::string_view name) const;
};

/// JSON with schema "nanscope.roundoff/1". Values that are not finite are the strings "inf", "-inf"
/// and "nan".
std::string chart_to_json(const RoundoffChart& chart, int indent = -1);

/// The curves as one table, a point a row: curve, format, evidence, x, y.
std::string chart_to_csv(const RoundoffChart& chart);

}  // namespace nanscope
