// The timeline by lifetime beside what PyTorch's own autograd holds of the same network.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/costs/measured/timeline.h"
#include "engine/experiment/json.h"
#include "engine/network/allocator_ledger.h"
#include "engine/plan/plan.h"

namespace nanscope {
namespace {

/// Of four layers, with a function behind each that autograd applies.
template <class Function>
void expect_what_autograd_holds(const char* kind, const char* activation, const Function& apply) {
  constexpr int kDepth = 4, kWidth = 48, kBatch = 96;
  Experiment experiment;
  for (const auto& [key, value] :
       std::initializer_list<std::pair<const char*, const char*>>{{"model.kind", kind},
                                                                  {"model.activation", activation},
                                                                  {"model.depth", "4"},
                                                                  {"model.width", "48"},
                                                                  {"batch", "96"},
                                                                  {"optimizer.kind", "sgd"},
                                                                  {"data.kind", "teacher"}})
    experiment = *with_key(experiment, key, value);
  const StepTimeline timeline =
      step_timeline(experiment, *describe_training(experiment, *training_task(experiment)));

  const auto ledger = std::make_shared<AllocatorLedger>();
  const LedgerScope scope(ledger);
  std::vector<at::Tensor> weights;
  for (int i = 0; i < kDepth; ++i) weights.push_back(at::randn({kWidth, kWidth}));
  weights.push_back(at::randn({kWidth, 1}));
  for (at::Tensor& weight : weights) weight.requires_grad_();
  at::Tensor h = at::randn({kBatch, kWidth}), target = at::randn({kBatch, 1});
  EXPECT_EQ(ledger->live(), timeline.rows.front().after);

  for (int i = 0; i < kDepth; ++i) h = apply(h.mm(weights[static_cast<std::size_t>(i)]));
  h = h.mm(weights.back());
  const at::Tensor loss = at::mse_loss(h, target);
  h.reset();
  target.reset();  // from here on the graph alone holds what it needs
  std::int64_t forward = 0, backward = 0;
  for (const TimelineRow& row : timeline.rows) {
    if (row.part == StepPart::forward) forward = row.after;
    if (row.part == StepPart::backward) backward = std::max(backward, row.alive.total());
  }
  // at::mse_loss() writes its squares where it then leaves the loss: a row's number each, not one.
  constexpr std::int64_t kSquares = 4 * (kBatch - 1);
  EXPECT_EQ(ledger->live(), forward + kSquares);
  ledger->take_peak();
  loss.backward();
  // A few numbers of one element are made on the way.
  EXPECT_NEAR(static_cast<double>(ledger->take_peak()), static_cast<double>(backward + kSquares),
              64);
  const TimelineRow& update = timeline.rows.back();
  EXPECT_EQ(ledger->live(), update.before + 4 + kSquares);  // the loss is held here
}

TEST(TimelineByLifetime, IsWhatAutogradHoldsOfADeepLinearNetwork) {
  expect_what_autograd_holds("deep_linear", "relu", [](const at::Tensor& z) { return z; });
}

// PyTorch keeps what these came to, which its products read, and forgets what they were given.
TEST(TimelineByLifetime, IsWhatAutogradHoldsOfFunctionsThatSaveTheirResult) {
  expect_what_autograd_holds("mlp", "relu", [](const at::Tensor& z) { return z.relu(); });
  expect_what_autograd_holds("mlp", "tanh", [](const at::Tensor& z) { return z.tanh(); });
}

TEST(TimelineByLifetime, IsWhatAutogradHoldsOfOneThatSavesWhatItIsGiven) {
  expect_what_autograd_holds("mlp", "gelu", [](const at::Tensor& z) { return at::gelu(z); });
}

}  // namespace
}  // namespace nanscope
