#include "engine/base/message.h"

#include <fmt/format.h>

#include <algorithm>

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

namespace {

/// The bytes of the UTF-8 character that the text begins with, if it is one that may be shown.
std::size_t shown_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return byte(0) >= 0x20 && byte(0) != 0x7f ? 1 : 0;
  const std::size_t length = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  // U+0080 to U+009F control terminals, too; what is longer than it needs to be is no UTF-8.
  const bool control = byte(0) == 0xc2 && byte(1) < 0xa0;
  const bool overlong = (byte(0) == 0xe0 && byte(1) < 0xa0) || (byte(0) == 0xf0 && byte(1) < 0x90);
  return control || overlong ? 0 : length;
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

std::string escaped(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const std::size_t length = shown_character(text);
    if (length > 0)
      shown += text.substr(0, length);
    else
      shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return shown;
}

}  // namespace

std::string printable(std::string_view text, std::size_t longest) {
  if (text.size() <= longest) return escaped(text);
  std::size_t head = longest * 2 / 3, tail = text.size() - longest / 3;
  while (head > 0 && !begins_character(text[head])) --head;
  while (tail < text.size() && !begins_character(text[tail])) ++tail;
  return escaped(text.substr(0, head)) + "..." + escaped(text.substr(tail));
}

Message argument(double value) { return Message::value(fmt::format("{}", value)); }

}  // namespace nanscope
