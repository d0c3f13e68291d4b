#include <array>

#include "ui/text/english.h"

// What the Numbers lab says.
namespace nanscope {
namespace {

constexpr auto kTexts = sorted(std::to_array<TextEntry>({
    {"lab.numbers", "Numbers"},
}));
static_assert(keys_are_unique(kTexts), "two texts share a key");

}  // namespace

TextTable english_numbers_texts() { return kTexts; }

}  // namespace nanscope
