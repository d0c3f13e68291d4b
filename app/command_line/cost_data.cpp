#include "app/command_line/cost_data.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/command_line/arguments.h"
#include "app/command_line/console.h"
#include "app/command_line/experiment_words.h"
#include "app/command_line/pass.h"
#include "app/command_line/text_table.h"
#include "engine/data/file_kind.h"
#include "engine/experiment/keys.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// Whether a word is a file of tokens: a path, not an experiment and not a demo's name.
bool is_tokens(const std::string& word) {
  return word.find('=') == word.npos && word.find_first_of("./") != word.npos &&
         kind_of_file(word) != FileKind::experiment;
}

/// An experiment first, then what these words set.
Words as_experiment(const Words& given) {
  Words whole, pairs{"costs.view=data"};
  for (const std::string& word : given)
    if (is_tokens(word))
      pairs.push_back("costs.file=" + word);
    else
      (word.find('=') == word.npos ? whole : pairs).push_back(word);
  whole.insert(whole.end(), pairs.begin(), pairs.end());
  return whole;
}

/// Nothing is left aside without a word: one file, and beside it what the measurement reads.
Result<void> check_words(const Words& given) {
  constexpr std::string_view kRead = "costs.";
  bool has_file = false;
  for (const std::string& word : given) {
    if (is_tokens(word) && std::exchange(has_file, true))
      return input_error("cost data", "\"{}\" is one word too many; it takes one file.", word);
    const Key* key = find_key(word.substr(0, word.find('=')));
    if (key && word.find('=') != word.npos && key->name != "lab" && !key->name.starts_with(kRead))
      return input_error(word,
                         "{} has no effect in nanscope cost data, which reads costs.file_bytes, "
                         "costs.data_batch, costs.data_length and costs.compute.",
                         key->name);
  }
  return {};
}

std::string way_text(const char* name, const DataWay& way) {
  return fmt::format("  {:<7} {:>9}   to open {}, first batch {}; {} in memory\n", name,
                     seconds_text(way.seconds()), seconds_text(way.open_seconds),
                     seconds_text(way.batch_seconds),
                     bytes_text(static_cast<double>(way.resident)));
}

std::string loader_text(const MovingData& data) {
  std::set<int> threads;
  std::set<std::int64_t> batches;
  for (const LoaderSpeed& one : data.loader) threads.insert(one.threads), batches.insert(one.batch);
  std::vector<TextTable::Column> columns{{"", "sequences", true}};
  for (const int count : threads)
    columns.push_back({count == 1 ? "thread" : "threads", std::to_string(count)});
  TextTable table(columns);
  for (const std::int64_t batch : batches) {
    std::vector<std::string> row{fmt::format("  {}", batch)};
    for (const LoaderSpeed& one : data.loader)
      if (one.batch == batch) row.push_back(decimal_bytes(one.bytes_per_second) + "/s");
    table.add_row(std::move(row));
  }
  return table.to_text();
}

std::string data_to_text(const MovingData& data) {
  std::string text = fmt::format(
      "{}: {} tokens of {}, {}; {} % of it was in memory before\n\n"
      "the way to a batch of {} x {} tokens, measured\n",
      data.of.file.empty() ? "a file of random tokens" : data.path,
      grouped(static_cast<double>(data.tokens())),
      data.token_bytes == 1 ? "1 byte" : fmt::format("{} bytes", data.token_bytes),
      decimal_bytes(static_cast<double>(data.bytes)), fmt::format("{:.0f}", 100 * data.cached),
      data.of.batch, data.of.length);
  text += way_text("mapped", data.mapped);
  text += data.loaded ? way_text("loaded", *data.loaded)
                      : std::string("  loaded: more than the memory that is free\n");
  text += "\nbytes of the file that a loader delivers\n" + loader_text(data);
  const double copy = data.copy_seconds, compute = data.compute_seconds;
  text += fmt::format("\n{} batches on two threads of the CPU: copy c = {}, compute k = {}\n",
                      data.batches, seconds_text(copy), seconds_text(compute));
  const auto row = [&](const char* name, const char* formula, double measured, double predicted) {
    text += fmt::format("  {:<13} {:>9}   predicted {:>9}   {}\n", name, seconds_text(measured),
                        seconds_text(predicted), formula);
  };
  row("in turns", "n (c + k)", data.in_turns.seconds,
      seconds_in_turns(data.batches, copy, compute));
  row("side by side", "c + (n - 1) max(c, k) + k", data.overlapped.seconds,
      seconds_overlapped(data.batches, copy, compute));
  return text +
         fmt::format("\nno copies to a GPU, pinned or pageable: {}\n", message_text(data.no_gpu));
}

}  // namespace

int run_cost_data(const Words& words) {
  bool json = false;
  Words given;
  Parser parser("cost data",
                "Measures how tokens come from a file to where they are computed with: mapped and\n"
                "loaded, by several threads, and copied while another thread computes.");
  parser
      .add_option("FILE", given,
                  "a .npy of whole numbers, or any file, read as two bytes a token;\n"
                  "without one a file of random tokens is made, and removed.\n"
                  "Keys beside it: costs.file_bytes=64e6 costs.data_batch=256\n"
                  "costs.data_length=1024 costs.compute=1")
      ->type_name("")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  parser.add_flag("--json", json, "one JSON object, schema nanscope.data/1");
  if (const auto status = parser.parse_words(words)) return *status;
  if (const auto good = check_words(given); !good) return report(good.error());
  const auto experiment = read_experiment(as_experiment(given), LabName::costs);
  if (!experiment) return report(experiment.error());
  const auto data = run_moving_data(moving_data_request(experiment->costs));
  if (!data) return report(data.error());
  return print(json ? moving_data_to_json(*data) : data_to_text(*data));
}

}  // namespace nanscope
