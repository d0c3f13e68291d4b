#include "engine/tensor_language/timings_json.h"

#include <fmt/format.h>

#include "engine/base/strict_json.h"

namespace nanscope {
namespace {

std::int64_t bytes_of(const TraversalTiming& timing) { return timing.rows * timing.columns * 4; }

}  // namespace

std::string timings_to_json(const MemoryTimings& timings, int indent) {
  Json traversals = Json::array();
  for (const TraversalTiming& one : timings.traversals)
    traversals.push_back({{"rows", one.rows},
                          {"columns", one.columns},
                          {"bytes", bytes_of(one)},
                          {"row_seconds", one.row_seconds},
                          {"column_seconds", one.column_seconds},
                          {"predicted_row_lines", one.row_lines},
                          {"predicted_column_lines", one.column_lines}});
  Json copies = Json::array();
  for (const CopyTiming& one : timings.copies)
    copies.push_back({{"kind", name_of(one.kind)},
                      {"bytes", one.bytes},
                      {"seconds", one.seconds},
                      {"median_seconds", one.median_seconds},
                      {"bytes_per_second", one.bytes_per_second()},
                      {"page_faults", one.page_faults}});
  const Json object = {
      {"schema", "nanscope.memory/1"},      {"cache_line_bytes", timings.cache_line_bytes},
      {"cache_bytes", timings.cache_bytes}, {"page_bytes", timings.page_bytes},
      {"traversals", traversals},           {"copies", copies},
      {"device", timings.device},           {"device_missing", timings.device_missing}};
  return object.dump(indent);
}

std::string timings_to_csv(const MemoryTimings& timings) {
  std::string csv = "measurement,bytes,seconds,predicted_cache_lines,page_faults,median_seconds\n";
  for (const TraversalTiming& one : timings.traversals) {
    csv += fmt::format("rows,{},{},{},,\n", bytes_of(one), one.row_seconds, one.row_lines);
    csv += fmt::format("columns,{},{},{},,\n", bytes_of(one), one.column_seconds, one.column_lines);
  }
  for (const CopyTiming& one : timings.copies)
    csv += fmt::format("{},{},{},,{},{}\n", name_of(one.kind), one.bytes, one.seconds,
                       one.page_faults, one.median_seconds);
  return csv;
}

}  // namespace nanscope
