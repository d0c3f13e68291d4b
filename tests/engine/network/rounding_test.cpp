#include "engine/network/rounding.h"

#include "engine/network/operations/activation.h"
#include "engine/network/operations/cast.h"
#include "engine/network/operations/layer_norm.h"
#include "engine/network/operations/linear.h"
#include "engine/network/operations/residual.h"
#include "engine/network/operations/rms_norm.h"
#include "engine/plan/description.h"
#include "tests/engine/network/oracle.h"

// An emulated operation is the fp32 operation followed by ATen's cast to the format and back.
namespace nanscope {
namespace {

/// There and back by ATen itself; tf32, which ATen has no dtype for, by arithmetic: adding and
/// subtracting 3 * 2^(e+12) rounds to 10 bits of mantissa as the processor rounds.
at::Tensor cast_by_aten(const at::Tensor& values, const std::string& format) {
  const auto there_and_back = [&values](at::ScalarType type) {
    return values.to(type).to(at::kFloat);
  };
  if (format == "bf16") return there_and_back(at::kBFloat16);
  if (format == "fp16") return there_and_back(at::kHalf);
  if (format == "e4m3") return there_and_back(at::kFloat8_e4m3fn);
  if (format == "e5m2") return there_and_back(at::kFloat8_e5m2);
  const at::Tensor wide = values.to(at::kDouble);
  const at::Tensor unit = at::exp2(at::floor(at::log2(wide.abs().clamp_min(1e-30))) - 10);
  return (at::round(wide / unit) * unit).to(at::kFloat);
}

class EmulatedTest : public testing::TestWithParam<std::string> {
 protected:
  const NumberFormat& format() const { return *find_format(GetParam()); }
  at::Tensor rounded(const at::Tensor& values) const { return cast_by_aten(values, GetParam()); }
  at::Tensor data(std::vector<std::int64_t> shape, int seed) const {
    return rounded(oracle::random(std::move(shape), at::kFloat, seed));
  }

  /// Compares make(format), run in the emulated format, with make(fp32) and casts by ATen.
  template <class Make>
  void expect_fp32_then_cast(const std::vector<at::Tensor>& inputs, const at::Tensor& output,
                             const Make& make, const std::string& what) {
    const NumberFormat& fp32 = *find_format("fp32");
    std::deque<Value> narrow, wide;
    for (const auto& [values, target] : {std::pair{&narrow, &format()}, {&wide, &fp32}}) {
      for (const at::Tensor& input : inputs)
        values->push_back(oracle::value_with_gradient("x", input.clone(), *target));
      values->push_back(oracle::value_with_gradient("y", at::empty_like(output), *target));
    }
    const at::Tensor upstream = data(output.sizes().vec(), 99);
    oracle::run(*make(narrow), narrow.back(), upstream);
    const auto reference = make(wide);
    reference->forward({});
    const at::Tensor cast = rounded(wide.back().data());
    oracle::expect_same_bits(narrow.back().data(), cast, what);
    wide.back().data().copy_(cast);  // what tanh and sigmoid read backward
    wide.back().gradient().copy_(upstream);
    reference->backward({});
    for (std::size_t i = 0; i < inputs.size(); ++i)
      oracle::expect_same_bits(narrow[i].gradient(), rounded(wide[i].gradient()), what + " dx");
  }
};

INSTANTIATE_TEST_SUITE_P(Formats, EmulatedTest,
                         testing::Values("tf32", "bf16", "fp16", "e4m3", "e5m2"),
                         [](const auto& format) { return format.param; });

TEST_P(EmulatedTest, RoundingIsACastThereAndBack) {
  // Many parts for the parallel loop, and values from subnormal to overflowing.
  at::Tensor values = oracle::random({100, 1000}, at::kFloat, 1);
  values *= at::exp2(at::linspace(-30, 20, 1000, at::kFloat));
  const at::Tensor expected = cast_by_aten(values, GetParam());
  round_to_format(values, format());
  oracle::expect_same_bits(values, expected, GetParam());
}

TEST_P(EmulatedTest, OtherLayoutsTakeTheCastOfATen) {
  at::Tensor values = oracle::random({40, 60}, at::kFloat, 1);
  const at::Tensor expected = cast_by_aten(values, GetParam());
  round_to_format(values.t(), format());
  oracle::expect_same_bits(values, expected, GetParam());
}

TEST_P(EmulatedTest, Linear) {
  expect_fp32_then_cast(
      {data({8, 16}, 1), data({24, 16}, 2), data({24}, 3)}, at::empty({8, 24}),
      [&](std::deque<Value>& v) {
        return std::make_unique<Linear>(v[0], v[1], &v[2], v[3], 1, v[3].format(), at::Tensor());
      },
      "linear");
}

TEST_P(EmulatedTest, Activations) {
  for (const auto& [activation, name] : Names<Activation>::all)
    if (activation != Activation::identity)
      expect_fp32_then_cast(
          {data({8, 16}, 1)}, at::empty({8, 16}),
          [kind = activation](std::deque<Value>& v) {
            return std::make_unique<Activate>(kind, v[0], v[1]);
          },
          std::string(name));
}

TEST_P(EmulatedTest, Norms) {
  const auto layer = [](std::deque<Value>& v) {
    return std::make_unique<LayerNorm>(v[0], v[1], at::empty({8, 1}), at::empty({8, 1}));
  };
  const auto rms = [](std::deque<Value>& v) {
    return std::make_unique<RmsNorm>(
        v[0], v[1], at::empty({8, 1}),
        RmsNorm::Scratch{at::empty({8, 16}), at::empty({8, 16}), at::empty({8, 1})});
  };
  expect_fp32_then_cast({data({8, 16}, 1)}, at::empty({8, 16}), layer, "layernorm");
  expect_fp32_then_cast({data({8, 16}, 1)}, at::empty({8, 16}), rms, "rmsnorm");
}

TEST_P(EmulatedTest, Residual) {
  const at::Tensor h = data({8, 16}, 1), a = data({8, 16}, 2);
  Value stream("h", h, format()), branch("a", a, format());
  Value output = oracle::value_with_gradient("h'", at::empty({8, 16}), format());
  Residual(stream, branch, output).forward({});
  oracle::expect_same_bits(output.data(), rounded(h + a), "h'");
}

TEST_P(EmulatedTest, CastRoundsTheGradientToo) {
  Value x = oracle::value_with_gradient("x", oracle::random({8, 8}, at::kFloat, 1), format());
  Value y = oracle::value_with_gradient("y", at::empty({8, 8}), *find_format("fp32"));
  Cast cast(x, y);
  const at::Tensor upstream = oracle::random({8, 8}, at::kFloat, 2);
  oracle::run(cast, y, upstream);
  oracle::expect_same_bits(x.gradient(), rounded(upstream), "dx");
}

TEST(StorageType, IsTheFormatsOwnUnlessEmulated) {
  EXPECT_EQ(own_type(stored_as(*find_format("fp64"), true)), at::kDouble);
  EXPECT_EQ(own_type(stored_as(*find_format("fp32"), false)), at::kFloat);
  EXPECT_EQ(own_type(stored_as(*find_format("tf32"), false)), at::kFloat);
  EXPECT_EQ(own_type(stored_as(*find_format("bf16"), false)), at::kBFloat16);
  EXPECT_EQ(own_type(stored_as(*find_format("fp16"), false)), at::kHalf);
  EXPECT_EQ(own_type(stored_as(*find_format("fp16"), true)), at::kFloat);
  EXPECT_EQ(own_type(stored_as(*find_format("e4m3"), true)), at::kFloat);
}

}  // namespace
}  // namespace nanscope
