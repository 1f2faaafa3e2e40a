from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.declared_days import read_days
from index.types import DateRange


def read(value: str, language: str = "fr") -> str | None:
    found = read_days(value, language)
    return str(found.days) if found else None


@pytest.mark.parametrize(
    "value",
    [
        "2025-05-12",
        "2025-05-12T14:30",
        "2025-05-12T14:30:00Z",
        "2025-05-12T14:30:00.000+0200",
        "2025-05-12 14:30:00 UTC",
        "2025-05-12, 14:30",
        "2025-05-12Z",
        "2025-05-12+02:00",
        "20250512",
        "20250512T143000Z",
        "20250512143000",
        "D:20250512143000+02'00'",
        "D:20250512143000Z",
        "D:20250512",
        "Mon, 12 May 2025 14:30:00 +0200",
        "12 May 2025 14:30 GMT",
        "Mon, 12 May 25 14:30:00 GMT",
        "Monday, 12-May-25 14:30:00 GMT",
        "Mon May 12 14:30:00 CEST 2025",
        "12 mai 2025 à 14:30",
        "12 mai 2025 - 14h30",
        "lundi 12 mai 2025 à 14h",
        "Publié le 12 mai 2025 à 14h30",
        "May 12, 2025 2:30 PM EDT",
        "Monday, May 12, 2025 at 2:30 p.m.",
        "Thứ Hai, 12/5/2025, 14:30 (GMT+7)",
        "12/05/2025 14:30",
        "12.05.2025, 14:30",
        "\u200e12\u00a0mai\u202f2025\u200f",
    ],
)
def test_a_date_is_read_in_the_shapes_of_programs_and_people(value: str) -> None:
    assert read(value) == "2025-05-12"


@pytest.mark.parametrize(
    "value",
    [
        "2025-05-12T23:30:00-05:00",
        "2025-05-12T00:30:00+07:00",
        "Mon, 12 May 2025 23:30:00 -0500",
        "D:20250512003000+07'00'",
    ],
)
def test_the_day_is_that_of_the_zone_which_is_given(value: str) -> None:
    assert read(value) == "2025-05-12"


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("1747038600", "2025-05-12"),
        ("1747038600.25", "2025-05-12"),
        ("1747038600000", "2025-05-12"),
        ("946684800", "2000-01-01"),
        ("946684800000", "2000-01-01"),
    ],
)
def test_a_time_stamp_counts_seconds_or_thousandths_of_them(value: str, days: str) -> None:
    assert read(value) == days


@pytest.mark.parametrize(
    "value", ["0", "1", "-1", "12345", "100000000", "99999999999", "1e9", "9" * 40, "1747038600x"]
)
def test_a_number_that_is_no_plausible_time_is_no_date(value: str) -> None:
    assert read(value) is None


@pytest.mark.parametrize(
    ("value", "days"),
    [("2025-05", "2025-05"), ("2025", "2025"), ("D:202505", "2025-05"), ("mai 2025", "2025-05")],
)
def test_a_month_or_a_year_stays_one(value: str, days: str) -> None:
    assert read(value) == days


@pytest.mark.parametrize(
    "value",
    [
        *("", "hier", "12 mai", "2025-02-30", "2025-13-01", "20251345", "0001-01-01", "9999-01-01"),
        *("31/02/2025", "D:", "D:0000", "Mon, 99 May 2025 10:00:00 GMT", "n/a"),
        "un long texte qui parle aussi du 12 mai 2025 mais qui n'est pas une date du tout",
    ],
)
def test_what_the_calendar_or_the_news_lack_is_no_date(value: str) -> None:
    assert read(value) is None


def test_the_day_stands_first_unless_only_the_month_can() -> None:
    assert read("05/12/2025") == "2025-12-05"
    assert read("05/13/2025") == "2025-05-13"
    assert read("13/13/2025") is None


@pytest.mark.parametrize(
    ("value", "language", "is_ambiguous"),
    [
        ("05/12/2025", "en", True),
        ("05/12/2025", "fr", False),
        ("05/05/2025", "en", False),
        ("13/05/2025", "en", False),
        ("05/13/2025", "en", False),
        ("2025-05-12", "en", False),
    ],
)
def test_only_english_leaves_day_and_month_open(
    value: str, language: str, is_ambiguous: bool
) -> None:
    found = read_days(value, language)

    assert found is not None
    assert found.is_ambiguous == is_ambiguous


_DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@given(
    _DAYS,
    st.sampled_from(
        [
            "%Y-%m-%d",
            "%Y-%m-%dT%H:%M:%S+07:00",
            "%Y%m%d",
            "D:%Y%m%d%H%M%S-05'00'",
            "%d/%m/%Y",
            "%d.%m.%Y %H:%M",
            "%a, %d %b %Y %H:%M:%S -1100",
        ]
    ),
    st.times(),
)
def test_every_day_written_in_a_shape_is_read_again(day: date, shape: str, time: object) -> None:
    written = datetime.combine(day, time).strftime(shape)  # type: ignore[arg-type]

    assert read(written) == day.isoformat()


@given(_DAYS.filter(lambda day: day > date(1990, 1, 1)), st.integers(0, 86_399))
def test_every_count_of_seconds_is_the_day_in_utc(day: date, second: int) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    stamp = int((midnight + timedelta(seconds=second)).timestamp())

    assert read(str(stamp)) in (day.isoformat(), None if stamp >= 10**10 else day.isoformat())
    assert read(str(stamp * 1000)) == day.isoformat()


@settings(deadline=None)
@given(st.text(alphabet=st.characters(), max_size=400) | st.from_regex(r"[\d:/.T+ D-]{0,30}"))
def test_any_value_is_read_or_not(value: str) -> None:
    found = read_days(value, "fr")

    assert found is None or isinstance(found.days, DateRange)
