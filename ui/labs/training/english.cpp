#include <array>

#include "ui/labs/training/training_lab.h"

// What the Training lab says.
namespace nanscope {
namespace {

constexpr auto kTrainingTexts = sorted(std::to_array<TextEntry>({
    {"lab.training", "Training"},

    {"plot.loss", "Loss by step"},
    {"plot.accuracy", "Accuracy by step"},
    {"plot.gradient_norm", "Gradient norm by step"},
    {"plot.learning_rate", "Learning rate by step"},
    {"plot.short.loss", "loss"},
    {"plot.short.accuracy", "accuracy"},
    {"plot.short.gradient_norm", "gradient norm"},
    {"plot.short.learning_rate", "learning rate"},
    {"plot.axis.step", "step"},
    {"plot.axis.loss", "loss"},
    {"plot.axis.accuracy", "share that is right"},
    {"plot.axis.gradient_norm", "norm of all gradients"},
    {"plot.axis.learning_rate", "learning rate"},

    {"run.training", "training"},
    {"run.held_out", "held out"},
    {"run.grad_norm", "gradient norm"},
    {"run.lr", "learning rate"},
    {"run.step", "step {step}"},
    {"run.nonfinite_at", "{value} at step {step}"},
    {"run.status", "{rate} steps/s"},
    {"run.describe", "{optimizer}, lr {lr}{schedule}  \u00B7  {network}"},
    {"run.schedule.constant", ""},
    {"run.schedule.warmup", ", warm-up"},
    {"run.schedule.step", ", in steps"},
    {"run.schedule.linear", ", linear"},
    {"run.schedule.cosine", ", cosine"},
    {"run.schedule.one_cycle", ", one cycle"},

    {"run.sentence.loss", "The loss is {value} at step {step}; nothing is learned after that."},
    {"run.sentence.grad_norm",
     "The gradients' norm is {value} at step {step}, while the loss is still a number."},
    {"run.sentence.going", "Step {done} of {steps}: the loss has gone from {first} to {last}"},
    {"run.sentence.stopped",
     "Stopped after {done} of {steps} steps: the loss went from {first} to {last}"},
    {"run.sentence.done.one", "In one step the loss goes from {first} to {last}"},
    {"run.sentence.done.many", "In {count} steps the loss goes from {first} to {last}"},
    {"run.sentence.accuracy", "; {percent} % of what is held out is right"},

    {"run.title", "The run"},
    {"run.steps", "steps"},
    {"run.rate", "steps/s"},
    {"run.step_flops", "FLOPs a step, predicted"},
    {"run.speed", "GFLOP/s"},
    {"run.last", "Last step"},
    {"run.optimizer", "How it steps"},

    {"section.optimizer", "Optimizer"},
    {"section.schedule", "Steps"},
    {"section.loss", "Loss"},

    {"control.optimizer.kind", "optimizer"},
    {"control.optimizer.lr", "learning rate"},
    {"control.optimizer.momentum", "momentum"},
    {"control.optimizer.dampening", "dampening"},
    {"control.optimizer.alpha", "alpha"},
    {"control.optimizer.beta1", "beta1"},
    {"control.optimizer.beta2", "beta2"},
    {"control.optimizer.eps", "eps"},
    {"control.optimizer.weight_decay", "decay"},
    {"control.schedule.kind", "schedule"},
    {"control.schedule.warmup", "warm-up"},
    {"control.schedule.period", "every"},
    {"control.schedule.factor", "factor"},
    {"control.schedule.final", "end"},
    {"control.clip.norm", "clip norm"},
    {"control.clip.value", "clip value"},
    {"control.accumulation", "accumulate"},
    {"control.evaluate", "look every"},
    {"control.statistics", "layers every"},
    {"control.model.dropout", "dropout"},
    {"control.loss", "loss"},
    {"control.steps", "steps"},
    {"control.data.target", "target"},
    {"control.data.held_out", "held out"},

    {"help.optimizer.kind", "What becomes of the gradients: the equation stands in the inspector."},
    {"help.optimizer.lr", "How far a step goes. A little too large, and the loss grows."},
    {"help.optimizer.momentum", "The share of the last step's velocity that stays."},
    {"help.optimizer.dampening",
     "What is taken off the gradient in the velocity: $1 - dampening$ of it counts."},
    {"help.optimizer.alpha",
     "The share of v, the running mean of the squared gradients, that stays in a step."},
    {"help.optimizer.beta1",
     "The share of m, the running mean of the gradients, that stays in a step."},
    {"help.optimizer.beta2",
     "The share of v, the running mean of their squares, that stays in a step."},
    {"help.optimizer.eps", "Added to $sqrt(v)$, so that nothing is divided by zero."},
    {"help.optimizer.weight_decay",
     "Pulls the weights to zero: added to the gradient, or beside it in adamw, lion, lamb and "
     "muon."},
    {"help.schedule.kind", "How the learning rate goes on from step to step."},
    {"help.schedule.warmup", "Steps in which the learning rate rises to its value."},
    {"help.schedule.period", "Steps from one fall of the learning rate to the next."},
    {"help.schedule.factor", "What each fall leaves of the learning rate."},
    {"help.schedule.final", "The share of the learning rate that is left at the end."},
    {"help.clip.norm",
     "Gradients whose norm, taken over all of them, is larger are made as short as this. 0: none "
     "is."},
    {"help.clip.value", "No element of a gradient is larger than this. 0: any may be."},
    {"help.accumulation", "Batches whose gradients are averaged for one step."},
    {"help.statistics",
     "Steps from one look at the layers' tensors to the next, for the run's lines. 0: none."},
    {"help.model.dropout", "The share of each layer's activations that become 0 in training."},
    {"help.evaluate", "Steps from one look at what is held out to the next. 0: only at the end."},
    {"help.loss",
     "What is made small: the mean of squared differences, or the cross-entropy of classes. auto: "
     "what suits the data."},
    {"help.steps", "Steps of the run."},
    {"help.data.target",
     "The column of the file that is learned, by its name or number. Empty: the last one."},
    {"help.data.held_out",
     "The share of the rows that is not trained on, to see what was learned."},
}));
static_assert(keys_are_unique(kTrainingTexts));

}  // namespace

TextTable english_training_texts() { return kTrainingTexts; }

}  // namespace nanscope
