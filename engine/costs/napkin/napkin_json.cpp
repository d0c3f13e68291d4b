#include "engine/costs/napkin/napkin_json.h"

#include <cmath>

#include "engine/base/strict_json.h"

namespace nanscope {
namespace {

Json napkin_number(double value) {
  constexpr double kWhole = 9e18;
  if (value == std::floor(value) && std::abs(value) < kWhole)
    return static_cast<std::int64_t>(value);
  return json_number(value);
}

}  // namespace

std::string napkin_to_json(const NapkinRequest& request, const std::vector<FormulaLine>& lines,
                           const std::vector<NapkinConvention>& conventions) {
  Json object{{"schema", "nanscope.napkin/1"}};
  Json list = Json::array(), given = Json::object();
  for (const FormulaLine& line : lines) {
    object[line.key] = napkin_number(line.value);
    list.push_back({{"key", line.key},
                    {"words", line.words},
                    {"unit", line.unit},
                    {"value", napkin_number(line.value)},
                    {"symbols", line.formula},
                    {"formula", line.filled}});
  }
  const NamedNumbers numbers = given_numbers(request);
  for (const auto& [name, value] : numbers) given[name] = napkin_number(value);
  for (const NapkinConvention& one : conventions) given[one.key] = one.value;
  object["notes"] = napkin_notes(request, lines);
  object["formula"] = lines.front().key + " = " + lines.front().filled;
  object["lines"] = std::move(list);
  object["given"] = std::move(given);
  object["python"] = python_of(numbers, lines);
  return object.dump(2) + "\n";
}

std::string devices_to_json(const std::vector<DeviceSheet>& devices) {
  Json list = Json::array();
  for (const DeviceSheet& device : devices) {
    Json peaks = Json::object(), ridges = Json::object();
    for (const auto& [name, peak] : device.flop_per_second) {
      peaks[name] = napkin_number(peak);
      ridges[name] = peak / device.bytes_per_second;
    }
    list.push_back({{"name", device.name},
                    {"title", device.title},
                    {"flop_per_second", std::move(peaks)},
                    {"bytes", napkin_number(device.bytes)},
                    {"bytes_per_second", napkin_number(device.bytes_per_second)},
                    {"ridge_point", std::move(ridges)},
                    {"watts", device.watts ? napkin_number(*device.watts) : Json()},
                    {"source", device.source}});
  }
  return Json{{"schema", "nanscope.devices/1"}, {"devices", std::move(list)}}.dump(2) + "\n";
}

}  // namespace nanscope
