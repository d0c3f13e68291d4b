#include "ui/labs/signal/compared.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "engine/experiment/json.h"
#include "engine/probes/signal_request.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// Six digits of a number, as its control shows it; nothing for other values.
std::optional<std::string> six_digits(const std::string& value) {
  double number = 0;
  const char* end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return fmt::format("{:.6g}", number);
}

/// Short, unless that does not tell it from the other's.
std::string short_value(const std::string& value, const std::string& other) {
  const auto digits = six_digits(value);
  const bool shorter = digits && digits->size() < value.size() && digits != six_digits(other);
  return shorter ? *digits : value;
}

}  // namespace

Experiment asked_of_pass(const Experiment& experiment) {
  Experiment asked;
  asked.network = experiment.network;
  asked.data = experiment.data;
  asked.training = experiment.training;
  return asked;
}

std::string differing_words(const Experiment& experiment, const Experiment& other) {
  constexpr int kMost = 3;  // settings that a legend has room for
  std::string words;
  int count = 0;
  for (const std::string& key : differing_keys(experiment, other)) {
    if (++count > kMost) continue;
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", text("control." + key),
                         short_value(key_text(experiment, key), key_text(other, key)));
  }
  if (count > kMost) words += format_text("compare.more", fmt::arg("count", count - kMost));
  return words;
}

std::string compared_words(const SignalView& view) {
  return view.other ? format_text("compare.both", fmt::arg("a", view.words),
                                  fmt::arg("b", view.other.words))
                    : std::string();
}

SignalView view_of_results(const Experiment& experiment, const JobResults& results) {
  SignalView view(results.latest<SignalRequest>());
  const auto other = compared_with(experiment);
  const auto pass = results.latest<SignalRequest>(kOtherSlot);
  if (!view.pass || !other || !pass) return view;
  if (asked_of_pass(pass->experiment) != asked_of_pass(*other)) return view;  // of an earlier B
  const Experiment a = asked_of_pass(view.pass->experiment);
  const Experiment b = asked_of_pass(*other);
  view.words = differing_words(a, b);
  view.other = {pass, differing_words(b, a)};
  if (!view.words.empty()) return view;
  view.words = text("compare.same_a");
  view.other.words = text("compare.same_b");
  return view;
}

}  // namespace nanscope
