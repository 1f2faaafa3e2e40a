"""Article text as HTML: everything escaped, the quotes in <mark>.

Offsets are characters of the article's text, end excluded. The only tag written here is <mark>, so
the text of the result is the text of the article.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

from qa.types import Citation, Passage, Span

# Three lines of a card, at most, on each side of a quote.
_CONTEXT_CHARS = 220

_WORD_GAP = re.compile(r"\s+")
_SENTENCE_GAP = re.compile(r"(?<=[.!?…])\s+|(?<=[.!?…][»”\")])\s+|(?<=[.!?…]\s»)\s+")


class Quote(NamedTuple):
    """A span to highlight; `number` is its mark in the answer, 0 when it has none."""

    start: int
    end: int
    number: int


def is_exact(citation: Citation) -> bool:
    """Whether the quote is, now, word for word what the article has at that place."""
    text, start, end = citation.article.text, citation.start, citation.end
    return 0 <= start < end <= len(text) and text[start:end] == citation.quote


def highlight(text: str, window: Span, quotes: Sequence[Quote]) -> str:
    """Return `text` inside `window` as HTML, each character once, the `quotes` in <mark>.

    Quotes may overlap: each stretch names all its quotes in `data-quotes`; the stretch where a
    quote begins carries its number in `data-number`.
    """
    start, end = window
    edges = {edge for quote in quotes for edge in quote[:2] if start < edge < end}
    cuts = sorted({start, end} | edges)
    return "".join(_stretch(text, left, right, quotes) for left, right in pairwise(cuts))


def _stretch(text: str, left: int, right: int, quotes: Sequence[Quote]) -> str:
    """Return `text[left:right]`, which no quote's edge cuts, as HTML."""
    piece = escape(text[left:right])
    inside = [quote for quote in quotes if quote.start <= left and right <= quote.end]
    if not inside:
        return piece
    names = " ".join(str(quote.number) for quote in inside)
    begun = " ".join(str(quote.number) for quote in inside if quote.start == left and quote.number)
    number = f' data-number="{begun}"' if begun else ""
    return f'<mark data-quotes="{names}"{number}>{piece}</mark>'


def paragraphs(text: str, window: Span) -> Iterator[Span]:
    """Yield the span of each paragraph of `text` in `window`: lines without a blank one between."""
    first: int | None = None
    last = offset = window[0]
    for line in text[window[0] : window[1]].split("\n"):
        if line.strip():
            first = offset if first is None else first
            last = offset + len(line)
        elif first is not None:
            yield first, last
            first = None
        offset += len(line) + 1
    if first is not None:
        yield first, last


def excerpts(text: str, quotes: Iterable[Quote], passages: Sequence[Passage]) -> list[Span]:
    """Return what to show around `quotes`, in the order of the text; windows that touch are one.

    A window stays inside the passage its quote was read in and never cuts a word.
    """
    windows = sorted(_window(text, quote, passages) for quote in quotes)
    merged: list[Span] = []
    for start, end in windows:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(text: str, quote: Quote, passages: Sequence[Passage]) -> Span:
    """Return the span shown around one quote."""
    for passage in passages:
        if passage.start <= quote.start and quote.end <= passage.end:
            first, last = passage.start, passage.end
            break
    else:
        first, last = 0, len(text)
    return shorten(text, (first, last), keep=(quote.start, quote.end))


def shorten(text: str, span: Span, keep: Span, context_chars: int = _CONTEXT_CHARS) -> Span:
    """Return the part of `span` within `context_chars` of `keep`.

    It is cut between two sentences where it can be, else between two words.
    """
    start = max(span[0], keep[0] - context_chars)
    end = min(span[1], keep[1] + context_chars)
    if start > span[0]:
        before = text[start : keep[0]]
        gap = _SENTENCE_GAP.search(before) or _WORD_GAP.search(before)
        start += gap.end() if gap else 0
    if end < span[1]:
        after = text[keep[1] : end]
        gaps = [*_SENTENCE_GAP.finditer(after)] or [*_WORD_GAP.finditer(after)]
        end = keep[1] + gaps[-1].start() if gaps else end
    return start, end
