#pragma once

#include <ATen/core/Tensor.h>

#include <compare>
#include <map>

#include "engine/machine/other_work.h"
#include "engine/network/plan.h"

// How many threads a pass gets.
namespace nanscope {

/// The matrix products of a layer: x W^T, dz W and dz^T x, with x (networks, batch, in).
struct LayerProducts {
  std::int64_t networks = 1, batch = 0, in = 0, out = 0;
  at::ScalarType dtype = at::kFloat;
  bool bias = false;

  double multiply_adds() const;  ///< of one product
  auto operator<=>(const LayerProducts&) const = default;
};

LayerProducts products_of(const Plan& plan, int layer);

/// Whether LibTorch gives the same bits with both numbers of threads: calculates them with both, on
/// random numbers.
bool same_bits(const LayerProducts& products, int threads, int other_threads);

/// As many threads as a product of so many multiply-adds has use for where the machine does nothing
/// else.
int useful_threads(double multiply_adds);
/// The same of a pass of the plan: of its last layer.
int useful_threads(const Plan& plan);

/// As many threads as a pass has use for; where other programs keep cores busy, only as many as
/// there are cores left. A thread that the scheduler has put aside for another program is waited
/// for at every product: on two cores, with two busy programs a core, two threads take ten times as
/// long as one. Bits come first: where a product's depend on the number of threads (LibTorch's
/// library for matrices may sum long rows in parts), the number stays.
class ThreadChoice {
 public:
  ThreadChoice() = default;
  explicit ThreadChoice(OtherWork other_work) : other_work_(std::move(other_work)) {}

  /// Looks at what else the machine does; wanted more than once before a pass.
  void look() { other_work_.look(); }
  int choose(const Plan& plan);

 private:
  bool keeps_bits(const LayerProducts& products, int few, int many);

  struct Question {
    LayerProducts products;
    int few = 0, many = 0;
    auto operator<=>(const Question&) const = default;
  };
  OtherWork other_work_;
  std::map<Question, bool> answers_;
};

/// LibTorch's number of threads while this lives.
class ThreadLimit {
 public:
  explicit ThreadLimit(int threads);
  ~ThreadLimit();
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  int before_;
};

}  // namespace nanscope
