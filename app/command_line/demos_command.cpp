#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/command_line/arguments.h"
#include "app/command_line/commands.h"
#include "app/command_line/console.h"
#include "engine/experiment/demos.h"
#include "engine/experiment/json.h"
#include "ui/labs/labs.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// The demos of one lab after those of another, as in the window's menu.
std::string to_text(const std::vector<Demo>& demos) {
  std::size_t width = 0;
  for (const Demo& demo : demos) width = std::max(width, demo.name.size());
  std::string list;
  for (const std::unique_ptr<Lab>& lab : make_labs())
    for (const Demo& demo : demos)
      if (demo.experiment.lab == lab->name())
        list +=
            fmt::format("{:<{}}  {:<8} {}\n", demo.name, width, text(lab->title_key()), demo.title);
  return list + "\nnanscope open NAME shows one, nanscope signal NAME prints its numbers.\n";
}

std::string to_json(const std::vector<Demo>& demos) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Demo& demo : demos)
    list.push_back({{"name", demo.name},
                    {"title", demo.title},
                    {"summary", demo.summary},
                    {"experiment", nlohmann::ordered_json::parse(to_json(demo.experiment))}});
  return nlohmann::ordered_json{{"schema", "nanscope.demos/1"}, {"demos", list}}.dump(2) + "\n";
}

}  // namespace

int run_demos_command(const Words& words) {
  bool json = false;
  Parser parser("demos", "Lists the demos, whose names stand for experiments.");
  parser.add_flag("--json", json, "one JSON object, with the experiments");
  if (const auto status = parser.parse_words(words)) return *status;

  const Result<std::vector<Demo>> demos = load_demos();
  if (!demos) return report(demos.error());
  return print(json ? to_json(*demos) : to_text(*demos));
}

}  // namespace nanscope
