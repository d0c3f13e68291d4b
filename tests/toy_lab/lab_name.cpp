#include "engine/experiment/lab_name.h"

#include <array>
// clang-format off

namespace nanscope {

std::span<const LabName> lab_names() {
  static constexpr std::array kNames{
      LabName::signal,   LabName::numbers,    LabName::tensors,
      LabName::training, LabName::optimizers, LabName::costs,
      LabName{"toy"},
  };
  return kNames;
}

}  // namespace nanscope
