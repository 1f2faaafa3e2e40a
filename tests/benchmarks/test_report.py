from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.report import insert, tables
from benchmarks.results import Results, write_results
from benchmarks.sides import PRODUCT
from qa.evaluate import summarise

PAGE = """# Figures

<!-- tables: written by python -m benchmarks.report -->
old
<!-- end of the tables -->

## Below
"""


def make_results() -> Results:
    """Return results of two sets: one in two languages, one with an unanswerable question."""
    product = {**summarise([], 10), "questions": 30, "answerable": 30, "success@1": 0.875}
    product |= {"ndcg@10": 0.9, "words of the first quote": 24, "refused": 0.0}
    dense = {"success@1": 0.5, "ndcg@10": 1.0, "auroc": None}
    whole = {"dense": dense, PRODUCT: product}
    half = {"dense": dense, PRODUCT: {**product, "questions": 20, "answerable": 20}}
    none = {PRODUCT: {**product, "questions": 10, "answerable": 0}}
    told = {"dense": {**dense, "auroc": 0.75}, PRODUCT: {**product, "auroc": 0.8}}
    few = {"dense": dense, PRODUCT: {**product, "questions": 9, "answerable": 9}}
    groups = {"all": whole, "kind when": half, "fr": half, "vi": few, "en, overlap <= 1": half}
    return {
        "commit": "abc1234",
        "date": "2026-01-31",
        "code": "0",
        "reader": "default",
        "most": 400,
        "python": "3.11.7",
        "packages": {"torch": "2.13.0"},
        "settings": {},
        "sets": {
            "news": {"risk": [[0.5, 0.1], [1.0, 0.25]], "groups": groups},
            "gaps": {"risk": [], "groups": {"all": told, "kind none": none}},
        },
    }


def rows(written: str, heading: str) -> list[list[str]]:
    """Return the cells of the table that follows a line."""
    table = written.split(heading, 1)[1].strip().split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.split("\n")]


def test_a_table_shows_what_each_side_found() -> None:
    headings, _rule, whole, language, kind, *others = rows(
        tables(make_results()), "answerable questions:"
    )

    assert headings[3:] == [
        "recipe",
        "bm25",
        "rrf",
        "dense",
        "lexical",
        "fused",
        "fused+dates",
        PRODUCT,
    ]
    assert whole[:3] == ["news", "all", "30"]
    assert whole[6:] == [".500 / 1.000", "", "", "", "**.875 / .900**"]
    assert language[:3] == ["", "fr", "20"]
    assert kind[:3] == ["", "kind when", "20"]
    assert [row[:2] for row in others] == [["gaps", "all"]]  # nothing is ranked where all abstain


def test_a_table_shows_how_the_product_answers() -> None:
    headings, _rule, whole, *_others = rows(tables(make_results()), "in full:")
    shown = dict(zip(headings, whole, strict=True))

    assert shown["words"] == "24"
    assert shown["wrongly refused"] == ".000"
    assert shown["AUROC"] == ""


def test_a_table_shows_who_can_tell_what_is_answered() -> None:
    headings, _rule, *sets = rows(tables(make_results()), "confidence):")

    assert len(sets) == 1
    shown = dict(zip(headings, sets[0], strict=True))
    assert (shown["set"], shown["dense"], shown[PRODUCT]) == ("gaps", ".750", ".800")


def test_the_page_names_commit_and_versions() -> None:
    assert tables(make_results()).startswith(
        "Commit abc1234, 2026-01-31, reader default, at most 400 questions of a set. "
        "Python 3.11.7, torch 2.13.0."
    )


def test_tables_replace_those_before_and_nothing_else() -> None:
    page = insert(PAGE, "new")

    assert page == PAGE.replace("old", "\nnew\n")
    assert insert(page, "new") == page


def test_a_page_without_marks_is_left_alone() -> None:
    with pytest.raises(ValueError, match="has no lines"):
        insert("# Figures\n", "new")


def test_a_file_of_results_becomes_tables_and_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib", reason="the pictures need the extra bench")
    page = tmp_path / "README.md"
    page.write_text(PAGE, encoding="utf-8")
    write_results(tmp_path / "r.json", make_results())
    monkeypatch.setattr(report, "README", page)
    monkeypatch.setattr(report, "PLOTS", tmp_path / "plots")

    assert report.main([str(tmp_path / "r.json")]) == 0

    assert "| news | all | 30 |" in page.read_text(encoding="utf-8")
    pictures = {path.name: path.read_text() for path in (tmp_path / "plots").iterdir()}
    assert set(pictures) == {"ablations.svg", "risk.svg"}
    for picture in pictures.values():
        assert ">news</text>" in picture
        assert len(picture) < 60_000
    assert report.main([str(tmp_path / "r.json")]) == 0
    assert pictures == {path.name: path.read_text() for path in (tmp_path / "plots").iterdir()}
