import hashlib
import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.errors import SnapshotMissing, StoreBusy, StoreCorrupt, StoreMissing
from index.history import Changes, changes, rollback, snapshots
from index.snapshot import current_name, lock_store, open_snapshot, save_snapshot, snapshot_names
from index.store import Store
from index.types import Article, DateRange, Skipped

MakeArticle = Callable[..., Article]
MakeContent = Callable[..., Store]

PDF = Skipped("carte.pdf", "no reader for .pdf")


@pytest.fixture
def articles(make_article: MakeArticle) -> list[Article]:
    return [make_article(f"Le {name} est ouvert.", id=f"{name}.txt") for name in ("pont", "port")]


@pytest.fixture
def store(tmp_path: Path, articles: list[Article], make_content: MakeContent) -> Path:
    """A store of two snapshots: of the first article alone, then of both, which is in force."""
    store = tmp_path / "stockés à l'été"
    with lock_store(store):
        save_snapshot(store, make_content(articles[0]))
        save_snapshot(store, make_content(*articles))
    return store


def resave(store: Path, content: Store, *skipped: Skipped) -> str:
    """Save the content of an opened snapshot again, with the files that its build left out."""
    again = replace(content, skipped=skipped)
    return save_snapshot(store, again)


def forget_skipped(store: Path, name: str) -> None:
    """Make a manifest what a version wrote that did not note the files left out."""
    path = store / "snapshots" / name / "manifest.json"
    manifest = json.loads(path.read_bytes())
    del manifest["skipped"], manifest["digest"]
    line = json.dumps(manifest, sort_keys=True).encode() + b"\n"
    manifest["digest"] = hashlib.sha256(line).hexdigest()
    path.write_text(json.dumps(manifest, sort_keys=True) + "\n")


# skipped files


def test_the_files_that_were_left_out_are_kept_with_their_reasons(
    store: Path, articles: list[Article]
) -> None:
    name = resave(store, open_snapshot(store), PDF, Skipped("été/vide.txt", "holds no text"))

    opened = open_snapshot(store, name)

    assert opened.skipped == (PDF, ("été/vide.txt", "holds no text"))
    assert opened.skipped[0].reason == "no reader for .pdf"
    assert list(opened.articles) == articles


def test_a_snapshot_of_a_version_that_noted_no_skipped_files_is_read(
    store: Path, articles: list[Article]
) -> None:
    forget_skipped(store, current_name(store))

    assert open_snapshot(store).skipped == ()
    assert list(open_snapshot(store).articles) == articles
    assert [found.skipped for found in snapshots(store)] == [0, 0]


def test_where_a_date_came_from_is_kept(
    tmp_path: Path, make_article: MakeArticle, make_content: MakeContent
) -> None:
    dated = make_article(published=DateRange.parse("2025-05"), origins={"published": "file name"})
    save_snapshot(tmp_path, make_content(dated))

    (article,) = open_snapshot(tmp_path).articles

    assert article.origins["published"] == "file name"


# what a store holds


def test_snapshots_are_listed_oldest_first_with_what_they_hold(store: Path) -> None:
    first, second = snapshots(store)

    assert [first.name, second.name] == snapshot_names(store)
    assert (first.articles, first.chunks, first.skipped) == (1, 1, 0)
    assert (second.articles, second.chunks, second.skipped) == (2, 2, 0)
    assert (first.in_force, second.in_force) == (False, True)
    assert first.problem is second.problem is None
    assert first.written <= second.written
    assert datetime.now(UTC) - second.written < timedelta(minutes=10)


def test_a_damaged_snapshot_is_listed_with_its_problem(store: Path) -> None:
    first, _second = snapshot_names(store)
    (store / "snapshots" / first / "manifest.json").write_text("{}")

    damaged, whole = snapshots(store)

    assert damaged.problem is not None
    assert "is damaged" in damaged.problem
    assert (damaged.articles, damaged.in_force) == (0, False)
    assert whole.problem is None


def test_with_a_damaged_current_the_snapshots_are_still_listed(store: Path) -> None:
    (store / "CURRENT").write_text("nonsense")

    assert [found.in_force for found in snapshots(store)] == [False, False]


def test_a_store_where_nothing_was_built_lists_nothing(tmp_path: Path) -> None:
    for act in (snapshots, rollback):
        with pytest.raises(StoreMissing):
            act(tmp_path / "absent")
    with pytest.raises(StoreMissing):
        changes(tmp_path / "absent", "000001-0123456789ab")
    assert not (tmp_path / "absent").exists()


# what changed


def test_changes_are_told_by_article(
    store: Path, articles: list[Article], make_article: MakeArticle, make_content: MakeContent
) -> None:
    before = current_name(store)
    pont = make_article(articles[0].text, id="pont.txt", source="Le Port")
    gare = make_article("La gare ferme.", id="gare.txt")
    after = save_snapshot(store, make_content(gare, pont))

    assert changes(store, before) == Changes((gare,), (pont,), (articles[1],))
    assert changes(store, before, after) == changes(store, before)
    assert changes(store, after, before) == Changes((articles[1],), (articles[0],), (gare,))
    assert changes(store, after) == Changes((), (), ())


@pytest.mark.parametrize("name", ["000009-0123456789ab", "", "..", "../../etc", "CURRENT"])
def test_a_snapshot_that_is_not_there_is_named_with_those_that_are(store: Path, name: str) -> None:
    in_force = current_name(store)
    for act in (
        lambda: changes(store, name),
        lambda: changes(store, in_force, name),
        lambda: rollback(store, name),
    ):
        with pytest.raises(SnapshotMissing) as caught:
            act()

        assert f"There is no snapshot {name!r} in {store}; it holds " in str(caught.value)
        assert ", ".join(snapshot_names(store)) in str(caught.value)
        assert str(caught.value).endswith(f"List them: depeche snapshots --store {store}")
    assert current_name(store) == in_force


def test_articles_that_are_not_what_was_written_are_not_compared(store: Path) -> None:
    first, second = snapshot_names(store)
    path = store / "snapshots" / first / "articles.jsonl"
    path.write_bytes(path.read_bytes().replace(b"pont", b"pond"))

    with pytest.raises(StoreCorrupt) as caught:
        changes(store, first, second)

    assert caught.value.path == path


# going back


def test_going_back_puts_the_snapshot_before_in_force_and_keeps_the_other(store: Path) -> None:
    first, second = snapshot_names(store)
    before = {
        path: path.read_bytes()
        for path in store.rglob("*")
        if path.name != "CURRENT" and path.is_file()
    }

    assert rollback(store) == first

    assert open_snapshot(store).name == first
    assert snapshot_names(store) == [first, second]
    assert all(path.read_bytes() == data for path, data in before.items())
    assert [found.in_force for found in snapshots(store)] == [True, False]


def test_one_may_go_forward_again_by_name(store: Path) -> None:
    _first, second = snapshot_names(store)
    rollback(store)

    assert rollback(store, second) == second
    assert open_snapshot(store).name == second


def test_there_is_nothing_older_than_the_oldest(store: Path) -> None:
    first = rollback(store)

    with pytest.raises(SnapshotMissing, match="There is nothing to go back to"):
        rollback(store)

    assert current_name(store) == first


def test_a_damaged_snapshot_is_not_gone_back_to(store: Path) -> None:
    first, second = snapshot_names(store)
    for path in sorted((store / "snapshots" / first).rglob("*")):
        if path.is_dir():
            continue
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))

        with pytest.raises(StoreCorrupt) as caught:
            rollback(store)

        assert caught.value.path == path
        assert current_name(store) == second
        path.write_bytes(data)
    assert rollback(store) == first


def test_with_a_damaged_current_one_goes_back_to_the_newest(store: Path) -> None:
    (store / "CURRENT").write_bytes(b"\xff")

    assert rollback(store) == snapshot_names(store)[-1]
    assert open_snapshot(store).name == snapshot_names(store)[-1]


def test_nobody_goes_back_during_a_build(store: Path) -> None:
    in_force = current_name(store)

    with lock_store(store), pytest.raises(StoreBusy):
        rollback(store)

    assert current_name(store) == in_force


def test_a_build_after_going_back_removes_what_was_rejected(
    store: Path, articles: list[Article], make_content: MakeContent
) -> None:
    first = rollback(store)

    third = save_snapshot(store, make_content(articles[1]))

    assert snapshot_names(store) == [first, third]
    assert rollback(store) == first


def test_one_goes_back_to_what_says_something_else(store: Path) -> None:
    """Not to a snapshot that differs in the files left out alone."""
    first, second = snapshot_names(store)
    third = resave(store, open_snapshot(store), PDF)

    assert snapshot_names(store) == [first, second, third]
    assert rollback(store) == first


def test_what_can_be_gone_back_to_is_kept_however_often_files_are_left_out(store: Path) -> None:
    first, _second = snapshot_names(store)
    for number in range(3):
        newest = resave(store, open_snapshot(store), Skipped(f"{number}.pdf", "no reader"))

    assert len(snapshot_names(store)) == 3
    assert (snapshot_names(store)[0], snapshot_names(store)[-1]) == (first, newest)


# Goes back in a child that is killed at its n-th call for a file, for every n; says what it found.
CRASHES = textwrap.dedent(
    """
    import json, os, signal, sys
    from pathlib import Path
    from index import history, snapshot

    store = Path(sys.argv[1])
    before = snapshot.current_name(store)
    touching = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}

    def die_at(last):
        count = 0
        def hook(event, arguments):
            nonlocal count
            if event in touching and str(arguments[0]).startswith(str(store)):
                count += 1
                if count >= last:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(hook)

    found = []
    for last in range(1, 1000):
        (store / "CURRENT").write_text(before)
        child = os.fork()
        if child == 0:
            die_at(last)
            history.rollback(store)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        found.append(snapshot.open_snapshot(store).name)
        if status == 0:
            break
    print(json.dumps(found))
    """
)


@pytest.mark.skipif(sys.platform == "win32", reason="no fork on this system")
def test_going_back_dies_at_any_call_and_a_whole_snapshot_is_in_force(
    store: Path, run_python: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    first, second = snapshot_names(store)

    ended = run_python("-c", CRASHES, store, OMP_NUM_THREADS="1")

    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    # the old one stays to the end: everything is checked before CURRENT is replaced
    assert found == sorted(found, reverse=True)
    assert (found[0], found[-1]) == (second, first)
    assert found.count(second) > 10
