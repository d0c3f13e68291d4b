#include "ui/charts/curve.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <vector>

// A long curve is drawn by a few points of each column of pixels: they are compared with what all
// of its points cover.
namespace nanscope {
namespace {

constexpr int kColumns = 1000;

ChartFrame frame_of(const Limits& x, const Limits& y, int log_base = 0) {
  ChartFrame frame;
  frame.x = {.limits = x, .home = x};
  frame.y = {.log_base = log_base, .limits = y, .home = y};
  frame.low = {0, 0};
  frame.high = {kColumns, 500};
  return frame;
}

struct Column {
  ImVec2 first, last;
  float lowest = 1e30f, highest = -1e30f;
};

/// What the points cover, column by column.
std::map<int, Column> columns_of(const std::vector<ImVec2>& points) {
  std::map<int, Column> columns;
  for (const ImVec2& at : points) {
    if (is_gap(at)) continue;
    auto [column, is_new] = columns.try_emplace(static_cast<int>(std::floor(at.x)));
    if (is_new) column->second.first = at;
    column->second.last = at;
    column->second.lowest = std::min(column->second.lowest, at.y);
    column->second.highest = std::max(column->second.highest, at.y);
  }
  return columns;
}

std::vector<ImVec2> all_points(const ChartFrame& frame, const std::vector<double>& x,
                               const std::vector<double>& y) {
  std::vector<ImVec2> points;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const ImVec2 at = frame.at(x[i], y[i]);
    if (at.x >= 0 && at.x < kColumns && std::isfinite(at.y)) points.push_back(at);
  }
  return points;
}

struct Curve {
  std::vector<double> x, y;
};

Curve noise(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::lognormal_distribution<double> value(0, 1);
  Curve curve;
  for (std::size_t i = 0; i < count; ++i) {
    curve.x.push_back(static_cast<double>(i));
    curve.y.push_back(value(random));
  }
  return curve;
}

void expect_same_cover(const ChartFrame& frame, const Curve& curve) {
  const std::vector<ImVec2> points = curve_points(frame, curve.x, curve.y);
  EXPECT_LE(points.size(), 5u * (kColumns + 4));
  const auto exact = columns_of(all_points(frame, curve.x, curve.y));
  auto drawn = columns_of(points);
  // One point on each side leads out of the plot area.
  std::erase_if(drawn, [](const auto& one) { return one.first < 0 || one.first >= kColumns; });
  ASSERT_EQ(drawn.size(), exact.size());
  for (const auto& [index, column] : exact) {
    ASSERT_TRUE(drawn.contains(index)) << index;
    EXPECT_EQ(drawn[index].lowest, column.lowest) << index;
    EXPECT_EQ(drawn[index].highest, column.highest) << index;
    EXPECT_EQ(drawn[index].first.y, column.first.y) << index;
    EXPECT_EQ(drawn[index].last.y, column.last.y) << index;
  }
}

TEST(LongCurve, CoversWhatAllOfItsPointsCover) {
  const Curve curve = noise(200'000, 1);
  expect_same_cover(frame_of({0, 200'000}, {0, 30}), curve);
  expect_same_cover(frame_of({0, 200'000}, {-3, 2}, 10), curve);
  expect_same_cover(frame_of({61'000.5, 64'321}, {0, 30}), curve);
  expect_same_cover(frame_of({-50'000, 400'000}, {0, 30}), curve);
}

TEST(LongCurve, ShortOnesKeepEveryPoint) {
  const Curve curve = noise(100, 2);
  const ChartFrame frame = frame_of({0, 100}, {0, 30});
  const std::vector<ImVec2> points = curve_points(frame, curve.x, curve.y);
  ASSERT_EQ(points.size(), curve.x.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_EQ(points[i].x, frame.at(curve.x[i], curve.y[i]).x);
    EXPECT_EQ(points[i].y, frame.at(curve.x[i], curve.y[i]).y);
  }
}

TEST(LongCurve, LeadsOutOfThePlotArea) {
  const Curve curve = noise(100, 3);
  const auto points = curve_points(frame_of({40.5, 59.5}, {0, 30}), curve.x, curve.y);
  EXPECT_EQ(points.size(), 21u);  // 40 to 60
  EXPECT_LT(points.front().x, 0);
  EXPECT_GT(points.back().x, kColumns);
}

TEST(LongCurve, ValuesWithoutAPlaceAreGapsThatCanBeSeen) {
  Curve curve = noise(100'000, 4);
  for (const std::size_t gap : {20'000u, 50'000u, 70'000u})
    for (std::size_t i = gap; i < gap + 500; ++i)
      curve.y[i] = gap == 20'000 ? NAN : gap == 50'000 ? INFINITY : -1;
  const auto gaps = [&](const ChartFrame& frame) {
    return std::ranges::count_if(curve_points(frame, curve.x, curve.y), is_gap);
  };
  EXPECT_EQ(gaps(frame_of({0, 100'000}, {0, 30})), 2);      // five columns each; -1 is a value
  EXPECT_EQ(gaps(frame_of({0, 100'000}, {-3, 2}, 10)), 3);  // and has no logarithm
  expect_same_cover(frame_of({0, 100'000}, {-3, 2}, 10), curve);
}

TEST(LongCurve, MarksWhatIsNotFiniteOnceAColumn) {
  Curve curve = noise(100'000, 5);
  for (std::size_t i = 30'000; i < 30'010; ++i) curve.y[i] = NAN;
  curve.y[30'011] = INFINITY;
  curve.y[90'000] = -INFINITY;
  const auto places = nonfinite_places(frame_of({0, 100'000}, {0, 30}), curve.x, curve.y);
  ASSERT_EQ(places.size(), 3u);
  EXPECT_TRUE(std::isnan(places[0].value));
  EXPECT_EQ(places[1].value, INFINITY);
  EXPECT_EQ(places[2].value, -INFINITY);
  EXPECT_FLOAT_EQ(places[2].x, 900);
}

TEST(LongCurve, WhoseXFallsKeepsAllPoints) {
  const ChartFrame frame = frame_of({0, 10}, {0, 10});
  const std::vector<double> x{1, 5, 3}, y{1, 2, NAN};
  const auto points = curve_points(frame, x, y);
  ASSERT_EQ(points.size(), 3u);
  EXPECT_TRUE(is_gap(points[2]));
}

TEST(LongCurve, NothingIsNothing) {
  EXPECT_TRUE(curve_points(frame_of({0, 1}, {0, 1}), {}, {}).empty());
  EXPECT_TRUE(nonfinite_places(frame_of({0, 1}, {0, 1}), {}, {}).empty());
}

TEST(Band, OfFewPointsHasThePlaceOfEach) {
  const ChartFrame frame = frame_of({0, 3}, {0, 10});
  const std::vector<double> x{0, 1, 2, 3}, low{1, 2, NAN, 4}, high{5, 6, NAN, 8};
  const auto [upper, lower] = band_points(frame, x, low, high);
  ASSERT_EQ(upper.size(), 4u);
  ASSERT_EQ(lower.size(), 4u);
  EXPECT_EQ(upper[1].y, frame.y_at(6));
  EXPECT_EQ(lower[1].y, frame.y_at(2));
  EXPECT_TRUE(is_gap(upper[2]) && is_gap(lower[2]));
  EXPECT_EQ(lower[3].x, frame.x_at(3));
}

TEST(Band, OfManyPointsCoversThemAllWithTwoAColumn) {
  const Curve curve = noise(100000, 3);
  std::vector<double> low = curve.y, high = curve.y;
  for (double& value : high) value += 0.1;
  const ChartFrame frame = frame_of({curve.x.front(), curve.x.back()}, {-5, 5});
  const auto [upper, lower] = band_points(frame, curve.x, low, high);
  ASSERT_EQ(upper.size(), lower.size());
  EXPECT_LE(upper.size(), 2u * kColumns + 4);
  const auto tops = columns_of(all_points(frame, curve.x, high));
  const auto bottoms = columns_of(all_points(frame, curve.x, low));
  const auto uppers = columns_of(upper), lowers = columns_of(lower);
  for (const auto& [column, top] : tops) {
    ASSERT_TRUE(uppers.contains(column));
    EXPECT_EQ(uppers.at(column).lowest, top.lowest);  // pixels grow downwards
    EXPECT_EQ(lowers.at(column).highest, bottoms.at(column).highest);
  }
}

TEST(Band, WhatALogarithmHasNoPlaceForLiesOnTheLowerEdge) {
  const ChartFrame frame = frame_of({0, 1}, {-2, 2}, 10);
  const std::vector<double> x{0, 1}, low{0, 1}, high{10, 10};
  const auto [upper, lower] = band_points(frame, x, low, high);
  EXPECT_EQ(lower[0].y, frame.high.y);
  EXPECT_EQ(lower[1].y, frame.y_at(1));
  EXPECT_EQ(upper[0].y, frame.y_at(10));
}

}  // namespace
}  // namespace nanscope
