#include "engine/probes/signal_json.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <utility>
#include <vector>

#include "engine/base/csv_cell.h"
#include "engine/base/strict_json.h"
#include "engine/experiment/json.h"
#include "engine/probes/statistics_json.h"

namespace nanscope {
namespace {

Json numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(json_number(value));
  return list;
}

struct NamedBand {
  const char* name;
  Band LayerPrediction::*band;
};
constexpr NamedBand kBands[] = {
    {"preactivation_var", &LayerPrediction::preactivation_variance},
    {"activation_var", &LayerPrediction::activation_variance},
    {"activation_grad_var", &LayerPrediction::activation_grad_variance},
    {"weight_grad_var", &LayerPrediction::weight_grad_variance},
};

Json prediction_json(const LayerPrediction& prediction) {
  Json object;
  for (const NamedBand& named : kBands) {
    const Band& band = prediction.*named.band;
    object[named.name] = std::isnan(band.expected) ? Json() : json_number(band.expected);
    const auto bound = [&](double value) { return band.missing ? Json() : json_number(value); };
    object[fmt::format("{}_low", named.name)] = bound(band.low);
    object[fmt::format("{}_high", named.name)] = bound(band.high);
    object[fmt::format("{}_no_band", named.name)] =
        band.missing ? Json(name_of(*band.missing)) : Json();
  }
  object["weight_var"] = json_number(prediction.weight_variance);
  return object;
}

Json layer_json(const LayerSignal& layer, SignalTensor histogram_tensor) {
  Json object = {{"name", layer.name}, {"shape", layer.shape}};
  for (const SignalTensor tensor :
       {SignalTensor::preactivation, SignalTensor::activation, SignalTensor::activation_grad,
        SignalTensor::weight, SignalTensor::weight_grad})
    object[std::string(name_of(tensor))] = statistics_json(layer.of(tensor));
  object["predicted"] = prediction_json(layer.predicted);
  if (!layer.histogram.positive.empty())
    object["histogram"] = {{"tensor", name_of(histogram_tensor)},
                           {"first_exponent", layer.histogram.first_exponent},
                           {"positive", layer.histogram.positive},
                           {"negative", layer.histogram.negative}};
  return object;
}

Json first_nonfinite_json(const std::optional<FirstNonfinite>& first) {
  if (!first) return nullptr;
  return {{"pass", first->backward ? "backward" : "forward"},
          {"layer", first->layer_name},
          {"tensor", name_of(first->tensor)},
          {"value", first->value}};
}

Json precision_json(const std::vector<PrecisionUse>& uses) {
  Json list = Json::array();
  for (const PrecisionUse& use : uses)
    list.push_back({{"operation", use.operation},
                    {"input", use.input},
                    {"accumulate", use.accumulate},
                    {"output", use.output},
                    {"emulated", use.emulated}});
  return list;
}

/// As what the file was read.
Json reading_json(const TableReading& reading) {
  Json object = {
      {"read", words_of(reading).text()}, {"rows", reading.rows}, {"columns", reading.columns}};
  if (reading.is_text) {
    object["header"] = reading.has_header;
    object["index_column_left_out"] = reading.index_dropped;
    object["separator"] =
        reading.separator == 0 ? Json(nullptr) : Json(std::string(1, reading.separator));
    object["decimal"] = std::string(1, reading.decimal);
    object["encoding"] = reading.encoding;
  } else {
    object["dtype"] = reading.type;
    object["big_endian"] = reading.big_endian;
    object["fortran_order"] = reading.fortran;
  }
  object["doubts"] = Json::array();
  for (const Message& doubt : reading.doubts) object["doubts"].push_back(doubt.text());
  return object;
}

/// Variances of all networks, a list of layers of a list of networks.
Json seeds_json(const SeedVariances& seeds) {
  Json activation = Json::array(), activation_grad = Json::array();
  for (const auto& layer : seeds.activation) activation.push_back(numbers(layer));
  for (const auto& layer : seeds.activation_grad) activation_grad.push_back(numbers(layer));
  return {{"activation_var", std::move(activation)},
          {"activation_grad_var", std::move(activation_grad)}};
}

/// "64x512"
std::string shape_text(const std::vector<std::int64_t>& shape) {
  return fmt::format("{}", fmt::join(shape, "x"));
}

/// Nothing for null: a field of a CSV can be empty.
std::string csv_value(const Json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? csv_cell(value.get<std::string>()) : value.dump();
}

/// The columns of a layer's row behind name and shape: "activation.var" and its value, ...
std::vector<std::pair<std::string, std::string>> csv_columns(const LayerSignal& layer) {
  std::vector<std::pair<std::string, std::string>> columns;
  const Json object = layer_json(layer, SignalTensor::activation);
  for (const auto& [group, members] : object.items()) {
    if (!members.is_object() || group == "histogram") continue;
    for (const auto& [name, value] : members.items())
      columns.emplace_back(fmt::format("{}.{}", group, name), csv_value(value));
  }
  return columns;
}

}  // namespace

std::string signal_to_json(const SignalSnapshot& snapshot, int indent) {
  Json layers = Json::array();
  for (const LayerSignal& layer : snapshot.layers)
    layers.push_back(layer_json(layer, snapshot.histogram_tensor));
  Json object;
  object["schema"] = "nanscope.signal/1";
  object["experiment"] = Json::parse(to_json(snapshot.experiment));
  object["device"] = snapshot.device;
  object["device_name"] = snapshot.device_name;
  object["threads"] = snapshot.threads;
  object["emulated"] = snapshot.emulated();
  object["precision"] = precision_json(snapshot.precision);
  object["input"] = {{"mean", json_number(snapshot.input.mean)},
                     {"second_moment", json_number(snapshot.input.second_moment)},
                     {"correlation", json_number(snapshot.input.correlation)},
                     {"features", snapshot.input.features}};
  if (snapshot.table) object["data"] = reading_json(*snapshot.table);
  object["layers"] = std::move(layers);
  object["first_nonfinite"] = first_nonfinite_json(snapshot.first_nonfinite);
  if (snapshot.experiment.network.networks > 1) object["seeds"] = seeds_json(snapshot.seeds);
  const PassMemory& memory = snapshot.cost.memory;
  object["cost"] = {{"seconds", json_number(snapshot.cost.seconds)},
                    {"statistics_seconds", json_number(snapshot.cost.statistics_seconds)},
                    {"flops", json_number(snapshot.cost.flops)},
                    {"bytes", memory.total()},
                    // What `nanscope plan` lists is "plan"; the rest is kept beside it.
                    {"memory",
                     {{"plan", memory.plan},
                      {"draws", memory.draws},
                      {"input", memory.input},
                      {"scratch", memory.scratch},
                      {"total", memory.total()}}}};
  return object.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string signal_to_csv(const SignalSnapshot& snapshot) {
  std::string table = "layer,shape";
  for (const auto& column : csv_columns(LayerSignal())) table += "," + column.first;
  table += "\n";
  for (const LayerSignal& layer : snapshot.layers) {
    table += csv_cell(layer.name) + "," + shape_text(layer.shape);
    for (const auto& column : csv_columns(layer)) table += "," + column.second;
    table += "\n";
  }
  return table;
}

}  // namespace nanscope
