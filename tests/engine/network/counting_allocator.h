#pragma once

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>

#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace nanscope {

/// Counts what LibTorch's CPU allocator holds while this lives, one at a time: the bytes that are
/// asked for. c10 asks the C library for just as many (aligned to 64 bytes, not rounded up); what
/// that rounds or adds of its own is not seen.
class CountingAllocator final : public c10::Allocator {
 public:
  CountingAllocator() : real_(c10::GetCPUAllocator()) {
    ledger().release = real_->raw_deleter();
    c10::SetCPUAllocator(this, kPriority);
  }
  ~CountingAllocator() override { c10::SetCPUAllocator(real_, kPriority); }
  CountingAllocator(const CountingAllocator&) = delete;
  CountingAllocator& operator=(const CountingAllocator&) = delete;

  c10::DataPtr allocate(std::size_t bytes) override {
    c10::DataPtr real = real_->allocate(bytes);
    const c10::Device device = real.device();
    void* data = real.release_context();
    if (data == nullptr) return {nullptr, nullptr, &release, device};
    Ledger& all = ledger();
    const std::lock_guard lock(all.mutex);
    all.bytes[data] = static_cast<std::int64_t>(bytes);
    all.held += static_cast<std::int64_t>(bytes);
    return {data, data, &release, device};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &release; }
  void copy_data(void* to, const void* from, std::size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }

  std::int64_t held() const {
    const std::lock_guard lock(ledger().mutex);
    return ledger().held;
  }

 private:
  /// Of blocks that may outlive the allocator; c10's raw allocations know their address alone.
  struct Ledger {
    std::mutex mutex;
    std::unordered_map<void*, std::int64_t> bytes;
    std::int64_t held = 0;
    c10::DeleterFnPtr release = nullptr;
  };
  static Ledger& ledger() {
    static Ledger all;
    return all;
  }
  static void release(void* data) {
    if (data == nullptr) return;
    Ledger& all = ledger();
    {
      const std::lock_guard lock(all.mutex);
      const auto known = all.bytes.find(data);
      if (known != all.bytes.end()) {
        all.held -= known->second;
        all.bytes.erase(known);
      }
    }
    all.release(data);
  }
  static constexpr std::uint8_t kPriority = 255;

  c10::Allocator* real_;
};

}  // namespace nanscope
