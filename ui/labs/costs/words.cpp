#include "ui/labs/costs/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/labs/costs/measured_words.h"
#include "ui/labs/costs/memory_parts.h"
#include "ui/labs/costs/moving_data.h"
#include "ui/labs/costs/plots/napkin_plot.h"
#include "ui/labs/costs/plots/stacked_bars.h"
#include "ui/labs/costs/plots/walk_plot.h"
#include "ui/labs/describe_plan.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

std::string percent_of(double part, double whole) {
  return fmt::format("{:.0f} %", whole > 0 ? 100 * part / whole : 0);
}

/// The category that holds most.
MemoryPart largest_category(const PlanMemory& memory) {
  return std::ranges::max(memory_parts_of(memory), {}, &MemoryPart::bytes);
}

/// "With B it is 12 MiB: 3 MiB less", where there is another run. Totals that read alike say no
/// more than what is between them.
std::string other_words(double here, double other, const std::string& name,
                        std::string (*words)(double)) {
  if (here == other) return " " + format_text("costs.sentence.other_same", fmt::arg("name", name));
  const bool less = other < here, alike = words(here) == words(other);
  const char* key = less ? "costs.sentence.other_less" : "costs.sentence.other_more";
  if (alike) key = less ? "costs.sentence.other_just_less" : "costs.sentence.other_just_more";
  return " " + format_text(key, fmt::arg("name", name), fmt::arg("total", words(other)),
                           fmt::arg("difference", words(std::abs(here - other))));
}

std::string capitalized(std::string words) {
  if (!words.empty() && words.front() >= 'a' && words.front() <= 'z') words.front() += 'A' - 'a';
  return words;
}

std::string memory_sentence(const CostsPicture& picture) {
  const PlanMemory& memory = picture.run->costs.memory;
  const MemoryPart most = largest_category(memory);
  const auto total = static_cast<double>(memory.total());
  std::string words = format_text("costs.sentence.memory", fmt::arg("total", bytes_text(total)),
                                  fmt::arg("part", text(most.key)),
                                  fmt::arg("share", percent_of(most.bytes, total)));
  if (picture.other)
    words += other_words(total, static_cast<double>(picture.other->costs.memory.total()),
                         picture.other_words, bytes_text);
  if (const std::string precisions = emulated_precisions(picture); !precisions.empty())
    words += " " + format_text("costs.sentence.emulated", fmt::arg("precision", precisions));
  return words + measured_memory_words(picture);
}

std::string flops_sentence(const CostsPicture& picture) {
  const PlanCosts& costs = picture.run->costs;
  std::string words =
      format_text("costs.sentence.flops", fmt::arg("step", flops_words(costs.step())),
                  fmt::arg("ratio", number_text(costs.backward / costs.forward)));
  if (costs.recomputed > 0)
    words += " " + format_text("costs.sentence.recomputed",
                               fmt::arg("flops", flops_words(costs.recomputed)));
  words +=
      " " + format_text(costs.spared > 0 ? "costs.sentence.rule" : "costs.sentence.rule_alone",
                        fmt::arg("ratio", fmt::format("{:.4g}", costs.rules.flops / costs.step())));
  if (picture.other)
    words += other_words(costs.hardware(), picture.other->costs.hardware(), picture.other_words,
                         flops_words);
  return words + measured_flops_words(picture);
}

std::string transformer_sentence(const CostsPicture& picture) {
  const TransformerCosts& costs = *picture.transformer;
  const CostEstimate& one = costs.estimate;
  const double total = one.memory.total();
  std::string words =
      format_text("costs.sentence.transformer", fmt::arg("model", costs.model.title),
                  fmt::arg("parameters", engineering(static_cast<double>(one.parameters.total))),
                  fmt::arg("memory", decimal_bytes(total)));
  const auto& device = costs.request.device;
  if (device && device->bytes > 0)
    words += " " + format_text(total <= device->bytes ? "costs.sentence.fits"
                                                      : "costs.sentence.does_not_fit",
                               fmt::arg("device", device->title),
                               fmt::arg("bytes", decimal_bytes(device->bytes)),
                               fmt::arg("times", fmt::format("{:.3g}", total / device->bytes)));
  if (one.utilisation)
    words += " " + format_text("costs.sentence.mfu",
                               fmt::arg("mfu", fmt::format("{:.3g}", one.utilisation->mfu)));
  if (picture.other_transformer)
    words += other_words(total, picture.other_transformer->estimate.memory.total(),
                         picture.other_words, decimal_bytes);
  return words;
}

std::string napkin_sentence(const CostsPicture& picture) {
  const NapkinCosts& costs = *picture.napkin;
  const FormulaLine& answer = napkin_answer(costs);
  std::string words =
      format_text("costs.sentence.napkin", fmt::arg("what", capitalized(napkin_words(answer))),
                  fmt::arg("value", napkin_value(answer)));
  if (picture.other_napkin)
    words +=
        " " + format_text("costs.sentence.napkin_other", fmt::arg("name", picture.other_words),
                          fmt::arg("value", napkin_value(napkin_answer(*picture.other_napkin))));
  if (picture.other_question)
    words += " " +
             format_text("costs.sentence.other_question",
                         fmt::arg("question", text(fmt::format("costs.question.{}",
                                                               name_of(*picture.other_question)))));
  for (const std::string& note : costs.notes) words += " " + capitalized(note) + ".";
  return words;
}

std::string walk_sentence(const CostsPicture& picture) {
  if (!picture.walk_problem.empty()) return picture.walk_problem;
  if (picture.walk.empty()) return "";
  const WalkStep& step = picture.walk[picture.step()];
  if (step.spared) return format_text("costs.sentence.spared", fmt::arg("name", step.writes.name));
  const std::string product = product_words(step);
  if (!product.empty())
    return format_text("costs.sentence.product", fmt::arg("equation", step.equation),
                       fmt::arg("product", product));
  return format_text("costs.sentence.bytes", fmt::arg("name", step.writes.name),
                     fmt::arg("bytes", bytes_text(static_cast<double>(step.bytes))));
}

std::string describe_transformer(const TransformerCosts& costs) {
  const CostRequest& request = costs.request;
  const std::string separator = text("describe.separator");
  std::string words = costs.model.title + separator +
                      format_text("costs.describe.work", fmt::arg("batch", costs.estimate.batch),
                                  fmt::arg("length", costs.estimate.length)) +
                      separator + std::string(name_of(request.precision)) + separator +
                      std::string(name_of(request.optimizer));
  if (request.recompute != Recompute::none)
    words += separator +
             format_text("costs.describe.recompute", fmt::arg("kind", name_of(request.recompute)));
  words += separator + count_text("costs.describe.devices", request.parallel.devices,
                                  fmt::arg("device", request.device ? request.device->title
                                                                    : std::string("?")));
  if (request.parallel.zero > 0)
    words +=
        separator + format_text("costs.describe.zero", fmt::arg("stage", request.parallel.zero));
  return words;
}

/// The question, and of what it is asked: parameters, tokens, devices.
std::string describe_napkin(const Costs& costs) {
  using enum NapkinQuestion;
  const NapkinQuestion question = costs.question;
  const std::string separator = text("describe.separator");
  std::string words{text(fmt::format("costs.question.{}", name_of(question)))};
  if (question == days || question == bytes || question == utilisation)
    words += separator + format_text("costs.describe.parameters",
                                     fmt::arg("count", engineering(costs.parameters)));
  if (question == days)
    words += separator +
             format_text("costs.describe.tokens", fmt::arg("count", engineering(costs.tokens)));
  if (question == product && costs.seconds > 0 && !costs.device.empty())
    words += separator + costs.device + separator + std::string(name_of(costs.precision));
  if (question != product && !costs.device.empty())
    words += separator +
             count_text("costs.describe.devices", costs.devices, fmt::arg("device", costs.device));
  return words;
}

}  // namespace

std::string lab_words(const std::string& note) {
  std::string words;
  for (std::size_t i = 0; i < note.size();) {
    const bool option = note.compare(i, 2, "--") == 0 && (i == 0 || note[i - 1] == ' ') &&
                        i + 2 < note.size() && note[i + 2] != ' ';
    if (!option) {
      words += note[i++];
      continue;
    }
    const std::size_t end =
        std::min(note.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", i + 2), note.size());
    std::string name = note.substr(i + 2, end - i - 2);
    std::ranges::replace(name, '-', '_');
    words += name == "optimizer_bits" ? text("costs.optimizer_bits")
                                      : text(fmt::format("control.{}", "costs." + name));
    i = end;
  }
  return words;
}

std::string emulated_precisions(const CostsPicture& picture) {
  std::string words;
  for (const auto* run : {picture.run.get(), picture.other.get()}) {
    if (run == nullptr || !run->costs.emulated) continue;
    const std::string_view name = name_of(run->of.network.precision);
    if (words == name) continue;
    words += (words.empty() ? "" : " / ") + std::string(name);
  }
  return words;
}

std::string costs_sentence(const CostsPicture& picture) {
  if (picture.settings.view == CostsView::calibration) return calibration_sentence(picture);
  if (picture.settings.view == CostsView::roofline && picture.run)
    return roofline_sentence(picture);
  if (!picture.complete() && picture.walk_problem.empty()) return "";
  switch (picture.settings.view) {
    case CostsView::memory:
      return memory_sentence(picture);
    case CostsView::flops:
      return flops_sentence(picture);
    case CostsView::transformer:
      return transformer_sentence(picture);
    case CostsView::napkin:
      return napkin_sentence(picture);
    case CostsView::data:
      return moving_data_sentence(*picture.data);
    case CostsView::roofline:
    case CostsView::calibration:
    case CostsView::walk:
      break;
  }
  return walk_sentence(picture);
}

std::string describe_costs(const Experiment& experiment, const CostsPicture& picture) {
  const auto with_other = [&](const std::string& words, bool compared) {
    if (!compared) return words;
    if (picture.run_words == text("costs.same_a"))
      return words + text("describe.separator") + text("costs.describe.same");
    return words + text("describe.separator") +
           format_text("compare.both", fmt::arg("a", picture.run_words),
                       fmt::arg("b", picture.other_words));
  };
  if (picture.transformer)
    return with_other(describe_transformer(*picture.transformer),
                      picture.other_transformer != nullptr);
  if (picture.napkin)
    return with_other(describe_napkin(experiment.costs), picture.other_napkin != nullptr);
  if (picture.data) return describe_moving_data(*picture.data);
  if (experiment.costs.view == CostsView::calibration && picture.calibration)
    return picture.calibration->machine.processor + text("describe.separator") +
           calibrated_words(*picture.calibration);
  if (picture.run) return with_other(describe_plan(picture.run->of), picture.other != nullptr);
  return format_text("costs.describe.example", fmt::arg("x", experiment.costs.x),
                     fmt::arg("w", experiment.costs.w),
                     fmt::arg("target", number_text(experiment.costs.target)));
}

}  // namespace nanscope
