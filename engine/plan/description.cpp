#include "engine/plan/description.h"

#include <algorithm>

namespace nanscope {

std::int64_t PlanValue::elements() const {
  std::int64_t product = 1;
  for (const std::int64_t size : shape) product *= size;
  return product;
}

std::int64_t PlanValue::bytes() const { return elements() * stored->bits() / 8; }

std::vector<std::string> PlanDescription::names(std::span<const ValueId> ids) const {
  std::vector<std::string> result;
  for (const ValueId id : ids) result.push_back(value(id).name);
  return result;
}

const PlanTap* PlanDescription::find_tap(int layer, std::string_view name) const {
  const std::vector<PlanTap>& taps = layers[static_cast<std::size_t>(layer)].taps;
  const auto found = std::ranges::find(taps, name, &PlanTap::name);
  return found == taps.end() ? nullptr : &*found;
}

std::span<const PlanOperation> PlanDescription::operations_of(int layer) const {
  const PlanLayer& part = layers[static_cast<std::size_t>(layer)];
  return std::span(operations)
      .subspan(static_cast<std::size_t>(part.first_operation),
               static_cast<std::size_t>(part.end_operation - part.first_operation));
}

std::pair<std::size_t, std::size_t> PlanDescription::parameters_of(int layer) const {
  const auto layer_of = [](const PlanParameter& one) { return one.draw.layer; };
  const auto own = std::ranges::equal_range(parameters, layer, {}, layer_of);
  const auto first = static_cast<std::size_t>(own.begin() - parameters.begin());
  return {first, first + own.size()};
}

Cost PlanDescription::forward_cost() const {
  Cost total;
  for (const PlanOperation& operation : operations) total += operation.forward;
  return total;
}

Cost PlanDescription::backward_cost() const {
  Cost total;
  for (const PlanOperation& operation : operations) total += operation.backward;
  return total;
}

Cost PlanDescription::recomputed_cost() const {
  Cost total;
  for (const PlanOperation& operation : operations)
    if (operation.recomputed) total += operation.forward;
  return total;
}

std::int64_t PlanDescription::bytes() const {
  std::int64_t total = 0;
  for (const std::int64_t bytes : buffers) total += bytes;
  return total;
}

DrawBytes PlanDescription::draw_bytes() const {
  if (target != kNoValue) return {};  // a run keeps no draws
  constexpr std::int64_t kFloat = 4;
  DrawBytes bytes{.input = kFloat * (value(input).elements() + value(output).elements())};
  for (const PlanParameter& one : parameters)
    bytes.parameters += kFloat * value(one.value).elements();
  return bytes;
}

std::map<ValueRole, std::int64_t> PlanDescription::bytes_by_role() const {
  std::map<ValueRole, std::int64_t> result;
  std::vector<bool> counted(buffers.size());
  for (const PlanValue& one : values) {
    const auto buffer = static_cast<std::size_t>(one.buffer);
    if (!counted[buffer]) result[one.role] += buffers[buffer];
    counted[buffer] = true;
  }
  return result;
}

const NumberFormat& stored_as(const NumberFormat& format, bool emulated) {
  if (format.name == "fp64") return format;
  return emulated || format.name == "tf32" ? *find_format("fp32") : format;
}

std::string fill(std::string_view pattern, std::span<const std::string> operands,
                 std::span<const std::string> names) {
  std::string text;
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    text += pattern.substr(0, open);
    pattern.remove_prefix(open);
    if (pattern.empty()) break;
    const auto index = static_cast<std::size_t>(pattern[1] - '0');
    const bool plain = pattern[2] == ':';
    text += plain ? names[index] : operands[index];
    pattern.remove_prefix(pattern.find('}') + 1);
  }
  return text;
}

}  // namespace nanscope
