#pragma once

#include <string>
#include <string_view>

#include "engine/experiment/data.h"
#include "engine/experiment/network.h"
#include "engine/plan/description.h"
#include "engine/precision/precision.h"

// The parts of the PyTorch script, each a piece of Python with its own comments.
namespace nanscope {

/// A Python expression around another one: around("rounded(", ")").
struct Wrapper {
  std::string before;
  std::string after;
  std::string operator()(const std::string& inner) const { return before + inner + after; }
};

/// How a precision is written in Python: what is put around the expressions of a layer.
struct PrecisionText {
  std::string explanation;  ///< a comment
  std::string definitions;  ///< functions that the wrappers call
  Wrapper parameter;        ///< a drawn weight or bias, as it is stored
  Wrapper signal;           ///< the input X and the upstream gradient R
  Wrapper norm_input;       ///< the stream, on its way into the norm
  Wrapper product_input;    ///< the first factor of the matrix product
  Wrapper product_weight;   ///< the second one
  Wrapper product_bias;
  Wrapper product;            ///< its result
  Wrapper elementwise;        ///< the result of the activation and of the residual sum
  Wrapper measured_gradient;  ///< of an activation, as autograd leaves it
  /// Values are rounded after each operation: backward then sees the rounded activation.
  bool rounds_results = false;
  std::string parameter_format;  ///< torch dtype whose smallest normal counts, "torch.float16"
  std::string signal_format;
};

PrecisionText precision_text(const PrecisionRow& row);

/// The script's first lines: `what` it is, the command that prints the same, its imports.
std::string head_text(std::string_view what, std::string_view command, const DataSpec& data);

/// Two empty lines between the parts, as Python's style guide asks around functions.
std::string part(const std::string& text);

/// A plan of one layer of width x width, which stands for all of them; in a run `running`, as
/// PlanOptions has it.
PlanDescription one_layer(NetworkSpec network, const PrecisionRow& row, double dropout = 0,
                          bool running = false);

/// def draw_weight(units, fan_in).
std::string draw_weight_text(const Init& init);

/// def read_table(), for digits, points of a plane and files; empty otherwise. A text table that
/// can be read now is read by the script as it is read here: the same separator, decimal mark,
/// header and index.
std::string read_table_text(const DataSpec& data, Precision precision);

/// class Activation, where rounding comes between the activation and what backward needs of it;
/// empty otherwise.
std::string activation_class_text(const Model& model, const PrecisionText& precision);

/// def layer(h, weight, bias), which returns z, act(z) and the layer's output: the operations of
/// this layer of a plan. An input layer has neither norm nor residual.
std::string layer_text(const PlanDescription& plan, int layer, const PrecisionText& precision,
                       bool has_input_layer);

/// def number(x).
std::string json_number_text();

/// def statistics(x, format) and its helpers. `clips`: the format has no infinity and
/// clips at this value, which then counts as saturated; 0 for other formats.
std::string statistics_text(double clips);

/// def first_nonfinite(layers).
std::string first_nonfinite_text();

/// def read_targets(), for digits; points of a plane have theirs in read_table_text().
std::string read_targets_text(const DataSpec& data);

/// depth, width, batch and gain; then `parameters`, a list of (name, weight, bias), drawn.
/// `take_targets` are lines behind the one that reads a table; `seed`: the expression of a seed
/// that is not the network's.
std::string parameters_text(const NetworkSpec& network, const DataSpec& data,
                            const PrecisionText& precision, const std::string& take_targets = "",
                            const std::string& seed = "");

/// The networks of a run, one after the other: `one` for each seed, which appends its steps to
/// `lines`; then the lines that tell of all.
std::string networks_text(const NetworkSpec& network, const std::string& one);

/// The rest: draws, the two passes, the report.
std::string main_text(const NetworkSpec& network, const DataSpec& data,
                      const PrecisionText& precision);

/// Whether the file's name says .npy, in any case.
bool is_npy(const DataSpec& data);
/// Whether it is a text table.
bool reads_csv(const DataSpec& data);

}  // namespace nanscope
