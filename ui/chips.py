"""What was understood of a question, as chips: each can be taken off, and the question asked again.

A chip's button carries, as JSON in `data-drop`, what is to change: a filter that goes ("filter",
with a "value" where it has several), a part of the question not to be heeded ("ignore"), or to be
heeded again ("heed").
"""

import json
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from babel import Locale, UnknownLocaleError

from index.spell import spell_date, spell_yearless
from index.types import DateRange
from qa.types import AskedDate, Question
from qa.understand.ignore import FOLLOW_UP, LANGUAGE
from ui.filters import Filters
from ui.language import Words

_RELATIONS = {
    "on": "chips.on",
    "since": "chips.since",
    "before": "chips.before",
    "until": "chips.until",
}


class Chip(NamedTuple):
    """One thing understood or chosen: what it is, and what taking it off changes."""

    kind: str
    text: str
    drop: dict[str, str]


def chips(question: Question, filters: Filters, words: Words) -> str:
    """Return the chips of a turn as a list, or nothing when nothing was understood."""
    found = [
        *_of_question(question, words),
        *_of_filters(filters, words),
        *_ignored(filters.ignore, words),
    ]
    if not found:
        return ""
    items = "".join(f"<li>{_html(chip, words)}</li>" for chip in found)
    return f'<ul class="chips" aria-label="{escape(words("chips.legend"))}">{items}</ul>'


def _of_question(question: Question, words: Words) -> Iterator[Chip]:
    """Yield what was understood of the words of a question."""
    if question.is_follow_up:
        text = words("chips.follow-up", question=question.standalone)
        yield Chip("rewritten", text, {"ignore": FOLLOW_UP})
    for asked in question.dates:
        yield Chip("date", spell_asked(asked, words), {"ignore": asked.text})
    if question.language:
        name = language_name(question.language, words)
        yield Chip("language", words("chips.language", language=name), {"ignore": LANGUAGE})


def _of_filters(filters: Filters, words: Words) -> Iterator[Chip]:
    """Yield the filters."""
    if filters.after or filters.before:
        yield Chip("filter", spell_period(filters, words), {"filter": "period"})
    for source in filters.sources:
        text = words("chips.source", source=source)
        yield Chip("filter", text, {"filter": "sources", "value": source})
    for code in filters.languages:
        text = words("chips.articles-in", language=language_name(code, words))
        yield Chip("filter", text, {"filter": "languages", "value": code})
    for word in filters.words:
        text = words("chips.exact", words=word)
        yield Chip("filter", text, {"filter": "words", "value": word})


def _ignored(ignored: Sequence[str], words: Words) -> Iterator[Chip]:
    """Yield what is not heeded: taken off, it is again."""
    named = {FOLLOW_UP: words("chips.ignored-follow-up"), LANGUAGE: words("chips.ignored-language")}
    for part in ignored:
        text = named.get(part) or words("chips.ignored", part=part)
        yield Chip("ignored", text, {"heed": part})


def _html(chip: Chip, words: Words) -> str:
    """Return one chip: a button whose name says what it does."""
    does = "chips.heed" if chip.kind == "ignored" else "chips.drop"
    label = escape(words(does, what=chip.text))
    return (
        f'<button type="button" class="chip {chip.kind}" aria-label="{label}" title="{label}" '
        f'data-drop="{escape(json.dumps(chip.drop))}"><bdi>{escape(chip.text)}</bdi></button>'
    )


def spell_asked(asked: AskedDate, words: Words) -> str:
    """Write a date of a question as it was understood."""
    if asked.range is not None:
        days = spell_date(asked.range, words.language)
    else:
        assert asked.yearless is not None
        days = words("chips.any-year", days=spell_yearless(asked.yearless, words.language))
    return words(_RELATIONS[asked.relation], days=days)


def spell_period(filters: Filters, words: Words) -> str:
    """Write the period that was chosen; the first to the last day of a month is that month."""
    after, before = (
        DateRange.parse(end) if end else None for end in (filters.after, filters.before)
    )
    if after is not None and before is not None:
        whole = DateRange(after.first, before.last)
        if whole.precision != "period":
            return spell_date(whole, words.language)
        first, last = (spell_date(end, words.language) for end in (after, before))
        return words("chips.period", first=first, last=last)
    if after is not None:
        return words("chips.from", days=spell_date(after, words.language))
    return words("chips.to", days=spell_date(before, words.language) if before else "")


def language_name(code: str, words: Words) -> str:
    """Write the name of a language within a sentence of the page; an unknown code as it is."""
    try:
        name = str(Locale.parse(words.language).languages.get(code, code))
    except (UnknownLocaleError, ValueError):
        return code
    # as a name by itself, a Vietnamese one begins with a capital: Tiếng Việt
    return name.replace("Tiếng", "tiếng", 1) if words.language == "vi" else name
