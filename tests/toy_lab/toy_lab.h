#pragma once

#include <memory>

#include "ui/labs/lab.h"
#include "ui/text/text_table.h"

namespace nanscope {

std::unique_ptr<Lab> make_toy_lab();
TextTable english_toy_texts();

}  // namespace nanscope
