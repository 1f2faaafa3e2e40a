from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

import index
from index.snapshot import snapshot_names
from ui.desk import Desk
from ui.language import load_words
from ui.suggestions import routes


@pytest.fixture
def store(corpus_folder: Path, tmp_path: Path, tiny_model: Path) -> Path:
    """A store of two snapshots with different articles."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for path in sorted(corpus_folder.glob("*.txt"))[:2]:
        (corpus / path.name).write_bytes(path.read_bytes())
        index.build(corpus, tmp_path / "store", model=str(tiny_model))
    return tmp_path / "store"


@pytest.mark.parametrize("damaged", [False, True])
def test_the_page_is_told_when_an_older_index_answers(
    store: Path, run_app: Callable[[Starlette], str], damaged: bool
) -> None:
    if damaged:
        (store / "snapshots" / snapshot_names(store)[-1] / "chunks.npy").unlink()
    address = run_app(Starlette(routes=routes(Desk(store, reader="none"), None)))

    told = httpx.get(f"{address}/suggestions.json", trust_env=False, timeout=120).json()

    assert told["trouble"] == ("OlderIndex" if damaged else None)
    assert told["questions"]
    french = httpx.get(f"{address}/suggestions.json?language=fr", trust_env=False, timeout=120)
    assert all(question.endswith("\u202f?") for question in french.json()["questions"])
    assert all("errors.OlderIndex" in load_words(code).entries for code in ("en", "fr", "vi"))
