#!/usr/bin/env python3
"""The losses of small transformers that learn bytes, by the scripts that NaNscope prints.

    VENV/bin/python tests/reference/make_language_model.py > tests/reference/language_model.json

VENV has PyTorch 2.15. The scripts stand in language_scripts/, as pytorch_language_script() prints
them, which tests/engine/pytorch tests; here they run in fp64, as they stand, and in fp32.
"""

import contextlib
import io
import json
import os
import pathlib

import torch

FOLDER = pathlib.Path(__file__).parent


def losses(script, dtype):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(script.replace("DTYPE = torch.float64", f"DTYPE = {dtype}"), {"__name__": "__main__"})
    return [json.loads(line)["loss"] for line in printed.getvalue().splitlines()]


def main():
    torch.set_num_threads(1)
    os.chdir(FOLDER.parents[1])  # the text is the repository's LICENSE
    table = {}
    for path in sorted((FOLDER / "language_scripts").glob("*.py")):
        script = path.read_text()
        table[path.stem] = {"fp64": losses(script, "torch.float64"),
                            "fp32": losses(script, "torch.float32")}
    print(json.dumps(table))


if __name__ == "__main__":
    main()
