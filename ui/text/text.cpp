#include "ui/text/text.h"

#include <algorithm>
#include <functional>
#include <mutex>
#include <set>

#include "ui/text/language.h"

namespace nanscope {
namespace {

/// The key itself, for as long as the program runs.
const char* missing_text(std::string_view key) {
  static std::mutex mutex;
  static std::set<std::string, std::less<>> keys;
  const std::scoped_lock lock(mutex);
  return keys.emplace(key).first->c_str();
}

}  // namespace

const Language& spoken_language() { return languages().front(); }

const char* Language::find(std::string_view key) const {
  for (const TextTable& table : tables) {
    const auto found = std::ranges::lower_bound(table, key, {}, &TextEntry::first);
    if (found != table.end() && found->first == key) return found->second;
  }
  return nullptr;
}

const char* text(std::string_view key) {
  const char* found = spoken_language().find(key);
  return found ? found : missing_text(key);
}

std::string message_text(const Message& message, const Language& language) {
  if (message.is_value()) return message.words();
  std::vector<std::string> arguments;
  for (const Message& argument : message.arguments())
    arguments.push_back(message_text(argument, language));
  const char* own = language.find(message.words());
  return fill_places(own ? own : message.words(), arguments);
}

std::string message_text(const Message& message) {
  return message_text(message, spoken_language());
}

std::string error_text(const Error& error) { return message_text(whole_message(error)); }

}  // namespace nanscope
