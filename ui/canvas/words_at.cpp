#include "ui/canvas/words_at.h"

#include <algorithm>
#include <utility>

namespace nanscope {
namespace {

/// Keeps the words of the row that a point is in.
class ListeningCanvas final : public Canvas {
 public:
  ListeningCanvas(const Style& style, ImVec2 point) : Canvas(style), point_(point) {}

  void fill(ImVec2, ImVec2, ImU32, float) override {}
  void fade(ImVec2, ImVec2, ImU32, ImU32) override {}
  void outline(ImVec2, ImVec2, ImU32, float, float) override {}
  void polygon(std::span<const ImVec2>, ImU32) override {}
  void text(ImVec2 at, std::string_view words, const TextLook& look) override {
    const ImVec2 extent = text_extent(style(), look.face, look.size, words);
    if (words.empty() || point_.y < at.y || point_.y > at.y + extent.y) return;
    if (look.anchor != Anchor::left) at.x -= extent.x / (look.anchor == Anchor::middle ? 2 : 1);
    row_.push_back({at.x, at.x + extent.x, std::string(words)});
  }
  bool visible(ImVec2, ImVec2) const override { return true; }

  std::vector<std::string> words() {
    std::ranges::sort(row_, {}, &Words::left);
    std::string whole;
    std::vector<std::string> found;
    for (const Words& one : row_) {
      whole += (whole.empty() ? "" : "\t") + one.words;
      if (point_.x >= one.left && point_.x <= one.right) found.push_back(one.words);
    }
    if (row_.size() > 1 || (found.empty() && !whole.empty())) found.push_back(std::move(whole));
    return found;
  }

 protected:
  void run(std::span<const ImVec2>, ImU32, float) override {}
  void dashed_run(std::span<const ImVec2>, ImU32, float, Dash, double) override {}
  void area(std::span<const ImVec2>, std::span<const ImVec2>, ImU32) override {}
  void begin_clip(ImVec2, ImVec2) override {}
  void end_clip() override {}

 private:
  struct Words {
    float left = 0, right = 0;
    std::string words;
  };
  ImVec2 point_;
  std::vector<Words> row_;
};

}  // namespace

std::vector<std::string> words_at(const Style& style, ImVec2 point,
                                  const std::function<void(Canvas&)>& draw) {
  ListeningCanvas canvas(style, point);
  draw(canvas);
  return canvas.words();
}

}  // namespace nanscope
