#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "tests/app/program.h"

// Training runs of a moment, for tests of `nanscope train`.
namespace nanscope {

inline const std::vector<std::string> kSmallRun{"data.kind=teacher", "model.depth=2",
                                                "model.width=16",    "batch=8",
                                                "steps=30",          "init.scheme=kaiming"};

/// nanscope train with the words of kSmallRun, and more.
inline std::vector<std::string> train(const std::vector<std::string>& more) {
  std::vector<std::string> words{"train"};
  words.insert(words.end(), kSmallRun.begin(), kSmallRun.end());
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// A JSON value a line.
inline std::vector<nlohmann::json> lines_of(const std::string& out) {
  std::vector<nlohmann::json> lines;
  std::istringstream stream(out);
  for (std::string line; std::getline(stream, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

}  // namespace nanscope
