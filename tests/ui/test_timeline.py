from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import DateRange
from ui.bars import Bar, Dated, Unit, count_by_unit
from ui.chart import chart, spell_days
from ui.language import load_words
from ui.timeline import evidence_timeline

Make = Callable[..., Any]

_ENGLISH = load_words("en")
_ALLOWED = {
    "figure": {"class"},
    "figcaption": set(),
    "span": {"class"},
    "div": {"class"},
    "svg": {"viewbox", "role", "aria-label"},
    "path": {"class", "d"},
    "text": {"class", "x", "y"},
    "title": set(),
    "rect": {"class", "x", "y", "width", "height"},
    "g": {"class", "role", "tabindex", "aria-label", "data-after", "data-before"},
    "p": {"class"},
    "details": set(),
    "summary": set(),
    "table": {"aria-label"},
    "thead": set(),
    "tbody": set(),
    "tr": set(),
    "th": {"scope"},
    "td": set(),
}


def articles(*days: str) -> list[Dated]:
    """Return articles published on these days, months or years."""
    return [Dated(DateRange.parse(day), "article") for day in days]


def mentions(*days: str) -> list[Dated]:
    """Return mentions of these days, months or years."""
    return [Dated(DateRange.parse(day), "mention") for day in days]


@pytest.mark.parametrize(
    ("days", "unit"),
    [
        pytest.param(["2025-05-12", "2025-05-14"], "day", id="two days of a week"),
        pytest.param(["2025-05-12", "2025-06-20"], "day", id="forty days"),
        pytest.param(["2025-05-12", "2025-07-20"], "month", id="seventy days"),
        pytest.param(["2021-05-12", "2025-07-20"], "month", id="four years"),
        pytest.param(["1995-05-12", "2025-07-20"], "year", id="thirty years"),
        pytest.param(["2025-05-12", "2025-05", "2025-06"], "month", id="mostly months"),
        pytest.param(["2025", "2024", "2024-02-01"], "year", id="mostly years"),
    ],
)
def test_the_unit_follows_the_range_and_what_is_known(days: Sequence[str], unit: Unit) -> None:
    assert count_by_unit(articles(*days), 15).unit == unit


def test_articles_and_mentions_of_a_unit_are_counted_apart() -> None:
    counted = count_by_unit(
        [*articles("2025-05-12", "2025-05-12", "2025-05-13"), *mentions("2025-05-13")], 15
    )

    assert counted.slots == (
        Bar(DateRange.parse("2025-05-12"), 2, 0),
        Bar(DateRange.parse("2025-05-13"), 1, 1),
    )


def test_two_empty_units_are_shown_and_a_longer_stretch_is_a_gap() -> None:
    counted = count_by_unit(articles("2025-05-01", "2025-05-04", "2025-05-08"), 15)

    assert [bar and bar.articles for bar in counted.slots] == [1, 0, 0, 1, None, 1]


def test_what_is_too_vague_for_a_bar_is_kept_apart() -> None:
    counted = count_by_unit(articles("2025-05-01", "2025-05-04", "2025-05"), 15)

    assert counted.unit == "day"
    assert counted.vague == (Bar(DateRange.parse("2025-05"), 1, 0),)


def test_more_days_than_there_is_room_for_become_months() -> None:
    days = [f"2025-05-{day:02}" for day in range(1, 29)]

    assert count_by_unit(articles(*days), 28).unit == "day"
    assert count_by_unit(articles(*days), 27).unit == "month"


@given(
    st.lists(
        st.tuples(
            st.dates(date(1605, 1, 1), date(2099, 1, 1)),
            st.integers(0, 800),
            st.sampled_from(["article", "mention"]),
        )
    ),
    st.integers(1, 40),
)
def test_everything_is_counted_once(things: list[tuple[date, int, Any]], room: int) -> None:
    dated = [
        Dated(DateRange(day, date.fromordinal(day.toordinal() + length)), kind)
        for day, length, kind in things
    ]

    counted = count_by_unit(dated, room)

    counts = [*counted.bars, *counted.vague]
    assert sum(bar.articles + bar.mentions for bar in counts) == len(dated)
    ranges = [bar.days for bar in counted.slots if bar is not None]
    assert ranges == sorted(set(ranges))


def test_whole_years_and_months_are_written_as_such() -> None:
    months = DateRange(date(2025, 1, 1), date(2025, 9, 30))
    years = DateRange(date(2025, 1, 1), date(2027, 12, 31))

    assert spell_days(months, "en") == "January 2025 – September 2025"
    assert spell_days(years, "fr") == "2025 – 2027"
    assert spell_days(DateRange.parse("2025-05"), "fr") == "mai 2025"
    assert spell_days(DateRange.parse("2025-05-01"), "fr") == "1er mai 2025"


def test_bars_are_buttons_that_name_their_period_and_tab_stops_at_the_first_one() -> None:
    html = chart(count_by_unit(articles("2025-05-12", "2025-05-14"), 15), _ENGLISH, heading="Time")

    assert html.count('role="button"') == 2
    assert html.count('tabindex="0"') == 1
    assert 'data-after="2025-05-14" data-before="2025-05-14"' in html
    assert 'aria-label="12 May 2025: 1 article published. Narrow to this period"' in html


def test_the_table_says_what_the_drawing_shows(parse_html: Make) -> None:
    things = [*articles("2025-05-12", "2025-05-14"), *mentions("2025-05-14", "2025")]

    html = chart(count_by_unit(things, 15), _ENGLISH, heading="Time")

    shown = parse_html(html)
    assert '<th scope="row">14 May 2025</th><td>1</td><td>1</td>' in html
    assert '<th scope="row">2025</th><td>0</td><td>1</td>' in html
    assert _ENGLISH("timeline.vague", periods="2025") in shown.text
    for tag, attributes in shown.tags:
        assert set(attributes) <= _ALLOWED[tag]


def test_a_single_day_is_no_timeline(make_article: Make, make_answer: Make) -> None:
    article = make_article("Signé lundi 12 mai.")

    assert evidence_timeline(make_answer((article, "Signé")), _ENGLISH) == ""


def test_an_answer_without_grounds_has_no_timeline(make_article: Make, make_answer: Make) -> None:
    old = make_article("Le 3 mars 1999.", id="old.txt", published=DateRange.parse("1999-03-04"))
    answer = make_answer((make_article(), "musée"), (old, "mars"), grounded=False)

    assert evidence_timeline(answer, _ENGLISH) == ""


def test_the_timeline_of_an_answer_has_its_articles_and_the_dates_they_name(
    make_article: Make, make_answer: Make
) -> None:
    text = "Le traité a été signé le 10 mai 2025. Il entre en vigueur le 15 mai 2025."
    article = make_article(text, published=DateRange.parse("2025-05-12"))

    html = evidence_timeline(make_answer((article, "signé")), _ENGLISH)

    assert "10 May 2025: 1 date mentioned" in html
    assert "12 May 2025: 1 article published" in html
    assert "15 May 2025: 1 date mentioned" in html


def test_dates_outside_of_the_passages_that_are_quoted_do_not_count(
    make_article: Make, make_answer: Make
) -> None:
    text = "Le traité a été signé le 10 mai 2025.\n\nAutre chose le 11 mai 2025."
    article = make_article(text, published=DateRange.parse("2025-05-12"))
    answer = make_answer((article, "signé le 10 mai 2025"))

    html = evidence_timeline(replace(answer, passages=()), _ENGLISH)

    assert "10 May 2025" in html
    assert "11 May 2025" not in html
