// einops' documented examples and its errors against the einops package: shape, stride, whether the
// storage is shared, values, and the whole message. einops.tsv is the output of make_einops.py; no
// tolerance, since the numbers are small and whole.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>

#include "reference_chains.h"

namespace nanscope {
namespace {

unsigned long digest_of_cells(const std::vector<double>& values) {
  return crc32(0, reinterpret_cast<const Bytef*>(values.data()),
               static_cast<uInt>(values.size() * sizeof(double)));
}

/// The storage of x, the variable.
int storage_of_x(const TensorChain& chain) {
  return std::ranges::find(chain.steps, "x", &TensorStep::variable)->storage;
}

std::string einops_chain_text(const TensorChain& chain) {
  if (chain.error) {
    std::string message = '!' + chain.error->message();
    std::ranges::replace(message, '\n', '|');
    return message;
  }
  const TensorStep& last = chain.steps.back();
  return fmt::format("{}/{}/{}/{:x}", fmt::join(last.shape, ","), fmt::join(last.stride, ","),
                     last.storage == storage_of_x(chain) ? 1 : 0,
                     digest_of_cells(last.cells.values));
}

TEST(EinopsReference, ExamplesAndErrorsAreThoseOfThePackage) {
  int refused = 0;
  const int calls = compare_chains("einops.tsv", einops_chain_text, refused);
  EXPECT_EQ(calls, 72);
}

}  // namespace
}  // namespace nanscope
