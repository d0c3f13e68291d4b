#include "engine/experiment/lab_name.h"

#include <array>

namespace nanscope {

std::span<const LabName> lab_names() {
  static constexpr std::array kNames{
      LabName::signal,   LabName::numbers,    LabName::tensors,
      LabName::training, LabName::optimizers, LabName::costs,
  };
  return kNames;
}

}  // namespace nanscope
