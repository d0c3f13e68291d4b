#include "engine/tensors/meta_kernels.h"

#include <ATen/Functions.h>
#include <ATen/TensorIterator.h>
#include <ATen/WrapDimUtilsMulti.h>

#include <initializer_list>
#include <optional>

namespace nanscope {
namespace {

/// The result of an elementwise operation, broadcast and laid out as on every device.
at::Tensor elementwise(const at::Tensor& out, std::initializer_list<at::Tensor> inputs,
                       at::ScalarType dtype) {
  at::TensorIteratorConfig config;
  config.check_all_same_dtype(false)
      .check_all_same_device(false)
      .declare_static_dtype_and_device(dtype, at::kMeta)
      .add_owned_output(out);
  for (const at::Tensor& input : inputs) config.add_owned_const_input(input);
  return config.build().output();
}

at::Tensor& abs_out(const at::Tensor& self, at::Tensor& out) {
  elementwise(out, {self}, self.scalar_type());
  return out;
}

at::Tensor relu(const at::Tensor& self) { return elementwise({}, {self}, self.scalar_type()); }

at::Tensor hardtanh(const at::Tensor& self, const at::Scalar& /*low*/, const at::Scalar& /*high*/) {
  return elementwise({}, {self}, self.scalar_type());
}

at::Tensor hardswish(const at::Tensor& self) { return elementwise({}, {self}, self.scalar_type()); }

at::Tensor& nan_to_num_out(const at::Tensor& self, std::optional<double> /*nan*/,
                           std::optional<double> /*posinf*/, std::optional<double> /*neginf*/,
                           at::Tensor& out) {
  elementwise(out, {self}, self.scalar_type());
  return out;
}

at::Tensor isnan(const at::Tensor& self) { return elementwise({}, {self}, at::kBool); }

at::Tensor& logical_not_out(const at::Tensor& self, at::Tensor& out) {
  elementwise(out, {self}, out.scalar_type());
  return out;
}

at::Tensor& logical_out(const at::Tensor& self, const at::Tensor& other, at::Tensor& out) {
  elementwise(out, {self, other}, out.scalar_type());
  return out;
}

at::Tensor floor_divide(const at::Tensor& self, const at::Tensor& other) {
  return elementwise({}, {self, other}, at::result_type(self, other));
}

at::Tensor& floor_divide_in_place(at::Tensor& self, const at::Tensor& other) {
  elementwise(self, {self, other}, self.scalar_type());
  return self;
}

at::Tensor where(const at::Tensor& condition, const at::Tensor& self, const at::Tensor& other) {
  return elementwise({}, {condition, self, other}, at::result_type(self, other));
}

/// var and std.
at::Tensor deviation(const at::Tensor& self, at::OptionalIntArrayRef dim,
                     const std::optional<at::Scalar>& /*correction*/, bool keepdim) {
  return at::sum(self, dim, keepdim, self.scalar_type());
}

at::Tensor nansum(const at::Tensor& self, at::OptionalIntArrayRef dim, bool keepdim,
                  std::optional<at::ScalarType> dtype) {
  return at::sum(self, dim, keepdim, dtype);
}

at::Tensor count_nonzero(const at::Tensor& self, at::IntArrayRef dim) {
  return at::sum(self, dim, false, at::kLong);
}

/// NaN is its own median.
at::Tensor median(const at::Tensor& self) { return at::empty({}, self.options()); }

std::tuple<at::Tensor&, at::Tensor&> median_out(const at::Tensor& self, std::int64_t dim,
                                                bool keepdim, at::Tensor& values,
                                                at::Tensor& indices) {
  const at::Tensor shape = at::amax(self, dim, keepdim);
  values.resize_(shape.sizes());
  indices.resize_(shape.sizes());
  return {values, indices};
}

std::tuple<at::Tensor, at::Tensor> mode(const at::Tensor& self, std::int64_t dim, bool keepdim) {
  const at::Tensor values = at::amax(self, dim, keepdim);
  return {values, at::empty(values.sizes(), values.options().dtype(at::kLong))};
}

std::tuple<at::Tensor&, at::Tensor&> kthvalue_out(const at::Tensor& self, std::int64_t k,
                                                  std::int64_t dim, bool keepdim,
                                                  at::Tensor& values, at::Tensor& indices) {
  const std::int64_t place = at::maybe_wrap_dim(dim, self.dim());
  TORCH_CHECK(k >= 1 && k <= (self.dim() > 0 ? self.size(place) : 1),
              "kthvalue(): selected number k out of range for dimension ", place);
  return median_out(self, dim, keepdim, values, indices);
}

/// cummax and cummin have made their results before.
void cumulative(const at::Tensor& /*self*/, at::Tensor& /*values*/, at::Tensor& /*indices*/,
                std::int64_t /*dim*/) {}

at::Tensor largest(const at::Tensor& self, const char* name) {
  TORCH_CHECK(self.numel() > 0, name,
              "(): Expected reduction dim to be specified for input.numel() == 0. Specify the "
              "reduction dim with the 'dim' argument.");
  return at::empty({}, self.options());
}

at::Tensor max(const at::Tensor& self) { return largest(self, "max"); }
at::Tensor min(const at::Tensor& self) { return largest(self, "min"); }

at::Tensor trace(const at::Tensor& self) {
  TORCH_CHECK(self.dim() == 2, "trace: expected a matrix, but got tensor with dim ", self.dim());
  return at::sum(self);
}

at::Tensor dot(const at::Tensor& self, const at::Tensor& other) {
  TORCH_CHECK(self.dim() == 1 && other.dim() == 1, "1D tensors expected, but got ", self.dim(),
              "D and ", other.dim(), "D tensors");
  TORCH_CHECK(self.numel() == other.numel(), "inconsistent tensor size, expected tensor [",
              self.numel(), "] and src [", other.numel(),
              "] to have the same number of elements, but got ", self.numel(), " and ",
              other.numel(), " elements respectively");
  return at::empty({}, self.options());
}

at::Tensor flip(const at::Tensor& self, at::IntArrayRef dims) {
  at::dim_list_to_bitset(dims, static_cast<std::size_t>(self.dim()));
  return at::empty_like(self, at::MemoryFormat::Preserve);
}

/// Along several dimensions one after another, without one along the flattened tensor.
at::Tensor roll(const at::Tensor& self, at::IntArrayRef shifts, at::IntArrayRef dims) {
  TORCH_CHECK(!shifts.empty(), "`shifts` required");
  const bool flattened = dims.empty() && shifts.size() == 1;
  TORCH_CHECK(flattened || shifts.size() == dims.size(),
              "shifts and dimensions must align. shifts: ", shifts.size(), ", dims:", dims.size());
  const bool empty = self.numel() == 0;
  if (!empty)
    for (const std::int64_t dim : dims) at::maybe_wrap_dim(dim, self.dim());
  return at::empty_like(self, empty ? at::MemoryFormat::Preserve : at::MemoryFormat::Contiguous);
}

// The dispatcher takes no other signature. NOLINTNEXTLINE(performance-unnecessary-value-param)
at::Tensor& randperm_out(std::int64_t count, std::optional<at::Generator> /*generator*/,
                         at::Tensor& out) {
  out.resize_({count});
  return out;
}

}  // namespace

MetaKernels::MetaKernels()
    : library_(torch::Library::IMPL, "aten", c10::DispatchKey::Meta, __FILE__, __LINE__) {
  library_.impl("abs.out", abs_out)
      .impl("relu", relu)
      .impl("isnan", isnan)
      .impl("logical_not.out", logical_not_out)
      .impl("logical_and.out", logical_out)
      .impl("logical_or.out", logical_out)
      .impl("logical_xor.out", logical_out)
      .impl("hardtanh", hardtanh)
      .impl("hardswish", hardswish)
      .impl("nan_to_num.out", nan_to_num_out)
      .impl("floor_divide", floor_divide)
      .impl("floor_divide_.Tensor", floor_divide_in_place)
      .impl("where.self", where)
      .impl("var.correction", deviation)
      .impl("std.correction", deviation)
      .impl("nansum", nansum)
      .impl("count_nonzero.dim_IntList", count_nonzero)
      .impl("median", median)
      .impl("median.dim_values", median_out)
      .impl("nanmedian", median)
      .impl("nanmedian.dim_values", median_out)
      .impl("mode", mode)
      .impl("kthvalue.values", kthvalue_out)
      .impl("_cummax_helper", cumulative)
      .impl("_cummin_helper", cumulative)
      .impl("max", max)
      .impl("min", min)
      .impl("trace", trace)
      .impl("dot", dot)
      .impl("flip", flip)
      .impl("roll", roll)
      .impl("randperm.generator_out", randperm_out);
}

}  // namespace nanscope
