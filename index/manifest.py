"""The files of one snapshot in its folder: data files, and the manifest with their digests."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index import disk
from index.arrays import Data
from index.contents import FILES, FORMAT, as_json, digest, digest_digests
from index.errors import StoreCorrupt, StoreForbidden
from index.store import Store
from index.versions import versions

MANIFEST = "manifest.json"
"""Written last; what is not named in it is not read."""

MAPPED_BYTES = 16 << 20
"""Larger files are mapped into memory; smaller ones are read, and checked, in a moment."""

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


def make_manifest(content: Store, files: Mapping[str, Data]) -> dict[str, Any]:
    """Return the manifest of a snapshot, with the digest of each file, and then its own."""
    digests = {name: digest(data) for name, data in files.items()}
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "content": digest_digests(digests, content.embedder, content.model),
        "embedder": content.embedder,
        "model": content.model,
        "articles": len(content.articles),
        "chunks": len(content.chunks),
        "recall": float(content.vectors.recall),
        "skipped": [list(skipped) for skipped in content.skipped],
        "versions": versions(),
        "files": digests,
        "sizes": {name: len(data) for name, data in files.items()},
    }
    return {**manifest, "digest": digest(as_json(manifest))}


def write_files(folder: Path, files: Mapping[str, Data], manifest: Mapping[str, Any]) -> None:
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
        raise refused(path, error) from error
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


def read_files(
    folder: Path, name: str, *, at_once: bool = True
) -> tuple[dict[str, Any], dict[str, Data]]:
    """Read the manifest and the files of the snapshot `name`, each checked against it.

    Args:
        folder: where they lie.
        name: of the snapshot.
        at_once: check all by digest; else large files are mapped, and checked by size alone.

    Raises:
        StoreCorrupt: if a file is missing, or not what was written.
    """
    manifest = read_manifest(folder)
    if not manifest["content"].startswith(name.partition("-")[2]):
        raise StoreCorrupt(folder / MANIFEST, "belongs to another snapshot")
    embedder, model = manifest["embedder"], manifest["model"]
    if digest_digests(manifest["files"], embedder, model) != manifest["content"]:
        raise StoreCorrupt(folder / MANIFEST, "does not fit together (another content)")
    return manifest, {one: read_file(folder, one, manifest, at_once=at_once) for one in FILES}


def read_file(
    folder: Path, name: str, manifest: Mapping[str, Any], *, at_once: bool = True
) -> Data:
    """Read or map a file, and check it: see `read_files`.

    Raises:
        StoreCorrupt: if it is missing, or not what was written.
    """
    path, size = folder / name, manifest["sizes"][name]
    is_mapped = size > MAPPED_BYTES
    try:
        data = disk.map_file(path) if is_mapped else disk.read_file(path)
    except (OSError, ValueError) as error:  # an empty file cannot be mapped
        raise refused(path, error) from error
    is_read = at_once or not is_mapped
    if len(data) != size or (is_read and digest(data) != manifest["files"][name]):
        raise StoreCorrupt(path, "is not what was written")
    return data


def is_mapped(manifest: Mapping[str, Any]) -> bool:
    """Whether a snapshot has files so large that they are mapped."""
    return any(size > MAPPED_BYTES for size in manifest["sizes"].values())


def refused(path: Path, error: OSError | ValueError) -> StoreCorrupt:
    """Return what to raise when the system refuses to read a file or a folder of a store."""
    kind = StoreForbidden if isinstance(error, PermissionError) else StoreCorrupt
    reason = error.strerror if isinstance(error, OSError) else None
    return kind(path, f"cannot be read ({reason or error})")


def _is_complete(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest has what is read of it; `files` names exactly those there are."""
    files, sizes = manifest.get("files"), manifest.get("sizes")
    return (
        all(isinstance(manifest.get(name), str) for name in ("content", "embedder", "model"))
        and all(isinstance(manifest.get(name), int) for name in ("articles", "chunks"))
        and isinstance(manifest.get("recall", 1.0), float)  # older ones do not tell
        and isinstance(files, dict)
        and isinstance(sizes, dict)
        and sorted(files) == sorted(sizes) == sorted(FILES)
        and all(isinstance(size, int) for size in sizes.values())
    )
