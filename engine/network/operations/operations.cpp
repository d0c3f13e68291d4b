#include <array>

#include "engine/network/operation.h"
#include "engine/network/operations/activation.h"
#include "engine/network/operations/attention_scores.h"
#include "engine/network/operations/batch_norm.h"
#include "engine/network/operations/cast.h"
#include "engine/network/operations/causal_mask.h"
#include "engine/network/operations/cross_entropy.h"
#include "engine/network/operations/dropout.h"
#include "engine/network/operations/embedding.h"
#include "engine/network/operations/fused_attention.h"
#include "engine/network/operations/layer_norm.h"
#include "engine/network/operations/linear.h"
#include "engine/network/operations/mse.h"
#include "engine/network/operations/position.h"
#include "engine/network/operations/residual.h"
#include "engine/network/operations/rms_norm.h"
#include "engine/network/operations/rotary.h"
#include "engine/network/operations/sinusoid.h"
#include "engine/network/operations/softmax.h"
#include "engine/network/operations/swiglu.h"
#include "engine/network/operations/token_cross_entropy.h"

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
    {"token_cross_entropy", TokenCrossEntropy::make},
    {"embedding", Embedding::make},
    {"position", Position::make},
    {"sinusoid", Sinusoid::make},
    {"rotary_angles", RotaryTurns::make},
    {"rotary", Rotary::make},
    {"attention_scores", AttentionScores::make},
    {"causal_mask", CausalMask::make},
    {"softmax", Softmax::make},
    {"weighted_values", WeightedValues::make},
    {"fused_attention", FusedAttention::make},
    {"swiglu", Swiglu::make},
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
