#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gmock/gmock.h>

#include <bit>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stop_token>

#include "engine/experiment/json.h"
#include "engine/plan/task.h"
#include "engine/runs/plane_job.h"
#include "engine/signal/thread_choice.h"
#include "engine/training/initialize.h"
#include "make_run.h"

// A plane through a run's parameters: its directions, its losses, the optimizers on it.
namespace nanscope {
namespace {

using ::testing::HasSubstr;

using Pairs = std::vector<std::pair<const char*, std::string>>;

/// Optimizers on the plane of a small run in fp64.
Experiment plane_run(const Pairs& pairs = {}) {
  Experiment experiment;
  const Pairs small{{"lab", "optimizers"},
                    {"optimizers.surface", "run"},
                    {"model.depth", "2"},
                    {"model.width", "8"},
                    {"model.activation", "tanh"},
                    {"init.gain", "0.25"},
                    {"precision", "fp64"},
                    {"data.kind", "teacher"},
                    {"batch", "7"},
                    {"steps", "6"},
                    {"optimizer.kind", "sgd"},
                    {"optimizer.lr", "0.005"},
                    {"optimizers.steps", "20"}};
  for (const Pairs* all : {&small, &pairs})
    for (const auto& [key, value] : *all) experiment = with_key(experiment, key, value).value();
  return experiment;
}

PlaneRequest request_of(const Experiment& experiment) {
  return *descent_request(experiment).as<PlaneRequest>();
}

class Planes : public ::testing::Test {
 protected:
  /// The paths on an experiment's plane, with what is kept from the request before.
  Paths run(const Experiment& experiment) {
    JobContext context({}, {});
    const auto result = run_job(*make_plane_job(request_of(experiment), kept_), context);
    EXPECT_TRUE(result) << to_string(result.error());
    return result ? *result->as<Paths>() : Paths();
  }
  std::string refusal(const Experiment& experiment) {
    JobContext context({}, {});
    const auto result = run_job(*make_plane_job(request_of(experiment), kept_), context);
    return result ? "" : to_string(result.error());
  }
  SurfaceLook look(const Pair& at) {
    Rounder exact = rounder_to("fp64");
    return kept_->look(exact, at);
  }

  const c10::InferenceMode without_autograd_;
  const ThreadLimit one_thread_{1};
  KeptGround kept_;
};

double relative(double value, double reference) {
  return std::abs(value - reference) / std::max(std::abs(reference), 1e-3);
}

TEST_F(Planes, HaveTheLossesAndGradientsThatPyTorchHas) {
  std::ifstream file(std::string(NANSCOPE_TESTS_DIR) + "/reference/plane.json");
  const nlohmann::json cases = nlohmann::json::parse(file);
  ASSERT_EQ(cases.size(), 4u);
  for (const auto& one : cases) {
    SCOPED_TRACE(one.dump().substr(0, 120));
    const auto text = [&](const char* name) { return one[name].dump(); };
    const Paths paths = run(plane_run({{"model.depth", text("depth")},
                                       {"model.width", text("width")},
                                       {"batch", text("batch")},
                                       {"steps", text("steps")},
                                       {"optimizer.lr", text("lr")},
                                       {"seed", text("seed")},
                                       {"init.gain", text("gain")},
                                       {"optimizers.directions", one["directions"]},
                                       {"optimizers.after", text("after")},
                                       {"optimizers.span", text("span")}}));
    const LossPlane& plane = *paths.plane;
    ASSERT_EQ(plane.side, PlaneGround::kSide);
    // The sums of a few numbers in another order; of principal directions those of a way of a few
    // units, found by other means.
    constexpr double kTolerance = 1e-9;
    for (std::size_t row = 0; row < 6; ++row)
      for (std::size_t column = 0; column < 6; ++column)
        EXPECT_LT(relative(plane.losses[row * 8 * PlaneGround::kSide + column * 8],
                           one["losses"][row][column].get<double>()),
                  kTolerance)
            << row << " " << column;
    ASSERT_EQ(plane.run.size(), one["run"].size());
    for (std::size_t i = 0; i < plane.run.size(); ++i) {
      EXPECT_EQ(plane.run[i].step, static_cast<int>(i));
      for (std::size_t e = 0; e < 2; ++e)
        EXPECT_NEAR(plane.run[i].at[e], one["run"][i][e].get<double>(), kTolerance) << i;
    }
    EXPECT_NEAR(plane.share, one["share"].get<double>(), kTolerance);
    const Pair slope = look({one["at"][0], one["at"][1]}).slope.exact;
    for (std::size_t e = 0; e < 2; ++e)
      EXPECT_LT(relative(slope[e], one["gradient"][e].get<double>()), kTolerance);
  }
}

/// A linear network's output is linear in its head alone: with the loss mse that is a quadratic.
TEST_F(Planes, OfALinearHeadIsTheQuadraticThatIsCalculatedByHand) {
  const Experiment experiment = plane_run({{"model.kind", "deep_linear"}, {"model.depth", "1"}});
  const auto once = make_run(experiment);
  const at::Tensor theta = flat_parameters(once->plan());
  once->step();
  const Plan& plan = once->plan();
  const at::Tensor x = plan.input().data().clone(),
                   target = plan.value(plan.description().target).data().clone();
  const auto loss = SampleLoss::make(experiment, *training_task(experiment), {x, target}).value();
  // theta = (W (8,8), head (1,8)); the residual of the head h + t d is r + t s.
  const at::Tensor hidden = x.mm(theta.narrow(0, 0, 64).view({8, 8}).t());
  const at::Tensor head = theta.narrow(0, 64, 8).view({8, 1});
  const at::Tensor direction = at::arange(8, at::kDouble).sub(1.5);
  const at::Tensor r = hidden.mm(head) - target, s = hidden.mm(direction.view({8, 1}));
  const auto mean = [](const at::Tensor& of) { return of.mean().item<double>(); };
  const double a = mean(s * s), b = 2 * mean(r * s), c = mean(r * r);
  for (const double t : {-3.0, -0.5, 0.0, 1.0, 7.0}) {
    const at::Tensor moved = theta.clone();
    moved.narrow(0, 64, 8).add_(direction, t);
    EXPECT_NEAR(loss->loss(moved) / (a * t * t + b * t + c), 1, 1e-10) << t;
    const double slope = loss->gradient().narrow(0, 64, 8).dot(direction).item<double>();
    EXPECT_NEAR(slope, 2 * a * t + b, 1e-10 * (std::abs(2 * a * t) + std::abs(b))) << t;
  }
}

TEST_F(Planes, RandomDirectionsHaveRowsAsLongAsTheWeights) {
  const Experiment experiment = plane_run({{"model.bias", "true"}, {"init.bias_std", "0.5"}});
  const auto once = make_run(experiment);
  const at::Tensor theta = flat_parameters(once->plan());
  const Directions directions = random_directions(once->plan(), theta, 8);
  at::Generator draws = seeded_generator(8);
  std::int64_t rows_seen = 0;
  for (const at::Tensor& direction : directions) {
    std::int64_t first = 0;
    for (const PlanParameter& parameter : once->plan().description().parameters) {
      const at::Tensor& value = once->plan().value(parameter.value).data();
      const at::Tensor drawn = at::randn(value.sizes(), draws, at::kFloat).to(at::kDouble);
      const at::Tensor part = direction.narrow(0, first, value.numel()).view(value.sizes());
      first += value.numel();
      if (value.dim() == 1) {
        EXPECT_TRUE(at::equal(part, at::zeros_like(part))) << "a bias stays";
        continue;
      }
      for (std::int64_t row = 0; row < value.size(0); ++row, ++rows_seen) {
        const double own = value[row].norm().item<double>();
        const double length = drawn[row].norm().item<double>();
        EXPECT_NEAR(part[row].norm().item<double>(), own, 1e-14 * own);
        const double furthest =
            (part[row] - drawn[row] * (own / length)).abs().max().item<double>();
        EXPECT_LT(furthest, 1e-14 * own);
      }
    }
  }
  EXPECT_EQ(rows_seen, 2 * (8 + 8 + 1));
}

/// (2,0,0,...) t and (0,3,0,...) u around a middle, and a little beside them.
TEST_F(Planes, PrincipalDirectionsAreThoseInWhichTheRunMoves) {
  const at::Tensor theta = at::full({100000}, 5.0, at::kDouble);
  std::vector<RunPosition> positions;
  const double way[][3] = {{0, 0, 0}, {1, 0.5, 0.1}, {2, -0.5, -0.1}, {-4, 0, 0}};
  for (const auto& [a, b, c] : way) {
    at::Tensor position = theta.clone();
    position[7] += a;
    position[99999] += b;
    position[50000] += c;
    positions.push_back({std::ssize(positions), position});
  }
  const Directions directions = principal_directions(positions, theta, 1);
  // (1,2,-4), (0.5,-0.5,0) and (0.1,-0.1,0) are not at right angles; the first two nearly hold all.
  double whole = 0, inside = 0;
  for (const RunPosition& position : positions) {
    const Projection place = project(position.parameters - theta, directions);
    whole += place.length;
    inside += place.inside;
  }
  EXPECT_NEAR(whole, 21 + 0.5 + 0.02, 1e-12);
  EXPECT_NEAR(inside / whole, 1, 1e-9) << "b and c go together";
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 2; ++j)
      EXPECT_NEAR(directions[i].dot(directions[j]).item<double>(), i == j, 1e-12);
  // The furthest position, at -4, is on the positive side.
  EXPECT_NEAR(directions[0][7].item<double>(), -1, 0.02);
  EXPECT_EQ(directions[0][8].item<double>(), 0);
}

TEST_F(Planes, OfARunAlongOneLineHaveADirectionAtRightAnglesToIt) {
  for (const char* rate : {"0.02", "0"}) {
    const Paths paths = run(plane_run({{"steps", "1"}, {"optimizer.lr", rate}}));
    EXPECT_NEAR(paths.plane->lengths[0], 1, 1e-12);
    EXPECT_NEAR(paths.plane->lengths[1], 1, 1e-12);
    EXPECT_NEAR(paths.plane->share, rate == std::string("0") ? 0 : 1, 1e-12);
    EXPECT_EQ(nonfinite_share(*paths.plane), 0);
  }
}

TEST_F(Planes, GradientsAreTheCentralDifferencesOfTheLoss) {
  const Pairs models[] = {{},
                          {{"model.norm", "layernorm"}, {"model.residual", "true"}},
                          {{"model.norm", "batchnorm"}, {"model.bias", "true"}},
                          {{"data.kind", "moons"}, {"model.dropout", "0.5"}}};
  for (const Pairs& model : models)
    for (const char* directions : {"random", "principal"}) {
      Experiment experiment = plane_run(model);
      experiment = with_key(experiment, "optimizers.directions", directions).value();
      run(experiment);
      for (const Pair& at : {Pair{0, 0}, Pair{0.4, -0.7}}) {
        const Pair slope = look(at).slope.exact;
        for (std::size_t e = 0; e < 2; ++e) {
          constexpr double kStep = 1e-5;
          Pair less = at, more = at;
          less[e] -= kStep, more[e] += kStep;
          const double difference = (kept_->loss(more) - kept_->loss(less)) / (2 * kStep);
          // kStep^2 of a third derivative of up to 1e3, and 1e-16 of a loss of 10 over kStep.
          EXPECT_NEAR(slope[e], difference, 1e-7 + 1e-6 * std::abs(difference)) << directions;
        }
      }
    }
}

TEST_F(Planes, SgdGoesDownTheGradientInThem) {
  // Of sgd in the principal plane each step goes down the gradient's part in the plane.
  const Paths paths = run(plane_run({{"optimizers.shown", "sgd lr=0.005"}}));
  const Path& path = paths.paths.at(0);
  ASSERT_EQ(path.last(), 20);
  for (std::size_t i = 0; i + 1 < path.steps.size(); ++i)
    for (std::size_t e = 0; e < 2; ++e)
      EXPECT_NEAR(
          path.steps[i + 1].state.theta[e],
          path.steps[i].state.theta[e] - 0.005 * look(path.steps[i].state.theta).slope.exact[e],
          1e-12);
  EXPECT_LT(path.steps.back().loss, path.steps.front().loss);
  // The run begins in the plane's middle, on the samples of its first step.
  EXPECT_EQ(paths.plane->run.front().at, (Pair{0, 0}));
  EXPECT_EQ(paths.plane->run.front().loss, path.steps.front().loss);
  EXPECT_EQ(paths.plane->run.front().loss, make_run(plane_run())->step().loss);
}

TEST_F(Planes, AreTheSameToTheBitWhateverWasKept) {
  const Experiment experiment = plane_run({{"precision", "bf16"}, {"model.norm", "batchnorm"}});
  const auto same = [](const Paths& a, const Paths& b) {
    const auto bits = [](double value) { return std::bit_cast<std::uint64_t>(value); };
    bool all = a.plane->losses.size() == b.plane->losses.size();
    for (std::size_t i = 0; all && i < a.plane->losses.size(); ++i)
      all = bits(a.plane->losses[i]) == bits(b.plane->losses[i]);
    for (std::size_t p = 0; p < a.paths.size(); ++p)
      for (std::size_t i = 0; all && i < a.paths[p].steps.size(); ++i)
        all = bits(a.paths[p].steps[i].loss) == bits(b.paths[p].steps[i].loss) &&
              a.paths[p].steps[i].state.theta == b.paths[p].steps[i].state.theta;
    return all;
  };
  const Paths first = run(experiment);
  const PlaneGround* const ground = kept_.get();
  EXPECT_TRUE(same(first, run(experiment)));
  // Another start walks on the plane that is there, another span measures it anew.
  Experiment moved = with_key(experiment, "optimizers.x", "0.3").value();
  moved = with_key(moved, "optimizers.span", "0.5").value();
  EXPECT_FALSE(same(first, run(moved)));
  EXPECT_TRUE(same(first, run(experiment)));
  EXPECT_EQ(kept_.get(), ground) << "the run was not trained again";
  kept_.reset();
  EXPECT_TRUE(same(first, run(experiment)));
  EXPECT_FALSE(same(first, run(with_key(experiment, "seed", "2").value())));
}

TEST_F(Planes, OfAPartThatIsLookedAtThereIsAGridOfItsOwn) {
  const Experiment all = plane_run({{"optimizers.directions", "random"}});
  const Paths whole = run(all);
  const PlaneGround* const ground = kept_.get();
  EXPECT_EQ(whole.plane->zoomed.side, 0);
  const auto zoomed = [&](const char* part) { return with_key(all, "view.zoom", part).value(); };
  const Paths part = run(zoomed("loss_surface x 0.1 0.3 y -0.05 0.15"));
  EXPECT_EQ(kept_.get(), ground) << "the run was not trained again";
  EXPECT_EQ(part.plane->losses, whole.plane->losses);
  ASSERT_EQ(part.plane->zoomed.side, PlaneGround::kSide);
  EXPECT_EQ(part.plane->zoomed.view, (std::array<double, 4>{0.1, 0.3, -0.05, 0.15}));
  // Between four points of the whole grid: measured, and not interpolated.
  for (const int i : {3, 11, 38}) {
    const Pair at{0.1 + 0.2 * i / 40, -0.05 + 0.2 * (i - 2) / 40};
    EXPECT_NEAR(*loss_at(*part.plane, at) / kept_->loss(at), 1, 1e-12);
    EXPECT_GT(std::abs(*loss_at(*whole.plane, at) / kept_->loss(at) - 1), 1e-9);
  }
  EXPECT_EQ(loss_at(*part.plane, {-0.5, 0.5}), loss_at(*whole.plane, {-0.5, 0.5}));
  // What lies beside the whole grid is measured where it is looked at.
  EXPECT_EQ(loss_at(*part.plane, {-2.5, 0.5}), std::nullopt);
  const Paths beside = run(zoomed("loss_surface x -3 3"));
  EXPECT_EQ(beside.plane->zoomed.view, (std::array<double, 4>{-3, 3, -1, 1}));
  EXPECT_NEAR(*loss_at(*beside.plane, {-3, 1}) / kept_->loss({-3, 1}), 1, 1e-12);
  EXPECT_EQ(loss_at(*beside.plane, {0.1, 0.1}), loss_at(*whole.plane, {0.1, 0.1})) << "finer";
  EXPECT_EQ(run(all).plane->zoomed.side, 0);
  EXPECT_EQ(run(zoomed("descent x 3 5")).plane->zoomed.side, 0);
}

TEST_F(Planes, OfARunWithChangesOnItsWayAreOfThatRun) {
  const Experiment experiment = plane_run();
  const auto with_changes = [&](std::vector<PlaneChange> changes) {
    JobContext context({}, {});
    const PlaneRequest request =
        *descent_request(experiment, std::move(changes)).as<PlaneRequest>();
    return *run_job(*make_plane_job(request, kept_), context)->as<Paths>()->plane;
  };
  const LossPlane stops = with_changes({{3, {"optimizer.lr", "0"}}, {4, {"steps", "8"}}});
  EXPECT_EQ(stops.changes, 2);
  EXPECT_EQ(stops.steps, 8);
  ASSERT_EQ(stops.run.size(), 9u);
  EXPECT_NE(stops.run[2].at, stops.run[3].at);
  for (std::size_t i = 4; i < stops.run.size(); ++i) EXPECT_EQ(stops.run[i].at, stops.run[3].at);
  EXPECT_EQ(with_changes({}).run.size(), 7u);
}

TEST_F(Planes, AreShownFromCoarseToFineAndStopWhenAsked) {
  const PlaneRequest request = request_of(plane_run());
  std::stop_source stop;
  std::vector<std::shared_ptr<const Paths>> shown;
  JobContext context(stop.get_token(), {}, std::chrono::nanoseconds(0), {},
                     [&](JobResult so_far) { shown.push_back(so_far.as<Paths>()); });
  auto job = make_plane_job(request, kept_);
  while (kept_ == nullptr || kept_->plane() == nullptr || kept_->plane()->side < 11) {
    const auto so_far = job->advance(context);
    ASSERT_TRUE(so_far) << to_string(so_far.error());
    ASSERT_FALSE(*so_far) << "a slice that is over ends";
    context.begin_slice();
  }
  ASSERT_FALSE(shown.empty());
  EXPECT_LT(shown.front()->plane->side, 11);
  for (const auto& one : shown) {
    EXPECT_EQ(one->paths.size(), request.paths.optimizers.size());
    for (const Path& path : one->paths) EXPECT_FALSE(path.steps.empty());
  }
  stop.request_stop();
  const auto stopped = job->advance(context);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, Error::Kind::cancelled);
  // It goes on where it stopped.
  job.reset();
  JobContext again({}, {});
  const auto whole = run_job(*make_plane_job(request, kept_), again);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->as<Paths>()->plane->side, PlaneGround::kSide);
  kept_.reset();
  EXPECT_EQ(whole->as<Paths>()->plane->losses, run(plane_run()).plane->losses);
}

TEST_F(Planes, AsksBeforeLongWork) {
  JobContext context({}, {}, JobContext::Clock::duration::max(),
                     [](double seconds) { return seconds < 0; });
  const auto refused =
      run_job(*make_plane_job(request_of(plane_run({{"steps", "50"}})), kept_), context);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Error::Kind::cancelled);
}

TEST_F(Planes, LossesThatAreNotFiniteAreValues) {
  // The middle is finite; far from it fp16's products overflow.
  const Paths paths = run(plane_run({{"precision", "fp16"},
                                     {"model.activation", "relu"},
                                     {"optimizers.directions", "random"},
                                     {"optimizers.span", "1000"}}));
  EXPECT_GT(nonfinite_share(*paths.plane), 0.1);
  EXPECT_LT(nonfinite_share(*paths.plane), 1);
  EXPECT_FALSE(std::isfinite(*loss_at(*paths.plane, {-1000, 1000})));
}

TEST_F(Planes, OfATableAreOfTheRowsThatAreTrainedOn) {
  const Paths paths = run(plane_run({{"data.kind", "moons"}, {"batch", "16"}}));
  DataSpec moons;
  moons.kind = DataKind::moons;
  const Table table = *read_data(moons, Precision::fp64);
  const std::int64_t trained = table.rows - held_out_rows(moons, table.rows);
  EXPECT_EQ(paths.plane->rows_trained, trained);
  EXPECT_EQ(paths.plane->rows, std::min(trained, PlaneGround::kMostRows));
  EXPECT_EQ(run(plane_run()).plane->rows_trained, 0);
}

TEST_F(Planes, SayWhyThereIsNone) {
  const Pairs diverging{{"model.activation", "relu"},
                        {"init.gain", "100"},
                        {"steps", "20"},
                        {"optimizer.lr", "10"},
                        {"optimizers.after", "20"}};
  EXPECT_THAT(refusal(plane_run(diverging)),
              HasSubstr("optimizers.after: after 20 steps the run's parameters are not finite, or "
                        "beyond 1e75; it takes a whole number from 0 to "));
  // Where it began there is one, with the run as far as it is finite.
  Experiment begun = with_key(plane_run(diverging), "optimizers.after", "0").value();
  const Paths paths = run(begun);
  ASSERT_TRUE(paths.plane);
  EXPECT_LT(paths.plane->run.back().step, 20);
  EXPECT_THAT(refusal(plane_run({{"device", "cuda"}})), HasSubstr("device: cuda does not train"));
  EXPECT_THAT(refusal(plane_run({{"data.kind", "file"}})), HasSubstr("data.path: is empty"));
  EXPECT_THAT(
      refusal(plane_run({{"precision", "fp32"}, {"model.depth", "1"}, {"model.width", "4096"}})),
      HasSubstr("model.width: the network has 16781312 parameters, and the way of a run is "
                "kept for up to 13421772 here"));
  EXPECT_EQ(kept_, nullptr);
}

TEST_F(Planes, TheWayOfALongRunIsKeptInBoundedMemory) {
  const auto once = make_run(plane_run());
  const std::int64_t steps = 1001, after = 77;
  RunWay way = RunWay::make(once->plan(), steps, after).value();
  for (std::int64_t step = 0; step <= steps; ++step) way.look(once->plan(), step);
  EXPECT_LE(std::ssize(way.positions()), RunWay::kMost + 1);
  EXPECT_GT(std::ssize(way.positions()), RunWay::kMost / 2);
  EXPECT_EQ(way.positions().front().step, 0);
  EXPECT_EQ(way.positions()[1].step, 16);
  EXPECT_EQ(way.positions().back().step, steps);
  ASSERT_TRUE(way.middle());
  EXPECT_EQ(way.middle()->step, after);
}

}  // namespace
}  // namespace nanscope
