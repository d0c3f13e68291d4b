#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "app/command_line/plot.h"
#include "engine/base/file.h"
#include "engine/experiment/resolve.h"
#include "engine/probes/signal_request.h"
#include "engine/tensor_language/chain.h"
#include "tests/synthetic/synthetic_snapshot.h"
#include "ui/labs/labs.h"

namespace nanscope {
namespace {

using ::testing::HasSubstr;

/// Answers with formulas, or with an error.
class SyntheticEngine : public Engine {
 public:
  EngineInfo info() const override { return {}; }
  Result<std::unique_ptr<Job>> make_job(const JobRequest& asked) override {
    if (asked.as<TensorRequest>())
      return one_slice([](const JobContext&) -> Result<TensorChain> { return TensorChain(); });
    const auto* request = asked.as<SignalRequest>();
    if (!request) return work_error("engine", "It knows no such request.");
    return one_slice([this, request = *request](const JobContext&) -> Result<SignalSnapshot> {
      ++passes;
      if (fails) return work_error("memory", "There is not enough of it.");
      return synthetic_snapshot(request.experiment);
    });
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
    options_.experiment.network.model.depth = 5;
    options_.picture.picture.width = 640;
    options_.picture.picture.height = 360;
    options_.picture.path = path("lab.png");
  }
  ~RunPlot() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  auto run() {
    const auto open = [this]() -> Result<Engine*> { return &engine_; };
    return run_plot(options_, open, {}, {});
  }

  std::filesystem::path folder_;
  PlotOptions options_;
  SyntheticEngine engine_;
};

TEST_F(RunPlot, WritesPicturesAndDataOfOnePass) {
  options_.plots_stem = path("lab");
  options_.csv_path = path("lab.csv");
  options_.json_path = path("lab.json");
  const auto written = run();
  ASSERT_TRUE(written) << to_string(written.error());
  EXPECT_THAT(*written, testing::ElementsAre(
                            path("lab.png"), path("lab-forward_variance.png"),
                            path("lab-backward_variance.png"), path("lab-histogram.png"),
                            path("lab-special_values.png"), path("lab.csv"), path("lab.json")));
  EXPECT_EQ(engine_.passes, 1);
  const auto reopened = read_experiment_file(path("lab.png"));
  ASSERT_TRUE(reopened) << to_string(reopened.error());
  EXPECT_EQ(*reopened, options_.experiment);
  EXPECT_THAT(*read_file(path("lab.json"), 1 << 20), HasSubstr("nanscope.signal/1"));
  EXPECT_THAT(*read_file(path("lab.csv"), 1 << 20), HasSubstr("activation.var"));
}

TEST_F(RunPlot, IsCheckedBeforeAnyWork) {
  EXPECT_TRUE(check_plot(options_));
  PlotOptions wrong = options_;
  wrong.picture.picture.width = 10;
  EXPECT_EQ(check_plot(wrong).error().where, "size");
  wrong = options_;
  wrong.picture.path = path("lab.svg");
  EXPECT_TRUE(check_plot(wrong));
  wrong.experiment.lab = LabName::tensors;
  wrong.experiment.tensors.expression = "arange(12).veiw(3,4)";
  EXPECT_THAT(to_string(check_plot(wrong).error()), HasSubstr("did you mean view?"));
  wrong.picture.picture.plot = "memory_copies";
  EXPECT_TRUE(check_plot(wrong));  // of the machine, whatever the chain
  wrong = options_;
  wrong.json_path = path("missing/lab.json");
  EXPECT_EQ(check_plot(wrong).error().kind, Error::Kind::work);
}

TEST_F(RunPlot, EveryPlotOfEveryLabIsDrawnAsSvg) {
  options_.picture.path = path("lab.svg");
  for (const LabName lab : {LabName::signal, LabName::tensors}) {
    options_.experiment.lab = lab;
    const auto written = run();
    ASSERT_TRUE(written) << to_string(written.error());
    const auto reopened = read_experiment_file(path("lab.svg"));
    ASSERT_TRUE(reopened) << to_string(reopened.error());
    EXPECT_EQ(reopened->lab, lab);
  }
}

TEST_F(RunPlot, WritesNothingWhenThePassFails) {
  engine_.fails = true;
  EXPECT_EQ(run().error().where, "memory");
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(RunPlot, NamesAFileThatCannotBeWritten) {
  options_.picture.path = path("missing/lab.png");
  const auto written = run();
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, Error::Kind::work);
  EXPECT_THAT(to_string(written.error()), HasSubstr("missing"));
}

}  // namespace
}  // namespace nanscope
