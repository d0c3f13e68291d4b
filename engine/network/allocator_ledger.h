#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Allocator.h>

#include <cstdint>
#include <memory>

namespace nanscope {

/// What LibTorch's CPU allocator has handed out and not taken back: the bytes that were asked for.
/// It stands in front of the allocator and notes the size before each block, so that counting costs
/// a few nanoseconds. What the C library adds of its own (blocks begin at multiples of 64 bytes) is
/// not seen, nor what oneDNN or MKL ask of the C library by themselves.
class AllocatorLedger final : public c10::Allocator {
 public:
  /// Of blocks that were handed out while a LedgerScope was open.
  std::int64_t live() const;
  /// The most since the last call of this.
  std::int64_t take_peak();
  /// Of the block that the tensor is in, or a view of; 0 where the block is none of a ledger's.
  static std::int64_t bytes_of(const at::Tensor& tensor);

  AllocatorLedger();
  ~AllocatorLedger() override;
  AllocatorLedger(const AllocatorLedger&) = delete;
  AllocatorLedger& operator=(const AllocatorLedger&) = delete;

  c10::DataPtr allocate(std::size_t bytes) override;
  c10::DeleterFnPtr raw_deleter() const override;
  void copy_data(void* to, const void* from, std::size_t bytes) const override;

 private:
  struct Counts;
  struct Block;
  static void release(void* data);

  c10::Allocator* real_;
  Counts* counts_;  ///< its blocks have it, too, and may outlive the ledger
};

/// While this lives, LibTorch asks the ledger for memory: one at a time, on the thread that owns
/// the tensors.
class LedgerScope {
 public:
  explicit LedgerScope(std::shared_ptr<AllocatorLedger> ledger);
  ~LedgerScope();
  LedgerScope(const LedgerScope&) = delete;
  LedgerScope& operator=(const LedgerScope&) = delete;

 private:
  std::shared_ptr<AllocatorLedger> ledger_;
  c10::Allocator* before_;
};

}  // namespace nanscope
