"""The words of the page: one YAML file per language in `words/`."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from index.errors import DepecheError
from qa.phrases import bind_french

_FOLDER = Path(__file__).with_name("words")
_FALLBACK = "en"  # a browser that asks for neither French nor English

Entry = str | tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """The words of one language; `words("ask.send")` is one of them."""

    language: str
    entries: dict[str, Entry]

    def __call__(self, key: str, **values: object) -> str:
        """Return the words under `key`, with `values` in their `{places}`.

        With a `count`, the key's `.one` or `.other` form is taken.
        """
        if "count" in values:
            # French counts nought as one, English as many
            single = values["count"] == 1 or (values["count"] == 0 and self.language == "fr")
            key = f"{key}.{'one' if single else 'other'}"
        entry = self.entries[key]
        assert isinstance(entry, str), f"{key} is a list"
        return entry.format(**values) if values else entry

    def several(self, key: str) -> tuple[str, ...]:
        """Return the list under `key`."""
        entry = self.entries[key]
        assert isinstance(entry, tuple), f"{key} is no list"
        return entry

    def for_key(self, key: str) -> str:
        """Return the sentence for an error that a record or a route names by its key."""
        known = self.entries.get(f"errors.{key}")
        return known if isinstance(known, str) else self("errors.other")

    def for_error(self, error: Exception) -> str:
        """Return the sentence for `error`, by its class or the nearest base that has one."""
        for kind in type(error).__mro__:
            if f"errors.{kind.__name__}" in self.entries:
                return self(f"errors.{kind.__name__}")
        # English is the language of the messages themselves
        if isinstance(error, DepecheError) and self.language == "en":
            return str(error)
        return self("errors.other")


def languages() -> tuple[str, ...]:
    """Name the languages the page speaks, French first: it is what most articles are in."""
    codes = sorted(path.stem for path in _FOLDER.glob("*.yaml"))
    return tuple(sorted(codes, key=lambda code: code != "fr"))


@cache
def load_words(language: str) -> Words:
    """Load the words of `language`, or of the fallback when it has no file."""
    code = language if language in languages() else _FALLBACK
    text = (_FOLDER / f"{code}.yaml").read_text(encoding="utf-8")
    entries = dict(_flatten(yaml.safe_load(text)))
    return Words(
        code, {key: _bind(entry) for key, entry in entries.items()} if code == "fr" else entries
    )


def _flatten(tree: dict[str, object], prefix: str = "") -> Iterator[tuple[str, Entry]]:
    """Yield ("ask.send", words) for each leaf of `tree`."""
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield prefix + name, tuple(str(item) for item in value)
        else:
            yield prefix + name, str(value)


def _bind(entry: Entry) -> Entry:
    """Return French words with the spaces of French."""
    return bind_french(entry) if isinstance(entry, str) else tuple(map(bind_french, entry))


def choose_language(accept_language: str | None) -> str:
    """Choose the page's language from an Accept-Language header, by its weights.

    An entry that cannot be read counts for nothing; ties go to the first one.
    """
    wanted = sorted(_weighted(accept_language or ""), key=lambda pair: -pair[1])
    spoken = languages()
    for code, weight in wanted:
        if code in spoken and weight > 0:
            return code
    return _FALLBACK


def _weighted(header: str) -> Iterator[tuple[str, float]]:
    """Yield (language, weight) for each entry of an Accept-Language header."""
    for entry in header.split(","):
        tag, _, parameter = entry.partition(";")
        code = tag.strip().lower().partition("-")[0]
        try:
            yield code, float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
