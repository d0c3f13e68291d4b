#include "ui/formula/formula.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/roundoff/roundoff.h"
#include "tests/ui/drawing.h"
#include "ui/formula/tree.h"
#include "ui/text/glossary/glossary.h"

// What formulas are read as, and where their signs are set.
namespace nanscope {
namespace {

using ::testing::HasSubstr;

std::string read(std::string_view source) { return to_text(parse_formula(source)); }

TEST(FormulaReading, ADivisionTakesTheProductBeforeItAndTheFactorBehindIt) {
  EXPECT_EQ(read("n u / (1 - n u)"), "(fraction (row n u) (row 1 \u2212 n u))");
  EXPECT_EQ(read("u (1 + x) / x"), "(fraction (row u (group () (row 1 + x))) x)");
  EXPECT_EQ(read("sum x / sum (x - q)^2"),
            "(fraction (row \u2211 x) (row \u2211 (script (group () (row x \u2212 q)) () 2)))");
  EXPECT_EQ(read("3 + K/2"), "(row 3 + (fraction K 2))");
  EXPECT_EQ(read("dL/dh'"), "(fraction (row d L) (row d h\u2032))");
  EXPECT_EQ(read("1 / (1 + exp(-z))"),
            "(fraction 1 (row 1 + (row exp (group () (row \u2212 z)))))");
}

TEST(FormulaReading, RootsScriptsAndSums) {
  EXPECT_EQ(read("sqrt(sum p (1-p) ulp^2)"),
            "(root (row \u2211 p (group () (row 1 \u2212 p)) (script ulp () 2)))");
  EXPECT_EQ(read("2^-m"), "(script 2 () (row \u2212 m))");
  EXPECT_EQ(read("2^(11 - 15)"), "(script 2 () (row 11 \u2212 15))");
  EXPECT_EQ(read("dz3^T x_{i}"), "(row (script (row d z) 3 T) (script x i ()))");
  EXPECT_EQ(read("\\frac{a}{b} + \\sqrt{c}"), "(row (fraction a b) + (root c))");
  EXPECT_EQ(read("|g| S <= largest"), "(row (group || g) S \u2264 largest)");
  EXPECT_EQ(read("E[x^2] 1e-5"), "(row (row E (group [] (script x () 2))) 1e-5)");
}

TEST(FormulaReading, NumbersBehindNamesAreIndicesButForFormats) {
  EXPECT_EQ(read("h3"), "(script h 3 ())");
  EXPECT_EQ(read("fan_in"), "(script fan in ())");
  EXPECT_EQ(read("fp16(x)"), "(row fp16 (group () x))");
  EXPECT_EQ(read("Phi(z) sigma2"), "(row (row \u03A6 (group () z)) (script \u03C3 2 ()))");
}

TEST(FormulaReading, WhatIsNoFormulaIsReadAsSigns) {
  for (const char* odd : {"", "(", ")", "a)", "((", "|x", "^2", "_", "/", "a /", "x^", "sqrt(",
                          "\\frac{a", "\\", "\u2211\u00B2", "{"})
    EXPECT_NO_FATAL_FAILURE(read(odd)) << odd;
  EXPECT_THAT(read(std::string(5000, '(')), HasSubstr("("));
}

class FormulaSetting : public Drawing {
 protected:
  static constexpr float kSize = 20;
  FormulaBox set(std::string_view source) const { return set_formula(style_, source, kSize); }
  /// The sign with this text.
  static FormulaBox::Sign sign(const FormulaBox& box, const std::string& text) {
    const auto found = std::ranges::find(box.signs, text, &FormulaBox::Sign::text);
    EXPECT_NE(found, box.signs.end()) << text;
    return found == box.signs.end() ? FormulaBox::Sign{} : *found;
  }
};

TEST_F(FormulaSetting, AFractionsPartsAreAboveAndBelowItsBar) {
  const FormulaBox box = set("n / (1 - u)");
  ASSERT_EQ(box.lines.size(), 1u);
  const float bar = box.lines[0].points[0].y;
  EXPECT_LT(sign(box, "n").at.y, bar);
  EXPECT_GT(sign(box, "u").at.y, bar);
  // The upper part stands in the middle, and the bar is as wide as the wider one.
  const float middle = (box.lines[0].points[0].x + box.lines[0].points[1].x) / 2;
  const float n = text_extent(style_, Face::italic, kSize, "n").x;
  EXPECT_NEAR(sign(box, "n").at.x + n / 2, middle, 0.5f);
  EXPECT_GT(box.height(), set("n").height() * 1.8f);
}

TEST_F(FormulaSetting, ScriptsAreSmallerAndRaisedOrLowered) {
  const FormulaBox box = set("x_{i}^2");
  EXPECT_EQ(sign(box, "x").at.y, 0);
  EXPECT_LT(sign(box, "2").at.y, 0);
  EXPECT_GT(sign(box, "i").at.y, 0);
  EXPECT_LT(sign(box, "2").size, kSize);
  EXPECT_EQ(sign(box, "2").at.x, sign(box, "i").at.x);
  EXPECT_EQ(sign(box, "x").face, Face::italic);
  EXPECT_EQ(sign(box, "2").face, Face::regular);
}

// In a lecture hall no text is smaller than what is read in the last row.
TEST_F(FormulaSetting, ScriptsAreSmallerWhereNoTextMayBeSmall) {
  style_.least_text = kSize;
  const FormulaBox box = set("2^(123 - 127)");
  EXPECT_GE(sign(box, "123").size, kSize);
  EXPECT_LT(sign(box, "123").size, 0.8f * sign(box, "2").size);
  EXPECT_EQ(sign(set("a + b"), "a").size, kSize);  // without scripts as large as it was
}

TEST_F(FormulaSetting, AnIndexStandsBelowAnExponentAtAnySize) {
  for (const float size : {9.0f, 13.0f, 20.0f, 40.0f}) {
    const FormulaBox box = set_formula(style_, "W14^T", size);
    const FormulaBox::Sign index = sign(box, "14"), exponent = sign(box, "T");
    const float top = index.at.y - 0.7f * index.size;  // of a digit, which is 0.7 em high
    EXPECT_LE(exponent.at.y, top) << size;
  }
}

TEST_F(FormulaSetting, ARootCoversWhatItIsOf) {
  const FormulaBox inside = set("a / b"), box = set("sqrt(a / b)");
  const auto& bar = box.lines.back().points;
  EXPECT_GE(bar.back().x, sign(box, "b").at.x);
  EXPECT_LT(bar.back().y, -inside.ascent);
  EXPECT_GE(box.ascent, inside.ascent);
}

TEST_F(FormulaSetting, ASignInFrontOfANumberStandsCloserThanBetweenTwo) {
  const FormulaBox between = set("a - b"), front = set("-b");
  const float minus = text_extent(style_, Face::regular, kSize, "\u2212").x;
  EXPECT_FLOAT_EQ(sign(front, "b").at.x, minus);
  EXPECT_GT(sign(between, "b").at.x - sign(between, "\u2212").at.x, minus + 2);
}

TEST_F(FormulaSetting, LinesBreakBeforeOperatorsAndNoLineIsTooLong) {
  constexpr std::string_view kLong = "dh0 = r1 (du1 - mean(du1) - u1 mean(du1 u1)), dW1 = dz1^T x";
  const float whole = set(kLong).width;
  const auto lines = set_formula_lines(style_, kLong, kSize, whole * 0.6f);
  EXPECT_GT(lines.size(), 1u);
  for (const FormulaBox& line : lines) EXPECT_LE(line.width, whole * 0.6f);
  EXPECT_EQ(set_formula_lines(style_, kLong, kSize, whole + 1).size(), 1u);
}

TEST_F(FormulaSetting, NoSignLiesOutsideOfItsBox) {
  std::vector<std::string> all{"sqrt(sum p (1-p) ulp^2)", "a / sqrt(b / (c + 1/d))",
                               "(-1)^1 \u00D7 2^(11 - 15) \u00D7 1.599"};
  for (const Term& term : glossary()) all.emplace_back(term.formula);
  for (const RoundoffExperiment& experiment : roundoff_experiments()) {
    const RoundoffChart chart = run_roundoff(experiment.name, experiment.defaults).value();
    for (const ChartCurve& curve : chart.curves) all.push_back(curve.formula);
  }
  for (const std::string& formula : all) {
    const FormulaBox box = set(formula);
    for (const FormulaBox::Sign& sign : box.signs) {
      EXPECT_GE(sign.at.x, -0.01f) << formula;
      EXPECT_LE(sign.at.x + text_extent(style_, sign.face, sign.size, sign.text).x,
                box.width + 0.5f)
          << formula;
      EXPECT_LE(sign.at.y, box.descent + 0.01f) << formula;
      EXPECT_GE(sign.at.y - 0.5f * sign.size, -box.ascent - 0.01f) << formula;
    }
    // No two signs of one size lie on one another.
    for (std::size_t i = 0; i < box.signs.size(); ++i)
      for (std::size_t k = i + 1; k < box.signs.size(); ++k)
        EXPECT_FALSE(box.signs[i].at.x == box.signs[k].at.x &&
                     box.signs[i].at.y == box.signs[k].at.y)
            << formula << ": " << box.signs[i].text << " " << box.signs[k].text;
  }
}

TEST_F(FormulaSetting, TheSvgHasItsSignsAsText) {
  SvgCanvas canvas(style_, {400, 100});
  draw_formula(canvas, set("n u / (1 - n u)"), {10, 10}, ink(style_.palette.text));
  EXPECT_THAT(canvas.document(), HasSubstr("font-style=\"italic\""));
  EXPECT_THAT(canvas.document(), HasSubstr(">n</text>"));
  EXPECT_THAT(canvas.document(), HasSubstr("<polyline"));
}

}  // namespace
}  // namespace nanscope
