"""./nanscope itself, with tools that only write down how they were called."""

import os
import pathlib
import shutil
import stat
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

NOTE = '#!/bin/sh\necho "$(basename "$0") $*" >>"$CALLS"\n'
NINJA = NOTE + """
[ ! -e "$CALLS.fail" ] || exit 1
mkdir -p "$2/bin"
printf '#!/bin/sh\\necho program "$@"\\nexit 3\\n' >"$2/bin/nanscope"
chmod +x "$2/bin/nanscope"
"""
CMAKE = NOTE + 'while [ $# -gt 1 ]; do [ "$1" != -B ] || : >"$2/build.ninja"; shift; done\n'
FETCH = 'import os, pathlib, sys, time\n' \
        'calls = pathlib.Path(os.environ["CALLS"])\n' \
        'calls.open("a").write(f"fetch {sys.argv[2:]}\\n")\n' \
        'stamps = pathlib.Path(sys.argv[1], "stamps")\n' \
        'stamps.mkdir(parents=True, exist_ok=True)\n' \
        'if "libtorch" in sys.argv:\n' \
        '    sys.exit(1) if calls.with_name("calls.broken").exists() else None\n' \
        '    while calls.with_name("calls.slow").exists() and "ninja" not in calls.read_text():\n' \
        '        time.sleep(0.01)\n' \
        '    (stamps / "torch.json").touch()\n'


class NanscopeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.checkout = self.folder / "a checkout"
        (self.checkout / "cmake/fetch").mkdir(parents=True)
        for name in ("app", "ui", "engine"):
            (self.checkout / name).mkdir()
        (self.checkout / "CMakeLists.txt").write_text("")
        (self.checkout / "cmake/fetch/__main__.py").write_text(FETCH)
        shutil.copy(ROOT / "nanscope", self.checkout)
        shutil.copy(ROOT / "cmake/packages.txt", self.checkout / "cmake")
        self.calls = self.folder / "calls"
        self.tools = self.folder / "tools"
        self.tools.mkdir()
        self.tool("cmake", CMAKE)
        self.tool("ninja", NINJA)
        self.tool("apt-get", NOTE)
        self.tool("dpkg", NOTE)
        self.packages(missing=[])
        for path in (self.folder, *self.folder.rglob("*")):
            if os.geteuid() == 0:
                os.chown(path, 65534, 65534)

    def tool(self, name, text):
        path = self.tools / name
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)

    def packages(self, missing):
        cases = "".join(f"{name}) ;;\n" for name in missing)
        self.tool("dpkg-query", '#!/bin/sh\nfor p; do case $p in -*|*{*) ;;\n' + cases +
                  '*) echo "installed $p" ;;\nesac; done\n')

    def start(self, *arguments, root=False, **variables):
        self.calls.unlink(missing_ok=True)
        command = [str(self.checkout / "nanscope"), *arguments]
        if os.geteuid() == 0 and not root:
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
        environment = {"PATH": f"{self.tools}:/usr/bin:/bin", "HOME": str(self.folder),
                       "CALLS": str(self.calls), **variables}
        return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, check=False, timeout=60)

    def called(self):
        return self.calls.read_text().splitlines() if self.calls.exists() else []

    def test_sets_up_builds_and_passes_arguments_output_and_status_on(self):
        self.calls.with_name("calls.slow").touch()
        run = self.start("signal", "model.depth=3", "two words")
        self.assertEqual(run.stdout, "program signal model.depth=3 two words\n")
        self.assertEqual(run.returncode, 3)
        fetched = [call for call in self.called() if call.startswith("fetch")]
        self.assertEqual(fetched, ["fetch ['always']", "fetch ['libtorch']"])
        built = [call for call in self.called() if not call.startswith("fetch")]
        self.assertEqual([call.split()[0] for call in built], ["cmake", "ninja", "cmake", "ninja"])
        # The program, without what needs LibTorch, is built while that is fetched.
        self.assertIn("-DNANSCOPE_ENGINE=OFF", built[0])
        self.assertIn("-DNANSCOPE_ENGINE=ON", built[2])

    def test_a_libtorch_that_came_while_cmake_ran_is_built_with_in_one_go(self):
        self.tool("cmake", CMAKE + 'until [ -e "$HOME/.cache/nanscope/stamps/torch.json" ]; do :; done\n'
                  'sleep 0.2\n')  # until the download has ended, too
        self.assertEqual(self.start().stdout, "program\n")
        built = [call.split()[0] for call in self.called() if not call.startswith("fetch")]
        self.assertEqual(built, ["cmake", "cmake", "ninja"])

    def test_a_libtorch_that_is_there_is_built_with_at_once(self):
        self.start()
        (self.checkout / "build/built").unlink()
        self.assertEqual(self.start().stdout, "program\n")
        self.assertEqual([call.split()[0] for call in self.called()], ["fetch", "fetch", "ninja"])

    def test_a_failed_download_of_libtorch_says_so(self):
        self.calls.with_name("calls.broken").touch()
        run = self.start()
        self.assertEqual((run.returncode, run.stdout), (1, ""))
        self.assertIn("The download failed", run.stderr)
        self.calls.with_name("calls.broken").unlink()
        self.assertEqual(self.start().stdout, "program\n")

    def test_the_tests_libraries_wait_for_the_tests_and_stay(self):
        self.start(LIBTORCH="/opt/torch")
        self.assertTrue(any("-DNANSCOPE_TESTS=OFF" in call for call in self.called()))
        self.start("test", "--plain", LIBTORCH="/opt/torch")
        self.assertTrue(any("-DNANSCOPE_TESTS=ON" in call for call in self.called()))
        (self.checkout / "build/built").unlink()
        self.start(LIBTORCH="/opt/torch")
        self.assertEqual([call.split()[0] for call in self.called()], ["fetch", "ninja"])

    def test_a_second_start_calls_nothing(self):
        self.start()
        run = self.start()
        self.assertEqual((run.stdout, run.stderr), ("program\n", ""))
        self.assertEqual(self.called(), [])

    def test_a_changed_file_is_built(self):
        self.start()
        later = time.time() + 5
        (self.checkout / "engine/new.cpp").write_text("")
        os.utime(self.checkout / "engine/new.cpp", (later, later))
        self.start()
        self.assertIn("ninja", [call.split()[0] for call in self.called()])

    def test_an_interrupted_build_is_gone_on_with(self):
        self.calls.with_name("calls.fail").touch()
        run = self.start(LIBTORCH="/opt/torch")
        self.assertEqual(run.returncode, 1)
        self.assertIn("The next start goes on from there", run.stderr)
        self.calls.with_name("calls.fail").unlink()
        self.assertEqual(self.start(LIBTORCH="/opt/torch").stdout, "program\n")
        self.assertEqual([call.split()[0] for call in self.called()], ["fetch", "ninja"])

    def test_another_cache_configures_anew(self):
        self.start()
        run = self.start(NANSCOPE_CACHE=str(self.folder / "other"))
        self.assertEqual(run.stdout, "program\n")
        self.assertTrue(any(f"-DNANSCOPE_CACHE={self.folder}/other" in c for c in self.called()))

    def test_a_libtorch_of_ones_own_is_not_downloaded(self):
        self.start(LIBTORCH="/opt/torch")
        self.assertIn("fetch ['always']", self.called())
        self.assertTrue(any("-DNANSCOPE_LIBTORCH=/opt/torch" in call for call in self.called()))

    def test_without_root_it_prints_the_one_command_for_the_administrator(self):
        self.packages(missing=["ninja-build", "libfmt-dev"])
        self.tool("sudo", "#!/bin/sh\nexit 1\n")
        run = self.start()
        self.assertEqual((run.returncode, run.stdout), (1, ""))
        self.assertIn("\napt-get update && apt-get install -y --no-install-recommends "
                      "libfmt-dev ninja-build\n", run.stderr)
        self.assertEqual(self.called(), [])

    def test_sudo_without_a_password_is_used(self):
        self.packages(missing=["ninja-build"])
        self.tool("sudo", '#!/bin/sh\nshift\nexec "$@"\n')
        self.assertEqual(self.start().stdout, "program\n")
        self.assertTrue(any(call.startswith("apt-get") and call.endswith(
            "--no-install-recommends ninja-build") for call in self.called()))

    def test_each_command_installs_what_it_needs(self):
        self.packages(missing=["clang-format", "clang-tidy-16"])
        self.tool("sudo", "#!/bin/sh\nexit 1\n")
        self.assertEqual(self.start().stdout, "program\n")
        wanted = {"test": "clang-format", "lint": "clang-format clang-tidy-16"}
        for command, packages in wanted.items():
            self.assertIn(f"apt-get install -y --no-install-recommends {packages}\n",
                          self.start(command).stderr)

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_root_installs_what_is_missing(self):
        self.packages(missing=["ninja-build"])
        self.assertEqual(self.start(root=True).stdout, "program\n")
        self.assertEqual([call.split()[0] for call in self.called()][:3],
                         ["dpkg", "apt-get", "apt-get"])

    def test_a_failed_installation_says_so(self):
        self.packages(missing=["ninja-build"])
        self.tool("sudo", '#!/bin/sh\nshift\nexec "$@"\n')
        self.tool("apt-get", "#!/bin/sh\necho 'E: no network'\nexit 100\n")
        run = self.start()
        self.assertEqual(run.returncode, 1)
        self.assertIn("E: no network", run.stderr)
        self.assertIn("The packages could not be installed", run.stderr)

    def run_suite(self, *tests):
        """./nanscope test --plain on these (name, shell command); the lines that it wrote."""
        (self.checkout / "build").mkdir(exist_ok=True)
        (self.checkout / "build/CTestTestfile.cmake").write_text("".join(
            f'add_test("{name}" /bin/sh -c "{command}")\n' for name, command in tests))
        if os.geteuid() == 0:
            os.chown(self.checkout / "build", 65534, 65534)
        run = self.start("test", "--plain")
        return run.returncode, run.stdout.rstrip().splitlines()

    def test_a_failed_test_is_repeated_before_the_summary(self):
        status, lines = self.run_suite(
            ("room.Writes", "seq 1001 1100; printf open; exit 1"), ("room.Silent", "exit 1"),
            *((f"room.Good{i}", "seq 2001 2100") for i in range(9)))
        self.assertEqual(status, 8)  # ctest's own
        end = lines[lines.index("82% tests passed, 2 tests failed out of 11") + 1:]
        written = end.index("---- room.Writes failed; the end of its output:") + 1
        self.assertEqual(end[written:written + 40], [str(i) for i in range(1062, 1101)] + ["open"])
        self.assertIn("---- room.Silent failed; the end of its output:", end)
        self.assertNotIn("2100", end)
        summary = end.index("82% tests passed, 2 tests failed out of 11")
        self.assertGreater(summary, written)
        self.assertRegex(end[-1], r"2 - room.Silent \(Failed\)")

    def test_of_many_tests_in_one_that_which_failed_is_repeated(self):
        _, lines = self.run_suite(("room.Many", "echo '[ RUN      ] Bad'; echo why; "
            "for i in 1 2 3 4 5 6 7 8 9; do for j in 1 2 3 4 5; do "
            "echo '[ RUN      ] Good'; echo '[       OK ] Good'; done; done; exit 1"))
        end = lines[lines.index("---- room.Many failed; the end of its output:"):]
        self.assertIn("why", end)
        self.assertNotIn("[       OK ] Good", end)

    def test_good_tests_end_with_the_summary_alone(self):
        self.run_suite(("room.First", "exit 1"))
        status, lines = self.run_suite(("room.First", "echo fine"))
        self.assertEqual(status, 0)
        self.assertEqual(sum("tests passed" in line for line in lines), 1)
        self.assertRegex(lines[-1], "Total Test time")

    def test_a_run_without_tests_repeats_nothing_of_the_last_one(self):
        self.run_suite(("room.First", "exit 1"))
        status, lines = self.run_suite()
        self.assertNotEqual(status, 0)
        self.assertFalse([line for line in lines if "room.First" in line])

    def test_without_a_home_the_cache_is_in_the_checkout(self):
        self.start(HOME="")
        self.assertTrue((self.checkout / ".cache/nanscope").is_dir())

    @unittest.skipUnless(shutil.which("shellcheck"), "shellcheck is not installed")
    def test_shellcheck_finds_nothing(self):
        check = subprocess.run(["shellcheck", ROOT / "nanscope", ROOT / ".ci/run"], text=True,
                               capture_output=True, check=False)
        self.assertEqual(check.stdout, "")


if __name__ == "__main__":
    unittest.main()
