#include "engine/tensors/warnings.h"

#include <algorithm>

namespace nanscope {

GatheredWarnings::GatheredWarnings()
    : before_(c10::WarningUtils::get_warning_handler()),
      always_before_(c10::WarningUtils::get_warnAlways()) {
  c10::WarningUtils::set_warning_handler(this);
  c10::WarningUtils::set_warnAlways(true);
}

GatheredWarnings::~GatheredWarnings() {
  c10::WarningUtils::set_warning_handler(before_);
  c10::WarningUtils::set_warnAlways(always_before_);
}

void GatheredWarnings::process(const c10::Warning& warning) {
  // Behind the first line there may be LibTorch's stack.
  const std::string text = warning.msg().substr(0, warning.msg().find('\n'));
  if (std::ranges::find(texts_, text) == texts_.end()) texts_.push_back(text);
}

}  // namespace nanscope
