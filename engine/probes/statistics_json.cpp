#include "engine/probes/statistics_json.h"

#include "engine/base/json_text.h"

namespace nanscope {

Json statistics_json(const Statistics& statistics) {
  std::string text;
  append_json(text, statistics);
  return Json::parse(text);
}

void append_json(std::string& text, const Statistics& s) {
  const auto add = [&](std::string_view before, auto value) {
    text += before;
    append_json(text, value);
  };
  add("{\"mean\":", s.mean);
  add(",\"var\":", s.variance);
  add(",\"rms\":", s.rms);
  add(",\"absmax\":", s.absmax);
  add(",\"zeros\":", s.zeros);
  add(",\"subnormals\":", s.subnormals);
  add(",\"infs\":", s.infs());
  add(",\"positive_infs\":", s.positive_infs);
  add(",\"negative_infs\":", s.negative_infs);
  add(",\"nans\":", s.nans);
  add(",\"saturated\":", s.saturated);
  add(",\"count\":", s.count);
  text += '}';
}

}  // namespace nanscope
