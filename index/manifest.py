"""The files of one snapshot in its folder: data files, and the manifest with their digests."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index import disk
from index.contents import FILES, FORMAT, as_json, digest, digest_content, digest_files
from index.errors import StoreCorrupt
from index.store import Store
from index.versions import versions

MANIFEST = "manifest.json"
"""Written last; what is not named in it is not read."""

UNREADABLE = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
    MemoryError,
)
"""What reading bytes that somebody else wrote may raise."""


def make_manifest(content: Store, files: Mapping[str, bytes | memoryview]) -> dict[str, Any]:
    """Return the manifest of a snapshot, with the digest of each file, and then its own."""
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "content": digest_content(content),
        "embedder": content.embedder,
        "model": content.model,
        "articles": len(content.articles),
        "chunks": len(content.chunks),
        "skipped": [list(skipped) for skipped in content.skipped],
        "versions": versions(),
        "files": {name: digest(data) for name, data in files.items()},
    }
    return {**manifest, "digest": digest(as_json(manifest))}


def write_files(
    folder: Path, files: Mapping[str, bytes | memoryview], manifest: Mapping[str, Any]
) -> None:
    """Write the files of a snapshot into the new folder `folder`, the manifest last."""
    folders = {(folder / name).parent for name in files}
    for inner in sorted(folders):
        disk.make_folder(inner)
    for name, data in files.items():
        disk.write_file(folder / name, data)
    disk.write_file(folder / MANIFEST, as_json(manifest))
    for inner in sorted(folders, reverse=True):
        disk.sync(inner)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read a snapshot's manifest and check its own digest.

    Raises:
        StoreCorrupt: if it is missing, damaged or of another format.
    """
    path = folder / MANIFEST
    try:
        data = disk.read_file(path)
        manifest = dict(json.loads(data))
        written = as_json(manifest)
        stated = manifest.pop("digest")
    except OSError as error:
        raise StoreCorrupt(path, f"cannot be read ({error.strerror})") from error
    except UNREADABLE as error:
        raise StoreCorrupt(path, "is damaged") from error
    if stated != digest(as_json(manifest)) or data != written:
        raise StoreCorrupt(path, "is not what was written")
    if manifest.get("format") != FORMAT:
        found = manifest.get("format")
        raise StoreCorrupt(path, f"has format {found}, this version reads {FORMAT}")
    if not _is_complete(manifest):
        raise StoreCorrupt(path, "does not fit together (parts of it are missing)")
    return manifest


def read_files(folder: Path, name: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Read the manifest and the files of the snapshot `name`, each checked against its digest.

    Raises:
        StoreCorrupt: if a file is missing, or not what was written.
    """
    manifest = read_manifest(folder)
    files = {name: read_checked(folder / name, manifest["files"][name]) for name in FILES}
    if not manifest["content"].startswith(name.partition("-")[2]):
        raise StoreCorrupt(folder / MANIFEST, "belongs to another snapshot")
    if digest_files(files, manifest) != manifest["content"]:
        raise StoreCorrupt(folder / MANIFEST, "does not fit together (another content)")
    return manifest, files


def read_checked(path: Path, stated: str) -> bytes:
    """Return the bytes of a file; refuse one that is missing or has another digest."""
    try:
        data = disk.read_file(path)
    except OSError as error:
        raise StoreCorrupt(path, f"cannot be read ({error.strerror})") from error
    if digest(data) != stated:
        raise StoreCorrupt(path, "is not what was written")
    return data


def _is_complete(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest has what is read of it; `files` names exactly those there are."""
    files = manifest.get("files")
    return (
        all(isinstance(manifest.get(name), str) for name in ("content", "embedder", "model"))
        and all(isinstance(manifest.get(name), int) for name in ("articles", "chunks"))
        and isinstance(files, dict)
        and sorted(files) == sorted(FILES)
    )
