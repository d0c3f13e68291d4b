#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "engine/plan/plan.h"
#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"
#include "ui/text/text.h"

// Work that goes on while another lab is used, and what people are told about it.
namespace nanscope {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

constexpr const char* kCancelWork = "//###plots/###work.cancel";
constexpr const char* kRunWork = "//###plots/###work.run";

/// What the test lets an engine do, whose passes are slices of a millisecond.
struct Pass {
  std::atomic<int> begun = 0;
  std::atomic<int> slices = 0;
  std::atomic<bool> may_end = false;
  std::atomic<bool> refused = false;  ///< as where memory does not suffice
  std::atomic<bool> hold_chain = false;
  std::atomic<double> chain_seconds = 0;  ///< that a chain says it will take
  std::atomic<int> chains = 0;            ///< that came to their end
};

class SlicedPass final : public Job {
 public:
  SlicedPass(SignalRequest request, Pass& pass) : request_(std::move(request)), pass_(pass) {
    ++pass_.begun;
  }
  Result<JobResult> advance(JobContext& context) override {
    if (context.stop().stop_requested()) return cancelled_error();
    std::this_thread::sleep_for(1ms);
    ++pass_.slices;
    if (pass_.refused) return work_error("memory", "25.4 GiB are needed.");
    context.progress()(message("forward pass"), 0.5);
    if (!pass_.may_end) return JobResult();
    SignalSnapshot snapshot;
    snapshot.experiment = request_.experiment;
    return JobResult::of(snapshot);
  }

 private:
  SignalRequest request_;
  Pass& pass_;
};

/// A chain whose first operation is a slice that takes as long as the test wants.
class HeldChain final : public Job {
 public:
  HeldChain(TensorRequest request, Pass& pass) : request_(std::move(request)), pass_(pass) {}
  Result<JobResult> advance(JobContext& context) override {
    if (!context.may_take(pass_.chain_seconds)) return cancelled_error();
    context.progress()(message("step {}: {}", 2, ".sort()"), 0);
    while (pass_.hold_chain && !context.stop().stop_requested()) std::this_thread::sleep_for(1ms);
    if (context.stop().stop_requested()) return cancelled_error();
    ++pass_.chains;
    TensorChain chain;
    chain.expression = request_.expression;
    return JobResult::of(chain);
  }

 private:
  TensorRequest request_;
  Pass& pass_;
};

class SlicedEngine final : public Engine {
 public:
  explicit SlicedEngine(Pass& pass) : pass_(pass) {}
  EngineInfo info() const override { return {}; }
  Result<std::unique_ptr<Job>> make_job(const JobRequest& asked) override {
    if (const auto* request = asked.as<SignalRequest>())
      return std::make_unique<SlicedPass>(*request, pass_);
    if (const auto* request = asked.as<TensorRequest>())
      return std::make_unique<HeldChain>(*request, pass_);
    return work_error("engine", "It knows no such request.");
  }

 private:
  Pass& pass_;
};

HarnessOptions sliced(Pass& pass) {
  HarnessOptions options;
  options.loader = [&pass]() -> Result<std::unique_ptr<Engine>> {
    return std::make_unique<SlicedEngine>(pass);
  };
  return options;
}

SlotView signal_slot(WindowHarness& window) {
  return window.session().view().slot(SignalRequest::kSlot);
}

TEST(WorkWindow, APassGoesOnWhileOtherLabsAreUsed) {
  Pass pass;
  WindowHarness window(sliced(pass));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_until(person, [&] { return pass.slices > 0; }));
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_3);
    person.Yield(2);
    person.ItemClick("//###plots/###chain");
    person.KeyCharsReplace("arange(6)");
    ASSERT_TRUE(window.wait_until(person, [&] {
      const auto chain = window.session().view().results.latest<TensorRequest>();
      return chain && chain->expression == "arange(6)";
    }));
    EXPECT_TRUE(person.ItemExists("//###status/###cancel"));  // of the pass, from this tab
    ASSERT_TRUE(window.shell().run_action("lab.numbers"));
    person.Yield(2);
    const int slices = pass.slices;
    ASSERT_TRUE(window.wait_until(person, [&] { return pass.slices > slices; }));
    EXPECT_EQ(pass.begun, 1);
    EXPECT_EQ(signal_slot(window).state, SlotState::running);
    ASSERT_TRUE(window.shell().run_action("lab.signal"));
    person.Yield(2);
    pass.may_end = true;
    ASSERT_TRUE(window.wait_for_pass(person));
    EXPECT_EQ(pass.begun, 1);  // what was typed in another lab asks for no other pass
    EXPECT_FALSE(person.ItemExists(kCancelWork));
  });
}

TEST(WorkWindow, AnAccumulationRunsBesideAPassAndBeforeLibTorchIsThere) {
  std::atomic<bool> open = false;
  HarnessOptions options;
  options.loader = [&]() -> Result<std::unique_ptr<Engine>> {
    while (!open) std::this_thread::sleep_for(1ms);
    return work_error("libtorch", "is not there.");
  };
  Experiment experiment;
  experiment.lab = LabName::numbers;
  experiment.numbers.view = "accumulation";
  options.shell.experiment = experiment;
  WindowHarness window(std::move(options));
  const auto chart = [&] { return window.session().view().results.latest<RoundoffRequest>(); };
  window.run([&](ImGuiTestContext& person) {
    EXPECT_TRUE(window.wait_until(person, [&] { return chart() != nullptr; }));
    EXPECT_EQ(window.session().view().engine_state, EngineState::opening);
    open = true;
    ASSERT_TRUE(window.wait_until(
        person, [&] { return window.session().view().engine_state == EngineState::broken; }));
    const auto before = chart();
    window.shell().run_action("run.new_weights");  // another seed
    EXPECT_TRUE(window.wait_until(person, [&] { return chart() != before; }));
    EXPECT_FALSE(window.shell().message());
    EXPECT_TRUE(window.shell().run_action("file.export"));
  });
}

TEST(WorkWindow, ComputingStandsWhereTheAnswerWillBeAndCanBeCancelledAndRunAgain) {
  Pass pass;
  pass.may_end = true;
  WindowHarness window(sliced(pass));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    EXPECT_EQ(window.shell().notice(), nullptr);
    pass.may_end = false;
    const double gain = window.shell().experiment().network.init.gain;
    ASSERT_TRUE(window.shell().run_action("run.gain_up"));
    ASSERT_TRUE(window.wait_until(person, [&] { return window.shell().notice() != nullptr; }));
    EXPECT_THAT(window.shell().notice()->words, HasSubstr("forward pass"));
    EXPECT_THAT(window.shell().notice()->shown, HasSubstr("Dimmed: "));
    EXPECT_NE(window.shell().experiment().network.init.gain, gain);
    person.ItemClick(kCancelWork);
    ASSERT_TRUE(window.wait_until(person, [&] { return !window.session().view().working(); }));
    person.Yield(2);
    ASSERT_NE(window.shell().notice(), nullptr);
    EXPECT_THAT(window.shell().notice()->words, HasSubstr("Cancelled"));
    EXPECT_THAT(window.shell().notice()->shown, HasSubstr("Dimmed: "));
    EXPECT_TRUE(is_on_screen(window.shell().notice()->shown));  // whole
    EXPECT_EQ(pass.begun, 2);
    pass.may_end = true;
    person.ItemClick(kRunWork);
    ASSERT_TRUE(window.wait_for_pass(person));
    EXPECT_EQ(pass.begun, 3);
    EXPECT_EQ(window.shell().notice(), nullptr);
  });
}

TEST(WorkWindow, AQuickPassDimsNothing) {
  Pass pass;
  pass.may_end = true;
  WindowHarness window(sliced(pass));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    for (int move = 0; move < 20; ++move) {
      window.shell().run_action(move % 2 == 0 ? "run.gain_up" : "run.gain_down");
      const auto moved = std::chrono::steady_clock::now();
      person.Yield();
      // A machine that was busy with something else for long may dim.
      if (std::chrono::steady_clock::now() - moved < 100ms) {
        EXPECT_EQ(window.shell().notice(), nullptr);
      }
      ASSERT_TRUE(window.wait_for_pass(person));
    }
  });
}

TEST(WorkWindow, ARefusedValueDimsThePictureOfAnother) {
  Pass pass;
  pass.may_end = true;
  WindowHarness window(sliced(pass));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    EXPECT_EQ(window.shell().dimming(), 0);
    person.ItemInputValue(field_of("model.depth").c_str(), "0");
    person.Yield(2);
    ASSERT_TRUE(window.shell().message());
    EXPECT_GT(window.shell().dimming(), 0);
    person.ItemClick("//###message/###dismiss");
    person.Yield(2);
    EXPECT_EQ(window.shell().dimming(), 0);
  });
}

TEST(WorkWindow, WorkOfMinutesIsNotBegunUnasked) {
  Pass pass;
  pass.may_end = true;
  HarnessOptions options = sliced(pass);
  Experiment experiment;
  experiment.network.model.depth = 200;
  experiment.network.model.width = 1024;
  experiment.data.batch = 65536;
  options.shell.experiment = experiment;
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& person) {
    person.Yield(5);
    EXPECT_EQ(pass.begun, 0);
    ASSERT_NE(window.shell().notice(), nullptr);
    EXPECT_THAT(window.shell().notice()->words, HasSubstr("predicted"));
    const auto plan = describe_pass(experiment.network, experiment.data, std::nullopt);
    const std::string held =
        bytes_text(static_cast<double>(plan->bytes() + plan->draw_bytes().total()));
    EXPECT_THAT(window.shell().notice()->words, HasSubstr("up to " + held + " of memory"));
    pass.may_end = false;
    person.ItemClick(kRunWork);
    ASSERT_TRUE(window.wait_until(person, [&] { return pass.begun == 1; }));
    EXPECT_TRUE(window.wait_until(
        person, [&] { return is_on_screen("now up to " + held + " of memory (predicted)"); }));
    pass.may_end = true;
    ASSERT_TRUE(window.wait_for_pass(person));
    EXPECT_EQ(pass.begun, 1);
    EXPECT_FALSE(is_on_screen("now up to"));
    // Another experiment of that size asks again; a small one does not.
    ASSERT_TRUE(window.shell().run_action("run.new_weights"));
    person.Yield(5);
    EXPECT_EQ(pass.begun, 1);
    ASSERT_NE(window.shell().notice(), nullptr);
    person.ItemInputValue(field_of("model.depth").c_str(), "2");
    EXPECT_TRUE(window.wait_for_pass(person));
  });
}

TEST(WorkWindow, ARefusalIsNotSaidOfAnotherExperimentThatAsksOrWasCancelled) {
  Pass pass;
  pass.refused = true;
  WindowHarness window(sliced(pass));
  window.run([&](ImGuiTestContext& person) {
    const auto refusal = [&] { return window.shell().message().has_value(); };
    ASSERT_TRUE(window.wait_until(person, refusal));
    person.ItemInputValue(field_of("model.depth").c_str(), "200");
    person.ItemInputValue(field_of("model.width").c_str(), "1024");
    person.ItemInputValue(field_of("batch").c_str(), "65536");
    person.Yield(3);
    ASSERT_NE(window.shell().notice(), nullptr);
    EXPECT_TRUE(window.shell().notice()->can_run);
    EXPECT_FALSE(window.shell().message());
    pass.refused = false;
    person.ItemClick(kRunWork);
    ASSERT_TRUE(window.wait_until(person, [&] { return person.ItemExists(kCancelWork); }));
    person.ItemClick(kCancelWork);
    ASSERT_TRUE(window.wait_until(person, [&] { return signal_slot(window).cancelled; }));
    person.Yield(3);
    EXPECT_FALSE(window.shell().message());
  });
}

TEST(WorkWindow, ASecondClickOnCancelDoesNotRunTheWorkAgain) {
  Pass pass;
  WindowHarness window(sliced(pass));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_until(person, [&] { return person.ItemExists(kCancelWork); }));
    const ImRect cancel = person.ItemInfo(kCancelWork).RectFull;
    person.ItemDoubleClick(kCancelWork);
    ASSERT_TRUE(window.wait_until(person, [&] { return person.ItemExists(kRunWork); }));
    const ImRect run = person.ItemInfo(kRunWork).RectFull;
    EXPECT_FALSE(run.Overlaps(cancel));
    EXPECT_TRUE(signal_slot(window).cancelled);
    person.ItemClick(kRunWork);
    ASSERT_TRUE(window.wait_until(person, [&] { return person.ItemExists(kCancelWork); }));
    EXPECT_FALSE(person.ItemInfo(kCancelWork).RectFull.Overlaps(run));
  });
}

TEST(WorkWindow, AnInvalidValueLeavesThePassAndItsCancelInSight) {
  Pass pass;
  WindowHarness window(sliced(pass));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_until(person, [&] { return window.shell().notice() != nullptr; }));
    EXPECT_TRUE(person.ItemExists(kCancelWork));
    person.ItemInputValue(field_of("model.depth").c_str(), "0");
    person.Yield(3);
    ASSERT_TRUE(window.shell().message());
    ASSERT_NE(window.shell().notice(), nullptr);
    EXPECT_THAT(window.shell().notice()->words, HasSubstr("forward pass"));
    person.ItemClick("//###message/###work.cancel");
    EXPECT_TRUE(window.wait_until(person, [&] { return !window.session().view().working(); }));
    EXPECT_TRUE(signal_slot(window).cancelled);
  });
}

TEST(WorkWindow, AChainIsSeenAndCancelledFromEveryTabAndAPassSaysThatItWaitsForIt) {
  Pass pass;
  pass.may_end = true;
  WindowHarness window(sliced(pass));
  const auto chain = [&] { return window.session().view().slot(TensorRequest::kSlot); };
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    pass.hold_chain = true;
    ASSERT_TRUE(window.shell().run_action("lab.tensors"));
    ASSERT_TRUE(window.wait_until(person, [&] { return window.shell().notice() != nullptr; }));
    EXPECT_THAT(window.shell().notice()->words, HasSubstr("step 2: .sort()"));
    EXPECT_TRUE(person.ItemExists(kCancelWork));
    ASSERT_TRUE(window.shell().run_action("lab.signal"));
    ASSERT_TRUE(window.shell().run_action("run.gain_up"));
    ASSERT_TRUE(window.wait_until(person, [&] {
      const WorkNotice* notice = window.shell().notice();
      return notice && notice->words == "Waiting for Tensors: step 2: .sort() ...";
    }));
    EXPECT_TRUE(person.ItemExists(kCancelWork));  // of the pass
    person.ItemClick("//###status/###cancel");    // of the chain
    EXPECT_TRUE(window.wait_until(person, [&] { return chain().cancelled; }));
    EXPECT_TRUE(window.wait_for_pass(person));
    EXPECT_FALSE(signal_slot(window).cancelled);
    EXPECT_EQ(pass.chains, 0);
  });
}

TEST(WorkWindow, AChainOfMinutesIsNotBegunUnasked) {
  Pass pass;
  pass.may_end = true;
  pass.chain_seconds = 200;
  HarnessOptions options = sliced(pass);
  Experiment experiment;
  experiment.lab = LabName::tensors;
  options.shell.experiment = experiment;
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_until(
        person, [&] { return window.shell().notice() && window.shell().notice()->can_run; }));
    EXPECT_THAT(window.shell().notice()->words, HasSubstr("will take about 200 s (predicted)"));
    EXPECT_EQ(pass.chains, 0);
    EXPECT_FALSE(window.shell().notice()->can_cancel);
    person.ItemClick(kRunWork);
    ASSERT_TRUE(window.wait_until(person, [&] { return pass.chains == 1; }));
    person.Yield(3);
    EXPECT_FALSE(window.session().view().working());
  });
}

TEST(WorkWindow, ARestartAsksBeforeItRunsWhatWasCancelledOrDidNotEnd) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/settings.json";
  Pass pass;
  const auto start = [&](const std::function<void(WindowHarness&, ImGuiTestContext&)>& steps) {
    HarnessOptions options = sliced(pass);
    const Result<Settings> kept = load_settings(path);
    ASSERT_TRUE(kept);
    options.shell.settings = *kept;
    options.shell.settings_path = path;
    WindowHarness window(std::move(options));
    window.run([&](ImGuiTestContext& person) { steps(window, person); });
  };
  start([&](WindowHarness& window, ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_until(person, [&] { return pass.begun == 1; }));
    person.Yield(2);
    ASSERT_TRUE(window.wait_until(person, [&] { return window.shell().run_action("run.cancel"); }));
    ASSERT_TRUE(window.wait_until(person, [&] { return !window.session().view().working(); }));
    person.Yield(2);
    EXPECT_TRUE(window.shell().confirm_close());
  });
  start([&](WindowHarness& window, ImGuiTestContext& person) {
    person.Yield(5);
    EXPECT_EQ(pass.begun, 1);
    ASSERT_NE(window.shell().notice(), nullptr);
    EXPECT_THAT(window.shell().notice()->words, HasSubstr("cancelled the last time, after "));
    EXPECT_THAT(window.shell().notice()->words, HasSubstr("will take about"));
    person.ItemClick(kRunWork);
    person.Yield(2);
    // It lasts, and then the program ends in the middle of it, and in the midst of other things:
    // nothing is kept any more.
    EXPECT_TRUE(window.shell().run_action("lab.numbers"));
    EXPECT_TRUE(window.wait_until(person, [&] {
      const Result<Settings> kept = load_settings(path);
      return kept && kept->last_work.end == WorkEnd::unfinished;
    }));
  });
  EXPECT_EQ(pass.begun, 2);
  pass.may_end = true;
  start([&](WindowHarness& window, ImGuiTestContext& person) {
    person.Yield(5);
    ASSERT_TRUE(window.shell().run_action("lab.signal"));
    person.Yield(5);
    EXPECT_EQ(pass.begun, 2);
    ASSERT_NE(window.shell().notice(), nullptr);
    EXPECT_THAT(window.shell().notice()->words, HasSubstr("did not come to its end"));
    ASSERT_TRUE(window.shell().run_action("run.gain_up"));  // another experiment
    EXPECT_TRUE(window.wait_for_pass(person));
    EXPECT_TRUE(window.shell().confirm_close());
  });
  start([&](WindowHarness& window, ImGuiTestContext& person) {
    EXPECT_TRUE(window.wait_for_pass(person));
  });
}

/// LibTorch itself: a pass of many seconds, with chains and accumulations beside it.
TEST(WorkWindow, ARealPassLetsChainsThrough) {
  Experiment experiment;
  experiment.network.model.depth = 200;
  experiment.network.model.width = 768;
  experiment.network.device = DeviceKind::cpu;
  WindowHarness window({.shell = {.experiment = experiment}});
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_until(person, [&] { return !signal_slot(window).progress.empty(); }));
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_3);
    int chains = 0;
    for (const char* words : {"arange(6)", "arange(7)", "arange(8)"}) {
      person.ItemClick("//###plots/###chain");
      person.KeyCharsReplace(words);
      ASSERT_TRUE(window.wait_until(person, [&] {
        const auto made = window.session().view().results.latest<TensorRequest>();
        return made && made->expression == words;
      }));
      chains += signal_slot(window).state == SlotState::running;
    }
    EXPECT_GE(chains, 1);
    ASSERT_TRUE(window.shell().run_action("lab.signal"));
    EXPECT_TRUE(window.wait_for_pass(person));
  });
}

/// A pass whose turn does not come is told of in the same words above and below.
TEST(WorkWindow, TheHeadlineAndTheStatusBarSayTheSameOfAPass) {
  Pass pass;
  WindowHarness window(sliced(pass));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_until(person, [&] { return pass.slices > 3; }));
    pass.hold_chain = true;
    ASSERT_TRUE(window.shell().run_action("lab.tensors"));
    ASSERT_TRUE(window.wait_until(
        person, [&] { return signal_slot(window).waits_for == TensorRequest::kSlot; }));
    ASSERT_TRUE(window.shell().run_action("lab.signal"));
    person.Yield(3);
    ASSERT_EQ(signal_slot(window).waits_for, TensorRequest::kSlot);
    ASSERT_TRUE(window.shell().notice());
    EXPECT_EQ(window.shell().notice()->words, "Computing: forward pass ...");
    EXPECT_TRUE(is_on_screen("Signal: forward pass ..."));
    pass.hold_chain = false;
    pass.may_end = true;
    EXPECT_TRUE(window.wait_for_pass(person));
  });
}

}  // namespace
}  // namespace nanscope
