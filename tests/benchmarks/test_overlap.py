from pathlib import Path

import pytest

from benchmarks.overlap import compare
from index.builder import build
from index.history import open_store
from index.store import Store
from index.types import Embedder

_QUESTIONS = ["Qui a signé le protocole ?", "What was signed in Hanoi?", "Le ministre Pham Minh"]


@pytest.fixture(scope="module")
def local(sample_store: Path) -> Store:
    return open_store(sample_store)


def test_a_store_finds_what_it_finds_itself(local: Store, embedder: Embedder) -> None:
    figures = compare(local, local, embedder, _QUESTIONS)

    assert figures["questions"] == 3
    assert figures["overlap"] == figures["same_order"] == 1
    assert set(figures["median_ms"]) == {"local", "milvus"}


def test_what_another_store_does_not_find_is_counted(
    local: Store, embedder: Embedder, corpus_folder: Path, tmp_path: Path
) -> None:
    first = min(corpus_folder.glob("*.md"))
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / first.name).write_bytes(first.read_bytes())
    build(tmp_path / "corpus", tmp_path / "store")

    figures = compare(local, open_store(tmp_path / "store"), embedder, _QUESTIONS)

    assert 0 < figures["overlap"] < 1
    assert figures["same_order"] == 0
