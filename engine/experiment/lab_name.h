#pragma once

#include <span>
#include <string_view>

namespace nanscope {

/// The instrument that an experiment is looked at with, as JSON and command line spell it: one of
/// lab_names().
struct LabName {
  std::string_view name;
  bool operator==(const LabName&) const = default;

  static const LabName signal, numbers, tensors, training, optimizers, costs;
};
inline constexpr LabName LabName::signal{"signal"};
inline constexpr LabName LabName::numbers{"numbers"};
inline constexpr LabName LabName::tensors{"tensors"};
inline constexpr LabName LabName::training{"training"};
inline constexpr LabName LabName::optimizers{"optimizers"};
inline constexpr LabName LabName::costs{"costs"};

constexpr std::string_view name_of(LabName lab) { return lab.name; }

/// The names of all labs. A new lab is one line.
std::span<const LabName> lab_names();

}  // namespace nanscope
