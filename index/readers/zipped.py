"""ZIP files that are opened with care: archives, and the documents that are archives inside.

A file of a megabyte can unpack to a terabyte. What it says of itself is checked before anything is
unpacked, and counted again while it is.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from index.errors import UnreadableFile

MAX_MEMBERS = 20_000
MAX_UNPACKED = 500_000_000
"""Bytes of all members together; larger archives are better unpacked into the folder."""

# Prose shrinks to a third, markup to a tenth; only what repeats itself shrinks more.
_MAX_RATIO = 200
_RATIO_FROM = 5_000_000

_ENTRY = b"PK\x01\x02"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")

_IS_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

# What `zipfile` raises on hostile bytes; NotImplementedError and UnicodeError are among these.
_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    LookupError,
)


@contextmanager
def open_zip(
    path: Path, data: bytes, kind: str = "ZIP archive", limit: int = MAX_UNPACKED
) -> Iterator[ZipFile]:
    """Open `data`, the content of the file at `path`, as a ZIP file.

    Args:
        path: for messages.
        data: the bytes.
        kind: what it should be, for messages.
        limit: bytes that it may unpack to.

    Raises:
        UnreadableFile: if it is none, or would unpack to more than is read.
    """
    if data.count(_ENTRY) > MAX_MEMBERS:  # before a list of them is made
        raise UnreadableFile(path, f"holds more than {MAX_MEMBERS} files")
    try:
        archive = ZipFile(BytesIO(data))
    except _DAMAGES as error:
        raise UnreadableFile(path, _refusal(data, kind)) from error
    with archive:
        unpacked = sum(max(info.file_size, 0) for info in archive.infolist())
        if unpacked > limit:
            told = f"{unpacked / 1e6:.1f} MB, at most {limit / 1e6:.0f} MB are read"
            raise UnreadableFile(path, f"would unpack to {told}")
        if unpacked > max(_RATIO_FROM, _MAX_RATIO * len(data)):
            raise UnreadableFile(path, f"would unpack to {unpacked // len(data)} times its size")
        yield archive


def _refusal(data: bytes, kind: str) -> str:
    """Say why `data` was not opened."""
    if not data.strip():
        return "is empty"
    if data.startswith(_OLD_OFFICE):
        is_encrypted = _ENCRYPTED_OFFICE in data
        return "is encrypted: it opens with a password only" if is_encrypted else f"is no {kind}"
    return f"is a damaged {kind}" if data.startswith(b"PK") else f"is no {kind}"


def member_name(info: ZipInfo) -> str:
    """Return the name of a member with forward slashes and without what would lead elsewhere.

    Old programs write UTF-8 without saying so; ZIP then means the letters of the first PC.
    """
    name = info.filename
    if not name.isascii() and not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename
    parts = re.split(r"[/\\]", name)
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def is_folder(info: ZipInfo) -> bool:
    """Whether a member is a folder; `ZipInfo.is_dir` fails on a name without a character."""
    return info.filename.endswith("/")


def is_file(info: ZipInfo) -> bool:
    """Whether a member is a file: no folder, link or device."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    return not is_folder(info) and kind in (0, stat.S_IFREG)


def unpack(path: Path, archive: ZipFile, info: ZipInfo, limit: int) -> bytes:
    """Return the content of a member; `path` is its name, for messages.

    Raises:
        UnreadableFile: if it is encrypted or damaged, or has more than `limit` bytes.
    """
    if info.flag_bits & _IS_ENCRYPTED:
        raise UnreadableFile(path, "is encrypted: it opens with a password only")
    if info.compress_type not in _METHODS:
        raise UnreadableFile(path, "is compressed in a way that is not read")
    try:
        with archive.open(info) as file:
            data = file.read(limit + 1) if info.file_size <= limit else b""
    except _DAMAGES as error:
        raise UnreadableFile(path, "is damaged") from error
    size = max(info.file_size, len(data))
    if size > limit:
        told = f"{size / 1e6:.1f} MB, at most {limit / 1e6:.0f} MB are read"
        raise UnreadableFile(path, f"is too large: {told}")
    return data
