"""What is in a store, for people and programs."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from index.address import Place, place_of
from index.places import open_store, size_of, snapshots
from index.types import Article, Skipped
from qa.dating import describe_dates, doubt_of, read_dates

# A longer list is told by --json, or by --dates.
_MOST_NAMED = 12
_MOST_REASONS = 8


def read_status(store: str | Place | None = None, *, dates: bool = False) -> dict[str, Any]:
    """Describe the snapshot that answers as JSON values; `trouble` if it is not the one in force.

    Args:
        store: folder of snapshots, or address of an index in Milvus; `DEPECHE_STORE`, else ./store,
            if left out.
        dates: describe only the dates: where they come from, and those that need a look.

    Raises:
        StoreMissing: if nothing was built there yet.
        StoreCorrupt: if no snapshot can be opened.
    """
    place = place_of(store)
    content = open_store(place, at_once=False)
    name, articles = content.name, list(content.heads())
    known = snapshots(place)
    written = next(one.written for one in known if one.name == name)
    built = written.astimezone().date()
    told = {
        "store": str(place),
        "snapshot": name,
        "trouble": content.trouble,
        "written": written.isoformat(timespec="seconds"),
        "articles": len(articles),
        "dates_from": content.columns.origins.counts(),
    }
    if dates:
        return {**told, **read_dates(articles, built)}
    return {
        **told,
        "chunks": len(content.chunks),
        "embedder": content.embedder,
        "recall": content.vectors.recall,
        **_corpus(articles, built),
        "languages": content.columns.languages.counts(),
        "sources": content.columns.sources.counts(),
        **_left_out(content.skipped),
        "snapshots": [one.name for one in known],
        "bytes": size_of(place, name),
    }


def describe(status: Mapping[str, Any]) -> str:
    """Write a status for a terminal."""
    period = f"{status['first']} to {status['last']}" if status["first"] else "no dates"
    others = len(status["snapshots"]) - 1
    size = status["bytes"]
    lines = [
        f"{status['articles']} articles ({period}), {status['chunks']} chunks",
        f"snapshot    {status['snapshot']} in {status['store']}",
        f"written     {status['written']}; {others} other snapshots (depeche snapshots)",
        f"size        {_megabytes(size['snapshot'])}, the whole store {_megabytes(size['store'])}",
        f"embedder    {status['embedder']}",
    ]
    if status["recall"] < 1:
        lines.append(f"recall      {status['recall']:.3f} of the nearest ten, as measured")
    for name in ("languages", "sources", "dates_from"):
        lines.append(f"{name.replace('_', ' '):<12}{_counts(status[name], _MOST_NAMED)}")
    lines.extend(_skipped_lines(status))
    for name, said in (("undated", "without a date"), ("doubtful", "doubtful dates")):
        if status[name]:
            lines.append(f"{said}: {_named(status[name])}")
    return "\n".join(lines)


def describe_only_dates(status: Mapping[str, Any]) -> str:
    """Write the status of the dates for a terminal."""
    origins = f"dates from  {_counts(status['dates_from'], _MOST_NAMED)}"
    return "\n".join((origins, *describe_dates(status)))


def _corpus(articles: Sequence[Article], built: date) -> dict[str, Any]:
    """Describe the articles."""
    dated = sorted(article.published for article in articles if article.published is not None)
    return {
        "first": str(dated[0]) if dated else None,
        "last": str(dated[-1]) if dated else None,
        "undated": [article.id for article in articles if article.published is None],
        "doubtful": [article.id for article in articles if doubt_of(article, built)],
    }


def _left_out(skipped: Sequence[Skipped]) -> dict[str, Any]:
    """Describe the files that the build left out: each, and how many for one kind of reason."""
    return {
        "skipped": [{"path": path, "reason": reason} for path, reason in skipped],
        "skipped_for": _count(_kind(reason) for _path, reason in skipped),
    }


def _kind(reason: str) -> str:
    """Return a reason without what differs from file to file."""
    if reason.startswith("needs the package "):
        return reason  # it says what mends it
    if reason.startswith("same text as "):
        return "same text as another"
    return reason.partition(": ")[0]


def _skipped_lines(status: Mapping[str, Any]) -> Iterable[str]:
    """Yield how many files were left out, and why, the most frequent reason first."""
    if not status["skipped"]:
        return
    yield f"skipped     {len(status['skipped'])} files (depeche status --json names them)"
    reasons = list(status["skipped_for"].items())
    for reason, count in reasons[:_MOST_REASONS]:
        yield f"{count:>10}  {reason}"
    if rest := reasons[_MOST_REASONS:]:
        yield f"{sum(count for _reason, count in rest):>10}  for {len(rest)} other reasons"


def _counts(counts: Mapping[str, int], most: int) -> str:
    """Write counts on one line."""
    shown = [f"{key} {count}" for key, count in list(counts.items())[:most]]
    more = len(counts) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "") or "none"


def _named(articles: Sequence[str]) -> str:
    """Name articles, as far as they find room."""
    more = len(articles) - _MOST_NAMED
    return ", ".join(articles[:_MOST_NAMED]) + (
        f" and {more} more (depeche status --dates)" if more > 0 else ""
    )


def _megabytes(size: int) -> str:
    """Write a number of bytes."""
    return f"{size / 1e6:.1f} MB"


def _count(values: Iterable[str]) -> dict[str, int]:
    """Count equal values, most frequent first."""
    return dict(Counter(values).most_common())
