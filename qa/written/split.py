"""The sentences of what a language model wrote, each with its marks.

By the letters alone, and from left to right: what stands at the end of a stream changes nothing
before its last sentence, so that each sentence can be checked as soon as the next one begins.
"""

import itertools
import re
from collections.abc import Iterator

from qa.types import Span
from qa.written.marks import MARK, UNFINISHED

# "- ", "* ", "2. ", "## ", "> ": they belong to no sentence
_BULLET = re.compile(r"\s*(?:(?:[-*+•–—>]|#{1,6}|\d{1,3}[.)])[ \t]+)*")

_CLOSING = r"(?:[ \u00a0\u202f]?»|[”\"’')\]*_])"
_END = re.compile(rf"(?:[.!?…]+|[。！？])(?:{_CLOSING}{{0,8}})")
_MARKS = re.compile(rf"(?:[ \t\u00a0\u202f]*{MARK.pattern})*")
_NEXT = re.compile(r"[ \t\u00a0\u202f]+([^\s.,;:!?…])|(?<=[。！？])(\S)")
_WORDS = re.compile(r"\w")

# a full stop behind one of these ends no sentence; "U.S.", "J. K.", "No. 5"
_ABBREVIATION = re.compile(
    r"(?:(?:^|[\s.(«“\"'’-])[^\W\d_]|\b(?:MM|Mme|Mlle|Mgr|Dr|Pr|Mr|Mrs|Ms|St|Ste|Jr|Sr|Sen|Rep|Gov"
    r"|Gen|Col|Lt|Prof|Inc|Ltd|Co|Corp|No|Nos|vs|etc|cf|env|art|p|pp|vol|av|bd|fig|al|approx|Jan|Feb"
    r"|Aug|Sept|Oct|Nov|Dec|janv|févr|juil|déc|TP|Tp|PGS|TS|ThS|GS|Ths|Q|P))\.\Z"
)
_LONGEST_ABBREVIATION = 10

_OPENING, _SHUTTING = "«“„", "»”"


def split_sentences(written: str, *, inside_quotes: bool = False) -> list[Span]:
    """Return the spans of the sentences of `written`, marks included, in order.

    A line ends every sentence in it. Outside of the spans stand white space, bullets, and what
    holds no letter and no digit; a line of marks alone belongs to the line above it.

    Args:
        written: any text.
        inside_quotes: whether sentences between quotation marks are cut apart too.
    """
    spans: list[Span] = []
    start, goes_on = 0, False
    for line in written.splitlines(keepends=True):
        end = start + len(line)
        marks = _only_marks(line)
        if marks:
            goes_on = goes_on and not written[spans[-1][1] : start].strip()
            if goes_on:
                spans[-1] = (spans[-1][0], start + marks)
        else:
            before = len(spans)
            spans.extend(_in_line(written, start, end, inside_quotes))
            goes_on = len(spans) > before
        start = end
    return spans


def complete(written: str) -> int:
    """Return how many characters of an unfinished text are whole sentences with their marks.

    Whatever comes next, the sentences in these characters stay as they are.
    """
    cut = UNFINISHED.search(written[-210:])
    if cut is not None:
        written = written[: max(0, len(written) - 210) + cut.start()]
    spans = split_sentences(written)
    return spans[-2][1] if len(spans) > 1 else 0


def _only_marks(line: str) -> int:
    """Return where the marks of a line end that holds nothing else; 0 if it holds more, or less."""
    match = _MARKS.match(line)
    end = match.end() if match else 0
    return 0 if line[end:].strip() else end


def _in_line(written: str, start: int, end: int, inside_quotes: bool) -> Iterator[Span]:
    """Yield the sentences of one line; what holds no word belongs to the one behind it."""
    bullet = _BULLET.match(written, start, end)
    first = seen = bullet.end() if bullet else start
    for boundary in itertools.chain(_boundaries(written, first, end, inside_quotes), [end]):
        if _WORDS.search(written, max(first, seen), boundary):
            last = boundary
            while written[last - 1].isspace():
                last -= 1
            yield first, last
            first = boundary
            while first < end and written[first].isspace():
                first += 1
        seen = boundary


def _boundaries(written: str, start: int, end: int, inside_quotes: bool) -> Iterator[int]:
    """Yield where sentences of a line end, with the marks behind them."""
    depth, seen = 0, start
    for stop in _END.finditer(written, start, end):
        depth = _depth(written[seen : stop.end()], depth)
        seen = stop.end()
        if (depth and not inside_quotes) or _is_abbreviation(written, start, stop):
            continue
        marks = _MARKS.match(written, stop.end(), end)
        last = marks.end() if marks else stop.end()
        if last > stop.end() or _begins(written, last, end):
            yield last


def _begins(written: str, start: int, end: int) -> bool:
    """Whether a new sentence may begin at `start`: no small letter stands there, and no comma."""
    following = _NEXT.match(written, start, end)
    return following is not None and not (following[1] or following[2]).islower()


def _depth(text: str, depth: int) -> int:
    """Return how many quotation marks are open behind `text`, two at most."""
    for letter in text:
        if letter in _OPENING:
            depth = min(depth + 1, 2)
        elif letter in _SHUTTING:
            depth = max(depth - 1, 0)
    return depth


def _is_abbreviation(written: str, start: int, stop: re.Match[str]) -> bool:
    """Whether a full stop belongs to the word before it."""
    if not written.startswith(".", stop.start()) or stop.end() - stop.start() > 1:
        return False
    before = written[max(start, stop.start() - _LONGEST_ABBREVIATION) : stop.start() + 1]
    return _ABBREVIATION.search(before) is not None
