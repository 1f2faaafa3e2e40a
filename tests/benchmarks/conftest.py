"""Assistants over the sample articles whose models are loaded once."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.asking import ALWAYS_ANSWER
from qa.assistant import Assistant
from qa.settings import DEFAULT, Settings

if TYPE_CHECKING:
    pass


@pytest.fixture(scope="session")
def open_assistant(sample_store: Path) -> Callable[[Settings], Assistant]:
    """Return what opens an assistant with its own settings and the models of all others."""
    return lambda settings: Assistant.open(sample_store, settings=settings)


@pytest.fixture(scope="session")
def product(open_assistant: Callable[[Settings], Assistant]) -> Assistant:
    """Return the assistant as everybody opens it."""
    return open_assistant(DEFAULT)


@pytest.fixture(scope="session")
def always(open_assistant: Callable[[Settings], Assistant]) -> Assistant:
    """Return an assistant that answers every question."""
    return open_assistant(ALWAYS_ANSWER)
