#include "engine/costs/transformer/estimate_json.h"

#include <cmath>

#include "engine/base/strict_json.h"

namespace nanscope {
namespace {

/// Whole numbers without a point, where JSON's readers keep them.
Json exact_json(double value) {
  constexpr double kWhole = 9e18;
  if (value == std::floor(value) && std::abs(value) < kWhole)
    return static_cast<std::int64_t>(value);
  return json_number(value);
}

Json memory_json(const DeviceMemory& memory) {
  return {{"parameters", exact_json(memory.parameters)},
          {"gradients", exact_json(memory.gradients)},
          {"optimizer", exact_json(memory.optimizer)},
          {"activations", exact_json(memory.activations)},
          {"total", exact_json(memory.total())}};
}

Json architecture_json(const Transformer& one) {
  Json fields = Json::object();
  for (const std::string& key : architecture_keys()) {
    if ((key.starts_with("latent.") && !one.latent) ||
        (key.starts_with("experts.") && !one.experts) ||
        (key.starts_with("window.") && !one.window))
      continue;
    const std::string text = architecture_text(one, key);
    Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    fields[key] = value.is_discarded() ? Json(text) : std::move(value);
  }
  return fields;
}

/// How much of forward attention's scores and values are, from length to length.
Json attention_shares_json(const Transformer& transformer, AttentionFlops attention) {
  constexpr std::int64_t kFirst = 1024, kLast = 1 << 20;
  Json shares = Json::array();
  for (std::int64_t length = kFirst; length <= kLast; length *= 2) {
    const StepFlops flops =
        step_flops(transformer, 1, length, attention, Recompute::none, /*flash=*/false);
    shares.push_back({{"length", length}, {"share", flops.attention / flops.forward}});
  }
  return shares;
}

Json flops_json(const Transformer& transformer, AttentionFlops attention, const CostEstimate& one) {
  Json parts = Json::object(), formulas = Json::object();
  for (const FlopsPart& part : one.flops.parts) {
    parts[std::string(part.name)] = exact_json(part.forward);
    formulas[std::string(part.name)] = formula_of(part);
  }
  return {{"forward", exact_json(one.flops.forward)},
          {"backward", exact_json(one.flops.backward)},
          {"step", exact_json(one.flops.step())},
          {"recomputed", exact_json(one.flops.recomputed)},
          {"hardware", exact_json(one.flops.hardware())},
          {"forward_parts", std::move(parts)},
          {"forward_formulas", std::move(formulas)},
          {"attention_share", one.flops.attention / one.flops.forward},
          {"attention_shares", attention_shares_json(transformer, attention)},
          {"rules",
           {{"6n", exact_json(one.rule_with_embeddings)},
            {"6n_without_embeddings", exact_json(one.rule_without_embeddings)},
            {"palm", exact_json(one.palm_step)}}}};
}

Json activations_json(const CostEstimate& one) {
  Json terms = Json::array();
  for (const ActivationTerm& term : one.layer_terms)
    terms.push_back({{"name", term.name}, {"bytes_per_token", exact_json(term.bytes)}});
  return {{"convention", name_of(one.activations)},
          {"bytes_per_token_and_layer", exact_json(one.layer_activations)},
          {"bytes_per_layer", exact_json(one.layer_activations * static_cast<double>(one.batch) *
                                         static_cast<double>(one.length))},
          {"terms", std::move(terms)}};
}

Json limit_json(const std::optional<std::int64_t>& limit) {
  return limit ? Json(*limit) : Json("inf");
}

Json device_json(const DeviceEstimate& one, const DeviceSheet& sheet) {
  return {{"name", one.device},
          {"source", sheet.source},
          {"flop_per_second", exact_json(one.peak)},
          {"bytes", exact_json(sheet.bytes)},
          {"bytes_per_second", exact_json(sheet.bytes_per_second)},
          {"training",
           {{"fits", one.fits},
            {"largest_micro_batch", limit_json(one.largest_batch)},
            {"largest_length", limit_json(one.largest_length)},
            {"seconds_per_step_at_peak", one.step_seconds}}},
          {"inference",
           {{"largest_batch", limit_json(one.inference_batch)},
            {"largest_length", limit_json(one.inference_length)},
            {"seconds_per_token", one.decode.seconds()},
            {"memory_seconds", one.decode.memory_seconds},
            {"compute_seconds", one.decode.compute_seconds},
            {"bytes_read", exact_json(one.decode.bytes_read)},
            {"flops", exact_json(one.decode.flops)}}}};
}

Json switches_json(const CostEstimate& one) {
  Json list = Json::array();
  for (const CostSwitch& each : one.switches)
    list.push_back({{"option", each.option}, {"value", each.value}, {"source", each.source}});
  return list;
}

}  // namespace

std::string cost_to_json(const NamedTransformer& model, const CostRequest& request,
                         const CostEstimate& one) {
  Json components = Json::object(), stages = Json::array();
  for (const auto& [component, count] : one.parameters.by_component)
    components[std::string(name_of(component))] = count;
  for (const DeviceMemory& stage : one.stages) stages.push_back(memory_json(stage));
  Json utilisation;
  if (one.utilisation)
    utilisation = {
        {"seconds_per_step", *request.seconds},
        {"flop_per_second", one.flops.step() / *request.seconds},
        {"mfu", one.utilisation->mfu},
        {"hfu", one.utilisation->hfu},
        {"mfu_palm", one.utilisation->palm_mfu},
        {"hfu_korthikanti",
         one.utilisation->hfu_korthikanti ? Json(*one.utilisation->hfu_korthikanti) : Json()}};
  const Parallelism& parallel = request.parallel;
  const double weights = static_cast<double>(one.parameters.total) * one.inference_bytes;
  return Json{{"schema", "nanscope.cost/1"},
              {"model", {{"name", model.name}, {"title", model.title}, {"source", model.source}}},
              {"architecture", architecture_json(model.architecture)},
              {"batch", one.batch},
              {"micro_batches", request.accumulation},
              {"length", one.length},
              {"parameters", one.parameters.total},
              {"active_parameters", one.parameters.active},
              {"active_parameters_without_embedding", one.parameters.active_without_embedding},
              {"parameters_by_component", std::move(components)},
              {"flops", flops_json(model.architecture, request.attention, one)},
              {"memory", memory_json(one.memory)},
              {"bytes_per_parameter",
               {{"parameters", one.bytes.weights},
                {"gradients", one.bytes.gradients},
                {"optimizer", one.bytes.optimizer()},
                {"total", one.bytes.total()}}},
              {"activations", activations_json(one)},
              {"parallel",
               {{"devices", parallel.devices},
                {"data", parallel.data()},
                {"tensor", parallel.tensor},
                {"pipeline", parallel.pipeline},
                {"context", parallel.context},
                {"expert", parallel.expert},
                {"sequence", parallel.sequence},
                {"zero", parallel.zero},
                {"pipeline_bubble", one.bubble},
                {"stages", std::move(stages)}}},
              {"inference_memory",
               {{"parameters", exact_json(weights)},
                {"kv_cache", exact_json(one.cache)},
                {"total", exact_json(weights + one.cache)}}},
              {"kv_cache_bytes_per_token", exact_json(one.cache_per_token)},
              {"kv_cache_bytes", exact_json(one.cache)},
              {"kv_cache_bytes_per_device", exact_json(one.cache_per_device)},
              {"device", one.on_device ? device_json(*one.on_device, *request.device) : Json()},
              {"utilisation", std::move(utilisation)},
              {"measured", Json()},  // a model as large as these runs nowhere here
              {"switches", switches_json(one)},
              {"notes",
               [&] {
                 Json notes = Json::array();
                 for (const auto* list : {&model.notes, &one.notes})
                   for (const std::string& note : *list) notes.push_back(note);
                 return notes;
               }()}}
             .dump(2) +
         "\n";
}

std::string models_to_json(const std::vector<NamedTransformer>& models) {
  Json list = Json::array();
  for (const NamedTransformer& model : models) {
    const ParameterCount count = count_parameters(model.architecture);
    list.push_back({{"name", model.name},
                    {"title", model.title},
                    {"source", model.source},
                    {"parameters", count.total},
                    {"active_parameters", count.active},
                    {"architecture", architecture_json(model.architecture)}});
  }
  return Json{{"schema", "nanscope.models/1"}, {"models", std::move(list)}}.dump(2) + "\n";
}

}  // namespace nanscope
