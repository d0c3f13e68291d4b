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
    {"tensors.storage", "storage {name}: {cells} cells of {size} bytes, {bytes}"},
    {"tensors.empty", "A tensor without elements."},
    {"tensors.window", "{count} of {all} elements, from {first} to {last}"},
    {"tensors.summary",
     "smallest {minimum}, mean {mean}, largest {maximum}; {zeros} zeros, {infs} inf, {nans} nan"},
    {"tensors.refused", "refused"},
    {"tensors.refused_by_libtorch", "LibTorch refuses:"},
    {"tensors.left_out", "steps 1 to {last} have no room here"},
}));
static_assert(keys_are_unique(kTexts), "two texts share a key");

}  // namespace

TextTable english_tensors_texts() { return kTexts; }

}  // namespace nanscope
