from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.arrays import array_bytes
from index.dates import find_dates
from index.mentions import DateIndex
from index.same import find_same
from index.types import Article, Chunk, DateMention, DateRange, YearlessRange

MakeArticle = Callable[..., Article]

DAY = DateRange.day(date(2025, 5, 12))
MAY = DateRange.month(2025, 5)
SENTENCES = [
    "L'accord a été signé le 12 mai 2025. ",
    "Les discussions avaient commencé en mai 2025. ",
    "Le premier texte date de 1998. ",
    "Rien ne dit quand la suite viendra. ",
    "Une fête a lieu le 12 mai. ",
    "On se réunit en mai, dit-il. ",
    "Le 13 mai 2025, tout était fini. ",
]


def chunk_by_sentence(position: int, sentences: Sequence[str]) -> list[Chunk]:
    ends = np.cumsum([0, *map(len, sentences)]).tolist()
    return [Chunk(position, start, end) for start, end in pairwise(ends)]


@pytest.fixture(scope="module")
def dates(make_article: MakeArticle) -> DateIndex:
    article = make_article("".join(SENTENCES), published=None)
    return DateIndex.build([article], chunk_by_sentence(0, SENTENCES))


def test_rows_that_name_a_day_are_found_by_the_day(dates: DateIndex) -> None:
    assert dates.rows_naming(DAY).tolist() == [0]


def test_rows_that_name_days_of_a_month_or_the_month_are_found_by_the_month(
    dates: DateIndex,
) -> None:
    assert dates.rows_naming(MAY).tolist() == [0, 1, 6]


def test_rows_that_name_anything_of_a_year_are_found_by_the_year(dates: DateIndex) -> None:
    assert dates.rows_naming(DateRange.year(2025)).tolist() == [0, 1, 6]
    assert dates.rows_naming(DateRange.year(1998)).tolist() == [2]


def test_days_nobody_names_have_no_rows(dates: DateIndex) -> None:
    nothing = dates.rows_naming(DateRange.day(date(2025, 5, 14)))

    assert nothing.tolist() == []
    assert nothing.dtype == np.int64
    assert dates.rows_naming(DateRange(date.min, date.min)).tolist() == []


def test_rows_without_a_year_are_found_by_day_and_month(dates: DateIndex) -> None:
    assert dates.rows_naming_yearless(YearlessRange((5, 12), (5, 12))).tolist() == [4]
    assert dates.rows_naming_yearless(YearlessRange((5, 1), (5, 31))).tolist() == [4, 5]
    assert dates.rows_naming_yearless(YearlessRange((6, 1), (6, 30))).tolist() == []


def test_days_across_new_year_are_found(make_article: MakeArticle) -> None:
    sentences = ["Le 24 décembre. ", "Le 2 janvier. ", "Le 7 janvier. ", "Le 12 mai. "]
    article = make_article("".join(sentences))
    dates = DateIndex.build([article], chunk_by_sentence(0, sentences))

    assert dates.rows_naming_yearless(YearlessRange((12, 20), (1, 5))).tolist() == [0, 1]


def test_a_day_resolved_by_the_articles_date_has_its_year(make_article: MakeArticle) -> None:
    article = make_article(
        "La fête a eu lieu le 12 mai.", published=DateRange.day(date(2025, 5, 20))
    )

    dates = DateIndex.build([article], [Chunk(0, 0, len(article.text))])

    assert dates.rows_naming(DAY).tolist() == [0]
    assert dates.rows_naming_yearless(YearlessRange((5, 12), (5, 12))).tolist() == []
    (mention,) = dates.of_row(0)
    assert (mention.range, mention.yearless) == (DAY, YearlessRange((5, 12), (5, 12)))


def test_mentions_have_their_places_in_the_articles_text(make_article: MakeArticle) -> None:
    article = make_article("".join(SENTENCES))
    chunks = chunk_by_sentence(0, SENTENCES)

    dates = DateIndex.build([article], chunks)

    written = [
        [article.text[mention.start : mention.end] for mention in dates.of_row(row)]
        for row in range(len(chunks))
    ]
    assert ["12 mai 2025" in "".join(words) for words in written] == [True] + [False] * 6
    assert written[3] == []
    assert "13 mai 2025" in written[6][0]


def test_the_days_and_years_that_are_named_come_in_order(dates: DateIndex) -> None:
    assert dates.days() == [date(2025, 5, 12), date(2025, 5, 13)]
    assert dates.years() == [1998, 2025]


def test_dates_in_furniture_are_left_out(make_article: MakeArticle) -> None:
    text = "Photo du 11 mai 2025. La visite a eu lieu le 12 mai 2025."
    article = make_article(text, furniture=((0, len("Photo du 11 mai 2025.")),))

    dates = DateIndex.build([article], [Chunk(0, 0, len(text))])

    assert dates.days() == [date(2025, 5, 12)]


def test_a_date_that_a_chunk_cuts_belongs_to_the_chunk_it_begins_in(
    make_article: MakeArticle,
) -> None:
    text = "La visite a eu lieu le 12 mai 2025 à Minsk."
    cut = text.index("mai")
    article = make_article(text)

    dates = DateIndex.build([article], [Chunk(0, 0, cut), Chunk(0, cut, len(text))])

    assert dates.rows_naming(DAY).tolist() == [0]
    assert dates.of_row(1) == []


def test_rows_count_through_all_articles(make_article: MakeArticle) -> None:
    articles = [make_article("Le 11 mai 2025."), make_article(""), make_article("Le 12 mai 2025.")]
    chunks = [Chunk(0, 0, 15), Chunk(2, 0, 15)]

    dates = DateIndex.build(articles, chunks)

    assert dates.rows_naming(DAY).tolist() == [1]


@pytest.mark.parametrize("text", ["", "Rien ne porte de date ici."])
def test_articles_without_dates_have_an_index_all_the_same(
    make_article: MakeArticle, text: str
) -> None:
    chunks = [Chunk(0, 0, len(text))] if text else []
    built = DateIndex.build([make_article(text)], chunks)

    dates = DateIndex.from_files(built.to_files())

    assert dates.rows_naming(DAY).tolist() == []
    assert dates.rows_naming_yearless(YearlessRange((5, 12), (5, 12))).tolist() == []
    assert (dates.of_row(0), dates.days(), dates.years()) == ([], [], [])


def test_what_is_saved_is_the_same_when_loaded(dates: DateIndex) -> None:
    loaded = DateIndex.from_files(dates.to_files())

    loaded.check()
    assert loaded.to_files() == dates.to_files()
    assert (loaded.days(), loaded.years()) == (dates.days(), dates.years())
    assert [loaded.of_row(row) for row in range(7)] == [dates.of_row(row) for row in range(7)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("row", -1),
        ("start", 10**6),
        ("end", 0),
        ("first", -5),
        ("last", 3_652_060),
        ("yearless_first", 1332),
        ("yearless_last", 230),
    ],
)
def test_mentions_of_days_that_cannot_be_are_refused(
    dates: DateIndex, field: str, value: int
) -> None:
    columns = {name: column.copy() for name, column in dates.mentions.items()}
    columns[field][0] = value

    with pytest.raises(ValueError, match="dates that cannot be"):
        DateIndex(np.array(list(columns.values()))).check()


@pytest.mark.parametrize("value", [0, 3, 9, 1_000_000])
def test_a_wrong_order_of_days_is_found_by_a_check_and_does_no_harm_before(
    dates: DateIndex, value: int
) -> None:
    files = dates.to_files()
    count = len(dates.mentions["row"])
    by_day = array_bytes(np.full(count, value, dtype="<u4"))
    damaged = DateIndex.from_files(files | {"by_day.npy": by_day})

    with pytest.raises(ValueError, match="out of order"):
        damaged.check()
    for asked in (DAY, MAY, DateRange(date.min, date.max)):
        with suppress(ValueError):
            assert max(damaged.rows_naming(asked), default=0) < len(SENTENCES)
    with suppress(ValueError):
        damaged.rows_naming_yearless(YearlessRange((1, 1), (12, 31)))


def test_columns_of_another_length_are_refused(dates: DateIndex) -> None:
    shorter = array_bytes(np.zeros(1, dtype="<u4"))

    with pytest.raises(ValueError, match="shape"):
        DateIndex.from_files(dates.to_files() | {"by_day.npy": shorter})


TEXTS = st.lists(st.lists(st.sampled_from(SENTENCES), max_size=4), max_size=5)


def articles_of(texts: Sequence[Sequence[str]]) -> tuple[list[Article], list[Chunk]]:
    articles = [Article(f"{n}.txt", "Titre", "".join(text), DAY) for n, text in enumerate(texts)]
    chunks = [chunk for n, text in enumerate(texts) for chunk in chunk_by_sentence(n, text)]
    return articles, chunks


@given(old=TEXTS, data=st.data())
@settings(deadline=None, max_examples=40)
def test_what_is_taken_over_from_before_gives_the_same_bytes(
    old: list[list[str]], data: st.DataObject
) -> None:
    new = data.draw(st.lists(st.sampled_from(old), max_size=5)) if old else []
    new += data.draw(TEXTS)
    before, now = articles_of(old), articles_of(data.draw(st.permutations(new)))
    ids = {article.text: article.id for article in before[0]}
    now[0][:] = [replace(one, id=ids.get(one.text, f"new/{one.id}")) for one in now[0]]
    same = find_same(*before, *now)

    again = DateIndex.build(*now, DateIndex.build(*before), same.rows)

    assert again.to_files() == DateIndex.build(*now).to_files()


@given(texts=TEXTS, first=st.dates(date(1997, 1, 1), date(2026, 1, 1)), length=st.integers(0, 900))
@settings(deadline=None, max_examples=40)
def test_rows_are_found_as_if_every_mention_was_looked_at(
    texts: list[list[str]], first: date, length: int
) -> None:
    articles, chunks = articles_of(texts)
    dates = DateIndex.build([replace(article, published=None) for article in articles], chunks)
    days = DateRange(first, first + timedelta(days=length))

    naming = [
        row
        for row in range(len(chunks))
        if any(one.range is not None and one.range.within(days) for one in dates.of_row(row))
    ]
    assert dates.rows_naming(days).tolist() == naming


@given(
    sentences=st.lists(st.sampled_from(SENTENCES), max_size=12),
    cuts=st.lists(st.integers(0, 500)),
)
@settings(deadline=None, max_examples=40)
def test_every_date_of_a_text_is_given_to_exactly_the_chunk_it_begins_in(
    make_article: MakeArticle, sentences: list[str], cuts: list[int]
) -> None:
    text = "".join(sentences)
    ends = sorted({cut for cut in cuts if 0 < cut < len(text)} | {0, len(text)})
    chunks = [Chunk(0, start, end) for start, end in pairwise(ends)]
    article = make_article(text, published=DAY)

    dates = DateIndex.build([article], chunks)

    held: list[DateMention] = []
    for row, chunk in enumerate(chunks):
        mentions = dates.of_row(row)
        assert all(chunk.start <= mention.start < chunk.end for mention in mentions)
        held.extend(mentions)
    found = find_dates(text, language=article.language, anchor=article.published)
    assert [(mention.start, mention.end, mention.range, mention.yearless) for mention in held] == [
        (mention.start, mention.end, mention.range, mention.yearless) for mention in found
    ]
