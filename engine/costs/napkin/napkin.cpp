#include "engine/costs/napkin/napkin.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace nanscope {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

struct Limit {
  const char* option;
  std::optional<double> value;
  double most;  ///< above 0
};

Result<void> check_limits(const NapkinRequest& one) {
  for (const Limit& limit :
       std::initializer_list<Limit>{{"--parameters", one.parameters, 1e18},
                                    {"--tokens", one.tokens, 1e30},
                                    {"--devices", one.devices, 1e12},
                                    {"--days", one.days, 1e12},
                                    {"--device-hours", one.device_hours, 1e18},
                                    {"--mfu", one.mfu, 1},
                                    {"--peak", one.peak, 1e30},
                                    {"--memory", one.memory, 1e30},
                                    {"--bandwidth", one.bandwidth, 1e30},
                                    {"--flops-per-parameter", one.flops_per_parameter, 1e6},
                                    {"--tokens-per-parameter", one.tokens_per_parameter, 1e12},
                                    {"--bytes-per-parameter", one.bytes_per_parameter, 1e6},
                                    {"--tokens-per-second", one.tokens_per_second, 1e30},
                                    {"--layers", one.layers, 1e9},
                                    {"--heads", one.heads, 1e9},
                                    {"--head-dim", one.head_dim, 1e9},
                                    {"--length", one.length, 1e12},
                                    {"--width", one.width, 1e9},
                                    {"--batch", one.batch, 1e12},
                                    {"--price", one.price, 1e12},
                                    {"--budget", one.budget, 1e18},
                                    {"--watts", one.watts, 1e12},
                                    {"--electricity", one.electricity, 1e12},
                                    {"--seconds", one.seconds, 1e12}})
    if (limit.value && !(*limit.value > 0 && *limit.value <= limit.most))
      return input_error(limit.option, "{} is not allowed; it takes a number above 0 and up to {}.",
                         *limit.value, limit.most);
  for (const auto& [option, count] :
       std::initializer_list<std::pair<const char*, std::optional<double>>>{
           {"--devices", one.devices},
           {"--layers", one.layers},
           {"--heads", one.heads},
           {"--head-dim", one.head_dim},
           {"--length", one.length},
           {"--width", one.width},
           {"--batch", one.batch}})
    if (count && *count != std::floor(*count))
      return input_error(option, "{} is not allowed; it takes a whole number.", *count);
  if (!(one.overhead >= 1 && one.overhead < kInfinite))
    return input_error("--overhead", "{} is not allowed; it takes a number from 1 on.",
                       one.overhead);
  if (one.zero && (*one.zero < 0 || *one.zero > 3))
    return input_error("--zero", "{} is not allowed; it takes 0 to 3.", *one.zero);
  if (one.bytes_per_parameter && (one.zero == 1 || one.zero == 2))
    return input_error("--zero",
                       "stage {} divides parts of the bytes, and --bytes-per-parameter says only "
                       "their sum; say --precision, --optimizer and --convention instead.",
                       *one.zero);
  if (one.days && one.device_hours)
    return input_error("--device-hours", "says the time, and so does --days; leave one out.");
  if (one.budget && (one.days || one.device_hours))
    return input_error("--budget",
                       "says the time, and so do --days and --device-hours; leave one "
                       "out.");
  if (one.matmul)
    for (const double size : *one.matmul)
      if (!(size >= 1 && size <= 1e15 && size == std::floor(size)))
        return input_error("--matmul", "{} is not allowed; it takes whole numbers from 1 on.",
                           size);
  return {};
}

/// Lines as they follow; each one's value is a number for the next.
class Napkin {
 public:
  explicit Napkin(const NapkinRequest& request)
      : numbers_(given_numbers(request)), request_(request) {}

  std::vector<FormulaLine> lines;

  bool has(std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names) {
      bool found = false;
      for (const auto& [known, value] : numbers_) found = found || known == name;
      if (!found) return false;
    }
    return true;
  }
  void add(std::string key, std::string words, std::string unit, std::string formula) {
    const double value = evaluate(formula, numbers_);
    std::string filled = with_numbers(formula, numbers_);
    numbers_.emplace_back(key, value);
    lines.push_back({std::move(key), std::move(words), std::move(unit), std::move(formula),
                     std::move(filled), value});
  }

  void add_training_time() {
    const std::string work = "flops_per_parameter * parameters * tokens";
    if (!has({"parameters", "tokens"})) return;
    if (has({"devices", "peak", "mfu"}) && !has({"days"}) && !has({"device_hours"}))
      add("days", "days of training", "days", work + " / (devices * peak * mfu * 86400)");
    add("flops", "FLOPs of the training", "FLOPs", work);
    if (request_.days && has({"devices", "peak"}))
      add("needed_mfu", "MFU that the days ask for", "of the peak",
          "flops / (devices * peak * days * 86400)");
    else if (request_.device_hours && has({"peak"}))
      add("needed_mfu", "MFU that the hours ask for", "of the peak",
          "flops / (device_hours * 3600 * peak)");
  }

  /// What days or money buy, where no training is given.
  void add_what_is_bought() {
    if (has({"flops"})) return;
    if (has({"budget", "price"})) {
      add("device_hours", "hours of a device that the budget buys", "hours", "budget / price");
      if (has({"devices"}))
        add("days", "days on so many devices", "days", "device_hours / (24 * devices)");
      if (has({"peak", "mfu"}))
        add("flops", "FLOPs that the budget buys", "FLOPs", "device_hours * 3600 * peak * mfu");
    } else if (has({"device_hours", "peak", "mfu"})) {
      add("flops", "FLOPs that the hours buy", "FLOPs", "device_hours * 3600 * peak * mfu");
    } else if (has({"devices", "peak", "mfu", "days"})) {
      add("flops", "FLOPs that the days buy", "FLOPs", "devices * peak * mfu * days * 86400");
    }
    if (!has({"flops"})) return;
    if (has({"parameters"}))
      add("tokens", "tokens that such a model can be trained on", "tokens",
          "flops / (flops_per_parameter * parameters)");
    else
      add_optimal_size();
  }

  /// Hoffmann et al. 2022: parameters and tokens grow alike, some 20 tokens a parameter.
  void add_optimal_size() {
    if (has({"tokens"})) {
      add("parameters", "parameters of a model trained on so many tokens", "parameters",
          "flops / (flops_per_parameter * tokens)");
      return;
    }
    add("optimal_parameters", "parameters of the best model for it (Hoffmann et al. 2022)",
        "parameters", "(flops / (flops_per_parameter * tokens_per_parameter)) ** 0.5");
    add("optimal_tokens", "tokens that it is trained on", "tokens",
        "tokens_per_parameter * optimal_parameters");
  }

  void add_price() {
    if (!has({"device_hours"}) && has({"days", "devices"}))
      add("device_hours", "hours of a device", "hours", "days * 24 * devices");
    if (!has({"device_hours"})) return;
    if (has({"price"}) && !has({"budget"}))
      add("money", "price of the devices", "in the price's money", "device_hours * price");
    if (has({"watts"})) {
      add("kilowatt_hours", "energy at most", "kWh", "device_hours * watts / 1000 * overhead");
      if (has({"electricity"}))
        add("electricity_money", "price of the energy", "in the price's money",
            "kilowatt_hours * electricity");
    }
  }

  void add_memory() {
    if (!request_.bytes && !request_.bytes_per_parameter) return;
    if (has({"parameters", "devices"})) {
      add("bytes_per_device", "bytes on each device, without activations", "B",
          "parameters * " + bytes_on_a_device(request_.zero.value_or(0)));
      if (has({"memory"}))
        add("memory_share", "share of the device's memory", "of the memory",
            "bytes_per_device / memory");
    } else if (has({"devices", "memory"})) {
      add("largest_parameters",
          request_.zero ? "largest model, without activations"
                        : "largest model, divided among the devices, without activations",
          "parameters",
          request_.zero ? "memory / " + bytes_on_a_device(*request_.zero)
                        : "devices * memory / " + bytes_of_a_parameter());
    }
  }

  void add_utilisation() {
    if (!has({"tokens_per_second", "parameters", "devices", "peak"})) return;
    const std::string attention = has({"layers", "heads", "head_dim", "length"})
                                      ? " + 12 * layers * heads * head_dim * length"
                                      : "";
    add("mfu", "MFU (Chowdhery et al. 2022, appendix B)", "of the peak",
        "tokens_per_second * (6 * parameters" + attention + ") / (devices * peak)");
  }

  /// CS336's deep linear network: everything in one format.
  void add_deep_linear() {
    if (!has({"width", "layers", "batch", "weights"})) return;
    add("parameters", "parameters: layers of width x width, and a head", "parameters",
        "width ** 2 * layers + width");
    add("activations", "activations that are kept", "numbers", "batch * width * layers");
    add("bytes", "bytes of parameters, gradients, the optimizer's state and activations", "B",
        "(weights + gradients + optimizer) * parameters + weights * activations");
    add("flops", "FLOPs of a step by the rule of thumb", "FLOPs", "6 * batch * parameters");
    add("exact_flops", "FLOPs without the gradient of the input, which nobody needs", "FLOPs",
        "flops - 2 * batch * width ** 2");
  }

  /// One matrix product, and what its seconds make of a device's peak.
  void add_product() {
    add("flops", "FLOPs of (m,k) times (k,n)", "FLOPs", "2 * m * k * n");
    if (!has({"seconds"})) return;
    add("flop_per_second", "FLOPs in a second", "FLOP/s", "flops / seconds");
    if (has({"peak"})) add("mfu", "share of the peak", "of the peak", "flop_per_second / peak");
  }

  void add_smaller_questions() {
    if (request_.matmul) add_product();
    if (lines.empty() && has({"peak", "bandwidth"}))
      add("ridge_point", "FLOPs for each byte from which on the peak limits", "FLOP/B",
          "peak / bandwidth");
  }

 private:
  std::string bytes_of_a_parameter() const {
    return request_.bytes_per_parameter ? "bytes_per_parameter"
                                        : "(weights + gradients + optimizer)";
  }

  /// Of one parameter: ZeRO divides by the devices what its stage says.
  std::string bytes_on_a_device(int zero) const {
    if (zero == 0) return bytes_of_a_parameter();
    if (zero == 1) return "(weights + gradients + optimizer / devices)";
    if (zero == 2) return "(weights + (gradients + optimizer) / devices)";
    return "(" + bytes_of_a_parameter() + " / devices)";
  }

  NamedNumbers numbers_;
  const NapkinRequest& request_;
};

}  // namespace

NamedNumbers given_numbers(const NapkinRequest& one) {
  NamedNumbers numbers;
  const auto add = [&](const char* name, const std::optional<double>& value) {
    if (value) numbers.emplace_back(name, *value);
  };
  add("parameters", one.parameters);
  add("tokens", one.tokens);
  add("devices", one.devices);
  add("peak", one.peak);
  add("mfu", one.mfu);
  add("days", one.days);
  add("device_hours", one.device_hours);
  add("memory", one.memory);
  add("bandwidth", one.bandwidth);
  add("flops_per_parameter", one.flops_per_parameter);
  add("tokens_per_parameter", one.tokens_per_parameter);
  if (one.bytes_per_parameter) {
    add("bytes_per_parameter", one.bytes_per_parameter);
  } else if (one.bytes) {
    add("weights", one.bytes->weights);
    add("gradients", one.bytes->gradients);
    add("optimizer", one.bytes->optimizer());
  }
  add("tokens_per_second", one.tokens_per_second);
  add("layers", one.layers);
  add("heads", one.heads);
  add("head_dim", one.head_dim);
  add("length", one.length);
  add("width", one.width);
  add("batch", one.batch);
  add("budget", one.budget);
  add("price", one.price);
  add("watts", one.watts);
  add("overhead", one.overhead);
  add("electricity", one.electricity);
  if (one.matmul) {
    add("m", (*one.matmul)[0]);
    add("k", (*one.matmul)[1]);
    add("n", (*one.matmul)[2]);
  }
  add("seconds", one.seconds);
  return numbers;
}

Result<std::vector<FormulaLine>> calculate(const NapkinRequest& request) {
  if (const auto good = check_limits(request); !good) return tl::unexpected(good.error());
  Napkin napkin(request);
  if (request.width) {
    napkin.add_deep_linear();
  } else if (!request.matmul) {
    napkin.add_training_time();
    napkin.add_what_is_bought();
    napkin.add_utilisation();
    napkin.add_price();
    napkin.add_memory();
  }
  napkin.add_smaller_questions();
  for (const FormulaLine& line : napkin.lines)
    if (!std::isfinite(line.value))
      return input_error("napkin",
                         "{} comes out beyond what can be counted ({}); one of the figures is too "
                         "large or too small.",
                         line.key, line.filled);
  if (!napkin.lines.empty()) return std::move(napkin.lines);
  return input_error(
      "napkin",
      "nothing follows from this. Days: --parameters --tokens --devices --mfu and --device or "
      "--peak. Largest model: --devices --device --bytes-per-parameter. What days buy: --days "
      "--devices --device --mfu. What money buys: --budget --price --device --mfu. Bytes on each "
      "device: --parameters --devices --precision --optimizer --zero. MFU: --tokens-per-second "
      "--parameters --devices --device. FLOPs of a product: --matmul M K N. A deep linear network: "
      "--width --layers --batch --precision --optimizer.");
}

std::vector<std::string> napkin_notes(const NapkinRequest& request,
                                      const std::vector<FormulaLine>& lines) {
  std::vector<std::string> notes;
  for (const FormulaLine& line : lines) {
    if (line.value <= 1) continue;
    if (line.key == "mfu")
      notes.emplace_back("an MFU above 1: the peak is another precision's, or a figure is wrong");
    if (line.key == "needed_mfu")
      notes.emplace_back("an MFU above 1: so many devices cannot do this in that time");
  }
  if (request.bytes && request.bytes->weights == 1) notes.emplace_back(kAllInFp8);
  return notes;
}

std::string python_of(const NamedNumbers& given, const std::vector<FormulaLine>& lines) {
  std::string used, program;
  for (const FormulaLine& line : lines) used += " " + line.formula + " ";
  const auto is_used = [&](const std::string& name) {
    const NamedNumbers probe{{name, 1}};
    return with_numbers(used, {}) != with_numbers(used, probe);
  };
  for (const auto& [name, value] : given)
    if (is_used(name)) program += fmt::format("{} = {}\n", name, exact_number(value));
  for (const FormulaLine& line : lines)
    program += fmt::format("{} = {}\nprint(\"{}\", {})  # {}\n", line.key, line.formula, line.key,
                           line.key, line.words);
  return program;
}

}  // namespace nanscope
