// Twenty thousand random expressions of plain numbers against what Python made of them: the value,
// its type, or the exception and its words. python.tsv is the output of `make_python.py 20000 1`;
// no tolerance.
#include <gtest/gtest.h>

#include "reference_chains.h"

namespace nanscope {
namespace {

/// A chain in the form of python.tsv.
std::string python_value_text(const TensorChain& chain) {
  if (!chain.error) return chain.value;
  const std::string message = chain.error->message();
  if (message.find("is a complex number") != std::string::npos) return "!complex";
  return "!" + chain.error->exception + " " + message;
}

TEST(PythonReference, RandomExpressionsAreWorthWhatTheyAreInPython) {
  int refused = 0;
  const int expressions = compare_chains("python.tsv", python_value_text, refused);
  EXPECT_EQ(expressions, 20000);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace nanscope
