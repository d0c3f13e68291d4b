#include "engine/tensor_language/chain_json.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "engine/base/csv_cell.h"
#include "engine/base/strict_json.h"
#include "engine/tensor_language/printed_tensor.h"

namespace nanscope {
namespace {

/// A number of this dtype: 3 of an int64, true of a bool.
Json number_of(double value, std::string_view dtype) {
  if (dtype == "bool") return value != 0;
  const bool whole = dtype.find("int") != dtype.npos && std::abs(value) < 0x1p63;
  if (whole) return static_cast<std::int64_t>(value);
  return json_number(value);
}

Json numbers(const std::vector<double>& values, std::string_view dtype) {
  Json list = Json::array();
  for (const double value : values) list.push_back(number_of(value, dtype));
  return list;
}

Json why_not_contiguous(const Contiguity& contiguity) {
  if (contiguity.contiguous) return nullptr;
  return {{"gap", name_of(contiguity.gap)},
          {"dimension", contiguity.dimension},
          {"stride", contiguity.stride},
          {"expected", contiguity.expected}};
}

/// Whole numbers that are no doubles stand in `integers` as they are.
Json exact_numbers(const std::vector<double>& values, const std::vector<std::int64_t>& integers,
                   std::string_view dtype) {
  return integers.empty() ? numbers(values, dtype) : Json(integers);
}

Json cells_json(const CellWindow& cells, std::string_view dtype) {
  return {{"begin", cells.begin},
          {"size", cells.size},
          {"complete", cells.complete},
          {"values", exact_numbers(cells.values, cells.integers, dtype)}};
}

Json summary_json(const CellSummary& summary, std::string_view dtype) {
  return {{"minimum", number_of(summary.minimum, dtype)},
          {"maximum", number_of(summary.maximum, dtype)},
          {"mean", json_number(summary.mean)},
          {"zeros", summary.zeros},
          {"infs", summary.infs},
          {"nans", summary.nans}};
}

Json written_json(const TensorStep& step) {
  Json cells = Json::array(), changed = Json::array();
  for (const WrittenCell& written : step.written)
    cells.push_back({{"cell", written.cell},
                     {"before", number_of(written.before, step.dtype)},
                     {"after", number_of(written.after, step.dtype)}});
  for (const ChangedStep& other : step.changed)
    changed.push_back({{"step", other.step}, {"elements", other.elements}});
  return {{"count", step.written_count}, {"cells", cells}, {"changed", changed}};
}

Json step_json(const TensorStep& step) {
  Json object = {{"expr", step.expr},
                 {"operation", step.operation},
                 {"begin", step.begin},
                 {"end", step.end},
                 {"inputs", step.inputs},
                 {"variable", step.variable},
                 {"shape", step.shape},
                 {"stride", step.stride},
                 {"offset", step.offset},
                 {"dtype", step.dtype},
                 {"element_size", step.element_size},
                 {"contiguous", step.contiguity.contiguous},
                 {"why_not_contiguous", why_not_contiguous(step.contiguity)},
                 {"dimension_names", step.dimension_names},
                 {"kind", name_of(step.kind)},
                 {"storage", step.storage},
                 {"shared_with", step.shared_with},
                 {"copied_bytes", step.copied_bytes},
                 {"cost",
                  {{"seconds", step.cost.seconds},
                   {"bytes_read", step.cost.bytes_read},
                   {"bytes_written", step.cost.bytes_written},
                   {"flops", json_number(step.cost.flops)}}},
                 {"cells", cells_json(step.cells, step.dtype)}};
  for (const Message& note : step.notes) object["notes"].push_back(note.text());
  if (step.summary) object["summary"] = summary_json(*step.summary, step.dtype);
  if (step.kind == StepKind::written) object["written"] = written_json(step);
  return object;
}

Json storage_json(const TensorStorage& storage) {
  return {{"bytes", storage.bytes},
          {"dtype", storage.dtype},
          {"made_by", storage.made_by},
          {"begin", storage.begin},
          {"complete", storage.complete},
          {"cells", exact_numbers(storage.cells, storage.integers, storage.dtype)}};
}

Json error_json(const TensorError& error) {
  Json repairs = Json::array();
  for (const TensorRepair& repair : error.repairs)
    repairs.push_back({{"kind", name_of(repair.kind)},
                       {"insert", repair.insert},
                       {"expression", repair.expression}});
  Json object = {{"step", error.step}, {"kind", name_of(error.kind)},
                 {"expr", error.expr}, {"begin", error.begin},
                 {"end", error.end},   {"message", error.message()},
                 {"repairs", repairs}};
  if (!error.exception.empty()) object["exception"] = error.exception;
  return object;
}

Json parameter_json(const TensorParameter& parameter) {
  Json choices = Json::array();
  for (const TensorParameter::Choice& choice : parameter.choices)
    choices.push_back({{"value", choice.value}, {"expression", choice.expression}});
  return {{"begin", parameter.begin},           {"end", parameter.end},
          {"operation", parameter.operation},   {"name", parameter.name},
          {"value", parameter.value},           {"choices", choices},
          {"low_reason", parameter.low_reason}, {"high_reason", parameter.high_reason}};
}

template <class T, class Function>
Json list_of(const std::vector<T>& values, Function to_object) {
  Json list = Json::array();
  for (const T& value : values) list.push_back(to_object(value));
  return list;
}

}  // namespace

std::string to_json(const TensorChain& chain, int indent) {
  // A last tensor is the last step; what is no tensor, or several, is written as Python prints it.
  const bool is_tensor = chain.value.empty() && chain.printed.empty();
  Json object = {{"schema", "nanscope.tensor/1"},
                 {"expression", chain.expression},
                 {"seed", chain.seed},
                 {"steps", list_of(chain.steps, step_json)},
                 {"storages", list_of(chain.storages, storage_json)},
                 {"error", chain.error ? error_json(*chain.error) : Json(nullptr)},
                 {"value", is_tensor ? Json(nullptr) : Json(printed_value(chain))},
                 {"memory",
                  {{"storage_bytes", chain.memory.storage_bytes},
                   {"peak_bytes", chain.memory.peak_bytes},
                   {"all_copied_bytes", chain.memory.all_copied_bytes}}}};
  if (!chain.parameters.empty()) object["parameters"] = list_of(chain.parameters, parameter_json);
  return object.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string to_csv(const TensorChain& chain) {
  std::string csv =
      "step,expr,shape,stride,offset,dtype,contiguous,kind,storage,copied_bytes,bytes\n";
  for (std::size_t i = 0; i < chain.steps.size(); ++i) {
    const TensorStep& step = chain.steps[i];
    csv += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", i, csv_cell(step.expr),
                       csv_cell(fmt::format("{}", fmt::join(step.shape, ","))),
                       csv_cell(fmt::format("{}", fmt::join(step.stride, ","))), step.offset,
                       step.dtype, step.contiguity.contiguous, name_of(step.kind), step.storage,
                       step.copied_bytes, step.numel() * step.element_size);
  }
  return csv;
}

}  // namespace nanscope
