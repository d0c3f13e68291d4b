#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/names.h"
#include "engine/probes/statistics.h"

// Where a run stopped being finite, down to the number: plain values.
namespace nanscope {

/// The parts of a step, in order. Forward and backward go through the plan's operations.
enum class StepPhase { forward, backward, unscale, penalty, gradient_norm, clip, optimizer };
template <>
struct Names<StepPhase> {
  static constexpr std::array<std::pair<StepPhase, std::string_view>, 7> all{
      {{StepPhase::forward, "forward"},
       {StepPhase::backward, "backward"},
       {StepPhase::unscale, "unscale"},
       {StepPhase::penalty, "penalty"},
       {StepPhase::gradient_norm, "gradient_norm"},
       {StepPhase::clip, "clip"},
       {StepPhase::optimizer, "optimizer"}}};
};

/// Why finite operands gave a value that is not.
enum class AutopsyCause {
  overflow,    ///< the exact result is beyond the format's largest number
  on_the_way,  ///< the exact result has room, what is calculated on the way to it has not
  divides_by_zero,
  invalid,  ///< no number: 0 / 0
};
template <>
struct Names<AutopsyCause> {
  static constexpr std::array<std::pair<AutopsyCause, std::string_view>, 4> all{
      {{AutopsyCause::overflow, "overflow"},
       {AutopsyCause::on_the_way, "on_the_way"},
       {AutopsyCause::divides_by_zero, "divides_by_zero"},
       {AutopsyCause::invalid, "invalid"}}};
};

/// A number of the run, in the format whose bits it has.
struct AutopsyNumber {
  std::string name;  ///< "W17[41,3]"
  double value = 0;
  std::string format;  ///< "fp16"
  bool operator==(const AutopsyNumber&) const = default;
};

/// The bits of a number in its format, "0x7bff"; "" of a format that is not in the list.
std::string bits_text(const AutopsyNumber& number);

/// A sum of products, each of a left and a right factor.
struct AutopsySum {
  std::int64_t terms = 0;
  /// The factors in the order of the sum; of very long sums those of the largest products.
  std::vector<double> left = {}, right = {};
  /// The number of terms after which a sum in this order has left the format, and what it is just
  /// before and just then, as it is accumulated. 0: in this order it stays. (The order of the
  /// kernel is its own.)
  std::int64_t leaves_after = 0;
  double before_leaving = 0, after_leaving = 0;
  double positive = 0, negative = 0;  ///< the terms of each sign, summed without rounding
  bool operator==(const AutopsySum&) const = default;
};

/// What the layers' tensors were in one step; see RunStep::layers.
struct LayerStatistics {
  std::string name;  ///< "linear 3", "head"
  /// By the name of the tap; of gradients with "_grad" behind it. In the order of the step.
  std::vector<std::pair<std::string, Statistics>> tensors = {};
  std::optional<double> update_ratio = {};  ///< of its weight: |what the optimizer added| / |it|
  bool operator==(const LayerStatistics&) const = default;
};

/// The norm of a whole tensor, which is not finite though the tensor's equation has finite numbers.
struct AutopsyNorm {
  AutopsyNumber norm;     ///< "|W1|", as the kernel calculates it
  long double exact = 0;  ///< without rounding
  AutopsyNumber largest;  ///< of the tensor: the element of largest magnitude
  bool operator==(const AutopsyNorm&) const = default;
};

struct LayersOfStep {
  std::int64_t step = 0;
  std::vector<LayerStatistics> layers = {};
  bool operator==(const LayersOfStep&) const = default;
};

/// The first value of a run that is no finite number: the first operation, in the order of the
/// step, that made one of finite ones; of its tensors the first, and there the first element. The
/// step is the first one whose loss, gradient norm, parameters or optimizer state are not finite
/// (steps that loss scaling skips have overflowed, and are passed over).
struct Autopsy {
  std::int64_t step = 0;                   ///< from 0
  std::optional<std::uint64_t> seed = {};  ///< of several networks that of the one it tells of
  StepPhase phase = StepPhase::forward;
  int operation = -1;       ///< its index in the plan; -1: it stands in none
  std::string kind = {};    ///< "linear", "adam"
  std::string layer = {};   ///< "linear 17", or ""
  std::string tensor = {};  ///< "z17"
  std::vector<std::int64_t> shape = {}, coordinates = {};
  std::int64_t index = 0;     ///< of the element in its tensor, row by row
  AutopsyNumber result = {};  ///< "z17[3,41]"
  std::string equation = {};  ///< of the element, in names
  std::string numbers = {};   ///< its right side in numbers
  /// What the equation gives without rounding; NaN where it says no number.
  long double exact = std::numeric_limits<double>::quiet_NaN();
  AutopsyCause cause = AutopsyCause::on_the_way;
  /// Whether the equation, in the operation's own arithmetic, makes of the operands what the run
  /// made. (Normalization and orthogonalization say their equation for whole rows.)
  bool reproduced = false;
  /// The equation's operands; of a sum the factors of its largest terms.
  std::vector<AutopsyNumber> operands = {};
  std::optional<AutopsySum> sum = {};
  std::optional<AutopsyNorm> norm = {};  ///< an operand that is to blame
  /// Of the steps before it and of its own, oldest first.
  std::vector<LayersOfStep> layers = {};
  bool operator==(const Autopsy&) const = default;
};

}  // namespace nanscope
