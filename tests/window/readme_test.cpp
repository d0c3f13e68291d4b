#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "engine/experiment/json.h"
#include "engine/probes/summary.h"
#include "engine/recipe/run_history.h"
#include "engine/recipe/training_request.h"
#include "engine/recipe/trials.h"
#include "engine/roundoff/roundoff_request.h"
#include "engine/theory/critical_gain.h"
#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"
#include "ui/text/text.h"

// README's five minutes for a teacher: what it says, done and checked.
namespace nanscope {
namespace {

using testing::HasSubstr;

std::string readme() {
  std::ifstream file(NANSCOPE_SOURCE_DIR "/README.md");
  std::string words{std::istreambuf_iterator<char>(file), {}};
  // As one line: sentences are broken where they happen to be.
  std::string line;
  for (const char c : words)
    if (c != '\n')
      line += c;
    else if (!line.ends_with(' '))
      line += ' ';
  while (line.find("  ") != std::string::npos) line.replace(line.find("  "), 2, " ");
  return line;
}

/// A teacher at the window.
class Teacher {
 public:
  Teacher(WindowHarness& window, ImGuiTestContext& hand) : window_(window), hand_(hand) {}

  const SignalSnapshot& pass() {
    EXPECT_TRUE(window_.wait_for_pass(hand_));
    hand_.Yield(2);
    seen_ = window_.session().view().results.latest<SignalRequest>();
    return *seen_;
  }
  const Experiment& experiment() const { return window_.shell().experiment(); }
  ImRect plot(const char* name) {
    return hand_.WindowInfo(fmt::format("//###plots/{}", name).c_str()).RectFull;
  }
  void type(const char* key, const char* value) {
    hand_.ItemInputValue(field_of(key).c_str(), value);
  }
  void choose(const char* key, const char* name) {
    hand_.ItemClick(choice_of(key, name).c_str());
    hand_.Yield(2);
  }
  void press(ImGuiKeyChord keys) {
    hand_.KeyPress(keys);
    hand_.Yield(3);
  }

 private:
  WindowHarness& window_;
  ImGuiTestContext& hand_;
  std::shared_ptr<const SignalSnapshot> seen_;
};

double variance(const SignalSnapshot& pass, std::size_t layer,
                SignalTensor tensor = SignalTensor::activation) {
  return pass.layers.at(layer).of(tensor).variance;
}

/// By how much the variance of the last layer is that of the first.
double kept(const SignalSnapshot& pass) {
  return variance(pass, pass.layers.size() - 1) / variance(pass, 0);
}

int overflow_layer(const SignalSnapshot& pass) {
  const SignalSummary summary = summarize(pass);
  return summary.overflow && !summary.overflow->backward ? summary.overflow->layer : -1;
}

/// 1. Explode.
void read_the_explosion(Teacher& teacher) {
  const SignalSnapshot& pass = teacher.pass();
  EXPECT_EQ(pass.layers.size(), 50u);
  EXPECT_EQ(effective_activation(pass.experiment.network.model), Activation::relu);
  EXPECT_EQ(pass.experiment.network.init.scheme, InitScheme::normal);
  const SignalSummary summary = summarize(pass);
  EXPECT_EQ(summary.forward, SignalSummary::Trend::grows);
  EXPECT_TRUE(is_on_screen(fmt::format("Variance grows {:.0f}x a layer", summary.forward_factor)));
  // Left of the gradients'.
  EXPECT_LT(teacher.plot("forward_variance").Max.x, teacher.plot("backward_variance").Min.x + 1);
  EXPECT_NEAR(teacher.plot("forward_variance").Min.y, teacher.plot("backward_variance").Min.y, 1);
  for (std::size_t i = 1; std::isfinite(variance(pass, i)); ++i) {
    const double measured = variance(pass, i) / variance(pass, i - 1);
    const double predicted = pass.layers[i].predicted.activation_variance.expected /
                             pass.layers[i - 1].predicted.activation_variance.expected;
    EXPECT_NEAR(std::log2(measured), std::log2(summary.forward_factor), 0.5) << i;
    EXPECT_NEAR(predicted, 128, 1e-6) << i;  // 256 / 2
  }
  // One draw: its mean factor over the layers lies within some per cent of theory's.
  EXPECT_NEAR(summary.forward_factor, 128, 128 * 0.05);
}

/// By how much a drag of a pixel in three frames, far off the slider, changes the gain's logarithm.
double dragged_slowly(Teacher& teacher, ImGuiTestContext& hand, float pixels) {
  const ImRect track = hand.ItemInfo(slider_of("init.gain").c_str()).RectFull;
  const ImVec2 grab = track.GetCenter();
  hand.MouseMoveToPos(grab);
  hand.MouseDown();
  hand.Yield(2);
  const double pressed = teacher.experiment().network.init.gain;
  for (float moved = 1; moved <= std::abs(pixels); ++moved) {
    hand.MouseTeleportToPos({grab.x + std::copysign(moved, pixels), grab.y + 200});
    hand.Yield(3);
  }
  hand.MouseUp();
  hand.Yield(2);
  return std::abs(std::log(teacher.experiment().network.init.gain / pressed));
}

/// 2. Drag the gain.
void drag_the_gain(Teacher& teacher, ImGuiTestContext& hand) {
  const Experiment before = teacher.experiment();
  const std::string slider = slider_of("init.gain");
  const auto dragged = [&](float pixels) {
    const double from = teacher.experiment().network.init.gain;
    hand.ItemDragWithDelta(slider.c_str(), {pixels, 0});
    return std::abs(std::log(teacher.experiment().network.init.gain / from));
  };
  const double coarse = dragged(-40);
  EXPECT_THAT(readme(), HasSubstr("A slow drag is several times finer than a quick one"));
  const double slow = dragged_slowly(teacher, hand, -40);
  EXPECT_GT(slow, 0);
  EXPECT_LT(slow, coarse / 3);
  for (const ImGuiKey modifier : {ImGuiMod_Shift, ImGuiMod_Alt}) {
    hand.KeyDown(modifier);
    EXPECT_LT(dragged(-40), coarse / 4);
    hand.KeyUp(modifier);
  }
  teacher.pass();
  hand.MouseMoveToPos(teacher.plot("forward_variance").GetCenter());
  hand.Yield(3);
  EXPECT_TRUE(is_on_screen("before:"));
  const std::string words = readme();
  const std::size_t at = words.find("`sqrt(") + 1;
  teacher.type("init.gain", words.substr(at, words.find('`', at) - at).c_str());
  const double flat = teacher.experiment().network.init.gain;
  EXPECT_DOUBLE_EQ(flat, critical_gain(teacher.experiment().network).value());
  const double level = kept(teacher.pass());
  EXPECT_GT(level, 0.1);
  EXPECT_LT(level, 10);
  teacher.type("init.gain", "0.05");
  const SignalSnapshot& less = teacher.pass();
  EXPECT_LT(kept(less), 1e-6);
  // The gradient goes from the last layer to the first.
  EXPECT_LT(variance(less, 0, SignalTensor::activation_grad),
            1e-6 * variance(less, 49, SignalTensor::activation_grad));
  EXPECT_TRUE(is_on_screen("Variance shrinks"));
  teacher.press(ImGuiMod_Ctrl | ImGuiKey_Z);
  EXPECT_EQ(teacher.experiment().network.init.gain, flat);
  teacher.press(ImGuiKey_B);
  teacher.type("init.gain", "0.07");
  const auto other = compared_with(teacher.experiment());
  ASSERT_TRUE(other);
  EXPECT_EQ(other->network.init.gain, flat);
  teacher.press(ImGuiKey_L);
  EXPECT_FALSE(teacher.experiment().view.lock.empty());
  teacher.press(ImGuiKey_L);
  for (int i = 0; i < 20 && teacher.experiment().network != before.network; ++i)
    teacher.press(ImGuiMod_Ctrl | ImGuiKey_Z);
  EXPECT_EQ(teacher.experiment().network, before.network);
}

/// 3. Change the precision.
void change_the_precision(Teacher& teacher) {
  // Whatever gain the second step left.
  teacher.type("init.gain", "0.07");
  EXPECT_THAT(readme(), HasSubstr("*Ctrl+R* brings back the demo's values"));
  teacher.press(ImGuiMod_Ctrl | ImGuiKey_R);
  EXPECT_EQ(teacher.experiment().network.init.gain, 1);
  const int of_fp32 = overflow_layer(teacher.pass());
  teacher.choose("precision", "fp16");
  const SignalSnapshot& half = teacher.pass();
  const int of_fp16 = overflow_layer(half);
  EXPECT_GE(of_fp16, 1);
  EXPECT_LE(of_fp16, 5);  // a few layers in
  const FirstNonfinite first = summarize(half).overflow.value();
  EXPECT_TRUE(is_on_screen(
      format_text("tag.overflow", fmt::arg("layer", first.layer_name),
                  fmt::arg("tensor", text(fmt::format("tensor.one.{}", name_of(first.tensor)))),
                  fmt::arg("value", first.value))));
  teacher.choose("precision", "bf16");
  EXPECT_NEAR(overflow_layer(teacher.pass()), of_fp32, 0.5);
  EXPECT_GT(of_fp32, of_fp16);
}

/// 4. Repair it.
void repair_it(Teacher& teacher, ImGuiTestContext& hand) {
  teacher.choose("init.scheme", "kaiming");
  EXPECT_EQ(overflow_layer(teacher.pass()), -1);
  EXPECT_LT(std::abs(std::log(kept(teacher.pass()))), std::log(10));
  EXPECT_TRUE(is_on_screen("Variance stays between"));
  teacher.choose("init.scheme", "normal");
  teacher.choose("model.norm", "layernorm");
  hand.ItemClick(control("model.residual", "###toggle").c_str());
  EXPECT_EQ(overflow_layer(teacher.pass()), -1);
  teacher.press(ImGuiMod_Ctrl | ImGuiKey_PageDown);
  teacher.pass();
  EXPECT_TRUE(is_on_screen("Small weights vanish"));
  EXPECT_TRUE(is_on_screen("Weights of 0.01 times N(0,1) look harmless"));
  EXPECT_TRUE(is_on_screen("Double the gain a few times"));
}

/// 5. Take it to the slides.
void take_it_to_the_slides(WindowHarness& window, Teacher& teacher, ImGuiTestContext& hand,
                           const std::string& folder) {
  teacher.press(ImGuiKey_F9);
  teacher.press(ImGuiKey_F9);
  const Experiment exported = teacher.experiment();
  const std::string png = folder + "/slide.png";
  teacher.press(ImGuiMod_Ctrl | ImGuiKey_E);
  for (const char* choice : {"kind/###png", "kind/###svg", "kind/###png"})
    hand.ItemClick(fmt::format("//###export/{}", choice).c_str());
  hand.ItemClick("//###export/###next");
  hand.ItemInputValue("//###file chooser/##name", "slide");
  if (hand.ItemExists("//###file chooser/###accept")) hand.ItemClick("//###file chooser/###accept");
  ASSERT_TRUE(window.wait_until(hand, [&] { return std::filesystem::exists(png); }));
  teacher.type("init.gain", "1");
  ASSERT_NE(teacher.experiment(), exported);
  window.shell().open_path(png);
  hand.Yield(2);
  EXPECT_EQ(teacher.experiment(), exported);
}

/// Numbers: where fp16 stalls.
void watch_fp16_stall(WindowHarness& window, Teacher& teacher, ImGuiTestContext& hand) {
  EXPECT_THAT(readme(), HasSubstr("(*Alt+2*): type 0.1"));
  teacher.press(ImGuiMod_Alt | ImGuiKey_2);
  hand.KeyChars("0.1");
  hand.Yield(2);
  EXPECT_EQ(teacher.experiment().numbers.input, "0.1");
  for (const char* format : {"fp32", "bf16", "fp16"}) EXPECT_TRUE(is_on_screen(format)) << format;
  // The name that README gives it is the menu's and, in small letters, that of JSON.
  const std::string words = readme();
  const std::string before = "choose *";
  const std::size_t at = words.find(before) + before.size();
  const std::string view = words.substr(at, words.find('*', at) - at);
  EXPECT_EQ(view, text("numbers.view.accumulation"));
  hand.ItemClick("//###controls/###views");
  hand.Yield(2);
  EXPECT_TRUE(is_on_screen(view));
  hand.ItemClick("//$FOCUSED/accumulation/###view");
  hand.Yield(2);
  EXPECT_EQ(teacher.experiment().numbers.view, "accumulation");
  const auto chart = [&] { return window.session().view().results.latest<RoundoffRequest>(); };
  ASSERT_TRUE(window.wait_until(
      hand, [&] { return chart() && chart()->experiment == teacher.experiment().numbers.view; }));
  hand.Yield(3);
  EXPECT_TRUE(is_on_screen("fp16 stalls at 0.25 after"));
  EXPECT_EQ(teacher.experiment().numbers.settings.length, 10000);
  EXPECT_THAT(key_text(teacher.experiment(), "numbers.addend"), testing::AnyOf("1e-4", "0.0001"));
}

/// Tensors: what LibTorch refuses, and the button that repairs it.
void let_libtorch_refuse(WindowHarness& window, Teacher& teacher, ImGuiTestContext& hand) {
  teacher.press(ImGuiMod_Alt | ImGuiKey_3);
  const std::string chain = "arange(24).view(2,3,4).transpose(1,2)";
  EXPECT_THAT(readme(), HasSubstr("`" + chain + "`"));
  EXPECT_THAT(readme(), HasSubstr("add `.view(24)`"));
  const auto typed = [&](const std::string& added, const std::string& expression) {
    hand.KeyChars(added.c_str());
    const auto answer = [&] { return window.session().view().results.latest<TensorRequest>(); };
    EXPECT_TRUE(
        window.wait_until(hand, [&] { return answer() && answer()->expression == expression; }));
    hand.Yield(3);
    return answer()->error.has_value();
  };
  EXPECT_FALSE(typed(chain, chain));
  EXPECT_TRUE(typed(".view(24)", chain + ".view(24)"));
  EXPECT_TRUE(is_on_screen("LibTorch: "));
  hand.ItemClick("//###plots/###repair0");
  ASSERT_TRUE(window.wait_until(hand, [&] {
    const auto answer = window.session().view().results.latest<TensorRequest>();
    return answer->expression == teacher.experiment().tensors.expression && !answer->error;
  }));
}

/// Training: the run that dies and is repaired, and the keys of a run.
void repair_a_run(WindowHarness& window, Teacher& teacher, ImGuiTestContext& hand) {
  teacher.press(ImGuiMod_Alt | ImGuiKey_4);
  EXPECT_THAT(readme(), HasSubstr("*A naive start ends in NaN*"));
  ASSERT_TRUE(window.shell().run_action("demo.train_explodes"));
  hand.Yield(2);
  const auto run = [&] { return window.session().view().results.latest<TrainingRequest>(); };
  const auto rests = [&](InitScheme scheme) {
    return window.wait_until(hand, [&] {
      const SessionView view = window.session().view();
      return run() && run()->experiment.network.init.scheme == scheme && !view.working() &&
             view.slot(TrainingRequest::kSlot).up_to_date();
    });
  };
  ASSERT_TRUE(rests(InitScheme::normal));
  ASSERT_TRUE(run()->first_nonfinite);
  EXPECT_EQ(run()->steps, run()->first_nonfinite->step + 1);
  ASSERT_TRUE(window.wait_for_result<TrialsRequest>(hand));
  EXPECT_TRUE(
      is_on_screen("The loss is inf at step 0: the weights as they were drawn lead there."));
  EXPECT_THAT(readme(), HasSubstr("Click *scheme kaiming*"));
  EXPECT_TRUE(is_on_screen("scheme kaiming"));
  hand.ItemClick("//###plots/###cure init.scheme=kaiming");
  ASSERT_TRUE(rests(InitScheme::kaiming));
  EXPECT_FALSE(run()->first_nonfinite);
  EXPECT_LT(run()->last.loss, run()->history->loss.front() / 10);
  const std::vector<double> loss = run()->history->loss;
  teacher.press(ImGuiKey_F5);
  ASSERT_TRUE(rests(InitScheme::kaiming));
  EXPECT_EQ(run()->history->loss, loss);
  hand.Yield(2);
  EXPECT_TRUE(is_on_screen("scheme normal"));  // the dim curve's name
  teacher.press(ImGuiMod_Ctrl | ImGuiKey_Z);
  ASSERT_TRUE(rests(InitScheme::normal));
  EXPECT_TRUE(run()->first_nonfinite);
}

TEST(Readme, TheFiveMinutesForATeacherAreTrue) {
  const TemporaryFolder folder;
  HarnessOptions options;
  options.shell.settings.last_folder = folder.path();
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& hand) {
    Teacher teacher(window, hand);
    read_the_explosion(teacher);
    drag_the_gain(teacher, hand);
    change_the_precision(teacher);
    repair_it(teacher, hand);
    take_it_to_the_slides(window, teacher, hand, folder.path());
    watch_fp16_stall(window, teacher, hand);
    let_libtorch_refuse(window, teacher, hand);
    repair_a_run(window, teacher, hand);
  });
}

/// The rest of that page: what hovering, clicks and keys do.
TEST(Readme, ItsKeysAndGesturesDoWhatItSays) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& hand) {
    Teacher teacher(window, hand);
    const SignalSnapshot& pass = teacher.pass();
    const ImVec2 middle = teacher.plot("forward_variance").GetCenter();
    hand.MouseMoveToPos({middle.x - 40, middle.y});
    hand.Yield(3);
    EXPECT_TRUE(is_on_screen(pass.layers.front().name.substr(0, 6)));
    hand.MouseClick();
    hand.Yield(3);
    EXPECT_TRUE(teacher.experiment().view.layer);
    EXPECT_TRUE(hand.ItemExists("//###inspector/histogram bars"));
    hand.MouseWheelY(2);
    hand.Yield(2);
    EXPECT_FALSE(teacher.experiment().view.zoom.empty());
    hand.MouseDoubleClick();
    hand.Yield(30);
    EXPECT_TRUE(teacher.experiment().view.zoom.empty());
    const auto seen = [&](const char* name) {
      const ImGuiWindow* found = hand.WindowInfo(name, ImGuiTestOpFlags_NoError).Window;
      return found && found->WasActive && !found->Hidden;
    };
    for (const auto& [keys, name] :
         {std::pair{ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_P, "//###palette"},
          {int(ImGuiKey_F1), "//###shortcuts"}}) {
      teacher.press(keys);
      if (std::string_view(name) == "//###palette")
        EXPECT_TRUE(ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup));
      else
        EXPECT_TRUE(seen(name)) << name;
      teacher.press(ImGuiKey_Escape);
    }
    teacher.press(ImGuiKey_F9);
    EXPECT_FALSE(seen("//###controls"));
    EXPECT_TRUE(seen("//###plots"));
    teacher.press(ImGuiKey_F9);
    EXPECT_TRUE(seen("//###controls"));
    teacher.press(ImGuiMod_Shift | ImGuiKey_F9);
    EXPECT_TRUE(seen("//###hall"));
    teacher.press(ImGuiMod_Shift | ImGuiKey_F9);
    EXPECT_FALSE(seen("//###hall"));
  });
}

}  // namespace
}  // namespace nanscope
