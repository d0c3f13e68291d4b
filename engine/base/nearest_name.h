#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nanscope {

/// The valid name nearest to `wanted` by edit distance, else one that begins with it, or "" if none
/// is close. "depth" is near "model.depth": the part behind the dot counts as a name too.
std::string nearest_name(std::string_view wanted, const std::vector<std::string>& valid);

}  // namespace nanscope
