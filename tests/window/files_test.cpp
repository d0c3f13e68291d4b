#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "engine/experiment/demos.h"
#include "engine/experiment/json.h"
#include "engine/experiment/png_text.h"
#include "engine/experiment/resolve.h"
#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"

// Documents, exported pictures and the clipboard.
namespace nanscope {
namespace {

void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

ShellOptions options_in(const std::string& folder) {
  ShellOptions options;
  options.settings.last_folder = folder;
  return options;
}

TEST(Files, AnExportedPictureReopensItsExperiment) {
  const TemporaryFolder folder;
  WindowHarness window({.shell = options_in(folder.path())});
  const std::string png = folder.path() + "/lecture.png";
  Experiment exported;
  window.run([&](ImGuiTestContext& mouse) {
    mouse.ItemInputValue(field_of("init.gain").c_str(), "0.125");
    mouse.ItemClick(choice_of("precision", "bf16").c_str());
    exported = window.shell().experiment();
    ASSERT_TRUE(window.wait_for_pass(mouse));
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_E);
    mouse.Yield(2);
    mouse.KeyPress(ImGuiKey_Enter);
    mouse.ItemInputValue("//###file chooser/##name", "lecture");
    if (mouse.ItemExists("//###file chooser/###accept"))
      mouse.ItemClick("//###file chooser/###accept");
    ASSERT_TRUE(window.wait_until(mouse, [&] { return std::filesystem::exists(png); }));
    ASSERT_TRUE(window.wait_until(mouse, [&] { return mouse.ItemExists("//###toast 0/###run"); }));
    mouse.ItemClick("//###toast 0/###run");
    EXPECT_EQ(window.opened_folder(), folder.path());
  });
  ASSERT_TRUE(read_experiment_file(png));
  EXPECT_EQ(*read_experiment_file(png), exported);

  window.run([&](ImGuiTestContext&) {
    window.shell().run_action("edit.reset");
    window.shell().open_path(png);
  });
  EXPECT_EQ(window.shell().experiment(), exported);
  EXPECT_FALSE(window.shell().message());
}

/// Asks for a picture of the whole lab under a name, and waits for it.
void export_as(WindowHarness& window, ImGuiTestContext& mouse, const std::string& name,
               const std::string& path) {
  mouse.ItemClick("//###export/###next");
  mouse.ItemInputValue("//###file chooser/##name", name.c_str());
  if (mouse.ItemExists("//###file chooser/###accept"))
    mouse.ItemClick("//###file chooser/###accept");
  EXPECT_TRUE(window.wait_until(mouse, [&] { return std::filesystem::exists(path); })) << path;
}

TEST(Files, SvgIsOfferedInEveryLabAndReopens) {
  const TemporaryFolder folder;
  HarnessOptions options{.shell = options_in(folder.path())};
  options.shell.experiment = *with_key(Experiment{}, "numbers.input", "1/3");
  options.shell.experiment->lab = LabName::numbers;
  WindowHarness window(options);
  const std::string svg = folder.path() + "/third.svg";
  const char* choice = "//###export/kind/###svg";
  Experiment exported;
  window.run([&](ImGuiTestContext& mouse) {
    mouse.Yield(2);
    exported = window.shell().experiment();
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_E);
    mouse.ItemClick(choice);
    export_as(window, mouse, "third", svg);
    // Every lab's plots have one, and the choice is kept.
    window.shell().open_path(svg);
    EXPECT_EQ(window.shell().experiment(), exported);
    mouse.MenuClick("//##MainMenuBar/Signal");
    ASSERT_TRUE(window.wait_for_pass(mouse));
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_E);
    EXPECT_TRUE(mouse.ItemExists(choice));
    export_as(window, mouse, "signal", folder.path() + "/signal.svg");
    mouse.MenuClick("//##MainMenuBar/Numbers");
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_E);
    export_as(window, mouse, "again", folder.path() + "/again.svg");
  });
  ASSERT_TRUE(read_experiment_file(svg));
  EXPECT_EQ(*read_experiment_file(svg), exported);
}

TEST(Files, TheEndingOfANameDecidesWhatIsWritten) {
  const TemporaryFolder folder;
  WindowHarness window({.shell = options_in(folder.path())});
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_for_pass(mouse));
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_E);
    mouse.ItemClick("//###export/kind/###svg");
    export_as(window, mouse, "a.png", folder.path() + "/a.png");
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_E);
    export_as(window, mouse, "b.csv", folder.path() + "/b.csv.svg");
  });
  const auto begins = [&](const std::string& name) {
    std::ifstream file(folder.path() + "/" + name, std::ios::binary);
    std::string start(4, ' ');
    file.read(start.data(), 4);
    return start;
  };
  EXPECT_EQ(begins("a.png"), "\x89PNG");
  EXPECT_NE(begins("b.csv.svg"), "\x89PNG");
  EXPECT_FALSE(std::filesystem::exists(folder.path() + "/b.csv"));
}

TEST(Files, QuickExportNeverReplacesAFile) {
  const TemporaryFolder folder;
  WindowHarness window({.shell = options_in(folder.path())});
  window.run([&](ImGuiTestContext& keyboard) {
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    for (const char* name : {"explode.png", "explode-2.png"}) {
      keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_E);
      EXPECT_TRUE(window.wait_until(keyboard, [&] {
        return std::filesystem::exists(folder.path() + "/" + name);
      })) << name;
      ASSERT_TRUE(window.wait_until(keyboard,
                                    [&] { return window.shell().seconds_to_next_frame() > 0.05; }));
    }
  });
}

TEST(Files, AFolderThatCannotBeWrittenIsAMessageAndLosesNothing) {
  const TemporaryFolder folder;
  write(folder.path() + "/file", "not a folder");
  // A folder below a file cannot be written by anybody, not even by root.
  WindowHarness window({.shell = options_in(folder.path() + "/file/below")});
  window.run([&](ImGuiTestContext& keyboard) {
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    const Experiment before = window.shell().experiment();
    ASSERT_TRUE(window.shell().run_action("file.export_quickly"));
    ASSERT_TRUE(window.wait_until(keyboard, [&] { return window.shell().message().has_value(); }));
    EXPECT_EQ(window.shell().message()->kind, Error::Kind::work);
    EXPECT_EQ(window.shell().experiment(), before);
  });
}

TEST(Files, BadFilesAreMessagesThatNameThem) {
  const TemporaryFolder folder;
  const auto path = [&](const char* name) { return folder.path() + "/" + name; };
  write(path("broken.json"), "{\"schema\": ");
  write(path("unknown.json"), R"({"schema":"nanscope.experiment/1","model":{"dept":3}})");
  write(path("newer.json"), R"({"schema":"nanscope.experiment/99"})");
  write(path("cut.png"), "\x89PNG\r\n\x1a\n");
  write(path("nan.csv"), "1,2\n3,nan\n");
  write(path("notes.txt"), "hello");
  WindowHarness window;
  const Experiment before = window.shell().experiment();
  for (const char* name : {"broken.json", "unknown.json", "newer.json", "cut.png", "nan.csv",
                           "notes.txt", "missing.json"}) {
    window.run([&](ImGuiTestContext& mouse) {
      window.shell().open_path(path(name));
      ASSERT_TRUE(window.shell().message()) << name;
      EXPECT_FALSE(window.shell().message()->message().empty());
      EXPECT_EQ(window.shell().experiment(), before) << name;
      mouse.Yield(2);
      mouse.ItemClick("//###message/###dismiss");
      EXPECT_FALSE(window.shell().message());
    });
  }
}

TEST(Files, ARunFileOpensAsItsExperimentInTheTrainingLab) {
  const TemporaryFolder folder;
  const std::string run = folder.path() + "/run.jsonl";
  write(run, R"({"schema":"nanscope.run/1","experiment":{"lab":"training","steps":3}})"
             "\n"
             R"({"step":0,"loss":1})");
  WindowHarness window;
  window.run([&](ImGuiTestContext&) {
    window.shell().open_path(run);
    EXPECT_FALSE(window.shell().message());
    EXPECT_EQ(window.shell().experiment().lab, LabName::training);
    EXPECT_EQ(window.shell().experiment().training.steps, 3);
  });
}

TEST(Files, ADroppedTableBecomesTheInput) {
  const TemporaryFolder folder;
  const std::string csv = folder.path() + "/data.csv";
  write(csv, "a,b,c\n1,2,3\n-1,0,1\n0.5,0.25,2\n");
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    window.shell().open_path(csv);
    EXPECT_EQ(window.shell().experiment().data.kind, DataKind::file);
    EXPECT_EQ(window.shell().experiment().data.path, csv);
    mouse.ItemInputValue(field_of("batch").c_str(), "3");
    ASSERT_TRUE(window.wait_for_pass(mouse));
    EXPECT_EQ(window.session().view().results.latest<SignalRequest>()->input.features, 3);
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z, 2);
    EXPECT_EQ(window.shell().experiment().data.kind, DataKind::normal);
  });
}

TEST(Files, ATableOfFewRowsIsTheBatchInWhicheverLabItIsDropped) {
  const TemporaryFolder folder;
  const std::string csv = folder.path() + "/data.csv";
  write(csv, "2020,2021,2022\n1.5,2.5,3.5\n-1.5,0.5,1.5\n");
  HarnessOptions options;
  options.shell.experiment = Experiment{};
  options.shell.experiment->lab = LabName::numbers;
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& mouse) {
    window.shell().open_path(csv);
    EXPECT_EQ(window.shell().experiment().lab, LabName::signal);
    EXPECT_EQ(window.shell().experiment().data.batch, 2);
    ASSERT_TRUE(window.wait_for_pass(mouse));
    EXPECT_FALSE(window.shell().message());
    const auto pass = window.session().view().results.latest<SignalRequest>();
    ASSERT_TRUE(pass->table);
    EXPECT_EQ(pass->table->rows, 2);
    // The doubt about the header can be settled where it is said.
    mouse.ItemClick(choice_of("data.header", "no").c_str());
    ASSERT_TRUE(window.wait_for_pass(mouse));
    EXPECT_EQ(window.session().view().results.latest<SignalRequest>()->table->rows, 3);
  });
}

TEST(Files, DroppedWeightsAreShownAndBadOnesLeaveAllAsItWas) {
  const TemporaryFolder folder;
  const std::string good = folder.path() + "/good.safetensors";
  const std::string bad = folder.path() + "/bad.safetensors";
  const std::string header = R"({"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";
  const auto length = static_cast<char>(header.size());
  write(good, std::string(1, length) + std::string(7, '\0') + header +
                  std::string("\0\0\x80\x3f\0\0\0\x40", 8));
  write(bad, std::string(8, '\xff') + header);
  WindowHarness window;
  const Experiment before = window.shell().experiment();
  window.run([&](ImGuiTestContext&) {
    window.shell().open_path(bad);
    ASSERT_TRUE(window.shell().message());
    EXPECT_EQ(window.shell().message()->where, bad);
    EXPECT_EQ(window.shell().experiment(), before);
    window.shell().open_path(good);
    EXPECT_FALSE(window.shell().message());
    EXPECT_EQ(window.shell().experiment().lab, LabName::numbers);
    EXPECT_EQ(window.shell().experiment().numbers.settings.path, good);
  });
}

TEST(Files, ASizeThatCannotBeDrawnIsSaidInTheDialog) {
  const TemporaryFolder folder;
  WindowHarness window({.shell = options_in(folder.path())});
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_for_pass(mouse));
    const auto is_offered = [&] {
      mouse.Yield(3);
      return (mouse.ItemInfo("//###export/###next").ItemFlags & ImGuiItemFlags_Disabled) == 0;
    };
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_E);
    EXPECT_TRUE(is_offered());
    mouse.ItemClick("//###export/size/custom");
    EXPECT_TRUE(is_offered());
    for (const char* wrong : {"99999", "abc", "", "1e3", "100", "-5"}) {
      mouse.ItemInputValue("//###export/##width", wrong);
      EXPECT_FALSE(is_offered()) << wrong;
      mouse.KeyPress(ImGuiKey_Enter);
      EXPECT_FALSE(mouse.ItemExists("//###file chooser/##name")) << wrong;
    }
    // It is not what another picture is wanted in.
    mouse.KeyPress(ImGuiKey_Escape);
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_E);
    EXPECT_TRUE(is_offered());
    mouse.ItemInputValue("//###export/##width", "1600");
    EXPECT_TRUE(is_offered());
    export_as(window, mouse, "wide", folder.path() + "/wide.png");
  });
}

TEST(Files, WhatWasToBeExportedIsKeptForAnotherTryUntilItIsWritten) {
  const TemporaryFolder folder;
  WindowHarness window({.shell = options_in(folder.path())});
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_for_pass(mouse));
    const auto preview_is_of = [&](ThemeId theme, const std::string& plot) {
      const auto is_chosen = [&](const std::string& item) {
        const ImRect cell = mouse.ItemInfo(("//###export/" + item).c_str()).RectFull;
        const Pixels& pixels = window.look(mouse);
        const auto at = [&](float x, float y) {
          const auto offset =
              4 * (static_cast<std::size_t>(y) * pixels.width + static_cast<std::size_t>(x));
          return std::vector(&pixels.rgba[offset], &pixels.rgba[offset + 3]);
        };
        const ImVec4 accent = palette_of(window.shell().theme()).accent;
        const auto near = [](unsigned char is, float wanted) {
          return std::abs(static_cast<float>(is) - 255 * wanted) < 4;
        };
        const auto ground = at(cell.Min.x + 4, cell.GetCenter().y);
        return near(ground[0], accent.x) && near(ground[1], accent.y) && near(ground[2], accent.z);
      };
      EXPECT_TRUE(is_chosen("theme/###" + std::string(name_of(theme))));
      EXPECT_TRUE(is_chosen("what/" + (plot.empty() ? "whole lab" : "###" + plot)));
    };
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_E);
    preview_is_of(ThemeId::light, "");
    mouse.ItemClick("//###export/what/###backward_variance");
    mouse.ItemClick("//###export/theme/###projector");
    mouse.ItemClick("//###export/###next");
    // Longer than any file system takes.
    mouse.ItemInputValue("//###file chooser/##name", std::string(300, 'x').c_str());
    ASSERT_TRUE(window.wait_until(mouse, [&] { return window.shell().message().has_value(); }));
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_E);
    preview_is_of(ThemeId::projector, "backward_variance");
    export_as(window, mouse, "picture", folder.path() + "/picture.png");
    mouse.Yield(5);
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_E);
    preview_is_of(ThemeId::light, "");
  });
}

TEST(Files, APathIntoAFolderThatIsNotThereWritesNothingElsewhere) {
  const TemporaryFolder folder;
  WindowHarness window({.shell = options_in(folder.path())});
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_for_pass(mouse));
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_E);
    mouse.ItemClick("//###export/###next");
    const std::string path = folder.path() + "/nowhere/picture.png";
    mouse.ItemInputValue("//###file chooser/##name", path.c_str());
    mouse.Yield(3);
    EXPECT_TRUE(mouse.ItemExists("//###file chooser/##name"));
    EXPECT_TRUE(is_on_screen("This folder cannot be listed"));
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
    std::filesystem::create_directory(folder.path() + "/nowhere");
    mouse.ItemInputValue("//###file chooser/##name", path.c_str());
    EXPECT_TRUE(window.wait_until(mouse, [&] { return std::filesystem::exists(path); }));
  });
}

TEST(Files, APictureIsCopiedToTheClipboard) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiMod_Alt | ImGuiKey_C);
    ASSERT_TRUE(window.wait_until(keyboard, [&] { return !window.copied_picture().empty(); }));
    const auto text = read_png_text(window.copied_picture(), kPngExperimentKeyword);
    ASSERT_TRUE(text);
    EXPECT_EQ(*from_json(*text), window.shell().experiment());
  });
}

TEST(Files, SettingsThatCannotBeKeptAreSaidOnceWithWhatHelps) {
  const TemporaryFolder folder;
  write(folder.path() + "/file", "not a folder");
  ShellOptions options = options_in(folder.path());
  options.settings_path = folder.path() + "/file/nanscope/settings.json";
  WindowHarness window({.shell = options});
  window.run([&](ImGuiTestContext& keyboard) {
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    EXPECT_TRUE(window.shell().confirm_close());
    ASSERT_TRUE(window.shell().message());
    EXPECT_NE(window.shell().message()->message().find("XDG_CONFIG_HOME"), std::string::npos);
    keyboard.Yield(3);
    // It is about no picture: sentence and hint are read below it.
    const ImRect message = keyboard.GetWindowByRef("//###message")->Rect();
    EXPECT_NE(letters_within({message.Min.x, message.Max.y, message.Max.x, 400}).find("Variance"),
              std::string::npos);
    keyboard.ItemClick("//###message/###dismiss");
    keyboard.Yield(3);
    EXPECT_NE(letters_within(message.ToVec4()).find("Variance"), std::string::npos);
    EXPECT_TRUE(window.shell().confirm_close());
    EXPECT_FALSE(window.shell().message());
  });
}

TEST(Files, SaveAsWritesWhatOpenReads) {
  const TemporaryFolder folder;
  WindowHarness window({.shell = options_in(folder.path())});
  window.run([&](ImGuiTestContext& mouse) {
    mouse.ItemInputValue(field_of("model.depth").c_str(), "12");
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
    mouse.ItemInputValue("//###file chooser/##name", "mine");
    if (mouse.ItemExists("//###file chooser/###accept"))
      mouse.ItemClick("//###file chooser/###accept");
    ASSERT_TRUE(read_experiment_file(folder.path() + "/mine.json"));
    EXPECT_EQ(*read_experiment_file(folder.path() + "/mine.json"), window.shell().experiment());
    EXPECT_EQ(window.shell().window_title(), "mine.json - NaNscope");
    // The second save asks nothing.
    mouse.ItemInputValue(field_of("model.depth").c_str(), "13");
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
    EXPECT_EQ(read_experiment_file(folder.path() + "/mine.json")->network.model.depth, 13);
  });
}

TEST(Files, TheClipboardCarriesExperimentsAndTheScript) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    const Experiment first = window.shell().experiment();
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiKey_C);
    EXPECT_EQ(ImGui::GetClipboardText(), to_json(first));
    keyboard.ItemInputValue(field_of("model.depth").c_str(), "3");
    ImGui::SetClipboardText(to_json(first).c_str());
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiKey_V);
    EXPECT_EQ(window.shell().experiment(), first);
    ImGui::SetClipboardText("what is this");
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiKey_V);
    EXPECT_TRUE(window.shell().message());
    EXPECT_EQ(window.shell().experiment(), first);
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_C);
    EXPECT_NE(std::string(ImGui::GetClipboardText()).find("import torch"), std::string::npos);
  });
}

TEST(Files, SavingWhatCameOutOfAPictureNeverWritesIntoThePicture) {
  const TemporaryFolder folder;
  ShellOptions options = options_in(folder.path());
  options.experiment = Experiment{};
  options.document_path = folder.path() + "/lecture.png";
  WindowHarness window({.shell = options});
  window.run([&](ImGuiTestContext& keyboard) {
    EXPECT_EQ(window.shell().window_title(), "lecture.png - NaNscope");
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
    keyboard.Yield(2);
    keyboard.KeyPress(ImGuiKey_Enter);  // takes the proposed name
  });
  EXPECT_FALSE(std::filesystem::exists(folder.path() + "/lecture.png"));
  EXPECT_TRUE(read_experiment_file(folder.path() + "/lecture.json"));
}

TEST(Files, AFileIsOpenedByTypingItsPath) {
  const TemporaryFolder folder;
  Experiment other;
  other.network.model.depth = 4;
  write(folder.path() + "/other.json", to_json(other));
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiKey_O);
    keyboard.Yield(2);
    keyboard.KeyChars((folder.path() + "/other.json").c_str());
    keyboard.KeyPress(ImGuiKey_Enter);
    EXPECT_EQ(window.shell().experiment(), other);
    EXPECT_EQ(window.shell().window_title(), "other.json - NaNscope");
  });
}

TEST(Files, ADemoOpensFromItsMenu) {
  WindowHarness window;
  const auto demos = load_demos();
  ASSERT_TRUE(demos);
  window.run([&](ImGuiTestContext& mouse) {
    mouse.MenuClick("//##MainMenuBar/###menu.demo/###demo.vanish");
    const auto vanish = std::ranges::find(*demos, "vanish", &Demo::name);
    ASSERT_NE(vanish, demos->end());
    EXPECT_EQ(window.shell().experiment(), vanish->experiment);
    EXPECT_EQ(window.shell().window_title(), vanish->title + " - NaNscope");
  });
}

}  // namespace
}  // namespace nanscope
