#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ui/labs/costs/picture.h"

// What the lab measures: the run's steps, and what this machine reaches.
namespace nanscope {

/// The slot of what the run is compared with, measured.
inline constexpr std::string_view kOtherMeasuredSlot = "costs.measured.b";

/// Whether what the view shows can be measured, and whether it reads a roof.
bool can_be_measured(const Costs& costs);
bool has_roof(const Costs& costs);

/// Adds to the picture what is measured of its runs, and what that is a share of.
void add_measured(const Experiment& experiment, const JobResults& results, CostsPicture& picture);

/// A horizontal roof of a type of numbers, with the slope of memory before it.
struct RoofLine {
  std::string type;  ///< "fp32"
  UsedPeak peak;
};
/// Of the machine or the device that the settings name, the highest first.
std::vector<RoofLine> roof_lines(const CostsPicture& picture);
/// The type of the run's products there.
std::string type_of_products(const CostsPicture& picture);

/// Why a view that shows what is measured has nothing to show, as far as the results tell.
Result<void> check_measured(const Experiment& experiment, const JobResults& results);

/// When what is measured: at the person's word, and again once a change of settings has rested.
class Measuring {
 public:
  /// Once a frame. `busy`: a hand is at the settings.
  void look(const Experiment& experiment, const SessionView& session, bool busy, double now);

  /// The jobs of the experiment that need LibTorch; before the first frame all of them.
  std::vector<JobRequest> jobs(const Experiment& experiment) const;

  /// Of the same settings once more.
  void measure_again() { ++turn_; }
  void calibrate();

  /// Until a change will have rested.
  double seconds_to_next() const { return seconds_to_rest_; }

 private:
  CalibrationRequest calibration() const;

  bool looked_ = false;
  std::optional<Experiment> latest_;             ///< as the settings are
  mutable std::optional<Experiment> requested_;  ///< what is measured, or was
  double changed_at_ = 0;
  double seconds_to_rest_ = std::numeric_limits<double>::infinity();
  bool rests_ = true;
  bool first_is_done_ = true;  ///< the run is measured: what it is compared with comes after it
  int turn_ = 0, calibration_turn_ = 0;
  bool calibrating_ = false;
};

}  // namespace nanscope
