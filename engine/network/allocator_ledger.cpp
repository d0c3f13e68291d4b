#include "engine/network/allocator_ledger.h"

#include <c10/core/CPUAllocator.h>

#include <algorithm>
#include <atomic>
#include <new>
#include <utility>

namespace nanscope {
namespace {

/// What stands before a block leaves it aligned as LibTorch's are.
constexpr std::size_t kBefore = 64;
/// Above that of all of LibTorch's own.
constexpr std::uint8_t kPriority = 255;

}  // namespace

/// Every thread may allocate, so they are atomic.
struct AllocatorLedger::Counts {
  std::atomic<std::int64_t> live = 0, peak = 0;
  std::atomic<std::int64_t> owners = 1;  ///< the ledger, and each of its blocks

  void add(std::int64_t bytes) {
    owners.fetch_add(1, std::memory_order_relaxed);
    const std::int64_t now = live.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    std::int64_t most = peak.load(std::memory_order_relaxed);
    while (most < now && !peak.compare_exchange_weak(most, now, std::memory_order_relaxed)) {
    }
  }
  void leave() {
    if (owners.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }
};

/// Stands before the memory that is handed out.
struct AllocatorLedger::Block {
  Counts* counts;
  std::int64_t bytes;
  c10::DeleterFnPtr release;

  static Block* before(void* data) {
    return reinterpret_cast<Block*>(static_cast<char*>(data) - kBefore);
  }
};

AllocatorLedger::AllocatorLedger() : real_(c10::GetCPUAllocator()), counts_(new Counts) {
  static_assert(sizeof(Block) <= kBefore);
}

AllocatorLedger::~AllocatorLedger() { counts_->leave(); }

c10::DataPtr AllocatorLedger::allocate(std::size_t bytes) {
  if (bytes == 0) return real_->allocate(0);
  c10::DataPtr whole = real_->allocate(bytes + kBefore);
  const c10::Device device = whole.device();
  const c10::DeleterFnPtr release_whole = whole.get_deleter();
  void* const begin = whole.release_context();
  new (begin) Block{counts_, static_cast<std::int64_t>(bytes), release_whole};
  counts_->add(static_cast<std::int64_t>(bytes));
  void* const data = static_cast<char*>(begin) + kBefore;
  return {data, data, &release, device};
}

void AllocatorLedger::release(void* data) {
  if (data == nullptr) return;
  Block* const block = Block::before(data);
  Counts* const counts = block->counts;
  counts->live.fetch_sub(block->bytes, std::memory_order_relaxed);
  block->release(block);
  counts->leave();
}

c10::DeleterFnPtr AllocatorLedger::raw_deleter() const { return &release; }

void AllocatorLedger::copy_data(void* to, const void* from, std::size_t bytes) const {
  default_copy_data(to, from, bytes);
}

std::int64_t AllocatorLedger::live() const { return counts_->live.load(); }

std::int64_t AllocatorLedger::take_peak() { return counts_->peak.exchange(counts_->live.load()); }

std::int64_t AllocatorLedger::bytes_of(const at::Tensor& tensor) {
  const c10::DataPtr& data = tensor.storage().data_ptr();
  if (data.get_deleter() != &release || data.get() == nullptr) return 0;
  return Block::before(data.get())->bytes;
}

LedgerScope::LedgerScope(std::shared_ptr<AllocatorLedger> ledger)
    : ledger_(std::move(ledger)), before_(c10::GetCPUAllocator()) {
  c10::SetCPUAllocator(ledger_.get(), kPriority);
}

LedgerScope::~LedgerScope() { c10::SetCPUAllocator(before_, kPriority); }

}  // namespace nanscope
