"""A record as it comes back from a browser: read part by part, each of its kind and size."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from qa.types import Question
from ui.asked import read_date
from ui.claims import (
    Claim,
    ClaimInvalid,
    read_count,
    read_flag,
    read_list,
    read_object,
    read_share,
    read_text,
    read_texts,
)
from ui.filters import FilterRefused, Filters, read_filters
from ui.language import load_words

MAX_RECORD_BYTES = 64 * 1024
MAX_RECORDS = 20
"""Of one request."""

_MAX_QUESTION_CHARS = 20_000
_MAX_NAME_CHARS = 80
_MAX_ARTICLE_CHARS = 100_000_000  # a place beyond it is none
_MAX_ITEMS = 64  # citations, passages: more than any answer has
_MAX_FOLLOW_UPS = 5

_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
_NAME = re.compile(r"[A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of an article: of a citation its `number` and `quote`, of a passage its rank."""

    article: str
    start: int
    end: int
    number: int
    quote: str = ""
    quotes: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A record, read: each part is of its kind and size, and nothing more is sure."""

    id: str
    question: Question
    filters: Filters
    grounded: bool
    confidence: float
    text: str
    trouble: str
    emptied_by: tuple[str, ...]
    citations: tuple[Place, ...]
    passages: tuple[Place, ...]
    follow_ups: tuple[str, ...]


def read_record(value: object) -> Kept:
    """Read a record that a browser sends.

    Raises:
        ClaimInvalid: if it is not of the form of `records.to_record`, or too large.
    """
    claim = read_object(value, "record")
    if len(json.dumps(claim, ensure_ascii=False).encode("utf-8", "replace")) > MAX_RECORD_BYTES:
        raise ClaimInvalid("record")
    return Kept(
        id=read_id(claim, "id"),
        question=_read_question(claim),
        filters=_read_filters(claim),
        grounded=read_flag(claim, "grounded"),
        confidence=read_share(claim, "confidence"),
        text=read_text(claim, "text", MAX_RECORD_BYTES),
        trouble=read_name(claim, "trouble"),
        emptied_by=read_texts(claim, "emptied_by", _MAX_ITEMS, _MAX_NAME_CHARS),
        citations=read_list(claim, "citations", _MAX_ITEMS, _place_reader("number")),
        passages=read_list(claim, "passages", _MAX_ITEMS, _place_reader("rank")),
        follow_ups=read_texts(claim, "follow_ups", _MAX_FOLLOW_UPS, _MAX_QUESTION_CHARS),
    )


def read_id(claim: Claim, name: str) -> str:
    """Return the name of a turn: it stands in attributes and addresses.

    Raises:
        ClaimInvalid: if it is none.
    """
    value = claim.get(name)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ClaimInvalid(name)
    return value


def read_name(claim: Claim, name: str) -> str:
    """Return a short plain name, or nothing.

    Raises:
        ClaimInvalid: if it holds anything but letters, digits and `_.-`.
    """
    value = read_text(claim, name, _MAX_NAME_CHARS)
    if not _NAME.fullmatch(value):
        raise ClaimInvalid(name)
    return value


def _read_filters(claim: Claim) -> Filters:
    """Read the filters of a record; they were usable when it was made."""
    filters: Mapping[str, object] = read_object(claim.get("filters", {}), "filters")
    try:
        return read_filters(filters, load_words("en"))
    except FilterRefused as refused:
        raise ClaimInvalid(refused.field) from None


def _read_question(claim: Claim) -> Question:
    """Read what was understood."""
    dates = read_list(
        claim, "dates", _MAX_ITEMS, lambda item: read_date(read_object(item, "dates"))
    )
    text = read_text(claim, "question", _MAX_QUESTION_CHARS)
    standalone = read_text(claim, "standalone", _MAX_QUESTION_CHARS)
    return Question(text, standalone, read_name(claim, "language"), dates)


def _place_reader(number: str) -> Callable[[object], Place]:
    """Return what reads a citation or a passage, whose number is called `number`."""

    def read(value: object) -> Place:
        """Read one."""
        claim = read_object(value, "place")
        return Place(
            article=read_text(claim, "article", MAX_RECORD_BYTES),
            start=read_count(claim, "start", _MAX_ARTICLE_CHARS),
            end=read_count(claim, "end", _MAX_ARTICLE_CHARS),
            number=read_count(claim, number, 9999),
            quote=read_text(claim, "quote", MAX_RECORD_BYTES),
            quotes=read_list(claim, "quotes", _MAX_ITEMS, _read_span),
        )

    return read


def _read_span(value: object) -> tuple[int, int]:
    """Read a span of an article."""
    if not isinstance(value, list) or len(value) != 2:
        raise ClaimInvalid("quotes")
    start, end = (read_count({"quotes": one}, "quotes", _MAX_ARTICLE_CHARS) for one in value)
    return start, end
