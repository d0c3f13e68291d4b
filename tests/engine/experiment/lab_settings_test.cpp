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

}  // namespace
}  // namespace nanscope
