"""A conversation that is exported, and what is said of it in any format."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from babel.dates import format_date, format_time

from qa.links import quote_link
from qa.types import Citation
from ui.chips import language_name, spell_asked, spell_period
from ui.kept import Kept
from ui.language import Words
from ui.records import Restored


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn to be written.

    Attributes:
        kept: its record.
        restored: the answer made from it; None when there was none.
        at: when it was asked; None when the record does not tell.
    """

    kept: Kept
    restored: Restored | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is exported.

    Attributes:
        turns: in order.
        damaged: how many records could not be read.
        address: where permanent links begin; "" when they lead nowhere.
        words: those of the page.
        at: when it is exported.
    """

    turns: Sequence[Turn]
    damaged: int
    address: str
    words: Words
    at: datetime

    def link(self, citation: Citation) -> str:
        """Return the whole permanent link of a citation, or nothing."""
        span = (citation.start, citation.end)
        link = quote_link(citation.article.id, citation.article.text, span)
        return urljoin(self.address, link) if self.address else ""

    @property
    def title(self) -> str:
        """What it is called: its first question, on one line."""
        first = next((turn.kept.question.text for turn in self.turns), "")
        return " ".join(first.split()) or self.words("page.title")

    @property
    def note(self) -> str:
        """When it was exported, how many questions it has, and how many could not be read."""
        words = self.words
        sentences = [
            words("export.note", date=self.spell_time(self.at)),
            words("export.questions", count=len(self.turns)),
        ]
        if self.damaged:
            sentences.append(words("export.damaged", count=self.damaged))
        return " ".join(sentences)

    def spell_time(self, at: datetime) -> str:
        """Write a moment, in the time of this machine."""
        local = at.astimezone()
        locale = "en_GB" if self.words.language == "en" else self.words.language
        date = format_date(local, "long", locale)
        return f"{date}, {format_time(local, 'short', locale=locale)}"

    def understood(self, turn: Turn) -> list[str]:
        """Say when a question was asked, what was understood of it, and what it was limited to."""
        return list(self._understood(turn))

    def _understood(self, turn: Turn) -> Iterator[str]:
        """Yield it part by part."""
        question, filters, words = turn.kept.question, turn.kept.filters, self.words
        if turn.at is not None:
            yield self.spell_time(turn.at)
        if question.is_follow_up:
            yield words("chips.follow-up", question=question.standalone)
        yield from (spell_asked(asked, words) for asked in question.dates)
        if filters.after or filters.before:
            yield spell_period(filters, words)
        yield from (words("chips.source", source=source) for source in filters.sources)
        for code in filters.languages:
            yield words("chips.articles-in", language=language_name(code, words))
        yield from (words("chips.exact", words=word) for word in filters.words)
