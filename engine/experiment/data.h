#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/names.h"
#include "engine/base/result.h"
#include "engine/data/table.h"
#include "engine/experiment/network.h"

// The group of an experiment that says what the network reads.
namespace nanscope {

struct Key;

enum class DataKind { normal, constant_norm, digits, file };

struct DataSpec {
  DataKind kind = DataKind::normal;
  std::string path;  ///< kind = file: a .csv or .npy with one row a sample
  int batch = 64;    ///< samples a pass, 1..65536
  // Of a .csv, where its text leaves a doubt.
  TableHeader header = TableHeader::automatic;
  DecimalMark decimal = DecimalMark::automatic;
  IndexColumn index = IndexColumn::automatic;
  bool operator==(const DataSpec&) const = default;
};

/// "data.kind", "data.path", "data.header", "data.decimal", "data.index", "batch".
std::vector<Key> data_keys();

/// The digits, or the file at data.path as the experiment says that it is read: its numbers rounded
/// once, to fp32 or to fp64 where that is the precision. Errors: those of read_table().
Result<Table> read_data(const DataSpec& data, Precision precision);

/// How an experiment reads its file.
TableOptions table_options(const DataSpec& data, Precision precision);

template <>
struct Names<DataKind> {
  static constexpr std::array<std::pair<DataKind, std::string_view>, 4> all{
      {{DataKind::normal, "normal"},
       {DataKind::constant_norm, "constant_norm"},
       {DataKind::digits, "digits"},
       {DataKind::file, "file"}}};
};

}  // namespace nanscope
