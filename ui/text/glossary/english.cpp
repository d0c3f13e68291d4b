#include <array>

#include "ui/text/language.h"

// The words of the glossary: each term's name, and what it is in one or two sentences.
namespace nanscope {
namespace {

constexpr auto kGlossaryTexts = sorted(std::to_array<TextEntry>({
    {"term.absmax", "absmax quantization"},
    {"term.absmax.is",
     "Integers times a scale: the largest magnitude of a tensor, a channel or a block over the "
     "largest integer. One outlier makes all steps coarse."},
    {"term.absorption", "absorption"},
    {"term.absorption.is", "a + b gives a: b is less than half a step of a."},
    {"term.accumulator", "accumulator"},
    {"term.accumulator.is",
     "What sums are kept in while products are added up: on tensor cores fp32, whatever format the "
     "inputs have."},
    {"term.activation", "activation"},
    {"term.activation.is",
     "What a layer gives to the next one: the function of its pre-activation."},
    {"term.activation_grad", "dL/dh'"},
    {"term.activation_grad.is",
     "The activation's gradient: how the loss changes with each unit's output. It comes back from "
     "the layer behind: that layer's dL/dz times its W."},
    {"term.band", "95 % band"},
    {"term.band.is",
     "Where theory expects the variance of one network, drawn at random: at least 95 of 100 are "
     "within. There is none where theory's own errors may be larger: in few units, in networks "
     "much deeper than wide, where networks differ by whole factors, and where the number format "
     "rounds coarsely, overflows or underflows."},
    {"term.bf16", "bf16"},
    {"term.bf16.is",
     "The upper half of fp32: 8 bits of exponent, 7 of mantissa. fp32's range with 2 to 3 digits."},
    {"term.block_scaled", "block-scaled format"},
    {"term.block_scaled.is",
     "Values in blocks that share a power of two of e8m0, so that each block uses the range of its "
     "narrow format. OCP's mxfp8, mxfp6 and mxfp4."},
    {"term.broadcasting", "broadcasting"},
    {"term.broadcasting.is",
     "A dimension of size 1 is read again and again, with stride 0, to meet a larger one."},
    {"term.cache_line", "cache line"},
    {"term.cache_line.is",
     "What memory hands over at a time: 64 bytes. Elements that are read one after the other along "
     "a line come together."},
    {"term.cancellation", "catastrophic cancellation"},
    {"term.cancellation.is",
     "The difference of two numbers that are nearly equal keeps their rounding errors and loses "
     "their common digits."},
    {"term.code", "code"},
    {"term.code.is", "The bits of a number as they lie in memory, read as one whole number."},
    {"term.condition", "condition number"},
    {"term.condition.is",
     "How much A x = b can enlarge relative errors: the largest singular value of A over its "
     "smallest."},
    {"term.contiguous", "contiguous"},
    {"term.contiguous.is",
     "In memory in the order of reading: the last dimension has stride 1, every other one the "
     "product of the sizes behind it."},
    {"term.digits", "decimal digits"},
    {"term.digits.is", "How many decimal digits the significand of a normal number is worth."},
    {"term.dtype", "dtype"},
    {"term.dtype.is", "The number format of a tensor's elements."},
    {"term.dynamic_map", "dynamic map"},
    {"term.dynamic_map.is",
     "bitsandbytes' 256 values for 8-bit optimizer states and weights: finer near 0, coarser near "
     "1."},
    {"term.e2m1", "e2m1"},
    {"term.e2m1.is", "OCP's fp4: 0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives."},
    {"term.e2m3", "e2m3"},
    {"term.e2m3.is", "OCP's fp6 with 3 bits of mantissa: up to 7.5."},
    {"term.e3m2", "e3m2"},
    {"term.e3m2.is", "OCP's fp6 with 2 bits of mantissa: up to 28."},
    {"term.e4m3", "e4m3"},
    {"term.e4m3.is",
     "OCP's fp8 for weights and activations: 4 bits of exponent, 3 of mantissa, no infinity, 448 "
     "the largest number. PyTorch's float8_e4m3fn."},
    {"term.e4m3fnuz", "e4m3fnuz"},
    {"term.e4m3fnuz.is",
     "AMD's and Graphcore's e4m3: finite, one NaN in the place of -0, and a bias one higher, so "
     "that 240 is the largest number. (finite, NaN, unsigned zero)"},
    {"term.e5m2", "e5m2"},
    {"term.e5m2.is",
     "OCP's fp8 for gradients: fp16 with 2 bits of mantissa. From 1.5e-5 to 57344."},
    {"term.e5m2fnuz", "e5m2fnuz"},
    {"term.e5m2fnuz.is",
     "AMD's and Graphcore's e5m2: no infinity, one NaN in the place of -0, and a bias one higher."},
    {"term.e8m0", "e8m0"},
    {"term.e8m0.is",
     "Powers of two alone, 2^-127 to 2^127: the scale that a block of OCP's microscaling formats "
     "shares. No sign, no zero."},
    {"term.emulated", "emulated"},
    {"term.emulated.is",
     "Computed in a wider format and rounded in software to one that the processor lacks, after "
     "every operation."},
    {"term.epsilon", "epsilon"},
    {"term.epsilon.is", "The step from 1 to the next number of a format with m bits of mantissa."},
    {"term.exponent", "exponent"},
    {"term.exponent.is",
     "The bits that hold a number's power of two, with a bias added so that they need no sign."},
    {"term.fan_in", "fan_in"},
    {"term.fan_in.is",
     "How many inputs each unit of a layer sums over: the columns of its weight matrix."},
    {"term.flop", "FLOP"},
    {"term.flop.is",
     "A floating-point operation. A product of (B, C) and (C, D) takes 2 B C D of them: as many "
     "products as additions."},
    {"term.fp16", "fp16"},
    {"term.fp16.is",
     "IEEE half: 5 bits of exponent, 10 of mantissa. 3 digits, from 6e-8 to 65504."},
    {"term.fp32", "fp32"},
    {"term.fp32.is",
     "IEEE single: 8 bits of exponent, 23 of mantissa. What is trained in unless something else is "
     "said."},
    {"term.fp64", "fp64"},
    {"term.fp64.is", "IEEE double: 11 bits of exponent, 52 of mantissa."},
    {"term.gain", "gain"},
    {"term.gain.is",
     "A factor on every drawn weight. Variances change with its square in every layer."},
    {"term.inf", "infinity"},
    {"term.inf.is",
     "What a result beyond the largest number becomes in formats that have it. inf - inf and 0 inf "
     "are NaN."},
    {"term.init_scheme", "initialization"},
    {"term.init_scheme.is",
     "How weights are drawn, before the gain: normal with variance 1, inv_sqrt and truncated with "
     "1 / fan_in, kaiming with 2 / fan_in, which keeps the variance through ReLU, xavier with 2 / "
     "(fan_in + fan_out), which keeps it there and back in a linear network."},
    {"term.int8", "int8"},
    {"term.int8.is", "Whole numbers from -128 to 127, times a scale."},
    {"term.kahan", "Kahan's sum"},
    {"term.kahan.is",
     "A sum that carries along what each addition has rounded away and adds it to the next term."},
    {"term.layernorm", "LayerNorm"},
    {"term.layernorm.is", "Takes away each sample's mean and divides by its standard deviation."},
    {"term.loss_scaling", "loss scaling"},
    {"term.loss_scaling.is",
     "The loss is multiplied by S before the pass back, so that small gradients are not lost in "
     "fp16; they are divided by S afterwards."},
    {"term.mantissa", "mantissa"},
    {"term.mantissa.is",
     "The bits that hold a number's digits. A normal number has a 1 before them that is not "
     "stored; with it they are the significand."},
    {"term.measured", "measured"},
    {"term.measured.is", "A number that comes out of tensors that were computed just now."},
    {"term.mfu", "MFU"},
    {"term.mfu.is",
     "Model FLOPs utilization: the FLOPs that the model needs over those that the device could "
     "have done in the time that it took."},
    {"term.mixed_precision", "mixed precision"},
    {"term.mixed_precision.is", "Matrix products in 16 bits, weights and their updates in fp32."},
    {"term.nan", "NaN"},
    {"term.nan.is",
     "Not a number: what inf - inf, 0 / 0 and every operation on a NaN give. It is not equal to "
     "anything, itself included."},
    {"term.native", "native"},
    {"term.native.is", "Computed by the processor in the format itself."},
    {"term.norm", "norm"},
    {"term.norm.is",
     "A step that gives each sample the same size whatever came in: LayerNorm, RMSNorm."},
    {"term.normal", "smallest normal"},
    {"term.normal.is", "The smallest number that still has all of its digits."},
    {"term.offset", "offset"},
    {"term.offset.is", "The cell of its storage at which a tensor's first element lies."},
    {"term.overflow", "overflow"},
    {"term.overflow.is", "A result whose magnitude is above the format's largest number."},
    {"term.pairwise", "summation by pairs"},
    {"term.pairwise.is",
     "Halves of the terms are summed in the same way and then added: errors grow with the "
     "logarithm of their number."},
    {"term.peak_memory", "peak memory"},
    {"term.peak_memory.is", "The most bytes that are held at one time."},
    {"term.preactivation", "pre-activation"},
    {"term.preactivation.is", "What a layer's matrix gives, before the activation function."},
    {"term.predicted", "predicted"},
    {"term.predicted.is", "A number that comes out of a formula, which is shown."},
    {"term.residual", "residual"},
    {"term.residual.is",
     "A layer's input is added to its output, so that the signal and its gradient have a way "
     "around it."},
    {"term.rms", "rms"},
    {"term.rms.is", "Root mean square: a tensor's typical magnitude."},
    {"term.rmsnorm", "RMSNorm"},
    {"term.rmsnorm.is", "Divides each sample by its root mean square."},
    {"term.rounding", "round to nearest even"},
    {"term.rounding.is",
     "A value between two numbers of a format becomes the nearer one; in the middle the one whose "
     "last bit is 0. IEEE 754's default."},
    {"term.saturating", "saturating"},
    {"term.saturating.is",
     "A value beyond the largest number becomes the largest one, not infinity."},
    {"term.saturation", "saturated unit"},
    {"term.saturation.is",
     "A unit of tanh or sigmoid so far from 0 that its slope is nearly 0: no gradient comes "
     "through."},
    {"term.sqnr", "SQNR"},
    {"term.sqnr.is",
     "Signal to quantization noise ratio, in decibels: 6 dB more are half the error."},
    {"term.stochastic", "stochastic rounding"},
    {"term.stochastic.is",
     "Up or down at random, up with the probability p that makes the mean exact. Small addends are "
     "not lost on average."},
    {"term.storage", "storage"},
    {"term.storage.is",
     "The memory that a tensor's elements lie in, in one row of cells. Several tensors may share "
     "one."},
    {"term.stride", "stride"},
    {"term.stride.is",
     "How many cells of memory lie between an element and the next one along a dimension. A view "
     "has strides of its own over the same memory."},
    {"term.subnormal", "subnormal"},
    {"term.subnormal.is",
     "A number below the smallest normal one: its exponent is the smallest there is and its "
     "leading 1 is missing, so that it has fewer digits the smaller it is."},
    {"term.tf32", "tf32"},
    {"term.tf32.is",
     "fp32's exponent with 10 bits of mantissa: what NVIDIA's tensor cores round fp32 inputs of a "
     "product to."},
    {"term.ulp", "ulp"},
    {"term.ulp.is",
     "Unit in the last place: what one more in the mantissa adds to a number, the step from it to "
     "the next one. It grows with the number's power of two."},
    {"term.underflow", "underflow"},
    {"term.underflow.is", "A result other than 0 that is so small that it becomes subnormal or 0."},
    {"term.unit_roundoff", "unit roundoff u"},
    {"term.unit_roundoff.is",
     "The largest relative error of one rounding to nearest, without over- and underflow: half of "
     "epsilon."},
    {"term.variance", "variance"},
    {"term.variance.is",
     "The mean square distance from the mean: how far a tensor's values are spread."},
    {"term.view", "view"},
    {"term.view.is",
     "A tensor over the memory of another one, with a shape and strides of its own: nothing is "
     "copied."},
    {"term.weight", "weight"},
    {"term.weight.is", "A number of a layer's matrix, drawn at random before training."},
    {"term.weight_grad", "dL/dW"},
    {"term.weight_grad.is",
     "The weight's gradient: how the loss changes with each weight. The optimizer takes its step "
     "from it."},
}));
static_assert(keys_are_unique(kGlossaryTexts), "two texts share a key");

}  // namespace

TextTable english_glossary_texts() { return kGlossaryTexts; }

}  // namespace nanscope
