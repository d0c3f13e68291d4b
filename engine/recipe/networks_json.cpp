#include "engine/recipe/networks_json.h"

#include <optional>

namespace nanscope {
namespace {

constexpr const char* kNetworks = "networks";

void add_numbers(Json& line, const char* name, const std::optional<OfNetworks>& all) {
  if (!all) return;
  Json& json = line[kNetworks][name];
  json = {{"low", json_number(all->low)}, {"high", json_number(all->high)}};
  for (const double value : all->each) json["each"].push_back(json_number(value));
}

std::optional<OfNetworks> networks_in(const Json& line, const char* name) {
  if (!line.contains(kNetworks) || !line.at(kNetworks).contains(name)) return std::nullopt;
  const Json& json = line.at(kNetworks).at(name);
  OfNetworks all{.low = number_in(json.at("low")), .high = number_in(json.at("high"))};
  if (json.contains("each"))
    for (const Json& value : json.at("each")) all.each.push_back(number_in(value));
  return all;
}

/// That of a part of a run's state.
std::optional<ValueRole> role_in(const Json& role) {
  using enum ValueRole;
  for (const ValueRole one : {parameter, optimizer_state, running})
    if (role == name_of(one)) return one;
  return std::nullopt;
}

}  // namespace

void add_networks(Json& line, const RunStep& step) {
  add_numbers(line, "loss", step.losses);
  add_numbers(line, "grad_norm", step.grad_norms);
  add_numbers(line, "loss_scale", step.loss_scales);
  if (!step.skips.empty()) line[kNetworks]["skipped"] = step.skips;
  if (step.held_out) add_networks(line, *step.held_out);
}

void add_networks(Json& line, const HeldOut& held_out) {
  add_numbers(line, "held_out_loss", held_out.losses);
  add_numbers(line, "accuracy", held_out.accuracies);
}

void take_networks(const Json& line, RunStep& step) {
  step.losses = networks_in(line, "loss");
  step.grad_norms = networks_in(line, "grad_norm");
  step.loss_scales = networks_in(line, "loss_scale");
  if (step.losses && line.at(kNetworks).contains("skipped"))
    step.skips = line.at(kNetworks).at("skipped").get<std::vector<bool>>();
  if (step.held_out) take_networks(line, *step.held_out);
}

void take_networks(const Json& line, HeldOut& held_out) {
  held_out.losses = networks_in(line, "held_out_loss");
  held_out.accuracies = networks_in(line, "accuracy");
}

Json first_nonfinite_json(const FirstNonfiniteStep& first) {
  Json json{
      {"step", first.step}, {"what", name_of(first.what)}, {"value", json_number(first.value)}};
  if (!first.role) return json;
  json["role"] = name_of(*first.role);
  json["tensor"] = first.tensor;
  return json;
}

FirstNonfiniteStep first_nonfinite_in(const Json& json) {
  FirstNonfiniteStep first{
      .step = json.at("step").get<std::int64_t>(),
      .what =
          value_of<NonfinitePart>(json.at("what").get<std::string>()).value_or(NonfinitePart::loss),
      .value = number_in(json.at("value")),
      .network = json.value("network", 0)};
  if (!json.contains("role")) return first;
  first.role = role_in(json.at("role"));
  first.tensor = json.at("tensor").get<std::string>();
  return first;
}

void add_fates(Json& line, const std::vector<NetworkFate>& networks, std::uint64_t seed) {
  if (networks.empty()) return;
  Json& json = line[kNetworks];
  for (const NetworkFate& one : networks) {
    json["seeds"].push_back(seed++);
    json["first_nonfinite"].push_back(
        one.first_nonfinite ? first_nonfinite_json(*one.first_nonfinite) : Json());
    if (!one.loss_scale) continue;
    json["skipped"].push_back(one.skipped);
    json["loss_scales"].push_back(json_number(*one.loss_scale));
  }
}

std::vector<NetworkFate> fates_in(const Json& line) {
  std::vector<NetworkFate> fates;
  if (!line.contains(kNetworks) || !line.at(kNetworks).contains("first_nonfinite")) return fates;
  const Json& json = line.at(kNetworks);
  for (const Json& one : json.at("first_nonfinite")) {
    NetworkFate& fate = fates.emplace_back();
    if (!one.is_null()) fate.first_nonfinite = first_nonfinite_in(one);
    if (fate.first_nonfinite) fate.first_nonfinite->network = static_cast<int>(fates.size()) - 1;
  }
  if (!json.contains("skipped") || !json.contains("loss_scales")) return fates;
  for (std::size_t k = 0; k < fates.size(); ++k) {
    fates[k].skipped = json.at("skipped").at(k).get<std::int64_t>();
    fates[k].loss_scale = number_in(json.at("loss_scales").at(k));
  }
  return fates;
}

}  // namespace nanscope
