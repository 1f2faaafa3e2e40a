"""A question to a cited answer; knows nothing of files.

    answer = qa.ask("what was signed on 12 May?", store="store")

Names are loaded when they are first used: importing this package is instant.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.shared import ask, retrieve
    from qa.types import Answer, Citation, Passage, Question

__all__ = ["Answer", "Assistant", "Citation", "Passage", "Question", "ask", "retrieve"]

_HOMES = {"Assistant": "qa.assistant", "ask": "qa.shared", "retrieve": "qa.shared"}


def __getattr__(name: str) -> Any:  # noqa: ANN401  any public name
    """Load a public name (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "qa.types")), name)
