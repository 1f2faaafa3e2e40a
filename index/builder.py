"""The whole build: a folder of articles becomes the snapshot in force."""

import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index import graphics, places, snapshot
from index.address import Address, Place, folder_of, place_of
from index.articles import StoredArticles, StoredChunks
from index.chunk import Span, split_article
from index.contents import skipped_files
from index.crew import ALONE, Crew, weight_of_text
from index.embed import DEFAULT_MODEL, DefaultEmbedder, open_embedder
from index.embed_many import for_building, trouble_of
from index.errors import BuildCancelled, StoreError
from index.fresh import embed_changed
from index.history import open_store
from index.inventory import Inventories, Inventory, Stamps, reading_version
from index.journal import noted
from index.keeping import keeping
from index.kept import forget_vectors
from index.load import Corpus, Loaded
from index.manifest import read_manifest
from index.near import Stories, find_stories
from index.processes import Processes, hands
from index.same import Same, find_changes, find_same
from index.store import Store, join
from index.types import Article, BuildReport, Embedder, Progress
from index.vectors import VectorIndex
from index.vocabulary import Vocabulary


@noted
def build(
    corpus: str | Path = "corpus",
    store: str | Place | None = None,
    *,
    model: str | None = None,
    full: bool = False,
    wait_seconds: float = 0,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    ray: str | None = None,
) -> BuildReport:
    """Index the articles under `corpus` and put the new snapshot in force.

    Files that did not change are not read again, and chunks whose text did not change keep their
    vector. Whoever asks meanwhile is answered from the snapshot before; when nothing changed at
    all, it stays. A build that was stopped, or killed, leaves its vectors to the next one.

    Args:
        corpus: folder of articles.
        store: folder of snapshots, or address of an index in Milvus, which is built in a folder on
            this machine and then written there; `DEPECHE_STORE`, else ./store, if left out.
        model: name or path of a sentence-transformers model instead of the default embedder.
        full: read every file again.
        wait_seconds: how long to wait for another build; negative: for as long as it takes.
        progress: told how far each step is.
        cancelled: asked again and again whether to stop; not any more once writing has begun, which
            takes a moment.
        ray: the Ray cluster whose workers parse, cut, analyse and embed what is new: its address,
            or "auto" for the one on this machine, which is started if there is none.

    Raises:
        BuildCancelled: if `cancelled` said so; nothing was changed.
        ClusterError: if the cluster cannot be reached, or fails; nothing was changed.
        CorpusMissing: if `corpus` is no folder.
        CorpusEmpty: if no file in it can be read.
        CorpusTooLarge: if its articles have more words than one index can hold.
        ExtraMissing: if Ray is asked for and not installed.
        ModelMissing: if the model is not on this machine.
        StoreBusy: if another build is writing to `store`.
        ServerError: if Milvus cannot be written to; what was in force there still is.
    """
    begun = time.monotonic()
    place, tell = place_of(store), _stopping(progress, cancelled)
    folder, address = folder_of(place), place if isinstance(place, Address) else None
    if address is not None:
        places.check(address)
    found = Corpus(Path(corpus), folder)
    with snapshot.lock_store(folder, wait_seconds):
        stamps = Stamps(Path(corpus), folder)
        files = _Files(found, stamps, Inventories())
        report = None if full else _report_unchanged(files, folder, model, tell)
        if full:
            stamps.forget()
        if report is None:
            with _crew(ray, progress, cancelled) as crew:
                report = _build(files, folder, model, full, tell, crew)
        unstamped = stamps.save()
        forget_vectors(folder)
        if address is not None:
            report = places.publish(address, folder, report, tell, anew=full)
    warnings = (*report.warnings, *([unstamped] if unstamped is not None else []))
    return replace(report, seconds=time.monotonic() - begun, warnings=warnings)


class _Files(NamedTuple):
    """The files of a folder of articles, and what is noted of them."""

    corpus: Corpus
    stamps: Stamps
    inventories: Inventories


def _report_unchanged(
    files: _Files, store: Path, model: str | None, tell: Progress | None
) -> BuildReport | None:
    """Return the report of a build that has nothing to do; None if it has, or may have."""
    try:
        name = snapshot.current_name(store)
        folder = snapshot.snapshot_folder(store, name)
        manifest, known = read_manifest(folder), files.inventories.read(folder)
        if known is None or known.reading != reading_version():
            return None
        named = manifest["embedder"], manifest["model"]
        if named != (_identity(model, files.stamps), model or DEFAULT_MODEL):
            return None
        if not files.corpus.is_what(known, files.stamps, tell):
            return None
        snapshot.check_files(store, name)
    except StoreError:
        return None
    chunks = int(manifest["chunks"])
    skipped = skipped_files(manifest)
    articles, unchanged = int(manifest["articles"]), len(known.files)
    return BuildReport(articles, chunks, 0, chunks, skipped, 0.0, name, unchanged)


def _identity(model: str | None, stamps: Stamps) -> str | None:
    """Return the identity of an embedder without loading it, if that is known."""
    if model is None or model == DEFAULT_MODEL:
        return DefaultEmbedder.identity
    return stamps.identity(model)


def _build(
    files: _Files,
    store: Path,
    model: str | None,
    full: bool,
    tell: Progress | None,
    crew: Crew,
) -> BuildReport:
    """Build the snapshot, reading and embedding what is new; keep the one before if it is equal."""
    before = _open_before(store)
    embedder = for_building(open_embedder(model))
    loaded, old = _load(files, None if full else before, embedder, tell, crew)
    if model is not None:
        files.stamps.note_identity(model, embedder.identity)
    usable = before if before is not None and before.embedder == embedder.identity else None
    with keeping(store, embedder, crew) as keeper:
        articles, taken = loaded.articles, loaded.taken
        chunks = split_articles(articles, embedder, tell, usable, taken, _cutters(crew, embedder))
        same = find_same(old.articles, old.chunks, articles, chunks, taken) if old else None
        keeper.expect(len(chunks))
        vectors, embedded = embed_changed(
            articles,
            chunks,
            keeper,
            usable,
            tell,
            same=same.rows if same is not None and usable is not None else None,
            older=_older(store, before, embedder.identity),
            folder=store,
        )
        words = Vocabulary.build(
            articles,
            keeper,
            usable.vocabulary if usable is not None else None,
            tell,
            counted=old.vocabulary if old is not None else None,
            changes=find_changes(old.articles, articles, same.articles)
            if old is not None and same is not None
            else None,
        )
    parts = _Parts(chunks, vectors, words, old, same)
    content = _join(loaded, parts, embedder.identity, model or DEFAULT_MODEL, tell, crew)
    if usable is not None and usable.trouble is None and _same_content(usable, content):
        name = usable.name
    else:
        name = snapshot.save_snapshot(store, content)
    return BuildReport(
        articles=len(articles),
        chunks=len(chunks),
        embedded=embedded - keeper.resumed,
        reused=len(chunks) - embedded + keeper.resumed,
        skipped=tuple(loaded.skipped),
        seconds=0.0,
        snapshot=name,
        unchanged=loaded.unchanged,
        resumed=keeper.resumed,
        warnings=tuple(told for told in (keeper.trouble, trouble_of(embedder)) if told is not None),
    )


def _load(
    files: _Files, before: Store | None, embedder: Embedder, tell: Progress | None, crew: Crew
) -> tuple[Loaded, Store | None]:
    """Read the articles; return the store before too, if what it holds would be read alike."""
    known = _read_by_this_code(before, files.inventories)
    old = before if known is not None else None
    loaded = files.corpus.load(
        known,
        old.articles if old is not None and isinstance(old.articles, StoredArticles) else None,
        files.stamps,
        tell,
        partial(crew.everywhere, embedder.warm) if isinstance(embedder, DefaultEmbedder) else None,
        crew,
    )
    files.inventories.forget()
    return loaded, old


class _Parts(NamedTuple):
    """What was made of the articles, and what of it a store before holds."""

    chunks: StoredChunks
    vectors: VectorIndex
    words: Vocabulary
    old: Store | None
    same: Same | None


def _join(
    loaded: Loaded,
    parts: _Parts,
    embedder: str,
    model: str,
    tell: Progress | None,
    crew: Crew,
) -> Store:
    """Index the rest, and join it by row."""
    content = join(
        loaded.articles,
        parts.chunks,
        parts.vectors,
        parts.words,
        embedder,
        model,
        skipped=tuple(loaded.skipped),
        before=parts.old,
        same=parts.same,
        progress=tell,
        crew=crew,
    )
    return replace(
        content,
        stories=_find_stories(loaded.articles, parts.old, parts.same, tell),
        inventory=loaded.inventory,
    )


def _find_stories(
    articles: Sequence[Article], old: Store | None, same: Same | None, tell: Progress | None
) -> Stories:
    """Group the articles that tell one story."""
    if old is None or same is None or len(old.stories.lengths) != len(old.articles):
        return find_stories(articles, tell)
    return find_stories(articles, tell, old.stories, same.articles)


def _read_by_this_code(store: Store | None, inventories: Inventories) -> Inventory | None:
    """Return the files of a store if this code would find the same in them again."""
    known = inventories.parse(store.inventory) if store is not None else None
    return known if known is not None and known.reading == reading_version() else None


def _crew(
    ray: str | None,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> AbstractContextManager[Crew]:
    """Return who does the work: the processes of this machine, or the workers of a cluster."""
    if ray is None:
        return hands()
    from index.cluster import hire  # Ray is loaded only by those who ask for it

    # models run on them where torch was built for them; all workers have the packages of this one
    may_use_gpus = graphics.are_allowed() and graphics.torch_reaches_them()
    stop = partial(_stop_if, cancelled)
    return hire(ray, progress=progress, check=stop, may_use_gpus=may_use_gpus)


def _cutters(crew: Crew, embedder: Embedder) -> Crew:
    """Return who cuts articles: not processes that each would load a large model to do it."""
    is_small = isinstance(embedder, DefaultEmbedder)
    return crew if is_small or not isinstance(crew, Processes) else ALONE


def _stopping(progress: Progress | None, cancelled: Callable[[], bool] | None) -> Progress | None:
    """Return `progress`, stopping the build at the first step after it was cancelled."""
    if cancelled is None:
        return progress

    def tell(step: str, done: int, total: int) -> None:
        """Stop, or go on and tell."""
        _stop_if(cancelled)
        if progress is not None:
            progress(step, done, total)

    return tell


def _stop_if(cancelled: Callable[[], bool] | None) -> None:
    """Stop the build if it was cancelled."""
    if cancelled is not None and cancelled():
        raise BuildCancelled


def split_articles(
    articles: Sequence[Article],
    embedder: Embedder,
    progress: Progress | None = None,
    before: Store | None = None,
    taken: NDArray[np.int64] | None = None,
    crew: Crew = ALONE,
) -> StoredChunks:
    """Cut every article, in order, but those that `before` holds, already cut.

    Args:
        articles: by position.
        embedder: counts tokens.
        progress: told how far it is.
        before: a store that was cut for the same embedder.
        taken: the position of each article in `before`, -1 if it is not there.
        crew: cuts them.
    """
    if before is None or taken is None:
        known = np.empty((0, 3), dtype=np.int32)
        taken = np.full(len(articles), -1, dtype=np.int64)
    else:
        known = before.chunk_rows
    firsts = np.searchsorted(known[:, 0], np.arange(int(taken.max(initial=-1)) + 2))
    numbers = array("i")
    done = count(1)
    new = np.flatnonzero(taken < 0).tolist()
    asked = (articles[position] for position in new)
    cut = crew.in_order(partial(_split, embedder), asked, lambda one: weight_of_text(one.text))
    for position, old in enumerate(taken.tolist()):
        if old >= 0:
            spans = known[firsts[old] : firsts[old + 1], 1:].tolist()
        else:
            spans = next(cut)
            if progress is not None:
                progress("split", next(done), len(new))
        for start, end in spans:
            numbers.extend((position, start, end))
    return StoredChunks(np.array(numbers, dtype=np.int32).reshape(-1, 3))


def _split(embedder: Embedder, article: Article) -> Sequence[Span]:
    """Cut an article."""
    return split_article(article, embedder.count_tokens, embedder.max_tokens)


def _open_before(store: Path) -> Store | None:
    """Open the snapshot before, if there is one that can be used."""
    try:
        return open_store(store)
    except StoreError:
        return None


def _older(store: Path, before: Store | None, embedder: str) -> Iterator[Store]:
    """Open the other snapshots that are whole and hold vectors of an embedder, as asked for."""
    for name in snapshot.names_to_try(store):
        if before is None or name != before.name:
            with suppress(StoreError):
                content = snapshot.open_snapshot(store, name)
                if content.embedder == embedder:
                    yield content


def _same_content(before: Store, after: Store) -> bool:
    """Whether the two would answer alike, and come of the same files in the same way."""
    return (
        before.inventory == after.inventory
        and tuple(before.skipped) == tuple(after.skipped)
        and snapshot.digest_content(before) == snapshot.digest_content(after)
    )
