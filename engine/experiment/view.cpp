#include "engine/experiment/view.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "engine/experiment/key_makers.h"
#include "engine/numbers/format.h"

namespace nanscope {
namespace {

constexpr int kLastLayer = 200;  // of any model; none is chosen that is not there
constexpr double kLastRunStep = 1e9;
constexpr double kMostNetworks = 256;
constexpr double kMostSmoothing = 0.99;

/// A list of what is looked at, which is typed as a text.
template <class Value>
Key list_key(std::string_view name, std::vector<Value> ViewSpec::*list,
             Result<std::vector<Value>> (*parse)(std::string_view),
             std::string (*text_of)(const std::vector<Value>&)) {
  return checked({name,
                  KeyType::text,
                  {},
                  {},
                  [=](const Experiment& e) { return KeyValue(text_of(e.view.*list)); },
                  [=](Experiment& e, const KeyValue& value) {
                    e.view.*list =
                        parse(std::get<std::string>(value)).value_or(std::vector<Value>());
                  }},
                 [=](const std::string& text) -> Result<void> {
                   if (const auto read = parse(text); !read) return tl::unexpected(read.error());
                   return {};
                 });
}

/// A number of what is shown, or nothing: "12", "".
Key chosen_number(std::string_view name, std::optional<int> ViewSpec::*chosen, KeyRange range) {
  const auto number = [range](const std::string& text) -> std::optional<int> {
    int value = 0;
    const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = code == std::errc() && stop == text.data() + text.size();
    return whole && value >= range.low && value <= range.high ? std::optional(value) : std::nullopt;
  };
  Key key =
      checked({name,
               KeyType::text,
               {},
               {},
               [chosen](const Experiment& e) {
                 const std::optional<int>& value = e.view.*chosen;
                 return KeyValue(value ? fmt::format("{}", *value) : "");
               },
               [chosen, number](Experiment& e, const KeyValue& value) {
                 e.view.*chosen = number(std::get<std::string>(value));
               }},
              [range, number](const std::string& text) -> Result<void> {
                if (text.empty() || number(text)) return {};
                return input_error(
                    "", "{} is not allowed; it takes a whole number from {} to {}, or nothing.",
                    shown_words(text), range.low, range.high);
              });
  key.takes_numbers = true;
  return key;
}

Result<void> check_row(const std::string& text) {
  if (text.empty()) return {};
  if (const auto format = parse_format(text); !format) return tl::unexpected(format.error());
  return {};
}

/// At most one.
Result<void> check_element(const std::string& text) {
  const auto elements = parse_elements(text);
  if (!elements) return tl::unexpected(elements.error());
  if (elements->size() > 1)
    return input_error("", "{} is not allowed; one element is looked at.", shown_words(text));
  return {};
}

Key element_key() {
  return checked({"view.element",
                  KeyType::text,
                  {},
                  {},
                  [](const Experiment& e) {
                    const auto& one = e.view.element;
                    return KeyValue(one ? elements_text({*one}) : std::string());
                  },
                  [](Experiment& e, const KeyValue& value) {
                    const auto elements = parse_elements(std::get<std::string>(value));
                    e.view.element.reset();
                    if (elements && !elements->empty()) e.view.element = elements->front();
                  }},
                 check_element);
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

std::vector<Key> view_keys() {
  std::vector<Key> keys{
      checked(any_text(
                  "view.plot", [](auto& e) -> auto& { return e.view.plot; }),
              check_plot_name),
      choice(
          "view.histogram", [](auto& e) -> auto& { return e.view.histogram; }),
      chosen_number("view.layer", &ViewSpec::layer, {0, kLastLayer, true}),
      list_key("view.zoom", &ViewSpec::zoom, parse_zooms, zooms_text),
      list_key("view.lock", &ViewSpec::lock, parse_zooms, zooms_text),
      list_key("view.pins", &ViewSpec::pins, parse_pins, view_pins_text),
      checked(any_text(
                  "view.row", [](auto& e) -> auto& { return e.view.row; }),
              check_row),
      chosen_number("view.step", &ViewSpec::step, {1, kLastStep, true}),
      element_key(),
      list_key("view.windows", &ViewSpec::windows, parse_elements, elements_text),
      choice(
          "view.x", [](auto& e) -> auto& { return e.view.x; }),
      choice(
          "view.map", [](auto& e) -> auto& { return e.view.map; }),
      number(
          "view.smoothing", 0, kMostSmoothing, [](auto& e) -> auto& { return e.view.smoothing; }),
      flag(
          "view.log", [](auto& e) -> auto& { return e.view.log; }),
      chosen_number("view.look", &ViewSpec::look, {0, kLastRunStep, true}),
      whole_number(
          "view.network", 1, kMostNetworks, [](auto& e) -> auto& { return e.view.network; }),
  };
  for (Key& key : keys) key.when_changed = key.live = true;
  return keys;
}

}  // namespace nanscope
