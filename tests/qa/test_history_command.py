"""`depeche snapshots` and `depeche rollback`, in this process: they load no model."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from index.snapshot import current_name, lock_store, save_snapshot, snapshot_names
from index.store import Store
from index.types import Article
from qa.cli import main

MakeContent = Callable[..., Store]


@pytest.fixture
def store(tmp_path: Path, make_article: Callable[..., Article], make_content: MakeContent) -> Path:
    store = tmp_path / "store"
    first, second = (make_article(f"Le {name} ouvre.", id=f"{name}.txt") for name in ("a", "b"))
    with lock_store(store):
        save_snapshot(store, make_content(first))
        save_snapshot(store, make_content(first, second))
    return store


def told(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """What a command prints that does what it was asked, and complains of nothing."""
    assert main([str(argument) for argument in arguments]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


def test_snapshots_are_listed_with_what_they_changed(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = told(capsys, "snapshots", "--store", store).splitlines()

    names = snapshot_names(store)
    when = r"\d{4}-\d\d-\d\d \d\d:\d\d"
    assert re.fullmatch(rf"{names[0]}  {when}  1 articles, 1 chunks", first)
    assert re.fullmatch(
        rf"{names[1]}  {when}  2 articles, 2 chunks; 1 added, 0 changed, 0 removed \(in force\)",
        second,
    )


def test_snapshots_are_listed_as_json(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = json.loads(told(capsys, "snapshots", "--store", store, "--json"))

    assert second.pop("written").endswith("+00:00")
    assert second == {
        "name": snapshot_names(store)[1],
        "articles": 2,
        "chunks": 2,
        "skipped": 0,
        "in_force": True,
        "problem": None,
        "added": ["b.txt"],
        "changed": [],
        "removed": [],
    }
    assert first["added"] == []


def test_a_damaged_snapshot_is_listed_as_such(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = snapshot_names(store)
    (store / "snapshots" / first / "manifest.json").write_text("[]")

    damaged, whole = told(capsys, "snapshots", "--store", store).splitlines()

    assert damaged.startswith(f"{first}  cannot be used: The index file ")
    assert whole.startswith(second)


@pytest.mark.parametrize("file", ["articles.jsonl", "vectors.npy"])
def test_a_snapshot_with_a_damaged_file_is_marked_and_the_others_are_listed(
    store: Path, capsys: pytest.CaptureFixture[str], file: str
) -> None:
    first, second = snapshot_names(store)
    path = store / "snapshots" / first / file
    path.write_bytes(path.read_bytes()[:-1])

    damaged, whole = told(capsys, "snapshots", "--store", store).splitlines()

    assert damaged == (
        f"{first}  cannot be used: The index file {path} is not what was written. "
        "Build it again: depeche build CORPUS --store STORE"
    )
    assert whole.startswith(second)
    assert whole.endswith("2 articles, 2 chunks (in force)")
    records = json.loads(told(capsys, "snapshots", "--store", store, "--json"))
    assert [record["problem"] is None for record in records] == [False, True]


@pytest.mark.parametrize("named", [True, False])
def test_a_damaged_snapshot_is_not_gone_back_to(
    store: Path, capsys: pytest.CaptureFixture[str], named: bool
) -> None:
    first, second = snapshot_names(store)
    path = store / "snapshots" / first / "articles.jsonl"
    path.write_bytes(b"")

    assert main(["rollback", *([first] if named else []), "--store", str(store)]) == 1

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        f"The index file {path} is not what was written. "
        "Build it again: depeche build CORPUS --store STORE\n"
    )
    assert current_name(store) == second


def test_one_goes_back_and_forward_again(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = snapshot_names(store)

    assert told(capsys, "rollback", "--store", store) == f"In force: snapshot {first}\n"
    assert current_name(store) == first
    forward = told(capsys, "rollback", second, "--store", store, "--json")
    assert json.loads(forward) == {"snapshot": second}
    assert current_name(store) == second


def test_there_is_nothing_before_the_first(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "rollback", "--store", store)

    assert main(["rollback", "--store", str(store)]) == 1

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"There is nothing to go back to in {store}; it holds ")
