#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "engine/experiment/keys.h"
#include "engine/experiment/view.h"

// How what is looked at is spelled in keys: parts of axes, pinned places, elements of tensors.
namespace nanscope {
namespace {

constexpr std::size_t kMostZooms = 64;
/// Beyond this no axis of a plot goes, and neighbouring doubles are too far apart to draw by.
constexpr double kFurthestEnd = 1e12;
/// The least span of an axis, as a share of its ends: closer, a float has no pixels between them.
constexpr double kNarrowest = 1e-9;
constexpr std::size_t kMostDimensions = 64;  // LibTorch's own
constexpr std::size_t kMostElements = 1000;

/// What stands between blanks.
std::vector<std::string_view> zoom_words(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    if (blank > 0) words.push_back(text.substr(0, blank));
    text.remove_prefix(std::min(blank + 1, text.size()));
  }
  return words;
}

std::optional<double> zoom_end(std::string_view word) {
  double value = 0;
  const auto [stop, code] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (code != std::errc() || stop != word.data() + word.size()) return std::nullopt;
  return std::abs(value) <= kFurthestEnd ? std::optional(value) : std::nullopt;  // none for NaN
}

/// "x 0 20" at the beginning of the words, which are taken; nothing where they say something else.
std::optional<ViewRange> take_range(std::span<const std::string_view>& words,
                                    std::string_view axis) {
  if (words.size() < 3 || words[0] != axis) return std::nullopt;
  const auto low = zoom_end(words[1]), high = zoom_end(words[2]);
  if (!low || !high) return std::nullopt;
  const double least = kNarrowest * std::max(std::abs(*low), std::abs(*high));
  if (*high - *low < std::max(least, std::numeric_limits<double>::min())) return std::nullopt;
  words = words.subspan(3);
  return ViewRange{*low, *high};
}

}  // namespace

Result<void> check_plot_name(const std::string& text) {
  const bool named = std::ranges::all_of(
      text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
  if (!named)
    return input_error("", "a plot's name has small letters, digits and _, as forward_variance.");
  return {};
}

namespace {

Result<ViewZoom> parse_zoom(std::string_view text) {
  const std::vector<std::string_view> words = zoom_words(text);
  ViewZoom zoom;
  if (!words.empty()) {
    auto rest = std::span(words).subspan(1);
    zoom.plot = words.front();
    zoom.x = take_range(rest, "x");
    zoom.y = take_range(rest, "y");
    const bool named = check_plot_name(zoom.plot).has_value();
    if (named && rest.empty() && (zoom.x || zoom.y)) return zoom;
  }
  return input_error("",
                     "{} is not allowed; it takes a plot's name and the lower and upper end of x, "
                     "of y, or of x and then y, numbers from -1e12 to 1e12, as in "
                     "forward_variance x 0 20 y -3 5.",
                     shown_words(text));
}

/// "x 12" at the beginning of the words, which are taken.
std::optional<double> take_place(std::span<const std::string_view>& words, std::string_view axis) {
  if (words.size() < 2 || words[0] != axis) return std::nullopt;
  const auto place = zoom_end(words[1]);
  if (place) words = words.subspan(2);
  return place;
}

Result<ViewPin> parse_pin(std::string_view text) {
  const std::vector<std::string_view> words = zoom_words(text);
  if (!words.empty()) {
    auto rest = std::span(words).subspan(1);
    const std::string plot(words.front());
    const auto x = take_place(rest, "x"), y = take_place(rest, "y");
    if (check_plot_name(plot) && rest.empty() && x && y) return ViewPin{plot, *x, *y};
  }
  return input_error("",
                     "{} is not allowed; it takes a plot's name and a place on its axes, numbers "
                     "from -1e12 to 1e12, as in forward_variance x 12 y -3.5.",
                     shown_words(text));
}

/// Takes what stands between blanks off the front.
void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
}

/// A whole number, not below 0, off the front.
template <class Number>
std::optional<Number> take_number(std::string_view& text) {
  skip_blanks(text);
  Number value = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  skip_blanks(text);
  return value;
}

bool take_character(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  skip_blanks(text);
  return true;
}

/// "2[1, 0]" off the front; nothing for anything else.
std::optional<ViewElement> take_element(std::string_view& text) {
  const auto step = take_number<int>(text);
  if (!step || *step < 1 || *step > kLastStep || !take_character(text, '[')) return std::nullopt;
  ViewElement element{.step = *step};
  while (!take_character(text, ']')) {
    if (!element.index.empty() && !take_character(text, ',')) return std::nullopt;
    const auto index = take_number<std::int64_t>(text);
    if (!index || element.index.size() == kMostDimensions) return std::nullopt;
    element.index.push_back(*index);
  }
  return element;
}

}  // namespace

void forget_plot(ViewSpec& view, std::string_view plot) {
  const auto of_plot = [&](const auto& one) { return one.plot == plot; };
  std::erase_if(view.zoom, of_plot);
  std::erase_if(view.lock, of_plot);
  std::erase_if(view.pins, of_plot);
}

Result<std::vector<ViewZoom>> parse_zooms(std::string_view text) {
  ViewSpec view;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    auto zoom = parse_zoom(text.substr(0, end));
    if (!zoom) return tl::unexpected(zoom.error());
    set_zoom(view, *std::move(zoom));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (view.zoom.size() > kMostZooms)
    return input_error("", "at most {} plots are zoomed.", kMostZooms);
  return std::move(view.zoom);
}

std::string zooms_text(const std::vector<ViewZoom>& zooms) {
  std::string text;
  for (const ViewZoom& zoom : zooms) {
    text += fmt::format("{}{}", text.empty() ? "" : "; ", zoom.plot);
    if (zoom.x) text += fmt::format(" x {} {}", zoom.x->low, zoom.x->high);
    if (zoom.y) text += fmt::format(" y {} {}", zoom.y->low, zoom.y->high);
  }
  return text;
}

Result<std::vector<ViewPin>> parse_pins(std::string_view text) {
  std::vector<ViewPin> pins;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    auto pin = parse_pin(text.substr(0, end));
    if (!pin) return tl::unexpected(pin.error());
    if (std::cmp_equal(std::ranges::count(pins, pin->plot, &ViewPin::plot), kMostPins))
      return input_error("", "at most {} readings of {} are pinned.", kMostPins, pin->plot);
    pins.push_back(*std::move(pin));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (pins.size() > kMostPins * kMostZooms)
    return input_error("", "at most {} readings are pinned.", kMostPins * kMostZooms);
  return pins;
}

std::string view_pins_text(const std::vector<ViewPin>& pins) {
  std::string text;
  for (const ViewPin& pin : pins)
    text += fmt::format("{}{} x {} y {}", text.empty() ? "" : "; ", pin.plot, pin.x, pin.y);
  return text;
}

Result<std::vector<ViewElement>> parse_elements(std::string_view text) {
  std::vector<ViewElement> elements;
  std::string_view rest = text;
  skip_blanks(rest);
  while (!rest.empty()) {
    auto element = take_element(rest);
    if (!element || (!rest.empty() && !take_character(rest, ';')))
      return input_error("",
                         "{} is not allowed; it takes a step's number and an index into its "
                         "tensor, as in 2[1, 0].",
                         shown_words(text));
    elements.push_back(*std::move(element));
    if (elements.size() > kMostElements)
      return input_error("", "at most {} elements are named.", kMostElements);
  }
  return elements;
}

std::string elements_text(const std::vector<ViewElement>& elements) {
  std::string text;
  for (const ViewElement& one : elements)
    text += fmt::format("{}{}[{}]", text.empty() ? "" : "; ", one.step, fmt::join(one.index, ", "));
  return text;
}

}  // namespace nanscope
