#include <array>

#include "ui/labs/costs/costs_lab.h"

namespace nanscope {
namespace {

// Of the view of moving data.
constexpr auto kDataTexts = sorted(std::to_array<TextEntry>({
    {"plot.data_ways", "The way to the first batch"},
    {"plot.data_loader", "What a loader delivers"},
    {"plot.data_overlap", "Copying beside computing"},
    {"plot.short.data_ways", "first batch"},
    {"plot.short.data_loader", "loader"},
    {"plot.short.data_overlap", "overlap"},
    {"costs.view.data", "Moving data"},
    {"costs.data.measured", "measured"},
    {"costs.data.predicted", "end, predicted"},
    {"costs.data.two_threads", "measured on the CPU, two threads"},
    {"costs.data.mapped", "mapped"},
    {"costs.data.loaded", "loaded"},
    {"costs.data.open", "open"},
    {"costs.data.first", "first batch"},
    {"costs.data.copy", "copy"},
    {"costs.data.compute", "compute"},
    {"costs.data.copy_c", "copy c"},
    {"costs.data.compute_k", "compute k"},
    {"costs.data.in_turns", "in turns"},
    {"costs.data.overlapped", "side by side"},
    {"costs.data.resident", "{bytes} in memory"},
    {"costs.data.resident_row", "in memory"},
    {"costs.data.threads.one", "{count} thread"},
    {"costs.data.threads.many", "{count} threads"},
    {"costs.data.axis.speed", "of the file ({unit}/s)"},
    {"costs.data.axis.batch", "sequences of a batch"},
    {"costs.data.axis.seconds", "time (s)"},
    {"costs.data.axis.milliseconds", "time (ms)"},
    {"costs.data.lane.turns_copy", "in turns: copy"},
    {"costs.data.lane.turns_compute", "compute"},
    {"costs.data.lane.beside_copy", "side by side: copy"},
    {"costs.data.lane.beside_compute", "compute"},
    {"costs.data.end", "{seconds}; predicted {predicted}"},
    {"costs.data.span", "batch {batch}: {seconds}"},
    {"costs.data.reading", "batches of {batch}, {threads}"},
    {"costs.data.speed", "{bytes}/s, {batches} batches a second"},
    {"costs.data.made", "a file of random tokens"},
    {"costs.data.tokens", "tokens"},
    {"costs.data.token_bytes", "bytes of one"},
    {"costs.data.cold",
     "The system held nothing of the file in memory before: these bytes came from the disk."},
    {"costs.data.warm",
     "The system held {share} % of the file in memory before: a disk would take longer."},
    {"costs.data.describe",
     "{file}, {bytes}, batches of {batch} x {length} tokens, {compute} times the copy computed"},
    {"costs.data.sentence.mapped", "Mapped, the first batch of {bytes} is there after {seconds};"},
    {"costs.data.sentence.loaded", "loaded, after {seconds}."},
    {"costs.data.sentence.too_large", "loading all of it would take more memory than is free."},
    {"costs.data.sentence.no_gain",
     "Copying the next batch meanwhile gains nothing: the second thread has to wait for a core."},
    {"costs.data.sentence.overlap",
     "With the next batch copied meanwhile, batches take {share} % of the time."},
    {"costs.data.about", "Measured on this machine, anew with each change."},
    {"costs.data.section.file", "File"},
    {"costs.data.section.compute", "Compute"},
    {"costs.data.section.overlap", "Overlap"},
    {"costs.data.section.gpu", "GPU"},
    {"costs.data.overlap_about",
     "Of {batches} batches; c and k are the shortest of each alone. The second thread fills one of "
     "two buffers while the first computes with the other."},
    {"costs.data.no_pinned", "Copies from pinned and from pageable memory differ with a GPU only."},
    {"control.costs.file", "file of tokens"},
    {"help.costs.file",
     "Its path: a .npy of whole numbers, or any file, read as two bytes a token. Nothing: one of "
     "random tokens is made, and removed."},
    {"control.costs.file_bytes", "bytes"},
    {"help.costs.file_bytes", "Of the file that is made."},
    {"control.costs.data_batch", "sequences"},
    {"help.costs.data_batch", "Of a batch: they begin anywhere in the file."},
    {"control.costs.data_length", "tokens"},
    {"help.costs.data_length",
     "Of a sequence; one more is read, which the last one is to predict."},
    {"control.costs.compute", "times copy"},
    {"help.costs.compute",
     "How long a batch is computed with, in the time that its copy takes: at 1 the overlap gains "
     "most."},
}));
static_assert(keys_are_unique(kDataTexts));

}  // namespace

TextTable english_moving_data_texts() { return kDataTexts; }

}  // namespace nanscope
