"""What programs may ask, whichever door they come through; what they are told are JSON values."""

from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import Any, ParamSpec, Protocol, TypeVar

import numpy as np

from index.address import Place
from index.articles import find_position
from index.errors import ArticleUnknown
from index.store import Store
from index.types import Article
from qa.assistant import Assistant
from qa.doors.arguments import (
    MOST_OF_A_NAME,
    read_filters,
    read_history,
    read_number,
    read_text,
)
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


_Arguments = ParamSpec("_Arguments")
_Given = TypeVar("_Given")


class InTurn(Protocol):
    """Does the work of the call that is named, beside the wire; its turn may come later."""

    async def __call__(self, name: str, work: Callable[[], _Given], /) -> _Given:
        """Return what the work does."""


def offer(
    call: Callable[_Arguments, _Given], in_turn: InTurn
) -> Callable[_Arguments, Awaitable[_Given]]:
    """Return a call of a service as a door offers it: its work is done when its turn has come.

    Name, arguments and what it says of them are those of `call`, for doors that look at these.
    """

    @wraps(call)
    async def called(*arguments: _Arguments.args, **named: _Arguments.kwargs) -> _Given:
        """Call it."""
        return await in_turn(call.__name__, partial(call, *arguments, **named))

    return called


def _pass_over(_answer: Answer) -> None:
    """Take no notice of an answer."""


class Service:
    """Asks one store; many threads may use it at once.

    What it may be asked is the same at every door: the arguments of these calls, in this order,
    and what is said of each here. They check what they are given themselves, and raise
    `ArgumentInvalid`, or another error of `DepecheError`, where `qa.ask` does.
    """

    def __init__(
        self,
        store: Place,
        opened: Callable[[], Assistant],
        address: str = "",
        look_at: Callable[[Answer], None] = _pass_over,
    ) -> None:
        """Ask the assistant that `opened` returns.

        Args:
            store: where what it has open lies.
            opened: returns it, opening the store at the first call.
            address: where the page of the chat is, for links; left out, they begin at the page.
            look_at: sees each answer before it is told; what it raises is told instead.
        """
        self._store = store
        self._opened = opened
        self._address = address.rstrip("/") + "/" if address else ""
        self._look_at = look_at

    def ask(
        self,
        question: str,
        after: str = "",
        before: str = "",
        sources: list[str] | None = None,
        languages: list[str] | None = None,
        words: list[str] | None = None,
        history: list[list[str]] | None = None,
    ) -> Record:
        """Answer a question with exact quotes of the articles, or say that they do not tell.

        Args:
            question: in any language; it may name days ("on 12 May")
            after: first day of publication let through: "2025", "2025-05" or "2025-05-12"
            before: last day let through, included
            sources: names of sources or folders, in one of which an article lies
            languages: codes of languages, one of which is the article's
            words: words or phrases that all stand in the article
            history: earlier turns that a follow-up leans on: pairs of question and answer
        """
        filters = read_filters(after, before, sources, languages, words)
        asked, turns = read_text("question", question), read_history(history)
        answer = self._opened().ask(asked, turns, **filters)
        self._look_at(answer)
        record = answer_record(answer)
        for part in (*record["citations"], *record["passages"]):
            self._place(part)
        return record

    def retrieve(
        self,
        question: str,
        k: int = 5,
        after: str = "",
        before: str = "",
        sources: list[str] | None = None,
        languages: list[str] | None = None,
        words: list[str] | None = None,
    ) -> list[Record]:
        """Find the passages that answer best, best first, each with the spans that do.

        Args:
            question: in any language; it may name days ("on 12 May")
            k: how many passages at most, up to 50
            after: first day of publication let through: "2025", "2025-05" or "2025-05-12"
            before: last day let through, included
            sources: names of sources or folders, in one of which an article lies
            languages: codes of languages, one of which is the article's
            words: words or phrases that all stand in the article
        """
        filters = read_filters(after, before, sources, languages, words)
        asked, most = read_text("question", question), min(read_number("k", k, 1), MOST_PASSAGES)
        found = self._opened().retrieve(asked, most, **filters)
        return [self._place(passage_record(passage)) for passage in found]

    def article(self, article: str, start: int = 0, end: int | None = None) -> Record:
        """Read an article, 50,000 characters at most at once; `versions` are its copies.

        Args:
            article: its id, as results name it
            start: first character that is told
            end: where the text that is told ends (excluded); its end if left out
        """
        article_id = read_text("article", article, MOST_OF_A_NAME)
        start = read_number("start", start, 0)
        end = None if end is None else read_number("end", end, 0)
        index = self._opened().index
        position = find_position(index.articles, article_id)
        if position is None:
            raise ArticleUnknown(article_id)
        found = index.articles[position]
        length = len(found.text)
        first = min(start, length)
        last = min(length if end is None else max(end, first), first + MOST_CHARACTERS, length)
        return {
            **self._named(found),
            "author": found.author,
            "source": found.source,
            "language": found.language,
            "length": length,
            "start": first,
            "end": last,
            "text": found.text[first:last],
            "versions": [self._named(other) for other in _versions(index, position)],
        }

    def corpus(self) -> Record:
        """Tell what is asked: how many articles, from when to when, in which languages."""
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
