#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "ui/labs/tensors/plots/tensor_layout.h"

// For ui/plots/tensor_card*.cpp only: what fills a card.
namespace nanscope {

inline constexpr float kNarrowest = 19;  // em: a card is at least as wide
inline constexpr float kNarrowestBrief = 11;
inline constexpr std::size_t kLongestOperation = 60;

/// Fills a card from top to bottom.
class CardBuilder {
 public:
  CardBuilder(const Style& style, const ChainMetrics& metrics)
      : style_(style), metrics_(metrics), padding_(metrics.unit * 1.25f), y_(padding_) {}

  /// The step's number, what it does, and in the corner what became of memory.
  void title(int number, const std::string& operation, const std::string& tag) {
    const std::string badge = fmt::format("{}", number);
    const ImVec2 badge_size = extent(CardRole::number, badge);
    add(CardRole::number, badge, {padding_ + metrics_.unit / 2, y_});
    std::string shown = operation;
    if (shown.size() > kLongestOperation) shown = shown.substr(0, kLongestOperation - 3) + "...";
    std::ranges::replace(shown, '\n', ' ');
    add(CardRole::operation, shown, {padding_ + badge_size.x + metrics_.unit * 2, y_});
    add(CardRole::tag, tag, {width_ + metrics_.unit * 2, y_});
    y_ += extent(CardRole::operation, shown).y + metrics_.unit / 2;
  }

  void line(CardRole role, const std::string& words) {
    if (words.empty()) return;
    add(role, words, {padding_, y_});
    y_ += extent(role, words).y;
  }

  /// Words in as many lines as the widest card needs, or `most` pixels if that is less.
  void paragraph(CardRole role, const std::string& words, float most = 1e9f) {
    const float room = std::min(most, metrics_.width - 2 * padding_);
    std::string line_words;
    for (std::size_t begin = 0; begin < words.size();) {
      const std::size_t end = std::min(words.find_first_of(" \n", begin), words.size());
      const std::string word = words.substr(begin, end - begin);
      begin = end + 1;
      if (word.empty()) continue;
      const std::string longer = line_words.empty() ? word : fmt::format("{} {}", line_words, word);
      if (!line_words.empty() && extent(role, longer).x > room) {
        line(role, line_words);
        line_words = word;
      } else {
        line_words = longer;
      }
    }
    line(role, line_words);
  }

  void space(float units) { y_ += metrics_.unit * units; }

  void add(CardRole role, const std::string& words, ImVec2 at) {
    const ImVec2 size = extent(role, words);
    card_.texts.push_back({role, at, words});
    reach(at.x + size.x, at.y + size.y);
  }

  void reach(float x, float y) {
    width_ = std::max(width_, x);
    y_most_ = std::max(y_most_, y);
  }

  ImVec2 extent(CardRole role, const std::string& words) const {
    return card_text_extent(style_, role, metrics_.em, words);
  }

  CardLayout finish() {
    const bool brief = metrics_.detail != CardDetail::full;
    const float narrowest =
        card_.step == kLeftOut ? 0 : metrics_.em * (brief ? kNarrowestBrief : kNarrowest);
    if (brief) y_most_ = y_ = std::max(y_, y_most_) - metrics_.unit;
    card_.high = {std::max(width_ + padding_, narrowest), std::max(y_, y_most_) + padding_};
    card_.high.x = std::min(card_.high.x, std::max(metrics_.width, narrowest));
    card_.overfull = width_ + padding_ > card_.high.x + 0.5f;  // sums of fractions are not exact
    float tag = 0;
    for (CardText& line : card_.texts)
      if (line.role == CardRole::tag) {
        tag = extent(CardRole::tag, line.words).x + metrics_.unit;
        line.at.x = card_.high.x - padding_ - tag + metrics_.unit;
      }
    if (brief && card_.overfull) cut_words(tag);
    return std::move(card_);
  }

  CardLayout& card() { return card_; }
  float y() const { return y_; }
  void set_y(float y) { y_ = y; }
  float padding() const { return padding_; }
  const ChainMetrics& metrics() const { return metrics_; }

 private:
  /// Ends lines with "..." where the card does; the title's before the tag.
  void cut_words(float tag) {
    for (CardText& line : card_.texts) {
      if (line.role == CardRole::tag) continue;
      const float room = card_.high.x - padding_ - line.at.x;
      line.words =
          cut_text(style_, card_face(line.role), card_text_size(line.role, metrics_.em),
                   std::move(line.words), line.role == CardRole::operation ? room - tag : room);
    }
  }

  const Style& style_;
  const ChainMetrics& metrics_;
  CardLayout card_;
  float padding_, y_;
  float width_ = 0, y_most_ = 0;
};

/// The tensor's cells, its window beginning at `begin`, with the axes above and beside them.
void add_grid(CardBuilder& card, const TensorStep& step, const Index& begin);

/// Of a tensor that is not shown whole: which part is, and tracks that move it.
void add_window(CardBuilder& card, const TensorStep& step);

}  // namespace nanscope
