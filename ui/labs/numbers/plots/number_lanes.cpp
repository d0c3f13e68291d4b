#include "ui/labs/numbers/plots/number_lanes.h"

#include <algorithm>
#include <cmath>

#include "ui/labs/numbers/plots/number_line.h"

namespace nanscope {
namespace {

constexpr float kRoomyPitch = 1.6f;  // ems of a lane with values below it

}  // namespace

ChartFrame number_line_frame(const NumberBits& number, const Style& style, const PlotPlace& place) {
  const float em = body(style);
  float names = 0;
  for (const NumberRow& row : number.rows)
    names = std::max(names, text_extent(style, Face::semibold, em * 0.9f, row.format.name).x);
  ChartFrame frame;
  frame.x.home = {-0.5, 0.5};
  frame.x.reach = number_line_reach(number);
  frame.x.limits =
      place.zoom.x ? within_reach(*place.zoom.x, frame.x.home, frame.x.reach) : frame.x.home;
  const auto rows = static_cast<double>(number.rows.size());
  frame.y = {.limits = {0, rows}, .home = {0, rows}, .zooms = false};
  frame.low = {place.corner.x + std::min(names, em * 8) + em * 0.6f, place.corner.y + em * 1.5f};
  frame.high = {place.corner.x + place.size.x, place.corner.y + place.size.y};
  return frame;
}

std::vector<NumberLane> number_lanes(const NumberBits& number, const Style& style,
                                     const PlotPlace& place) {
  const float em = body(style);
  const ChartFrame frame = number_line_frame(number, style, place);
  const double natural = number_line_range(number).natural;
  NumberLane lane;
  lane.seen = {frame.x.limits.low * natural, frame.x.limits.high * natural};
  lane.left = frame.low.x;
  lane.right = frame.high.x;
  lane.pitch = (frame.high.y - frame.low.y) / static_cast<float>(number.rows.size());
  lane.dense = lane.pitch < em * kRoomyPitch;
  lane.tick = lane.dense ? lane.pitch * 0.7f : std::min(em * 0.8f, lane.pitch * 0.42f);
  const float share = lane.dense ? 0.85f : 0.55f;
  std::vector<NumberLane> lanes;
  for (std::size_t i = 0; i < number.rows.size(); ++i) {
    lane.y = std::round(frame.low.y + (static_cast<float>(i) + share) * lane.pitch);
    lanes.push_back(lane);
  }
  return lanes;
}

}  // namespace nanscope
