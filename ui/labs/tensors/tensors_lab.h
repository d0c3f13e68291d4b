#pragma once

#include <memory>

#include "ui/labs/lab.h"
#include "ui/text/text_table.h"

namespace nanscope {

std::unique_ptr<Lab> make_tensors_lab();

/// What it says, a table a language.
TextTable english_tensors_texts();

}  // namespace nanscope
