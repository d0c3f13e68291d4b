#include "ui/labs/training/autopsy_words.h"

#include <fmt/format.h>

#include <cmath>

#include "engine/numbers/format.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

std::string sum_reason(const Autopsy& autopsy, const AutopsySum& sum) {
  const bool counts = sum.leaves_after > 0;
  return format_text(counts ? "autopsy.why.sum" : "autopsy.why.sum_in_parts",
                     fmt::arg("exact", number_text(autopsy.exact)),
                     fmt::arg("after", sum.leaves_after), fmt::arg("terms", sum.terms),
                     fmt::arg("before", number_text(sum.before_leaving)),
                     fmt::arg("then", number_text(sum.after_leaving)),
                     fmt::arg("positive", number_text(sum.positive)),
                     fmt::arg("negative", number_text(sum.negative)));
}

}  // namespace

std::string autopsy_sentence(const Autopsy& autopsy) {
  const bool is_given = autopsy.operation < 0 && autopsy.phase <= StepPhase::backward;
  return format_text(fmt::format("autopsy.where.{}", is_given ? "given" : name_of(autopsy.phase)),
                     fmt::arg("element", autopsy.result.name),
                     fmt::arg("value", number_text(autopsy.result.value)),
                     fmt::arg("kind", autopsy.kind), fmt::arg("layer", autopsy.layer),
                     fmt::arg("step", autopsy.step));
}

std::string autopsy_reason(const Autopsy& autopsy) {
  if (autopsy.cause == AutopsyCause::on_the_way && autopsy.sum)
    return sum_reason(autopsy, *autopsy.sum);
  if (autopsy.cause == AutopsyCause::overflow && std::isnan(autopsy.exact))
    return format_text("autopsy.why.given", fmt::arg("format", autopsy.result.format));
  const NumberFormat* format = find_format(autopsy.result.format);
  return format_text(fmt::format("autopsy.why.{}", name_of(autopsy.cause)),
                     fmt::arg("exact", number_text(autopsy.exact)),
                     fmt::arg("format", autopsy.result.format),
                     fmt::arg("largest", number_text(format ? format->largest : 0)));
}

std::string autopsy_numbers(const Autopsy& autopsy) {
  if (autopsy.numbers.empty()) return {};
  return fmt::format("{} = {}", autopsy.numbers, number_text(autopsy.result.value));
}

}  // namespace nanscope
