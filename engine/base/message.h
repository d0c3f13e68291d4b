#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// What is said to people, kept apart from the values that it is said about, so that another
// language can put its own words around the same values.
namespace nanscope {

/// How many {} a template has; -1 where a brace is anything else.
constexpr int count_places(std::string_view words) {
  int places = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] != '{' && words[i] != '}') continue;
    if (words[i] != '{' || i + 1 == words.size() || words[i + 1] != '}') return -1;
    ++places;
    ++i;
  }
  return places;
}

/// English words with {} where an argument goes; the key by which other languages find their own.
/// A literal, whose places the compiler counts.
template <std::size_t kArguments>
class Template {
 public:
  consteval Template(const char* words) : words_(words) {
    if (count_places(words) != static_cast<int>(kArguments)) throw "one {} an argument";
  }
  constexpr const char* words() const { return words_; }

 private:
  const char* words_;
};

/// A template and what fills its places; an argument is a value or words with values of their own.
class Message {
 public:
  Message() = default;
  /// What no language says otherwise: a name, a path, a number, what another program wrote.
  static Message value(std::string text);
  /// Use message() instead, which counts.
  Message(const char* words, std::vector<Message> arguments);

  /// The English template, or the value.
  const std::string& words() const { return words_; }
  const std::vector<Message>& arguments() const { return arguments_; }
  bool is_value() const { return value_; }
  bool empty() const { return words_.empty(); }
  /// In English.
  std::string text() const;

  bool operator==(const Message& other) const = default;

 private:
  std::string words_;
  std::vector<Message> arguments_;
  bool value_ = true;
};

/// Fills the places of a template, "{}" one after the other or "{1}" by number from 0. A
/// translation that asks for what is not there keeps its braces.
std::string fill_places(std::string_view words, const std::vector<std::string>& arguments);

/// Bytes of a text that a message shows; of a longer one it shows both ends.
inline constexpr std::size_t kLongestShown = 200;

/// What somebody typed or a file holds, fit for a message: what moves a terminal's cursor or is no
/// UTF-8 as "\x1b", and of a long text its two ends around "...".
std::string printable(std::string_view text, std::size_t longest = kLongestShown);

/// An argument that is a text is made printable. What a message may hold at length (a list of
/// names, what LibTorch says) goes into it as a Message::value().
inline Message argument(Message message) { return message; }
inline Message argument(std::string_view text) { return Message::value(printable(text)); }
inline Message argument(const std::string& text) { return argument(std::string_view(text)); }
inline Message argument(const char* text) { return argument(std::string_view(text)); }
inline Message argument(char character) { return argument(std::string_view(&character, 1)); }
Message argument(double value);  ///< in as few digits as name it
template <std::integral T>
Message argument(T value) {
  return Message::value(std::to_string(value));
}

/// "fp16, bf16, fp32": names as an argument.
template <class Names>
Message name_list(const Names& names) {
  std::string list;
  for (const auto& name : names) {
    if (!list.empty()) list += ", ";
    list += name;
  }
  return Message::value(std::move(list));
}

/// message("{} is not allowed; allowed are {}.", shown, range)
template <class... Arguments>
Message message(Template<sizeof...(Arguments)> words, Arguments&&... arguments) {
  return Message(words.words(), {argument(std::forward<Arguments>(arguments))...});
}

}  // namespace nanscope
