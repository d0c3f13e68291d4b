#include "engine/costs/moving_data/moving_data.h"

#include <algorithm>

#include "engine/base/strict_json.h"

namespace nanscope {
namespace {

Json way_json(const DataWay& way) {
  return {{"open_seconds", way.open_seconds},
          {"first_batch_seconds", way.batch_seconds},
          {"seconds", way.seconds()},
          {"resident_bytes", way.resident}};
}

Json timeline_json(const DataTimeline& timeline, double predicted) {
  Json spans = Json::array();
  for (const DataSpan& span : timeline.spans)
    spans.push_back({{"what", span.computes ? "compute" : "copy"},
                     {"batch", span.batch},
                     {"begin", span.begin},
                     {"end", span.end}});
  return {
      {"seconds", timeline.seconds}, {"predicted_seconds", predicted}, {"spans", std::move(spans)}};
}

}  // namespace

MovingDataRequest moving_data_request(const Costs& costs) {
  return {.file = costs.file,
          .file_bytes = costs.file_bytes,
          .batch = costs.data_batch,
          .length = costs.data_length,
          .compute = costs.compute};
}

double seconds_in_turns(int batches, double copy, double compute) {
  return batches * (copy + compute);
}

double seconds_overlapped(int batches, double copy, double compute) {
  return copy + (batches - 1) * std::max(copy, compute) + compute;
}

std::string moving_data_to_json(const MovingData& data) {
  Json loader = Json::array();
  const auto tokens = static_cast<double>(data.token_bytes);
  for (const LoaderSpeed& one : data.loader)
    loader.push_back({{"batch", one.batch},
                      {"threads", one.threads},
                      {"batches_per_second", one.batches_per_second},
                      {"tokens_per_second", one.bytes_per_second / tokens},
                      {"bytes_per_second", one.bytes_per_second}});
  const double copy = data.copy_seconds, compute = data.compute_seconds;
  return Json{{"schema", "nanscope.data/1"},
              {"file",
               {{"path", data.path},
                {"made", data.of.file.empty()},
                {"bytes", data.bytes},
                {"token_bytes", data.token_bytes},
                {"tokens", data.tokens()},
                {"cached", data.cached}}},
              {"batch", data.of.batch},
              {"length", data.of.length},
              {"mapped", way_json(data.mapped)},
              {"loaded", data.loaded ? way_json(*data.loaded) : Json()},
              {"loader", std::move(loader)},
              {"overlap",
               {{"device", "cpu"},
                {"threads", 2},
                {"batches", data.batches},
                {"copy_seconds", copy},
                {"compute_seconds", compute},
                {"in_turns",
                 timeline_json(data.in_turns, seconds_in_turns(data.batches, copy, compute))},
                {"overlapped",
                 timeline_json(data.overlapped, seconds_overlapped(data.batches, copy, compute))},
                {"formulas",
                 {{"in_turns", "n (c + k)"}, {"overlapped", "c + (n - 1) max(c, k) + k"}}}}},
              {"gpu", {{"measured", false}, {"why", data.no_gpu.text()}}}}
             .dump(2) +
         "\n";
}

}  // namespace nanscope
