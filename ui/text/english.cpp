#include "ui/text/english.h"

#include <algorithm>
#include <array>

// The English texts. Grouped by where they are read; the order within a group is that of the
// screen. The compiler sorts them by key.
namespace nanscope {
namespace {

constexpr auto kTexts = std::to_array<TextEntry>({
    {"app.name", "NaNscope"},
    {"app.tagline", "the numerics of training, measured"},

    // The plots' names and axes.
    {"plot.forward_variance", "Signal variance by layer"},
    {"plot.backward_variance", "Gradient variance by layer"},
    {"plot.histogram", "Magnitudes by layer"},
    {"plot.special_values", "Special values by layer"},
    {"plot.axis.layer", "layer"},
    {"plot.axis.variance", "variance"},
    {"plot.axis.magnitude", "magnitude |x|"},
    {"plot.axis.share", "share of values"},

    // What a curve is. "measured" and "predicted" are words of the whole product.
    {"plot.measured", "measured"},
    {"plot.predicted", "predicted"},
    {"plot.emulated", "emulated"},
    {"plot.native", "native"},
    {"plot.seeds", "90 % of {count} measured networks"},
    {"plot.predicted_band", "predicted, and where 95 % of networks lie"},
    {"plot.median_of", "{tensor}, median"},
    {"plot.ratio", "measured / predicted"},
    {"plot.count", "values"},
    {"plot.measured_native", "measured in {precision}"},
    {"plot.measured_emulated", "measured in emulated {precision}"},
    {"plot.title_of", "{title}: {tensor}"},
    {"plot.heat_scale", "0.01 % to 100 % of a layer's values"},
    {"plot.input_layer", "in"},

    {"tensor.weight", "weights"},
    {"tensor.preactivation", "pre-activations"},
    {"tensor.activation", "activations"},
    {"tensor.activation_grad", "activation gradients"},
    {"tensor.weight_grad", "weight gradients"},

    // One element of a tensor, in tags: "linear 4 activation = inf".
    {"tensor.one.weight", "weight"},
    {"tensor.one.preactivation", "pre-activation"},
    {"tensor.one.activation", "activation"},
    {"tensor.one.activation_grad", "activation gradient"},
    {"tensor.one.weight_grad", "weight gradient"},

    {"special.zeros", "zero"},
    {"special.subnormals", "subnormal"},
    {"special.infs", "inf"},
    {"special.nans", "nan"},
    {"special.saturated", "saturated"},

    {"limit.largest", "largest {format}"},
    {"limit.smallest_normal", "smallest normal {format}"},
    {"limit.smallest_subnormal", "smallest subnormal {format}"},
    {"limit.largest_squared", "(largest {format})\xC2\xB2"},
    {"limit.smallest_normal_squared", "(smallest normal {format})\xC2\xB2"},

    {"tag.overflow", "overflow: {layer} {tensor} = {value}"},
    {"tag.underflow", "underflow: {layer} {tensor} = 0"},
    {"tag.nan", "not a number: {layer} {tensor} = nan"},

    {"plot.empty", "Waiting for the first pass"},
    {"plot.nothing_finite", "No finite value to draw"},
    {"plot.no_histogram", "No histogram in this pass"},
    {"plot.no_special", "None: every value is an ordinary number"},
    {"plot.bin", "{low} to {high}"},

    // The sentence above the plots. Clauses are joined with "; " and end with a full stop.
    {"sentence.empty", "Waiting for the first pass."},
    {"sentence.grows", "Variance grows {factor}x a layer"},
    {"sentence.doubles", "Variance doubles every layer"},
    {"sentence.shrinks", "Variance shrinks {factor}x a layer"},
    {"sentence.halves", "Variance halves every layer"},
    {"sentence.left", "{share} of it is left after {layers} layers"},
    {"sentence.steady_percent", "Variance stays within {percent} % over {layers} layers"},
    {"sentence.steady_factor", "Variance stays within a factor of {factor} over {layers} layers"},
    {"sentence.one_layer", "One layer: variance {before} becomes {after}"},
    {"sentence.nothing_finite", "Nothing stays finite"},
    {"sentence.overflow", "{format} overflows at {layer}"},
    {"sentence.nan", "{layer} holds the first NaN"},
    {"sentence.backward_overflow", "gradients overflow {format} at {layer}"},
    {"sentence.dead", "{format} underflows to zero at {layer}"},
    {"sentence.gradients_grow", "gradients grow {factor}x a layer towards the input"},
    {"sentence.gradients_shrink", "gradients shrink {factor}x a layer towards the input"},
    {"sentence.gradients_steady", "gradients stay steady"},
    {"sentence.saturated", "{percent} % of the units saturate"},
    {"sentence.clipped", "{percent} % of the values are clipped to {format}'s largest"},
    {"sentence.subnormal", "up to {percent} % of a tensor is subnormal in {format}"},

    // An experiment in words, below a picture's title.
    {"describe.layers", "{depth} layers of {width} units, {activation}"},
    {"describe.one_layer", "1 layer of {width} units, {activation}"},
    {"describe.residual", ", residual"},
    {"describe.bias", ", bias"},
    {"describe.separator", "  \u00B7  "},
    {"describe.gain", "{scheme}, gain {gain}"},
    {"describe.cut_std", "{scheme} at \u00B1{cut} standard deviations"},
    {"describe.cut_absolute", "{scheme} at \u00B1{cut}, an absolute value"},
    {"describe.input", "{data}, batch {batch}"},
    {"describe.activation.identity", "no activation"},
    {"describe.activation.relu", "ReLU"},
    {"describe.activation.leaky_relu", "leaky ReLU"},
    {"describe.activation.gelu", "GELU"},
    {"describe.activation.silu", "SiLU"},
    {"describe.activation.tanh", "tanh"},
    {"describe.activation.sigmoid", "sigmoid"},
    {"describe.norm.layernorm", "LayerNorm"},
    {"describe.norm.rmsnorm", "RMSNorm"},
    {"describe.scheme.normal", "weights N(0, 1)"},
    {"describe.scheme.inv_sqrt", "weights N(0, 1/fan_in)"},
    {"describe.scheme.truncated", "weights N(0, 1/fan_in) cut"},
    {"describe.scheme.xavier", "Xavier normal weights"},
    {"describe.scheme.kaiming", "Kaiming normal weights"},
    {"describe.scheme.orthogonal", "orthogonal weights"},
    {"describe.data.normal", "input N(0, 1)"},
    {"describe.data.constant_norm", "input of constant norm"},
    {"describe.data.digits", "handwritten digits"},
    {"describe.data.file", "input from a file"},
    {"describe.precision.fp64", "fp64"},
    {"describe.precision.fp32", "fp32"},
    {"describe.precision.tf32", "tf32"},
    {"describe.precision.bf16", "bf16"},
    {"describe.precision.fp16", "fp16"},
    {"describe.precision.e4m3", "fp8 e4m3"},
    {"describe.precision.e5m2", "fp8 e5m2"},
    {"describe.precision.mixed_bf16", "mixed bf16"},
    {"describe.precision.mixed_fp16", "mixed fp16"},

    // A picture's foot.
    {"picture.seed", "seed {seed}"},
    {"picture.seeds", "seeds {first} to {last}"},
    {"picture.device", "{device}, {threads}"},
    {"picture.threads", "{count} threads"},
    {"picture.one_thread", "1 thread"},
    {"picture.made_by", "NaNscope {version}"},
});

constexpr auto kSorted = [] {
  auto texts = kTexts;
  std::ranges::sort(texts, {}, &TextEntry::first);
  return texts;
}();
static_assert(std::ranges::adjacent_find(kSorted, {}, &TextEntry::first) == kSorted.end(),
              "two texts share a key");

}  // namespace

std::span<const TextEntry> english_texts() { return kSorted; }

}  // namespace nanscope
