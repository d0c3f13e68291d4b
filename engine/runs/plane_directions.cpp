#include "engine/runs/plane_directions.h"

#include <ATen/ops/dot.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linalg_eigh.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "engine/training/initialize.h"

namespace nanscope {
namespace {

/// Elements of all positions that are fp64 at a time.
constexpr std::int64_t kChunk = 1 << 16;
/// Of the largest component: what has less is a rounding of the products that it is found by.
constexpr double kLeastComponent = 1e-12;

double product_of(const at::Tensor& a, const at::Tensor& b) { return at::dot(a, b).item<double>(); }

/// Calls `each` with the first element and the differences from theta (K, chunk) of all positions.
template <class Each>
void for_each_chunk(const std::vector<RunPosition>& positions, const at::Tensor& theta,
                    const Each& each) {
  for (std::int64_t first = 0; first < theta.numel(); first += kChunk) {
    const std::int64_t count = std::min(kChunk, theta.numel() - first);
    const at::Tensor part = at::empty({std::ssize(positions), count}, at::kDouble);
    for (std::int64_t k = 0; k < std::ssize(positions); ++k)
      part.select(0, k).copy_(
          positions[static_cast<std::size_t>(k)].parameters.narrow(0, first, count));
    part.sub_(theta.narrow(0, first, count));
    each(first, part);
  }
}

/// Makes it a unit vector at right angles to those before it. False where nothing is left of it.
bool orthonormalize(const at::Tensor& direction, const at::Tensor* before) {
  const double whole = std::sqrt(product_of(direction, direction));
  if (before) direction.sub_(*before * product_of(direction, *before));
  const double left = std::sqrt(product_of(direction, direction));
  if (!(left > 1e-6 * whole)) return false;
  direction.div_(left);
  return true;
}

}  // namespace

Directions random_directions(const Plan& plan, const at::Tensor& theta, std::uint64_t seed) {
  at::Generator generator = seeded_generator(seed);
  Directions directions;
  for (at::Tensor& direction : directions) {
    direction = at::zeros({theta.numel()}, at::kDouble);
    std::int64_t first = 0;
    for (const PlanParameter& parameter : plan.description().parameters) {
      const at::IntArrayRef shape = plan.value(parameter.value).data().sizes();
      const at::Tensor drawn = at::empty(shape, at::kFloat).normal_(0, 1, generator);
      const std::int64_t count = drawn.numel();
      if (shape.size() >= 2) {
        const at::Tensor rows = drawn.to(at::kDouble).view({shape[0], -1});
        const auto length = [](const at::Tensor& of) {
          return at::linalg_vector_norm(of, 2, at::IntArrayRef{1}, /*keepdim=*/true);
        };
        const at::Tensor own = length(theta.narrow(0, first, count).view({shape[0], -1}));
        direction.narrow(0, first, count).view({shape[0], -1}).copy_(rows * (own / length(rows)));
      }
      first += count;
    }
  }
  return directions;
}

Directions principal_directions(const std::vector<RunPosition>& positions, const at::Tensor& theta,
                                std::uint64_t seed) {
  const std::int64_t count = std::ssize(positions);
  const at::Tensor products = at::zeros({count, count}, at::kDouble);
  for_each_chunk(positions, theta, [&](std::int64_t, const at::Tensor& part) {
    products.add_(at::mm(part, part.t()));
  });
  // Of the differences D (K,P): D D^T v = s v gives the component D^T v / sqrt(s).
  const auto [sizes, vectors] = at::linalg_eigh(products);  // the largest last
  Directions directions{at::zeros_like(theta), at::zeros_like(theta)};
  at::Generator generator = seeded_generator(seed);
  for (std::int64_t i = 0; i < 2; ++i) {
    at::Tensor& direction = directions[static_cast<std::size_t>(i)];
    const at::Tensor* const before = i > 0 ? directions.data() : nullptr;
    const double largest = sizes[count - 1].item<double>();
    if (i < count && largest > 0 &&
        sizes[count - 1 - i].item<double>() > kLeastComponent * largest) {
      at::Tensor shares = vectors.select(1, count - 1 - i);
      const at::Tensor furthest = shares[shares.abs().argmax().item<std::int64_t>()];
      if (furthest.item<double>() < 0) shares = shares.neg();
      for_each_chunk(positions, theta, [&](std::int64_t first, const at::Tensor& part) {
        direction.narrow(0, first, part.size(1)).copy_(part.t().mv(shares));
      });
      if (orthonormalize(direction, before)) continue;
    }
    do direction.normal_(0, 1, generator);
    while (theta.numel() > i && !orthonormalize(direction, before));
  }
  return directions;
}

Projection project(const at::Tensor& difference, const Directions& directions) {
  const auto& [d1, d2] = directions;
  const double a = product_of(d1, d1), b = product_of(d1, d2), c = product_of(d2, d2);
  const double x = product_of(d1, difference), y = product_of(d2, difference);
  Projection projection{.length = product_of(difference, difference)};
  // The normal equations of the least distance.
  const double determinant = a * c - b * b;
  if (determinant > 0)
    projection.at = {(c * x - b * y) / determinant, (a * y - b * x) / determinant};
  projection.along = {a > 0 ? x * x / a : 0, c > 0 ? y * y / c : 0};
  projection.inside = projection.at[0] * x + projection.at[1] * y;
  return projection;
}

}  // namespace nanscope
