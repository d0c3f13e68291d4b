#include "engine/tensors/einops.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/tensor_language/einops_recipe.h"
#include "engine/tensors/sources.h"

namespace nanscope {
namespace {

tl::unexpected<Failure> argument_failure(Message what) {
  return failure(TensorErrorKind::arguments, std::move(what));
}

ListValue tuple_of(const std::vector<std::int64_t>& numbers) {
  return {{numbers.begin(), numbers.end()}, true};
}

/// What einops prints around the reason.
std::string einops_message(std::string_view operation, std::string_view pattern,
                           const ChainValue& input, const AxisLengths& lengths,
                           std::string_view reason) {
  std::vector<std::string> given;
  for (const auto& [name, length] : lengths) given.push_back(fmt::format("'{}': {}", name, length));
  const std::string shape = input.tensor() ? fmt::format("Input tensor shape: torch.Size([{}]). ",
                                                         fmt::join(input.tensor()->sizes(), ", "))
                                           : "Input is list. ";
  return fmt::format(
      " Error while processing {}-reduction pattern \"{}\".\n {}Additional info: {{{}}}.\n {}",
      operation, pattern, shape, fmt::join(given, ", "), reason);
}

/// x.amax(dim) and its kind; any, all and prod take one dimension at a time.
Tried<ChainValue> reduce_dimensions(Executor& executor, const ChainValue& tensor,
                                    const std::string& operation, std::vector<std::int64_t> dims) {
  if (operation == "any" || operation == "all" || operation == "prod") {
    std::ranges::sort(dims, std::greater());
    Tried<ChainValue> result = tensor;
    for (const std::int64_t dim : dims) {
      if (!result) return result;
      result = executor.call(operation, {{*result, dim}}, true);
    }
    return result;
  }
  if (operation == "mean" && !at::isFloatingType(tensor.tensor()->scalar_type()))
    return failure(TensorErrorKind::einops,
                   message("reduce_mean is not available for non-floating tensors"));
  const std::string name = operation == "min" ? "amin" : operation == "max" ? "amax" : operation;
  return executor.call(name, {{tensor, tuple_of(dims)}}, true);
}

Tried<ChainValue> add_axes(Executor& executor, Tried<ChainValue> tensor,
                           const EinopsRecipe& recipe) {
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(recipe.dimensions_with_added), -1);
  for (const auto& [position, length] : recipe.added) {
    tensor = executor.call("unsqueeze", {{*tensor, position}}, true);
    if (!tensor) return tensor;
    sizes[static_cast<std::size_t>(position)] = length;
  }
  return executor.call("expand", {{*tensor, tuple_of(sizes)}}, true);
}

Tried<ChainValue> apply(Executor& executor, const EinopsRecipe& recipe,
                        const std::string& operation, Tried<ChainValue> tensor) {
  if (tensor && recipe.split)
    tensor = executor.call("reshape", {{*tensor, tuple_of(*recipe.split)}}, true);
  if (tensor && recipe.permutation)
    tensor = executor.call("permute", {{*tensor, tuple_of(*recipe.permutation)}}, true);
  if (tensor && !recipe.reduced.empty())
    tensor = reduce_dimensions(executor, *tensor, operation, recipe.reduced);
  if (tensor && !recipe.added.empty()) tensor = add_axes(executor, std::move(tensor), recipe);
  if (tensor && recipe.merged)
    tensor = executor.call("reshape", {{*tensor, tuple_of(*recipe.merged)}}, true);
  return tensor;
}

/// The arguments of rearrange, reduce and repeat.
struct EinopsCall {
  ChainValue input;
  std::string pattern;
  std::string operation;  ///< "rearrange", "repeat" or the reduction
  AxisLengths lengths;
};

Tried<EinopsCall> read_call(const std::string& name, const Arguments& arguments) {
  const bool reduces = name == "reduce";
  Arguments rest = arguments;
  // A reduction may be given by name.
  for (auto named = rest.named.begin(); reduces && named != rest.named.end(); ++named)
    if (named->first == "reduction") {
      rest.positional.push_back(named->second);
      rest.named.erase(named);
      break;
    }
  EinopsCall call;
  const auto* pattern =
      rest.positional.size() > 1 ? std::get_if<std::string>(&rest.positional[1]) : nullptr;
  const auto* reduction = reduces && rest.positional.size() > 2
                              ? std::get_if<std::string>(&rest.positional[2])
                              : nullptr;
  if (rest.positional.size() != (reduces ? 3u : 2u) || !pattern || (reduces && !reduction))
    return argument_failure(
        reduces
            ? message("{}() takes a tensor, a pattern, a reduction and sizes: {}(x, 'b (h w) -> b "
                      "h w', 'mean', h=2)",
                      name, name)
            : message("{}() takes a tensor, a pattern and sizes: {}(x, 'b (h w) -> b h w', h=2)",
                      name, name));
  call.input = rest.positional.front();
  call.pattern = *pattern;
  call.operation = reduces ? *reduction : name;
  for (const auto& [axis, length] : rest.named) {
    if (!length.integer())
      return argument_failure(
          message("the size of axis {} is a whole number, not {}", axis, type_words(length)));
    call.lengths.emplace_back(axis, *length.integer());
  }
  return call;
}

/// torch.einsum of tensors in a list.
Tried<Called> call_equation(Executor& executor, const std::string& equation,
                            const ListValue& tensors) {
  Tried<ChainValue> result = executor.call("einsum", {{equation, tensors}});
  if (!result) return tl::unexpected(result.error());
  std::vector<const TensorValue*> operands;
  for (const ChainValue& item : tensors.items)
    if (const auto* tensor = std::get_if<TensorValue>(&item)) operands.push_back(tensor);
  return Called{*std::move(result), {}, sources_of_equation(equation, operands)};
}

/// What einops' recipe makes of a step's tensor.
ElementSources sources_of_recipe(const ChainValue& input, const EinopsRecipe& recipe) {
  const auto* tensor = std::get_if<TensorValue>(&input);
  return tensor ? make_sources({{tensor, recipe.left}}, recipe.right, recipe.lengths)
                : ElementSources();
}

Tried<Called> call_einsum(Executor& executor, const Arguments& arguments) {
  ListValue tensors;
  for (std::size_t i = 0; i + 1 < arguments.positional.size(); ++i)
    tensors.items.push_back(arguments.positional[i]);
  const EinopsResult<EinsumPattern> pattern =
      make_einsum_pattern(std::get<std::string>(arguments.positional.back()));
  if (!pattern) return failure(TensorErrorKind::einops, Message::value(pattern.error()));
  Tried<Called> called = call_equation(executor, pattern->equation, tensors);
  if (called) called->dimension_names = pattern->dimension_names;
  return called;
}

}  // namespace

bool is_einops(const std::string& name, const Arguments& arguments, bool method) {
  if (name == "einsum")
    return arguments.positional.size() > 1 && arguments.positional.front().tensor() &&
           std::holds_alternative<std::string>(arguments.positional.back());
  return !method && (name == "rearrange" || name == "reduce" || name == "repeat");
}

Tried<Called> call_einops(Executor& executor, const std::string& name, const Arguments& arguments) {
  if (name == "einsum") return call_einsum(executor, arguments);
  const Tried<EinopsCall> call = read_call(name, arguments);
  if (!call) return tl::unexpected(call.error());
  Tried<ChainValue> tensor = call->input;
  if (!tensor->tensor()) tensor = executor.call("stack", {{call->input}});
  if (!tensor) return tl::unexpected(tensor.error());
  const EinopsResult<EinopsRecipe> recipe = make_einops_recipe(
      call->pattern, call->operation, tensor->tensor()->sizes().vec(), call->lengths);
  if (!recipe)
    return failure(TensorErrorKind::einops,
                   Message::value(einops_message(call->operation, call->pattern, call->input,
                                                 call->lengths, recipe.error())));
  Tried<ChainValue> result = apply(executor, *recipe, call->operation, std::move(tensor));
  if (!result) return tl::unexpected(result.error());
  return Called{*std::move(result), recipe->dimension_names,
                sources_of_recipe(call->input, *recipe)};
}

Tried<Called> torch_einsum(Executor& executor, const Arguments& arguments) {
  const auto* equation = arguments.positional.empty()
                             ? nullptr
                             : std::get_if<std::string>(&arguments.positional.front());
  if (!equation || !arguments.named.empty())
    return argument_failure(
        message("einsum() takes an equation and tensors: einsum('ij,jk->ik', x, y)"));
  // Python takes the tensors one by one or in a list.
  ListValue tensors{{arguments.positional.begin() + 1, arguments.positional.end()}, true};
  if (tensors.items.size() == 1)
    if (const auto* list = std::get_if<ListValue>(&tensors.items.front()))
      tensors = ListValue(*list);
  return call_equation(executor, *equation, tensors);
}

}  // namespace nanscope
