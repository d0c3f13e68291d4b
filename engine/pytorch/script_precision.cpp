#include <fmt/format.h>

#include "engine/plan/operations/operations.h"
#include "engine/pytorch/script_parts.h"

namespace nanscope {
namespace {

const Wrapper kUnchanged{"", ""};

PrecisionText unchanged(const PrecisionRow& row) {
  PrecisionText text;
  for (Wrapper PrecisionText::*wrapper :
       {&PrecisionText::parameter, &PrecisionText::signal, &PrecisionText::norm_input,
        &PrecisionText::product_input, &PrecisionText::product_weight, &PrecisionText::product_bias,
        &PrecisionText::product, &PrecisionText::elementwise, &PrecisionText::measured_gradient})
    text.*wrapper = kUnchanged;
  text.parameter_format = pytorch_dtype(*row.weight);
  text.signal_format = pytorch_dtype(*row.elementwise);
  return text;
}

/// Everything in one dtype, computed by PyTorch's own kernels.
PrecisionText native(const PrecisionRow& row) {
  PrecisionText text = unchanged(row);
  text.explanation = fmt::format("# Everything is stored and computed in {}.\n", row.weight->name);
  text.definitions = fmt::format("dtype = {}\n", text.signal_format);
  text.parameter = text.signal = {"", ".to(dtype)"};
  return text;
}

/// float32 weights and norms; matrix products, activations and the residual stream in 16 bits.
PrecisionText native_mixed(const PrecisionRow& row) {
  PrecisionText text = unchanged(row);
  text.explanation = fmt::format(
      "# Mixed precision: weights and norms are float32; matrix products, activations and the\n"
      "# residual stream are {}.\n",
      row.elementwise->name);
  text.definitions = fmt::format("dtype = {}\n", text.signal_format);
  text.signal = {"", ".to(dtype)"};
  text.norm_input = {"", ".float()"};
  text.product_input = text.product_weight = text.product_bias = {"", ".to(dtype)"};
  return text;
}

/// tf32: the factors of every matrix product are rounded, their sums and all else are float32.
PrecisionText rounded_factors(const PrecisionRow& row) {
  PrecisionText text = unchanged(row);
  text.explanation =
      "# tf32, emulated: all is float32, but the factors of every matrix product, on the way back\n"
      "# too, are rounded to 10 bits of mantissa, ties to even.\n";
  text.definitions = R"(
def to_tf32(x):
    bits = x.view(torch.int32)
    bits = (bits + ((bits >> 13) & 1) + 0xFFF) & ~0x1FFF
    return torch.where(x.isfinite(), bits.view(torch.float32), x)


class Factor(torch.autograd.Function):
    """A factor of a product: its value is rounded, the gradient passes."""

    @staticmethod
    def forward(context, x):
        return to_tf32(x)

    @staticmethod
    def backward(context, gradient):
        return gradient


class Product(torch.autograd.Function):
    """A product: its value passes; its gradient is a factor of the products on the way back."""

    @staticmethod
    def forward(context, x):
        return x.clone()

    @staticmethod
    def backward(context, gradient):
        return to_tf32(gradient)
)";
  text.product_input = text.product_weight = {"Factor.apply(", ")"};
  text.product = {"Product.apply(", ")"};
  return text;
}

/// Values and gradients are rounded after each float32 operation.
PrecisionText rounded(const PrecisionRow& row) {
  PrecisionText text = unchanged(row);
  const bool master_weights = row.weight != row.elementwise;
  text.explanation = fmt::format(
      "# {0}, emulated: operations compute in float32, and their results are rounded to {0},\n"
      "# on the way back too.{1}\n",
      row.elementwise->name,
      master_weights ? " The weights themselves and the norms stay in float32." : "");
  text.definitions = fmt::format(R"(
def to_format(x):
    """The nearest values of {0}, as float32."""
    return x.to({1}).float()


class Round(torch.autograd.Function):
    """Rounds values on the way forward and gradients on the way back."""

    @staticmethod
    def forward(context, x):
        return to_format(x)

    @staticmethod
    def backward(context, gradient):
        return to_format(gradient)


rounded = Round.apply
)",
                                 row.elementwise->name, text.signal_format);
  text.rounds_results = true;
  const Wrapper round_both_ways{"rounded(", ")"};
  text.norm_input = text.product_input = text.product_weight = text.product_bias = text.product =
      text.elementwise = round_both_ways;
  text.signal = text.measured_gradient = {"to_format(", ")"};
  if (!master_weights) text.parameter = text.signal;
  return text;
}

}  // namespace

PrecisionText precision_text(const PrecisionRow& row) {
  const bool one_format = row.weight == row.elementwise;
  if (!row.emulated) return one_format ? native(row) : native_mixed(row);
  return row.linear_input->name == "tf32" ? rounded_factors(row) : rounded(row);
}

}  // namespace nanscope
