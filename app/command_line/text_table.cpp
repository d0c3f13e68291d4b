#include "app/command_line/text_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace nanscope {
namespace {

constexpr std::string_view kColumnGap = " ";
constexpr std::string_view kGroupGap = "   ";

/// Characters, not bytes, of UTF-8 text.
std::size_t length(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string aligned(std::string_view text, std::size_t width, bool left) {
  const std::string blanks(width - std::min(width, length(text)), ' ');
  return left ? std::string(text) + blanks : blanks + std::string(text);
}

/// "--- words ---", as wide as the columns below it.
std::string heading(const std::string& group, std::size_t width) {
  if (group.empty()) return std::string(width, ' ');
  if (width < length(group) + 4) return aligned(group, width, true);
  const std::size_t dashes = width - length(group) - 2;
  return fmt::format("{} {} {}", std::string(dashes / 2, '-'), group,
                     std::string(dashes - dashes / 2, '-'));
}

void end_line(std::string& line, std::string& text) {
  line.erase(line.find_last_not_of(' ') + 1);
  text += line + '\n';
  line.clear();
}

}  // namespace

std::string TextTable::to_text() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    widths.push_back(length(columns_[i].title));
    for (const auto& row : rows_)
      if (row.size() == columns_.size()) widths[i] = std::max(widths[i], length(row[i]));
  }
  const auto gap = [&](std::size_t i) {
    if (i == 0) return std::string_view();
    return columns_[i].group == columns_[i - 1].group ? kColumnGap : kGroupGap;
  };

  std::string text, line;
  if (std::ranges::any_of(columns_, [](const Column& column) { return !column.group.empty(); })) {
    for (std::size_t i = 0; i < columns_.size();) {
      line += gap(i);
      std::size_t width = widths[i], next = i + 1;
      for (; next < columns_.size() && columns_[next].group == columns_[i].group; ++next)
        width += gap(next).size() + widths[next];
      line += heading(columns_[i].group, width);
      i = next;
    }
    end_line(line, text);
  }
  for (std::size_t i = 0; i < columns_.size(); ++i)
    line.append(gap(i)).append(aligned(columns_[i].title, widths[i], columns_[i].left));
  end_line(line, text);
  for (const auto& row : rows_) {
    if (row.size() != columns_.size())
      line = row.front();
    else
      for (std::size_t i = 0; i < columns_.size(); ++i)
        line.append(gap(i)).append(aligned(row[i], widths[i], columns_[i].left));
    end_line(line, text);
  }
  return text;
}

}  // namespace nanscope
