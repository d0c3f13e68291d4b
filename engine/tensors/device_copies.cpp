#include "engine/tensors/device_copies.h"

#include <ATen/Functions.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <chrono>
#include <utility>

namespace nanscope {
namespace {

/// After one that is not counted: it starts the device and maps the memory.
constexpr int kRuns = 9;

double time_copy(const at::Tensor& target, const at::Tensor& source) {
  const c10::impl::VirtualGuardImpl guard(target.device().type());
  const c10::Stream stream = guard.getStream(target.device());
  stream.synchronize();
  const auto begin = std::chrono::steady_clock::now();
  target.copy_(source, /*non_blocking=*/true);
  stream.synchronize();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

CopyTiming measure(CopyKind kind, const at::Tensor& target, const at::Tensor& source) {
  CopyTiming timing{.kind = kind, .bytes = target.numel()};
  time_copy(target, source);
  std::vector<double> runs;
  for (int run = 0; run < kRuns; ++run) runs.push_back(time_copy(target, source));
  set_seconds(timing, std::move(runs));
  return timing;
}

}  // namespace

Result<std::vector<CopyTiming>> measure_device_copies(std::int64_t bytes, c10::Device device,
                                                      const std::stop_token& stop) {
  const at::Tensor pageable = at::ones({bytes}, at::kByte);
  const at::Tensor target = at::empty({bytes}, at::TensorOptions(device).dtype(at::kByte));
  std::vector<CopyTiming> timings{measure(CopyKind::pageable, target, pageable)};
  if (stop.stop_requested()) return cancelled_error();
  timings.push_back(measure(CopyKind::pinned, target, pageable.pin_memory()));
  return timings;
}

std::unique_ptr<Job> make_device_copies_job(DeviceCopiesRequest request, const Devices& devices) {
  return one_slice([request, &devices](const JobContext& context) -> Result<DeviceCopies> {
    const Result<c10::Device> device = devices.choose(DeviceKind::cuda);
    if (!device) return DeviceCopies{.missing = device.error().message()};
    auto copies = measure_device_copies(request.bytes, *device, context.stop());
    if (!copies) return tl::unexpected(copies.error());
    return DeviceCopies{.copies = *std::move(copies), .device = devices.cuda()->device().name};
  });
}

}  // namespace nanscope
