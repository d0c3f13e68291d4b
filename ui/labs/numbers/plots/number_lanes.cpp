#include "ui/labs/numbers/plots/number_lanes.h"

#include <algorithm>

namespace nanscope {
namespace {

constexpr float kRoomyPitch = 1.6f;  // ems of a lane with values below it

}  // namespace

std::vector<NumberLane> number_lanes(const NumberBits& number, double width, const Style& style,
                                     ImVec2 corner, ImVec2 size) {
  const float em = body(style);
  float names = 0;
  for (const NumberRow& row : number.rows)
    names = std::max(names, text_extent(style, Face::semibold, em * 0.9f, row.format.name).x);
  const float head = em * 1.5f;
  NumberLane lane;
  lane.width = width;
  lane.left = corner.x + std::min(names, em * 8) + em * 0.6f;
  lane.right = corner.x + size.x;
  lane.pitch = (size.y - head) / static_cast<float>(number.rows.size());
  lane.dense = lane.pitch < em * kRoomyPitch;
  lane.tick = lane.dense ? lane.pitch * 0.7f : std::min(em * 0.8f, lane.pitch * 0.42f);
  const float share = lane.dense ? 0.85f : 0.55f;
  std::vector<NumberLane> lanes;
  for (std::size_t i = 0; i < number.rows.size(); ++i) {
    lane.y = std::round(corner.y + head + (static_cast<float>(i) + share) * lane.pitch);
    lanes.push_back(lane);
  }
  return lanes;
}

}  // namespace nanscope
