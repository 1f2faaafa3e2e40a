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
    "decimals": ("year", "old", "tail", "big"),
    "digit_pair": ("small", "big", "tail"),
    "figures": ("small", "big", "tail", "number"),
    "dates": ("pair", "numeric"),
    "until": ("to", "till", "dash", "onward"),
    "link": ("to", "till", "dash", "and", "onward"),
    "links": ("to", "till", "dash", "slash", "and", "onward"),
    "parts": ("part", "mid"),
    "amid": ("between", "mid"),
    "bound": ("on", "from"),
    "pre": ("before", "around"),
    "post": ("after", "around", "onward"),
    "mods": ("before", "after", "around"),
    "spans": ("week_noun", "weekend_noun", "month_noun", "month_lead", "year_noun", "year_lead"),
    "periods": ("week_noun", "month_noun", "year_noun", "quarter_noun"),
    "shift": ("dash", "to", "till", "onto", "and"),
    "counted": ("small", "big", "tail", "count", "verb", "roman"),
    "nth": ("first", "ordinal", "small"),
    "rank": ("small", "roman"),
    "annum": ("year_noun", "year_lead"),
    "decennium": ("decade_noun", "year_noun"),
    "units": (
        "day_noun", "week_noun", "weekend_noun", "month_noun", "year_noun", "month_lead",
        "year_lead", "day_lead",
    ),
    "starts": ("from", "of_the"),
    "apposed": ("word", "onto", "event", "close", "break", "dot", "stop", "mark"),
    "named_ahead": ("the", "count"),
    "old_ahead": ("of", "of_the", "from", "open"),
    "shortly": ("in", "open", "day_lead"),
    "to_day": ("of", "of_the", "from"),
    "break_up": ("dash", "slash"),
    "firm": ("in", "between", "mid", "part", "till"),
    "dated": (
        "in", "on", "from", "of_the", "to", "till", "the", "weekday", "between", "mid", "open",
    ),
    "after_figure": ("small", "big", "tail", "number", "money", "unit"),
    "year_ahead": (
        "in", "of", "of_the", "to", "till", "from", "between", "mid", "on", "part", "open",
        "year_noun", "event",
        "dash", "and", "comma", "decade_noun", "law",
    ),
}  # fmt: skip
"""Kinds that may stand in the same place of a pattern."""

_PIECES = {
    "{some_year}": "(?: {of_year} | {that_year} | <of>? <starts>? <the>? <annum> )",
    "{that_year}": "{in} <the>? (?: <mod:pre> <annum> | <annum> <mod:post> | <this> <annum>"
    " | <annum> <that> )",
    "{that_week}": "{in} <the>? (?: <mod:pre> <week_noun> | <week_noun> <mod:post>"
    " | <this> <week_noun> | <week_noun> <that> )",
    "{date}": "{w} {md}",
    "{date2}": "<the>? {w2} {md2}",
    "{w}": "(?: <w:weekdays> <dot>? <comma>? <the>? )? <day_lead>?",
    "{w2}": "(?: <w2:weekdays> <dot>? <comma>? <the>? )? <day_lead>?",
    "{md}": "<d:day> <dot>? <of>? <m:months> <dot>?",
    "{md2}": "<d2:day> <dot>? <of>? <m2:months> <dot>?",
    "{y}": "{in} <y:years>",
    "{y2}": "{in} <y2:years>",
    "{in}": "(?: <comma> | <of> | <starts> | <annum> ){0,3}",
    "{part}": "(?: {a_part} )?",
    "{a_part}": "<part> <dash>? <of>?"
    " (?: (?: {of_the} | <the> ) (?: <month_noun> <of>? | <in> ) )?",
    "{part_of}": "<parts> <dash>? (?: {of_the} | <in> )? <the>?",
    "{of_year}": "{of_the}? <the>? <annum>? <of>? <y:years>",
    "{weekdays}": "<weekdays> (?: (?: <comma> <link>? | <link> | <slash> ) <the>? <day_lead>?"
    " <weekdays> ){0,6}",
    "{short_year}": "(?: <of_the>? <y:tail> | {of_the}? <the>? <q:mark> <y:digit_pair> )"
    " (?! <after_figure> | <break_up> | <comma> <figures> )",
    "{dated}": "(?: <dash>? <day> <dot>? <of>? <months> | <comma>? <months> | <comma>? <dates> )",
    "{of_the}": "(?: <of> | <of_the> )",
    "{onto}": "<onto> <in>?",
}
"""Parts that several patterns share, each made of those below it."""


class Rule(NamedTuple):
    """A pattern, what resolves it, whether any language may use it, and its indispensable kinds."""

    name: str
    pattern: re.Pattern[str]
    sure: bool
    core: frozenset[str]


_SURE = {
    "day": (
        "{date} {y}",
        "{w} <m:months> <dot>? <the>? <d:digits> <comma>? <y:years>",
        "<d:digits> <break_up> <m:months> <break_up> <y:years>",
        "<y:years> <dot>? <m:months> <d:digits>",
    ),
    "bracketed": (
        "<w:weekdays> <open> <the>? <day_lead>? {md} {y} <close>",
        "<w:weekdays> <open> <m:months> <dot>? <the>? <d:digits> <comma>? <y:years> <close>",
        "<day_lead>? {md} {y} <open> <w:weekdays> <dot>? <close>",
        "<m:months> <dot>? <the>? <d:digits> <comma>? <y:years> <open> <w:weekdays> <dot>? <close>",
    ),
    "day_range": (
        "{w} <d:day> <dot>? <links> {date2} {y2}",
        "{w} <d:day> (?: <comma> <digits> ){1,9} <comma>? <and> {date2} {y2}",
        "{date} (?: {y} )? <link> {date2} {y2}",
        "<m:months> <dot>? <d:digits> <link> (?: <m2:months> <dot>? )? <d2:digits> <comma>?"
        " <y2:years>",
        "<m:months> <dot>? <d:digits> <comma>? <y:years> <comma>? <link>"
        " <m2:months> <dot>? <d2:digits> <comma>? <y2:years>",
    ),
    "night": ("{w} <d:day> <dot>? {onto} {date2} {y2}", "{date} (?: {y} )? {onto} {date2} {y2}"),
    "month": ("{part} <m:months> <dot>? <comma>? {of_year}", "<m:month> <break_up> <y:year>"),
    "mid_month": ("<mid> <m:months> <comma>? {of_year} (?! <and> )",),
    "month_range": (
        "{part} <m:months> (?: <dot>? {of_year} )? <links> {part} <m2:months> <dot>? {y2}",
    ),
    "numeric": ("{w} <n:numeric>",),
    "bracketed_numeric": (
        "<w:weekdays> <open> <day_lead>? <n:numeric> <close>",
        "<day_lead>? <n:numeric> <open> <w:weekdays> <dot>? <close>",
    ),
    "numeric_range": ("<day_lead>? <n:dates> <dot>? <link> <the>? <day_lead>? <n2:numeric>",),
    "month_year": ("<part>? <n:month_year>",),
    "mid_month_year": ("<mid> <n:month_year> (?! <and> )",),
    "seasonal": ("<n:seasonal>",),
    "code": (
        "(?: {part_of} )? <n:code> <dash>? <of>? <year_lead>? <y:year>",
        "<y:year> <dash>? <n:code>",
    ),
}
"""Patterns that need no knowledge of the language around them, by what resolves them."""

_LOCAL = {
    "namesake": ("<y:years>",),
    "recurring": (
        "<each> (?: <nth> | <count> | <mods> )? <day_lead>? {weekdays}",
        "(?: <nth> | <mods> )? {weekdays} <nth>? (?: <regular> | (?: {of_the} | <in> )? <the>?"
        " <each> <spans> )",
        "(?: <nth> | <mods> ) {weekdays} (?: {of_the} | <in> )? <the>? <spans>"
        " (?! <post> | <that> | <of> <months> )",
        "{weekdays} <nth> <of>? <spans> (?! <post> | <that> | <digits> )",
        "(?: <nth> | <mods> ) <weekdays> (?= (?: {of_the} | <in> | <the> ){1,2}"
        " (?: (?: <month_noun> <of> )? <months> | <pre> <spans> | <spans> <post> ) )",
        "<weekdays> <nth> (?= <of>? (?: <months> | <spans> <post> ) )",
    ),
    "habit": ("{weekdays} (?! {dated} | <dash>? <day> (?! <figures> | <dash> | <to> ) )",),
    "weekday_range": ("<w:weekdays> <shift> <the>? <w2:weekdays> (?! {dated} )",),
    "day": (
        "{date}",
        "<d:day> (?= (?: <comma> <day> ){0,9} <comma>? <and> {md2} (?: {y2} )? )",
    ),
    "bracketed": (
        "<w:weekdays> <open> <the>? <day_lead>? {md} <close>",
        "<day_lead>? {md} <open> <w:weekdays> <dot>? <close>",
    ),
    "last_day": ("{date} <mod:post>", "<mod:pre> {date}"),
    "day_of_year": ("{date} {that_year}",),
    "day_of_month": ("<d:day> <of>? <this> <month_noun>",),
    "month_first": ("{w} <m:months> <dot>? <the>? <d:digits> (?! <after_figure> )",),
    "bracketed_first": (
        "<w:weekdays> <open> <m:months> <dot>? <the>? <d:digits> <close>",
        "<m:months> <dot>? <the>? <d:digits> <open> <w:weekdays> <dot>? <close>",
    ),
    "short_year": (
        "(?: {w} <d:day> <dot>? <of>? )? <m:named> <dot>? {short_year}",
        "<n:season> {short_year}",
    ),
    "day_range": (
        "{w} <d:day> <dot>? <links> {date2}",
        "{w} <d:day> (?: <comma> <digits> ){1,9} <comma>? <and> {date2}",
        "{date} <link> {date2}",
        "<m:months> <dot>? <d:digits> <link> (?: <m2:months> <dot>? )? <d2:digits>",
    ),
    "night": ("{w} <d:day> <dot>? {onto} {date2}", "{date} {onto} {date2}"),
    "month": (
        "<m:named> (?= (?: <comma> <named> ){0,9} <comma>? <and> <named> {y} )",
        "(?<= <firm> ) <m:proper>",
        "(?<! <figures> ) <m:month>",
        "(?<= <in> ) <m:verb>",
        "{a_part} <m:named>",
    ),
    "mid_month": ("<mid> <m:named> (?! <and> )",),
    "asked_month": ("(?<= <bound> ) (?: <m:proper> | <m:verb> )",),
    "month_range": ("{part} <m:months> <until> {part} <m2:months>",),
    "last_month": (
        "(?: {part_of} )? <mod:pre> <m:named>",
        "(?: {part_of} )? <m:named> <mod:post>",
        "<this> <m:named>",
    ),
    "month_of_year": ("{part} <m:named> {that_year}",),
    "numeric": ("(?<= <dated> ) <n:faint>",),
    "pair": (
        "(?: <w:weekdays> <comma>? <the>? <day_lead>? | <day_lead> ) <n:pair>",
        "(?<= <dated> ) <n:pair>",
        "<day_lead> <d:digits> <break_up> <m:small>",
        "(?<= <in> ) <d:digits> <dash> <m:small>",
    ),
    "bracketed_pair": (
        "<w:weekdays> <open> <day_lead>? <n:pair> <dot>? <close>",
        "<w:weekdays> <open> <d:digits> <dash> <m:small> <close>",
        "<day_lead>? <n:pair> <open> <w:weekdays> <dot>? <close>",
    ),
    "numeric_range": (
        "(?: (?<= <starts> ) | (?<= <amid> ) | (?<= <amid> <the> ) | <day_lead> )"
        " <n:pair> <dot>? <link> <the>? <day_lead>? <n2:pair>",
    ),
    "day_to_numeric": (
        "<day_lead>? <d:day> <dot>? (?: <link> | {onto} ) <the>? <day_lead>? <n2:dates>",
    ),
    "year_range": ("<year_lead>? <y:years> <links> <year_lead>? <y2:years>",),
    "year": (
        "(?<= <year_ahead> ) <y:year>",
        "(?<= <ago> ) <y:year>",
        "<year_lead> <y:years>",
        "<part> <dash>? {of_the}? <year_lead>? <y:year>",
        "{part_of} <annum> <of>? <y:year>",
        "(?<= <firm> ) <y:old>",
        "(?<= <year_noun> ) <y:old>",
    ),
    "named_year": ("(?<= <named_ahead> ) <y:year>",),
    "year_of_deed": ("(?<= <named_ahead> ) <y:years>", "(?<= <word> ) <y:old>"),
    "apposed_year": (
        "(?<= <apposed> ) <y:year>",
        "(?<! . ) <y:year>",
        "(?<= <old_ahead> ) <y:old>",
    ),
    "quarter": (
        "(?: {part_of} )? <o:nth> <dot>? <n:quarter_noun> {some_year}?",
        "(?: {part_of} )? <n:quarter_noun> <o:rank> (?: <slash>? <year_lead>? <y:year> )?",
    ),
    "numbered_quarter": ("(?: {part_of} )? <n:quarter_noun> <q:month_year>",),
    "relative_quarter": (
        "<mod:pre> <n:quarter_noun>",
        "<n:quarter_noun> <mod:post>",
        "<this> <n:quarter_noun>",
        "<n:quarter_noun> <that>",
    ),
    "last_quarter": (
        "<mod:pre> <n:quarter_noun> {of_year}",
        "<mod:post> <n:quarter_noun> {of_year}",
        "<n:quarter_noun> <mod:part> {of_year}",
    ),
    "named_quarter": ("(?<= <in> ) <n:code>", "{part_of} <n:code>"),
    "season": (
        "(?: {part_of} )? <n:season> {of_year}",
        "<n:season> {of_year} <links> <y2:year>",
        "<n:season> <of>? <the>? <annum>? <of>? <y:seasonal>",
    ),
    "season_of_year": ("(?: {part_of} )? <n:season> {that_year}",),
    "last_season": (
        "(?: {part_of} )? <mod:pre> <n:season>",
        "(?: {part_of} )? <n:season> <mod:post>",
        "(?: {part_of} )? <this> <n:season>",
    ),
    "decade": (
        "(?: {part_of} )? <noun:decennium> <of>? <y:years>",
        "<noun:decennium> <of>? <y:decimals> <link> <y2:decimals>",
        "(?: {part_of} )? <noun:decennium> <y:tail>",
        "(?: {part_of} )? <y:tens> <dash>? <year_noun>?",
    ),
    "months": (
        "<c:counted> <nth> <month_noun> {some_year}",
        "<nth> <c:counted> <month_noun> {some_year}",
        "<c:counted> <last:post> <month_noun> {some_year}",
        "<last:pre> <c:counted> <month_noun> {some_year}",
        "<c:counted> <month_lead> <part:part> {some_year}",
    ),
    "offset": ("<n:offset>",),
    "same": ("<same>",),
    "weekday": (
        "(?<= <shortly> ) <w:short>",
        "(?<! <feast> ) <w:weekday> (?! <dash>? <digits> | <feast> )",
        "<mod:pre> <w:weekday>",
        "<w:weekday> <mod:post>",
        "<this> <w:weekday>",
    ),
    "weekday_of_week": ("<w:weekdays> {that_week}",),
    "weekday_day": ("<w:weekday> <the>? <d:day>",),
    "period": (
        "(?: {part_of} )? <mod:pre> <n:units>",
        "(?: {part_of} )? <n:units> <mod:post>",
        "(?: {part_of} )? <n:units> <that>",
        "(?: {part_of} )? <this> <n:units> (?: <dash>? <that> | (?! <dash> | <of> <months> ) )",
    ),
    "part_of_period": (
        "{part_of} <n:periods> (?! <of>? <years> | <of> <months> | <post> | <that> | <dash>"
        " | <to_day> <the>? <day> | <rank> | <month_year> )",
    ),
    "week_of": (
        "<week_noun> <to_day> <the>? {date} {y} (?! <link> )",
        "<week_noun> <to_day> <the>? {date} (?! {y} | <link> )",
        "<week_noun> <to_day> <the>? {w} <m:months> <dot>? <d:digits> (?: <comma>? <y:years> )?"
        " (?! <comma>? <years> | <figures> | <link> )",
        "<week_noun> <to_day> <the>? {w} <n:dates> (?! <link> )",
    ),
    "ago": (
        "<ago> <c:counted> <n:units>",
        "<c:counted> <n:units> <back>",
        "<c:counted> <n:units> <mod:post>",
    ),
    "ahead": ("<ahead> <c:counted> <n:units> (?! <of> )", "<c:counted> <n:units> <hence>"),
}
"""Patterns only for the language that a text is in, by what resolves them."""

_CORES = {
    "numeric": ("numeric", "faint"),
    "pair": ("pair", "dash", "day_lead"),
    "numeric_range": ("pair", "numeric"),
    "month_year": ("month_year",),
    "year_range": ("year", "old"),
    "seasonal": ("seasonal",),
    "year": ("year", "old"),
    "named_year": ("year",),
    "year_of_deed": ("year", "old"),
    "apposed_year": ("year", "old"),
    "code": ("code",),
    **dict.fromkeys(
        ("quarter", "numbered_quarter", "relative_quarter", "last_quarter"), ("quarter_noun",)
    ),
    "named_quarter": ("code",),
    "day_to_numeric": ("pair", "numeric"),
    **dict.fromkeys(("season", "last_season", "season_of_year"), ("season",)),
    "decade": ("decade_noun", "tens", "year_noun"),
    "months": ("month_noun", "month_lead"),
    "day_of_month": ("month_noun",),
    "offset": ("offset",),
    "same": ("same",),
    **dict.fromkeys(
        ("bracketed", "bracketed_numeric", "bracketed_first", "bracketed_pair"), ("open",)
    ),
    "night": ("onto",),
    **dict.fromkeys(("mid_month", "mid_month_year"), ("mid",)),
    "asked_month": ("proper", "verb"),
    "namesake": ("year", "old"),
    **dict.fromkeys(("recurring", "habit", "weekday_range"), ("weekday", "short")),
    "part_of_period": ("part", "mid"),
    "weekday": ("weekday", "short"),
    "weekday_of_week": ("weekday", "short"),
    "weekday_day": ("weekday",),
    "short_year": (*_GROUPS["months"], "season"),
    "period": _GROUPS["units"],
    "ago": _GROUPS["units"],
    "week_of": ("week_noun",),
    "ahead": ("ahead", "hence"),
}
"""Kinds of which a text must have one before a rule is worth a try; months for all others."""


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Return the rules, compiled."""
    return tuple(
        Rule(name, re.compile(_expand(pattern)), sure, frozenset(_core(name)))
        for sure, table in ((True, _SURE), (False, _LOCAL))
        for name, patterns in table.items()
        for pattern in patterns
    )


def _core(name: str) -> str:
    """Return the characters of the kinds that a rule cannot do without."""
    return "".join(KINDS[kind] for kind in _CORES.get(name, _GROUPS["months"]))


def _expand(pattern: str) -> str:
    """Turn the notation of a pattern into a regular expression over kinds.

    A role named in several alternatives is numbered with "_", for `re` wants each only once.
    """
    for piece, meaning in _PIECES.items():
        pattern = pattern.replace(piece, meaning)
    seen: dict[str, int] = {}

    def one(match: re.Match[str]) -> str:
        role, group = match.groups()
        letters = "".join(KINDS[name] for name in _GROUPS.get(group, (group,)))
        if role is None:
            return f"[{re.escape(letters)}]"
        seen[role] = seen.get(role, 0) + 1
        return f"(?P<{role}{'_' * seen[role]}>[{re.escape(letters)}])"

    return re.sub(r"<(?:(\w+):)?(\w+)>", one, pattern.replace(" ", ""))
