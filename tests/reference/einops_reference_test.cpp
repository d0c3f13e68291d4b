// einops' documented examples and its errors against the einops package: shape, stride, whether the
// storage is shared, values, and the whole message. einops.tsv is the output of make_einops.py; no
// tolerance, since the numbers are small and whole.
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <fstream>

#include "engine/tensors/tensor_lab.h"

namespace nanscope {
namespace {

unsigned long digest(const std::vector<double>& values) {
  return crc32(0, reinterpret_cast<const Bytef*>(values.data()),
               static_cast<uInt>(values.size() * sizeof(double)));
}

/// The storage of x, the variable.
int storage_of_x(const TensorChain& chain) {
  return std::ranges::find(chain.steps, "x", &TensorStep::variable)->storage;
}

std::string as_reference(const TensorChain& chain) {
  if (chain.error) {
    std::string message = '!' + chain.error->message;
    std::ranges::replace(message, '\n', '|');
    return message;
  }
  const TensorStep& last = chain.steps.back();
  return fmt::format("{}/{}/{}/{:x}", fmt::join(last.shape, ","), fmt::join(last.stride, ","),
                     last.storage == storage_of_x(chain) ? 1 : 0, digest(last.cells.values));
}

TEST(EinopsReference, ExamplesAndErrorsAreThoseOfThePackage) {
  const c10::InferenceMode without_autograd;
  std::ifstream file(NANSCOPE_TESTS_DIR "/reference/einops.tsv");
  TensorLab lab;
  int calls = 0;
  for (std::string line; std::getline(file, line); ++calls) {
    const auto tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos) << line;
    TensorRequest request;
    request.expression = line.substr(0, tab);
    const Result<TensorChain> chain = lab.run(request, {});
    ASSERT_TRUE(chain) << request.expression;
    EXPECT_EQ(as_reference(*chain), line.substr(tab + 1)) << request.expression;
  }
  EXPECT_EQ(calls, 72);
}

}  // namespace
}  // namespace nanscope
