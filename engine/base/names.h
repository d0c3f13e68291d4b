#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace nanscope {

/// The names of an enum's values as JSON, command line and screen spell them.
/// Specialized beside each enum: `static constexpr std::array<std::pair<E, std::string_view>, N>
/// all`.
template <class E>
struct Names;

/// The name of an enum's value.
template <class E>
constexpr std::string_view name_of(E value) {
  for (const auto& [candidate, name] : Names<E>::all)
    if (candidate == value) return name;
  return "?";
}

/// The enum's value with this name, or nothing.
template <class E>
constexpr std::optional<E> value_of(std::string_view wanted) {
  for (const auto& [candidate, name] : Names<E>::all)
    if (name == wanted) return candidate;
  return std::nullopt;
}

}  // namespace nanscope
