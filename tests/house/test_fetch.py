"""cmake/fetch against a package index on this machine: no network is used."""

import base64
import contextlib
import hashlib
import http.server
import io
import json
import pathlib
import sys
import tarfile
import tempfile
import threading
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "cmake" / "fetch"))
sys.dont_write_bytecode = True

import archive  # noqa: E402
import index  # noqa: E402
import transfer  # noqa: E402
from problem import Problem  # noqa: E402

import importlib.util  # noqa: E402

_spec = importlib.util.spec_from_file_location("fetch", ROOT / "cmake" / "fetch" / "__main__.py")
fetch = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(fetch)

FILE = "some_tool-1.0-py3-none-any.whl"


def wheel(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, text in members.items():
            file.writestr(name, text)
    return buffer.getvalue()


class Handler(http.server.BaseHTTPRequestHandler):
    """A package index with one file. The server's attributes say how it behaves."""

    def do_GET(self):
        server = self.server
        server.requests.append((self.path, dict(self.headers)))
        if server.login and self.headers.get("Authorization") != server.login:
            self.answer(401, b"", {"WWW-Authenticate": "Basic realm=index"})
        elif self.path == "/simple/some-tool/":
            self.answer(200, server.page, {"Content-Type": server.page_type})
        elif self.path == f"/files/{FILE}":
            self.send_file()
        else:
            self.answer(404, b"")

    def send_file(self):
        server, start = self.server, 0
        if server.ranges and "Range" in self.headers:
            start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
        body = server.body[start:]
        headers = {"Content-Length": str(len(body))}
        if server.break_after:  # closes the connection in the middle, once
            body, server.break_after = body[:server.break_after], 0
        self.answer(206 if start else 200, body, headers)

    def answer(self, status, body, headers=()):
        self.send_response(status)
        for key, value in {"Content-Length": str(len(body)), **dict(headers)}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class FetchTest(unittest.TestCase):
    def setUp(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.body = wheel({"tool/lib/a.so": "x" * 5000, "tool/lib/b.so": "y", "tool/extra": "z"})
        server.page = f'<a href="../../files/{FILE}#sha256=0">{FILE}</a>'.encode()
        server.page_type, server.login = "text/html", None
        server.ranges, server.break_after, server.requests = True, 0, []
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.server = server
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.cache = pathlib.Path(folder.name)
        self.item = {"name": "some-tool", "version": "1.0", "file": FILE, "size": len(server.body),
                     "sha256": hashlib.sha256(server.body).hexdigest(), "when": "always",
                     "keep": {"tool/lib/": "kept/"}, "leave": ["tool/lib/b"]}
        self.part = self.cache / "downloads" / (FILE + ".part")
        self.part.parent.mkdir()

    def index(self, **settings):
        address = f"http://127.0.0.1:{self.server.server_address[1]}/simple"
        return index.Index({"index-url": address, **settings}, patience=0)

    def fetch(self, the_index=None):
        with contextlib.redirect_stderr(io.StringIO()) as said:
            fetch.fetch_missing([self.item], self.cache, the_index or self.index())
        return said.getvalue()

    def file_requests(self):
        return [headers for path, headers in self.server.requests if path.startswith("/files/")]

    def test_puts_what_is_kept_where_it_belongs_and_nothing_else(self):
        said = self.fetch()
        self.assertEqual((self.cache / "kept/a.so").read_text(), "x" * 5000)
        left = {str(p.relative_to(self.cache)) for p in self.cache.rglob("*") if p.is_file()}
        self.assertEqual(left, {"kept/a.so", "lock", "stamps/some-tool.json"})
        self.assertIn("100 %", said)

    def test_second_start_makes_no_request_and_says_nothing(self):
        self.fetch()
        self.server.requests.clear()
        self.assertEqual(self.fetch(), "")
        self.assertEqual(self.server.requests, [])

    def test_goes_on_from_a_part(self):
        self.part.write_bytes(self.server.body[:1000])
        self.fetch()
        self.assertEqual([h.get("Range") for h in self.file_requests()], ["bytes=1000-"])
        self.assertTrue((self.cache / "kept/a.so").exists())

    def test_goes_on_after_a_broken_connection(self):
        self.server.break_after = 700
        self.fetch()
        self.assertEqual([h.get("Range") for h in self.file_requests()], [None, "bytes=700-"])
        self.assertTrue((self.cache / "kept/a.so").exists())

    def test_starts_over_where_the_server_knows_no_ranges(self):
        self.server.ranges = False
        self.part.write_bytes(b"#" * 1000)
        self.fetch()
        self.assertTrue((self.cache / "kept/a.so").exists())

    def test_a_complete_part_is_not_downloaded_again(self):
        self.part.write_bytes(self.server.body)
        self.fetch()
        self.assertEqual(self.file_requests(), [])

    def test_a_part_that_is_too_long_is_thrown_away(self):
        self.part.write_bytes(self.server.body + b"more")
        self.fetch()
        self.assertTrue((self.cache / "kept/a.so").exists())

    def test_a_spoilt_part_is_replaced(self):
        self.part.write_bytes(b"#" * 1000)
        self.fetch()
        self.assertEqual([h.get("Range") for h in self.file_requests()], ["bytes=1000-", None])
        self.assertTrue((self.cache / "kept/a.so").exists())

    def test_a_wrong_hash_is_told_and_the_file_deleted(self):
        self.item["sha256"] = "0" * 64
        with self.assertRaisesRegex(Problem, f"{FILE} is not the file .* start again"):
            self.fetch()
        self.assertEqual(list((self.cache / "downloads").iterdir()), [])
        self.assertFalse((self.cache / "kept").exists())

    def test_an_interrupted_unpacking_is_done_again(self):
        self.fetch()
        (self.cache / "kept/a.so").unlink()
        self.fetch()
        self.assertTrue((self.cache / "kept/a.so").exists())

    def test_another_version_leaves_nothing_of_the_first(self):
        self.fetch()
        self.server.body = wheel({"tool/lib/c.so": "new"})
        self.item.update(size=len(self.server.body),
                         sha256=hashlib.sha256(self.server.body).hexdigest())
        self.fetch()
        self.assertEqual([p.name for p in (self.cache / "kept").iterdir()], ["c.so"])

    def test_reads_the_index_as_json(self):
        self.server.page_type = "application/vnd.pypi.simple.v1+json"
        self.server.page = json.dumps(
            {"files": [{"filename": FILE, "url": f"/files/{FILE}"}]}).encode()
        self.fetch()
        self.assertTrue((self.cache / "kept/a.so").exists())

    def test_signs_in_where_the_address_of_the_index_does(self):
        self.server.login = "Basic " + base64.b64encode(b"me:my:secret").decode()
        port = self.server.server_address[1]
        signed = index.Index({"index-url": f"http://me:my%3Asecret@127.0.0.1:{port}/simple"},
                             patience=0)
        self.assertNotIn("secret", signed.address)
        self.fetch(signed)
        self.assertTrue((self.cache / "kept/a.so").exists())

    def test_takes_the_file_from_a_folder_that_pip_is_told_of(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / FILE).write_bytes(self.server.body)
            self.fetch(self.index(**{"find-links": folder}))
        self.assertEqual(self.server.requests, [])

    def test_an_index_without_the_file_is_named(self):
        self.server.page = b"<a href='other.whl'>other.whl</a>"
        with self.assertRaisesRegex(Problem, f"127.0.0.1 has no file {FILE}"):
            self.fetch()

    def test_no_network_says_so_and_keeps_the_part(self):
        self.part.write_bytes(self.server.body[:1000])
        with self.assertRaisesRegex(Problem, "Check the network and start again"):
            self.fetch(index.Index({"index-url": "http://127.0.0.1:1/simple"}, patience=0))
        self.assertEqual(self.part.stat().st_size, 1000)

    def test_too_little_space_is_told_before_anything_is_downloaded(self):
        self.item["size"] = 1 << 60
        with self.assertRaisesRegex(Problem, "Make room, or set NANSCOPE_CACHE"):
            self.fetch()
        self.assertEqual(self.server.requests, [])


class ArchiveTest(unittest.TestCase):
    def test_no_member_leaves_the_cache(self):
        item = {"keep": {"tool/": "kept/"}}
        self.assertEqual(archive.destination(item, "tool/a"), "kept/a")
        self.assertEqual(archive.destination(item, "tool/../../etc/passwd"), "")
        self.assertEqual(archive.destination(item, "/tool/a"), "")

    def test_reads_source_archives_and_keeps_the_executable_bit(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
            cache = pathlib.Path(folder)
            with tarfile.open(cache / "x.tar.gz", "w:gz") as file:
                member = tarfile.TarInfo("tool/run")
                member.size, member.mode = 2, 0o755
                file.addfile(member, io.BytesIO(b"go"))
            item = {"name": "x", "keep": {"tool/": "kept/"}}
            self.assertEqual(archive.unpack(item, cache / "x.tar.gz", cache), ["kept/run"])
            self.assertEqual((cache / "kept/run").stat().st_mode & 0o777, 0o755)


class ListTest(unittest.TestCase):
    def test_every_download_is_pinned(self):
        for item in json.loads(fetch.LIST.read_text())["downloads"]:
            with self.subTest(item["name"]):
                self.assertRegex(item["sha256"], "^[0-9a-f]{64}$")
                self.assertGreater(item["size"], 0)
                self.assertIn(item["version"], item["file"])
                self.assertIn(item["when"], ("always", "libtorch", "cuda"))
                self.assertTrue(item["keep"])


if __name__ == "__main__":
    unittest.main()
