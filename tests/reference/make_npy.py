#!/usr/bin/env python3
"""Writes npy.json: small .npy files as numpy 2 writes them, and as Python 2 did, with what numpy
reads from them, rounded once to float32 and to float64.

    python3 make_npy.py > npy.json
"""

import io
import json
import warnings

import numpy as np

warnings.simplefilter("ignore")  # numpy warns of headers of Python 2
cases = []


def hexadecimal(values):
    return [float(value).hex() for value in values]


def add(name, data):
    """What numpy reads from these bytes; nothing where it refuses them."""
    try:
        array = np.load(io.BytesIO(data))
    except ValueError:
        cases.append({"name": name, "bytes": data.hex(), "refused": True})
        return
    table = array.reshape(len(array), -1)
    cases.append({
        "name": name, "bytes": data.hex(), "rows": table.shape[0], "columns": table.shape[1],
        "dtype": array.dtype.name, "fp32": hexadecimal(table.astype(np.float32).ravel()),
        "fp64": hexadecimal(table.astype(np.float64).ravel())})


def add_array(name, array, version=(1, 0)):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    add(name, file.getvalue())


def add_header(name, header, data, version=1):
    """With a header written by hand."""
    text = header.encode("utf-8" if version == 3 else "latin1")
    size = 10 if version == 1 else 12
    text += b" " * (-(size + len(text) + 1) % 64) + b"\n"
    add(name, b"\x93NUMPY" + bytes([version, 0]) +
        len(text).to_bytes(2 if version == 1 else 4, "little") + text + data)


WHOLE = [0, 1, 2, 3, 100, 127]
for order in "<>":
    for kind in ["f2", "f4", "f8", "i2", "i4", "i8", "u2", "u4", "u8"]:
        add_array(f"{order}{kind}", np.array(WHOLE, order + kind).reshape(2, 3))
for kind in ["i1", "u1", "?"]:
    add_array(kind, np.array([[0, 1], [1, 0]], kind))
for version in [(1, 0), (2, 0), (3, 0)]:
    add_array(f"version {version[0]}", np.array([[0.5, -2], [0.1, 3]], "<f4"), version)
add_array("fortran", np.asfortranarray(np.arange(6, dtype="<f4").reshape(2, 3)))
add_array("fortran, big-endian", np.asfortranarray(np.arange(6, dtype=">i4").reshape(2, 3)))
add_array("one dimension", np.array([1.5, 2.5, -3], "<f8"))

# Whole numbers beyond 2^53 lie between doubles, and some of those halfway between two floats.
random = np.random.default_rng(7)
halfway = [(1 << 60) + (1 << 36) + 1, (1 << 60) + (1 << 36) - 1, (1 << 60) + (1 << 36),
           (1 << 53) + 1, -(1 << 53) - 1, (1 << 62) + (3 << 38) + 1, (1 << 63) - 1, -(1 << 63)]
add_array("int64 between doubles", np.array(halfway, "<i8"))
add_array("int64 between doubles, big-endian", np.array(halfway, ">i8"))
add_array("int64 at random", random.integers(-(1 << 63), (1 << 63) - 1, 64, dtype=np.int64))
add_array("uint64 at random", random.integers(0, (1 << 64) - 1, 64, dtype=np.uint64))
add_array("uint64 between doubles",
          np.array([(1 << 63) + (1 << 39) + 1, (1 << 64) - 1, (1 << 53) + 1], "<u8"))
add_array("float64 at random", random.standard_normal(32) * 10.0 ** random.integers(-30, 30, 32))
add_array("float16 of every kind",
          np.array([0x0001, 0x03ff, 0x0400, 0x3c01, 0x7bff, 0x8000, 0xfbff], "<u2").view("<f2"))

# Headers that numpy does not write (any more), but reads or refuses.
BYTES = np.arange(1, 33, dtype="<f4").tobytes()
add_header("Python 2", "{'descr': '<f4', 'fortran_order': False, 'shape': (4L, 8L), }", BYTES)
add_header("Python 2, one dimension", "{'descr': '<f4', 'fortran_order': False, 'shape': (32L,), }",
           BYTES)
add_header("double quotes", '{"descr": "<f4", "fortran_order": False, "shape": (4, 8)}', BYTES)
add_header("another order", "{'shape': (4, 8), 'fortran_order': True, 'descr': '<f4'}", BYTES)
add_header("blanks", "{ 'descr' :'<f4' ,'fortran_order':False,\n 'shape':( 4,8 , ) }", BYTES)
add_header("more bytes than numbers", "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }",
           BYTES)
add_header("a number for a shape", "{'descr': '<f4', 'fortran_order': False, 'shape': (32), }", BYTES)
add_header("a list for a shape", "{'descr': '<f4', 'fortran_order': False, 'shape': [4, 8], }", BYTES)
add_header("one key too many",
           "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 8), 'x': True}", BYTES)
add_header("one key too few", "{'descr': '<f4', 'shape': (4, 8)}", BYTES)
add_header("an order that is no truth value",
           "{'descr': '<f4', 'fortran_order': 'False', 'shape': (4, 8)}", BYTES)
add_header("a shape below zero", "{'descr': '<f4', 'fortran_order': False, 'shape': (-4, 8)}", BYTES)
add_header("no dict", "('descr', '<f4')", BYTES)
add_header("cut off", "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 9)}", BYTES)
add_header("version 3", "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 8)}", BYTES, 3)
add_header("unknown type", "{'descr': '<f3', 'fortran_order': False, 'shape': (4, 8)}", BYTES)

print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")
