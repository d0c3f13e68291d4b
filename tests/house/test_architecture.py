"""The rules of the house: who may know whom, how long a file may be, what must not be in it."""

import functools
import pathlib
import re
import shutil
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# The rooms of the house from the ground up. A file knows its own room and those above it in this
# list, never one below. A room is a folder with all that is in it, or one file; the longest name
# that fits is a file's room.
ROOMS = [
    # What needs no LibTorch.
    "engine/base",
    "engine/job",
    "engine/numbers",
    "engine/data",
    "engine/roundoff",
    "engine/tensor_language",
    "engine/experiment",
    "engine/precision",
    "engine/machine",
    "engine/theory",
    "engine/probes",
    "engine/costs/flops.h",
    "engine/plan",
    "engine/costs",
    "engine/optimizers",
    "engine/recipe",
    "engine/pytorch",
    "engine/engine.h",
    "engine/loader",
    "engine/session",
    # What needs it.
    "engine/cuda",
    "engine/devices",
    "engine/training",
    "engine/network",
    "engine/signal",
    "engine/runs",
    "engine/measuring",
    "engine/tensors",
    "engine/engine.cpp",
    # What people see.
    "ui/theme",
    "ui/text",
    "ui/canvas",
    "ui/formula",
    "ui/widgets",
    "ui/charts",
    "ui/export",
    "ui/labs",
    "ui/labs/signal",
    "ui/labs/numbers",
    "ui/labs/tensors",
    "ui/labs/training",
    "ui/labs/optimizers",
    "ui/labs/costs",
    "ui/labs/labs.h",
    "ui/labs/labs.cpp",
    "ui/labs/find_lab.cpp",
    "ui/labs/check_view.cpp",
    "ui/shell",
    "app/headless",
    "app/window",
    "app/command_line",
    "app/main.cpp",
]
LABS = "ui/labs/"
# Rooms whose files, and all that these include, are without LibTorch: what nanscope_core is made
# of, and the window.
PLAIN = ROOMS[:ROOMS.index("engine/cuda")] + ["ui", "app"]

LIBTORCH = r"(torch|ATen|c10|caffe2)/"
DRAWING = r"(imgui|GLFW/|glad/)"
# Only these may include CUDA's headers.
CUDA_ROOM = "engine/cuda/"

LONGEST = 500
# Files that may be longer, each with its reason.
LONG_FOR_A_REASON = {}

# Registries are reached through the settings of their clients, never by an address of ours.
REGISTRIES = [r"pypi\s*\.\s*org", r"pythonhosted\s*\.\s*org", r"download\s*\.\s*pytorch",
              r"conda\s*\.\s*io", r"anaconda\s*\.\s*org", r"npmjs", r"crates\s*\.\s*io",
              r"deb\s*\.\s*debian"]


def files(*patterns):
    """The project's files: those in git and those not yet in it, without what git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return sorted(name for name in listed if name and (ROOT / name).is_file())


def sources():
    return files("*.h", "*.cpp")


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8", errors="replace")


@functools.cache
def includes(name):
    return re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', text_of(name), re.MULTILINE)


def is_in(name, room):
    return name == room or name.startswith(room + "/")


def room_of(name):
    return max((room for room in ROOMS if is_in(name, room)), key=len, default=None)


def is_lab(room):
    return room.startswith(LABS) and "." not in room


def rooms_files():
    return [name for name in sources() if name.startswith(("engine/", "ui/", "app/"))]


def includes_of_ours(name):
    return [header for header in includes(name) if header.startswith(("engine/", "ui/", "app/"))]


@functools.cache
def reached(name):
    """A file and all of ours that it includes, itself or through others."""
    seen, waiting = set(), [name]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += [header for header in includes_of_ours(one) if (ROOT / header).is_file()]
    return seen


class ArchitectureTest(unittest.TestCase):
    def test_there_are_sources(self):
        for room in ("app/", "ui/", "engine/", "tests/"):
            self.assertTrue(any(name.startswith(room) for name in sources()), room)

    def assert_no_include(self, name, pattern):
        for header in includes(name):
            self.assertIsNone(re.match(pattern, header), f"{name} must not include {header}")

    def test_every_file_has_a_room(self):
        for name in rooms_files():
            self.assertIsNotNone(room_of(name), f"{name}: put its room into the list")
        for room in ROOMS:
            self.assertTrue(any(room_of(name) == room for name in sources()), f"{room} is empty")

    def test_no_room_knows_one_above_it(self):
        upward = [f"{name} -> {header}" for name in rooms_files() for header in includes_of_ours(name)
                  if ROOMS.index(room_of(header)) > ROOMS.index(room_of(name))]
        self.assertEqual(upward, [])

    def test_no_lab_knows_another(self):
        for name in rooms_files():
            for header in includes_of_ours(name):
                if is_lab(room_of(name)) and is_lab(room_of(header)):
                    self.assertEqual(room_of(name), room_of(header), f"{name} -> {header}")

    def test_plain_rooms_reach_no_libtorch(self):
        for name in rooms_files():
            if any(is_in(name, room) for room in PLAIN):
                for one in reached(name):
                    for header in includes(one):
                        self.assertIsNone(re.match(LIBTORCH, header),
                                          f"{name} reaches {header} through {one}")

    def test_the_engine_draws_nothing(self):
        for name in sources():
            if name.startswith("engine/"):
                self.assert_no_include(name, DRAWING)

    def test_only_the_cuda_unit_knows_cuda(self):
        for name in sources():
            if not name.startswith(CUDA_ROOM) and not name.startswith("tests/"):
                self.assert_no_include(name, r"(cuda|cuda_runtime|cublas|cudnn|driver_types)\w*\.h"
                                             r"|(ATen|c10)/cuda/")

    def test_headers_are_included_by_their_path_from_the_root(self):
        for name in sources():
            for header in re.findall(r'#include "([^"]+)"', text_of(name)):
                first = header.partition("/")[0]
                if "/" in header and first in ("app", "ui", "engine", "tests"):
                    self.assertTrue((ROOT / header).is_file(), f"{name}: {header}")
                self.assertNotIn("..", header, f"{name}: {header}")

    def test_headers_guard_themselves(self):
        for name in sources():
            if name.endswith(".h"):
                self.assertIn("#pragma once", text_of(name), name)


class HouseTest(unittest.TestCase):
    def test_files_stay_readable(self):
        for name in files("*.h", "*.cpp", "*.py", "*.cmake", "*CMakeLists.txt", "nanscope"):
            lines = text_of(name).count("\n")
            if name not in LONG_FOR_A_REASON:
                self.assertLessEqual(lines, LONGEST, f"{name}: give it a second room, or a reason")
        for name in LONG_FOR_A_REASON:
            self.assertGreater(text_of(name).count("\n"), LONGEST, f"{name} needs no reason")

    def test_nothing_is_left_for_later(self):
        marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
        for name in files("app", "ui", "engine", "tests", "cmake", "nanscope"):
            if not name.endswith((".png", ".gz", ".npy", ".json")):
                self.assertIsNone(marks.search(text_of(name)), name)

    def test_what_errors_say_is_a_template(self):
        finished = re.compile(r'\b(?:input|work)_error\(\s*(?:"[^"]*"|[\w.:*>()\[\]-]+),\s*'
                              r'(?:"(?:[^"\\]|\\.)*"\s*\+|fmt::format\()')
        self.assertRegex('input_error("batch", fmt::format("{} rows", 3))', finished)
        self.assertRegex('work_error(path, "no " + name)', finished)
        for name in rooms_files():
            found = finished.search(text_of(name))
            self.assertIsNone(found, f"{name}: {found and found[0]}")

    def test_no_registry_is_named(self):
        pattern = re.compile("|".join(REGISTRIES), re.IGNORECASE)
        here = pathlib.Path(__file__).resolve().relative_to(ROOT).as_posix()
        for name in files():
            if name != here and not name.endswith((".png", ".gz", ".npy")):
                found = pattern.search(text_of(name))
                self.assertIsNone(found, f"{name}: {found and found[0]}")

    def test_no_program_text_disables_ieee_arithmetic(self):
        for name in files("*.cmake", "*CMakeLists.txt", "nanscope"):
            self.assertNotRegex(text_of(name), r"-f(fast|unsafe)-math|-Ofast", name)

    @unittest.skipUnless(shutil.which("clang-format"), "clang-format is not installed")
    def test_files_are_formatted(self):
        check = subprocess.run(["clang-format", "--dry-run", "-Werror", *sources()], cwd=ROOT,
                               capture_output=True, text=True, check=False)
        wrong = sorted(set(re.findall(r"^([^:\n]+):\d+:\d+: error", check.stderr, re.MULTILINE)))
        self.assertEqual(check.returncode, 0, f"run clang-format -i on {' '.join(wrong)}")


if __name__ == "__main__":
    unittest.main()
