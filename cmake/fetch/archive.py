"""Takes the wanted files out of a wheel (a zip) or a source archive (a tar)."""

import contextlib
import pathlib
import shutil
import stat
import tarfile
import zipfile

from progress import Progress


def unpack(item, archive, cache):
    """Puts what the item keeps where the item says, below `cache`; returns the paths, relative.

    Unpacks beside and moves each file when it is complete, so that no half file is ever found.
    """
    beside = cache / "unpacking" / item["name"]
    shutil.rmtree(beside, ignore_errors=True)
    with _members(archive) as members:
        wanted = [(path, member) for member in members if (path := destination(item, member.name))]
        progress = Progress(f"unpacking {item['name']}", sum(m.size for _, m in wanted))
        for path, member in wanted:
            target = beside / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with member.open() as source, open(target, "wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
            target.chmod(0o755 if member.executable else 0o644)
            progress.add(member.size)
        progress.finish()
    for path, _ in wanted:
        (cache / path).parent.mkdir(parents=True, exist_ok=True)
        (beside / path).replace(cache / path)
    shutil.rmtree(beside)
    return [path for path, _ in wanted]


def destination(item, name):
    """Where a member goes, relative to the cache; "" for one that is left out."""
    if any(name.startswith(prefix) for prefix in item.get("leave", [])):
        return ""
    for prefix, target in item["keep"].items():
        if name.startswith(prefix) and ".." not in pathlib.PurePosixPath(name).parts:
            return target + name[len(prefix):]
    return ""


class _Member:
    def __init__(self, name, size, executable, open_):
        self.name, self.size, self.executable, self.open = name, size, executable, open_


@contextlib.contextmanager
def _members(archive):
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as file:
            yield [_Member(info.filename, info.file_size,
                           bool(info.external_attr >> 16 & stat.S_IXUSR),
                           lambda info=info: file.open(info))
                   for info in file.infolist() if not info.is_dir()]
    else:
        with tarfile.open(archive) as file:
            yield [_Member(info.name, info.size, bool(info.mode & stat.S_IXUSR),
                           lambda info=info: file.extractfile(info))
                   for info in file.getmembers() if info.isfile()]
