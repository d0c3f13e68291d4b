#include "engine/signal/thread_choice.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/baddbmm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/mm.h>

#include <algorithm>
#include <array>
#include <set>
#include <thread>

namespace nanscope {
namespace {

/// A product of fewer multiply-adds than this takes about as long as waking another thread and
/// waiting for it, and longer where the window's thread is in the way.
constexpr double kWorthAThread = 1 << 20;  // 10 us
/// One of more takes longer than the scheduler leaves a core to one program: then a second thread's
/// share of the machine is worth the wait for it.
constexpr double kWorthTheWait = 1 << 27;  // a few ms

std::array<at::Tensor, 3> calculate(const LayerProducts& products, const at::Tensor& x,
                                    const at::Tensor& weight, const at::Tensor& delta,
                                    const at::Tensor& bias, int threads) {
  const ThreadLimit limit(threads);
  const at::Tensor transposed = weight.transpose(-2, -1), turned = delta.transpose(-2, -1);
  // Matrices and stacks of them take different paths through LibTorch; a pass takes these.
  if (products.networks == 1)
    return {products.bias ? at::addmm(bias, x, transposed) : at::mm(x, transposed),
            at::mm(delta, weight), at::mm(turned, x)};
  return {products.bias ? at::baddbmm(bias, x, transposed) : at::bmm(x, transposed),
          at::bmm(delta, weight), at::bmm(turned, x)};
}

}  // namespace

double LayerProducts::multiply_adds() const {
  return static_cast<double>(networks * batch) * static_cast<double>(in * out);
}

LayerProducts products_of(const Plan& plan, int layer) {
  const at::Tensor& weight = plan.find(layer, tap::weight)->data();
  return {.networks = plan.description().networks,
          .batch = plan.input().data().size(-2),
          .in = weight.size(-1),
          .out = weight.size(-2),
          .dtype = weight.scalar_type(),
          .bias = plan.find(layer, tap::bias) != nullptr};
}

bool same_bits(const LayerProducts& products, int threads, int other_threads) {
  at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(1);
  const auto random = [&](std::int64_t rows, std::int64_t columns) {
    std::vector<std::int64_t> shape{rows, columns};
    if (products.networks > 1) shape.insert(shape.begin(), products.networks);
    return at::empty(shape, at::kFloat).normal_(0, 1, generator).to(products.dtype);
  };
  const at::Tensor x = random(products.batch, products.in);
  const at::Tensor weight = random(products.out, products.in);
  const at::Tensor delta = random(products.batch, products.out), bias = random(1, products.out);
  const auto some = calculate(products, x, weight, delta, bias, threads);
  const auto others = calculate(products, x, weight, delta, bias, other_threads);
  return std::ranges::equal(some, others,
                            [](const at::Tensor& a, const at::Tensor& b) { return a.equal(b); });
}

bool ThreadChoice::keeps_bits(const LayerProducts& products, int few, int many) {
  const auto [place, is_new] = answers_.try_emplace({products, few, many});
  if (is_new) place->second = same_bits(products, few, many);
  return place->second;
}

int useful_threads(double multiply_adds) {
  return static_cast<int>(
      std::clamp<double>(multiply_adds / kWorthAThread, 1, at::get_num_threads()));
}

int useful_threads(const Plan& plan) {
  return useful_threads(products_of(plan, plan.layers() - 1).multiply_adds());
}

int ThreadChoice::choose(const Plan& plan) {
  const double size = products_of(plan, plan.layers() - 1).multiply_adds();
  const int useful = useful_threads(plan);
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  const int free = std::max(1, cores - other_work_.threads());
  if (free >= useful || size > kWorthTheWait || !plan.input().data().is_cpu()) return useful;
  std::set<LayerProducts> different;
  for (int layer = 0; layer < plan.layers(); ++layer) different.insert(products_of(plan, layer));
  const bool same = std::ranges::all_of(
      different, [&](const LayerProducts& products) { return keeps_bits(products, free, useful); });
  return same ? free : useful;
}

ThreadLimit::ThreadLimit(int threads) : before_(at::get_num_threads()) {
  if (threads != before_) at::set_num_threads(threads);
}

ThreadLimit::~ThreadLimit() {
  if (at::get_num_threads() != before_) at::set_num_threads(before_);
}

}  // namespace nanscope
