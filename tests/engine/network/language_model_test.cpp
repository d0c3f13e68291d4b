#include "engine/plan/language_model.h"

#include <cmath>
#include <map>

#include "engine/network/plan.h"
#include "tests/engine/network/oracle.h"

// Whole transformers against the same written with PyTorch's functions under autograd.
namespace nanscope {
namespace {

constexpr int kSequences = 3;

struct LanguageCase {
  std::string name;
  Model model;
  TransformerSpec transformer;
};

Model small_model(Norm norm, bool bias, int depth = 2) {
  return {.kind = ModelKind::mlp, .depth = depth, .width = 12, .norm = norm, .bias = bias};
}

std::vector<LanguageCase> language_cases() {
  const TransformerSpec small{.heads = 2, .length = 7, .vocabulary = 11};
  std::vector<LanguageCase> cases{
      {"gpt2", small_model(Norm::layernorm, true), small},
      {"llama", small_model(Norm::rmsnorm, false), small},
      {"original", small_model(Norm::layernorm, true), small},
      {"bare", small_model(Norm::none, false, 1), small},
      {"one_token", small_model(Norm::layernorm, false), small},
  };
  TransformerSpec& llama = cases[1].transformer;
  llama.heads = 6;
  llama.kv_heads = 2;
  llama.mlp = MlpKind::swiglu;
  llama.position = PositionKind::rotary;
  llama.tied = false;
  TransformerSpec& original = cases[2].transformer;
  original.mlp = MlpKind::relu;
  original.position = PositionKind::sinusoidal;
  original.norm_place = NormPlace::post;
  cases[3].transformer.position = PositionKind::none;
  cases[3].transformer.heads = 1;
  cases[4].transformer.length = 1;
  cases.push_back(cases[1]);
  cases.back().name = "fused";
  cases.back().transformer.attention = AttentionKind::fused;
  return cases;
}

class LanguageModelTest : public testing::TestWithParam<LanguageCase> {};
INSTANTIATE_TEST_SUITE_P(Models, LanguageModelTest, testing::ValuesIn(language_cases()),
                         [](const auto& one) { return one.param.name; });

PlanDescription described(const LanguageCase& one, Precision precision,
                          const LanguageModelOptions& options) {
  const PrecisionRow row = *precision_row(precision, Execution::automatic, /*cuda=*/false);
  return describe_language_model(one.model, one.transformer, row, options);
}

/// A plan with random tokens and parameters, run there and back.
struct LanguageRun {
  explicit LanguageRun(PlanDescription description)
      : plan(std::make_shared<const PlanDescription>(std::move(description))) {
    const std::int64_t rows = plan.input().data().numel();
    ids = at::arange(rows, at::kLong).mul(5).add(3).remainder(11);
    next = at::arange(rows, at::kLong).mul(3).remainder(11);
    plan.input().data().copy_(ids.view(plan.input().data().sizes()));
    plan.value(plan.description().target).data().copy_(next);
    int seed = 7;
    for (const PlanParameter& one : plan.description().parameters) {
      const at::Tensor& data = plan.value(one.value).data();
      data.copy_(oracle::random(data.sizes().vec(), at::kFloat, ++seed) * 0.4 +
                 (one.draw.init == ParameterInit::scale ? 1 : 0));
      plan.value(one.value).round_data();
    }
  }
  void run() {
    plan.forward({});
    plan.begin_backward(at::full_like(plan.output().data(), 0.5));
    plan.backward({});
  }
  std::map<std::string, const Value*> parameters() const {
    std::map<std::string, const Value*> all;
    for (const PlanParameter& one : plan.description().parameters) {
      const Value& value = plan.value(one.value);
      all[value.name()] = &value;
    }
    return all;
  }
  Plan plan;
  at::Tensor ids, next;
};

/// The model as a person writes it in PyTorch, with fused attention.
class Reference {
 public:
  Reference(const LanguageCase& one, const LanguageRun& run) : one_(one), run_(run) {
    for (const auto& [name, value] : run.parameters())
      leaves_[name] = value->data().detach().clone().requires_grad_();
  }
  const std::map<std::string, at::Tensor>& leaves() const { return leaves_; }

  at::Tensor loss() const {
    const TransformerSpec& t = one_.transformer;
    at::Tensor h = at::embedding(leaf("E_in"), run_.ids.view({kSequences, t.length}));
    if (t.position == PositionKind::learned) h = h + leaf("P_in");
    if (t.position == PositionKind::sinusoidal) h = h + sinusoid();
    for (int layer = 1; layer <= one_.model.depth; ++layer) h = block(h, std::to_string(layer));
    if (t.norm_place == NormPlace::pre) h = norm(h, "f_out");
    const at::Tensor y = at::linear(h, leaf(t.tied ? "E_in" : "W_out"));
    return at::cross_entropy_loss(y.flatten(0, 1), run_.next);
  }

 private:
  const at::Tensor& leaf(const std::string& name) const { return leaves_.at(name); }

  at::Tensor linear(const at::Tensor& x, const std::string& name) const {
    if (!one_.model.bias) return at::linear(x, leaf("W_" + name));
    return at::linear(x, leaf("W_" + name), leaf("b_" + name));
  }
  at::Tensor norm(const at::Tensor& h, const std::string& name) const {
    const std::vector<std::int64_t> last{h.size(-1)};
    if (one_.model.norm == Norm::layernorm)
      return at::layer_norm(h, last, leaf("g_" + name), leaf("b_" + name), 1e-5);
    return one_.model.norm == Norm::rmsnorm ? at::rms_norm(h, last, leaf("g_" + name), 1e-5) : h;
  }
  at::Tensor frequencies(std::int64_t width) const {
    return at::outer(at::arange(one_.transformer.length, at::kDouble),
                     at::pow(10000.0, at::arange(0, width, 2, at::kDouble).div(-1.0 * width)));
  }
  at::Tensor sinusoid() const {
    const at::Tensor angles = frequencies(one_.model.width);
    return at::stack({angles.sin(), angles.cos()}, -1).flatten(-2, -1);
  }
  at::Tensor rotated(const at::Tensor& x) const {
    if (one_.transformer.position != PositionKind::rotary) return x;
    const at::Tensor half = frequencies(x.size(-1)), angles = at::cat({half, half}, -1);
    const auto parts = x.chunk(2, -1);
    return x * angles.cos() + at::cat({-parts[1], parts[0]}, -1) * angles.sin();
  }
  at::Tensor attention(const at::Tensor& x, const std::string& layer) const {
    const TransformerSpec& t = one_.transformer;
    const auto heads = [&](const std::string& name, int count) {
      return linear(x, name + layer).unflatten(-1, {count, -1}).transpose(1, 2);
    };
    const int kv_heads = kv_heads_of(t);
    const at::Tensor o = at::scaled_dot_product_attention(
        rotated(heads("q", t.heads)), rotated(heads("k", kv_heads)), heads("v", kv_heads), {},
        /*dropout_p=*/0, /*is_causal=*/true, /*scale=*/std::nullopt, /*enable_gqa=*/true);
    return linear(o.transpose(1, 2).flatten(2, 3), "o" + layer);
  }
  at::Tensor mlp(const at::Tensor& x, const std::string& layer) const {
    const at::Tensor z = linear(x, "up" + layer);
    const MlpKind kind = one_.transformer.mlp;
    const at::Tensor r = kind == MlpKind::swiglu ? at::silu(linear(x, "gate" + layer)) * z
                         : kind == MlpKind::relu ? at::relu(z)
                                                 : at::gelu(z);
    return linear(r, "down" + layer);
  }
  at::Tensor block(at::Tensor h, const std::string& layer) const {
    if (one_.transformer.norm_place == NormPlace::post) {
      h = norm(h + attention(h, layer), "a" + layer);
      return norm(h + mlp(h, layer), "m" + layer);
    }
    h = h + attention(norm(h, "a" + layer), layer);
    return h + mlp(norm(h, "m" + layer), layer);
  }

  const LanguageCase& one_;
  const LanguageRun& run_;
  std::map<std::string, at::Tensor> leaves_;
};

TEST_P(LanguageModelTest, LossAndEveryGradientMatchAutograd) {
  LanguageRun run(described(GetParam(), Precision::fp64, {.batch = kSequences}));
  run.run();
  EXPECT_EQ(run.plan.bytes(), run.plan.description().bytes());
  const Reference reference(GetParam(), run);
  const at::Tensor loss = reference.loss();
  (loss * 0.5).backward();
  // 1e-10: sums of some hundred products in another order.
  oracle::expect_close(run.plan.output().data(), loss, 1e-10, "L");
  for (const auto& [name, value] : run.parameters())
    oracle::expect_close(value->gradient(), reference.leaves().at(name).grad(), 1e-10, "d" + name,
                         /*terms=*/1e-3);
}

TEST_P(LanguageModelTest, SharedBuffersAndRecomputationChangeNoBit) {
  LanguageRun kept(described(GetParam(), Precision::fp32,
                             {.batch = kSequences, .gradients = GradientPolicy::kept}));
  kept.run();
  for (const int segments : {0, 2, 4}) {
    LanguageRun owned(
        described(GetParam(), Precision::fp32, {.batch = kSequences, .recompute = segments}));
    owned.run();
    // Of one block what is added to a sum of gradients takes more than is shared.
    if (GetParam().model.depth > 1) {
      EXPECT_LT(owned.plan.bytes(), kept.plan.bytes());
    }
    oracle::expect_same_bits(owned.plan.output().data(), kept.plan.output().data(), "L");
    const auto expected = kept.parameters();
    for (const auto& [name, value] : owned.parameters())
      oracle::expect_same_bits(value->gradient(), expected.at(name)->gradient(), "d" + name);
  }
}

TEST_P(LanguageModelTest, NarrowFormatsComeNearFp64) {
  LanguageRun exact(described(GetParam(), Precision::fp64, {.batch = kSequences}));
  exact.run();
  const auto expected = exact.parameters();
  for (const Precision precision :
       {Precision::fp32, Precision::tf32, Precision::bf16, Precision::fp16, Precision::mixed_bf16,
        Precision::mixed_fp16}) {
    SCOPED_TRACE(name_of(precision));
    LanguageRun run(described(GetParam(), precision, {.batch = kSequences}));
    run.run();
    const bool wide = precision == Precision::fp32;
    const bool eight = precision == Precision::bf16 || precision == Precision::mixed_bf16;
    // A relative error of 2^-24, 2^-11 or 2^-8 with every rounding, of which a path has some
    // dozens.
    const double tolerance = wide ? 1e-5 : eight ? 0.2 : 0.03;
    oracle::expect_close(run.plan.output().data().to(at::kDouble), exact.plan.output().data(),
                         tolerance, "L");
    for (const auto& [name, value] : run.parameters())
      oracle::expect_close(value->gradient().to(at::kDouble), expected.at(name)->gradient(),
                           tolerance, "d" + name, /*terms=*/wide ? 1e-3 : 0.1);
  }
}

TEST_P(LanguageModelTest, DropoutIsOffInEvaluation) {
  LanguageRun plain(described(GetParam(), Precision::fp32, {.batch = kSequences}));
  LanguageRun dropping(
      described(GetParam(), Precision::fp32, {.batch = kSequences, .dropout = 0.3}));
  plain.plan.forward({});
  dropping.plan.forward({});
  oracle::expect_same_bits(dropping.plan.output().data(), plain.plan.output().data(), "L");
  dropping.plan.forward(
      {}, {.training = true, .generator = at::make_generator<at::CPUGeneratorImpl>(3)});
  EXPECT_NE(dropping.plan.output().data().item<float>(), plain.plan.output().data().item<float>());
}

TEST(LanguageModel, AnUnwrittenFutureChangesNothing) {
  // What a token is told of those behind it: nothing.
  const LanguageCase one = language_cases()[1];
  LanguageRun run(described(one, Precision::fp64, {.batch = kSequences}));
  run.plan.forward({});
  const PlanDescription& plan = run.plan.description();
  const ValueId prediction = plan.operations.back().inputs[0];
  const at::Tensor before = run.plan.value(prediction).data().clone();
  const at::Tensor& tokens = run.plan.input().data();
  tokens.select(1, 4).add_(1).remainder_(11);
  run.plan.forward({});
  const auto rows = [](const at::Tensor& y) { return y.unflatten(0, {kSequences, -1}); };
  const at::Tensor after = rows(run.plan.value(prediction).data());
  oracle::expect_same_bits(after.slice(1, 0, 4), rows(before).slice(1, 0, 4), "before");
  EXPECT_FALSE(at::equal(after.slice(1, 4, 7), rows(before).slice(1, 4, 7)));
}

}  // namespace
}  // namespace nanscope
