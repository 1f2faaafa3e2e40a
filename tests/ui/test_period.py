from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.spell import spell_date
from index.types import DateRange
from ui.period import PeriodUnreadable, read_day


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2025", "2025"),
        (" 2025-05 ", "2025-05"),
        ("2025-05-12", "2025-05-12"),
        ("05/2025", "2025-05"),
        ("5.2025", "2025-05"),
        ("12/05/2025", "2025-05-12"),
        ("12.5.2025", "2025-05-12"),
        ("mai 2025", "2025-05"),
        ("Mai  2025", "2025-05"),
        ("12 mai 2025", "2025-05-12"),
        ("1er mai 2025", "2025-05-01"),
        ("févr. 2025", "2025-02"),
        ("12 May 2025", "2025-05-12"),
        ("May 12, 2025", "2025-05-12"),
        ("12th August 2025", "2025-08-12"),
    ],
)
def test_a_day_month_or_year_is_read_as_people_write_it(typed: str, iso: str) -> None:
    assert read_day(typed) == DateRange.parse(iso)


@pytest.mark.parametrize("typed", ["", "  "])
def test_nothing_typed_is_no_limit(typed: str) -> None:
    assert read_day(typed) is None


@pytest.mark.parametrize(
    "typed", ["hier", "31/02/2025", "13/2025", "2025-13", "12 floréal 2025", "25", "12 mai"]
)
def test_what_is_no_date_is_refused_with_what_was_typed(typed: str) -> None:
    with pytest.raises(PeriodUnreadable, match=typed):
        read_day(typed)


@given(st.text())
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    try:
        days = read_day(typed)
    except PeriodUnreadable:
        return
    assert days is None or isinstance(days, DateRange)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)))
def test_a_date_as_the_page_writes_it_can_be_typed_in(day: date) -> None:
    for language in ("fr", "en"):
        written = spell_date(DateRange.day(day), language)

        assert read_day(written) == DateRange.day(day)
