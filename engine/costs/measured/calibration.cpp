#include "engine/costs/measured/calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>

#include "engine/base/cache_folder.h"
#include "engine/base/file.h"
#include "engine/base/strict_json.h"

namespace nanscope {
namespace {

constexpr const char* kSchema = "nanscope.calibration/1";
constexpr std::size_t kLargestFile = std::size_t{1} << 20;

/// FNV-1a, 64 bits: which file is whose; what stands in it is compared, too.
std::uint64_t hash_of(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char character : text)
    hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001b3;
  return hash;
}

Json products_json(const TypeSpeed& type) {
  Json products = Json::array();
  for (const ProductSpeed& one : type.products)
    products.push_back(
        {{"size", one.size}, {"seconds", one.seconds}, {"flop_per_second", one.flop_per_second}});
  return products;
}

/// A number above 0. Throws Json::exception where it is something else.
double positive(const Json& object, const char* name) {
  const double value = object.at(name).get<double>();
  if (value > 0) return value;
  throw Json::other_error::create(600, std::string(name) + " is no number above 0", &object);
}

Calibration read(const Json& json) {
  const Json &machine = json.at("machine"), &bandwidth = json.at("bandwidth");
  Calibration result{.machine = {.processor = machine.at("processor").get<std::string>(),
                                 .threads = machine.at("threads").get<int>(),
                                 .libtorch = machine.at("libtorch").get<std::string>()},
                     .bandwidth = {.copy = positive(bandwidth, "copy"),
                                   .triad = positive(bandwidth, "triad"),
                                   .bytes = bandwidth.at("bytes").get<std::int64_t>()},
                     .seconds = positive(json, "seconds"),
                     .at = json.value("at", std::int64_t{0}),
                     .disturbed = json.value("disturbed", false)};
  for (const Json& one : json.at("types")) {
    TypeSpeed& type =
        result.types.emplace_back(TypeSpeed{.type = one.at("type").get<std::string>()});
    for (const Json& product : one.at("products"))
      type.products.push_back({.size = product.at("size").get<std::int64_t>(),
                               .seconds = positive(product, "seconds"),
                               .flop_per_second = positive(product, "flop_per_second")});
  }
  return result;
}

/// A third of a smaller product's speed, and half of a larger one's: products that leave a cache
/// lose less, and those that are too large for it stay slow.
bool has_dip(const TypeSpeed& type) {
  double before = 0;
  for (std::size_t i = 0; i < type.products.size(); ++i) {
    const double here = type.products[i].flop_per_second;
    if (here < before / 3)
      for (std::size_t larger = i + 1; larger < type.products.size(); ++larger)
        if (here < type.products[larger].flop_per_second / 2) return true;
    before = std::max(before, here);
  }
  return false;
}

void take_faster(TypeSpeed& type, const TypeSpeed& before) {
  for (const ProductSpeed& one : before.products) {
    const auto known = std::ranges::find(type.products, one.size, &ProductSpeed::size);
    if (known == type.products.end())
      type.products.push_back(one);
    else if (one.seconds < known->seconds)
      *known = one;
  }
  std::ranges::sort(type.products, {}, &ProductSpeed::size);
}

}  // namespace

Calibration settled_calibration(Calibration found, const std::optional<Calibration>& before) {
  found.disturbed = std::ranges::any_of(found.types, has_dip);
  if (!found.disturbed || !before) return found;
  for (TypeSpeed& type : found.types) {
    const auto known = std::ranges::find(before->types, type.type, &TypeSpeed::type);
    if (known != before->types.end()) take_faster(type, *known);
  }
  found.bandwidth.copy = std::max(found.bandwidth.copy, before->bandwidth.copy);
  found.bandwidth.triad = std::max(found.bandwidth.triad, before->bandwidth.triad);
  return found;
}

double TypeSpeed::peak() const {
  double peak = 0;
  for (const ProductSpeed& one : products) peak = std::max(peak, one.flop_per_second);
  return peak;
}

std::optional<double> Calibration::peak_of(std::string_view type) const {
  const auto found = std::ranges::find(types, type, &TypeSpeed::type);
  if (found == types.end() || found->products.empty()) return std::nullopt;
  return found->peak();
}

double Calibration::bytes_per_second() const { return std::max(bandwidth.copy, bandwidth.triad); }

std::string calibration_to_json(const Calibration& one) {
  Json types = Json::array();
  for (const TypeSpeed& type : one.types)
    types.push_back(
        {{"type", type.type}, {"peak", type.peak()}, {"products", products_json(type)}});
  return Json{{"schema", kSchema},
              {"machine",
               {{"processor", one.machine.processor},
                {"threads", one.machine.threads},
                {"libtorch", one.machine.libtorch}}},
              {"types", std::move(types)},
              {"bandwidth",
               {{"copy", one.bandwidth.copy},
                {"triad", one.bandwidth.triad},
                {"bytes", one.bandwidth.bytes}}},
              {"seconds", one.seconds},
              {"at", one.at},
              {"disturbed", one.disturbed}}
             .dump(2) +
         "\n";
}

Result<Calibration> calibration_from_json(const std::string& text) {
  const Result<Json> json = parse_json(text);
  if (!json) return tl::unexpected(json.error());
  try {
    if (json->at("schema") != kSchema) return input_error("schema", "is not {}.", kSchema);
    return read(*json);
  } catch (const Json::exception& error) {
    return input_error("", "this is no calibration: {}", error.what());
  }
}

std::string calibration_path(const Machine& machine) {
  const std::string key =
      fmt::format("{}\n{}\n{}", machine.processor, machine.threads, machine.libtorch);
  return fmt::format("{}/calibration/{:016x}.json", users_cache_folder(), hash_of(key));
}

std::optional<Calibration> kept_calibration(const Machine& machine) {
  const auto text = read_file(calibration_path(machine), kLargestFile);
  if (!text) return std::nullopt;
  Result<Calibration> kept = calibration_from_json(*text);
  if (!kept || kept->machine != machine) return std::nullopt;
  return *std::move(kept);
}

Result<void> keep_calibration(const Calibration& calibration) {
  const std::string path = calibration_path(calibration.machine);
  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), failed);
  if (failed) return work_error(path, "cannot be written: {}.", failed.message());
  return write_file_atomically(path, calibration_to_json(calibration));
}

}  // namespace nanscope
