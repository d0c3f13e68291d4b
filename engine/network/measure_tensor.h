#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/probes/distance.h"
#include "engine/probes/measure.h"
#include "engine/probes/statistics.h"

// Statistics of LibTorch tensors of dtype double, float, bfloat16 or half.
namespace nanscope {

/// CPU tensors go through the kernels of probes/measure.h, in parallel over parts of a fixed size,
/// so that the result does not depend on the number of threads; others through ATen operations.
Accumulator accumulate_tensor(const at::Tensor& tensor, const MeasureOptions& options);

/// Fills a contiguous CPU tensor by calls of write(first value, number of values), in parallel, and
/// measures what they write while it is in the cache: one pass over the memory instead of two. The
/// result is that of accumulate_tensor().
Accumulator accumulate_written(const at::Tensor& tensor, const MeasureOptions& options,
                               const std::function<void(std::int64_t, std::int64_t)>& write);

/// accumulate_tensor() of a contiguous CPU tensor, which it copies into another of its shape and
/// dtype on the way.
Accumulator accumulate_copied(const at::Tensor& tensor, const at::Tensor& copy,
                              const MeasureOptions& options);

/// From one contiguous CPU tensor to another of its shape and dtype.
Distance tensor_distance(const at::Tensor& before, const at::Tensor& after);

/// The dense bins of count_exponents(), added to those of other tensors of the same dtype; none are
/// there yet where `bins` is empty. `largest` as there.
void add_exponents(const at::Tensor& tensor, std::vector<std::int64_t>& bins,
                   Signs signs = Signs::apart, double largest = 0);
/// Counts by binade; zeros, infs and nans are left out.
Histogram tensor_histogram(const at::Tensor& tensor);

/// What the two do on other devices; on CPU tensors too, so that tests can compare.
/// accumulate_with_aten() is the two steps below; between them nothing waits for the device.
Accumulator accumulate_with_aten(const at::Tensor& tensor, const MeasureOptions& options);
Histogram histogram_with_aten(const at::Tensor& tensor);

/// The sums as a small double tensor on the tensor's device, and read from the host's copy of it.
at::Tensor enqueue_sums(const at::Tensor& tensor, const MeasureOptions& options);
Accumulator read_sums(const double* sums, std::int64_t count);
inline constexpr std::int64_t kSums = 9;

}  // namespace nanscope
