#include "engine/experiment/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>

#include "engine/base/strict_json.h"
#include "engine/experiment/keys.h"
#include "engine/experiment/numbers.h"
#include "engine/experiment/validate.h"

namespace nanscope {
namespace {

constexpr std::string_view kSchemaFamily = "nanscope.experiment/";

/// "model.depth" -> {"model", "depth"}; "seed" -> {"", "seed"}.
std::pair<std::string, std::string> split_key(std::string_view name) {
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) return {"", std::string(name)};
  return {std::string(name.substr(0, dot)), std::string(name.substr(dot + 1))};
}

/// The names that an experiment's object has at its top: "model", "seed".
std::vector<std::string> top_names() {
  std::vector<std::string> names;
  for (const Key& key : key_table()) {
    const auto [group, name] = split_key(key.name);
    const std::string& top = group.empty() ? name : group;
    if (names.empty() || names.back() != top) names.push_back(top);
  }
  return names;
}

bool is_group(std::string_view name) {
  return std::any_of(key_table().begin(), key_table().end(), [&](const Key& key) {
    return !name.empty() && split_key(key.name).first == name;
  });
}

/// Defaults, but for what the choice of a view and of an optimizer sets by itself.
Experiment untouched_with_choices_of(const Experiment& experiment) {
  Experiment untouched;
  untouched.numbers = numbers_with_view(untouched.numbers, experiment.numbers.view);
  untouched.training.optimizer =
      with_kind(untouched.training.optimizer, experiment.training.optimizer.kind);
  return untouched;
}

Json to_json_value(const KeyValue& value) {
  return std::visit([](const auto& v) { return Json(v); }, value);
}

/// What stands before an experiment's keys in other JSON that carries it.
constexpr std::string_view kCarried = "experiment.";

/// An experiment's numbers as they are written, by key; not of those that 64 bits hold whole.
using WrittenNumbers = std::map<std::string, std::string, std::less<>>;

WrittenNumbers written_numbers(std::string_view text, bool carried) {
  WrittenNumbers own;
  for (const auto& [path, digits] : digits_in_json(text))
    if (!carried)
      own.emplace(path, digits);
    else if (path.starts_with(kCarried))
      own.emplace(path.substr(kCarried.size()), digits);
  return own;
}

/// Numbers below zero become doubles: whole_number keys refuse them by their range.
Result<KeyValue> from_json_value(const Key& key, const Json& value, const WrittenNumbers& written) {
  const auto digits = written.find(key.name);
  const std::string shown = digits == written.end() ? shown_json(value) : digits->second;
  if (value.is_boolean()) return accept(key, value.get<bool>(), shown);
  if (value.is_number_unsigned()) return accept(key, value.get<std::uint64_t>(), shown);
  if (value.is_number()) return accept(key, value.get<double>(), shown);
  if (value.is_string()) {
    // A text where a number or a flag is wanted is shown in quotes, a misspelt name without.
    const bool named = key.type == KeyType::choice;
    const auto text = value.get<std::string>();
    return accept(key, text, named && !text.empty() ? text : shown);
  }
  // Lists, objects and null suit no key. A string suits none that is not a text.
  return input_error(std::string(key.name), "{} is not allowed; {}.", shown, allowed_words(key));
}

/// Whether the schema is the one that is read: of another version another error.
Result<void> check_version(const std::string& schema, const std::string& read) {
  if (schema == read) return {};
  const std::string family = read.substr(0, read.rfind('/') + 1);
  if (schema.starts_with(family)) {
    int version = 0;
    const char* last = schema.data() + schema.size();
    const auto [stop, code] = std::from_chars(schema.data() + family.size(), last, version);
    const bool overflow = code == std::errc::result_out_of_range;
    if (stop == last && (overflow || version > 1))
      return input_error("schema",
                         "{} was written by a newer NaNscope; this one reads {}. "
                         "Update NaNscope to open it.",
                         schema, read);
  }
  return input_error("schema", "{} is not allowed; it takes \"{}\".", shown_json(schema), read);
}

Result<void> check_schema(const Json& object) {
  const auto found = object.find("schema");
  if (found == object.end()) return {};
  if (!found->is_string())
    return input_error("schema", "{} is not allowed; it takes \"{}\".", shown_json(*found),
                       kExperimentSchema);
  return check_version(found->get<std::string>(), std::string(kExperimentSchema));
}

/// Of other JSON that carries an experiment: of its first version, as all are.
Result<void> check_carrier(const Json& carrier) {
  const auto schema = carrier.at("schema").get<std::string>();
  return check_version(schema, schema.substr(0, schema.rfind('/')) + "/1");
}

/// The object that describes an experiment: the whole one, or what other JSON of NaNscope carries
/// under "experiment".
const Json& experiment_in(const Json& object) {
  const auto schema = object.find("schema");
  const auto inner = object.find("experiment");
  if (schema == object.end() || inner == object.end() || !inner->is_object()) return object;
  const bool carrier = schema->is_string() && schema->get<std::string>().starts_with("nanscope.") &&
                       !schema->get<std::string>().starts_with(kSchemaFamily);
  return carrier ? *inner : object;
}

/// Of a number that fp64 does not hold: with what its key takes.
Error with_range(Error error) {
  if (error.where.starts_with(kCarried)) error.where.erase(0, kCarried.size());
  const Key* key = find_key(error.where);
  if (key) error.what = message("{} Here {}.", error.what, allowed_words(*key));
  return error;
}

Result<void> read_key(Experiment& experiment, const std::string& name, const Json& value,
                      const WrittenNumbers& written) {
  const Key* key = find_key(name);
  if (!key) return tl::unexpected(unknown_key(name, experiment_keys()));
  auto accepted = from_json_value(*key, value, written);
  if (!accepted) return tl::unexpected(accepted.error());
  key->set(experiment, *accepted);
  return {};
}

Result<void> read_group(Experiment& experiment, const std::string& group, const Json& value,
                        const WrittenNumbers& written) {
  if (!value.is_object())
    return input_error(group, "{} is not allowed; it takes an object.", shown_json(value));
  const auto full_name = [&](const std::string& name) { return fmt::format("{}.{}", group, name); };
  const auto resets = [&](const std::string& name) {
    const Key* key = find_key(full_name(name));
    return key && key->resets_group;
  };
  for (const bool first : {true, false})
    for (const auto& [name, inner] : value.items())
      if (resets(name) == first)
        if (auto done = read_key(experiment, full_name(name), inner, written); !done) return done;
  return {};
}

}  // namespace

const std::vector<std::string>& experiment_keys() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Key& key : key_table()) all.emplace_back(key.name);
    return all;
  }();
  return names;
}

std::string to_json(const Experiment& experiment, int indent) {
  Json object;
  object["schema"] = kExperimentSchema;
  const Experiment plain, untouched = untouched_with_choices_of(experiment);
  for (const Key& key : key_table()) {
    const Experiment& base = key.resets_group ? plain : untouched;
    if (key.when_changed && key.get(experiment) == key.get(base)) continue;
    const auto [group, name] = split_key(key.name);
    (group.empty() ? object : object[group])[name] = to_json_value(key.get(experiment));
  }
  // A path that is not UTF-8 must not make the whole experiment unwritable.
  return object.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Result<Experiment> from_json(std::string_view text, const Experiment& base) {
  const auto json = parse_json(text);
  if (!json) return tl::unexpected(with_range(json.error()));
  if (!json->is_object())
    return input_error("", "an experiment is a JSON object, not {}.", shown_json(*json));
  const Json& object = experiment_in(*json);
  if (&object != &*json)
    if (auto known = check_carrier(*json); !known) return tl::unexpected(known.error());
  if (auto schema = check_schema(object); !schema) return tl::unexpected(schema.error());
  Experiment experiment = base;
  const WrittenNumbers written = written_numbers(text, &object != &*json);
  for (const auto& [name, value] : object.items()) {
    if (name == "schema") continue;
    // In JSON the parts of a key are nested; {"model.depth": 3} would have two places to look.
    if (name.find('.') != std::string::npos || (!is_group(name) && !find_key(name)))
      return tl::unexpected(unknown_key(name, top_names()));
    auto done = is_group(name) ? read_group(experiment, name, value, written)
                               : read_key(experiment, name, value, written);
    if (!done) return tl::unexpected(done.error());
  }
  if (const auto errors = validate(experiment); !errors.empty())
    return tl::unexpected(errors.front());
  return experiment;
}

Result<Experiment> with_key(const Experiment& base, std::string_view name, std::string_view value) {
  const Key* key = find_key(name);
  if (!key) return tl::unexpected(unknown_key(name, experiment_keys()));
  const auto accepted = accept_text(*key, value);
  if (!accepted) return tl::unexpected(accepted.error());
  Experiment experiment = base;
  key->set(experiment, *accepted);
  return experiment;
}

std::string key_text(const Experiment& experiment, std::string_view name) {
  const Key* key = find_key(name);
  return key ? text_of(key->get(experiment)) : "";
}

std::vector<std::string> differing_keys(const Experiment& a, const Experiment& b) {
  std::vector<std::string> names;
  for (const Key& key : key_table())
    if (key.get(a) != key.get(b)) names.emplace_back(key.name);
  return names;
}

std::vector<std::string> changed_training_keys(const Experiment& experiment) {
  const Experiment plain, untouched = untouched_with_choices_of(experiment);
  std::vector<std::string> names;
  for (const Key& key : key_table()) {
    const Experiment& base = key.resets_group ? plain : untouched;
    if (key.of_training && key.get(experiment) != key.get(base)) names.emplace_back(key.name);
  }
  return names;
}

std::optional<Experiment> compared_with(const Experiment& experiment) {
  if (!experiment.compare.on) return std::nullopt;
  Experiment other = experiment;
  other.compare = {};
  for (const auto& [name, value] : experiment.compare.changes)
    if (const Key* key = find_key(name))
      if (const auto accepted = accept_text(*key, value)) key->set(other, *accepted);
  return other;
}

CompareSpec comparison_of(const Experiment& a, const Experiment& b) {
  CompareSpec comparison{.on = true, .changes = {}};
  for (const std::string& name : compared_keys())
    if (const std::string value = key_text(b, name); value != key_text(a, name))
      comparison.changes.push_back({name, value});
  return comparison;
}

Experiment keeping_other(const Experiment& before, Experiment next) {
  const bool kept = next.compare == before.compare;
  if (const auto other = compared_with(before); other && kept)
    next.compare = comparison_of(next, *other);
  return next;
}

}  // namespace nanscope
