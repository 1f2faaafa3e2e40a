"""Why the articles do not answer, in the question's own words.

"Nothing on Japan" tells more than "no": the reader sees at once whether the archive lacks the
subject, or whether another spelling is worth a try.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.tokens import content_words
from qa.retrieval import Query
from qa.seam import Index, Rows
from qa.types import Span

# a missing verb explains nothing: a word that is no name must weigh at least this share of the
# question's rarest word
_RARE = 0.5

# what stands between the words of one name: "Real Madrid", "Minsk-Phu"
_WITHIN_NAME = re.compile(r"[\s-]?")

# no name is longer; a line of letters without a space is
_LONGEST = 60

# languages that part the syllables of a word as others part words: "động đất", earthquake
_SYLLABLES = frozenset(["vi"])


@dataclass(frozen=True, slots=True)
class _Missing:
    """Words of the question that nothing near holds.

    Attributes:
        text: as they were typed.
        span: their characters in the question, or None.
        weight: that of the rarest.
        is_name: whether they are a name, by their capital.
    """

    text: str
    span: Span | None
    weight: float
    is_name: bool


def missing_words(
    words: Sequence[str],
    weights: Sequence[float],
    held: Sequence[bool],
    most: int = 3,
    *,
    question: str = "",
    language: str = "",
    names_only: bool = False,
) -> tuple[str, ...]:
    """Choose what to name as missing: names first, then the rarest words.

    Args:
        words: the question's content words.
        weights: how rare each is.
        held: for each, whether any of the rows that came near holds it, in any form or language.
        most: how many to name.
        question: the question as it was typed; if given, words are spelled as in it, and
            the parts of a name are named together ("Real Madrid").
        language: of the question; where spaces part syllables, those of a word stay together.
        names_only: leave out words that are no names.
    """
    least = math.inf if names_only else _RARE * max(weights, default=0.0)
    found = [
        _as_typed(word, float(weight), question)
        for word, weight, is_held in zip(words, weights, held, strict=True)
        if not is_held
    ]
    telling = [missing for missing in found if missing.is_name or missing.weight >= least]
    joined = _join_neighbours(telling, question, language)
    joined.sort(key=lambda missing: (not missing.is_name, -missing.weight))
    named = [missing.text for missing in joined if len(missing.text) <= _LONGEST]
    return tuple(dict.fromkeys(named))[:most]


def _as_typed(word: str, weight: float, question: str) -> _Missing:
    """Find a word in the question; one that is not there is left as it is."""
    # pairs of characters, of scripts without spaces, stand inside longer words
    whole = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", question, re.IGNORECASE)
    match = whole or re.search(re.escape(word), question, re.IGNORECASE)
    if match is None:
        return _Missing(word, None, weight, word[:1].isupper())
    return _Missing(match[0], match.span(), weight, _is_name(match, question))


def _is_name(match: re.Match[str], question: str) -> bool:
    """Whether a word is capitalised, and for another reason than that it opens the question."""
    if not match[0][:1].isupper():
        return False
    opens = not re.search(r"\w", question[: match.start()])
    after = re.match(r"[\s-](\w)", question[match.end() :])
    return not opens or (after is not None and after[1].isupper())


def _join_neighbours(found: Sequence[_Missing], question: str, language: str) -> list[_Missing]:
    """Join what stands side by side in the question and belongs together."""
    joined: list[_Missing] = []
    for missing in sorted(found, key=lambda missing: missing.span or (len(question), 0)):
        if joined and _belong_together(joined[-1], missing, question, language):
            joined[-1] = _join(joined[-1], missing, question)
        else:
            joined.append(missing)
    return joined


def _belong_together(left: _Missing, right: _Missing, question: str, language: str) -> bool:
    """Whether two neighbours are parts of one name, or of one word."""
    if left.span is None or right.span is None or left.is_name != right.is_name:
        return False
    if not left.is_name and language not in _SYLLABLES:
        return right.span[0] <= left.span[1]  # of scripts without spaces
    return _WITHIN_NAME.fullmatch(question[left.span[1] : right.span[0]]) is not None


def _join(left: _Missing, right: _Missing, question: str) -> _Missing:
    """Return two neighbours as one."""
    assert left.span is not None
    assert right.span is not None
    span = left.span[0], max(left.span[1], right.span[1])
    return _Missing(question[slice(*span)], span, max(left.weight, right.weight), left.is_name)


def missing_of(query: Query, rows: Rows, index: Index) -> tuple[str, ...]:
    """Choose what to name as missing from `rows`, those that came nearest to a question."""
    question = query.question
    words = content_words(query.text, question.language)
    held = [bool(row.any()) for row in query.matches.held(rows)]
    return missing_words(
        words,
        query.weights.tolist(),
        held,
        question=question.standalone,
        language=question.language,
        # of another language nobody knows whether only its translation is missing
        names_only=question.language not in index.languages,
    )
