// Five thousand random chains of tensor operations against what PyTorch did with them: shape,
// stride, offset, shared storage, contiguity, dtype and values of every step, and the message where
// it refused. tensor.tsv is the output of `make_tensor.py 5000 1`; no tolerance: every operation in
// it is exact. Behind ~ stands how PyTorch prints the last.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cmath>

#include "engine/tensor_language/printed_tensor.h"
#include "reference_chains.h"

namespace nanscope {
namespace {

unsigned long digest_with_one_nan(std::vector<double> values) {
  for (double& value : values)
    if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  return crc32(0, reinterpret_cast<const Bytef*>(values.data()),
               static_cast<uInt>(values.size() * sizeof(double)));
}

unsigned long digest(const std::string& text) {
  return crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()));
}

/// "" where not every element is known.
std::string printed_text(const TensorStep& step) {
  if (!step.cells.complete) return "";
  std::string text = printed_tensor(step);
  text.pop_back();  // the end of the line
  return text;
}

/// A chain in the form of tensor.tsv.
std::string torch_chain_text(const TensorChain& chain) {
  std::vector<std::string> steps;
  for (const TensorStep& step : chain.steps)
    steps.push_back(fmt::format("{}/{}/{}/{}/{}/{}/{:x}", fmt::join(step.shape, ","),
                                fmt::join(step.stride, ","), step.offset, step.storage,
                                step.contiguity.contiguous ? 1 : 0, step.dtype,
                                digest_with_one_nan(step.cells.values)));
  std::string text = fmt::format("{}", fmt::join(steps, ";"));
  if (!chain.error) return text + fmt::format("~{:x}", digest(printed_text(chain.steps.back())));
  const bool python_type_error =
      chain.error->kind == TensorErrorKind::arguments &&
      (chain.error->exception.empty() || chain.error->exception == "TypeError");
  return text + '!' + (python_type_error ? "TypeError" : chain.error->message());
}

TEST(TensorReference, RandomChainsAreThoseOfPyTorch) {
  int refused = 0;
  const int chains = compare_chains("tensor.tsv", torch_chain_text, refused);
  // Of 5000; of an expanded dimension PyTorch 2.15 takes the median of what follows in memory.
  EXPECT_EQ(chains, 4998);
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace nanscope
