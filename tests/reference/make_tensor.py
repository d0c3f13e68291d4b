"""Random chains of tensor operations, as PyTorch carries them out.

make_tensor.py COUNT SEED          writes COUNT chains with PyTorch's answers (tensor.tsv)
make_tensor.py COUNT SEED PROGRAM  compares them with `PROGRAM tensor --lines` instead

A line is the expression, a tab, and its steps, separated by ';':
shape/stride/offset/storage/contiguous/dtype/crc32 of the values as doubles; then '~' and the crc32
of what PyTorch prints of the last. A refused chain ends
with '!' and the first line of PyTorch's message; TypeErrors of Python's argument parser say
'!TypeError', since their words are Python's. Every operation used is exact, so that the values do
not depend on the processor.
"""

import random
import re
import warnings
import zlib

import against_nanscope
import torch

warnings.filterwarnings("ignore")  # x.T of other than two dimensions warns, and is right

DTYPES = ["float16", "bfloat16", "float32", "float64", "int32", "int64", "uint8", "bool"]
LITERAL_DTYPES = DTYPES + ["int8", "int16", "int8", "uint8", "float8_e4m3fn", "float8_e5m2"]


def window(values):
    """What NaNscope hands out of a tensor with more than 16384 elements: the beginning of its last
    two dimensions (kMostCells and kWindowSide in engine/tensor_language/chain.h)."""
    if values.numel() <= 16384:
        return values
    if values.dim() == 1:
        return values[:16384]
    while values.dim() > 2:
        values = values[0]
    return values[:128, :128]


def canonical(values):
    """The values' digest: a NaN is one NaN, as both sides print it."""
    values = window(values).detach().to(torch.float64).contiguous().flatten()
    values = torch.where(values.isnan(), torch.tensor(float("nan"), dtype=torch.float64), values)
    return zlib.crc32(values.numpy().tobytes())


class Chain:
    """Grows an expression step by step, and evaluates each step with PyTorch."""

    def __init__(self, random_source):
        self.random = random_source
        self.statements = []
        self.steps = []
        self.storages = []
        self.variables = {}
        self.kept = []
        self.error = None

    def see(self, value):
        storage = value.untyped_storage()._cdata
        if storage not in self.storages:
            self.storages.append(storage)
        self.kept.append(value)  # so that no address is used again
        join = lambda numbers: ",".join(map(str, numbers))
        self.steps.append("/".join([
            join(value.shape), join(value.stride()), str(value.storage_offset()),
            str(self.storages.index(storage)), str(int(value.is_contiguous())),
            str(value.dtype).removeprefix("torch."), f"{canonical(value):x}"]))

    def evaluate(self, text):
        """The value of `text`, or None after an error."""
        names = {"torch": torch, **vars(torch)}
        try:
            if re.match(r"a(\[.*\])? ([-+*&|^%]|//|\*\*|<<|>>)?= ", text):  # a write: the step is what a is then
                exec(text, names, self.variables)
                value = self.variables["a"]
            else:
                value = eval(text, names, self.variables)
        except TypeError:
            self.error = "TypeError"
        except (RuntimeError, IndexError, ValueError, NotImplementedError, OverflowError,
                ZeroDivisionError) as problem:
            self.error = str(problem).split("\n")[0]
        else:
            self.see(value)
            return value
        return None

    def text(self):
        steps = ";".join(self.steps)
        if self.error is not None:
            return f"{steps}!{self.error}"
        last = self.kept[-1]
        return f"{steps}~{zlib.crc32(repr(last).encode() if last.numel() <= 16384 else b''):x}"


def pick(source, *choices):
    return source.choice(choices)


def dim(source, x):
    """A dimension, now and then one that is not there."""
    count = max(x.dim(), 1)
    return source.randint(-count, count - 1) if source.random() < 0.95 else source.randint(-6, 6)


def shape_of(source, count):
    """Sizes with this product, most of the time."""
    sizes, rest = [], count
    for _ in range(source.randint(0, 3)):
        divisors = [d for d in range(1, rest + 1) if rest % d == 0] if rest > 0 else [1]
        sizes.append(source.choice(divisors))
        rest //= max(sizes[-1], 1)
    sizes.insert(source.randint(0, len(sizes)), rest)
    if source.random() < 0.1:
        sizes[source.randrange(len(sizes))] = -1
    if source.random() < 0.07:
        sizes[source.randrange(len(sizes))] += 1
    return sizes


def reduced(text):
    """Which of several equal elements is the median is not defined."""
    return text.replace("indices", "values") if "median" in text else text


def sizes_text(sizes):
    return ", ".join(map(str, sizes))


def index_text(source, x):
    """x[...]: integers, slices with steps, None, an ellipsis, lists."""
    parts, ellipsis = [], False
    for size in x.shape[:source.randint(1, max(x.dim(), 1))] or (1,):
        kind = source.random()
        low = lambda: source.choice(["", source.randint(-size, size)])
        if kind < 0.25:
            parts.append(str(source.randint(-size, size)) if source.random() < 0.2
                         else str(source.randrange(-size, max(size, 1)) if size else 0))
        elif kind < 0.65:
            step = source.choice(["", "", ":2", ":3", ":1"] + [":-1"] * (source.random() < 0.1))
            parts.append(f"{low()}:{low()}{step}")
        elif kind < 0.75:
            parts.append(source.choice(["None", ":"]))
        elif kind < 0.85 and not ellipsis:
            ellipsis = True
            parts.append("...")
        elif kind < 0.95 and size:
            parts.append(str([source.randrange(-size, size)
                              for _ in range(source.randint(1, 3))]))
        else:
            parts.append(str(source.randint(0, 3)))
    return f"[{', '.join(parts)}]"


def list_of_dims(source, x):
    dims = list(range(x.dim()))
    source.shuffle(dims)
    return [d - x.dim() if source.random() < 0.2 else d for d in dims]


def operation(source, x):
    """One more step: what follows the expression so far."""
    n, count = x.dim(), x.numel()
    some = lambda low, high: source.randint(low, high)
    d = lambda: dim(source, x)
    length = x.shape[0] if n else 1
    choices = [
        lambda: f".view({sizes_text(shape_of(source, count))})",
        lambda: f".reshape({sizes_text(shape_of(source, count))})",
        lambda: f".reshape(({sizes_text(shape_of(source, count))},))",
        lambda: f".transpose({d()}, {d()})",
        lambda: f".transpose({d()}, {d()})",
        lambda: f".swapaxes({d()}, {d()})",
        lambda: f".permute({sizes_text(list_of_dims(source, x)) or '()'})",
        lambda: f".permute({sizes_text(list_of_dims(source, x)[:max(n - 1, 0)]) or '()'})",
        lambda: f".movedim({d()}, {d()})",
        lambda: pick(source, ".t()", ".T", ".mT"),
        lambda: index_text(source, x),
        lambda: index_text(source, x),
        lambda: index_text(source, x),
        lambda: f".flatten({d()}, {d()})",
        lambda: pick(source, ".flatten()", ".ravel()", ".contiguous()", ".clone()", ".squeeze()"),
        lambda: f".unflatten({d()}, ({sizes_text(shape_of(source, length))},))",
        lambda: f".unsqueeze({some(-n - 1, n)})",
        lambda: f".squeeze({d()})",
        lambda: f".expand({sizes_text([some(1, 3)] + list(x.shape))})",
        lambda: f".expand({sizes_text([some(1, 3) if s == 1 else -1 for s in x.shape]) or '()'})",
        lambda: f".broadcast_to(({sizes_text([2] + list(x.shape))}))",
        lambda: f".repeat({sizes_text([some(1, 2) for _ in range(max(n + some(-1, 1), 1))])})",
        lambda: f".tile({some(1, 2)}, {some(1, 2)})",
        lambda: f".narrow({d()}, {some(-2, 2)}, {some(0, 3)})",
        lambda: f".select({d()}, {some(-3, 3)})",
        lambda: f".flip({d()})",
        lambda: f".roll({some(-3, 3)}, {d()})",
        lambda: f".roll({some(-3, 3)})",
        lambda: f".unfold({d()}, {some(1, 3)}, {some(1, 2)})",
        lambda: f".diagonal({some(-1, 1)}, {d()}, {d()})",
        lambda: f".as_strided(({some(1, 3)}, {some(1, 3)}), ({some(0, 3)}, {some(0, 3)}), "
                f"{some(0, 4)})",
        lambda: f".chunk({some(1, 3)}, {d()})[{some(0, 1)}]",
        lambda: f".split({some(1, 3)}, {d()})[0]",
        lambda: f".split([{some(0, 3)}, {some(0, 3)}], {d()})[1]",
        lambda: f".unbind({d()})[0]",
        lambda: f".tensor_split({some(1, 3)})[0]",
        lambda: f".to(torch.{source.choice(DTYPES)})",
        lambda: f".view(torch.{source.choice(DTYPES)})",
        lambda: pick(source, ".float()", ".half()", ".long()", ".bool()", ".double()"),
        lambda: f".{pick(source, 'triu', 'tril')}({some(-1, 1)})",
        lambda: f".index_select({d()}, torch.tensor([{some(0, 2)}, {some(0, 2)}]))",
        lambda: f".repeat_interleave({some(1, 2)}, {d()})",
        lambda: f".rot90({some(0, 3)})",
        lambda: pick(source, " + 1", " * 2", " - 3", " // 2", " > 3", " == 2", " != 1", " <= 4"),
        lambda: pick(source, ".abs()", ".neg()", ".relu()", ".square()", ".sign()", ".clamp(1, 5)"),
        lambda: f".{pick(source, 'sum', 'amax', 'amin', 'argmax')}({d()})",
        lambda: f".sum({d()}, keepdim=True)",
        lambda: f".cumsum({d()})",
        lambda: pick(source, ".sum()", ".max()", ".any()", ".all()"),
        lambda: pick(source, " << 1", " >> 1", " << -1", " & 3", " | 4", " ^ 5", " % 3", " % -2",
                     " ** 2", " / 2", " // -2", " // 0", " % 0", " + 300", " * 1e30", " << 2.5"),
        lambda: reduced(f".{pick(source, 'max', 'min', 'median')}({d()})."
                        f"{pick(source, 'values', 'indices')}"),
        lambda: f".sort({d()}, stable=True).{pick(source, 'values', 'indices')}",
        lambda: f".{pick(source, 'abs_', 'neg_', 'clip_', 'floor_', 'square_')}"
                f"({pick(source, '', '', '0, 3')})",
        lambda: pick(source, f".view(*{list(x.shape)})", f".reshape({tuple(x.shape)}[::-1])",
                     f".expand(2, *{list(x.shape)})", f".new_zeros({list(x.shape)}[:1])",
                     f".tile(len({list(x.shape)}))", f".reshape(*{list(x.shape)}[1:], -1)"),
        lambda: pick(source, ".unique()", ".unique_consecutive()", f".unique(dim={d()})", ".byte()",
                     ".char()", ".nonzero()", ".argwhere()", ".type_as(torch.tensor(1.5))"),
        lambda: pick(source, ".diff()", f".diff({some(1, 2)}, {d()})", f".cummax({d()}).values",
                     f".kthvalue({some(1, 3)}, {d()}).values", f".cummin({d()}).indices"),
        lambda: f".{pick(source, 'count_nonzero', 'nansum', 'cumsum', 'argmax')}({d()})",
        lambda: pick(source, ".float(3)", ".swapdims(0, 1)", ".cpu()", ".positive()", ".isnan()"),
        lambda: pick(source, ".transpose(0)", ".view('a')", ".narrow(0)", ".select(1.5, 0)"),
    ]
    return source.choice(choices)()


def creation(source):
    some = lambda low, high: source.randint(low, high)
    return source.choice([
        lambda: f"arange({source.choice([6, 8, 12, 16, 24])})",
        lambda: "arange(24).view(2, 3, 4)",
        lambda: "arange(12).view(3, 4)",
        lambda: f"arange({some(-3, 3)}, {some(4, 12)}, {some(1, 3)})",
        lambda: f"zeros({some(1, 3)}, {some(0, 3)}, {some(1, 4)})",
        lambda: f"ones(({some(1, 4)}, {some(1, 4)}))",
        lambda: f"full(({some(1, 3)}, {some(1, 3)}), {some(-3, 9)})",
        lambda: f"eye({some(1, 4)})",
        lambda: f"rand({some(1, 3)}, {some(1, 4)})",
        lambda: f"tensor([[1, 2, 3], [4, 5, {some(6, 9)}]])",
        lambda: f"tensor([True, False, {source.choice(['True', '1', '2.5'])}])",
        lambda: f"tensor({some(0, 9)})",
        lambda: literal_tensor(source),
        lambda: literal_tensor(source),
        lambda: literal_tensor(source),
    ])()


def literal(source):
    """A number, now and then one that hardly any dtype holds."""
    return source.choice([
        lambda: str(source.randint(-9, 9)),
        lambda: str(source.randint(-9, 9)),
        lambda: str(source.randint(0, 130)),
        lambda: source.choice(["127", "128", "-128", "-129", "255", "256", "-255", "-256", "300",
                               "32767", "32768", "65535", "65536", "-1"]),
        lambda: source.choice(["2147483647", "2147483648", "9007199254740993", "2**62", "2**63 - 1",
                               "-2**63", "2**63", "-2**63 - 1", "2**64", "10**400"]),
        lambda: str(source.randint(-20, 20) / 8),
        lambda: source.choice(["0.1", "1e400", "-1e-400", "65504.0", "65520.0", "1e10", "448.5",
                               "1e30", "-0.0", "3.7", "-3.7", "255.9", "1e19"]),
        lambda: source.choice(["inf", "nan", "-inf", "True", "False"]),
    ])()


def literal_tensor(source):
    """tensor([...], dtype=...) of every shape, and lists that are none."""
    kind = source.random()
    common = source.choice([None, None, lambda s: str(s.randint(-5, 99)),
                            lambda s: s.choice(["True", "False", "1"])])
    number = lambda: literal(source) if common is None else common(source)
    row = lambda count: "[" + ", ".join(number() for _ in range(count)) + "]"
    count = source.randint(1, 3)
    if kind < 0.15:
        data = number()
    elif kind < 0.6:
        data = row(source.randint(0, 4))
    elif kind < 0.9:
        data = "[" + ", ".join(row(count) for _ in range(source.randint(1, 3))) + "]"
    elif kind < 0.95:
        data = f"[{row(count)}, {row(count + 1)}]"
    else:
        data = f"[{row(count)}, {number()}]"
    dtype = f", dtype=torch.{source.choice(LITERAL_DTYPES)}" if source.random() < 0.75 else ""
    # PyTorch refuses to multiply float8, and LibTorch's overload for numbers only where there is
    # something to multiply.
    if data == "[]":
        dtype = dtype.replace("float8_e4m3fn", "int8").replace("float8_e5m2", "int16")
    return f"tensor({data}{dtype})"


def add_step(chain, name, suffix):
    """The tensor of the next statement, `name` + suffix; None if PyTorch refuses it."""
    text = f"{name}{suffix}"
    chain.statements.append(text)
    inner = re.search(r"\(m\.long\(\)|\[m\.t\(\)|\[~m|, m\.long\(\)|\[a > 3", text)
    if inner:  # a step of its own
        chain.variables["i"] = chain.evaluate(inner[0].lstrip("([, "))
        if chain.variables["i"] is None:
            return None
        text = text.replace(inner[0].lstrip("([, "), "i")
    if ".flip(0)[" in text:
        chain.variables["f"] = chain.evaluate("a.flip(0)")
        return None if chain.variables["f"] is None else chain.evaluate("f[m]")
    return chain.evaluate(text.removeprefix("m = "))


def two_tensors(source, chain):
    """Operations on two tensors: joined, multiplied, where, masked."""
    n = dim(source, chain.variables["a"])
    add_step(chain, "", source.choice([
        f"cat([a, b], {n})", f"stack([a, b], {n})", "a @ b", "a.matmul(b)", "a + b", "a * b",
        "a.maximum(b)", "hstack([a, b])", "vstack((a, b))", "a.expand_as(b)", "a.view_as(b)",
        "einsum('ij,jk->ik', a, b)", "einsum('...i,i->...', a, b)", "a.mm(b)", "a.bmm(b)"]))


def masked(source, chain):
    """Masks, and operations that take whole numbers in tensors."""
    m = add_step(chain, "m = ", f"a > {source.randint(-1, 6)}")
    if m is None:
        return
    chain.variables["m"] = m
    add_step(chain, "a", source.choice([
        "[m]", ".masked_fill(m, 7)", ".masked_select(m)", ".where(m, 0)", "[m.t()]", "[~m]",
        ".masked_fill(a, 1)", ".diag()", ".fliplr()", ".adjoint()", ".H", ".take(m.long())",
        ".gather(0, m.long())", ".logical_and(m)", ".masked_fill(m, 2.5)", ".flip(0)[m]"]))


def written(source, chain):
    """Writes into cells, and into whole tensors."""
    a = chain.variables["a"]
    add_step(chain, "a", source.choice([
        f"{index_text(source, a)} = {source.randint(-5, 5)}", f"[0] = {source.randint(-5, 5)}",
        "[...] = a", f"{index_text(source, a)} += 2", "[a > 3] = 0", " += 1", " *= 2",
        " <<= 1", " >>= 1", " &= 3", " |= 4", " ^= 5", " %= 3", " //= 2", " **= 2", " += 0.5",
        f"[0] = {literal(source)}", f".fill_({literal(source)})", ".clip_(0, 3)", ".abs_()",
        ".add_(1)", ".zero_()", ".fill_(3)", ".mul_(a)", ".clamp_(1, 4)", ".copy_(a)"]))


def make_chain(source):
    """Statements `a = ...`, each a step or more, the last one an expression."""
    chain = Chain(source)
    torch.manual_seed(1)
    for name in ["a", "b"][:2 if source.random() < 0.15 else 1]:
        text = creation(source)
        pieces = text.split(".view") if text.startswith("arange") else [text]
        value = chain.evaluate(pieces[0])
        if value is not None and len(pieces) > 1:
            chain.variables[name] = value
            value = chain.evaluate(f"{name}.view{pieces[1]}")
        for _ in range(source.randint(0, 4)):
            if value is None or value.numel() > 500:
                break
            chain.variables[name] = value
            suffix = operation(source, value)
            text = f"({text}){suffix}" if " " in text.split("(")[0] or text.endswith(
                tuple("0123456789")) else f"{text}{suffix}"
            value = part(chain, name, suffix)
        chain.statements.append(f"{name} = {text}")
        if value is None:
            return chain
        chain.variables[name] = value
    if "b" in chain.variables:
        two_tensors(source, chain)
    elif source.random() < 0.12:
        masked(source, chain)
    elif source.random() < 0.12:
        written(source, chain)
    elif source.random() < 0.05:
        chain.statements[-1] = chain.statements[-1].removeprefix("a = ")
    return chain


def part(chain, name, suffix):
    """Evaluates `name` + suffix; the tensor that an index_select takes is a step of its own."""
    if "torch.tensor(" in suffix:
        inner = suffix[suffix.index("torch.tensor("):-1]
        chain.variables["i"] = chain.evaluate(inner)
        return chain.evaluate(f"{name}{suffix.replace(inner, 'i')}")
    return chain.evaluate(f"{name}{suffix}")


def chains(count, seed):
    source = random.Random(seed)
    for _ in range(count):
        chain = make_chain(source)
        yield "; ".join(chain.statements), chain.text()


def answer(chain):
    """The same text from the JSON of `nanscope tensor`."""
    join = lambda numbers: ",".join(map(str, numbers))
    steps = []
    for step in chain["steps"]:
        values = torch.tensor([float(v) for v in step["cells"]["values"]], dtype=torch.float64)
        steps.append("/".join([
            join(step["shape"]), join(step["stride"]), str(step["offset"]), str(step["storage"]),
            str(int(step["contiguous"])), step["dtype"], f"{canonical(values):x}"]))
    error = chain["error"]
    if error is None:
        return ";".join(steps)  # how it is printed is not in the JSON
    python = error["kind"] == "arguments" and error.get("exception", "TypeError") == "TypeError"
    said = "TypeError" if python else error["message"]
    return f"{';'.join(steps)}!{said}"


if __name__ == "__main__":
    against_nanscope.main(chains, answer, compared=lambda wanted: wanted.split("~")[0])
