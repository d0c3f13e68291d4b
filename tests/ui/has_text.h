#pragma once

#include <string_view>

#include "ui/text/language.h"

namespace nanscope {

/// Whether there are words for the key.
inline bool has_text(std::string_view key) { return languages().front().find(key) != nullptr; }

}  // namespace nanscope
