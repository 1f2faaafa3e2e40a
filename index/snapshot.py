"""A store on disk.

    store/
      CURRENT                   name of the snapshot in force
      snapshots/000007-3f9a…/   data files, then manifest.json with their digests
      .lock                     held while a build writes

A snapshot is written under another name, synced and renamed; `CURRENT` is replaced last. Whoever
opens the store at any moment reads one whole snapshot. Nothing is pickled.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from index.errors import StoreBusy, StoreCorrupt, StoreError, StoreMissing, StoreUnwritable
from index.inventory import INVENTORY_FILE
from index.lexical import LexicalIndex
from index.mentions import DateIndex
from index.store import Store
from index.types import Article, Chunk, DateRange, Skipped
from index.vectors import VectorIndex
from index.vocabulary import Vocabulary

FORMAT = 2
"""Raised when the files of a snapshot change their meaning; another format is built again."""

_CURRENT = "CURRENT"
_SNAPSHOTS = "snapshots"
_MANIFEST = "manifest.json"
_ARTICLES = "articles.jsonl"
_STORIES = "stories.json"
_UNFINISHED = ".tmp"
_NAME = re.compile(r"[0-9]{6,12}-[0-9a-f]{12}")


def default_store() -> Path:
    """Return the store folder that is used when none is named: `DEPECHE_STORE`, else ./store."""
    return Path(os.environ.get("DEPECHE_STORE") or "store")


@contextmanager
def lock_store(store: Path, wait_seconds: float = 0) -> Iterator[None]:
    """Keep other builds out of `store`; the system lets go of the lock if this process dies.

    Args:
        store: folder of snapshots.
        wait_seconds: how long to wait for another build; negative: for as long as it takes.

    Raises:
        StoreBusy: if another build holds it.
        StoreUnwritable: if the folder cannot be written to, now or while the lock is held.
    """
    try:
        store.mkdir(parents=True, exist_ok=True)
        with FileLock(store / ".lock", timeout=wait_seconds if wait_seconds >= 0 else -1):
            yield
    except Timeout as error:
        raise StoreBusy(store) from error
    except OSError as error:
        raise StoreUnwritable(store, error.strerror or str(error)) from error


def current_name(store: Path) -> str:
    """Return the name of the snapshot in force.

    Raises:
        StoreMissing: if nothing was built there yet.
        StoreCorrupt: if CURRENT names no snapshot.
    """
    path = store / _CURRENT
    try:
        name = path.read_text(encoding="ascii").strip()
    except FileNotFoundError as error:
        raise StoreMissing(store) from error
    except (OSError, UnicodeDecodeError) as error:
        raise StoreCorrupt(path, f"cannot be read ({error})") from error
    # a damaged name must not lead out of the store
    if not _NAME.fullmatch(name) or not snapshot_folder(store, name).is_dir():
        raise StoreCorrupt(path, f"names no snapshot ({name[:40]!r})")
    return name


def save_snapshot(store: Path, content: Store) -> str:
    """Write `content` beside what is there, put it in force, and remove the oldest ones.

    The lock of the store must be held.

    Returns:
        The name of the snapshot: a number that grows, and the start of its content's digest.
    """
    snapshots = store / _SNAPSHOTS
    snapshots.mkdir(parents=True, exist_ok=True)
    _remove_unfinished(snapshots)
    content_digest = digest_content(content)
    name = f"{_next_number(snapshots):06d}-{content_digest[:12]}"
    folder = snapshots / (name + _UNFINISHED)
    _write_files(folder, content)
    _write_manifest(folder, content, content_digest)
    folder.rename(snapshots / name)
    sync(snapshots)
    before = _name_before(store)
    put_in_force(store, name)
    prune(store, {name, before, _other_content(store, name, before)})
    return name


def open_snapshot(store: Path, name: str | None = None) -> Store:
    """Read the snapshot in force (or `name`), every file checked against the manifest.

    Raises:
        StoreMissing: if nothing was built there yet.
        StoreCorrupt: if a file is missing, or not what was written.
    """
    name = name or current_name(store)
    folder = snapshot_folder(store, name)
    manifest = check_files(store, name)
    try:
        return _read_files(folder, manifest, name)
    except (KeyError, TypeError, ValueError, AssertionError, OSError) as error:
        raise StoreCorrupt(folder, f"does not fit together ({error})") from error


def check_files(store: Path, name: str) -> dict[str, Any]:
    """Check every file of a snapshot against its manifest, and return that.

    Raises:
        StoreCorrupt: if a file is missing, or not what was written.
    """
    folder = snapshot_folder(store, name)
    manifest = read_manifest(folder)
    for file, digest in manifest["files"].items():
        _check_digest(folder / file, digest)
    return manifest


def read_articles(store: Path, name: str) -> list[Article]:
    """Read the articles of one snapshot, checked against the manifest, and nothing else of it.

    Raises:
        StoreCorrupt: if its manifest or its articles are not what was written.
    """
    folder = snapshot_folder(store, name)
    try:
        _check_digest(folder / _ARTICLES, read_manifest(folder)["files"][_ARTICLES])
        return _read_articles(folder)
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise StoreCorrupt(folder, f"does not fit together ({error})") from error


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read a snapshot's manifest and check its own digest.

    Raises:
        StoreCorrupt: if it is missing, damaged or of another format.
    """
    path = folder / _MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
        digest = manifest.pop("digest")
    except OSError as error:
        raise StoreCorrupt(path, f"cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise StoreCorrupt(path, "is damaged") from error
    if digest != _digest(_as_json(manifest)):
        raise StoreCorrupt(path, "is not what was written")
    if manifest["format"] != FORMAT:
        raise StoreCorrupt(path, f"has format {manifest['format']}, this version reads {FORMAT}")
    return dict(manifest)


def digest_content(content: Store) -> str:
    """Return the sha256 of what a snapshot says: articles, chunks and embedder.

    Vectors, terms and dates follow from these; vectors may differ in the last bits from one
    processor to the next.
    """
    digest = hashlib.sha256(f"{FORMAT} {content.embedder}\n".encode())
    for article in content.articles:
        digest.update(_as_json(_article_record(article)))
    digest.update(_chunk_array(content.chunks).tobytes())
    return digest.hexdigest()


def prune(store: Path, kept: set[str | None]) -> None:
    """Remove all but those `kept`: the snapshot in force and those to go back to."""
    for name in snapshot_names(store):
        if name not in kept:
            shutil.rmtree(snapshot_folder(store, name), ignore_errors=True)


def snapshot_names(store: Path) -> list[str]:
    """Return the names of the complete snapshots, oldest first."""
    snapshots = store / _SNAPSHOTS
    if not snapshots.is_dir():
        return []
    folders = (path for path in snapshots.iterdir() if path.is_dir())
    return sorted(path.name for path in folders if not path.name.endswith(_UNFINISHED))


def put_in_force(store: Path, name: str) -> None:
    """Name the snapshot in force, in one step.

    The lock of the store must be held.
    """
    new = store / f"{_CURRENT}{_UNFINISHED}"
    new.write_text(name + "\n", encoding="ascii")
    sync(new)
    os.replace(new, store / _CURRENT)  # noqa: PTH105  the name of the system call that is atomic
    sync(store)


def content_of(name: str) -> str:
    """Return the part of a snapshot's name that two snapshots share if they say the same."""
    return name.partition("-")[2]


def snapshot_folder(store: Path, name: str) -> Path:
    """Return the folder of a snapshot."""
    return store / _SNAPSHOTS / name


def _write_files(folder: Path, content: Store) -> None:
    """Write the data files of a snapshot into the new folder `folder`."""
    folder.mkdir()
    with (folder / _ARTICLES).open("wb") as file:
        file.writelines(_as_json(_article_record(article)) for article in content.articles)
    with (folder / "chunks.npy").open("wb") as file:
        np.save(file, _chunk_array(content.chunks), allow_pickle=False)
    content.vectors.save(folder / "vectors.faiss")
    content.dates.save(folder / "dates.npy")
    content.lexical.save(folder / "lexical")
    content.vocabulary.save(folder / "vocabulary")
    (folder / INVENTORY_FILE).write_bytes(content.inventory)
    (folder / _STORIES).write_text(json.dumps(content.stories), encoding="ascii")


def _write_manifest(folder: Path, content: Store, content_digest: str) -> None:
    """Sync the data files and write their digests, and then the manifest's own."""
    files = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        sync(path)
        files[path.relative_to(folder).as_posix()] = _digest(path.read_bytes())
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "content": content_digest,
        "embedder": content.embedder,
        "model": content.model,
        "articles": len(content.articles),
        "chunks": len(content.chunks),
        "skipped": [list(skipped) for skipped in content.skipped],
        "files": files,
    }
    manifest["digest"] = _digest(_as_json(manifest))
    (folder / _MANIFEST).write_bytes(_as_json(manifest))
    for path in (folder / _MANIFEST, folder / "lexical", folder / "vocabulary", folder):
        sync(path)


def _read_files(folder: Path, manifest: dict[str, Any], name: str) -> Store:
    """Read the data files of a checked snapshot."""
    chunks = np.load(folder / "chunks.npy", allow_pickle=False)
    return Store(
        articles=_read_articles(folder),
        chunks=[Chunk(*record) for record in chunks.tolist()],
        vectors=VectorIndex.load(folder / "vectors.faiss"),
        lexical=LexicalIndex.load(folder / "lexical"),
        dates=DateIndex.load(folder / "dates.npy"),
        vocabulary=Vocabulary.load(folder / "vocabulary"),
        embedder=manifest["embedder"],
        model=manifest["model"],
        skipped=skipped_files(manifest),
        stories=[tuple(group) for group in json.loads((folder / _STORIES).read_bytes())],
        inventory=(folder / INVENTORY_FILE).read_bytes(),
        name=name,
    )


def _read_articles(folder: Path) -> list[Article]:
    """Read the articles of a checked snapshot."""
    with (folder / _ARTICLES).open("rb") as file:
        return [_article(json.loads(line)) for line in file]


def skipped_files(manifest: dict[str, Any]) -> tuple[Skipped, ...]:
    """Return the files that a build left out; none where an older version did not note them."""
    return tuple(Skipped(path, reason) for path, reason in manifest.get("skipped", ()))


def _article_record(article: Article) -> dict[str, Any]:
    """Return an article as JSON values."""
    record = asdict(article)
    published = article.published
    record["published"] = published and [published.first.isoformat(), published.last.isoformat()]
    return record


def _article(record: dict[str, Any]) -> Article:
    """Return the article that `_article_record` wrote."""
    published = record["published"]
    furniture = tuple((start, end) for start, end in record["furniture"])
    days = DateRange(*map(_day, published)) if published else None
    return replace(Article(**record), published=days, furniture=furniture)


def _day(text: str) -> Any:  # noqa: ANN401
    """Read an ISO day."""
    return DateRange.parse(text).first


def _chunk_array(chunks: Sequence[Chunk]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return chunks as int64, shape (n, 3): article, start, end."""
    return np.array(
        [(chunk.article, chunk.start, chunk.end) for chunk in chunks], dtype="<i8"
    ).reshape(-1, 3)


def _name_before(store: Path) -> str | None:
    """Return the name of the snapshot that was in force so far, if there is one."""
    try:
        return current_name(store)
    except StoreError:
        return None


def _other_content(store: Path, name: str, before: str | None) -> str | None:
    """Return the newest snapshot that says something else, if the one before says the same.

    So it is when only the files that cannot be read have changed: going back should still change
    something. The one before stays all the same: somebody may be reading it.
    """
    if before is None or content_of(before) != content_of(name):
        return None
    others = [other for other in snapshot_names(store) if content_of(other) != content_of(name)]
    return others[-1] if others else None


def _next_number(snapshots: Path) -> int:
    """Return the number after that of the newest snapshot."""
    numbers = (path.name.split("-")[0] for path in snapshots.iterdir())
    return max((int(number) for number in numbers if number.isdigit()), default=0) + 1


def _remove_unfinished(snapshots: Path) -> None:
    """Remove what a build left that did not finish."""
    for folder in snapshots.glob(f"*{_UNFINISHED}"):
        shutil.rmtree(folder, ignore_errors=True)


def _check_digest(path: Path, digest: str) -> None:
    """Refuse a file that is missing or has another digest."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StoreCorrupt(path, f"cannot be read ({error.strerror})") from error
    if _digest(data) != digest:
        raise StoreCorrupt(path, "is not what was written")


def _digest(data: bytes) -> str:
    """Return the sha256 of `data`, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _as_json(record: dict[str, Any]) -> bytes:
    """Return one line of JSON, keys in order."""
    return json.dumps(record, sort_keys=True).encode() + b"\n"


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk; Windows has no such call for folders."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
