#include "engine/network/operations/head_products.h"

#include <ATen/ops/bmm.h>

#include <algorithm>

namespace nanscope {

at::Tensor head_rows(const at::Tensor& rows, std::int64_t sequences, std::int64_t kv_heads,
                     std::int64_t width) {
  return rows.view({sequences, rows.numel() / rows.size(-1) / sequences, kv_heads, -1, width})
      .permute({0, 3, 2, 1, 4});
}

at::Tensor head_scores(const at::Tensor& scores, std::int64_t kv_heads) {
  const std::int64_t heads = scores.size(-3), queries = scores.size(-2), keys = scores.size(-1);
  return scores.view({-1, kv_heads, heads / kv_heads, queries, keys}).transpose(1, 2);
}

void multiply_heads(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b) {
  const std::int64_t places = std::max(a.size(1), b.size(1));
  const auto matrices = [](const at::Tensor& all, std::int64_t sequence, std::int64_t place) {
    return all.select(0, sequence).select(0, all.size(1) == 1 ? 0 : place);
  };
  for (std::int64_t sequence = 0; sequence < out.size(0); ++sequence)
    for (std::int64_t place = 0; place < places; ++place) {
      at::Tensor to = matrices(out, sequence, place);
      const at::Tensor left = matrices(a, sequence, place), right = matrices(b, sequence, place);
      if (place > 0 && out.size(1) == 1)
        to.baddbmm_(left, right);
      else
        at::bmm_out(to, left, right);
    }
}

}  // namespace nanscope
