#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/recipe/run_history.h"
#include "ui/charts/plot.h"
#include "ui/charts/stroke.h"

// A run over its steps: one drawing for every quantity.
namespace nanscope {

using RunColumn = Series RunHistory::*;
using RunBand = RunHistory::Band RunHistory::*;

/// One of a quantity's curves.
struct RunCurve {
  const char* name;  ///< in ui/text
  RunColumn x, y;
  bool seldom = false;     ///< measured at few steps: each has its mark
  RunBand band = nullptr;  ///< of several networks; null: they have it in common
  bool holds = false;      ///< stays what it is until the next step, where it jumps
};

/// What is measured at every step, or at some.
struct RunQuantity {
  std::string_view plot;  ///< the plot's name
  const char* axis;       ///< of its values
  int log_base = 0;       ///< 0: linear
  bool percent = false;
  std::span<const RunCurve> curves;
};

inline constexpr std::string_view kConditionPlot = "condition_number";

/// Loss, accuracy, gradient norm, learning rate, loss scale, condition number: in reading order.
std::span<const RunQuantity> run_quantities();

/// Whether the run has measured it.
bool has(const RunSummary& run, const RunQuantity& quantity);

/// A run that is drawn dim beside another one.
struct BesideRun {
  std::shared_ptr<const RunSummary> run;
  std::string words;  ///< what differs
  int look = 0;       ///< by which it is told from others: see beside_stroke()
};

class CurveMemo;

/// What a run's plots are drawn of.
struct RunPicture {
  std::shared_ptr<const RunSummary> run;
  std::vector<BesideRun> beside = {};
  ViewSpec view = {};
  /// A place that is pointed at, in the units of the x axis: marked in every plot.
  std::optional<double> guide = {};
  std::shared_ptr<CurveMemo> memo = {};  ///< of those who draw it anew again and again
  bool searched = false;                 ///< the run has died, and where it did is being looked for
};

Plot run_plot(std::shared_ptr<const RunPicture> picture, const RunQuantity& quantity);

/// Those that are told from one another; more runs than these begin with them again.
inline constexpr int kRunLooks = 16;
Stroke beside_stroke(int look, const Style& style);

}  // namespace nanscope
