#include "app/command_line/cost_words.h"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <initializer_list>

namespace nanscope {
namespace {

void add_work_options(Parser& parser, ModelWords& words, std::vector<CLI::Option*>& options) {
  options.push_back(
      parser.add_option("--batch", words.batch, "sequences a step, of each data-parallel replica"));
  options.push_back(parser.add_option("--length", words.length,
                                      "tokens of each (default: 4096, or the model's context\n"
                                      "where that is shorter)"));
  options.push_back(parser.add_option("--micro-batches,--accumulation", words.accumulation,
                                      "parts that the batch is gone through in, one after another\n"
                                      "(--accumulation was its name before)"));
  for (CLI::Option* option : options) take_whole_number(*option);
  options.push_back(parser.add_option("--attention", words.attention,
                                      "full counts all pairs of tokens, causal half of them"));
  options.push_back(parser.add_option("--recompute", words.recompute,
                                      "none, selective (scores and softmax) or full"));
  options.push_back(
      parser.add_option("--seconds", words.seconds, "a step's, measured: gives MFU and HFU"));
  take_number(*options.back());
}

void add_convention_options(Parser& parser, ModelWords& words, std::vector<CLI::Option*>& options) {
  options.push_back(parser.add_option("--precision", words.precision, "default: mixed_bf16"));
  options.push_back(parser.add_option("--optimizer", words.optimizer, "default: adam"));
  options.push_back(
      parser.add_option("--optimizer-bits", words.optimizer_bits, "32, or 8 in blocks of 256"));
  options.push_back(
      parser.add_option("--convention", words.convention,
                        "bytes a parameter: uniform, cs336 (12 with adam), zero (16),\n"
                        "megatron (18) or fp32_copies (20)"));
  options.push_back(parser.add_option("--activations", words.activations,
                                      "korthikanti (scores and dropout masks are kept) or llama\n"
                                      "(flash attention); default: what suits the model"));
  options.push_back(parser.add_option("--inference-precision", words.inference_precision,
                                      "of weights and cache in generating"));
}

void add_parallel_options(Parser& parser, ModelWords& words, std::vector<CLI::Option*>& options) {
  Parallelism& parallel = words.parallel;
  const std::size_t first = options.size();
  options.push_back(parser.add_option("--devices", parallel.devices, "all of them"));
  options.push_back(
      parser.add_option("--zero", parallel.zero, "stage 0 to 3: what data-parallel devices share"));
  options.push_back(parser.add_option("--tensor", parallel.tensor, "devices that share a layer"));
  options.push_back(parser.add_flag("--sequence-parallel", parallel.sequence,
                                    "which share norms and residuals, too"));
  options.push_back(parser.add_option("--pipeline", parallel.pipeline, "stages of layers"));
  options.push_back(
      parser.add_option("--context", parallel.context, "devices that share a sequence"));
  options.push_back(parser.add_option("--expert", parallel.expert,
                                      "data-parallel devices that share the experts"));
  for (std::size_t i = first; i < options.size(); ++i)
    if (options[i]->get_expected_max() > 0) take_whole_number(*options[i]);
}

Result<void> read_names(const ModelWords& words, CostRequest& request) {
  const auto attention =
      named_value<AttentionFlops>("--attention", words.attention, "way to count attention");
  const auto recompute =
      named_value<Recompute>("--recompute", words.recompute, "kind of recomputation");
  const auto precision = named_value<Precision>("--precision", words.precision, "precision");
  const auto optimizer = named_value<OptimizerKind>("--optimizer", words.optimizer, "optimizer");
  const auto convention =
      named_option<BytesConvention>("--convention", words.convention, "convention");
  const auto activations = named_option<ActivationsConvention>("--activations", words.activations,
                                                               "way to count activations");
  const auto inference =
      named_option<Precision>("--inference-precision", words.inference_precision, "precision");
  const auto first_error = [](const auto&... results) {
    std::optional<Error> error;
    ((!error && !results ? void(error = results.error()) : void()), ...);
    return error;
  };
  if (auto error = first_error(attention, recompute, precision, optimizer, convention, activations,
                               inference))
    return tl::unexpected(*error);
  request.attention = *attention;
  request.recompute = *recompute;
  request.precision = *precision;
  request.optimizer = *optimizer;
  request.convention = *convention;
  request.activations = *activations;
  request.inference_precision = *inference;
  return {};
}

/// A figure of a device that words give.
Result<void> check_figure(const char* option, const std::optional<double>& value) {
  if (!value || (*value > 0 && *value < 1e30)) return {};
  return input_error(option, "{} is not allowed; it takes a number above 0.", *value);
}

}  // namespace

void take_number(CLI::Option& option) {
  const auto check = [](std::string& text) -> std::string {
    char* end = nullptr;
    errno = 0;
    const double value = std::strtod(text.c_str(), &end);
    if (!text.empty() && *end == '\0' && errno == ERANGE && (value == 0 || std::isinf(value)))
      return fmt::format("{} is not allowed; fp64 has only {} for it", text,
                         value == 0 ? "0" : "an infinity");
    if (!text.empty() && *end == '\0') return "";
    return fmt::format("\"{}\" is not allowed; it takes a number without a unit, as 70e9 or 0.5",
                       text);
  };
  option.check(CLI::Validator(check, ""));
}

void take_whole_number(CLI::Option& option) {
  const auto rewrite = [](std::string& text) -> std::string {
    std::int64_t whole = 0;
    const char* const last = text.data() + text.size();
    if (const auto [end, error] = std::from_chars(text.data(), last, whole);
        end == last && (error == std::errc() || error == std::errc::result_out_of_range))
      return "";
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    constexpr double kExact = 1e15;
    if (text.empty() || *end != '\0' || !(std::abs(value) <= kExact) || value != std::floor(value))
      return fmt::format("\"{}\" is not allowed; it takes a whole number, as 8192 or 1e4", text);
    text = fmt::format("{:.0f}", value);
    return "";
  };
  option.transform(CLI::Validator(rewrite, ""));
}

void add_device_options(Parser& parser, DeviceWords& words, std::vector<CLI::Option*>& options) {
  options.push_back(parser.add_option("--device", words.device,
                                      "one that nanscope cost devices lists, or with figures of\n"
                                      "your own:"));
  options.push_back(parser.add_option("--peak", words.peak, "FLOP/s"));
  options.push_back(parser.add_option("--memory", words.memory, "bytes"));
  options.push_back(parser.add_option("--bandwidth", words.bandwidth, "bytes a second"));
  for (CLI::Option* option : {options.end()[-3], options.end()[-2], options.end()[-1]})
    take_number(*option);
}

Result<std::optional<DeviceSheet>> device_of(const DeviceWords& words, Precision precision) {
  for (const auto& [option, value] :
       std::initializer_list<std::pair<const char*, std::optional<double>>>{
           {"--peak", words.peak}, {"--memory", words.memory}, {"--bandwidth", words.bandwidth}})
    if (auto good = check_figure(option, value); !good) return tl::unexpected(good.error());
  const bool own = words.peak || words.memory || words.bandwidth;
  if (words.device.empty() && !own) return std::nullopt;
  DeviceSheet sheet{
      .name = "own", .title = "a device of your own", .source = "--peak, --memory, --bandwidth"};
  if (!words.device.empty()) {
    const auto devices = load_devices();
    if (!devices) return tl::unexpected(devices.error());
    auto found = find_device(*devices, words.device);
    if (!found) return tl::unexpected(found.error());
    sheet = *std::move(found);
    if (own) sheet.source += "; changed by --peak, --memory or --bandwidth";
  }
  if (words.peak) sheet.flop_per_second[peak_name(precision)] = *words.peak;
  if (words.memory) sheet.bytes = *words.memory;
  if (words.bandwidth) sheet.bytes_per_second = *words.bandwidth;
  return sheet;
}

std::vector<CLI::Option*> add_model_options(Parser& parser, ModelWords& words) {
  std::vector<CLI::Option*> options;
  add_work_options(parser, words, options);
  add_convention_options(parser, words, options);
  add_parallel_options(parser, words, options);
  add_device_options(parser, words.device, options);
  return options;
}

Result<CostRequest> cost_request(const ModelWords& words) {
  CostRequest request{.batch = words.batch,
                      .length = words.length,
                      .optimizer_bits = words.optimizer_bits,
                      .accumulation = words.accumulation,
                      .parallel = words.parallel,
                      .seconds = words.seconds};
  if (auto good = read_names(words, request); !good) return tl::unexpected(good.error());
  auto device = device_of(words.device, request.precision);
  if (!device) return tl::unexpected(device.error());
  request.device = *std::move(device);
  // For MFU and HFU a peak is enough.
  const bool peak_alone =
      request.seconds && words.device.peak && !words.device.memory && !words.device.bandwidth;
  if (request.device && !peak_alone &&
      (request.device->bytes <= 0 || request.device->bytes_per_second <= 0))
    return input_error(request.device->bytes <= 0 ? "--memory" : "--bandwidth",
                       "is missing; a device of your own has --peak, --memory and --bandwidth.");
  return request;
}

}  // namespace nanscope
