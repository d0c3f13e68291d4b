#include "engine/measuring/step_meter.h"

#include <algorithm>

namespace nanscope {
namespace {

constexpr int kSamplesRow = 0;

/// The part of a step behind its operations that ends with this.
StepPart part_of(StepPhase phase) {
  switch (phase) {
    case StepPhase::unscale:
      return StepPart::unscale;
    case StepPhase::penalty:
      return StepPart::penalty;
    case StepPhase::gradient_norm:
      return StepPart::gradient_norm;
    case StepPhase::clip:
      return StepPart::clip;
    case StepPhase::optimizer:
      return StepPart::optimizer;
    case StepPhase::forward:
    case StepPhase::backward:
      break;
  }
  return StepPart::backward;
}

void put(std::vector<int>& rows, int operation, std::size_t row) {
  const auto index = static_cast<std::size_t>(operation);
  if (rows.size() <= index) rows.resize(index + 1, -1);
  rows[index] = static_cast<int>(row);
}

double median(std::vector<double> numbers) {
  if (numbers.empty()) return 0;
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  std::ranges::nth_element(numbers, middle);
  return *middle;
}

}  // namespace

StepMeter::StepMeter(const StepTimeline& timeline, int batches, AllocatorLedger& ledger)
    : ledger_(ledger),
      batches_(batches),
      parts_(Names<StepPart>::all.size(), -1),
      rows_(timeline.rows.size()),
      seconds_(timeline.rows.size()),
      seen_(timeline.rows.size()) {
  for (std::size_t i = 0; i < timeline.rows.size(); ++i) {
    const TimelineRow& row = timeline.rows[i];
    switch (row.part) {
      case StepPart::forward:
        put(forward_, row.operation, i);
        break;
      case StepPart::again:
        put(again_, row.operation, i);
        break;
      case StepPart::backward:
        put(backward_, row.operation, i);
        break;
      case StepPart::samples:
        break;
      default:
        parts_[static_cast<std::size_t>(row.part)] = static_cast<int>(i);
        if (first_of_step_ == 0) first_of_step_ = i;
    }
  }
}

void StepMeter::begin() {
  for (MeasuredRow& row : rows_) row.seconds = 0;
  seen_.assign(seen_.size(), false);
  batch_ = 0;
  ledger_.take_peak();  // that of before
  open(kSamplesRow);
}

void StepMeter::open(int row) {
  peak_ = std::max(peak_, ledger_.take_peak());
  rows_[static_cast<std::size_t>(row)].before = ledger_.live();
  opened_ = Clock::now();
}

void StepMeter::close(int row) {
  const auto now = Clock::now();
  MeasuredRow& one = rows_[static_cast<std::size_t>(row)];
  one.seconds += std::chrono::duration<double>(now - opened_).count();
  one.after = ledger_.live();
  one.peak = ledger_.take_peak();
  peak_ = std::max(peak_, one.peak);
  seen_[static_cast<std::size_t>(row)] = true;
}

void StepMeter::before(int operation, Direction direction) {
  if (operation == 0 && direction == Direction::forward) close(kSamplesRow);
  const auto& rows = direction == Direction::forward ? forward_ : backward_;
  open(rows[static_cast<std::size_t>(operation)]);
}

void StepMeter::after(int operation, Direction direction) {
  const auto& rows = direction == Direction::forward ? forward_ : backward_;
  close(rows[static_cast<std::size_t>(operation)]);
  const bool batch_is_over = operation == 0 && direction == Direction::backward;
  if (batch_is_over && ++batch_ < batches_) open(kSamplesRow);
}

void StepMeter::before_again(int operation) { open(again_[static_cast<std::size_t>(operation)]); }
void StepMeter::after_again(int operation) { close(again_[static_cast<std::size_t>(operation)]); }

void StepMeter::after(StepPhase phase) {
  const int row = parts_[static_cast<std::size_t>(part_of(phase))];
  if (phase != StepPhase::backward && row >= 0) {
    // It began where what came before it ended.
    rows_[static_cast<std::size_t>(row)].before = live_;
    close(row);
  }
  live_ = ledger_.live();
  opened_ = Clock::now();
}

void StepMeter::end() {
  peak_ = std::max(peak_, ledger_.take_peak());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const int times = i < first_of_step_ ? batches_ : 1;
    if (seen_[i]) seconds_[i].push_back(rows_[i].seconds / times);
  }
}

std::vector<MeasuredRow> StepMeter::rows() const {
  std::vector<MeasuredRow> rows = rows_;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].seconds = median(seconds_[i]);
    if (seconds_[i].empty()) rows[i].before = rows[i].after = rows[i].peak = ledger_.live();
  }
  return rows;
}

bool StepMeter::has_seen_all() const {
  return std::ranges::none_of(seconds_, [](const auto& one) { return one.empty(); });
}

}  // namespace nanscope
