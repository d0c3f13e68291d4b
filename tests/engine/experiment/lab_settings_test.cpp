#include "engine/experiment/lab_settings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/experiment/json.h"

// Which of an experiment's settings are which lab's.
namespace nanscope {
namespace {

struct Change {
  std::string key, value;
  std::vector<LabName> readers;
};

const std::vector<Change>& changes() {
  static const std::vector<Change> all{
      {"init.gain", "0.5", {LabName::signal, LabName::training}},
      {"optimizer.kind", "sgd", {LabName::training, LabName::costs}},
      {"costs.view", "napkin", {LabName::costs}},
      {"batch", "7", {LabName::signal, LabName::training, LabName::costs}},
      {"optimizer.lr", "0.5", {LabName::training}},
      {"model.dropout", "0.5", {LabName::training, LabName::costs}},
      {"data.held_out", "0.5", {LabName::training}},
      {"numbers.view", "accumulation", {LabName::numbers}},
      {"numbers.input", "0.7", {LabName::numbers}},
      {"optimizers.lr", "0.7", {LabName::optimizers}},
      {"tensors.expression", "ones(3)", {LabName::tensors}},
      {"seed", "7", {LabName::signal, LabName::numbers, LabName::tensors, LabName::training}},
      {"view.layer", "3", {}},
  };
  return all;
}

bool is_one_of(const std::vector<LabName>& labs, LabName lab) {
  return std::ranges::find(labs, lab) != labs.end();
}

TEST(LabSettings, AreTheSameWhateverOtherLabsHold) {
  for (const auto& [key, value, readers] : changes())
    for (const LabName lab : lab_names())
      EXPECT_EQ(same_settings(lab, {}, *with_key({}, key, value)), !is_one_of(readers, lab))
          << key << " " << lab.name;
}

TEST(LabSettings, OfOneLabLeaveThoseOfTheOthers) {
  for (const LabName lab : lab_names()) {
    Experiment changed;
    for (const auto& [key, value, readers] : changes()) changed = *with_key(changed, key, value);
    const Experiment back = with_settings_of(lab, changed, {});
    EXPECT_TRUE(same_settings(lab, back, {})) << lab.name;
    for (const auto& [key, value, readers] : changes())
      EXPECT_EQ(key_text(back, key),
                key_text(is_one_of(readers, lab) ? Experiment() : changed, key))
          << key << " " << lab.name;
    // All of it, and nothing on the way of what a choice brings along.
    EXPECT_EQ(with_settings_of(lab, back, changed), changed) << lab.name;
  }
}

/// Optimizers on a run's plane read what makes the run, and on no other surface.
TEST(LabSettings, OfARunsPlaneAreTheRunsToo) {
  const auto with = [](const Experiment& experiment, const char* key, const char* value) {
    return with_key(experiment, key, value).value();
  };
  Experiment plane = with({}, "optimizers.surface", "run");
  plane.lab = LabName::optimizers;
  EXPECT_TRUE(has_run(plane));
  EXPECT_FALSE(has_run(with(plane, "optimizers.surface", "beale")));
  for (const auto& [key, value] : {std::pair{"model.depth", "3"},
                                   {"optimizer.lr", "0.5"},
                                   {"steps", "7"},
                                   {"seed", "7"},
                                   {"data.kind", "moons"}}) {
    const Experiment other = with(plane, key, value);
    EXPECT_TRUE(reads(LabName::optimizers, *find_key(key), plane)) << key;
    EXPECT_FALSE(reads(LabName::optimizers, *find_key(key), {})) << key;
    EXPECT_FALSE(same_settings(LabName::optimizers, plane, other)) << key;
    EXPECT_EQ(with_settings_of(LabName::optimizers, {}, other).optimizers, other.optimizers);
    EXPECT_EQ(key_text(with_settings_of(LabName::optimizers, {}, other), key), value);
    EXPECT_TRUE(same_settings(LabName::numbers, plane, other) || std::string(key) == "seed");
  }
  // What only shows a run makes no other plane.
  for (const auto& [key, value] : {std::pair{"statistics", "5"}, {"networks", "3"}})
    EXPECT_TRUE(same_settings(LabName::optimizers, plane, with(plane, key, value))) << key;
}

}  // namespace
}  // namespace nanscope
