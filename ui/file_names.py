"""Names of files that a browser sends, made fit for the corpus.

What comes back lies below the corpus, shows as it is written, exists on every file system, and is
not among the names that a build passes over.
"""

import re
import unicodedata

MAX_NAME_BYTES = 120
"""Of each file and folder, in UTF-8; file systems take 255, and " (2)" must still fit."""

_MAX_DEPTH = 6

_SEPARATORS = re.compile(r"[/\\]+")
# Signs that no file system shares, and those that break a line or turn the direction of writing.
_UNFIT = re.compile(
    '[<>:"|?*\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]'
)
# Editors and systems hide their own files behind these.
_HIDDEN_BEGINNING = " .~$#"
_HIDDEN_END = " .~#"
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)|__macosx$", re.IGNORECASE)
_LEFTOVER = re.compile(r"\.(swp|swo|tmp|bak|part|crdownload)$", re.IGNORECASE)


class NameUnusable(ValueError):
    """Nothing is left of a name."""


def clean_path(sent: str) -> str:
    """Return the path of a file in the corpus, with forward slashes, for the name that was sent.

    Raises:
        NameUnusable: if nothing is left of it.
    """
    parts = [part for part in map(_clean, _SEPARATORS.split(sent)) if part]
    if not parts:
        raise NameUnusable(sent)
    *folders, name = parts
    return "/".join([*(_LEFTOVER.sub(r"_\1", folder) for folder in folders[-_MAX_DEPTH:]), name])


def number(name: str, count: int) -> str:
    """Return the name of one more file: "visit.txt" becomes "visit (2).txt"."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem} ({count}){dot}{suffix}" if dot else f"{name} ({count})"


def same_name(one: str, other: str) -> bool:
    """Whether some file system takes two names for one: case and the form of accents aside."""
    return _key(one) == _key(other)


def _clean(part: str) -> str:
    """Return one name without what is unfit, nor too long; it may be empty."""
    part = unicodedata.normalize("NFC", part)
    part = " ".join(_UNFIT.sub("_", part).split())
    part = _shorten(_uncover(part.replace(" .", ".")))
    return _shorten(f"_{part}") if _RESERVED.match(part) else part


def _shorten(name: str) -> str:
    """Return a name that is not too long, its suffix kept."""
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > 20:
        return _uncover(_cut(name, MAX_NAME_BYTES))
    return _cut(stem, MAX_NAME_BYTES - len(f".{suffix}".encode())).rstrip() + dot + suffix


def _uncover(part: str) -> str:
    """Return one name without what would hide it from a build."""
    return part.lstrip(_HIDDEN_BEGINNING).rstrip(_HIDDEN_END)


def _cut(text: str, max_bytes: int) -> str:
    """Return the beginning of a text, no character cut."""
    return text.encode()[:max_bytes].decode("utf-8", "ignore")


def _key(name: str) -> str:
    """Return what two names share that some file system takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
