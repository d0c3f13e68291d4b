#include "engine/network/allocator_ledger.h"

#include <algorithm>
#include <utility>

namespace nanscope {

void AllocatorLedger::reportMemoryUsage(void* block, std::int64_t bytes, std::size_t /*allocated*/,
                                        std::size_t /*reserved*/, c10::Device device) {
  if (!device.is_cpu()) return;
  const std::lock_guard lock(mutex_);
  if (bytes > 0) {
    blocks_[block] = bytes;
    live_ += bytes;
    peak_ = std::max(peak_, live_);
    return;
  }
  // A block from before the ledger is none of its own.
  const auto known = blocks_.find(block);
  if (known == blocks_.end()) return;
  live_ -= known->second;
  blocks_.erase(known);
}

std::int64_t AllocatorLedger::live() const {
  const std::lock_guard lock(mutex_);
  return live_;
}

std::int64_t AllocatorLedger::take_peak() {
  const std::lock_guard lock(mutex_);
  return std::exchange(peak_, live_);
}

std::int64_t AllocatorLedger::bytes_at(const void* block) const {
  const std::lock_guard lock(mutex_);
  const auto known = blocks_.find(block);
  return known == blocks_.end() ? 0 : known->second;
}

}  // namespace nanscope
