#include <array>

#include "ui/labs/costs/costs_lab.h"

namespace nanscope {
namespace {

// Of what is measured: views, plots, controls.
constexpr auto kMeasuredTexts = sorted(std::to_array<TextEntry>({
    {"costs.view.roofline", "Roofline of the run's operations"},
    {"costs.view.calibration", "Calibration of this machine"},
    {"plot.memory_treemap", "Memory as areas"},
    {"plot.operation_seconds", "Seconds of each operation"},
    {"plot.roofline", "Roofline"},
    {"plot.calibration", "FLOP/s of a matrix product by its size"},
    {"plot.short.memory_treemap", "memory as areas"},
    {"plot.short.operation_seconds", "seconds"},
    {"plot.short.roofline", "roofline"},
    {"plot.short.calibration", "calibration"},

    {"costs.measured", "measured"},
    {"costs.measured_heading", "Measured"},
    {"costs.measured_held", "measured: held for the plan"},
    {"costs.measured_note", "measured, median of {steps} steps, {threads}"},
    {"costs.predicted_and_measured", "predicted by the plan, measured at the allocator"},
    {"costs.not_measured", "Not measured yet: M measures."},
    {"costs.being_measured", "Being measured ..."},
    {"costs.being_measured_brief", "being measured ..."},
    {"costs.measure_again", "Measure again"},
    {"costs.calibrate", "Calibrate"},
    {"costs.cancel", "Cancel"},
    {"costs.waits", "waits for its turn"},
    {"costs.not_calibrated",
     "This machine is not calibrated yet: Calibrate measures it in 20 seconds at most."},
    {"costs.calibrated_at", "Calibrated {when}."},
    {"costs.calibrated_note", "measured {when}"},
    {"costs.disturbed", ", disturbed"},
    {"costs.disturbed_about",
     "Disturbed: a product is far slower than a smaller and a larger one, so something else was at "
     "work. What was faster before was kept; Calibrate measures once more."},
    {"costs.threads.one", "1 thread"},
    {"costs.threads.many", "{count} threads"},
    {"costs.this_machine", "this machine"},
    {"costs.machine", "This machine"},
    {"costs.alive", "most of it: {names}"},
    {"costs.no_peak_of_type", "No peak of {device} is known in {type}; peak takes one."},
    {"costs.foot.measured",
     "predicted, and {note}; {machine}; a multiply-add is 2 FLOPs; GB are 1e9 bytes, GiB 2^30"},
    {"costs.foot.calibrated", "measured {when}; a multiply-add is 2 FLOPs; GB are 1e9 bytes"},

    {"costs.part.beside", "beside the plan"},
    {"costs.part.kernels", "LibTorch's kernels"},
    {"costs.part.update", "update"},
    {"costs.part.other", "samples, norms, clipping"},
    {"costs.as_predicted", "as predicted"},
    {"costs.more_than_predicted", "{bytes} more"},
    {"costs.less_than_predicted", "{bytes} less"},
    {"costs.residual_line", "beside the plan, {name}: {bytes}"},
    {"costs.residual.data", "data"},
    {"costs.residual.samples", "samples"},
    {"costs.residual.held_out", "held-out rows"},
    {"costs.residual.decision_surface", "surface"},
    {"costs.residual.loss_scale", "loss scale"},
    {"costs.residual.gradient_norms", "norms"},
    {"costs.residual.loss_gradient", "loss gradient"},
    {"costs.residual.unnamed", "unknown"},
    {"costs.residual.temporaries", "kernels"},
    {"costs.residual.workspace", "workspace"},
    {"costs.peak_of", "{name}: peak {bytes}: {moment}"},
    {"costs.born", "new: {names}"},
    {"costs.freed", "gone after it: {names}"},
    {"costs.and_more", " and {count} more"},
    {"costs.share_of_step", "{share} % of a step"},
    {"costs.between", "between operations"},
    {"costs.looks_take_more",
     "Looked at one by one, the operations took {seconds} more than a step that nobody looks at: "
     "their shares are more than 100 %."},
    {"costs.times_a_step", "{times} times a step, {seconds} each"},
    {"costs.up_to", ", up to {rate}"},
    {"costs.axis.seconds", "time (s)"},
    {"costs.axis.milliseconds", "time (ms)"},
    {"costs.axis.microseconds", "time (us)"},
    {"costs.axis.intensity", "FLOPs a byte"},
    {"costs.axis.rate", "FLOP/s"},
    {"costs.axis.size", "n of a product (n, n) times (n, n)"},
    {"costs.roof_measured", "roof, measured"},
    {"costs.roof_of_datasheet", "roof, by datasheet"},
    {"costs.dots_at_most", "rings: at most, predicted"},
    {"costs.ridge", "ridge: {intensity} FLOPs a byte"},
    {"costs.ridge_short", "ridge"},
    {"costs.slope", "memory: {rate}"},
    {"costs.memory", "memory"},
    {"costs.reading.of_roof", "measured {rate}: {share} % of its roof, {roof}"},
    {"costs.reading.at_most", "at most {roof}"},
    {"costs.reading.product", "({size}, {size}) times ({size}, {size})"},
    {"costs.reading.cell", "here: {name}, {bytes}, {share} % of all"},

    {"costs.layer", "Layer {name}"},
    {"costs.largest_layers", "Layers, the largest first"},
    {"costs.allocator", "At the allocator"},
    {"costs.at_the_peak", "at the peak"},
    {"costs.process", "the process in all"},
    {"costs.allocator_about",
     "The plan's buffers as LibTorch's allocator has them, and what it holds besides at its peak "
     "({moment}). What LibTorch's kernels take for a moment is predicted; the workspace, which "
     "oneDNN chooses and single numbers take, is measured alone. The process has the runtime and "
     "LibTorch's own code, too."},
    {"costs.slowest", "What takes longest"},
    {"costs.time", "time"},
    {"costs.of_step_short", "of a step"},
    {"costs.a_step", "a step"},
    {"costs.of_peak", "of a peak of"},
    {"costs.peak_is",
     "Peak: {name}, {type}. MFU counts the model's FLOPs, HFU also what is computed again."},
    {"costs.roofs", "Roofs"},
    {"costs.roofline_about",
     "min(peak, intensity x bandwidth): left of the ridge an operation waits for memory, right of "
     "it for the products. What lies in a cache may be faster than memory's slope."},
    {"costs.copy", "memory, copy"},
    {"costs.triad", "memory, triad"},
    {"costs.arrays_of", "of arrays of"},
    {"costs.took", "took"},
    {"costs.calibration_about",
     "The shortest of several runs of each product, and arrays beyond the caches. It is kept for "
     "this processor, number of threads and LibTorch."},

    {"costs.sentence.held_as_predicted",
     "Measured, the allocator held {peak} at the peak, with what lies beside the plan: as "
     "predicted, to the byte."},
    {"costs.sentence.held_more",
     "Measured, the allocator held {peak} at the peak, with what lies beside the plan: {bytes} "
     "more than predicted, which LibTorch's kernels take."},
    {"costs.sentence.held_less",
     "Measured, the allocator held {peak} at the peak, with what lies beside the plan: {bytes} "
     "less than predicted."},
    {"costs.sentence.training", "Training is at step {step} of {steps} of it."},
    {"costs.sentence.measured_step", "Measured, a step takes {seconds} and reaches {rate}"},
    {"costs.sentence.utilisation", "MFU {mfu} %, HFU {hfu} % of {peak} ({name}, {type})."},
    {"costs.sentence.doubt",
     "More than 100 %: {peak} is not this work's peak; another type of numbers or another machine "
     "computed."},
    {"costs.sentence.roofline",
     "{name} in {type}: below {ridge} FLOPs a byte its memory, {bandwidth}, is the limit, above "
     "its products, {peak}."},
    {"costs.sentence.roof_of_device", "The rings are what the run's operations could reach there."},
    {"costs.sentence.slowest",
     "Most time goes to {operation}: {share} % of a step, at {of_roof} % of its roof."},
    {"costs.sentence.calibration",
     "Products in {type} reach {peak} at {size} x {size} with {threads}; memory moves "
     "{bandwidth}."},

    {"control.costs.measured", "measure"},
    {"help.costs.measured",
     "Runs some steps and measures memory, seconds and what they reach, beside what is predicted; "
     "again once a change has rested. M over the plots does it, and once more."},
    {"control.costs.roof", "peak"},
    {"help.costs.roof",
     "What MFU is a share of, and the roof: calibrated is what this machine reached; datasheet is "
     "a device's, in the table."},
}));
static_assert(keys_are_unique(kMeasuredTexts));

}  // namespace

TextTable english_measured_costs_texts() { return kMeasuredTexts; }

}  // namespace nanscope
