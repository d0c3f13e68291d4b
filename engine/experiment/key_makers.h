#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/experiment/keys.h"

// The lines of a key table.
namespace nanscope {

// `field` is a generic lambda that names the member: [](auto& e) -> auto& { return e.network.seed;
// }
template <class Field>
Key whole_number(std::string_view name, double low, double high, Field field) {
  using T = std::remove_cvref_t<decltype(field(std::declval<Experiment&>()))>;
  return {name,
          KeyType::whole_number,
          {low, high, true},
          {},
          // A negative int becomes huge here, and so is out of range.
          [field](const Experiment& e) { return KeyValue(static_cast<std::uint64_t>(field(e))); },
          [field](Experiment& e, const KeyValue& value) {
            field(e) = static_cast<T>(std::get<std::uint64_t>(value));
          }};
}

template <class Field>
Key number(std::string_view name, double low, double high, Field field) {
  return {name,
          KeyType::number,
          {low, high, false},
          {},
          [field](const Experiment& e) { return KeyValue(field(e)); },
          [field](Experiment& e, const KeyValue& value) { field(e) = std::get<double>(value); }};
}

template <class Field>
Key flag(std::string_view name, Field field) {
  return {name,
          KeyType::flag,
          {},
          {},
          [field](const Experiment& e) { return KeyValue(field(e)); },
          [field](Experiment& e, const KeyValue& value) { field(e) = std::get<bool>(value); }};
}

template <class Field>
Key choice(std::string_view name, Field field) {
  using E = std::remove_cvref_t<decltype(field(std::declval<Experiment&>()))>;
  std::vector<std::string_view> choices;
  for (const auto& entry : Names<E>::all) choices.push_back(entry.second);
  return {name,
          KeyType::choice,
          {},
          std::move(choices),
          [field](const Experiment& e) { return KeyValue(std::string(name_of(field(e)))); },
          [field](Experiment& e, const KeyValue& value) {
            field(e) = value_of<E>(std::get<std::string>(value)).value();
          }};
}

template <class Field>
Key any_text(std::string_view name, Field field) {
  return {
      name,
      KeyType::text,
      {},
      {},
      [field](const Experiment& e) { return KeyValue(field(e)); },
      [field](Experiment& e, const KeyValue& value) { field(e) = std::get<std::string>(value); }};
}

inline Key when_changed(Key key) {
  key.when_changed = true;
  return key;
}

inline Key live(Key key) {
  key.live = true;
  return key;
}

inline Key of_training(Key key) {
  key.of_training = true;
  return key;
}

inline Key listed_behind(std::string_view before, Key key) {
  key.listed_behind = before;
  return key;
}

/// A text that can be wrong.
inline Key checked(Key key, std::function<Result<void>(const std::string&)> check) {
  key.check = std::move(check);
  return key;
}

}  // namespace nanscope
