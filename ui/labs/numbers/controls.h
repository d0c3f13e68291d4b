#pragma once

#include <optional>
#include <string>

#include "ui/labs/lab.h"
#include "ui/labs/numbers/bits.h"

namespace nanscope {

/// The text that is being typed as the number, which may not be one yet.
struct NumberTyping {
  std::string text;
  std::string of_input;          ///< the experiment's number that it began with
  std::optional<Error> problem;  ///< why it is none
};

void draw_numbers_controls(const LabView& view, Experiment& draft, LabRequests& requests,
                           BitsView& bits, NumberTyping& typing);

/// The number, or the first number that the experiment reads, for a lecture hall.
void draw_numbers_main_control(const LabView& view, Experiment& draft, LabRequests& requests,
                               NumberTyping& typing);

}  // namespace nanscope
