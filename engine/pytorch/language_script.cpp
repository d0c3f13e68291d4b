#include "engine/pytorch/language_script.h"

#include <fmt/format.h>

#include "engine/plan/optimizers/optimizers.h"
#include "engine/pytorch/python_literal.h"
#include "engine/pytorch/script_parts.h"

namespace nanscope {
namespace {

std::string language_head_text(const LanguageRun& run) {
  const TransformerSpec& transformer = run.transformer;
  return fmt::format(
      R"(#!/usr/bin/env python3
"""A transformer learns bytes, step by step.

Written by NaNscope. Under PyTorch 2.15 on the CPU it prints NaNscope's losses, a line of JSON a step.
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

PATH, TRAINED_BYTES = {}, {}
BATCH, LENGTH, VOCABULARY = {}, {}, {}
DEPTH, WIDTH, HEADS, KV_HEADS, HIDDEN = {}, {}, {}, {}, {}
DTYPE = {}
)",
      python_literal(run.path), run.trained_bytes, run.batch, transformer.length,
      transformer.vocabulary, run.model.depth, run.model.width, transformer.heads,
      kv_heads_of(transformer), hidden_of(run.model, transformer),
      run.fp64 ? "torch.float64" : "torch.float32");
}

const char* rotated_text() {
  return R"(
def rotated(x):
    """Each head turned by its place, in pairs of its halves."""
    width = x.shape[-1]
    frequency = 10000.0 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    half = torch.outer(torch.arange(LENGTH, dtype=torch.float64), frequency)
    angle = torch.cat([half, half], dim=-1)
    first, second = x.chunk(2, dim=-1)
    return x * angle.cos().to(x.dtype) + torch.cat([-second, first], -1) * angle.sin().to(x.dtype)
)";
}

std::string attention_text(const LanguageRun& run) {
  const bool rotary = run.transformer.position == PositionKind::rotary;
  const bool grouped = kv_heads_of(run.transformer) != run.transformer.heads;
  return fmt::format(
      R"(
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = nn.Linear(WIDTH, WIDTH, bias={0})
        self.k = nn.Linear(WIDTH, WIDTH // HEADS * KV_HEADS, bias={0})
        self.v = nn.Linear(WIDTH, WIDTH // HEADS * KV_HEADS, bias={0})
        self.o = nn.Linear(WIDTH, WIDTH, bias={0})

    def forward(self, x):
        q = self.q(x).unflatten(-1, (HEADS, -1)).transpose(1, 2)
        k = self.k(x).unflatten(-1, (KV_HEADS, -1)).transpose(1, 2)
        v = self.v(x).unflatten(-1, (KV_HEADS, -1)).transpose(1, 2)
{1}        o = F.scaled_dot_product_attention(q, k, v, is_causal=True{2})
        return self.o(o.transpose(1, 2).flatten(2, 3))
)",
      run.model.bias ? "True" : "False", rotary ? "        q, k = rotated(q), rotated(k)\n" : "",
      grouped ? ", enable_gqa=True" : "");
}

std::string mlp_text(const LanguageRun& run) {
  const MlpKind kind = run.transformer.mlp;
  const std::string bias = run.model.bias ? "True" : "False";
  return fmt::format(
      R"(
class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
{0}        self.up = nn.Linear(WIDTH, HIDDEN, bias={1})
        self.down = nn.Linear(HIDDEN, WIDTH, bias={1})

    def forward(self, x):
        return self.down({2})
)",
      kind == MlpKind::swiglu
          ? fmt::format("        self.gate = nn.Linear(WIDTH, HIDDEN, bias={})\n", bias)
          : "",
      bias,
      kind == MlpKind::swiglu ? "F.silu(self.gate(x)) * self.up(x)"
      : kind == MlpKind::relu ? "F.relu(self.up(x))"
                              : "F.gelu(self.up(x))");
}

const char* norm_module(Norm norm) {
  if (norm == Norm::none) return "nn.Identity()";
  return norm == Norm::rmsnorm ? "nn.RMSNorm(WIDTH, eps=1e-5)" : "nn.LayerNorm(WIDTH, eps=1e-5)";
}

std::string block_text(const LanguageRun& run) {
  const bool pre = run.transformer.norm_place == NormPlace::pre;
  return fmt::format(
      R"(
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm_a, self.attention = {0}, Attention()
        self.norm_m, self.mlp = {0}, Mlp()

    def forward(self, h):
{1})",
      norm_module(run.model.norm),
      pre ? "        h = h + self.attention(self.norm_a(h))\n"
            "        return h + self.mlp(self.norm_m(h))\n"
          : "        h = self.norm_a(h + self.attention(h))\n"
            "        return self.norm_m(h + self.mlp(h))\n");
}

std::string model_text(const LanguageRun& run) {
  const TransformerSpec& transformer = run.transformer;
  const bool learned = transformer.position == PositionKind::learned;
  const bool sinusoidal = transformer.position == PositionKind::sinusoidal;
  const bool pre = transformer.norm_place == NormPlace::pre && run.model.norm != Norm::none;
  return fmt::format(
      R"(
class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, WIDTH)
{}        self.blocks = nn.Sequential(*(Block() for _ in range(DEPTH)))
{}        self.head = nn.Linear(WIDTH, VOCABULARY, bias=False)
{}
    def forward(self, x):
        h = self.tokens(x)
{}        return self.head({})
)",
      learned ? "        self.places = nn.Embedding(LENGTH, WIDTH)\n" : "",
      pre ? fmt::format("        self.norm = {}\n", norm_module(run.model.norm)) : "",
      transformer.tied ? "        self.head.weight = self.tokens.weight\n" : "",
      learned ? "        h = h + self.places.weight\n"
      : sinusoidal
          ? "        frequency = 10000.0 ** (-torch.arange(0, WIDTH, 2, dtype=torch.float64) / "
            "WIDTH)\n"
            "        angle = torch.outer(torch.arange(LENGTH, dtype=torch.float64), frequency)\n"
            "        h = h + torch.stack([angle.sin(), angle.cos()], -1).flatten(1).to(h.dtype)\n"
          : "",
      pre ? "self.norm(self.blocks(h))" : "self.blocks(h)");
}

std::string draw_text(const LanguageRun& run) {
  return fmt::format(
      R"(
@torch.no_grad()
def draw(name, parameter):
    """What norms learn begins at 1 and 0; what ends in the stream is drawn smaller, as GPT-2's is."""
    if "norm" in name:
        return
    if name in ("tokens.weight", "places.weight"):
        drawn = torch.randn(parameter.shape) * {0}
    elif name.endswith("bias"):
        drawn = torch.randn(parameter.shape) * {1}
    else:
        drawn = draw_weight(*parameter.shape)
        if name.endswith(("attention.o.weight", "mlp.down.weight")):
            drawn = drawn * (1 / math.sqrt(2 * DEPTH))
        drawn = drawn * {0}
    parameter.copy_(drawn)
)",
      run.init.gain, run.init.bias_std);
}

const char* windows_text() {
  return R"(
def windows():
    """Random windows and the bytes behind each of theirs: the course's get_batch."""
    data = torch.tensor(list(pathlib.Path(PATH).read_bytes()[:TRAINED_BYTES]))
    while True:
        first = torch.randint(len(data) - LENGTH, (BATCH,)).tolist()
        yield (torch.stack([data[i:i + LENGTH] for i in first]),
               torch.stack([data[i + 1:i + 1 + LENGTH] for i in first]))
)";
}

std::string language_steps_text(const LanguageRun& run) {
  return fmt::format(
      R"(
model = Transformer().to(DTYPE)
torch.manual_seed({})
for name, parameter in model.named_parameters():
    draw(name, parameter)
tensors = list(model.parameters())
optimizer = {}
batches = windows()
for step in range({}):
    x, y = next(batches)
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
    loss.backward()
    norms = torch.stack([torch.linalg.vector_norm(tensor.grad) for tensor in tensors])
    print(json.dumps({{"step": step, "lr": {}, "loss": number(loss),
                      "grad_norm": number(torch.linalg.vector_norm(norms))}}))
    optimizer.step()
)",
      run.seed, optimizer_text(run.optimizer.kind).pytorch(run.optimizer), run.steps,
      run.optimizer.lr);
}

}  // namespace

std::string pytorch_language_script(const LanguageRun& run) {
  const bool rotary = run.transformer.position == PositionKind::rotary;
  return language_head_text(run) + part(draw_weight_text(run.init)) +
         part(rotary ? rotated_text() : "") + part(attention_text(run)) + part(mlp_text(run)) +
         part(block_text(run)) + part(model_text(run)) + part(draw_text(run)) +
         part(windows_text()) + part(json_number_text()) +
         part(std::string(optimizer_text(run.optimizer.kind).definition)) +
         part(language_steps_text(run));
}

}  // namespace nanscope
