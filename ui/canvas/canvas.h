#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "imgui.h"
#include "ui/canvas/clipping.h"
#include "ui/canvas/ink.h"
#include "ui/theme/theme.h"

// A drawing of rectangles, lines and words that goes to the screen, into a PNG or into an SVG
// document: one function draws it for all of them. Positions and sizes are pixels.
namespace nanscope {

enum class Face { regular, semibold, mono, italic };
/// Which point of a line of text its position is: of its width, and of its height the upper edge.
enum class Anchor { left, middle, right };

struct TextLook {
  Face face = Face::regular;
  float size = 13;  ///< pixels
  ImU32 color = 0;
  Anchor anchor = Anchor::left;
};

class Canvas {
 public:
  explicit Canvas(const Style& style) : style_(style) {}
  virtual ~Canvas() = default;
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  virtual void fill(ImVec2 low, ImVec2 high, ImU32 color, float rounding = 0) = 0;
  /// A rectangle whose colour goes evenly from its left edge's to its right edge's.
  virtual void fade(ImVec2 low, ImVec2 high, ImU32 left, ImU32 right) = 0;
  /// A border whose middle lies on the rectangle's edge.
  virtual void outline(ImVec2 low, ImVec2 high, ImU32 color, float width, float rounding = 0) = 0;
  /// A filled convex polygon.
  virtual void polygon(std::span<const ImVec2> points, ImU32 color) = 0;
  virtual void text(ImVec2 at, std::string_view words, const TextLook& look) = 0;
  /// Whether anything drawn between these corners would be seen.
  virtual bool visible(ImVec2 low, ImVec2 high) const = 0;

  /// Lines and dashes (in the style's units) through the points; points that are NaN interrupt
  /// them.
  void polyline(std::span<const ImVec2> points, ImU32 color, float width);
  void dashes(std::span<const ImVec2> points, ImU32 color, float width, Dash dash = {});
  /// The area between two lines with as many points each; points that are NaN interrupt it.
  void field(std::span<const ImVec2> upper, std::span<const ImVec2> lower, ImU32 color);

  void line(ImVec2 from, ImVec2 to, ImU32 color, float width);
  /// A line with a filled head of `head` pixels at its end.
  void arrow(ImVec2 from, ImVec2 to, ImU32 color, float width, float head);
  /// Text around a point that is its middle both ways.
  void centered(ImVec2 middle, std::string_view words, TextLook look);

  const Style& style() const { return style_; }

 protected:
  /// A line through points that are numbers, near to what is seen.
  virtual void run(std::span<const ImVec2> points, ImU32 color, float width) = 0;
  /// The same in dashes, of which `skipped` pixels come before the first point.
  virtual void dashed_run(std::span<const ImVec2> points, ImU32 color, float width, Dash dash,
                          double skipped) = 0;
  /// The area between two lines of numbers.
  virtual void area(std::span<const ImVec2> upper, std::span<const ImVec2> lower, ImU32 color) = 0;
  virtual void begin_clip(ImVec2 low, ImVec2 high) = 0;
  virtual void end_clip() = 0;
  /// Where lines and areas may be seen.
  ClipBox seen() const;
  /// The place of a line of text.
  ClipBox text_box(ImVec2 at, std::string_view words, const TextLook& look) const;

 private:
  friend class Clip;
  const Style& style_;
  std::optional<ClipBox> clip_;
};

/// While it lives, what lies outside of a rectangle is not drawn: neither on the screen nor in an
/// SVG document. One at a time.
class Clip {
 public:
  Clip(Canvas& canvas, ImVec2 low, ImVec2 high);
  ~Clip();
  Clip(const Clip&) = delete;
  Clip& operator=(const Clip&) = delete;

 private:
  Canvas& canvas_;
};

/// The size of the body's text, in pixels.
inline float body(const Style& style) { return px(style.font_size); }

ImFont* font_of(const Style& style, Face face);
/// The size in which text of a size is drawn: that, or the style's least.
inline float drawn_size(const Style& style, float size) { return std::max(size, style.least_text); }
/// The width of words in pixels, and the height of a line of this size.
ImVec2 text_extent(const Style& style, Face face, float size, std::string_view words);

/// How many bytes of the words are kept where `length` of them have room: none of a word that has
/// room for a part only, unless that would leave less than a third.
std::size_t cut_at_word(std::string_view words, std::size_t length);

/// The words, cut off with "..." where they are wider than `room` pixels.
std::string cut_text(const Style& style, Face face, float size, std::string words, float room);

/// The words on as many lines as they take within `room` pixels, broken between words.
std::vector<std::string> wrapped_lines(const Style& style, Face face, float size,
                                       const std::string& words, float room);

/// Draws into Dear ImGui: the window and PNG pictures.
class ScreenCanvas final : public Canvas {
 public:
  ScreenCanvas(ImDrawList& list, const Style& style) : Canvas(style), list_(list) {}
  void fill(ImVec2 low, ImVec2 high, ImU32 color, float rounding) override;
  void fade(ImVec2 low, ImVec2 high, ImU32 left, ImU32 right) override;
  void outline(ImVec2 low, ImVec2 high, ImU32 color, float width, float rounding) override;
  void polygon(std::span<const ImVec2> points, ImU32 color) override;
  void text(ImVec2 at, std::string_view words, const TextLook& look) override;
  bool visible(ImVec2 low, ImVec2 high) const override;

 protected:
  void run(std::span<const ImVec2> points, ImU32 color, float width) override;
  void dashed_run(std::span<const ImVec2> points, ImU32 color, float width, Dash dash,
                  double skipped) override;
  void area(std::span<const ImVec2> upper, std::span<const ImVec2> lower, ImU32 color) override;
  void begin_clip(ImVec2 low, ImVec2 high) override;
  void end_clip() override;

 private:
  ImDrawList& list_;
};

/// Writes an SVG document: the same picture, with its words as text in the same faces.
class SvgCanvas final : public Canvas {
 public:
  SvgCanvas(const Style& style, ImVec2 size);
  void fill(ImVec2 low, ImVec2 high, ImU32 color, float rounding) override;
  void fade(ImVec2 low, ImVec2 high, ImU32 left, ImU32 right) override;
  void outline(ImVec2 low, ImVec2 high, ImU32 color, float width, float rounding) override;
  void polygon(std::span<const ImVec2> points, ImU32 color) override;
  void text(ImVec2 at, std::string_view words, const TextLook& look) override;
  bool visible(ImVec2 low, ImVec2 high) const override;

  /// Another document inside of this one, its corner at a point.
  void nest(const std::string& document, ImVec2 at);
  /// An element with text that is not drawn, as <title>.
  void note(std::string_view element, std::string_view attributes, std::string_view words);

  /// The whole document.
  std::string document() const;

 protected:
  void run(std::span<const ImVec2> points, ImU32 color, float width) override;
  void dashed_run(std::span<const ImVec2> points, ImU32 color, float width, Dash dash,
                  double skipped) override;
  void area(std::span<const ImVec2> upper, std::span<const ImVec2> lower, ImU32 color) override;
  void begin_clip(ImVec2 low, ImVec2 high) override;
  void end_clip() override;

 private:
  void path(std::span<const ImVec2> points, ImU32 color, float width, std::string_view dash);
  ImVec2 size_;
  std::set<std::string> defined_;  ///< gradients and clips that the document has
  std::string body_;
};

}  // namespace nanscope
