#!/usr/bin/env python3
"""A training step in eager PyTorch with statistics from hooks, the counterpart of training_step.

    VENV/bin/python tests/bench/pytorch_step.py [--bench build/bin/bench]

For each size it prints microseconds a step on one thread, the best of several rounds, without
statistics, with mean, variance and largest magnitude of each layer's tensors, and with all
statistics that NaNscope takes. With --bench it runs NaNscope's benchmarks in turns with PyTorch, so
that both see the same machine, and prints the ratios. Times are CPU time, which other programs on
the machine disturb less.
"""

import argparse
import json
import math
import subprocess
import time

import torch
from torch import nn

SIZES = [(8, 64, 64), (50, 128, 64), (20, 256, 128)]
SMALLEST_NORMAL = torch.finfo(torch.float32).smallest_normal


def no_statistics(x):
    return ()


def short_statistics(x):
    return (*torch.var_mean(x, correction=0), x.abs().max())


def all_statistics(x):
    size = x.abs()
    variance, mean = torch.var_mean(x.double(), correction=0)
    return (mean, variance, (variance + mean * mean).sqrt(), size.max(), (x == 0).sum(),
            ((size > 0) & (size < SMALLEST_NORMAL)).sum(), x.isposinf().sum(), x.isneginf().sum(),
            x.isnan().sum())


class Probes:
    """Statistics of every layer's preactivation, activation, its gradient, weight and its gradient."""

    def __init__(self, model, statistics):
        self.statistics = statistics
        self.results = []
        if statistics is no_statistics:
            return
        for module in model:
            module.register_forward_hook(self.forward)
            if not isinstance(module, nn.Linear):
                module.register_full_backward_hook(self.backward)

    def forward(self, module, inputs, output):
        self.results.append(self.statistics(output.detach()))

    def backward(self, module, grad_inputs, grad_outputs):
        self.results.append(self.statistics(grad_outputs[0]))

    def parameters(self, model):
        if self.statistics is no_statistics:
            return
        for parameter in model.parameters():
            self.results.append(self.statistics(parameter.detach()))
            self.results.append(self.statistics(parameter.grad))


class Step:
    def __init__(self, depth, width, batch, statistics):
        torch.manual_seed(1)
        layers = []
        for _ in range(depth):
            linear = nn.Linear(width, width, bias=False)
            nn.init.kaiming_normal_(linear.weight, nonlinearity="relu")
            layers += [linear, nn.ReLU()]
        self.model = nn.Sequential(*layers)
        self.probes = Probes(self.model, statistics)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3)
        self.x = torch.randn(batch, width)
        self.upstream = torch.randn(batch, width)

    def __call__(self):
        self.probes.results.clear()
        loss = (self.model(self.x) * self.upstream).sum()
        loss.backward()
        self.probes.parameters(self.model)
        self.optimizer.step()
        self.optimizer.zero_grad()


def microseconds(step, seconds=0.5):
    """Of one step, averaged over about `seconds`."""
    step()
    begin = time.process_time()
    step()
    count = max(3, math.ceil(seconds / (time.process_time() - begin)))
    begin = time.process_time()
    for _ in range(count):
        step()
    return 1e6 * (time.process_time() - begin) / count


def nanscope_microseconds(bench, size):
    """The benchmarks of one size, by name."""
    names = "training_step|training_step_without_statistics|matmuls_alone"
    arguments = "/".join(f"{n}:{v}" for n, v in zip(("depth", "width", "batch", "threads"),
                                                    (*size, 1)))
    done = subprocess.run([bench, f"--benchmark_filter=^({names})/{arguments}",
                           "--benchmark_format=json"], capture_output=True, text=True, check=True)
    return {run["name"].split("/")[0]: run["cpu_time"]
            for run in json.loads(done.stdout)["benchmarks"]}


def best(rounds, measure):
    """The fastest of several rounds for each name: the others were disturbed."""
    results = {}
    for _ in range(rounds):
        for name, value in measure().items():
            results[name] = min(value, results.get(name, math.inf))
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", help="NaNscope's bench program")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    for size in SIZES:
        steps = {"PyTorch": Step(*size, no_statistics),
                 "PyTorch, short statistics": Step(*size, short_statistics),
                 "PyTorch, all statistics": Step(*size, all_statistics)}

        def measure():
            results = {name: microseconds(step) for name, step in steps.items()}
            if options.bench:
                results |= nanscope_microseconds(options.bench, size)
            return results

        results = best(options.rounds, measure)
        depth, width, batch = size
        print(f"{depth} x {width}, batch {batch}")
        ours = results.get("training_step")
        for name, value in results.items():
            ratio = f"{value / ours:8.2f} x ours" if ours else ""
            print(f"  {name:36}{value:10.0f} us{ratio}")


if __name__ == "__main__":
    main()
