#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>
#include <vector>

#include "app/command_line/plot.h"
#include "engine/base/file.h"
#include "engine/experiment/json.h"
#include "engine/experiment/resolve.h"
#include "engine/session/run_request.h"
#include "halving.h"
#include "tests/window/harness.h"
#include "ui/labs/labs.h"
#include "ui/text/text.h"

// A lab that is added as README says: the files of this folder, which would be a room of ui/labs
// and one of engine/, and the lines that lab_name.cpp and labs.cpp here have beyond the product's
// own.
namespace nanscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::size_t kMostPlaces = 4;

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(std::string(NANSCOPE_SOURCE_DIR) + "/" + path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);)
    if (!line.starts_with("//")) lines.push_back(line);
  return lines;
}

/// The lines that a list here has beyond the product's, which it has all of, in their order.
std::vector<std::string> added_lines(const std::string& with_toy, const std::string& product) {
  std::vector<std::string> added;
  const std::vector<std::string> lines = lines_of(product);
  auto next = lines.begin();
  for (const std::string& line : lines_of(with_toy))
    if (next != lines.end() && *next == line)
      ++next;
    else
      added.push_back(line);
  EXPECT_TRUE(next == lines.end()) << product << " has changed: " << *next;
  return added;
}

TEST(ToyLab, IsAddedInTheLinesThatReadmeNames) {
  EXPECT_THAT(added_lines("tests/toy_lab/labs.cpp", "ui/labs/labs.cpp"),
              ElementsAre("#include \"toy_lab.h\"", "  labs.push_back(make_toy_lab());",
                          "      english_toy_texts(),          // here"));
  EXPECT_THAT(added_lines("tests/toy_lab/lab_name.cpp", "engine/experiment/lab_name.cpp"),
              ElementsAre("      LabName{\"toy\"},"));
}

TEST(ToyLab, ReadmeCountsAtMostFourPlaces) {
  const std::vector<std::string> lines = lines_of("README.md");
  auto line = std::ranges::find(lines, "## Add a lab");
  ASSERT_NE(line, lines.end());
  std::string section;
  std::size_t places = 0;
  for (++line; line != lines.end() && !line->starts_with("## "); ++line) {
    places += std::regex_search(*line, std::regex("^[0-9]+\\. "));
    section += *line + ' ';
  }
  EXPECT_LE(places, kMostPlaces);
  EXPECT_GE(places, 1u);
  for (const char* place :
       {"ui/labs/my_lab/", "ui/labs/labs.cpp", "engine/experiment/lab_name.cpp", "engine/job/"})
    EXPECT_THAT(section, HasSubstr(place));
}

TEST(ToyLab, ItsNameIsOneOfTheExperiments) {
  const auto experiment = resolve_experiment({"lab=toy", "batch=8"});
  ASSERT_TRUE(experiment) << to_string(experiment.error());
  EXPECT_EQ(experiment->lab, LabName{"toy"});
  EXPECT_EQ(*from_json(to_json(*experiment)), *experiment);
  EXPECT_THAT(to_string(resolve_experiment({"lab=tow"}).error()),
              HasSubstr("signal, numbers, tensors, training, optimizers, costs, toy"));
}

TEST(ToyLab, ItsJobRunsWithoutAnEngine) {
  const auto result = run_request(nullptr, HalvingRequest{8, 3}, {}, {});
  ASSERT_TRUE(result) << to_string(result.error());
  EXPECT_THAT(result->as<Halvings>()->values, ElementsAre(8, 4, 2));
  const auto refused = run_request(nullptr, HalvingRequest{8, 0}, {}, {});
  EXPECT_EQ(to_string(refused.error()), "toy: 0 steps are none.");
}

TEST(ToyLab, TheCommandLineDrawsIt) {
  const TemporaryFolder folder;
  PlotOptions options;
  options.experiment = *resolve_experiment({"lab=toy", "batch=8"});
  options.picture.path = folder.path() + "/toy.svg";
  options.csv_path = folder.path() + "/toy.csv";
  ASSERT_TRUE(check_plot(options));
  const auto no_engine = []() -> Result<Engine*> {
    return work_error("engine", "nobody needs it here.");
  };
  const auto written = run_plot(options, no_engine, {}, {});
  ASSERT_TRUE(written) << to_string(written.error());
  EXPECT_EQ(*read_file(options.csv_path, 1000), "8 4 2 1\n");
  EXPECT_THAT(*read_file(options.picture.path, 1 << 20), HasSubstr("8 4 2 1"));
  EXPECT_EQ(read_experiment_file(options.picture.path)->lab, LabName{"toy"});
}

TEST(ToyLab, TheWindowShowsItAndItsJobRunsWhereLibTorchIsMissing) {
  HarnessOptions options;
  options.shell.experiment = *resolve_experiment({"batch=8"});
  options.loader = []() -> Result<std::unique_ptr<Engine>> {
    return work_error("engine", "is not there.");
  };
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& context) {
    ASSERT_TRUE(window.shell().run_action("lab.toy"));
    const auto halvings = [&] { return window.session().view().results.latest<HalvingRequest>(); };
    ASSERT_TRUE(window.wait_until(context, [&] { return halvings() != nullptr; }));
    EXPECT_THAT(halvings()->values, ElementsAre(8, 4, 2, 1));
    EXPECT_EQ(window.shell().experiment().lab, LabName{"toy"});
    EXPECT_FALSE(window.shell().message());
  });
  EXPECT_STREQ(text("lab.toy"), "Toy");
}

}  // namespace
}  // namespace nanscope
