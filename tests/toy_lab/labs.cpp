#include "ui/labs/labs.h"

#include <array>

#include "toy_lab.h"
#include "ui/labs/costs/costs_lab.h"
#include "ui/labs/numbers/numbers_lab.h"
#include "ui/labs/optimizers/optimizers_lab.h"
#include "ui/labs/signal/signal_lab.h"
#include "ui/labs/tensors/tensors_lab.h"
#include "ui/labs/training/training_lab.h"
#include "ui/text/language.h"

namespace nanscope {

// ui/labs/labs.cpp and the lines of a new lab; toy_lab_test.cpp keeps it so.

std::vector<std::unique_ptr<Lab>> make_labs() {
  std::vector<std::unique_ptr<Lab>> labs;
  labs.push_back(make_signal_lab());
  labs.push_back(make_numbers_lab());
  labs.push_back(make_tensors_lab());
  labs.push_back(make_training_lab());
  labs.push_back(make_optimizers_lab());
  labs.push_back(make_costs_lab());
  labs.push_back(make_toy_lab());
  return labs;
}

std::span<const Language> languages() {
  static const std::array english{
      english_common_texts(),      // ui/text
      english_glossary_texts(),    // ui/text/glossary
      english_signal_texts(),      // ui/labs/signal
      english_numbers_texts(),     // ui/labs/numbers
      english_tensors_texts(),     // ui/labs/tensors
      english_training_texts(),    // ui/labs/training
      english_optimizers_texts(),  // ui/labs/optimizers
      english_costs_texts(),       // ui/labs/costs
      english_measured_costs_texts(),
      english_builder_texts(),      // ui/labs/costs
      english_moving_data_texts(),  // ui/labs/costs
      english_toy_texts(),          // here
  };
  static const std::array all{Language{"English", english}};
  return all;
}

}  // namespace nanscope
