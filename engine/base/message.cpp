#include "engine/base/message.h"

#include <fmt/format.h>

namespace nanscope {

Message Message::value(std::string text) {
  Message message;
  message.words_ = std::move(text);
  return message;
}

Message::Message(const char* words, std::vector<Message> arguments)
    : words_(words), arguments_(std::move(arguments)), value_(false) {}

std::string Message::text() const {
  if (value_) return words_;
  std::vector<std::string> arguments;
  for (const Message& argument : arguments_) arguments.push_back(argument.text());
  return fill_places(words_, arguments);
}

std::string fill_places(std::string_view words, const std::vector<std::string>& arguments) {
  std::string filled;
  std::size_t next = 0;
  while (!words.empty()) {
    const std::size_t open = words.find('{');
    const std::size_t close = words.find('}', open);
    if (close == std::string_view::npos) break;
    std::size_t index = 0;
    const std::string_view number = words.substr(open + 1, close - open - 1);
    for (const char digit : number)
      index = digit >= '0' && digit <= '9' && index < arguments.size()
                  ? index * 10 + static_cast<std::size_t>(digit - '0')
                  : arguments.size();
    if (number.empty()) index = next++;
    filled += words.substr(0, open);
    filled += index < arguments.size() ? std::string_view(arguments[index])
                                       : words.substr(open, close - open + 1);
    words.remove_prefix(close + 1);
  }
  return filled += words;
}

Message argument(double value) { return Message::value(fmt::format("{}", value)); }

}  // namespace nanscope
