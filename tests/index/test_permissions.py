"""A store, or an article, that may not be read: for a moment, or until somebody allows it."""

import errno
import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from index import disk, load, walk
from index.doctor import examine
from index.errors import CorpusMissing, StoreError, StoreForbidden
from index.history import open_store, rollback, snapshots
from index.load import Corpus
from index.snapshot import current_name, lock_store, save_snapshot, snapshot_names
from index.store import Store
from index.types import Skipped

PutDisk = Callable[..., Any]
TwoContents = tuple[Store, Store]
CheckWhole = Callable[[Store], int]
Closed = Callable[[Path], AbstractContextManager[None]]

ALLOW = "chmod -R u+rwX STORE"


def denied(path: Path) -> PermissionError:
    return PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def test_what_may_not_be_read_for_a_moment_is_read_again(
    store: Path, put_disk: PutDisk, check_whole: CheckWhole
) -> None:
    for at in range(1, 100):
        faulty = put_disk("hidden", at)

        opened = open_store(store)

        assert (opened.trouble, check_whole(opened)) == (None, 1)
        if faulty.looked < at:
            break
    assert 15 < at < 50


def test_going_back_is_refused_or_done_whatever_may_not_be_read(
    store: Path, put_disk: PutDisk, check_whole: CheckWhole
) -> None:
    first, second = snapshot_names(store)
    done = 0
    for at in range(1, 100):
        faulty = put_disk("hidden", at)
        problem: StoreError | None = None
        try:
            rollback(store)
            done += 1
        except StoreError as error:
            problem = error
        put_disk()
        assert current_name(store) == (first if problem is None else second)
        assert check_whole(open_store(store)) == int(problem is not None)
        assert problem is None or "Permission denied" in str(problem)
        rollback(store, second)
        if faulty.looked < at:
            break
    assert problem is None
    assert done == 1


@pytest.mark.parametrize("what", ["CURRENT", "snapshots/{second}", "snapshots/{second}/chunks.npy"])
def test_while_one_snapshot_may_not_be_read_another_answers(
    what: str, store: Path, closed: Closed
) -> None:
    _first, second = snapshot_names(store)
    path = store / what.format(second=second)

    with closed(path):
        opened = open_store(store)

        assert opened.trouble is not None
        assert "cannot be read (Permission denied)." in opened.trouble
        assert f"Questions are answered from the snapshot {opened.name}." in opened.trouble
        assert opened.trouble.endswith(f"chmod -R u+rwX {store}")
        assert not all(check.ok for check in examine(store, embed=False))
    assert open_store(store).trouble is None


@pytest.mark.parametrize("what", [".", "snapshots"])
def test_a_folder_that_may_not_be_entered_is_named_with_what_mends_it(
    what: str, store: Path, two_contents: TwoContents, closed: Closed
) -> None:
    names = snapshot_names(store)

    def save() -> None:
        with lock_store(store):
            save_snapshot(store, two_contents[0])

    with closed(store / what):
        for act in (
            lambda: open_store(store),
            lambda: snapshots(store),
            lambda: snapshots(store, check=True),
            lambda: rollback(store),
            lambda: rollback(store, names[0]),
            lambda: examine(store, embed=False),
            save,
        ):
            with pytest.raises(StoreForbidden) as caught:
                act()

            assert "cannot be read (Permission denied). " in str(caught.value)
            assert ALLOW in str(caught.value)
    assert snapshot_names(store) == names
    assert open_store(store).trouble is None


def test_a_listed_snapshot_that_may_not_be_read_is_marked(store: Path, closed: Closed) -> None:
    first, second = snapshot_names(store)
    with closed(store / "snapshots" / first / "articles.jsonl"):
        one, other = snapshots(store, check=True)

    assert (one.name, other.name, other.problem) == (first, second, None)
    assert one.problem is not None
    assert "articles.jsonl cannot be read (Permission denied)." in one.problem


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="whoever runs this may read everything"
)
@pytest.mark.parametrize(
    ("what", "mode"),
    [("CURRENT", 0), (".", 0o600), ("snapshots", 0o600), ("snapshots", 0), ("snapshots", 0o300)],
)
def test_a_store_whose_rights_were_taken_is_told_or_answers(
    what: str, mode: int, store: Path, check_whole: CheckWhole
) -> None:
    path = store / what
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        opened = open_store(store)
        told = opened.trouble or "whole"
        assert check_whole(opened) == 1
    except StoreForbidden as error:
        told = str(error)
    finally:
        path.chmod(before)
    assert (told == "whole") == (mode == 0o300)  # it may be entered, only not be listed
    assert told == "whole" or "cannot be read (Permission denied)." in told
    assert open_store(store).trouble is None


# articles

TEXT = "Le pont de la gare a été ouvert lundi par le maire, devant {}."


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    corpus = tmp_path / "articles"
    (corpus / "inner").mkdir(parents=True)
    for name in ("a.txt", "b.txt", "inner/c.txt"):
        (corpus / name).write_text(TEXT.format(name), encoding="utf-8")
    return corpus


def test_an_article_that_may_not_be_read_once_it_was_listed_is_skipped_with_its_reason(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str, flags: int) -> int:
        if Path(path).name == "b.txt":
            raise denied(Path(path))
        return os.open(path, flags)

    found = Corpus(corpus)
    monkeypatch.setattr(load, "_open_at_once", refuse)

    loaded = found.load()

    assert loaded.skipped == [Skipped("b.txt", "permission denied")]
    assert [article.id for article in loaded.articles] == ["a.txt", "inner/c.txt"]


def test_an_article_whose_folder_was_closed_once_it_was_listed_is_skipped(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.lstat

    def refuse(path: str) -> os.stat_result:
        if Path(path).parent.name == "inner":
            raise denied(Path(path))
        return real(path)

    found = Corpus(corpus)
    stamps = load.Stamps(corpus, tmp_path)
    monkeypatch.setattr(os, "lstat", refuse)

    loaded = found.load(stamps=stamps)

    assert loaded.skipped == [Skipped("inner/c.txt", "permission denied")]


@pytest.mark.parametrize("call", ["resolve", "is_file"])
def test_a_link_to_what_may_not_be_looked_at_is_no_ring(
    call: str, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "d.txt").symlink_to(corpus / "inner/c.txt")
    real = getattr(Path, call)

    def refuse(path: Path, **options: bool) -> object:
        if path.name in ("d.txt", "c.txt"):
            raise denied(path)
        return real(path, **options)

    monkeypatch.setattr(Path, call, refuse)

    _files, skipped = walk.walk_corpus(corpus)

    assert skipped == [Skipped("d.txt", "permission denied")]


def test_a_folder_of_articles_that_may_not_be_looked_at_is_no_traceback(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bool:
        raise denied(path)

    monkeypatch.setattr(Path, "is_dir", refuse)

    with pytest.raises(CorpusMissing):
        walk.walk_corpus(corpus)


def test_a_copied_store_is_opened_whatever_its_rights_to_write(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check_whole: CheckWhole
) -> None:
    """Who may only read asks as anybody else."""
    copied = shutil.copytree(store, tmp_path / "copied")

    def refuse(path: Path, *_arguments: object) -> None:
        raise denied(path)

    for name in ("open_new", "open_to_add", "make_folder", "rename", "replace", "remove_file"):
        monkeypatch.setattr(disk.System, name, lambda _system, path, *_others: refuse(path))

    assert check_whole(open_store(copied)) == 1
    with pytest.raises(StoreError, match="Nothing can be written to"):
        rollback(copied)
