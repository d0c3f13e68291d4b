#pragma once

#include <cstdint>
#include <string>

#include "engine/plan/builder.h"

// The operations of models that read sequences: B of them, of T tokens each. A stream is rows
// (B T, C), sequence after sequence; attention reads the columns of a row as heads of D = C / heads
// columns each, head after head. Of N networks everything has a leading N. Each function appends
// its operation and returns its result, named `symbol` with the layer's suffix.
namespace nanscope {

/// e = E[X], one row of the table E (V,C) for each of the tokens X (B,T), which are whole numbers
/// from 0 to V - 1. Backward: dE[i] = sum of de over the rows whose token is i.
ValueId add_embedding(PlanBuilder& plan, const std::string& symbol, ValueId tokens, ValueId table);

/// h = e + P[t], with the row t of P (T,C) for the t-th token of each sequence. Backward: de = dh,
/// dP[t] = sum of dh over the sequences.
ValueId add_position(PlanBuilder& plan, const std::string& symbol, ValueId stream, ValueId table);

/// P (T,C) without parameters: P[t][2i] = sin(t / 10000^(2i/C)), P[t][2i+1] = cos of the same
/// (Vaswani et al. 2017). Computed in fp64 and rounded once.
ValueId add_sinusoid(PlanBuilder& plan, const std::string& symbol, std::int64_t length,
                     std::int64_t width);

/// What turns the pairs of a head: cos and sin (T,D/2) of t / 10000^(2i/D), computed in fp64 and
/// rounded once.
struct RotaryAngles {
  ValueId cos = kNoValue, sin = kNoValue;
};
RotaryAngles add_rotary_angles(PlanBuilder& plan, std::int64_t length, std::int64_t head_width);

/// Each head of q turned by its place (Su et al. 2021), in pairs of its halves, as the weights of
/// Llama models on Hugging Face want it: of x = (x1, x2) comes (x1 cos - x2 sin, x2 cos + x1 sin).
/// Backward: the same by the opposite angle.
ValueId add_rotary(PlanBuilder& plan, const std::string& symbol, ValueId rows, RotaryAngles angles);

/// Which rows belong together in attention.
struct AttentionShape {
  std::int64_t batch = 1;     ///< B sequences
  std::int64_t heads = 1;     ///< of queries
  std::int64_t kv_heads = 1;  ///< of keys and values; each serves heads / kv_heads heads
};

/// S (B,heads,T,Tk) = q k^T / sqrt(D), head by head, with q (B T, heads D), k (B Tk, kv_heads D):
/// the scores, or logits, of attention. Rounded after the product and after the division, as
/// PyTorch's two lines do. Backward: dq = dS k / sqrt(D), dk = dS^T q / sqrt(D), summed over the
/// heads that share a key.
ValueId add_attention_scores(PlanBuilder& plan, const std::string& symbol, ValueId queries,
                             ValueId keys, AttentionShape shape);

/// M = S where the key comes no later than the query, else `masked`. The last query is as late as
/// the last key. Backward: dS = dM there, else 0.
ValueId add_causal_mask(PlanBuilder& plan, const std::string& symbol, ValueId scores,
                        double masked);

/// P = softmax(M) over the last dimension. A row of nothing but -inf becomes NaN, as in PyTorch.
/// Backward: dM = P (dP - sum(dP P)).
ValueId add_softmax(PlanBuilder& plan, const std::string& symbol, ValueId scores);

/// o (B T, heads D) = P v, head by head, with P (B,heads,T,Tk), v (B Tk, kv_heads D). Backward:
/// dP = do v^T, dv = P^T do, summed over the heads that share a value.
ValueId add_weighted_values(PlanBuilder& plan, const std::string& symbol, ValueId probabilities,
                            ValueId values, std::int64_t kv_heads);

/// o (B T,heads D) as the four operations of attention before compute it, by LibTorch's fused
/// kernel for the CPU, which keeps no matrix of T x T: backward computes the probabilities again
/// from the log of each query's sum (Dao et al. 2022). As many keys as queries. What happens inside
/// is accumulated in fp32, or fp64, and rounded once: in an emulated format other bits than theirs.
ValueId add_fused_attention(PlanBuilder& plan, const std::string& symbol, ValueId queries,
                            ValueId keys, ValueId values, AttentionShape shape);

/// h = silu(g) v, element by element: what makes SwiGLU of two products (Shazeer 2020). Backward:
/// dg = dh v silu'(g), dv = dh silu(g).
ValueId add_swiglu(PlanBuilder& plan, const std::string& symbol, ValueId gate, ValueId value);

/// L = -mean over the rows of log softmax(y)[t], with y (rows,V) and t (rows) a whole number each:
/// the index of the row's class. Rows whose t is negative do not count, as with PyTorch's
/// ignore_index; of none the loss is NaN. In the format that holds y. Backward: dy = (softmax(y) -
/// [t]) dL / rows that count.
ValueId add_token_cross_entropy(PlanBuilder& plan, ValueId prediction, ValueId target);

}  // namespace nanscope
