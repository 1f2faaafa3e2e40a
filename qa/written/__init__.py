"""Answers that a language model writes out of the passages, and the check of every sentence.

    model = qa.written.LanguageModel("http://127.0.0.1:8080/v1", "qwen")
    written = qa.written.write(qa.ask("what was signed on 12 May?"), model)

Names are loaded when they are first used; the client is an extra, `pip install 'depeche[llm]'`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.written.model import LanguageModel, Limits
    from qa.written.types import Finding, Source, WrittenSentence
    from qa.written.writing import Writing, Written, begin, write

__all__ = [
    "Finding",
    "LanguageModel",
    "Limits",
    "Source",
    "Writing",
    "Written",
    "WrittenSentence",
    "begin",
    "write",
]

_HOMES = {"LanguageModel": "model", "Limits": "model"} | dict.fromkeys(
    ("Writing", "Written", "begin", "write"), "writing"
)


def __getattr__(name: str) -> Any:  # noqa: ANN401  any public name
    """Load a public name (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'qa.written' has no attribute {name!r}")
    return getattr(import_module(f"qa.written.{_HOMES.get(name, 'types')}"), name)
