#!/usr/bin/env python3
"""Writes numbers.json: what ml_dtypes and numpy say of number formats, for tests/engine/numbers.

Run it with a Python that has both: python tests/reference/make_numbers.py

ml_dtypes converts a double by way of float32, which rounds twice. Here the float32 in between is
rounded to odd (the last bit says whether anything was cut off), so that the second rounding is the
only one: with two bits more than the narrow format this is exact.
"""

import decimal
import json
import math
import pathlib

import ml_dtypes
import numpy as np

# The name of the format in NaNscope -> the type of its values. What is too large for e4m3 becomes
# NaN here: NaNscope's Overflow::infinity.
FORMATS = {
    "fp32": np.float32,
    "fp16": np.float16,
    "bf16": ml_dtypes.bfloat16,
    "e4m3": ml_dtypes.float8_e4m3fn,
    "e5m2": ml_dtypes.float8_e5m2,
    "e4m3fnuz": ml_dtypes.float8_e4m3fnuz,
    "e5m2fnuz": ml_dtypes.float8_e5m2fnuz,
    "e8m0": ml_dtypes.float8_e8m0fnu,
    "e2m3": ml_dtypes.float6_e2m3fn,
    "e3m2": ml_dtypes.float6_e3m2fn,
    "e2m1": ml_dtypes.float4_e2m1fn,
    "e4m3:infinity": ml_dtypes.float8_e4m3,
    "e3m4": ml_dtypes.float8_e3m4,
    "e4m3fnuz:bias=11": ml_dtypes.float8_e4m3b11fnuz,
    "int8": np.int8,
}
BITS = {"e2m3": 6, "e3m2": 6, "e2m1": 4}
COUNTS = (200_000, 10_000_000)
CHUNK = 1 << 20


def mix(words):
    """The output function of SplitMix64, on numpy's uint64."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def fnv(text):
    """FNV-1a, 64 bits."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


def digest(codes, first=0):
    """Sum over i of mix(i * 2^32 + codes[i]) modulo 2^64: the order counts."""
    index = np.arange(first, first + len(codes), dtype=np.uint64)
    return int(mix((index << np.uint64(32)) + codes.astype(np.uint64)).sum(dtype=np.uint64))


def to_odd(x):
    """float32 by rounding to odd."""
    rounded = x.astype(np.float32)
    toward_zero = np.where(np.abs(rounded.astype(np.float64)) > np.abs(x),
                           np.nextafter(rounded, np.float32(0)), rounded)
    inexact = (toward_zero.astype(np.float64) != x) & ~np.isnan(x)
    return np.where(inexact, (toward_zero.view(np.uint32) | 1).view(np.float32), toward_zero)


def encode(name, x):
    kind = FORMATS[name]
    if kind is np.int8:
        return np.clip(np.nan_to_num(np.rint(x)), -128, 127).astype(np.int8).view(np.uint8)
    narrow = x.astype(kind) if kind in (np.float16, np.float32) else to_odd(x).astype(kind)
    return narrow.view(f"u{narrow.itemsize}")


def values(name):
    """What every code stands for, as doubles."""
    kind = FORMATS[name]
    size = np.dtype(kind).itemsize * 8
    codes = np.arange(2 ** BITS.get(name, size)).astype(f"u{size // 8}")
    return codes.view(kind).astype(np.float64)


def smallest_normal(name):
    return 1.0 if name == "int8" else float(ml_dtypes.finfo(FORMATS[name]).smallest_normal)


def listing(name):
    lines = []
    numbers = values(name)
    digits = (math.ceil(math.log2(len(numbers))) + 3) // 4
    for code, value in enumerate(map(float, numbers)):
        if math.isnan(value):
            text = kind = "nan"
        elif math.isinf(value):
            text, kind = ("inf" if value > 0 else "-inf"), "inf"
        else:
            text = format(decimal.Decimal(value), "f")
            kind = ("zero" if value == 0 else
                    "normal" if abs(value) >= smallest_normal(name) else "subnormal")
        lines.append(f"0x{code:0{digits}x} {text} {kind}\n")
    return "".join(lines)


def between(low, high):
    """Middles and the doubles beside them."""
    middle = (low + high) / 2
    return np.stack([middle, np.nextafter(middle, -np.inf), np.nextafter(middle, np.inf)], 1).ravel()


def finite(name):
    numbers = values(name)
    return np.unique(numbers[np.isfinite(numbers)])


def limits(name):
    """The smallest positive and the largest finite value, and the step below the largest."""
    if name == "fp32":
        return 2.0**-149, float(np.finfo(np.float32).max), 2.0**104
    numbers = finite(name)
    positive = numbers[numbers > 0]
    return float(positive[0]), float(positive[-1]), float(positive[-1] - positive[-2])


def edges(name):
    smallest, largest, step = limits(name)
    x = [0.0, largest, smallest, 2 * largest, 1e300, 5e-324, np.inf]
    for edge in (largest, largest + step / 2, largest + step, smallest, smallest / 2, smallest / 4):
        x += [edge, np.nextafter(edge, 0), np.nextafter(edge, np.inf)]
    x = np.array([sign * number for number in x for sign in (1, -1)] + [np.nan])
    return [[number.hex(), int(code)] for number, code in zip(x.tolist(), encode(name, x))]


def random_doubles(name, first, count):
    """Counter-based: number i depends on i alone. Every exponent that the format has, and three
    more on either side; every fourth number is cut to the format's precision and one bit, so that
    half of those are ties."""
    smallest, largest, _ = limits(name)
    low, high = math.frexp(smallest)[1] - 4, math.frexp(largest)[1] + 2
    eps = 2.0**-7 if name == "int8" else float(ml_dtypes.finfo(FORMATS[name]).eps)
    mantissa_bits = 1 - math.frexp(eps)[1]
    index = np.arange(first, first + count, dtype=np.uint64)
    words = mix((index + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15))
    sign = words >> np.uint64(63) << np.uint64(63)
    field = (words >> np.uint64(52) & np.uint64(0x7FF)) * np.uint64(high - low + 1) >> np.uint64(11)
    mantissa = words & np.uint64(2**52 - 1)
    kept = np.uint64((2**52 - 1) >> (mantissa_bits + 1) ^ (2**52 - 1))
    mantissa = np.where(words % np.uint64(4) == 0, mantissa & kept, mantissa)
    exponent = field + np.uint64(low + 1023)
    return (sign | exponent << np.uint64(52) | mantissa).view(np.float64)


def random_digests(name):
    digests, total, done = {}, 0, 0
    for count in COUNTS:
        while done < count:
            chunk = min(CHUNK, count - done)
            codes = encode(name, random_doubles(name, done, chunk))
            total = (total + digest(codes, done)) % 2**64
            done += chunk
        digests[str(count)] = f"{total:016x}"
    return digests


def reference(name):
    result = {"format": name, "edges": edges(name), "random": random_digests(name)}
    if name != "fp32":
        result["listing"] = fnv(listing(name))
        numbers = finite(name)
        result["midpoints"] = f"{digest(encode(name, between(numbers[:-1], numbers[1:]))):016x}"
    return result


def main():
    with np.errstate(all="ignore"):
        formats = [reference(name) for name in FORMATS]
    path = pathlib.Path(__file__).parent / "numbers.json"
    lines = ",\n".join(json.dumps(entry) for entry in formats)
    path.write_text(f'{{"ml_dtypes": "{ml_dtypes.__version__}", "numpy": "{np.__version__}",\n'
                    f'"formats": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
