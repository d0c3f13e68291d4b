#pragma once

#include <memory>

#include "ui/labs/lab.h"
#include "ui/text/text_table.h"

namespace nanscope {

std::unique_ptr<Lab> make_training_lab();

/// What it says, a table a language.
TextTable english_training_texts();

}  // namespace nanscope
