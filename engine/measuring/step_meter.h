#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/clock.h"
#include "engine/costs/measured/measured_costs.h"
#include "engine/network/allocator_ledger.h"
#include "engine/runs/training_run.h"

namespace nanscope {

/// Measures each row of a step's timeline while the step runs: what the allocator holds before,
/// after and in between, and how long it takes.
class StepMeter final : public StepWatch {
 public:
  /// For steps of `batches` batches. The ledger has to live as long.
  StepMeter(const StepTimeline& timeline, int batches, AllocatorLedger& ledger);

  /// A step begins.
  void begin();
  void before(int operation, Direction direction) override;
  void after(int operation, Direction direction) override;
  void before_again(int operation) override;
  void after_again(int operation) override;
  void after(StepPhase phase) override;
  /// The step is over.
  void end();

  /// Whether there was every part of a step: where losses are scaled, the first steps may leave
  /// the optimizer out.
  bool has_seen_all() const;
  /// Bytes of the latest step, and the seconds of the median one; of a part that never was what is
  /// held now, and no time.
  std::vector<MeasuredRow> rows() const;
  /// The most that any step held.
  std::int64_t peak() const { return peak_; }

 private:
  void open(int row);
  void close(int row);

  AllocatorLedger& ledger_;
  int batches_;
  int batch_ = 0;                  ///< of the step under way
  std::size_t first_of_step_ = 0;  ///< the rows from here on are of the step, not of a batch
  std::vector<int> forward_, again_, backward_;  ///< rows of operations
  std::vector<int> parts_;                       ///< rows of StepPhase; -1 where it has none
  std::vector<MeasuredRow> rows_;                ///< seconds: of the step under way
  std::vector<std::vector<double>> seconds_;     ///< of each row, of every step
  std::vector<bool> seen_;                       ///< in the step under way
  std::int64_t peak_ = 0, live_ = 0;
  Clock::time_point opened_;
};

}  // namespace nanscope
