#include "ui/labs/training/run_names.h"

#include <fmt/format.h>

#include <algorithm>

#include "ui/labs/training/words.h"
#include "ui/text/text.h"

namespace nanscope {

void put_what_differs_first(std::vector<std::vector<std::string>>& settings) {
  const std::vector<std::vector<std::string>> all = settings;
  const auto runs_with = [&](const std::string& setting) {
    return std::ranges::count_if(
        all, [&](const auto& one) { return std::ranges::find(one, setting) != one.end(); });
  };
  for (std::vector<std::string>& one : settings) std::ranges::stable_sort(one, {}, runs_with);
}

void put_beginnings_first(std::vector<std::string>& settings,
                          const std::vector<LiveChange>& changes) {
  for (const LiveChange& change : changes) {
    const auto changed = std::ranges::find(settings, changed_words(change));
    const std::string name = fmt::format("{} ", text("control." + change.key));
    const auto began = std::find_if(changed, settings.end(), [&](const std::string& one) {
      return one.starts_with(name) && one.find(' ', name.size()) == std::string::npos;
    });
    if (began != settings.end()) std::rotate(changed, began, began + 1);
  }
}

}  // namespace nanscope
