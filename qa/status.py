"""What is in a store, for people and programs."""

from collections import Counter
from pathlib import Path
from typing import Any

from index.history import open_store
from index.snapshot import default_store
from index.types import Article


def read_status(store: str | Path | None = None) -> dict[str, Any]:
    """Describe the snapshot that answers as JSON values; `trouble` if it is not the one in force.

    Raises:
        StoreMissing: if nothing was built there yet.
        StoreCorrupt: if no snapshot can be opened.
    """
    path = Path(store) if store is not None else default_store()
    content = open_store(path)
    articles = content.articles
    dated = sorted(article.published for article in articles if article.published is not None)
    return {
        "store": str(path),
        "snapshot": content.name,
        "trouble": content.trouble,
        "articles": len(articles),
        "chunks": len(content.chunks),
        "embedder": content.embedder,
        "first": str(dated[0]) if dated else None,
        "last": str(dated[-1]) if dated else None,
        "undated": [article.id for article in articles if article.published is None],
        "languages": _count(article.language for article in articles),
        "sources": _count(article.source for article in articles if article.source),
        "dates_from": _count(map(_date_origin, articles)),
    }


def describe(status: dict[str, Any]) -> str:
    """Write a status for a terminal."""
    period = f"{status['first']} to {status['last']}" if status["first"] else "no dates"
    lines = [
        f"{status['articles']} articles ({period}), {status['chunks']} chunks",
        f"snapshot    {status['snapshot']} in {status['store']}",
        f"embedder    {status['embedder']}",
    ]
    for name in ("languages", "sources", "dates_from"):
        counts = ", ".join(f"{key} {count}" for key, count in status[name].items())
        lines.append(f"{name.replace('_', ' '):<12}{counts or 'none'}")
    if status["undated"]:
        lines.append(f"without a date: {', '.join(status['undated'])}")
    return "\n".join(lines)


def _count(values: Any) -> dict[str, int]:  # noqa: ANN401  any iterable of strings
    """Count equal values, most frequent first."""
    return dict(Counter(values).most_common())


def _date_origin(article: Article) -> str:
    """Return where an article's date came from."""
    return article.origins.get("published", "none")
