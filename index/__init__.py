"""Files to a searchable snapshot; knows nothing of questions.

    report = index.build("corpus", "store")

Names are loaded when they are first used: importing this package is instant.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.builder import build
    from index.types import Article, BuildReport, DateRange

__all__ = ["Article", "BuildReport", "DateRange", "build"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  any public name
    """Load a public name (PEP 562)."""
    if name == "build":
        from index.builder import build

        return build
    if name in __all__:
        from index import types

        return getattr(types, name)
    raise AttributeError(f"module 'index' has no attribute {name!r}")
