#include "engine/recipe/recipe_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <numeric>
#include <string_view>

#include "engine/base/json_text.h"
#include "engine/experiment/json.h"
#include "engine/numbers/format.h"

namespace nanscope {
namespace {

constexpr std::string_view kRunSchema = "nanscope.run/1";

/// Whether it is a run's; of which version, from_json() says.
bool is_of_run(const Json& json) {
  const Json schema = json.is_object() ? json.value("schema", Json()) : Json();
  return schema.is_string() && schema.get<std::string>().starts_with("nanscope.run/") &&
         json.contains("experiment");
}

Result<std::optional<FileBytes>> data_from(const Json& recipe) {
  const auto found = recipe.find("data");
  if (found == recipe.end() || found->is_null()) return std::nullopt;
  FileBytes data;
  if (const Json* size =
          found->is_object() && found->contains("bytes") ? &found->at("bytes") : nullptr;
      size && size->is_number_unsigned() && found->contains("fnv1a") &&
      found->at("fnv1a").is_string()) {
    data.size = size->get<std::uint64_t>();
    const auto hash = found->at("fnv1a").get<std::string>();
    const char* end = hash.data() + hash.size();
    const auto [stop, code] = std::from_chars(hash.data(), end, data.hash, 16);
    if (code == std::errc() && stop == end) return data;
  }
  return input_error("data", "{} is no file's size and hash; it takes {}.", shown_json(*found),
                     R"({"bytes":120,"fnv1a":"cbf29ce484222325"})");
}

/// Whether there may be so many elements, and a format may have such exponents.
bool are_of_a_format(const MagnitudeCounts& counted) {
  constexpr int kMostExponent = 1100;  // of fp64: from -1074 to 1023
  constexpr std::int64_t kMost = std::int64_t{1} << 48;
  const auto is_count = [](std::int64_t count) { return count >= 0 && count <= kMost; };
  return is_count(counted.zeros) && is_count(counted.nonfinite) &&
         std::ranges::all_of(counted.counts, is_count) &&
         std::abs(counted.first_exponent) <= kMostExponent &&
         counted.counts.size() <= 2 * kMostExponent;
}

}  // namespace

Json change_json(const LiveChange& change) {
  return {{"change", change.key}, {"value", change.value}, {"before_step", change.step}};
}

Result<LiveChange> change_from(const Json& change) {
  constexpr const char* kSample = R"({"change":"optimizer.lr","value":"3e-4","before_step":120})";
  for (const char* name : {"change", "value", "before_step"})
    if (!change.is_object() || !change.contains(name))
      return input_error("changes", "{} is no change, as it has no \"{}\"; it takes {}.",
                         change.dump(), name, kSample);
  const Json &key = change.at("change"), &value = change.at("value"),
             &step = change.at("before_step");
  if (!key.is_string() || !value.is_string())
    return input_error("changes", "{} is no change: its key and its value are texts, as in {}.",
                       change.dump(), kSample);
  if (!step.is_number_unsigned())
    return input_error("changes",
                       "{} is before no step; \"before_step\" takes a whole number from 0 on.",
                       change.dump());
  return LiveChange{.step = step.get<std::int64_t>(),
                    .key = key.get<std::string>(),
                    .value = value.get<std::string>()};
}

void append_json(std::string& text, const GradientMagnitudes& gradients) {
  const auto add = [&text](std::string_view before, const auto& value) {
    text += before;
    append_json(text, value);
  };
  add("{\"format\":", std::string_view(gradients.format));
  text += ",\"layers\":[";
  for (const auto& [layer, counted] : gradients.layers) {
    add(text.back() == '[' ? "{\"layer\":" : ",{\"layer\":", std::string_view(layer));
    add(",\"zeros\":", counted.zeros);
    add(",\"nonfinite\":", counted.nonfinite);
    add(",\"first_exponent\":", std::int64_t{counted.first_exponent});
    text += ",\"counts\":[";
    for (const std::int64_t count : counted.counts) add(text.back() == '[' ? "" : ",", count);
    text += "]}";
  }
  text += "]}";
}

Json gradients_json(const GradientMagnitudes& gradients) {
  std::string text;
  append_json(text, gradients);
  return Json::parse(text);
}

std::optional<GradientMagnitudes> gradients_in(const Json& json) {
  std::vector<LayerMagnitudes> layers;
  for (const Json& one : json.at("layers")) {
    auto& [layer, counted] = layers.emplace_back();
    layer = one.at("layer").get<std::string>();
    counted.zeros = one.at("zeros").get<std::int64_t>();
    counted.nonfinite = one.at("nonfinite").get<std::int64_t>();
    counted.first_exponent = one.at("first_exponent").get<int>();
    counted.counts = one.at("counts").get<std::vector<std::int64_t>>();
    if (!are_of_a_format(counted)) return std::nullopt;
    counted.total = std::accumulate(counted.counts.begin(), counted.counts.end(),
                                    counted.zeros + counted.nonfinite);
  }
  GradientMagnitudes gradients;
  gradients.format = json.at("format").get<std::string>();
  if (!find_format(gradients.format)) return std::nullopt;
  gradients = with_counts(gradients, added_up(layers));
  gradients.layers = std::move(layers);
  return gradients;
}

void add_change(const LiveChange& change, std::vector<LiveChange>& changes) {
  if (std::ranges::count(changes, change) > 0) return;
  changes.insert(std::ranges::upper_bound(changes, change.step, {}, &LiveChange::step), change);
}

Json recipe_json(const Recipe& recipe) {
  Json changes = Json::array();
  for (const LiveChange& change : recipe.changes) changes.push_back(change_json(change));
  Json json{{"schema", kRunSchema},
            {"experiment", Json::parse(to_json(recipe.experiment, -1))},
            {"changes", std::move(changes)}};
  if (recipe.data)
    json["data"] = {{"bytes", recipe.data->size},
                    {"fnv1a", fmt::format("{:016x}", recipe.data->hash)}};
  if (recipe.until > 0) json["until"] = recipe.until;
  return json;
}

Result<Recipe> recipe_from(std::string_view text) {
  const Result<Json> json = parse_json(text);
  if (!json) return tl::unexpected(json.error());
  if (!is_of_run(*json))
    return input_error("", "a run begins with its recipe, {}, and this begins otherwise.",
                       R"({"schema":"nanscope.run/1","experiment":...})");
  Result<Experiment> experiment = from_json(text);
  if (!experiment) return tl::unexpected(experiment.error());
  Recipe recipe{.experiment = *std::move(experiment)};
  const Json changes = json->value("changes", Json::array());
  if (!changes.is_array())
    return input_error("changes", "{} is not allowed; it takes a list.", shown_json(changes));
  for (const Json& one : changes) {
    const auto change = change_from(one);
    if (!change) return tl::unexpected(change.error());
    add_change(*change, recipe.changes);
  }
  const auto data = data_from(*json);
  if (!data) return tl::unexpected(data.error());
  recipe.data = *data;
  if (const Json until = json->value("until", Json(0U)); until.is_number_unsigned())
    recipe.until = until.get<std::int64_t>();
  else
    return input_error("until", "{} is not allowed; it takes a number of steps.",
                       shown_json(until));
  return recipe;
}

}  // namespace nanscope
