"""Downloads a file whose size and hash are known, going on where an earlier try stopped."""

import hashlib
import http.client
import os
import shutil
import sys
import time
import urllib.error

from problem import Problem
from progress import Progress

CHUNK = 1 << 20
TRIES = 4


def download(index, item, folder):
    """The path of the item's file in `folder`, complete and checked."""
    path = folder / item["file"]
    if path.exists():
        if _hash_of(path) == item["sha256"]:
            return path
        path.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    local = index.local_copy(item["file"])
    if local:
        shutil.copyfile(local, part)
    else:
        resumed = part.exists()
        _receive(index, item, part)
        if resumed and _hash_of(part) != item["sha256"]:
            part.unlink()  # what was there before was no good
            _receive(index, item, part)
    _check(item, part)
    part.rename(path)
    return path


def _receive(index, item, part):
    """Fills `part` up to the item's size. A broken connection is tried again, with a pause."""
    for attempt in range(1, TRIES + 1):
        try:
            address = index.find(item["name"], item["file"])
            _receive_once(index, address, item, part)
            return
        except (urllib.error.URLError, http.client.HTTPException, ConnectionError,
                TimeoutError) as error:
            reason = getattr(error, "reason", None) or error
            if attempt == TRIES:
                raise Problem(
                    f"{item['file']} could not be downloaded from {index.host}: {reason}. "
                    "Check the network and start again; it goes on where it stopped.") from error
            pause = 2 ** attempt * index.patience
            print(f"  {item['name']}: {reason}; trying again in {pause:.0f} s", file=sys.stderr)
            time.sleep(pause)


def _receive_once(index, address, item, part):
    have = part.stat().st_size if part.exists() else 0
    if have > item["size"]:
        part.unlink()
        have = 0
    if have == item["size"]:
        return
    with index.open(address, {"Range": f"bytes={have}-"} if have else {}) as answer:
        if have and answer.status != 206:
            have = 0  # a server that knows no ranges sends all of it
        progress = Progress(f"{item['name']} {item['version']}", item["size"], have)
        with open(part, "ab" if have else "wb") as file:
            while chunk := answer.read(CHUNK):
                file.write(chunk)
                progress.add(len(chunk))
            file.flush()
            os.fsync(file.fileno())
        progress.finish()
    if part.stat().st_size < item["size"]:
        raise ConnectionError("the connection was closed too early")


def _check(item, part):
    found = _hash_of(part)
    if found != item["sha256"]:
        part.unlink()
        raise Problem(f"{item['file']} is not the file that NaNscope was tested with: its SHA-256 "
                      f"is {found}, not {item['sha256']}. The download was deleted; start again to "
                      "download it anew.")


def _hash_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
