#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ui/charts/curve.h"
#include "ui/charts/stroke.h"
#include "ui/labs/training/plots/run_plot.h"

// The curves of a run and of those beside it, as a plot has them.
namespace nanscope {

/// A curve with its look: one of the quantity's that the run has, or the first of a run beside it.
struct DrawnCurve {
  const RunCurve* curve;
  std::string words;
  Stroke stroke;
  CurveNumbers x = {}, y = {};       ///< x: where the steps are on the axis
  CurveNumbers low = {}, high = {};  ///< of several networks, whose median y is; empty of one
  std::span<const double> steps = {};
  bool beside = false;
  std::shared_ptr<const RunHistory> history = {};  ///< what holds x and y
  int network = 0;  ///< of several the one whose column y is, where each has its own
  std::shared_ptr<const Series> smooth = {};  ///< y smoothed; null: as it is
  std::shared_ptr<const Series> places = {};  ///< what holds x where it is no step

  bool is_band() const { return low.size() > 0; }
};

/// What takes a look at a whole run and stays the same as long as its history is: from one frame to
/// the next.
class CurveMemo {
 public:
  struct Key {
    std::shared_ptr<const RunHistory> history;
    RunColumn column;
    std::optional<RunAxis> axis = {};  ///< the column's places on it
    double smoothing = 0;              ///< or the column smoothed
    std::optional<int> ends = {};      ///< or its ends, those of its band among them, on an axis
                                       ///< with this base of a logarithm
    int network = 0;                   ///< DrawnCurve::network
    bool operator==(const Key&) const = default;
  };
  std::shared_ptr<const Series> get(const Key& key,
                                    const std::function<std::vector<double>()>& make);
  /// A frame begins: what the one before it did not ask for is forgotten.
  void begin_frame();

 private:
  struct Kept {
    Key key;
    std::shared_ptr<const Series> list;
    bool asked = true;  ///< since the frame began
  };
  std::vector<Kept> kept_;
};

std::vector<DrawnCurve> drawn_curves(const RunPicture& picture, const RunQuantity& quantity,
                                     const Style& style);

/// The smallest and the largest value that an axis has a place for; nothing where none has one.
std::vector<double> ends_of(const RunPicture& picture, std::span<const DrawnCurve> curves,
                            int log_base);

/// The mean of the values so far in which each step's share falls by `kept` a step, as
/// m_t = kept m_(t-1) + (1 - kept) y_t, divided by 1 - kept^t as in Adam. Passes over what is not
/// finite.
std::vector<double> smoothed(std::span<const double> y, double kept);

}  // namespace nanscope
