from collections import Counter
from pathlib import Path

import pytest

from benchmarks.mutations.__main__ import choose, count, measure
from benchmarks.mutations.alter import Altered, alter
from benchmarks.mutations.judge import findings, judge_all
from benchmarks.mutations.truths import Truth, half_of
from index.load import Corpus
from index.types import Article
from qa.written.proof import sentences_of
from qa.written.types import Source


@pytest.fixture(scope="module")
def truths(corpus_folder: Path) -> list[Truth]:
    found = []
    for article in Corpus(corpus_folder).load().articles:
        source = Source(1, article, 0, len(article.text))
        for place, text in enumerate(sentences_of(article.text)):
            if 40 < len(text) < 400 and "\n" not in text:
                found.append(Truth(f"{article.id}:{place}", text, "fr", "fr-fr", source))
    return found


def test_an_alteration_changes_one_stretch_and_is_always_the_same(truths: list[Truth]) -> None:
    first, second = list(alter(truths)), list(alter(truths))

    assert first == second
    assert {one.kind for one in first} == {"number", "date", "name", "negation"}
    for one in first:
        assert one.text != one.truth.text
        assert one.after in one.text
        assert one.text.replace(one.after, one.before, 1) != one.text


def test_the_sample_s_own_sentences_pass_and_hardly_an_altered_one_does(
    truths: list[Truth],
) -> None:
    altered = choose(alter(truths), 60)

    assert not any(findings(truth, truth.text, None) for truth in truths)
    passed = [one for one in altered if not findings(one.truth, one.text, None)]
    assert len(passed) <= 3, [(one.before, one.after, one.text) for one in passed]


def test_translations_of_a_document_fall_into_one_half() -> None:
    halves = {half_of("nt-fr-007-012"), half_of("nt-fr-007-001")}

    assert len(halves) == 1
    assert {half_of(f"wn-{number}") for number in range(50)} == {"develop", "report"}


def made(kind: str, way: str, number: int) -> Altered:
    article = Article(id="a", title="a", text="Il y a huit accords à Minsk.", language="fr")
    truth = Truth(str(number), article.text, "fr", "fr-fr", Source(1, article, 0, 28))
    return Altered(truth, f"{number}", kind, way, "huit", f"{number}")  # type: ignore[arg-type]


def test_kinds_are_chosen_evenly_and_the_same_passage_apart() -> None:
    altered = [made("number", "new", n) for n in range(90)]
    altered += [made("date", "new", n) for n in range(5)]
    altered += [made("number", "passage", n) for n in range(9)]

    chosen = choose(altered, 20)

    assert Counter(one.kind for one in chosen) == {"number": 15, "date": 5}
    assert {one.way for one in chosen} == {"new"}


def test_mistakes_are_counted_by_group(truths: list[Truth]) -> None:
    counted = count([("all", True), ("all", False), ("number", False)])

    assert (counted["all"].checked, counted["all"].wrong, counted["all"].share) == (2, 1, 0.5)
    assert counted["number"].wrong == 0

    pairs = [(truth, truth.text) for truth in truths[:3]]
    assert judge_all(pairs, None, 2) == judge_all(pairs, None)

    figures = measure(truths[:3], choose(alter(truths), 4), None)
    assert figures["without"]["altered that pass"]["all"]["checked"] == 4
    assert figures["without"]["true that are refused"]["all"]["wrong"] == 0
