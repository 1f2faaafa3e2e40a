from pathlib import Path

import pytest

from index.dates import find_dates
from index.types import DateMention, DateRange

_HERE = Path(__file__).parent
_LANGUAGES = ("fr", "en", "de", "es", "vi")
_ANCHOR = "2025-12-03"


def _cases() -> list[object]:
    """Read "class | @anchor text with [expression=days]" of every language's table."""
    cases: list[object] = []
    for language in _LANGUAGES:
        lines = (_HERE / f"test_dates_{language}.txt").read_text("utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            name, sentence = line.split(" | ", 1)
            cases.append(pytest.param(language, sentence, id=f"{language}-{name}-{number}"))
    return cases


def _unmark(sentence: str) -> tuple[str, str, list[tuple[int, int, str]]]:
    """Return the anchor, the text without its marks, and the spans and days they announce."""
    anchor = _ANCHOR
    if sentence.startswith("@"):
        anchor, sentence = sentence[1:].split(" ", 1)
    text, expected = "", []
    for position, part in enumerate(sentence.replace("]", "[").split("[")):
        if position % 2:
            expression, days = part.rsplit("=", 1)
            expected.append((len(text), len(text) + len(expression), days))
            text += expression
        else:
            text += part
    return anchor, text, expected


def _written(mention: DateMention) -> str:
    """Return the days of a mention as the tables write them; "--05-12" when no year is known."""
    if mention.range is not None:
        return str(mention.range)
    assert mention.yearless is not None
    first, last = (f"--{month:02}-{day:02}" for month, day in _ends(mention))
    return first if first == last else f"{first}/{last}"


def _ends(mention: DateMention) -> tuple[tuple[int, int], tuple[int, int]]:
    assert mention.yearless is not None
    return mention.yearless.first, mention.yearless.last


@pytest.mark.parametrize(("language", "sentence"), _cases())
def test_an_expression_is_found_with_its_span_and_its_days(language: str, sentence: str) -> None:
    anchor, text, expected = _unmark(sentence)
    published = None if anchor == "-" else DateRange.parse(anchor)
    found = find_dates(text, language=language, anchor=published)
    shown = [(text[m.start : m.end], _written(m), m.start) for m in found]
    assert shown == [(text[start:end], days, start) for start, end, days in expected]


def _free() -> list[object]:
    lines = (_HERE / "test_dates_free.txt").read_text("utf-8").splitlines()
    return [
        pytest.param(*line.split(" | ", 1), id=f"{line[:2]}-{number}")
        for number, line in enumerate(lines, 1)
    ]


@pytest.mark.parametrize(("language", "sentence"), _free())
@pytest.mark.parametrize("told", [True, False], ids=["language", "no-language"])
def test_a_sentence_without_a_date_yields_none(language: str, sentence: str, told: bool) -> None:
    anchor = DateRange.parse(_ANCHOR)
    found = find_dates(sentence, language=language if told else None, anchor=anchor)
    assert [sentence[mention.start : mention.end] for mention in found] == []
