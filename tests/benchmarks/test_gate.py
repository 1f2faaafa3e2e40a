import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks import floors as floors_module
from benchmarks import gate
from benchmarks.asking import MOST, ask_all
from benchmarks.floors import FLOORS, Floors, check_floors, raised, read_floors, write_floors
from benchmarks.gate import shortfalls, worse_than_a_part
from benchmarks.own import SAMPLE
from benchmarks.results import QUICK, Results, figures_of
from benchmarks.sides import PRODUCT
from qa.assistant import Assistant

if TYPE_CHECKING:
    from index.embed import DefaultEmbedder


def make_results(**figures: float | None) -> Results:
    """Return results of a set `news` whose product reached `figures` on all questions."""
    product = {"questions": 100, "ndcg@10": 0.9, **figures}
    return {
        "commit": "new",
        "code": "0",
        "most": MOST,
        "reader": "default",
        "sets": {"news": {"groups": {"all": {PRODUCT: product}}}},
    }


def make_floors(*floors: float, figure: str = "ndcg@10", reason: str = "") -> Floors:
    """Return floors of one figure; the reason is that of the last."""
    history = [
        {"floor": floor, "since": f"c{place}", "reason": ""} for place, floor in enumerate(floors)
    ]
    history[-1]["reason"] = reason
    return {f"news/all/{figure}": history}


def test_a_figure_below_its_floor_is_named() -> None:
    assert shortfalls(make_floors(0.8, 0.91), make_results()) == [
        "news/all/ndcg@10 is 0.9, below its floor 0.91"
    ]
    assert shortfalls(make_floors(0.8, 0.9), make_results()) == []


def test_of_some_figures_less_is_better() -> None:
    floors = make_floors(0.03, figure="refused")

    assert shortfalls(floors, make_results(refused=0.05)) == [
        "news/all/refused is 0.05, above its ceiling 0.03"
    ]
    assert shortfalls(floors, make_results(refused=0.01)) == []


def test_a_figure_that_vanished_is_named_and_a_set_that_was_not_run_is_not() -> None:
    floors = {**make_floors(0.5, figure="auroc"), "old/all/auroc": [{"floor": 0.5}]}

    assert shortfalls(floors, make_results(auroc=None)) == [
        "news/all/auroc was not measured; its floor is 0.5"
    ]


def test_ranking_worse_than_one_side_alone_is_named() -> None:
    results = make_results()
    group = results["sets"]["news"]["groups"]["all"]
    group |= {"dense": {"ndcg@10": 0.85}, "lexical": {"ndcg@10": 0.95}}

    assert worse_than_a_part(results) == [
        "news/all/ndcg@10 is 0.9, below that of lexical search alone, 0.95"
    ]
    group["lexical"]["ndcg@10"] = 0.9
    assert worse_than_a_part(results) == []


def test_floors_are_raised_to_what_was_reached_and_never_lowered() -> None:
    floors = {**make_floors(0.85), **make_floors(0.95, figure="mrr@10")}

    found = raised(floors, make_results(**{"ndcg@10": 0.9178, "mrr@10": 0.9, "refused": 0.0212}))

    assert found["news/all/ndcg@10"] == [
        {"floor": 0.85, "since": "c0", "reason": ""},
        {"floor": 0.91, "since": "new", "reason": ""},
    ]
    assert found["news/all/mrr@10"] == floors["news/all/mrr@10"]
    assert found["news/all/refused"] == [{"floor": 0.03, "since": "new", "reason": ""}]
    assert raised(found, make_results(**{"ndcg@10": 0.9178})) == found


def test_a_floor_that_was_reached_exactly_is_not_rounded_away() -> None:
    # 0.29 / 0.01 is 28.999...
    assert raised({}, make_results(**{"ndcg@10": 0.29}))["news/all/ndcg@10"][0]["floor"] == 0.29


def test_the_figures_of_a_few_questions_are_not_pinned() -> None:
    results = make_results()
    groups = results["sets"]["news"]["groups"]
    groups["fr"] = {PRODUCT: {"questions": 24, "ndcg@10": 0.5}}
    groups["en"] = {PRODUCT: {"questions": 25, "ndcg@10": 0.5}}

    assert set(raised({}, results)) == {"news/all/ndcg@10", "news/en/ndcg@10"}


def test_a_floor_is_lowered_with_a_reason_only(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    write_floors(path, make_floors(0.9, 0.8))
    assert check_floors(path) == [
        "the floor of news/all/ndcg@10 was lowered from 0.9 to 0.8: the entry needs a reason"
    ]

    write_floors(path, make_floors(0.9, 0.8, reason="the set was cleaned of duplicates"))
    assert check_floors(path) == []


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the floors of a repository of their own, committed as 0.9."""
    path = tmp_path / "floors.json"
    write_floors(path, make_floors(0.9))
    for command in (
        ["init", "--quiet"],
        ["add", "floors.json"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "Pin"],
    ):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    monkeypatch.setattr(floors_module, "ROOT", tmp_path)
    monkeypatch.setattr("benchmarks.provenance.ROOT", tmp_path)
    return path


def test_what_was_committed_once_stays(repository: Path) -> None:
    rewritten = (
        "the floors of news/all/ndcg@10 were rewritten: entries may be added only, "
        "those before were 0.9"
    )
    assert check_floors(repository) == []

    write_floors(repository, make_floors(0.9, 0.95))
    assert check_floors(repository) == []

    write_floors(repository, make_floors(0.8))
    assert check_floors(repository) == [rewritten]

    write_floors(repository, {})
    assert check_floors(repository) == [rewritten]


def run_gate(tmp_path: Path, results: Results, *options: str) -> int:
    """Run the command against floors.json in `tmp_path`."""
    path = tmp_path / "results.json"
    path.write_text(json.dumps(results), encoding="utf-8")
    return gate.main([str(path), "--floors", str(tmp_path / "floors.json"), *options])


def test_the_gate_closes_and_tells_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_floors(tmp_path / "floors.json", make_floors(0.95))

    assert run_gate(tmp_path, make_results()) == 1
    assert capsys.readouterr().out == "news/all/ndcg@10 is 0.9, below its floor 0.95\n"


def test_the_gate_opens_and_raises_the_floors(tmp_path: Path) -> None:
    write_floors(tmp_path / "floors.json", make_floors(0.85))

    assert run_gate(tmp_path, make_results(), "--raise") == 0
    assert run_gate(tmp_path, make_results(**{"ndcg@10": 0.89})) == 1


def test_figures_of_a_trial_are_held_to_no_floor(tmp_path: Path) -> None:
    assert run_gate(tmp_path, {**make_results(), "most": 50}, "--raise") == 1
    assert not (tmp_path / "floors.json").exists()


# the real ones


def test_no_floor_was_lowered_silently() -> None:
    assert check_floors(FLOORS) == []


def test_the_quick_part_of_the_sample_reaches_its_floors(
    always: Assistant, embedder: "DefaultEmbedder", tmp_path: Path
) -> None:
    floors = {key: floor for key, floor in read_floors().items() if key.startswith("sample/quick/")}
    queries = SAMPLE.queries(always.index.articles)

    asked = ask_all(
        [query for query in queries if query.get(QUICK)],
        always,
        embedder,
        tmp_path / "kept.jsonl",
    )

    assert floors
    sets = {"sample": {"groups": {QUICK: figures_of(asked)}}}
    assert shortfalls(floors, {"sets": sets}) == []
