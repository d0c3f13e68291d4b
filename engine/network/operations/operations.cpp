#include <array>

#include "engine/network/operation.h"
#include "engine/network/operations/activation.h"
#include "engine/network/operations/batch_norm.h"
#include "engine/network/operations/cast.h"
#include "engine/network/operations/cross_entropy.h"
#include "engine/network/operations/dropout.h"
#include "engine/network/operations/layer_norm.h"
#include "engine/network/operations/linear.h"
#include "engine/network/operations/mse.h"
#include "engine/network/operations/residual.h"
#include "engine/network/operations/rms_norm.h"

namespace nanscope {
namespace {

constexpr auto kOperationKinds = std::to_array<OperationKind>({
    {"linear", Linear::make},
    {"layernorm", LayerNorm::make},
    {"rmsnorm", RmsNorm::make},
    {"batchnorm", BatchNorm::make},
    {"residual", Residual::make},
    {"cast", Cast::make},
    {"dropout", Dropout::make},
    {"mse", MeanSquaredError::make},
    {"cross_entropy", CrossEntropy::make},
    {"relu", Activate::make},
    {"leaky_relu", Activate::make},
    {"gelu", Activate::make},
    {"silu", Activate::make},
    {"tanh", Activate::make},
    {"sigmoid", Activate::make},
});

}  // namespace

std::span<const OperationKind> operation_kinds() { return kOperationKinds; }

}  // namespace nanscope
