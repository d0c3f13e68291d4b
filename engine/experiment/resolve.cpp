#include "engine/experiment/resolve.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "engine/base/file.h"
#include "engine/base/nearest_name.h"
#include "engine/base/text_file.h"
#include "engine/experiment/demos.h"
#include "engine/experiment/json.h"
#include "engine/experiment/open_file.h"
#include "engine/experiment/png_text.h"
#include "engine/experiment/svg_text.h"
#include "engine/experiment/validate.h"

namespace nanscope {
namespace {

/// A picture of a whole lab at 4x is about 30 MB.
constexpr std::size_t kLargestExperimentFile = std::size_t{256} << 20;
/// What JSON is read of.
constexpr std::size_t kLargestHeader = std::size_t{4} << 20;

bool is_file(const std::string& word) {
  std::error_code ignored;
  return std::filesystem::exists(word, ignored);
}

/// Whether a text begins so, but for blanks between what JSON holds.
bool begins(std::string_view text, std::string_view how) {
  std::string head(text.substr(0, 2 * how.size()));
  std::erase(head, ' ');
  return head.starts_with(how);
}

/// "model.depth=50" -> {"model.depth", "50"}; nothing for a word of another kind.
std::optional<std::pair<std::string, std::string>> split_pair(const std::string& word) {
  const auto equals = word.find('=');
  if (equals == std::string::npos) return std::nullopt;
  return std::pair(word.substr(0, equals), word.substr(equals + 1));
}

tl::unexpected<Error> unknown_word(const std::string& word, const std::vector<Demo>& demos) {
  std::error_code none;
  if (std::filesystem::is_symlink(word, none))
    return input_error(word, "is a link that leads to no file.");
  std::vector<std::string> names;
  for (const Demo& demo : demos) names.push_back(demo.name);
  if (const std::string demo = nearest_name(word, names); !demo.empty())
    return input_error(word, "no such demo or file; did you mean {}?", demo);
  if (const std::string key = nearest_name(word, experiment_keys()); !key.empty())
    return input_error(word, "no such demo or file; did you mean {}=VALUE?", key);
  const auto slash = word.rfind('/');
  std::vector<std::string> files;
  std::error_code ignored;
  const std::string folder = slash == std::string::npos ? "." : word.substr(0, slash + 1);
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
    if (files.size() < 10000) files.push_back(entry.path().filename().string());
  if (const std::string file = nearest_name(word.substr(slash + 1), files); !file.empty())
    return input_error(word, "no such demo or file; did you mean {}{}?",
                       slash == std::string::npos ? "" : folder, file);
  return input_error(word,
                     "no such demo or file; give a file (.json or an exported "
                     ".png or .svg), key=value, or a demo: {}.",
                     name_list(names));
}

/// A choice that sets other keys of its group (an optimizer's kind its defaults) comes before
/// them, wherever it stands among the pairs.
std::vector<std::string> choices_first(std::vector<std::string> words) {
  const auto is_pair = [](const std::string& word) {
    const auto pair = split_pair(word);
    return pair && find_key(pair->first);
  };
  const auto is_choice = [&](const std::string& word) {
    return find_key(split_pair(word)->first)->resets_group;
  };
  for (auto begin = words.begin(); begin != words.end();) {
    begin = std::find_if(begin, words.end(), is_pair);
    const auto end = std::find_if_not(begin, words.end(), is_pair);
    std::stable_partition(begin, end, is_choice);
    begin = end;
  }
  return words;
}

Result<Experiment> apply_word(const Experiment& base, const std::string& word,
                              const std::vector<Demo>& demos) {
  const auto demo = std::find_if(demos.begin(), demos.end(),
                                 [&](const Demo& candidate) { return candidate.name == word; });
  if (demo != demos.end()) return demo->experiment;
  const auto pair = split_pair(word);
  if (pair && (find_key(pair->first) || !is_file(word)))
    return with_key(base, pair->first, pair->second);
  if (is_file(word)) return read_experiment_file(word);
  return unknown_word(word, demos);
}

Error of_file(const std::string& path, const Error& error) {
  return {error.kind, path, whole_message(error)};
}

}  // namespace

bool looks_like_run(std::string_view text) { return begins(text, R"({"schema":"nanscope.run/)"); }

bool is_run_file(const std::string& path) {
  constexpr std::size_t kHead = 128;
  return looks_like_run(read_text_head(path, kHead));
}

Result<Experiment> resolve_experiment(const std::vector<std::string>& words,
                                      std::vector<Message>* notes, std::optional<LabName> lab) {
  const auto demos = load_demos();
  if (!demos) return tl::unexpected(demos.error());
  Experiment experiment = words.empty() ? demos->front().experiment : Experiment();
  bool path_given = false, batch_given = false;
  for (const std::string& word : choices_first(words)) {
    auto changed = apply_word(experiment, word, *demos);
    if (!changed) return changed;
    experiment = *std::move(changed);
    path_given = path_given || word.starts_with("data.path=");
    batch_given = batch_given || word.starts_with("batch=");
  }
  if (path_given && experiment.data.kind != DataKind::file)
    return input_error("data.path",
                       "is not read while data.kind is {}; add "
                       "data.kind=file.",
                       name_of(experiment.data.kind));
  if (path_given && !batch_given)
    if (auto fitted = fit_batch_to_file(experiment, lab.value_or(experiment.lab)); fitted && notes)
      notes->push_back(*std::move(fitted));
  if (const auto errors = validate(experiment); !errors.empty())
    return tl::unexpected(errors.front());
  return experiment;
}

bool names_experiment(const std::string& word) {
  const auto demos = load_demos();
  const bool demo = demos && std::ranges::find(*demos, word, &Demo::name) != demos->end();
  return demo || split_pair(word) || is_file(word);
}

Result<std::string> read_experiment_text(const std::string& path) {
  if (kind_of_file(path) == FileKind::weights)
    return input_error(path,
                       "holds weights, not an experiment; use them with "
                       "numbers.view=quantization numbers.path={}. The state of a run goes on with "
                       "nanscope train --resume {}",
                       path, path);
  // A .txt may hold either.
  if (kind_of_file(path) == FileKind::table && !path.ends_with(".txt"))
    return input_error(path,
                       "is a table of data, not an experiment; use it with "
                       "data.kind=file data.path={}",
                       path);
  // Of a run file the first line has the experiment, and there may be a million more.
  const bool is_run = is_run_file(path);
  auto bytes = is_run ? Result<std::string>(read_text_head(path, kLargestHeader))
                      : read_file(path, kLargestExperimentFile);
  if (!bytes) return tl::unexpected(bytes.error());
  const bool is_png = bytes->starts_with("\x89PNG");
  if (!is_run && !is_png) bytes = decoded(*std::move(bytes));
  if (!bytes) return tl::unexpected(of_file(path, bytes.error()));
  if (bytes->empty())
    return input_error(path,
                       "is empty; an experiment as JSON, an exported picture or a run stands in "
                       "such a file.");
  if (begins(*bytes, R"({"step":)"))
    return input_error(
        path,
        "holds steps of a run without the line before them, which has the experiment: "
        "a run file begins with {}.",
        R"({"schema":"nanscope.run/1","experiment":...})");
  const Result<std::string> json = is_png ? read_png_text(*bytes, kPngExperimentKeyword)
                                   : looks_like_svg(*bytes)
                                       ? read_svg_text(*bytes, kSvgExperimentId)
                                   : is_run ? bytes->substr(0, bytes->find('\n'))
                                            : *bytes;
  return json.map_error([&](const Error& error) { return of_file(path, error); });
}

Result<Experiment> read_experiment_file(const std::string& path) {
  const Result<std::string> json = read_experiment_text(path);
  if (!json) return tl::unexpected(json.error());
  return from_json(*json).map_error([&](const Error& error) { return of_file(path, error); });
}

}  // namespace nanscope
