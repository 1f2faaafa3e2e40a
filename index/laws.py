"""What must hold of every snapshot, whatever made it: each function tells what does not."""

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from index.store import Store


def broken_laws(store: Store) -> Iterator[str]:
    """Tell what does not hold, as short phrases; nothing where all is well."""
    yield from broken_lengths(store)
    yield from broken_chunks(store)
    yield from broken_furniture(store)
    yield from broken_dates(store)
    yield from broken_stories(store)


def broken_lengths(store: Store) -> Iterator[str]:
    """Tell whether chunks, vectors and postings have different lengths."""
    lengths = (len(store.chunks), len(store.vectors), len(store.lexical))
    if len(set(lengths)) != 1:
        yield f"chunks, vectors and postings have lengths {lengths}"


def broken_chunks(store: Store) -> Iterator[str]:
    """Tell of articles whose chunks put end to end do not give their text."""
    positions = []
    for position, chunks in groupby(store.chunks, lambda chunk: chunk.article):
        positions.append(position)
        if not 0 <= position < len(store.articles):
            yield f"chunks of an article {position} that is not there"
            continue
        end, article = 0, store.articles[position]
        for chunk in chunks:
            if not end == chunk.start < chunk.end:
                yield f"a chunk of {article.id!r} from {chunk.start} to {chunk.end}, after {end}"
            end = chunk.end
        if end != len(article.text):
            yield f"chunks of {article.id!r} end at {end} of {len(article.text)}"
    if positions != sorted(set(positions)):
        yield "chunks that are not in the order of their articles"
    unchunked = set(range(len(store.articles))) - set(positions)
    yield from (
        f"{store.articles[position].id!r} has no chunks"
        for position in sorted(unchunked)
        if store.articles[position].text
    )


def broken_furniture(store: Store) -> Iterator[str]:
    """Tell of spans of furniture that lie outside their article, or out of order."""
    for article in store.articles:
        before = 0
        for start, end in article.furniture:
            if not before <= start < end <= len(article.text):
                yield f"furniture of {article.id!r} from {start} to {end}"
            before = start


def broken_dates(store: Store) -> Iterator[str]:
    """Tell of dates that do not begin in the chunk of their row, or end behind the article."""
    mentions = store.dates.mentions
    rows, starts, ends = (mentions[name].astype(np.int64) for name in ("row", "start", "end"))
    there = (rows >= 0) & (rows < len(store.chunks))
    if not there.all():
        yield f"dates in the row {rows[~there][0]} that is not there"
    if not there.all() or any(broken_chunks(store)):
        return  # no place to compare with
    spans = np.array([(chunk.start, chunk.end) for chunk in store.chunks]).reshape(-1, 2)
    lengths = np.array([len(article.text) for article in store.articles])
    articles = store.article_of_row
    chunk_starts, chunk_ends = (spans[rows, side] for side in (0, 1))
    within = (chunk_starts <= starts) & (starts < chunk_ends) & (starts < ends)
    within &= ends <= (lengths[articles[rows]] if len(rows) else ends)
    for mention in np.flatnonzero(~within):
        yield f"a date of the row {rows[mention]} from {starts[mention]} to {ends[mention]}"


def broken_stories(store: Store) -> Iterator[str]:
    """Tell of versions of a story that are not there, or belong to two."""
    members = [position for story in store.stories for position in story]
    if not set(members) <= set(range(len(store.articles))):
        yield "a story of articles that are not there"
    if len(members) != len(set(members)):
        yield "an article that belongs to two stories"
