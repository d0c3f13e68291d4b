#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ui/canvas/silent_canvas.h"

namespace nanscope {

/// Draws nothing, and remembers what a person would see: the words and the filled rectangles.
class RecordingCanvas final : public SilentCanvas {
 public:
  struct Words {
    std::string words;
    ImVec2 low, high;  ///< of the part that is not clipped
    bool cut = false;  ///< clipped
  };
  struct Fill {
    ImVec2 low, high;
    ImU32 color = 0;
  };

  RecordingCanvas(const Style& style, ImVec2 size) : SilentCanvas(style), size_(size) {}
  void fill(ImVec2 low, ImVec2 high, ImU32 color, float) override {
    fills.push_back({low, high, color});
  }
  void polygon(std::span<const ImVec2> points, ImU32 color) override {
    polygons.push_back({{points.begin(), points.end()}, color});
  }
  void text(ImVec2 at, std::string_view words, const TextLook& look) override {
    const ClipBox box = text_box(at, words, look);
    Words one{std::string(words), box.low, box.high};
    if (clip_) {
      const ImVec2 low{std::max(one.low.x, clip_->low.x), std::max(one.low.y, clip_->low.y)};
      const ImVec2 high{std::min(one.high.x, clip_->high.x), std::min(one.high.y, clip_->high.y)};
      // A pixel of rounding.
      one.cut = low.x > one.low.x + 1 || high.x < one.high.x - 1 || low.y > one.low.y + 1 ||
                high.y < one.high.y - 1;
      one.low = low;
      one.high = high;
    }
    if (one.high.x > one.low.x && one.high.y > one.low.y) texts.push_back(one);
  }
  bool visible(ImVec2 low, ImVec2 high) const override {
    return high.x >= 0 && high.y >= 0 && low.x <= size_.x && low.y <= size_.y;
  }

  struct Dashes {
    std::vector<ImVec2> points;
  };
  std::vector<Dashes> dashes_drawn;
  std::vector<std::vector<ImVec2>> lines_drawn;
  std::vector<ClipBox> clips;
  std::vector<Words> texts;
  std::vector<Fill> fills;
  std::vector<std::pair<std::vector<ImVec2>, ImU32>> polygons;
  int areas = 0;  ///< between two lines

 protected:
  void area(std::span<const ImVec2>, std::span<const ImVec2>, ImU32) override { ++areas; }
  void run(std::span<const ImVec2> points, ImU32, float) override {
    lines_drawn.emplace_back(points.begin(), points.end());
  }
  void dashed_run(std::span<const ImVec2> points, ImU32, float, Dash, double) override {
    dashes_drawn.push_back({{points.begin(), points.end()}});
  }
  void begin_clip(ImVec2 low, ImVec2 high) override {
    clip_ = ClipBox{low, high};
    clips.push_back(*clip_);
  }
  void end_clip() override { clip_.reset(); }

 private:
  ImVec2 size_;
  std::optional<ClipBox> clip_;
};

}  // namespace nanscope
