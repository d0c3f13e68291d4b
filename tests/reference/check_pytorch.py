#!/usr/bin/env python3
"""Runs the scripts that `nanscope pytorch` prints, and compares them with `nanscope signal`.

    tests/reference/check_pytorch.py --program build/bin/nanscope --python VENV/bin/python

VENV is an environment with PyTorch 2.15. Without experiments as arguments it takes all of
signal_experiments.json. With --write it stores what PyTorch printed in signal.json.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from compare_signal import TENSORS, differences

FOLDER = pathlib.Path(__file__).parent


def output_of(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: status {done.returncode}\n{done.stderr}")
    return done.stdout


def printed_by_pytorch(options, keys):
    script = output_of([options.program, "pytorch", *keys])
    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write(script)
        file.flush()
        return json.loads(output_of([options.python, file.name]))


def compact(report):
    """A report without its experiment, statistics as lists in a fixed order."""
    return {
        "layers": [{"name": layer["name"], "shape": layer["shape"],
                    **{tensor: list(layer[tensor].values()) for tensor in TENSORS}}
                   for layer in report["layers"]],
        "first_nonfinite": report["first_nonfinite"],
    }


def check(name, ours, theirs):
    """Prints one line; returns whether the two agree."""
    found = list(differences(ours, theirs, ours["experiment"]["precision"]))
    wrong = [d for d in found if d[3] > d[4]]
    same = ours["first_nonfinite"] == theirs["first_nonfinite"]
    largest = max(d[3] for d in found)
    identical = sum(d[3] == 0 for d in found)
    print(f"{name:32} largest difference {largest:8.1e}, identical {identical} of {len(found)}, "
          f"first nonfinite {'agrees' if same else 'DIFFERS'}")
    for layer, tensor, key, distance, allowed in wrong[:5]:
        print(f"    {layer} {tensor}.{key}: {distance:.2e} apart, allowed {allowed:.0e}")
    if not same:
        print(f"    ours {ours['first_nonfinite']}\n    PyTorch {theirs['first_nonfinite']}")
    return same and not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, help="nanscope")
    parser.add_argument("--python", default=sys.executable, help="a Python with PyTorch")
    parser.add_argument("--write", action="store_true", help="write signal.json")
    parser.add_argument("keys", nargs="*", help="one experiment instead of the list")
    options = parser.parse_args()

    listed = json.loads((FOLDER / "signal_experiments.json").read_text())
    experiments = {" ".join(options.keys): options.keys} if options.keys else listed
    references, agree = [], 0
    for name, keys in experiments.items():
        theirs = printed_by_pytorch(options, keys)
        ours = json.loads(output_of([options.program, "signal", *keys, "--json"]))
        agree += check(name, ours, theirs)
        references.append({"name": name, "experiment": theirs["experiment"], **compact(theirs)})
    if options.write:
        lines = ",\n".join(json.dumps(reference) for reference in references)
        (FOLDER / "signal.json").write_text(f"[\n{lines}\n]\n")
    print(f"{agree} of {len(experiments)} experiments agree")
    sys.exit(agree < len(experiments))


main()
