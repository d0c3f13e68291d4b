#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "engine/base/result.h"

// Every text that a person sees, by key. A table a language in each room that has words of its own:
// english.cpp.
namespace nanscope {

/// The text for a key ("signal.gain"). The result ends with a zero byte and lives for ever. A key
/// that no table has returns the key itself; a test keeps that from happening.
const char* text(std::string_view key);

/// The text with its {names} filled in: format_text("tag.nan", fmt::arg("layer", "linear 4"), ...).
template <class... Args>
std::string format_text(std::string_view key, const Args&... args) {
  return fmt::vformat(text(key), fmt::make_format_args(args...));
}

/// A text that counts, in the form that its number asks for: "KEY.one" for 1, else "KEY.many"; the
/// number is filled in as {count}.
template <class Count, class... Args>
std::string count_text(std::string_view key, Count count, const Args&... args) {
  return format_text(fmt::format("{}.{}", key, count == 1 ? "one" : "many"),
                     fmt::arg("count", count), args...);
}

/// What went wrong: "{} is not allowed; {}." with its values, in the language of the window.
std::string message_text(const Message& message);
/// "where: what" of an error.
std::string error_text(const Error& error);

/// A number for people: 3 significant digits, "1.23e+12", "inf"; never more than 9 characters.
std::string number_text(double value);
/// "1.5 GiB", "640 KiB": powers of two, said so.
std::string bytes_text(double bytes);
/// "13.5 GB": powers of ten, as datasheets have it.
std::string decimal_bytes(double bytes);
/// 8030261248 as 8,030,261,248, up to 9e18, as JSON has whole numbers.
std::string grouped(double number);
/// "12.3 ms", "1.2 s", "85 us".
std::string seconds_text(double seconds);

}  // namespace nanscope
