#include "ui/canvas/words_at.h"

#include <algorithm>
#include <utility>

#include "ui/canvas/silent_canvas.h"

namespace nanscope {
namespace {

/// Keeps the words of the row that a point is in.
class ListeningCanvas final : public SilentCanvas {
 public:
  ListeningCanvas(const Style& style, ImVec2 point) : SilentCanvas(style), point_(point) {}

  void text(ImVec2 at, std::string_view words, const TextLook& look) override {
    const auto [low, high] = text_box(at, words, look);
    if (words.empty() || point_.y < low.y || point_.y > high.y) return;
    row_.push_back({low.x, high.x, std::string(words)});
  }

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
