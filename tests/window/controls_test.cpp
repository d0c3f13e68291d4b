#include <gtest/gtest.h>

#include <cmath>

#include "engine/experiment/validate.h"
#include "harness.h"
#include "imgui_te_context.h"
#include "paths.h"

// What a person does with the Signal lab's controls, on the real engine.
namespace nanscope {
namespace {

TEST(Controls, DraggingTheGainChangesTheExperimentAndTheMeasurement) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_for_pass(mouse));
    const double before = window.shell().experiment().network.init.gain;
    const double variance = window.session()
                                .view()
                                .results.latest<SignalRequest>()
                                ->layers.front()
                                .of(SignalTensor::weight)
                                .variance;
    mouse.ItemDragWithDelta(slider_of("init.gain").c_str(), {-40, 0});
    const double after = window.shell().experiment().network.init.gain;
    EXPECT_LT(after, before);
    ASSERT_TRUE(window.wait_for_pass(mouse));
    const double scaled = window.session()
                              .view()
                              .results.latest<SignalRequest>()
                              ->layers.front()
                              .of(SignalTensor::weight)
                              .variance;
    // The same draw is rescaled: the variance of the weights goes with the square of the gain, up
    // to fp32's rounding of each weight.
    EXPECT_NEAR(scaled / variance, after * after / (before * before), 1e-5);
  });
}

TEST(Controls, OfferTheInputsThatAPassHasAUseFor) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    for (const auto& [kind, name] : Names<DataKind>::all) {
      const std::string choice = choice_of("data.kind", std::string(name));
      EXPECT_EQ(mouse.ItemExists(choice.c_str()), !is_taught(kind)) << name;
    }
  });
}

TEST(Controls, ADragIsOneStepOfUndo) {
  WindowHarness window;
  const Experiment first = window.shell().experiment();
  window.run([&](ImGuiTestContext& mouse) {
    mouse.MouseMove(slider_of("init.gain").c_str());
    mouse.MouseDown();
    const ImVec2 at = mouse.UiContext->IO.MousePos;
    for (int i = 1; i <= 10; ++i) mouse.MouseMoveToPos({at.x + 4.0f * static_cast<float>(i), at.y});
    mouse.MouseUp();
    const Experiment dragged = window.shell().experiment();
    EXPECT_GT(dragged.network.init.gain, first.network.init.gain);
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    EXPECT_EQ(window.shell().experiment(), first);
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Y);
    EXPECT_EQ(window.shell().experiment(), dragged);
  });
}

TEST(Controls, ArrowKeysMoveASliderThatHasTheFocus) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    keyboard.NavMoveTo(slider_of("model.depth").c_str());
    const int depth = window.shell().experiment().network.model.depth;
    keyboard.KeyPress(ImGuiKey_RightArrow, 3);
    EXPECT_EQ(window.shell().experiment().network.model.depth, depth + 3);
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiKey_LeftArrow);
    EXPECT_EQ(window.shell().experiment().network.model.depth, depth + 3 - 10);
    keyboard.KeyPress(ImGuiMod_Shift | ImGuiKey_LeftArrow);  // an integer has no finer step
    EXPECT_EQ(window.shell().experiment().network.model.depth, depth + 3 - 11);
  });
}

/// A modifier makes keys finer as it makes a drag finer.
TEST(Controls, ShiftAndAltMakeArrowKeysFiner) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    keyboard.NavMoveTo(slider_of("init.gain").c_str());
    const auto stepped_by = [&](ImGuiKeyChord modifiers) {
      const double before = window.shell().experiment().network.init.gain;
      keyboard.KeyPress(modifiers | ImGuiKey_RightArrow);
      return window.shell().experiment().network.init.gain / before - 1;
    };
    EXPECT_NEAR(stepped_by(0), 0.01, 0.001);
    EXPECT_NEAR(stepped_by(ImGuiMod_Shift), 0.001, 0.0001);
    EXPECT_NEAR(stepped_by(ImGuiMod_Alt), 0.001, 0.0001);
    EXPECT_NEAR(stepped_by(ImGuiMod_Shift | ImGuiMod_Alt), 0.0001, 0.00001);
    EXPECT_NEAR(stepped_by(ImGuiMod_Ctrl), 0.1, 0.01);
  });
}

TEST(Controls, TypedValuesReachTheWholeRange) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    keyboard.ItemInputValue(field_of("init.gain").c_str(), "0.0625");
    EXPECT_EQ(window.shell().experiment().network.init.gain, 0.0625);
    keyboard.ItemInputValue(field_of("init.gain").c_str(), "1e5");
    EXPECT_EQ(window.shell().experiment().network.init.gain, 1e5);
    keyboard.ItemInputValue(field_of("model.depth").c_str(), "7");
    EXPECT_EQ(window.shell().experiment().network.model.depth, 7);
    EXPECT_FALSE(window.shell().message());
  });
}

TEST(Controls, NumbersMayBeArithmetic) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    const auto gain = [&] { return window.shell().experiment().network.init.gain; };
    keyboard.ItemInputValue(field_of("init.gain").c_str(), "sqrt(2/256)");
    EXPECT_EQ(gain(), 0.08838834764831845);
    keyboard.ItemInputValue(field_of("init.gain").c_str(), "2**-3");
    EXPECT_EQ(gain(), 0.125);
    keyboard.ItemInputValue(field_of("model.width").c_str(), "2^6 + 32");
    EXPECT_EQ(window.shell().experiment().network.model.width, 96);
    keyboard.ItemInputValue(field_of("seed").c_str(), "2^64-1");
    EXPECT_EQ(window.shell().experiment().network.seed, 18446744073709551615u);
    EXPECT_FALSE(window.shell().message());
    keyboard.ItemInputValue(field_of("init.gain").c_str(), "sqrt(2/256");
    ASSERT_TRUE(window.shell().message());
    EXPECT_EQ(window.shell().message()->where, "init.gain");
    EXPECT_NE(window.shell().message()->message().find("position 11: expected \")\""),
              std::string::npos);
    EXPECT_EQ(gain(), 0.125);
  });
}

TEST(Controls, ADoubleClickOnASliderGoesBackToTheDemosValue) {
  WindowHarness window;
  const double before = window.shell().experiment().network.init.gain;
  window.run([&](ImGuiTestContext& mouse) {
    mouse.ItemInputValue(field_of("init.gain").c_str(), "30");
    mouse.ItemDoubleClick(slider_of("init.gain").c_str());
    EXPECT_EQ(window.shell().experiment().network.init.gain, before);
    mouse.ItemInputValue(field_of("init.gain").c_str(), "30");
    mouse.NavMoveTo(slider_of("init.gain").c_str());
    mouse.KeyPress(ImGuiKey_Backspace);
    EXPECT_EQ(window.shell().experiment().network.init.gain, before);
  });
}

/// The slider at rest: pressed on its grab and let go, nothing has changed.
TEST(Controls, APressOnTheGrabChangesNothing) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    mouse.ItemInputValue(field_of("init.gain").c_str(), "0.0123456");
    const ImRect track = mouse.ItemInfo(slider_of("init.gain").c_str()).RectFull;
    const double share = std::log(0.0123456 / 0.01) / std::log(1e4);
    const float radius = std::round(track.GetHeight() * 0.28f);
    mouse.MouseMoveToPos(
        {track.Min.x + radius + static_cast<float>(share) * (track.GetWidth() - 2 * radius),
         track.GetCenter().y});
    mouse.MouseClick();
    EXPECT_EQ(window.shell().experiment().network.init.gain, 0.0123456);
  });
}

TEST(Controls, AFineDragReachesWhatLiesBetweenTwoPixels) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    const auto moved_by_one_pixel = [&](ImGuiKeyChord modifiers) {
      mouse.ItemInputValue(field_of("init.gain").c_str(), "1");
      mouse.MouseMove(slider_of("init.gain").c_str());  // its middle is 1
      if (modifiers != 0) mouse.KeyDown(modifiers);
      mouse.MouseDown();
      mouse.Yield();
      const ImVec2 at = ImGui::GetIO().MousePos;
      mouse.MouseMoveToPos({at.x + 1, at.y});
      mouse.MouseUp();
      if (modifiers != 0) mouse.KeyUp(modifiers);
      return window.shell().experiment().network.init.gain - 1;
    };
    const double shift = moved_by_one_pixel(ImGuiMod_Shift);
    EXPECT_GT(shift, 0.0001);
    EXPECT_LT(shift, 0.006);
    const double both = moved_by_one_pixel(ImGuiMod_Shift | ImGuiMod_Alt);
    EXPECT_GT(both, 0.00001);
    EXPECT_LT(both, 0.0006);
  });
}

TEST(Controls, NonsenseIsRefusedWithTheSameWordsAsOnTheCommandLine) {
  WindowHarness window;
  const Experiment first = window.shell().experiment();
  for (const char* typed : {"nan", "inf", "-1", "abc", "1e99", ""}) {
    window.run([&](ImGuiTestContext& keyboard) {
      keyboard.ItemInputValue(field_of("init.gain").c_str(), typed);
      ASSERT_TRUE(window.shell().message()) << typed;
      EXPECT_EQ(window.shell().message()->where, "init.gain");
      EXPECT_EQ(window.shell().experiment(), first) << typed;
      keyboard.ItemClick("//###message/###dismiss");
      EXPECT_FALSE(window.shell().message());
    });
  }
}

TEST(Controls, UndoTakesWhatWasRefusedOffTheScreen) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    keyboard.ItemInputValue(field_of("init.gain").c_str(), "0.5");
    keyboard.ItemInputValue(field_of("init.gain").c_str(), "abc");
    ASSERT_TRUE(window.shell().message());
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    EXPECT_EQ(window.shell().experiment().network.init.gain, 1);
    EXPECT_FALSE(window.shell().message());
  });
}

TEST(Controls, ChoicesSetInitAndPrecision) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    mouse.ItemClick(choice_of("init.scheme", "kaiming").c_str());
    EXPECT_EQ(window.shell().experiment().network.init.scheme, InitScheme::kaiming);
    mouse.ItemClick(choice_of("precision", "fp16").c_str());
    EXPECT_EQ(window.shell().experiment().network.precision, Precision::fp16);
    mouse.ItemClick(choice_of("model.norm", "layernorm").c_str());
    mouse.ItemClick(control("model.residual", "###toggle").c_str());
    EXPECT_EQ(window.shell().experiment().network.model.norm, Norm::layernorm);
    EXPECT_TRUE(window.shell().experiment().network.model.residual);
    ASSERT_TRUE(window.wait_for_pass(mouse));
    EXPECT_EQ(window.session().view().results.latest<SignalRequest>()->activation_format, "fp16");
    EXPECT_TRUE(window.session().view().results.latest<SignalRequest>()->emulated());
  });
}

TEST(Controls, EveryControlThatIsChangedStaysValidAndGoesBack) {
  WindowHarness window;
  const Experiment first = window.shell().experiment();
  window.run([&](ImGuiTestContext& mouse) {
    for (const char* key :
         {"model.depth", "model.width", "batch", "init.gain", "seed", "networks"}) {
      mouse.ItemInputValue(field_of(key).c_str(), "9");
      EXPECT_TRUE(validate(window.shell().experiment()).empty());
      EXPECT_NE(window.shell().experiment(), first) << key;
      mouse.ItemClick(control(key, "label").c_str());  // the dot: back to the demo's value
      EXPECT_EQ(window.shell().experiment(), first) << key;
    }
  });
}

/// Who types a number and presses an arrow key goes on from that number, whatever stands beside.
TEST(Controls, ArrowKeysGoOnFromAValueThatWasTyped) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    const auto network = [&] { return window.shell().experiment().network; };
    const auto press = [&](ImGuiKeyChord keys) {
      keyboard.KeyPress(keys);
      keyboard.Yield(2);
    };
    const auto type = [&](const char* key, const char* value) {
      keyboard.ItemInputValue(field_of(key).c_str(), value);
      keyboard.Yield(2);
    };
    const int depth = network().model.depth;
    type("init.gain", "sqrt(2/256)");
    const double gain = network().init.gain;
    press(ImGuiMod_Shift | ImGuiKey_LeftArrow);
    EXPECT_NEAR(network().init.gain / gain, 0.999, 1e-4);
    press(ImGuiMod_Alt | ImGuiKey_LeftArrow);
    EXPECT_NEAR(network().init.gain / gain, 0.998, 1e-4);
    press(ImGuiKey_RightArrow);
    EXPECT_NEAR(network().init.gain / gain, 1.008, 1e-3);
    EXPECT_EQ(network().model.depth, depth);
    type("model.depth", "2*20");
    press(ImGuiMod_Shift | ImGuiKey_LeftArrow);
    press(ImGuiMod_Shift | ImGuiKey_LeftArrow);
    EXPECT_EQ(network().model.depth, 38);
    // Beyond the end of the slider, too.
    type("init.gain", "1e5");
    press(ImGuiKey_LeftArrow);
    EXPECT_NEAR(network().init.gain, 0.99e5, 100);
  });
}

}  // namespace
}  // namespace nanscope
