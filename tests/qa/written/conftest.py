from collections.abc import Callable
from pathlib import Path

import pytest

from index.load import load_articles
from index.types import Article


@pytest.fixture(scope="session")
def sample_articles(corpus_folder: Path) -> Callable[[], list[Article]]:
    return lambda: load_articles(corpus_folder)[0]
