#!/usr/bin/env python3
"""Random training runs, and a third as many in narrow formats: what PyTorch's losses are, by the
scripts that `nanscope pytorch` prints.

    VENV/bin/python tests/reference/make_training.py build/bin/nanscope 225 1 > tests/reference/training.json
    VENV/bin/python tests/reference/make_training.py build/bin/nanscope 30 15 changed > tests/reference/changed.json

VENV has PyTorch 2.15. The arguments are the program, how many runs, and the seed of their choice.
With a last argument, `compare`, the losses are compared with those of `nanscope train` instead;
`changed` makes runs whose live keys change on their way. Runs that diverge, and those that carry a
rounding to any size (is_steady()), are passed over.
"""

import contextlib
import io
import json
import random
import pathlib
import subprocess
import sys
import tempfile

import torch

STEPS = 201
EVERY = 5  # of these the table has every fifth: what differs once stays different

OPTIMIZERS = {  # with learning rates that do not diverge on these tasks
    "sgd": [1e-4, 1e-3], "momentum": [1e-4, 5e-4], "nesterov": [1e-4, 5e-4],
    "adagrad": [1e-3, 1e-2], "rmsprop": [1e-3, 1e-2],
    "adam": [1e-3, 1e-2], "adamw": [1e-3, 1e-2], "amsgrad": [1e-3, 1e-2],
    "lion": [1e-4, 1e-3], "lamb": [1e-3, 1e-2], "adabelief": [1e-3, 1e-2], "muon": [1e-3, 1e-2],
}
# These take the sign of a sum, and round to bf16: what differs by a rounding of fp32 may differ by
# all of a step.
STEEP = ["lion", "muon"]


def random_keys(choose):
    """The key=value pairs of one small run."""
    kind = choose.choice(list(OPTIMIZERS))
    keys = {
        "model.kind": choose.choice(["mlp", "deep_linear"]),
        "model.depth": choose.choice([1, 1, 1, 2, 2, 3, 4]),
        "model.width": choose.choice([8, 8, 8, 9, 12, 19]),
        "model.activation": choose.choice(["relu", "leaky_relu", "gelu", "silu", "tanh", "sigmoid"]),
        "model.norm": choose.choice(["none", "none", "layernorm", "rmsnorm", "batchnorm", "batchnorm"]),
        "model.residual": choose.choice(["true", "false"]),
        "model.bias": choose.choice(["true", "false"]) if kind != "muon" else "false",
        "init.scheme": choose.choice(["inv_sqrt", "xavier", "kaiming", "orthogonal", "truncated"]),
        "init.bias_std": choose.choice([0, 0.1]),
        "precision": choose.choice(["fp32", "fp64", "fp64"]) if kind not in STEEP else "fp64",
        "batch": choose.randint(1, 24),
        "seed": choose.randint(0, 10000),
        "steps": STEPS,
        "optimizer.kind": kind,
        "optimizer.lr": choose.choice(OPTIMIZERS[kind]),
    }
    if keys["model.norm"] == "batchnorm":  # the variance of few rows divides by next to nothing
        keys["batch"] = choose.randint(8, 24)
    if choose.random() < 0.5:
        keys["optimizer.weight_decay"] = choose.choice([0.01, 0.1])
    for penalty in ("l1", "l2"):
        if choose.random() < 0.2:
            keys[f"regularization.{penalty}"] = choose.choice([0.001, 0.05])
    if choose.random() < 0.25:
        keys["model.dropout"] = choose.choice([0.1, 0.5])
    if kind in ("momentum", "nesterov", "muon") and choose.random() < 0.5:
        keys["optimizer.momentum"] = choose.choice([0, 0.5, 0.95])
    if kind == "momentum" and choose.random() < 0.5:
        keys["optimizer.dampening"] = 0.25
    if kind == "rmsprop" and choose.random() < 0.5:
        keys |= {"optimizer.alpha": 0.9, "optimizer.momentum": choose.choice([0.5, 0.9])}
    if kind.startswith("a") or kind in ("lion", "lamb"):
        if choose.random() < 0.5:
            keys |= {"optimizer.beta1": 0.8, "optimizer.beta2": 0.95, "optimizer.eps": 1e-6}
    keys |= random_data(choose) | random_course(choose)
    return [f"{key}={value}" for key, value in keys.items()]


def random_scaled_keys(choose):
    """The same in narrow formats, most with a scaled loss, where some scales overflow."""
    keys = dict(pair.split("=", 1) for pair in random_keys(choose))
    if keys["optimizer.kind"] in STEEP:
        keys |= {"optimizer.kind": "adam", "optimizer.lr": 1e-3}
    keys["precision"] = choose.choice(["mixed_fp16", "mixed_fp16", "mixed_bf16", "bf16", "bf16", "fp32"])
    if keys["precision"] != "bf16":
        keys |= {"loss_scale.kind": choose.choice(["static", "dynamic", "dynamic"]),
                 "loss_scale.init": choose.choice([64, 1000, 65536, 2.0**20, 2.0**30]),
                 "loss_scale.interval": choose.choice([3, 8, 2000])}
    return [f"{key}={value}" for key, value in keys.items()]


def random_data(choose):
    """Where the samples come from. training.csv has 48 rows: a number in its second column, one of
    three classes in its last."""
    kind = choose.choice(["teacher", "teacher", "normal", "constant_norm", "spiral", "circles",
                          "moons", "digits", "number", "class", "class as number"])
    if kind in ("number", "class", "class as number"):
        return {"data.kind": "file", "data.path": "tests/reference/training.csv",
                "data.held_out": choose.choice([0, 0.2, 0.45]), "evaluate": choose.choice([0, 25]),
                "data.target": choose.choice(["2", "price"]) if kind == "number" else "",
                "loss": "cross_entropy" if kind == "class" else "auto"}
    if kind in ("teacher", "normal", "constant_norm"):
        return {"data.kind": kind}
    return {"data.kind": kind, "evaluate": choose.choice([0, 50]),
            "loss": choose.choice(["auto", "auto", "mse"])}


def random_course(choose):
    """Schedule, clipping, accumulation."""
    keys = {"schedule.kind": choose.choice(["constant", "warmup", "step", "linear", "cosine",
                                             "one_cycle"]),
            "schedule.warmup": choose.choice([0, 0, 30])}
    if keys["schedule.kind"] == "step":
        keys |= {"schedule.period": 45, "schedule.factor": 0.5}
    if keys["schedule.kind"] in ("linear", "cosine"):
        keys["schedule.final"] = choose.choice([0, 0.1])
    if choose.random() < 0.3:
        keys["clip.norm"] = choose.choice([0.1, 10])
    if choose.random() < 0.2:
        keys["clip.value"] = choose.choice([0.01, 1])
    if choose.random() < 0.3:
        keys["accumulation"] = choose.choice([2, 3])
    if choose.random() < 0.2:
        keys["recompute"] = choose.choice([2, 3])
    return keys


def random_changes(choose, keys):
    """Live keys that change on the way of a run, "40:optimizer.lr=0.01", by step."""
    pairs = dict(pair.split("=", 1) for pair in keys)
    kind, lr = pairs["optimizer.kind"], float(pairs["optimizer.lr"])
    values = {"optimizer.lr": [lr / 2, lr * 1.5], "optimizer.weight_decay": [0, 0.02],
              "regularization.l1": [0, 0.002], "regularization.l2": [0, 0.01],
              "clip.norm": [0, 0.5], "clip.value": [0, 0.02]}
    if kind == "rmsprop":
        values["optimizer.alpha"] = [0.9, 0.95]
    if kind in ("momentum", "nesterov", "rmsprop", "muon"):
        values["optimizer.momentum"] = [0, 0.6] if kind != "muon" else [0.5, 0.9]
    if kind == "momentum":
        values["optimizer.dampening"] = [0, 0.1]
    if kind.startswith("ad") or kind in ("amsgrad", "lion", "lamb"):
        if kind != "adagrad":
            values |= {"optimizer.beta1": [0.7, 0.95], "optimizer.beta2": [0.9, 0.99]}
        if kind != "lion":
            values["optimizer.eps"] = [1e-6, 1e-5]
    if pairs.get("loss_scale.kind", "none") != "none":
        values["loss_scale.init"] = [128, 4096]
        if pairs["loss_scale.kind"] == "dynamic":
            values["loss_scale.interval"] = [5, 20]
    changes = {}
    for key in choose.sample(sorted(values), choose.randint(1, 5)):
        for _ in range(choose.randint(1, 2)):
            changes[choose.choice([0, 30, 30, 77, 140]), key] = choose.choice(values[key])
    if choose.random() < 0.3:  # an end that comes later than it was to
        changes[choose.randint(50, 150), "steps"] = STEPS
    return [f"{step}:{key}={value}" for (step, key), value in sorted(changes.items())]


def typed(key, value):
    """A pair's value as JSON has it."""
    if value in ("true", "false"):
        return value == "true"
    try:
        return value if key == "data.target" else json.loads(value)
    except json.JSONDecodeError:
        return value


@contextlib.contextmanager
def run_file(keys, changes):
    """A run file's header: what is typed has to act, and a file may carry what does not."""
    experiment = {"lab": "training"}
    for key, value in (pair.split("=", 1) for pair in keys):
        *group, name = key.split(".")
        (experiment.setdefault(group[0], {}) if group else experiment)[name] = typed(key, value)
    if any(":steps=" in change for change in changes):
        experiment["steps"] = STEPS - 20
    header = {"schema": "nanscope.run/1", "experiment": experiment, "changes": []}
    for change in changes:
        step, pair = change.split(":", 1)
        key, value = pair.split("=", 1)
        header["changes"].append({"change": key, "value": value, "before_step": int(step)})
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "run.jsonl")
        file.write_text(json.dumps(header, separators=(",", ":")) + "\n")
        yield str(file)


def output_of(command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def steps_of(lines):
    return [line for line in map(json.loads, lines.splitlines()) if "step" in line]


def pytorchs_steps(program, keys, changes=()):
    """Without oneDNN, which sums bf16 products (Muon's) in an order that depends on the processor."""
    printed = io.StringIO()
    without_onednn = torch.backends.mkldnn.flags(enabled=False)
    with run_file(keys, changes) as file, contextlib.redirect_stdout(printed), without_onednn:
        exec(output_of([program, "pytorch", file]), {"__name__": "__main__"})
    steps = steps_of(printed.getvalue())
    assert len(steps) == STEPS, keys
    return steps


# Half an ulp of the products' format (1 + 2^-8 and 1 + 2^-11 are the next numbers after 1), and how
# far a run may go from itself for it: half of what the test allows.
NARROW = {"bf16": (2**-9, 2**-7), "mixed_bf16": (2**-9, 2**-7), "mixed_fp16": (2**-12, 2**-10)}


@contextlib.contextmanager
def another_processors_sums(half_ulp, seed):
    """Layers whose results fall to the other side of a rounding now and then, as they do where a
    processor sums, or adds the bias, in another order: before rounding, up to half an ulp."""
    linear, noise = torch.nn.functional.linear, torch.Generator().manual_seed(seed)

    def shifted(x, weight, bias=None):
        y = linear(x, weight, bias)  # of the format, or float32 that the script rounds
        exact = linear(x.detach().float(), weight.detach().float(),
                       None if bias is None else bias.detach().float())
        shift = 1 + half_ulp * (2 * torch.rand(y.shape, generator=noise) - 1)
        return y + ((exact * shift).to(y.dtype) - y).detach()

    torch.nn.functional.linear = shifted
    try:
        yield
    finally:
        torch.nn.functional.linear = linear


@contextlib.contextmanager
def another_order():
    """Layers that sum their products from the last to the first. A bias in front of BatchNorm has the
    gradient 0, of which a sum makes 0 or a rounding; the sign of that is what l1 adds."""
    linear = torch.nn.functional.linear
    torch.nn.functional.linear = lambda x, weight, bias=None: linear(
        x.flip(-1).contiguous(), weight.flip(-1).contiguous(), bias)
    try:
        yield
    finally:
        torch.nn.functional.linear = linear


def is_steady(program, keys, theirs, changes=()):
    """Whether PyTorch gives the same run in another order of its sums, of fp32 in fp64, in narrower
    formats on three other processors: one that carries every rounding to any size tells nothing."""
    precision = dict(pair.split("=", 1) for pair in keys)["precision"]
    if precision == "fp64":
        with another_order():
            others = pytorchs_steps(program, keys, changes)
        return distance(others, theirs) < 1e-11  # a hundredth of what the test allows
    if precision == "fp32":
        others = pytorchs_steps(program, [*keys, "precision=fp64"], changes)
        return distance(others, theirs) < 5e-6
    half_ulp, allowed = NARROW[precision]
    for seed in range(3):
        with another_processors_sums(half_ulp, seed):
            others = pytorchs_steps(program, keys, changes)
        if distance(others, theirs) >= allowed:
            return False
    return True


def distance(ours, theirs):
    """The largest relative difference of a loss, a norm, a rate or an accuracy. Of gradients that
    overflow the norm is inf or nan."""
    largest = 0
    for one, other in zip(ours, theirs, strict=True):
        assert one.keys() == other.keys(), (one, other)
        for key in one:
            if "skipped" in one and one["skipped"] != other["skipped"]:
                return float("inf")
            if one[key] != other[key] and not (key == "grad_norm" and one.get("skipped")):
                largest = max(largest, abs(one[key] - other[key]) / abs(other[key]))
    return largest


def columns(lines):
    """Every fifth step by what it tells, a column each, with null where it does not: twelve digits of
    what is compared to nine, and one number for a rate that stays; which steps were skipped."""
    shown = lines[::EVERY]
    names = dict.fromkeys(name for line in shown for name in line if name not in ("step", "skipped"))
    table = {name: [line.get(name) for line in shown] for name in names}
    if "skipped" in lines[0]:
        table["skipped"] = [line["step"] for line in lines if line["skipped"]]
    for name in ("loss", "grad_norm", "held_out_loss"):
        if name in table:
            table[name] = [float(f"{value:.12g}") if isinstance(value, float) else value
                           for value in table[name]]
    if len(set(table["lr"])) == 1:
        table["lr"] = table["lr"][0]
    return table


def main():
    program, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    compare, changed = "compare" in sys.argv, "changed" in sys.argv
    choose, scaled = random.Random(seed), random.Random(seed + 1)
    runs, passed_over = [], 0
    while len(runs) < count + count // 3:
        keys = random_keys(choose) if len(runs) < count else random_scaled_keys(scaled)
        changes = random_changes(choose, keys) if changed else []
        theirs = pytorchs_steps(program, keys, changes)
        if any(isinstance(value, str) and not line.get("skipped")
               for line in theirs for value in line.values()):
            continue  # a run that diverges carries every rounding error to any size
        if not is_steady(program, keys, theirs, changes):
            passed_over += 1
            continue
        if compare:
            with run_file(keys, changes) as file:
                ours = steps_of(output_of([program, "train", file, "--json"]))
            print(f"{distance(ours, theirs):.1e} {' '.join(keys + changes)}", flush=True)
        runs.append({"keys": keys, **({"changes": changes} if changed else {}),
                     "steps": columns(theirs)})
    print(f"{passed_over} runs carry a rounding to any size", file=sys.stderr)
    if not compare:
        shown = [json.dumps(run, separators=(",", ":")) for run in runs]
        print("[\n" + ",\n".join(shown) + "\n]")


main()
