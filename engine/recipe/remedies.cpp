#include "engine/recipe/remedies.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/experiment/json.h"
#include "engine/numbers/format.h"
#include "engine/plan/optimizers/optimizers.h"
#include "engine/theory/activation_function.h"

namespace nanscope {
namespace {

/// Formats whose largest number is far below that of fp32.
bool has_small_range(Precision precision) {
  return precision == Precision::fp16 || precision == Precision::mixed_fp16 ||
         precision == Precision::e4m3 || precision == Precision::e5m2;
}

/// Whether it divides by something that fp16 makes 0.
bool loses_eps(const Optimizer& optimizer) {
  return optimizer_text(optimizer.kind).equation.find("eps") != std::string_view::npos &&
         optimizer.eps < 1e-6;
}

/// Where the weights as drawn are enough to leave the finite numbers.
void add_for_weights(const NetworkSpec& network, std::vector<std::string>& all) {
  const bool keeps_signs = is_homogeneous(effective_activation(network.model)) &&
                           effective_activation(network.model) != Activation::identity;
  if (network.init.scheme == InitScheme::normal) {
    all.emplace_back(keeps_signs ? "init.scheme=kaiming" : "init.scheme=xavier");
    all.emplace_back("init.scheme=inv_sqrt");
  } else if (network.init.gain > 1) {
    all.emplace_back("init.gain=1");
  }
  if (network.model.norm == Norm::none) all.emplace_back("model.norm=layernorm");
}

/// Whether the loss leaves its format whatever the network predicts, unless it predicts that
/// target: the loss is a mean of (y - T)^2, in fp32 at least.
bool is_beyond(double target, Precision precision) {
  const double square = target * target;
  return square > find_format(precision == Precision::fp64 ? "fp64" : "fp32")->largest;
}

/// Where a step went too far.
void add_for_steps(const TrainingSpec& training, std::vector<std::string>& all) {
  all.push_back(fmt::format("optimizer.lr={:.3g}", training.optimizer.lr / 10));
  if (training.clip_norm == 0) all.emplace_back("clip.norm=1");
  if (training.schedule.kind == ScheduleKind::constant)
    all.push_back(
        fmt::format("schedule.kind=warmup schedule.warmup={}", std::max(1, training.steps / 10)));
}

}  // namespace

std::vector<std::string> remedies(const Experiment& experiment, const FirstNonfiniteStep& first,
                                  double largest_target) {
  const Precision precision = experiment.network.precision;
  if (first.what == NonfinitePart::loss && is_beyond(largest_target, precision)) {
    if (is_beyond(largest_target, Precision::fp64)) return {};
    return {"precision=fp64"};
  }
  std::vector<std::string> all;
  if (experiment.training.l1 > 0) all.emplace_back("regularization.l1=0");
  if (experiment.training.l2 > 0) all.emplace_back("regularization.l2=0");
  if (first.step == 0)
    add_for_weights(experiment.network, all);
  else
    add_for_steps(experiment.training, all);
  if (has_small_range(experiment.network.precision)) {
    // In the first step no optimizer has acted yet.
    if (first.step > 0 && loses_eps(experiment.training.optimizer))
      all.emplace_back("optimizer.eps=1e-6");
    const bool mixed = experiment.network.precision == Precision::mixed_fp16;
    all.emplace_back(mixed ? "precision=mixed_bf16" : "precision=bf16");
  }
  if (all.empty()) all.emplace_back("precision=fp64");
  return all;
}

Result<Experiment> with_remedy(Experiment experiment, std::string_view remedy) {
  while (!remedy.empty()) {
    const std::string_view pair = remedy.substr(0, remedy.find(' '));
    remedy.remove_prefix(std::min(pair.size() + 1, remedy.size()));
    const std::size_t equals = pair.find('=');
    Result<Experiment> next = with_key(experiment, pair.substr(0, equals), pair.substr(equals + 1));
    if (!next) return next;
    experiment = *std::move(next);
  }
  return experiment;
}

}  // namespace nanscope
