"""The patterns of date expressions, as regular expressions over kinds of tokens.

In a pattern `<month>` is one token of a kind or of a group of kinds, `<m:month>` names it for the
resolver, spaces mean nothing, and `{day}` is one of the pieces below. A rule that is `sure` needs
no knowledge of the language around it.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from index.dates.kinds import KINDS

_GROUPS = {
    "day": ("small", "big", "first"),
    "digits": ("small", "big"),
    "months": ("month", "proper", "verb"),
    "named": ("month", "proper"),
    "years": ("year", "old"),
    "weekdays": ("weekday", "short"),
    "until": ("to", "dash"),
    "link": ("to", "dash", "and"),
    "decades": ("decade_noun", "tens"),
    "slashed": ("to", "dash", "slash", "and"),
    "pre": ("before", "around"),
    "post": ("after", "around"),
    "counted": ("small", "big", "tail", "count", "verb"),
    "nth": ("first", "ordinal", "small"),
    "near": ("in", "on", "of", "to", "from", "between", "and", "part", "the", "open"),
    "firm": ("in", "between", "part"),
    "figures": ("small", "big", "tail", "number", "year", "old", "money", "label"),
    "after_figure": ("small", "big", "tail", "number", "money", "unit"),
    "period": ("month_noun", "month_lead"),
    "annum": ("year_noun", "year_lead"),
    "rank": ("small", "roman"),
    "year_ahead": (
        "in", "of", "to", "from", "between", "on", "part", "open", "year_noun", "event", "dash",
        "and",
    ),
}  # fmt: skip

_PIECES = {
    "w": "(?: <w:weekdays> <dot>? <comma>? <the>? )? <day_lead>?",
    "w2": "(?: <w2:weekdays> <dot>? <comma>? <the>? )? <day_lead>?",
    "md": "<d:day> <dot>? <of>? <m:months> <dot>?",
    "md2": "<d2:day> <dot>? <of>? <m2:months> <dot>?",
    "in": "(?: <comma> | <of> | <year_lead> ){0,2}",
    "part": "(?: <part> <dash>? <of>? <the>? )?",
    "of_year": "<of>? <the>? <annum>? <of>? <y:years>",
}


class Rule(NamedTuple):
    """A pattern, what resolves it, whether any language may use it, and kinds it cannot do without."""

    name: str
    pattern: re.Pattern[str]
    sure: bool
    core: frozenset[str]


_RULES = (
    ("day", True, "{w} {md} {in} <y:years>"),
    ("day", True, "{w} <m:months> <dot>? <the>? <d:digits> <comma>? <y:years>"),
    ("day", False, "{w} {md} <mod:post>?"),
    ("month_first", False, "{w} <m:months> <dot>? <the>? <d:digits> (?! <after_figure> )"),
    ("day", False, "<d:day> (?= (?: <comma> <day> ){0,9} <comma>? <and> {md2} (?: {in} <y2:years> )? )"),
    ("day_range", True, "{w} <d:day> <dot>? <link> <the>? {w2} {md2} {in} <y2:years>"),
    ("day_range", False, "{w} <d:day> <dot>? <link> <the>? {w2} {md2}"),
    ("day_range", True, "{w} {md} (?: {in} <y:years> )? <until> <the>? {w2} {md2} {in} <y2:years>"),
    ("day_range", False, "{w} {md} <until> <the>? {w2} {md2}"),
    ("day_range", True, "<m:months> <dot>? <d:digits> <link> (?: <m2:months> <dot>? )? <d2:digits> <comma>? <y2:years>"),
    ("day_range", False, "<m:months> <dot>? <d:digits> <link> (?: <m2:months> <dot>? )? <d2:digits>"),
    ("month", True, "{part} <m:months> <dot>? <comma>? {of_year}"),
    ("month_range", True, "{part} <m:months> (?: <dot>? {of_year} )? <slashed> {part} <m2:months> <dot>? <of>? <year_lead>? <y2:years>"),
    ("month_range", False, "{part} <m:months> <until> {part} <m2:months>"),
    ("month", False, "<m:named> (?= (?: <comma> <named> ){0,9} <comma>? <and> <named> <of>? <y:years> )"),
    ("month", False, "(?<= <near> ) <m:month>"),
    ("month", False, "(?<= <firm> ) <m:proper>"),
    ("month", False, "<part> <dash>? <of>? <the>? <m:named>"),
    ("last_month", False, "<mod:pre> <m:named> | <m:named> <mod:post> | <this> <m:named>"),
    ("numeric", True, "{w} <n:numeric>"),
    ("pair", False, "(?: <w:weekdays> <comma>? <the>? <day_lead>? | <day_lead> ) <n:pair>"),
    ("month_year", True, "<n:month_year>"),
    ("year_range", True, "<year_lead>? <y:years> <slashed> <year_lead>? <y2:years>"),
    ("seasonal", True, "<n:seasonal>"),
    ("year", True, "(?<= <year_ahead> ) <y:year>"),
    ("year", False, "<year_lead> <y:years> | <part> <dash>? <of>? <the>? <annum>? <y:year>"),
    ("code", True, "<n:code> <dash>? <of>? <y:year> | <y:year> <dash>? <n:code>"),
    ("quarter", False, "<o:nth> <dot>? <n:quarter_noun> (?: {of_year} )?"),
    ("quarter", False, "<n:quarter_noun> <o:rank> (?: <slash>? <year_lead>? <y:year> )?"),
    ("season", False, "<n:season> {of_year}"),
    ("last_season", False, "<mod:pre> <n:season> | <n:season> <mod:post> | <this> <n:season>"),
    ("decade", False, "<decade_noun> <y:year> | <decade_noun> <y:tail> | <y:tens>"),
    ("months", False, "<c:counted> <o:first> <month_noun> {of_year}"),
    ("months", False, "<c:counted> <o:ordinal> <month_noun> {of_year}"),
    ("months", False, "<o:nth> <c:counted> <month_noun> {of_year}"),
    ("months", False, "<c:counted> <month_lead> <part> {of_year}"),
    ("offset", False, "<n:offset>"),
    ("same", False, "<same>"),
    ("weekday", False, "(?<= <in> ) <w:short>"),
    ("weekday", False, "<w:weekday> (?! <dash>? <digits> )"),
    ("weekday", False, "<mod:pre> <w:weekday> | <w:weekday> <mod:post> | <this> <w:weekday>"),
    ("weekday_day", False, "<w:weekday> <the>? <d:day>"),
    ("period", False, "<mod:pre> <n:units> | <n:units> <mod:post> | <n:units> <that> | <this> <n:units> (?: <dash>? <that> )?"),
    ("ago", False, "<ago> <c:counted> <n:units> | <c:counted> <n:units> <back> | <c:counted> <n:units> <post>"),
)  # fmt: skip

_GROUPS["units"] = (
    "day_noun", "week_noun", "month_noun", "year_noun", "month_lead", "year_lead", "day_lead",
)  # fmt: skip


_CORES = {
    "day": "months",
    "month_first": "months",
    "day_range": "months",
    "month": "months",
    "month_range": "months",
    "last_month": "months",
    "numeric": "numeric",
    "pair": "pair",
    "month_year": "month_year",
    "year_range": "years",
    "seasonal": "seasonal",
    "year": "years",
    "code": "code",
    "quarter": "quarter_noun",
    "season": "season",
    "last_season": "season",
    "decade": "decades",
    "months": "years",
    "offset": "offset",
    "same": "same",
    "weekday": "weekdays",
    "weekday_day": "weekdays",
    "period": "units",
    "ago": "units",
}
"""Kinds of which a text must have one before a rule is worth a try, by the rule's name."""


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Return the rules, compiled."""
    return tuple(
        Rule(name, re.compile(_expand(text)), sure, frozenset(_characters(_CORES[name])))
        for name, sure, text in _RULES
    )


def _characters(group: str) -> str:
    """Return the characters of a kind or of a group of kinds."""
    return "".join(KINDS[name] for name in _GROUPS.get(group, (group,)))


def _expand(text: str) -> str:
    """Turn the notation of a pattern into a regular expression over kinds.

    A name used twice in alternatives is numbered, for `re` wants each only once.
    """
    for piece, meaning in _PIECES.items():
        text = text.replace(f"{{{piece}}}", meaning)
    seen: dict[str, int] = {}

    def kind(match: re.Match[str]) -> str:
        letters = "[" + re.escape(_characters(match[2])) + "]"
        if match[1] is None:
            return letters
        seen[match[1]] = seen.get(match[1], 0) + 1
        return f"(?P<{match[1]}{'_' * seen[match[1]]}>{letters})"

    return re.sub(r"<(?:(\w+):)?(\w+)>", kind, text.replace(" ", ""))
