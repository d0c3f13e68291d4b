#include "engine/tensors/type_limits.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "engine/tensors/dtype.h"

namespace nanscope {
namespace {

struct FloatLimits {
  double min, max, eps, smallest_normal, resolution;
};

template <class Number>
FloatLimits of() {
  using Limits = std::numeric_limits<Number>;
  const auto real = [](Number number) { return static_cast<double>(number); };
  return {real(Limits::lowest()), real(Limits::max()), real(Limits::epsilon()), real(Limits::min()),
          std::pow(10.0, -Limits::digits10)};
}

FloatLimits float_limits(at::ScalarType type) {
  switch (type) {
    case at::kDouble:
      return of<double>();
    case at::kHalf:
      return of<c10::Half>();
    case at::kBFloat16:
      return of<c10::BFloat16>();
    case at::kFloat8_e4m3fn:
      return of<c10::Float8_e4m3fn>();
    case at::kFloat8_e5m2:
      return of<c10::Float8_e5m2>();
    case at::kFloat8_e4m3fnuz:
      return of<c10::Float8_e4m3fnuz>();
    case at::kFloat8_e5m2fnuz:
      return of<c10::Float8_e5m2fnuz>();
    default:
      return of<float>();
  }
}

int bits_of(at::ScalarType type) { return static_cast<int>(8 * c10::elementSize(type)); }

std::int64_t lowest_integer(at::ScalarType type) {
  return type == at::kByte ? 0 : std::numeric_limits<std::int64_t>::min() >> (64 - bits_of(type));
}
std::int64_t largest_integer(at::ScalarType type) {
  return type == at::kByte ? 255 : std::numeric_limits<std::int64_t>::max() >> (64 - bits_of(type));
}

}  // namespace

Tried<ChainValue> limits_of(std::string_view name, const std::vector<ChainValue>& arguments) {
  const bool floating = name == "finfo";
  if (arguments.empty() && floating) return ChainValue(LimitsValue{at::kFloat});
  const auto* type = arguments.empty() ? nullptr : std::get_if<at::ScalarType>(&arguments.front());
  if (!type)
    return failure({"TypeError", message("{}() takes a dtype, as torch.{}", name,
                                         floating ? "float16" : "int8")});
  if (floating && !c10::isFloatingType(*type))
    return failure({"TypeError", message("torch.finfo() requires a floating point input type. Use "
                                         "torch.iinfo to handle 'torch.finfo'")});
  if (!floating && *type == at::kBool)
    return failure({"TypeError", message("torch.bool is not supported by torch.iinfo")});
  if (!floating && !c10::isIntegralType(*type, /*includeBool=*/false))
    return failure({"TypeError", message("torch.iinfo() requires an integer input type. Use "
                                         "torch.finfo to handle 'torch.iinfo'")});
  return ChainValue(LimitsValue{*type});
}

Tried<ChainValue> limit(const LimitsValue& limits, std::string_view name) {
  const at::ScalarType type = limits.type;
  if (name == "bits") return ChainValue(std::int64_t{bits_of(type)});
  if (name == "dtype") return ChainValue(to_name(type));
  if (!c10::isFloatingType(type)) {
    if (name == "min") return ChainValue(lowest_integer(type));
    if (name == "max") return ChainValue(largest_integer(type));
  } else {
    const FloatLimits all = float_limits(type);
    if (name == "min") return ChainValue(all.min);
    if (name == "max") return ChainValue(all.max);
    if (name == "eps") return ChainValue(all.eps);
    if (name == "resolution") return ChainValue(all.resolution);
    if (name == "tiny" || name == "smallest_normal") return ChainValue(all.smallest_normal);
  }
  return failure(
      {"AttributeError", message("'{}' object has no attribute '{}'", limits_type(limits), name)});
}

std::string limits_type(const LimitsValue& limits) {
  return c10::isFloatingType(limits.type) ? "torch.finfo" : "torch.iinfo";
}

std::string limits_text(const LimitsValue& limits) {
  const std::string dtype = to_name(limits.type);
  if (!c10::isFloatingType(limits.type))
    return fmt::format("iinfo(min={}, max={}, dtype={})", lowest_integer(limits.type),
                       largest_integer(limits.type), dtype);
  const FloatLimits all = float_limits(limits.type);
  return fmt::format(
      "finfo(resolution={:g}, min={:g}, max={:g}, eps={:g}, smallest_normal={:g}, tiny={:g}, "
      "dtype={})",
      all.resolution, all.min, all.max, all.eps, all.smallest_normal, all.smallest_normal, dtype);
}

}  // namespace nanscope
