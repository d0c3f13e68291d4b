#include "ui/charts/format_look.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace nanscope {
namespace {

/// A place among the formats' colours, and a mark.
using Look = std::pair<std::size_t, Mark>;

struct KnownLook {
  std::string_view format;
  Look look;
};

// Each has a colour of its own; those whose colours are alike to who does not see all of them have
// different marks.
constexpr KnownLook kKnown[] = {
    {"fp32", {0, Mark::circle}},       {"fp16", {1, Mark::square}},
    {"bf16", {2, Mark::triangle}},     {"e4m3", {3, Mark::diamond}},
    {"e5m2", {4, Mark::cross}},        {"tf32", {5, Mark::square}},
    {"fp64", {6, Mark::circle}},       {"e2m1", {7, Mark::circle}},
    {"e5m2fnuz", {8, Mark::triangle}}, {"e4m3fnuz", {9, Mark::diamond}},
    {"int8", {10, Mark::diamond}},     {"e3m2", {11, Mark::triangle}},
    {"e2m3", {12, Mark::square}},      {"e8m0", {13, Mark::cross}},
};

std::optional<Look> known_look(std::string_view format) {
  const auto found = std::ranges::find(kKnown, format, &KnownLook::format);
  return found == std::end(kKnown) ? std::nullopt : std::optional(found->look);
}

/// Colours with marks that no known format has.
std::vector<Look> free_looks() {
  constexpr std::array kMarks{Mark::circle, Mark::diamond, Mark::square, Mark::triangle,
                              Mark::cross};
  std::vector<Look> free;
  for (std::size_t color = 0; color < std::tuple_size_v<decltype(Palette::formats)>; ++color)
    for (const Mark mark : kMarks)
      if (std::ranges::find(kKnown, Look{color, mark}, &KnownLook::look) == std::end(kKnown))
        free.emplace_back(color, mark);
  return free;
}

/// FNV-1a: the same in every run and on every machine.
std::uint32_t hash(std::string_view name) {
  std::uint32_t value = 0x811C9DC5u;
  for (const char c : name) value = (value ^ static_cast<unsigned char>(c)) * 0x01000193u;
  return value;
}

}  // namespace

std::vector<Stroke> format_strokes(const Style& style, std::span<const std::string> names) {
  static const std::vector<Look> free = free_looks();
  std::vector<bool> taken(free.size());
  std::vector<Stroke> strokes;
  for (const std::string& name : names) {
    std::optional<Look> look = known_look(name);
    if (!look) {
      std::size_t place = hash(name) % free.size();
      // More formats of one's own than looks have some in common.
      for (std::size_t tried = 0; taken[place] && tried < free.size(); ++tried)
        place = (place + 1) % free.size();
      taken[place] = true;
      look = free[place];
    }
    strokes.push_back({.color = style.palette.formats[look->first], .mark = look->second});
  }
  return strokes;
}

}  // namespace nanscope
