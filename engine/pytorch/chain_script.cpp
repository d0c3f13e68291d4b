#include "engine/pytorch/chain_script.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <vector>

#include "engine/pytorch/python_literal.h"
#include "engine/tensor_language/one_line.h"
#include "engine/tensor_language/operations.h"
#include "engine/tensor_language/python_functions.h"
#include "engine/tensor_language/python_number.h"
#include "engine/tensor_language/syntax.h"

namespace nanscope {
namespace {

/// The names of a program that are neither its variables nor members of something.
struct FreeNames {
  std::set<std::string, std::less<>> functions, values, variables;
};

class NameCollector {
 public:
  explicit NameCollector(const Program& program) {
    for (const Statement& statement : program) {
      take(statement.value);
      if (statement.writes) take(statement.target);
      names_.variables.insert(statement.variables.begin(), statement.variables.end());
    }
  }
  FreeNames names() && { return std::move(names_); }

 private:
  void take(const Node& node, bool called = false) {
    if (node.kind == NodeKind::name && !names_.variables.contains(node.text))
      (called ? names_.functions : names_.values).insert(node.text);
    for (std::size_t i = 0; i < node.children.size(); ++i)
      take(node.children[i], node.kind == NodeKind::call && i == 0);
  }

  FreeNames names_;
};

/// "from torch import arange, tensor"; "" without names.
std::string import_line(std::string_view module, const std::vector<std::string>& names) {
  if (names.empty()) return "";
  return fmt::format("from {} import {}\n", module, fmt::join(names, ", "));
}

/// Where Python has a function that chains call by its bare name.
std::string_view module_of(std::string_view function) {
  const TensorOperation* operation = find_operation(function);
  // `repeat` is a method of PyTorch's and a function of einops'.
  if (function == "repeat") return "einops";
  if (operation == nullptr) return "";
  if (operation->group == OperationGroup::einops) return "einops";
  constexpr auto kFunctional =
      std::to_array<std::string_view>({"elu", "gelu", "hardsigmoid", "hardswish", "hardtanh",
                                       "leaky_relu", "mish", "relu6", "silu", "softplus"});
  return std::ranges::find(kFunctional, function) != kFunctional.end() ? "torch.nn.functional"
                                                                       : "torch";
}

/// Whether a chain takes a function of PyTorch's for math's where no tensor is among the arguments,
/// as sqrt(2).
bool is_of_both(std::string_view function) {
  return module_of(function) == "torch" && !is_python_function(function) &&
         is_math_function(function);
}

/// A function for both: "sqrt = either(torch.sqrt, math.sqrt)"; "" where none is called.
std::string either_text(const FreeNames& names) {
  std::string lines;
  for (const std::string& function : names.functions)
    if (is_of_both(function)) lines += fmt::format("{0} = either(torch.{0}, math.{0})\n", function);
  if (lines.empty()) return "";
  return fmt::format(R"(
def either(of_tensors, of_others):
    """PyTorch's function where a tensor is among the arguments, else that of math."""
    def call(*values, **named):
        given = [*values, *named.values()]
        tensors = [value for value in given if isinstance(value, torch.Tensor)]
        return (of_tensors if tensors else of_others)(*values, **named)

    return call


{}
)",
                     lines);
}

/// Whether a function of math's is called by its bare name.
bool needs_math(const FreeNames& names) {
  return names.values.contains("math") || std::ranges::any_of(names.functions, is_of_both);
}

std::string imports_text(const FreeNames& names) {
  std::string text = needs_math(names) ? "import math\n" : "";
  text += "\n";
  if (names.values.contains("einops")) text += "import einops\n";
  text += "import torch\n";
  if (names.values.contains("F")) text += "import torch.nn.functional as F\n";
  std::vector<std::string> of_einops, of_math, of_torch, of_functional;
  for (const std::string& function : names.functions) {
    const std::string_view module = module_of(function);
    if (module == "einops") of_einops.push_back(function);
    if (is_torch_class(function) ||
        (module == "torch" && !is_of_both(function) && !is_python_function(function)))
      of_torch.push_back(function);
    if (module.empty() && is_math_function(function)) of_math.push_back(function);
    if (module == "torch.nn.functional") of_functional.push_back(function);
  }
  std::string dtypes;
  for (const std::string& value : names.values) {
    if (math_constant(value) && value != "e" && value != "tau") of_math.push_back(value);
    if (value == "nn") of_torch.push_back(value);
    if (value == "functional") text += "import torch.nn.functional as functional\n";
    // bool, int and float are Python's, which PyTorch takes for dtypes, too.
    if (const std::string_view dtype = dtype_name(value);
        !dtype.empty() && !is_python_function(value))
      dtypes += fmt::format("{} = torch.{}\n", value, dtype);
  }
  text = import_line("math", of_math) + text + import_line("einops", of_einops) +
         import_line("torch", of_torch) + import_line("torch.nn.functional", of_functional);
  return dtypes.empty() ? text : text + "\n" + dtypes;
}

constexpr std::string_view kShow = R"(
def show(words, value):
    """A tensor's place in its storage, and its values; anything else as it is."""
    print(words)
    if isinstance(value, torch.Tensor):
        print(f"  shape {list(value.shape)}, stride {list(value.stride())},"
              f" offset {value.storage_offset()}, {value.dtype}")
    print(value, end="\n\n")
)";

bool has_line_with_dot(std::string_view words) {
  for (std::size_t at = words.find('\n'); at != std::string_view::npos; at = words.find('\n', at))
    if (at = words.find_first_not_of(" \t\r\n", at); at < words.size() && words[at] == '.')
      return true;
  return false;
}

/// A statement of the chain, and what shows its value.
std::string statement_text(const Statement& statement, std::string_view words) {
  const std::string shown = python_literal(words);
  if (statement.variables.empty() && !statement.writes)
    return fmt::format("show({}, (\n{}\n))\n", shown, words);
  // Outside of brackets Python does not go on with a line that begins with a dot.
  std::string text = fmt::format("{}\n", has_line_with_dot(words) ? one_line(words) : words);
  if (statement.writes) {
    const Node* written = &statement.target;
    while (!written->children.empty()) written = &written->children.front();
    return text + fmt::format("show({}, {})\n", shown, written->text);
  }
  for (const std::string& variable : statement.variables)
    text += fmt::format("show({}, {})\n",
                        statement.variables.size() == 1
                            ? shown
                            : python_literal(fmt::format("{} of {}", variable, words)),
                        variable);
  return text;
}

/// What stands between statements: comments, imports.
std::string between_text(std::string_view text) {
  constexpr std::string_view kSeparators = " \t\r\n;";
  const std::size_t begin = text.find_first_not_of(kSeparators);
  if (begin == std::string_view::npos) return "";
  return fmt::format("{}\n", text.substr(begin, text.find_last_not_of(kSeparators) + 1 - begin));
}

}  // namespace

Result<std::string> pytorch_chain_script(const std::string& expression, std::uint64_t seed) {
  const auto program = parse_program(expression);
  if (!program) return tl::unexpected(check_program(expression).error());
  std::string statements;
  std::size_t done = 0;
  for (const Statement& statement : *program) {
    const auto begin = static_cast<std::size_t>(statement.begin);
    const auto end = static_cast<std::size_t>(statement.end);
    const std::string_view text = expression;
    statements += between_text(text.substr(done, begin - done));
    statements += statement_text(statement, text.substr(begin, end - begin));
    done = end;
  }
  const FreeNames names = NameCollector(*program).names();
  return fmt::format(R"(#!/usr/bin/env python3
"""A chain of tensor operations, statement by statement.

Written by NaNscope. Under PyTorch 2.15 on the CPU its tensors are those of `nanscope tensor`.
"""

{}
{}
{}

torch.manual_seed({})
{})",
                     imports_text(names), either_text(names), kShow.substr(1), seed, statements);
}

}  // namespace nanscope
