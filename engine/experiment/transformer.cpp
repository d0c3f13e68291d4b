#include "engine/experiment/transformer.h"

#include <fmt/format.h>

#include <string>

namespace nanscope {
namespace {

/// "1, 2, 4": what divides a number, and of what `step` is a divisor in turn.
std::string divisors(int number, int step = 1) {
  std::string text;
  for (int one = 1; one <= number; ++one)
    if (number % one == 0 && number / one % step == 0)
      text += fmt::format("{}{}", text.empty() ? "" : ", ", one);
  return text;
}

}  // namespace

Result<void> check_transformer(const Model& model, const TransformerSpec& transformer) {
  const int heads = transformer.heads, kv_heads = kv_heads_of(transformer);
  if (heads < 1 || model.width % heads != 0)
    return input_error("model.heads",
                       "{} heads do not divide a model.width of {}; it takes one of {}.", heads,
                       model.width, divisors(model.width));
  if (kv_heads < 1 || heads % kv_heads != 0)
    return input_error("model.kv_heads", "{} do not divide the {} model.heads; it takes one of {}.",
                       kv_heads, heads, divisors(heads));
  if (transformer.position == PositionKind::rotary && model.width / heads % 2 != 0) {
    const std::string even = divisors(model.width, 2);
    return input_error("model.heads",
                       "{} heads are {} wide, and model.position=rotary turns pairs; {}.", heads,
                       model.width / heads,
                       even.empty() ? message("it takes an even model.width")
                                    : message("it takes one of {}", even));
  }
  if (model.norm == Norm::batchnorm)
    return input_error("model.norm",
                       "batchnorm mixes a token with those behind it and with other sequences; a "
                       "transformer takes none, layernorm or rmsnorm.");
  return {};
}

}  // namespace nanscope
