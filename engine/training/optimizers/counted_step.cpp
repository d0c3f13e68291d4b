#include "engine/training/optimizers/counted_step.h"

#include <ATen/core/Generator.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "engine/devices/sum_of_parts.h"
#include "engine/plan/optimizers/optimizers.h"
#include "engine/probes/avx512.h"
#include "engine/training/initialize.h"
#include "engine/training/optimizers/moves.h"

namespace nanscope {
namespace {

bool is_sgd(OptimizerKind kind) {
  return kind == OptimizerKind::sgd || kind == OptimizerKind::momentum ||
         kind == OptimizerKind::nesterov;
}

bool is_adam(OptimizerKind kind) {
  return kind == OptimizerKind::adam || kind == OptimizerKind::adamw ||
         kind == OptimizerKind::amsgrad;
}

MovedFloats floats_of(const OptimizerBuffers& buffers, std::size_t index) {
  return {.theta = buffers.parameters[index].mutable_data_ptr<float>(),
          .gradient = buffers.gradients[index].const_data_ptr<float>()};
}

/// The factors in double, each rounded once, as in ATen's fused kernel.
AdamMove adam_move(const Optimizer& optimizer, const OptimizerBuffers& buffers, std::size_t index,
                   std::int64_t step) {
  auto* steps = buffers.steps[index].mutable_data_ptr<float>();
  *steps = static_cast<float>(step + 1);
  const double t = *steps, decay = optimizer.weight_decay;
  const bool decoupled = optimizer.kind == OptimizerKind::adamw;
  const auto state = [&](std::size_t which) {
    return buffers.state[which][index].mutable_data_ptr<float>();
  };
  const auto rounded = [](double factor) { return static_cast<float>(factor); };
  return {.of = floats_of(buffers, index),
          .m = state(0),
          .v = state(1),
          .largest_v = optimizer.kind == OptimizerKind::amsgrad ? state(2) : nullptr,
          .couples = !decoupled && decay != 0,
          .coupled_decay = rounded(decay),
          .kept = decoupled && decay != 0 ? rounded(1 - optimizer.lr * decay) : 1,
          .gradient_share = rounded(1 - optimizer.beta1),
          .beta2 = rounded(optimizer.beta2),
          .square_share = rounded(1 - optimizer.beta2),
          .root_correction = rounded(std::sqrt(1 - std::pow(optimizer.beta2, t))),
          .eps = rounded(optimizer.eps),
          .step_size = rounded(optimizer.lr / (1 - std::pow(optimizer.beta1, t)))};
}

SgdMove sgd_move(const Optimizer& optimizer, const OptimizerBuffers& buffers, std::size_t index,
                 std::int64_t step) {
  const bool has_velocity = !buffers.state.empty() && optimizer.momentum > 0;
  const bool nesterov = has_velocity && optimizer.kind == OptimizerKind::nesterov;
  const auto rounded = [](double factor) { return static_cast<float>(factor); };
  return {.of = floats_of(buffers, index),
          .velocity = has_velocity ? buffers.state[0][index].mutable_data_ptr<float>() : nullptr,
          .couples = optimizer.weight_decay != 0,
          .coupled_decay = rounded(optimizer.weight_decay),
          .momentum = rounded(optimizer.momentum),
          .gradient_share = rounded(nesterov ? 1 : 1 - optimizer.dampening),
          .lr = rounded(optimizer.lr),
          .nesterov = nesterov,
          .first = step == 0};
}

template <class Move>
CountedStep counted(MoveBlock<Move> move_block, const MoveKernels& kernels, const Move& move,
                    std::int64_t count, const MeasureOptions& options) {
  return sum_of_parts<CountedStep>(count, [&](std::int64_t first, std::int64_t size) {
    alignas(64) float before[kPassedBlock];
    DistanceLanes lanes;
    const auto pass = [&](std::size_t begin, std::size_t number) {
      const auto at = static_cast<std::size_t>(first) + begin;
      return PassedBlock{move_block(move, at, number, before, lanes), before};
    };
    const Accumulator sums =
        accumulate_passed(static_cast<std::size_t>(size), options, std::cref(pass));
    return CountedStep{sums, kernels.distance(lanes)};
  });
}

/// A parameter of random numbers for a trial.
OptimizerBuffers trial_buffers(OptimizerKind kind) {
  constexpr std::int64_t kCount = 16 * 4 + 8 + 3;  // vectors, half a one, single elements
  OptimizerBuffers buffers;
  at::Generator generator = seeded_generator(1);
  const auto random = [&] { return at::empty({kCount}, at::kFloat).normal_(0, 1, generator); };
  buffers.parameters = {random()};
  buffers.gradients = {random()};
  buffers.steps = {at::zeros({}, at::kFloat)};
  for (std::size_t i = 0; i < optimizer_text(kind).state.size(); ++i)
    buffers.state.push_back({random().square_()});
  return buffers;
}

bool moves_alike(const MoveKernels& kernels, const Optimizer& optimizer) {
  const OptimizerBuffers here = trial_buffers(optimizer.kind);
  const OptimizerBuffers there = trial_buffers(optimizer.kind);
  optimizer_step(optimizer.kind)(optimizer, there, 2);
  step_counted(kernels, optimizer, here, 0, 2, {});
  for (std::size_t i = 0; i < there.state.size(); ++i)
    if (!here.state[i][0].equal(there.state[i][0])) return false;
  return here.parameters[0].equal(there.parameters[0]);
}

}  // namespace

std::vector<const MoveKernels*> move_kernels() {
  std::vector<const MoveKernels*> all;
#if defined(__x86_64__)
  if (has_avx512()) all.push_back(&avx512_moves());
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) all.push_back(&avx2_moves());
#endif
  return all;
}

const MoveKernels* counting_kernels(OptimizerKind kind) {
  const auto all = move_kernels();
  if (all.empty() || (!is_adam(kind) && !is_sgd(kind))) return nullptr;
  // A LibTorch of one's own, or one that was told of another processor, may round otherwise.
  const Optimizer plain{.kind = kind};
  const Optimizer decaying{.kind = kind, .dampening = 0.3, .beta1 = 0.3, .weight_decay = 0.1};
  const bool alike = moves_alike(*all.front(), plain) && moves_alike(*all.front(), decaying);
  return alike ? all.front() : nullptr;
}

CountedStep step_counted(const MoveKernels& kernels, const Optimizer& optimizer,
                         const OptimizerBuffers& buffers, std::size_t index, std::int64_t step,
                         const MeasureOptions& options) {
  const std::int64_t count = buffers.parameters[index].numel();
  return is_sgd(optimizer.kind)
             ? counted(kernels.sgd, kernels, sgd_move(optimizer, buffers, index, step), count,
                       options)
             : counted(kernels.adam, kernels, adam_move(optimizer, buffers, index, step), count,
                       options);
}

}  // namespace nanscope
