#include "engine/runs/surface_probe.h"

#include <ATen/ops/add.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/max.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/softmax.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/plan/plan.h"
#include "engine/runs/evaluation.h"

namespace nanscope {
namespace {

constexpr int kSide = 64;
constexpr std::int64_t kMostBytes = std::int64_t{64} << 20;
constexpr double kMargin = 0.1;  // around the points, as a share of their span

/// The lowest and the highest value of a column, with a margin.
std::pair<double, double> ends_of(const Table& table, int column) {
  double low = table.values[static_cast<std::size_t>(column)], high = low;
  for (auto i = static_cast<std::size_t>(column); i < table.values.size();
       i += static_cast<std::size_t>(table.columns)) {
    low = std::min(low, table.values[i]);
    high = std::max(high, table.values[i]);
  }
  const double margin = kMargin * (high - low);
  return {low - margin, high + margin};
}

}  // namespace

std::unique_ptr<SurfaceProbe> SurfaceProbe::make(const Experiment& experiment,
                                                 const TrainingTask& task) {
  if (!is_plane(experiment.data.kind)) return nullptr;
  auto plan = describe_training(experiment, task, kSide * kSide);
  if (!plan || plan->bytes() > kMostBytes) return nullptr;
  DecisionSurface grid{.side = kSide, .samples = std::make_shared<const Table>(task.table)};
  std::tie(grid.low_x, grid.high_x) = ends_of(task.table, 0);
  std::tie(grid.low_y, grid.high_y) = ends_of(task.table, 1);
  return std::unique_ptr<SurfaceProbe>(
      new SurfaceProbe(std::make_shared<const PlanDescription>(*std::move(plan)), std::move(grid),
                       task.loss == Loss::cross_entropy));
}

SurfaceProbe::SurfaceProbe(std::shared_ptr<const PlanDescription> plan, DecisionSurface grid,
                           bool are_logits)
    : plan_(std::move(plan)), grid_(std::move(grid)), are_logits_(are_logits) {
  at::Tensor points = at::empty({kSide, kSide, 2}, at::kDouble);
  const auto middles = [](double low, double high) {
    return (at::arange(kSide, at::kDouble) + 0.5) * ((high - low) / kSide) + low;
  };
  points.select(2, 0).copy_(middles(grid_.low_x, grid_.high_x).view({1, kSide}));
  points.select(2, 1).copy_(middles(grid_.low_y, grid_.high_y).view({kSide, 1}));
  plan_.input().data().copy_(points.view({kSide * kSide, 2}));
  plan_.input().round_data();
  plan_.value(plan_.description().target).data().zero_();  // the loss of nothing in particular
}

DecisionSurface SurfaceProbe::look(const Plan& run) {
  copy_learned(plan_, run);
  plan_.forward(nullptr);
  const at::Tensor scores =
      plan_.value(plan_.description().operations.back().inputs[0]).data().to(at::kDouble);
  const at::Tensor finite = at::isfinite(scores).all(-1);
  auto [largest, classes] = at::max(are_logits_ ? at::softmax(scores, -1) : scores, -1);
  classes = classes.masked_fill(finite.logical_not(), DecisionSurface::kNone).to(at::kChar);
  largest = are_logits_ ? largest.to(at::kFloat) : at::ones_like(largest, at::kFloat);
  DecisionSurface surface = grid_;
  surface.classes.assign(classes.data_ptr<std::int8_t>(),
                         classes.data_ptr<std::int8_t>() + classes.numel());
  surface.shares.assign(largest.data_ptr<float>(), largest.data_ptr<float>() + largest.numel());
  return surface;
}

}  // namespace nanscope
