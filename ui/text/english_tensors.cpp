#include <array>

#include "ui/text/english.h"

// What the Tensors lab says.
namespace nanscope {
namespace {

constexpr auto kTexts = sorted(std::to_array<TextEntry>({
    {"lab.tensors", "Tensors"},
    {"control.tensors.expression", "chain"},
    {"help.tensors.expression", "A chain of tensor operations, written as in PyTorch"},
}));
static_assert(keys_are_unique(kTexts), "two texts share a key");

}  // namespace

TextTable english_tensors_texts() { return kTexts; }

}  // namespace nanscope
