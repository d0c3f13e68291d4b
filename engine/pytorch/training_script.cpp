#include "engine/pytorch/training_script.h"

#include <fmt/format.h>

#include "engine/plan/optimizers/optimizers.h"
#include "engine/plan/plan.h"
#include "engine/pytorch/script_changes.h"
#include "engine/pytorch/script_parts.h"

namespace nanscope {
namespace {

/// The head, the last of `parameters`, and `tensors`, which the optimizer steps.
std::string head_parameters_text(const NetworkSpec& network, std::int64_t outputs,
                                 const PrecisionText& precision) {
  const std::string weight =
      precision.parameter(fmt::format("(draw_weight({}, width) * gain)", outputs));
  const std::string bias =
      precision.parameter(fmt::format("(torch.randn({}) * {})", outputs, network.init.bias_std));
  return fmt::format(
      R"(weight = {}.requires_grad_()
bias = {}
parameters.append(("head", weight, bias))
tensors = [tensor for _, *both in parameters for tensor in both if tensor is not None]
)",
      weight, network.model.bias ? bias + ".requires_grad_()" : "None");
}

/// Whether evaluation takes statistics of the batches before it.
bool has_running(const NetworkSpec& network) { return network.model.norm == Norm::batchnorm; }

/// Behind the parameters: what the norms keep of the batches.
std::string running_text(const NetworkSpec& network) {
  if (!has_running(network)) return "";
  return fmt::format(
      "momentum = 0.1  # how far a batch moves the running statistics\n"
      "running = {{name: (torch.zeros(width, dtype={0}), torch.ones(width, dtype={0}))\n"
      "           for name, *_ in parameters}}\n",
      network.precision == Precision::fp64 ? "torch.float64" : "torch.float32");
}

/// def layers_of(h, first, end): a part of the model, which is computed again on the way back.
std::string layers_text(bool keeps_running, const std::string& layer) {
  const char* again = R"(
@contextlib.contextmanager
def again():
    """What is computed again is no other batch for the running statistics."""
    global momentum
    momentum = 0.0
    try:
        yield
    finally:
        momentum = 0.1

)";
  return fmt::format(R"({}
def layers_of(h, first, end):
    for name, weight, bias in parameters[first:end]:
        z, a, h = {}
    return h

)",
                     keeps_running ? again : "", layer);
}

/// What predict() says of the model's layers, which are `recompute` segments.
std::string segments_text(int recompute, bool keeps_running) {
  return fmt::format(
      R"(    layers = len(parameters) - 1
    segments = min({}, layers)
    for i in range(segments):
        part = i * layers // segments, (i + 1) * layers // segments
        if i + 1 == segments:  # runs back at once
            h = layers_of(h, *part)
        else:
            h = torch.utils.checkpoint.checkpoint(layers_of, h, *part, use_reentrant=False{})
)",
      recompute,
      keeps_running ? ",\n                context_fn=lambda: (contextlib.nullcontext(), again())"
                    : "");
}

/// def predict(X).
std::string predict_text(const NetworkSpec& network, const DataSpec& data, const PrecisionRow& row,
                         const PrecisionText& precision, int recompute) {
  const bool guarded =
      reads_table(data.kind) && (network.model.norm != Norm::none || network.model.residual);
  const bool bias = network.model.bias;
  const std::string product = precision.product(fmt::format(
      "F.linear({}, {}{})", precision.product_input("h"), precision.product_weight("weight"),
      bias ? ", " + precision.product_bias("bias") : ""));
  const bool narrow = stored_as(*row.elementwise, row.emulated).bits() < 32;
  const bool running = has_running(network);
  const std::string layer =
      fmt::format("layer(h, weight, bias{}{})", guarded ? ", name == \"input\"" : "",
                  running ? ", *running[name]" : "");
  return fmt::format(
      R"({}
def predict(X):
    """The model's layers, then its head."""
    h = {}
{}    name, weight, bias = parameters[-1]
    return {}{}
)",
      recompute > 1 ? layers_text(running, layer) : "", precision.signal("X"),
      recompute > 1 ? segments_text(recompute, running)
                    : fmt::format("    for name, weight, bias in parameters[:-1]:\n"
                                  "        z, a, h = {}\n",
                                  layer),
      product, narrow ? ".float()" : "");
}

/// samples(), an endless generator of X and T.
std::string drawn_samples_text(const DataSpec& data, Precision precision) {
  const bool fp64 = precision == Precision::fp64;
  const char* scaled =
      data.kind == DataKind::constant_norm
          ? "        X = X / torch.linalg.vector_norm(X, dim=1, keepdim=True) * math.sqrt(width)\n"
          : "";
  return fmt::format(R"(
def samples():
    """What a linear teacher with the weights 0, 1, 2, ... makes of new samples."""
    teacher = torch.arange(width, dtype={})[:, None]
    while True:
        X = torch.randn(batch, width)
{}        yield X, X{} @ teacher
)",
                     fp64 ? "torch.float64" : "torch.float32", scaled, fp64 ? ".double()" : "");
}

/// Behind table = read_table(): the targets.
std::string take_targets_text(const TrainingTask& task, const DataSpec& data) {
  if (data.kind != DataKind::file) return "targets = torch.tensor(read_targets())\n";
  return fmt::format(
      "targets = table[:, {0}]\ntable = torch.cat([table[:, :{0}], table[:, {1}:]], dim=1)\n",
      task.target, task.target + 1);
}

/// After the draws of the parameters: which rows are held out, and samples().
std::string table_samples_text(const TrainingTask& task, Precision precision) {
  const char* wide = precision == Precision::fp64 ? ".double()" : ".float()";
  std::string text;
  if (task.loss == Loss::cross_entropy)
    text += "all_T = targets.long()\n";
  else if (task.table.classes > 0)
    text += fmt::format("all_T = F.one_hot(targets.long(), {}){}\n", task.outputs, wide);
  else
    text += fmt::format("all_T = targets[:, None]{}\n", wide);
  return text + fmt::format(R"(order = torch.randperm(len(table))
trained, held_out = order[:{0}], order[{0}:]
loader = torch.utils.data.DataLoader(
    torch.utils.data.TensorDataset(table[trained], all_T[trained]), batch, shuffle=True,
    drop_last=True)


def samples():
    """Epoch after epoch."""
    while True:
        yield from loader
)",
                            task.training_rows());
}

/// Narrow formats that are emulated: the optimizer computes in float32, too.
std::string rounding_text(const PrecisionRow& row) {
  if (!row.emulated || row.weight->bits() >= 32) return "";
  return R"(    with torch.no_grad():
        kept = [value for state in optimizer.state.values()
                for name, value in state.items() if name != "step" and value is not None]
        for tensor in tensors + kept:
            tensor.copy_(to_format(tensor))
)";
}

/// What the penalty adds to the gradients.
std::string penalty_text(const ScriptChanges& run, bool rounds) {
  std::string lines;
  const auto add = [&](double TrainingSpec::*setting, const char* name, const char* line) {
    if (!run.is_ever(setting)) return;
    const bool changes = run.changes(setting);
    if (changes) lines += fmt::format("            if {} > 0:\n    ", name);
    lines += "            " +
             fmt::format(fmt::runtime(line),
                         changes ? std::string(name) : fmt::format("{}", run.begin().*setting)) +
             "\n";
  };
  add(&TrainingSpec::l1, "l1", "tensor.grad.add_({} * tensor.sign())");
  add(&TrainingSpec::l2, "l2", "tensor.grad.add_(2 * {} * tensor)");
  if (lines.empty()) return "";
  if (rounds) lines += "            tensor.grad.copy_(to_format(tensor.grad))\n";
  return "    with torch.no_grad():  # of the penalty l1 sum |w| + l2 sum w^2, which the loss "
         "leaves "
         "out\n"
         "        for tensor in tensors:\n" +
         lines;
}

std::string clipping_text(const ScriptChanges& run, bool rounds) {
  std::string text;
  const auto add = [&](double TrainingSpec::*setting, const char* name, const char* function) {
    if (!run.is_ever(setting)) return;
    const bool changes = run.changes(setting);
    if (changes) text += fmt::format("    if {} > 0:\n    ", name);
    text += fmt::format("    torch.nn.utils.{}(tensors, {})\n", function,
                        changes ? std::string(name) : fmt::format("{}", run.begin().*setting));
  };
  add(&TrainingSpec::clip_value, "clip_value", "clip_grad_value_");
  add(&TrainingSpec::clip_norm, "clip_norm", "clip_grad_norm_");
  if (text.empty() || !rounds) return text;
  return text +
         "    for tensor in tensors:  # gradients are kept in the format, too\n"
         "        tensor.grad.copy_(to_format(tensor.grad))\n";
}

/// Whether training and evaluation differ.
bool has_modes(const NetworkSpec& network, const TrainingSpec& training) {
  return training.dropout > 0 || has_running(network);
}

/// The lines of a step that looks at what is held out.
std::string evaluation_text(const TrainingTask& task, const ScriptChanges& run, bool has_modes) {
  const std::string looks = run.looks_text();
  if (looks.empty() || task.held_out == 0) return "";
  const std::string accuracy =
      task.table.classes == 0
          ? ""
          : fmt::format(
                R"(            numbers = ~y.isnan().any(1)  # argmax takes a nan for the largest
            right = (y.argmax(1) == all_T[held_out]{}) & numbers
            line["accuracy"] = right.double().mean().item()
            if not numbers.all():
                line["nan_rows"] = (~numbers).sum().item()
)",
                task.loss == Loss::cross_entropy ? "" : ".argmax(1)");
  return fmt::format(R"(    if {}:
{}        with torch.no_grad():
            y = predict(table[held_out])
            line["held_out_loss"] = number(loss_of(y, all_T[held_out]))
{}{})",
                     looks, has_modes ? "        training = False\n" : "", accuracy,
                     has_modes ? "        training = True\n" : "");
}

/// An equation a line.
std::string equation_text(std::string_view equation) {
  std::string text = "# ";
  for (const char c : equation) text += c == ';' ? std::string("\n#") : std::string(1, c);
  return text;
}

/// The lines that leave the gradients of a step's batches, and the mean of their losses.
std::string batches_text(int accumulation, bool scales, bool rounds) {
  if (accumulation == 1)
    return fmt::format(R"(    X, T = next(batches)
    loss = loss_of(predict(X), T)
    {}.backward()
    line["loss"] = number(loss)
)",
                       scales ? "scaler.scale(loss)" : "loss");
  return fmt::format(R"(    losses = []
    for _ in range({0}):
        X, T = next(batches)
        loss = loss_of(predict(X), T)
        {1}(loss / {0}).backward()
        losses.append(loss.detach().double())
{2}    line["loss"] = number(sum(losses) / {0})
)",
                     accumulation, scales ? "scaler.scale" : "",
                     rounds ? "        for tensor in tensors:  # sums are kept in the format, too\n"
                              "            tensor.grad = to_format(tensor.grad)\n"
                            : "");
}

/// In front of the loop: the scaler of the loss.
std::string scaler_text(const LossScale& scale) {
  switch (scale.kind) {
    case LossScaleKind::none:
      break;
    case LossScaleKind::fixed:
      return fmt::format("scaler = torch.amp.GradScaler(\"cpu\", init_scale={})\n", scale.init);
    case LossScaleKind::dynamic:
      return fmt::format(
          "scaler = torch.amp.GradScaler(\"cpu\", init_scale={}, growth_interval={})\n", scale.init,
          scale.interval);
  }
  return "";
}

/// After backward: the gradients divided again.
std::string unscale_text(const LossScale& scale) {
  if (scale.kind == LossScaleKind::none) return "";
  return R"(    line["loss_scale"] = scaler.get_scale()
    scaler.unscale_(optimizer)
    line["skipped"] = not all(torch.isfinite(tensor.grad).all() for tensor in tensors)
)";
}

/// The optimizer's step, which a scaler skips where a gradient is not finite.
std::string update_text(const LossScale& scale, bool changes) {
  if (scale.kind == LossScaleKind::none) return "    optimizer.step()\n";
  const std::string fixed = changes ? "loss_scale" : fmt::format("float({})", scale.init);
  return fmt::format("    scaler.step(optimizer)\n    scaler.update({})\n",
                     scale.kind == LossScaleKind::fixed ? fixed : "");
}

std::string loop_text(const NetworkSpec& network, const TrainingTask& task,
                      const ScriptChanges& run, const PrecisionRow& row) {
  const TrainingSpec& training = run.begin();
  const OptimizerText& optimizer = optimizer_text(training.optimizer.kind);
  const bool changes = !run.learning_rate_text().empty();
  const bool rounds = row.emulated && row.weight->bits() < 32;
  return fmt::format(
      R"(
{}
optimizer = {}
loss_of = {}
{}{}{}batches = samples()
for step in range({}):
{}    line = {{"step": step, "lr": {}}}
{}{}    optimizer.zero_grad()
{}{}{}    norms = torch.stack([torch.linalg.vector_norm(tensor.grad) for tensor in tensors])
    line["grad_norm"] = number(torch.linalg.vector_norm(norms))
    {}
{}{}{})",
      equation_text(optimizer.equation), optimizer_line(training),
      task.loss == Loss::mse ? "F.mse_loss" : "F.cross_entropy",
      has_modes(network, training) ? "training = True  # not for what is held out\n" : "",
      scaler_text(training.loss_scale), run.names_text(), run.steps(), run.steps_text(),
      changes ? "learning_rate(step)" : fmt::format("{}", training.optimizer.lr),
      changes ? "    for group in optimizer.param_groups:\n        group[\"lr\"] = line[\"lr\"]\n"
              : "",
      evaluation_text(task, run, has_modes(network, training)),
      batches_text(training.accumulation, training.loss_scale.kind != LossScaleKind::none, rounds),
      unscale_text(training.loss_scale), penalty_text(run, rounds),
      network.networks > 1 ? "lines.append(line)" : "print(json.dumps(line))",
      clipping_text(run, rounds), update_text(training.loss_scale, run.has("loss_scale.init")),
      rounding_text(row));
}

}  // namespace

Result<std::string> pytorch_training_script(const Experiment& experiment,
                                            const std::vector<LiveChange>& changes) {
  if (const auto good = check_changes(changes, experiment); !good)
    return tl::unexpected(good.error());
  const ScriptChanges run(experiment, changes);
  const NetworkSpec& network = experiment.network;
  const DataSpec& data = experiment.data;
  const auto task = training_task(experiment);
  if (!task) return tl::unexpected(task.error());
  const auto row = precision_row(network.precision, network.execution, /*cuda=*/false);
  if (!row) return tl::unexpected(row.error());
  const PrecisionText precision = precision_text(*row);
  const bool table = reads_table(data.kind);
  const int recompute = experiment.training.recompute;
  const std::string one =
      parameters_text(network, data, precision, table ? take_targets_text(*task, data) : "",
                      network.networks > 1 ? "seed" : "") +
      head_parameters_text(network, task->outputs, precision) + running_text(network) +
      (table ? table_samples_text(*task, network.precision) : "") +
      loop_text(network, *task, run, *row);
  return head_text("A training run, step by step.", "train", data) +
         (recompute > 1 ? "import torch.utils.checkpoint\n" : "") +
         (recompute > 1 && has_running(network) ? "import contextlib\n" : "") + "\n" +
         precision.explanation + precision.definitions + part(draw_weight_text(network.init)) +
         part(read_table_text(data, network.precision)) + part(read_targets_text(data)) +
         part(activation_class_text(network.model, precision)) +
         part(layer_text(one_layer(network, *row, experiment.training.dropout, /*running=*/true), 0,
                         precision, table)) +
         part(json_number_text()) + part(predict_text(network, data, *row, precision, recompute)) +
         part(run.learning_rate_text()) +
         part(std::string(optimizer_text(experiment.training.optimizer.kind).definition)) +
         part(table ? "" : drawn_samples_text(data, network.precision)) +
         (network.networks > 1 ? networks_text(network, one) : part(one));
}

}  // namespace nanscope
