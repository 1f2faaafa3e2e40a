"""ZIP archives of articles: every member is read as a file of its suffix would be.

Members are read in memory and in the order of their names, which are only names: nothing is ever
written, so none can lead out of anywhere.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from index.errors import UnreadableFile
from index.readers.extracted import Extracted, Format
from index.readers.names import is_leftover, visible
from index.readers.zipped import (
    MAX_MEMBERS,
    MAX_UNPACKED,
    is_file,
    is_folder,
    member_name,
    open_zip,
    unpack,
)
from index.types import Skipped

MAX_BYTES = 200_000_000
"""Of an archive; it is held in memory while its members are read."""

# An archive in an archive is read, one in that is not.
_MAX_DEPTH = 2

# The system's own limit for the path of a file is near.
_MAX_NAME_CHARS = 1000

FindFormat = Callable[[Path], Format]
"""Returns how files such as a path are read, or raises `UnreadableFile`."""


@dataclass
class _Budget:
    """What may still be read of one archive and those in it."""

    find: FindFormat
    unpacked: int
    files: int = MAX_MEMBERS


def read_zip(
    path: Path, data: bytes, find: FindFormat, max_unpacked: int = MAX_UNPACKED
) -> Iterator[Extracted | Skipped]:
    """Read the members of an archive, and those of the archives in it.

    Args:
        path: the archive, for messages.
        data: its content.
        find: how its members are read.
        max_unpacked: bytes that it, and the archives in it, may unpack to.

    Yields:
        What the members hold, each under its name with "/" in front, and what was left out.
    """
    return _read(path, data, _Budget(find, max_unpacked), depth=1)


def _read(path: Path, data: bytes, budget: _Budget, depth: int) -> Iterator[Extracted | Skipped]:
    """Read the archive `data`, the `depth`-th of those in each other."""
    with open_zip(path, data, limit=budget.unpacked) as archive:
        members = _named(archive)
        if not members:
            raise UnreadableFile(path, "holds no files")
        before = ""
        for name, info in members:
            if name == before:
                yield Skipped(f"/{name}", "same name as another file of the archive")
                continue
            before = name
            try:
                for found in _read_member(Path(name), archive, info, budget, depth):
                    yield _under(name, found)
            except UnreadableFile as problem:
                yield Skipped(f"/{name}", problem.reason)


def _named(archive: ZipFile) -> list[tuple[str, ZipInfo]]:
    """Return the members of `archive` that may be articles, by name."""
    named = [
        (visible(member_name(info)), info) for info in archive.infolist() if not is_folder(info)
    ]
    return sorted(
        (
            (name[:_MAX_NAME_CHARS], info)
            for name, info in named
            if name and not any(map(is_leftover, name.split("/")))
        ),
        key=lambda member: (member[0], member[1].header_offset),
    )


def _read_member(
    path: Path, archive: ZipFile, info: ZipInfo, budget: _Budget, depth: int
) -> Iterator[Extracted | Skipped]:
    """Read one member, whose name is `path`."""
    if not is_file(info):
        raise UnreadableFile(path, "is a link or no regular file")
    found = budget.find(path)
    is_archive = path.suffix.lower() == ".zip"
    if is_archive and depth == _MAX_DEPTH:
        raise UnreadableFile(path, f"at most {_MAX_DEPTH} archives in each other are read")
    if budget.files <= 0 or info.file_size > budget.unpacked:
        raise UnreadableFile(path, "the archive holds more than is read of one")
    data = unpack(path, archive, info, found.max_bytes)
    budget.files -= 1
    budget.unpacked -= len(data)
    if is_archive:
        yield from _read(path, data, budget, depth + 1)
    else:
        yield from found.read(path, data)


def _under(name: str, found: Extracted | Skipped) -> Extracted | Skipped:
    """Return what was found in the member `name`, named as a part of the archive."""
    if isinstance(found, Skipped):
        return Skipped(f"/{name}{found.path}", found.reason)
    return replace(found, name=f"/{name}{found.name}")
