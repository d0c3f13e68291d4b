#include "ui/canvas/canvas.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "imgui_internal.h"
#include "tests/ui/drawing.h"
#include "ui/canvas/number_at.h"
#include "ui/canvas/shapes.h"

namespace nanscope {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CanvasTest : public Drawing {};

/// Whether the text is UTF-8: Dear ImGui reads what is not as this character.
bool is_utf8(const std::string& words) {
  ImVector<ImWchar> letters;
  letters.resize(static_cast<int>(words.size()) + 1);
  const int count = ImTextStrFromUtf8(letters.Data, letters.Size, words.c_str(), nullptr);
  for (int i = 0; i < count; ++i)
    if (letters[i] == IM_UNICODE_CODEPOINT_INVALID) return false;
  return true;
}

TEST_F(CanvasTest, CutsTextBetweenCharacters) {
  const std::string words = "\u65b9\u5dee \u2192 \u00fcber 10\u207b\u00b2\u2070";
  for (float room = 0; room < 200; room += 1) {
    const std::string cut = cut_text(style_, Face::regular, 16, words, room);
    EXPECT_TRUE(is_utf8(cut)) << cut;
    for (const std::string& line : wrapped_lines(style_, Face::regular, 16, words, room))
      EXPECT_TRUE(is_utf8(line)) << line;
  }
  EXPECT_EQ(cut_text(style_, Face::regular, 16, words, 1000), words);
}

TEST_F(CanvasTest, TheNumbersOfALineAreFoundWhereTheyStand) {
  const TextLook look{Face::mono, 16};
  const auto found = [&](const std::string& words, const std::string& at) {
    const float left = text_extent(style_, look.face, look.size, words.substr(0, words.find(at))).x;
    const auto number = number_in(style_, {100, 50}, words, look, {100 + left + 2, 58});
    return number ? number->words : "";
  };
  const std::string facts = "shape (2, 3)  stride (3, 1)  offset 0  float32";
  EXPECT_EQ(found(facts, "2, 3"), "(2, 3)");
  EXPECT_EQ(found(facts, ", 1"), "(3, 1)");
  EXPECT_EQ(found(facts, "0  f"), "0");
  EXPECT_EQ(found(facts, "32"), "");  // of a name
  EXPECT_EQ(found(facts, "stride"), "");
  EXPECT_EQ(found("24 · 4 B = 96 B, 1e-05 s.", "96"), "96 B");
  EXPECT_EQ(found("24 · 4 B = 96 B, 1e-05 s.", "B,"), "96 B");
  EXPECT_EQ(found("24 · 4 B = 96 B, 1e-05 s.", "-05"), "1e-05 s");
  EXPECT_EQ(found("It is 0.5. Or -3 and (x)", "0.5"), "0.5");
  EXPECT_EQ(found("It is 0.5. Or -3 and (x)", "-3"), "-3");
  EXPECT_EQ(found("It is 0.5. Or -3 and (x)", "(x)"), "");
  EXPECT_FALSE(number_in(style_, {100, 50}, facts, look, {160, 90}));
}

TEST_F(CanvasTest, AClipIsAGroupOfTheSvg) {
  SvgCanvas canvas(style_, {400, 300});
  {
    const Clip clip(canvas, {10, 20}, {110, 220});
    canvas.line({0, 0}, {400, 300}, 0xff0000ff, 2);
  }
  {
    const Clip again(canvas, {10, 20}, {110, 220});
    canvas.line({0, 0}, {400, 300}, 0xff0000ff, 2);
  }
  const std::string document = canvas.document();
  EXPECT_THAT(document, HasSubstr("<clipPath id=\"clip-10-20-110-220\"><rect x=\"10\""));
  EXPECT_EQ(document.find("<clipPath", document.find("<clipPath") + 1), std::string::npos);
  EXPECT_THAT(document, HasSubstr("<g clip-path=\"url(#clip-10-20-110-220)\">"));
}

TEST_F(CanvasTest, LinesAreInterruptedByNanAndEndNearTheClip) {
  SvgCanvas canvas(style_, {400, 300});
  const std::array points{ImVec2{-1e7f, 100}, ImVec2{50, 100}, ImVec2{60, NAN}, ImVec2{70, 100},
                          ImVec2{9e6f, 100}};
  {
    const Clip clip(canvas, {0, 0}, {100, 200});
    canvas.polyline(points, 0xff0000ff, 2);
    canvas.dashes(points, 0xff0000ff, 2, {4, 4});
    const std::array upper{ImVec2{-1e7f, 50}, ImVec2{1e7f, 50}};
    const std::array lower{ImVec2{-1e7f, 90}, ImVec2{1e7f, 90}};
    canvas.field(upper, lower, 0x400000ff);
  }
  const std::string document = canvas.document();
  EXPECT_THAT(document, Not(HasSubstr("nan")));
  EXPECT_THAT(document, HasSubstr("points=\"-64,100 50,100\""));
  EXPECT_THAT(document, HasSubstr("points=\"70,100 164,100\""));
}

TEST_F(CanvasTest, DashesGoOnWhereTheyWouldBe) {
  // The pattern of 8 pixels has run for 10000000 - 64 pixels before the clip begins.
  const auto parts =
      parts_inside({{-64, 0}, {164, 200}}, std::array{ImVec2{-10'000'000, 100}, ImVec2{50, 100}});
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_NEAR(parts[0].skipped, 10'000'000 - 64, 1);
}

TEST_F(CanvasTest, APolygonKeepsWhatLiesInTheBox) {
  const std::array triangle{ImVec2{-100, 50}, ImVec2{300, -100}, ImVec2{300, 400}};
  for (const ImVec2& point : polygon_inside({{0, 0}, {200, 200}}, triangle)) {
    EXPECT_GE(point.x, 0);
    EXPECT_LE(point.x, 200);
    EXPECT_GE(point.y, 0);
    EXPECT_LE(point.y, 200.001f);
  }
  EXPECT_TRUE(polygon_inside({{-900, 0}, {-800, 200}}, triangle).empty());
}

/// What is cut is cut behind a word, unless little of it would be left.
TEST_F(CanvasTest, CutsWordsWhole) {
  const std::string words = "scheme normal, learning rate 0.01";
  const auto room = [&](const char* part) {
    return text_extent(style_, Face::regular, 16, part).x + 1;
  };
  EXPECT_EQ(cut_text(style_, Face::regular, 16, words, room("scheme normal, lear...")),
            "scheme normal...");
  EXPECT_EQ(cut_text(style_, Face::regular, 16, words, room("scheme normal...")),
            "scheme normal...");
  EXPECT_EQ(cut_text(style_, Face::regular, 16, words, room("scheme norma...")), "scheme...");
  EXPECT_EQ(cut_text(style_, Face::regular, 16, words, room("sche...")), "sche...");
  EXPECT_EQ(cut_text(style_, Face::regular, 16, "a superlongname", room("a superlong...")),
            "a superlong...");
}

}  // namespace
}  // namespace nanscope
