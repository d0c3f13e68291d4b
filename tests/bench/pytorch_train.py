#!/usr/bin/env python3
"""Training runs of `nanscope train` beside PyTorch and beside the floor, in one run.

    VENV/bin/python tests/bench/pytorch_train.py [build/bin/nanscope] [--rounds N] [--compile]

A deep linear network learns a linear teacher. For each size and optimizer it prints milliseconds of
CPU time a step, on one thread, the median of several rounds, and what each is of the floor and of
the step with statistics, the medians of what it is within a round, as what else the machine does
meets all of a round:

    floor               the matrix products alone, and one pass over what the optimizer reads and
                        writes at the bandwidth of a copy of as much memory
    nanscope            `train`, quiet: every step's loss and gradient norm
    statistics          the same with the statistics of every layer in every step
    statistics, lines   the same as a line of JSON a step
    eager               the script of `nanscope pytorch`
    eager, hooks        its model as modules, with all of these statistics from hooks
    compiled            torch.compile and the fused optimizer, without statistics
    compiled, short     with mean, variance and largest magnitude in its graph

A step of each draws its samples and reads the loss. What only some of them do, such as starting a
process, is left out by comparing a short run with a long one.
"""

import argparse
import contextlib
import io
import math
import os
import resource
import subprocess
import time
from statistics import median

import torch
import torch.nn.functional as F
from torch import nn

from pytorch_step import Probes, all_statistics, no_statistics, short_statistics

SIZES = [(8, 64, 64, 600), (50, 128, 64, 60), (20, 256, 128, 30)]  # depth, width, batch, steps
OPTIMIZERS = {"adam": 7, "sgd": 3}  # floats of a parameter that a step reads or writes


def child_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def output_of(command):
    one_thread = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=True,
                          env=one_thread).stdout


def nanscope_step(program, keys, steps, *options):
    """Seconds a step: of a run of four times as many steps what it takes longer."""
    seconds = []
    for count in (steps, 4 * steps):
        begin = child_seconds()
        output_of([program, "train", *keys, f"steps={count}", *options])
        seconds.append(child_seconds() - begin)
    return (seconds[1] - seconds[0]) / (3 * steps)


def script_step(program, keys, steps):
    seconds = []
    for count in (2, 2 + steps):
        script = output_of([program, "pytorch", *keys, f"steps={count}"])
        begin = time.process_time()
        with contextlib.redirect_stdout(io.StringIO()):
            exec(script, {"__name__": "__main__"})
        seconds.append(time.process_time() - begin)
    return (seconds[1] - seconds[0]) / steps


def timed(step, steps):
    step()
    begin = time.process_time()
    for _ in range(steps):
        step()
    return (time.process_time() - begin) / steps


class Step:
    """A step with modules: eager with hooks, or compiled."""

    def __init__(self, size, kind, statistics, compiled):
        self.depth, self.width, self.batch = size
        torch.manual_seed(1)
        widths = [self.width] * (self.depth + 1) + [1]
        self.model = nn.Sequential(*(nn.Linear(a, b, bias=False)
                                     for a, b in zip(widths, widths[1:])))
        for linear in self.model:
            nn.init.normal_(linear.weight, std=1 / math.sqrt(self.width))
        self.teacher = torch.arange(self.width, dtype=torch.float32)[:, None]
        make = torch.optim.Adam if kind == "adam" else torch.optim.SGD
        self.optimizer = make(self.model.parameters(), lr=1e-6, fused=True)
        self.statistics = statistics
        self.probes = None if compiled else Probes(self.model, statistics)
        self.forward = torch.compile(self.look) if compiled else self.look
        self.measure = torch.compile(self.look_at_parameters) if compiled else None

    def look(self, x, t):
        seen = []
        for linear in self.model:
            x = linear(x)
            if self.probes is None:
                seen.append(self.statistics(x.detach()))
        return F.mse_loss(x, t), seen

    def look_at_parameters(self):
        parameters = list(self.model.parameters())
        norms = torch.stack([torch.linalg.vector_norm(one.grad) for one in parameters])
        seen = [self.statistics(x) for one in parameters for x in (one.detach(), one.grad)]
        return torch.linalg.vector_norm(norms), seen

    def __call__(self):
        self.optimizer.zero_grad()
        x = torch.randn(self.batch, self.width)
        loss, _ = self.forward(x, x @ self.teacher)
        loss.backward()
        if self.probes is None:
            norm, _ = self.measure()
        else:
            self.probes.parameters(self.model)
            norm = torch.linalg.vector_norm(torch.stack(
                [torch.linalg.vector_norm(one.grad) for one in self.model.parameters()]))
            self.probes.results.clear()
        self.optimizer.step()
        return loss.item(), norm.item()


class Products:
    """The matrix products of a step into memory that is there."""

    def __init__(self, size):
        depth, width, batch = size
        shapes = [(width, width)] * depth + [(1, width)]
        self.weights = [torch.randn(shape) / math.sqrt(width) for shape in shapes]
        self.gradients = [torch.empty(shape) for shape in shapes]
        self.h = [torch.randn(batch, width)] + [torch.empty(batch, out) for out, _ in shapes]
        self.dh = [torch.randn(batch, width) for _ in shapes] + [torch.randn(batch, 1)]

    def __call__(self):
        for i, weight in enumerate(self.weights):
            torch.mm(self.h[i], weight.t(), out=self.h[i + 1])
        for i in reversed(range(len(self.weights))):
            if i > 0:
                torch.mm(self.dh[i + 1], self.weights[i], out=self.dh[i])
            torch.mm(self.dh[i + 1].t(), self.h[i], out=self.gradients[i])


class Traffic:
    """A copy that reads and writes as many bytes as an optimizer's step."""

    def __init__(self, size, kind):
        depth, width, _ = size
        floats = OPTIMIZERS[kind] * (depth * width * width + width)
        self.source, self.copy = torch.ones(floats // 2), torch.empty(floats // 2)

    def __call__(self):
        self.copy.copy_(self.source)


def rows(program, size, steps, kind, with_compile):
    """What is measured, by name: a function that gives seconds a step."""
    depth, width, batch = size
    keys = ["data.kind=teacher", "model.kind=deep_linear", "init.scheme=inv_sqrt",
            f"model.depth={depth}", f"model.width={width}", f"batch={batch}",
            f"optimizer.kind={kind}", "optimizer.lr=1e-6"]
    products, traffic = Products(size), Traffic(size, kind)
    hooked = Step(size, kind, all_statistics, compiled=False)
    table = {
        "floor": lambda: timed(products, steps) + timed(traffic, steps),
        "nanscope": lambda: nanscope_step(program, keys, steps),
        "statistics": lambda: nanscope_step(program, [*keys, "statistics=1"], steps),
        "statistics, lines":
            lambda: nanscope_step(program, [*keys, "statistics=1"], steps, "--json"),
        "eager": lambda: script_step(program, keys, steps),
        "eager, hooks": lambda: timed(hooked, max(steps // 8, 3)),
    }
    if with_compile:
        for name, statistics in (("compiled", no_statistics), ("compiled, short", short_statistics)):
            step = Step(size, kind, statistics, compiled=True)
            table[name] = lambda step=step: timed(step, steps)
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", nargs="?", default="build/bin/nanscope")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--compile", action="store_true", help="torch.compile, too: minutes")
    parser.add_argument("--size", action="append", help="depth x width, as 8x64: of these alone")
    parser.add_argument("--optimizer", choices=OPTIMIZERS, action="append", help="of these alone")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for *size, steps in SIZES:
        if options.size and "{}x{}".format(*size) not in options.size:
            continue
        for kind in options.optimizer or OPTIMIZERS:
            table = rows(options.program, size, steps, kind, options.compile)
            rounds = [{name: measure() for name, measure in table.items()}
                      for _ in range(options.rounds)]
            print("{} x {}, batch {}, {}".format(*size, kind))
            for name in table:
                def times(other):
                    return median(one[name] / one[other] for one in rounds)
                print(f"  {name:20}{1e3 * median(one[name] for one in rounds):9.3f} ms"
                      f"{times('floor'):7.2f} x floor{times('statistics'):7.2f} x statistics",
                      flush=True)


if __name__ == "__main__":
    main()
