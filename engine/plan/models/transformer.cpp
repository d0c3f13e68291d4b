#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "engine/plan/models/models.h"
#include "engine/plan/operations/operations.h"
#include "engine/plan/operations/sequence.h"

namespace nanscope {
namespace {

/// norm(stream) with what it learns, named after its place: "u_a", "g_a", "b_a".
ValueId append_learned_norm(PlanBuilder& plan, Norm norm, const std::string& place,
                            ValueId stream) {
  if (norm == Norm::none) return stream;
  stream = add_cast_for_norm(plan, stream);
  const std::int64_t width = plan.shape_of(stream).back();
  const auto add = [&](const char* symbol, ParameterInit init) {
    return plan.add_parameter(symbol + place, {width}, init, width);
  };
  NormParameters learned{.scale = add("g_", ParameterInit::scale)};
  if (norm == Norm::rmsnorm) return add_rms_norm(plan, "u_" + place, stream, learned.scale);
  learned.shift = add("b_", ParameterInit::shift);
  return add_layer_norm(plan, "u_" + place, stream, learned);
}

/// A product of rows with weights of its own.
struct Product {
  std::string result;   ///< "q"
  std::string weights;  ///< "W_q"
  std::int64_t units = 0;
  const NumberFormat* format = nullptr;
  double factor = 1;  ///< ParameterDraw::factor
};

class BlockBuilder {
 public:
  BlockBuilder(PlanBuilder& plan, const Model& model, const TransformerSpec& transformer,
               std::int64_t batch, double dropout, RotaryAngles angles)
      : plan_(plan),
        model_(model),
        transformer_(transformer),
        batch_(batch),
        dropout_(dropout),
        angles_(angles) {}

  ValueId append(ValueId stream) {
    stream = around(stream, "a", [this](ValueId source) { return attention(source); });
    stream = around(stream, "m", [this](ValueId source) { return mlp(source); });
    plan_.add_tap(tap::activation, stream);
    return stream;
  }

 private:
  const PrecisionRow& row() const { return plan_.row(); }
  /// GPT-2's: the variance of the stream does not grow with the number of blocks.
  double into_stream() const { return 1 / std::sqrt(2.0 * model_.depth); }
  ValueId for_product(ValueId value) {
    return add_cast_for_product(plan_, value, *row().linear_input);
  }

  /// A branch with its norm and its sum.
  template <class Branch>
  ValueId around(ValueId stream, const std::string& place, const Branch& branch) {
    const bool pre = transformer_.norm_place == NormPlace::pre;
    const ValueId source = pre ? append_learned_norm(plan_, model_.norm, place, stream) : stream;
    const ValueId added = dropped("d_" + place, branch(source));
    plan_.add_tap(place == "a" ? "attention" : "mlp", added);
    const ValueId sum = add_residual(plan_, place == "a" ? "h_a" : "h", stream, added);
    return pre ? sum : append_learned_norm(plan_, model_.norm, place, sum);
  }

  ValueId dropped(const std::string& symbol, ValueId value) {
    return dropout_ == 0 ? value : add_dropout(plan_, symbol, dropout_, value);
  }

  /// `input`: already in the format of products.
  ValueId product(const Product& one, ValueId input) {
    const std::int64_t fan_in = plan_.shape_of(input).back();
    const ValueId weight = plan_.add_parameter("W_" + one.weights, {one.units, fan_in},
                                               ParameterInit::weight, fan_in, one.factor);
    ValueId bias = kNoValue;
    if (model_.bias) {
      bias = plan_.add_parameter("b_" + one.weights, {one.units}, ParameterInit::bias, fan_in);
      bias = add_cast_for_product(plan_, bias, *row().linear_output);
    }
    const ValueId result =
        add_linear(plan_, one.result, input, for_product(weight), bias, *one.format);
    plan_.add_tap("W_" + one.weights, weight);
    return result;
  }

  ValueId attention(ValueId source) {
    const std::int64_t width = model_.width, kv_heads = kv_heads_of(transformer_);
    const std::int64_t kv_width = width / transformer_.heads * kv_heads;
    const ValueId input = for_product(source);
    ValueId q = product({"q", "q", width, row().linear_output}, input);
    ValueId k = product({"k", "k", kv_width, row().linear_output}, input);
    const ValueId v = product({"v", "v", kv_width, row().linear_output}, input);
    if (angles_.cos != kNoValue) {
      q = add_rotary(plan_, "qr", q, angles_);
      k = add_rotary(plan_, "kr", k, angles_);
    }
    plan_.add_tap("query", q);
    plan_.add_tap("key", k);
    plan_.add_tap("value", v);
    const AttentionShape shape{.batch = batch_, .heads = transformer_.heads, .kv_heads = kv_heads};
    const ValueId o =
        transformer_.attention == AttentionKind::fused
            ? add_fused_attention(plan_, "o", for_product(q), for_product(k), for_product(v), shape)
            : written_attention(q, k, v, shape);
    return product({"a", "o", width, row().elementwise, into_stream()}, for_product(o));
  }

  ValueId written_attention(ValueId q, ValueId k, ValueId v, AttentionShape shape) {
    const ValueId s = add_attention_scores(plan_, "S", for_product(q), for_product(k), shape);
    plan_.add_tap("scores", s);
    const ValueId m = add_causal_mask(plan_, "M", s, -std::numeric_limits<double>::infinity());
    ValueId p = add_softmax(plan_, "P", m);
    plan_.add_tap("probabilities", p);
    p = dropped("P_d", p);
    return add_weighted_values(plan_, "o", for_product(p), for_product(v), shape.kv_heads);
  }

  ValueId mlp(ValueId source) {
    const std::int64_t hidden = hidden_of(model_, transformer_);
    const ValueId input = for_product(source);
    ValueId r = kNoValue;
    if (transformer_.mlp == MlpKind::swiglu) {
      const ValueId gate = product({"gate", "gate", hidden, row().linear_output}, input);
      r = add_swiglu(plan_, "r", gate, product({"up", "up", hidden, row().linear_output}, input));
    } else {
      const ValueId z = product({"z", "up", hidden, row().linear_output}, input);
      plan_.add_tap(tap::preactivation, z);
      r = add_activation(
          plan_, "r", transformer_.mlp == MlpKind::relu ? Activation::relu : Activation::gelu, z);
    }
    return product({"m", "down", model_.width, row().elementwise, into_stream()}, for_product(r));
  }

  PlanBuilder& plan_;
  const Model& model_;
  const TransformerSpec& transformer_;
  std::int64_t batch_;
  double dropout_;
  RotaryAngles angles_;
};

}  // namespace

TransformerStream append_transformer(PlanBuilder& plan, const Model& model,
                                     const TransformerSpec& transformer, ValueId tokens,
                                     double dropout) {
  const std::int64_t width = model.width, length = transformer.length;
  const std::int64_t batch = plan.shape_of(tokens).front();
  plan.begin_layer("embedding", "_in");
  const ValueId table =
      plan.add_parameter("E", {transformer.vocabulary, width}, ParameterInit::embedding, width);
  ValueId h = add_embedding(plan, "e", tokens, table);
  plan.add_tap(tap::weight, table);
  if (transformer.position == PositionKind::learned)
    h = add_position(plan, "h", h,
                     plan.add_parameter("P", {length, width}, ParameterInit::embedding, width));
  if (transformer.position == PositionKind::sinusoidal)
    h = add_position(plan, "h", h, add_sinusoid(plan, "P", length, width));
  // As under torch.autocast embeddings are added in the format of the weights.
  const NumberFormat& format = *plan.row().elementwise;
  if (plan.value(h).format != &format) h = add_cast(plan, h, format, format);
  RotaryAngles angles;
  if (transformer.position == PositionKind::rotary)
    angles = add_rotary_angles(plan, length, width / transformer.heads);
  if (dropout > 0) h = add_dropout(plan, "d", dropout, h);
  plan.add_tap(tap::activation, h);
  plan.end_layer();
  BlockBuilder block(plan, model, transformer, batch, dropout, angles);
  for (int layer = 1; layer <= model.depth; ++layer) {
    plan.begin_layer(fmt::format("block {}", layer), fmt::format("{}", layer));
    h = block.append(h);
    plan.end_layer();
  }
  return {.stream = h, .table = table};
}

ValueId append_token_head(PlanBuilder& plan, const Model& model, const TransformerSpec& transformer,
                          TransformerStream input) {
  plan.begin_layer("head", "_out");
  const PrecisionRow& row = plan.row();
  ValueId h = input.stream;
  if (transformer.norm_place == NormPlace::pre) h = append_learned_norm(plan, model.norm, "f", h);
  const ValueId weight =
      transformer.tied ? input.table : plan.add_weight("W", transformer.vocabulary, model.width);
  const ValueId y =
      add_linear(plan, "y", add_cast_for_product(plan, h, *row.linear_input),
                 add_cast_for_product(plan, weight, *row.linear_input), kNoValue, *row.elementwise);
  if (!transformer.tied) plan.add_tap(tap::weight, weight);
  plan.add_tap(tap::preactivation, y);
  const ValueId prediction = add_cast_for_loss(plan, y);
  plan.end_layer();
  return prediction;
}

}  // namespace nanscope
