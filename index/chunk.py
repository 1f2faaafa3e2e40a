"""Cut an article into chunks with exact offsets.

The chunks of an article, put end to end, give its text: no overlap, nothing stripped. Offsets are
therefore sums of lengths; the splitter's own `add_start_index` searches for the text and errs on
repeated passages.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from index.spell import spell_date
from index.types import Article

if TYPE_CHECKING:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

Span = tuple[int, int]
TokenCounter = Callable[[Sequence[str]], list[int]]

# four or five sentences: small enough to be about one thing, large enough to tell who "he" is
MAX_CHARS = 700

# a headline is shorter; what is not must not push the chunk out of the model's window
_MAX_TITLE_CHARS = 200

# from a paragraph's end to a blank: each is tried when the one before leaves too much
_SEPARATORS = [
    r"\n\s*\n",
    r"\n",
    r"[.!?…][\s»”\"’)\]]*\s",
    r"[;:,–—]\s",
    r"\s",
]


def split_text(text: str, max_chars: int = MAX_CHARS) -> list[Span]:
    """Cut `text` at paragraphs, else sentences, else words, else anywhere.

    Returns:
        Spans (end excluded) of at most `max_chars` characters, and the white space behind them,
        that cover the text in order.
    """
    pieces = _pieces(text, max_chars)
    ends: list[int] = []
    for piece, end in zip(pieces, accumulate(map(len, pieces)), strict=True):
        if ends and piece.isspace():
            ends[-1] = end
        else:
            ends.append(end)
    return list(pairwise([0, *ends]))


def _pieces(text: str, max_chars: int) -> list[str]:
    """Cut `text` where the splitter does; what has no blank is cut here, which takes no time."""
    return [
        piece[first : first + max_chars]
        for piece in _splitter(max_chars).split_text(text)
        for first in range(0, len(piece), max_chars)
    ]


def split_article(article: Article, count_tokens: TokenCounter, max_tokens: int) -> list[Span]:
    """Cut an article so that no chunk is cut again by the model.

    Args:
        article: what to cut.
        count_tokens: counts the tokens of embedded texts.
        max_tokens: tokens the model reads at once; a chunk may have half of them, also behind a
            title that leaves less.

    Returns:
        Spans of `article.text` (end excluded) that cover it in order.
    """
    # behind a title that fills the window no chunk would fit, however small: there would be one
    # for each character
    (head,) = count_tokens([introduce(article)])
    max_tokens = max(max_tokens, head + max_tokens // 2)
    spans = split_text(article.text)
    max_chars = MAX_CHARS
    while max_chars > 1:
        counts = count_tokens([embedded_text(article, span) for span in spans])
        if max(counts, default=0) <= max_tokens:
            break
        max_chars //= 2
        spans = [
            part
            for span, count in zip(spans, counts, strict=True)
            for part in (
                _split_span(article.text, span, max_chars) if count > max_tokens else [span]
            )
        ]
    return spans


def _split_span(text: str, span: Span, max_chars: int) -> list[Span]:
    """Cut one span of `text` into spans of at most `max_chars` characters."""
    start, end = span
    return [(start + first, start + last) for first, last in split_text(text[start:end], max_chars)]


def embedded_text(article: Article, span: Span) -> str:
    """Return what the model reads for a chunk: title and date, then its prose.

    A chunk seldom repeats what the article is about and when; captions and signatures say nothing
    of it.
    """
    return f"{introduce(article)}\n{prose(article, span)}"


def introduce(article: Article) -> str:
    """Return the line that models read in front of a text: title and date."""
    # as the model normalises it: one character may stand for eighteen ("ﷺ")
    head = unicodedata.normalize("NFKC", article.title[:_MAX_TITLE_CHARS])[:_MAX_TITLE_CHARS]
    if article.published is not None:
        head = f"{head} ({spell_date(article.published, article.language)})"
    return head


def prose(article: Article, span: Span) -> str:
    """Return the text of `span` without the furniture in it."""
    start, end = span
    parts = []
    # only the last one that begins before the span may reach into it
    first = max(0, bisect_left(article.furniture, (start,)) - 1)
    behind = bisect_left(article.furniture, (end,))
    for furniture_start, furniture_end in article.furniture[first:behind]:
        if furniture_end > start:
            parts.append(article.text[start : max(start, furniture_start)])
            start = min(end, furniture_end)
    parts.append(article.text[start:end])
    return "".join(parts)


@lru_cache(maxsize=16)
def _splitter(max_chars: int) -> "RecursiveCharacterTextSplitter":
    """Build the splitter; measured on 300 texts, these options lose no character."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    return RecursiveCharacterTextSplitter(
        separators=_SEPARATORS,
        is_separator_regex=True,
        keep_separator="end",
        strip_whitespace=False,
        chunk_size=max_chars,
        chunk_overlap=0,
    )
