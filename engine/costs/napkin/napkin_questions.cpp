#include "engine/costs/napkin/napkin_questions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace nanscope {
namespace {

struct Question {
  std::string_view words;
  std::vector<std::string_view> needs;  ///< names of numbers
};

const std::vector<Question>& questions() {
  static const std::vector<Question> all{
      {"days", {"parameters", "tokens", "devices", "peak", "mfu", "flops_per_parameter"}},
      {"FLOPs", {"parameters", "tokens", "flops_per_parameter"}},
      {"the MFU", {"tokens_per_second", "parameters", "devices", "peak"}},
      {"attention's part of the MFU",
       {"tokens_per_second", "parameters", "devices", "peak", "layers", "heads", "head_dim",
        "length"}},
      {"what days buy", {"days", "devices", "peak", "mfu", "tokens_per_parameter"}},
      {"what hours buy", {"device_hours", "peak", "mfu", "tokens_per_parameter"}},
      {"what a budget buys", {"budget", "price", "peak", "mfu", "tokens_per_parameter"}},
      {"bytes on each device", {"parameters", "devices", "weights"}},
      {"the share of the memory", {"parameters", "devices", "weights", "memory"}},
      {"the largest model", {"devices", "memory", "weights"}},
      {"the price", {"price", "days", "devices"}},
      {"the energy", {"watts", "overhead", "days", "devices"}},
      {"the price of the energy", {"electricity", "watts", "days", "devices"}},
      {"FLOP/s of a product", {"seconds", "m"}},
      {"a deep linear network", {"width", "layers", "batch", "weights"}}};
  return all;
}

std::string option_of(std::string_view name) {
  if (name == "weights") return "--precision";
  if (name == "m") return "--matmul";
  std::string option = fmt::format("--{}", name);
  std::ranges::replace(option, '_', '-');
  if (name == "peak" || name == "memory" || name == "bandwidth")
    return fmt::format("--device or {}", option);
  return name == "parameters" ? "--parameters or --model" : option;
}

}  // namespace

bool enters(std::string_view name, const std::vector<FormulaLine>& lines) {
  const NamedNumbers probe{{std::string(name), 1}};
  return std::ranges::any_of(lines, [&](const FormulaLine& line) {
    return with_numbers(line.formula, {}) != with_numbers(line.formula, probe);
  });
}

std::string missing_for(std::string_view name, const NamedNumbers& given,
                        const std::vector<FormulaLine>& lines) {
  const auto known = [&](std::string_view needed) {
    const bool bytes = needed == "weights";
    return std::ranges::any_of(given,
                               [&](const auto& one) {
                                 return one.first == needed ||
                                        (bytes && one.first == "bytes_per_parameter");
                               }) ||
           std::ranges::any_of(lines, [&](const FormulaLine& line) { return line.key == needed; });
  };
  std::string_view least;
  std::vector<std::string> lacking;
  for (const Question& question : questions()) {
    if (std::ranges::find(question.needs, name) == question.needs.end()) continue;
    std::vector<std::string> here;
    for (const std::string_view needed : question.needs)
      if (needed != name && !known(needed)) here.push_back(option_of(needed));
    if (here.empty()) return "";  // it is answered otherwise
    if (!lacking.empty() && here.size() >= lacking.size()) continue;
    least = question.words;
    lacking = std::move(here);
  }
  if (lacking.empty()) return "";
  return fmt::format("for {}, {} {} missing", least, fmt::join(lacking, ", "),
                     lacking.size() == 1 ? "is" : "are");
}

}  // namespace nanscope
