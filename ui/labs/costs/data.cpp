#include "ui/labs/costs/data.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/base/csv_cell.h"
#include "engine/base/strict_json.h"
#include "engine/costs/napkin/napkin_json.h"
#include "engine/costs/transformer/estimate_json.h"
#include "ui/labs/costs/moving_data.h"
#include "ui/labs/costs/plots/walk_plot.h"

namespace nanscope {
namespace {

/// ",parameters,gradients,..." and the same of bytes.
std::string memory_head() {
  std::string head;
  for (const auto& [key, bytes] : kPlanMemoryParts) head += fmt::format(",{}", key);
  return head;
}
std::string memory_cells(const PlanMemory& memory) {
  std::string cells;
  for (const auto& [key, bytes] : kPlanMemoryParts) cells += fmt::format(",{}", memory.*bytes);
  return cells;
}

std::string run_to_csv(const RunCosts& run) {
  std::string csv = "layer" + memory_head() +
                    ",forward_flops,backward_by_input_flops,backward_by_weight_flops,"
                    "recomputed_flops\n";
  for (std::size_t i = 0; i < run.flops.size() && i < run.costs.layers.size(); ++i) {
    const LayerFlops& flops = run.flops[i];
    csv += fmt::format("{}{},{:.0f},{:.0f},{:.0f},{:.0f}\n", csv_cell(flops.name),
                       memory_cells(run.costs.layers[i].memory), flops.forward, flops.by_input,
                       flops.by_weight, flops.recomputed);
  }
  return csv + fmt::format("shared{},0,0,0,0\n", memory_cells(run.costs.shared));
}

std::string transformer_to_csv(const TransformerCosts& costs) {
  std::string csv = "quantity,name,value\n";
  for (const auto& [component, count] : costs.estimate.parameters.by_component)
    csv += fmt::format("parameters,{},{}\n", name_of(component), count);
  for (const FlopsPart& part : costs.estimate.flops.parts)
    csv += fmt::format("forward_flops,{},{:.0f}\n", part.name, part.forward);
  const DeviceMemory& memory = costs.estimate.memory;
  for (const auto& [name, bytes] : {std::pair{"parameters", memory.parameters},
                                    {"gradients", memory.gradients},
                                    {"optimizer", memory.optimizer},
                                    {"activations", memory.activations}})
    csv += fmt::format("bytes_of_device,{},{:.0f}\n", name, bytes);
  for (const LengthShare& one : costs.shares)
    csv += fmt::format("attention_share,{:.0f},{}\n", one.length, one.share);
  return csv;
}

std::string napkin_to_csv(const NapkinCosts& costs) {
  std::string csv = "key,value,unit,formula,numbers\n";
  for (const FormulaLine& line : costs.lines)
    csv += fmt::format("{},{},{},{},{}\n", line.key, line.value, csv_cell(line.unit),
                       csv_cell(line.formula), csv_cell(line.filled));
  return csv;
}

std::string walk_to_csv(const CostsPicture& picture) {
  std::string csv = "step,way,layer,operation,equation,flops,bytes,computed\n";
  for (std::size_t i = 0; i < picture.walk.size(); ++i) {
    const WalkStep& step = picture.walk[i];
    csv += fmt::format("{},{},{},{},{},{:.0f},{},{}\n", i + 1, csv_cell(way_words(step)),
                       step.layer, step.kind, csv_cell(step.equation), step.flops, step.bytes,
                       step.spared ? "no" : "yes");
  }
  return csv;
}

std::string calibration_to_csv(const Calibration& calibration) {
  std::string csv = "type,size,seconds,flop_per_second\n";
  for (const TypeSpeed& type : calibration.types)
    for (const ProductSpeed& one : type.products)
      csv += fmt::format("{},{},{},{}\n", type.type, one.size, one.seconds, one.flop_per_second);
  return csv;
}

Json tensor_json(const WalkTensor& tensor) {
  Json json{{"name", tensor.name}, {"shape", tensor.shape}, {"transposed", tensor.transposed}};
  if (!tensor.numbers.empty()) {
    json["numbers"] = Json::array();
    for (const double number : tensor.numbers) json["numbers"].push_back(json_number(number));
  }
  return json;
}

std::string walk_to_json(const CostsPicture& picture) {
  Json steps = Json::array();
  for (const WalkStep& step : picture.walk) {
    Json reads = Json::array();
    for (const WalkTensor& tensor : step.reads) reads.push_back(tensor_json(tensor));
    steps.push_back({{"way", way_words(step)},
                     {"layer", step.layer},
                     {"operation", step.kind},
                     {"equation", step.equation},
                     {"reads", std::move(reads)},
                     {"writes", tensor_json(step.writes)},
                     {"flops", step.flops},
                     {"bytes", step.bytes},
                     {"computed", !step.spared}});
  }
  return Json{{"schema", "nanscope.walk/1"}, {"steps", std::move(steps)}}.dump(2) + "\n";
}

}  // namespace

std::string timeline_to_csv(const StepTimeline& timeline, const MeasuredCosts* measured) {
  std::string csv =
      "moment,part,layer,operation,equation,alive" + memory_head() + ",measured_held\n";
  for (std::size_t i = 0; i < timeline.rows.size(); ++i) {
    const TimelineRow& row = timeline.rows[i];
    const std::string held = measured && i < measured->rows.size()
                                 ? std::to_string(measured->rows[i].peak)
                                 : std::string();
    csv += fmt::format("{},{},{},{},{},{}{},{}\n", i + 1, name_of(row.part), csv_cell(row.layer),
                       row.kind, csv_cell(row.equation), row.alive.total(), memory_cells(row.alive),
                       held);
  }
  return csv;
}

std::string operations_to_csv(const CostsPicture& picture) {
  const StepTimeline& timeline = picture.run->timeline;
  const MeasuredCosts* const measured = picture.measured.get();
  std::string csv =
      "moment,part,layer,operation,flops,bytes,flops_a_byte,attainable_flop_per_second,seconds,"
      "times,share,flop_per_second,bytes_per_second,held\n";
  for (std::size_t i = 0; i < timeline.rows.size(); ++i) {
    const TimelineRow& row = timeline.rows[i];
    const auto bytes = static_cast<double>(row.cost.bytes_read + row.cost.bytes_written);
    const double intensity = bytes > 0 ? row.own_flops / bytes : 0;
    csv += fmt::format("{},{},{},{},{:.0f},{:.0f},{},{}", i + 1, name_of(row.part), row.layer,
                       row.kind, row.own_flops, bytes, intensity,
                       picture.peak && bytes > 0
                           ? fmt::format("{}", attainable(*picture.peak, intensity))
                           : std::string());
    csv +=
        measured && i < measured->rows.size()
            ? fmt::format(",{},{},{},{},{},{}\n", measured->rows[i].seconds, measured->times_of(i),
                          measured->share_of_step(i), measured->flop_per_second(i),
                          measured->bytes_per_second(i), measured->rows[i].peak)
            : std::string(",,,,,,\n");
  }
  return csv;
}

std::string costs_to_csv(const CostsPicture& picture) {
  if (picture.settings.view == CostsView::calibration)
    return calibration_to_csv(*picture.calibration);
  if (picture.settings.view == CostsView::roofline) return operations_to_csv(picture);
  if (picture.transformer) return transformer_to_csv(*picture.transformer);
  if (picture.napkin) return napkin_to_csv(*picture.napkin);
  if (picture.data) return moving_data_to_csv(*picture.data);
  if (picture.settings.view == CostsView::walk) return walk_to_csv(picture);
  return run_to_csv(*picture.run);
}

std::string costs_to_json(const CostsPicture& picture) {
  if (picture.transformer) {
    const TransformerCosts& one = *picture.transformer;
    return cost_to_json(one.model, one.request, one.estimate);
  }
  if (picture.data) return moving_data_to_json(*picture.data);
  if (picture.napkin)
    return napkin_to_json(picture.napkin->request, picture.napkin->lines,
                          picture.napkin->conventions);
  if (picture.settings.view == CostsView::walk) return walk_to_json(picture);
  if (picture.settings.view == CostsView::calibration)
    return calibration_to_json(*picture.calibration);
  if (picture.measured)
    return costs_to_json(*picture.measured, picture.peak, Message::value(picture.no_peak));
  return plan_costs_to_json(picture.run->of, picture.run->costs);
}

}  // namespace nanscope
