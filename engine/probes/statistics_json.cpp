#include "engine/probes/statistics_json.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/base/json_text.h"

namespace nanscope {

Json statistics_json(const Statistics& statistics) {
  std::string text;
  append_json(text, statistics);
  return Json::parse(text);
}

// The hot part of a step's line.
void append_json(std::string& text, const Statistics& s) {
  constexpr std::string_view kNone =
      ",\"subnormals\":0,\"infs\":0,\"positive_infs\":0,\"negative_infs\":0,\"nans\":0,"
      "\"saturated\":0";
  std::array<char, 2 * kNone.size() + 13 * kLongestJsonNumber> line;
  char* at = line.data();
  const auto add = [&at](std::string_view before, auto value) {
    at = write_json(std::ranges::copy(before, at).out, value);
  };
  add("{\"mean\":", s.mean);
  add(",\"var\":", s.variance);
  add(",\"rms\":", s.rms);
  add(",\"absmax\":", s.absmax);
  add(",\"zeros\":", s.zeros);
  if (s.finite() && s.subnormals == 0 && s.saturated == 0) {
    at = std::ranges::copy(kNone, at).out;
  } else {
    add(",\"subnormals\":", s.subnormals);
    add(",\"infs\":", s.infs());
    add(",\"positive_infs\":", s.positive_infs);
    add(",\"negative_infs\":", s.negative_infs);
    add(",\"nans\":", s.nans);
    add(",\"saturated\":", s.saturated);
  }
  add(",\"count\":", s.count);
  *at++ = '}';
  text.append(line.data(), at);
}

}  // namespace nanscope
