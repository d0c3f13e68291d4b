#include "engine/loader/loader.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "engine/base/version.h"
#include "tests/built.h"

namespace nanscope {
namespace {

class LoaderTest : public testing::Test {
 protected:
  void TearDown() override { unsetenv("NANSCOPE_ENGINE"); }
  static std::string error_of(const std::string& library) {
    setenv("NANSCOPE_ENGINE", library.c_str(), /*overwrite=*/1);
    const auto engine = load_engine();
    if (engine) return "";
    EXPECT_EQ(engine.error().kind, Error::Kind::work);
    EXPECT_EQ(engine.error().where, "engine");
    return engine.error().message();
  }
};

TEST_F(LoaderTest, OpensTheEngineBesideTheProgram) {
  const auto engine = load_engine();
  ASSERT_TRUE(engine) << to_string(engine.error());
  const EngineInfo info = (*engine)->info();
  EXPECT_EQ(info.libtorch_version.substr(0, 2), "2.");
  EXPECT_FALSE(info.cpu_name.empty());
  EXPECT_FALSE(info.cpu_capability.empty());
  EXPECT_GE(info.threads, 1);
  EXPECT_FALSE(info.cuda.empty());
}

TEST_F(LoaderTest, SaysWhatIsMissingAndWhatToDo) {
  const std::string missing = error_of("/nowhere/libnanscope_engine.so");
  EXPECT_NE(missing.find("/nowhere/libnanscope_engine.so"), std::string::npos) << missing;
  EXPECT_NE(missing.find("./nanscope"), std::string::npos) << missing;
}

TEST_F(LoaderTest, SaysWhenALibraryIsNotAnEngine) {
  const std::string text = error_of(__FILE__);
  EXPECT_NE(text.find("cannot be opened"), std::string::npos) << text;
  const std::string other = error_of("libz.so.1");
  EXPECT_NE(other.find(kEngineFactory), std::string::npos) << other;
}

TEST_F(LoaderTest, RefusesTheEngineOfAnotherBuild) {
  const std::string text =
      error_of(built_beside("libforeign_engine.so"));  // its factory would abort
  EXPECT_NE(text.find("another NaNscope"), std::string::npos) << text;
  EXPECT_NE(text.find("0123456789abcdef"), std::string::npos) << text;
  EXPECT_NE(text.find(build_id()), std::string::npos) << text;
  EXPECT_NE(text.find("./nanscope"), std::string::npos) << text;
}

}  // namespace
}  // namespace nanscope
