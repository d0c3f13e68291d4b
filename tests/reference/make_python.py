"""Random expressions of plain numbers, as Python computes them.

make_python.py COUNT SEED          writes COUNT lines (python.tsv)
make_python.py COUNT SEED PROGRAM  compares them with `PROGRAM tensor --lines` instead

A line is the expression, a tab, and Python's repr of the value, or '!', the name of the exception
and its message. Errors of division have the words of Python 3.14, which says the same of every
operator; a complex result is '!complex'. Powers that are no double are left out where another C
library might round them to the other side.
"""

import decimal
import math
import random
import warnings

import against_nanscope

warnings.filterwarnings("ignore")  # ~True is deprecated, and still -2
decimal.getcontext().prec = 80

MOST_BITS = 8000  # of whole numbers on the way: NaNscope stops where Python stops printing

# What Python up to 3.13 says where 3.14 says something shorter.
DIVISIONS = {"integer division or modulo by zero", "integer modulo by zero",
             "float division by zero", "float floor division by zero", "float modulo",
             "float modulo by zero", "float divmod()", "float floor division by zero"}


def message(error):
    text = str(error)
    if isinstance(error, ZeroDivisionError):
        text = ("zero to a negative power" if "negative power" in text else "division by zero"
                if text in DIVISIONS or text == "division by zero" else text)
    return f"!{type(error).__name__} {text}"


class Expression:
    """Text and what it is worth: a value or an exception."""

    def __init__(self, text, tight=False):
        self.text = text
        self.tight = tight  # needs no brackets
        try:
            self.value, self.error = eval(text, {"math": math, "inf": math.inf, "nan": math.nan}), None
        except Exception as error:  # whatever Python raises is the answer
            self.value, self.error = None, error

    def bare(self):
        return self.text if self.tight else f"({self.text})"

    def answer(self):
        if self.error is not None:
            return message(self.error)
        return "!complex" if isinstance(self.value, complex) else repr(self.value)

    def is_whole(self):
        return isinstance(self.value, int)

    def bits(self):
        return self.value.bit_length() if self.is_whole() else 64


def literal(source):
    some = source.randint
    return Expression(source.choice([
        lambda: str(some(0, 12)),
        lambda: str(some(0, 12)),
        lambda: str(some(0, 1000)),
        lambda: str(2 ** some(0, 70) + some(-1, 1)),
        lambda: source.choice(["9007199254740993", "9007199254740992", "9223372036854775807",
                               "9223372036854775808", "18446744073709551615", "4294967296"]),
        lambda: str(source.getrandbits(some(1, 200))),
        lambda: source.choice([hex, bin, oct])(some(0, 300)),
        lambda: f"{some(1, 999)}_{some(100, 999)}",
        lambda: source.choice(["0", "0.0", "(-0.0)", "(10**309)", "(-inf)", "0", "(-1)", "(-2)"]),
        lambda: f"{some(0, 50)}.{some(0, 99)}",
        lambda: f"{some(0, 9)}.{some(0, 9)}",
        lambda: source.choice(["0.1", "0.5", "2.5", "1.0", "0.0", "1e16", "1e-5", ".5", "3.",
                               "1e308", "1e400", "1e-400", "5e-324", "2.2250738585072014e-308",
                               "1.7976931348623157e308", "9007199254740993.0", "1e22", "1E+3"]),
        lambda: repr(source.uniform(-1, 1) * 10 ** some(-12, 20)).lstrip("-"),
        lambda: source.choice(["True", "False"]),
        lambda: source.choice(["inf", "nan", "True", "False"]),
        lambda: source.choice(["math.pi", "math.inf", "math.nan", "math.e", "math.tau"]),
        lambda: "float(" + source.choice([
            "'inf'", "'-inf'", "'nan'", "' 1_0.5 '", "'1e400'", "'-1e-400'", "'0x10'", "''",
            "'+.5e-3'", "'Infinity'", "'1__0'", "'-'"]) + ")",
        lambda: "int(" + source.choice(["'12'", "' -7 '", "'1_000'", "'1.5'", "'x'"]) + ")",
    ])(), tight=True)


def is_near_a_tie(exact, rounded):
    """Whether the exact value lies so near the middle between two doubles that a power that is a
    little off may be rounded to either."""
    step = decimal.Decimal(math.ulp(rounded))
    offset = abs(exact - decimal.Decimal(rounded)) / step
    return offset > decimal.Decimal("0.4")


def power_is_safe(a, b):
    """Small enough, and the same wherever it is computed."""
    if a.error or b.error or isinstance(a.value, complex) or isinstance(b.value, complex):
        return False
    if not isinstance(a.value, (int, float)) or not isinstance(b.value, (int, float)):
        return False
    if a.is_whole() and b.is_whole() and b.value >= 0:
        return a.bits() * b.value <= MOST_BITS
    result = Expression(f"{a.bare()} ** {b.bare()}")
    if result.error or isinstance(result.value, complex):
        return True
    base, exponent = float(a.value), float(b.value)
    if not math.isfinite(result.value) or not math.isfinite(base) or not math.isfinite(exponent):
        return True
    if result.value == 0 or base == 0 or exponent == 0:
        return result.value != 0 or base == 0
    if abs(result.value) < 1e-300 or abs(exponent) > 2000:
        return False
    exact = abs(decimal.Decimal(base)) ** decimal.Decimal(exponent)
    return not is_near_a_tie(exact, abs(result.value))


def binary(source, a, b):
    symbol = source.choice(["+", "-", "*", "/", "//", "//", "%", "%", "**", "&", "|", "^", "<<",
                            ">>", "<", "<=", ">", ">=", "==", "!="])
    if symbol == "**" and not power_is_safe(a, b):
        return None
    if symbol == "<<" and b.is_whole() and a.is_whole() and b.value + a.bits() > MOST_BITS:
        return None
    if symbol == ">>" and b.is_whole() and b.bits() > 60:
        return None
    return Expression(f"{a.bare()} {symbol} {b.bare()}")


def call(source, a, b):
    some = source.randint
    name = source.choice([
        "abs", "round", "int", "float", "bool", "round2", "max", "min", "divmod", "pow", "math",
        "max3", "sum", "in", "math2"])
    if name == "round2":
        return Expression(f"round({a.text}, {some(-4, 20)})", tight=True)
    if name in ("max", "min", "divmod"):
        return Expression(f"{name}({a.text}, {b.text})", tight=True)
    if name == "max3":
        return Expression(f"{source.choice(['max', 'min'])}([{a.text}, {b.text}, {some(-9, 9)}])",
                          tight=True)
    if name == "sum":
        return Expression(f"sum([{a.text}, {b.text}])", tight=True)
    if name == "in":
        return Expression(f"{a.bare()} {source.choice(['in', 'not in'])} ({b.text}, 1, 2.5, True)")
    if name == "pow":
        if not power_is_safe(a, b):
            return None
        if a.is_whole() and b.is_whole() and source.random() < 0.5:
            return Expression(f"pow({a.text}, {b.text}, {some(-9, 99)})", tight=True)
        return Expression(f"pow({a.text}, {b.text})", tight=True)
    if name == "math":
        function = source.choice(["floor", "ceil", "trunc", "sqrt", "fabs", "isnan", "isinf",
                                  "isfinite"])
        return Expression(f"math.{function}({a.text})", tight=True)
    if name == "math2":
        function = source.choice(["gcd", "lcm", "copysign"])
        return Expression(f"math.{function}({a.text}, {b.text})", tight=True)
    return Expression(f"{name}({a.text})", tight=True)


def expression(source, depth):
    if depth == 0 or source.random() < 0.15:
        return literal(source)
    a, b = expression(source, depth - 1), expression(source, depth - 1)
    if isinstance(a.value, complex):  # nothing is computed from it
        return a
    if isinstance(b.value, complex):
        return b
    kind = source.random()
    if kind < 0.62:
        made = binary(source, a, b)
    elif kind < 0.74:
        symbol = source.choice(["-", "-", "-", "+", "~", "not "])
        made = Expression(f"{symbol}{a.bare()}")
    elif kind < 0.86:
        made = call(source, a, b)
    elif kind < 0.92:
        made = Expression(f"{a.bare()} {source.choice(['and', 'or'])} {b.bare()}")
    elif kind < 0.96:
        c = literal(source)
        first, second = (source.choice(["<", "<=", ">", ">=", "==", "!="]) for _ in range(2))
        made = Expression(f"{a.bare()} {first} {c.text} {second} {b.bare()}")
    else:
        made = Expression(f"{a.bare()} if {literal(source).text} else {b.bare()}")
    if made is None or (made.is_whole() and made.bits() > MOST_BITS):
        return a
    # A list that is made of numbers is no number; errors stay now and then.
    if isinstance(made.value, tuple) and depth < 2:
        return a
    if made.error is not None and source.random() < 0.7:
        return a
    return made


def unbracketed(source):
    """Operators in a row, bound as Python binds them."""
    symbols = ["+", "-", "*", "//", "%", "&", "|", "^", "<<", ">>", "<", "==", "and", "or", "/"]
    text = str(source.randint(0, 40))
    for _ in range(source.randint(2, 4)):
        text += f" {source.choice(symbols)} {source.choice(['', '', '-', '~', 'not ' * 0])}" \
                f"{source.randint(0, 20)}"
    return Expression(text)


def expressions(count, seed):
    source = random.Random(seed)
    seen = set()
    while len(seen) < count:
        made = unbracketed(source) if source.random() < 0.15 else expression(
            source, source.choice([1, 1, 2, 2, 3]))
        answer = made.answer()
        plain = made.tight and "(" not in made.text
        if made.text in seen or len(made.text) > 60 or len(answer) > 90:
            continue
        if plain and source.random() < 0.9:
            continue
        seen.add(made.text)
        yield made.text, answer


def given(chain):
    error = chain["error"]
    if error is None:
        return chain["value"]
    if "is a complex number" in error["message"]:
        return "!complex"
    return f"!{error.get('exception')} {error['message']}"


if __name__ == "__main__":
    against_nanscope.main(expressions, given)
