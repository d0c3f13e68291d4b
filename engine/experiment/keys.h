#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"

// The one table of an experiment's keys, composed of those of its groups. JSON, key=value, ranges,
// controls and comparison all read it: a new field is one new line beside its group.
namespace nanscope {

inline constexpr double kLargestSeed = 18446744073709551615.0;  // 2^64 - 1, rounded to 2^64

enum class KeyType { whole_number, number, flag, choice, text };

/// Whole numbers, numbers, flags; choices and texts as strings.
using KeyValue = std::variant<std::uint64_t, double, bool, std::string>;

/// The allowed range of a numeric key, both ends included.
struct KeyRange {
  double low = 0;
  double high = 0;
  bool integer = false;
};

struct Key {
  std::string_view name;  ///< dotted: "model.depth"
  KeyType type = KeyType::text;
  KeyRange range;                         ///< of a whole_number or a number
  std::vector<std::string_view> choices;  ///< of a choice: "relu", "gelu", ...
  std::function<KeyValue(const Experiment&)> get;
  /// Takes what accept() returned.
  std::function<void(Experiment&, const KeyValue&)> set;
  /// What is wrong with a text, if texts of this key can be wrong.
  std::function<Result<void>(const std::string&)> check = {};
  /// JSON lists it only where it differs from the default: what belongs to a lab that was never
  /// opened is no part of an experiment that a person reads.
  bool when_changed = false;
  /// Setting it resets other keys of its group, so JSON's reader takes it before them.
  bool resets_group = false;
  /// It may change while a run goes on; another key's change needs a new run.
  bool live = false;
  /// A text that says a whole number, if anything: JSON may write it as a number.
  bool takes_numbers = false;
  /// Training runs alone read it.
  bool of_training = false;
  /// JSON lists it behind this key instead of behind the one before it in its group: files keep the
  /// order that they always had.
  std::string_view listed_behind = {};
};

/// All keys, in the order in which JSON lists them.
const std::vector<Key>& key_table();
/// Also by a name that it had before. Null if there is no such key.
const Key* find_key(std::string_view name);

/// Whether the plan of a run hangs on a key that training runs alone read.
bool is_of_plan(std::string_view training_key);

/// The keys in which B may differ from A: what a network is, what it reads, what else its plan
/// hangs on, and what transformers and napkins are calculated from.
std::vector<std::string> compared_keys();

/// Checks a value against its key's type, range or choices, and brings it into the form that
/// Key::set takes: 50.0 is a whole number. `shown` is the value as the person wrote it.
Result<KeyValue> accept(const Key& key, KeyValue value, std::string_view shown);
/// Reads a value from a command line's text and accepts it.
Result<KeyValue> accept_text(const Key& key, std::string_view text);

/// A value that is refused, as a message shows it.
Message shown_words(std::string_view text);
/// "it takes a whole number from 1 to 200"
Message allowed_words(const Key& key);
/// The value as a command line spells it: "50", "0.001", "true", "relu".
std::string text_of(const KeyValue& value);
/// "no such key; did you mean model.depth?", the nearest of `valid`.
Error unknown_key(std::string_view name, const std::vector<std::string>& valid);

}  // namespace nanscope
