import random
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.sets import is_held_out, read_articles
from index.spell import spell_date
from index.store import Store
from index.types import Article, DateRange
from qa.read import ReadText
from qa.types import AskedDate, Question
from training import examples
from training.examples import NEWS, Example, Part, move_dates, names_any, part_of, span_of

PARTS: tuple[Part, ...] = ("held out", "tuned", "trained")
names = st.text(min_size=1) | st.from_regex(r"(xq|nt)-(fr|en|vi)-[0-9]{3}", fullmatch=True)


def asks(text: str, language: str = "fr") -> Question:
    return examples.question_of({"question": text, "lang": language})


@given(st.lists(names, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_a_question_is_used_only_as_all_its_articles_may_be(
    articles: list[str], shuffled: random.Random
) -> None:
    """Held out stands before tuned, and tuned before trained."""
    expected = min(map(part_of, [[article] for article in articles]), key=PARTS.index)

    shuffled.shuffle(articles)

    assert part_of(articles) == expected
    assert (expected == "held out") == any(map(is_held_out, articles))


def test_the_parts_have_the_shares_that_the_readme_gives() -> None:
    parts = [part_of([f"piaf-p{number:05}"]) for number in range(10_000)]

    # five standard deviations: 5 * sqrt(10,000 * share * (1 - share))
    for part, share in zip(PARTS, (1 / 5, 4 / 5 / 6, 4 / 5 * 5 / 6), strict=True):
        tolerance = 5 * (10_000 * share * (1 - share)) ** 0.5
        assert parts.count(part) == pytest.approx(10_000 * share, abs=tolerance)


def month_of(day: date) -> DateRange:
    return DateRange.month(day.year, day.month)


def year_of(day: date) -> DateRange:
    return DateRange.year(day.year)


@settings(deadline=None)
@given(
    day=st.dates(date(1950, 1, 1), date(2025, 12, 31)),
    kind=st.sampled_from([DateRange.day, month_of, year_of]),
    language=st.sampled_from(["fr", "en", "vi", "de", "es"]),
    seed=st.integers(0, 1000),
)
def test_a_date_is_moved_to_another_of_its_kind_in_the_language_of_the_question(
    day: date, kind: Callable[[date], DateRange], language: str, seed: int
) -> None:
    asked = kind(day)
    question = asks(f"Minsk, {spell_date(asked, language)} ?", language)

    moved = move_dates(question, random.Random(seed))

    assert moved is not None
    (found,) = moved.dates
    assert found.range is not None
    assert not found.range.overlaps(asked)
    assert found.range.precision == asked.precision
    assert moved.language == language
    assert moved.text == f"Minsk, {spell_date(found.range, language)} ?"


@pytest.mark.parametrize("period", ["depuis 1979", "avant 1979", "jusqu'en 1979"])
def test_a_day_moves_and_an_open_period_beside_it_stays(period: str) -> None:
    moved = move_dates(asks(f"Qui fut ministre {period}, le 12 mai 2025 ?"), random.Random(0))

    assert moved is not None
    assert moved.text.startswith(f"Qui fut ministre {period}, le ")
    assert "12 mai 2025" not in moved.text


@pytest.mark.parametrize(
    "period", ["entre 2020 et 2023", "du 3 au 12 mai 2025", "au premier semestre 2024"]
)
def test_a_period_of_several_days_or_years_is_not_moved(period: str) -> None:
    assert move_dates(asks(f"Qui fut ministre {period} ?"), random.Random(0)) is None


@given(st.integers(0, 300))
def test_two_days_of_a_question_are_both_left(seed: int) -> None:
    question = asks("Qui fut reçu le 12 mai 2025 et le 15 mai 2025 ?")

    moved = move_dates(question, random.Random(seed))

    if moved is not None:
        assert len(moved.dates) == 2
        assert not any(
            found.range is not None and days.range is not None and found.range.overlaps(days.range)
            for found in moved.dates
            for days in question.dates
        )


@pytest.mark.parametrize("asked", ["", "le 12 mai", "avant le 12 mai 2025", "depuis mai 2025"])
def test_without_a_day_of_a_known_year_nothing_is_moved(asked: str) -> None:
    assert move_dates(asks(f"Qui a signé {asked} ?"), random.Random(0)) is None


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (["2025-05-12"], True),
        (["2025-05"], True),
        (["2025-09-01"], True),  # its publication
        (["1999", "2025-05-12"], True),
        (["2025-05-13", "2024-05-12"], False),
        (["2025-06-03"], False),  # named elsewhere in the article
        ([], False),
    ],
)
def test_a_row_names_days_in_its_words_or_is_published_then(
    make_content: Callable[..., Store], asked: list[str], named: bool
) -> None:
    filler = "Les délégations ont parlé de commerce et de culture. " * 40
    text = f"Signé le 12 mai 2025.\n\n{filler}\n\nRatifié le 3 juin 2025."
    store = make_content(Article("a.txt", "Titre", text, DateRange.parse("2025-09-01")))
    dates = [AskedDate(days, DateRange.parse(days)) for days in asked]

    assert names_any(0, dates, store) == named


def test_a_question_made_of_a_day_alone_has_neither_answer_nor_neighbour() -> None:
    by_rule = {"kind": "day", "relevant": ["a"]}

    assert examples._is_by_rule(by_rule)
    for more in ({"kind": "who"}, {"near": ["a"]}, {"spans": [{"doc": "a", "start": 0, "end": 1}]}):
        assert not examples._is_by_rule(by_rule | more)


def test_an_answer_is_given_by_its_end_or_by_its_words() -> None:
    assert span_of({"doc": "a", "start": 3, "end": 9}) == (3, 9)
    assert span_of({"doc": "a", "start": 3, "text": "été"}) == (3, 6)


def test_wrong_texts_are_of_trained_articles_and_hold_no_answer(
    make_content: Callable[..., Store],
) -> None:
    ids = [f"a-{number}" for number in range(100)]
    held_out, tuned, trained = ([one for one in ids if part_of([one]) == part] for part in PARTS)
    store = make_content(
        Article(trained[0], "Nouvelles", "Le tramway relie la gare au PORT."),
        Article(trained[1], "Nouvelles", "Le port attend ses bateaux."),
        Article(held_out[0], "Nouvelles", "Le stade accueille une finale."),
        Article(tuned[0], "Nouvelles", "Le musée expose des tapisseries."),
        Article(trained[2], "Nouvelles", "Le théâtre répète une comédie."),
        Article(trained[3], "Nouvelles", "Le marché vend des fruits."),
    )
    spans = [{"doc": trained[0], "start": 28, "text": "PORT"}]
    record = {"relevant": trained[:1], "spans": spans, "near": [trained[3]]}
    right = examples._right_rows(record, range(6), store)

    assert right == [(0, (28, 32))]
    assert examples._wrong_rows(record, right, range(6), store) == [5, 4]  # the near one first
    assert examples._wrong_rows(record | {"near": held_out[:1]}, right, range(6), store) == [4, 5]
    # beside the right one, though no search finds it
    assert examples._wrong_rows(record, [(5, None)], [], store) == [4]
    # without a known answer any row of the right article may answer
    assert examples._wrong_rows({"relevant": [trained[2]]}, [], [4, 5], store) == [5]


def test_texts_of_our_archive_are_right_and_wrong_as_they_claim(
    make_content: Callable[..., Store],
) -> None:
    archive = [article for article in read_articles(NEWS) if article.id.startswith("dip-")]
    store = make_content(*archive)
    held = [(archive[chunk.article], chunk.start, chunk.end) for chunk in store.chunks]
    texts = [article.text[start:end] for article, start, end in held]
    queries = examples.all_queries("news", NEWS, "trained")
    answerable = [q for q in queries if q["id"].startswith("dip-") and q.get("spans")]

    assert len(answerable) > 50
    for number, query in enumerate(answerable):
        ranked = random.Random(number).sample(range(len(texts)), len(texts))
        answers = examples._answers(query, store)
        right = examples._right_rows(query, ranked, store)
        for row, span in right:
            assert span is not None
            assert texts[row][slice(*span)].casefold() in answers
        wrong = examples._wrong_rows(query, right, ranked, store)
        assert len(set(wrong)) == len(wrong) == 12
        for row in wrong:
            assert part_of([held[row][0].id]) == "trained"
            assert not any(answer in texts[row].casefold() for answer in answers)


read_texts = st.lists(st.builds(ReadText, st.text(), st.text()), max_size=3)
spans = st.none() | st.tuples(st.integers(0, 99), st.integers(0, 99))
made = st.builds(Example, st.text(), st.text(), read_texts, st.booleans(), spans)


@given(st.lists(made, max_size=4))
def test_examples_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, written: list[Example]
) -> None:
    path = tmp_path_factory.getbasetemp() / "new folder" / "examples.jsonl"

    examples.write(written, path)

    assert examples.read(path) == written
