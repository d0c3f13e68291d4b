#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "engine/experiment/json.h"
#include "engine/experiment/numbers_keys.h"
#include "harness.h"
#include "imgui_te_context.h"
#include "paths.h"

// What a person does in the Numbers lab: types a number, paints its bits, steps, runs experiments.
namespace nanscope {
namespace {

/// The lab needs no LibTorch: an engine that does nothing keeps these tests quick.
class IdleEngine final : public Engine {
 public:
  EngineInfo info() const override { return {}; }
  Result<SignalSnapshot> signal(const SignalRequest&, std::stop_token, const Progress&) override {
    return work_error("", "not here");
  }
  Result<TensorChain> tensor(const TensorRequest&, std::stop_token) override {
    return work_error("", "not here");
  }
};

HarnessOptions numbers_lab(const std::string& pair = "numbers.view=bits") {
  HarnessOptions options;
  options.loader = []() -> Result<std::unique_ptr<Engine>> {
    return std::make_unique<IdleEngine>();
  };
  Experiment experiment;
  experiment.lab = LabName::numbers;
  const auto equals = pair.find('=');
  options.shell.experiment = *with_key(experiment, pair.substr(0, equals), pair.substr(equals + 1));
  return options;
}

/// A cell of the grid, as Dear ImGui Test Engine names what is in a child window.
ImGuiID cell_of(ImGuiTestContext& context, const std::string& format, int bit) {
  const ImGuiID grid = context.WindowInfo("//###plots/number_bits").ID;
  return context.GetID(fmt::format("{}/bit {}", format, bit).c_str(), grid);
}

const Numbers& numbers(WindowHarness& window) { return window.shell().experiment().numbers; }

TEST(NumbersLab, AClickTogglesABitAndTheNumberBecomesTheCodesValue) {
  WindowHarness window(numbers_lab("numbers.input=1"));
  window.run([&](ImGuiTestContext& mouse) {
    mouse.Yield(2);
    mouse.ItemClick(cell_of(mouse, "fp16", 9));  // the highest bit of the mantissa: 1.1 = 1.5
    EXPECT_EQ(numbers(window).input, "1.5");
    mouse.ItemClick(cell_of(mouse, "fp16", 15));  // the sign
    EXPECT_EQ(numbers(window).input, "-1.5");
    mouse.ItemClick(cell_of(mouse, "fp16", 15));
    mouse.ItemClick(cell_of(mouse, "fp16", 14));  // the exponent's highest: 01111 -> 11111
    EXPECT_EQ(numbers(window).input, "nan");
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    EXPECT_EQ(numbers(window).input, "1.5");
  });
}

TEST(NumbersLab, ADragPaintsBitsAndIsOneStepOfUndo) {
  WindowHarness window(numbers_lab("numbers.input=1"));
  window.run([&](ImGuiTestContext& mouse) {
    mouse.Yield(2);
    mouse.MouseMove(cell_of(mouse, "bf16", 6));
    const ImVec2 from = mouse.UiContext->IO.MousePos;
    mouse.MouseMove(cell_of(mouse, "bf16", 4));
    const ImVec2 to = mouse.UiContext->IO.MousePos;
    mouse.MouseMoveToPos(from);
    mouse.MouseDown();
    mouse.MouseMoveToPos({(from.x + to.x) / 2, from.y});
    mouse.MouseMoveToPos(to);
    mouse.MouseUp();
    EXPECT_EQ(numbers(window).input, "1.875");  // 1.111 in binary
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    EXPECT_EQ(numbers(window).input, "1");
  });
}

TEST(NumbersLab, WhatIsTypedIsReadWithEveryKeyAndErrorsStayOutOfTheExperiment) {
  WindowHarness window(numbers_lab());
  window.run([&](ImGuiTestContext& keyboard) {
    keyboard.Yield(2);
    const char* field = "//###controls/###input";
    keyboard.ItemClick(field);
    for (const char* typed : {"1/3", "0x1.8p3", "2^-24", "0b1.01", "-inf"}) {
      keyboard.KeyCharsReplace(typed);
      EXPECT_EQ(numbers(window).input, typed);  // before Enter
    }
    keyboard.KeyCharsReplace("2^");
    EXPECT_EQ(numbers(window).input, "-inf");
    keyboard.KeyPress(ImGuiKey_Escape);
    EXPECT_FALSE(window.shell().message());
  });
}

TEST(NumbersLab, StepsGoByOneUlpOfTheChosenFormat) {
  WindowHarness window(numbers_lab("numbers.input=1"));
  window.run([&](ImGuiTestContext& mouse) {
    mouse.Yield(2);
    mouse.MouseMove(cell_of(mouse, "fp16", 3));  // steps act on the row that was pointed at
    mouse.ItemClick("//###controls/###ulp_up");
    EXPECT_EQ(numbers(window).input, "1.0009765625");  // 1 + 2^-10
    mouse.ItemClick("//###controls/###ulp_down");
    EXPECT_EQ(numbers(window).input, "1");
    mouse.ItemClick("//###controls/###power_up");
    EXPECT_EQ(numbers(window).input, "2");
    mouse.ItemClick("//###controls/###negate");
    EXPECT_EQ(numbers(window).input, "-2");
    mouse.ItemClick("//###controls/###negate");
    EXPECT_EQ(numbers(window).input, "2");
  });
}

TEST(NumbersLab, TheKeyboardAloneTogglesABit) {
  WindowHarness window(numbers_lab("numbers.input=1"));
  window.run([&](ImGuiTestContext& keyboard) {
    keyboard.Yield(2);
    keyboard.NavMoveTo(cell_of(keyboard, "fp16", 8));
    keyboard.KeyPress(ImGuiKey_LeftArrow);  // to bit 9
    keyboard.KeyPress(ImGuiKey_Space);
    EXPECT_EQ(numbers(window).input, "1.5");
  });
}

TEST(NumbersLab, FormatsAreSwitchedAndOnesOwnIsTyped) {
  WindowHarness window(numbers_lab());
  window.run([&](ImGuiTestContext& mouse) {
    mouse.Yield(2);
    mouse.ItemClick("//###controls/###format tf32");
    EXPECT_EQ(join_formats(numbers(window).settings.formats), "fp32,bf16,fp16,e4m3,e5m2");
    mouse.ItemClick("//###controls/###format e2m1");
    EXPECT_EQ(join_formats(numbers(window).settings.formats), "fp32,bf16,fp16,e4m3,e5m2,e2m1");
    mouse.ItemInputValue("//###controls/###formats", "fp16,e5m7:bias=20");
    EXPECT_EQ(join_formats(numbers(window).settings.formats), "fp16,e5m7:bias=20");
    mouse.Yield(2);
    EXPECT_TRUE(mouse.ItemExists(cell_of(mouse, "e5m7:bias=20", 12)));
    mouse.ItemInputValue("//###controls/###formats", "fp16,fp17");
    ASSERT_TRUE(window.shell().message());
    EXPECT_EQ(window.shell().message()->where, "numbers.formats");
    EXPECT_EQ(join_formats(numbers(window).settings.formats), "fp16,e5m7:bias=20");
  });
}

TEST(NumbersLab, AnExperimentIsChosenRunsAndFollowsItsControls) {
  WindowHarness window(numbers_lab());
  const auto chart = [&] { return window.session().view().results.roundoff; };
  window.run([&](ImGuiTestContext& mouse) {
    mouse.Yield(2);
    mouse.ItemClick("//###controls/###views");
    mouse.ItemClick("//$FOCUSED/accumulation/###view");
    EXPECT_EQ(numbers(window).view, "accumulation");
    ASSERT_TRUE(
        window.wait_until(mouse, [&] { return chart() && chart()->experiment == "accumulation"; }));
    mouse.ItemInputValue(field_of("numbers.length").c_str(), "100");
    ASSERT_TRUE(window.wait_until(
        mouse, [&] { return chart() && chart()->curves.front().x.back() == 100; }));
    EXPECT_FALSE(window.shell().message());
  });
}

}  // namespace
}  // namespace nanscope
