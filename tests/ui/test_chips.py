import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from index.types import DateRange, YearlessRange
from qa.types import AskedDate, Question
from ui.chips import chips, language_name
from ui.filters import Filters
from ui.language import load_words

Make = Callable[..., Any]
Parsed = Any  # that of conftest.py

_ENGLISH = load_words("en")
_PLAIN = Question("Who?", "Who?", "en")


def drops(parsed: Parsed) -> list[dict[str, str]]:
    """What each chip changes when it is taken off."""
    return [json.loads(tag[1]["data-drop"]) for tag in parsed.tags if tag[0] == "button"]


def test_the_language_of_a_question_is_always_told(parse_html: Make) -> None:
    parsed = parse_html(chips(_PLAIN, Filters(), _ENGLISH))

    assert parsed.text == "Question in English"
    vietnamese = parse_html(chips(_PLAIN, Filters(), load_words("vi")))
    assert vietnamese.text == "Câu hỏi bằng tiếng Anh"
    assert drops(parsed) == [{"ignore": "language"}]


def test_a_date_is_spelled_in_the_language_of_the_page(parse_html: Make) -> None:
    asked = AskedDate("le 12 mai", range=DateRange.day(date(2025, 5, 12)))
    question = Question("?", "?", "", (asked,))

    assert parse_html(chips(question, Filters(), _ENGLISH)).text == "Date: 12 May 2025"
    assert (
        parse_html(chips(question, Filters(), load_words("fr"))).text
        == "Date\N{NO-BREAK SPACE}: 12 mai 2025"
    )
    assert drops(parse_html(chips(question, Filters(), _ENGLISH))) == [{"ignore": "le 12 mai"}]


def test_a_day_without_a_year_and_a_period_say_so(parse_html: Make) -> None:
    dates = (
        AskedDate("12 May", yearless=YearlessRange((5, 12), (5, 12))),
        AskedDate("since 2024", range=DateRange.year(2024), relation="since"),
    )

    text = parse_html(chips(Question("?", "?", "", dates), Filters(), _ENGLISH)).text

    assert "12 May of any year" in text
    assert "Since 2024" in text


def test_a_follow_up_tells_how_it_was_understood(parse_html: Make) -> None:
    question = Question("And where?", "Where was it signed?", "")

    parsed = parse_html(chips(question, Filters(), _ENGLISH))

    assert parsed.text == "Understood as: Where was it signed?"
    assert drops(parsed) == [{"ignore": "follow-up"}]


def test_each_filter_is_a_chip_of_its_own(parse_html: Make) -> None:
    filters = Filters("2025-05", "2025-06", ("AFP", "VNA"), ("vi",), ("pont neuf",))

    parsed = parse_html(chips(Question("", "", ""), filters, _ENGLISH))

    assert "From May 2025 to June 2025" in parsed.text
    assert "Articles in Vietnamese" in parsed.text
    assert drops(parsed) == [
        {"filter": "period"},
        {"filter": "sources", "value": "AFP"},
        {"filter": "sources", "value": "VNA"},
        {"filter": "languages", "value": "vi"},
        {"filter": "words", "value": "pont neuf"},
    ]


@pytest.mark.parametrize(
    ("after", "before", "spelled"),
    [
        ("2025-12-01", "2025-12-31", "December 2025"),
        ("2025", "2025-12-31", "2025"),
        ("2025-12-03", "2025-12-03", "3 December 2025"),
        ("2025-12-01", "2025-12-30", "From 1 December 2025 to 30 December 2025"),
        ("", "2025-05", "Up to May 2025"),
    ],
)
def test_a_period_that_is_a_whole_month_or_year_is_called_so(
    parse_html: Make, after: str, before: str, spelled: str
) -> None:
    parsed = parse_html(chips(Question("", "", ""), Filters(after, before), _ENGLISH))

    assert parsed.text == spelled


def test_what_is_ignored_can_be_heeded_again(parse_html: Make) -> None:
    filters = Filters(ignore=("12 May", "language", "follow-up"))

    parsed = parse_html(chips(Question("", "", ""), filters, _ENGLISH))

    assert "Without “12 May”" in parsed.text
    assert drops(parsed) == [{"heed": "12 May"}, {"heed": "language"}, {"heed": "follow-up"}]


def test_nothing_understood_shows_no_list() -> None:
    assert chips(Question("", "", ""), Filters(), _ENGLISH) == ""


def test_hostile_words_are_text(parse_html: Make) -> None:
    hostile = "\"'><img src=x onerror=alert(1)>${alert(1)}{{value}}"
    question = Question("?", hostile, hostile, (AskedDate(hostile, range=DateRange.year(2025)),))

    parsed = parse_html(chips(question, Filters(sources=(hostile,), ignore=(hostile,)), _ENGLISH))

    assert {tag for tag, _ in parsed.tags} == {"ul", "li", "button", "bdi"}
    assert {"filter": "sources", "value": hostile} in drops(parsed)
    assert {"ignore": hostile} in drops(parsed)


def test_a_language_that_nobody_knows_is_shown_by_its_code() -> None:
    assert language_name("xx-unknown", _ENGLISH) == "xx-unknown"
