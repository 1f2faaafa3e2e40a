"""A long sentence to the clauses around its answer.

A quote of sixty words hides the three that answer. What is left is still the article's own words,
one stretch of them: from the start of the sentence, a semicolon or a colon to one of these, a comma
or a dash; never out of the middle of brackets or of somebody's speech. The passage around it is
shown beside the answer.
"""

import re

from qa.types import Span

# the longest quarter of the sentences of French news and reference works
_LONG_WORDS = 35

# a shorter stretch seldom says of whom it speaks
_LEAST_WORDS = 15

# a clause that opens so leans on the one before: "and the president signed" signs alone
_LEANS = re.compile(
    r"(?:et|ou|ni|mais|qui|que|dont|où|puis|ainsi|lequel|laquelle|and|or|but|which|who|whose|that"
    r"|và|hoặc|mà|und|oder|aber|der|die|das|y|e|o|pero|cuy[oa]s?)\b|qu['’]",
    re.IGNORECASE,
)

# a quote may end at a comma; it begins behind none, for the subject stands before
_ENDS = re.compile(r"[,;:](?=\s)\s*|\s[–—-]\s")
_STARTS = re.compile(r"[;:]\s+")
_PAIRS = (("(", ")"), ("[", "]"), ("«", "»"))


def shorten(text: str, sentence: Span, answer: Span | None) -> Span:
    """Return the part of a long sentence that holds its answer; a short one whole.

    Args:
        text: of the article.
        sentence: characters of the sentence.
        answer: characters of the answer inside it; a sentence without any is left whole.
    """
    if answer is None or _count_words(text, sentence) <= _LONG_WORDS:
        return sentence
    starts = [sentence[0], *(match.end() for match in _STARTS.finditer(text, *sentence))]
    ends = [*(match.end() for match in _ENDS.finditer(text, *sentence)), sentence[1]]
    first = max(place for place, start in enumerate(starts) if start <= answer[0])
    last = min(place for place, end in enumerate(ends) if end >= answer[1])
    while not _stands_alone(text, (starts[first], ends[last]), sentence):
        if first == 0 and last == len(ends) - 1:
            return sentence
        # what comes before says of whom it speaks
        first, last = (first - 1, last) if first > 0 else (first, last + 1)
    return _trim(text, (starts[first], ends[last]), sentence)


def _stands_alone(text: str, span: Span, sentence: Span) -> bool:
    """Whether a stretch is long enough to be understood, leans on nothing and closes its pairs."""
    part = text[slice(*span)]
    if span[0] > sentence[0] and _LEANS.match(part):
        return False
    balanced = all(part.count(opening) == part.count(closing) for opening, closing in _PAIRS)
    return balanced and part.count('"') % 2 == 0 and _count_words(text, span) >= _LEAST_WORDS


def _trim(text: str, span: Span, sentence: Span) -> Span:
    """Leave out the comma or dash at the end of a stretch that ends before its sentence."""
    start, end = span
    if end == sentence[1]:
        return span
    kept = re.sub(r"[\s,;:–—-]+$", "", text[start:end])
    return start, start + len(kept)


def _count_words(text: str, span: Span) -> int:
    """Count the words of a stretch."""
    return len(text[slice(*span)].split())
