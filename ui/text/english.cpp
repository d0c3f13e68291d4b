#include <array>

#include "ui/text/language.h"

// What the window and every lab say. Grouped by where they are read; the order within a group is
// that of the screen. The compiler sorts them by key.
namespace nanscope {
namespace {

constexpr auto kCommonTexts = sorted(std::to_array<TextEntry>({
    {"app.name", "NaNscope"},

    // What a curve is. "measured" and "predicted" are words of the whole product.
    {"plot.measured", "measured"},
    {"plot.predicted", "predicted"},
    {"plot.emulated", "emulated"},
    {"plot.native", "native"},

    {"plot.no_histogram", "No histogram in this pass"},

    // Around a picture.
    {"describe.separator", "  \u00B7  "},
    {"picture.made_by", "NaNscope {version}"},

    // The window: menus, actions, panels, dialogs.
    {"theme.light", "Light"},
    {"theme.dark", "Dark"},
    {"theme.projector", "Projector"},
    {"menu.file", "File"},
    {"menu.edit", "Edit"},
    {"menu.run", "Run"},
    {"menu.view", "View"},
    {"menu.help", "Help"},
    {"menu.demo", "Demo: {name}"},
    {"menu.new_from_demo", "New from demo"},
    {"document.unnamed", "experiment"},

    {"action.file.open", "Open ..."},
    {"action.file.save", "Save experiment"},
    {"action.file.save_as", "Save experiment as ..."},
    {"action.file.export", "Export picture ..."},
    {"action.file.export_plot", "Export this plot ..."},
    {"action.file.export_quickly", "Export picture now"},
    {"action.file.quit", "Quit"},
    {"action.edit.undo", "Undo"},
    {"action.edit.redo", "Redo"},
    {"action.edit.reset", "Back to the demo's values"},
    {"action.edit.copy", "Copy experiment as JSON"},
    {"action.edit.paste", "Paste experiment"},
    {"action.edit.copy_pytorch", "Copy as PyTorch script"},
    {"action.edit.copy_csv", "Copy data as CSV"},
    {"action.edit.copy_json", "Copy data as JSON"},
    {"action.run.again", "Run again"},
    {"action.run.new_weights", "New weights"},
    {"action.run.gain_up", "Raise the gain"},
    {"action.run.gain_down", "Lower the gain"},
    {"action.run.cancel", "Cancel the pass"},
    {"action.view.maximize", "One plot or all"},
    {"action.view.controls", "Controls"},
    {"action.view.inspector", "Inspector"},
    {"action.view.plots_only", "Plots only"},
    {"action.view.animated", "Animations"},
    {"action.view.fullscreen", "Full screen"},
    {"action.view.zoom_in", "Larger text"},
    {"action.view.zoom_out", "Smaller text"},
    {"action.view.zoom_reset", "Normal text"},
    {"action.view.reset_layout", "Reset the layout"},
    {"action.help.palette", "Find an action ..."},
    {"action.help.shortcuts", "Keyboard shortcuts"},
    {"action.lab", "Lab: {name}"},
    {"action.theme", "Theme: {name}"},
    {"action.demo", "Demo: {title}"},
    {"palette.hint", "Type what you want to do"},
    {"palette.nothing", "Nothing matches. Try \"gain\", \"export\" or \"fp16\"."},
    {"shortcuts.title", "Keyboard shortcuts"},

    {"state.loading", "Opening LibTorch ..."},
    {"status.cancelled", "Cancelled; the plots show the pass before."},
    {"message.dismiss", "Dismiss"},
    {"broken.title", "The engine could not be opened"},
    {"broken.help",
     "Nothing is lost: the experiment is kept and can be edited and saved. In a terminal, "
     "\"./nanscope doctor\" checks the machine and names the command that repairs it."},
    {"broken.copy", "Copy this message"},
    {"control.lab", "lab"},
    {"help.lab", "The instrument that the experiment is looked at with"},
    {"control.model.depth", "depth"},
    {"control.model.width", "width"},
    {"control.batch", "batch"},
    {"control.model.activation", "activation"},
    {"control.model.norm", "norm"},
    {"control.model.residual", "residual"},
    {"control.model.bias", "bias"},
    {"control.init.scheme", "scheme"},
    {"control.init.gain", "gain"},
    {"control.init.cut", "cut"},
    {"control.init.cut_reading", "read as"},
    {"control.init.bias_std", "bias std"},
    {"control.precision", "precision"},
    {"control.execution", "execution"},
    {"control.data.kind", "data"},
    {"control.device", "device"},
    {"control.seed", "seed"},
    {"control.networks", "networks"},
    {"control.reset", "Back to"},
    {"control.copy", "Copy"},
    {"control.range", "allowed: {low} to {high}"},
    {"control.choose_file", "Choose ..."},
    {"control.new_weights", "New weights"},
    {"control.new_weights_help", "Draws other weights and data: the seed goes up by one."},
    {"control.cut_effect",
     "The cut lies at {deviations} standard deviations and takes away {percent} % of the values."},
    {"help.model.depth", "Number of layers of width x width."},
    {"help.model.width", "Units of a layer. A weight matrix has width x width numbers."},
    {"help.batch", "Samples that go through the net at once: the rows of every activation."},
    {"help.model.activation",
     "The function after each matrix: h = act(W x). leaky_relu has the slope 0.01, gelu is the "
     "exact one with erf."},
    {"help.model.norm",
     "Applied to the input of each layer: layernorm takes away the mean and divides by the "
     "standard deviation, rmsnorm divides by the root mean square. Both per sample, eps 1e-5."},
    {"help.model.residual", "Adds a layer's input to its output: h' = h + act(W h)."},
    {"help.model.bias", "Adds a vector b to each layer: z = W x + b."},
    {"help.init.scheme",
     "How weights are drawn. normal: N(0, 1). inv_sqrt: N(0, 1) / sqrt(fan_in). truncated: the "
     "same with its tails cut. xavier: variance 2 / (fan_in + fan_out). kaiming: variance 2 / "
     "fan_in. orthogonal: W W^T = 1."},
    {"help.init.gain",
     "Multiplies every drawn weight, so variances change by gain^2 a layer. The same draw is "
     "rescaled. Ctrl+Up and Ctrl+Down change it by a tenth."},
    {"help.init.cut", "Weights beyond the cut are drawn again."},
    {"help.init.cut_reading",
     "std: the cut counts standard deviations. absolute: it is the weight's own value, as a and b "
     "are in PyTorch's trunc_normal_; for a small standard deviation that cuts nothing."},
    {"help.init.bias_std", "Biases are drawn from N(0, bias_std^2)."},
    {"help.precision",
     "The number format of weights, activations and gradients. mixed: fp32 weights, 16-bit matrix "
     "products."},
    {"help.execution",
     "native: the processor computes in the format. emulated: fp32 operations, each result "
     "rounded to the format. auto: native where it is fast."},
    {"help.device",
     "Where tensors live and operations run. auto: the GPU where NVIDIA's driver and the CUDA "
     "libraries are, else the processor. Weights and data are the same on both."},
    {"help.data.kind",
     "The input X. normal: N(0, 1). constant_norm: rows of length sqrt(C). digits: 1,797 real "
     "handwritten digits. file: your own .csv or .npy; drop it on the window."},
    {"help.seed", "Weights, then biases, X and the upstream gradient are drawn from this seed."},
    {"help.networks",
     "Networks that run side by side with the seeds seed, seed + 1, ...; the plots show their "
     "spread."},
    {"plots.export", "Export this plot ..."},
    {"plots.copy_data", "Copy data as CSV"},
    {"plots.maximize", "Show this plot alone"},
    {"plots.restore", "Show all plots"},

    {"chooser.open_title", "Open an experiment or an exported picture"},
    {"chooser.data_title", "Choose input data: one row a sample"},
    {"chooser.weights_title", "Choose weights: a .safetensors file"},
    {"chooser.save_title", "Save the experiment"},
    {"chooser.export_title", "Export the picture to"},
    {"chooser.folder_help", "The folder. Type another one and press Enter."},
    {"chooser.name", "File name, or a path"},
    {"chooser.up", "../  one folder up"},
    {"chooser.empty", "No such files here."},
    {"chooser.unreadable", "This folder cannot be listed: {reason}."},
    {"chooser.replaces", "This file exists and will be replaced."},
    {"chooser.open", "Open"},
    {"chooser.save", "Save"},
    {"chooser.replace", "Replace"},
    {"dialog.cancel", "Cancel"},
    {"export.title", "Export a picture"},
    {"export.what", "what"},
    {"export.whole_lab", "whole lab"},
    {"export.size", "size"},
    {"export.custom", "custom"},
    {"export.pixels", "pixels"},
    {"export.kind", "as"},
    {"export.theme", "theme"},
    {"export.data", "data"},
    {"export.choose_file", "Choose file ..."},
    {"toast.exported", "Exported {file}"},
    {"toast.open_folder", "Open folder"},
    {"toast.saved", "Saved {file}"},
    {"toast.copied", "Copied"},
    {"toast.copied_experiment", "Experiment copied as JSON"},
    {"toast.copied_pytorch", "PyTorch script copied"},
    {"toast.copied_csv", "Data copied as CSV"},
    {"toast.copied_json", "Data copied as JSON"},
    {"toast.pasted", "Experiment pasted"},
}));
static_assert(keys_are_unique(kCommonTexts), "two texts share a key");

}  // namespace

TextTable english_common_texts() { return kCommonTexts; }

}  // namespace nanscope
