#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"

// The JSON form of an experiment, schema "nanscope.experiment/1", and its key=value form.
namespace nanscope {

inline constexpr std::string_view kExperimentSchema = "nanscope.experiment/1";

/// Every key of an experiment, dotted: "model.depth", "init.scheme", "seed".
const std::vector<std::string>& experiment_keys();

/// The experiment as JSON, keys in a fixed order. `indent` -1 writes one line.
std::string to_json(const Experiment& experiment, int indent = 2);

/// Reads JSON. Missing keys keep the values of `base`. Errors name the key, the value, what is
/// allowed and the nearest valid key: unknown keys, wrong types, numbers that are not finite, a
/// newer schema, text that is not JSON (with line and column). The result is valid (validate()).
/// Also takes what carries an experiment: a demo, the JSON of `nanscope signal`.
Result<Experiment> from_json(std::string_view text, const Experiment& base = {});

/// Sets one key from text, "model.depth" "50". Same errors; does not check ranges across keys.
Result<Experiment> with_key(const Experiment& base, std::string_view key, std::string_view value);

/// The value of a key as text; "" for an unknown key.
std::string key_text(const Experiment& experiment, std::string_view key);

/// The keys in which two experiments differ.
std::vector<std::string> differing_keys(const Experiment& a, const Experiment& b);

/// The keys that say something of their own that only a training run reads: "steps".
std::vector<std::string> changed_training_keys(const Experiment& experiment);

/// B, which the experiment is compared with; nothing if it is compared with none.
std::optional<Experiment> compared_with(const Experiment& experiment);
/// What makes an experiment A be compared with B.
CompareSpec comparison_of(const Experiment& a, const Experiment& b);
/// `next`, which `before` became, compared with the B of before however A has changed.
Experiment keeping_other(const Experiment& before, Experiment next);

}  // namespace nanscope
