#include <cmath>
#include <limits>

#include "engine/network/plan.h"
#include "engine/plan/operations/operations.h"
#include "engine/plan/operations/sequence.h"
#include "tests/engine/network/oracle.h"

// The operations of models that read sequences, as plans run them, against PyTorch's functions
// under autograd: in fp64, fp32 and bf16, for one network and for three side by side.
namespace nanscope {
namespace {

struct SequenceCase {
  Precision precision;
  int networks;
};

/// What attention is of in a test.
struct HeadCase {
  std::int64_t batch, queries, keys, heads, kv_heads, width;
  AttentionShape shape() const { return {.batch = batch, .heads = heads, .kv_heads = kv_heads}; }
};
/// Several sequences; a cache of keys before the queries; grouped heads; one head; length 1.
constexpr HeadCase kHeadCases[] = {
    {3, 7, 7, 4, 4, 6}, {2, 3, 8, 4, 4, 6}, {2, 9, 9, 6, 2, 4},
    {2, 5, 5, 1, 1, 8}, {2, 1, 1, 4, 2, 6},
};
constexpr double kInfinity = std::numeric_limits<double>::infinity();

using SequenceFunction = std::function<at::Tensor(std::vector<at::Tensor>&)>;

class SequenceOperationTest : public testing::TestWithParam<SequenceCase> {
 protected:
  /// A plan of one operation or a few, whose inputs are parameters.
  class Built {
   public:
    explicit Built(const SequenceCase& one)
        : row_(*precision_row(one.precision, Execution::native, /*cuda=*/false)),
          builder_(row_, one.networks) {
      builder_.begin_layer("layer", "");
    }
    PlanBuilder& builder() { return builder_; }
    ValueId leaf(const std::string& symbol, std::vector<std::int64_t> shape) {
      leaves_.push_back(builder_.add_parameter(symbol, std::move(shape), ParameterInit::weight, 1));
      return leaves_.back();
    }
    ValueId tokens(std::vector<std::int64_t> shape, at::Tensor ids) {
      tokens_ = std::move(ids);
      return builder_.add_input("X", std::move(shape), *find_format("fp32"));
    }
    /// Runs there and back and compares with the function of the leaves.
    void expect_as(ValueId output, const SequenceFunction& reference, double terms) {
      builder_.end_layer();
      Plan plan(std::make_shared<const PlanDescription>(
          std::move(builder_).finish(output, GradientPolicy::kept)));
      if (tokens_.defined()) plan.input().data().copy_(tokens_);
      std::vector<at::Tensor> leaves;
      for (std::size_t i = 0; i < leaves_.size(); ++i) {
        const at::Tensor& data = plan.value(leaves_[i]).data();
        data.copy_(oracle::random(data.sizes().vec(), at::kFloat, static_cast<int>(i) + 1));
        leaves.push_back(data);
      }
      plan.forward({});
      const at::ScalarType type = plan.output().data().scalar_type();
      const at::Tensor upstream = oracle::random(plan.output().data().sizes().vec(), type, 99);
      plan.begin_backward(upstream);
      plan.backward({});
      const at::Tensor expected = oracle::run_autograd(leaves, reference, upstream);
      const double tolerance =
          type == at::kDouble ? 1e-10 : oracle::tolerance(type, std::max(terms, 4.0));
      expect_same(plan.output().data(), expected, tolerance, "output");
      for (std::size_t i = 0; i < leaves_.size(); ++i)
        expect_same(plan.value(leaves_[i]).gradient(), leaves[i].grad(), tolerance,
                    "d" + plan.value(leaves_[i]).name());
    }

   private:
    /// NaN where the other is NaN.
    static void expect_same(const at::Tensor& actual, const at::Tensor& expected, double tolerance,
                            const std::string& what) {
      EXPECT_TRUE(at::equal(actual.isnan(), expected.isnan())) << what;
      const double inf = std::numeric_limits<double>::max();
      EXPECT_TRUE(at::equal(actual.isinf(), expected.isinf())) << what;
      const auto plain = [&](const at::Tensor& one) {
        return at::where(one.detach().abs() < inf, one.detach(), at::zeros_like(one));
      };
      oracle::expect_close(plain(actual), plain(expected), tolerance, what);
    }

    PrecisionRow row_;
    PlanBuilder builder_;
    std::vector<ValueId> leaves_;
    at::Tensor tokens_;
  };

  std::vector<std::int64_t> shape(std::vector<std::int64_t> last) const {
    if (GetParam().networks > 1) last.insert(last.begin(), GetParam().networks);
    return last;
  }
};

INSTANTIATE_TEST_SUITE_P(Types, SequenceOperationTest,
                         testing::Values(SequenceCase{Precision::fp64, 1},
                                         SequenceCase{Precision::fp32, 1},
                                         SequenceCase{Precision::bf16, 1},
                                         SequenceCase{Precision::fp64, 3}),
                         [](const auto& one) {
                           return std::string(name_of(one.param.precision)) +
                                  (one.param.networks > 1 ? "_three_networks" : "");
                         });

/// Rows as (..,B,heads,T,D), each head as often as it is shared.
at::Tensor heads_of(const at::Tensor& rows, std::int64_t batch, std::int64_t heads,
                    std::int64_t shared_by = 1) {
  return rows.unflatten(-2, {batch, -1})
      .unflatten(-1, {heads, -1})
      .transpose(-3, -2)
      .repeat_interleave(shared_by, -3);
}

at::Tensor later_keys(std::int64_t queries, std::int64_t keys) {
  return at::ones({queries, keys}, at::kBool).triu(keys - queries + 1);
}

TEST_P(SequenceOperationTest, EmbeddingMatchesAutograd) {
  const at::Tensor ids = at::arange(GetParam().networks * 15, at::kLong).mul(7).remainder(5);
  Built built(GetParam());
  const ValueId tokens = built.tokens({3, 5}, ids.view(shape({3, 5})).to(at::kFloat));
  const ValueId e = add_embedding(built.builder(), "e", tokens, built.leaf("E", {6, 4}));
  built.expect_as(
      e,
      [&](auto& leaf) {
        if (GetParam().networks == 1) return at::embedding(leaf[0], ids);
        std::vector<at::Tensor> each;
        for (std::int64_t n = 0; n < GetParam().networks; ++n)
          each.push_back(at::embedding(leaf[0][n], ids.view({-1, 15})[n]));
        return at::stack(each);
      },
      15);
}

TEST_P(SequenceOperationTest, PositionMatchesAutograd) {
  Built built(GetParam());
  const ValueId e = built.leaf("e", {12, 6});
  const ValueId h = add_position(built.builder(), "h", e, built.leaf("P", {4, 6}));
  built.expect_as(
      h,
      [](auto& leaf) {
        return (leaf[0].unflatten(-2, {3, 4}) + leaf[1].unsqueeze(-3)).flatten(-3, -2);
      },
      3);
}

TEST_P(SequenceOperationTest, RotaryMatchesAutograd) {
  Built built(GetParam());
  const RotaryAngles angles = add_rotary_angles(built.builder(), 5, 6);
  const ValueId q = add_rotary(built.builder(), "q", built.leaf("x", {10, 12}), angles);
  built.expect_as(
      q,
      [&](auto& leaf) {
        const at::Tensor frequency =
            at::pow(10000.0, at::arange(3, at::kDouble).mul(-2.0).div(6.0));
        const at::Tensor angle = at::outer(at::arange(5, at::kDouble), frequency);
        const at::Tensor both = at::cat({angle, angle}, 1);
        const at::Tensor x = heads_of(leaf[0], 2, 2);
        const auto half = x.chunk(2, -1);
        const at::Tensor turned = x * both.cos().to(x.scalar_type()) +
                                  at::cat({-half[1], half[0]}, -1) * both.sin().to(x.scalar_type());
        return turned.transpose(-3, -2).flatten(-2, -1).flatten(-3, -2);
      },
      4);
}

TEST_P(SequenceOperationTest, AttentionScoresMatchAutograd) {
  for (const HeadCase& one : kHeadCases) {
    SCOPED_TRACE(testing::Message() << one.heads << " heads of " << one.queries);
    Built built(GetParam());
    const ValueId q = built.leaf("q", {one.batch * one.queries, one.heads * one.width});
    const ValueId k = built.leaf("k", {one.batch * one.keys, one.kv_heads * one.width});
    built.expect_as(
        add_attention_scores(built.builder(), "S", q, k, one.shape()),
        [&](auto& leaf) {
          const at::Tensor keys =
              heads_of(leaf[1], one.batch, one.kv_heads, one.heads / one.kv_heads);
          return at::matmul(heads_of(leaf[0], one.batch, one.heads), keys.transpose(-2, -1)) /
                 std::sqrt(static_cast<double>(one.width));
        },
        27);
  }
}

TEST_P(SequenceOperationTest, WeightedValuesMatchAutograd) {
  for (const HeadCase& one : kHeadCases) {
    SCOPED_TRACE(testing::Message() << one.heads << " heads of " << one.queries);
    Built built(GetParam());
    const ValueId p = built.leaf("P", {one.batch, one.heads, one.queries, one.keys});
    const ValueId v = built.leaf("v", {one.batch * one.keys, one.kv_heads * one.width});
    built.expect_as(
        add_weighted_values(built.builder(), "o", p, v, one.kv_heads),
        [&](auto& leaf) {
          const at::Tensor values =
              heads_of(leaf[1], one.batch, one.kv_heads, one.heads / one.kv_heads);
          return at::matmul(leaf[0], values).transpose(-3, -2).flatten(-2, -1).flatten(-3, -2);
        },
        27);
  }
}

TEST_P(SequenceOperationTest, MaskAndSoftmaxMatchAutograd) {
  // With 5 queries of 3 keys the first two see none: their rows are NaN where the mask is -inf.
  for (const auto& [queries, keys] : {std::pair{4, 4}, {2, 5}, {5, 3}, {1, 1}})
    for (const double masked : {-kInfinity, -1e9}) {
      SCOPED_TRACE(testing::Message() << queries << " queries, " << keys << " keys, " << masked);
      Built built(GetParam());
      const ValueId s = built.leaf("S", {2, 3, queries, keys});
      const ValueId m = add_causal_mask(built.builder(), "M", s, masked);
      built.expect_as(
          add_softmax(built.builder(), "P", m),
          [&, q = queries, k = keys](auto& leaf) {
            return at::softmax(leaf[0].masked_fill(later_keys(q, k), masked), -1);
          },
          5);
    }
}

TEST_P(SequenceOperationTest, CausalMaskMatchesAutograd) {
  Built built(GetParam());
  const ValueId s = built.leaf("S", {2, 3, 5, 3});
  built.expect_as(
      add_causal_mask(built.builder(), "M", s, -kInfinity),
      [](auto& leaf) { return leaf[0].masked_fill(later_keys(5, 3), -kInfinity); }, 1);
}

TEST_P(SequenceOperationTest, AttentionIsFusedAttention) {
  if (GetParam().precision == Precision::bf16) return;  // fused attention rounds elsewhere
  for (const HeadCase& one : kHeadCases) {
    if (one.queries != one.keys) continue;  // is_causal aligns the first query with the first key
    SCOPED_TRACE(testing::Message() << one.heads << " heads of " << one.queries);
    Built built(GetParam());
    const std::int64_t rows = one.batch * one.queries;
    const ValueId q = built.leaf("q", {rows, one.heads * one.width});
    const ValueId k = built.leaf("k", {rows, one.kv_heads * one.width});
    const ValueId v = built.leaf("v", {rows, one.kv_heads * one.width});
    const ValueId s = add_attention_scores(built.builder(), "S", q, k, one.shape());
    const ValueId p =
        add_softmax(built.builder(), "P", add_causal_mask(built.builder(), "M", s, -kInfinity));
    built.expect_as(
        add_weighted_values(built.builder(), "o", p, v, one.kv_heads),
        [&](auto& leaf) {
          std::vector<at::Tensor> each;
          for (std::size_t i = 0; i < 3; ++i)
            each.push_back(heads_of(leaf[i], one.batch, i == 0 ? one.heads : one.kv_heads,
                                    i == 0 ? 1 : one.heads / one.kv_heads)
                               .flatten(0, GetParam().networks > 1 ? 1 : 0));
          const at::Tensor o = at::scaled_dot_product_attention(each[0], each[1], each[2], {},
                                                                /*dropout_p=*/0, /*is_causal=*/true)
                                   .transpose(1, 2)
                                   .flatten(2, 3)
                                   .flatten(0, 1);
          return o.view(shape({rows, one.heads * one.width}));
        },
        100);
  }
}

TEST_P(SequenceOperationTest, FusedAttentionMatchesAutograd) {
  for (const HeadCase& one : kHeadCases) {
    if (one.queries != one.keys) continue;
    SCOPED_TRACE(testing::Message() << one.heads << " heads of " << one.queries);
    Built built(GetParam());
    const std::int64_t rows = one.batch * one.queries;
    const ValueId q = built.leaf("q", {rows, one.heads * one.width});
    const ValueId k = built.leaf("k", {rows, one.kv_heads * one.width});
    const ValueId v = built.leaf("v", {rows, one.kv_heads * one.width});
    built.expect_as(
        add_fused_attention(built.builder(), "o", q, k, v, one.shape()),
        [&](auto& leaf) {
          // Written out, in fp32 where the format is narrower, as the kernel computes inside.
          const at::ScalarType type = leaf[0].scalar_type();
          const at::ScalarType wide = type == at::kDouble ? at::kDouble : at::kFloat;
          const std::int64_t shared_by = one.heads / one.kv_heads;
          const at::Tensor scores =
              at::matmul(heads_of(leaf[0].to(wide), one.batch, one.heads),
                         heads_of(leaf[1].to(wide), one.batch, one.kv_heads, shared_by)
                             .transpose(-2, -1)) /
              std::sqrt(static_cast<double>(one.width));
          const at::Tensor probabilities =
              at::softmax(scores.masked_fill(later_keys(one.queries, one.keys), -kInfinity), -1);
          return at::matmul(probabilities,
                            heads_of(leaf[2].to(wide), one.batch, one.kv_heads, shared_by))
              .transpose(-3, -2)
              .flatten(-2, -1)
              .flatten(-3, -2)
              .to(type);
        },
        100);
  }
}

TEST_P(SequenceOperationTest, LearnedNormsMatchAutograd) {
  const auto each = [&](const SequenceFunction& of_one) {
    return [&, of_one](std::vector<at::Tensor>& leaf) {
      if (GetParam().networks == 1) return of_one(leaf);
      std::vector<at::Tensor> all;
      for (std::int64_t n = 0; n < GetParam().networks; ++n) {
        std::vector<at::Tensor> own;
        for (const at::Tensor& tensor : leaf) own.push_back(tensor[n]);
        all.push_back(of_one(own));
      }
      return at::stack(all);
    };
  };
  for (const bool with_shift : {false, true}) {
    Built built(GetParam());
    const ValueId h = built.leaf("h", {9, 20});
    NormParameters learned{.scale = built.leaf("g", {20})};
    if (with_shift) learned.shift = built.leaf("b", {20});
    built.expect_as(add_layer_norm(built.builder(), "u", h, learned), each([&](auto& leaf) {
                      return at::layer_norm(leaf[0], {20}, leaf[1],
                                            with_shift ? leaf[2] : at::Tensor(), 1e-5);
                    }),
                    20);
  }
  Built built(GetParam());
  const ValueId h = built.leaf("h", {9, 20});
  const ValueId u = add_rms_norm(built.builder(), "u", h, built.leaf("g", {20}));
  built.expect_as(u, each([](auto& leaf) { return at::rms_norm(leaf[0], {20}, leaf[1], 1e-5); }),
                  20);
}

TEST_P(SequenceOperationTest, SwigluMatchesAutograd) {
  Built built(GetParam());
  const ValueId gate = built.leaf("g", {9, 20});
  built.expect_as(
      add_swiglu(built.builder(), "h", gate, built.leaf("v", {9, 20})),
      [](auto& leaf) { return at::silu(leaf[0]) * leaf[1]; }, 4);
}

TEST_P(SequenceOperationTest, TokenCrossEntropyMatchesAutograd) {
  if (GetParam().networks > 1 || GetParam().precision == Precision::bf16) return;
  for (const bool some_ignored : {false, true}) {
    const at::Tensor classes = at::arange(11, at::kLong).mul(3).remainder(7);
    if (some_ignored) classes.slice(0, 2, 6).fill_(-1);
    Built built(GetParam());
    const ValueId y = built.leaf("y", {11, 7});
    const ValueId t = built.tokens({11}, classes.to(at::kFloat));
    built.expect_as(
        add_token_cross_entropy(built.builder(), y, t),
        [&](auto& leaf) {
          return at::cross_entropy_loss(leaf[0], classes, {}, at::Reduction::Mean, -1);
        },
        11);
  }
}

/// Causal attention of the last `queries` of `keys` tokens, of two sequences.
at::Tensor attended(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                    std::int64_t queries, std::int64_t keys) {
  const PrecisionRow row = *precision_row(Precision::fp64, Execution::automatic, /*cuda=*/false);
  PlanBuilder builder(row, 1);
  builder.begin_layer("layer", "");
  const ValueId query = builder.add_weight("q", 2 * queries, 12);
  const ValueId key = builder.add_weight("k", 2 * keys, 6);
  const ValueId value = builder.add_weight("v", 2 * keys, 6);
  const ValueId s =
      add_attention_scores(builder, "S", query, key, {.batch = 2, .heads = 4, .kv_heads = 2});
  const ValueId p = add_softmax(builder, "P", add_causal_mask(builder, "M", s, -kInfinity));
  const ValueId o = add_weighted_values(builder, "o", p, value, 2);
  builder.end_layer();
  Plan plan(
      std::make_shared<const PlanDescription>(std::move(builder).finish(o, GradientPolicy::kept)));
  plan.value(query).data().copy_(q.view({2, keys, 12}).slice(1, keys - queries).flatten(0, 1));
  plan.value(key).data().copy_(k);
  plan.value(value).data().copy_(v);
  plan.forward({});
  return plan.output().data().view({2, queries, 12}).clone();
}

TEST(SequenceOperations, DecodingWithCachedKeysIsTheFullForwardPass) {
  const at::Tensor q = oracle::random({16, 12}, at::kDouble, 1);
  const at::Tensor k = oracle::random({16, 6}, at::kDouble, 2);
  const at::Tensor v = oracle::random({16, 6}, at::kDouble, 3);
  const at::Tensor all = attended(q, k, v, 8, 8);
  for (const std::int64_t queries : {1, 3})
    oracle::expect_close(attended(q, k, v, queries, 8), all.slice(1, 8 - queries), 1e-14, "o");
}

TEST(SequenceOperations, ASinusoidHasPairsOfSineAndCosine) {
  const PrecisionRow row = *precision_row(Precision::fp64, Execution::automatic, /*cuda=*/false);
  PlanBuilder builder(row, 1);
  builder.begin_layer("layer", "");
  const ValueId places = add_sinusoid(builder, "P", 5, 6);
  builder.end_layer();
  Plan plan(std::make_shared<const PlanDescription>(
      std::move(builder).finish(places, GradientPolicy::kept)));
  plan.forward({});
  const at::Tensor& p = plan.output().data();
  for (int t = 0; t < 5; ++t)
    for (int i = 0; i < 3; ++i) {
      const double angle = t * std::exp(-2.0 * i / 6 * std::log(10000.0));
      EXPECT_NEAR(p[t][2 * i].item<double>(), std::sin(angle), 1e-14);
      EXPECT_NEAR(p[t][2 * i + 1].item<double>(), std::cos(angle), 1e-14);
    }
}

TEST(SequenceOperations, ATokenThatTheTableLacksIsRefused) {
  const PrecisionRow row = *precision_row(Precision::fp32, Execution::automatic, /*cuda=*/false);
  for (const double wrong : {4.0, -1.0, std::nan("")}) {
    PlanBuilder builder(row, 1);
    const ValueId tokens = builder.add_input("X", {1, 2});
    builder.begin_layer("layer", "");
    const ValueId e = add_embedding(builder, "e", tokens, builder.add_weight("E", 4, 3));
    builder.end_layer();
    Plan plan(std::make_shared<const PlanDescription>(
        std::move(builder).finish(e, GradientPolicy::kept)));
    plan.input().data().fill_(wrong);
    EXPECT_THROW(plan.forward({}), c10::Error) << wrong;
  }
}

}  // namespace
}  // namespace nanscope
