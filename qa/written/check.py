"""The sentences of a written answer, and whether their marks exist."""

import re
from collections.abc import Iterator, Sequence

from qa.read import Reader
from qa.types import Span
from qa.written.types import Finding, Source, WrittenSentence

_MARK = re.compile(r"\[(\d{1,4})\]")
_END = re.compile(r"[.!?…][»”\")*]*\s*(?:\[\d{1,4}\]\s*)*(?=\s|$)|\n+")


def check(
    written: str,
    sources: Sequence[Source],
    reader: Reader | None,  # noqa: ARG001  the whole check asks it
    language: str,  # noqa: ARG001
) -> list[WrittenSentence]:
    """Return the sentences of `written`, each with what speaks against it."""
    numbers = {source.number for source in sources}
    return [_check(written, span, numbers) for span in _sentences(written)]


def complete(written: str) -> int:
    """Return how many characters of an unfinished text are whole sentences."""
    ends = [span[1] for span in _sentences(written)]
    return ends[-2] if len(ends) > 1 else 0


def _sentences(written: str) -> Iterator[Span]:
    """Yield the span of each sentence with its marks."""
    start = 0
    for end in [*(match.end() for match in _END.finditer(written)), len(written)]:
        if written[start:end].strip():
            yield start, end
            start = end


def _check(written: str, span: Span, numbers: set[int]) -> WrittenSentence:
    """Check the marks of one sentence."""
    words = written[slice(*span)]
    marks = tuple(dict.fromkeys(int(mark) for mark in _MARK.findall(words)))
    findings = [Finding("unknown mark", str(mark)) for mark in marks if mark not in numbers]
    if not marks:
        findings.append(Finding("unmarked"))
    text = " ".join(_MARK.sub("", words).split())
    return WrittenSentence(text, marks, span, tuple(findings))
