"""What programs may ask, whichever door they come through; what they are told are JSON values."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.articles import find_position
from index.errors import ArticleUnknown
from index.store import Store
from index.types import Article
from qa.assistant import Assistant
from qa.doors.arguments import MOST_OF_A_NAME, Filters, read_number, read_text
from qa.links import article_link
from qa.shown import answer_record, passage_record
from qa.status import read_status
from qa.types import Answer

Record = dict[str, Any]
"""JSON values by name."""

MOST_PASSAGES = 50
"""Passages that are found for one question."""

MOST_CHARACTERS = 50_000
"""Characters of an article that are told at once."""

# of an article that agencies spread, so many other versions are named
_MOST_VERSIONS = 20


def _pass_over(_answer: Answer) -> None:
    """Take no notice of an answer."""


class Service:
    """Asks one store; many threads may use it at once."""

    def __init__(
        self,
        store: Path,
        opened: Callable[[], Assistant],
        address: str = "",
        look_at: Callable[[Answer], None] = _pass_over,
    ) -> None:
        """Ask the assistant that `opened` returns.

        Args:
            store: the folder that it has open.
            opened: returns it, opening the store at the first call.
            address: where the page of the chat is, for links; left out, they begin at the page.
            look_at: sees each answer before it is told; what it raises is told instead.
        """
        self._store = store
        self._opened = opened
        self._address = address.rstrip("/") + "/" if address else ""
        self._look_at = look_at

    def ask(
        self, question: str, history: Sequence[tuple[str, str]] = (), filters: Filters | None = None
    ) -> Record:
        """Answer a question with exact quotes, or say that the articles do not.

        Raises:
            DepecheError: what `qa.ask` raises.
        """
        answer = self._opened().ask(question, history, **(filters or {}))
        self._look_at(answer)
        record = answer_record(answer)
        for part in (*record["citations"], *record["passages"]):
            self._place(part)
        return record

    def retrieve(self, question: str, k: int = 5, filters: Filters | None = None) -> list[Record]:
        """Find the `k` passages that answer best, `MOST_PASSAGES` at most.

        Raises:
            ArgumentInvalid: if `k` is no whole number from 1.
            DepecheError: what `qa.retrieve` raises.
        """
        most = min(read_number("k", k, 1), MOST_PASSAGES)
        found = self._opened().retrieve(question, most, **(filters or {}))
        return [self._place(passage_record(passage)) for passage in found]

    def article(self, article_id: str, start: int = 0, end: int | None = None) -> Record:
        """Tell an article: what is known of it, and its text from `start` to `end` (excluded).

        At most `MOST_CHARACTERS` are told at once; `end` of the record says where these end.

        Raises:
            ArgumentInvalid: if what is given can be no id.
            ArticleUnknown: if there is none of that id.
        """
        index = self._opened().index
        article_id = read_text("article", article_id, MOST_OF_A_NAME)
        position = find_position(index.articles, article_id)
        if position is None:
            raise ArticleUnknown(article_id)
        article = index.articles[position]
        length = len(article.text)
        first = min(max(start, 0), length)
        last = min(length if end is None else max(end, first), first + MOST_CHARACTERS, length)
        return {
            **self._named(article),
            "author": article.author,
            "source": article.source,
            "language": article.language,
            "length": length,
            "start": first,
            "end": last,
            "text": article.text[first:last],
            "versions": [self._named(other) for other in _versions(index, position)],
        }

    def corpus(self) -> Record:
        """Tell what the store holds: how many articles, their days, languages and sources.

        Raises:
            StoreError: if it cannot be opened.
        """
        told = read_status(self._store)
        names = ("snapshot", "trouble", "written", "articles", "chunks", "first", "last")
        return {name: told[name] for name in (*names, "languages", "sources", "embedder")}

    def status(self) -> Record:
        """Tell what `depeche status --json` does, but for where the store is on this machine.

        Raises:
            StoreError: if it cannot be opened.
        """
        told = read_status(self._store)
        del told["store"]
        return told

    def _named(self, article: Article) -> Record:
        """Name an article."""
        return self._place(
            {
                "article": article.id,
                "title": article.title,
                "published": article.published and str(article.published),
                "url": article.url,
                "link": article_link(article.id),
            }
        )

    def _place(self, record: Record) -> Record:
        """Make the link of a record one that can be followed from anywhere."""
        record["link"] = self._address + record["link"]
        return record


def _versions(index: Store, position: int) -> list[Article]:
    """Return the other articles that tell the story of one."""
    firsts = index.stories.firsts
    if len(firsts) != len(index.articles):
        return []
    members = np.flatnonzero(firsts == firsts[position]).tolist()
    others = [member for member in members if member != position]
    return [index.articles[member] for member in others[:_MOST_VERSIONS]]
