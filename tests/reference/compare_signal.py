"""How closely two outputs of the same experiment have to agree."""

import math

TENSORS = ("preactivation", "activation", "activation_grad", "weight", "weight_grad")
COUNTS = ("zeros", "subnormals", "infs", "positive_infs", "negative_infs", "nans", "saturated")

# float32 and double: 1e-6, though the two sum in another order. Narrower formats: a reordered sum
# that lands on the other side of a rounding boundary moves a value by one unit in the last place,
# 2^-mantissa_bits, and the values behind it as well; averaged over a tensor this leaves a fraction
# of that unit.
TOLERANCES = {"fp64": 1e-6, "fp32": 1e-6, "tf32": 2e-4, "bf16": 2e-3, "mixed_bf16": 2e-3,
              "fp16": 3e-4, "mixed_fp16": 3e-4, "e4m3": 2e-2, "e5m2": 4e-2}
# Weights are the same bits; their sums run in double.
WEIGHT_TOLERANCE = 1e-12


def value(x):
    return float(x)  # also "inf", "-inf", "nan"


def distance(ours, theirs, scale):
    """|ours - theirs| / scale; 0 if both are the same infinity or both undefined."""
    if ours == theirs or (math.isnan(ours) and math.isnan(theirs)):
        return 0.0
    # A tensor of zeros but for a few of the smallest numbers has no relative digits.
    return abs(ours - theirs) / max(scale, 1e-300)


def differences(ours, theirs, precision):
    """Yields (layer, tensor, statistic, distance, allowed) for every statistic of two reports."""
    for a, b in zip(ours["layers"], theirs["layers"], strict=True):
        assert a["name"] == b["name"] and a["shape"] == b["shape"]
        for tensor in TENSORS:
            x, y = a[tensor], b[tensor]
            allowed = WEIGHT_TOLERANCE if tensor == "weight" else TOLERANCES[precision]
            rms = abs(value(y["rms"]))
            for key in ("mean", "var", "rms", "absmax"):
                # A mean is a sum of values that cancel: it is as exact as they are.
                scale = rms if key == "mean" else abs(value(y[key]))
                # The largest value is one value, not an average: it may move by a whole unit.
                factor = 8 if key == "absmax" and tensor != "weight" else 1
                yield (a["name"], tensor, key, distance(value(x[key]), value(y[key]), scale),
                       allowed * factor)
            for key in COUNTS:
                yield (a["name"], tensor, key, abs(x[key] - y[key]) / y["count"], allowed)
