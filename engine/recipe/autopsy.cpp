#include "engine/recipe/autopsy.h"

#include "engine/numbers/encoding.h"

namespace nanscope {

std::string bits_text(const AutopsyNumber& number) {
  const NumberFormat* format = find_format(number.format);
  return format ? code_text(*format, encode(*format, number.value)) : std::string();
}

}  // namespace nanscope
