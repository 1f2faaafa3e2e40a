"""What the tests of stores share: two contents, and what a store of them must be like."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.snapshot import lock_store, save_snapshot
from index.types import Article

if TYPE_CHECKING:
    from index.store import Store


@pytest.fixture(scope="session")
def two_contents(
    make_article: Callable[..., Article], make_content: Callable[..., "Store"]
) -> "tuple[Store, Store]":
    """Two contents that share no sentence: what is quoted tells which of the two it is from."""
    return tuple(  # type: ignore[return-value]
        make_content(
            *(
                make_article(
                    f"Le 12 mai 2025, le {name} {number} a ouvert.\n\nPhoto : {name}\n\n"
                    + f"Rien que le {name} {number}, dit la mairie. " * 40,
                    id=f"{name}/{number}.txt",
                    title=f"Le {name} {number}",
                )
                for number in range(3)
            )
        )
        for name in ("tramway", "bateau")
    )


@pytest.fixture(scope="session")
def _saved(two_contents: "tuple[Store, Store]", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save both contents once."""
    store = tmp_path_factory.mktemp("saved") / "store"
    with lock_store(store):
        for content in two_contents:
            save_snapshot(store, content)
    return store


@pytest.fixture
def store(tmp_path: Path, _saved: Path) -> Path:
    """Return a store of two snapshots, one of each content, that may be written to."""
    return shutil.copytree(_saved, tmp_path / "store")


@pytest.fixture(scope="session")
def check_whole(two_contents: "tuple[Store, Store]") -> Callable[["Store"], int]:
    """Return a function that searches a store, and says which of the two contents it holds."""
    known = [{article.id: article.text for article in one.articles} for one in two_contents]

    def check(store: "Store") -> int:
        which = known.index({article.id: article.text for article in store.articles})
        name = ("tramway", "bateau")[which]
        hits = store.search_dense(store.vectors.vectors([0])[0], 50)
        assert {hit.row for hit in hits} == set(range(len(store.chunks)))
        for row in [hit.row for hit in hits]:
            chunk = store.chunks[row]
            text = store.articles[chunk.article].text[chunk.start : chunk.end]
            assert name in text
        rows = {hit.row for hit in store.match_words([{name: 1.0, "mair": 1.0}]).best(50)}
        assert rows == set(range(len(store.chunks)))
        assert store.dates.years() == [2025]
        return which

    return check


@pytest.fixture
def tidy() -> Callable[[Path], None]:
    """Return a function that refuses what a build has no right to leave."""

    def check(store: Path) -> None:
        left = sorted(path.name for path in store.iterdir())
        assert left in (["CURRENT", "snapshots"], [".lock", "CURRENT", "snapshots"])
        names = [path.name for path in (store / "snapshots").iterdir()]
        # the one in force, the one before, and one of another content if these say the same
        assert 1 <= len(names) <= 3
        assert not any(name.endswith(".tmp") for name in names)

    return check
