#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/costs/devices.h"
#include "engine/costs/napkin/formula.h"
#include "engine/costs/training_bytes.h"

// Calculations for the back of a napkin: how long, how large, how much.
namespace nanscope {

/// What is known; the rest is calculated from it.
struct NapkinRequest {
  std::optional<double> parameters;  ///< of a mixture of experts those that are active
  std::optional<double> tokens;
  std::optional<double> devices;
  std::optional<double> days;
  std::optional<double> device_hours;  ///< of all devices together, in place of days
  std::optional<double> mfu;     ///< share of the peak that the model's FLOPs reach, above 0 to 1
  std::optional<double> peak;    ///< FLOP/s of a device
  std::optional<double> memory;  ///< bytes of a device
  std::optional<double> bandwidth;  ///< bytes a second of a device
  /// FLOPs for each parameter and token: 6 there and back, 8 where everything is computed again.
  double flops_per_parameter = 6;
  double tokens_per_parameter = 20;  ///< Hoffmann et al. 2022, rounded
  std::optional<BytesPerParameter> bytes;
  std::optional<double> bytes_per_parameter;  ///< a number of one's own in their place
  /// Stage of ZeRO. Without one a device holds all of a model whose bytes are asked for, and the
  /// largest model is divided among all devices.
  std::optional<int> zero;
  std::optional<double> tokens_per_second;                ///< measured: gives the MFU
  std::optional<double> layers, heads, head_dim, length;  ///< attention's part of it (PaLM)
  std::optional<double> price;                            ///< of a device and hour
  std::optional<double> budget;                           ///< in the same money
  std::optional<double> watts;                            ///< of a device
  double overhead = 1;                ///< of the building: power usage effectiveness, from 1
  std::optional<double> electricity;  ///< price of a kWh
  std::optional<std::array<double, 3>> matmul;  ///< m, k, n
  std::optional<double> seconds;  ///< that the product took, measured: gives FLOP/s and MFU
  /// A deep linear network (CS336) of `layers` layers of width x width and a head to one number:
  /// with a batch and `bytes` its costs.
  std::optional<double> width, batch;
};

/// A convention that the numbers follow, by name.
struct NapkinConvention {
  std::string key;     ///< "convention"
  std::string value;   ///< "zero"
  std::string source;  ///< or what it means; may be empty
};

/// Lines in the order in which they follow from one another; the first is what was asked for.
/// Errors: a value that cannot be, nothing that follows, with what is missing for what.
Result<std::vector<FormulaLine>> calculate(const NapkinRequest& request);

/// What a reader should doubt: an MFU above 1, all bytes of training in fp8.
std::vector<std::string> napkin_notes(const NapkinRequest& request,
                                      const std::vector<FormulaLine>& lines);

/// What is given, by the names that the lines use.
NamedNumbers given_numbers(const NapkinRequest& request);

/// The same as a Python program that prints each line's value.
std::string python_of(const NamedNumbers& given, const std::vector<FormulaLine>& lines);

}  // namespace nanscope
