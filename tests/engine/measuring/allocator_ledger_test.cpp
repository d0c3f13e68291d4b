// What LibTorch's allocator hands out is counted, to the byte, and given back to whom it came from.
#include "engine/network/allocator_ledger.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <thread>

namespace nanscope {
namespace {

TEST(AllocatorLedger, CountsWhatIsAliveAndTheMostThatWas) {
  const auto ledger = std::make_shared<AllocatorLedger>();
  const at::Tensor before = at::empty({100});
  at::Tensor kept;
  {
    const LedgerScope scope(ledger);
    kept = at::empty({10});
    EXPECT_EQ(ledger->live(), 40);
    at::empty({1000});
    EXPECT_EQ(ledger->live(), 40);
    EXPECT_EQ(ledger->take_peak(), 4040);
    EXPECT_EQ(ledger->take_peak(), 40);
    EXPECT_EQ(at::empty({0}).numel(), 0);
    EXPECT_EQ(ledger->live(), 40);
  }
  const at::Tensor after = at::empty({100});
  EXPECT_EQ(ledger->live(), 40) << "counted what was asked for outside of the scope";
  EXPECT_EQ(AllocatorLedger::bytes_of(kept), 40);
  EXPECT_EQ(AllocatorLedger::bytes_of(kept.narrow(0, 5, 2)), 40);
  EXPECT_EQ(AllocatorLedger::bytes_of(before), 0);
  EXPECT_EQ(AllocatorLedger::bytes_of(after), 0);
  // Given back outside of the scope, too.
  kept.reset();
  EXPECT_EQ(ledger->live(), 0);
}

TEST(AllocatorLedger, LeavesBlocksAlignedAsLibTorchDoes) {
  const auto ledger = std::make_shared<AllocatorLedger>();
  const LedgerScope scope(ledger);
  std::vector<at::Tensor> tensors;
  for (int size = 1; size < 100'000; size = 3 * size + 1) {
    tensors.push_back(at::zeros({size}));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensors.back().data_ptr()) % 64, 0u) << size;
  }
}

TEST(AllocatorLedger, MayGoBeforeItsBlocksAndServesEveryThread) {
  at::Tensor kept, of_another;
  {
    const auto ledger = std::make_shared<AllocatorLedger>();
    const LedgerScope scope(ledger);
    kept = at::ones({1000});
    std::thread([&] { of_another = at::ones({500}); }).join();
    EXPECT_EQ(ledger->live(), 4000 + 2000);
  }
  EXPECT_EQ(kept.sum().item<float>(), 1000);
  EXPECT_EQ(of_another.sum().item<float>(), 500);
  kept.reset();
  of_another.reset();
}

}  // namespace
}  // namespace nanscope
