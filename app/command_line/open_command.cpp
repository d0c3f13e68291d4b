#include <filesystem>

#include "app/command_line/arguments.h"
#include "app/command_line/commands.h"
#include "app/command_line/console.h"
#include "app/command_line/show.h"
#include "engine/data/table.h"
#include "engine/experiment/resolve.h"

namespace nanscope {
namespace {

namespace fs = std::filesystem;

bool is_file(const std::string& word) {
  std::error_code ignored;
  return fs::is_regular_file(word, ignored);
}

/// A table of data stands for an experiment on it, as when it is dropped on the window.
Result<Words> with_data_as_keys(const Words& words) {
  Words keys;
  for (const std::string& word : words) {
    const std::string kind = fs::path(word).extension().string();
    if (word.find('=') != word.npos || (kind != ".csv" && kind != ".npy")) {
      keys.push_back(word);
      continue;
    }
    // Before the window opens: a wrong word is an error of the command line.
    if (const auto table = read_table(word); !table) return tl::unexpected(table.error());
    keys.push_back("data.kind=file");
    keys.push_back("data.path=" + fs::absolute(word).string());
  }
  return keys;
}

/// What pictures are called after, should there be no display.
std::string picture_stem(const Words& words) {
  const bool named = !words.empty() && words.front().find('=') == std::string::npos;
  return named ? fs::path(words.front()).stem().string() : "nanscope";
}

}  // namespace

int run_open_command(const Words& words) {
  Words experiment_words;
  std::string theme;
  Parser parser(
      "open",
      "Opens the window on a file: an experiment (.json), a picture that NaNscope exported\n"
      "(.png, .svg), a table of data (.csv, .npy); or on a demo.");
  parser.add_experiment(experiment_words);
  parser.add_option("--theme", theme, "light, dark or projector")->type_name("THEME");
  if (const auto status = parser.parse_words(words)) return *status;

  WindowOptions options;
  options.theme = value_of<ThemeId>(theme);
  if (!theme.empty() && !options.theme)
    return report(unknown_name("--theme", theme, "theme", all_names<Names<ThemeId>>()));
  const Result<Words> keys = with_data_as_keys(experiment_words);
  if (!keys) return report(keys.error());
  Result<Experiment> experiment = resolve_experiment(*keys);
  if (!experiment) return report(experiment.error());
  options.experiment = std::move(*experiment);

  if (experiment_words.size() == 1 && is_file(experiment_words.front()))
    options.document_path = experiment_words.front();
  return show(options, picture_stem(experiment_words));
}

}  // namespace nanscope
