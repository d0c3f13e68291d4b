#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

// The group of an experiment that says what it is compared with: A is the experiment itself, B the
// same with some settings changed.
namespace nanscope {

struct Key;

/// What B sets otherwise, as a command line spells it.
struct KeyChange {
  std::string key;    ///< "init.gain"
  std::string value;  ///< "2"
  bool operator==(const KeyChange&) const = default;
};

struct CompareSpec {
  bool on = false;
  std::vector<KeyChange> changes;  ///< none while B is as A
  bool operator==(const CompareSpec&) const = default;
};

/// "compare".
std::vector<Key> comparison_keys();

/// "init.gain=2; precision=fp16" as compare spells it; "same" for a B that is as A, "" for no B. A
/// semicolon or backslash within a value, or a blank at an end of it, stands behind a backslash;
/// other blanks around names and values do not count.
Result<CompareSpec> parse_comparison(std::string_view text);
std::string comparison_text(const CompareSpec& comparison);

}  // namespace nanscope
