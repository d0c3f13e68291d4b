"""Fetches what NaNscope needs and Debian does not have into the cache. Called by ./nanscope.

    python3 cmake/fetch CACHE [GROUP...]     groups of cmake/downloads.json: always libtorch cuda

A stamp is written when a download is unpacked completely; whatever has none is done (again).
"""

import errno
import fcntl
import json
import pathlib
import shutil
import sys

from archive import unpack
from index import Index
from problem import Problem
from progress import MEBIBYTE
from transfer import download

LIST = pathlib.Path(__file__).resolve().parent.parent / "downloads.json"


def stamp_of(item, cache):
    return cache / "stamps" / f"{item['name']}.json"


def is_there(item, cache):
    try:
        stamp = json.loads(stamp_of(item, cache).read_text())
        return stamp["sha256"] == item["sha256"] and all(
            (cache / path).exists() for path in stamp["files"])
    except (OSError, ValueError, KeyError):
        return False


def fetch(item, index, cache):
    archive = download(index, item, cache / "downloads")
    remove_earlier(item, cache)
    files = unpack(item, archive, cache)
    stamp = stamp_of(item, cache)
    stamp.parent.mkdir(exist_ok=True)
    beside = stamp.with_suffix(".part")
    beside.write_text(json.dumps({"sha256": item["sha256"], "files": files}))
    beside.replace(stamp)
    archive.unlink()


def remove_earlier(item, cache):
    """Removes what an earlier version has put there, so that versions never mix."""
    stamp = stamp_of(item, cache)
    try:
        files = json.loads(stamp.read_text())["files"]
    except (OSError, ValueError, KeyError):
        return
    stamp.unlink()
    for path in files:
        (cache / path).unlink(missing_ok=True)


def check_space(items, cache):
    # A wheel unpacks to 2.2 times its size at most, and lies there itself until then.
    needed = 3.2 * sum(item["size"] for item in items)
    free = shutil.disk_usage(cache).free
    if free < needed:
        raise Problem(f"{cache} needs {needed / MEBIBYTE:.0f} MiB of space and has "
                      f"{free / MEBIBYTE:.0f}. Make room, or set NANSCOPE_CACHE to a folder "
                      "on another disk.")


def fetch_missing(items, cache, index=None):
    """Fetches what has no stamp. One process at a time; another one waits."""
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another NaNscope is downloading; waiting for it.", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        missing = [item for item in items if not is_there(item, cache)]
        if not missing:
            return
        check_space(missing, cache)
        size = sum(item["size"] for item in missing) / MEBIBYTE
        print(f"Downloading {len(missing)} archives ({size:.0f} MiB) into {cache}", file=sys.stderr)
        index = index or Index()
        for item in missing:
            fetch(item, index, cache)


def main(arguments):
    cache, groups = pathlib.Path(arguments[0]), arguments[1:]
    items = [i for i in json.loads(LIST.read_text())["downloads"] if i["when"] in groups]
    try:
        fetch_missing(items, cache)
    except Problem as problem:
        print(f"\nNaNscope: {problem}", file=sys.stderr)
        return 1
    except OSError as error:
        advice = "Make room, or set" if error.errno == errno.ENOSPC else "Set"
        print(f"\nNaNscope: {error.filename or cache}: {error.strerror or error}. {advice} "
              "NANSCOPE_CACHE to a folder that can be written.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; the next start goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
