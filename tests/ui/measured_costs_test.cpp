#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/experiment/json.h"
#include "engine/job/job.h"
#include "engine/plan/plan.h"
#include "engine/plan/task.h"
#include "tests/ui/drawing.h"
#include "tests/ui/recording_canvas.h"
#include "ui/labs/costs/data.h"
#include "ui/labs/costs/figure.h"
#include "ui/labs/costs/measured.h"
#include "ui/labs/costs/measured_words.h"
#include "ui/labs/costs/plots/measured_bars.h"
#include "ui/labs/costs/plots/roofline.h"
#include "ui/labs/costs/plots/run_plots.h"
#include "ui/labs/costs/plots/treemap.h"
#include "ui/labs/costs/words.h"

// What the Costs lab draws and says of what is measured.
namespace nanscope {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using Pairs = std::vector<std::pair<std::string, std::string>>;
constexpr std::int64_t kKernels = std::int64_t{1} << 20;
const Machine kHere{.processor = "of a test", .threads = 2, .libtorch = "2.15.0"};

Experiment measured_lab(const Pairs& keys) {
  Experiment experiment;
  experiment.lab = LabName::costs;
  experiment.network.model.depth = 4;
  experiment.network.model.width = 64;
  experiment.costs.measured = true;
  for (const auto& [key, value] : keys) experiment = *with_key(experiment, key, value);
  return experiment;
}

/// As if the allocator had held what is predicted and 1 MiB for kernels in the fourth moment, and
/// each operation had taken 10 us.
MeasuredCosts measured_as_predicted(const Experiment& experiment) {
  MeasuredCosts costs{.experiment = run_costs_request(experiment).experiment};
  const auto task = training_task(costs.experiment);
  PredictedCosts predicted =
      predicted_costs(costs.experiment, *task, *describe_training(costs.experiment, *task));
  costs.predicted = std::move(predicted.plan);
  costs.timeline = std::move(predicted.timeline);
  costs.beside = std::move(predicted.beside);
  costs.memory = costs.predicted.memory;
  for (const PlanLayerCosts& layer : costs.predicted.layers) costs.layers.push_back(layer.memory);
  costs.shared = costs.predicted.shared;
  costs.residual = costs.beside;
  costs.residual.push_back({"temporaries", kKernels});
  const std::int64_t held = costs.predicted_peak();
  costs.rows.assign(costs.timeline.rows.size(), {held, held, held, 1e-5});
  costs.rows[3].peak = costs.peak = held + kKernels;
  costs.seconds_per_step = 1e-5 * static_cast<double>(costs.rows.size());
  costs.steps = 20;
  costs.threads = kHere.threads;
  costs.machine = kHere;
  costs.computed_in = "fp32";
  return costs;
}

Calibration calibration_of(double peak) {
  return {.machine = kHere,
          .types = {{"fp32", {{64, 1e-5, peak / 2}, {512, 1e-3, peak}}},
                    {"bf16", {{64, 1e-5, peak / 8}, {512, 1e-3, peak / 4}}}},
          .bandwidth = {.copy = 9e9, .triad = 1e10, .bytes = 1 << 26},
          .seconds = 9,
          .at = 1'790'000'000};
}

struct Measured {
  bool run = true;
  double peak = 1e11;  ///< of the calibration; 0: this machine has none
};

std::shared_ptr<const CostsPicture> measured_picture(const Experiment& experiment,
                                                     const Measured& measured = {}) {
  JobResults results;
  for (const JobRequest& request : costs_jobs(experiment)) {
    JobContext context({}, {});
    results.set(request.slot(), *run_job(*request.make_job(), context));
  }
  if (measured.run)
    results.set(CostMeasurementRequest::kSlot, JobResult::of(measured_as_predicted(experiment)));
  if (const auto other = compared_with(experiment); other && measured.run)
    results.set(kOtherMeasuredSlot, JobResult::of(measured_as_predicted(*other)));
  results.set(CalibrationRequest::kSlot,
              JobResult::of(measured.peak > 0 ? calibration_of(measured.peak)
                                              : Calibration{.machine = kHere}));
  return std::make_shared<const CostsPicture>(costs_picture(experiment, results));
}

/// The same settings are measured once, and have the same beside the plan.
TEST(MeasuredMemory, OfTheSameSettingsTwiceIsTheSame) {
  const auto picture = measured_picture(measured_lab({{"compare", "same"}}));
  EXPECT_EQ(picture->other_measured, picture->measured);
  const StackedBars bars = memory_bars(*picture);
  ASSERT_EQ(bars.bars.size(), 4u);
  EXPECT_EQ(bars.bars[0].total(), bars.bars[2].total());
  EXPECT_EQ(bars.bars[1].total(), bars.bars[3].total());
}

TEST(MeasuredMemory, StandsBesideThePredictionAndNamesTheDifference) {
  const auto picture = measured_picture(measured_lab({}));
  const StackedBars bars = memory_bars(*picture);
  ASSERT_EQ(bars.bars.size(), 2u);
  EXPECT_EQ(bars.bars[0].name, "predicted");
  EXPECT_EQ(bars.bars[1].name, "measured");
  EXPECT_TRUE(bars.bars[1].measured);
  EXPECT_FALSE(bars.bars[0].measured);
  EXPECT_EQ(bars.bars[0].total(), static_cast<double>(picture->measured->predicted_peak()));
  EXPECT_EQ(bars.bars[1].total(), static_cast<double>(picture->measured->peak));
  EXPECT_EQ(bars.bars[1].note, "1 MiB more");
  EXPECT_THAT(bars.bars[1].more, testing::Contains("beside the plan, kernels: 1 MiB"));
  EXPECT_THAT(costs_sentence(*picture),
              HasSubstr("1 MiB more than predicted, which LibTorch's kernels take."));
  const StackedBars layers = memory_layer_bars(*picture);
  ASSERT_EQ(layers.measured.size(), layers.bars.size());
  for (std::size_t i = 0; i < layers.bars.size(); ++i)
    EXPECT_EQ(layers.measured[i], layers.bars[i].total()) << i;
}

TEST(MeasuredMemory, HasWhatKernelsTakeInBothRows) {
  const Experiment experiment = measured_lab({{"optimizer.kind", "muon"}});
  const auto picture = measured_picture(experiment);
  ASSERT_EQ(picture->measured->beside.back().name, "temporaries");
  const StackedBars bars = memory_bars(*picture);
  EXPECT_EQ(bars.bars[0].total(), static_cast<double>(picture->measured->predicted_peak()));
  EXPECT_EQ(bars.bars[0].values.back(),
            static_cast<double>(picture->measured->beside.back().bytes));
  EXPECT_EQ(residual_words("workspace"), "workspace");
}

TEST(MeasuredMemory, ThatIsNotThereYetHasItsRowAndSaysSo) {
  const auto picture = measured_picture(measured_lab({}), {.run = false});
  const StackedBars bars = memory_bars(*picture);
  ASSERT_EQ(bars.bars.size(), 2u);
  EXPECT_EQ(bars.bars[1].total(), 0);
  EXPECT_EQ(bars.bars[1].note, "being measured ...");
  EXPECT_EQ(measuring_hint(*picture), " Being measured ...");
  const auto off = measured_picture(measured_lab({{"costs.measured", "false"}}));
  EXPECT_EQ(memory_bars(*off).bars.size(), 1u);
  EXPECT_EQ(measuring_hint(*off), " Not measured yet: M measures.");
  EXPECT_THAT(costs_sentence(*off), Not(HasSubstr("easured")));
}

/// Of settings before a change nothing is drawn as if it were of these.
TEST(MeasuredMemory, OfAnotherRunIsNotShown) {
  const Experiment before = measured_lab({});
  JobResults results;
  const Experiment now = measured_lab({{"batch", "512"}});
  for (const JobRequest& request : costs_jobs(now)) {
    JobContext context({}, {});
    results.set(request.slot(), *run_job(*request.make_job(), context));
  }
  results.set(CostMeasurementRequest::kSlot, JobResult::of(measured_as_predicted(before)));
  EXPECT_FALSE(costs_picture(now, results).measured);
  EXPECT_TRUE(costs_picture(measured_lab({{"batch", "64"}}), results).run);
}

TEST(MeasuredMemory, FollowsTrainingsRun) {
  const Experiment experiment = measured_lab({});
  RunSummary run{.experiment = experiment, .steps = 120, .goal = 200};
  run.experiment.lab = LabName::training;
  JobResults results;
  for (const JobRequest& request : costs_jobs(experiment)) {
    JobContext context({}, {});
    results.set(request.slot(), *run_job(*request.make_job(), context));
  }
  results.set("training", JobResult::of(run));
  EXPECT_THAT(costs_sentence(costs_picture(experiment, results)),
              HasSubstr("Training is at step 120 of 200 of it."));
  run.experiment.data.batch *= 2;
  results.set("training", JobResult::of(run));
  EXPECT_THAT(costs_sentence(costs_picture(experiment, results)), Not(HasSubstr("Training is")));
}

TEST(MeasuredTimeline, HasTheAllocatorsBytesInEachMoment) {
  const auto picture = measured_picture(measured_lab({}));
  const StackedBars bars = memory_timeline_bars(*picture);
  ASSERT_EQ(bars.measured.size(), bars.bars.size());
  // Without what lies beside the plan.
  const double held = static_cast<double>(picture->run->timeline.held);
  EXPECT_EQ(bars.measured[2], held);
  EXPECT_EQ(bars.measured[3], held + static_cast<double>(kKernels));
  EXPECT_THAT(timeline_to_csv(picture->run->timeline, picture->measured.get()),
              HasSubstr("," + std::to_string(picture->measured->peak) + "\n"));
  const auto born = std::ranges::find_if(picture->run->timeline.rows,
                                         [](const TimelineRow& row) { return !row.born.empty(); });
  ASSERT_NE(born, picture->run->timeline.rows.end());
  EXPECT_EQ(lifetime_lines(*born).front().substr(0, 5), "new: ");
  // The peak says what was alive.
  const AliveValue& largest = picture->run->timeline.alive_at_peak.front();
  EXPECT_THAT(bars.bars[*bars.peak].more,
              testing::Contains(HasSubstr("most of it: " + largest.name)));
}

TEST(MeasuredFlops, AreAShareOfThePeakAndDoubtOneThatIsTooLow) {
  const auto picture = measured_picture(measured_lab({{"costs.view", "flops"}}));
  const double mfu = 100 * picture->run->costs.step() / picture->measured->seconds_per_step / 1e11;
  EXPECT_THAT(costs_sentence(*picture),
              AllOf(HasSubstr("MFU " + number_text(mfu) + " %"),
                    HasSubstr("of 100 GFLOP/s (this machine, fp32)"), Not(HasSubstr("More than"))));
  const auto low = measured_picture(measured_lab({{"costs.view", "flops"}}), {.peak = 1e8});
  EXPECT_THAT(costs_sentence(*low), HasSubstr("More than 100 %: 100 MFLOP/s is not this work's"));
  const auto none = measured_picture(measured_lab({{"costs.view", "flops"}}), {.peak = 0});
  EXPECT_THAT(costs_sentence(*none),
              AllOf(HasSubstr("not calibrated yet: Calibrate"), Not(HasSubstr("MFU"))));
  const auto sheet = measured_picture(measured_lab(
      {{"costs.view", "flops"}, {"costs.roof", "datasheet"}, {"costs.device", "rtx-3090"}}));
  EXPECT_THAT(costs_sentence(*sheet), HasSubstr("of 35.6 TFLOP/s (NVIDIA GeForce RTX 3090, fp32)"));
}

/// A step takes what its operations take, and what lies between them.
TEST(MeasuredFlops, HaveTheirShareOfTheStepAndSayWhatIsBetweenThem) {
  MeasuredCosts costs = measured_as_predicted(measured_lab({}));
  costs.seconds_per_step *= 2;
  double shares = 0;
  for (std::size_t i = 0; i < costs.rows.size(); ++i) shares += costs.share_of_step(i);
  EXPECT_NEAR(shares, 0.5, 1e-12);
  EXPECT_NEAR(costs.seconds_between(), costs.seconds_per_step / 2, 1e-12);
  EXPECT_EQ(looks_words(costs), "");
  costs.seconds_per_step /= 4;
  EXPECT_NEAR(costs.seconds_between(), -costs.seconds_per_step, 1e-12);
  EXPECT_THAT(looks_words(costs), HasSubstr("more than a step that nobody looks at"));
  EXPECT_EQ(share_words(0.000101), "0.0101 %");
}

TEST(CalibrationWords, SayThatItWasDisturbed) {
  Calibration calibration = calibration_of(1e11);
  EXPECT_THAT(calibrated_words(calibration), Not(HasSubstr("disturbed")));
  calibration.disturbed = true;
  EXPECT_THAT(calibrated_words(calibration), HasSubstr("2 threads, disturbed"));
}

/// What is said of a view's numbers is true of that view's.
TEST(CostsStatus, SaysHowTheNumbersOfTheViewCameAbout) {
  const auto status = [](const Pairs& keys) {
    const auto picture = measured_picture(measured_lab(keys));
    return status_words(*picture);
  };
  EXPECT_EQ(status({}), "measured, median of 20 steps, 2 threads");
  EXPECT_EQ(status({{"costs.view", "roofline"}}), "measured, median of 20 steps, 2 threads");
  EXPECT_EQ(status({{"costs.measured", "false"}}), "predicted by formula");
  for (const char* view : {"napkin", "transformer"})
    EXPECT_EQ(status({{"costs.view", view}}), "predicted by formula") << view;
  CostsPicture of_data;
  of_data.settings = measured_lab({{"costs.view", "data"}}).costs;
  EXPECT_EQ(status_words(of_data), "measured on this machine");
  EXPECT_EQ(status({{"costs.view", "walk"}, {"costs.walk", "run"}}), "predicted by the plan");
  EXPECT_EQ(status({{"costs.view", "walk"}, {"costs.walk", "example"}}), "computed in fp64");
  EXPECT_THAT(status({{"costs.view", "calibration"}}), HasSubstr("2 threads"));
  // The rings of a device are predictions, whatever was measured here.
  const Experiment of_device = measured_lab(
      {{"costs.view", "roofline"}, {"costs.roof", "datasheet"}, {"costs.device", "a100-80gb"}});
  const auto picture = measured_picture(of_device);
  EXPECT_EQ(status_words(*picture), "predicted by formula");
  EXPECT_THAT(costs_figure(of_device, picture)->foot, Not(HasSubstr("measured")));
}

TEST(MeasuredFlops, HaveTheSecondsOfEachOperation) {
  const auto picture =
      measured_picture(measured_lab({{"costs.view", "flops"}, {"accumulation", "4"}}));
  const StackedBars bars = operation_seconds_bars(*picture);
  ASSERT_EQ(bars.bars.size(), picture->measured->rows.size());
  double sum = 0;
  for (std::size_t i = 0; i < bars.bars.size(); ++i) {
    EXPECT_EQ(bars.bars[i].total(), picture->measured->times_of(i) * 1e-5);
    sum += bars.bars[i].total();
  }
  EXPECT_GT(sum, 3 * picture->measured->seconds_per_step);  // of four batches most
  EXPECT_EQ(bars.axis, "time (us)");
  EXPECT_THAT(operations_to_csv(*picture), HasSubstr("seconds,times,share"));
  const auto waiting = measured_picture(measured_lab({{"costs.view", "flops"}}), {.run = false});
  EXPECT_TRUE(operation_seconds_bars(*waiting).bars.empty());
  EXPECT_EQ(operation_seconds_bars(*waiting).empty_words, "Being measured ...");
}

TEST(Roofline, HasMeasuredDotsOnTheMachineThatMeasuredAlone) {
  const auto here = measured_picture(measured_lab({{"costs.view", "roofline"}}));
  ASSERT_TRUE(here->complete());
  const auto marks = roofline_marks(*here);
  EXPECT_EQ(marks.size(), roofline_dots(*here->measured).size());
  for (const RooflineMark& mark : marks) EXPECT_TRUE(mark.measured);
  EXPECT_THAT(costs_sentence(*here), AllOf(HasSubstr("below 10 FLOPs a byte its memory, 10 GB/s"),
                                           HasSubstr("Most time goes to ")));
  const auto there = measured_picture(measured_lab(
      {{"costs.view", "roofline"}, {"costs.roof", "datasheet"}, {"costs.device", "a100-80gb"}}));
  ASSERT_TRUE(there->complete());
  for (const RooflineMark& mark : roofline_marks(*there)) {
    EXPECT_FALSE(mark.measured);
    EXPECT_EQ(mark.flop_per_second, attainable(*there->peak, mark.intensity));
  }
  EXPECT_THAT(costs_sentence(*there), HasSubstr("could reach there"));
  // The same of what is not measured here.
  const auto predicted =
      measured_picture(measured_lab({{"costs.view", "roofline"}}), {.run = false});
  EXPECT_EQ(roofline_marks(*predicted).size(), marks.size());
  EXPECT_FALSE(roofline_marks(*predicted).front().measured);
}

TEST(Roofline, WithoutARoofSaysWhatGivesOne) {
  const auto none = measured_picture(measured_lab({{"costs.view", "roofline"}}), {.peak = 0});
  EXPECT_FALSE(none->complete());
  EXPECT_THAT(costs_sentence(*none), HasSubstr("not calibrated yet"));
  const auto unknown = measured_picture(measured_lab(
      {{"costs.view", "roofline"}, {"costs.roof", "datasheet"}, {"costs.device", "h10"}}));
  EXPECT_THAT(costs_sentence(*unknown), HasSubstr("h10 is not in the table of devices"));
  const auto no_type = measured_picture(measured_lab({{"costs.view", "roofline"},
                                                      {"costs.measured", "false"},
                                                      {"costs.roof", "datasheet"},
                                                      {"costs.device", "v100-16gb"},
                                                      {"precision", "mixed_bf16"}}),
                                        {.run = false});
  EXPECT_THAT(costs_sentence(*no_type), HasSubstr("is known in bf16"));
  JobResults results;
  results.set(CalibrationRequest::kSlot, JobResult::of(Calibration{.machine = kHere}));
  for (const char* view : {"roofline", "calibration"}) {
    const auto good = check_measured(measured_lab({{"costs.view", view}}), results);
    ASSERT_FALSE(good) << view;
    EXPECT_THAT(good.error().message(), HasSubstr("nanscope cost calibrate")) << view;
  }
  EXPECT_TRUE(check_measured(measured_lab({}), results));
}

TEST(Roofline, OfADatasheetThatHasNoneSaysWhy) {
  const auto why = [](const Pairs& keys) {
    Pairs all{{"costs.view", "roofline"}, {"costs.measured", "false"}, {"costs.roof", "datasheet"}};
    all.insert(all.end(), keys.begin(), keys.end());
    const Experiment experiment = measured_lab(all);
    JobResults results;
    for (const JobRequest& request : costs_jobs(experiment)) {
      JobContext context({}, {});
      results.set(request.slot(), *run_job(*request.make_job(), context));
    }
    const auto good = check_measured(experiment, results);
    return good ? std::string("taken") : to_string(good.error());
  };
  EXPECT_THAT(why({{"costs.device", "nosuch"}}),
              AllOf(HasSubstr("costs.device: "), HasSubstr("nosuch"), HasSubstr("v100-16gb")));
  EXPECT_THAT(why({{"costs.device", "v100-16gb"}, {"precision", "bf16"}}),
              HasSubstr("precision: v100-16gb has no bf16; it has fp16, fp32"));
  EXPECT_EQ(why({{"costs.device", "v100-16gb"}}), "taken");
}

TEST(CalibrationPicture, SaysWhenAndWithHowManyThreads) {
  const Experiment experiment = measured_lab({{"costs.view", "calibration"}});
  const auto picture = measured_picture(experiment);
  ASSERT_TRUE(picture->complete());
  EXPECT_THAT(costs_sentence(*picture),
              HasSubstr("Products in fp32 reach 100 GFLOP/s at 512 x 512 with 2 threads"));
  const auto figure = costs_figure(experiment, picture);
  EXPECT_THAT(figure->settings,
              AllOf(HasSubstr("of a test"), HasSubstr("2026-"), HasSubstr("2 threads")));
  EXPECT_THAT(figure->csv(), HasSubstr("bf16,512,"));
  EXPECT_THAT(figure->json(), HasSubstr("nanscope.calibration/1"));
}

/// Areas are as the sizes, and all of the room.
TEST(Treemap, HasAreasAsTheSizes) {
  const std::vector<double> sizes{6, 6, 4, 3, 2, 2, 1};
  const auto boxes = squarified(sizes, {{10, 20}, {610, 420}});
  ASSERT_EQ(boxes.size(), sizes.size());
  double worst = 1;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const double wide = boxes[i].high.x - boxes[i].low.x, high = boxes[i].high.y - boxes[i].low.y;
    EXPECT_NEAR(wide * high / (600.0 * 400), sizes[i] / 24, 1e-4) << i;  // of fp32 coordinates
    worst = std::max({worst, wide / high, high / wide});
    for (std::size_t j = 0; j < i; ++j) {
      const LabelBox inner{{boxes[j].low.x + 0.01f, boxes[j].low.y + 0.01f},
                           {boxes[j].high.x - 0.01f, boxes[j].high.y - 0.01f}};
      EXPECT_FALSE(inner.touches(boxes[i])) << i << " " << j;
    }
  }
  EXPECT_LT(worst, 3);  // of the paper's own example
  EXPECT_TRUE(squarified({}, {{0, 0}, {1, 1}}).empty());
}

class MeasuredPlots : public Drawing {
 protected:
  std::unique_ptr<RecordingCanvas> drawn(const Figure& figure, const char* plot, ImVec2 size) {
    auto canvas = std::make_unique<RecordingCanvas>(style_, size);
    find_plot(figure, plot)->plot.draw(*canvas, {{0, 0}, size});
    return canvas;
  }
  static bool says(const RecordingCanvas& canvas, const std::string& words) {
    return std::ranges::any_of(canvas.texts, [&](const RecordingCanvas::Words& one) {
      return one.words == words && !one.cut;
    });
  }
};

TEST_F(MeasuredPlots, NameBothPeaksOfTwoRuns) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector}) {
    style_ = make_style(theme, style_.fonts);
    apply(style_);
    const Experiment experiment = measured_lab(
        {{"model.depth", "24"}, {"batch", "1024"}, {"recompute", "4"}, {"compare", "recompute=0"}});
    const auto picture = measured_picture(experiment);
    const auto figure = costs_figure(experiment, picture);
    const StackedBars bars = memory_timeline_bars(*picture);
    for (const ImVec2 size : {ImVec2{880, 300}, {1200, 420}}) {
      const auto canvas = drawn(*figure, "memory_timeline", size);
      EXPECT_TRUE(says(*canvas, bars.peak_words)) << bars.peak_words << size.x;
      EXPECT_TRUE(says(*canvas, bars.before_peak_words)) << bars.before_peak_words << size.x;
    }
  }
}

/// Of types with one roof the second one's name would hang away from its line.
TEST_F(MeasuredPlots, RoofsOfOneHeightAreNamedTogether) {
  const auto picture = measured_picture(measured_lab(
      {{"costs.view", "roofline"}, {"costs.roof", "datasheet"}, {"costs.device", "h100-sxm"}}));
  const auto figure = costs_figure(measured_lab({{"costs.view", "roofline"}}), picture);
  const auto canvas = drawn(*figure, "roofline", {900, 560});
  EXPECT_TRUE(says(*canvas, "bf16, fp16: 990 TFLOP/s"));
  EXPECT_FALSE(says(*canvas, "fp16: 990 TFLOP/s"));
  const auto said =
      std::ranges::find(canvas->texts, "bf16, fp16: 990 TFLOP/s", &RecordingCanvas::Words::words);
  ASSERT_NE(said, canvas->texts.end());
  const ChartFrame frame = find_plot(*figure, "roofline")->plot.frame(style_, {{0, 0}, {900, 560}});
  EXPECT_LT(std::abs((said->low.y + said->high.y) / 2 - frame.y_at(989.5e12)), 20);
  EXPECT_EQ(flop_rate_words(494.5e12), "495 TFLOP/s");
}

TEST_F(MeasuredPlots, TheRooflineNamesAnOperationUnderThePointer) {
  const Experiment experiment = measured_lab({{"costs.view", "roofline"}});
  const auto picture = measured_picture(experiment);
  const auto figure = costs_figure(experiment, picture);
  const Plot& plot = find_plot(*figure, "roofline")->plot;
  const PlotPlace place{kCorner, kSize};
  const ChartFrame frame = plot.frame(style_, place);
  for (const RooflineMark& mark : roofline_marks(*picture)) {
    const ImVec2 at = frame.at(mark.intensity, mark.flop_per_second);
    EXPECT_TRUE(frame.contains(at)) << mark.row;
    const auto reading = plot.read(style_, place, at);
    ASSERT_TRUE(reading && reading->index) << mark.row;
    // Several may lie at the same place.
    EXPECT_NEAR(reading->at.x, at.x, 1e-3);
    EXPECT_THAT(reading->lines.back(), HasSubstr("% of a step"));
  }
  const auto canvas = drawn(*figure, "roofline", {900, 560});
  EXPECT_TRUE(says(*canvas, "ridge: 10 FLOPs a byte"));
  EXPECT_TRUE(says(*canvas, "fp32: 100 GFLOP/s"));
  EXPECT_TRUE(says(*canvas, "memory: 10 GB/s"));
}

TEST_F(MeasuredPlots, TheTreemapReadsALayerAndItsPart) {
  const Experiment experiment = measured_lab({});
  const auto picture = measured_picture(experiment);
  const auto figure = costs_figure(experiment, picture);
  const Plot& plot = find_plot(*figure, "memory_treemap")->plot;
  const auto reading =
      plot.read(style_, {kCorner, kSize}, {kCorner.x + 20, kCorner.y + kSize.y - 20});
  ASSERT_TRUE(reading && reading->index);
  const StackedBars bars = memory_layer_bars(*picture);
  EXPECT_THAT(reading->lines.front(),
              HasSubstr(bars.bars[static_cast<std::size_t>(*reading->index)].name));
  EXPECT_THAT(reading->lines.back(), HasSubstr("% of all"));
}

TEST_F(MeasuredPlots, TheCalibrationIsReadBySize) {
  const Experiment experiment = measured_lab({{"costs.view", "calibration"}});
  const auto figure = costs_figure(experiment, measured_picture(experiment));
  const Plot& plot = find_plot(*figure, "calibration")->plot;
  const ChartFrame frame = plot.frame(style_, {kCorner, kSize});
  const auto reading = plot.read(style_, {kCorner, kSize}, frame.at(500, 9e10));
  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->lines.front(), "(512, 512) times (512, 512)");
  ASSERT_EQ(reading->table.rows.size(), 2u);
  EXPECT_EQ(reading->table.rows[0][1], "100 GFLOP/s");
  EXPECT_EQ(reading->table.head.size(), reading->table.rows[0].size()) << "it would not be shown";
}

}  // namespace
}  // namespace nanscope
