"""What a snapshot was built from, so that the next build reads only what is new.

Two notes are kept, for two questions. The `Inventory` lies in the snapshot: which files were read,
by digest, and what came of each. It follows from the files alone, as the rest of the snapshot does.
The `Stamps` lie beside the snapshots: which digest a file had when it had this size, these times
and this place on the disk. They spare reading it to know; without them it is read, and no more.
"""

import hashlib
import json
import os
import sys
import time
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple, Self

from index import disk
from index.types import Skipped

INVENTORY_FILE = "inventory.json"
"""What it is called in the folder of a snapshot."""

PACKAGES = (
    "babel",
    "charset-normalizer",
    "feedparser",
    "langchain-text-splitters",
    "lxml",
    "lxml_html_clean",
    "markdown-it-py",
    "odfdo",
    "py3langid",
    "pypdfium2",
    "PyStemmer",
    "python-docx",
    "PyYAML",
    "rensa",
    "sentencex",
    "trafilatura",
)
"""What is read, or how it is cut and indexed, may change with these, or with their absence."""

# A file written twice within a tick of its file system's clock keeps its stamp. FAT counts in two
# seconds; see also "Racy Git", https://git-scm.com/docs/racy-git.
_TICK_NS = 2_000_000_000

STAMPS_FILE = "stamps.json"
"""What the stamps are called in the folder of a store."""

STAMPS_ASIDE = "stamps.json.tmp"
"""Where they are written before they take their place."""


READ_AGAIN = ""
"""The digest of a file that the machine, not the file, kept from being read: of no content."""


class Record(NamedTuple):
    """A file that was read.

    Attributes:
        digest: sha256 of its bytes, hexadecimal; `READ_AGAIN` if the next build shall try again.
        articles: the id of each article in it and the digest of its text, in order, those too that
            were left out because another one has the same text.
        skipped: what could not be read of it, and why.
    """

    digest: str
    articles: tuple[tuple[str, str], ...] = ()
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True)
class Inventory:
    """The files a snapshot was built from.

    Attributes:
        reading: the code and the packages that read them, see `reading_version`.
        files: by path below the corpus.
        unread: the files that were refused without being read, and why, sorted.
    """

    reading: str
    files: Mapping[str, Record] = field(default_factory=dict)
    unread: tuple[Skipped, ...] = ()

    @classmethod
    def parse(cls, data: bytes) -> Self | None:
        """Read what `to_bytes` wrote; None if it is something else."""
        try:
            content = json.loads(data)
            files = {
                path: Record(digest, tuple(map(_pair, articles)), tuple(map(_skip, skipped)))
                for path, (digest, articles, skipped) in content["files"].items()
            }
            return cls(content["reading"], files, tuple(map(_skip, content["unread"])))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None

    def to_bytes(self) -> bytes:
        """Return the inventory as JSON, the same for the same files in any order."""
        content = {"reading": self.reading, "files": self.files, "unread": self.unread}
        return json.dumps(content, sort_keys=True).encode() + b"\n"


NO_INVENTORY = Inventory(reading="").to_bytes()
"""That of a snapshot which was not made from files; the next build reads every file."""


class Inventories:
    """Reads inventories; one that is asked for again is not parsed again."""

    def __init__(self) -> None:
        """Begin without any."""
        self._data, self._parsed = NO_INVENTORY, Inventory.parse(NO_INVENTORY)

    def read(self, folder: Path) -> Inventory | None:
        """Read that of the snapshot in `folder`, unchecked; None if there is none."""
        try:
            return self.parse(disk.read_file(folder / INVENTORY_FILE))
        except OSError:
            return None

    def parse(self, data: bytes) -> Inventory | None:
        """Return what `Inventory.parse` returns."""
        if data != self._data:
            self._data, self._parsed = data, Inventory.parse(data)
        return self._parsed

    def forget(self) -> None:
        """Keep none."""
        self._data, self._parsed = NO_INVENTORY, Inventory.parse(NO_INVENTORY)


class Stamp(NamedTuple):
    """What the system tells of a file without opening it; times in nanoseconds."""

    size: int
    mtime: int
    ctime: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Self:
        """Take the stamp out of what `stat` returned."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)

    def __str__(self) -> str:
        """Return it as it is noted in front of a digest; a text takes a third of the memory."""
        return f"{self.size} {self.mtime} {self.ctime} {self.inode} "


class Stamps:
    """The digests of files by path and stamp, and the identities of models in a folder."""

    def __init__(self, corpus: Path, store: Path) -> None:
        """Read what the builds into `store` noted of `corpus`; nothing, if that is damaged."""
        self._path, self._corpus = store / STAMPS_FILE, str(corpus.resolve())
        self._noted_from = time.time_ns() - _TICK_NS
        self._new: dict[str, str] = {}
        try:
            corpus_then, files, models = _parse_stamps(disk.read_file(self._path))
        except (OSError, ValueError):
            corpus_then, files, models = "", {}, {}
        self._models = models
        # paths of another folder mean other files
        self._old = files if corpus_then == self._corpus else {}
        self._known_models = dict(self._models)

    def forget(self) -> None:
        """Have every file read again."""
        self._old = {}

    def digest(self, path: str, stamp: Stamp) -> str | None:
        """Return the digest of a file that has had this stamp ever since it was read."""
        had = str(stamp)
        for noted in (self._new, self._old):
            if (line := noted.get(path, "")).startswith(had):
                self._new[path] = line
                return line.removeprefix(had)
        return None

    def note(self, path: str, stamp: Stamp, digest: str) -> None:
        """Note the digest of a file that was read."""
        self._new[path] = f"{stamp}{digest}"

    def identity(self, model: str) -> str | None:
        """Return the identity of the embedder in a folder that has not changed since."""
        noted = self._models.get(model)
        return noted[1] if noted is not None and noted[0] == _folder_stamp(Path(model)) else None

    def note_identity(self, model: str, identity: str) -> None:
        """Note the identity of the embedder in a folder."""
        stamp = _folder_stamp(Path(model), self._noted_from)
        if stamp is not None:
            self._models = {model: [stamp, identity]}

    def save(self) -> str | None:
        """Write down what was noted, in one rename; a disk that refuses costs only time.

        Returns:
            What the disk refused, as a sentence with what mends it, if it did.
        """
        # a file that was written just now may be written once more and keep its stamp
        files = {
            path: line for path, line in self._new.items() if _changed_at(line) < self._noted_from
        }
        if (files, self._models) == (self._old, self._known_models):
            return None
        content = {"corpus": self._corpus, "files": files, "models": self._models}
        aside = self._path.with_name(STAMPS_ASIDE)
        try:
            disk.replace_file(self._path, json.dumps(content).encode("ascii"), aside)
        except OSError as error:
            disk.try_to_remove(aside)
            return (
                f"{self._path} could not be written: {error.strerror or error}. The index is whole "
                "all the same; the next build reads every file again. Free some space."
            )
        return None


def count_stamps(store: Path) -> int | None:
    """Return of how many files the stamps are noted; None if nothing is.

    Raises:
        OSError: if the file cannot be read.
        ValueError: if it is not what `Stamps` wrote.
    """
    try:
        return len(_parse_stamps(disk.read_file(store / STAMPS_FILE))[1])
    except FileNotFoundError:
        return None


@cache
def reading_version() -> str:
    """Return the digest of what makes a snapshot out of files: this code, the packages, Unicode."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {unicodedata.unidata_version}".encode())
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(f"\n{path.relative_to(folder).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    for name in PACKAGES:
        digest.update(f"\n{name} {_installed(name)}".encode())
    return digest.hexdigest()


def _installed(name: str) -> str:
    """Return the version of a package, or nothing if it is missing."""
    from importlib.metadata import PackageNotFoundError, version  # who only asks needs none

    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _folder_stamp(folder: Path, before: int | None = None) -> str | None:
    """Return a digest of the stamps of all files in a folder.

    None if it is no folder, or if a file of it was written at or after `before` (nanoseconds).
    """
    digest = hashlib.sha256()
    try:
        if not folder.is_dir():
            return None
        for path in sorted(folder.rglob("*")):
            stamp = Stamp.of(path.stat())
            if before is not None and max(stamp.mtime, stamp.ctime) >= before:
                return None
            digest.update(f"{path}\n{stamp}\n".encode(errors="surrogateescape"))
    except OSError:
        return None
    return digest.hexdigest()


def _changed_at(line: str) -> int:
    """Return when a file was changed last, or something about it, by what is noted of it."""
    _size, mtime, ctime, _rest = line.split(" ", 3)
    return max(int(mtime), int(ctime))


def _parse_stamps(data: bytes) -> tuple[str, dict[str, str], dict[str, list[str]]]:
    """Read what `Stamps.save` wrote: the folder, its files, the models.

    Raises:
        ValueError: if it is something else.
    """
    try:
        content = json.loads(data)
        files = dict(content["files"])
        if not all(isinstance(line, str) for line in files.values()):
            raise TypeError
        return str(content["corpus"]), files, dict(content["models"])
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError("not what was written") from error


def _pair(value: list[str]) -> tuple[str, str]:
    """Return two strings that JSON holds as a list."""
    first, second = value
    return str(first), str(second)


def _skip(value: list[str]) -> Skipped:
    """Return what was skipped as JSON holds it."""
    return Skipped(*_pair(value))
