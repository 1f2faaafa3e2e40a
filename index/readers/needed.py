"""The packages that only some formats need."""

from pathlib import Path

from index.errors import UnreadableFile


def needs(path: Path, package: str, extra: str) -> UnreadableFile:
    """Return what to raise where `package` is not installed; `extra` of this project brings it."""
    return UnreadableFile(path, f"needs the package {package}: pip install 'depeche[{extra}]'")
