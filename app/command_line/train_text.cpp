#include "app/command_line/train_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/command_line/text_table.h"
#include "ui/labs/training/autopsy_words.h"
#include "ui/labs/training/words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr int kShownSteps = 20;

/// Of several networks, whose losses are medians.
std::string networks_table(const std::vector<RunStep>& shown) {
  TextTable table({{"", "step"},
                   {"loss", "median"},
                   {"loss", "smallest"},
                   {"loss", "largest"},
                   {"", "lr"},
                   {"", "grad norm"}});
  for (const RunStep& step : shown)
    table.add_row({fmt::format("{}", step.step), number_text(step.loss),
                   number_text(step.losses->low), number_text(step.losses->high),
                   number_text(step.lr), number_text(step.grad_norm)});
  return table.to_text();
}

std::string step_table(const std::vector<RunStep>& shown) {
  if (shown.front().losses) return networks_table(shown);
  TextTable table({{"", "step"}, {"", "loss"}, {"", "lr"}, {"", "grad norm"}});
  for (const RunStep& step : shown)
    table.add_row({fmt::format("{}", step.step), number_text(step.loss), number_text(step.lr),
                   number_text(step.grad_norm)});
  return table.to_text();
}

std::string held_text(const RunSummary& summary) {
  std::vector<std::string> parts;
  std::int64_t total = 0;
  for (const auto& [role, bytes] : summary.memory) {
    parts.push_back(fmt::format("{} {}", name_of(role), bytes_text(static_cast<double>(bytes))));
    total += bytes;
  }
  const Experiment& experiment = summary.experiment;
  return format_text("train.held", fmt::arg("seeds", seed_words(experiment.network)),
                     fmt::arg("precision", name_of(experiment.network.precision)),
                     fmt::arg("optimizer", name_of(experiment.training.optimizer.kind)),
                     fmt::arg("bytes", bytes_text(static_cast<double>(total))),
                     fmt::arg("parts", fmt::format("{}", fmt::join(parts, ", "))));
}

/// Whether no weight of any network has moved.
bool all_skipped(const RunSummary& summary) {
  return summary.skipped == summary.steps &&
         std::ranges::all_of(summary.networks,
                             [&](const NetworkFate& one) { return one.skipped == summary.steps; });
}

/// "loss", "running statistics (running_var1)".
std::string what_words(const FirstNonfiniteStep& first) {
  if (!first.role) return text(fmt::format("train.what.{}", name_of(first.what)));
  return format_text(fmt::format("train.what.{}", name_of(*first.role)),
                     fmt::arg("tensor", first.tensor));
}

}  // namespace

ShownSteps::ShownSteps(std::int64_t steps)
    : stride_(std::max<std::int64_t>((steps + kShownSteps - 1) / kShownSteps, 1)) {}

bool ShownSteps::take(const RunStep& step) {
  if (step.step % stride_ == 0) kept_.push_back(step);
  last_ = step;
  return true;
}

std::vector<RunStep> ShownSteps::steps() const {
  std::vector<RunStep> shown = kept_;
  if (!shown.empty() && shown.back().step != last_.step) shown.push_back(last_);
  return shown;
}

std::vector<std::string> nonfinite_sentences(const RunSummary& summary) {
  const auto& first = summary.first_nonfinite;
  if (!first) return {};
  const NetworkSpec& network = summary.experiment.network;
  const std::string what = what_words(*first);
  const std::string number = number_text(first->value);
  const auto value = fmt::arg("value", number);
  std::vector<std::string> sentences{
      network.networks == 1
          ? format_text("train.nonfinite", fmt::arg("what", what), value,
                        fmt::arg("step", first->step))
          : count_text("train.nonfinite_networks", summary.lost_networks(),
                       fmt::arg("networks", network.networks),
                       fmt::arg("seed", network.seed + static_cast<std::uint64_t>(first->network)),
                       fmt::arg("what", what), value, fmt::arg("step", first->step))};
  if (summary.autopsy) {
    sentences.push_back(autopsy_sentence(*summary.autopsy));
    if (const std::string numbers = autopsy_numbers(*summary.autopsy); !numbers.empty())
      sentences.push_back(fmt::format("  {}\n  = {}", summary.autopsy->equation, numbers));
    sentences.push_back(autopsy_reason(*summary.autopsy));
  }
  if (first->remedies.empty()) return sentences;
  sentences.push_back(format_text(
      "train.remedies", fmt::arg("remedies", fmt::format("{}", fmt::join(first->remedies, ", ")))));
  return sentences;
}

std::string run_to_text(const RunSummary& summary, const std::vector<RunStep>& shown) {
  std::string result = shown.empty() ? "" : step_table(shown) + "\n";
  const auto add = [&result](const std::string& line) { result += line + "\n"; };
  if (!shown.empty() && !summary.is_lost())
    add(format_text("train.loss", fmt::arg("first", number_text(shown.front().loss)),
                    fmt::arg("last", number_text(summary.last.loss))));
  if (const auto& losses = summary.last.losses; losses && !summary.is_lost())
    add(format_text("train.networks", fmt::arg("count", summary.experiment.network.networks),
                    fmt::arg("low", number_text(losses->low)),
                    fmt::arg("high", number_text(losses->high))));
  if (const auto& held_out = summary.held_out)
    add(format_text(held_out->accuracy ? "train.accuracy" : "train.held_out",
                    fmt::arg("loss", number_text(held_out->loss)),
                    fmt::arg("percent", number_text(100 * held_out->accuracy.value_or(0)))));
  if (summary.held_out && summary.held_out->accuracies)
    add(format_text("train.accuracies",
                    fmt::arg("low", number_text(100 * summary.held_out->accuracies->low)),
                    fmt::arg("high", number_text(100 * summary.held_out->accuracies->high))));
  if (summary.held_out && summary.held_out->nan_rows > 0)
    add(count_text("train.nan_rows", summary.held_out->nan_rows));
  for (const std::string& sentence : nonfinite_sentences(summary)) add(sentence);
  const std::int64_t done = summary.steps - summary.resumed_after;
  if (done > 0 && summary.resumed_after > 0)
    add(count_text("train.resumed", summary.resumed_after));
  if (done == 0 && !summary.stopped)
    add(format_text("train.nothing_left", fmt::arg("steps", summary.steps)));
  else
    add(count_text("train.done", done, fmt::arg("time", seconds_text(summary.seconds)),
                   fmt::arg("rate", number_text(summary.steps_per_second()))));
  if (summary.skipped > 0)
    add(count_text(summary.networks.empty() ? "train.skipped" : "train.skipped_by_one",
                   summary.skipped,
                   fmt::arg("scale", number_text(summary.loss_scale.value_or(1)))));
  if (summary.skipped > 0 && all_skipped(summary)) add(text("train.all_skipped"));
  if (summary.stopped) add(format_text("train.stopped", fmt::arg("steps", summary.goal)));
  if (!summary.checkpoint.empty())
    add(format_text(summary.is_over() ? "train.checkpoint_over" : "train.checkpoint",
                    fmt::arg("path", summary.checkpoint)));
  add(held_text(summary));
  return result;
}

}  // namespace nanscope
