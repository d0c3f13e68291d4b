#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/names.h"

// The group of an experiment that says what the network reads.
namespace nanscope {

struct Key;

enum class DataKind { normal, constant_norm, digits, file };

struct DataSpec {
  DataKind kind = DataKind::normal;
  std::string path;  ///< kind = file: a .csv or .npy with one row a sample
  int batch = 64;    ///< samples a pass, 1..65536
  bool operator==(const DataSpec&) const = default;
};

/// "data.kind", "data.path", "batch".
std::vector<Key> data_keys();

template <>
struct Names<DataKind> {
  static constexpr std::array<std::pair<DataKind, std::string_view>, 4> all{
      {{DataKind::normal, "normal"},
       {DataKind::constant_norm, "constant_norm"},
       {DataKind::digits, "digits"},
       {DataKind::file, "file"}}};
};

}  // namespace nanscope
