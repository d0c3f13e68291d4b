#pragma once

#include <array>

#include "engine/experiment/comparison.h"
#include "engine/experiment/costs.h"
#include "engine/experiment/data.h"
#include "engine/experiment/lab_name.h"
#include "engine/experiment/network.h"
#include "engine/experiment/numbers.h"
#include "engine/experiment/optimizers.h"
#include "engine/experiment/tensors.h"
#include "engine/experiment/training.h"
#include "engine/experiment/view.h"

// An experiment says what to run and what to look at. It is a small value: compare it, copy it,
// write it as JSON. Names are those of the JSON and of the command line (see keys.h and json.h).
namespace nanscope {

/// A composition of groups: each has its fields, limits and keys in a file of its own. A new group
/// is that file, a member here and a line in kGroups below.
struct Experiment {
  LabName lab = LabName::signal;
  NetworkSpec network;
  TrainingSpec training;
  DataSpec data;
  Tensors tensors;
  Numbers numbers;
  Optimizers optimizers;
  Costs costs;
  ViewSpec view;
  CompareSpec compare;
  bool operator==(const Experiment&) const = default;
};

/// The keys of every group, in the order in which JSON lists them.
inline constexpr std::array kGroups{network_keys, training_keys,  loss_scale_keys, data_keys,
                                    tensors_keys, numbers_keys,   optimizers_keys, costs_keys,
                                    view_keys,    comparison_keys};

}  // namespace nanscope
