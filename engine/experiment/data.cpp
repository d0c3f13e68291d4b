#include "engine/experiment/data.h"

#include <cmath>

#include "engine/experiment/key_makers.h"

namespace nanscope {

std::int64_t held_out_rows(const DataSpec& data, std::int64_t rows) {
  return std::llround(data.held_out * static_cast<double>(rows));
}

std::vector<Key> data_keys() {
  return {
      choice(
          "data.kind", [](auto& e) -> auto& { return e.data.kind; }),
      any_text(
          "data.path", [](auto& e) -> auto& { return e.data.path; }),
      when_changed(choice(
          "data.header", [](auto& e) -> auto& { return e.data.header; })),
      when_changed(choice(
          "data.decimal", [](auto& e) -> auto& { return e.data.decimal; })),
      when_changed(choice(
          "data.index", [](auto& e) -> auto& { return e.data.index; })),
      of_training(when_changed(any_text(
          "data.target", [](auto& e) -> auto& { return e.data.target; }))),
      of_training(when_changed(number(
          "data.held_out", 0, 0.9, [](auto& e) -> auto& { return e.data.held_out; }))),
      whole_number(
          "batch", 1, 65536, [](auto& e) -> auto& { return e.data.batch; }),
  };
}

TableOptions table_options(const DataSpec& data, Precision precision) {
  return {.header = data.header,
          .decimal = data.decimal,
          .index = data.index,
          .fp64 = precision == Precision::fp64};
}

Result<Table> read_data(const DataSpec& data, Precision precision) {
  if (data.kind == DataKind::digits) return read_digits();
  const bool fp64 = precision == Precision::fp64;
  if (data.kind == DataKind::spiral) return plane_set(PlaneSet::spiral, fp64);
  if (data.kind == DataKind::circles) return plane_set(PlaneSet::circles, fp64);
  if (data.kind == DataKind::moons) return plane_set(PlaneSet::moons, fp64);
  return read_table(data.path, table_options(data, precision));
}

}  // namespace nanscope
