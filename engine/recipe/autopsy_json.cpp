#include "engine/recipe/autopsy_json.h"

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "engine/base/json_text.h"
#include "engine/probes/statistics_json.h"

namespace nanscope {
namespace {

Json number_json(const AutopsyNumber& number) {
  return {{"name", number.name},
          {"value", json_number(number.value)},
          {"format", number.format},
          {"bits", bits_text(number)}};
}

AutopsyNumber autopsy_number_in(const Json& number) {
  AutopsyNumber read{.name = number.at("name").get<std::string>(),
                     .value = number_in(number.at("value")),
                     .format = number.at("format").get<std::string>()};
  // The sign of a NaN is in its bits alone.
  if (std::isnan(read.value) && number.contains("bits") && number.at("bits") != bits_text(read))
    read.value = std::copysign(read.value, -1.0);
  return read;
}

Json numbers_json(const std::vector<double>& numbers) {
  Json list = Json::array();
  for (const double number : numbers) list.push_back(json_number(number));
  return list;
}

std::vector<double> numbers_in(const Json& list) {
  std::vector<double> numbers;
  for (const Json& number : list) numbers.push_back(number_in(number));
  return numbers;
}

/// A number that fp64 may have no room for: then in digits, "1.2e+310".
Json exact_json(long double value) {
  const auto nearest = static_cast<double>(value);
  if (std::isfinite(value) && !std::isfinite(nearest)) return fmt::format("{:.17g}", value);
  return json_number(nearest);
}

long double exact_in(const Json& value) {
  const std::string text = value.is_string() ? value.get<std::string>() : "";
  if (text.empty() || !std::isdigit(static_cast<unsigned char>(text.back())))
    return number_in(value);
  return std::strtold(text.c_str(), nullptr);
}

Json norm_json(const std::optional<AutopsyNorm>& norm) {
  if (!norm) return nullptr;
  Json json = number_json(norm->norm);
  json["exact"] = exact_json(norm->exact);
  json["largest"] = number_json(norm->largest);
  return json;
}

/// Files of before have none.
std::optional<AutopsyNorm> norm_in(const Json& autopsy) {
  if (!autopsy.contains("norm") || autopsy.at("norm").is_null()) return std::nullopt;
  const Json& norm = autopsy.at("norm");
  return AutopsyNorm{.norm = autopsy_number_in(norm),
                     .exact = exact_in(norm.at("exact")),
                     .largest = autopsy_number_in(norm.at("largest"))};
}

Json sum_json(const std::optional<AutopsySum>& sum) {
  if (!sum) return nullptr;
  return {{"terms", sum->terms},
          {"left", numbers_json(sum->left)},
          {"right", numbers_json(sum->right)},
          {"leaves_after", sum->leaves_after},
          {"before_leaving", json_number(sum->before_leaving)},
          {"after_leaving", json_number(sum->after_leaving)},
          {"positive", json_number(sum->positive)},
          {"negative", json_number(sum->negative)}};
}

std::optional<AutopsySum> sum_in(const Json& sum) {
  if (sum.is_null()) return std::nullopt;
  return AutopsySum{.terms = sum.at("terms").get<std::int64_t>(),
                    .left = numbers_in(sum.at("left")),
                    .right = numbers_in(sum.at("right")),
                    .leaves_after = sum.at("leaves_after").get<std::int64_t>(),
                    .before_leaving = number_in(sum.at("before_leaving")),
                    .after_leaving = number_in(sum.at("after_leaving")),
                    .positive = number_in(sum.at("positive")),
                    .negative = number_in(sum.at("negative"))};
}

/// What statistics_json() wrote.
Statistics statistics_in(const Json& json) {
  const auto count = [&](const char* name) { return json.at(name).get<std::int64_t>(); };
  return {.mean = number_in(json.at("mean")),
          .variance = number_in(json.at("var")),
          .rms = number_in(json.at("rms")),
          .absmax = number_in(json.at("absmax")),
          .zeros = count("zeros"),
          .subnormals = count("subnormals"),
          .positive_infs = count("positive_infs"),
          .negative_infs = count("negative_infs"),
          .nans = count("nans"),
          .saturated = count("saturated"),
          .count = count("count")};
}

std::vector<LayerStatistics> layers_in(const Json& list) {
  std::vector<LayerStatistics> layers;
  for (const Json& one : list) {
    LayerStatistics& layer = layers.emplace_back();
    for (const auto& [name, value] : one.items()) {
      if (name == "name")
        layer.name = value.get<std::string>();
      else if (name == "update_ratio")
        layer.update_ratio = number_in(value);
      else
        layer.tensors.emplace_back(name, statistics_in(value));
    }
  }
  return layers;
}

}  // namespace

void append_json(std::string& text, const std::vector<LayerStatistics>& layers) {
  char before_layer = '[';
  for (const LayerStatistics& layer : layers) {
    text += before_layer;
    before_layer = ',';
    text += "{\"name\":";
    append_json(text, layer.name);
    for (const auto& [name, statistics] : layer.tensors) {
      text += ',';
      append_json(text, name);
      text += ':';
      append_json(text, statistics);
    }
    if (layer.update_ratio) {
      text += ",\"update_ratio\":";
      append_json(text, *layer.update_ratio);
    }
    text += '}';
  }
  text += layers.empty() ? "[]" : "]";
}

Json layers_json(const std::vector<LayerStatistics>& layers) {
  std::string text;
  append_json(text, layers);
  return Json::parse(text);
}

Json autopsy_json(const std::shared_ptr<const Autopsy>& autopsy) {
  if (!autopsy) return nullptr;
  const Autopsy& a = *autopsy;
  Json operands = Json::array(), layers = Json::array();
  for (const AutopsyNumber& operand : a.operands) operands.push_back(number_json(operand));
  for (const LayersOfStep& step : a.layers)
    layers.push_back({{"step", step.step}, {"layers", layers_json(step.layers)}});
  Json json{{"step", a.step},
            {"phase", name_of(a.phase)},
            {"operation", a.operation < 0 ? Json() : Json(a.operation)},
            {"kind", a.kind},
            {"layer", a.layer},
            {"tensor", a.tensor},
            {"shape", a.shape},
            {"coordinates", a.coordinates},
            {"index", a.index},
            {"result", number_json(a.result)},
            {"equation", a.equation},
            {"numbers", a.numbers},
            {"exact", exact_json(a.exact)},
            {"cause", name_of(a.cause)},
            {"reproduced", a.reproduced},
            {"operands", operands},
            {"sum", sum_json(a.sum)},
            {"norm", norm_json(a.norm)},
            {"layers", layers}};
  if (a.seed) json["seed"] = *a.seed;
  return json;
}

std::shared_ptr<const Autopsy> autopsy_in(const Json& json) {
  if (json.is_null()) return nullptr;
  const Json& operation = json.at("operation");
  Autopsy a{
      .step = json.at("step").get<std::int64_t>(),
      .phase =
          value_of<StepPhase>(json.at("phase").get<std::string>()).value_or(StepPhase::forward),
      .operation = operation.is_null() ? -1 : operation.get<int>(),
      .kind = json.at("kind").get<std::string>(),
      .layer = json.at("layer").get<std::string>(),
      .tensor = json.at("tensor").get<std::string>(),
      .shape = json.at("shape").get<std::vector<std::int64_t>>(),
      .coordinates = json.at("coordinates").get<std::vector<std::int64_t>>(),
      .index = json.at("index").get<std::int64_t>(),
      .result = autopsy_number_in(json.at("result")),
      .equation = json.at("equation").get<std::string>(),
      .numbers = json.at("numbers").get<std::string>(),
      .exact = exact_in(json.at("exact")),
      .cause = value_of<AutopsyCause>(json.at("cause").get<std::string>())
                   .value_or(AutopsyCause::on_the_way),
      .reproduced = json.at("reproduced").get<bool>(),
      .sum = sum_in(json.at("sum")),
      .norm = norm_in(json)};
  if (json.contains("seed")) a.seed = json.at("seed").get<std::uint64_t>();
  for (const Json& operand : json.at("operands")) a.operands.push_back(autopsy_number_in(operand));
  for (const Json& step : json.at("layers"))
    a.layers.push_back({step.at("step").get<std::int64_t>(), layers_in(step.at("layers"))});
  return std::make_shared<const Autopsy>(std::move(a));
}

}  // namespace nanscope
