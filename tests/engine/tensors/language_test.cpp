#include <gmock/gmock.h>

#include "chains.h"

// What people type beside operations on tensors: Python's values, imports, named results.
namespace nanscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Shape = std::vector<std::int64_t>;

class LanguageTest : public ChainTest {
 protected:
  std::string value(const std::string& expression) {
    const TensorChain chain = run(expression);
    return chain.error ? chain.error->exception + ": " + chain.error->message() : chain.value;
  }
  std::string printed(const std::string& expression) {
    return ChainTest::printed(last(expression));
  }
};

TEST_F(LanguageTest, NumbersAreThoseOfPython) {
  EXPECT_EQ(value("[10. // 0.1, 10. % 0.1]"), "[99.0, 0.09999999999999945]");
  EXPECT_EQ(value("5 % inf"), "5.0");
  EXPECT_EQ(value("9007199254740993 == 9007199254740992"), "False");
  EXPECT_EQ(value("9007199254740993 == 9007199254740992.0"), "False");
  EXPECT_EQ(value("0 ** -1"), "ZeroDivisionError: zero to a negative power");
  EXPECT_EQ(value("1 // 0"), "ZeroDivisionError: division by zero");
  EXPECT_EQ(value("2 ** 64 // 2 ** 60"), "16");
  EXPECT_EQ(value("-2 ** 63 - 1"), "-9223372036854775809");
  EXPECT_EQ(value("1 << 23"), "8388608");
  EXPECT_EQ(value("[1e400, 1e-400]"), "[inf, 0.0]");
  EXPECT_EQ(value("float('-inf')"), "-inf");
  EXPECT_EQ(value("1 < 2 < 3"), "True");
  EXPECT_EQ(value("0 or 'x' if not 1 else 2.5"), "2.5");
  EXPECT_EQ(value("math.sqrt(64)"), "8.0");
  EXPECT_EQ(value("sqrt(2 / 256)"), "0.08838834764831845");
  EXPECT_EQ(value("round(2.5), divmod(-7, 2), max(1, 2.5)"), "(2, (-4, 1), 2.5)");
  EXPECT_THAT(value("(-8) ** 0.5"), HasSubstr("complex"));
}

TEST_F(LanguageTest, TextsAreThoseOfPython) {
  EXPECT_EQ(value(R"(str(["it's"]))"), R"('["it\'s"]')");
  EXPECT_EQ(value(R"(["it's", 'say "a"', 'it\'s "a"', "\\"])"),
            R"(["it's", 'say "a"', 'it\'s "a"', '\\'])");
  EXPECT_EQ(value(R"(["a\tb\x41\101\u20ac\n", "\d", "\0\x7f\xa0"])"),
            R"(['a\tbAA€\n', '\\d', '\x00\x7f\xa0'])");
  EXPECT_EQ(value(R"(len("\"\\"))"), "2");
  EXPECT_EQ(value("reversed(5)"), "TypeError: 'int' object is not reversible");
}

TEST_F(LanguageTest, AMedianOfWhatIsExpandedIsThatOfItsElements) {
  // PyTorch 2.15 says [1001, 1002, 1003]: it reads on in memory.
  const std::string expanded = "arange(1000, 1006).view(2, 3)[0].unsqueeze(0).expand(3, 3)";
  EXPECT_EQ(printed(expanded + ".median(0).values"), "tensor([1000, 1001, 1002])");
  EXPECT_EQ(printed(expanded + ".float().nanmedian(0).values"), "tensor([1000., 1001., 1002.])");
}

TEST_F(LanguageTest, ItemsOfListsInListsCount) {
  for (const char* many : {"[[0] * 1000] * 1000", "x = [0] * 50000; [x, x]",
                           "x = [[0] * 40000]; x + x + x", "x = [0] * 60000; (x, (x,))"})
    EXPECT_THAT(value(many), HasSubstr("at most 100000 items")) << many;
  EXPECT_EQ(value("len([[0] * 100] * 900)"), "900");
}

TEST_F(LanguageTest, TensorsTakeFlagsAsFlags) {
  EXPECT_EQ(printed("tensor(True & False)"), "tensor(False)");
  EXPECT_EQ(printed("tensor([True, 2, 2.5])"), "tensor([1.0000, 2.0000, 2.5000])");
}

TEST_F(LanguageTest, WhatADtypeDoesNotHoldIsRefusedAsByPyTorch) {
  EXPECT_EQ(error("tensor([300], dtype=torch.int8)").message(),
            "value cannot be converted to type int8 without overflow");
  EXPECT_EQ(error("tensor([nan], dtype=torch.int32)").message(),
            "value cannot be converted to type int32 without overflow");
  EXPECT_EQ(value("tensor([2**63])"), "ValueError: Overflow when unpacking long long");
  EXPECT_EQ(value("tensor([10**400], dtype=float32)"),
            "OverflowError: int too large to convert to float");
  EXPECT_EQ(value("ones(2) * 2**64"), "OverflowError: int too big to convert");
  EXPECT_EQ(value("ones(2) * (-2**63 - 1)"),
            "OverflowError: can't convert negative int to unsigned");
  EXPECT_EQ(printed("tensor([-1], dtype=uint8)"), "tensor([255], dtype=torch.uint8)");
  EXPECT_EQ(printed("ones(2, dtype=int64) + 2**63"),
            "tensor([-9223372036854775807, -9223372036854775807])");
}

TEST_F(LanguageTest, WholeNumbersAreExactToTheEdge) {
  EXPECT_EQ(printed("tensor([9223372036854775807, -9223372036854775808])"),
            "tensor([ 9223372036854775807, -9223372036854775808])");
  EXPECT_THAT(last("tensor([2**53 + 1])").cells.integers, ElementsAre(9007199254740993));
  EXPECT_EQ(value("tensor([2**53 + 1]).item()"), "9007199254740993");
  EXPECT_THAT(last("arange(3)").cells.integers, IsEmpty());
}

TEST_F(LanguageTest, TensorsStandAmongNumbers) {
  EXPECT_EQ(printed("tensor([tensor(1), 2.5])"), "tensor([1.0000, 2.5000])");
  EXPECT_EQ(printed("x = arange(4); tensor([[x[1], 0], [x[2], 5]])"),
            "tensor([[1, 0],\n        [2, 5]])");
  EXPECT_THAT(value("tensor([tensor([1, 2]), 3])"), HasSubstr("only integer tensors of a single"));
  EXPECT_THAT(value("tensor([tensor([1., 2.]), 3])"), HasSubstr("only one element tensors"));
}

TEST_F(LanguageTest, ResultsHaveTheirNames) {
  const TensorChain chain = run("tensor([[3, 1], [2, 4]]).max(1).indices");
  ASSERT_EQ(chain.steps.size(), 2u) << "only the part that is taken";
  EXPECT_THAT(chain.steps[1].cells.values, ElementsAre(0, 1));
  EXPECT_EQ(chain.steps[1].operation, ".max(1).indices");
  EXPECT_FALSE(chain.steps[1].sources.operands.empty());
  EXPECT_THAT(last("r = tensor([3, 1, 2]).sort(); r.values").cells.values, ElementsAre(1, 2, 3));
  EXPECT_THAT(last("tensor([3, 1, 2]).topk(2).values").cells.values, ElementsAre(3, 2));
  EXPECT_THAT(error("ones(2).values").message(), HasSubstr("no attribute 'values'"));
  EXPECT_THAT(error("ones(2, 2).max(0).shape").message(), HasSubstr("no attribute 'shape'"));
}

TEST_F(LanguageTest, SeveralTensorsArePrintedAsByPython) {
  const auto printed_text = [&](const std::string& expression) {
    return printed_value(run(expression));
  };
  EXPECT_EQ(printed_text("arange(6).view(2,3).max(0)"),
            "torch.return_types.max(\nvalues=tensor([3, 4, 5]),\nindices=tensor([1, 1, 1]))");
  EXPECT_EQ(printed_text("arange(4).chunk(2)"), "(tensor([0, 1]), tensor([2, 3]))");
  EXPECT_EQ(printed_text("[arange(2), 3, 'a']"), "[tensor([0, 1]), 3, 'a']");
  EXPECT_EQ(printed_text("tensor([0, 1]).nonzero(as_tuple=True)"), "(tensor([1]),)");
  EXPECT_EQ(printed_text("arange(4)"), "tensor([0, 1, 2, 3])");
}

TEST_F(LanguageTest, UniqueHasTheResultsThatAreAskedFor) {
  EXPECT_EQ(printed("tensor([3, 1, 1]).unique()"), "tensor([1, 3])");
  EXPECT_EQ(printed("torch.unique(tensor([3, 1, 1]), return_counts=True)[1]"), "tensor([2, 1])");
  EXPECT_EQ(printed("tensor([3, 1, 1]).unique(True, True, True)[1]"), "tensor([1, 0, 0])");
  EXPECT_EQ(printed("tensor([[1, 2], [1, 2]]).unique(dim=0)"), "tensor([[1, 2]])");
  EXPECT_EQ(printed("tensor([3, 1, 1, 3]).unique_consecutive()"), "tensor([3, 1, 3])");
  EXPECT_THAT(value("ones(2).unique(7)"), HasSubstr("TypeError: unique() takes sorted"));
  EXPECT_THAT(value("unique(7)"), HasSubstr("TypeError: unique() takes sorted"));
  EXPECT_EQ(printed("tensor([0, 5]).nonzero()"), "tensor([[1]])");
}

TEST_F(LanguageTest, LimitsOfDtypesAreThoseOfPyTorch) {
  EXPECT_EQ(value("torch.finfo(torch.float16).max"), "65504.0");
  EXPECT_EQ(value("torch.finfo(torch.float16)"),
            "finfo(resolution=0.001, min=-65504, max=65504, eps=0.000976562, "
            "smallest_normal=6.10352e-05, tiny=6.10352e-05, dtype=float16)");
  EXPECT_EQ(value("finfo(float8_e4m3fn)"),
            "finfo(resolution=1, min=-448, max=448, eps=0.125, smallest_normal=0.015625, "
            "tiny=0.015625, dtype=float8_e4m3fn)");
  EXPECT_EQ(value("torch.finfo(ones(2).dtype).eps"), "1.1920928955078125e-07");
  EXPECT_EQ(value("f = torch.finfo(); f.tiny, f.bits"), "(1.1754943508222875e-38, 32)");
  EXPECT_EQ(value("torch.finfo(torch.bfloat16).dtype"), "'bfloat16'");
  EXPECT_EQ(value("torch.iinfo(torch.int8)"), "iinfo(min=-128, max=127, dtype=int8)");
  EXPECT_EQ(value("torch.iinfo(torch.int64).min"), "-9223372036854775808");
  EXPECT_EQ(value("torch.iinfo(torch.uint8).max"), "255");
  EXPECT_EQ(value("torch.iinfo(torch.int8).eps"),
            "AttributeError: 'torch.iinfo' object has no attribute 'eps'");
  EXPECT_THAT(value("torch.finfo(torch.int8)"), HasSubstr("requires a floating point input type"));
  EXPECT_THAT(value("torch.iinfo(torch.bool)"), HasSubstr("not supported by torch.iinfo"));
  EXPECT_EQ(printed("full((2,), torch.finfo(torch.float16).max)"), "tensor([65504., 65504.])");
  EXPECT_THAT(error("torch.finfo(torch.half).epsilon").message(), HasSubstr("smallest_normal"));
}

TEST_F(LanguageTest, FunctionsOfListsArePythons) {
  EXPECT_EQ(value("sorted([3, 1, 2.5]), sorted((2, 1, True), reverse=True)"),
            "([1, 2.5, 3], [2, 1, True])");
  EXPECT_EQ(value("all([1, 0]), any([0, []]), all([])"), "(False, False, True)");
  EXPECT_EQ(value("any([tensor(0), tensor(2)])"), "True");
  EXPECT_THAT(value("all([ones(2)])"), HasSubstr("more than one value is ambiguous"));
  EXPECT_EQ(printed("sum([ones(2), arange(2)])"), "tensor([1., 2.])");
  EXPECT_EQ(run("sum([ones(2), ones(2), ones(2)])").steps.size(), 4u) << "one step for the sum";
  EXPECT_EQ(printed("max([tensor(1.), tensor(2.5)])"), "tensor(2.5000)");
  EXPECT_EQ(run("list(arange(3))").steps.size(), 4u) << "the tensor and its rows";
  EXPECT_EQ(printed("sorted(tensor([2, 1]))[0]"), "tensor(1)");
  EXPECT_THAT(value("sorted(3)"), HasSubstr("'int' object is not iterable"));
  EXPECT_EQ(value("all(tensor([1, 0]))"), "False");
}

TEST_F(LanguageTest, RefusalsAreInPyTorchsWords) {
  EXPECT_EQ(value("~ones(2)"),
            "TypeError: ~ (operator.invert) is only implemented on integer and Boolean-type "
            "tensors");
  EXPECT_EQ(error("arange(3).norm()").message(),
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got Long");
  EXPECT_EQ(printed("norm(tensor([3., 4.]))"), "tensor(5.)");
  EXPECT_EQ(printed("tensor([[3., 4.]]).norm('fro', dim=1, keepdim=True)"), "tensor([[5.]])");
  EXPECT_EQ(printed("tensor([[3., 4.]]).norm(dim=0)"), "tensor([3., 4.])");
  EXPECT_EQ(printed("tensor([3., -4.]).norm(inf)"), "tensor(4.)");
  EXPECT_EQ(printed("arange(3.).norm(1, dtype=float64)"), "tensor(3., dtype=torch.float64)");
  EXPECT_THAT(value("ones(2).norm(dims=0)"), HasSubstr("TypeError: norm() takes p"));
  EXPECT_EQ(value("max(3)"), "TypeError: 'int' object is not iterable");
  EXPECT_EQ(error("tensor([1.]).kthvalue(7)").message(),
            "kthvalue(): selected number k out of range for dimension 0");
}

TEST_F(LanguageTest, LargeTensorsArePrintedByTheirEdges) {
  const auto beginning = [&](const std::string& expression) {
    const std::string text = printed(expression);
    return text.substr(0, text.find("\n1440000 values"));
  };
  EXPECT_EQ(beginning("ones(1200, 1200)"), R"(tensor([[1., 1., 1.,  ..., 1., 1., 1.],
        [1., 1., 1.,  ..., 1., 1., 1.],
        [1., 1., 1.,  ..., 1., 1., 1.],
        ...,
        [1., 1., 1.,  ..., 1., 1., 1.],
        [1., 1., 1.,  ..., 1., 1., 1.],
        [1., 1., 1.,  ..., 1., 1., 1.]]))");
  EXPECT_EQ(beginning("arange(1440000)"),
            "tensor([      0,       1,       2,  ..., 1439997, 1439998, 1439999])");
  EXPECT_EQ(beginning("arange(1440000).view(2, -1).T"), R"(tensor([[      0,  720000],
        [      1,  720001],
        [      2,  720002],
        ...,
        [ 719997, 1439997],
        [ 719998, 1439998],
        [ 719999, 1439999]]))");
}

TEST_F(LanguageTest, ListsAreUnpackedAndSliced) {
  EXPECT_EQ(last("x = arange(24).view(2,3,4); x.view(*x.shape[:1], -1)").shape, (Shape{2, 12}));
  EXPECT_EQ(last("s = (2, 3); zeros(*s, 4)").shape, (Shape{2, 3, 4}));
  EXPECT_EQ(last("x = ones(2, 3); x.reshape(x.shape[::-1])").shape, (Shape{3, 2}));
  EXPECT_EQ(last("x = ones(2, 3); zeros(x.shape + (5,))").shape, (Shape{2, 3, 5}));
  EXPECT_EQ(last("cat([*arange(4).chunk(2), ones(1)])").shape, (Shape{5}));
  EXPECT_EQ(value("x = ones(2, 3); len(x), len(x.shape), math.prod(x.shape), x.shape.numel()"),
            "(2, 2, 6, 6)");
  EXPECT_EQ(value("ones(2, 3).shape == torch.Size([2, 3])"), "True");
  // As PyTorch prints it, and what remains a size and what does not.
  EXPECT_EQ(value("arange(6).reshape(2,3).shape"), "torch.Size([2, 3])");
  EXPECT_EQ(value("ones(2).size(), ones(2, 3).stride()"), "(torch.Size([2]), (3, 1))");
  EXPECT_EQ(value("s = ones(2, 3).shape; s[1:], s + (1,), (1,) + s, s * 2, s[::-1], s[0]"),
            "(torch.Size([3]), torch.Size([2, 3, 1]), torch.Size([1, 2, 3]), "
            "torch.Size([2, 3, 2, 3]), torch.Size([3, 2]), 2)");
  EXPECT_EQ(value("s = ones(2, 3).shape; list(s), tuple(s), s == (2, 3)"),
            "([2, 3], (2, 3), True)");
  EXPECT_EQ(value("ones(()).shape, torch.Size([])"), "(torch.Size([]), torch.Size([]))");
  EXPECT_EQ(value("3 in ones(2, 3).shape, ones(2).dtype == torch.float32"), "(True, True)");
  EXPECT_EQ(value("list(range(3))[-2:]"), "[1, 2]");
}

TEST_F(LanguageTest, TensorsDecideWhereTheyHaveOneElement) {
  EXPECT_EQ(last("x = ones(1); x + 1 if x > 0 else x").cells.values.front(), 2);
  EXPECT_THAT(error("x = ones(2); 0 < x < 2").message(), HasSubstr("is ambiguous"));
  EXPECT_EQ(value("not zeros(1), bool(ones(1)), int(ones(1) * 2.5)"), "(True, True, 2)");
  EXPECT_EQ(value("x = ones(2); x is None, x == None"), "(False, False)");
}

TEST_F(LanguageTest, ProgramsOfNotebooksAreReadAsTheyStand) {
  const TensorChain chain =
      run("import torch\nimport torch.nn.functional as F\n"
          "x = torch.tensor([[1., 2.], [3., 4.]], device='cpu', requires_grad=False)\n"
          "y = F.softmax(x, dim=-1).to('cpu')\nprint(y.shape)");
  ASSERT_FALSE(chain.error) << chain.error->message();
  EXPECT_EQ(chain.value, "torch.Size([2, 2])");
  EXPECT_THAT(error("ones(2, device='cuda')").message(), HasSubstr("leave device='cuda' out"));
  EXPECT_EQ(last("x = zeros(2); x.cos_()").kind, StepKind::written);
  EXPECT_EQ(last("arange(3).to(float)").dtype, "float64") << "Python's float";
  EXPECT_EQ(last("arange(3).to(torch.float)").dtype, "float32");
  EXPECT_EQ(value("tensor([[1, 2], [3, 4]]).tolist()"), "[[1, 2], [3, 4]]");
  EXPECT_EQ(value("arange(3.).float(3)"),
            "TypeError: float() takes no arguments; other dtypes: to(float16)");
}

TEST_F(LanguageTest, MemoryFormatsAreArguments) {
  const std::string x = "x = zeros(2, 3, 4, 5).contiguous(memory_format=torch.channels_last); ";
  EXPECT_EQ(last(x + "x").stride, (Shape{60, 1, 15, 3}));
  EXPECT_EQ(value(x + "x.is_contiguous(), x.is_contiguous(memory_format=torch.channels_last)"),
            "(False, True)");
}

TEST_F(LanguageTest, EmptyMemoryIsTheSameEveryTime) {
  const TensorStep step = last("torch.empty(3)");
  EXPECT_EQ(printed("torch.empty(3)"), "tensor([nan, nan, nan])");
  ASSERT_EQ(step.notes.size(), 1u);
  EXPECT_THAT(step.notes[0].text(), HasSubstr("whatever the memory held"));
}

TEST_F(LanguageTest, WhatLibTorchWarnsOfIsANoteOfTheStep) {
  ::testing::internal::CaptureStderr();
  for (int times = 0; times < 2; ++times) {
    const TensorStep step = last("tensor(4.).std()");
    ASSERT_EQ(step.notes.size(), 1u) << "every time, not only the first";
    EXPECT_THAT(step.notes[0].text(), HasSubstr("degrees of freedom is <= 0"));
  }
  EXPECT_THAT(last("arange(3)").notes, IsEmpty());
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST_F(LanguageTest, AStepNamesWhatItIsAppliedTo) {
  EXPECT_EQ(last("x = rand(3); y = x.softmax(-1)").operation, "x.softmax(-1)");
  EXPECT_EQ(last("(arange(6.) / 50)").operation, "/ 50");
  EXPECT_EQ(last("x = arange(6.); ((x / 50))").operation, "x / 50");
  EXPECT_EQ(last("((arange(6.) / 50)).sum()").operation, ".sum()");
  EXPECT_EQ(last("(relu(arange(6.)))").operation, "relu(arange(6.))");
  EXPECT_EQ(last("(arange(6).view(2,3))").operation, ".view(2,3)");
  EXPECT_EQ(last("x = zeros(3); x[0] = 5").operation, "x[0] = 5");
  EXPECT_EQ(last("x = zeros(3); x += 5").operation, "x += 5");
  EXPECT_EQ(last("x = ones(2, 3); x.T").operation, "x.T");
}

}  // namespace
}  // namespace nanscope
