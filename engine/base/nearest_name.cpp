#include "engine/base/nearest_name.h"

#include <algorithm>
#include <cstddef>

namespace nanscope {
namespace {

char folded(char c) {
  if (c == '-') return '_';
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Optimal string alignment distance: insertions, deletions, replacements and swapped neighbours
/// cost 1 each; case and "-" against "_" cost nothing.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = folded(a[i - 1]) == folded(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0u : 1u)});
      if (i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
          folded(a[i - 2]) == folded(b[j - 1]))
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::string nearest_name(std::string_view wanted, const std::vector<std::string>& valid) {
  constexpr std::size_t kLongest = 64;  // a longer text is no misspelt name
  constexpr std::size_t kShortestBeginning = 4;
  if (wanted.empty() || wanted.size() > kLongest) return "";
  // A third of the letters may be wrong, as compilers have it; beyond that a hint only confuses.
  std::size_t nearest = std::max<std::size_t>(1, (wanted.size() + 1) / 3) + 1;
  std::string name;
  const auto begins = [&](std::string_view candidate) {
    return edit_distance(wanted, candidate.substr(0, wanted.size())) == 0;
  };
  // Of a name without a letter in common nobody has thought: "z" is not "x".
  const auto distance_to = [&](std::string_view candidate) {
    // "h100" is the first part of "h100-sxm", which is no farther than "h200".
    if (wanted.size() >= kShortestBeginning && candidate.size() > wanted.size() &&
        std::string_view(".-").find(candidate[wanted.size()]) != std::string_view::npos &&
        begins(candidate))
      return std::size_t{1};
    const std::size_t distance = edit_distance(wanted, candidate);
    return distance < std::max(wanted.size(), candidate.size()) ? distance : kLongest;
  };
  for (const std::string& candidate : valid) {
    std::size_t distance = distance_to(candidate);
    const auto dot = candidate.find('.');
    if (dot != std::string::npos && wanted.find('.') == std::string_view::npos)
      distance = std::min(distance, distance_to(candidate.substr(dot + 1)));
    // Of names as near the one that goes on as it began, and the shorter.
    const bool better = distance == nearest && !name.empty() && begins(candidate) &&
                        (!begins(name) || candidate.size() < name.size());
    if (distance < nearest || better) {
      nearest = distance;
      name = candidate;
    }
  }
  if (name.empty() && wanted.size() >= kShortestBeginning)
    for (const std::string& candidate : valid)
      if (begins(candidate)) return candidate;
  return name;
}

}  // namespace nanscope
