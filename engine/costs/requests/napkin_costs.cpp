#include <fmt/format.h>

#include <algorithm>

#include "engine/costs/requests/cost_requests.h"
#include "engine/costs/requests/lab_keys.h"

namespace nanscope {
namespace {

/// What is asked for a device and hour, and a kWh, where these have prices.
void add_money(const Costs& costs, const std::optional<DeviceSheet>& device,
               NapkinRequest& request) {
  if (costs.price > 0) request.price = costs.price;
  if (!device || !device->watts) return;
  request.watts = device->watts;
  if (costs.electricity > 0) request.electricity = costs.electricity;
}

Result<void> add_bytes(const Costs& costs, NapkinRequest& request) {
  const auto bytes =
      bytes_per_parameter(costs.precision, costs.optimizer,
                          value_of<BytesConvention>(name_of(costs.convention)), costs.eight_bits);
  if (!bytes) return tl::unexpected(of_lab(bytes.error(), "costs.convention"));
  request.bytes = *bytes;
  request.zero = costs.zero;
  return {};
}

/// The peak of the device at the precision.
Result<void> add_peak(const Costs& costs, const std::optional<DeviceSheet>& device,
                      NapkinRequest& request) {
  if (!device)
    return input_error("costs.device", "is missing; it takes a device, or costs.peak its FLOP/s.");
  const auto peak = peak_of(*device, costs.precision);
  if (!peak) return tl::unexpected(of_lab(peak.error(), "costs.device"));
  request.peak = *peak;
  return {};
}

/// The question with the settings that answer it.
Result<NapkinRequest> request_of_napkin(const Costs& costs) {
  NapkinRequest request{};
  const auto device = device_of_lab(costs);
  if (!device) return tl::unexpected(device.error());
  using enum NapkinQuestion;
  const NapkinQuestion question = costs.question;
  const bool of_bytes = question == NapkinQuestion::bytes || question == largest_model;
  if (question != product) request.devices = static_cast<double>(costs.devices);
  if (question == days || question == NapkinQuestion::bytes || question == utilisation)
    request.parameters = costs.parameters;
  if (question == days) request.tokens = costs.tokens;
  if (question == days_buy) request.days = costs.days;
  if (question == money_buys) request.budget = costs.budget;
  if (question == days || question == days_buy || question == money_buys) {
    request.mfu = costs.mfu;
    add_money(costs, *device, request);
  }
  if (question == utilisation && costs.tokens_per_second > 0)
    request.tokens_per_second = costs.tokens_per_second;
  if (question == product) {
    request.matmul = {static_cast<double>(costs.m), static_cast<double>(costs.k),
                      static_cast<double>(costs.n)};
    if (costs.seconds > 0) request.seconds = costs.seconds;
  }
  if (of_bytes) {
    if (*device && (*device)->bytes > 0) request.memory = (*device)->bytes;
    if (auto good = add_bytes(costs, request); !good) return tl::unexpected(good.error());
  } else if (auto good = add_peak(costs, *device, request); !good) {
    return tl::unexpected(good.error());
  }
  return request;
}

Result<void> check_what_is_given(const Costs& costs) {
  if (costs.question == NapkinQuestion::money_buys && costs.price <= 0)
    return input_error("costs.price", "is 0; a budget buys at a price of a device and hour, as 2.");
  if (costs.question == NapkinQuestion::utilisation && costs.tokens_per_second <= 0)
    return input_error("costs.tokens_per_second",
                       "is 0; MFU follows from the tokens a second that were measured, as 1e6.");
  return {};
}

/// Of an MFU above 1: which of the device's peaks would make it possible.
std::string fitting_peak(const Costs& costs, const NapkinRequest& request,
                         const std::vector<FormulaLine>& lines) {
  const auto mfu = std::ranges::find(lines, "mfu", &FormulaLine::key);
  if (mfu == lines.end() || mfu->value <= 1 || !request.peak || costs.peak > 0) return "";
  const auto device = device_of_lab(costs);
  if (!device || !*device) return "";
  const double reached = mfu->value * *request.peak;
  double least = 0;
  std::string types;
  for (const auto& [type, peak] : (*device)->flop_per_second) {
    if (reached > peak || (least > 0 && peak > least)) continue;
    if (peak != least) types.clear();
    least = peak;
    types += (types.empty() ? "" : " and ") + type;
  }
  if (types.empty()) return "";
  return fmt::format("of the {:.4g} TFLOP/s of {} it would be {:.3g}", least / 1e12, types,
                     reached / least);
}

std::vector<NapkinConvention> conventions_of_napkin(const Costs& costs,
                                                    const NapkinRequest& request) {
  std::vector<NapkinConvention> all;
  if (request.peak) {
    const std::string peak = costs.peak > 0 ? "costs.peak" : peak_name(costs.precision);
    all.push_back({"peak", peak + " of " + costs.device, "dense, without sparsity"});
  }
  if (request.bytes)
    all.push_back({"convention", std::string(name_of(request.bytes->convention)),
                   std::string(source_of(request.bytes->convention))});
  return all;
}

Result<NapkinCosts> costs_of_napkin(const Costs& costs) {
  if (auto good = check_what_is_given(costs); !good) return tl::unexpected(good.error());
  const auto request = request_of_napkin(costs);
  if (!request) return tl::unexpected(request.error());
  auto lines = calculate(*request);
  if (!lines) return tl::unexpected(of_lab(lines.error(), "costs.question"));
  NapkinCosts answer{.of = costs,
                     .request = *request,
                     .lines = *std::move(lines),
                     .conventions = conventions_of_napkin(costs, *request),
                     .notes = {},
                     .python = {}};
  answer.notes = napkin_notes(*request, answer.lines);
  if (std::string fits = fitting_peak(costs, *request, answer.lines); !fits.empty())
    answer.notes.push_back(std::move(fits));
  answer.python = python_of(given_numbers(*request), answer.lines);
  return answer;
}

}  // namespace

Error of_lab(Error error, const std::string& otherwise) {
  if (!error.where.starts_with("--")) {
    if (!error.where.starts_with("costs.")) error.where = otherwise;
    return error;
  }
  std::string name = error.where.substr(2);
  std::ranges::replace(name, '-', '_');
  if (name == "optimizer_bits") name = "eight_bits";
  error.where = "costs." + name;
  return error;
}

Result<std::optional<DeviceSheet>> device_of_lab(const Costs& costs) {
  DeviceSheet sheet{.name = "own", .title = "a device of your own", .source = "costs.peak"};
  if (costs.device.empty() && costs.peak == 0) return std::nullopt;
  if (!costs.device.empty()) {
    const auto devices = load_devices();
    if (!devices) return tl::unexpected(devices.error());
    auto found = find_device(*devices, costs.device);
    if (!found) return tl::unexpected(of_lab(found.error(), "costs.device"));
    sheet = *std::move(found);
  }
  if (costs.peak > 0) sheet.flop_per_second[peak_name(costs.precision)] = costs.peak;
  return sheet;
}

std::unique_ptr<Job> NapkinCostsRequest::make_job() const {
  return one_slice([asked = costs](JobContext&) { return costs_of_napkin(asked); });
}

NapkinCostsRequest napkin_costs_request(const Costs& costs) {
  const Costs plain;
  Costs asked = costs;
  asked.view = CostsView::napkin;
  asked.file = plain.file, asked.file_bytes = plain.file_bytes, asked.compute = plain.compute;
  asked.data_batch = plain.data_batch, asked.data_length = plain.data_length;
  asked.walk = plain.walk, asked.step = plain.step, asked.x = plain.x, asked.w = plain.w;
  asked.target = plain.target;
  asked.model = plain.model, asked.architecture = plain.architecture;
  return {asked};
}

}  // namespace nanscope
