from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.spell import spell_date, spell_yearless
from index.types import DateRange, YearlessRange

DAY = DateRange.day(date(2025, 5, 1))
MONTH = DateRange.month(2025, 8)
YEAR = DateRange.year(2025)
PERIOD = DateRange(date(2025, 5, 11), date(2025, 6, 2))


@pytest.mark.parametrize(
    ("days", "language", "words"),
    [
        pytest.param(DAY, "fr", "1er mai 2025", id="fr:day"),
        pytest.param(DAY, "en", "1 May 2025", id="en:day"),
        pytest.param(DAY, "vi", "1 tháng 5, 2025", id="vi:day"),
        pytest.param(DAY, "de", "1. Mai 2025", id="de:day"),
        pytest.param(MONTH, "fr", "août 2025", id="fr:month"),
        pytest.param(MONTH, "en", "August 2025", id="en:month"),
        pytest.param(YEAR, "fr", "2025", id="fr:year"),
        pytest.param(PERIOD, "fr", "11 mai 2025 – 2 juin 2025", id="fr:period"),
    ],
)
def test_dates_are_written_as_the_language_writes_them(
    days: DateRange, language: str, words: str
) -> None:
    assert spell_date(days, language) == words


@pytest.mark.parametrize("language", ["xx", "", "klingon", "../../etc", "fr_FR_FR_FR"])
def test_a_language_nobody_knows_is_written_in_english(language: str) -> None:
    assert spell_date(DAY, language) == "1 May 2025"


@pytest.mark.parametrize(
    ("days", "language", "words"),
    [
        pytest.param(YearlessRange((5, 12), (5, 12)), "fr", "12 mai", id="fr:day"),
        pytest.param(YearlessRange((5, 12), (5, 12)), "en", "12 May", id="en:day"),
        pytest.param(YearlessRange((2, 29), (2, 29)), "fr", "29 février", id="fr:leap_day"),
        pytest.param(YearlessRange((5, 1), (5, 31)), "fr", "mai", id="fr:month"),
        pytest.param(YearlessRange((2, 1), (2, 29)), "fr", "février", id="fr:february"),
        pytest.param(YearlessRange((9, 1), (9, 30)), "en", "September", id="en:september"),
        pytest.param(YearlessRange((5, 3), (5, 5)), "fr", "3 mai – 5 mai", id="fr:days"),
        pytest.param(
            YearlessRange((12, 20), (1, 5)), "fr", "20 décembre – 5 janvier", id="fr:new_year"
        ),
    ],
)
def test_days_of_any_year_are_written_without_one(
    days: YearlessRange, language: str, words: str
) -> None:
    assert spell_yearless(days, language) == words


@given(st.dates(), st.dates(), st.sampled_from(["fr", "en", "vi", "de", "es", "ar", "zh", "xx"]))
def test_any_dates_have_words_in_any_language(first: date, last: date, language: str) -> None:
    days = DateRange(min(first, last), max(first, last))
    yearless = YearlessRange((first.month, first.day), (last.month, last.day))

    assert spell_date(days, language).strip()
    assert spell_yearless(yearless, language).strip()
