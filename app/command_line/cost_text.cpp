#include "app/command_line/cost_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "app/command_line/plan_text.h"
#include "app/command_line/text_table.h"
#include "ui/labs/describe.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

std::string sizes(const Transformer& one) {
  std::string text = fmt::format("{} layers, width {}, {} heads", one.layers, one.width, one.heads);
  if (one.latent)
    text += fmt::format(" with a latent vector of {}", one.latent->key_value_rank);
  else
    text += fmt::format(" of {}", one.head_dim);
  if (!one.latent && one.kv_heads != one.heads)
    text += fmt::format(", {} of keys and values", one.kv_heads);
  text += fmt::format(",\n{}MLP of {}", one.gated ? "gated " : "", one.mlp_width);
  if (one.experts)
    text += fmt::format(", {} experts of {} ({} taken)", one.experts->count, one.experts->width,
                        one.experts->active);
  if (one.window)
    text += fmt::format(", windows of {} tokens{}", one.window->size,
                        one.window->global_every > 0
                            ? fmt::format(" but for each {}. layer", one.window->global_every)
                            : "");
  return text + fmt::format(", vocabulary {}{}\n", one.vocabulary, one.tied ? ", tied" : "");
}

std::string parameters_text(const CostEstimate& one) {
  const double total = static_cast<double>(one.parameters.total);
  TextTable table({{"", "parameters", true}, {"", grouped(total)}, {"", "share"}});
  for (const auto& [component, count] : one.parameters.by_component)
    table.add_row({"  " + std::string(name_of(component)), grouped(static_cast<double>(count)),
                   percent(static_cast<double>(count) / total)});
  if (one.parameters.active != one.parameters.total)
    table.add_row({"  met by one token", grouped(static_cast<double>(one.parameters.active)),
                   percent(static_cast<double>(one.parameters.active) / total)});
  return table.to_text();
}

std::string flops_text(const CostEstimate& one) {
  TextTable table({{"", "FLOPs", true},
                   {"", "forward"},
                   {"", "share"},
                   {"", "2 x tokens (or pairs) x weights (or heads' numbers)", true}});
  for (const FlopsPart& part : one.flops.parts)
    table.add_row({"  " + std::string(part.name), grouped(part.forward),
                   percent(part.forward / one.flops.forward), formula_of(part)});
  const auto row = [&](const char* name, double flops, double of) {
    table.add_row({name, grouped(flops), fmt::format("{:.3g} x", flops / of), ""});
  };
  row("forward", one.flops.forward, one.flops.forward);
  row("backward", one.flops.backward, one.flops.forward);
  row("step (MFU counts it)", one.flops.step(), one.flops.forward);
  if (one.flops.recomputed > 0)
    row("with what is recomputed (HFU)", one.flops.hardware(), one.flops.forward);
  row("by 6 N", one.rule_with_embeddings, one.flops.forward);
  row("by 6 N without the embedding", one.rule_without_embeddings, one.flops.forward);
  row("by 6 N + 12 L a d T (PaLM)", one.palm_step, one.flops.forward);
  return table.to_text();
}

std::string memory_of_device(const CostRequest& request, const CostEstimate& one) {
  const Parallelism& parallel = request.parallel;
  std::string text = parallel.devices == 1
                         ? "memory of training\n"
                         : fmt::format("memory of training, on the device of {} that holds most\n",
                                       parallel.devices);
  const auto row = [&](const char* name, double bytes, const std::string& more = "") {
    text += fmt::format("  {:<13}{:>9}{}\n", name, decimal_bytes(bytes), more);
  };
  row("parameters", one.memory.parameters, fmt::format("   {:g} B each", one.bytes.weights));
  row("gradients", one.memory.gradients, fmt::format("   {:g} B", one.bytes.gradients));
  row("optimizer", one.memory.optimizer, fmt::format("   {:g} B", one.bytes.optimizer()));
  row("activations", one.memory.activations,
      fmt::format("   {} B a token and layer", grouped(one.layer_activations)));
  row("total", one.memory.total());
  if (parallel.pipeline > 1)
    text += fmt::format("  pipeline stages wait {} of the time\n", percent(one.bubble));
  text += fmt::format("\ncache of keys and values: {} B a token, {} for the batch",
                      grouped(one.cache_per_token), decimal_bytes(one.cache));
  if (parallel.tensor * parallel.pipeline > 1)
    text += fmt::format(", {} on each device", decimal_bytes(one.cache_per_device));
  return text + "\n";
}

std::string limit_text(const std::optional<std::int64_t>& limit) {
  return limit ? grouped(static_cast<double>(*limit)) : "any";
}

/// What of training fits a device, or why nothing does.
std::string fit_text(const DeviceEstimate& device, const CostEstimate& one) {
  const double kept = one.memory.total() - one.memory.activations;
  if (device.largest_batch == 0)
    return fmt::format("does not fit: {} without activations, and a sequence needs {} of these",
                       decimal_bytes(kept),
                       decimal_bytes(one.memory.activations / static_cast<double>(one.batch)));
  return fmt::format("{}: a micro-batch of up to {} sequences, or {} tokens each",
                     device.fits ? "fits" : "does not fit", limit_text(device.largest_batch),
                     limit_text(device.largest_length));
}

std::string utilisation_text(const CostRequest& request, const CostEstimate& one) {
  if (!one.utilisation) return "";
  return fmt::format("  in {}: MFU {}, HFU {}, MFU as PaLM counts {}\n",
                     seconds_text(*request.seconds), percent(one.utilisation->mfu),
                     percent(one.utilisation->hfu), percent(one.utilisation->palm_mfu));
}

std::string device_text(const CostRequest& request, const CostEstimate& one) {
  if (!one.on_device && one.utilisation)
    return fmt::format("\n{}\n{}", request.device->title, utilisation_text(request, one));
  if (!one.on_device) return "";
  const DeviceEstimate& device = *one.on_device;
  std::string text = fmt::format(
      "\n{} ({} FLOP/s, {}, {}/s)\n"
      "  training {}\n"
      "  a step at full peak: {}\n"
      "  generating: batch up to {}, or {} tokens of context\n"
      "  a token for each of the batch: {} (reading {}: {}; computing: {})\n",
      request.device->title, number_text(device.peak), decimal_bytes(request.device->bytes),
      decimal_bytes(request.device->bytes_per_second), fit_text(device, one),
      seconds_text(device.step_seconds), limit_text(device.inference_batch),
      limit_text(device.inference_length), seconds_text(device.decode.seconds()),
      decimal_bytes(device.decode.bytes_read), seconds_text(device.decode.memory_seconds),
      seconds_text(device.decode.compute_seconds));
  return text + utilisation_text(request, one);
}

std::string switches_text(const CostEstimate& one) {
  std::string text = "\nconventions\n";
  for (const CostSwitch& each : one.switches) {
    const std::string option = fmt::format("{} {}", each.option, each.value);
    text += each.source.empty() ? fmt::format("  {}\n", option)
                                : fmt::format("  {:<31} {}\n", option, each.source);
  }
  return text;
}

}  // namespace

std::string cost_to_text(const NamedTransformer& model, const CostRequest& request,
                         const CostEstimate& one) {
  std::string text = fmt::format("{}, predicted by formula\n{}{} x {} tokens a step of a replica\n",
                                 model.title, sizes(model.architecture), one.batch, one.length);
  if (!model.source.empty()) text += fmt::format("source: {}\n", model.source);
  text += "\n" + parameters_text(one) + "\n" + flops_text(one) + "\n" +
          memory_of_device(request, one) + device_text(request, one) + switches_text(one);
  for (const auto* notes : {&model.notes, &one.notes})
    for (const std::string& note : *notes) text += fmt::format("  note: {}\n", note);
  return text + "\nA multiply-add is 2 FLOPs. GB are 1e9 bytes.\n";
}

std::string plan_costs_to_text(const Experiment& experiment, const PlanCosts& one) {
  std::string text = fmt::format("{}\n{}\npredicted by the plan of a training step\n",
                                 describe(experiment), networks_line(experiment.network));
  text += fmt::format("  parameters  {}\n", grouped(static_cast<double>(one.parameters)));
  text += fmt::format("  FLOPs       forward {}, backward {}, step {}\n", grouped(one.forward),
                      grouped(one.backward), grouped(one.step()));
  if (one.recomputed > 0)
    text += fmt::format("              and {} computed again on the way back: {} on the device\n",
                        grouped(one.recomputed), grouped(one.hardware()));
  if (one.optimizer > 0)
    text += fmt::format("              and {} in the optimizer's own products\n",
                        grouped(one.optimizer));
  text += fmt::format("  6 a row and parameter: {}", grouped(one.rules.flops));
  text += one.spared > 0
              ? fmt::format("; {} of them for the gradient of the input, which nobody needs\n",
                            grouped(one.spared))
              : std::string("\n");
  text += "\nmemory\n";
  const auto add = [&](std::string_view name, std::int64_t bytes) {
    if (bytes > 0)
      text += fmt::format("  {:<17}{:>15} B   {}\n", name, grouped(static_cast<double>(bytes)),
                          bytes_text(static_cast<double>(bytes)));
  };
  for (const auto& [key, bytes] : kPlanMemoryParts) add(memory_words(key), one.memory.*bytes);
  add("total", one.memory.total());
  text += fmt::format(
      "  by rule of thumb {:>15} B   parameters, gradients, the optimizer's state, B C a layer\n",
      grouped(static_cast<double>(one.rules.bytes)));
  return text + emulated_to_text(name_of(experiment.network.precision), one);
}

std::string_view memory_words(std::string_view key) {
  if (key == "parameter_copies") return "copies of these";
  return key == "activation_gradients" ? "their gradients" : key;
}

std::string emulated_to_text(std::string_view what, const PlanCosts& costs) {
  if (!costs.emulated) return "";
  return fmt::format("  {} is emulated on this machine: rounded in software, kept in fp32\n", what);
}

std::string devices_to_text(const std::vector<DeviceSheet>& devices) {
  TextTable table({{"", "device", true},
                   {"", "fp32"},
                   {"", "tf32"},
                   {"", "fp16"},
                   {"", "bf16"},
                   {"", "fp8"},
                   {"", "memory"},
                   {"", "bandwidth"},
                   {"", "ridge"},
                   {"", "source", true}});
  for (const DeviceSheet& device : devices) {
    std::vector<std::string> row{device.name};
    double last = 0;
    for (const char* name : {"fp32", "tf32", "fp16", "bf16", "fp8"}) {
      const auto found = device.flop_per_second.find(name);
      row.push_back(
          found == device.flop_per_second.end() ? "-" : fmt::format("{:g}", found->second / 1e12));
      if (found != device.flop_per_second.end() && std::string_view(name).ends_with("16"))
        last = found->second;
    }
    row.push_back(decimal_bytes(device.bytes));
    row.push_back(decimal_bytes(device.bytes_per_second) + "/s");
    row.push_back(last > 0 ? fmt::format("{:.1f}", last / device.bytes_per_second) : "-");
    row.push_back(device.source);
    table.add_row(std::move(row));
  }
  return table.to_text() +
         "\nDense peaks in TFLOP/s, never those with sparsity; ridge: FLOPs a byte from which on "
         "the 16-bit\npeak limits. NANSCOPE_DEVICES names a file of your own, in the form of "
         "assets/devices.json.\n";
}

std::string models_to_text(const std::vector<NamedTransformer>& models) {
  TextTable table({{"", "model", true}, {"", "parameters"}, {"", "active"}, {"", "source", true}});
  for (const NamedTransformer& model : models) {
    const ParameterCount count = count_parameters(model.architecture);
    table.add_row({model.name, grouped(static_cast<double>(count.total)),
                   count.active == count.total ? "" : grouped(static_cast<double>(count.active)),
                   model.source});
  }
  return table.to_text();
}

}  // namespace nanscope
