"""Writes quantization.json: what ml_dtypes and bitsandbytes make of blocks of weights.

    python3 tests/reference/make_quantization.py > tests/reference/quantization.json
    (needs numpy, ml_dtypes, torch, bitsandbytes; last made with 2.4.6, 0.6.0, 2.15.0, 0.50.2)

microscaled: blocks of 32 fp32 numbers, the power of two that each shares (OCP Microscaling Formats
1.0, section 6.3: the exponent of the largest magnitude less that of the element's largest number),
and the elements, cast by ml_dtypes after clipping to the element's largest number.
dynamic_map: bitsandbytes.functional.create_dynamic_map().
"""
import json

import ml_dtypes
import numpy as np
from bitsandbytes.functional import create_dynamic_map

ELEMENTS = {"e4m3": ml_dtypes.float8_e4m3fn, "e5m2": ml_dtypes.float8_e5m2,
            "e2m3": ml_dtypes.float6_e2m3fn, "e3m2": ml_dtypes.float6_e3m2fn,
            "e2m1": ml_dtypes.float4_e2m1fn}
BLOCK = 32


def blocks():
    """Blocks of many sizes, with zeros, powers of two, outliers, and both ends of e8m0."""
    random = np.random.default_rng(11)
    normal = random.standard_normal((9, BLOCK))
    normal *= np.exp2(np.array([0, -4, -30, -110, 7, 20, 100, 3, -3]))[:, None]
    normal[7, 3] *= 1000  # an outlier
    normal[8, ::2] = 0
    special = np.zeros((5, BLOCK))
    special[1, :] = np.exp2(random.integers(-12, 12, BLOCK))
    special[2, :] = np.linspace(-1, 1, BLOCK)
    special[3, 0] = 2.0 ** -140  # below the smallest scale
    special[4, :] = 1.9375 * np.exp2(np.arange(BLOCK) - 20.0)  # cut at the largest element
    return np.concatenate([normal, special]).astype(np.float32)


def exponent(value):
    return int(np.frexp(value)[1]) - 1


def microscaled(block, element):
    values = block.astype(np.float64)
    largest = float(ml_dtypes.finfo(element).max)
    magnitude = np.abs(values).max()
    shared = exponent(magnitude) - exponent(largest) if magnitude > 0 else -127
    scale = 2.0 ** min(max(shared, -127), 127)
    # ml_dtypes rounds from fp32, which holds the quotients: dividing by a power of two is exact.
    cast = np.clip(values / scale, -largest, largest).astype(np.float32).astype(element)
    return scale, (cast.astype(np.float64) * scale)


weights = blocks()
cases = []
for index, block in enumerate(weights):
    for name, element in ELEMENTS.items():
        scale, values = microscaled(block, element)
        cases.append({"block": index, "element": name, "scale": scale, "quantized": values.tolist()})


def lines(rows):
    return "[\n" + ",\n".join("  " + json.dumps(row) for row in rows) + "\n]"


print(f'{{"blocks": {lines(weights.astype(float).tolist())},\n"microscaled": {lines(cases)},\n'
      f'"dynamic_map": {json.dumps([float(v) for v in create_dynamic_map()])}}}')
