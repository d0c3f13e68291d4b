#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "app/command_line/arguments.h"
#include "app/command_line/change_words.h"
#include "app/command_line/commands.h"
#include "app/command_line/console.h"
#include "app/command_line/experiment_notes.h"
#include "app/command_line/experiment_words.h"
#include "app/command_line/pass.h"
#include "engine/experiment/keys.h"
#include "engine/experiment/lab_settings.h"
#include "engine/experiment/resolve.h"
#include "ui/labs/check_view.h"
#include "ui/labs/labs.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr int kDefaultWidth = 1920, kDefaultHeight = 1080;
constexpr double kMinScale = 0.25, kMaxScale = 8;

/// The words of the options, as they were written.
struct PlotWords {
  Words changes;
  std::string what, size, scale;
  std::string theme{name_of(ThemeId::light)};
};

/// The whole text as a number, or nothing.
template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// A lab, and one of its plots or "" for all of them.
struct Drawing {
  LabName lab = LabName::signal;
  std::string plot;
};

/// What "signal" or "forward_variance" means.
Result<Drawing> find_drawing(const std::string& what) {
  std::vector<std::string> names;
  for (const auto& lab : make_labs()) {
    if (what == name_of(lab->name())) return Drawing{lab->name(), ""};
    names.emplace_back(name_of(lab->name()));
    for (const std::string_view plot : lab->plot_names()) {
      if (what == plot) return Drawing{lab->name(), what};
      names.emplace_back(plot);
    }
  }
  if (what.empty())
    return input_error("plot", "say what to draw: {}, or an experiment, as it is looked at.",
                       name_list(names));
  const auto views = numbers_views();
  if (std::ranges::find(views, what) != views.end())
    return input_error("plot",
                       "\"{}\" is what the Numbers lab shows by a key: nanscope plot numbers "
                       "numbers.view={} -o {}.png",
                       what, what, what);
  return tl::unexpected(unknown_name("plot", what, "lab or plot", names));
}

/// The experiment in the lab that draws it. A plot that another lab of it shows alone is no concern
/// of this one.
Experiment looked_at_in(Experiment experiment, const std::optional<Drawing>& named) {
  const LabName lab = named ? named->lab : experiment.lab;
  if (lab != experiment.lab && !shown_alone(*make_lab(experiment.lab), experiment.view).empty())
    experiment.view.plot.clear();
  experiment.lab = lab;
  return experiment;
}

/// Without --size, --scale makes more pixels of the same picture. With it the size is exact, and
/// the scale that of type and lines; by default so that a large picture looks like a full HD one.
Result<void> set_size(const PlotWords& words, PictureRequest& picture) {
  if (!words.scale.empty()) {
    const auto scale = whole_number<double>(words.scale);
    if (!scale || !(*scale >= kMinScale && *scale <= kMaxScale))
      return input_error("--scale",
                         "\"{}\" is not allowed; it takes a number from {} to "
                         "{}: pixels for a point of the drawing.",
                         words.scale, kMinScale, kMaxScale);
    picture.scale = static_cast<float>(*scale);
  }
  if (words.size.empty()) {
    picture.width = static_cast<int>(std::lround(kDefaultWidth * picture.scale));
    picture.height = static_cast<int>(std::lround(kDefaultHeight * picture.scale));
    return {};
  }
  const std::size_t cross = std::min(words.size.find('x'), words.size.size());
  const auto width = whole_number<int>(std::string_view(words.size).substr(0, cross));
  const auto height = whole_number<int>(
      std::string_view(words.size).substr(std::min(cross + 1, words.size.size())));
  if (!width || !height)
    return input_error("--size", "\"{}\" is not WIDTHxHEIGHT in pixels, as 1920x1080.", words.size);
  picture.width = *width;
  picture.height = *height;
  if (words.scale.empty())
    picture.scale = std::max(1.0f, std::min(static_cast<float>(*width) / kDefaultWidth,
                                            static_cast<float>(*height) / kDefaultHeight));
  return {};
}

Result<PictureRequest> picture_request(const PlotWords& words) {
  PictureRequest picture;
  const auto theme = value_of<ThemeId>(words.theme);
  if (!theme)
    return tl::unexpected(
        unknown_name("--theme", words.theme, "theme", all_names<Names<ThemeId>>()));
  picture.theme = *theme;
  if (Result<void> size = set_size(words, picture); !size) return tl::unexpected(size.error());
  if (Result<void> good = check_picture(picture); !good) return tl::unexpected(good.error());
  return picture;
}

Result<void> check_output(const std::string& path) {
  if (path.empty())
    return input_error("-o", "is missing; it names the picture to write, as -o slide.png.");
  if (!path.ends_with(".png") && !path.ends_with(".svg"))
    return input_error("-o",
                       "\"{}\" does not end in .png or .svg, the kinds of picture "
                       "that are written.",
                       path);
  return {};
}

/// Of a run that was stopped, or goes on, the steps that its file holds are drawn, unless other
/// words make it another run, which is trained to its end.
void draw_what_is_there(const Words& words, const RunSummary& run, PlotOptions& options) {
  const bool is_part = run.steps > 0 && run.steps < run.goal;
  const bool says_steps = std::ranges::any_of(
      words, [](const std::string& word) { return word.starts_with("steps="); });
  if (!is_part || says_steps) return;
  const bool same = repeats_run(words), of_file = std::ranges::any_of(words, is_run_file);
  if (same) options.until = run.steps;
  const char* const of_picture = same ? "note.drawn_again" : "note.drawn_beyond";
  note(format_text(of_file ? (same ? "note.drawn_so_far" : "note.drawn_whole") : of_picture,
                   fmt::arg("done", run.steps), fmt::arg("steps", run.goal)));
}

/// Whether the changes, which have been read once, act on steps that are drawn.
Result<void> check_acts_on_drawn(const Words& changes, const PlotOptions& options) {
  if (!options.until) return {};
  for (const std::string& word : changes)
    if (parse_change(word, options.experiment)->step >= *options.until)
      return input_error("--change",
                         "{} is behind the {} steps that the run file holds, which are drawn; "
                         "steps={} beside the file trains and draws the whole run.",
                         word, *options.until, options.experiment.training.steps);
  return {};
}

/// A run that the words name is drawn with its changes, and so is the plane through one; another
/// lab draws its network as it began.
Result<void> repeat_changes(const Words& words, const PlotWords& plot_words, PlotOptions& options) {
  if (!has_run(options.experiment)) {
    note_changes_left_out(words);
    return {};
  }
  Result<std::optional<RunSummary>> run = run_in(words);
  if (!run) return tl::unexpected(run.error());
  if (*run) {
    note_damaged_lines(**run);
    const DataSpec& data = options.experiment.data;
    if ((*run)->data && (*run)->experiment.data.path == data.path)
      if (const auto now = data_of(data)) note_other_data(*(*run)->data, *now, data.path);
    if (options.experiment.lab == LabName::training) draw_what_is_there(words, **run, options);
    options.changes = std::move((*run)->changes);
  }
  if (auto added = add_changes(plot_words.changes, options.experiment, 0, options.changes); !added)
    return added;
  return check_acts_on_drawn(plot_words.changes, options);
}

/// The keys that say what of an experiment is looked at.
std::string view_help() {
  constexpr std::size_t kInALine = 7;
  std::string names;
  std::size_t count = 0;
  for (const Key& key : key_table())
    if (key.name.starts_with("view.")) {
      if (count > 0) names += count % kInALine == 0 ? ",\n  " : ", ";
      names += key.name;
      ++count;
    }
  return fmt::format(
      "What is looked at are keys of the experiment, as\n"
      "  'view.zoom=forward_variance x 0 20 y -3 5', 'view.lock=forward_variance y -3 5',\n"
      "  'view.pins=forward_variance x 10 y 0; forward_variance x 30 y 0', in the axes' units.\n"
      "All of them: {}.",
      names);
}

/// As its changes make it where they let more of it be looked at: layers, steps.
Experiment with_changed_looks(Experiment experiment, const std::vector<LiveChange>& changes) {
  experiment.training.steps = static_cast<int>(goal_of(experiment, changes));
  for (const LiveChange& change : changes)
    if (change.key == "statistics" && experiment.training.statistics == 0)
      experiment = with_key(experiment, change.key, change.value).value_or(experiment);
  return experiment;
}

/// Whether what is typed is of what is drawn.
Result<void> check_drawn(const Words& words, const std::string& plot, const PlotOptions& options) {
  const Experiment& experiment = options.experiment;
  if (auto read = check_read(words, "plot", experiment); !read) return read;
  // A plot may bring its view.
  const Experiment shown = make_lab(experiment.lab)->showing(plot, experiment);
  if (auto good = check_view(shown); !good) return good;
  if (auto acts = check_typed(words, shown); !acts) return acts;
  return check_looked_at(words, with_changed_looks(shown, options.changes));
}

}  // namespace

int run_plot_command(const Words& words) {
  PlotWords plot_words;
  PlotOptions options;
  Words experiment_words;
  std::string output;
  Parser parser("plot", "Draws a lab or one of its plots into a PNG or SVG, without a screen.");
  parser
      .add_option("WHAT", plot_words.what,
                  "signal, numbers, tensors, training, optimizers, costs (a whole\n"
                  "lab) or one of a lab's plots, as forward_variance; without it what\n"
                  "the experiment looks at")
      ->type_name("");
  parser.add_experiment(experiment_words);
  parser.add_option("-o,--output", output, "the picture, .png or .svg")->type_name("FILE");
  parser
      .add_option("--size", plot_words.size,
                  "pixels of the picture; without it 1920x1080 times the scale")
      ->type_name("WxH");
  parser.add_option("--scale", plot_words.scale, "pixels for one point of the drawing: 1, 2, 4")
      ->type_name("K");
  parser.add_option("--theme", plot_words.theme, "light (default), dark or projector")
      ->type_name("THEME");
  add_change_option(parser, plot_words.changes);
  parser.add_option("--csv", options.csv_path, "write the data as a table, too")->type_name("FILE");
  parser.add_option("--json", options.json_path, "write the data as JSON, too")->type_name("FILE");
  parser.footer(view_help());
  if (const auto status = parser.parse_words(words)) return *status;

  std::optional<Drawing> named;  // none: what the experiment looks at
  if (const Result<Drawing> found = find_drawing(plot_words.what))
    named = *found;
  else if (names_experiment(plot_words.what))
    experiment_words.insert(experiment_words.begin(), plot_words.what);
  else
    return report(found.error());
  Result<PictureRequest> picture = picture_request(plot_words);
  if (!picture) return report(picture.error());
  if (const Result<void> good = check_output(output); !good) return report(good.error());
  Result<Experiment> experiment = read_words(experiment_words);
  if (!experiment) return report(experiment.error());
  if (output.ends_with(".svg") && !plot_words.scale.empty() && plot_words.size.empty())
    note("--scale: an SVG has no pixels; only its nominal size grows.");
  options.experiment = looked_at_in(*std::move(experiment), named);
  picture->plot = named && !named->plot.empty() ? named->plot : options.experiment.view.plot;
  if (!has_run(options.experiment))
    if (const auto has = check_has_run(plot_words.changes, options.experiment); !has)
      return report(has.error());
  if (const auto repeats = repeat_changes(experiment_words, plot_words, options); !repeats)
    return report(repeats.error());
  if (const auto act = check_drawn(experiment_words, picture->plot, options); !act)
    return report(act.error());
  if (!has_run(options.experiment)) note_training_keys(options.experiment);
  options.picture = {*picture, output};
  return draw_pictures(options);
}

}  // namespace nanscope
