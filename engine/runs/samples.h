#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <vector>

#include "engine/experiment/data.h"
#include "engine/network/value.h"

namespace nanscope {

/// Writes the samples of one step after another into the plan's buffers.
class Samples {
 public:
  virtual ~Samples() = default;
  /// The next X (B,C) and T (B,outputs), each rounded to its format.
  virtual void write_next(const Value& input, const Value& target, at::Generator& generator) = 0;
  /// The place in the data: the rows that are left of an epoch; none where samples are drawn.
  virtual at::Tensor rows_left() const;
  /// Whether there are such rows.
  virtual bool set_rows_left(const at::Tensor& rows);
  /// 0 where samples are drawn.
  virtual std::int64_t batches_per_epoch() const { return 0; }
  /// What it holds from step to step; of the table, which several may share, the second.
  virtual std::vector<at::Tensor> tensors() const = 0;
  virtual std::vector<at::Tensor> table() const { return {}; }
};

/// Drawn anew for every step: X as draw_input() draws it, T = X w with w = (0, 1, 2, ...).
class TaughtSamples final : public Samples {
 public:
  /// For buffers like these.
  TaughtSamples(DataKind kind, const Value& input, const Value& target);
  void write_next(const Value& input, const Value& target, at::Generator& generator) override;
  std::vector<at::Tensor> tensors() const override { return {drawn_, wide_, length_, teacher_}; }

 private:
  DataKind kind_;
  at::Tensor drawn_;    ///< X as drawn, fp32
  at::Tensor wide_;     ///< X in the target's format
  at::Tensor length_;   ///< of each row
  at::Tensor teacher_;  ///< w (C,1)
};

/// Rows of a table in PyTorch's order: that of a DataLoader with shuffle and drop_last, which draws
/// from the default generator, here the run's.
class TableSamples final : public Samples {
 public:
  /// `inputs` (rows,C) in fp32, or fp64 for that; `targets` (rows,outputs) in the target's type;
  /// `trained`: those of the rows that are trained on.
  TableSamples(at::Tensor inputs, at::Tensor targets, at::Tensor trained, std::int64_t batch);
  void write_next(const Value& input, const Value& target, at::Generator& generator) override;
  at::Tensor rows_left() const override;
  bool set_rows_left(const at::Tensor& rows) override;
  std::int64_t batches_per_epoch() const override { return trained_.size(0) / batch_; }
  std::vector<at::Tensor> tensors() const override { return {trained_, taken_, order_, rows_}; }
  std::vector<at::Tensor> table() const override { return {inputs_, targets_}; }

 private:
  void begin_epoch(at::Generator& generator);

  void follow(at::Tensor order);

  at::Tensor inputs_, targets_;
  at::Tensor trained_;
  at::Tensor taken_;  ///< a batch of the inputs
  std::int64_t batch_;
  at::Tensor order_;       ///< of the epoch's rows: places in trained_
  at::Tensor rows_;        ///< the table's rows in this order
  std::int64_t next_ = 0;  ///< place in it
};

/// A table's inputs and targets: classes as one row of probabilities each, 1 for its own.
struct TableTensors {
  at::Tensor inputs, targets;
};
TableTensors table_tensors(const Table& table, std::int64_t outputs, at::ScalarType target_type);

}  // namespace nanscope
