import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

import index
from index.errors import BuildCancelled, StoreMissing
from index.history import changes, rollback, snapshots
from index.snapshot import current_name, lock_store, open_snapshot, snapshot_names
from index.types import BuildReport

Build = Callable[..., BuildReport]


def write_article(corpus: Path, name: str, text: str) -> None:
    head = f"---\ntitle: À propos de {name}\ndate: 2025-05-12\n---\n\n"
    (corpus / name).write_text(head + text, encoding="utf-8")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    corpus = tmp_path / "articles"
    corpus.mkdir()
    for name in ("a.md", "b.md", "c.md"):
        write_article(corpus, name, f"Le pont {name} a été ouvert. " * 20)
    return corpus


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def build(corpus: Path, store: Path, tiny_model: Path) -> Build:
    """Build the corpus with the small model."""

    def run(**options: object) -> BuildReport:
        return index.build(corpus, store, model=str(tiny_model), **options)  # type: ignore[arg-type]

    return run


def everything(store: Path) -> dict[str, bytes]:
    """Every file of a store but its lock and what the next build goes on from."""
    left_out = {".lock", "stamps.json", "unfinished.vectors"}
    files = (path for path in store.rglob("*") if path.is_file() and path.name not in left_out)
    return {str(path.relative_to(store)): path.read_bytes() for path in files}


@pytest.mark.parametrize("step", ["read", "split", "embed", "words"])
def test_a_build_is_cancelled_in_each_step_and_changes_nothing(
    build: Build, corpus: Path, store: Path, step: str
) -> None:
    build()
    before = everything(store)
    write_article(corpus, "d.md", "La gare ferme à midi. " * 20)
    told: list[str] = []

    def stop() -> bool:
        return step in told

    with pytest.raises(BuildCancelled, match="still in force"):
        build(progress=lambda *told_step: told.append(told_step[0]), cancelled=stop)

    assert everything(store) == before
    with lock_store(store):
        pass  # and the lock is free


def test_a_build_asks_at_least_once_a_step_whether_to_stop(build: Build) -> None:
    asked = count()

    build(cancelled=lambda: next(asked) < 0)

    assert next(asked) >= 3 + 3 + 1 + 1 + 1  # files, articles, a batch, words, and before writing


def test_a_build_can_be_cancelled_at_every_point_it_asks(build: Build, store: Path) -> None:
    for stop_at in range(1000):
        asked = count()
        try:
            report = build(cancelled=lambda asked=asked, at=stop_at: next(asked) == at)  # type: ignore[misc]
        except BuildCancelled:
            with pytest.raises(StoreMissing):
                current_name(store)
            continue
        break

    assert stop_at > 5
    assert report.articles == 3


def test_a_build_that_is_never_cancelled_is_as_without(build: Build) -> None:
    report = build(cancelled=lambda: False)

    again = build()

    assert (again.snapshot, again.embedded) == (report.snapshot, 0)


def test_another_thread_cancels_a_build(build: Build, store: Path) -> None:
    stop, inside = threading.Event(), threading.Event()
    ended: list[BaseException] = []

    def tell(_step: str, _done: int, _total: int) -> None:
        inside.set()
        stop.wait(60)

    def run() -> None:
        try:
            build(progress=tell, cancelled=stop.is_set)
        except BuildCancelled as error:
            ended.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    assert inside.wait(60)
    stop.set()
    thread.join(60)

    assert len(ended) == 1
    with pytest.raises(StoreMissing):
        current_name(store)


def test_what_a_build_left_out_is_kept_with_its_snapshot(
    build: Build, corpus: Path, store: Path
) -> None:
    (corpus / "photo.jpg").write_bytes(b"\xff\xd8")

    report = build()

    assert open_snapshot(store).skipped == report.skipped
    assert [found.skipped for found in snapshots(store)] == [1]


def test_a_file_more_that_is_left_out_is_told_by_a_new_snapshot_that_embeds_nothing(
    build: Build, corpus: Path, store: Path
) -> None:
    first = build()
    (corpus / "photo.jpg").write_bytes(b"\xff\xd8")

    report = build()

    assert report.snapshot != first.snapshot
    assert report.embedded == 0
    assert [skipped.path for skipped in open_snapshot(store).skipped] == ["photo.jpg"]
    assert changes(store, first.snapshot).added == ()
    assert build().snapshot == report.snapshot


def test_a_build_tells_what_it_changed_and_can_be_gone_back_from(
    build: Build, corpus: Path, store: Path
) -> None:
    first = build()
    write_article(corpus, "b.md", "Le pont est fermé. " * 20)
    write_article(corpus, "d.md", "La gare ferme à midi. " * 20)
    (corpus / "a.md").unlink()

    report = build()

    changed = changes(store, first.snapshot)
    assert [article.id for article in changed.added] == ["d.md"]
    assert [article.id for article in changed.changed] == ["b.md"]
    assert [article.id for article in changed.removed] == ["a.md"]
    assert rollback(store) == first.snapshot
    assert [article.id for article in open_snapshot(store).articles] == ["a.md", "b.md", "c.md"]
    assert snapshot_names(store) == [first.snapshot, report.snapshot]
