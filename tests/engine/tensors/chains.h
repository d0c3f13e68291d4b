#pragma once

#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/tensor_language/printed_tensor.h"
#include "engine/tensors/tensor_lab.h"

namespace nanscope {

/// Carries out chains as the lab does.
class ChainTest : public ::testing::Test {
 protected:
  TensorChain run(const std::string& expression) {
    request_.expression = expression;
    const Result<TensorChain> chain = lab_.run(request_, {});
    EXPECT_TRUE(chain) << expression;
    return chain.value_or(TensorChain());
  }
  TensorStep last(const std::string& expression) {
    const TensorChain chain = run(expression);
    EXPECT_FALSE(chain.error) << expression << ": " << chain.error->message();
    return chain.steps.empty() ? TensorStep() : chain.steps.back();
  }
  /// As PyTorch prints it, without the end of the line.
  static std::string printed(const TensorStep& step) {
    std::string text = printed_tensor(step);
    text.pop_back();
    return text;
  }
  TensorError error(const std::string& expression) {
    const TensorChain chain = run(expression);
    EXPECT_TRUE(chain.error) << expression;
    return chain.error.value_or(TensorError());
  }

  const c10::InferenceMode without_autograd_;
  TensorLab lab_;
  TensorRequest request_;
};

}  // namespace nanscope
