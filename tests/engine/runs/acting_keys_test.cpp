#include "engine/recipe/acting_keys.h"

#include <c10/core/InferenceMode.h>
#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <random>

#include "engine/experiment/json.h"
#include "engine/experiment/keys.h"
#include "engine/experiment/lab_settings.h"
#include "engine/experiment/validate.h"
#include "engine/plan/plan.h"
#include "engine/plan/plan_json.h"
#include "engine/plan/schedules/schedules.h"
#include "engine/recipe/run_json.h"
#include "engine/roundoff/roundoff.h"
#include "engine/runs/training_run.h"
#include "engine/signal/thread_choice.h"

// A key that is refused because it has no effect has none, and one that is taken has one.
namespace nanscope {
namespace {

using ::testing::HasSubstr;

/// Small runs in which many keys do nothing.
class RandomRuns {
 public:
  Experiment next() {
    Experiment e;
    e.lab = LabName::training;
    e.network.seed = random_();
    e.network.model = {.kind = one_of<ModelKind>(),
                       .depth = whole(1, 3),
                       .width = whole(8, 10),
                       .activation = one_of<Activation>(),
                       .norm = one_of<Norm>(),
                       .residual = chance(0.5),
                       .bias = chance(0.5)};
    e.network.init.scheme = chance(0.3) ? InitScheme::truncated : InitScheme::kaiming;
    e.network.init.cut = 1;
    e.network.init.bias_std = 0.1;
    constexpr Precision kPrecisions[] = {Precision::fp32, Precision::fp64, Precision::bf16,
                                         Precision::mixed_fp16};
    e.network.precision = kPrecisions[whole(0, 3)];
    constexpr DataKind kKinds[] = {DataKind::teacher, DataKind::normal, DataKind::moons,
                                   DataKind::file};
    e.data.kind = kKinds[whole(0, 3)];
    e.data.batch = whole(3, 5);
    e.data.held_out = chance(0.3) ? 0 : 0.25;
    if (e.data.kind == DataKind::file) e.data.path = table_;
    TrainingSpec& training = e.training;
    training.optimizer = with_kind({}, one_of<OptimizerKind>());
    training.optimizer.lr = 0.01;
    training.optimizer.momentum = chance(0.5) ? 0 : 0.5;
    if (training.optimizer.kind == OptimizerKind::muon) e.network.model.bias = false;
    training.schedule = {.kind = one_of<ScheduleKind>(),
                         .warmup = whole(1, 2),
                         .period = 1,
                         .factor = chance(0.3) ? 1 : 0.5,
                         .final = 0.3};
    const bool scales = chance(0.5) && e.network.precision != Precision::bf16;
    training.loss_scale = {
        .kind = scales ? one_of<LossScaleKind>() : LossScaleKind::none, .init = 64, .interval = 2};
    if (chance(0.3)) training.recompute = 2;
    training.evaluate = whole(0, 2);
    training.steps = whole(3, 7);
    return e;
  }

 private:
  int whole(int from, int to) { return std::uniform_int_distribution(from, to)(random_); }
  bool chance(double share) { return std::uniform_real_distribution(0.0, 1.0)(random_) < share; }
  template <class E>
  E one_of() {
    const auto& all = Names<E>::all;
    return all[static_cast<std::size_t>(whole(0, static_cast<int>(all.size()) - 1))].first;
  }
  static std::string make_table() {
    std::string path = ::testing::TempDir() + "acting_keys.csv";
    std::ofstream rows(path);
    rows << "5,1.5,7,0.5\n";
    for (int row = 0; row < 12; ++row)
      rows << row * 3 % 7 << "," << row * 5 % 11 << ".5," << row % 4 << "," << row % 3 << ".25\n";
    return path;
  }

  std::string table_ = make_table();
  std::mt19937 random_{4};
};

/// What a run is and does, or why it cannot be run.
std::string outcome(const Experiment& experiment) {
  if (const auto errors = validate(experiment); !errors.empty()) return to_string(errors[0]);
  const auto run = TrainingRun::make(experiment);
  if (!run) return to_string(run.error());
  const auto task = training_task(experiment);
  std::string text = plan_to_json({}, *describe_training(experiment, *task), -1);
  for (int i = 0; i < experiment.training.steps; ++i) text += step_to_json((*run)->step());
  return text;
}

/// Other values of a key, those first that are likely to change something.
std::vector<KeyValue> other_values(const Key& key, const Experiment& experiment) {
  const KeyValue value = key.get(experiment);
  std::vector<KeyValue> others;
  for (const std::string_view choice : key.choices) others.emplace_back(std::string(choice));
  if (key.type == KeyType::flag) others.emplace_back(!std::get<bool>(value));
  if (const auto* number = std::get_if<double>(&value)) {
    others.emplace_back(*number / 2 + 0.05);
    others.emplace_back(*number * 2 + 0.01);
  }
  if (const auto* whole = std::get_if<std::uint64_t>(&value))
    for (const std::uint64_t other : {std::uint64_t{2}, std::uint64_t{1}, *whole + 1})
      others.emplace_back(other);
  if (key.type == KeyType::text) others = {std::string("1"), std::string("2")};
  std::erase(others, value);
  std::erase_if(others, [&](const KeyValue& other) { return !accept(key, other, ""); });
  return others;
}

bool changes_something(const Key& key, const Experiment& experiment, const std::string& as_it_is) {
  return std::ranges::any_of(other_values(key, experiment), [&](const KeyValue& value) {
    Experiment other = experiment;
    key.set(other, value);
    return outcome(other) != as_it_is;
  });
}

bool moves_rate(const TrainingSpec& training) {
  for (int step = 0; step < training.steps; ++step)
    if (learning_rate(training, step) != training.optimizer.lr) return true;
  return false;
}

/// Whether so many segments leave nothing to be computed again.
bool recomputes_nothing(const Experiment& e) {
  const auto plan = describe_training(e, *training_task(e));
  return plan && std::ranges::none_of(plan->operations, &PlanOperation::recomputed);
}

/// Where the values decide and not the settings beside them.
bool is_left_out(const Key& key, const Experiment& e) {
  const bool one_model = effective_activation(e.network.model) == Activation::identity &&
                         e.network.model.activation == Activation::identity;
  return key.name == "data.path" || key.name == "compare" ||  // no value at hand
         (key.name == "model.kind" && one_model) ||           // two names of one network
         // Refused where this one has no effect, whatever another one has.
         (key.name == "schedule.kind" && !moves_rate(e.training)) ||
         (key.name == "recompute" && e.training.recompute > 1 && recomputes_nothing(e)) ||
         // Beyond the norm of a small gradient alone.
         (key.name == "optimizer.eps" && e.training.optimizer.kind == OptimizerKind::muon);
}

TEST(ActingKeys, AreRefusedWhereNoOtherValueChangesTheRun) {
  const c10::InferenceMode without_autograd;
  const ThreadLimit one_thread(1);
  RandomRuns runs;
  std::map<std::string, int> refused;
  for (int tried = 0; tried < 30;) {
    const Experiment experiment = runs.next();
    if (!validate(experiment).empty() || !TrainingRun::make(experiment)) continue;
    ++tried;
    const std::string as_it_is = outcome(experiment);
    for (const Key& key : key_table()) {
      if (!reads(LabName::training, key) || is_left_out(key, experiment)) continue;
      const auto acts = check_acts(key.name, experiment);
      // What acts may be lost where results have few digits.
      const bool has_few = experiment.network.precision != Precision::fp32 &&
                           experiment.network.precision != Precision::fp64;
      if (!acts || !has_few) {
        EXPECT_EQ(acts.has_value(), changes_something(key, experiment, as_it_is))
            << key.name << " of " << to_json(experiment, -1);
      }
      if (!acts) ++refused[std::string(key.name)];
    }
    ASSERT_FALSE(HasFailure());
  }
  for (const char* key :
       {"model.activation",    "init.cut",        "init.cut_reading", "init.bias_std",
        "execution",           "data.header",     "data.decimal",     "data.index",
        "data.target",         "data.held_out",   "evaluate",         "recompute",
        "schedule.period",     "schedule.final",  "schedule.warmup",  "schedule.factor",
        "optimizer.dampening", "optimizer.beta1", "loss_scale.init",  "loss_scale.interval"})
    EXPECT_GT(refused[key], 0) << key;
}

std::string refusal(Experiment experiment,
                    const std::vector<std::pair<const char*, const char*>>& pairs) {
  for (const auto& [key, value] : pairs) experiment = with_key(experiment, key, value).value();
  const auto acts = check_acts(pairs.back().first, experiment);
  return acts ? "" : acts.error().message();
}

TEST(ActingKeys, SayWhatWouldAct) {
  Experiment run;
  run.lab = LabName::training;
  EXPECT_THAT(refusal(run, {{"init.cut", "2"}}), HasSubstr("init.scheme is normal; truncated"));
  EXPECT_THAT(refusal(run, {{"init.bias_std", "2"}}), HasSubstr("with model.bias=true"));
  EXPECT_THAT(refusal(run, {{"data.held_out", "0.5"}}), HasSubstr("drawn anew for every step"));
  EXPECT_THAT(refusal(run, {{"data.kind", "moons"}, {"data.held_out", "0"}, {"evaluate", "5"}}),
              HasSubstr("data.held_out is 0"));
  EXPECT_THAT(refusal(run, {{"recompute", "1"}}), HasSubstr("it takes 2 or more, or 0"));
  EXPECT_THAT(refusal(run, {{"schedule.kind", "warmup"}}), HasSubstr("schedule.warmup is 0"));
  EXPECT_THAT(refusal(run, {{"schedule.warmup", "1"}, {"schedule.kind", "warmup"}}),
              HasSubstr("schedule.warmup is 1, so that the rate never rises"));
  EXPECT_THAT(refusal(run, {{"steps", "20"}, {"schedule.period", "20"}, {"schedule.kind", "step"}}),
              HasSubstr("all 20 steps have the rate optimizer.lr; more steps change it, or "
                        "schedule.warmup, .period and .factor"));
  EXPECT_EQ(refusal(run, {{"steps", "21"}, {"schedule.period", "20"}, {"schedule.kind", "step"}}),
            "");
  EXPECT_THAT(refusal(run, {{"schedule.final", "1"}, {"schedule.kind", "cosine"}}),
              HasSubstr("schedule.warmup and .final"));
  for (const char* depth : {"2", "3"})
    EXPECT_THAT(
        refusal(run, {{"model.kind", "deep_linear"}, {"model.depth", depth}, {"recompute", depth}}),
        HasSubstr("is kept, or not read on the way back"));
  EXPECT_EQ(refusal(run, {{"model.kind", "deep_linear"}, {"model.depth", "4"}, {"recompute", "2"}}),
            "");
  EXPECT_THAT(refusal(run, {{"data.kind", "file"}, {"data.path", "x.NPY"}, {"data.header", "no"}}),
              HasSubstr("x.NPY says itself how it is read"));
  EXPECT_THAT(refusal(run, {{"compare", "seed=2"}}), HasSubstr("signal compares two networks"));
  EXPECT_EQ(refusal({}, {{"compare", "seed=2"}}), "");
}

TEST(ActingKeys, OfAPlaneActOnARunsOwn) {
  EXPECT_THAT(refusal({}, {{"optimizers.span", "1"}}),
              HasSubstr("optimizers.surface is quadratic; run has a plane through its parameters"));
  EXPECT_EQ(refusal({}, {{"optimizers.surface", "run"}, {"optimizers.span", "1"}}), "");
  EXPECT_THAT(refusal({}, {{"optimizers.surface", "run"}, {"optimizers.after", "500"}}),
              HasSubstr("500 is behind the run's last step, as steps is 200"));
}

TEST(ActingKeys, WhatIsLookedAtIsOfItsLab) {
  Experiment run;
  run.lab = LabName::training;
  EXPECT_THAT(refusal(run, {{"view.histogram", "weight"}}), HasSubstr("lab is training; signal"));
  EXPECT_THAT(refusal({}, {{"view.x", "epoch"}}), HasSubstr("lab is signal; training reads it"));
  EXPECT_THAT(refusal(run, {{"view.map", "weight"}}), HasSubstr("statistics is 0"));
  EXPECT_EQ(refusal(run, {{"statistics", "5"}, {"view.map", "weight"}}), "");
  EXPECT_EQ(refusal(run, {{"view.smoothing", "0.5"}}), "");
  EXPECT_EQ(refusal(run, {{"networks", "3"}, {"statistics", "5"}, {"view.network", "3"}}), "");
  EXPECT_THAT(refusal(run, {{"networks", "3"}, {"view.network", "4"}}),
              HasSubstr("view.network is 4, and networks is 3; it takes a number up to that."));
  // Of several networks it chooses whose layers, gradients and plane are seen, where some are.
  EXPECT_THAT(refusal(run, {{"view.network", "1"}}), HasSubstr("networks is 1"));
  EXPECT_THAT(refusal(run, {{"networks", "3"}, {"view.network", "3"}}),
              HasSubstr("statistics is 0 and nothing that one network has of its own"));
  for (const auto& shown : {std::pair{"data.kind", "spiral"},
                            {"precision", "mixed_fp16"},
                            {"view.plot", "gradient_magnitudes"}})
    EXPECT_EQ(refusal(run, {{"networks", "3"}, shown, {"view.network", "3"}}), "") << shown.first;
  EXPECT_EQ(refusal(run, {{"view.layer", "2"}}), "");  // whose gradients
  EXPECT_EQ(refusal({}, {{"view.layer", "2"}}), "");
  EXPECT_THAT(refusal({}, {{"lab", "tensors"}, {"view.layer", "2"}}),
              HasSubstr("lab is tensors; signal, training, costs read it"));
  EXPECT_THAT(refusal({}, {{"lab", "numbers"}, {"numbers.view", "dot"}, {"view.row", "fp16"}}),
              HasSubstr("bits has rows"));
  EXPECT_THAT(refusal({}, {{"lab", "tensors"}, {"tensors.view", "timings"}, {"view.step", "1"}}),
              HasSubstr("tensors.view is timings; chain reads it"));
}

TEST(ActingKeys, OfNumbersThatAreRefusedChangeNoChart) {
  int refused = 0;
  for (const RoundoffExperiment& shown : roundoff_experiments()) {
    Experiment experiment;
    experiment.lab = LabName::numbers;
    experiment.numbers = numbers_with_view({}, shown.name);
    const auto chart = [](const Experiment& of) {
      RoundoffSettings settings = of.numbers.settings;
      settings.seed = of.network.seed;
      const auto drawn = run_roundoff(of.numbers.view, settings);
      return drawn ? chart_to_json(*drawn) : to_string(drawn.error());
    };
    const std::string as_it_is = chart(experiment);
    for (const Key& key : key_table()) {
      if (!reads(LabName::numbers, key) || key.name == "numbers.view") continue;
      if (check_acts(key.name, experiment)) continue;
      ++refused;
      for (const KeyValue& value : other_values(key, experiment)) {
        Experiment other = experiment;
        key.set(other, value);
        EXPECT_EQ(chart(other), as_it_is) << key.name << " of " << shown.name;
      }
    }
    EXPECT_EQ(check_acts("seed", experiment).has_value(), shown.reads(RoundoffControl::seed));
  }
  EXPECT_GT(refused, 60);
  EXPECT_THAT(refusal({}, {{"numbers.view", "ranges"}, {"numbers.input", "2"}}),
              HasSubstr("numbers.view is ranges; it reads numbers.formats."));
}

}  // namespace
}  // namespace nanscope
