// Every code of every format, every middle between neighbours, every edge and random doubles
// against ml_dtypes and numpy (tests/reference/make_numbers.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/numbers/encoding.h"
#include "tests/built.h"
#include "tests/engine/numbers/random_doubles.h"
#include "tests/engine/special_values.h"

namespace nanscope {
namespace {

using nlohmann::json;

/// numpy and ml_dtypes never saturate where they have infinity or NaN; int8 and the like have not.
constexpr Conversion kLikeNumpy{.overflow = Overflow::infinity};

// Ten million doubles a format; fewer where the sanitizers make each take ten times as long.
const std::uint64_t kRandomDoubles = under_address_sanitizer() ? 200'000 : 10'000'000;

/// One entry of numbers.json.
struct Reference {
  std::string name;
  json entry;
};

/// What a failure calls it.
void PrintTo(const Reference& reference, std::ostream* out) { *out << reference.name; }

std::vector<Reference> references() {
  std::ifstream file(NANSCOPE_TESTS_DIR "/reference/numbers.json");
  std::vector<Reference> list;
  const json document = json::parse(file);
  for (const json& entry : document.at("formats")) list.push_back({entry.at("format"), entry});
  return list;
}

class NumbersReference : public ::testing::TestWithParam<Reference> {
 protected:
  void SetUp() override {
    const auto parsed = parse_format(GetParam().name);
    ASSERT_TRUE(parsed) << to_string(parsed.error());
    format_ = *parsed;
  }
  NumberFormat format_;
};

std::string hexadecimal(std::uint64_t word) {
  char text[17];
  std::snprintf(text, sizeof text, "%016lx", static_cast<unsigned long>(word));
  return text;
}

/// FNV-1a, 64 bits.
std::uint64_t fnv(const std::string& text) {
  std::uint64_t value = 0xCBF29CE484222325;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return value;
}

/// The formats whose codes can be listed.
class NarrowNumbersReference : public NumbersReference {};

TEST_P(NarrowNumbersReference, EveryCode) {
  const auto lines = list_codes(format_);
  ASSERT_TRUE(lines);
  EXPECT_EQ(json(hexadecimal(fnv(*lines))), GetParam().entry.at("listing"))
      << lines->substr(0, 500);
}

TEST_P(NarrowNumbersReference, EveryMiddleBetweenNeighboursAndTheDoublesBesideIt) {
  std::vector<double> values;
  for (std::uint64_t code = 0; code < code_count(format_); ++code)
    if (const double value = decode(format_, code); std::isfinite(value)) values.push_back(value);
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  std::uint64_t digest = 0, index = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    const double middle = (values[i - 1] + values[i]) / 2;  // exact: 11 bits at most
    for (const double x :
         {middle, std::nextafter(middle, -kInfinity), std::nextafter(middle, kInfinity)})
      digest += digest_of(index++, encode(format_, x, kLikeNumpy));
  }
  EXPECT_EQ(json(hexadecimal(digest)), GetParam().entry.at("midpoints"));
}

TEST_P(NumbersReference, EveryEdge) {
  for (const json& edge : GetParam().entry.at("edges")) {
    const std::string text = edge.at(0);
    EXPECT_EQ(encode(format_, std::strtod(text.c_str(), nullptr), kLikeNumpy),
              edge.at(1).get<std::uint64_t>())
        << text;
  }
}

TEST_P(NumbersReference, RandomDoubles) {
  const RandomDoubles number(format_);
  std::uint64_t digest = 0;
  for (std::uint64_t i = 0; i < kRandomDoubles; ++i)
    digest += digest_of(i, encode(format_, number(i), kLikeNumpy));
  EXPECT_EQ(json(hexadecimal(digest)),
            GetParam().entry.at("random").at(std::to_string(kRandomDoubles)));
}

std::vector<Reference> narrow_references() {
  std::vector<Reference> narrow;
  std::ranges::copy_if(references(), std::back_inserter(narrow), [](const Reference& reference) {
    return reference.entry.contains("listing");
  });
  return narrow;
}

std::string test_name(const ::testing::TestParamInfo<Reference>& test) {
  std::string name = test.param.name;
  std::ranges::replace_if(
      name, [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Formats, NumbersReference, ::testing::ValuesIn(references()), test_name);
INSTANTIATE_TEST_SUITE_P(Formats, NarrowNumbersReference, ::testing::ValuesIn(narrow_references()),
                         test_name);

}  // namespace
}  // namespace nanscope
