import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from index.snapshot import lock_store, save_snapshot
from index.store import Store
from index.types import Article
from ui.health import Health

MakeArticle = Callable[..., Article]
MakeContent = Callable[..., Store]


@pytest.fixture
def ask(run_app: Callable[[Starlette], str], tmp_path: Path) -> Callable[[], httpx.Response]:
    """Return a function that asks for the health of a store that is not built yet."""
    address = run_app(Starlette(routes=[Health(tmp_path / "store").route()]))
    return lambda: httpx.get(f"{address}/health", trust_env=False, timeout=60)


def build(store: Path, content: Store) -> str:
    with lock_store(store):
        return save_snapshot(store, content)


def test_without_an_index_no_question_can_be_answered(ask: Callable[[], httpx.Response]) -> None:
    answer = ask()

    assert answer.status_code == 503
    assert answer.json() == {"status": "StoreMissing", "snapshot": None, "articles": 0}


def test_an_index_is_told_by_its_name_and_its_articles_and_so_is_the_next_one(
    ask: Callable[[], httpx.Response],
    tmp_path: Path,
    make_article: MakeArticle,
    make_content: MakeContent,
) -> None:
    first = build(tmp_path / "store", make_content(make_article()))
    told = ask()
    second = build(tmp_path / "store", make_content(make_article(), make_article(id="b.txt")))

    assert (told.status_code, told.json()) == (
        200,
        {"status": "ok", "snapshot": first, "articles": 1},
    )
    assert ask().json() == {"status": "ok", "snapshot": second, "articles": 2}


def test_a_damaged_index_is_told_without_its_place(
    ask: Callable[[], httpx.Response],
    tmp_path: Path,
    make_article: MakeArticle,
    make_content: MakeContent,
) -> None:
    name = build(tmp_path / "store", make_content(make_article()))
    manifest = tmp_path / "store" / "snapshots" / name / "manifest.json"
    manifest.write_text(json.dumps({"digest": "x"}), encoding="utf-8")

    answer = ask()

    assert answer.status_code == 503
    assert answer.json()["status"] == "StoreCorrupt"
    assert str(tmp_path) not in answer.text
    assert answer.request.method == "GET"


def test_an_index_that_an_older_one_stands_in_for_is_told_and_so_is_its_mending(
    ask: Callable[[], httpx.Response],
    tmp_path: Path,
    make_article: MakeArticle,
    make_content: MakeContent,
) -> None:
    first = build(tmp_path / "store", make_content(make_article()))
    second = build(tmp_path / "store", make_content(make_article(), make_article(id="b.txt")))
    vectors = tmp_path / "store" / "snapshots" / second / "vectors.npy"
    vectors.write_bytes(vectors.read_bytes()[:-1])

    degraded = ask()
    third = build(tmp_path / "store", make_content(make_article(), make_article(id="c.txt")))

    assert degraded.status_code == 200
    assert degraded.json() == {"status": "degraded", "snapshot": first, "articles": 1}
    assert ask().json() == {"status": "ok", "snapshot": third, "articles": 2}


def test_it_answers_a_head_and_no_post(ask: Callable[[], httpx.Response]) -> None:
    address = str(ask().url)

    assert httpx.head(address, trust_env=False, timeout=60).status_code == 503
    assert httpx.post(address, trust_env=False, timeout=60).status_code == 405
