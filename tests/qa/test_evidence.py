from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from index.store import Store
from index.types import Article, DateRange, YearlessRange
from qa.evidence import asked_ranges, date_evidence, nearest_days, period_rows
from qa.settings import DEFAULT
from qa.types import AskedDate, Question, Relation

MakeContent = Callable[..., Store]

NAMES, THAT_DAY, ELSEWHERE, AFTER, MONTH, NOTHING = (
    DEFAULT.names_day,
    DEFAULT.published_that_day,
    DEFAULT.article_names_day,
    DEFAULT.published_after,
    DEFAULT.same_month,
    0,
)
TWELFTH = YearlessRange((5, 12), (5, 12))
# longer than a chunk
FILLER = "Les délégations ont parlé de commerce, de culture et de recherche. " * 40


def make_article(text: str, published: str | None = None, **fields: object) -> Article:
    days = DateRange.parse(published) if published else None
    known: dict[str, object] = {"id": "a.txt", "title": "Titre"}
    return Article(text=text, published=days, **(known | fields))  # type: ignore[arg-type]


def asks(*dates: AskedDate) -> Question:
    return Question("Qui ?", "Qui ?", "fr", dates)


def on(days: str, relation: Relation = "on") -> AskedDate:
    return AskedDate(days, range=DateRange.parse(days), relation=relation)


def yearless(days: YearlessRange, relation: Relation = "on") -> AskedDate:
    return AskedDate("sans année", yearless=days, relation=relation)


def evidence_of(make_content: MakeContent, article: Article, asked: AskedDate) -> list[float]:
    """Return the evidence of each row of a single article, rounded."""
    content = make_content(article)
    return [round(value, 3) for value in weigh(asks(asked), content)]


def weigh(question: Question, content: Store) -> list[float]:
    """Return the evidence of each row."""
    evidence = date_evidence(question.dates, content, DEFAULT)
    return [float(value) for value in evidence.at(np.arange(len(content.chunks)))]


def test_the_degrees_of_evidence_stand_in_this_order() -> None:
    assert NAMES > THAT_DAY > ELSEWHERE > AFTER > MONTH > NOTHING


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        pytest.param("Signé le 12 mai 2025.", "2025-09-01", NAMES, id="names the day"),
        pytest.param("Signé le 12 mai.", "2025-05-14", NAMES, id="names it by its article's year"),
        pytest.param("Signé à Minsk.", "2025-05-12", THAT_DAY, id="published that day"),
        pytest.param("Signé à Minsk.", "2025-05-13", AFTER, id="published the day after"),
        pytest.param("Signé à Minsk.", "2025-05-14", AFTER, id="published two days after"),
        pytest.param("Signé à Minsk.", "2025-05-15", MONTH, id="published three days after"),
        pytest.param("Signé à Minsk.", "2025-05-11", MONTH, id="published the day before"),
        pytest.param("Signé à Minsk.", "2025-05-31", MONTH, id="the last of the month"),
        pytest.param("Signé à Minsk.", "2025-05-01", MONTH, id="the first of the month"),
        pytest.param("Signé à Minsk.", "2025-05", MONTH, id="published some day of the month"),
        pytest.param("Signé à Minsk.", "2025-06-01", NOTHING, id="the next month"),
        pytest.param("Signé à Minsk.", "2025-04-30", NOTHING, id="the month before"),
        pytest.param("Signé à Minsk.", "2024-05-12", NOTHING, id="another year"),
        pytest.param("Signé le 12 mai 2024.", "2024-06-01", NOTHING, id="names another year's"),
        pytest.param("Signé à Minsk.", None, NOTHING, id="no date at all"),
    ],
)
def test_a_row_agrees_with_a_day(
    make_content: MakeContent, text: str, published: str | None, expected: float
) -> None:
    article = make_article(text, published)

    assert evidence_of(make_content, article, on("2025-05-12")) == [pytest.approx(expected)]


def test_a_short_month_ends_on_its_own_last_day(make_content: MakeContent) -> None:
    """The 31st of a month of 30 days would be the first of the next."""
    article = make_article("Signé à Minsk.", "2025-07-01")

    assert evidence_of(make_content, article, on("2025-06-12")) == [NOTHING]


def test_a_row_whose_article_names_the_day_elsewhere_counts_less_than_the_one_that_does(
    make_content: MakeContent,
) -> None:
    article = make_article(f"Signé le 12 mai 2025.\n\n{FILLER}", "2025-09-01")

    first, *others = evidence_of(make_content, article, on("2025-05-12"))

    assert first == NAMES
    assert others
    assert set(others) == {ELSEWHERE}


def test_an_article_of_the_day_that_also_names_it_elsewhere_counts_as_of_the_day(
    make_content: MakeContent,
) -> None:
    article = make_article(f"Signé ce 12 mai 2025.\n\n{FILLER}", "2025-05-12")

    first, *others = evidence_of(make_content, article, on("2025-05-12"))

    assert first == NAMES
    assert set(others) == {THAT_DAY}


@pytest.mark.parametrize("published", ["2019-05-12", "2025-05-12"])
def test_a_day_without_a_year_is_that_day_of_any_year(
    make_content: MakeContent, published: str
) -> None:
    article = make_article("Signé à Minsk.", published)

    assert evidence_of(make_content, article, yearless(TWELFTH)) == [pytest.approx(THAT_DAY)]


def test_a_day_without_a_year_is_found_where_no_year_is_known(make_content: MakeContent) -> None:
    named = make_article("Signé le 12 mai.")
    other = make_article("Signé le 13 mai.")

    assert evidence_of(make_content, named, yearless(TWELFTH)) == [NAMES]
    assert evidence_of(make_content, other, yearless(TWELFTH)) == [NOTHING]


def test_the_29th_of_february_is_asked_of_leap_years_only(make_content: MakeContent) -> None:
    content = make_content(
        make_article("Un bilan.", "2023-06-01"),
        make_article("Un autre bilan.", "2024-06-01", id="b.txt"),
    )

    assert asked_ranges(yearless(YearlessRange((2, 29), (2, 29))), content) == [
        DateRange.parse("2024-02-29")
    ]


def test_a_period_over_new_year_is_found_in_the_year_it_ends_in(make_content: MakeContent) -> None:
    article = make_article("Signé à Minsk.", "2026-01-02")
    holidays = YearlessRange((12, 20), (1, 5))

    assert evidence_of(make_content, article, yearless(holidays)) == [pytest.approx(THAT_DAY)]


@pytest.mark.parametrize(
    ("relation", "published", "expected"),
    [
        ("since", "2025-05-12", THAT_DAY),
        ("since", "2031-01-01", THAT_DAY),
        ("since", "2025-04-30", NOTHING),
        ("before", "2025-05-12", MONTH),
        ("until", "2025-05-12", THAT_DAY),
        ("before", "1999-01-01", THAT_DAY),
        ("before", "2025-06-01", NOTHING),
    ],
)
def test_since_and_before_reach_to_the_end_of_time(
    make_content: MakeContent, relation: Relation, published: str, expected: float
) -> None:
    article = make_article("Signé à Minsk.", published)

    found = evidence_of(make_content, article, on("2025-05-12", relation))

    assert found == [pytest.approx(expected)]


def test_the_best_agreement_with_any_of_the_dates_counts(make_content: MakeContent) -> None:
    content = make_content(make_article("Signé à Minsk.", "2025-05-12"))

    found = weigh(asks(on("1999-01-01"), on("2025-05-12")), content)

    assert found == [pytest.approx(THAT_DAY)]


def test_a_question_without_a_date_has_no_evidence(make_content: MakeContent) -> None:
    content = make_content(make_article("Signé le 12 mai 2025.", "2025-05-12"))

    assert weigh(asks(), content) == [0]


@pytest.mark.parametrize("days", ["0001-01-01", "9999-12-31", "9999-12", "0001"])
def test_the_ends_of_the_calendar_are_days_like_others(
    make_content: MakeContent, days: str
) -> None:
    article = make_article("Signé à Minsk.", "2025-05-12")

    for relation in ("on", "since", "before"):
        evidence = evidence_of(make_content, article, on(days, relation))

        assert len(evidence) == 1


def test_the_nearest_days_with_news_come_in_order_of_distance(make_content: MakeContent) -> None:
    content = make_content(
        make_article("Signé le 1er mars 2025.", "2025-05-12"),  # 96 and 24 days before
        make_article("Bilan.", "2025-06-10", id="b.txt"),  # five days after
        make_article("Bilan.", "2025-05", id="c.txt"),  # a month is no day
    )

    assert nearest_days(asks(on("2025-06-05")), content) == [
        date(2025, 6, 10),
        date(2025, 5, 12),
        date(2025, 3, 1),
    ]
    assert nearest_days(asks(on("2025-06-05")), content, count=1) == [date(2025, 6, 10)]


def test_the_earlier_of_two_days_equally_near_comes_first(make_content: MakeContent) -> None:
    content = make_content(
        make_article("Bilan.", "2025-06-07"), make_article("Bilan.", "2025-06-03", id="b.txt")
    )

    assert nearest_days(asks(on("2025-06-05")), content) == [date(2025, 6, 3), date(2025, 6, 7)]


def test_a_day_of_any_year_is_near_in_each_year_with_news(make_content: MakeContent) -> None:
    content = make_content(
        make_article("Bilan.", "2019-05-13"), make_article("Bilan.", "2025-05-20", id="b.txt")
    )

    assert nearest_days(asks(yearless(TWELFTH)), content) == [date(2019, 5, 13), date(2025, 5, 20)]


def test_without_a_date_no_day_is_near(make_content: MakeContent) -> None:
    assert nearest_days(asks(), make_content(make_article("Bilan.", "2025-05-12"))) == []


@pytest.mark.parametrize(
    ("published", "passes"),
    [
        pytest.param("2025-05-01", True, id="the first day"),
        pytest.param("2025-05-31", True, id="the last day"),
        pytest.param("2025-04-30", False, id="the day before"),
        pytest.param("2025-06-01", False, id="the day after"),
        pytest.param("2025", True, id="a year that reaches into it"),
        pytest.param(None, False, id="no date"),
    ],
)
def test_a_period_lets_through_what_was_published_in_it(
    make_content: MakeContent, published: str | None, passes: bool
) -> None:
    content = make_content(make_article("Signé à Minsk.", published))

    rows = period_rows(content, DateRange.parse("2025-05"), None)

    assert rows is not None
    assert rows.tolist() == ([0] if passes else [])


def test_an_undated_article_passes_a_period_with_the_rows_that_name_a_day_of_it(
    make_content: MakeContent,
) -> None:
    content = make_content(make_article(f"Signé le 12 mai 2025.\n\n{FILLER}"))

    inside = period_rows(content, DateRange.parse("2025-05"), None)
    outside = period_rows(content, DateRange.parse("2025-06"), None)

    assert len(content.chunks) > 1
    assert inside is not None
    assert inside.tolist() == [0]
    assert outside is not None
    assert outside.tolist() == []


def test_a_dated_article_does_not_pass_by_a_day_it_names(make_content: MakeContent) -> None:
    content = make_content(make_article("Signé le 12 mai 2025.", "2025-09-01"))

    rows = period_rows(content, DateRange.parse("2025-05"), None)

    assert rows is not None
    assert rows.tolist() == []


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        pytest.param(["Agence Été"], [0], id="a source"),
        pytest.param(["AGENCE ÉTÉ"], [0], id="in other letters"),
        pytest.param("Agence Été", [0], id="one source, not in a list"),
        pytest.param(["monde"], [0, 1], id="a folder"),
        pytest.param(["monde/asie/"], [1], id="a folder in a folder"),
        pytest.param(["mon"], [], id="the start of a folder's name"),
        pytest.param(["Agence Été", "ville"], [0, 2], id="one or the other"),
        pytest.param(["inconnue"], [], id="no such source"),
        pytest.param([], [], id="none"),
    ],
)
def test_a_source_is_named_or_is_a_folder(
    make_content: MakeContent, sources: list[str], expected: list[int]
) -> None:
    content = make_content(
        make_article("Un.", id="monde/a.txt", source="Agence Été"),
        make_article("Deux.", id="monde/asie/b.txt"),
        make_article("Trois.", id="ville/c.txt", source="Autre"),
    )

    rows = period_rows(content, None, sources)

    assert rows is not None
    assert rows.tolist() == expected


def test_without_filters_nothing_is_left_out(make_content: MakeContent) -> None:
    assert period_rows(make_content(make_article("Un.")), None, None) is None


def test_both_filters_hold_together(make_content: MakeContent) -> None:
    content = make_content(
        make_article("Un.", "2025-05-12", id="monde/a.txt"),
        make_article("Deux.", "2024-05-12", id="monde/b.txt"),
        make_article("Trois.", "2025-05-12", id="ville/c.txt"),
    )

    rows = period_rows(content, DateRange.parse("2025"), ["monde"])

    assert np.array_equal(rows, [0])  # type: ignore[arg-type]
