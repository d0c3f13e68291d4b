#pragma once

#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "engine/tensors/tensor_lab.h"

namespace nanscope {

/// Runs the expression before each line's tab and compares as_text(chain) with what stands
/// behind it. Returns the number of lines; `refused` counts chains that end in an error.
template <class AsText>
int compare_chains(const std::string& tsv, const AsText& as_text, int& refused) {
  const c10::InferenceMode without_autograd;
  std::ifstream file(NANSCOPE_TESTS_DIR "/reference/" + tsv);
  TensorLab lab;
  int lines = 0;
  for (std::string line; std::getline(file, line); ++lines) {
    const auto tab = line.find('\t');
    if (tab == std::string::npos) {
      ADD_FAILURE() << "no tab in: " << line;
      continue;
    }
    TensorRequest request;
    request.expression = line.substr(0, tab);
    const Result<TensorChain> chain = lab.run(request, {});
    if (!chain) {
      ADD_FAILURE() << request.expression;
      continue;
    }
    EXPECT_EQ(as_text(*chain), line.substr(tab + 1)) << request.expression;
    refused += chain->error ? 1 : 0;
  }
  return lines;
}

}  // namespace nanscope
