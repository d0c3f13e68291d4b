#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/message.h"
#include "engine/base/names.h"

// A chain of tensor operations as LibTorch carried it out: plain values, no LibTorch.
namespace nanscope {

/// How a step's tensor relates to those before it.
enum class StepKind {
  created,   ///< made from nothing: arange(24)
  view,      ///< another way to read a storage that was there
  same,      ///< the operation returned its input: contiguous() of what is contiguous
  copy,      ///< elements of its inputs, moved into a storage of their own
  computed,  ///< new values in a storage of their own: x + 1
  written,   ///< values were written into a storage that was there: x[0] = 5, x.add_(1)
};
template <>
struct Names<StepKind> {
  static constexpr std::array<std::pair<StepKind, std::string_view>, 6> all{
      {{StepKind::created, "created"},
       {StepKind::view, "view"},
       {StepKind::same, "same"},
       {StepKind::copy, "copy"},
       {StepKind::computed, "computed"},
       {StepKind::written, "written"}}};
};

/// Why a tensor is not contiguous.
enum class Gap {
  none,         ///< it is contiguous
  permuted,     ///< its dimensions lie in another order than row-major: transpose
  expanded,     ///< a dimension of stride 0 reads the same elements again: expand
  skipped,      ///< elements of the storage between its own are left out: x[:, ::2], narrow
  overlapping,  ///< elements are read more than once by strides that are not 0: unfold, as_strided
};
template <>
struct Names<Gap> {
  static constexpr std::array<std::pair<Gap, std::string_view>, 5> all{
      {{Gap::none, "none"},
       {Gap::permuted, "permuted"},
       {Gap::expanded, "expanded"},
       {Gap::skipped, "skipped"},
       {Gap::overlapping, "overlapping"}}};
};

/// The dimension, counted from the last, at which row-major order first ends.
struct Contiguity {
  bool contiguous = true;
  Gap gap = Gap::none;
  int dimension = -1;
  std::int64_t stride = 0;    ///< of that dimension, in elements
  std::int64_t expected = 0;  ///< the product of the sizes after it: the stride of row-major order
};

/// A box of a tensor's elements, in row-major order. All of them where they are few.
struct CellWindow {
  std::vector<std::int64_t> begin;  ///< first index along each dimension
  std::vector<std::int64_t> size;   ///< along each dimension; the tensor's shape if it holds all
  std::vector<double> values;
  std::vector<std::int64_t> integers;  ///< the same exactly, where some value is no double
  bool complete = true;                ///< holds every element
};

/// What all elements of a tensor look like together.
struct CellSummary {
  double minimum = 0;  ///< of what is not NaN; NaN if nothing else is there
  double maximum = 0;
  double mean = 0;
  std::int64_t zeros = 0;
  std::int64_t infs = 0;
  std::int64_t nans = 0;
};

/// What a step costs. Bytes and FLOPs are predicted, seconds measured, once.
struct StepCost {
  double seconds = 0;
  std::int64_t bytes_read = 0;     ///< of the inputs' elements; 0 for a view
  std::int64_t bytes_written = 0;  ///< of the output's elements; 0 for a view
  double flops = 0;                ///< a multiply-add is 2; 0 for what only moves elements
};

/// A cell of a storage that a step wrote.
struct WrittenCell {
  std::int64_t cell = 0;  ///< in elements from the storage's beginning
  double before = 0;
  double after = 0;
};

/// An earlier step whose tensor reads cells that were written.
struct ChangedStep {
  int step = 0;
  std::int64_t elements = 0;  ///< how many of its elements read one of TensorStep::written
};

/// Which elements of its inputs an element of a result was computed from. A dimension's index is
/// made of those of its axes: of one, mostly; "(h w)" of einops has two, the last one fastest; a
/// dimension that is broadcast has none and stays at 0. An axis that the result lacks is run along:
/// the k of matmul, the dimension that sum() takes away.
struct ElementSources {
  using Axes = std::vector<std::vector<int>>;  ///< one list of axes a dimension
  struct Operand {
    int step = 0;
    Axes axes = {};
    std::int64_t first = 0;  ///< where elements are moved: the number of the operand's first one
    bool operator==(const Operand&) const = default;
  };
  std::vector<std::int64_t> lengths;  ///< of the axes
  Axes result;
  std::vector<Operand> operands;  ///< none: not known, or nothing was computed
  bool products = false;          ///< elements of the operands are multiplied and summed
  /// Of cumsum: this axis is run along no further than that one of the result's.
  std::optional<std::pair<int, int>> until;
  /// Where elements are moved as they are (flip, cat, x[[0, 2]]) there are no axes: the numbers of
  /// those in TensorStep::cells. They count through all operands in row-major order; -1 is an
  /// element that is new, as the zeros of triu.
  std::vector<std::int64_t> moved;
  bool operator==(const ElementSources&) const = default;
};

/// One operation of a chain and the tensor that came out of it.
struct TensorStep {
  /// The expression whose value this is, as PyTorch takes it: "arange(12).view(3,4)".
  std::string expr;
  /// What this step adds to it: ".view(3,4)"; "x.view(3,4)" of a variable, which may be any step's.
  std::string operation;
  int begin = 0, end = 0;                      ///< bytes of TensorChain::expression: the expression
  int operation_begin = 0, operation_end = 0;  ///< the same of the operation
  std::vector<int> inputs;                     ///< the steps that it took tensors from
  std::string variable;                        ///< "x" in `x = arange(12)`, or ""

  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> stride;  ///< in elements
  std::int64_t offset = 0;           ///< in elements of this dtype, from the storage's beginning
  std::string dtype;                 ///< "int64", "bfloat16"
  int element_size = 8;              ///< bytes
  Contiguity contiguity;
  /// jaxtyping-like names, one a dimension, "" where there is none: {"batch", "seq", ""}.
  std::vector<std::string> dimension_names;

  StepKind kind = StepKind::created;
  int storage = 0;                     ///< index into TensorChain::storages
  std::vector<int> shared_with;        ///< earlier steps in the same storage
  std::int64_t copied_bytes = 0;       ///< elements moved into a new storage, for a copy
  CellWindow cells;                    ///< as they were after this step
  std::optional<CellSummary> summary;  ///< where `cells` is not complete
  /// There, too: 3 elements at each end of every dimension, as PyTorch prints them; of at most 5
  /// dimensions.
  CellWindow edges;
  StepCost cost;
  ElementSources sources;

  std::vector<WrittenCell> written;  ///< by a written step; the first kMostCells of them
  std::int64_t written_count = 0;
  std::vector<ChangedStep> changed;

  std::vector<Message> notes;  ///< what LibTorch warned of, in its own words, and our own

  std::int64_t numel() const {
    std::int64_t count = 1;
    for (const std::int64_t size : shape) count *= size;
    return count;
  }
};

/// A piece of memory that tensors read. Its cells are shown in the dtype that it was made with.
struct TensorStorage {
  std::int64_t bytes = 0;
  std::string dtype;
  int element_size = 8;
  int made_by = 0;                          ///< the step
  std::int64_t begin = 0;                   ///< the first cell of `cells`
  std::vector<double> cells;                ///< after the last step; a window where there are many
  std::vector<std::int64_t> integers = {};  ///< the same exactly, where some value is no double
  bool complete = true;

  std::int64_t cell_count() const { return bytes / element_size; }
};

enum class TensorErrorKind {
  syntax,     ///< the text is no expression, or names no operation that there is
  arguments,  ///< arguments that an operation does not take; PyTorch's TypeError
  libtorch,   ///< LibTorch refused; the message is its own
  einops,     ///< an einops pattern that does not fit
  names,      ///< a dimension's name that does not fit its size
  too_large,  ///< more memory or work than there is
};
template <>
struct Names<TensorErrorKind> {
  static constexpr std::array<std::pair<TensorErrorKind, std::string_view>, 6> all{
      {{TensorErrorKind::syntax, "syntax"},
       {TensorErrorKind::arguments, "arguments"},
       {TensorErrorKind::libtorch, "libtorch"},
       {TensorErrorKind::einops, "einops"},
       {TensorErrorKind::names, "names"},
       {TensorErrorKind::too_large, "too_large"}}};
};

/// What makes a refused step pass.
enum class RepairKind {
  reshape,     ///< reshape instead of view: copies only where it has to
  contiguous,  ///< .contiguous() before it
  clone,       ///< .clone() before it
  spelling,    ///< the nearest name
};
template <>
struct Names<RepairKind> {
  static constexpr std::array<std::pair<RepairKind, std::string_view>, 4> all{
      {{RepairKind::reshape, "reshape"},
       {RepairKind::contiguous, "contiguous"},
       {RepairKind::clone, "clone"},
       {RepairKind::spelling, "spelling"}}};
};

/// A whole expression that gets past the error; it was tried.
struct TensorRepair {
  RepairKind kind = RepairKind::contiguous;
  std::string insert;  ///< the text that is new in it: ".contiguous()"
  std::string expression;
};

struct TensorError {
  TensorErrorKind kind = TensorErrorKind::libtorch;
  int step = 0;                       ///< index that the refused step would have had
  std::string expr;                   ///< the expression without a value, or ""
  Message what;                       ///< LibTorch's own text where it is LibTorch that refused
  std::string exception = {};         ///< Python's name where Python refused: "ZeroDivisionError"
  int begin = 0, end = 0;             ///< bytes of TensorChain::expression
  std::vector<TensorRepair> repairs;  ///< the smallest first

  std::string message() const { return what.text(); }
};

struct TensorMemory {
  std::int64_t storage_bytes = 0;     ///< of all storages of the chain together
  std::int64_t peak_bytes = 0;        ///< most at one time, what operations use inside included
  std::int64_t all_copied_bytes = 0;  ///< the same if every step had a storage of its own
};

/// A whole number in the expression that a slider moves. Every choice was tried: LibTorch takes it.
struct TensorParameter {
  struct Choice {
    std::int64_t value = 0;
    /// The whole expression with it; a size beside it follows where the two have to agree.
    std::string expression;
  };
  int begin = 0, end = 0;  ///< bytes of TensorChain::expression: the number
  std::string operation;   ///< "transpose"
  std::string name;        ///< LibTorch's name of the argument: "dim0"
  std::int64_t value = 0;
  std::vector<Choice> choices;  ///< in rising order, the present value among them
  std::string low_reason;       ///< why not below the first choice: LibTorch's own text
  std::string high_reason;      ///< the same above the last
};

/// A piece of what Python prints of several tensors: a text, and the tensor behind it.
struct PrintedPart {
  std::string text;
  int step = -1;  ///< -1: none
};

/// A chain of operations: the steps up to the end or to the first error.
struct TensorChain {
  std::string expression;
  std::uint64_t seed = 1;
  std::vector<TensorStep> steps;
  std::vector<TensorStorage> storages;
  std::optional<TensorError> error;
  TensorMemory memory;
  std::string value;  ///< of a last statement that is no tensor, as Python prints it: "(2, 3)"
  std::vector<PrintedPart> printed;  ///< of a last statement with several tensors: "(", 0, ", ", 1
  std::vector<TensorParameter> parameters;  ///< where TensorRequest::parameters asked for them
};

/// Up to this many elements of a tensor or cells of a storage are handed out; more are a window.
inline constexpr std::int64_t kMostCells = 16384;
/// The window of a larger tensor: its last two dimensions, up to this many along each.
inline constexpr std::int64_t kWindowSide = 128;

/// Of a dimension longer than twice this, PyTorch prints so many at each end.
inline constexpr std::int64_t kEdgeItems = 3;

struct TensorRequest {
  using Answer = TensorChain;
  static constexpr std::string_view kSlot = "chain";

  /// Where a step's window onto its elements begins, and that of its storage.
  struct Window {
    int step = 0;
    std::vector<std::int64_t> begin;  ///< one index a dimension
    std::int64_t storage_begin = 0;   ///< a cell
    bool operator==(const Window&) const = default;
  };

  std::string expression;
  std::uint64_t seed = 1;          ///< of rand() and its kind, as torch.manual_seed
  std::vector<Window> windows;     ///< steps that are not named begin at 0
  bool parameters = false;         ///< also try which values each number may take
  std::int64_t largest_bytes = 0;  ///< refuse above this; 0: what the machine has to give
  bool operator==(const TensorRequest&) const = default;
};

}  // namespace nanscope
