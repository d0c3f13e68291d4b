#include "engine/plan/schedules/schedules.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

namespace nanscope {
namespace {

// One cycle as PyTorch's OneCycleLR has it by default (Smith & Topin 2018): from 1/25 of the rate
// up to it in 0.3 of the steps, then down to 1/10000 of where it began, along cosines.
constexpr double kCycleRise = 0.3, kCycleBegin = 1.0 / 25, kCycleEnd = kCycleBegin / 1e4;

/// From `from` to `to` along half a cosine.
double along_cosine(double from, double to, double done) {
  return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * done));
}

double cycle_share(double step, double steps) {
  const double top = kCycleRise * steps - 1, last = steps - 1;
  if (step <= top) return along_cosine(kCycleBegin, 1, step / top);
  return along_cosine(1, kCycleEnd, (step - top) / (last - top));
}

int warmup_of(const Schedule& schedule) {
  const bool rises =
      schedule.kind != ScheduleKind::constant && schedule.kind != ScheduleKind::one_cycle;
  return rises ? schedule.warmup : 0;
}

/// `step` counted from the end of the warm-up, of so many.
double share_after_warmup(const Schedule& schedule, double step, double steps) {
  const double done = steps > 0 ? step / steps : 1;
  switch (schedule.kind) {
    case ScheduleKind::constant:
    case ScheduleKind::warmup:
      return 1;
    case ScheduleKind::step:
      return std::pow(schedule.factor, std::floor(step / schedule.period));
    case ScheduleKind::linear:
      return 1 + (schedule.final - 1) * done;
    case ScheduleKind::cosine:
      return along_cosine(1, schedule.final, done);
    case ScheduleKind::one_cycle:
      break;
  }
  return cycle_share(step, steps);
}

/// That share as a Python expression of `step` and `steps`, both without the warm-up.
std::string share_text(const Schedule& schedule) {
  switch (schedule.kind) {
    case ScheduleKind::constant:
    case ScheduleKind::warmup:
      return "1";
    case ScheduleKind::step:
      return fmt::format("{} ** (step // {})", schedule.factor, schedule.period);
    case ScheduleKind::linear:
      return fmt::format("1 + ({} - 1) * step / steps", schedule.final);
    case ScheduleKind::cosine:
      return fmt::format("{0} + (1 - {0}) / 2 * (1 + math.cos(math.pi * step / steps))",
                         schedule.final);
    case ScheduleKind::one_cycle:
      break;
  }
  return "";
}

}  // namespace

double learning_rate(const TrainingSpec& training, std::int64_t step) {
  const double lr = training.optimizer.lr;
  const Schedule& schedule = training.schedule;
  const int warmup = warmup_of(schedule);
  if (step < warmup) return lr * (static_cast<double>(step) + 1) / warmup;
  return lr * share_after_warmup(schedule, static_cast<double>(step - warmup),
                                 static_cast<double>(training.steps) - warmup);
}

std::string learning_rate_text(const TrainingSpec& training, std::string_view suffix) {
  const double lr = training.optimizer.lr;
  const Schedule& schedule = training.schedule;
  const int warmup = warmup_of(schedule);
  if (schedule.kind == ScheduleKind::one_cycle)
    return fmt::format(R"(
# PyTorch's own schedule; the optimizer never steps here.
cycle = torch.optim.lr_scheduler.OneCycleLR(
    torch.optim.SGD([torch.zeros(1)], lr={0}), max_lr={0}, total_steps={1},
    cycle_momentum=False)
rates{2} = []
for step in range({1}):
    rates{2}.append(cycle.get_last_lr()[0])
    cycle.optimizer.step()
    if step + 1 < {1}:
        cycle.step()


def learning_rate{2}(step):
    return rates{2}[step]
)",
                       lr, training.steps, suffix);
  const bool constant = share_text(schedule) == "1" && warmup == 0;
  if (constant && suffix.empty()) return "";
  std::string text = fmt::format("\ndef learning_rate{}(step):\n", suffix);
  if (constant) return text + fmt::format("    return {}\n", lr);
  if (warmup > 0)
    text += fmt::format("    if step < {0}:\n        return {1} * (step + 1) / {0}\n", warmup, lr);
  return text + fmt::format("    step, steps = step - {0}, {1} - {0}\n    return {2} * ({3})\n",
                            warmup, training.steps, lr, share_text(schedule));
}

}  // namespace nanscope
