#pragma once

#include <string>

namespace nanscope {

/// What stands above a picture that is not the experiment's, in place of the sentence: what is
/// being done about it, and of what the dimmed picture is.
struct WorkNotice {
  std::string words = {};  ///< "Computing: forward pass, layer 12 of 200 ..."
  std::string shown = {};  ///< "Dimmed: tanh, 50 layers, ...", or "" where there is no picture
  double fraction = -1;    ///< 0..1 how far it is; negative where nobody knows
  bool can_cancel = false;
  bool can_run = false;  ///< it waits for the person's word
};

}  // namespace nanscope
