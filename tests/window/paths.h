#pragma once

#include <fmt/format.h>

#include <string>

// Where things are in the window, as Dear ImGui Test Engine names them.
namespace nanscope {

inline std::string control(const std::string& key, const std::string& part) {
  return fmt::format("//###controls/{}/{}", key, part);
}
inline std::string slider_of(const std::string& key) { return control(key, "##slider"); }
inline std::string field_of(const std::string& key) { return control(key, "##value"); }
inline std::string choice_of(const std::string& key, const std::string& name) {
  return control(key, "##choice/###" + name);
}

}  // namespace nanscope
