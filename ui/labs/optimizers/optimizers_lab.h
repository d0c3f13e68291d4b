#pragma once

#include <memory>

#include "ui/labs/lab.h"
#include "ui/text/text_table.h"

namespace nanscope {

std::unique_ptr<Lab> make_optimizers_lab();
TextTable english_optimizers_texts();

}  // namespace nanscope
