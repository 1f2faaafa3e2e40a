"""Everything that can be checked of a store, one sentence a check; nothing is changed."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from index import disk, snapshot
from index.chunk import embedded_text
from index.contents import FILES, read_content
from index.embed import open_embedder
from index.errors import DepecheError, StoreCorrupt, StoreError, StoreMissing
from index.inventory import STAMPS_FILE, count_stamps
from index.kept import KEPT_FILE, examine_kept
from index.laws import broken_articles, broken_chunks, broken_dates, broken_lengths, broken_parts
from index.manifest import UNREADABLE, read_files
from index.store import Store
from index.versions import versions

_SAMPLED = 64
"""Chunks that are embedded again: a second of work."""

_LEAST_COSINE = 0.999
"""Vectors of one text differ in the last bits from one processor to the next."""

_MAX_TOLD = 3
"""Of many problems of one kind, the first tell enough."""

_LAWS: dict[str, Callable[[Store], Iterator[str]]] = {
    "lengths": broken_lengths,
    "chunks": broken_chunks,
    "articles": broken_articles,
    "dates": broken_dates,
    "parts": broken_parts,
}
_HOLDS = {
    "lengths": "chunks, vectors and postings have the same length",
    "chunks": "the chunks of each article put end to end give its text",
    "articles": "each article is what was written, and its furniture lies in it",
    "dates": "all dates lie in their rows",
    "parts": "terms, dates and words lead to what is there",
}


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found.

    Attributes:
        name: of the check, in a word.
        ok: whether all is well.
        told: what was found, as a sentence; where it is not well, with what mends it.
    """

    name: str
    ok: bool
    told: str


@dataclass(frozen=True, slots=True)
class _Opened:
    """A snapshot whose files are what was written."""

    manifest: dict[str, Any]
    room: int
    content: Store


def examine(store: Path, *, embed: bool = True) -> list[Check]:
    """Check a store: files, laws, vectors, room, versions, what builds left or are doing.

    Args:
        store: folder of snapshots.
        embed: embed a sample of the chunks again, which loads the model.

    Raises:
        StoreMissing: if nothing was built there yet.
        StoreCorrupt: if the system refuses to list the snapshots.
    """
    names = snapshot.snapshot_names(store)
    if not names and snapshot.named_in_force(store) is None:
        raise StoreMissing(store)
    found = [_check_force(store)]
    opened: dict[str, _Opened] = {}
    for name in names:
        check, one = _open(store, name)
        found.append(check)
        opened |= {name: one} if one is not None else {}
    if opened:
        found.extend(_check_law(law, opened, store) for law in _LAWS)
        found.append(_check_norms(opened, store))
    answering = next((name for name in snapshot.names_to_try(store) if name in opened), None)
    if answering is not None:
        one = opened[answering]
        found += [_check_sample(one.content, store)] if embed else []
        found += [_check_room(one.room, store), _check_versions(one.manifest)]
    beside = [_check_stamps(store), _check_kept(store)]
    return [*found, *beside, _check_lock(store), _check_litter(store)]


def _check_force(store: Path) -> Check:
    """Check that CURRENT names a snapshot."""
    try:
        return Check("force", True, f"The snapshot {snapshot.current_name(store)} is in force.")
    except StoreMissing:
        return Check("force", False, str(StoreCorrupt(snapshot.current_file(store), "is missing")))
    except StoreError as error:
        return Check("force", False, str(error))


def _open(store: Path, name: str) -> tuple[Check, _Opened | None]:
    """Check the digests of all files of a snapshot, and read it."""
    folder = snapshot.snapshot_folder(store, name)
    try:
        manifest, files = read_files(folder, name)
        content = read_content(files, manifest, name)
    except StoreCorrupt as error:
        return Check("files", False, str(error)), None
    except UNREADABLE as error:
        problem = StoreCorrupt(folder, f"does not fit together ({error})")
        return Check("files", False, str(problem)), None
    told = f"All {len(FILES) + 1} files of the snapshot {name} are what was written."
    room = snapshot.room_needed(files)
    return Check("files", True, told), _Opened(manifest, room, content)


def _check_law(law: str, opened: dict[str, _Opened], store: Path) -> Check:
    """Check a law on every row of the snapshots that could be read."""
    problems = [
        f"{name}: {problem}" for name, one in opened.items() for problem in _LAWS[law](one.content)
    ]
    return _told(law, f"In {_counted(opened)}, {_HOLDS[law]}.", problems, store)


def _check_norms(opened: dict[str, _Opened], store: Path) -> Check:
    """Check that all vectors are unit vectors."""
    problems = [
        f"{name}: {problem}"
        for name, one in opened.items()
        for problem in one.content.vectors.check()
    ]
    return _told("vectors", f"In {_counted(opened)}, all vectors have length 1.", problems, store)


def _check_sample(content: Store, store: Path) -> Check:
    """Check that the embedder still gives the vectors that are stored."""
    count = min(_SAMPLED, len(content.chunks))
    rows = np.unique(np.linspace(0, len(content.chunks) - 1, count, dtype=np.int64))
    try:
        embedder = open_embedder(content.model)
    except DepecheError as error:
        return Check("sample", False, str(error))
    if embedder.identity != content.embedder:
        problem = f"the embedder is {embedder.identity}, not {content.embedder}"
        return _told("sample", "", [problem], store)
    chunks = [content.chunks[row] for row in rows]
    texts = [embedded_text(content.articles[one.article], (one.start, one.end)) for one in chunks]
    again = embedder.embed_passages(texts)
    cosines = np.sum(again * content.vectors.vectors(rows), axis=1)
    problems = [
        f"the vector of the row {row} has cosine {cosine:.4f} with its text embedded again"
        for row, cosine in zip(rows, cosines, strict=True)
        if not cosine >= _LEAST_COSINE
    ]
    told = f"{len(rows)} chunks embedded again have the vectors that are stored."
    return _told("sample", told, problems, store)


def _check_room(needed: int, store: Path) -> Check:
    """Check that another snapshot of the same size fits on the disk, and stamps beside it."""
    with suppress(OSError):
        needed += (store / STAMPS_FILE).stat().st_size
    free = disk.free_bytes(store)
    told = f"{free / 1e6:.0f} MB are free; a snapshot like that in force takes {needed / 1e6:.1f}"
    if free >= needed:
        return Check("room", True, f"{told}.")
    return Check("room", False, f"{told}: the next build will not fit. Free some space.")


def _check_versions(manifest: dict[str, Any]) -> Check:
    """Tell which packages have other versions than those that built the snapshot."""
    built, now = dict(manifest.get("versions") or {}), versions()
    others = [
        f"{name} {built.get(name, 'missing')} then, {now.get(name, 'missing')} now"
        for name in sorted(built.keys() | now.keys())
        if built.get(name) != now.get(name)
    ]
    told = f"Built with other versions: {'; '.join(others)}" if others else "Built with the same"
    return Check("versions", True, f"{told}." if others else f"{told} versions that are here.")


def _check_stamps(store: Path) -> Check:
    """Check that the next build can tell which files have not changed without reading them."""
    path = store / STAMPS_FILE
    try:
        count = count_stamps(store)
    except OSError as error:
        return _told("stamps", "", [f"{path} cannot be read ({error.strerror})"], store)
    except ValueError:
        return _told("stamps", "", [f"{path} is not what was written"], store)
    if count is None:
        return Check("stamps", True, "No stamps are noted: the next build reads every file.")
    return Check("stamps", True, f"The stamps of {count} files can be read.")


def _check_kept(store: Path) -> Check:
    """Tell what a build left to go on from that did not end."""
    path = store / KEPT_FILE
    try:
        kept = examine_kept(store)
    except OSError as error:
        told = f"{path} cannot be read ({error.strerror}): no vectors are kept. Remove it."
        return Check("kept", False, told)
    if kept is None:
        return Check("kept", True, "No build left vectors to go on from.")
    told = f"A build left {kept.vectors} vectors, and {kept.torn_bytes} bytes it did not finish"
    if kept.damaged:
        told = f"{told}; {kept.damaged} more are damaged. The next build embeds these again. "
        return Check("kept", False, f"{told}If that comes back, see to the disk.")
    return Check("kept", True, f"{told}. The next build goes on from them.")


def _check_lock(store: Path) -> Check:
    """Tell which build holds the lock."""
    builder = snapshot.builder_of(store)
    if builder is None:
        return Check("lock", True, "No build is writing.")
    try:
        with FileLock(store / snapshot.LOCK, timeout=0):
            told = f"A build died ({builder}); the lock is free, and the next build clears up."
    except (Timeout, OSError):
        told = f"A build is writing ({builder})."
    return Check("lock", True, told)


def _check_litter(store: Path) -> Check:
    """Tell what a build left that did not finish."""
    left = [path.name for path in snapshot.unfinished(store)]
    told = f"Not finished: {', '.join(left)}. The next build removes what is left then."
    return Check("litter", True, told if left else "No build left anything unfinished.")


def _told(name: str, well: str, problems: list[str], store: Path) -> Check:
    """Return a check, with the first of its problems and what mends them."""
    if not problems:
        return Check(name, True, well)
    more = f"; and {len(problems) - _MAX_TOLD} more" if len(problems) > _MAX_TOLD else ""
    told = f"{'; '.join(problems[:_MAX_TOLD])}{more}."
    return Check(name, False, f"{told} Build the index again: depeche build CORPUS --store {store}")


def _counted(opened: dict[str, _Opened]) -> str:
    """Say over how much a check was made."""
    articles = sum(len(one.content.articles) for one in opened.values())
    rows = sum(len(one.content.chunks) for one in opened.values())
    several = "s" if len(opened) > 1 else ""
    return f"{articles} articles and {rows} rows of {len(opened)} snapshot{several}"
