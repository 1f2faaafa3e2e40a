"""The whole build: a folder of articles becomes the snapshot in force."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index import snapshot
from index.chunk import embedded_text, split_article
from index.embed import DEFAULT_MODEL, open_embedder
from index.errors import BuildCancelled, StoreError
from index.journal import noted
from index.load import load_articles
from index.store import Store, join
from index.types import Article, BuildReport, Chunk, Embedder, Progress, Vectors
from index.vocabulary import Vocabulary


@noted
def build(
    corpus: str | Path = "corpus",
    store: str | Path | None = None,
    *,
    model: str | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> BuildReport:
    """Index the articles under `corpus` and put the new snapshot in force.

    Chunks whose text did not change keep their vector. Whoever asks meanwhile is answered from the
    snapshot before; when nothing changed at all, it stays.

    Args:
        corpus: folder of articles.
        store: folder of snapshots; `DEPECHE_STORE`, else ./store, if left out.
        model: name or path of a sentence-transformers model instead of the default embedder.
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
    articles, skipped = load_articles(Path(corpus), progress=tell)
    embedder = open_embedder(model)
    with snapshot.lock_store(store):
        before = _open_usable(store, embedder)
        chunks = split_articles(articles, embedder, tell)
        vectors, embedded = embed_changed(articles, chunks, embedder, before, tell)
        known = before.vocabulary if before is not None else None
        words = Vocabulary.build(articles, embedder, known, tell)
        names = embedder.identity, model or DEFAULT_MODEL
        content = join(articles, chunks, vectors, words, *names, skipped=tuple(skipped))
        _stop_if(cancelled)
        if before is not None and _same_content(before, content):
            name = before.name
        else:
            name = snapshot.save_snapshot(store, content)
    return BuildReport(
        articles=len(articles),
        chunks=len(chunks),
        embedded=embedded,
        reused=len(chunks) - embedded,
        skipped=tuple(skipped),
        seconds=time.monotonic() - begun,
        snapshot=name,
    )


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
    articles: Sequence[Article], embedder: Embedder, progress: Progress | None = None
) -> list[Chunk]:
    """Cut every article, in order."""
    chunks: list[Chunk] = []
    for position, article in enumerate(articles):
        spans = split_article(article, embedder.count_tokens, embedder.max_tokens)
        chunks.extend(Chunk(position, start, end) for start, end in spans)
        if progress is not None:
            progress("split", position + 1, len(articles))
    return chunks


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
    texts = _embedded_texts(articles, chunks)
    vectors = np.empty((len(texts), embedder.dimension), dtype=np.float32)
    new = [row for row, text in enumerate(texts) if text not in known]
    old = [row for row, text in enumerate(texts) if text in known]
    if new:
        vectors[new] = embedder.embed_passages([texts[row] for row in new], progress)
    if old and before is not None:
        vectors[old] = before.vectors.vectors([known[texts[row]] for row in old])
    return vectors, len(new)


def _embedded_texts(articles: Sequence[Article], chunks: Sequence[Chunk]) -> list[str]:
    """Return what the model reads for each chunk."""
    return [embedded_text(articles[chunk.article], (chunk.start, chunk.end)) for chunk in chunks]


def _rows_by_text(store: Store | None) -> dict[str, int]:
    """Return the rows of `store` by what the model read for them."""
    if store is None:
        return {}
    return {text: row for row, text in enumerate(_embedded_texts(store.articles, store.chunks))}


def _open_usable(store: Path, embedder: Embedder) -> Store | None:
    """Open the snapshot before, if there is one whose vectors can be used."""
    try:
        before = snapshot.open_snapshot(store)
    except StoreError:
        return None
    return before if before.embedder == embedder.identity else None


def _same_content(before: Store, after: Store) -> bool:
    """Whether the two would answer alike, and left out the same files for the same reasons."""
    same_skipped = tuple(before.skipped) == tuple(after.skipped)
    return same_skipped and snapshot.digest_content(before) == snapshot.digest_content(after)
