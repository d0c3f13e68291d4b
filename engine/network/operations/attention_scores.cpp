#include "engine/network/operations/attention_scores.h"

#include <cmath>

#include "engine/network/operations/head_products.h"

namespace nanscope {
namespace {

/// Sequences of all networks that scores (..,B,heads,T,Tk) are of.
std::int64_t sequences_of(const at::Tensor& scores) {
  return scores.numel() / (scores.size(-3) * scores.size(-2) * scores.size(-1));
}

at::Tensor first_of(const std::vector<at::Tensor>& scratch) {
  return scratch.empty() ? at::Tensor() : scratch.front();
}

}  // namespace

std::unique_ptr<Operation> AttentionScores::make(const OperationParts& parts) {
  return std::make_unique<AttentionScores>(*parts.inputs[0], *parts.inputs[1], *parts.outputs[0],
                                           first_of(parts.scratch));
}

AttentionScores::AttentionScores(Value& queries, Value& keys, Value& scores,
                                 at::Tensor delta_scratch)
    : queries_(queries),
      keys_(keys),
      scores_(scores),
      delta_scratch_(std::move(delta_scratch)),
      width_(queries.data().size(-1) / scores.data().size(-3)),
      kv_heads_(keys.data().size(-1) / width_) {}

at::Tensor AttentionScores::heads(const at::Tensor& rows) const {
  return head_rows(rows, sequences_of(scores_.data()), kv_heads_, width_);
}

void AttentionScores::forward(const PassContext& /*context*/) {
  const at::Tensor& scores = scores_.data();
  multiply_heads(head_scores(scores, kv_heads_), heads(queries_.data()),
                 heads(keys_.data()).transpose(-2, -1));
  scores_.round_data();
  scores.div_(std::sqrt(static_cast<double>(width_)));
  scores_.round_data();
}

void AttentionScores::backward(const PassContext& /*context*/) {
  const double divisor = std::sqrt(static_cast<double>(width_));
  const at::Tensor delta =
      head_scores(as_factor(scores_.gradient(), delta_scratch_, queries_.format()), kv_heads_);
  queries_.add_gradient([&](const at::Tensor& gradient) {
    multiply_heads(heads(gradient), delta, heads(keys_.data()));
    gradient.div_(divisor);
  });
  keys_.add_gradient([&](const at::Tensor& gradient) {
    multiply_heads(heads(gradient), delta.transpose(-2, -1), heads(queries_.data()));
    gradient.div_(divisor);
  });
}

std::unique_ptr<Operation> WeightedValues::make(const OperationParts& parts) {
  return std::make_unique<WeightedValues>(*parts.inputs[0], *parts.inputs[1], *parts.outputs[0],
                                          first_of(parts.scratch));
}

WeightedValues::WeightedValues(Value& probabilities, Value& values, Value& output,
                               at::Tensor delta_scratch)
    : probabilities_(probabilities),
      values_(values),
      output_(output),
      delta_scratch_(std::move(delta_scratch)),
      width_(output.data().size(-1) / probabilities.data().size(-3)),
      kv_heads_(values.data().size(-1) / width_) {}

at::Tensor WeightedValues::heads(const at::Tensor& rows) const {
  return head_rows(rows, sequences_of(probabilities_.data()), kv_heads_, width_);
}

void WeightedValues::forward(const PassContext& /*context*/) {
  multiply_heads(heads(output_.data()), head_scores(probabilities_.data(), kv_heads_),
                 heads(values_.data()));
  output_.round_data();
}

void WeightedValues::backward(const PassContext& /*context*/) {
  const at::Tensor delta = heads(as_factor(output_.gradient(), delta_scratch_, values_.format()));
  probabilities_.add_gradient([&](const at::Tensor& gradient) {
    multiply_heads(head_scores(gradient, kv_heads_), delta,
                   heads(values_.data()).transpose(-2, -1));
  });
  values_.add_gradient([&](const at::Tensor& gradient) {
    multiply_heads(heads(gradient), head_scores(probabilities_.data(), kv_heads_).transpose(-2, -1),
                   delta);
  });
}

}  // namespace nanscope
