#pragma once

#include "ui/text/text_table.h"

// The English texts, a table a lab; each is sorted by key. A test keeps keys unique among them.
namespace nanscope {

TextTable english_common_texts();   ///< the window, experiments, the Signal lab
TextTable english_numbers_texts();  ///< the Numbers lab
TextTable english_tensors_texts();  ///< the Tensors lab

/// All of them.
std::array<TextTable, 3> english_texts();

}  // namespace nanscope
