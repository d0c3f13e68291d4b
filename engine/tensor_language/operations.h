#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/names.h"

// Every operation that a chain may name. What it does, and which arguments it takes, is LibTorch's.
namespace nanscope {

enum class OperationGroup {
  creation,     ///< makes a tensor from nothing
  view,         ///< another way to read a storage; reshape and its kind copy where they have to
  movement,     ///< moves elements into a storage of their own
  elementwise,  ///< a new value for each element
  reduction,    ///< along dimensions
  product,      ///< of matrices
  einops,       ///< named axes
  writing,      ///< writes into the storage
  fact,         ///< a plain value: x.shape, x.stride()
};
template <>
struct Names<OperationGroup> {
  static constexpr std::array<std::pair<OperationGroup, std::string_view>, 9> all{
      {{OperationGroup::creation, "creation"},
       {OperationGroup::view, "view"},
       {OperationGroup::movement, "movement"},
       {OperationGroup::elementwise, "elementwise"},
       {OperationGroup::reduction, "reduction"},
       {OperationGroup::product, "product"},
       {OperationGroup::einops, "einops"},
       {OperationGroup::writing, "writing"},
       {OperationGroup::fact, "fact"}}};
};

/// How an operation may be written, as PyTorch has it.
enum class OperationForm {
  function,   ///< torch.cat([x, y])
  method,     ///< x.view(3, 4)
  either,     ///< torch.transpose(x, 0, 1) and x.transpose(0, 1)
  attribute,  ///< x.T
};

struct TensorOperation {
  std::string_view name;
  OperationGroup group;
  OperationForm form;
  std::string_view example;  ///< of its arguments: "view(3, 4)"

  bool is_function() const {
    return form == OperationForm::function || form == OperationForm::either;
  }
  bool is_method() const { return form == OperationForm::method || form == OperationForm::either; }
};

std::span<const TensorOperation> operations();
/// Null if there is none of this name.
const TensorOperation* find_operation(std::string_view name);

/// A dtype's names: PyTorch's own first ("float16"), then "half", "fp16".
struct DtypeNames {
  std::string_view name;
  std::vector<std::string_view> others;
};
const std::vector<DtypeNames>& dtypes();
/// Whether PyTorch has a dtype of this name, which chains do not have.
bool is_other_dtype(std::string_view name);
/// PyTorch's name of a dtype that may be spelled otherwise ("bf16" -> "bfloat16"), or "".
std::string_view dtype_name(std::string_view spelled);

}  // namespace nanscope
