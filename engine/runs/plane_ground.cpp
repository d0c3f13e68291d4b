#include "engine/runs/plane_ground.h"

#include <ATen/ops/add.h>
#include <ATen/ops/empty_like.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/experiment/json.h"
#include "engine/experiment/validate.h"
#include "engine/plan/task.h"
#include "engine/precision/precision.h"
#include "engine/runs/network_runs.h"
#include "engine/signal/thread_choice.h"

namespace nanscope {
namespace {

/// From one point of a coarser grid to the next, in points of the finished one.
constexpr int kStrides[] = {8, 4, 2, 1};
/// The grid that is measured before the optimizers begin.
constexpr int kCoarse = 4;

/// Points of a grid a side.
constexpr int side_of(int stride) { return (PlaneGround::kSide - 1) / stride + 1; }

/// The points of each grid that the coarser ones do not have, row by row.
std::vector<std::size_t> order_of_points() {
  std::vector<std::size_t> order;
  const auto is_on = [](int place, int stride) { return place % stride == 0; };
  int before = 0;
  for (const int stride : kStrides) {
    for (int row = 0; row < PlaneGround::kSide; row += stride)
      for (int column = 0; column < PlaneGround::kSide; column += stride)
        if (before == 0 || !is_on(row, before) || !is_on(column, before))
          order.push_back(static_cast<std::size_t>(row * PlaneGround::kSide + column));
    before = stride;
  }
  return order;
}

/// What shows the middle and a run's places, with a margin: no side less than a third of the other.
std::array<double, 4> view_around(const std::vector<RunPlace>& run) {
  Pair low{0, 0}, high{0, 0};
  for (const RunPlace& place : run)
    for (std::size_t e = 0; e < 2; ++e) {
      low[e] = std::min(low[e], place.at[e]);
      high[e] = std::max(high[e], place.at[e]);
    }
  const double most = std::max(high[0] - low[0], high[1] - low[1]);
  if (!(most > 0)) return {-1, 1, -1, 1};
  const auto half = [&](std::size_t e) { return std::max(high[e] - low[e], most / 3) * 0.75; };
  const auto center = [&](std::size_t e) { return (low[e] + high[e]) / 2; };
  return {center(0) - half(0), center(0) + half(0), center(1) - half(1), center(1) + half(1)};
}

}  // namespace

std::pair<std::int64_t, std::int64_t> PlaneGround::progress() const {
  if (stage_ == Stage::run)
    return {run_ ? run_->steps_done() : 0, run_ ? goal_ : spec_.run.training.steps};
  const auto measured = static_cast<std::int64_t>(measured_);
  if (!is_spanned()) return {measured, std::ssize(found_.run)};
  return {measured, kSide * kSide};
}

Result<void> PlaneGround::advance() {
  switch (stage_) {
    case Stage::run:
      return run_ ? take_step() : begin();
    case Stage::directions:
      find_directions();
      break;
    case Stage::places:
      measure_place();
      break;
    case Stage::coarse_grid:
    case Stage::fine_grid:
    case Stage::zoomed_grid:
      measure_point();
      break;
    case Stage::done:
      break;
  }
  return {};
}

Result<void> PlaneGround::begin() {
  if (const auto errors = validate(spec_.run); !errors.empty())
    return tl::unexpected(errors.front());
  auto task = training_task(spec_.run);
  if (!task) return tl::unexpected(task.error());
  auto run = TrainingRun::make(spec_.run);
  if (!run) return tl::unexpected(run.error());
  now_ = spec_.run;
  goal_ = spec_.run.training.steps;
  for (const auto& [step, change] : spec_.changes)
    if (change.key == "steps") goal_ = with_key(now_, "steps", change.value).value().training.steps;
  auto way = RunWay::make((*run)->plan(), goal_, spec_.after);
  if (!way) return tl::unexpected(way.error());
  task_ = *std::move(task);
  run_ = *std::move(run);
  way_ = *std::move(way);
  threads_ = useful_threads(largest_product(run_->plan().description()));
  way_->look(run_->plan(), 0);
  return {};
}

void PlaneGround::apply_changes() {
  for (; next_change_ < spec_.changes.size(); ++next_change_) {
    const auto& [step, change] = spec_.changes[next_change_];
    if (step > run_->steps_done()) return;
    apply_change({.step = step, .key = change.key, .value = change.value}, now_, *run_);
  }
}

Result<void> PlaneGround::take_step() {
  apply_changes();
  run_->step();
  if (!loss_)
    if (const auto made = make_loss(); !made) return made;
  way_->look(run_->plan(), run_->steps_done());
  if (run_->steps_done() < goal_ && !way_->lost_after()) return {};
  const NetworkSpec& network = spec_.run.network;
  found_ = LossPlane();
  found_.directions = spec_.directions;
  found_.after = std::min(spec_.after, static_cast<int>(goal_));
  found_.steps = static_cast<int>(goal_);
  found_.changes = static_cast<int>(spec_.changes.size());
  found_.rows = loss_->plan().input().data().size(0);
  found_.rows_trained = task_->table.rows > 0 ? task_->training_rows() : 0;
  found_.precision = network.precision;
  found_.emulated = precision_row(network.precision, network.execution, false)->emulated;
  run_.reset();
  if (!way_->middle())
    return input_error("optimizers.after",
                       "after {} steps the run's parameters are not finite, or beyond 1e75; it "
                       "takes a whole number from 0 to {}.",
                       found_.after, way_->positions().empty() ? 0 : way_->positions().back().step);
  threads_ = useful_threads(largest_product(loss_->plan().description()));
  stage_ = Stage::directions;
  return {};
}

/// After the first step: the samples of what is drawn are in its plan.
Result<void> PlaneGround::make_loss() {
  TableTensors samples = run_->trained(kMostRows);
  const Plan& plan = run_->plan();
  if (!samples.inputs.defined())
    samples = {plan.input().data(), plan.value(plan.description().target).data()};
  auto loss = SampleLoss::make(spec_.run, *task_, samples);
  if (!loss) return tl::unexpected(loss.error());
  loss_ = *std::move(loss);
  return {};
}

void PlaneGround::find_directions() {
  middle_ = way_->middle()->parameters.to(at::kDouble);
  found_.parameters = middle_.numel();
  // Not the run's own seed, from which its weights are drawn: the direction would be theirs.
  const std::uint64_t seed = spec_.run.network.seed + 1;
  directions_ = spec_.directions == PlaneDirections::random
                    ? random_directions(loss_->plan(), middle_, seed)
                    : principal_directions(way_->positions(), middle_, seed);
  for (std::size_t e = 0; e < 2; ++e)
    found_.lengths[e] = std::sqrt(project(directions_[e], directions_).length);
  double whole = 0, inside = 0;
  Pair along{};
  for (const RunPosition& position : way_->positions()) {
    const Projection place = project(position.parameters.to(at::kDouble) - middle_, directions_);
    found_.run.push_back({static_cast<int>(position.step), place.at});
    whole += place.length;
    inside += place.inside;
    for (std::size_t e = 0; e < 2; ++e) along[e] += place.along[e];
  }
  if (whole > 0) {
    found_.share = inside / whole;
    found_.shares = {along[0] / whole, along[1] / whole};
  }
  stage_ = Stage::places;
  measured_ = 0;
}

void PlaneGround::measure_place() {
  if (measured_ < found_.run.size()) {
    const RunPosition& position = way_->positions()[measured_];
    found_.run[measured_++].loss = loss_->loss(position.parameters);
    return;
  }
  way_.reset();
  begin_grid();
}

void PlaneGround::set_parts(const PlaneSpec& spec) {
  const bool other_span = spec.span != spec_.span;
  const bool other_part = spec.x != spec_.x || spec.y != spec_.y;
  spec_.span = spec.span;
  spec_.x = spec.x;
  spec_.y = spec.y;
  if (!is_spanned()) return;
  if (other_span) return begin_grid();
  if (other_part && stage_ >= Stage::zoomed_grid) begin_zoomed_grid();
}

void PlaneGround::begin_grid() {
  const double span = spec_.span > 0 ? spec_.span : 1;
  found_.view = {-span, span, -span, span};
  if (spec_.span == 0 && spec_.directions == PlaneDirections::principal)
    found_.view = view_around(found_.run);
  found_.side = 0;
  found_.losses.clear();
  found_.zoomed = {};
  view_ = found_.view;
  stage_ = Stage::coarse_grid;
  losses_.assign(std::size_t{kSide} * kSide, 0);
  order_ = order_of_points();
  measured_ = 0;
  plane_ = std::make_shared<const LossPlane>(found_);
}

/// That of another part stays until there is something of this one.
void PlaneGround::begin_zoomed_grid() {
  view_ = found_.view;
  if (spec_.x) view_[0] = spec_.x->low, view_[1] = spec_.x->high;
  if (spec_.y) view_[2] = spec_.y->low, view_[3] = spec_.y->high;
  measured_ = 0;
  stage_ = Stage::zoomed_grid;
  if (view_ != found_.view) return;
  found_.zoomed = {};
  plane_ = std::make_shared<const LossPlane>(found_);
  measured_ = order_.size();
  stage_ = Stage::done;
}

void PlaneGround::measure_point() {
  const std::size_t point = order_[measured_++];
  const auto& [left, right, low, high] = view_;
  const auto share = [](std::size_t place) { return static_cast<double>(place) / (kSide - 1); };
  losses_[point] = loss(
      {left + share(point % kSide) * (right - left), low + share(point / kSide) * (high - low)});
  for (const int stride : kStrides) {
    const int side = side_of(stride);
    if (measured_ == static_cast<std::size_t>(side * side)) take_grid(stride);
  }
}

void PlaneGround::take_grid(int stride) {
  LossGrid grid{.view = view_, .side = side_of(stride)};
  for (int row = 0; row < kSide; row += stride)
    for (int column = 0; column < kSide; column += stride)
      grid.losses.push_back(losses_[static_cast<std::size_t>(row * kSide + column)]);
  const bool zoomed = stage_ == Stage::zoomed_grid;
  if (zoomed) {
    found_.zoomed = std::move(grid);
  } else {
    found_.side = grid.side;
    found_.losses = std::move(grid.losses);
  }
  plane_ = std::make_shared<const LossPlane>(found_);
  if (zoomed && stride == 1) stage_ = Stage::done;
  if (!zoomed && stride == kCoarse) stage_ = Stage::fine_grid;
  if (!zoomed && stride == 1) begin_zoomed_grid();
}

double PlaneGround::loss(const Pair& at) {
  if (!theta_.defined()) theta_ = at::empty_like(middle_);
  at::add_out(theta_, middle_, directions_[0], at[0]);
  theta_.add_(directions_[1], at[1]);
  return loss_->loss(theta_);
}

SurfaceLook PlaneGround::look(Rounder& rounder, const Pair& at) {
  SurfaceLook look{.loss = loss(at)};
  const at::Tensor& gradient = loss_->gradient();
  for (std::size_t e = 0; e < 2; ++e) {
    look.slope.exact[e] = directions_[e].dot(gradient).item<double>();
    look.slope.in_format[e] = rounder(look.slope.exact[e]);
  }
  return look;
}

}  // namespace nanscope
