#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/tensor_language/chain_json.h"
#include "engine/tensor_language/one_line.h"
#include "engine/tensor_language/operations.h"
#include "engine/tensor_language/syntax.h"

namespace nanscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The tree with its brackets written out: "(+ a (* b c))".
std::string shown(const Node& node) {
  switch (node.kind) {
    case NodeKind::none:
      return "None";
    case NodeKind::boolean:
      return node.integer ? "True" : "False";
    case NodeKind::integer:
      return std::to_string(node.integer);
    case NodeKind::large:
      return node.text;
    case NodeKind::number:
      return std::to_string(node.number);
    case NodeKind::text:
      return "'" + node.text + "'";
    case NodeKind::ellipsis:
      return "...";
    case NodeKind::name:
      return node.text;
    default:
      break;
  }
  std::string text = node.kind == NodeKind::list          ? "(list"
                     : node.kind == NodeKind::tuple       ? "(tuple"
                     : node.kind == NodeKind::slice       ? "(slice"
                     : node.kind == NodeKind::index       ? "(index"
                     : node.kind == NodeKind::call        ? "(call"
                     : node.kind == NodeKind::starred     ? "(*"
                     : node.kind == NodeKind::conditional ? "(if"
                     : node.kind == NodeKind::comparison  ? "(comparison"
                                                          : "(" + node.text;
  if (node.kind == NodeKind::comparison)
    for (const std::string& symbol : node.keywords) text += ' ' + symbol;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    text += ' ';
    if (node.kind == NodeKind::call && i > 0 && i <= node.keywords.size() &&
        !node.keywords[i - 1].empty())
      text += node.keywords[i - 1] + "=";
    text += shown(node.children[i]);
  }
  return text + ")";
}

std::string parsed(std::string_view text) {
  const Parsed<Program> program = parse_program(text);
  return program ? shown(program->back().value) : program.error().message();
}

SyntaxError error_of(std::string_view text) {
  const Parsed<Program> program = parse_program(text);
  EXPECT_FALSE(program) << text;
  return program ? SyntaxError() : program.error();
}

TEST(Parser, ReadsAChain) {
  EXPECT_EQ(parsed("arange(24).view(2,3,4)"), "(call (view (call arange 24)) 2 3 4)");
  EXPECT_EQ(parsed("ones(3)[:, 1:3, None, ..., ::2]"),
            "(index (call ones 3) (tuple (slice None None None) (slice 1 3 None) None ... "
            "(slice None None 2)))");
  EXPECT_EQ(parsed("zeros((2, 3), dtype=torch.float16)"),
            "(call zeros (tuple 2 3) dtype=(float16 torch))");
  EXPECT_EQ(parsed("tensor([[1, 2.5], [True, -3]])"),
            "(call tensor (list (list 1 2.500000) (list True (- 3))))");
}

TEST(Parser, BindsOperatorsAsPythonDoes) {
  EXPECT_EQ(parsed("1 + 2 * 3 - 4"), "(- (+ 1 (* 2 3)) 4)");
  EXPECT_EQ(parsed("-2 ** 2"), "(- (** 2 2))");
  EXPECT_EQ(parsed("2 ** -1"), "(** 2 (- 1))");
  EXPECT_EQ(parsed("2 ** 3 ** 2"), "(** 2 (** 3 2))");
  EXPECT_EQ(parsed("1 < 2 + 3"), "(< 1 (+ 2 3))");
  EXPECT_EQ(parsed("1 | 2 ^ 3 & 4"), "(| 1 (^ 2 (& 3 4)))");
  EXPECT_EQ(parsed("8 // 2 % 3"), "(% (// 8 2) 3)");
  EXPECT_EQ(parsed("(1 + 2) * 3"), "(* (+ 1 2) 3)");
  EXPECT_EQ(parsed("(1,)"), "(tuple 1)");
}

TEST(Parser, KnowsAnExpressionWithoutItsBrackets) {
  const Parsed<Program> program = parse_program("((1 + 2)) * 3");
  ASSERT_TRUE(program);
  const Node& sum = program->front().value.children.front();
  EXPECT_EQ(sum.begin, 0);
  EXPECT_EQ(sum.end, 9);
  EXPECT_EQ(sum.bare_begin, 2);
  EXPECT_EQ(sum.bare_end, 7);
}

TEST(Parser, ReadsNumbersInEveryNotation) {
  EXPECT_EQ(parsed("1_000"), "1000");
  EXPECT_EQ(parsed("0x1F"), "31");
  EXPECT_EQ(parsed("0b101"), "5");
  EXPECT_EQ(parsed("1e3"), "1000.000000");
  EXPECT_EQ(parsed("-.5"), "(- 0.500000)");
  EXPECT_EQ(parsed("99999999999999999999"), "99999999999999999999");
  EXPECT_EQ(parsed("0xffff_ffff_ffff_ffff_f"), "295147905179352825855");
  EXPECT_EQ(parsed("-9223372036854775808"), "(- 9223372036854775808)");
  EXPECT_EQ(parsed("1e400"), "inf");
  EXPECT_EQ(parsed("1e-400"), "0.000000");
  EXPECT_EQ(parsed("0.0000000000000000000001e-310"), "0.000000");
  EXPECT_EQ(parsed("1" + std::string(400, '0') + ".5"), "inf");
  EXPECT_EQ(parsed("00"), "0");
  EXPECT_THAT(parsed("12abc"), HasSubstr("is no number"));
  EXPECT_THAT(parsed("1__0"), HasSubstr("is no number"));
  EXPECT_THAT(parsed("1_"), HasSubstr("is no number"));
  EXPECT_THAT(parsed("012"), HasSubstr("0o12"));
  EXPECT_THAT(parsed("1 + 2j"), HasSubstr("complex"));
  EXPECT_THAT(parsed(std::string(5000, '9')), HasSubstr("4300 digits"));
}

TEST(Parser, ReadsComparisonsConditionsAndShifts) {
  EXPECT_EQ(parsed("1 < 2 <= 3"), "(comparison < <= 1 2 3)");
  EXPECT_EQ(parsed("1 << 2 + 3 & 4"), "(& (<< 1 (+ 2 3)) 4)");
  EXPECT_EQ(parsed("not 1 == 2 and 3 or 4"), "(or (and (not (== 1 2)) 3) 4)");
  EXPECT_EQ(parsed("1 if 2 else 3 if 4 else 5"), "(if 1 2 (if 3 4 5))");
  EXPECT_EQ(parsed("1 not in (1, 2)"), "(not in 1 (tuple 1 2))");
  EXPECT_EQ(parsed("1 is not None"), "(is not 1 None)");
  EXPECT_EQ(parsed("max(*[1, 2], 3)"), "(call max (* (list 1 2)) 3)");
  EXPECT_EQ(parsed("(*[1], 2)"), "(tuple (* (list 1)) 2)");
  EXPECT_EQ(parsed("1 + \\\n 2"), "(+ 1 2)");
}

TEST(Parser, ReadsImportsAndTheNamesThatTheyGive) {
  EXPECT_EQ(parsed("import torch\nimport torch.nn.functional as F, math\nF.relu(torch.ones(2))"),
            "(call (relu F) (call (ones torch) 2))");
  EXPECT_EQ(parsed("import torch as th; th.ones(2)"), "(call (ones torch) 2)");
  EXPECT_EQ(parsed("from torch.nn import functional as fun; fun.relu(ones(2))"),
            "(call (relu functional) (call ones 2))");
  EXPECT_EQ(parsed("from math import sqrt as root, pi\nroot(pi)"), "(call sqrt pi)");
  EXPECT_THAT(parsed("import numpy as np"), HasSubstr("write torch.arange for numpy.arange"));
  EXPECT_THAT(parsed("import os"), HasSubstr("only torch, torch.nn.functional, einops and math"));
  EXPECT_THAT(parsed("import torch ones"), HasSubstr("Expected an operation"));
  EXPECT_THAT(parsed("from torch ones"), HasSubstr("Expected import"));
}

TEST(Parser, ReadsStatements) {
  const Parsed<Program> program = parse_program(
      "x: \"batch seq\" = ones(2, 3)  # a comment; with = signs\n"
      "a, b = x.chunk(2); x[0, 1] = 5; x += 1");
  ASSERT_TRUE(program) << program.error().message();
  ASSERT_EQ(program->size(), 4u);
  EXPECT_EQ((*program)[0].dimension_names, "batch seq");
  EXPECT_THAT((*program)[1].variables, ElementsAre("a", "b"));
  EXPECT_TRUE((*program)[2].writes);
  EXPECT_EQ((*program)[3].write_operator, "+");
}

TEST(Parser, ReadsJaxtypingAnnotations) {
  const Parsed<Program> program = parse_program("x: Float[Tensor, \"b t c\"] = rand(2, 3, 4)");
  ASSERT_TRUE(program) << program.error().message();
  EXPECT_EQ(program->front().dimension_names, "b t c");
}

TEST(Parser, SaysWhereAndWhat) {
  EXPECT_EQ(error_of("arange(24").begin, 9);
  EXPECT_THAT(error_of("arange(24").message(), HasSubstr("the text ends"));
  EXPECT_EQ(error_of("arange(6).view(2,,3)").begin, 17);
  EXPECT_THAT(error_of("arange(6)]").message(), HasSubstr("there is \"]\""));
  EXPECT_THAT(error_of("").message(), HasSubstr("There is nothing yet"));
  EXPECT_THAT(error_of("arange(6).view('2").message(), HasSubstr("no closing '"));
  EXPECT_THAT(error_of("ones(2)[]").message(), HasSubstr("Expected an index"));
  EXPECT_THAT(error_of("ones(2) = 3").message(), HasSubstr("left of ="));
  EXPECT_THAT(error_of("*a = [1, 2]").message(), HasSubstr("a comma makes it one, *a, = x"));
  EXPECT_EQ(error_of("a, (b, *c) = 1, (2, 3)").begin, 3);
  EXPECT_EQ(error_of("sorted([1, 2], abs)").begin, 15);
  EXPECT_THAT(error_of("sorted([1, 2], abs)").message(), HasSubstr("key=abs"));
  EXPECT_EQ(position_words("ones(2)\nones(", 13), "line 2, character 6");
}

TEST(Parser, SuggestsTheNearestName) {
  EXPECT_EQ(error_of("arange(6).veiw(2,3)").suggestion, "view");
  EXPECT_EQ(error_of("aranje(6)").suggestion, "arange");
  EXPECT_EQ(error_of("ones(2).to(float15)").suggestion, "float16");
  EXPECT_EQ(error_of("batch = ones(2); bacth.sum()").suggestion, "batch");
  EXPECT_THAT(error_of("ones(2).cat(1)").message(), HasSubstr("cat is a function"));
  EXPECT_THAT(error_of("view(ones(2), 2)").message(), HasSubstr("belongs to a tensor"));
  EXPECT_THAT(error_of("x.view(2)").message(), HasSubstr("no variable x yet"));
}

TEST(Parser, SaysWhatToWriteInstead) {
  const SyntaxError numpy = error_of("np.arange(6)");
  EXPECT_THAT(numpy.message(), HasSubstr("write torch.arange"));
  EXPECT_EQ(numpy.suggestion, "torch.arange");
  EXPECT_EQ(error_of("numpy.array([1])").suggestion, "torch.tensor");
  EXPECT_THAT(error_of("np.load('x')").message(), HasSubstr("NumPy is not here"));
  EXPECT_THAT(error_of("ones(2).backward()").message(), HasSubstr("PyTorch has backward"));
  EXPECT_THAT(error_of("torch.compile(ones(2))").message(), HasSubstr("PyTorch has compile"));
  EXPECT_EQ(error_of("ones(2, dtype=torch.uint64)").message(),
            "PyTorch has uint64, NaNscope does not (yet).");
  EXPECT_THAT(error_of("ones(2).to(complex64)").message(), HasSubstr("PyTorch has complex64"));
  EXPECT_THAT(error_of("zeros(2).to(torch.float8_e8m0fnu)").message(),
              HasSubstr("PyTorch has float8_e8m0fnu"));
  EXPECT_THAT(error_of("nn.Linear(2, 3)").message(), HasSubstr("PyTorch has Linear"));
  EXPECT_THAT(error_of("math.perm(3)").message(), HasSubstr("math.perm is not known"));
  EXPECT_THAT(error_of("[x for x in range(3)]").message(), HasSubstr("Loops are not known"));
  EXPECT_THAT(error_of("for x in y: z").message(), HasSubstr("\"for\" is not known here"));
  EXPECT_THAT(error_of("f = lambda x: x").message(), HasSubstr("Functions of one's own"));
  EXPECT_THAT(error_of("x = 1\nones(**x)").message(), HasSubstr("write name=value"));
  EXPECT_THAT(error_of("*ones(2)").message(), HasSubstr("*x stands among"));
  EXPECT_THAT(error_of("1 + else").message(), HasSubstr("there is \"else\""));
  EXPECT_THAT(error_of("torch").message(), HasSubstr("torch is a module"));
}

TEST(Operations, AreNamedOnceAndShowHowTheyAreWritten) {
  std::vector<std::string_view> names;
  for (const TensorOperation& operation : operations()) {
    names.push_back(operation.name);
    EXPECT_TRUE(operation.example.starts_with(operation.name)) << operation.name;
  }
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
  EXPECT_EQ(find_operation("vieww"), nullptr);
}

TEST(ChainJson, HasTheKeysThatScriptsRelyOn) {
  TensorChain chain;
  TensorStep& step = chain.steps.emplace_back();
  step.expr = "arange(12)";
  step.shape = {12};
  step.stride = {1};
  step.cells.values = {0.5, HUGE_VAL, NAN};
  const std::string json = to_json(chain);
  EXPECT_THAT(json, HasSubstr(R"("schema":"nanscope.tensor/1")"));
  EXPECT_THAT(json, HasSubstr("\"expr\":\"arange(12)\""));
  EXPECT_THAT(json, HasSubstr(R"("shape":[12],"stride":[1],"offset":0)"));
  EXPECT_THAT(json, HasSubstr(R"("contiguous":true)"));
  EXPECT_THAT(json, HasSubstr(R"("copied_bytes":0)"));
  EXPECT_THAT(json, HasSubstr(R"([0.5,"inf","nan"])"));
  EXPECT_THAT(json, HasSubstr(R"("error":null)"));
  EXPECT_THAT(to_csv(chain), HasSubstr("0,arange(12),12,1,0,"));
}

/// Long chains are broken before their dots.
TEST(Parser, ALineThatBeginsWithADotGoesOnWithTheOneBefore) {
  const std::string chain = parsed("arange(24).view(2,3,4).t()");
  EXPECT_EQ(parsed("arange(24)\n.view(2,3,4)\n.t()"), chain);
  EXPECT_EQ(parsed("arange(24)  # numbers\n\n  # in a box\n\t.view(2,3,4)\r\n  .t()\n"), chain);
  EXPECT_EQ(parsed("x = arange(24)\n  .view(2,3,4)\n  .t()"), chain);
  const Parsed<Program> program = parse_program("x = ones(2)\n  .t()\nx\n.t()\n1");
  ASSERT_TRUE(program);
  EXPECT_EQ(program->size(), 3u);
  // A number is no call, and there is nothing before the first line.
  EXPECT_EQ(parse_program("1\n.5")->size(), 2u);
  EXPECT_EQ(parse_program("ones(2)\n...")->size(), 2u);
  EXPECT_FALSE(parse_program(".view(2)"));
  EXPECT_FALSE(parse_program("\n.view(2)"));
  // On its way to being typed it is as on one line.
  EXPECT_EQ(error_of("ones(2)\n.").message(), error_of("ones(2).").message());
}

TEST(OneLine, JoinsWhatGoesOnAndKeepsStatementsApart) {
  EXPECT_EQ(one_line("arange(24)\n  .view(24)"), "arange(24).view(24)");
  EXPECT_EQ(one_line("x = ones(2)  # two\ny = x + 1\n\ny"), "x = ones(2); y = x + 1; y");
  EXPECT_EQ(one_line("tensor([1,\n        2])\n  .t()"), "tensor([1, 2]).t()");
  EXPECT_EQ(one_line("ones(\n  2\n)"), "ones(2)");
  EXPECT_EQ(one_line("a;b"), "a; b");
  EXPECT_EQ(one_line("what is ?\nthis"), "what is ?; this");
}

}  // namespace
}  // namespace nanscope
