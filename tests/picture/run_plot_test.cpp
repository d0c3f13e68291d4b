#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "app/command_line/plot.h"
#include "engine/base/file.h"
#include "engine/experiment/resolve.h"
#include "tests/synthetic/synthetic_snapshot.h"

namespace nanscope {
namespace {

using ::testing::HasSubstr;

/// Answers with formulas, or with an error.
class SyntheticEngine : public Engine {
 public:
  EngineInfo info() const override { return {}; }
  Result<SignalSnapshot> signal(const SignalRequest& request, std::stop_token,
                                const Progress&) override {
    ++passes;
    if (fails) return work_error("memory", "There is not enough of it.");
    return synthetic_snapshot(request.experiment);
  }
  Result<TensorChain> tensor(const TensorRequest&, std::stop_token) override {
    return TensorChain();
  }
  bool fails = false;
  int passes = 0;
};

class RunPlot : public testing::Test {
 protected:
  RunPlot()
      : folder_(std::filesystem::temp_directory_path() /
                ("nanscope_plot_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
    options_.experiment.model.depth = 5;
    add_picture("", "lab.png");
    add_picture("histogram", "histogram.png");
  }
  ~RunPlot() override { std::filesystem::remove_all(folder_); }
  void add_picture(const std::string& plot, const std::string& name) {
    PlotFile file;
    file.picture.plot = plot;
    file.picture.width = 640;
    file.picture.height = 360;
    file.path = path(name);
    options_.pictures.push_back(file);
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  auto run() { return run_plot(options_, engine_, {}, {}); }

  std::filesystem::path folder_;
  PlotOptions options_;
  SyntheticEngine engine_;
};

TEST_F(RunPlot, WritesPicturesAndDataOfOnePass) {
  options_.csv_path = path("lab.csv");
  options_.json_path = path("lab.json");
  const auto written = run();
  ASSERT_TRUE(written) << to_string(written.error());
  EXPECT_THAT(*written, testing::ElementsAre(path("lab.png"), path("histogram.png"),
                                             path("lab.csv"), path("lab.json")));
  EXPECT_EQ(engine_.passes, 1);
  const auto reopened = read_experiment_file(path("lab.png"));
  ASSERT_TRUE(reopened) << to_string(reopened.error());
  EXPECT_EQ(*reopened, options_.experiment);
  EXPECT_THAT(*read_file(path("lab.json"), 1 << 20), HasSubstr("nanscope.signal/1"));
  EXPECT_THAT(*read_file(path("lab.csv"), 1 << 20), HasSubstr("activation.var"));
}

TEST_F(RunPlot, ChecksTheInputBeforeThePass) {
  options_.pictures[1].picture.width = 10;
  EXPECT_EQ(run().error().kind, Error::Kind::input);
  EXPECT_EQ(engine_.passes, 0);
}

TEST_F(RunPlot, WritesNothingWhenThePassFails) {
  engine_.fails = true;
  EXPECT_EQ(run().error().where, "memory");
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(RunPlot, NamesAFileThatCannotBeWritten) {
  options_.pictures[0].path = path("missing/lab.png");
  const auto written = run();
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, Error::Kind::work);
  EXPECT_THAT(to_string(written.error()), HasSubstr("missing"));
}

}  // namespace
}  // namespace nanscope
