#include "engine/pytorch/language_script.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/reference/language_runs.h"

namespace nanscope {
namespace {

// What these scripts print, tests/engine/runs compares with what the plan computes.
TEST(LanguageScript, IsTheOneWhoseLossesAreKnown) {
  for (const auto& [name, run] : language_runs()) {
    std::ifstream file(NANSCOPE_TESTS_DIR "/reference/language_scripts/" + name + ".py");
    std::ostringstream expected;
    expected << file.rdbuf();
    const std::string script = pytorch_language_script(run);
    EXPECT_EQ(script, expected.str()) << name;
    // To look at, and to copy where a change is meant.
    if (script != expected.str()) std::ofstream(testing::TempDir() + name + ".py") << script;
  }
}

TEST(LanguageScript, SaysTheFormat) {
  LanguageRun run = language_runs().front().second;
  EXPECT_NE(pytorch_language_script(run).find("DTYPE = torch.float64\n"), std::string::npos);
  run.fp64 = false;
  EXPECT_NE(pytorch_language_script(run).find("DTYPE = torch.float32\n"), std::string::npos);
}

}  // namespace
}  // namespace nanscope
