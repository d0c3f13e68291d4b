#include "engine/experiment/numbers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <memory>

#include "engine/experiment/json.h"
#include "engine/numbers/format.h"
#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"
#include "ui/labs/numbers/figure.h"
#include "ui/text/text.h"

// What a person does in the Numbers lab: types a number, paints its bits, steps, runs experiments.
namespace nanscope {
namespace {

/// The lab needs no LibTorch: an engine that does nothing keeps these tests quick.
class IdleEngine final : public Engine {
 public:
  EngineInfo info() const override { return {}; }
  Result<std::unique_ptr<Job>> make_job(const JobRequest&) override {
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

/// An item of a card among the plots.
ImGuiID in_card(ImGuiTestContext& context, const char* card, const char* item) {
  return context.GetID(item, context.WindowInfo((std::string("//###plots/") + card).c_str()).ID);
}

/// The factor that the number line shows beside its slider: "2x".
std::string zoom_of(ImGuiTestContext& context) {
  const std::string label =
      context.ItemInfo(in_card(context, "number_line", "###zoom factor")).DebugLabel;
  return label.substr(0, label.find('#'));
}

ImVec2 middle_of(const ImGuiWindow& window) {
  return {window.Pos.x + window.Size.x / 2, window.Pos.y + window.Size.y / 2};
}

bool tooltip_shown() {
  const ImGuiWindow* tooltip = ImGui::FindWindowByName("##Tooltip_00");
  return tooltip && tooltip->Active;
}

const Numbers& numbers(WindowHarness& window) { return window.shell().experiment().numbers; }

TEST(NumbersLab, TheListOfViewsSaysWholeWhatEachShows) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector})
    for (const ImVec2 size : {ImVec2{1280, 800}, {1920, 1080}}) {
      HarnessOptions options = numbers_lab();
      options.size = size;
      options.shell.settings.theme = theme;
      WindowHarness window(options);
      window.run([&](ImGuiTestContext& mouse) {
        mouse.ItemClick("//###controls/###views");
        mouse.Yield(3);
        for (const std::string_view view : numbers_views())
          EXPECT_TRUE(is_on_screen(text(fmt::format("numbers.about.{}", view))))
              << view << " " << size.x << name_of(theme);
      });
    }
}

TEST(NumbersLab, FormulasInTheInspectorAreSetAsInPrint) {
  WindowHarness window(numbers_lab("numbers.view=ranges"));
  window.run([&](ImGuiTestContext& person) {
    person.Yield(3);
    ASSERT_TRUE(is_on_screen("The step from 1 to the next number:"));
    EXPECT_FALSE(is_on_screen("2^"));
  });
}

TEST(NumbersLab, ABitIsExplainedToThePointerThatIsOnItNotToTheKeyboardElsewhere) {
  WindowHarness window(showing(LabName::numbers, "numbers.input", "0.1"));
  window.run([&](ImGuiTestContext& person) {
    person.Yield(3);
    const ImRect bit = person.ItemInfo(cell_of(person, "fp16", 8)).RectFull;
    const ImRect grid = person.WindowInfo("//###plots/number_bits").RectFull;
    person.MouseMoveToPos({grid.GetCenter().x, grid.Max.y - 8});
    person.NavMoveTo(cell_of(person, "fp16", 8));
    person.SleepNoSkip(1.0f, 0.1f);
    EXPECT_FALSE(tooltip_shown());
    person.MouseMoveToPos(bit.GetCenter());
    person.Yield(3);
    EXPECT_TRUE(tooltip_shown());
  });
}

TEST(NumbersLab, WhatABitIsWorthCoversNoBitOfItsRowAndNotItsNumber) {
  WindowHarness window(showing(LabName::numbers, "numbers.input", "0.1"));
  window.run([&](ImGuiTestContext& person) {
    person.Yield(3);
    for (const auto& [format, highest] : {std::pair{"fp32", 31}, {"bf16", 15}, {"e5m2", 7}})
      for (const int bit : {0, highest / 2, highest}) {
        ImRect row = person.ItemInfo(cell_of(person, format, 0)).RectFull;
        row.Add(person.ItemInfo(cell_of(person, format, highest)).RectFull);
        row.Max.y += 1.5f * ImGui::GetFontSize();  // its number
        person.MouseMoveToPos(person.ItemInfo(cell_of(person, format, bit)).RectFull.GetCenter());
        person.Yield(3);
        const std::vector<const ImGuiWindow*> said = seen_tooltips();
        ASSERT_EQ(said.size(), 1u) << format << bit;
        const ImRect words = said.front()->Rect();
        EXPECT_FALSE(words.Overlaps(row)) << format << bit;
        const ImRect plots = person.GetWindowByRef("//###plots")->Rect();
        EXPECT_GE(words.Min.x, plots.Min.x) << format << bit;
        EXPECT_LE(words.Max.x, plots.Max.x) << format << bit;
      }
  });
}

TEST(NumbersLab, AClickTogglesABitAndTheNumberBecomesTheCodesValue) {
  WindowHarness window(numbers_lab("numbers.input=1"));
  window.run([&](ImGuiTestContext& mouse) {
    mouse.Yield(2);
    mouse.ItemClick(cell_of(mouse, "fp16", 9));  // the highest bit of the mantissa: 1.1 = 1.5
    EXPECT_EQ(numbers(window).input, "1.5");
    mouse.KeyPress(ImGuiKey_PageUp);  // a step of the format that was clicked
    EXPECT_EQ(numbers(window).input, "1.5009765625");
    mouse.KeyPress(ImGuiKey_PageDown);
    mouse.ItemClick(cell_of(mouse, "fp16", 15));  // the sign
    EXPECT_EQ(numbers(window).input, "-1.5");
    mouse.ItemClick(cell_of(mouse, "fp16", 15));
    mouse.ItemClick(cell_of(mouse, "fp16", 14));  // the exponent's highest: 01111 -> 11111
    EXPECT_EQ(numbers(window).input, "nan");
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    EXPECT_EQ(numbers(window).input, "1.5");
  });
}

TEST(NumbersLab, TheRowThatIsPointedAtIsPartOfTheView) {
  HarnessOptions options = numbers_lab("numbers.input=1");
  options.shell.experiment->view.row = "bf16";
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& mouse) {
    mouse.Yield(2);
    const auto row = [&] { return window.shell().experiment().view.row; };
    EXPECT_EQ(row(), "bf16");
    mouse.ItemClick("//###controls/###ulp_up");  // a step of the reopened row's format
    EXPECT_EQ(numbers(window).input, "1.0078125");
    mouse.MouseMove(cell_of(mouse, "fp16", 3));
    mouse.Yield(2);
    EXPECT_EQ(row(), "fp16");
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    EXPECT_EQ(numbers(window).input, "1");
    EXPECT_EQ(row(), "fp16");  // undo takes back what was done, not what was looked at
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

TEST(NumbersLab, FormatButtonsFilterTheRanges) {
  WindowHarness window(numbers_lab("numbers.view=ranges"));
  window.run([&](ImGuiTestContext& mouse) {
    mouse.Yield(2);
    EXPECT_EQ(numbers(window).settings.formats.size(), number_formats().size());
    mouse.ItemClick("//###controls/###format fp64");
    mouse.Yield(2);
    EXPECT_EQ(numbers(window).settings.formats.size(), number_formats().size() - 1);
    const std::string csv = numbers_figure(window.shell().experiment(), nullptr)->csv();
    EXPECT_EQ(csv.find("fp64,"), std::string::npos);
    EXPECT_NE(csv.find("fp32,"), std::string::npos);
  });
}

TEST(NumbersLab, AnExperimentIsChosenRunsAndFollowsItsControls) {
  WindowHarness window(numbers_lab());
  const auto chart = [&] { return window.session().view().results.latest<RoundoffRequest>(); };
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

TEST(NumbersLab, TheKeyboardStepsNegatesAndDoubles) {
  WindowHarness window(numbers_lab("numbers.input=1"));
  window.run([&](ImGuiTestContext& keyboard) {
    keyboard.Yield(2);
    keyboard.NavMoveTo(cell_of(keyboard, "fp16", 3));
    keyboard.KeyPress(ImGuiKey_LeftArrow);
    const auto press = [&](ImGuiKeyChord key) {
      keyboard.KeyPress(key);
      return numbers(window).input;
    };
    EXPECT_EQ(press(ImGuiKey_PageUp), "1.0009765625");  // 1 + 2^-10: a step of fp16
    EXPECT_EQ(press(ImGuiKey_PageUp), "1.001953125");
    EXPECT_EQ(press(ImGuiKey_PageDown), "1.0009765625");
    EXPECT_EQ(press(ImGuiMod_Shift | ImGuiKey_PageUp), "2");
    EXPECT_EQ(press(ImGuiKey_N), "-2");
    EXPECT_EQ(press(ImGuiMod_Shift | ImGuiKey_PageDown), "-1");
    EXPECT_EQ(press(ImGuiMod_Ctrl | ImGuiKey_Z), "-2");
  });
}

TEST(NumbersLab, TheNumberLineZoomsByWheelKeysAndSlider) {
  WindowHarness window(numbers_lab());
  window.run([&](ImGuiTestContext& person) {
    person.Yield(2);
    const Experiment before = window.shell().experiment();
    const ImGuiWindow* line = person.WindowInfo("//###plots/number_line").Window;
    EXPECT_EQ(zoom_of(person), "1x");
    person.MouseMoveToPos(middle_of(*line));
    person.MouseWheelY(2);
    person.Yield(2);
    EXPECT_EQ(zoom_of(person), "2x");  // a notch is half a binade
    person.MouseWheelY(-4);
    person.Yield(2);
    EXPECT_EQ(zoom_of(person), "0.5x");
    person.ItemClick(in_card(person, "number_line", "###zoom factor"));
    EXPECT_EQ(zoom_of(person), "1x");
    for (int i = 0; i < 4; ++i) person.KeyPress(ImGuiKey_Equal);
    EXPECT_EQ(zoom_of(person), "4x");
    person.KeyPress(ImGuiKey_Minus);
    person.KeyPress(ImGuiKey_Minus);
    EXPECT_EQ(zoom_of(person), "2x");
    person.KeyPress(ImGuiKey_0);
    EXPECT_EQ(zoom_of(person), "1x");
    person.ItemDragWithDelta(in_card(person, "number_line", "##zoom"), {30, 0});
    EXPECT_NE(zoom_of(person), "1x");
    Experiment after = window.shell().experiment();
    EXPECT_TRUE(find_zoom(after.view, "number_line"));
    after.view = before.view;
    EXPECT_EQ(after, before);  // a way of looking: nothing else has changed
  });
}

TEST(NumbersLab, ThePointerReadsPointsAndBarsOutOfCharts) {
  WindowHarness window(numbers_lab("numbers.view=loss_scaling"));
  const auto chart = [&] { return window.session().view().results.latest<RoundoffRequest>(); };
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_until(mouse, [&] { return chart() != nullptr; }));
    mouse.Yield(2);
    for (const char* card : {"roundoff", "roundoff_histogram"}) {
      const ImGuiWindow* plot =
          mouse.WindowInfo((std::string("//###plots/") + card).c_str()).Window;
      const ImVec2 middle = middle_of(*plot);
      mouse.MouseMoveToPos(
          {plot->Pos.x + 2, plot->Pos.y + 2});  // the card's edge: nothing is there
      mouse.Yield(2);
      EXPECT_FALSE(tooltip_shown()) << card;
      bool read = false;
      for (float y = plot->Pos.y; y < plot->Pos.y + plot->Size.y && !read; y += 10) {
        mouse.MouseMoveToPos({middle.x, y});
        mouse.Yield();
        read = tooltip_shown();
      }
      EXPECT_TRUE(read) << card;
    }
  });
}

TEST(NumbersLab, EveryFormatAndOnesOwnCanBeListed) {
  WindowHarness window(numbers_lab());
  window.run([&](ImGuiTestContext& mouse) {
    mouse.Yield(2);
    for (const NumberFormat& format : number_formats())
      if (std::ranges::find(numbers(window).settings.formats, format.name) ==
          numbers(window).settings.formats.end())
        mouse.ItemClick(("//###controls/###format " + format.name).c_str());
    EXPECT_EQ(numbers(window).settings.formats.size(), number_formats().size());
    mouse.ItemInputValue("//###controls/###formats",
                         (join_formats(numbers(window).settings.formats) + ",e5m7").c_str());
    EXPECT_EQ(numbers(window).settings.formats.size(), number_formats().size() + 1);
    EXPECT_FALSE(window.shell().message());
    mouse.Yield(2);
    mouse.ItemClick(cell_of(mouse, "e5m7", 12));  // the last row: scrolled to if need be
    EXPECT_EQ(numbers(window).input.front(), '-');
  });
}

TEST(NumbersLab, AnExperimentOffersTheFormatsThatSumsCanBeRoundedTo) {
  WindowHarness window(numbers_lab("numbers.view=dot"));
  window.run([&](ImGuiTestContext& mouse) {
    mouse.Yield(2);
    const auto disabled = [&](const std::string& format) {
      const ImGuiTestItemInfo info = mouse.ItemInfo(("//###controls/###format " + format).c_str());
      return (info.ItemFlags & ImGuiItemFlags_Disabled) != 0;
    };
    EXPECT_TRUE(disabled("int8"));
    EXPECT_TRUE(disabled("e8m0"));
    EXPECT_FALSE(disabled("e5m2"));
    mouse.ItemInputValue("//###controls/###formats", "fp64,fp32,tf32,bf16,fp16,e4m3,e5m2,e2m3");
    mouse.Yield(2);
    EXPECT_TRUE(disabled("e2m1"));   // eight curves are all that can be told apart
    EXPECT_FALSE(disabled("fp64"));  // but one can be taken out
  });
}

/// A .safetensors file with one fp32 matrix.
std::string weights_file() {
  std::string bytes = R"({"w":{"dtype":"F32","shape":[2,4],"data_offsets":[0,32]}})";
  std::uint64_t length = bytes.size();
  for (int i = 7; i >= 0; --i) bytes.insert(0, 1, static_cast<char>(length >> 8 * i & 255));
  for (const float value : {0.5f, -1.25f, 2.f, 0.125f, 3.f, -0.75f, 1.f, 0.0625f})
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  return bytes;
}

TEST(NumbersLab, WeightsOfAFileAreQuantizedAndABadFileSaysWhy) {
  const TemporaryFolder folder;
  const std::string good = folder.path() + "/good.safetensors";
  const std::string bad = folder.path() + "/bad.safetensors";
  std::ofstream(good, std::ios::binary) << weights_file();
  std::ofstream(bad, std::ios::binary) << "no tensors";
  WindowHarness window(numbers_lab());
  const auto chart = [&] { return window.session().view().results.latest<RoundoffRequest>(); };
  window.run([&](ImGuiTestContext& mouse) {
    mouse.Yield(2);
    window.shell().open_path(good);  // as if it were dropped on the window
    EXPECT_EQ(numbers(window).view, "quantization");
    ASSERT_TRUE(window.wait_until(
        mouse, [&] { return chart() && chart()->source.find("good") != std::string::npos; }));
    EXPECT_FALSE(window.shell().message());
    window.shell().open_path(bad);
    ASSERT_TRUE(window.wait_until(mouse, [&] { return window.shell().message().has_value(); }));
    EXPECT_NE(to_string(*window.shell().message()).find(bad), std::string::npos);
    mouse.Yield(2);
    mouse.ItemClick("//###controls/###drawn weights");
    EXPECT_EQ(numbers(window).settings.path, "");
    ASSERT_TRUE(window.wait_until(mouse, [&] { return chart()->source.starts_with("drawn"); }));
    // The session is a frame ahead of the window.
    EXPECT_TRUE(window.wait_until(mouse, [&] { return !window.shell().message(); }));
  });
}

TEST(NumbersLab, TheSignalLabsNumbersOpenHere) {
  HarnessOptions options;
  options.shell.experiment = *with_key(Experiment{}, "precision", "fp16");
  options.shell.experiment = *with_key(*options.shell.experiment, "numbers.view", "quantization");
  options.shell.experiment->lab = LabName::signal;
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_for_pass(mouse));
    const SignalSnapshot& pass = *window.session().view().results.latest<SignalRequest>();
    ASSERT_TRUE(pass.first_nonfinite);  // N(0, 1) weights of 512 in fp16
    // A click on a layer of the plot keeps it in the inspector.
    const ImGuiWindow* plot = mouse.WindowInfo("//###plots/forward_variance").Window;
    bool chosen = false;
    for (float x = plot->Pos.x + 60; x < plot->Pos.x + plot->Size.x && !chosen; x += 3) {
      mouse.MouseMoveToPos({x, middle_of(*plot).y});
      mouse.MouseClick();
      mouse.Yield(2);
      chosen = mouse.ItemExists("//###inspector/###bits of nonfinite");
    }
    ASSERT_TRUE(chosen);
    mouse.ItemClick("//###inspector/###bits of nonfinite");
    EXPECT_EQ(window.shell().experiment().lab, LabName::numbers);
    EXPECT_EQ(numbers(window).view, "bits");
    EXPECT_EQ(numbers(window).input, pass.first_nonfinite->value);
    EXPECT_GT(numbers(window).settings.formats.size(), 1u);  // not those of the experiment before
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    EXPECT_EQ(window.shell().experiment().lab, LabName::signal);
    mouse.Yield(2);
    mouse.ItemClick("//###inspector/###bits of inspector.absmax");
    EXPECT_EQ(window.shell().experiment().lab, LabName::numbers);
    EXPECT_EQ(numbers(window).input.find('x'), std::string::npos);  // in decimals, as elsewhere
    EXPECT_TRUE(std::isfinite(std::strtod(numbers(window).input.c_str(), nullptr)) ||
                numbers(window).input == pass.first_nonfinite->value);
  });
}

}  // namespace
}  // namespace nanscope
