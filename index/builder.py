"""The whole build: a folder of articles becomes the snapshot in force."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import numpy as np

from index import snapshot
from index.chunk import Span, embedded_text, split_article
from index.contents import skipped_files
from index.embed import DEFAULT_MODEL, DefaultEmbedder, open_embedder
from index.errors import BuildCancelled, StoreError
from index.history import open_store
from index.inventory import Inventory, Stamps, reading_version
from index.journal import noted
from index.kept import forget_vectors, keeping
from index.load import Corpus, Loaded
from index.manifest import read_manifest
from index.near import Stories, find_stories
from index.same import Same, find_changes, find_same
from index.store import Store, join
from index.types import Article, BuildReport, Chunk, Embedder, Progress, Vectors
from index.vocabulary import Vocabulary


@noted
def build(
    corpus: str | Path = "corpus",
    store: str | Path | None = None,
    *,
    model: str | None = None,
    full: bool = False,
    wait_seconds: float = 0,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> BuildReport:
    """Index the articles under `corpus` and put the new snapshot in force.

    Files that did not change are not read again, and chunks whose text did not change keep their
    vector. Whoever asks meanwhile is answered from the snapshot before; when nothing changed at
    all, it stays. A build that was stopped, or killed, leaves its vectors to the next one.

    Args:
        corpus: folder of articles.
        store: folder of snapshots; `DEPECHE_STORE`, else ./store, if left out.
        model: name or path of a sentence-transformers model instead of the default embedder.
        full: read every file again.
        wait_seconds: how long to wait for another build; negative: for as long as it takes.
        progress: told how far each step is.
        cancelled: asked again and again whether to stop; not any more once writing has begun, which
            takes a moment.

    Raises:
        BuildCancelled: if `cancelled` said so; nothing was changed.
        CorpusMissing: if `corpus` is no folder.
        CorpusEmpty: if no file in it can be read.
        ModelMissing: if the model is not on this machine.
        StoreBusy: if another build is writing to `store`.
    """
    begun = time.monotonic()
    store = Path(store) if store is not None else snapshot.default_store()
    tell = _stopping(progress, cancelled)
    found = Corpus(Path(corpus), store)
    with snapshot.lock_store(store, wait_seconds):
        stamps = Stamps(Path(corpus), store)
        report = None if full else _report_unchanged(found, store, model, stamps, tell)
        if full:
            stamps.forget()
        if report is None:
            report = _build(found, store, model, full, stamps, tell)
        unstamped = stamps.save()
        forget_vectors(store)
    warnings = (*report.warnings, *([unstamped] if unstamped is not None else []))
    return replace(report, seconds=time.monotonic() - begun, warnings=warnings)


def _report_unchanged(
    corpus: Corpus, store: Path, model: str | None, stamps: Stamps, tell: Progress | None
) -> BuildReport | None:
    """Return the report of a build that has nothing to do; None if it has, or may have."""
    try:
        name = snapshot.current_name(store)
        folder = snapshot.snapshot_folder(store, name)
        manifest, known = read_manifest(folder), Inventory.read(folder)
        if known is None or known.reading != reading_version():
            return None
        named = manifest["embedder"], manifest["model"]
        if named != (_identity(model, stamps), model or DEFAULT_MODEL):
            return None
        if not corpus.is_what(known, stamps, tell):
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
    corpus: Corpus,
    store: Path,
    model: str | None,
    full: bool,
    stamps: Stamps,
    tell: Progress | None,
) -> BuildReport:
    """Build the snapshot, reading and embedding what is new; keep the one before if it is equal."""
    before = _open_before(store)
    loaded = _load(corpus, None if full else before, stamps, tell)
    embedder = open_embedder(model)
    if model is not None:
        stamps.note_identity(model, embedder.identity)
    usable = before if before is not None and before.embedder == embedder.identity else None
    old = None if full else _made_by_this_code(before)
    with keeping(store, embedder) as keeper:
        chunks = split_articles(loaded.articles, keeper, tell, usable)
        vectors, embedded = embed_changed(loaded.articles, chunks, keeper, usable, tell)
        same = find_same(old.articles, old.chunks, loaded.articles, chunks) if old else None
        words = Vocabulary.build(
            loaded.articles,
            keeper,
            usable.vocabulary if usable is not None else None,
            tell,
            counted=old.vocabulary if old is not None else None,
            changes=find_changes(old.articles, loaded.articles, same.articles)
            if old is not None and same is not None
            else None,
        )
    content = replace(
        join(
            loaded.articles,
            chunks,
            vectors,
            words,
            embedder.identity,
            model or DEFAULT_MODEL,
            skipped=tuple(loaded.skipped),
            before=old,
            same=same,
            progress=tell,
        ),
        stories=_find_stories(loaded.articles, old, same, tell),
        inventory=loaded.inventory.to_bytes(),
    )
    if usable is not None and usable.trouble is None and _same_content(usable, content):
        name = usable.name
    else:
        name = snapshot.save_snapshot(store, content)
    return BuildReport(
        articles=len(loaded.articles),
        chunks=len(chunks),
        embedded=embedded - keeper.resumed,
        reused=len(chunks) - embedded + keeper.resumed,
        skipped=tuple(loaded.skipped),
        seconds=0.0,
        snapshot=name,
        unchanged=loaded.unchanged,
        resumed=keeper.resumed,
        warnings=(keeper.trouble,) if keeper.trouble is not None else (),
    )


def _find_stories(
    articles: Sequence[Article], old: Store | None, same: Same | None, tell: Progress | None
) -> Stories:
    """Group the articles that tell one story."""
    if old is None or same is None or len(old.stories.lengths) != len(old.articles):
        return find_stories(articles, tell)
    return find_stories(articles, tell, old.stories, same.articles)


def _load(corpus: Corpus, before: Store | None, stamps: Stamps, tell: Progress | None) -> Loaded:
    """Read the articles, those of files that did not change out of the snapshot before."""
    known = Inventory.parse(before.inventory) if before is not None else None
    if before is None or known is None or known.reading != reading_version():
        return corpus.load(stamps=stamps, progress=tell)
    articles = {article.id: article for article in before.articles}
    return corpus.load(known, articles, stamps, tell)


def _made_by_this_code(store: Store | None) -> Store | None:
    """Return a store if another build by this code would find the same in the same articles."""
    known = Inventory.parse(store.inventory) if store is not None else None
    return store if known is not None and known.reading == reading_version() else None


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
) -> list[Chunk]:
    """Cut every article, in order, but those that came out of `before` already cut."""
    known = _spans_by_article(before)
    chunks: list[Chunk] = []
    for position, article in enumerate(articles):
        spans = known.get(id(article))
        if spans is None:
            spans = split_article(article, embedder.count_tokens, embedder.max_tokens)
        chunks.extend(Chunk(position, start, end) for start, end in spans)
        if progress is not None:
            progress("split", position + 1, len(articles))
    return chunks


def _spans_by_article(store: Store | None) -> dict[int, list[Span]]:
    """Return how the articles of `store` are cut, by the object: another one may share its id."""
    spans: dict[int, list[Span]] = {}
    if store is not None:
        for chunk in store.chunks:
            article = store.articles[chunk.article]
            spans.setdefault(id(article), []).append((chunk.start, chunk.end))
    return spans


def embed_changed(
    articles: Sequence[Article],
    chunks: Sequence[Chunk],
    embedder: Embedder,
    before: Store | None,
    progress: Progress | None = None,
) -> tuple[Vectors, int]:
    """Embed the chunks whose text `before` does not hold; take the other vectors from there.

    Returns:
        The vectors by row, and how many had to be embedded.
    """
    known = _rows_by_text(before)
    digests = _text_digests(articles, chunks)
    vectors = np.empty((len(chunks), embedder.dimension), dtype=np.float32)
    new = [row for row, digest in enumerate(digests) if digest not in known]
    old = [row for row, digest in enumerate(digests) if digest in known]
    if new:
        texts = [_embedded(articles, chunks[row]) for row in new]
        vectors[new] = embedder.embed_passages(texts, progress)
    if old and before is not None:
        vectors[old] = before.vectors.vectors([known[digests[row]] for row in old])
    return vectors, len(new)


def _embedded(articles: Sequence[Article], chunk: Chunk) -> str:
    """Return what the model reads for a chunk."""
    return embedded_text(articles[chunk.article], (chunk.start, chunk.end))


def _text_digests(articles: Sequence[Article], chunks: Sequence[Chunk]) -> list[bytes]:
    """Return a digest of what the model reads for each chunk: the texts would fill the memory."""
    texts = (_embedded(articles, chunk) for chunk in chunks)
    return [
        blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts
    ]


def _rows_by_text(store: Store | None) -> dict[bytes, int]:
    """Return the rows of `store` by the digest of what the model read for them."""
    if store is None:
        return {}
    digests = _text_digests(store.articles, store.chunks)
    return {digest: row for row, digest in enumerate(digests)}


def _open_before(store: Path) -> Store | None:
    """Open the snapshot before, if there is one that can be used, with its articles in memory."""
    try:
        content = open_store(store)
    except StoreError:
        return None
    return replace(content, articles=list(content.articles))


def _same_content(before: Store, after: Store) -> bool:
    """Whether the two would answer alike, and come of the same files in the same way."""
    return (
        before.inventory == after.inventory
        and tuple(before.skipped) == tuple(after.skipped)
        and snapshot.digest_content(before) == snapshot.digest_content(after)
    )
