#include "engine/experiment/svg_text.h"

#include <array>
#include <utility>

namespace nanscope {
namespace {

/// The characters that XML's entities stand for.
std::string unescaped(std::string_view words) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string result;
  while (!words.empty()) {
    char next = words.front();
    std::size_t length = 1;
    for (const auto& [entity, character] : kEntities)
      if (words.starts_with(entity)) {
        next = character;
        length = entity.size();
      }
    result += next;
    words.remove_prefix(length);
  }
  return result;
}

}  // namespace

bool looks_like_svg(std::string_view bytes) {
  const auto first = bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");  // blanks, byte order mark
  return first != std::string_view::npos && bytes[first] == '<';
}

Result<std::string> read_svg_text(std::string_view svg, std::string_view id) {
  const std::string attribute = "id=\"" + std::string(id) + "\"";
  const auto found = svg.find(attribute);
  if (found == std::string_view::npos)
    return input_error(
        "", "this picture carries no experiment; only pictures that NaNscope exported do.");
  const auto begin = svg.find('>', found);
  const auto end = begin == std::string_view::npos ? begin : svg.find("</", begin);
  if (end == std::string_view::npos)
    return input_error("", "this SVG is broken: it ends in the middle.");
  return unescaped(svg.substr(begin + 1, end - begin - 1));
}

}  // namespace nanscope
