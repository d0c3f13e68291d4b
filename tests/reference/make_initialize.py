#!/usr/bin/env python3
"""Writes initialize.json: what PyTorch 2.15 draws on the CPU, for tests/engine/training.

Run it with a Python that has PyTorch: python tests/reference/make_initialize.py
"""

import json
import math
import pathlib

import torch

# Below and above 16 elements, where normal_ has different code; wide, tall, square.
SHAPES = [(3, 5), (5, 3), (4, 4), (17, 9), (64, 64), (96, 33), (33, 96)]
SEEDS = [0, 1, 2**40 + 7]


def checksum(tensor):
    """FNV-1a of the tensor's bytes, 64 bits."""
    value = 0xCBF29CE484222325
    for byte in tensor.contiguous().numpy().tobytes():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


def truncated(weight, bound):
    std = 1 / math.sqrt(weight.shape[1])
    return torch.nn.init.trunc_normal_(weight, 0, std, -bound(std), bound(std))


WEIGHTS = [
    ({"scheme": "normal"}, lambda w: torch.nn.init.normal_(w)),
    ({"scheme": "inv_sqrt"}, lambda w: torch.nn.init.normal_(w) / math.sqrt(w.shape[1])),
    ({"scheme": "xavier"}, lambda w: torch.nn.init.xavier_normal_(w)),
    ({"scheme": "kaiming"}, lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="relu")),
    ({"scheme": "orthogonal"}, lambda w: torch.nn.init.orthogonal_(w)),
]
# Cuts at which trunc_normal_ redraws (1, 3 standard deviations) and accepts (0.2).
for cut in (0.2, 1.0, 3.0):
    WEIGHTS.append(({"scheme": "truncated", "cut": cut, "cut_reading": "std"},
                    lambda w, cut=cut: truncated(w, lambda std: cut * std)))
for cut in (0.1, 3.0):
    WEIGHTS.append(({"scheme": "truncated", "cut": cut, "cut_reading": "absolute"},
                    lambda w, cut=cut: truncated(w, lambda std: cut)))


def described(tensor):
    return {"shape": list(tensor.shape), "checksum": checksum(tensor),
            "first": [float(value) for value in tensor.flatten()[:4]]}


def weights():
    for init, draw in WEIGHTS:
        for seed in SEEDS:
            for shape in SHAPES:
                torch.manual_seed(seed)
                weight = draw(torch.empty(shape))
                # One more draw shows that the generator was left in the same state.
                yield {"init": init, "seed": seed, **described(weight),
                       "next": torch.randn(1).item()}


def inputs():
    for seed in SEEDS:
        for shape in [(2, 3), (8, 64), (7, 33)]:
            torch.manual_seed(seed)
            yield {"kind": "normal", "seed": seed, **described(torch.randn(shape))}
            torch.manual_seed(seed)
            x = torch.randn(shape)
            x = x / torch.linalg.vector_norm(x, dim=1, keepdim=True) * math.sqrt(shape[1])
            yield {"kind": "constant_norm", "seed": seed, **described(x)}
            torch.manual_seed(seed)
            table = torch.arange(100 * shape[1], dtype=torch.float32).reshape(100, shape[1])
            yield {"kind": "file", "seed": seed, **described(table[torch.randperm(100)[: shape[0]]])}
            torch.manual_seed(seed)
            bias = torch.randn(shape[1]) * 0.3
            yield {"kind": "bias", "seed": seed, **described(bias)}


def main():
    lines = {"weights": weights(), "inputs": inputs()}
    parts = []
    for name, items in lines.items():
        rows = ",\n".join(json.dumps(item) for item in items)
        parts.append(f'"{name}": [\n{rows}\n]')
    text = f'{{"pytorch": "{torch.__version__}",\n' + ",\n".join(parts) + "\n}\n"
    json.loads(text)
    pathlib.Path(__file__).with_name("initialize.json").write_text(text)


main()
