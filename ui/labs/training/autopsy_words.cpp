#include "ui/labs/training/autopsy_words.h"

#include <fmt/format.h>

#include <cmath>

#include "engine/numbers/format.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// Also of what fp64 has no number for.
std::string exact_text(long double value) {
  const auto nearest = static_cast<double>(value);
  return std::isfinite(value) && !std::isfinite(nearest) ? fmt::format("{:.4g}", value)
                                                         : number_text(nearest);
}

std::string sum_reason(const Autopsy& autopsy, const AutopsySum& sum) {
  const bool counts = sum.leaves_after > 0;
  return format_text(counts ? "autopsy.why.sum" : "autopsy.why.sum_in_parts",
                     fmt::arg("exact", exact_text(autopsy.exact)),
                     fmt::arg("after", sum.leaves_after), fmt::arg("terms", sum.terms),
                     fmt::arg("before", number_text(sum.before_leaving)),
                     fmt::arg("then", number_text(sum.after_leaving)),
                     fmt::arg("positive", number_text(sum.positive)),
                     fmt::arg("negative", number_text(sum.negative)));
}

/// Why the norm is not finite: an element that is not, the square of one, that of its format, or
/// the sum of the squares, which kernels add up in fp32, or in fp64 for that.
std::string_view norm_key(const AutopsyNorm& norm) {
  const NumberFormat* format = find_format(norm.norm.format);
  const NumberFormat& summed = *find_format(norm.norm.format == "fp64" ? "fp64" : "fp32");
  if (!std::isfinite(norm.largest.value)) return "autopsy.why.norm.element";
  if (format && norm.exact > static_cast<long double>(format->largest))
    return "autopsy.why.norm.format";
  const auto largest = static_cast<long double>(norm.largest.value);
  return largest * largest > static_cast<long double>(summed.largest) ? "autopsy.why.norm.square"
                                                                      : "autopsy.why.norm.sum";
}

std::string norm_reason(const Autopsy& autopsy, const AutopsyNorm& norm) {
  return format_text(
      norm_key(norm), fmt::arg("exact", exact_text(autopsy.exact)),
      fmt::arg("norm", norm.norm.name), fmt::arg("value", number_text(norm.norm.value)),
      fmt::arg("norm_exact", exact_text(norm.exact)), fmt::arg("element", norm.largest.name),
      fmt::arg("number", number_text(norm.largest.value)), fmt::arg("format", norm.norm.format),
      fmt::arg("summed", norm.norm.format == "fp64" ? "fp64" : "fp32"));
}

}  // namespace

std::string autopsy_sentence(const Autopsy& autopsy) {
  const bool is_given = autopsy.operation < 0 && autopsy.phase <= StepPhase::backward;
  const std::string sentence = format_text(
      fmt::format("autopsy.where.{}", is_given ? "given" : name_of(autopsy.phase)),
      fmt::arg("element", autopsy.result.name),
      fmt::arg("value", number_text(autopsy.result.value)), fmt::arg("kind", autopsy.kind),
      fmt::arg("layer", autopsy.layer), fmt::arg("step", autopsy.step));
  if (!autopsy.seed) return sentence;
  return format_text("autopsy.of_seed", fmt::arg("seed", *autopsy.seed),
                     fmt::arg("sentence", sentence));
}

std::string autopsy_reason(const Autopsy& autopsy) {
  if (autopsy.cause == AutopsyCause::on_the_way && autopsy.sum)
    return sum_reason(autopsy, *autopsy.sum);
  if (autopsy.norm) return norm_reason(autopsy, *autopsy.norm);
  if (autopsy.cause == AutopsyCause::on_the_way && !std::isfinite(autopsy.exact))
    return text("autopsy.why.unknown");
  // Beyond what is calculated with, or given.
  if (autopsy.cause == AutopsyCause::overflow && !std::isfinite(autopsy.exact))
    return format_text("autopsy.why.given", fmt::arg("format", autopsy.result.format));
  const NumberFormat* format = find_format(autopsy.result.format);
  return format_text(fmt::format("autopsy.why.{}", name_of(autopsy.cause)),
                     fmt::arg("exact", exact_text(autopsy.exact)),
                     fmt::arg("format", autopsy.result.format),
                     fmt::arg("largest", number_text(format ? format->largest : 0)));
}

std::string autopsy_numbers(const Autopsy& autopsy) {
  if (autopsy.numbers.empty()) return {};
  return fmt::format("{} = {}", autopsy.numbers, number_text(autopsy.result.value));
}

}  // namespace nanscope
