#include "engine/base/json_text.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "engine/base/strict_json.h"

namespace nanscope {
namespace {

template <class T>
std::string appended(T value) {
  std::string text = "=";
  append_json(text, value);
  return text.substr(1);
}

TEST(JsonText, WhatIsAppendedIsWhatATreeDumps) {
  std::mt19937_64 bits(1);
  for (int i = 0; i < 20000; ++i) {
    const auto value = std::bit_cast<double>(bits());
    ASSERT_EQ(appended(value), json_number(value).dump());
    const auto whole = static_cast<std::int64_t>(bits()) >> (i % 64);
    ASSERT_EQ(appended(whole), Json(whole).dump());
    const double round = static_cast<double>(whole % 1000);
    ASSERT_EQ(appended(round), Json(round).dump());
  }
  for (const double value :
       {0.0, -0.0, 1e-5, 1e15, 1e16, std::nan(""), std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity()})
    EXPECT_EQ(appended(value), json_number(value).dump());
  for (const std::string words : {"", "linear 3", "a \"b\" \\ c", "line\nline", "Größe"})
    EXPECT_EQ(appended<std::string_view>(words), Json(words).dump());
}

}  // namespace
}  // namespace nanscope
