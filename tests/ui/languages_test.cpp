#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include "engine/costs/measured/timeline.h"
#include "engine/costs/plan_costs.h"
#include "engine/costs/transformer/weights.h"
#include "engine/experiment/json.h"
#include "engine/experiment/keys.h"
#include "engine/numbers/conversion.h"
#include "engine/plan/description.h"
#include "engine/probes/signal.h"
#include "engine/recipe/autopsy.h"
#include "engine/roundoff/roundoff.h"
#include "engine/tensor_language/chain.h"
#include "engine/tensor_language/memory_timings.h"
#include "ui/labs/labs.h"
#include "ui/labs/training/plots/run_plot.h"
#include "ui/shell/settings.h"
#include "ui/text/glossary/glossary.h"
#include "ui/text/language.h"
#include "ui/text/text.h"
#include "ui/theme/theme.h"

// The tables of all languages against the sources and against one another.
namespace nanscope {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Keys = std::set<std::string>;

std::string without_comments(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string code, line;
  while (std::getline(file, line)) {
    const auto first = line.find_first_not_of(' ');
    if (first != std::string::npos && line.compare(first, 2, "//") == 0) continue;
    code += line + '\n';
  }
  return code;
}

/// Everything under ui, app and engine but the tables, joined.
const std::string& sources() {
  static const std::string all = [] {
    const std::filesystem::path root = NANSCOPE_SOURCE_DIR;
    const Keys tables{"english.cpp", "english_builder.cpp", "english_data.cpp",
                      "english_measured.cpp"};
    std::string code;
    for (const char* room : {"ui", "app", "engine"})
      for (const auto& entry : std::filesystem::recursive_directory_iterator(root / room)) {
        const auto extension = entry.path().extension();
        if ((extension == ".cpp" || extension == ".h") && !tables.contains(entry.path().filename()))
          code += without_comments(entry.path());
      }
    return code;
  }();
  return all;
}

/// The first group of every match of `pattern`, which begins with `first`. That is searched for as
/// it is: a regular expression tried at each letter of the sources takes ten times as long.
Keys found(const std::string& first, const char* pattern) {
  const std::regex regex(pattern);
  const std::string& code = sources();
  Keys keys;
  for (auto at = code.find(first); at != std::string::npos; at = code.find(first, at + 1)) {
    std::smatch match;
    if (std::regex_search(
            code.begin() + static_cast<std::ptrdiff_t>(at), code.end(), match, regex,
            std::regex_constants::match_continuous | std::regex_constants::match_prev_avail))
      keys.insert(match[1].str());
  }
  return keys;
}

/// text("key"), format_text("key", ...)
const Keys& called_keys() {
  static const Keys all = [] {
    Keys keys = found("text(", R"re(\btext\(\s*"([^"{}]+)"\s*[,)])re");
    keys.merge(found("format_text(", R"re(format_text\(\s*"([^"{}]+)"\s*[,)])re"));
    return keys;
  }();
  return all;
}

/// count_text("key", ...)
Keys counted_keys() { return found("count_text(", R"re(count_text\(\s*"([^"{}]+)"\s*,)re"); }
constexpr std::array kCounts{".one", ".many"};

/// Every literal that may be a key.
Keys literals() { return found("\"", R"re("([a-z_0-9.]+)")re"); }

template <class E>
std::vector<std::string> names(Keys without = {}) {
  std::vector<std::string> all;
  for (const auto& [value, name] : Names<E>::all)
    if (!without.contains(std::string(name))) all.emplace_back(name);
  return all;
}

/// All but gestures.
std::vector<std::string> named_keys() {
  const Keys with_control{"view.x", "view.map", "view.smoothing", "view.log", "view.network"};
  std::vector<std::string> keys = experiment_keys();
  std::erase_if(keys, [&](const std::string& key) {
    return key.starts_with("view.") && !with_control.contains(key);
  });
  return keys;
}

/// Those that have a control.
std::vector<std::string> shown_keys() {
  const Keys unseen{"model.kind", "data.path"};
  std::vector<std::string> keys = named_keys();
  std::erase_if(keys, [&](const std::string& key) { return unseen.contains(key); });
  return keys;
}

std::vector<std::string> plot_names() {
  std::vector<std::string> all;
  for (const auto& lab : make_labs())
    for (const std::string_view plot : lab->plot_names()) all.emplace_back(plot);
  return all;
}

std::vector<std::string> run_quantity_names() {
  std::vector<std::string> all;
  for (const RunQuantity& quantity : run_quantities()) all.emplace_back(quantity.plot);
  return all;
}

std::vector<std::string> death_places() {
  std::vector<std::string> all = names<StepPhase>();
  all.emplace_back("given");
  return all;
}

std::vector<std::string> views() {
  const Key* key = find_key("numbers.view");
  return {key->choices.begin(), key->choices.end()};
}

std::vector<std::string> overflow_choices() {
  const Key* key = find_key("numbers.overflow");
  return {key->choices.begin(), key->choices.end()};
}

std::vector<std::string> roundoff_names() {
  std::vector<std::string> all;
  for (const RoundoffExperiment& experiment : roundoff_experiments())
    all.emplace_back(experiment.name);
  return all;
}

std::vector<std::string> term_keys() {
  std::vector<std::string> all;
  for (const Term& term : glossary()) {
    all.emplace_back(term.key);
    all.push_back(std::string(term.key) + ".is");
  }
  return all;
}

std::vector<std::string> action_names() {
  Keys all = found("labelled(", R"re(labelled\(\s*"([^"]+)")re");
  all.merge(found("\"run.gain_", R"re("(run\.gain_[a-z_]+)")re"));  // from a table of keys
  return {all.begin(), all.end()};
}

/// Of a transformer: attention's products have no weights, and so are none of the components.
std::vector<std::string> component_names() {
  std::vector<std::string> all = names<Component>();
  all.insert(all.end(), {"attention_scores", "attention_values"});
  return all;
}

std::vector<std::string> memory_part_names() {
  std::vector<std::string> all;
  for (const auto& [key, bytes] : kPlanMemoryParts) all.emplace_back(key);
  return all;
}

/// What the builder of transformers has a control for, each with its help, and their choices.
std::vector<std::string> field_names() {
  std::vector<std::string> all{"plain",     "gated_mlp", "untied",  "tied_head",
                               "own_heads", "latent",    "learned", "rotary"};
  for (const char* field : {"layers",
                            "width",
                            "heads",
                            "attention",
                            "kv_heads",
                            "head_dim",
                            "latent.key_value_rank",
                            "latent.query_rank",
                            "latent.nope_dim",
                            "latent.rope_dim",
                            "latent.value_dim",
                            "gated",
                            "mlp_width",
                            "experts",
                            "experts.count",
                            "experts.active",
                            "experts.width",
                            "experts.shared_width",
                            "experts.dense_layers",
                            "experts.every",
                            "window",
                            "window.size",
                            "window.global_every",
                            "vocabulary",
                            "tied",
                            "position",
                            "positions"}) {
    all.emplace_back(field);
    all.push_back(std::string(field) + ".help");
  }
  return all;
}

/// What the allocator holds beside a plan, as whoever adds a part of it names it.
std::vector<std::string> residual_names() {
  const std::filesystem::path root = NANSCOPE_SOURCE_DIR;
  Keys all;
  for (const char* file :
       {"engine/costs/measured/beside_plan.cpp", "engine/runs/held_tensors.cpp",
        "engine/measuring/cost_job.cpp", "engine/costs/measured/measured_costs.cpp"}) {
    const std::string code = without_comments(root / file);
    const std::regex adds(R"re((?:\badd\(|push_back\(\{)"([a-z_]+)")re");
    for (std::sregex_iterator it(code.begin(), code.end(), adds), end; it != end; ++it)
      all.insert((*it)[1].str());
  }
  EXPECT_TRUE(all.contains("workspace") && all.contains("samples")) << "none is found any more";
  return {all.begin(), all.end()};
}

/// Keys that are put together: what stands before their last part, and all that may follow.
std::map<std::string, std::vector<std::string>> composed() {
  return {
      {"action.", action_names()},
      {"autopsy.where.", death_places()},
      {"autopsy.why.", names<AutopsyCause>()},
      {"run.sentence.nonfinite_", names<NonfinitePart>()},
      {"train.what.", {"loss", "grad_norm", "state", "parameter", "optimizer_state", "running"}},
      {"run.state.", {"parameter", "optimizer_state", "running", "unknown"}},
      {"control.", named_keys()},
      {"costs.component.", component_names()},
      {"costs.field.", field_names()},
      {"costs.moment.", names<StepPart>()},
      {"costs.part.", memory_part_names()},
      {"costs.question.", names<NapkinQuestion>()},
      {"costs.residual.", residual_names()},
      {"costs.view.", names<CostsView>()},
      {"help.", shown_keys()},
      {"describe.activation.", names<Activation>()},
      {"describe.norm.", names<Norm>({"none"})},
      {"describe.scheme.", names<InitScheme>()},
      {"describe.data.", names<DataKind>()},
      {"describe.precision.", names<Precision>()},
      {"inspector.role.", names<ValueRole>()},
      {"no_band.", names<NoBand>()},
      {"no_band_short.", names<NoBand>()},
      {"numbers.about.", views()},
      {"numbers.view.", views()},
      {"numbers.class.", names<NumberClass>()},
      {"numbers.overflow.", overflow_choices()},
      {"optimizers.surface.", names<SurfaceKind>()},
      {"plot.", names<Evidence>()},
      {"plot.short.", plot_names()},
      {"roundoff.explained.", roundoff_names()},
      {"run.schedule.", names<ScheduleKind>()},
      {"plot.axis.", names<RunAxis>()},
      {"run.along.", run_quantity_names()},
      {"run.at_", names<RunAxis>()},
      {"run.look_along.", names<RunAxis>()},
      {"run.layers.", names<LayerQuantity>()},
      {"run.step_layers.", names<LayerQuantity>({"update"})},
      {"tensor.", names<SignalTensor>()},
      {"term.", term_keys()},
      {"tensor.one.", names<SignalTensor>()},
      {"tensor.short.", names<SignalTensor>()},
      {"tensors.gap.", names<Gap>()},
      {"tensors.kind.", names<StepKind>()},
      {"tensors.repair.", names<RepairKind>()},
      {"tensors.tag.", names<StepKind>()},
      {"theme.", names<ThemeId>()},
      {"timings.copy.", names<CopyKind>()},
      {"work.ask.", names<WorkEnd>({"light"})},
  };
}

/// The same, where what may follow is any literal of the sources. What the charts of experiments on
/// rounding ask for, tests/ui/numbers_test.cpp looks up.
const Keys& open_patterns() {
  static const Keys all{"numbers.step.", "numbers.step_help.", "tensors.example.",
                        "roundoff.",     "roundoff.axis.",     "roundoff.column."};
  return all;
}

Keys needed_keys() {
  Keys keys = called_keys();
  for (const std::string& key : counted_keys())
    for (const char* count : kCounts) keys.insert(key + count);
  for (const auto& [prefix, tails] : composed())
    for (const std::string& tail : tails) keys.insert(prefix + tail);
  return keys;
}

/// The key without the number that it is for, or "".
std::string without_count(const std::string& key) {
  for (const std::string_view count : kCounts)
    if (key.ends_with(count)) return key.substr(0, key.size() - count.size());
  return "";
}

bool is_used(const std::string& key) {
  if (const std::string stem = without_count(key); !stem.empty() && is_used(stem)) return true;
  static const Keys needed = needed_keys(), written = literals();
  if (needed.contains(key) || written.contains(key)) return true;
  return std::ranges::any_of(open_patterns(), [&](const std::string& prefix) {
    return key.starts_with(prefix) && written.contains(key.substr(prefix.size()));
  });
}

/// The literal at `at` and those that follow it directly, "a" "b"; nothing where there is none.
std::optional<std::string> literal_at(const std::string& code, std::size_t at) {
  std::optional<std::string> joined;
  while ((at = code.find_first_not_of(" \n", at)) != std::string::npos && code[at] == '"') {
    if (!joined) joined = "";
    for (++at; code[at] != '"'; ++at) *joined += code[at] == '\\' ? code[++at] : code[at];
    ++at;
  }
  return joined;
}

/// The English templates of all messages: message("..."), step("...") and input_error(where,
/// "...").
Keys templates() {
  const std::string& code = sources();
  const auto goes_on = [&](std::size_t at) {  // a longer name ends here
    return std::isalnum(static_cast<unsigned char>(code[at])) || code[at] == '_';
  };
  Keys all;
  for (const std::string call : {"message(", "step(", "input_error(", "work_error("})
    for (auto at = code.find(call); at != std::string::npos; at = code.find(call, at + 1)) {
      if (goes_on(at - 1)) continue;
      auto argument = at + call.size();
      if (call.ends_with("error("))  // behind where it is
        for (int depth = 0; argument < code.size() && (depth > 0 || code[argument] != ',');
             ++argument)
          depth += code[argument] == '(' ? 1 : code[argument] == ')' ? -1 : 0;
      if (code[argument] == ',') ++argument;
      if (const auto words = literal_at(code, argument)) all.insert(*words);
    }
  return all;
}

/// "{count}", "{}": what a text has filled in.
std::multiset<std::string> places(const std::string& text) {
  const std::regex place(R"re(\{[^}]*\})re");
  return {std::sregex_token_iterator(text.begin(), text.end(), place), {}};
}

/// What is wrong with a language's tables, English being the measure.
std::vector<std::string> faults(const Language& language, const Language& english,
                                const Keys& needed) {
  std::vector<std::string> all;
  for (const std::string& key : needed)
    if (!language.find(key)) all.push_back("missing: " + key);
  Keys seen;
  for (const TextTable& table : language.tables) {
    if (!std::ranges::is_sorted(table, {}, &TextEntry::first)) all.push_back("not sorted");
    for (const auto& [key_view, text] : table) {
      const std::string key(key_view);
      if (!seen.insert(key).second) all.push_back("twice: " + key);
      const bool is_template = key.find(' ') != std::string::npos;
      if (!is_template && !is_used(key)) all.push_back("nobody reads: " + key);
      if (is_template && !needed.contains(key)) all.push_back("nobody says: " + key);
      const char* measure = is_template ? key.c_str() : english.find(key);
      const std::size_t numbered = places(text).size();
      const bool same = is_template ? numbered == places(measure).size()
                                    : measure && places(measure) == places(text);
      if (!same) all.push_back("other places: " + key);
    }
  }
  return all;
}

TEST(Languages, EnglishSaysAllThatTheSourcesAskForAndNothingElse) {
  EXPECT_GT(called_keys().size(), 200u) << "the search no longer finds the calls";
  EXPECT_THAT(faults(languages().front(), languages().front(), needed_keys()), IsEmpty());
}

TEST(Languages, EveryKeyThatIsPutTogetherIsLookedUpAbove) {
  Keys prefixes = open_patterns();
  for (const auto& [prefix, tails] : composed()) prefixes.insert(prefix);
  const Keys in_sources = found(
      "text(", R"re(text\(\s*(?:fmt::format\(|std::string\()*\s*"([a-z_.]+\.)(?:\{\}[^"]*)?")re");
  EXPECT_GT(in_sources.size(), 15u) << "the search no longer finds the calls";
  for (const std::string& prefix : in_sources)
    EXPECT_TRUE(std::ranges::any_of(prefixes, [&](const std::string& known) {
      return known.starts_with(prefix);
    })) << prefix;
}

TEST(Languages, EveryOtherOneSaysTheSameWithTheSamePlaces) {
  EXPECT_GT(templates().size(), 150u) << "the search no longer finds the messages";
  Keys needed = templates();
  for (const TextTable& table : languages().front().tables)
    for (const TextEntry& entry : table) needed.insert(std::string(entry.first));
  for (const Language& language : languages().subspan(1))
    EXPECT_THAT(faults(language, languages().front(), needed), IsEmpty()) << language.name;
}

constexpr auto kGood = sorted(std::to_array<TextEntry>(
    {{"describe.bias", ", mit Bias"}, {"picture.seed", "Startwert {seed}"}}));
constexpr auto kBad = sorted(std::to_array<TextEntry>({{"picture.seed", "Startwert {sed}"},
                                                       {"no.such.key", "nichts"},
                                                       {"{} of {} is nothing", "nichts von {}"}}));

TEST(Languages, WhatIsWrongIsFound) {
  const Language& english = languages().front();
  const Keys needed{"describe.bias", "picture.seed"};
  const std::array good{TextTable(kGood)}, bad{TextTable(kBad)};
  const std::array twice{TextTable(kGood), TextTable(kGood)};
  EXPECT_THAT(faults({"good", good}, english, needed), IsEmpty());
  EXPECT_THAT(faults({"bad", bad}, english, needed),
              ElementsAre("missing: describe.bias", "nobody reads: no.such.key",
                          "other places: no.such.key", "other places: picture.seed",
                          "nobody says: {} of {} is nothing", "other places: {} of {} is nothing"));
  EXPECT_THAT(faults({"twice", twice}, english, needed),
              ElementsAre("twice: describe.bias", "twice: picture.seed"));
}

TEST(Languages, AMessageIsSaidInTheWordsOfALanguageAroundTheSameValues) {
  static constexpr auto kWords =
      sorted(std::to_array<TextEntry>({{"{} is not allowed; {}.", "{1}: {0} geht nicht."},
                                       {"it takes {} to {}", "erlaubt ist {} bis {}"}}));
  const std::array tables{TextTable(kWords)};
  const Message message = nanscope::message("{} is not allowed; {}.", "9",
                                            nanscope::message("it takes {} to {}", 1, 8));
  EXPECT_EQ(message_text(message, {"Deutsch", tables}), "erlaubt ist 1 bis 8: 9 geht nicht.");
  EXPECT_EQ(message_text(message), "9 is not allowed; it takes 1 to 8.");
}

TEST(Text, AnUnknownKeyShowsItselfForEver) {
  const char* shown = text(std::string("no.such.") + "key");
  text(std::string("another.") + "key that takes the memory of the one before it");
  EXPECT_STREQ(shown, "no.such.key");
}

}  // namespace
}  // namespace nanscope
