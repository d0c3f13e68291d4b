#!/usr/bin/env python3
"""Training runs of `nanscope train` beside eager PyTorch, which runs the scripts of `nanscope pytorch`.

    VENV/bin/python tests/bench/pytorch_train.py [build/bin/nanscope]

For each size it prints milliseconds a step on one thread, the best of several rounds in turns, so
that both see the same machine: NaNscope without and with the statistics of every layer in every
step, PyTorch without. Reading the loss and the gradients' norm and writing the line are part of a
step on both sides.
"""

import contextlib
import json
import os
import subprocess
import sys
import time

import torch

SIZES = [(8, 64, 64, 1000), (50, 128, 64, 100), (20, 256, 128, 60)]  # depth, width, batch, steps
ROUNDS = 3


class Clock:
    """Standard output that notes when each line came."""

    def __init__(self):
        self.times = []

    def write(self, text):
        if text.startswith("{"):
            self.times.append(time.perf_counter())

    def flush(self):
        pass

    def seconds_a_step(self):
        return (self.times[-1] - self.times[0]) / (len(self.times) - 1)


def output_of(command):
    one_thread = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=True,
                          env=one_thread).stdout


def nanscopes(program, keys):
    summary = json.loads(output_of([program, "train", *keys, "--json"]).splitlines()[-1])
    return 1 / summary["steps_per_second"]


def pytorchs(script):
    clock = Clock()
    with contextlib.redirect_stdout(clock):
        exec(script, {"__name__": "__main__"})
    return clock.seconds_a_step()


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "build/bin/nanscope"
    torch.set_num_threads(1)
    print("   size         nanscope  with statistics    PyTorch   ratio")
    for depth, width, batch, steps in SIZES:
        keys = ["data.kind=teacher", "init.scheme=kaiming", f"model.depth={depth}",
                f"model.width={width}", f"batch={batch}", f"steps={steps}"]
        script = output_of([program, "pytorch", *keys])
        rounds = [(nanscopes(program, keys), nanscopes(program, [*keys, "statistics=1"]),
                   pytorchs(script)) for _ in range(ROUNDS)]
        plain, looking, theirs = (1000 * min(times) for times in zip(*rounds))
        print(f"{depth:4} x {width:<4} {plain:12.3f} ms {looking:12.3f} ms {theirs:8.3f} ms"
              f" {theirs / plain:7.2f}")


main()
