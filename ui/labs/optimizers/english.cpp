#include <array>

#include "ui/labs/optimizers/optimizers_lab.h"

namespace nanscope {
namespace {

constexpr auto kTexts = sorted(std::to_array<TextEntry>({
    {"lab.optimizers", "Optimizers"},
    {"plot.loss_surface", "Paths on the loss surface"},
    {"plot.descent", "Loss by step"},
    {"plot.short.loss_surface", "surface"},
    {"plot.short.descent", "loss by step"},
    {"plot.short.anatomy", "anatomy of a step"},

    {"control.optimizers.surface", "surface"},
    {"help.optimizers.surface",
     "The loss of a parameter of two elements, x and y. Another one begins at a start of its own; "
     "its formula stands in the inspector. run: a plane through the parameters of Training's "
     "network, with the run's own loss, measured."},
    {"control.optimizers.condition", "condition"},
    {"help.optimizers.condition",
     "The largest curvature over the smallest, which is 1: how narrow the valley is."},
    {"control.optimizers.directions", "directions"},
    {"help.optimizers.directions",
     "What spans the plane through the run's parameters. principal: the two directions that hold "
     "most of the run's movement. random: N(0,1), each row as long as the weight's own row (Li et "
     "al. 2018, filter normalization)."},
    {"control.optimizers.after", "after step"},
    {"help.optimizers.after",
     "The plane's middle, x = y = 0: the run's parameters after so many of its steps. 0: as it "
     "began."},
    {"control.optimizers.span", "span"},
    {"help.optimizers.span",
     "How far the loss is measured from the middle, each way. 0: 1 of random directions, and what "
     "shows the whole run of principal ones."},
    {"control.optimizers.x", "start x"},
    {"help.optimizers.x",
     "Where the paths begin. A click on the surface sets it, a drag moves it."},
    {"control.optimizers.y", "start y"},
    {"help.optimizers.y",
     "Where the paths begin. A click on the surface sets it, a drag moves it."},
    {"control.optimizers.shown", "optimizers"},
    {"help.optimizers.shown",
     "The optimizers that begin there, each once. One may have a rate of its own: adam lr=0.1."},
    {"control.optimizers.lr", "learning rate"},
    {"help.optimizers.lr", "How far a step goes, of all that have no rate of their own."},
    {"control.optimizers.momentum", "momentum"},
    {"help.optimizers.momentum", "The share of the last step's velocity that stays."},
    {"control.optimizers.dampening", "dampening"},
    {"help.optimizers.dampening", "The share of the gradient that is kept out of the velocity."},
    {"control.optimizers.alpha", "alpha"},
    {"help.optimizers.alpha", "The share of the mean square of gradients that stays, in rmsprop."},
    {"control.optimizers.beta1", "beta1"},
    {"help.optimizers.beta1", "The share of the mean gradient that stays."},
    {"control.optimizers.beta2", "beta2"},
    {"help.optimizers.beta2", "The share of the mean square of gradients that stays."},
    {"control.optimizers.eps", "eps"},
    {"help.optimizers.eps", "Added to $sqrt(v)$, so that nothing is divided by zero."},
    {"control.optimizers.weight_decay", "decay"},
    {"help.optimizers.weight_decay", "The share of the parameter that is taken from it in a step."},
    {"control.optimizers.steps", "steps"},
    {"help.optimizers.steps", "How many steps each optimizer takes."},
    {"control.optimizers.format", "format"},
    {"help.optimizers.format",
     "Parameter, gradient and state are numbers of this format: each operation on them is rounded "
     "to it."},
    {"control.optimizers.watched", "looked at"},
    {"help.optimizers.watched", "The optimizer whose state and step are shown."},
    {"control.optimizers.step", "step"},
    {"help.optimizers.step",
     "The step that is shown on the surface, over the losses and in the anatomy. A click on the "
     "losses chooses one, Space plays them, over the plots Left and Right take the next one, F5 "
     "goes "
     "back to the first and End to the last."},
    {"control.optimizers.element", "element"},
    {"help.optimizers.element", "The element of the parameter whose numbers the anatomy shows."},

    {"optimizers.surface", "Loss surface"},
    {"optimizers.shown", "Optimizers"},
    {"optimizers.format", "Format"},
    {"optimizers.settings", "Settings"},
    {"optimizers.looked_at", "Looked at"},
    {"optimizers.status", "exact arithmetic, rounded in software"},
    {"optimizers.start", "start"},
    {"optimizers.minimum", "minimum"},
    {"optimizers.computed", "computed in {format}"},
    {"optimizers.loss_in_fp64", "of the paths' places, in fp64"},
    {"optimizers.arrow", "arrow: -{symbol}"},
    {"optimizers.ellipse", "ellipse: 1 / sqrt({symbol})"},
    {"optimizers.step", "step {step}"},
    {"optimizers.at_step", "{optimizer}, step {step}"},
    {"optimizers.place", "x {x}, y {y}"},
    {"optimizers.loss_there", "loss {loss}"},
    {"optimizers.gradient_there", "gradient {x}, {y}"},

    {"optimizers.anatomy", "{optimizer}, step {step}, {element}"},
    {"optimizers.operation", "operation"},
    {"optimizers.in_format", "in {format}"},
    {"optimizers.in_fp64", "exact"},
    {"optimizers.difference", "against exact"},
    {"optimizers.same", "the same"},
    {"optimizers.rounded", "rounded"},
    {"optimizers.off", "off by over 1 %"},
    {"optimizers.vanished", "vanished"},
    {"optimizers.absorbed", "adds nothing"},
    {"optimizers.stays", "stays"},
    {"optimizers.nonfinite", "not finite"},

    {"optimizers.equation", "Its equation"},
    {"optimizers.surface_equation", "The loss and its gradient"},
    {"optimizers.ends", "Where they end"},
    {"optimizers.of_condition", "condition {condition}"},
    {"optimizers.surface.quadratic", "quadratic"},
    {"optimizers.surface.rosenbrock", "Rosenbrock"},
    {"optimizers.surface.beale", "Beale"},
    {"optimizers.surface.saddle", "saddle"},
    {"optimizers.surface.run", "a run's plane"},

    {"optimizers.run_is", "The run set here: {run}."},
    {"optimizers.run_projected", "the run, projected: {percent} % of its movement"},
    {"optimizers.run_at", "run, step {step}"},
    {"optimizers.of_run", "The run's own loss"},
    {"optimizers.run_first", "first"},
    {"optimizers.run_last", "last"},
    {"optimizers.rows_drawn", "on the {rows} samples of its first step"},
    {"optimizers.rows_all", "on all {rows} rows it trains on"},
    {"optimizers.rows_some", "on {rows} of the {trained} rows it trains on"},
    {"optimizers.grid", "{measured}, {side} x {side} points"},
    {"optimizers.loss_measured", "loss {measured}"},
    {"optimizers.steps_computed", "steps computed in {format}"},
    {"optimizers.loss_between", "loss {loss}, between measured points"},
    {"optimizers.loss_beside", "loss {loss}, of its own parameters beside the plane"},
    {"optimizers.unmeasured", "not measured here; a larger span reaches it"},
    {"optimizers.axis.random",
     "{axis}: random direction {number}, in lengths of the weights' rows"},
    {"optimizers.axis.principal",
     "{axis}: principal direction {number}, {percent} % of the run's movement"},
    {"optimizers.plane.random", "random plane after step {after} of {steps}"},
    {"optimizers.plane.principal", "principal plane after step {after} of {steps}"},
    {"optimizers.about.random",
     "L is the loss of all {parameters} parameters; theta0 are those after step {after}. d1 and d2 "
     "are drawn from N(0,1), each row scaled to the length of the weight's own row; biases and the "
     "parameters of norms stay (Li et al. 2018)."},
    {"optimizers.about.principal",
     "L is the loss of all {parameters} parameters; theta0 are those after step {after}. d1 and d2 "
     "have length 1 and hold most of the squared distances of the run's steps from theta0 (Li et "
     "al. 2018, section 7.2)."},

    {"optimizers.sentence.diverges", "{optimizer} diverges at step {step}."},
    {"optimizers.sentence.nonfinite", "{optimizer} has no finite place from step {step} on."},
    {"optimizers.sentence.rate",
     "{optimizer} diverges at step {step}: lr {lr} is above 2/{condition} = {most}."},
    {"optimizers.sentence.rate_decay",
     "{optimizer} diverges at step {step}: lr {lr} is above 2/({condition} + {decay}) = {most}."},
    {"optimizers.sentence.more_diverge.one", "One more diverges."},
    {"optimizers.sentence.more_diverge.many", "{count} more diverge."},
    {"optimizers.sentence.absorbed",
     "{format}: {optimizer} stands still from step {step}: its update is below half an ulp."},
    {"optimizers.sentence.no_update",
     "{format}: {optimizer} stands still from step {step}: its update has become 0."},
    {"optimizers.sentence.more_stand.one", "One more stands still."},
    {"optimizers.sentence.more_stand.many", "{count} more stand still."},
    {"optimizers.sentence.nearest.one",
     "{optimizer} comes nearest: {distance} from the minimum after 1 step."},
    {"optimizers.sentence.nearest.many",
     "{optimizer} comes nearest: {distance} from the minimum after {count} steps."},
    {"optimizers.sentence.smallest_loss", "{optimizer} has the smallest loss: {loss}."},
    {"optimizers.sentence.lowest.one", "{optimizer} gets lowest: loss {loss} after 1 step."},
    {"optimizers.sentence.lowest.many",
     "{optimizer} gets lowest: loss {loss} after {count} steps."},
    {"optimizers.sentence.run",
     "The run itself comes to {loss}; the plane holds {percent} % of its movement."},
    {"optimizers.sentence.run_until",
     "The run's parameters are finite after step {step} and no longer at its end; the plane holds "
     "{percent} % of their movement."},
    {"optimizers.sentence.nonfinite_grid", "On {percent} % of the plane the loss is not finite."},
    {"optimizers.sentence.less_than", "less than {distance}"},
    {"optimizers.sentence.comes.one", "{optimizer} is {distance} from the minimum after 1 step."},
    {"optimizers.sentence.comes.many",
     "{optimizer} is {distance} from the minimum after {count} steps."},
}));
static_assert(keys_are_unique(kTexts));

}  // namespace

TextTable english_optimizers_texts() { return kTexts; }

}  // namespace nanscope
