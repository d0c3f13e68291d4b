#include "ui/labs/training/run_names.h"

#include <algorithm>
#include <string_view>

namespace nanscope {
namespace {

/// Where the first word begins that is not within the first `shared` letters.
std::size_t first_own_word(std::string_view name, std::size_t shared) {
  constexpr std::string_view kBetween = " _-/,";
  // All of a word is shared.
  if (shared > 0 && shared < name.size() && kBetween.find(name[shared]) != kBetween.npos)
    return std::min(name.find_first_not_of(kBetween, shared), name.size());
  const std::size_t setting = shared < 2 ? name.npos : name.rfind(", ", shared - 2);
  if (setting != name.npos) return setting + 2;
  const std::size_t end = shared == 0 ? name.npos : name.find_last_of(kBetween, shared - 1);
  return end == name.npos ? 0 : end + 1;
}

}  // namespace

void put_what_differs_first(std::vector<std::vector<std::string>>& settings) {
  const std::vector<std::vector<std::string>> all = settings;
  const auto runs_with = [&](const std::string& setting) {
    return std::ranges::count_if(
        all, [&](const auto& one) { return std::ranges::find(one, setting) != one.end(); });
  };
  for (std::vector<std::string>& one : settings) std::ranges::stable_sort(one, {}, runs_with);
}

std::string behind_shared_words(const std::string& name, std::span<const std::string> names) {
  std::size_t most = 0;
  for (const std::string& other : names) {
    if (other == name) continue;
    const auto [end, _] = std::ranges::mismatch(name, other);
    most = std::max(most, static_cast<std::size_t>(end - name.begin()));
  }
  const std::size_t begin = first_own_word(name, most);
  return begin == 0 ? name : "... " + name.substr(begin);
}

}  // namespace nanscope
