#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>

#include "engine/experiment/json.h"
#include "harness.h"
#include "ui/labs/labs.h"
#include "ui/shell/action.h"
#include "ui/shell/documents_folder.h"
#include "ui/shell/history.h"
#include "ui/shell/toasts.h"
#include "ui/text/text.h"

// The shell's parts that need no window.
namespace nanscope {
namespace {

Experiment with_depth(int depth) {
  Experiment experiment;
  experiment.network.model.depth = depth;
  return experiment;
}

TEST(History, UndoAndRedoWalkTheSteps) {
  History history(with_depth(1));
  EXPECT_FALSE(history.undo());
  EXPECT_TRUE(history.edit(with_depth(2)));
  EXPECT_FALSE(history.edit(with_depth(2)));
  EXPECT_TRUE(history.edit(with_depth(3)));
  EXPECT_TRUE(history.undo());
  EXPECT_TRUE(history.undo());
  EXPECT_EQ(history.current(), with_depth(1));
  EXPECT_FALSE(history.can_undo());
  EXPECT_TRUE(history.redo());
  EXPECT_TRUE(history.redo());
  EXPECT_EQ(history.current(), with_depth(3));
  EXPECT_FALSE(history.redo());
}

TEST(History, AnEditForgetsWhatWasUndone) {
  History history(with_depth(1));
  history.edit(with_depth(2));
  history.undo();
  history.edit(with_depth(5));
  EXPECT_FALSE(history.can_redo());
  history.undo();
  EXPECT_EQ(history.current(), with_depth(1));
}

TEST(History, EditsOfOneGestureAreOneStep) {
  History history(with_depth(1));
  for (int depth = 2; depth < 9; ++depth) history.edit(with_depth(depth), 7);
  history.end_gesture();
  for (int depth = 9; depth < 12; ++depth) history.edit(with_depth(depth), 7);
  history.end_gesture();
  history.undo();
  EXPECT_EQ(history.current(), with_depth(8));
  history.undo();
  EXPECT_EQ(history.current(), with_depth(1));
  EXPECT_FALSE(history.can_undo());
}

TEST(History, ADragThatComesBackIsNoStep) {
  History history(with_depth(1));
  history.edit(with_depth(2), 7);
  history.edit(with_depth(1), 7);
  history.end_gesture();
  EXPECT_FALSE(history.can_undo());
}

TEST(History, UndoAndRedoShowTheLabOfTheStepWhateverIsLookedAt) {
  const auto as_signal = [](int depth) {
    Experiment experiment = with_depth(depth);
    experiment.lab = LabName::signal;
    return experiment;
  };
  Experiment number;
  number.lab = LabName::numbers;
  number.numbers.input = "1/3";
  // A step of a sheet that labs share, and one that gives a lab a sheet of its own.
  for (const bool own : {false, true}) {
    History history(as_signal(1));
    if (own)
      history.open({number, {}});
    else
      history.edit(as_signal(2));
    const Experiment after = history.current();
    for (int i = 0; i < 3; ++i) {
      history.show(LabName::tensors);
      EXPECT_TRUE(history.undo());
      EXPECT_EQ(history.current(), as_signal(1)) << own;
      history.show(LabName::tensors);
      EXPECT_TRUE(history.redo());
      EXPECT_EQ(history.current(), after) << own;
    }
  }
}

TEST(History, WhatIsLookedAtIsNoStep) {
  Experiment experiment = with_depth(1);
  History history(experiment);
  history.edit(with_depth(2));
  Experiment looked = history.current();
  looked.view.layer = 12;
  history.amend(looked);
  EXPECT_TRUE(history.undo());
  EXPECT_EQ(history.current().network.model.depth, 1);
  EXPECT_EQ(history.current().view.layer, 12);  // nobody looked elsewhere
  EXPECT_TRUE(history.redo());
  EXPECT_EQ(history.current().view.layer, 12);
  experiment.view.plot = "histogram";  // a file brings its view, and takes it along
  history.edit(experiment);
  EXPECT_TRUE(history.undo());
  EXPECT_EQ(history.current(), looked);
  EXPECT_TRUE(history.redo());
  EXPECT_EQ(history.current().view.plot, "histogram");
}

/// Sets an environment variable for a while.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    setenv(name, value.c_str(), 1);
  }
  ~ScopedVariable() {
    if (before_)
      setenv(name_, before_->c_str(), 1);
    else
      unsetenv(name_);
  }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

TEST(DocumentsFolder, IsWhereThePersonKeepsDocumentsNotWhereTheProgramWasStarted) {
  namespace fs = std::filesystem;
  const TemporaryFolder folder;
  const fs::path home = folder.path();
  const ScopedVariable its_home("HOME", home), config("XDG_CONFIG_HOME", "");
  EXPECT_EQ(documents_folder(), home);
  fs::create_directory(home / "Documents");
  EXPECT_EQ(documents_folder(), home / "Documents");
  fs::create_directories(home / "Dokumente");
  fs::create_directory(home / ".config");
  std::ofstream(home / ".config/user-dirs.dirs")
      << "# written by xdg-user-dirs\nXDG_DESKTOP_DIR=\"$HOME/Desktop\"\n"
      << "XDG_DOCUMENTS_DIR=\"$HOME/Dokumente\"\n";
  EXPECT_EQ(documents_folder(), home / "Dokumente");
  fs::remove(home / "Dokumente");
  EXPECT_EQ(documents_folder(), home / "Documents");
}

TEST(FuzzyScore, LettersInOrderMatchAndStartsOfWordsWin) {
  EXPECT_GT(fuzzy_score("", "anything"), 0);
  EXPECT_EQ(fuzzy_score("a", ""), 0);
  EXPECT_EQ(fuzzy_score("xyz", "Export picture"), 0);
  EXPECT_EQ(fuzzy_score("erutcip", "Export picture"), 0);
  EXPECT_GT(fuzzy_score("ep", "Export picture"), fuzzy_score("ep", "Reset layout, please"));
  EXPECT_GT(fuzzy_score("gain", "Raise the gain"), fuzzy_score("gain", "Run again"));
  EXPECT_GT(fuzzy_score("UNDO", "Undo"), 0);
  EXPECT_GT(fuzzy_score("scheme kai", "scheme: kaiming"), 0);
}

TEST(FuzzyScore, EveryWordThatIsTypedIsFoundInAnyOrderSpacesOrNot) {
  const char* title = "Demo: Digits to 97 % in seconds";
  for (const char* typed : {"digits", "digits to", "digits to 97", "digitsto97", "97 digits",
                            "seconds demo", "demo dig", "  DIGITS  97 ", "97%"})
    EXPECT_GT(fuzzy_score(typed, title), 0) << typed;
  for (const char* typed : {"digits to 98", "seconds spiral", "sdnoces"})
    EXPECT_EQ(fuzzy_score(typed, title), 0) << typed;
  // What begins a word, or is one run, is nearer than letters here and there.
  EXPECT_GT(fuzzy_score("digits", title),
            fuzzy_score("digits", "Demo: A dive into great insights"));
}

TEST(ChordText, NamesKeysAsTheyAreLabelled) {
  ImGui::CreateContext();  // which knows whether Ctrl is called Cmd
  EXPECT_EQ(chord_text(0), "");
  EXPECT_EQ(chord_text(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_P), "Ctrl+Shift+P");
  EXPECT_EQ(chord_text(ImGuiMod_Ctrl | ImGuiKey_UpArrow), "Ctrl+Up");
  EXPECT_EQ(chord_text(ImGuiMod_Ctrl | ImGuiKey_Equal), "Ctrl+=");
  ImGui::DestroyContext();
}

TEST(Texts, EveryKeyThatAControlShowsHasALabelAndAnExplanation) {
  const std::set<std::string> unseen{"model.kind", "data.path", "device"};
  for (const std::string& key : experiment_keys()) {
    if (unseen.contains(key)) continue;
    if (key.starts_with("view.")) continue;  // gestures
    EXPECT_NE(text("control." + key), "control." + key);
    EXPECT_NE(text("help." + key), "help." + key);
  }
}

/// The export dialog names them.
TEST(Texts, EveryPlotHasAShortName) {
  for (const std::unique_ptr<Lab>& lab : make_labs())
    for (const std::string_view plot : lab->plot_names()) {
      const std::string key = fmt::format("plot.short.{}", plot);
      EXPECT_NE(text(key), key);
    }
}

}  // namespace
}  // namespace nanscope
