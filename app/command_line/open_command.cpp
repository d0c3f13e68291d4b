#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/command_line/arguments.h"
#include "app/command_line/commands.h"
#include "app/command_line/console.h"
#include "app/command_line/experiment_words.h"
#include "app/command_line/show.h"
#include "engine/costs/transformer/config.h"
#include "engine/experiment/json.h"
#include "engine/experiment/open_file.h"
#include "engine/recipe/acting_keys.h"
#include "engine/recipe/checkpoint.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

namespace fs = std::filesystem;

bool is_file(const std::string& word) {
  std::error_code ignored;
  return fs::is_regular_file(word, ignored);
}

/// A file of numbers as the experiment that shows it (open_file()), in words of a command line.
/// `read_as_is`: no other word changes how it is read, so that it is read once, and what is said of
/// it and the batch that fits it are right.
Result<Words> file_as_keys(const std::string& path, bool read_as_is) {
  const Result<OpenedFile> opened = open_file({}, fs::absolute(path).string());
  if (!opened) return tl::unexpected(opened.error());
  if (read_as_is)
    for (const Message& one : opened->notes) note(message_text(one));
  Words keys;
  // What a view sets beside what it reads comes with it again.
  for (const std::string& key : differing_keys({}, opened->experiment))
    if (key != "batch" && check_acts(key, opened->experiment))
      keys.push_back(fmt::format("{}={}", key, key_text(opened->experiment, key)));
  if (read_as_is && opened->experiment.data.kind == DataKind::file)
    keys.push_back(fmt::format("batch={}", opened->experiment.data.batch));
  return keys;
}

/// The config.json of a model as the transformer that it describes.
Result<Words> config_as_keys(const std::string& word) {
  const std::string path = fs::absolute(word).string();
  if (const auto model = find_transformer(path); !model) return tl::unexpected(model.error());
  return Words{"lab=costs", "costs.view=transformer", "costs.model=" + path};
}

/// Files of numbers and configs of models stand for an experiment on them, as when they are dropped
/// on the window. They are read before the window opens: a wrong word is an error of the command
/// line.
Result<Words> with_data_as_keys(const Words& words) {
  Words keys;
  const bool read_as_is = std::ranges::none_of(
      words, [](const std::string& word) { return word.starts_with("data."); });
  for (const std::string& word : words) {
    const FileKind kind = word.find('=') == word.npos ? kind_of_file(word) : FileKind::unknown;
    Result<Words> of_word = Words{word};
    if (word.find('=') == word.npos && is_config_file(word)) of_word = config_as_keys(word);
    if (kind == FileKind::table || kind == FileKind::weights)
      of_word = file_as_keys(word, read_as_is);
    if (!of_word) return of_word;
    keys.insert(keys.end(), of_word->begin(), of_word->end());
  }
  return keys;
}

/// What pictures are called after, should there be no display.
std::string picture_stem(const Words& words) {
  const bool named = !words.empty() && words.front().find('=') == std::string::npos;
  return named ? fs::path(words.front()).stem().string() : "nanscope";
}

/// A run's state, from which the window goes on. It is read here, too: a bad one is an error of the
/// command line.
int open_state(const std::string& path, WindowOptions options) {
  Result<Checkpoint> state = read_checkpoint(path);
  if (!state) return report(state.error());
  options.experiment = std::move(state->experiment);
  options.state_path = path;
  return show(options, picture_stem({path}));
}

}  // namespace

int run_open_command(const Words& words) {
  Words experiment_words;
  std::string theme;
  Parser parser(
      "open",
      "Opens the window on a file: an experiment (.json), a picture that NaNscope exported\n"
      "(.png, .svg), a run (.jsonl), a table of data (.csv, .npy), weights (.safetensors), a\n"
      "run's checkpoint, from which it goes on; a model's config.json; or on a demo.");
  parser.add_experiment(experiment_words);
  parser.add_option("--theme", theme, "light, dark or projector")->type_name("THEME");
  if (const auto status = parser.parse_words(words)) return *status;

  WindowOptions options;
  options.theme = value_of<ThemeId>(theme);
  if (!theme.empty() && !options.theme)
    return report(unknown_name("--theme", theme, "theme", all_names<Names<ThemeId>>()));
  if (experiment_words.size() == 1 && is_checkpoint(experiment_words.front()))
    return open_state(experiment_words.front(), options);
  const Result<Words> keys = with_data_as_keys(experiment_words);
  if (!keys) return report(keys.error());
  Result<Experiment> experiment = read_experiment(*keys);
  if (!experiment) return report(experiment.error());
  options.experiment = std::move(*experiment);

  // What was made of a file of numbers is not saved into it.
  if (*keys == experiment_words && keys->size() == 1 && is_file(keys->front()))
    options.document_path = keys->front();
  return show(options, picture_stem(experiment_words));
}

}  // namespace nanscope
