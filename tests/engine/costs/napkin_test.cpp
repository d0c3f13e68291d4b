// Calculations on a napkin: the lines of reference/accounting.md, with their sources.
#include "engine/costs/napkin/napkin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/costs/napkin/napkin_questions.h"

namespace nanscope {
namespace {

using testing::HasSubstr;

double value_in(const Result<std::vector<FormulaLine>>& lines, const std::string& key) {
  if (!lines) return std::nan("");
  for (const FormulaLine& line : *lines)
    if (line.key == key) return line.value;
  return std::nan("");
}

NapkinRequest h100s(double devices) {
  NapkinRequest request;
  const DeviceSheet sheet = *find_device(*load_devices(), "h100-sxm");
  request.devices = devices;
  request.peak = *peak_of(sheet, Precision::bf16);
  request.memory = sheet.bytes;
  request.bandwidth = sheet.bytes_per_second;
  return request;
}

std::string refusal_of(const NapkinRequest& request) {
  const auto lines = calculate(request);
  return lines ? "taken" : to_string(lines.error());
}

TEST(Napkin, DaysOfTraining) {
  // CS336, lecture 2: 70B parameters, 15T tokens, 1024 H100 at half of their peak.
  NapkinRequest request = h100s(1024);
  request.parameters = 70e9;
  request.tokens = 15e12;
  request.mfu = 0.5;
  const auto lines = calculate(request);
  EXPECT_NEAR(value_in(lines, "days"), 143.93, 5e-3);
  EXPECT_EQ(value_in(lines, "flops"), 6.3e24);
  EXPECT_EQ(lines->front().filled, "6 * 70e9 * 15e12 / (1024 * 989.5e12 * 0.5 * 86400)");
}

TEST(Napkin, DaysWithEverythingComputedAgain) {
  // Narayanan et al. 2021, section 5.1: 8 N D, 450e9 tokens, 3072 GPUs at 163e12: 84 days. Their
  // "1T" model has 1.008e12 parameters (table 1).
  NapkinRequest request;
  request.devices = 3072;
  request.peak = 163e12;
  request.mfu = 1;
  request.tokens = 450e9;
  request.flops_per_parameter = 8;
  request.parameters = 1.008e12;
  EXPECT_NEAR(value_in(calculate(request), "days"), 83.9, 0.05);
  request.parameters = 1e12;
  EXPECT_NEAR(value_in(calculate(request), "days"), 83.2, 0.05);
}

TEST(Napkin, FlopsOfGpt3) {
  // Brown et al. 2020, table D.1: 3.14e23.
  NapkinRequest request;
  request.parameters = 174'604'259'328;
  request.tokens = 300e9;
  EXPECT_NEAR(value_in(calculate(request), "flops"), 3.143e23, 5e19);
}

TEST(Napkin, FlopsOfChinchillaAreThoseOfGopher) {
  // Hoffmann et al. 2022: 70B and 1.4T tokens, 5.76e23 FLOPs by 6 N D up to 2 %.
  NapkinRequest request;
  request.parameters = 70e9;
  request.tokens = 1.4e12;
  EXPECT_NEAR(value_in(calculate(request), "flops") / 5.76e23, 1, 0.025);
}

TEST(Napkin, LargestModel) {
  // CS336: eight H100 at 16 or 12 bytes a parameter.
  NapkinRequest request = h100s(8);
  request.bytes_per_parameter = 16;
  EXPECT_EQ(value_in(calculate(request), "largest_parameters"), 40e9);
  request.bytes_per_parameter = 12;
  EXPECT_NEAR(value_in(calculate(request), "largest_parameters"), 53.33e9, 5e6);
}

TEST(Napkin, BytesOnEachDeviceUnderZero) {
  // Rajbhandari et al. 2020, figure 1.
  NapkinRequest request = h100s(64);
  request.parameters = 7.5e9;
  request.bytes = *bytes_per_parameter(Precision::mixed_fp16, OptimizerKind::adam, {}, false);
  const double expected[] = {120e9, 31.40625e9, 16.640625e9, 1.875e9};
  for (int stage = 0; stage < 4; ++stage) {
    request.zero = stage;
    EXPECT_DOUBLE_EQ(value_in(calculate(request), "bytes_per_device"), expected[stage]);
  }
}

TEST(Napkin, WhatDaysBuy) {
  // CS336: eight H100 for two weeks at full peak.
  NapkinRequest request = h100s(8);
  request.days = 14;
  request.mfu = 1;
  const auto lines = calculate(request);
  EXPECT_NEAR(value_in(lines, "flops") / 9.5752e21, 1, 5e-6);
  // Hoffmann et al. 2022: N = sqrt(C / 120), 20 tokens for each.
  const double parameters = value_in(lines, "optimal_parameters");
  EXPECT_NEAR(6 * parameters * 20 * parameters / value_in(lines, "flops"), 1, 1e-12);
  EXPECT_EQ(value_in(lines, "optimal_tokens"), 20 * parameters);
}

TEST(Napkin, WhatMoneyBuys) {
  NapkinRequest request = h100s(8);
  request.budget = 1e6;
  request.price = 2.5;
  request.mfu = 0.4;
  request.parameters = 7e9;
  const auto lines = calculate(request);
  EXPECT_EQ(value_in(lines, "device_hours"), 400'000);
  EXPECT_NEAR(value_in(lines, "days"), 400'000.0 / 24 / 8, 1e-9);
  EXPECT_DOUBLE_EQ(value_in(lines, "flops"), 400'000.0 * 3600 * 989.5e12 * 0.4);
  EXPECT_DOUBLE_EQ(value_in(lines, "tokens"), value_in(lines, "flops") / (6 * 7e9));
}

TEST(Napkin, MoneyAndEnergyOfATraining) {
  NapkinRequest request = h100s(1024);
  request.parameters = 70e9;
  request.tokens = 15e12;
  request.mfu = 0.5;
  request.price = 2;
  request.watts = 700;
  request.overhead = 1.1;
  request.electricity = 0.1;
  const auto lines = calculate(request);
  const double hours = value_in(lines, "days") * 24 * 1024;
  EXPECT_DOUBLE_EQ(value_in(lines, "money"), 2 * hours);
  EXPECT_DOUBLE_EQ(value_in(lines, "kilowatt_hours"), hours * 0.7 * 1.1);
  EXPECT_DOUBLE_EQ(value_in(lines, "electricity_money"), hours * 0.7 * 1.1 * 0.1);
}

TEST(Napkin, MoneyOfDeepSeekV3) {
  // DeepSeek-AI 2024, table 1: 2.788M hours of an H800 at $2: $5.576M.
  NapkinRequest request;
  request.device_hours = 2.788e6;
  request.price = 2;
  EXPECT_EQ(value_in(calculate(request), "money"), 5.576e6);
}

TEST(Napkin, FlopsOfLlama3) {
  // Dubey et al. 2024, section 3.2: 405B parameters on 15.6T tokens, 3.8e25 FLOPs.
  NapkinRequest request;
  request.parameters = 405e9;
  request.tokens = 15.6e12;
  EXPECT_NEAR(value_in(calculate(request), "flops") / 3.8e25, 1, 5e-3);
  // Touvron et al. 2023b, table 2: Llama 2 70B, 2T tokens in 1,720,320 hours of an A100: an MFU of
  // 0.43, and 688 MWh at 400 W.
  request.parameters = 68'976'648'192;
  request.tokens = 2e12;
  request.device_hours = 1'720'320;
  request.peak = 312e12;
  request.watts = 400;
  EXPECT_NEAR(value_in(calculate(request), "needed_mfu"), 0.428, 5e-4);
  EXPECT_EQ(value_in(calculate(request), "kilowatt_hours"), 688'128);
}

TEST(Napkin, UtilisationOfPalm) {
  // Chowdhery et al. 2022, table 3.
  NapkinRequest request;
  request.parameters = 540.35e9;
  request.layers = 118;
  request.heads = 48;
  request.head_dim = 256;
  request.length = 2048;
  request.tokens_per_second = 238.3e3;
  request.devices = 6144;
  request.peak = 275e12;
  EXPECT_NEAR(value_in(calculate(request), "mfu"), 0.4623, 5e-5);
}

TEST(Napkin, DeepLinearNetwork) {
  // CS336's Cruncher: B = 2, D = 4, L = 2, AdaGrad, fp32: 496 bytes, 432 FLOPs.
  NapkinRequest request;
  request.batch = 2;
  request.width = 4;
  request.layers = 2;
  request.bytes = *bytes_per_parameter(Precision::fp32, OptimizerKind::adagrad, {}, false);
  const auto lines = calculate(request);
  EXPECT_EQ(value_in(lines, "parameters"), 36);
  EXPECT_EQ(value_in(lines, "activations"), 16);
  EXPECT_EQ(value_in(lines, "bytes"), 496);
  EXPECT_EQ(value_in(lines, "flops"), 432);
  // x -> D -> D -> 1 forward 4 B D^2 + 2 B D, back twice that without the gradient of x.
  EXPECT_EQ(value_in(lines, "exact_flops"), 3 * (4 * 2 * 16 + 2 * 2 * 4) - 2 * 2 * 16);
}

TEST(Napkin, ProductAndRidge) {
  NapkinRequest product;
  product.matmul = {16384, 32768, 8192};
  EXPECT_EQ(value_in(calculate(product), "flops"), 8'796'093'022'208);
  // The lecture's: in bf16 on an RTX 3090, against its fp32 peak.
  product.seconds = 0.12542;
  product.peak = 35.6e12;
  EXPECT_NEAR(value_in(calculate(product), "mfu"), 1.97, 0.005);
  EXPECT_EQ(napkin_notes(product, *calculate(product)).size(), 1u);
  NapkinRequest ridge = h100s(1);
  EXPECT_NEAR(value_in(calculate(ridge), "ridge_point"), 295.37, 5e-3);
}

TEST(Napkin, RefusesWhatCannotBe) {
  NapkinRequest request = h100s(8);
  request.parameters = 7e9;
  request.tokens = -1;
  EXPECT_THAT(refusal_of(request), HasSubstr("--tokens: -1 is not allowed"));
  request.tokens = 1e12;
  request.mfu = 1.5;
  EXPECT_THAT(refusal_of(request),
              HasSubstr("--mfu: 1.5 is not allowed; it takes a number above 0 and up to 1."));
  request.mfu = 0;
  EXPECT_THAT(refusal_of(request), HasSubstr("--mfu"));
  request.mfu = std::nan("");
  EXPECT_THAT(refusal_of(request), HasSubstr("--mfu"));
  request.mfu = 0.5;
  request.overhead = 0.5;
  EXPECT_THAT(refusal_of(request), HasSubstr("--overhead"));
  EXPECT_THAT(refusal_of(NapkinRequest()), HasSubstr("nothing follows from this"));
  NapkinRequest zero = h100s(8);
  zero.bytes_per_parameter = 16;
  zero.zero = 1;
  EXPECT_THAT(refusal_of(zero), HasSubstr("--zero: stage 1 divides parts"));
  EXPECT_THAT(refusal_of(h100s(7.5)), HasSubstr("--devices: 7.5 is not allowed; it takes a whole"));
  NapkinRequest twice = h100s(8);
  twice.days = 3;
  twice.device_hours = 576;
  twice.mfu = 0.5;
  EXPECT_THAT(refusal_of(twice), HasSubstr("--device-hours: says the time"));
}

TEST(Napkin, SaysWhatIsMissingForWhat) {
  NapkinRequest request = h100s(1024);
  request.parameters = 70e9;
  request.tokens = 15e12;
  const auto lines = calculate(request);
  ASSERT_TRUE(lines);
  EXPECT_FALSE(enters("devices", *lines));
  EXPECT_TRUE(enters("tokens", *lines));
  EXPECT_EQ(missing_for("devices", given_numbers(request), *lines), "for days, --mfu is missing");
}

TEST(Napkin, RefusesWhatIsBeyondFp64) {
  NapkinRequest request;
  request.matmul = {1e15, 1e15, 1e15};
  EXPECT_EQ(refusal_of(request), "taken");
  request = h100s(1);
  request.tokens_per_parameter = 1e-320;
  request.days = 1e12;
  request.mfu = 1;
  EXPECT_THAT(refusal_of(request), HasSubstr("comes out beyond what can be counted"));
}

TEST(Formula, FollowsPythonsPrecedence) {
  const NamedNumbers numbers{{"a", 2}, {"b", 3}, {"long_name", 70e9}};
  EXPECT_EQ(evaluate("a + b * a ** b", numbers), 26);
  EXPECT_EQ(evaluate("(a + b) * a / 4 - 1", numbers), 1.5);
  EXPECT_EQ(evaluate("2 ** a ** b", numbers), 256);
  EXPECT_EQ(evaluate("1e3 * long_name", numbers), 70e12);
  EXPECT_EQ(evaluate("16 ** 0.5", numbers), 4);
  for (const char* wrong : {"", "a +", "(a", "c", "a b", "1 / / 2", ")"})
    EXPECT_TRUE(std::isnan(evaluate(wrong, numbers))) << wrong;
  EXPECT_EQ(with_numbers("6 * long_name / a", numbers), "6 * 70e9 / 2");
}

TEST(Formula, WritesNumbersWhole) {
  for (const auto& [value, text] :
       std::initializer_list<std::pair<double, const char*>>{{70e9, "70e9"},
                                                             {989.5e12, "989.5e12"},
                                                             {1024, "1024"},
                                                             {0.5, "0.5"},
                                                             {6738415616.0, "6738415616"},
                                                             {1e6, "1e6"},
                                                             {0.1, "0.1"},
                                                             {1.008e12, "1.008e12"}})
    EXPECT_EQ(exact_number(value), text);
  for (const double value : {1.0 / 3, 123456789.25, 6.02214076e23, 1e300, 9007199254740993.0})
    EXPECT_EQ(std::strtod(exact_number(value).c_str(), nullptr), value);
}

TEST(Devices, HaveDensePeaksAndRidges) {
  const auto devices = load_devices();
  ASSERT_TRUE(devices) << to_string(devices.error());
  const DeviceSheet h200 = *find_device(*devices, "h200");
  // reference/accounting.md: 206.1 FLOPs a byte.
  EXPECT_NEAR(*peak_of(h200, Precision::bf16) / h200.bytes_per_second, 206.1, 0.05);
  EXPECT_EQ(*peak_of(*find_device(*devices, "a100-80gb"), Precision::tf32), 156e12);
  EXPECT_FALSE(peak_of(*find_device(*devices, "v100-32gb"), Precision::mixed_bf16));
  const auto unknown = find_device(*devices, "h100");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(to_string(unknown.error()), HasSubstr("did you mean h"));
  for (const DeviceSheet& device : *devices) EXPECT_NE(device.source, "") << device.name;
}

}  // namespace
}  // namespace nanscope
