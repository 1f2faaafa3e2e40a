import gzip
import json
from pathlib import Path

import pytest

from benchmarks.sets import PublicSet, held_out_queries, is_held_out, public_sets

# of the ids a-0, a-1, ... these are held out
HELD_OUT = [f"a-{number}" for number in range(40) if is_held_out(f"a-{number}")]
TRAINED_ON = [f"a-{number}" for number in range(40) if not is_held_out(f"a-{number}")]


def write_set(folder: Path, *queries: tuple[str, list[str]]) -> Path:
    """Write a set of questions (id and relevant articles) without articles."""
    folder.mkdir(parents=True)
    records = [{"id": name, "lang": "fr", "relevant": relevant} for name, relevant in queries]
    for name, lines in (("corpus", [{"id": "a-0"}]), ("queries", records)):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
    return folder


def asked(folder: Path) -> list[str]:
    return [query["id"] for query in held_out_queries(folder)]


def test_a_set_may_be_unpacked(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text('{"id": "a-0"}\n', encoding="utf-8")
    query = {"id": "one", "lang": "fr", "relevant": HELD_OUT[:1]}
    (folder / "queries.jsonl").write_text(json.dumps(query), encoding="utf-8")

    assert [found.name for found in public_sets(tmp_path)] == ["news"]
    assert asked(folder) == ["one"]


def test_about_a_fifth_of_the_articles_is_held_out_always_the_same() -> None:
    held_out = [number for number in range(10_000) if is_held_out(f"piaf-p{number:05}")]

    # five standard deviations of 10,000 draws with a chance of 1/5: 5 * sqrt(10,000 * 0.16) = 200
    assert abs(len(held_out) - 2000) < 200
    assert held_out[:3] == [4, 9, 11]


def test_translations_of_one_text_are_held_out_together() -> None:
    parts = {is_held_out(f"xq-en-{number:03}") for number in range(240)}

    assert parts == {True, False}
    for number in range(240):
        assert is_held_out(f"xq-en-{number:03}") == is_held_out(f"xq-vi-{number:03}")


def test_the_sentences_of_one_document_are_held_out_together() -> None:
    for document in range(123):
        sentences = {is_held_out(f"nt-fr-{document:03}-{line:03}") for line in range(20)}
        assert len(sentences) == 1


def test_a_question_is_asked_when_all_its_articles_are_held_out(tmp_path: Path) -> None:
    folder = write_set(
        tmp_path / "news",
        ("one", HELD_OUT[:1]),
        ("all", HELD_OUT[:3]),
        ("both", [HELD_OUT[0], TRAINED_ON[0]]),
        ("none", TRAINED_ON[:1]),
    )

    assert asked(folder) == ["one", "all"]


def test_an_unanswerable_question_goes_with_the_article_that_would_answer(tmp_path: Path) -> None:
    write_set(tmp_path / "piaf_fr", ("q-0", HELD_OUT[:1]), ("q-1", TRAINED_ON[:1]))
    folder = write_set(tmp_path / "abstain_fr", ("q-0", []), ("q-1", []))

    assert asked(folder) == ["q-0"]


def test_a_question_that_nothing_ever_answered_goes_by_its_event(tmp_path: Path) -> None:
    days = [f"none-2012-12-{day:02}" for day in range(1, 32)]
    queries = [(f"{day}-{language}", list[str]()) for day in days for language in ("en", "vi")]

    chosen = asked(write_set(tmp_path / "dated", *queries))

    assert 0 < len(chosen) < len(queries)
    assert {name for name in chosen if name.endswith("-en")} == {
        name.replace("-vi", "-en") for name in chosen if name.endswith("-vi")
    }


def test_sets_are_listed_the_smallest_first(tmp_path: Path) -> None:
    large = write_set(tmp_path / "a")
    small = write_set(tmp_path / "b")
    with (large / "corpus.jsonl.gz").open("ab") as file:
        file.write(b"x" * 1000)
    (tmp_path / "no set").mkdir()

    assert public_sets(tmp_path) == [PublicSet(small), PublicSet(large)]
    assert [one.name for one in public_sets(small)] == ["b"]


def test_a_folder_without_sets_is_one_sentence(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(FileNotFoundError, match=f"There are no question sets in {folder}. "):
            public_sets(folder)
