#include "engine/data/safetensors_dtype.h"

namespace nanscope {
namespace {

/// Dtype of the library's tensor.rs.
constexpr SafetensorsType kSafetensorsTypes[] = {
    {"F64", 64, "fp64"},
    {"F32", 32, "fp32"},
    {"F16", 16, "fp16"},
    {"BF16", 16, "bf16"},
    {"F8_E4M3", 8, "e4m3"},
    {"F8_E5M2", 8, "e5m2"},
    {"F8_E8M0", 8, "e8m0"},
    {"F4", 4, "e2m1"},
    {"F6_E2M3", 6, ""},
    {"F6_E3M2", 6, ""},
    {"BOOL", 8, ""},
    {"U8", 8, ""},
    {"I8", 8, ""},
    {"I16", 16, ""},
    {"U16", 16, ""},
    {"I32", 32, ""},
    {"U32", 32, ""},
    {"I64", 64, ""},
    {"U64", 64, ""},
    {"C64", 64, ""},
    {"F8_E4M3FNUZ", 8, "e4m3fnuz"},
    {"F8_E5M2FNUZ", 8, "e5m2fnuz"},
};

}  // namespace

const SafetensorsType* find_safetensors_type(std::string_view dtype) {
  for (const SafetensorsType& type : kSafetensorsTypes)
    if (type.dtype == dtype) return &type;
  return nullptr;
}

std::string readable_safetensors_types() {
  std::string names;
  for (const SafetensorsType& type : kSafetensorsTypes) {
    if (type.format.empty()) continue;
    if (!names.empty()) names += ' ';
    names += type.dtype;
  }
  return names;
}

}  // namespace nanscope
