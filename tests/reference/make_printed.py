#!/usr/bin/env python3
"""Writes printed.json: what PyTorch prints of tensors with these values.

    VENV/bin/python tests/reference/make_printed.py > tests/reference/printed.json

Made with PyTorch 2.15 on the CPU. A case has its values, or, where they are many, what makes them:
value i is (factor * i mod modulus + offset) / divisor.
"""
import json
import random

import torch

DTYPES = ["float32", "float64", "float16", "bfloat16", "int64", "int32", "uint8", "int8", "bool"]
SHAPES = [(), (1,), (3,), (0,), (0, 3), (2, 0), (2, 3), (1, 1), (4, 1, 3), (2, 3, 2, 2), (30,),
          (3, 40)]
LARGE = [(1000,), (1001,), (10, 150), (150, 10), (8, 8, 20), (3, 400), (400, 3), (5, 5, 5, 9),
         (2000, 1), (1, 2000), (6, 7, 30)]
SCALES = [1, 1e-3, 1e5, 1e9, 1e-9, 1e30, 0]


def number(generator, dtype):
    if dtype == "bool":
        return generator.choice([True, False])
    if dtype == "uint8":
        return generator.randrange(200)
    if "int" in dtype:
        return generator.choice([generator.randrange(-9, 10), generator.randrange(-120, 120)])
    kind = generator.randrange(8)
    if kind == 0:
        return generator.choice([float("inf"), -float("inf"), float("nan"), 0., -0.])
    if kind == 1:
        return generator.uniform(-1, 1) * 10 ** generator.randrange(-5, 5)
    return generator.choice([round(generator.uniform(-9, 9), generator.randrange(5)),
                             float(generator.randrange(-20, 2000))])


def case(tensor, **values):
    known = values or {"values": [spelled(x) for x in tensor.double().reshape(-1).tolist()]}
    return {"dtype": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape), **known,
            "printed": str(tensor)}


def spelled(x):
    """JSON has no word for what is not finite."""
    return x if x - x == 0 else str(x)


def cases():
    generator = random.Random(7)
    for shape in SHAPES:
        for dtype in DTYPES:
            values = [number(generator, dtype) for _ in range(torch.Size(shape).numel())]
            yield case(torch.tensor(values, dtype=getattr(torch, dtype)).reshape(shape))
    for scale in SCALES:
        yield case(torch.arange(12.).reshape(3, 4) * scale)
        yield case((torch.arange(12.).reshape(3, 4) - 5.5) * scale)
    for values in ([1e8, 1, 3], [100000001, 1], [1e-4, 0.5], [9e-5, 0.05], [float("inf"), 2],
                   [float("nan")], [-0.0], [1000, 1], [1001, 1], [0.1, 100.1]):
        yield case(torch.tensor(values, dtype=torch.float32))
    for shape in LARGE:
        for dtype, divisor in (("float32", 8), ("int64", 1), ("bool", 1), ("float16", 1)):
            count = torch.Size(shape).numel()
            made = {"factor": 7919, "modulus": 2 if dtype == "bool" else 2003,
                    "offset": 0 if dtype == "bool" else -1000, "divisor": divisor}
            values = (torch.arange(count) * made["factor"] % made["modulus"] + made["offset"])
            yield case((values / divisor).to(getattr(torch, dtype)).reshape(shape), **made)


print(json.dumps({"torch": torch.__version__, "cases": list(cases())}, separators=(",", ":"))
      .replace('{"dtype', '\n{"dtype'))
