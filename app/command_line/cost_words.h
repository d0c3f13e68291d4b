#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/command_line/arguments.h"
#include "engine/costs/transformer/estimate.h"

// The options by which `nanscope cost` names settings and devices.
namespace nanscope {

/// A device as words name it: by the table, by figures of one's own, or one in place of the
/// table's.
struct DeviceWords {
  std::string device;
  std::optional<double> peak, memory, bandwidth;
};
void add_device_options(Parser& parser, DeviceWords& words, std::vector<CLI::Option*>& options);
/// Nothing where none is named.
Result<std::optional<DeviceSheet>> device_of(const DeviceWords& words, Precision precision);

struct ModelWords {
  std::optional<std::int64_t> batch, length;
  std::int64_t accumulation = 1;
  std::string attention = "full", precision = "mixed_bf16", optimizer = "adam", convention,
              activations, recompute = "none", inference_precision;
  int optimizer_bits = 32;
  Parallelism parallel;
  DeviceWords device;
  std::optional<double> seconds;
};
/// The options, so that one may ask whether they were given.
std::vector<CLI::Option*> add_model_options(Parser& parser, ModelWords& words);
Result<CostRequest> cost_request(const ModelWords& words);

/// Numbers by an option: what is none is refused with what is allowed. Whole ones may be written
/// as 1e4, too.
void take_number(CLI::Option& option);
void take_whole_number(CLI::Option& option);

/// The value with this name. Errors say what is allowed.
template <class Named>
Result<Named> named_value(std::string_view option, const std::string& name, std::string_view kind) {
  if (const auto value = value_of<Named>(name)) return *value;
  return tl::unexpected(unknown_name(option, name, kind, all_names<Names<Named>>()));
}
/// Nothing where no name is given.
template <class Named>
Result<std::optional<Named>> named_option(std::string_view option, const std::string& name,
                                          std::string_view kind) {
  if (name.empty()) return std::nullopt;
  const Result<Named> value = named_value<Named>(option, name, kind);
  if (!value) return tl::unexpected(value.error());
  return *value;
}

}  // namespace nanscope
