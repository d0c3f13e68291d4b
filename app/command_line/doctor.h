#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/names.h"

namespace nanscope {

enum class CheckState {
  ok,
  optional,  ///< not there, and the program works without it
  missing,   ///< the program does not work without it
};
template <>
struct Names<CheckState> {
  static constexpr std::array<std::pair<CheckState, std::string_view>, 3> all{
      {{CheckState::ok, "ok"},
       {CheckState::optional, "optional"},
       {CheckState::missing, "missing"}}};
};

/// One thing that the program needs or can use.
struct Check {
  std::string name;  ///< "libtorch"
  CheckState state = CheckState::ok;
  std::string finding;  ///< what is there: a name, a version, a path; or what is not
  std::string advice;   ///< the command that installs it, or what to do; "" if ok
};

/// Looks at this machine; opens the engine and an OpenGL context, so it takes about a second.
std::vector<Check> check_machine();

}  // namespace nanscope
