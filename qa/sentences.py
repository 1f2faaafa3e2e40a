"""The sentences of an article that can be quoted, with exact offsets."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from index.chunk import split_text
from index.types import Article
from qa.types import Span

_ENDS = (".", "!", "?", "…", ":", ";", "。", "！", "？")
_CLOSINGS = '»”"’) \u00a0\u202f'

# a line without a full stop is a heading when it is this short and holds no figure and no colon
_MAX_HEADING_WORDS = 12

# a longer paragraph is no prose, and the time of the splitter grows with the square of its length
_MAX_PIECE_CHARS = 10_000

_WORD = re.compile(r"\w+")
_CONTINUES = re.compile(r"\s*(?:[a-zà-ÿ,;)\]]|[-–][A-Z])")
_ABBREVIATION_CHARS = 8
_ABBREVIATED = re.compile(r"(?:^|[\s.(])[A-ZÀ-Ý]\.$|\b(?:MM|Mme|Mlle|Dr|Pr|St|Ste|No|n°|art)\.$")


def quotable_sentences(article: Article) -> tuple[Span, ...]:
    """Return the spans of the sentences of `article.text`, in order, trimmed of white space.

    Captions, signatures, related links and headings are left out: they are no answers.
    """
    return _quotable(article.text, article.furniture, article.language)


@lru_cache(maxsize=512)
def _quotable(text: str, furniture: tuple[Span, ...], language: str) -> tuple[Span, ...]:
    """Cut a text into sentences; remembered, since the same articles are asked again and again."""
    spans: list[Span] = []
    for start, end in _prose_blocks(text, furniture):
        spans.extend(_sentences(text, start, end, language))
    return tuple(span for span in spans if len(_WORD.findall(text[slice(*span)])) > 1)


def _prose_blocks(text: str, furniture: tuple[Span, ...]) -> list[Span]:
    """Return the paragraphs of a text without furniture and headings."""
    edges = [0, *(edge for span in furniture for edge in span), len(text)]
    blocks: list[Span] = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        cuts = [start, *(start + cut for cut in _line_breaks(text[start:end])), end]
        blocks.extend(_trim(text, first, last) for first, last in pairwise(cuts))
    return [
        (start, end) for start, end in blocks if start < end and not _is_heading(text, start, end)
    ]


def _line_breaks(text: str) -> list[int]:
    """Return where a new paragraph begins; a line that goes on in lower case is wrapped only."""
    return [
        match.end()
        for match in re.finditer(r"\n\s*", text)
        if "\n" in match.group()[1:] or not _CONTINUES.match(text, match.end())
    ]


def _is_heading(text: str, start: int, end: int) -> bool:
    """Whether a paragraph is a heading rather than prose."""
    line = text[start:end]
    return (
        not line.rstrip(_CLOSINGS).endswith(_ENDS)
        and ":" not in line
        and not any(character.isdigit() for character in line)
        and len(_WORD.findall(line)) <= _MAX_HEADING_WORDS
    )


def _sentences(text: str, start: int, end: int, language: str) -> list[Span]:
    """Cut one paragraph into sentences."""
    spans: list[Span] = []
    for first, last in _boundaries(text, start, end, language):
        if spans and _belongs_to(text, spans[-1], first):
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    return spans


def _boundaries(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    """Yield what the splitter takes for sentences, trimmed, none of them blank."""
    from sentencex import get_sentence_boundaries

    whole = [(0, end - start)]
    is_long = end - start > _MAX_PIECE_CHARS
    for piece_start, piece_end in (
        split_text(text[start:end], _MAX_PIECE_CHARS) if is_long else whole
    ):
        offset = start + piece_start
        for boundary in get_sentence_boundaries(language, text[offset : start + piece_end]):
            first, last = offset + boundary["start_index"], offset + boundary["end_index"]
            first, last = _trim(text, first, last)
            if first < last:
                yield first, last


def _belongs_to(text: str, before: Span, start: int) -> bool:
    """Whether what starts at `start` goes on with the sentence before it: "É." "-U. ont signé"."""
    end = text[max(before[0], before[1] - _ABBREVIATION_CHARS) : before[1]]
    return bool(_CONTINUES.match(text, start) or _ABBREVIATED.search(end))


def _trim(text: str, start: int, end: int) -> Span:
    """Leave out white space at both ends."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))
