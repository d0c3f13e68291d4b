#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/app/program.h"

namespace nanscope {
namespace {

using testing::HasSubstr;

nlohmann::json check(const nlohmann::json& doctor, const std::string& name) {
  for (const auto& entry : doctor["checks"])
    if (entry["name"] == name) return entry;
  return nullptr;
}

TEST(Doctor, FindsWhatTheTestsThemselvesNeed) {
  const auto doctor = run_json({"doctor", "--json"});
  EXPECT_EQ(doctor["schema"], "nanscope.doctor/1");
  EXPECT_EQ(doctor["works"], true);
  for (const char* name : {"program", "memory", "libtorch", "processor", "opengl", "demos"}) {
    EXPECT_EQ(check(doctor, name)["state"], "ok") << name;
    EXPECT_NE(check(doctor, name)["finding"], "") << name;
  }
  EXPECT_THAT(check(doctor, "libtorch")["finding"].get<std::string>(),
              HasSubstr("libtorch_cpu.so"));
}

TEST(Doctor, EverythingMissingComesWithAdvice) {
  const Outcome outcome =
      run({"doctor", "--json"},
          {.environment = {"NANSCOPE_ENGINE=/nowhere", "NANSCOPE_ASSETS=/nowhere",
                           "NANSCOPE_CACHE=/nowhere", "DISPLAY", "WAYLAND_DISPLAY"}});
  EXPECT_EQ(outcome.status, 1);
  const auto doctor = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(doctor["works"], false);
  EXPECT_EQ(check(doctor, "libtorch")["state"], "missing");
  EXPECT_EQ(check(doctor, "demos")["state"], "missing");
  EXPECT_EQ(check(doctor, "digits")["state"], "optional");
  EXPECT_EQ(check(doctor, "display")["state"], "optional");
  for (const auto& entry : doctor["checks"])
    EXPECT_EQ(entry["state"] == "ok", entry["advice"].get<std::string>().empty()) << entry;
}

TEST(Doctor, SettingsThatCannotBeWrittenAreSaidWithWhatHelps) {
  const TemporaryFolder folder;
  const std::string file = folder.path() + "/file";
  std::ofstream(file) << "not a folder";
  const auto settings = [](const std::string& home) {
    return check(
        run_json({"doctor", "--json"}, {.environment = {"HOME=" + home, "XDG_CONFIG_HOME"}}),
        "settings");
  };
  const auto bad = settings(file);
  EXPECT_EQ(bad["state"], "optional");
  EXPECT_THAT(bad["finding"].get<std::string>(),
              HasSubstr(file + "/.config/nanscope/settings.json cannot be written: "));
  EXPECT_THAT(bad["advice"].get<std::string>(), HasSubstr("XDG_CONFIG_HOME"));
  EXPECT_EQ(settings(folder.path() + "/new")["state"], "ok");
  EXPECT_FALSE(std::filesystem::exists(folder.path() + "/new"));
}

TEST(Doctor, SpeaksToPeople) {
  const Outcome outcome = run({"doctor"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr("Everything that NaNscope needs is here."));
}

}  // namespace
}  // namespace nanscope
