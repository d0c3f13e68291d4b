#pragma once

#include <array>
#include <cstdint>
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

/// What is drawn (normal, constant_norm, teacher) is drawn anew for every step of a run, and its
/// target is y = x w with w = (0, 1, 2, ...); teacher is normal with nothing but this in mind.
enum class DataKind { normal, constant_norm, teacher, spiral, circles, moons, digits, file };

struct DataSpec {
  DataKind kind = DataKind::normal;
  std::string path;  ///< kind = file: a .csv or .npy with one row a sample
  int batch = 64;    ///< samples a pass, 1..65536
  // Of a .csv, where its text leaves a doubt.
  TableHeader header = TableHeader::automatic;
  DecimalMark decimal = DecimalMark::automatic;
  IndexColumn index = IndexColumn::automatic;
  // Of a training run.
  /// Of a file: the target's column by its name, or by its number counted from 1; "": the last one.
  std::string target = {};
  double held_out = 0.2;  ///< share of a table's rows that are not trained on, 0..0.9
  bool operator==(const DataSpec&) const = default;
};

/// Points of a plane.
constexpr bool is_plane(DataKind kind) {
  return kind == DataKind::spiral || kind == DataKind::circles || kind == DataKind::moons;
}
/// Whether the samples come from a table of a width of their own; otherwise they are drawn, as wide
/// as the model.
constexpr bool reads_table(DataKind kind) { return kind >= DataKind::spiral; }
/// Whether they are there to be learned: a pass at initialization has no use for their targets.
constexpr bool is_taught(DataKind kind) { return kind == DataKind::teacher || is_plane(kind); }
/// Of a table of so many rows those that are not trained on.
std::int64_t held_out_rows(const DataSpec& data, std::int64_t rows);
/// Whether a sample's values are drawn from N(0,1), independently.
constexpr bool is_normal(DataKind kind) {
  return kind == DataKind::normal || kind == DataKind::teacher;
}

/// "data.kind", "data.path", "data.header", "data.decimal", "data.index", "data.target",
/// "data.held_out", "batch".
std::vector<Key> data_keys();

/// The digits, points of a plane, or the file at data.path as the experiment says that it is read:
/// its numbers rounded once, to fp32 or to fp64 where that is the precision. Errors: those of
/// read_table().
Result<Table> read_data(const DataSpec& data, Precision precision);

/// How an experiment reads its file.
TableOptions table_options(const DataSpec& data, Precision precision);

template <>
struct Names<DataKind> {
  static constexpr std::array<std::pair<DataKind, std::string_view>, 8> all{
      {{DataKind::normal, "normal"},
       {DataKind::constant_norm, "constant_norm"},
       {DataKind::teacher, "teacher"},
       {DataKind::spiral, "spiral"},
       {DataKind::circles, "circles"},
       {DataKind::moons, "moons"},
       {DataKind::digits, "digits"},
       {DataKind::file, "file"}}};
};

}  // namespace nanscope
