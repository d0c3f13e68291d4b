// Three thousand random chains of tensor operations against what PyTorch did with them: shape,
// stride, offset, shared storage, contiguity, dtype and values of every step, and the message where
// it refused. tensor.tsv is the output of `make_tensor.py 3000 1`; no tolerance: every operation in
// it is exact.
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cmath>
#include <fstream>

#include "engine/tensors/tensor_lab.h"

namespace nanscope {
namespace {

unsigned long digest(std::vector<double> values) {
  for (double& value : values)
    if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  return crc32(0, reinterpret_cast<const Bytef*>(values.data()),
               static_cast<uInt>(values.size() * sizeof(double)));
}

/// A chain in the form of tensor.tsv.
std::string as_reference(const TensorChain& chain) {
  std::vector<std::string> steps;
  for (const TensorStep& step : chain.steps)
    steps.push_back(fmt::format("{}/{}/{}/{}/{}/{}/{:x}", fmt::join(step.shape, ","),
                                fmt::join(step.stride, ","), step.offset, step.storage,
                                step.contiguity.contiguous ? 1 : 0, step.dtype,
                                digest(step.cells.values)));
  std::string text = fmt::format("{}", fmt::join(steps, ";"));
  if (chain.error)
    text += '!' +
            (chain.error->kind == TensorErrorKind::arguments ? "TypeError" : chain.error->message);
  return text;
}

TEST(TensorReference, RandomChainsAreThoseOfPyTorch) {
  const c10::InferenceMode without_autograd;
  std::ifstream file(NANSCOPE_TESTS_DIR "/reference/tensor.tsv");
  TensorLab lab;
  int chains = 0, refused = 0;
  for (std::string line; std::getline(file, line); ++chains) {
    const auto tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos) << line;
    TensorRequest request;
    request.expression = line.substr(0, tab);
    const Result<TensorChain> chain = lab.run(request, {});
    ASSERT_TRUE(chain) << request.expression;
    EXPECT_EQ(as_reference(*chain), line.substr(tab + 1)) << request.expression;
    refused += chain->error ? 1 : 0;
  }
  EXPECT_EQ(chains, 3000);
  EXPECT_GT(refused, 300);
}

}  // namespace
}  // namespace nanscope
