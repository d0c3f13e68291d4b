#pragma once

#include <cstddef>

#include "engine/training/optimizers/moves.h"

// The loops of a MoveKernels. They are compiled for one kind of processor: where they are included,
// `Vector` says what its vectors of floats are and what is done with them, and `Counts` sums the
// values up as the statistics' own passes do, to the bit.
//
// ATen steps eight elements at a time, and the last ones of a parameter one by one. A product and a
// sum that are one instruction in its build are one here, and no others: what includes this is
// compiled without contraction.
namespace nanscope {
namespace {

using Floats = Vector::Floats;

/// Of which elements: of vectors of eight, or of the last ones, where ATen adds in another order.
enum class Group { eights, rest };

/// a x + b y, of which the latter product is not rounded, or of the last elements the former.
template <Group kGroup>
NANSCOPE_PART Floats sum_of_products(Floats a, Floats x, Floats b, Floats y) {
  return kGroup == Group::rest ? Vector::fma(a, x, Vector::mul(b, y))
                               : Vector::fma(b, y, Vector::mul(a, x));
}

/// Of eights NaN where one is, of the last elements y only where it is larger.
template <Group kGroup>
NANSCOPE_PART Floats larger(Floats x, Floats y) {
  return kGroup == Group::rest ? Vector::max(y, x) : Vector::max_or_nan(x, y);
}

/// theta' = theta - step_size m' / (sqrt(v') / root_correction + eps), m' = m + (1 - beta1) (g -
/// m), v' = beta2 v + (1 - beta2) g^2. `some` is what of a vector there is.
template <Group kGroup, class Some>
NANSCOPE_PART Floats moved(const AdamMove& move, std::size_t at, Some some, Floats theta) {
  Floats g = Vector::load(move.of.gradient + at, some);
  if (move.couples) g = Vector::fma(theta, Vector::all(move.coupled_decay), g);
  if (move.kept != 1) theta = Vector::mul(theta, Vector::all(move.kept));
  Floats m = Vector::load(move.m + at, some);
  const Floats more = Vector::sub(g, m);
  m = move.gradient_share < 0.5F ? Vector::fma(Vector::all(move.gradient_share), more, m)
                                 : Vector::fma(Vector::all(move.gradient_share - 1.0F), more, g);
  Floats v = Vector::load(move.v + at, some);
  v = sum_of_products<kGroup>(Vector::all(move.beta2), v,
                              Vector::mul(Vector::all(move.square_share), g), g);
  Vector::store(move.m + at, some, m);
  Vector::store(move.v + at, some, v);
  if (move.largest_v != nullptr) {
    v = larger<kGroup>(Vector::load(move.largest_v + at, some), v);
    Vector::store(move.largest_v + at, some, v);
  }
  const Floats root = Vector::div(Vector::sqrt(v), Vector::all(move.root_correction));
  const Floats size = Vector::add(root, Vector::all(move.eps));
  const Floats step = Vector::mul(Vector::all(-move.step_size), m);
  return Vector::add(theta, Vector::div(step, size));
}

/// theta' = theta - lr u, u = b' = momentum b + (1 - dampening) g; Nesterov: u = g + momentum b'.
template <Group kGroup, class Some>
NANSCOPE_PART Floats moved(const SgdMove& move, std::size_t at, Some some, Floats theta) {
  Floats g = Vector::load(move.of.gradient + at, some);
  if (move.couples) g = Vector::fma(theta, Vector::all(move.coupled_decay), g);
  if (move.velocity != nullptr) {
    const Floats momentum = Vector::all(move.momentum);
    Floats b = g;
    if (!move.first)
      b = sum_of_products<kGroup>(momentum, Vector::load(move.velocity + at, some),
                                  Vector::all(move.gradient_share), g);
    Vector::store(move.velocity + at, some, b);
    g = move.nesterov ? Vector::fma(b, momentum, g) : b;
  }
  return Vector::fma(g, Vector::all(-move.lr), theta);
}

/// Moves a vector, or some of it, that was x.
template <Group kGroup, class Move, class Some>
NANSCOPE_PART Floats move_vector(const Move& move, std::size_t at, Some some, Floats x,
                                 float* before) {
  Vector::store(before, some, x);
  const Floats y = moved<kGroup>(move, at, some, x);
  Vector::store(move.of.theta + at, some, y);
  return y;
}

template <Group kGroup, class Move>
NANSCOPE_PART void move_some(const Move& move, std::size_t at, std::size_t count, float* before) {
  const auto some = Vector::some(count);
  move_vector<kGroup>(move, at, some, Vector::load(move.of.theta + at, some), before);
}

/// What is behind the last vector: eights, and behind these the last elements.
template <class Move>
NANSCOPE_PART void move_rest(const Move& move, std::size_t at, std::size_t count, float* before) {
  const std::size_t eights = count - count % 8;
  if (eights > 0) move_some<Group::eights>(move, at, eights, before);
  if (count > eights) move_some<Group::rest>(move, at + eights, count - eights, before + eights);
}

// What takes longest are two divisions and a root, while which everything else is done.
template <class Move>
NANSCOPE_PART BlockSums<float> move_block(const Move& shared, std::size_t first, std::size_t count,
                                          float* before, DistanceLanes& lanes) {
  const Move move = shared;  // which no store may change
  const Vector::All all;
  Counts counts(lanes);
  const std::size_t runs = count - count % (Vector::kSize * Counts::kChains * kRun);
  for (std::size_t i = 0; i < runs;) {
    counts.begin_run();
#pragma GCC unroll 1
    for (std::size_t k = 0; k < kRun; ++k)
#pragma GCC unroll 4
      for (std::size_t chain = 0; chain < Counts::kChains; ++chain, i += Vector::kSize) {
        const Floats x = Vector::load(move.of.theta + first + i, all);
        counts.add(chain, x);
        counts.add_distance(x, move_vector<Group::eights>(move, first + i, all, x, before + i));
      }
    counts.end_run();
  }
  const std::size_t vectors = count - count % Vector::kSize;
  for (std::size_t i = runs; i < vectors; i += Vector::kSize) {
    const Floats x = Vector::load(move.of.theta + first + i, all);
    counts.add_distance(x, move_vector<Group::eights>(move, first + i, all, x, before + i));
  }
  counts.keep(lanes);
  if (vectors < count) {
    move_rest(move, first + vectors, count - vectors, before + vectors);
    add_rest(before + vectors, move.of.theta + first + vectors, count - vectors, lanes);
  }
  return counts.total(before + runs, count - runs);
}

BlockSums<float> move_adam(const AdamMove& move, std::size_t first, std::size_t count,
                           float* before, DistanceLanes& lanes) {
  return move_block(move, first, count, before, lanes);
}
BlockSums<float> move_sgd(const SgdMove& move, std::size_t first, std::size_t count, float* before,
                          DistanceLanes& lanes) {
  return move_block(move, first, count, before, lanes);
}

}  // namespace
}  // namespace nanscope
