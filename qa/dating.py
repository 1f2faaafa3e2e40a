"""Articles without a date, and those with a doubtful one: why, and what would mend it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Any

from index.doubt import VAGUE_ORIGINS
from index.types import Article

_DAY = "YYYY-MM-DD"

_FUTURE = "lies in the future"
# Where the day begins first, it is a day later than where it begins last.
_ZONES = timedelta(days=1)

_RECORD = re.compile(r"#\d+\Z")
_TYPED = frozenset({"header", "front matter"})
# A date from here is overruled by one in the name of the file.
_WEAK = VAGUE_ORIGINS | {"text", "folder", "file name"}


def doubt_of(article: Article, built: date) -> str | None:
    """Return why the date of an article of a snapshot `built` that day may be wrong, or None.

    What the article tells was noted when it was read; only the day it was built tells the future.
    """
    days = article.published
    is_future = days is not None and days.first > built + _ZONES
    return "; ".join(filter(None, (article.doubt, _FUTURE if is_future else ""))) or None


def how_to_mend(article: Article) -> str:
    """Return what gives an article a date, or a better one."""
    origin = article.origins.get("published", "")
    if origin in _TYPED:
        return f"correct the date in its {origin}"
    if origin and origin not in _WEAK:
        return f"correct the date that the file declares ({origin})"
    path = PurePosixPath(article.id)
    if _RECORD.search(path.name):
        return "give its record a date"
    if path.suffix.lower() == ".txt":
        return f"begin it with a line: date {_DAY}"
    if path.suffix.lower() in (".md", ".markdown"):
        return f"begin it with front matter: date: {_DAY}"
    return f"name it {_DAY}-{path.name}"


def read_dates(articles: Sequence[Article], built: date) -> dict[str, Any]:
    """Describe the dates that need a look, as JSON values."""
    return {
        "undated": [_record(article) for article in articles if article.published is None],
        "doubtful": [
            _record(article)
            | {
                "published": str(article.published),
                "origin": article.origins.get("published", ""),
                "doubt": doubt,
            }
            for article in articles
            if (doubt := doubt_of(article, built))
        ],
    }


def describe_dates(told: Mapping[str, Any]) -> Iterable[str]:
    """Write them for a terminal, line by line."""
    undated, doubtful = told["undated"], told["doubtful"]
    yield f"{len(undated)} of {told['articles']} articles without a date" + (":" * bool(undated))
    for one in undated:
        yield f"  {one['article']}"
        yield f"      {one['mend']}"
    yield f"{len(doubtful)} with a doubtful one" + (":" * bool(doubtful))
    for one in doubtful:
        yield f"  {one['article']}  {one['published']} ({one['origin']}): {one['doubt']}"
        yield f"      {one['mend']}"


def _record(article: Article) -> dict[str, str]:
    """Return an article whose date needs a look."""
    return {"article": article.id, "title": article.title, "mend": how_to_mend(article)}
