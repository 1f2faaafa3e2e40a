"""What must hold of every snapshot, whatever made it: each function tells what does not."""

from collections.abc import Iterator

import numpy as np

from index.lexical import LexicalIndex
from index.mentions import DateIndex
from index.store import Store
from index.vocabulary import Vocabulary
from index.written import WrittenIndex

# More of one kind tell nothing new.
_TOLD = 20


def broken_laws(store: Store) -> Iterator[str]:
    """Tell what does not hold, as short phrases; nothing where all is well."""
    yield from broken_lengths(store)
    yield from broken_chunks(store)
    yield from broken_dates(store)
    yield from broken_stories(store)


def broken_lengths(store: Store) -> Iterator[str]:
    """Tell whether chunks, vectors and postings have different lengths."""
    lengths = (len(store.chunks), len(store.vectors), len(store.lexical))
    if len(set(lengths)) != 1:
        yield f"chunks, vectors and postings have lengths {lengths}"


def broken_chunks(store: Store) -> Iterator[str]:
    """Tell of articles whose chunks put end to end do not give their text."""
    positions, starts, ends = store.chunk_rows.T.astype(np.int64)
    lengths = store.columns.lengths
    if len(positions) and not 0 <= positions.min() <= positions.max() < len(lengths):
        yield "chunks of an article that is not there"
        return
    if (np.diff(positions) < 0).any():
        yield "chunks that are not in the order of their articles"
        return
    opens = np.diff(positions, prepend=-1) != 0
    closes = np.diff(positions, append=len(lengths)) != 0
    after = np.where(opens, 0, np.roll(ends, 1))
    for row in np.flatnonzero((starts != after) | (ends <= starts))[:_TOLD]:
        place = f"from {starts[row]} to {ends[row]}, after {after[row]}"
        yield f"a chunk of the article {positions[row] + 1} {place}"
    for row in np.flatnonzero(closes & (ends != lengths[positions]))[:_TOLD]:
        end, length = ends[row], lengths[positions[row]]
        yield f"chunks of the article {positions[row] + 1} end at {end} of {length}"
    chunked = np.zeros(len(lengths), dtype=bool)
    chunked[positions] = True
    for position in np.flatnonzero(~chunked & (lengths > 0))[:_TOLD]:
        yield f"the article {position + 1} has no chunks"


def broken_articles(store: Store) -> Iterator[str]:
    """Tell of articles that are not as the columns say, or whose furniture lies outside.

    Every article is read, which takes a second for some ten thousand.
    """
    expected = store.columns
    before = ""
    for position, article in enumerate(store.articles):
        if len(article.text) != expected.lengths[position] or article.id <= before:
            yield f"the article {article.id!r} is not where it belongs"
        before, place = article.id, 0
        for start, end in article.furniture:
            if not place <= start < end <= len(article.text):
                yield f"furniture of {article.id!r} from {start} to {end}"
            place = start


def broken_parts(store: Store) -> Iterator[str]:
    """Tell of terms, dates, words and vectors that lead to what is not there; all are read."""
    parts: dict[str, LexicalIndex | DateIndex | WrittenIndex | Vocabulary] = {
        "terms": store.lexical,
        "dates": store.dates,
        "spellings": store.written,
        "vocabulary": store.vocabulary,
    }
    for name, part in parts.items():
        try:
            part.check()
        except (ValueError, IndexError) as error:
            yield f"{name}: {error}"


def broken_dates(store: Store) -> Iterator[str]:
    """Tell of dates that do not begin in the chunk of their row, or end behind the article."""
    mentions = store.dates.mentions
    rows, starts, ends = (mentions[name].astype(np.int64) for name in ("row", "start", "end"))
    there = (rows >= 0) & (rows < len(store.chunks))
    if not there.all():
        yield f"dates in the row {rows[~there][0]} that is not there"
    if not there.all() or any(broken_chunks(store)):
        return  # no place to compare with
    spans, lengths = store.chunk_rows[:, 1:], store.columns.lengths
    articles = store.article_of_row
    chunk_starts, chunk_ends = (spans[rows, side] for side in (0, 1))
    within = (chunk_starts <= starts) & (starts < chunk_ends) & (starts < ends)
    within &= ends <= (lengths[articles[rows]] if len(rows) else ends)
    for mention in np.flatnonzero(~within):
        yield f"a date of the row {rows[mention]} from {starts[mention]} to {ends[mention]}"


def broken_stories(store: Store) -> Iterator[str]:
    """Tell whether stories were looked for among other articles than these."""
    signed = len(store.stories.lengths)
    if signed not in (0, len(store.articles)):
        yield f"{signed} articles were compared for stories, not {len(store.articles)}"
