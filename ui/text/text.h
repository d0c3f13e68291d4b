#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "engine/probes/signal.h"
#include "engine/probes/summary.h"

// Every text that a person sees, by key. One file a language: english.cpp.
namespace nanscope {

/// The text for a key ("signal.gain"). The result ends with a zero byte and lives for ever. A key
/// that does not exist returns the key itself; a test keeps that from happening.
const char* text(std::string_view key);

/// The text with its {names} filled in: format_text("tag.nan", fmt::arg("layer", "linear 4"), ...).
template <class... Args>
std::string format_text(std::string_view key, const Args&... args) {
  return fmt::vformat(text(key), fmt::make_format_args(args...));
}

/// The sentence above the plots: "Variance grows 256x a layer; fp16 overflows at layer 4."
std::string sentence(const SignalSnapshot& snapshot);

/// An experiment in words, on one line: what a picture says below its title.
std::string describe(const Experiment& experiment);

/// A number for people: 3 significant digits, "1.23e+12", "inf"; never more than 9 characters.
std::string number_text(double value);
/// "1.5 GiB", "640 KiB": powers of two, said so.
std::string bytes_text(double bytes);
/// "12.3 ms", "1.2 s", "85 us".
std::string seconds_text(double seconds);

}  // namespace nanscope
