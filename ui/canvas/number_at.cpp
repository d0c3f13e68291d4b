#include "ui/canvas/number_at.h"

#include <algorithm>
#include <cctype>
#include <tuple>
#include <utility>

#include "ui/canvas/silent_canvas.h"

namespace nanscope {
namespace {

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// The byte after the digits, the point and the exponent that begin here.
std::size_t number_end(std::string_view words, std::size_t at) {
  while (at < words.size() && (is_digit(words[at]) || words[at] == '.')) ++at;
  while (words[at - 1] == '.') --at;  // of the sentence
  std::size_t exponent = at;
  if (exponent < words.size() && words[exponent] == 'e') ++exponent;
  if (exponent > at && exponent < words.size() &&
      (words[exponent] == '-' || words[exponent] == '+'))
    ++exponent;
  if (exponent == at || exponent == words.size() || !is_digit(words[exponent])) return at;
  while (exponent < words.size() && is_digit(words[exponent])) ++exponent;
  return exponent;
}

/// The byte after the unit that belongs to a number which ends here.
std::size_t unit_end(std::string_view words, std::size_t at) {
  for (const std::string_view unit :
       {" B", " KiB", " MiB", " GiB", " TiB", " s", " ms", " us", " ns"})
    if (words.substr(at).starts_with(unit)) {
      const std::size_t end = at + unit.size();
      if (end == words.size() || !is_letter(words[end])) return end;
    }
  return at;
}

/// The first number or tuple at or after a byte, as [begin, end); both are the size without one.
std::pair<std::size_t, std::size_t> next_number(std::string_view words, std::size_t at) {
  for (; at < words.size(); ++at) {
    const bool apart = at == 0 || !(is_letter(words[at - 1]) || is_digit(words[at - 1]));
    const std::string_view rest = words.substr(at);
    if (rest.starts_with('(')) {
      const std::size_t close = rest.find(')');
      const std::string_view inside = rest.substr(1, close == rest.npos ? 0 : close - 1);
      const bool numbers = std::ranges::all_of(
          inside, [](char c) { return is_digit(c) || c == ',' || c == ' ' || c == '-'; });
      if (close != rest.npos && numbers) return {at, at + close + 1};
    }
    const bool sign = rest.size() > 1 && (rest[0] == '-' || rest[0] == '+') && is_digit(rest[1]);
    if (!apart || !(sign || (!rest.empty() && is_digit(rest[0])))) continue;
    return {at, unit_end(words, number_end(words, at + (sign ? 1 : 0)))};
  }
  return {words.size(), words.size()};
}

/// Keeps the number that a point is on.
class NumberCanvas final : public SilentCanvas {
 public:
  NumberCanvas(const Style& style, ImVec2 point) : SilentCanvas(style), point_(point) {}

  void text(ImVec2 at, std::string_view words, const TextLook& look) override {
    if (auto found = number_in(style(), text_box(at, words, look).low, words, look, point_))
      found_ = std::move(found);
  }

  std::optional<PointedNumber> found() { return std::move(found_); }

 private:
  ImVec2 point_;
  std::optional<PointedNumber> found_;
};

}  // namespace

std::optional<PointedNumber> number_in(const Style& style, ImVec2 at, std::string_view words,
                                       const TextLook& look, ImVec2 point) {
  const auto extent = [&](std::size_t end) {
    return text_extent(style, look.face, look.size, words.substr(0, end));
  };
  const float bottom = at.y + extent(words.size()).y;
  if (point.y < at.y || point.y > bottom) return std::nullopt;
  for (auto [begin, end] = next_number(words, 0); begin < words.size();
       std::tie(begin, end) = next_number(words, end)) {
    const float left = at.x + extent(begin).x, right = at.x + extent(end).x;
    if (point.x >= left && point.x <= right)
      return PointedNumber{
          {left, at.y}, {right, bottom}, std::string(words.substr(begin, end - begin))};
  }
  return std::nullopt;
}

std::optional<PointedNumber> number_at(const Style& style, ImVec2 point,
                                       const std::function<void(Canvas&)>& draw) {
  NumberCanvas canvas(style, point);
  draw(canvas);
  return canvas.found();
}

}  // namespace nanscope
