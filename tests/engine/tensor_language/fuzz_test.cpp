// Nothing typed may crash or hang the parsers. Under the sanitizers this also finds reads beyond
// the text.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

#include "engine/tensor_language/einops_recipe.h"
#include "engine/tensor_language/syntax.h"

namespace nanscope {
namespace {

constexpr int kStrings = 200000;

const std::array<std::string, 11> kSeeds = {
    "arange(24).view(2,3,4).transpose(1,2)[:, 1:3]",
    "x: \"batch seq\" = rand(2, 3); x[0, 1] = 5; x += 1\ny = x.t()",
    "torch.cat([ones(2), zeros(3)], dim=-1).to(torch.bfloat16) * 2 ** -3",
    "rearrange(arange(24).view(2,12), 'b (h w) -> h (b w)', h=3)",
    "einsum('ij,jk->ik', rand(2,3), rand(3,4))[..., None, ::2]",
    "a, b = arange(6).split(3); where(a > 1, a, -b) % 2 // 1e-3",
    "((((((((((1))))))))))",
    "0x1F + 0b11 - 1_000 & ~3 | 4 ^ 5",
    "import torch as th, math\nfrom torch.nn import functional as F; th.ones(2).max(0).values",
    "max(*[1, 2], 3) << 123456789012345678901 if 1 < 2 <= 3 and not 4 or 5 in (6,) else 1e400",
    "x = zeros(2); x <<= 1; x.view(*x.shape[::-1], 1e-400) is not None",
};

const std::array<std::string, 30> kPieces = {
    " if ", " else ", " not ",    "<<", "import ", "\\\n",
    "(",    ")",      "[",        "]",  ",",       ":",
    ".",    "...",    "=",        "==", "**",      "'",
    "-",    "~",      "1",        "1e", "x",       "view",
    "0x",   "\n",     "\xC3\xA9", "\"", "#",       std::string("\0", 1)};

/// A seed with some of its bytes changed, removed or replaced by pieces of the language.
std::string mutated(std::mt19937& random) {
  const auto below = [&](std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
  };
  std::string text = kSeeds[below(kSeeds.size())];
  for (std::size_t i = below(8) + 1; i > 0; --i) {
    const std::size_t place = below(text.size() + 1);
    switch (below(4)) {
      case 0:
        text.insert(place, kPieces[below(kPieces.size())]);
        break;
      case 1:
        text.erase(place, below(6));
        break;
      case 2:
        text.insert(place, 1, static_cast<char>(below(256)));
        break;
      default:
        text += text.substr(place, below(20));
    }
  }
  return text;
}

void expect_inside(const std::string& text, int begin, int end) {
  const int size = static_cast<int>(text.size());
  ASSERT_TRUE(0 <= begin && begin <= end && begin <= size && end <= size + 1) << text;
}

TEST(ParserFuzz, MutatedProgramsHaveATreeOrAnErrorInsideTheText) {
  std::mt19937 random(1);
  int accepted = 0;
  for (int i = 0; i < kStrings; ++i) {
    const std::string text = mutated(random);
    const Parsed<Program> program = parse_program(text);
    if (program) {
      ++accepted;
      for (const Statement& statement : *program)
        expect_inside(text, statement.value.begin, statement.value.end);
    } else {
      EXPECT_FALSE(program.error().message().empty());
      expect_inside(text, program.error().begin, program.error().end);
    }
  }
  EXPECT_GT(accepted, kStrings / 100) << "the mutations leave nothing to parse";
}

TEST(ParserFuzz, DeepTextsAreRefusedWithoutDeepRecursion) {
  for (const char* piece : {"(", "[", "-", "x(", "x[", "1**", "x.y.", "1+"}) {
    std::string text;
    while (text.size() + 4 < kLongestExpression) text += piece;
    EXPECT_FALSE(parse_program(text)) << piece;
  }
  EXPECT_FALSE(parse_program(std::string(kLongestExpression + 1, ' ')));
}

TEST(EinopsFuzz, PatternsOfAnyKindAreReadOrRefused) {
  constexpr std::string_view kCharacters = "abcxyz012 ()().._->,!\xC3\t";
  std::mt19937 random(2);
  std::uniform_int_distribution<std::size_t> character(0, kCharacters.size() - 1), length(0, 24);
  int read = 0;
  for (int i = 0; i < kStrings; ++i) {
    std::string pattern = i % 2 == 0 ? "a b c ->" : "";
    for (std::size_t n = length(random); n > 0; --n) pattern += kCharacters[character(random)];
    if (i % 4 == 1) pattern += "-> a b";
    for (const char* operation : {"rearrange", "repeat", "sum"}) {
      const auto recipe = make_einops_recipe(pattern, operation, {2, 3, 4}, {{"x", 0}, {"y", -2}});
      read += recipe ? 1 : 0;
      EXPECT_TRUE(recipe || !recipe.error().empty()) << pattern;
    }
    const auto plain = make_einops_recipe(pattern, "sum", {2, 3, 4}, {});
    read += plain ? 1 : 0;
    const auto einsum = make_einsum_pattern(pattern);
    read += einsum ? 1 : 0;
  }
  EXPECT_GT(read, 1000) << "the patterns leave nothing to read";
}

}  // namespace
}  // namespace nanscope
