#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

// The matrices of attention, (sequences, heads that share a key, key heads, rows, columns) each, as
// views of the values' buffers: nothing is copied to multiply them.
namespace nanscope {

/// Rows (B T, heads D), of N networks each, as (N B, heads / kv_heads, kv_heads, T, D).
at::Tensor head_rows(const at::Tensor& rows, std::int64_t sequences, std::int64_t kv_heads,
                     std::int64_t width);
/// Scores (B,heads,T,Tk) as (N B, heads / kv_heads, kv_heads, T, Tk).
at::Tensor head_scores(const at::Tensor& scores, std::int64_t kv_heads);

/// out = a b for each pair of matrices. A factor with one place where the other has several serves
/// all of them; an `out` with one place takes the sum of them.
void multiply_heads(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b);

}  // namespace nanscope
