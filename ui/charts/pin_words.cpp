#include "ui/charts/pin_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr std::array<const char*, kMostPins> kPinNames{"1", "2"};

bool all_earlier(const Pins& pins) {
  return std::ranges::all_of(pins, [](const PinnedReading& pin) { return pin.earlier; });
}

/// A value's name in the plate: what the chart itself said before it changed is marked.
std::string marked_name(const Pins& pins, const std::string& name) {
  const auto& own = pins[0].reading.values;
  const bool is_own = std::ranges::find(own, name, &ReadingValue::name) != own.end();
  return is_own && all_earlier(pins) ? format_text("chart.was", fmt::arg("name", name)) : name;
}

/// Which of a reading's values is drawn where the pin is.
const ReadingValue* pinned_value(const std::vector<ReadingValue>& values, double y) {
  const ReadingValue* nearest = values.empty() ? nullptr : &values.front();
  double least = std::numeric_limits<double>::infinity();
  for (const ReadingValue& value : values)
    if (const double away = std::abs(value.place - y); away < least) {
      least = away;
      nearest = &value;
    }
  return nearest;
}

/// "3.4", or of a cell "12 %" as its table spells it.
std::string number_of(const Pins& pins) {
  std::vector<double> numbers;
  std::string words;
  for (const PinnedReading& pin : pins) {
    const std::vector<ReadingValue> values = all_values(pin.reading);
    const ReadingValue* value = pinned_value(values, pin.y);
    if (!value) return "";
    numbers.push_back(value->value);
    const auto rows = all_rows(pin.reading);
    const auto index = static_cast<std::size_t>(value - values.data());
    const bool told = rows.size() == values.size() && rows[index].size() > 1;
    words = told ? rows[index][1] : value->words(value->value);
  }
  return pins.size() == 1 ? words : number_text(numbers[1] / numbers[0]);
}

/// Whose numbers number_of() compares: "z", of two curves "gradients / z".
std::string names_of(const Pins& pins) {
  std::vector<std::string> names;
  for (const PinnedReading& pin : pins) {
    const std::vector<ReadingValue> values = all_values(pin.reading);
    if (const ReadingValue* value = pinned_value(values, pin.y))
      names.insert(names.begin(), marked_name(pins, value->name));
  }
  if (names.size() == kMostPins && names[0] == names[1]) names.pop_back();
  return fmt::format("{}", fmt::join(names, " / "));
}

/// "linear 9 / linear 5", or of readings without a place of their own "2 / 1".
std::string places_compared(const Pins& pins) {
  const auto& first = pins[0].reading.lines;
  const auto& second = pins[1].reading.lines;
  if (first.empty() || second.empty() || first.front() == second.front())
    return text("chart.ratio");
  return fmt::format("{} / {}", second.front(), first.front());
}

/// "variance 3.4, variance now nan"; of the pinned one "variance was 3.4, now nan".
std::string values_of(const Pins& pins, PlateWords how_much) {
  std::vector<std::pair<std::string, std::string>> said;  // name and number
  const std::vector<ReadingValue> values = all_values(pins[0].reading);
  if (pins.size() == 1)
    for (const ReadingValue& value : values)
      said.emplace_back(value.name, value.words(value.value));
  else
    for (const Comparison& row : compare(pins[0].reading, pins[1].reading))
      said.emplace_back(row.name, number_text(row.ratio()));
  std::string now;
  if (const ReadingValue* value = pinned_value(values, pins[0].y);
      value && how_much == PlateWords::pinned && !said.empty()) {
    now = format_text("chart.now", fmt::arg("name", value->name));
    const auto named = [](const std::string& name) {
      return [&name](const auto& one) { return one.first == name; };
    };
    if (std::ranges::none_of(said, named(value->name)))
      said.resize(1);
    else
      std::erase_if(said,
                    [&](const auto& one) { return one.first != value->name && one.first != now; });
  }
  std::vector<std::string> words;
  for (const auto& [name, number] : said)
    words.push_back(name == now ? format_text("chart.now_short", fmt::arg("value", number))
                                : fmt::format("{} {}", marked_name(pins, name), number));
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

const char* pin_name(std::size_t index) { return kPinNames[index]; }

PinTable table_of(const Pins& pins) {
  PinTable table;
  if (pins.size() == 1) {
    table.push_back({"", kPinNames[0]});
    for (const ReadingValue& value : all_values(pins[0].reading))
      table.push_back({marked_name(pins, value.name), value.words(value.value)});
    return table;
  }
  table.push_back({"", kPinNames[0], kPinNames[1], text("chart.difference"), text("chart.ratio")});
  for (const Comparison& row : compare(pins[0].reading, pins[1].reading))
    table.push_back({marked_name(pins, row.name), row.words(row.first), row.words(row.second),
                     row.words(row.difference()), number_text(row.ratio())});
  return table;
}

std::string pin_title(const Pins& pins, std::size_t index) {
  const auto& lines = pins[index].reading.lines;
  const std::string title = lines.empty() ? "" : lines.front();
  return fmt::format(
      "{}  {}", kPinNames[index],
      pins[index].earlier ? format_text("chart.pin_earlier", fmt::arg("place", title)) : title);
}

std::string ratios_of(const Pins& pins, PlateWords how_much) {
  const bool places = how_much == PlateWords::places, named = how_much == PlateWords::named;
  const bool number = places || named || how_much == PlateWords::cell;
  std::string words =
      number || how_much == PlateWords::number ? number_of(pins) : values_of(pins, how_much);
  if (words.empty() || (pins.size() == 1 && how_much == PlateWords::number)) return words;
  if (pins.size() == 1) return fmt::format("{}: {}", pin_title(pins, 0), words);
  words = fmt::format("{}: {}", places ? places_compared(pins) : text("chart.ratio"), words);
  if (places || named) words = fmt::format("{}, {}", names_of(pins), words);
  for (std::size_t i = 0; i < pins.size() && !all_earlier(pins); ++i)
    if (pins[i].earlier)
      words += ", " + format_text("chart.one_earlier", fmt::arg("pin", kPinNames[i]));
  return words;
}

Pins read_ones(Pins pins) {
  std::erase_if(pins, [](const PinnedReading& pin) { return !pin.read; });
  return pins;
}

std::vector<Comparison> compare(const PlotReading& first, const PlotReading& second) {
  const std::vector<ReadingValue> a = all_values(first), b = all_values(second);
  std::vector<Comparison> rows;
  for (const ReadingValue& value : a) {
    const auto other = std::ranges::find(b, value.name, &ReadingValue::name);
    if (other != b.end()) rows.push_back({value.name, value.value, other->value, value.words});
  }
  if (!rows.empty()) return rows;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    rows.push_back(
        {fmt::format("{} / {}", a[i].name, b[i].name), a[i].value, b[i].value, a[i].words});
  return rows;
}

std::string reading_text(const PlotReading& reading) {
  std::string words = fmt::format("{}", fmt::join(reading.lines, "\n"));
  const auto row = [&](const std::vector<std::string>& cells) {
    if (!cells.empty()) words += fmt::format("\n{}", fmt::join(cells, "\t"));
  };
  row(reading.table.head);
  for (const std::vector<std::string>& cells : all_rows(reading)) row(cells);
  return words;
}

std::string pins_text(const Pins& all) {
  const Pins pins = read_ones(all);
  if (pins.size() == 1) return reading_text(pins.front().reading);
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < pins.size(); ++i) lines.push_back(pin_title(pins, i));
  if (!pins.empty())
    for (const std::vector<std::string>& row : table_of(pins))
      lines.push_back(fmt::format("{}", fmt::join(row, "\t")));
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace nanscope
