#pragma once

#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace nanscope {

/// What LibTorch's CPU allocator has handed out and not taken back: the bytes that were asked for,
/// as the allocator itself reports them to PyTorch's memory profiler. What the C library adds of
/// its own (blocks begin at multiples of 64 bytes) is not seen, nor what oneDNN or MKL ask of the C
/// library by themselves.
class AllocatorLedger final : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void* block, std::int64_t bytes, std::size_t /*allocated*/,
                         std::size_t /*reserved*/, c10::Device device) override;
  bool memoryProfilingEnabled() const override { return true; }

  std::int64_t live() const;
  /// The most since the last call of this.
  std::int64_t take_peak();
  /// Of the block that begins here; 0 where none does.
  std::int64_t bytes_at(const void* block) const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<const void*, std::int64_t> blocks_;
  std::int64_t live_ = 0, peak_ = 0;
};

/// While this lives, what this thread asks of the allocator goes into the ledger. What other
/// threads ask for does not.
class LedgerScope {
 public:
  explicit LedgerScope(std::shared_ptr<AllocatorLedger> ledger)
      : guard_(c10::DebugInfoKind::PROFILER_STATE, std::move(ledger)) {}

 private:
  c10::DebugInfoGuard guard_;
};

}  // namespace nanscope
