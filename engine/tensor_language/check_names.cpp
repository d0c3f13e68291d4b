#include "engine/tensor_language/check_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/base/nearest_name.h"
#include "engine/tensor_language/imports.h"
#include "engine/tensor_language/operations.h"
#include "engine/tensor_language/python_functions.h"
#include "engine/tensor_language/python_number.h"
#include "engine/tensor_language/pytorch_names.h"

namespace nanscope {
namespace {

/// `repeat` is a method of PyTorch's and a function of einops'.
bool is_function(const TensorOperation& operation) {
  return operation.is_function() || operation.name == "repeat";
}

/// Functions of Python that compare what another one makes of each item.
bool takes_key(std::string_view function) {
  return function == "sorted" || function == "max" || function == "min";
}

class Check {
 public:
  std::optional<SyntaxError> run(const Program& program) {
    for (const Statement& statement : program) {
      if (auto wrong = node(statement.value)) return wrong;
      if (statement.writes)
        if (auto wrong = node(statement.target)) return wrong;
      variables_.insert(statement.variables.begin(), statement.variables.end());
      for (const std::string& variable : statement.variables)
        if (is_limits(statement.value))
          limits_.insert(variable);
        else
          limits_.erase(variable);
    }
    return std::nullopt;
  }

 private:
  std::optional<SyntaxError> node(const Node& node) {
    if (node.kind == NodeKind::name) return value(node, node.begin, node.end, node.text);
    if (node.kind == NodeKind::attribute) {
      if (!is_module_path(node.children.front())) return member(node, false);
      return value(node, node.name_begin, node.end, node.text);
    }
    if (node.kind == NodeKind::call) {
      if (auto wrong = callee(node.children.front())) return wrong;
      if (auto wrong = key_by_place(node)) return wrong;
      for (std::size_t i = 1; i < node.children.size(); ++i)
        if (!names_key(node, i, variables_.contains(node.children[i].text)))
          if (auto wrong = this->node(node.children[i])) return wrong;
      return std::nullopt;
    }
    for (const Node& child : node.children)
      if (auto wrong = this->node(child)) return wrong;
    return std::nullopt;
  }

  /// sorted(list, abs)
  std::optional<SyntaxError> key_by_place(const Node& call) const {
    const std::string& name = call.children.front().text;
    if (call.children.size() < 3 || !takes_key(name)) return std::nullopt;
    const Node& last = call.children.back();
    if (!call.keywords.back().empty() || last.kind != NodeKind::name ||
        variables_.contains(last.text) || !is_python_function(last.text))
      return std::nullopt;
    return SyntaxError{last.begin, last.end,
                       message("What {}() sorts by is given by its name: key={}.", name, last.text),
                       ""};
  }

  bool is_module_path(const Node& node) const {
    if (node.kind == NodeKind::attribute)
      return is_module(node.text) && is_module_path(node.children.front());
    return node.kind == NodeKind::name && is_module(node.text) && !variables_.contains(node.text);
  }

  /// torch.finfo(...), or a variable that is one.
  bool is_limits(const Node& node) const {
    if (node.kind == NodeKind::name) return limits_.contains(node.text);
    return node.kind == NodeKind::call && is_limits_class(free_name(node.children.front()));
  }

  /// What is called: a function, or a method of a tensor.
  std::optional<SyntaxError> callee(const Node& node) {
    if (node.kind == NodeKind::name) return function(node, node.begin);
    if (node.kind == NodeKind::attribute && is_module_path(node.children.front()))
      return function(node, node.name_begin);
    if (node.kind == NodeKind::attribute) return member(node, true);
    return SyntaxError{node.begin, node.end, message("Only an operation can be called."), ""};
  }

  std::optional<SyntaxError> function(const Node& node, int begin) const {
    const std::string_view module = module_of(node);
    if (module == "math") return math_function(node, begin);
    const TensorOperation* operation = find_operation(node.text);
    if (operation && is_function(*operation)) return std::nullopt;
    if (module.empty() ? is_python_function(node.text) || is_in_math(node.text)
                       : is_torch_class(node.text))
      return std::nullopt;
    if (variables_.contains(node.text))
      return SyntaxError{begin, node.end,
                         message("{} is a variable; it cannot be called.", node.text), ""};
    if (operation)
      return SyntaxError{
          begin, node.end,
          message("{} belongs to a tensor: write x.{}.", node.text, operation->example), ""};
    if (is_pytorch_name(node.text)) return not_here(begin, node.end, node.text);
    std::vector<std::string> valid;
    for (const TensorOperation& candidate : operations())
      if (is_function(candidate)) valid.emplace_back(candidate.name);
    return unknown(begin, node.end, message("There is no operation {}", node.text), node.text,
                   valid);
  }

  std::optional<SyntaxError> math_function(const Node& node, int begin) const {
    if (is_in_math(node.text)) return std::nullopt;
    return SyntaxError{
        begin, node.end,
        message("math.{} is not known here; torch's functions take tensors.", node.text), ""};
  }

  /// np.arange: what torch has under the same name.
  std::optional<SyntaxError> member_of_other_library(const Node& node) const {
    const Node& owner = node.children.front();
    if (owner.kind != NodeKind::name || variables_.contains(owner.text)) return std::nullopt;
    const std::string_view library = other_library(owner.text);
    if (library.empty()) return std::nullopt;
    const std::string_view name = node.text == "array" || node.text == "asarray"
                                      ? std::string_view("tensor")
                                      : std::string_view(node.text);
    const TensorOperation* operation = find_operation(name);
    const bool function = operation && is_function(*operation);
    if (!function && dtype_name(name).empty() && !math_constant(name))
      return SyntaxError{owner.begin, node.end,
                         message("{} is not here, and torch has no {}.", library, name), ""};
    return SyntaxError{owner.begin, node.end,
                       message("{} is not here: write torch.{}.", library, name),
                       fmt::format("torch.{}", name)};
  }

  static SyntaxError not_here(int begin, int end, const std::string& name) {
    return SyntaxError{begin, end, message("PyTorch has {}, NaNscope does not (yet).", name), ""};
  }

  /// x.name or x.name(...).
  std::optional<SyntaxError> member(const Node& node, bool called) {
    if (auto wrong = member_of_other_library(node)) return wrong;
    if (auto wrong = this->node(node.children.front())) return wrong;
    if (!called && is_result_name(node.text)) return std::nullopt;
    const NodeKind kind = node.children.front().kind;
    const bool list = kind == NodeKind::list || kind == NodeKind::tuple;
    if ((list || kind == NodeKind::text) && !(called && node.text == "numel"))
      return member_of_python(node, list ? "list" : "text");
    if (is_limits(node.children.front())) return limit(node, called);
    const TensorOperation* operation = find_operation(node.text);
    if (operation &&
        (called ? operation->is_method() : operation->form == OperationForm::attribute))
      return std::nullopt;
    if (operation && operation->form == OperationForm::function)
      return SyntaxError{node.name_begin, node.end,
                         message("{} is a function: write {}.", node.text, operation->example), ""};
    if (operation)
      return SyntaxError{node.name_begin, node.end, message("Write {}.", operation->example), ""};
    if (is_pytorch_name(node.text)) return not_here(node.name_begin, node.end, node.text);
    if (is_in("list", node.text)) return member_of_python(node, "list");
    std::vector<std::string> valid;
    for (const TensorOperation& candidate : operations())
      if (candidate.form != OperationForm::function) valid.emplace_back(candidate.name);
    return unknown(node.name_begin, node.end, message("A tensor has no {}", node.text), node.text,
                   valid);
  }

  /// Whether it is a method of Python's lists and tuples, or of its texts.
  static bool is_in(std::string_view type, std::string_view name) {
    static constexpr std::string_view kOfLists[] = {"append", "clear",   "copy",   "count",
                                                    "extend", "index",   "insert", "pop",
                                                    "remove", "reverse", "sort"};
    static constexpr std::string_view kOfTexts[] = {
        "capitalize",   "casefold",    "center",    "count",      "encode",       "endswith",
        "expandtabs",   "find",        "format",    "format_map", "index",        "isalnum",
        "isalpha",      "isascii",     "isdecimal", "isdigit",    "isidentifier", "islower",
        "isnumeric",    "isprintable", "isspace",   "istitle",    "isupper",      "join",
        "ljust",        "lower",       "lstrip",    "maketrans",  "partition",    "removeprefix",
        "removesuffix", "replace",     "rfind",     "rindex",     "rjust",        "rpartition",
        "rsplit",       "rstrip",      "split",     "splitlines", "startswith",   "strip",
        "swapcase",     "title",       "translate", "upper",      "zfill"};
    return type == "list" ? std::ranges::count(kOfLists, name) > 0
                          : std::ranges::count(kOfTexts, name) > 0;
  }

  /// What Python has is not here; of another name Python's own error tells, once the value is
  /// there.
  static std::optional<SyntaxError> member_of_python(const Node& node, std::string_view type) {
    if (!is_in(type, node.text)) return std::nullopt;
    return SyntaxError{node.name_begin, node.end, message("A {} has no {} here.", type, node.text),
                       ""};
  }

  /// torch.finfo(...).max
  static std::optional<SyntaxError> limit(const Node& node, bool called) {
    if (is_limit(node.text) && !called) return std::nullopt;
    return SyntaxError{node.name_begin, node.end,
                       message("{} is none of its limits: bits, dtype, eps, max, min, resolution, "
                               "smallest_normal, tiny.",
                               called ? node.text + "()" : node.text),
                       ""};
  }

  /// A name that stands for a value.
  std::optional<SyntaxError> value(const Node& node, int begin, int end,
                                   const std::string& name) const {
    if (node.kind == NodeKind::name && variables_.contains(name)) return std::nullopt;
    if (!dtype_name(name).empty() || is_memory_format(name)) return std::nullopt;
    if (constant(node)) return std::nullopt;
    if (const TensorOperation* operation = find_operation(name))
      return SyntaxError{begin, end,
                         operation->form == OperationForm::attribute
                             ? message("{} belongs to a tensor: write x.{}.", name, name)
                         : is_function(*operation) && !operation->is_method()
                             ? message("{} is an operation: write {}.", name, operation->example)
                             : message("{} is an operation: write x.{}.", name, operation->example),
                         ""};
    if (is_module(name))
      return SyntaxError{begin, end, message("{} is a module: write {}.zeros(2, 3).", name, name),
                         ""};
    if (is_other_dtype(name) || (is_pytorch_name(name) && node.kind == NodeKind::attribute))
      return not_here(begin, end, name);
    std::vector<std::string> valid(variables_.begin(), variables_.end());
    for (const DtypeNames& dtype : dtypes()) valid.emplace_back(dtype.name);
    return unknown(
        begin, end,
        variables_.empty() && node.kind == NodeKind::name
            ? message("There is no variable {} yet; make one: {} = arange(12)", name, name)
            : message("There is no {}", name),
        name, valid);
  }

  static SyntaxError unknown(int begin, int end, const Message& what, const std::string& name,
                             const std::vector<std::string>& valid) {
    const std::string nearest = nearest_name(name, valid);
    return SyntaxError{
        begin, end,
        nearest.empty() ? message("{}.", what) : message("{}; did you mean {}?", what, nearest),
        nearest};
  }

  std::set<std::string, std::less<>> variables_;
  std::set<std::string, std::less<>> limits_;  ///< those that hold a finfo or an iinfo
};

}  // namespace

bool is_module(std::string_view name) {
  return name == "torch" || name == "nn" || name == "functional" || name == "F" ||
         name == "einops" || name == "math";
}

std::string_view free_name(const Node& node) {
  if (node.kind == NodeKind::name) return node.text;
  if (node.kind != NodeKind::attribute) return "";
  const Node* owner = &node.children.front();
  while (owner->kind == NodeKind::attribute && is_module(owner->text))
    owner = &owner->children.front();
  return owner->kind == NodeKind::name && is_module(owner->text) ? std::string_view(node.text) : "";
}

std::string_view module_of(const Node& node) {
  if (node.kind != NodeKind::attribute || free_name(node).empty()) return "";
  return node.children.front().text;
}

bool names_key(const Node& call, std::size_t child, bool is_variable) {
  const Node& value = call.children[child];
  return call.keywords[child - 1] == "key" && value.kind == NodeKind::name && !is_variable &&
         is_python_function(value.text);
}

std::optional<double> constant(const Node& node) {
  // A variable e is what people mean by e alone.
  const bool alone = node.kind == NodeKind::name;
  return alone && (node.text == "e" || node.text == "tau") ? std::nullopt
                                                           : math_constant(node.text);
}

bool is_memory_format(std::string_view name) {
  return name == "contiguous_format" || name == "preserve_format" || name == "channels_last" ||
         name == "channels_last_3d";
}

bool is_result_name(std::string_view name) { return name == "values" || name == "indices"; }

std::optional<SyntaxError> check_names(const Program& program) { return Check().run(program); }

}  // namespace nanscope
