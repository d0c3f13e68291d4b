#include "engine/runs/samples.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/one_hot.h>
#include <ATen/ops/randperm.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "engine/training/initialize.h"

namespace nanscope {

at::Tensor Samples::rows_left() const { return at::empty({0}, at::kLong); }

bool Samples::set_rows_left(const at::Tensor& rows) { return rows.numel() == 0; }

TaughtSamples::TaughtSamples(DataKind kind, const Value& input, const Value& target) : kind_(kind) {
  const std::int64_t features = input.data().size(-1);
  const at::ScalarType wide = target.data().scalar_type();
  drawn_ = at::empty(input.data().sizes(), at::kFloat);
  wide_ = wide == at::kFloat ? drawn_ : at::empty(input.data().sizes(), wide);
  length_ = at::empty({input.data().size(0), 1}, at::kFloat);
  teacher_ = at::arange(features, wide).view({features, 1});
}

void TaughtSamples::write_next(const Value& input, const Value& target, at::Generator& generator) {
  drawn_.normal_(0, 1, generator);
  if (kind_ == DataKind::constant_norm) {
    at::linalg_vector_norm_out(length_, drawn_, 2, at::IntArrayRef{1}, /*keepdim=*/true);
    drawn_.div_(length_).mul_(std::sqrt(static_cast<double>(drawn_.size(1))));
  }
  if (!wide_.is_same(drawn_)) wide_.copy_(drawn_);
  at::Tensor t = target.data();
  at::mm_out(t, wide_, teacher_);
  target.round_data();
  input.data().copy_(drawn_);
  input.round_data();
}

TableSamples::TableSamples(at::Tensor inputs, at::Tensor targets, at::Tensor trained,
                           std::int64_t batch)
    : inputs_(std::move(inputs)),
      targets_(std::move(targets)),
      trained_(std::move(trained)),
      taken_(at::empty({batch, inputs_.size(1)}, inputs_.options())),
      batch_(batch),
      order_(at::empty({0}, at::kLong)) {}

void TableSamples::follow(at::Tensor order) {
  order_ = std::move(order);
  rows_ = trained_.index_select(0, order_);
  next_ = 0;
}

void TableSamples::begin_epoch(at::Generator& generator) {
  const auto draw_seed = [&generator] {
    return at::empty({}, at::kLong).random_(generator).item<std::int64_t>();
  };
  draw_seed();  // the loader's, for workers
  at::Generator own = seeded_generator(static_cast<std::uint64_t>(draw_seed()));
  follow(at::randperm(trained_.size(0), own, at::kLong));
}

void TableSamples::write_next(const Value& input, const Value& target, at::Generator& generator) {
  if (next_ + batch_ > order_.size(0)) begin_epoch(generator);
  const at::Tensor rows = rows_.narrow(0, next_, batch_);
  next_ += batch_;
  at::index_select_out(taken_, inputs_, 0, rows);
  input.data().copy_(taken_);
  input.round_data();
  at::Tensor t = target.data();
  at::index_select_out(t, targets_, 0, rows);
}

TableTensors TableSamples::trained(std::int64_t most) const {
  const at::Tensor rows = trained_.narrow(0, 0, std::min(most, trained_.size(0)));
  return {inputs_.index_select(0, rows), targets_.index_select(0, rows)};
}

at::Tensor TableSamples::rows_left() const {
  return order_.narrow(0, next_, order_.size(0) - next_);
}

bool TableSamples::set_rows_left(const at::Tensor& rows) {
  const std::span<const std::int64_t> each(rows.const_data_ptr<std::int64_t>(),
                                           static_cast<std::size_t>(rows.numel()));
  if (!std::ranges::all_of(each,
                           [&](std::int64_t row) { return row >= 0 && row < trained_.size(0); }))
    return false;
  follow(rows);
  return true;
}

TableTensors table_tensors(const Table& table, std::int64_t outputs, at::ScalarType target_type) {
  const auto tensor = [](const std::vector<double>& values, at::IntArrayRef shape) {
    return at::from_blob(const_cast<double*>(values.data()), shape, at::kDouble);
  };
  const at::Tensor inputs = tensor(table.values, {table.rows, table.columns});
  at::Tensor targets = tensor(table.targets, {table.rows, 1});
  if (table.classes > 0) targets = at::one_hot(targets.squeeze(1).to(at::kLong), outputs);
  // Copies: from_blob() looks into the table.
  return {inputs.to(table.fp64 ? at::kDouble : at::kFloat, /*non_blocking=*/false, /*copy=*/true),
          targets.to(target_type, /*non_blocking=*/false, /*copy=*/true)};
}

}  // namespace nanscope
