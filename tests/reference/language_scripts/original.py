#!/usr/bin/env python3
"""A transformer learns bytes, step by step.

Written by NaNscope. Under PyTorch 2.15 on the CPU it prints NaNscope's losses, a line of JSON a step.
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

PATH, TRAINED_BYTES = "LICENSE", 900
BATCH, LENGTH, VOCABULARY = 4, 16, 256
DEPTH, WIDTH, HEADS, KV_HEADS, HIDDEN = 2, 24, 2, 2, 96
DTYPE = torch.float64


def draw_weight(units, fan_in):
    """N(0, 2 / (fan_in + fan_out))."""
    return torch.nn.init.xavier_normal_(torch.empty(units, fan_in))


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = nn.Linear(WIDTH, WIDTH, bias=True)
        self.k = nn.Linear(WIDTH, WIDTH // HEADS * KV_HEADS, bias=True)
        self.v = nn.Linear(WIDTH, WIDTH // HEADS * KV_HEADS, bias=True)
        self.o = nn.Linear(WIDTH, WIDTH, bias=True)

    def forward(self, x):
        q = self.q(x).unflatten(-1, (HEADS, -1)).transpose(1, 2)
        k = self.k(x).unflatten(-1, (KV_HEADS, -1)).transpose(1, 2)
        v = self.v(x).unflatten(-1, (KV_HEADS, -1)).transpose(1, 2)
        o = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.o(o.transpose(1, 2).flatten(2, 3))


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.Linear(WIDTH, HIDDEN, bias=True)
        self.down = nn.Linear(HIDDEN, WIDTH, bias=True)

    def forward(self, x):
        return self.down(F.relu(self.up(x)))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm_a, self.attention = nn.LayerNorm(WIDTH, eps=1e-5), Attention()
        self.norm_m, self.mlp = nn.LayerNorm(WIDTH, eps=1e-5), Mlp()

    def forward(self, h):
        h = self.norm_a(h + self.attention(h))
        return self.norm_m(h + self.mlp(h))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, WIDTH)
        self.blocks = nn.Sequential(*(Block() for _ in range(DEPTH)))
        self.head = nn.Linear(WIDTH, VOCABULARY, bias=False)

    def forward(self, x):
        h = self.tokens(x)
        frequency = 10000.0 ** (-torch.arange(0, WIDTH, 2, dtype=torch.float64) / WIDTH)
        angle = torch.outer(torch.arange(LENGTH, dtype=torch.float64), frequency)
        h = h + torch.stack([angle.sin(), angle.cos()], -1).flatten(1).to(h.dtype)
        return self.head(self.blocks(h))


@torch.no_grad()
def draw(name, parameter):
    """What norms learn begins at 1 and 0; what ends in the stream is drawn smaller, as GPT-2's is."""
    if "norm" in name:
        return
    if name in ("tokens.weight", "places.weight"):
        drawn = torch.randn(parameter.shape) * 1
    elif name.endswith("bias"):
        drawn = torch.randn(parameter.shape) * 0.1
    else:
        drawn = draw_weight(*parameter.shape)
        if name.endswith(("attention.o.weight", "mlp.down.weight")):
            drawn = drawn * (1 / math.sqrt(2 * DEPTH))
        drawn = drawn * 1
    parameter.copy_(drawn)


def windows():
    """Random windows and the bytes behind each of theirs: the course's get_batch."""
    data = torch.tensor(list(pathlib.Path(PATH).read_bytes()[:TRAINED_BYTES]))
    while True:
        first = torch.randint(len(data) - LENGTH, (BATCH,)).tolist()
        yield (torch.stack([data[i:i + LENGTH] for i in first]),
               torch.stack([data[i + 1:i + 1 + LENGTH] for i in first]))


def number(x):
    """JSON has no word for what is not finite; a string stands in."""
    x = x.item()
    return x if math.isfinite(x) else str(x)


model = Transformer().to(DTYPE)
torch.manual_seed(3)
for name, parameter in model.named_parameters():
    draw(name, parameter)
tensors = list(model.parameters())
optimizer = torch.optim.SGD(tensors, lr=0.01, momentum=0.9, dampening=0, weight_decay=0, fused=True)
batches = windows()
for step in range(100):
    x, y = next(batches)
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
    loss.backward()
    norms = torch.stack([torch.linalg.vector_norm(tensor.grad) for tensor in tensors])
    print(json.dumps({"step": step, "lr": 0.01, "loss": number(loss),
                      "grad_norm": number(torch.linalg.vector_norm(norms))}))
    optimizer.step()
