#!/usr/bin/env python3
"""The step that language_model_bench.cpp measures, in eager PyTorch with fused attention: the
printed script of tests/reference/language_scripts/gpt2.py at that size.

    VENV/bin/python tests/bench/pytorch_language.py [threads]

Prints the processor's milliseconds a step.
"""

import contextlib
import io
import os
import pathlib
import sys
import time

import torch

TESTS = pathlib.Path(__file__).parents[1]
CHANGES = {
    'PATH, TRAINED_BYTES = "LICENSE", 900': 'PATH, TRAINED_BYTES = "README.md", 20000',
    "BATCH, LENGTH, VOCABULARY = 4, 16, 256": "BATCH, LENGTH, VOCABULARY = 16, 128, 256",
    "HIDDEN = 2, 24, 4, 4, 96": "HIDDEN = 4, 128, 4, 4, 512",
    "DTYPE = torch.float64": "DTYPE = torch.float32",
}


def seconds(script, steps):
    begin = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        exec(script.replace("range(100)", f"range({steps})"), {"__name__": "__main__"})
    return time.process_time() - begin


def main():
    torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    os.chdir(TESTS.parent)
    script = (TESTS / "reference/language_scripts/gpt2.py").read_text()
    for before, after in CHANGES.items():
        assert before in script, before
        script = script.replace(before, after)
    seconds(script, 2)
    few, many = 5, 25
    print(1000 * (seconds(script, many) - seconds(script, few)) / (many - few), "ms a step")


if __name__ == "__main__":
    main()
