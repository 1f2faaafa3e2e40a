"""The reader's filters: read from what the page sends, handed to the assistant, written back."""

from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from index.spell import spell_date
from index.types import DateRange
from ui.claims import Claim, read_texts
from ui.language import Words
from ui.period import PeriodUnreadable, read_day

# More than anybody chooses by hand; what a browser sends is bounded.
_MAX_NAMES = 30
_MAX_NAME_CHARS = 300
_MAX_DAY_CHARS = 60


class Arguments(TypedDict):
    """The filters as `Assistant.ask` takes them."""

    after: date | None
    before: date | None
    sources: tuple[str, ...] | None
    languages: tuple[str, ...] | None
    words: tuple[str, ...] | None
    ignore: tuple[str, ...]


class FilterRefused(ValueError):
    """A filter that cannot be used: `field` is its name, `str(error)` the sentence for the page."""

    def __init__(self, field: str, sentence: str) -> None:
        """Remember which filter it is."""
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader chose.

    Attributes:
        after: first day, month or year let through, in ISO form; "" for no end.
        before: last one let through.
        sources: names of sources or folders, in one of which an article lies.
        languages: codes of languages, one of which is the article's.
        words: exact words, which all stand in the article.
        ignore: parts of what was understood that are not to be heeded.
    """

    after: str = ""
    before: str = ""
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def arguments(self) -> Arguments:
        """Return the filters as `Assistant.ask` takes them; one that is not set is None."""
        return Arguments(
            after=DateRange.parse(self.after).first if self.after else None,
            before=DateRange.parse(self.before).last if self.before else None,
            sources=self.sources or None,
            languages=self.languages or None,
            words=self.words or None,
            ignore=self.ignore,
        )

    def write(self) -> dict[str, object]:
        """Return the filters as they stand in a record."""
        return {
            "after": self.after,
            "before": self.before,
            "sources": list(self.sources),
            "languages": list(self.languages),
            "words": list(self.words),
            "ignore": list(self.ignore),
        }


def read_filters(claim: Claim, words: Words) -> Filters:
    """Read the filters that a page sends; days may be typed in any form of `read_day`.

    Raises:
        ClaimInvalid: if they are of another kind, or too many.
        FilterRefused: if the period is none; its sentence is in the language of `words`.
    """
    sources, languages, phrases, ignore = (
        read_texts(claim, name, _MAX_NAMES, _MAX_NAME_CHARS)
        for name in ("sources", "languages", "words", "ignore")
    )
    after, before = (_read_end(claim, name, words) for name in ("after", "before"))
    if after and before and before.last < after.first:
        first, last = (spell_date(end, words.language) for end in (after, before))
        raise FilterRefused("before", words("filters.reversed", first=first, last=last))
    return Filters(str(after or ""), str(before or ""), sources, languages, phrases, ignore)


def _read_end(claim: Claim, name: str, words: Words) -> DateRange | None:
    """Read one end of the period; it is told back to the reader as it was typed."""
    typed = claim.get(name) or ""
    try:
        if not isinstance(typed, str) or len(typed) > _MAX_DAY_CHARS:
            raise PeriodUnreadable(str(typed)[:_MAX_DAY_CHARS])
        return read_day(typed)
    except PeriodUnreadable as error:
        sentence = words("filters.invalid", value=str(error))
        raise FilterRefused(name, sentence) from None
