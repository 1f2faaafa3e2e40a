from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import PeriodEmpty, PeriodInvalid, QuestionTooLong
from index.store import Store
from index.types import Article, DateRange
from qa.assistant import Assistant
from qa.filters import read_period
from qa.retrieval import merge_neighbours, span_of, undated
from qa.types import AskedDate, Question

MAX_ROWS = 3

# five subjects, one article each, a year apart
SUBJECTS = {
    "2021-05-12": "Le tramway relie la gare au port en dix minutes.",
    "2022-05-12": "Le marché couvert vend des poissons et des fruits.",
    "2023-05-12": "Le stade accueille la finale du tournoi de rugby.",
    "2024-05-12": "Le musée expose des tapisseries anciennes de laine.",
    "2025-05-12": "Le théâtre répète une comédie sur un notaire avare.",
}


def make_article(text: str, published: str | None = None, **fields: object) -> Article:
    days = DateRange.parse(published) if published else None
    known: dict[str, object] = {"id": "a.txt", "title": "Nouvelles"}
    return Article(text=text, published=days, **(known | fields))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def assistant(assist_words: Callable[..., Assistant]) -> Assistant:
    return assist_words(
        *(
            make_article(text, day, id=f"{folder}/{day}.txt", source=source)
            for (day, text), folder, source in zip(
                SUBJECTS.items(),
                ["ville", "ville", "sport", "culture", "culture"],
                ["Le Port", "Le Port", "L'Arène", None, "Le Port"],
                strict=True,
            )
        )
    )


def years(assistant: Assistant, question: str = "nouvelles de la ville", **filters: object) -> str:
    """Return the years of the articles found, in order: "2021 2022"."""
    passages = assistant.retrieve(question, 10, **filters)  # type: ignore[arg-type]
    return " ".join(sorted(str(passage.article.published)[:4] for passage in passages))


@pytest.mark.parametrize(
    ("k", "found"), [(-3, 0), (0, 0), (1, 1), (3, 3), (5, 5), (1000, 5)], ids=str
)
def test_at_most_k_passages_are_returned(assistant: Assistant, k: int, found: int) -> None:
    passages = assistant.retrieve("Que relie le tramway ?", k)

    assert [passage.rank for passage in passages] == list(range(1, found + 1))


def test_a_smaller_k_returns_the_same_passages_from_the_top(assistant: Assistant) -> None:
    five, two = (assistant.retrieve("Que relie le tramway ?", k) for k in (5, 2))

    assert [passage.article.id for passage in two] == [passage.article.id for passage in five[:2]]
    assert [passage.score for passage in two] == [passage.score for passage in five[:2]]


@pytest.mark.parametrize(("day", "text"), SUBJECTS.items(), ids=SUBJECTS)
def test_the_passage_that_shares_the_words_of_the_question_is_first(
    assistant: Assistant, day: str, text: str
) -> None:
    best, *others = assistant.retrieve(text)

    assert str(best.article.published) == day
    assert all(best.score >= other.score for other in others)


def test_passages_are_the_articles_words_and_hold_their_quotes(assistant: Assistant) -> None:
    for passage in assistant.retrieve("Que relie le tramway de la gare ?"):
        assert passage.text == passage.article.text[passage.start : passage.end]
        assert passage.quotes
        assert all(passage.start <= start < end <= passage.end for start, end in passage.quotes)


@pytest.mark.parametrize("question", ["", "   ", "?!…", "😀", "\u200f\u200e", "\x00"], ids=ascii)
def test_a_question_that_asks_nothing_finds_nothing(assistant: Assistant, question: str) -> None:
    assert assistant.retrieve(question) == []


def test_a_question_of_10000_characters_is_refused_with_its_length(assistant: Assistant) -> None:
    with pytest.raises(QuestionTooLong, match="10000 characters; at most 2000"):
        assistant.retrieve("a" * 10_000)


def test_half_a_character_is_read_as_a_question_mark(assistant: Assistant) -> None:
    assert assistant.retrieve("Que relie le tramway \udcff")[0].article.id == "ville/2021-05-12.txt"


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param({"after": "2023"}, "2023 2024 2025", id="after a year"),
        pytest.param({"after": "2023-05"}, "2023 2024 2025", id="after a month"),
        pytest.param({"after": "2023-05-12"}, "2023 2024 2025", id="after that very day"),
        pytest.param({"after": "2023-05-13"}, "2024 2025", id="after the next day"),
        pytest.param({"after": date(2023, 5, 12)}, "2023 2024 2025", id="after a date"),
        pytest.param(
            {"after": datetime(2023, 5, 12, 23, 59)}, "2023 2024 2025", id="after a moment"
        ),
        pytest.param({"before": "2023"}, "2021 2022 2023", id="before the end of a year"),
        pytest.param({"before": "2023-05"}, "2021 2022 2023", id="before the end of a month"),
        pytest.param({"before": "2023-05-12"}, "2021 2022 2023", id="before that very day"),
        pytest.param({"before": "2023-05-11"}, "2021 2022", id="before the day before"),
        pytest.param({"before": date(2023, 5, 12)}, "2021 2022 2023", id="before a date"),
        pytest.param({"after": "2022", "before": "2024"}, "2022 2023 2024", id="between years"),
        pytest.param({"after": "2022", "before": "2022"}, "2022", id="within a year"),
        pytest.param({"after": "2026"}, "", id="after everything"),
        pytest.param({"before": "0001"}, "", id="before everything"),
        pytest.param({"sources": ["le port"]}, "2021 2022 2025", id="a source"),
        pytest.param({"sources": "Le Port"}, "2021 2022 2025", id="a source, not in a list"),
        pytest.param({"sources": ["culture"]}, "2024 2025", id="a folder"),
        pytest.param({"sources": ["culture", "L'Arène"]}, "2023 2024 2025", id="either"),
        pytest.param({"sources": ["inconnue"]}, "", id="no such source"),
        pytest.param({"sources": ["Le Port"], "after": "2022"}, "2022 2025", id="both filters"),
    ],
)
def test_filters_let_through_what_they_name(
    assistant: Assistant, filters: dict[str, object], expected: str
) -> None:
    assert years(assistant, **filters) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    ["", "hier", "12 mai 2025", "2025-13", "2025-02-30", "25", "2025-5-1", 2025, b"2025", ["2025"]],
    ids=repr,
)
@pytest.mark.parametrize("name", ["after", "before"])
def test_a_filter_that_is_no_date_is_refused_with_its_value(
    assistant: Assistant, name: str, value: object
) -> None:
    with pytest.raises(PeriodInvalid) as caught:
        assistant.retrieve("Que relie le tramway ?", **{name: value})  # type: ignore[arg-type]

    assert repr(value) in str(caught.value)


@pytest.mark.parametrize("method", ["ask", "retrieve"])
def test_a_period_that_ends_before_it_begins_is_refused(assistant: Assistant, method: str) -> None:
    with pytest.raises(PeriodEmpty, match="2025-06"):
        getattr(assistant, method)("Que relie le tramway ?", after="2025-06", before="2025-05")


@given(st.dates(), st.dates())
def test_both_ends_of_a_period_are_included(one: date, other: date) -> None:
    first, last = sorted([one, other])

    assert read_period(first, last.isoformat()) == DateRange(first, last)


@pytest.mark.parametrize("filters", [{"after": "2026"}, {"sources": ["inconnue"]}], ids=str)
@pytest.mark.parametrize(
    "question", ["Que relie le tramway ?", "Que relie le tramway depuis le 12 mai 2021 ?", "12 mai"]
)
def test_an_answer_says_so_when_the_filters_leave_nothing(
    assistant: Assistant, filters: dict[str, str], question: str
) -> None:
    answer = assistant.ask(question, **filters)  # type: ignore[arg-type]

    assert answer.text == "Aucun passage ne correspond à ces filtres."
    assert not answer.grounded
    assert answer.passages == ()


@pytest.mark.parametrize("asked", ["le 12 mai 2021", "le 1er janvier 1789", "avant 1700"])
def test_a_date_in_the_question_never_empties_the_result(assistant: Assistant, asked: str) -> None:
    passages = assistant.retrieve(f"Que vend le marché couvert {asked} ?")

    assert len(passages) == 5


def test_a_date_in_the_question_moves_its_day_up(assistant: Assistant) -> None:
    without = assistant.retrieve("nouvelles de la ville")
    dated = assistant.retrieve("nouvelles de la ville du 12 mai 2024")

    assert str(dated[0].article.published) == "2024-05-12"
    assert len(without) == len(dated)


def test_only_whole_words_of_a_question_are_taken_for_its_date() -> None:
    dates = (AskedDate("mai"),)
    question = Question("…", "Que fait la maire de Brest en mai ?", "fr", dates)

    assert undated(question) == "Que fait la maire de Brest en ?"


@pytest.mark.parametrize("text", ["12 mai", "le 12 mai ?", "en 12 mai"])
def test_nothing_is_left_of_a_question_that_names_only_a_date(text: str) -> None:
    question = Question(text, text, "fr", (AskedDate("12 mai"),))

    assert undated(question) == ""


# an article of eight chunks about fishing boats, and one of as many about vineyards
def long_text(subject: str) -> str:
    return "\n\n".join(
        " ".join(f"{subject} et la saison numéro {part} se passe bien." for _ in range(25))
        for part in range(8)
    )


LONG = (
    make_article(long_text("Le bateau de pêche rentre au port"), id="a.txt", title="La pêche"),
    make_article(long_text("La vigne pousse sur le coteau"), id="b.txt", title="La vigne"),
)


@pytest.fixture(scope="module")
def long_index(index_words: Callable[..., Store]) -> Store:
    return index_words(*LONG)


def rows_of(index: Store, position: int) -> list[int]:
    return [row for row, chunk in enumerate(index.chunks) if chunk.article == position]


def ranked(rows: Sequence[int], rest: Sequence[int] = ()) -> list[tuple[int, float, float]]:
    """Give `rows` falling scores, and then as many others, which pull nothing in."""
    padded = [*rows, *rest]
    return [(row, float(len(padded) - place), 0.0) for place, row in enumerate(padded)]


def test_hits_in_neighbouring_chunks_become_one_passage(long_index: Store) -> None:
    first, second, third, *rest = rows_of(long_index, 0)

    best = merge_neighbours(ranked([second, first, third], rest[1:4]), long_index, MAX_ROWS)[0]

    assert best.rows == (first, third + 1)
    assert best.score == 6  # of its best row
    assert span_of(best, long_index) == (
        long_index.chunks[first].start,
        long_index.chunks[third].end,
    )


def test_a_hit_whose_neighbours_were_not_found_stays_alone(long_index: Store) -> None:
    rows = rows_of(long_index, 0)

    merged = merge_neighbours(ranked([rows[0], rows[2]], [rows[4], rows[6]]), long_index, MAX_ROWS)

    assert [stretch.rows for stretch in merged] == [
        (row, row + 1) for row in (rows[0], rows[2], rows[4], rows[6])
    ]


def test_neighbours_are_never_merged_across_articles(long_index: Store) -> None:
    last, following = rows_of(long_index, 0)[-1], rows_of(long_index, 1)[0]

    merged = merge_neighbours(ranked([last, following], [0, 1]), long_index, MAX_ROWS)

    assert following == last + 1
    assert [stretch.rows for stretch in merged[:2]] == [
        (last, last + 1),
        (following, following + 1),
    ]


@settings(deadline=None)
@given(st.data(), st.integers(1, 5))
def test_every_row_found_lies_in_exactly_one_stretch_of_its_article(
    long_index: Store, data: st.DataObject, max_rows: int
) -> None:
    rows = range(len(long_index.chunks))
    found = data.draw(st.lists(st.sampled_from(rows), unique=True, min_size=1))

    merged = merge_neighbours(ranked(found), long_index, max_rows)

    covered = [row for stretch in merged for row in range(*stretch.rows)]
    assert sorted(covered) == sorted(found)
    assert [stretch.score for stretch in merged] == sorted(
        (stretch.score for stretch in merged), reverse=True
    )
    for stretch in merged:
        assert 1 <= stretch.rows[1] - stretch.rows[0] <= max_rows
        assert {long_index.chunks[row].article for row in range(*stretch.rows)} == {
            stretch.position
        }


def test_a_long_article_is_retrieved_in_passages_that_do_not_run_into_each_other(
    assist_words: Callable[..., Assistant],
) -> None:
    assistant = assist_words(*LONG)
    chunks = [chunk for chunk in assistant.index.chunks if chunk.article == 0]
    longest = max(chunk.end - chunk.start for chunk in chunks)

    passages = [
        passage
        for passage in assistant.retrieve("Le bateau de pêche rentre au port", 20)
        if passage.article.id == "a.txt"
    ]

    assert len(chunks) >= 8
    assert 1 < len(passages) < len(chunks)
    for passage in passages:
        assert passage.end - passage.start <= MAX_ROWS * longest
    in_order = sorted(passages, key=lambda passage: passage.start)
    assert all(one.end <= next_.start for one, next_ in pairwise(in_order))


_ENDLESS = {
    "letters": "a" * 1_000_000,
    "zeros": "\0" * 1_000_000,
    "halves": "\ud800" * 1_000_000,
    "marks": "e" + "\u0301\u0327" * 500_000,
    "right to left": "\u202eעברית " * 150_000,
    "signs": "?!" * 500_000,
    "dates": "12 mai 2025 " * 10_000,
    "names": "Jean Martin " * 10_000,
}


@pytest.mark.parametrize("question", _ENDLESS.values(), ids=_ENDLESS.keys())
def test_a_question_without_end_is_refused_and_what_goes_with_one_is_read(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)

    assert not answer.grounded
    assert f"{len(question)}" in answer.text
    with pytest.raises(QuestionTooLong, match=f"{len(question)} characters; at most 2000"):
        assistant.retrieve(question)
    assert assistant.retrieve("Que relie le tramway ?", words=[question]) == []
    assert assistant.retrieve("Que relie le tramway ?", sources=[question]) == []
    assistant.ask("Et ensuite ?", history=[(question, question)] * 3)
    assistant.ask(question[:2000])
