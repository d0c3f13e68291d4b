#include "engine/signal/captured_pass.h"

#include <ATen/Context.h>

namespace nanscope {
namespace {

/// How CUDA multiplies while it lives: fp32 products in tf32 where the row says so, and never sums
/// of 16-bit products in less than fp32. Left as LibTorch has it by default.
class ProductPrecision {
 public:
  explicit ProductPrecision(const PrecisionRow& row) {
    const bool tf32 = !row.emulated && row.linear_input->name == "tf32";
    at::globalContext().setFloat32MatmulPrecision(tf32 ? "high" : "highest");
    at::globalContext().setAllowFP16ReductionCuBLAS(false);
    at::globalContext().setAllowBF16ReductionCuBLAS(false);
  }
  ~ProductPrecision() { at::globalContext().setFloat32MatmulPrecision("highest"); }
  ProductPrecision(const ProductPrecision&) = delete;
  ProductPrecision& operator=(const ProductPrecision&) = delete;
};

}  // namespace

CapturedPass::CapturedPass(const NetworkSpec& network, int batch, Plan& plan,
                           const PrecisionRow& precision, const at::Tensor& upstream_gradient,
                           const CudaUnit& cuda)
    : plan_(plan),
      upstream_gradient_(upstream_gradient.to(plan.input().data().device(), at::kFloat,
                                              /*non_blocking=*/false, /*copy=*/true)),
      recorder_(network, batch, plan, Recorder::Reading::deferred) {
  const ProductPrecision scope(precision);
  graph_ = cuda.capture([this] {
    const Probe probe = [this](int layer, const PlanTap& tap, Direction direction,
                               const at::Tensor& values) {
      recorder_.record(layer, tap, direction, values);
    };
    recorder_.begin();
    plan_.forward(probe);
    plan_.begin_backward(upstream_gradient_);
    plan_.backward(probe);
  });
}

void CapturedPass::run(const at::Tensor& upstream_gradient, std::optional<SignalTensor> histogram) {
  upstream_gradient_.copy_(upstream_gradient);
  graph_->replay();
  recorder_.count_histogram(histogram);
  recorder_.read();
}

}  // namespace nanscope
