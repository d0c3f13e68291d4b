#include <array>

#include "ui/text/english.h"

// What the Tensors lab says.
namespace nanscope {
namespace {

constexpr auto kTexts = sorted(std::to_array<TextEntry>({
    {"lab.tensors", "Tensors"},
    {"control.tensors.expression", "chain"},
    {"help.tensors.expression", "A chain of tensor operations, written as in PyTorch"},

    {"plot.tensor_chain", "Every step as a grid over its memory"},
    {"plot.tensor_storage", "Who reads which cell of memory"},
    {"plot.tensor_memory", "Memory and cost of every step"},

    // The sentence: what the chain does to memory.
    {"tensors.nothing", "Type a chain of tensor operations, or choose an example."},
    {"tensors.sentence.one", "One tensor in a storage of {bytes}."},
    {"tensors.sentence.views", "{steps} steps over {storage_words}, {bytes}: nothing is copied."},
    {"tensors.sentence.copies",
     "{steps} steps over {storage_words}, {bytes}: {copied} are copied."},
    {"tensors.one_storage", "one storage"},
    {"tensors.several_storages", "{count} storages"},
    {"tensors.one_step", "step {step}"},
    {"tensors.several_steps", "steps {list} and {last}"},
    {"tensors.one_cell", "cell {cell}"},
    {"tensors.several_cells", "{count} cells"},

    // A step's card.
    {"tensors.facts", "shape {shape}  stride {stride}  offset {offset}  {dtype}"},
    {"tensors.kind.created", "made: {bytes} in a storage of its own, {storage}"},
    {"tensors.kind.view", "view: the memory of {storage}, as {steps}; nothing is copied"},
    {"tensors.kind.view_alone", "view: the memory of {storage}; nothing is copied"},
    {"tensors.kind.same", "the same tensor: nothing was to be done"},
    {"tensors.kind.copy", "copy: {copied} moved into a storage of its own, {storage}"},
    {"tensors.kind.computed", "new values: {bytes} in a storage of its own, {storage}"},
    {"tensors.kind.written", "written in place: the memory of {storage}, as {steps}"},
    {"tensors.contiguous", "contiguous: memory in the order of reading"},
    {"tensors.gap.none", "contiguous: memory in the order of reading"},
    {"tensors.gap.permuted",
     "not contiguous: {dimension} has stride {stride}; in the order of reading it were {expected}"},
    {"tensors.gap.expanded",
     "not contiguous: {dimension} has stride 0 and reads the same cells again"},
    {"tensors.gap.skipped",
     "not contiguous: {dimension} has stride {stride} over {expected} cells; some are left out"},
    {"tensors.gap.overlapping",
     "not contiguous: {dimension} has stride {stride}; cells are read more than once"},
    {"tensors.written", "{cells} written; {steps} read them and change, too"},
    {"tensors.written_alone", "{cells} written; no other step reads them"},
    {"tensors.dimension", "dim {number}"},
    {"tensors.address", "cell = {sum}"},
    {"tensors.address_of", "{index}: cell = {sum}"},
    {"tensors.storage", "storage {name}: {cells} cells of {size} bytes, {bytes}"},
    {"tensors.empty", "A tensor without elements."},
    {"tensors.window", "{count} of {all} elements, from {first} to {last}"},
    {"tensors.summary",
     "smallest {minimum}, mean {mean}, largest {maximum}; {zeros} zeros, {infs} inf, {nans} nan"},
    {"tensors.changed_by", "step {step} writes into {count} of its elements"},
    {"tensors.tag.created", "new"},
    {"tensors.tag.view", "view"},
    {"tensors.tag.same", "same"},
    {"tensors.tag.copy", "copy"},
    {"tensors.tag.computed", "new"},
    {"tensors.tag.written", "write"},
    {"tensors.tag.refused", "refused"},
    {"tensors.bytes_of_line", "byte {byte}"},
    {"tensors.refused_by_libtorch", "LibTorch refuses:"},
    {"tensors.foot", "computed by LibTorch on the CPU; seed {seed}"},
    {"tensors.left_out", "steps 1 to {last} have no room here"},

    // Memory.
    {"tensors.storage_plot",
     "In which order a step reads the cells; | begins a cache line of 64 bytes"},
    {"tensors.cell_numbers", "cell"},
    {"tensors.column.step", "step"},
    {"tensors.column.bytes", "elements · size"},
    {"tensors.column.memory", "filled: own memory"},
    {"tensors.column.moved", "moved"},
    {"tensors.column.flops", "FLOP"},
    {"tensors.column.time", "measured"},
    {"tensors.total.storages", "All storages together"},
    {"tensors.total.peak", "Most at one time"},
    {"tensors.total.all_copied", "If every step copied"},

    // The field and its errors.
    {"tensors.libtorch_says", "LibTorch: {message}"},
    {"tensors.error_at", "{place}: {message}"},
    {"tensors.repair.reshape", "Take {insert}: copies only where it has to"},
    {"tensors.repair.contiguous", "Insert {insert}"},
    {"tensors.repair.clone", "Insert {insert}"},
    {"tensors.repair.spelling", "Did you mean {insert}?"},

    // The panel on the left.
    {"section.view", "View"},
    {"control.tensors.view", "view"},
    {"help.tensors.view", "Every step as a grid over its memory, or what the steps cost"},
    {"control.tensors.cells", "cells show"},
    {"help.tensors.cells", "The values, or which cell of its storage each element is"},
    {"tensors.steps", "Steps"},
    {"tensors.parameters", "Numbers in the chain"},
    {"tensors.no_parameters", "No number of this chain can be moved."},
    {"tensors.stop_low", "Not below {value}: {reason}"},
    {"tensors.stop_high", "Not above {value}: {reason}"},
    {"tensors.examples", "Examples"},
    {"tensors.example.view", "One memory, another shape: view"},
    {"tensors.example.transpose", "Strides change places: transpose"},
    {"tensors.example.refused", "Where view is refused"},
    {"tensors.example.slice", "A window with steps: slicing"},
    {"tensors.example.expand", "Stride 0: expand"},
    {"tensors.example.broadcast", "Shapes that meet: broadcasting"},
    {"tensors.example.gather", "A list of indices copies"},
    {"tensors.example.write", "Who else changes: writing"},
    {"tensors.example.unfold", "Windows that overlap: unfold"},
    {"tensors.example.heads", "Splitting into heads"},
    {"tensors.example.einops", "The same with names: einops"},
    {"tensors.example.mask", "The causal mask"},
    {"tensors.example.matmul", "A batch of products"},

    // The panel on the right.
    {"tensors.chain", "The chain"},
    {"tensors.hint", "Point at a cell to see how its address is computed; click to keep it."},
    {"tensors.unknown_value", "not read"},
    {"tensors.element_of", "element {index} of step {step}"},
    {"tensors.inspect", "Open its bits"},
    {"tensors.where", "Where it lies"},
    {"tensors.address_rule", "offset + sum of index · stride"},
    {"tensors.other_readers", "The same cell in other steps"},
    {"tensors.no_other_reader", "No other step reads this cell."},
    {"tensors.write", "Write a value"},
    {"tensors.write_help", "Adds a line to the chain, and every step that reads the cell says so."},
    {"tensors.row.storage", "storage"},
    {"tensors.row.cell", "cell"},
    {"tensors.row.byte", "byte"},
    {"tensors.row.line", "cache line"},
    {"tensors.row.steps", "steps"},
    {"tensors.row.storages", "storages"},
    {"tensors.row.bytes", "all storages"},
    {"tensors.row.copied", "copied"},
    {"tensors.row.peak", "peak"},
    {"tensors.row.all_copied", "if every step copied"},
    {"tensors.status.storage", "storages {bytes}"},
    {"tensors.status.peak", "peak {bytes}"},
}));
static_assert(keys_are_unique(kTexts), "two texts share a key");

}  // namespace

TextTable english_tensors_texts() { return kTexts; }

}  // namespace nanscope
