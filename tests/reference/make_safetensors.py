#!/usr/bin/env python3
"""Writes safetensors.json: headers, and whether the library safetensors reads a file with them.

    python3 make_safetensors.py > safetensors.json
"""

import json

from safetensors import SafetensorError, deserialize

cases = []


def entry(dtype="F32", shape=(2, 2), begin=0, end=16, **more):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end], **more}


def add(name, header, size=16, **more):
    """`size` bytes of numbers behind a header: a text, or an object."""
    text = header if isinstance(header, str) else json.dumps(header)
    data = text.encode()
    try:
        deserialize(len(data).to_bytes(8, "little") + data + bytes(size))
        accepted = True
    except SafetensorError:
        accepted = False
    cases.append({"name": name, "header": text, "size": size, "library": accepted, **more})


add("one tensor", {"w": entry()})
add("padded", json.dumps({"w": entry()}) + "    ")
add("two tensors", {"w": entry(), "v": entry(begin=16, end=32)}, 32)
add("in another order", {"v": entry(begin=16, end=32), "w": entry()}, 32)
add("metadata", {"__metadata__": {"format": "pt"}, "w": entry()})
add("metadata of numbers", {"__metadata__": {"step": 3}, "w": entry()})
add("metadata of objects", {"__metadata__": {"a": {}}, "w": entry()})
add("metadata that is null", {"__metadata__": None, "w": entry()})
add("metadata that is a text", {"__metadata__": "pt", "w": entry()})
add("no tensors", {}, 0)
add("no tensors, but bytes", {}, 4)
add("a scalar", {"w": entry(shape=(), end=4)}, 4)
add("empty", {"w": entry(shape=(0, 4), end=0)}, 0)
add("empty between others",
    {"a": entry(), "b": entry(shape=(0,), begin=16, end=16), "c": entry(begin=16, end=32)}, 32)
add("empty, first in the header at a place that another begins at",
    {"c": entry(begin=16, end=32), "b": entry(shape=(0,), begin=16, end=16), "a": entry()}, 32)
add("overlap", {"a": entry(), "b": entry(begin=8, end=24)}, 24)
add("the same place twice", {"a": entry(), "b": entry()})
add("a hole", {"a": entry(), "b": entry(begin=20, end=36)}, 36)
add("a hole at the beginning", {"a": entry(begin=4, end=20)}, 20)
add("bytes behind the last", {"a": entry()}, 20)
add("cut off", {"a": entry()}, 12)
add("too few bytes for the shape", {"a": entry(end=12)}, 12)
add("backwards", {"a": entry(begin=16, end=0)})
add("a shape beyond 64 bits", {"a": entry(shape=(1 << 40, 1 << 40))})
add("a shape of a fraction", '{"a":{"dtype":"F32","shape":[2.5,2],"data_offsets":[0,16]}}')
add("a shape of 4.0", '{"a":{"dtype":"F32","shape":[4.0],"data_offsets":[0,16]}}')
add("a shape below zero", '{"a":{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}}')
add("three places", '{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,8,16]}}')
add("one place", '{"a":{"dtype":"F32","shape":[4],"data_offsets":[16]}}')
add("no dtype", '{"a":{"shape":[4],"data_offsets":[0,16]}}')
add("no shape", '{"a":{"dtype":"F32","data_offsets":[0,16]}}')
add("no places", '{"a":{"dtype":"F32","shape":[4]}}')
add("one field more", {"a": entry(note="x")})
add("a field more that is an object", {"a": entry(note={"deep": [1, {"x": None}]})})
add("a field twice", '{"a":{"dtype":"F32","dtype":"F32","shape":[4],"data_offsets":[0,16]}}')
# The format's text forbids names that occur twice; the library takes the last one.
add("a name twice",
    '{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},'
    '"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}', strict=False)
add("a blank before the brace", " " + json.dumps({"a": entry()}), strict=False)
add("a list", "[]", 0)
add("a number", "3", 0)
add("nothing", "", 0)
add("half", '{"a":', 0)
add("a tensor that is a number", '{"a":3}', 0)
add("something behind the brace", json.dumps({"a": entry()}) + "x")
for dtype, bits in [("F64", 64), ("F32", 32), ("F16", 16), ("BF16", 16), ("F8_E4M3", 8),
                    ("F8_E5M2", 8), ("F8_E8M0", 8), ("F4", 4), ("F6_E2M3", 6), ("F6_E3M2", 6),
                    ("BOOL", 8), ("U8", 8), ("I8", 8), ("I16", 16), ("U16", 16), ("I32", 32),
                    ("U32", 32), ("I64", 64), ("U64", 64), ("C64", 64), ("F8_E4M3FNUZ", 8),
                    ("F8_E5M2FNUZ", 8), ("f32", 32), ("F128", 128), ("I4", 4), ("bfloat16", 16)]:
    add(dtype, {"a": entry(dtype, (8,), end=bits)}, bits)
add("half a byte", {"a": entry("F4", (3,), end=2)}, 2)
add("a byte and a half", {"a": entry("F4", (3,), end=1)}, 1)
add("three of six bits", {"a": entry("F6_E2M3", (3,), end=3)}, 3)

print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")
