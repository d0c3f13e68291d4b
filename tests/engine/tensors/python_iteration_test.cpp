#include <gmock/gmock.h>

#include "chains.h"

// Python's functions and operators with tensors and lists, as Python and PyTorch 2.15 have them.
namespace nanscope {
namespace {

using ::testing::HasSubstr;

class PythonIterationTest : public ChainTest {
 protected:
  /// What Python prints, or the error with its exception.
  std::string value(const std::string& expression) {
    const TensorChain chain = run(expression);
    return chain.error ? chain.error->exception + ": " + chain.error->message()
                       : printed_value(chain);
  }
};

TEST_F(PythonIterationTest, AResultThatWasThereIsTheLastStepAgain) {
  EXPECT_EQ(value("max(tensor(3), tensor(2))"), "tensor(3)");
  EXPECT_EQ(value("min(tensor(2), tensor(3))"), "tensor(2)");
  EXPECT_EQ(value("max(tensor([2, 1.25, 0]).unbind())"), "tensor(2.)");
  EXPECT_EQ(value("max(max(tensor([3, 1, 2]).unbind()), 2)"), "tensor(3)");
  EXPECT_EQ(value("max([tensor(3.), 2, tensor(1.)])"), "tensor(3.)");
  EXPECT_EQ(value("[tensor(1), tensor(2)][0]"), "tensor(1)");
  EXPECT_EQ(value("([tensor(1)]+[tensor(2)])[0]"), "tensor(1)");
  EXPECT_EQ(value("sorted(tensor([3, 1, 2]))[0]"), "tensor(1)");
  EXPECT_EQ(value("list(tensor([3, 1, 2]))[0]"), "tensor(3)");
  EXPECT_EQ(value("x=tensor([3, 1, 2]);(x, x+1)[0]"), "tensor([3, 1, 2])");
  EXPECT_EQ(value("x=tensor(3);x if x>2 else -x"), "tensor(3)");
  EXPECT_EQ(value("x=arange(4);x if x.any() else x*2"), "tensor([0, 1, 2, 3])");
  EXPECT_EQ(value("x=tensor(2);y=tensor(3);(x<y) and x"), "tensor(2)");
  EXPECT_EQ(value("x=arange(4);max(x[2], x[1])"), "tensor(2)");
  const TensorChain named = run("x=tensor(3);y=x if x>2 else -x");
  EXPECT_EQ(named.steps.back().variable, "y");
  EXPECT_EQ(printed(named.steps.back()), "tensor(3)") << "y is no name of x>2";
  EXPECT_EQ(run("max(tensor(2), tensor(3))").steps.size(), 2u) << "the last step is the result";
}

TEST_F(PythonIterationTest, TensorsInAListAreShownAsTheyAreNow) {
  EXPECT_EQ(value("x=zeros(2);L=[x];x+=1;L"), "[tensor([1., 1.])]");
  EXPECT_EQ(value("x=zeros(2);(x, x.add_(1))"), "(tensor([1., 1.]), tensor([1., 1.]))");
  EXPECT_EQ(value("x=zeros(2);L=[[x], 2];x+=1;L"), "[[tensor([1., 1.])], 2]");
  EXPECT_EQ(last("x=zeros(2);L=[[x]];x+=1;L").expr, "L[0][0]");
}

TEST_F(PythonIterationTest, OneVariableUnpacksToo) {
  EXPECT_EQ(value("a,=[5];a"), "5");
  EXPECT_EQ(value("(a,)=(7,);a"), "7");
  EXPECT_EQ(value("a,=arange(1);a"), "tensor(0)");
  EXPECT_EQ(value("a,b='xy';b"), "'y'");
  EXPECT_EQ(value("x=arange(4).view(2,2);a,=x;a"),
            "ValueError: too many values to unpack (expected 1)");
  EXPECT_EQ(value("a,b,c=1,2"), "ValueError: not enough values to unpack (expected 3, got 2)");
  EXPECT_EQ(value("a,=5"), "TypeError: cannot unpack non-iterable int object");
  EXPECT_EQ(value("a,=tensor(5)"), "TypeError: iteration over a 0-d tensor");
}

TEST_F(PythonIterationTest, BracketsAndAStarUnpackAsInPython) {
  EXPECT_EQ(value("[a,b]=[1,2];b"), "2");
  EXPECT_EQ(value("a,*L=[1,2,3];(a,L)"), "(1, [2, 3])");
  EXPECT_EQ(value("*L,a=1,2,3;(L,a)"), "([1, 2], 3)");
  EXPECT_EQ(value("a,*L,b=1,2;L"), "[]");
  EXPECT_EQ(value("a,*L=arange(3);L"), "[tensor(1), tensor(2)]");
  EXPECT_EQ(value("a,b,*L=[1]"),
            "ValueError: not enough values to unpack (expected at least 2, got 1)");
}

TEST_F(PythonIterationTest, OneValueTakesSeveralNames) {
  EXPECT_EQ(value("a=b=3;(a,b)"), "(3, 3)");
  EXPECT_EQ(value("x=y=zeros(2);y+=1;x"), "tensor([1., 1.])");
  EXPECT_EQ(last("x=y=zeros(2)").variable, "y");
}

TEST_F(PythonIterationTest, ARangeIsNeitherListNorTuple) {
  EXPECT_EQ(value("range(3)"), "range(0, 3)");
  EXPECT_EQ(value("[range(0,6,2)[::-1]]"), "[range(4, -2, -2)]");
  EXPECT_EQ(value("range(10)[2:5]"), "range(2, 5)");
  EXPECT_EQ(value("list(range(3)) + [1]"), "[0, 1, 2, 1]");
  EXPECT_EQ(value("sum(range(4)), len(range(3)), 2 in range(3), range(3)[-1]"), "(6, 3, True, 2)");
  EXPECT_EQ(value("range(3)==[0,1,2], range(3)==range(0,3)"), "(False, True)");
  EXPECT_EQ(value("range(3)+[1]"),
            "TypeError: unsupported operand type(s) for +: 'range' and 'list'");
  EXPECT_EQ(value("range(3)*2"), "TypeError: unsupported operand type(s) for *: 'range' and 'int'");
  EXPECT_EQ(value("range(3)[5]"), "IndexError: range object index out of range");
  EXPECT_EQ(value("range(3)['a']"), "TypeError: range indices must be integers or slices, not str");
  EXPECT_THAT(value("r=range(3);r[0]=1"), HasSubstr("'range' object does not support item"));
}

TEST_F(PythonIterationTest, AListThatChangesChangesUnderAllItsNames) {
  EXPECT_EQ(value("L=[1];M=L;M+=[2];L"), "[1, 2]");
  EXPECT_EQ(value("L=[1];M=L;M*=2;L"), "[1, 1]");
  EXPECT_EQ(value("L=[1];M=[L,L];L+=[2];M"), "[[1, 2], [1, 2]]");
  EXPECT_EQ(value("M=[[1]];L=M[0];L+=(2,'a');M"), "[[1, 2, 'a']]");
  EXPECT_EQ(value("L=[1];M=L+[];M+=[2];L"), "[1]") << "a sum is another list";
  EXPECT_EQ(value("L=[1];M=L[:];M+=[2];N=list(L);N+=[3];L"), "[1]");
  EXPECT_EQ(value("t=(1,);u=t;u+=(2,);t,u"), "((1,), (1, 2))") << "a tuple does not change";
  EXPECT_EQ(value("L=[];L+=arange(2);L"), "[tensor(0), tensor(1)]");
  EXPECT_EQ(value("L=[1];L+=L;L"), "[1, 1]");
  EXPECT_EQ(value("L=[1];L+=5"), "TypeError: 'int' object is not iterable");
  EXPECT_THAT(value("L=[1];L+=[L]"), HasSubstr("A list cannot hold itself here."));
  EXPECT_THAT(value("L=[1]*100;M=[L]*100;L*=100"), HasSubstr("A list has at most"));
}

TEST_F(PythonIterationTest, AnItemOfAListIsSet) {
  EXPECT_EQ(value("L=[1,2];M=L;M[0]=5;L"), "[5, 2]");
  EXPECT_EQ(value("L=[[1],2];L[0][0]=tensor(3);L"), "[[tensor(3)], 2]");
  EXPECT_EQ(value("L=[1,2];L[-1]='a';L"), "[1, 'a']");
  EXPECT_EQ(value("L=[1,2];L[2]=0"), "IndexError: list index out of range");
  EXPECT_THAT(value("L=[1,2];L[0]+=1"), HasSubstr("no +="));
  EXPECT_THAT(value("L=[1,2];L[0:1]=[1]"), HasSubstr("no slice"));
  EXPECT_THAT(value("t=(1,2);t[0]=1"), HasSubstr("does not support item assignment"));
}

TEST_F(PythonIterationTest, TensorsWithoutElementsHaveNoEndlessRows) {
  for (const char* const text :
       {"zeros(10**9,0).tolist()", "list(zeros(10**9,0))", "sorted(zeros(10**8,0))",
        "len(zeros(10**8,0).tolist())", "L=[];L+=zeros(10**9,0)", "[*zeros(10**9,0)]"})
    EXPECT_THAT(value(text), HasSubstr("A list has at most")) << text;
  EXPECT_EQ(value("zeros(2,0).tolist()"), "[[], []]");
}

TEST_F(PythonIterationTest, SumAddsTheRows) {
  EXPECT_EQ(value("sum(arange(6).view(2,3))"), "tensor([3, 5, 7])");
  EXPECT_EQ(value("sum(arange(3))"), "tensor(3)");
  EXPECT_EQ(value("sum(tensor([1,2], dtype=torch.int8))"), "tensor(3, dtype=torch.int8)");
  EXPECT_EQ(value("sum(arange(6).view(2,3), 1.5)"), "tensor([4.5000, 6.5000, 8.5000])");
  EXPECT_EQ(value("sum([arange(3), 1], start=tensor(2.))"), "tensor([3., 4., 5.])");
  EXPECT_EQ(value("sum(zeros(0))"), "0");
  EXPECT_EQ(value("torch.sum(arange(6).view(2,3))"), "tensor(15)");
  EXPECT_EQ(value("math.prod(tensor([2, 3]))"), "tensor(6)");
  EXPECT_EQ(value("sum(tensor(3))"), "TypeError: iteration over a 0-d tensor");
  EXPECT_THAT(value("sum(arange(6).view(2,3), dim=0)"),
              HasSubstr("'dim' is an invalid keyword argument for sum()"));
  EXPECT_THAT(value("sum(arange(6).view(2,3), dim=0)"), HasSubstr("PyTorch's is torch.sum"));
  EXPECT_EQ(run("sum(arange(300))").steps.size(), 2u) << "its rows are no steps";
}

TEST_F(PythonIterationTest, MaxAndMinCompareTheRows) {
  EXPECT_EQ(value("max(tensor([1., 3., 2.]))"), "tensor(3.)");
  EXPECT_EQ(value("max(tensor([nan, 1.]))"), "tensor(nan)");
  EXPECT_EQ(value("max(tensor([1., nan]))"), "tensor(1.)") << "nothing is larger than nan";
  EXPECT_EQ(value("max(arange(3).view(3,1))"), "tensor([2])");
  EXPECT_EQ(value("min(tensor([3, 1, 2]))"), "tensor(1)");
  EXPECT_EQ(value("max(tensor(0.1), 0.1)"), "tensor(0.1000)") << "0.1 in fp32 is not above it";
  EXPECT_EQ(value("max(3, tensor(3)), max(2., tensor(3))"), "(3, tensor(3))");
  EXPECT_THAT(value("max(arange(6).view(2,3))"),
              HasSubstr("Boolean value of Tensor with more than one value is ambiguous"));
  EXPECT_EQ(value("max(tensor(3))"), "TypeError: iteration over a 0-d tensor");
  EXPECT_EQ(value("max([], default=0), max(zeros(0), default=7), min([2, 1], default=None)"),
            "(0, 7, 1)");
  EXPECT_THAT(value("max(1, 2, default=2)"), HasSubstr("Cannot specify a default for max()"));
  EXPECT_EQ(value("max([[1,2],[1,3]]), max((1,2),(1,3)), max('abc')"), "([1, 3], (1, 3), 'c')");
  EXPECT_EQ(value("max([1], 2)"),
            "TypeError: '>' not supported between instances of 'int' and 'list'");
  EXPECT_EQ(value("max([2, 5, 3])"), "5");
}

TEST_F(PythonIterationTest, AllAndAnyAskTheRows) {
  EXPECT_EQ(value("all(tensor([True, False])), any(tensor([0., 2.]))"), "(False, True)");
  EXPECT_EQ(value("all(zeros(0)), any(zeros(0)), any(tensor([nan]))"), "(True, False, True)");
  EXPECT_THAT(value("all(tensor([[True, False]]))"), HasSubstr("ambiguous"));
  EXPECT_EQ(value("torch.all(tensor([1, 0]))"), "tensor(False)");
}

TEST_F(PythonIterationTest, WhatTensorsDoNotDoIsRefused) {
  EXPECT_THAT(value("round(tensor([1.5]))"), HasSubstr("doesn't define __round__"));
  EXPECT_THAT(value("divmod(tensor([7]), 2)"),
              HasSubstr("unsupported operand type(s) for divmod(): 'Tensor' and 'int'"));
  EXPECT_EQ(value("abs(tensor([-1, 2])), pow(2, tensor([3]))"), "(tensor([1, 2]), tensor([8]))");
  EXPECT_EQ(value("round(2.567, ndigits=2), round(number=2.5), pow(2, 3, mod=5)"), "(2.57, 2, 3)");
}

TEST_F(PythonIterationTest, NamesImportedFromTorchAreTorchs) {
  EXPECT_EQ(value("from torch import *; sum(arange(6).view(2,3))"), "tensor(15)");
  EXPECT_EQ(value("from torch import max, arange; max(arange(6).view(2,3))"), "tensor(5)");
  EXPECT_EQ(value("from torch import sum as add; add(ones(2)), sum([1, 2])"), "(tensor(2.), 3)");
  EXPECT_EQ(value("from torch import *; max = arange(3); max"), "tensor([0, 1, 2])");
}

TEST_F(PythonIterationTest, SortedAndSumTakeListsOfLists) {
  EXPECT_EQ(value("sorted([[2,1],[1,3]]), sorted([(1,2),(0,5)], reverse=True)"),
            "([[1, 3], [2, 1]], [(1, 2), (0, 5)])");
  EXPECT_EQ(value("sorted(['b', 'a']), sorted('ba')"), "(['a', 'b'], ['a', 'b'])");
  EXPECT_EQ(value("sorted([1, 'a'])"),
            "TypeError: '<' not supported between instances of 'str' and 'int'");
  EXPECT_EQ(value("sorted(tensor([[2],[1]]))"), "[tensor([1]), tensor([2])]");
  EXPECT_EQ(value("sum([1, 2], start=3), sum([[1],[2]], []), sum([(1,),(2,)], ())"),
            "(6, [1, 2], (1, 2))");
  EXPECT_EQ(value("sum([[1],[2]])"),
            "TypeError: unsupported operand type(s) for +: 'int' and 'list'");
  EXPECT_THAT(value("sorted([[0, nan], [0, 1]])"), HasSubstr("does not put nan in an order"));
}

TEST_F(PythonIterationTest, WhatIsOneObjectIsNotGuessed) {
  EXPECT_THAT(value("x = nan; x in [x]"), HasSubstr("is not known here"));
  EXPECT_THAT(value("[nan] == [nan]"), HasSubstr("is not known here"));
  EXPECT_EQ(value("nan in [1, 2], [nan] == [1], [nan, 1] == [nan]"), "(False, False, False)");
  EXPECT_EQ(value("x = ones(2); [x is x, x is not ones(2), x in [x], [x] == [x]]"),
            "[True, True, True, True]");
  EXPECT_THAT(value("ones(2) in [ones(2)]"), HasSubstr("Tensors in lists are not compared"));
  EXPECT_EQ(value("1 in tensor([1, 2]), 5 not in tensor([1, 2])"), "(True, True)");
  EXPECT_EQ(value("torch.iinfo(torch.int8) == torch.iinfo(torch.int8)"), "True");
  EXPECT_EQ(value("'a' < 'b', 'a' == 'a'"), "(True, True)");
}

TEST_F(PythonIterationTest, PlacesInListsAreWholeNumbersOfAnyKind) {
  EXPECT_EQ(value("[2, 3][True], [2, 3][tensor(1)], (2, 3)[-1]"), "(3, 3, 3)");
  EXPECT_EQ(value("range(True), [7] * True, (7,) * False, [2, 3][True:]"),
            "(range(0, 1), [7], (), [3])");
  EXPECT_EQ(value("[2, 3][1.0]"), "TypeError: list indices must be integers or slices, not float");
  EXPECT_EQ(value("(2, 3)['a']"), "TypeError: tuple indices must be integers or slices, not str");
  EXPECT_EQ(value("[2, 3][5]"), "IndexError: list index out of range");
  EXPECT_EQ(value("ones(2).shape[5]"), "IndexError: tuple index out of range");
}

TEST_F(PythonIterationTest, TextsHaveCharactersAndLargeIntsAreInts) {
  EXPECT_EQ(value("len('\u00e9a'), list('\u00e9a')"), "(2, ['\u00e9', 'a'])");
  EXPECT_EQ(value("[1] * 10**20"), "OverflowError: cannot fit 'int' into an index-sized integer");
  EXPECT_EQ(value("[1][10**20]"), "IndexError: cannot fit 'int' into an index-sized integer");
  EXPECT_THAT(value("range(10**20)"), HasSubstr("at most 100000 items"));
}

TEST_F(PythonIterationTest, RefusalsSayWhatIsTrue) {
  EXPECT_EQ(value("max([1, 3], key=3)"), "TypeError: 'int' object is not callable");
  EXPECT_EQ(value("max([1, 3], key='abs')"), "TypeError: 'str' object is not callable");
  EXPECT_EQ(value("max([1, 3], kye=abs)"), ": abs is an operation: write x.abs().");
  EXPECT_EQ(value("sorted(3, key=abs)"), "TypeError: 'int' object is not iterable");
  EXPECT_EQ(value("sorted([[1], 2], key=len)"), "TypeError: object of type 'int' has no len()");
  EXPECT_THAT(value("*a,*b=1,2,3"), HasSubstr("Only one variable can have a star"));
  EXPECT_THAT(value("(a,b),c=(1,2),3"), HasSubstr("in a line of its own: pair, c = x"));
  EXPECT_THAT(value("str(arange(3))"), HasSubstr("str() makes no text of a tensor here"));
  EXPECT_EQ(value("reversed(3)"), "TypeError: 'int' object is not reversible");
  EXPECT_THAT(value("(-1) ** 0.5"), HasSubstr("(-1.0) ** 0.5 is a complex number"));
  EXPECT_EQ(value("None + 1"),
            "TypeError: unsupported operand type(s) for +: 'NoneType' and 'int'");
  EXPECT_EQ(value("... == ..."), "True");
  EXPECT_THAT(value("'a' * 3"), HasSubstr("* does nothing with them"));
  EXPECT_THAT(value("'a' + 'b'"), HasSubstr("+ does nothing with them"));
  EXPECT_EQ(value("'abc'[1]"), ": A text is not taken apart here.");
  EXPECT_EQ(value("[1, 2].index(2)"), ": A list has no index here.");
  EXPECT_EQ(value("'ab'.upper()"), ": A text has no upper here.");
  for (const char* append : {"[].append", "[].append(1)", "x = [1]; x.append(2)"})
    EXPECT_EQ(value(append), ": A list has no append here.") << append;
  EXPECT_EQ(value("[1].foo"), "AttributeError: 'list' object has no attribute 'foo'");
  EXPECT_EQ(value("[1].foo(2)"), "AttributeError: 'list' object has no attribute 'foo'");
  EXPECT_EQ(value("(1, 2).foo"), "AttributeError: 'tuple' object has no attribute 'foo'");
  EXPECT_EQ(value("'a'.foo()"), "AttributeError: 'str' object has no attribute 'foo'");
  EXPECT_THAT(value("int('0x10', 16)"), HasSubstr("0 to 1 arguments here"));
}

TEST_F(PythonIterationTest, WhatIsPutInOrderHasAKey) {
  EXPECT_EQ(value("sorted([3, -4, 1], key=abs)"), "[1, 3, -4]");
  EXPECT_EQ(value("sorted([3, -3, 1], key=abs, reverse=True)"), "[3, -3, 1]");
  EXPECT_EQ(value("sorted(['bb', 'a'], key=len)"), "['a', 'bb']");
  EXPECT_EQ(value("max([3, -4], key=abs)"), "-4");
  EXPECT_EQ(value("max(3, -4, 4, key=abs)"), "-4") << "the first of the largest";
  EXPECT_EQ(value("min([[1, 2], [3]], key=len)"), "[3]");
  EXPECT_EQ(value("max([], key=abs, default=0)"), "0");
  EXPECT_EQ(value("max([2, 1], key=None)"), "2");
  EXPECT_EQ(value("max(tensor([1, -3]), key=abs)"), "tensor(-3)");
  EXPECT_EQ(value("sorted([[3, 1], [1, 2]], key=sum)"), "[[1, 2], [3, 1]]");
}

TEST_F(PythonIterationTest, TextsAndReversedLists) {
  EXPECT_EQ(value("str(5)"), "'5'");
  EXPECT_EQ(value("str()"), "''");
  EXPECT_EQ(value("str([1.0, None])"), "'[1.0, None]'");
  EXPECT_EQ(value("len(str(1234))"), "4");
  EXPECT_EQ(value("list(reversed([1, 2, 3]))"), "[3, 2, 1]");
  EXPECT_EQ(value("tuple(reversed('abc'))"), "('c', 'b', 'a')");
  EXPECT_EQ(value("reversed(tensor([1, 2, 3]))"), "tensor([3, 2, 1])");
}

TEST_F(PythonIterationTest, ManyResultsAreOneOperationOfAChain) {
  EXPECT_EQ(value("len(arange(5000).tolist())"), "5000");
  EXPECT_EQ(run("arange(300).unbind()").steps.size(), 301u);
  EXPECT_EQ(run("list(arange(300))").steps.size(), 301u);
  EXPECT_THAT(value("arange(3000).unbind()"), HasSubstr("more than 1024 steps"));
}

TEST_F(PythonIterationTest, LimitsArePrintedAsPyTorchPrintsThem) {
  EXPECT_EQ(value("torch.iinfo(torch.int64)"),
            "iinfo(min=-9.22337e+18, max=9.22337e+18, dtype=int64)");
  EXPECT_EQ(value("torch.iinfo(torch.uint8)"), "iinfo(min=0, max=255, dtype=uint8)");
}

TEST_F(PythonIterationTest, TheLimitOfDigitsIsOurs) {
  EXPECT_EQ(value("10 ** 5000"),
            ": ** gives more than 4300 digits; a whole number has at most 4300 here");
}

TEST_F(PythonIterationTest, TheNuclearNormIsOfMatrices) {
  EXPECT_EQ(value("tensor([[1., 2.], [3., 4.]]).norm('nuc')"), "tensor(5.8310)");
  EXPECT_EQ(value("arange(8.).view(2,2,2).norm('nuc', dim=(0,1))"), "tensor([ 8.4853, 10.0000])");
  EXPECT_THAT(value("tensor([1., 2.]).norm('nuc')"), HasSubstr("at least 2 dimensions"));
  EXPECT_THAT(value("arange(4.).view(2,2).norm('abc')"), HasSubstr("Order abc not supported"));
}

}  // namespace
}  // namespace nanscope
