#include "engine/optimizers/paths.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/numbers/format.h"
#include "engine/roundoff/random.h"

namespace nanscope {
namespace {

Paths run(const PathsRequest& request) {
  JobContext context({}, {});
  const auto job = request.make_job();
  const auto result = run_job(*job, context);
  EXPECT_TRUE(result) << to_string(result.error());
  return *result->as<Paths>();
}

Optimizer optimizer(OptimizerKind kind, double lr) {
  return with_kind({.kind = OptimizerKind::sgd, .lr = lr}, kind);
}

Paths run_one(const Optimizer& one, const std::string& format = "fp64",
              SurfaceKind surface = SurfaceKind::quadratic, Pair start = {-4, 1}, int steps = 200) {
  return run({surface, 100, start, steps, format, {one}});
}

Rounder fp64() { return Rounder(*find_format("fp64"), Rounding::nearest_even, std::nullopt); }

TEST(Surfaces, GradientsAreTheCentralDifferencesOfTheirValues) {
  RandomNumbers random(3);
  Rounder exact = fp64();
  for (const SurfaceText& text : surface_texts()) {
    const SurfaceKind kind = text.kind;
    const std::string_view name = name_of(kind);
    const Surface surface(kind, 30);
    for (int i = 0; i < 200; ++i) {
      const auto& [left, right, low, high] = surface.text().view;
      const Pair at{left + (right - left) * random.uniform(),
                    low + (high - low) * random.uniform()};
      const Pair gradient = surface.gradient(exact, at);
      for (std::size_t e = 0; e < 2; ++e) {
        constexpr double kStep = 1e-5;
        Pair less = at, more = at;
        less[e] -= kStep, more[e] += kStep;
        const double difference = (surface.value(more) - surface.value(less)) / (2 * kStep);
        // kStep^2 times a third derivative of up to 1e5, and fp64's 1e-16 of values up to 1e5 over
        // kStep.
        EXPECT_NEAR(gradient[e], difference, 2e-5 + 1e-7 * std::abs(difference))
            << name << " at " << at[0] << ", " << at[1];
      }
    }
  }
}

TEST(Surfaces, AreZeroAndLevelAtTheirMinima) {
  Rounder exact = fp64();
  for (const SurfaceText& text : surface_texts()) {
    const SurfaceKind kind = text.kind;
    const std::string_view name = name_of(kind);
    const Surface surface(kind, 30);
    for (const Pair& minimum : surface.text().minima) {
      EXPECT_EQ(surface.value(minimum), 0) << name;
      EXPECT_EQ(surface.gradient(exact, minimum), (Pair{0, 0})) << name;
      EXPECT_EQ(surface.distance_to_minimum(minimum), 0) << name;
    }
  }
}

TEST(Paths, BeginAtTheStartAndHaveAllSteps) {
  PathsRequest request{.start = {-4, 1}, .steps = 50, .format = "bf16"};
  for (const auto& [kind, name] : Names<OptimizerKind>::all)
    request.optimizers.push_back(optimizer(kind, 1e-3));
  const Paths paths = run(request);
  ASSERT_EQ(paths.paths.size(), request.optimizers.size());
  const NumberFormat& bf16 = *find_format("bf16");
  for (const Path& path : paths.paths) {
    const std::string_view name = name_of(path.optimizer.kind);
    EXPECT_EQ(path.last(), 50) << name;
    EXPECT_EQ(path.steps.front().state.theta, (Pair{-4, 1})) << name;
    EXPECT_FALSE(path.divergence) << name;
    for (const PathStep& step : path.steps) {
      EXPECT_EQ(step.loss, Surface(SurfaceKind::quadratic, 100).value(step.state.theta));
      for (const Pair& values : {step.state.theta, step.state.kept[0], step.state.kept[1]})
        for (const double value : values) EXPECT_EQ(value, round_to(bf16, value)) << name;
    }
  }
}

TEST(Paths, SgdOnAQuadraticIsGeometric) {
  const Paths paths = run_one(optimizer(OptimizerKind::sgd, 0.015));
  const std::vector<PathStep>& steps = paths.paths[0].steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    // Two roundings a step, each of up to 1.1e-16.
    const double tolerance = 4e-16 * double(i + 1);
    EXPECT_NEAR(steps[i].state.theta[0] / (-4 * std::pow(1 - 0.015, i)), 1, tolerance);
    EXPECT_NEAR(steps[i].state.theta[1] / std::pow(1 - 1.5, i), 1, 20 * tolerance);
  }
}

TEST(Paths, EndWhereTheyDiverge) {
  const Paths paths = run_one(optimizer(OptimizerKind::sgd, 0.0201), "fp64", SurfaceKind::quadratic,
                              {-4, 1}, 10000);
  const Path& path = paths.paths[0];
  // |1 - 2.01|^t is above 1e6 from t = ln(1e6) / ln(1.01) = 1388.4 on.
  ASSERT_TRUE(path.divergence);
  EXPECT_EQ(path.divergence->step, 1389);
  EXPECT_TRUE(path.divergence->is_finite);
  EXPECT_EQ(path.last(), 1389);
  EXPECT_FALSE(path.standstill);
}

TEST(Paths, EndWhereAFormatHasNoNumberAnyMore) {
  // v is 0 where g^2 underflows, and eps is 0 in fp16: 0 / 0.
  const Paths paths =
      run_one(optimizer(OptimizerKind::adam, 1e-3), "fp16", SurfaceKind::quadratic, {0, 1e-4});
  ASSERT_TRUE(paths.paths[0].divergence);
  EXPECT_EQ(paths.paths[0].divergence->step, 1);
  EXPECT_FALSE(paths.paths[0].divergence->is_finite);
  EXPECT_FALSE(
      run_one(optimizer(OptimizerKind::adam, 1e-3), "fp64", SurfaceKind::quadratic, {0, 1e-4})
          .paths[0]
          .divergence);
}

TEST(Paths, StandStillWhereUpdatesAreLessThanHalfAnUlp) {
  // Updates are 3e-5 x and 0.003 y. Half an ulp of bf16 is 2^-7 at 4, and 2^-8 from 2 down to 1:
  // y moves as long as it is above 1.3.
  const auto slow = [](const char* format) {
    return run_one(optimizer(OptimizerKind::sgd, 3e-5), format, SurfaceKind::quadratic, {-4, 1.9})
        .paths[0];
  };
  const Path path = slow("bf16");
  ASSERT_TRUE(path.standstill);
  EXPECT_TRUE(path.standstill->absorbed);
  const auto at = static_cast<std::size_t>(path.standstill->step);
  ASSERT_GT(at, 0u);
  EXPECT_NE(path.steps[at - 1].state.theta, path.steps[at].state.theta);
  EXPECT_EQ(path.steps[at].state.theta, path.steps.back().state.theta);
  EXPECT_NEAR(path.steps[at].state.theta[1], 1.3, 0.02);
  EXPECT_FALSE(slow("fp64").standstill);
}

TEST(Paths, StandingAtAMinimumIsNoStandstill) {
  EXPECT_FALSE(run_one(optimizer(OptimizerKind::sgd, 0.01), "fp64", SurfaceKind::quadratic, {0, 0})
                   .paths[0]
                   .standstill);
}

TEST(Paths, AreWorkedOutInSlicesAndStopWhenAsked) {
  PathsRequest request{.start = {-4, 1}, .steps = 10000, .format = "fp16"};
  for (const auto& [kind, name] : Names<OptimizerKind>::all)
    request.optimizers.push_back(optimizer(kind, 1e-4));
  std::stop_source stop;
  JobContext context(stop.get_token(), {}, std::chrono::nanoseconds(0));
  const auto job = request.make_job();
  for (int i = 0; i < 3; ++i) {
    const auto so_far = job->advance(context);
    ASSERT_TRUE(so_far);
    EXPECT_FALSE(*so_far) << "a slice that is over ends";
    context.begin_slice();
  }
  stop.request_stop();
  const auto stopped = job->advance(context);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, Error::Kind::cancelled);
}

TEST(Anatomy, SaysWhatAStepDidInItsFormatAndExactly) {
  const Paths paths = run_one(optimizer(OptimizerKind::adam, 0.1), "fp16");
  const Path& path = paths.paths[0];
  for (const int step : {1, 2, 77, 200}) {
    const std::vector<AnatomyLine> lines = anatomy_of(paths.of, path, step);
    ASSERT_FALSE(lines.empty());
    EXPECT_EQ(lines.front().operation.name, "g");
    EXPECT_EQ(lines.back().operation.name, "theta");
    EXPECT_EQ(lines.back().operation.value, path.steps[std::size_t(step)].state.theta);
    std::vector<std::string_view> names;
    for (const AnatomyLine& line : lines)
      if (!line.operation.name.empty()) names.push_back(line.operation.name);
    EXPECT_THAT(names, ::testing::ElementsAre("g", "m", "v", "theta"));
  }
}

TEST(Anatomy, ShowsThatEpsVanishesInFp16) {
  const auto denominator = [](const char* format) {
    const Paths paths = run_one(optimizer(OptimizerKind::adam, 0.1), format);
    for (const AnatomyLine& line : anatomy_of(paths.of, paths.paths[0], 1))
      if (line.operation.formula.ends_with("+ eps")) return line;
    return AnatomyLine{};
  };
  EXPECT_TRUE(denominator("fp16").operation.absorbed[0]);
  const AnatomyLine exact = denominator("fp64");
  EXPECT_FALSE(exact.operation.absorbed[0]);
  EXPECT_EQ(exact.operation.value, exact.exact);
  EXPECT_GT(exact.exact[0], 4) << "|g| = 4 and eps";
}

}  // namespace
}  // namespace nanscope
