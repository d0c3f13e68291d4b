#include "app/command_line/napkin.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/command_line/arguments.h"
#include "app/command_line/console.h"
#include "app/command_line/cost_text.h"
#include "app/command_line/cost_words.h"
#include "engine/costs/napkin/napkin_json.h"
#include "engine/costs/napkin/napkin_questions.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

struct NapkinWords {
  NapkinRequest request;
  std::string model, precision, optimizer, convention;
  int optimizer_bits = 32;
  std::vector<double> matmul;
  DeviceWords device;
  bool json = false, python = false;
  bool of_model = false;  ///< --model is given

  const std::string& precision_name() const {
    static const std::string usual = "mixed_bf16";
    return precision.empty() ? usual : precision;
  }
};

void add_what_is_known(Parser& parser, NapkinWords& words) {
  NapkinRequest& one = words.request;
  parser.add_option("--parameters", one.parameters, "of a mixture of experts those active");
  parser.add_option("--model", words.model, "or a model's, by name or config.json");
  parser.add_option("--tokens", one.tokens, "trained on");
  parser.add_option("--devices", one.devices, "how many");
  parser.add_option("--days", one.days, "of training");
  parser.add_option("--device-hours", one.device_hours, "or hours of all devices together");
  parser.add_option("--mfu", one.mfu, "share of the peak that is reached, up to 1");
  parser.add_option("--flops-per-parameter", one.flops_per_parameter,
                    "and token: 6, or 8 where everything is computed again");
  parser.add_option("--tokens-per-parameter", one.tokens_per_parameter,
                    "of the best model for its FLOPs: 20 (Hoffmann et al. 2022)");
  parser.add_option("--tokens-per-second", one.tokens_per_second, "measured: gives the MFU");
  parser.add_option("--layers", one.layers,
                    "with --heads, --head-dim and --length: attention's\n"
                    "part of the MFU");
  parser.add_option("--heads", one.heads, "of each layer");
  parser.add_option("--head-dim", one.head_dim, "numbers of a head");
  parser.add_option("--length", one.length, "tokens of a sequence");
  parser.add_option("--width", one.width, "with --layers and --batch: a deep linear network");
  parser.add_option("--batch", one.batch, "rows");
  parser.add_option("--matmul", words.matmul, "M K N: FLOPs of (M,K) times (K,N)")
      ->expected(3)
      ->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  parser.add_option("--seconds", one.seconds, "of the product, measured: FLOP/s, and MFU");
}

void add_bytes_and_money(Parser& parser, NapkinWords& words) {
  NapkinRequest& one = words.request;
  parser.add_option("--bytes-per-parameter", one.bytes_per_parameter,
                    "that training keeps; or by these four:");
  parser.add_option("--precision", words.precision, "default: mixed_bf16");
  parser.add_option("--optimizer", words.optimizer, "default: adam");
  parser.add_option("--optimizer-bits", words.optimizer_bits, "32 or 8");
  parser.add_option("--convention", words.convention,
                    "uniform, cs336, zero, megatron or fp32_copies");
  parser.add_option("--zero", one.zero, "stage 0 to 3");
  parser.add_option("--price", one.price, "of a device and hour");
  parser.add_option("--budget", one.budget, "in the same money");
  parser.add_option("--watts", one.watts, "of a device (default: the most that it is built for)");
  parser.add_option("--overhead", one.overhead, "of the building, from 1 (PUE)");
  parser.add_option("--electricity", one.electricity, "price of a kWh");
}

/// What the options by name say. Bytes count only where something of them is asked.
Result<void> read_bytes(const NapkinWords& words, NapkinRequest& request, Precision precision) {
  const bool asked = !words.precision.empty() || !words.optimizer.empty() ||
                     !words.convention.empty() || words.optimizer_bits != 32 || request.zero;
  if (words.optimizer_bits != 32 && words.optimizer_bits != 8)
    return input_error("--optimizer-bits", "{} is not allowed; it takes 8 or 32.",
                       words.optimizer_bits);
  if (request.bytes_per_parameter || !asked) return {};
  const auto optimizer = named_value<OptimizerKind>(
      "--optimizer", words.optimizer.empty() ? "adam" : words.optimizer, "optimizer");
  if (!optimizer) return tl::unexpected(optimizer.error());
  const auto convention =
      named_option<BytesConvention>("--convention", words.convention, "convention");
  if (!convention) return tl::unexpected(convention.error());
  const auto bytes =
      bytes_per_parameter(precision, *optimizer, *convention, words.optimizer_bits == 8);
  if (!bytes) return tl::unexpected(bytes.error());
  request.bytes = *bytes;
  return {};
}

Result<void> read_device_figures(const NapkinWords& words, NapkinRequest& request,
                                 Precision precision) {
  const auto device = device_of(words.device, precision);
  if (!device) return tl::unexpected(device.error());
  if (!*device) return {};
  const DeviceSheet& sheet = **device;
  if (sheet.bytes > 0) request.memory = sheet.bytes;
  if (sheet.bytes_per_second > 0) request.bandwidth = sheet.bytes_per_second;
  if (!request.watts) request.watts = sheet.watts;
  if (sheet.flop_per_second.empty()) return {};
  const auto peak = peak_of(sheet, precision);
  if (peak) request.peak = *peak;
  // Of memory one may ask where a peak is not known.
  if (!peak && (request.mfu || request.tokens_per_second)) return tl::unexpected(peak.error());
  return {};
}

Result<void> read_model(const NapkinWords& words, NapkinRequest& request) {
  if (!words.of_model) return {};
  if (request.parameters)
    return input_error("--model", "says the parameters, and so does --parameters; leave one out.");
  const auto model = find_transformer(words.model);
  if (!model) return tl::unexpected(model.error());
  const ParameterCount count = count_parameters(model->architecture);
  // Time goes by those that a token meets, memory by all.
  request.parameters =
      static_cast<double>(request.tokens || request.tokens_per_second ? count.active : count.total);
  if (!request.tokens_per_second) return {};
  // Attention's part of the MFU, as nanscope cost --model has it.
  constexpr std::int64_t kUsualLength = 4096;
  const Transformer& one = model->architecture;
  const auto set = [](std::optional<double>& number, std::int64_t value) {
    if (!number) number = static_cast<double>(value);
  };
  set(request.layers, one.layers);
  set(request.heads, one.heads);
  set(request.head_dim, one.key_dim());
  set(request.length, std::min(kUsualLength, one.context));
  return {};
}

Result<NapkinRequest> napkin_request(const NapkinWords& words) {
  NapkinRequest request = words.request;
  const auto precision = named_value<Precision>("--precision", words.precision_name(), "precision");
  if (!precision) return tl::unexpected(precision.error());
  if (auto good = read_bytes(words, request, *precision); !good)
    return tl::unexpected(good.error());
  if (auto good = read_device_figures(words, request, *precision); !good)
    return tl::unexpected(good.error());
  if (auto good = read_model(words, request); !good) return tl::unexpected(good.error());
  if (words.matmul.size() == 3)
    request.matmul = {words.matmul[0], words.matmul[1], words.matmul[2]};
  return request;
}

std::string value_text(const FormulaLine& line) {
  constexpr double kExact = 1e15;  // whole numbers below are written out
  if (line.unit != "B" && line.value == std::floor(line.value) && line.value < kExact)
    return fmt::format("{} {}", grouped(line.value), line.unit);
  if (line.unit != "B") return fmt::format("{:.6g} {}", line.value, line.unit);
  if (line.value < 1000) return decimal_bytes(line.value);
  return fmt::format("{} ({})", decimal_bytes(line.value), bytes_text(line.value));
}

bool has_bytes(const std::vector<FormulaLine>& lines) {
  return enters("weights", lines) || enters("gradients", lines) || enters("optimizer", lines);
}

/// Whether a number of the lines hangs on an option by its name.
bool has_effect(const CLI::Option& option, const NapkinWords& words,
                const std::vector<FormulaLine>& lines) {
  const auto any_enters = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::any_of(names, [&](std::string_view name) { return enters(name, lines); });
  };
  const auto has_line = [&](std::string_view key) {
    return std::ranges::find(lines, key, &FormulaLine::key) != lines.end();
  };
  std::string name = option.get_single_name();
  if (name == "json" || name == "python" || name == "help") return true;
  if (name == "model") return enters("parameters", lines);
  if (name == "device") return any_enters({"peak", "memory", "bandwidth", "watts"});
  if (name == "precision")
    return has_bytes(lines) ||
           (!words.device.device.empty() && !words.device.peak && enters("peak", lines));
  if (name == "optimizer" || name == "optimizer-bits" || name == "convention")
    return has_bytes(lines);
  if (name == "zero") return has_line("bytes_per_device") || has_line("largest_parameters");
  if (name == "matmul") return enters("m", lines);
  // Without ZeRO each of the devices holds all bytes, however many these are.
  if (name == "devices" && has_line("bytes_per_device")) return true;
  std::ranges::replace(name, '-', '_');
  return enters(name, lines);
}

/// Asks that every option that is given is in one of the lines.
Result<void> check_options(const Parser& parser, const NapkinWords& words,
                           const NapkinRequest& request, const std::vector<FormulaLine>& lines) {
  for (const CLI::Option* option : parser.get_options()) {
    if (option->count() == 0 || has_effect(*option, words, lines)) continue;
    std::string name = option->get_single_name();
    std::ranges::replace(name, '-', '_');
    if (name == "device") name = "peak";
    if (name == "model") name = "parameters";
    if (name == "zero" || name == "precision" || name == "optimizer" || name == "optimizer_bits" ||
        name == "convention")
      name = "weights";
    const std::string missing = missing_for(name, given_numbers(request), lines);
    return input_error(
        option->get_name(), "has no effect here: {}.",
        missing.empty() ? "what is given beside it says enough, leave it out" : missing);
  }
  return {};
}

/// By which conventions the lines count.
std::vector<NapkinConvention> conventions_of(const NapkinWords& words, const NapkinRequest& request,
                                             const std::vector<FormulaLine>& lines) {
  std::vector<NapkinConvention> all;
  const bool bytes = request.bytes && has_bytes(lines);
  const bool table_peak =
      !words.device.device.empty() && !words.device.peak && enters("peak", lines);
  if (bytes || table_peak) all.push_back({"precision", words.precision_name(), ""});
  if (table_peak)
    all.push_back({"peak_of",
                   fmt::format("{} of {}", peak_name(*value_of<Precision>(words.precision_name())),
                               words.device.device),
                   "dense, without sparsity"});
  if (!bytes) return all;
  all.push_back({"convention", std::string(name_of(request.bytes->convention)),
                 std::string(source_of(request.bytes->convention))});
  all.push_back({"optimizer_kind", words.optimizer.empty() ? "adam" : words.optimizer, ""});
  return all;
}

std::string napkin_to_text(const NapkinRequest& request, const std::vector<FormulaLine>& lines,
                           const std::vector<NapkinConvention>& conventions) {
  std::string text;
  for (const FormulaLine& line : lines) {
    text +=
        fmt::format("{}: {}\n  {} = {}\n", line.words, value_text(line), line.key, line.formula);
    if (line.filled != line.formula)
      text += fmt::format("  {:>{}} = {}\n", "", line.key.size(), line.filled);
  }
  for (const NapkinConvention& one : conventions)
    text += fmt::format("{}: {}{}\n", one.key, one.value,
                        one.source.empty() ? "" : fmt::format(" ({})", one.source));
  for (const std::string& note : napkin_notes(request, lines))
    text += fmt::format("note: {}\n", note);
  return text;
}

}  // namespace

int run_napkin(const Words& words) {
  NapkinWords options;
  Parser parser("cost napkin",
                "Calculates what follows from the figures that are given, with every formula. "
                "Predicted.");
  add_what_is_known(parser, options);
  add_bytes_and_money(parser, options);
  std::vector<CLI::Option*> device_options;
  add_device_options(parser, options.device, device_options);
  parser.add_flag("--json", options.json, "one JSON object, schema nanscope.napkin/1");
  parser.add_flag("--python", options.python, "a Python program that calculates the same");
  for (CLI::Option* option : parser.get_options())
    if (option->get_type_name() != "" && option->get_expected_max() == 1) {
      const bool word = option->get_type_name() == "TEXT";
      option->type_name("N");
      if (!word) take_number(*option);
    }
  if (const auto status = parser.parse_words(words)) return *status;
  options.of_model = parser.get_option("--model")->count() > 0;
  const auto request = napkin_request(options);
  if (!request) return report(request.error());
  const auto lines = calculate(*request);
  if (!lines) return report(lines.error());
  if (const auto good = check_options(parser, options, *request, *lines); !good)
    return report(good.error());
  const std::vector<NapkinConvention> conventions = conventions_of(options, *request, *lines);
  if (options.json) return print(napkin_to_json(*request, *lines, conventions));
  if (options.python) return print(python_of(given_numbers(*request), *lines));
  return print(napkin_to_text(*request, *lines, conventions));
}

}  // namespace nanscope
