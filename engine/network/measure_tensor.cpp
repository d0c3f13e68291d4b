#include "engine/network/measure_tensor.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "engine/devices/sum_of_parts.h"

namespace nanscope {
namespace {

std::optional<Storage> storage_of(at::ScalarType dtype) {
  switch (dtype) {
    case at::kDouble:
      return Storage::fp64;
    case at::kFloat:
      return Storage::fp32;
    case at::kBFloat16:
      return Storage::bf16;
    case at::kHalf:
      return Storage::fp16;
    default:
      return std::nullopt;
  }
}

Storage checked_storage(const at::Tensor& tensor) {
  const std::optional<Storage> storage = storage_of(tensor.scalar_type());
  TORCH_CHECK_TYPE(storage, "statistics are taken of double, float, bfloat16 and half, not of ",
                   tensor.scalar_type());
  return *storage;
}

/// Accumulates the parts of a contiguous CPU tensor, each after prepare(first value, number of
/// values).
template <class Prepare>
Accumulator accumulate_parts(const at::Tensor& values, const MeasureOptions& options,
                             const Prepare& prepare) {
  const Storage storage = checked_storage(values);
  const char* data = static_cast<const char*>(values.const_data_ptr());
  const auto bytes = static_cast<std::int64_t>(values.element_size());
  return sum_of_parts<Accumulator>(values.numel(), [&](std::int64_t first, std::int64_t size) {
    prepare(first, size);
    return accumulate(data + first * bytes, storage, size, options);
  });
}

using Bins = std::vector<std::int64_t>;

void count_on_cpu(const at::Tensor& tensor, Storage storage, Signs signs, double largest,
                  Bins& bins) {
  const at::Tensor values = tensor.contiguous();
  const std::int64_t count = values.numel();
  const auto bytes = static_cast<std::int64_t>(values.element_size());
  const char* data = static_cast<const char*>(values.const_data_ptr());
  // One table a thread: integers add up to the same in any order.
  const std::int64_t threads =
      std::clamp<std::int64_t>(count / kMeasuredPart, 1, std::max(1, at::get_num_threads()));
  if (threads == 1) return count_exponents(data, storage, count, bins.data(), signs, largest);
  std::vector<Bins> tables(static_cast<std::size_t>(threads), Bins(bins.size()));
  at::parallel_for(0, threads, 1, [&](std::int64_t first, std::int64_t end) {
    for (std::int64_t thread = first; thread < end; ++thread) {
      const std::int64_t begin = count * thread / threads;
      count_exponents(data + begin * bytes, storage, count * (thread + 1) / threads - begin,
                      tables[static_cast<std::size_t>(thread)].data(), signs, largest);
    }
  });
  for (const Bins& table : tables)
    std::ranges::transform(bins, table, bins.begin(), std::plus<std::int64_t>());
}

Bins count_on_device(const at::Tensor& tensor, Storage storage) {
  const std::int64_t bins = exponent_bins(storage);
  const at::ScalarType integer = tensor.element_size() == 8   ? at::kLong
                                 : tensor.element_size() == 4 ? at::kInt
                                                              : at::kShort;
  const std::int64_t field_bits = storage == Storage::fp64 ? 12 : storage == Storage::fp16 ? 6 : 9;
  const at::Tensor flat = tensor.reshape({-1});
  const at::Tensor bits = flat.view(integer).masked_select(flat.ne(0)).to(at::kLong);
  // Arithmetic shift; the mask drops the copies of the sign bit.
  const at::Tensor fields =
      bits.bitwise_right_shift(8 * tensor.element_size() - field_bits).bitwise_and(bins - 1);
  const at::Tensor counts = fields.bincount({}, bins).cpu();
  const std::int64_t* data = counts.const_data_ptr<std::int64_t>();
  return Bins(data, data + bins);
}

}  // namespace

Accumulator accumulate_tensor(const at::Tensor& tensor, const MeasureOptions& options) {
  if (!tensor.is_cpu()) return accumulate_with_aten(tensor, options);
  return accumulate_parts(tensor.contiguous(), options, [](std::int64_t, std::int64_t) {});
}

Accumulator accumulate_written(const at::Tensor& tensor, const MeasureOptions& options,
                               const std::function<void(std::int64_t, std::int64_t)>& write) {
  TORCH_CHECK(tensor.is_cpu() && tensor.is_contiguous(), "a contiguous CPU tensor is needed");
  return accumulate_parts(tensor, options, write);
}

Accumulator accumulate_copied(const at::Tensor& tensor, const at::Tensor& copy,
                              const MeasureOptions& options) {
  const Storage storage = checked_storage(tensor);
  TORCH_CHECK(tensor.is_cpu() && tensor.is_contiguous() && copy.is_contiguous() &&
                  tensor.dtype() == copy.dtype() && tensor.sizes() == copy.sizes(),
              "both are of one kind");
  const auto* from = static_cast<const char*>(tensor.const_data_ptr());
  auto* to = static_cast<char*>(copy.mutable_data_ptr());
  const auto bytes = static_cast<std::int64_t>(tensor.element_size());
  return sum_of_parts<Accumulator>(tensor.numel(), [&](std::int64_t first, std::int64_t size) {
    return accumulate_copied(from + first * bytes, to + first * bytes, storage, size, options);
  });
}

Distance tensor_distance(const at::Tensor& before, const at::Tensor& after) {
  const Storage storage = checked_storage(before);
  TORCH_CHECK(before.is_cpu() && before.dtype() == after.dtype(), "both are of one kind");
  const auto* from = static_cast<const char*>(before.const_data_ptr());
  const auto* to = static_cast<const char*>(after.const_data_ptr());
  const auto bytes = static_cast<std::int64_t>(before.element_size());
  return sum_of_parts<Distance>(before.numel(), [&](std::int64_t first, std::int64_t size) {
    return measure_distance(from + first * bytes, to + first * bytes, storage, size);
  });
}

Accumulator accumulate_with_aten(const at::Tensor& tensor, const MeasureOptions& options) {
  if (tensor.numel() == 0) return {};
  const at::Tensor sums = enqueue_sums(tensor, options).cpu();
  return read_sums(sums.const_data_ptr<double>(), tensor.numel());
}

/// Counts travel as doubles: below 2^53 they are exact.
at::Tensor enqueue_sums(const at::Tensor& tensor, const MeasureOptions& options) {
  checked_storage(tensor);
  const at::Tensor x = tensor.reshape({-1}).to(at::kDouble);
  const at::Tensor magnitude = x.abs();
  const auto number_of = [](const at::Tensor& condition) {
    return condition.sum(at::kLong).to(at::kDouble);
  };
  const at::Tensor below_normal =
      at::logical_and(magnitude.lt(options.smallest_normal), magnitude.gt(0));
  const at::Tensor saturated = at::logical_or(x.lt(options.flat_low), x.gt(options.flat_high));
  return at::stack({x.sum(), (x - x.mean()).square().sum(),
                    magnitude.masked_fill(magnitude.isnan(), 0).max(), number_of(x.eq(0)),
                    number_of(below_normal), number_of(x.isposinf()), number_of(x.isneginf()),
                    number_of(x.isnan()), number_of(saturated)});
}

Accumulator read_sums(const double* sums, std::int64_t count) {
  const auto whole = [&](int index) { return static_cast<std::int64_t>(sums[index]); };
  Accumulator total;
  total.count = count;
  total.sum = sums[0];
  total.squared_deviations = sums[1];
  total.absmax = sums[2];
  total.zeros = whole(3);
  total.subnormals = whole(4);
  total.positive_infs = whole(5);
  total.negative_infs = whole(6);
  total.nans = whole(7);
  total.saturated = whole(8);
  return total;
}

void add_exponents(const at::Tensor& tensor, std::vector<std::int64_t>& bins, Signs signs,
                   double largest) {
  const Storage storage = checked_storage(tensor);
  bins.resize(static_cast<std::size_t>(exponent_bins(storage)));
  if (tensor.is_cpu()) return count_on_cpu(tensor, storage, signs, largest, bins);
  std::ranges::transform(bins, count_on_device(tensor, storage), bins.begin(),
                         std::plus<std::int64_t>());
}

Histogram tensor_histogram(const at::Tensor& tensor) {
  Bins bins;
  add_exponents(tensor, bins);
  return to_histogram(bins.data(), checked_storage(tensor));
}

Histogram histogram_with_aten(const at::Tensor& tensor) {
  const Storage storage = checked_storage(tensor);
  return to_histogram(count_on_device(tensor, storage).data(), storage);
}

}  // namespace nanscope
