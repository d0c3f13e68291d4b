#include "engine/precision/precision.h"

#include <gtest/gtest.h>

namespace nanscope {
namespace {

PrecisionRow row(Precision precision, Execution execution = Execution::automatic,
                 bool cuda = false) {
  const auto result = precision_row(precision, execution, cuda);
  return result ? *result : PrecisionRow{};
}

TEST(PrecisionTable, UniformRowsUseOneFormatAndAccumulateInFp32) {
  for (const Precision precision :
       {Precision::fp32, Precision::bf16, Precision::fp16, Precision::e4m3, Precision::e5m2}) {
    const PrecisionRow uniform = row(precision);
    for (const NumberFormat* format :
         {uniform.weight, uniform.linear_input, uniform.linear_output, uniform.norm_output,
          uniform.elementwise, uniform.weight_grad})
      EXPECT_EQ(format->name, name_of(precision));
    EXPECT_EQ(uniform.accumulate->name, "fp32");
  }
  EXPECT_EQ(row(Precision::fp64).accumulate->name, "fp64");
}

TEST(PrecisionTable, Tf32NarrowsOnlyWhatEntersAMatrixProduct) {
  const PrecisionRow tf32 = row(Precision::tf32);
  EXPECT_EQ(tf32.linear_input->name, "tf32");
  for (const NumberFormat* format :
       {tf32.weight, tf32.linear_output, tf32.norm_output, tf32.elementwise, tf32.weight_grad})
    EXPECT_EQ(format->name, "fp32");
}

TEST(PrecisionTable, MixedRowsKeepWeightsNormsAndWeightGradientsInFp32) {
  for (const auto& [precision, narrow] :
       {std::pair{Precision::mixed_bf16, "bf16"}, {Precision::mixed_fp16, "fp16"}}) {
    const PrecisionRow mixed = row(precision);
    for (const NumberFormat* format : {mixed.weight, mixed.norm_output, mixed.weight_grad})
      EXPECT_EQ(format->name, "fp32");
    for (const NumberFormat* format : {mixed.linear_input, mixed.linear_output, mixed.elementwise})
      EXPECT_EQ(format->name, narrow);
  }
}

TEST(PrecisionTable, AutomaticIsNativeWhereTheDeviceIsFast) {
  EXPECT_FALSE(row(Precision::fp64).emulated);
  EXPECT_FALSE(row(Precision::fp32).emulated);
  for (const Precision precision : {Precision::tf32, Precision::fp16, Precision::mixed_fp16}) {
    EXPECT_TRUE(row(precision).emulated) << name_of(precision);
    EXPECT_FALSE(row(precision, Execution::automatic, /*cuda=*/true).emulated)
        << name_of(precision);
  }
  for (const Precision precision : {Precision::e4m3, Precision::e5m2})
    for (const bool cuda : {false, true})
      EXPECT_TRUE(row(precision, Execution::automatic, cuda).emulated) << name_of(precision);
  EXPECT_EQ(row(Precision::bf16).emulated, row(Precision::mixed_bf16).emulated);
  EXPECT_FALSE(row(Precision::bf16, Execution::automatic, /*cuda=*/true).emulated);
}

TEST(PrecisionTable, ExecutionIsObeyed) {
  EXPECT_TRUE(row(Precision::bf16, Execution::emulated).emulated);
  EXPECT_FALSE(row(Precision::bf16, Execution::native).emulated);
  EXPECT_FALSE(row(Precision::fp16, Execution::native).emulated);
  EXPECT_FALSE(row(Precision::fp32, Execution::emulated).emulated) << "nothing is rounded";
}

TEST(PrecisionTable, AMissingNativePathIsAnInputErrorThatSaysWhatToDo) {
  for (const Precision precision : {Precision::tf32, Precision::e4m3, Precision::e5m2}) {
    const auto result = precision_row(precision, Execution::native, /*cuda=*/false);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, Error::Kind::input);
    EXPECT_EQ(result.error().where, "execution");
    EXPECT_NE(result.error().message().find(name_of(precision)), std::string::npos);
    EXPECT_NE(result.error().message().find("use auto or emulated"), std::string::npos);
  }
  EXPECT_TRUE(precision_row(Precision::tf32, Execution::native, /*cuda=*/true));
}

TEST(PrecisionTable, UsesNameTheFormatsOfEveryOperation) {
  const auto uses = precision_uses(row(Precision::mixed_fp16));
  ASSERT_EQ(uses.size(), 4u);
  EXPECT_EQ(uses[0].operation, "linear");
  EXPECT_EQ(uses[0].input, "fp16");
  EXPECT_EQ(uses[0].accumulate, "fp32");
  EXPECT_EQ(uses[0].output, "fp16");
  EXPECT_EQ(uses[1].operation, "norm");
  EXPECT_EQ(uses[1].output, "fp32");
  for (const PrecisionUse& use : uses) EXPECT_TRUE(use.emulated);
}

}  // namespace
}  // namespace nanscope
