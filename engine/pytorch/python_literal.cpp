#include "engine/pytorch/python_literal.h"

#include <nlohmann/json.hpp>

namespace nanscope {

// JSON's escapes are Python's, too, but for those of characters beyond U+FFFF, which are two there.
std::string python_literal(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', /*ensure_ascii=*/false,
                                   nlohmann::json::error_handler_t::replace);
}

}  // namespace nanscope
