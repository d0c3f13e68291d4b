#include "engine/experiment/view.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

#include "engine/experiment/key_makers.h"

namespace nanscope {
namespace {

constexpr std::size_t kMostZooms = 64;
/// Beyond this no axis of a plot goes, and neighbouring doubles are too far apart to draw by.
constexpr double kFurthestEnd = 1e12;
/// The least span of an axis, as a share of its ends: closer, a float has no pixels between them.
constexpr double kNarrowest = 1e-9;
constexpr int kLastLayer = 200;  // of any model; none is chosen that is not there

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

Result<void> check_plot_name(const std::string& text) {
  const bool named = std::ranges::all_of(
      text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
  if (!named)
    return input_error("", "a plot's name has small letters, digits and _, as forward_variance.");
  return {};
}

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
  return input_error(
      "",
      "\"{}\" is not allowed; it takes a plot's name and the lower and upper end of x, "
      "of y, or of x and then y, numbers from -1e12 to 1e12, as in "
      "forward_variance x 0 20 y -3 5.",
      text);
}

Result<void> check_zooms(const std::string& text) {
  const auto zooms = parse_zooms(text);
  if (!zooms) return tl::unexpected(zooms.error());
  return {};
}

Key zooms_key(std::string_view name, std::vector<ViewZoom> ViewSpec::*zooms) {
  return checked({name,
                  KeyType::text,
                  {},
                  {},
                  [zooms](const Experiment& e) { return KeyValue(zooms_text(e.view.*zooms)); },
                  [zooms](Experiment& e, const KeyValue& value) {
                    e.view.*zooms =
                        parse_zooms(std::get<std::string>(value)).value_or(std::vector<ViewZoom>());
                  }},
                 check_zooms);
}

/// "12" -> 12; nothing for what is no layer's number.
std::optional<int> layer_number(const std::string& text) {
  int layer = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), layer);
  const bool whole = code == std::errc() && stop == text.data() + text.size();
  return whole && layer >= 0 && layer <= kLastLayer ? std::optional(layer) : std::nullopt;
}

Result<void> check_layer(const std::string& text) {
  if (!text.empty() && !layer_number(text))
    return input_error("",
                       "{} is not allowed; it takes a layer's number from 0 to {}, "
                       "or nothing.",
                       text, kLastLayer);
  return {};
}

}  // namespace

const ViewZoom* find_zoom(const ViewSpec& view, std::string_view plot) {
  const auto found = std::ranges::find(view.zoom, plot, &ViewZoom::plot);
  return found == view.zoom.end() ? nullptr : &*found;
}

void set_zoom(ViewSpec& view, ViewZoom zoom) {
  std::erase_if(view.zoom, [&](const ViewZoom& former) { return former.plot == zoom.plot; });
  if (zoom.x || zoom.y) view.zoom.push_back(std::move(zoom));
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

std::vector<Key> view_keys() {
  std::vector<Key> keys{
      checked(any_text(
                  "view.plot", [](auto& e) -> auto& { return e.view.plot; }),
              check_plot_name),
      choice(
          "view.histogram", [](auto& e) -> auto& { return e.view.histogram; }),
      checked({"view.layer",
               KeyType::text,
               {},
               {},
               [](const Experiment& e) {
                 return KeyValue(e.view.layer ? fmt::format("{}", *e.view.layer) : "");
               },
               [](Experiment& e, const KeyValue& value) {
                 e.view.layer = layer_number(std::get<std::string>(value));
               }},
              check_layer),
      zooms_key("view.zoom", &ViewSpec::zoom),
      zooms_key("view.lock", &ViewSpec::lock),
  };
  for (Key& key : keys) key.when_changed = key.live = true;
  return keys;
}

}  // namespace nanscope
