#include "engine/costs/devices.h"

#include <cstdlib>

#include "engine/base/nearest_name.h"
#include "engine/base/strict_json.h"
#include "engine/base/text_file.h"
#include "engine/experiment/demos.h"

namespace nanscope {
namespace {

constexpr std::size_t kLargestTable = std::size_t{1} << 20;

Result<double> positive_number(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return input_error(name, "is missing.");
  if (!found->is_number() || found->get<double>() <= 0)
    return input_error(name, "{} is no number above 0.", shown_json(*found));
  return found->get<double>();
}

Result<std::string> device_text(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string())
    return input_error(name, "has to be there and be a text.");
  return found->get<std::string>();
}

Result<std::map<std::string, double>> read_peaks(const Json& object) {
  const auto found = object.find("flop_per_second");
  if (found == object.end() || !found->is_object() || found->empty())
    return input_error("flop_per_second",
                       "has to be there: formats with their FLOP/s, as \"bf16\": 312e12.");
  std::map<std::string, double> peaks;
  for (const auto& [name, value] : found->items()) {
    if (!value.is_number() || value.get<double>() <= 0)
      return input_error("flop_per_second", "{} of {} is no number above 0.", shown_json(value),
                         name);
    peaks[name] = value.get<double>();
  }
  return peaks;
}

Result<DeviceSheet> read_device(const Json& object) {
  if (!object.is_object()) return input_error("", "{} is no device.", shown_json(object));
  const auto name = device_text(object, "name"), title = device_text(object, "title"),
             source = device_text(object, "source");
  for (const auto* one : {&name, &title, &source})
    if (!*one) return tl::unexpected(one->error());
  const auto peaks = read_peaks(object);
  if (!peaks) return tl::unexpected(peaks.error());
  const auto bytes = positive_number(object, "bytes"),
             speed = positive_number(object, "bytes_per_second");
  for (const auto* one : {&bytes, &speed})
    if (!*one) return tl::unexpected(one->error());
  DeviceSheet device{*name, *title, *peaks, *bytes, *speed, std::nullopt, *source};
  if (object.contains("watts")) {
    const auto watts = positive_number(object, "watts");
    if (!watts) return tl::unexpected(watts.error());
    device.watts = *watts;
  }
  return device;
}

Result<void> append_devices(const std::string& path, std::vector<DeviceSheet>& devices) {
  const auto text = read_text_file(path, kLargestTable);
  if (!text) return tl::unexpected(text.error());
  const auto json = parse_json(*text);
  if (!json) return input_error(path, json.error().what);
  if (!json->is_array())
    return input_error(path, "this has to be a list of devices, as assets/devices.json is.");
  for (std::size_t i = 0; i < json->size(); ++i) {
    auto device = read_device((*json)[i]);
    if (!device) return input_error(path, "device {}: {}", i + 1, whole_message(device.error()));
    devices.push_back(*std::move(device));
  }
  return {};
}

}  // namespace

Result<std::vector<DeviceSheet>> load_devices() {
  std::vector<DeviceSheet> devices;
  if (const char* own = std::getenv("NANSCOPE_DEVICES"); own && *own)
    if (auto read = append_devices(own, devices); !read) return tl::unexpected(read.error());
  if (auto read = append_devices(assets_folder() + "/devices.json", devices); !read)
    return tl::unexpected(read.error());
  return devices;
}

Result<DeviceSheet> find_device(const std::vector<DeviceSheet>& devices, const std::string& name) {
  std::vector<std::string> names;
  for (const DeviceSheet& device : devices) {
    if (device.name == name) return device;
    names.push_back(device.name);
  }
  const std::string nearest = nearest_name(name, names);
  return input_error(
      "--device",
      "{} is not in the table of devices{}; known are {}. --peak, --memory and "
      "--bandwidth take another one's figures, a file named by NANSCOPE_DEVICES adds "
      "it.",
      name, nearest.empty() ? Message() : message("; did you mean {}?", nearest), name_list(names));
}

std::string peak_name(Precision precision) {
  switch (precision) {
    case Precision::mixed_bf16:
      return "bf16";
    case Precision::mixed_fp16:
      return "fp16";
    case Precision::e4m3:
    case Precision::e5m2:
      return "fp8";
    default:
      return std::string(name_of(precision));
  }
}

Result<double> peak_of(const DeviceSheet& device, Precision precision) {
  const std::string wanted = peak_name(precision);
  const auto found = device.flop_per_second.find(wanted);
  if (found != device.flop_per_second.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [name, peak] : device.flop_per_second) names.push_back(name);
  return input_error(
      "--precision",
      "the table has no peak of {} in {}; it has {}. --peak takes a figure of yours.", device.name,
      wanted, name_list(names));
}

}  // namespace nanscope
