#include <fmt/format.h>

#include "engine/base/csv_cell.h"
#include "engine/base/strict_json.h"
#include "engine/roundoff/chart.h"

namespace nanscope {
namespace {

Json json_of(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(json_number(value));
  return list;
}

Json json_of(const ChartCell& cell) {
  if (const double* number = std::get_if<double>(&cell)) return json_number(*number);
  return std::get<std::string>(cell);
}

Json json_of(const ChartAxis& axis) {
  return {{"key", axis.key}, {"unit", axis.unit}, {"log_base", axis.log_base}};
}

Json json_of(const ChartCurve& curve) {
  return {
      {"format", curve.format},   {"label", curve.label},  {"evidence", name_of(curve.evidence)},
      {"formula", curve.formula}, {"x", json_of(curve.x)}, {"y", json_of(curve.y)}};
}

Json json_of(const ChartMark& mark) {
  constexpr std::string_view kAxes[] = {"x", "y", "histogram_x"};
  return {{"axis", kAxes[static_cast<int>(mark.axis)]},
          {"at", json_of(mark.at)},
          {"format", mark.format},
          {"label", mark.label}};
}

Json json_of(const ChartBars& bars) {
  return {{"format", bars.format},
          {"label", bars.label},
          {"evidence", name_of(bars.evidence)},
          {"edges", json_of(bars.edges)},
          {"shares", json_of(bars.shares)}};
}

Json json_of(const ChartColumn& column) {
  Json cells = Json::array();
  for (const ChartCell& cell : column.cells) cells.push_back(json_of(cell));
  return {{"key", column.key}, {"unit", column.unit}, {"cells", std::move(cells)}};
}

template <class T>
Json json_list(const std::vector<T>& values) {
  Json list = Json::array();
  for (const T& value : values) list.push_back(json_of(value));
  return list;
}

}  // namespace

const ChartCell* RoundoffChart::fact(std::string_view name) const {
  for (const auto& [key, value] : headline.facts)
    if (key == name) return &value;
  return nullptr;
}

std::string chart_to_json(const RoundoffChart& chart, int indent) {
  Json facts = Json::object();
  for (const auto& [name, value] : chart.headline.facts) facts[name] = json_of(value);
  Json json{{"schema", "nanscope.roundoff/1"},
            {"experiment", chart.experiment},
            {"source", chart.source},
            {"headline", {{"key", chart.headline.key}, {"facts", std::move(facts)}}},
            {"x", json_of(chart.x)},
            {"y", json_of(chart.y)},
            {"curves", json_list(chart.curves)},
            {"marks", json_list(chart.marks)},
            {"histogram_x", json_of(chart.histogram_x)},
            {"histograms", json_list(chart.histograms)},
            {"table", json_list(chart.table)}};
  // A tensor's or a file's name may hold bytes that are not UTF-8.
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string chart_to_csv(const RoundoffChart& chart) {
  std::string csv = "curve,format,evidence,x,y\n";
  for (const ChartCurve& curve : chart.curves)
    for (std::size_t i = 0; i < curve.x.size(); ++i)
      csv += fmt::format("{},{},{},{},{}\n", csv_cell(curve.label), csv_cell(curve.format),
                         name_of(curve.evidence), curve.x[i], curve.y[i]);
  return csv;
}

}  // namespace nanscope
