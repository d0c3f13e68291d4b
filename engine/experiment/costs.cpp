#include "engine/experiment/costs.h"

#include <charconv>
#include <cmath>

#include "engine/experiment/key_makers.h"
#include "engine/experiment/numbers.h"

namespace nanscope {
namespace {

constexpr double kMostCounted = 1e8;  // sequences, tokens of one, devices

Result<void> check_example(const std::string& text) {
  if (const auto numbers = parse_numbers(text); !numbers) return tl::unexpected(numbers.error());
  return {};
}

std::vector<Key> measuring_keys() {
  return {flag(
              "costs.measured", [](auto& e) -> auto& { return e.costs.measured; }),
          choice(
              "costs.roof", [](auto& e) -> auto& { return e.costs.roof; })};
}

std::vector<Key> walk_keys() {
  return {choice(
              "costs.walk", [](auto& e) -> auto& { return e.costs.walk; }),
          whole_number(
              "costs.step", 1, 100000, [](auto& e) -> auto& { return e.costs.step; }),
          checked(any_text(
                      "costs.x", [](auto& e) -> auto& { return e.costs.x; }),
                  check_example),
          checked(any_text(
                      "costs.w", [](auto& e) -> auto& { return e.costs.w; }),
                  check_example),
          number(
              "costs.target", -1e6, 1e6, [](auto& e) -> auto& { return e.costs.target; })};
}

std::vector<Key> transformer_keys() {
  return {
      any_text(
          "costs.model", [](auto& e) -> auto& { return e.costs.model; }),
      any_text(
          "costs.architecture", [](auto& e) -> auto& { return e.costs.architecture; }),
      whole_number(
          "costs.batch", 1, kMostCounted, [](auto& e) -> auto& { return e.costs.batch; }),
      whole_number(
          "costs.length", 0, kMostCounted, [](auto& e) -> auto& { return e.costs.length; }),
      choice(
          "costs.attention", [](auto& e) -> auto& { return e.costs.attention; }),
      choice(
          "costs.activations", [](auto& e) -> auto& { return e.costs.activations; }),
      choice(
          "costs.recompute", [](auto& e) -> auto& { return e.costs.recompute; }),
      whole_number(
          "costs.micro_batches", 1, kMostCounted,
          [](auto& e) -> auto& { return e.costs.micro_batches; }),
      whole_number(
          "costs.tensor", 1, kMostCounted, [](auto& e) -> auto& { return e.costs.tensor; }),
      whole_number(
          "costs.pipeline", 1, kMostCounted, [](auto& e) -> auto& { return e.costs.pipeline; }),
      whole_number(
          "costs.context", 1, kMostCounted, [](auto& e) -> auto& { return e.costs.context; }),
      whole_number(
          "costs.expert", 1, kMostCounted, [](auto& e) -> auto& { return e.costs.expert; }),
      flag(
          "costs.sequence_parallel", [](auto& e) -> auto& { return e.costs.sequence_parallel; }),
      number(
          "costs.seconds", 0, 1e9, [](auto& e) -> auto& { return e.costs.seconds; })};
}

std::vector<Key> shared_keys() {
  return {choice(
              "costs.precision", [](auto& e) -> auto& { return e.costs.precision; }),
          choice(
              "costs.optimizer", [](auto& e) -> auto& { return e.costs.optimizer; }),
          flag(
              "costs.eight_bits", [](auto& e) -> auto& { return e.costs.eight_bits; }),
          choice(
              "costs.convention", [](auto& e) -> auto& { return e.costs.convention; }),
          whole_number(
              "costs.zero", 0, 3, [](auto& e) -> auto& { return e.costs.zero; }),
          whole_number(
              "costs.devices", 1, kMostCounted, [](auto& e) -> auto& { return e.costs.devices; }),
          any_text(
              "costs.device", [](auto& e) -> auto& { return e.costs.device; }),
          number(
              "costs.peak", 0, 1e30, [](auto& e) -> auto& { return e.costs.peak; })};
}

std::vector<Key> napkin_keys() {
  return {choice(
              "costs.question", [](auto& e) -> auto& { return e.costs.question; }),
          number(
              "costs.parameters", 1, 1e18, [](auto& e) -> auto& { return e.costs.parameters; }),
          number(
              "costs.tokens", 1, 1e24, [](auto& e) -> auto& { return e.costs.tokens; }),
          number(
              "costs.mfu", 1e-6, 1, [](auto& e) -> auto& { return e.costs.mfu; }),
          number(
              "costs.days", 1e-6, 1e9, [](auto& e) -> auto& { return e.costs.days; }),
          number(
              "costs.budget", 1e-6, 1e15, [](auto& e) -> auto& { return e.costs.budget; }),
          number(
              "costs.price", 0, 1e9, [](auto& e) -> auto& { return e.costs.price; }),
          number(
              "costs.electricity", 0, 1e9, [](auto& e) -> auto& { return e.costs.electricity; }),
          number(
              "costs.tokens_per_second", 0, 1e18,
              [](auto& e) -> auto& { return e.costs.tokens_per_second; }),
          whole_number(
              "costs.m", 1, 1e9, [](auto& e) -> auto& { return e.costs.m; }),
          whole_number(
              "costs.k", 1, 1e9, [](auto& e) -> auto& { return e.costs.k; }),
          whole_number(
              "costs.n", 1, 1e9, [](auto& e) -> auto& { return e.costs.n; })};
}

std::vector<Key> data_moving_keys() {
  return {any_text(
              "costs.file", [](auto& e) -> auto& { return e.costs.file; }),
          whole_number(
              "costs.file_bytes", 1e6, 1e11, [](auto& e) -> auto& { return e.costs.file_bytes; }),
          whole_number(
              "costs.data_batch", 1, 65536, [](auto& e) -> auto& { return e.costs.data_batch; }),
          whole_number(
              "costs.data_length", 1, 1e6, [](auto& e) -> auto& { return e.costs.data_length; }),
          number(
              "costs.compute", 0.01, 100, [](auto& e) -> auto& { return e.costs.compute; })};
}

}  // namespace

Result<std::vector<double>> parse_numbers(std::string_view list) {
  constexpr double kMost = 1e6;
  std::vector<double> numbers;
  for (const std::string& item : split_formats(list)) {
    double value = 0;
    const char* const end = item.data() + item.size();
    const auto read = std::from_chars(item.data(), end, value);
    if (read.ec != std::errc() || read.ptr != end || !(std::abs(value) <= kMost))
      return input_error("", "{} is no number from {} to {}; it takes some, as 1,2,3.",
                         shown_words(item), -kMost, kMost);
    numbers.push_back(value);
  }
  if (numbers.empty() || numbers.size() > kMostOfExample)
    return input_error("", "{} numbers are not allowed; it takes 1 to {}, as 1,2,3.",
                       numbers.size(), kMostOfExample);
  return numbers;
}

std::vector<Key> costs_keys() {
  std::vector<Key> keys{choice(
      "costs.view", [](auto& e) -> auto& { return e.costs.view; })};
  for (const auto group :
       {measuring_keys, walk_keys, transformer_keys, shared_keys, napkin_keys, data_moving_keys})
    for (Key& key : group()) keys.push_back(std::move(key));
  for (Key& key : keys) key.when_changed = true;
  return keys;
}

}  // namespace nanscope
