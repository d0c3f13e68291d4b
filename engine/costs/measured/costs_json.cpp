#include <map>

#include "engine/base/strict_json.h"
#include "engine/costs/measured/measured_costs.h"
#include "engine/costs/measured/peak_note.h"
#include "engine/costs/plan_memory_json.h"

namespace nanscope {
namespace {

Json row_json(const TimelineRow& row) {
  Json json{{"part", name_of(row.part)}};
  json["operation"] = row.operation >= 0 ? Json(row.operation) : Json();
  json.update({{"layer", row.layer},
               {"kind", row.kind},
               {"equation", row.equation},
               {"flops", static_cast<std::int64_t>(row.cost.flops)},
               {"own_flops", static_cast<std::int64_t>(row.own_flops)},
               {"bytes_read", row.cost.bytes_read},
               {"bytes_written", row.cost.bytes_written},
               {"before", row.before},
               {"after", row.after},
               {"alive", plan_memory_json(row.alive)},
               {"temporaries", row.temporaries},
               {"born", row.born},
               {"freed", row.freed}});
  return json;
}

Json timeline_json(const StepTimeline& timeline) {
  Json rows = Json::array(), alive = Json::array();
  for (const TimelineRow& row : timeline.rows) rows.push_back(row_json(row));
  for (const AliveValue& one : timeline.alive_at_peak)
    alive.push_back({{"name", one.name}, {"role", name_of(one.role)}, {"bytes", one.bytes}});
  return {{"held", timeline.held},
          {"by_lifetime",
           {{"peak", timeline.peak_bytes()}, {"row", timeline.peak}, {"alive", std::move(alive)}}},
          {"rows", std::move(rows)}};
}

Json parts_json(const std::vector<ResidualPart>& parts) {
  Json json = Json::object();
  for (const ResidualPart& part : parts) json[part.name] = part.bytes;
  return json;
}

Json measured_memory_json(const MeasuredCosts& costs) {
  Json json = plan_memory_json(costs.memory);
  json["peak"] = costs.peak;
  json["peak_row"] = costs.peak_row();
  json["residual"] = costs.residual_bytes();
  json["residual_parts"] = parts_json(costs.residual);
  json["resident"] = costs.resident > 0 ? Json(costs.resident) : Json();
  return json;
}

Json operations_json(const MeasuredCosts& costs, const std::optional<UsedPeak>& peak) {
  std::map<std::size_t, RooflineDot> dots;
  for (const RooflineDot& dot : roofline_dots(costs)) dots[dot.row] = dot;
  Json all = Json::array();
  for (std::size_t i = 0; i < costs.rows.size(); ++i) {
    const MeasuredRow& row = costs.rows[i];
    Json json{{"row", i},
              {"part", name_of(costs.timeline.rows[i].part)},
              {"layer", costs.timeline.rows[i].layer},
              {"kind", costs.timeline.rows[i].kind},
              {"seconds", row.seconds},
              {"times", costs.times_of(i)},
              {"share", costs.share_of_step(i)},
              {"flop_per_second", costs.flop_per_second(i)},
              {"bytes_per_second", costs.bytes_per_second(i)}};
    if (const auto dot = dots.find(i); dot != dots.end()) {
      json["intensity"] = dot->second.intensity;
      if (peak) json["attainable"] = attainable(*peak, dot->second.intensity);
    }
    json["memory"] = {{"before", row.before}, {"after", row.after}, {"peak", row.peak}};
    all.push_back(std::move(json));
  }
  return all;
}

Json layers_json(const MeasuredCosts& costs) {
  Json all = Json::array();
  for (std::size_t i = 0; i < costs.layers.size(); ++i)
    all.push_back(
        {{"name", costs.predicted.layers[i].name}, {"memory", plan_memory_json(costs.layers[i])}});
  return all;
}

Json peak_json(const UsedPeak& peak) {
  return {{"name", peak.name},
          {"flop_per_second", peak.flop_per_second},
          {"bytes_per_second", peak.bytes_per_second},
          {"ridge", ridge_point(peak)},
          {"measured", peak.measured},
          {"threads", peak.threads > 0 ? Json(peak.threads) : Json()}};
}

Json measured_json(const MeasuredCosts& costs, const std::optional<UsedPeak>& peak,
                   const Message& no_peak) {
  const StepUtilisation share = peak ? utilisation(costs, *peak) : StepUtilisation();
  Json json{{"memory", measured_memory_json(costs)},
            {"seconds_per_step", costs.seconds_per_step},
            {"seconds_between_operations", costs.seconds_between()},
            {"steps", costs.steps},
            {"flop_per_second", costs.flop_per_second()},
            {"mfu", peak ? Json(share.mfu) : Json()},
            {"hfu", peak ? Json(share.hfu) : Json()},
            {"peak", peak ? peak_json(*peak) : Json()}};
  if (!peak) json["no_mfu"] = no_peak.text();
  if (const Message doubt = peak ? doubt_of(share, *peak) : Message(); !doubt.empty())
    json["doubt"] = doubt.text();
  json.update({{"computed_in", costs.computed_in},
               {"emulated", costs.emulated},
               {"threads", costs.threads},
               {"machine",
                {{"processor", costs.machine.processor},
                 {"threads", costs.machine.threads},
                 {"libtorch", costs.machine.libtorch}}},
               {"layers", layers_json(costs)},
               {"shared", plan_memory_json(costs.shared)},
               {"operations_of", costs.rows_of().empty() ? Json() : Json(costs.rows_of())},
               {"operations", operations_json(costs, peak)}});
  return json;
}

Json predicted_json(const Experiment& experiment, const PredictedCosts& costs) {
  Json json = Json::parse(plan_costs_to_json(experiment, costs.plan));
  json["beside_plan"] = parts_json(costs.beside);
  json["peak"] = costs.peak();
  if (const Message note = peak_note(experiment, costs.plan); !note.empty())
    json["peak_note"] = note.text();
  json["timeline"] = timeline_json(costs.timeline);
  return json;
}

/// B's numbers less A's, of all keys that both have.
Json difference(const Json& a, const Json& b) {
  if (a.is_number_integer() && b.is_number_integer())
    return b.get<std::int64_t>() - a.get<std::int64_t>();
  if (a.is_number() && b.is_number()) return b.get<double>() - a.get<double>();
  Json result = Json::object();
  if (!a.is_object() || !b.is_object()) return Json();
  for (const auto& [key, value] : a.items())
    if (const auto found = b.find(key); found != b.end())
      if (Json one = difference(value, *found); !one.is_null()) result[key] = std::move(one);
  return result;
}

}  // namespace

std::string compared_costs_to_json(const std::string& a, const std::string& b) {
  Json both = Json::parse(a), other = Json::parse(b), by = Json::object();
  for (const char* key : {"parameters", "flops", "memory", "peak"})
    by[key] = difference(both[key], other[key]);
  by["by_lifetime_peak"] =
      difference(both["timeline"]["by_lifetime"]["peak"], other["timeline"]["by_lifetime"]["peak"]);
  if (both["measured"].is_object() && other["measured"].is_object()) {
    Json& measured = by["measured"];
    for (const char* key : {"memory", "seconds_per_step", "flop_per_second", "mfu", "hfu"})
      measured[key] = difference(both["measured"][key], other["measured"][key]);
  }
  other.erase("schema");
  both["compared"] = std::move(other);
  both["difference"] = std::move(by);
  return both.dump(2) + "\n";
}

std::string costs_to_json(const Experiment& experiment, const PredictedCosts& costs) {
  return predicted_json(experiment, costs).dump(2) + "\n";
}

std::string costs_to_json(const MeasuredCosts& costs, const std::optional<UsedPeak>& peak,
                          const Message& no_peak) {
  Json json = predicted_json(costs.experiment, {costs.predicted, costs.timeline, costs.beside});
  json["measured"] = measured_json(costs, peak, no_peak);
  return json.dump(2) + "\n";
}

}  // namespace nanscope
