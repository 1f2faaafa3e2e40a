"""An index in a file of Milvus Lite, which runs in this process."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from index.address import Address
from index.contents import digest_content
from index.milvus.publish import publish
from index.store import Store


@pytest.fixture(scope="session")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of Milvus Lite for this process: many indexes may lie in it."""
    return tmp_path_factory.mktemp("milvus") / "archive.db"


@pytest.fixture(scope="session")
def new_address(lite: Path) -> Callable[[], Address]:
    """Return a function that gives an address where there is no index yet."""
    numbers = count(1)
    return lambda: Address(f"news{next(numbers)}", file=lite)


@pytest.fixture
def address(new_address: Callable[[], Address]) -> Address:
    """Return an address where there is no index yet."""
    return new_address()


@pytest.fixture(scope="session")
def put() -> Callable[..., str]:
    """Return a function that publishes a store, which a build would have opened from its folder."""

    def publish_content(address: Address, content: Store, **told: object) -> str:
        """Publish a store; return the name of its snapshot."""
        return publish(address, replace(content, content=digest_content(content)), **told)  # type: ignore[arg-type]

    return publish_content
