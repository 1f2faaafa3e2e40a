"""A store so large that it is mapped: it answers at once, and gives way when it is damaged."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import index
from index import manifest
from index.articles import ArticleChanged
from index.errors import StoreCorrupt
from index.history import open_store
from index.snapshot import open_snapshot, snapshot_names
from qa import in_use
from qa.assistant import Assistant

OPENED = "Qui a inauguré la ligne de tramway ?"

# The check is a thread of its own; on a slow machine it may take a while to begin.
_MOST_SECONDS = 60


@pytest.fixture
def store(tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of two snapshots, every file of which is large enough to be mapped."""
    monkeypatch.setattr(manifest, "MAPPED_BYTES", 0)
    corpus, store = tmp_path / "corpus", tmp_path / "store"
    corpus.mkdir()
    for name, text in (
        ("tramway", "La ligne de tramway de Brest a été inaugurée par la maire."),
        ("récolte", "La récolte de blé de la Beauce a souffert de la grêle."),
    ):
        head = f"---\ntitle: Nouvelles {name}\ndate: 2025-05-12\nlang: fr\n---\n\n"
        (corpus / f"{name}.md").write_text(head + text + "\n", encoding="utf-8")
        index.build(corpus, store, model=str(tiny_model))
    return store


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Have the check behind wait until it is told to go on; questions need not."""
    go_on, check = threading.Event(), in_use.check_files

    def wait(store: Path, name: str) -> object:
        if threading.current_thread() is not threading.main_thread():
            go_on.wait(_MOST_SECONDS)
        return check(store, name)

    monkeypatch.setattr(in_use, "check_files", wait)
    return go_on


def damage(store: Path, file: str) -> None:
    """Flip a bit in the middle of a file of the newest snapshot, in its place."""
    path = store / "snapshots" / snapshot_names(store)[-1] / file
    size = path.stat().st_size
    with path.open("r+b") as opened:
        opened.seek(size // 2)
        (byte,) = opened.read(1)
        opened.seek(size // 2)
        opened.write(bytes([byte ^ 1]))


def wait_for(happened: Callable[[], bool]) -> bool:
    """Wait until something happened, not for ever."""
    end = time.monotonic() + _MOST_SECONDS
    while not happened() and time.monotonic() < end:
        time.sleep(0.01)
    return happened()


def test_what_is_mapped_says_the_same_as_what_is_read(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapped = open_snapshot(store, at_once=False)
    found = Assistant.open(store, reader="none").retrieve(OPENED)
    monkeypatch.setattr(manifest, "MAPPED_BYTES", 1 << 40)

    read = open_snapshot(store, at_once=False)

    assert (mapped.is_checked, read.is_checked) == (False, True)
    assert list(mapped.articles) == list(read.articles)
    assert list(mapped.chunks) == list(read.chunks)
    assert found == Assistant.open(store, reader="none").retrieve(OPENED)


def test_an_article_that_changes_while_it_is_mapped_is_never_quoted(
    store: Path, unhurried: threading.Event
) -> None:
    assistant = Assistant.open(store, reader="none")
    damage(store, "texts.txt")
    with pytest.raises(ArticleChanged):
        list(open_snapshot(store, at_once=False).articles)

    passages = assistant.retrieve(OPENED)

    assert not unhurried.is_set()
    assert [passage.article.id for passage in passages] == ["tramway.md"]
    assert assistant.index.name == snapshot_names(store)[0]
    assert "texts.txt is not what was written" in str(assistant.trouble)


@pytest.mark.parametrize("file", ["vectors.npy", "vocabulary/vectors.npy"])
def test_damage_that_no_question_meets_is_found_behind(store: Path, file: str) -> None:
    damage(store, file)

    assistant = Assistant.open(store, reader="none")

    assert wait_for(lambda: assistant.trouble is not None)
    assert f"{file} is not what was written" in str(assistant.trouble)
    assert assistant.index.name == snapshot_names(store)[0]
    # it stays so: the damaged one is not opened again
    assert [passage.article.id for passage in assistant.retrieve(OPENED)] == ["tramway.md"]
    assert assistant.trouble is not None


@pytest.mark.parametrize("file", ["lexical/places.npy", "dates/mentions.npy", "columns.npy"])
def test_damage_to_what_leads_elsewhere_is_found_at_once_or_behind(store: Path, file: str) -> None:
    damage(store, file)

    assistant = Assistant.open(store, reader="none")

    assert wait_for(lambda: assistant.trouble is not None)
    assert assistant.index.name == snapshot_names(store)[0]


def test_where_no_other_snapshot_is_the_question_is_refused_with_the_remedy(
    store: Path, unhurried: threading.Event
) -> None:
    for name in snapshot_names(store)[:-1]:
        (store / "snapshots" / name / "manifest.json").unlink()
    assistant = Assistant.open(store, reader="none")
    damage(store, "texts.txt")

    with pytest.raises(StoreCorrupt, match=r"texts\.txt is not what was written.*depeche build"):
        assistant.retrieve(OPENED)

    unhurried.set()
    with pytest.raises(StoreCorrupt):
        open_store(store)


@pytest.mark.parametrize("way", ["cut", "missing"])
def test_a_mapped_file_that_is_cut_or_missing_is_noticed_when_it_is_opened(
    store: Path, way: str
) -> None:
    path = store / "snapshots" / snapshot_names(store)[-1] / "vectors.npy"
    data = path.read_bytes()
    path.unlink()
    if way == "cut":
        path.write_bytes(data[:-1])

    assistant = Assistant.open(store, reader="none")

    assert assistant.index.name == snapshot_names(store)[0]
    assert "vectors.npy" in str(assistant.trouble)
