"""Check every sentence that a language model wrote against the passages it cites.

By the words alone: nothing that stands in an article or in what was written is an instruction, and
what speaks against a sentence is told, never mended.
"""

import re
from collections.abc import Iterator, Sequence

from index.chunk import introduce
from qa.read import Reader, ReadText
from qa.types import Span
from qa.written.days import find_days, missing_days
from qa.written.denied import contradicted
from qa.written.marks import cited, without_marks
from qa.written.names import NOUNS, known_words, missing_names
from qa.written.numbers import Number, Value, find_numbers, hidden_values, missing_numbers
from qa.written.proof import Proof, find_proofs, is_quoted, sentences_of
from qa.written.renamed import is_in_place_of_another, is_said_otherwise
from qa.written.split import complete, split_sentences
from qa.written.types import Finding, Source, WrittenSentence

__all__ = ["check", "complete"]

# of true sentences and their passage, 99 in 100 lie above; of other passages of the same article,
# half lie below
NEAR = 0.85
RELEVANT = -3.0

# from so near on, a sentence says what one sentence of the passage says, and has its numbers
SAME = 0.92

# the same where no more than a name is compared with the one it would stand for
SAME_BUT_NAMES = 0.88

# nobody writes a longer sentence, or answer; what cannot be read in a moment is not supported
_LONGEST = 3000
_MOST_READ = 50_000

_EMPHASIS = re.compile(r"(?<!\w)[*_`~]+|[*_`~]+(?!\w)|^#+\s")
_BLANKS = re.compile(r"\s+")
# what a mark before a full stop leaves
_GAP = re.compile(r" (?=[.,](?:\s|$))")
_YEAR = re.compile(r"\d{4}")


def check(
    written: str, sources: Sequence[Source], reader: Reader | None, language: str
) -> list[WrittenSentence]:
    """Check each sentence of a written answer.

    Args:
        written: what the language model wrote: prose or a list, with marks such as `[1]`, `[1, 3]`.
        sources: what it was shown, by number.
        reader: reads each sentence with its passages; None leaves that out.
        language: of the answer, ISO 639-1.

    Returns:
        Its sentences in order. Outside of their spans stand only white space, bullets, marks
        without a sentence, and what holds no letter and no digit. What follows on 50,000
        characters counts as one sentence, which is not supported.
    """
    numbered = {source.number: source for source in sources}
    spans = split_sentences(written[:_MOST_READ])
    if len(written) > _MOST_READ:
        spans[-1:] = [(spans[-1][0] if spans else 0, len(written))]
    return [_check(written, span, numbered, reader, language) for span in spans]


def _check(
    written: str, span: Span, numbered: dict[int, Source], reader: Reader | None, language: str
) -> WrittenSentence:
    """Check one sentence."""
    marked = written[slice(*span)]
    marks = cited(marked)
    text = _BLANKS.sub(" ", without_marks(marked)).strip()
    is_read = len(text) <= _LONGEST and span[1] <= _MOST_READ
    if is_read:
        text = _GAP.sub("", _BLANKS.sub(" ", _EMPHASIS.sub("", text)).strip())
    known = [numbered[mark] for mark in marks if mark in numbered]
    findings = [] if marks else [Finding("unmarked")]
    findings += [Finding("unknown mark", f"[{mark}]") for mark in marks if mark not in numbered]
    if known and not is_read:
        findings.append(Finding("unsupported"))
    elif known and not is_quoted(text, known):
        findings.extend(_findings(text, known, reader, language))
    return WrittenSentence(text, marks, span, tuple(findings))


def _findings(
    text: str, sources: Sequence[Source], reader: Reader | None, language: str
) -> Iterator[Finding]:
    """Yield what speaks against a sentence that cites some passages."""
    days = [(day.start, day.end) for day in find_days(text, language)]
    found, hidden = _numbers_of(sources)
    values = frozenset[Value]().union(*(number.values for number in found)) | hidden
    outside = [n for n in find_numbers(text, language) if not _overlaps(n.span, days)]
    proofs = find_proofs(text, sources)
    missing = list(missing_numbers(outside, found, hidden))
    for number in missing or _out_of_place(outside, proofs[0]):
        yield Finding("number", text[slice(*number.span)])
    for span in missing_days(text, language, sources, values):
        yield Finding("date", text[slice(*span)])
    skip = [*days, *(number.span for number in find_numbers(text, language))]
    for name in dict.fromkeys(_names(text, language, sources, skip, proofs[0])):
        yield Finding("name", name)
    for part in sentences_of(text):
        for words in contradicted(part, language, find_proofs(part, sources)):
            yield Finding("negation", words)
    if not _agrees(text, sources, reader, proofs):
        yield Finding("unsupported")


def _names(
    text: str, language: str, sources: Sequence[Source], skip: Sequence[Span], proof: Proof
) -> Iterator[str]:
    """Yield names that no passage has, or that stand where the proof has another one."""
    known = known_words([(source.text, source.article.language) for source in sources])
    for name in missing_names(text, language, known, skip):
        if not is_said_otherwise(name, text, language, proof):
            yield name.text
    if proof.nearness < (SAME if language in NOUNS else SAME_BUT_NAMES):
        return
    there = known_words([(proof.text, proof.language)])
    for name in missing_names(text, language, there, skip):
        if is_in_place_of_another(name, text, language, proof):
            yield name.text


def _numbers_of(sources: Sequence[Source]) -> tuple[list[Number], frozenset[Value]]:
    """Return the numbers of some passages, those of days left out, and what other words count."""
    found: list[Number] = []
    hidden: set[Value] = set()
    for source in sources:
        text, language = source.text, source.article.language
        days = [(day.start, day.end) for day in find_days(text, language, source)]
        for number in find_numbers(text, language):
            year = _YEAR.fullmatch(text[slice(*number.span)])
            if year or number.unsure or not _overlaps(number.span, days):
                found.append(number)
        hidden |= hidden_values(text, language)
    return found, frozenset(hidden)


def _out_of_place(numbers: Sequence[Number], proof: Proof) -> list[Number]:
    """Return numbers of a passage in a sentence that says the same with another number."""
    if proof.nearness < SAME:
        return []
    there = find_numbers(proof.text, proof.language)
    left = [number for number in missing_numbers(there, numbers, frozenset()) if not number.unsure]
    hidden = hidden_values(proof.text, proof.language)
    return list(missing_numbers(numbers, there, hidden)) if left else []


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    """Whether a stretch shares a character with one of some others."""
    return any(start < span[1] and span[0] < end for start, end in others)


def _agrees(
    text: str, sources: Sequence[Source], reader: Reader | None, proofs: Sequence[Proof]
) -> bool:
    """Whether a passage says what the sentence says, by its sense."""
    if proofs[0].nearness < NEAR:
        return False
    if reader is None:
        return True
    texts = [ReadText(introduce(source.article), source.text) for source in sources]
    return max(reading.relevance for reading in reader.read(text, texts)) >= RELEVANT
