"""Bars as an SVG of buttons, with a table behind it that says the same."""

from collections.abc import Iterator, Sequence
from html import escape

from babel.dates import format_skeleton

from index.spell import spell_date
from index.types import DateRange
from ui.bars import Bar, Bars, Unit, unit_of
from ui.language import Words

# In the units of the SVG, which are pixels where it is as wide as it was drawn.
NARROW = 360
"""Beside the chat, and on a phone."""
_BARS_HEIGHT = 64
_LABELS_HEIGHT = 30
_MAX_ITEM_HEIGHT = 15
_MAX_SLOT_WIDTH = 52
_MAX_BAR_WIDTH = 24
_LABEL_WIDTH = 30  # of "sept.", with the air around it

# The table has them all.
_MAX_VAGUE = 6

# What stands below a bar, and below that where it changes.
_SHORT: dict[Unit, str] = {"day": "d", "month": "MMM", "year": "y"}
_LONG: dict[Unit, str] = {"day": "MMM", "month": "y", "year": ""}


def chart(bars: Bars, words: Words, *, heading: str, width: int = NARROW) -> str:
    """Return a figure of bars that filter; nothing when there are not two bars to compare.

    Args:
        bars: what to draw.
        words: the page's words.
        heading: what the figure is called.
        width: how wide it is drawn; the page may scale it.
    """
    if len(bars.bars) < 2:
        return ""
    has_mentions = any(bar.mentions for bar in [*bars.bars, *bars.vague])
    legend = _legend(words) if has_mentions else ""
    height = _BARS_HEIGHT + _LABELS_HEIGHT
    kind = "timeline" if width == NARROW else "timeline wide"
    drawing = (
        f'<svg viewBox="0 0 {width} {height}" role="group" aria-label="{escape(heading)}">'
        f"{''.join(_drawn(bars, words, width))}</svg>"
    )
    return (
        f'<figure class="{kind}"><figcaption><span class="name">{escape(heading)}</span>{legend}'
        f'</figcaption><div class="drawing">{drawing}</div>{_vague(bars.vague, words)}'
        f"{_table(bars, words, heading, has_mentions=has_mentions)}</figure>"
    )


def spell_bar(bar: Bar, words: Words) -> str:
    """Say what a bar holds: its period, its articles, the dates mentioned."""
    counts = []
    if bar.articles:
        counts.append(words("timeline.articles", count=bar.articles))
    if bar.mentions:
        counts.append(words("timeline.mentions", count=bar.mentions))
    return words(
        "timeline.bar", period=spell_days(bar.days, words.language), counts=", ".join(counts)
    )


def spell_days(days: DateRange, language: str) -> str:
    """Write a period in words: one of whole years or months by these, not by its days."""
    units: tuple[Unit, ...] = ("year", "month") if days.precision == "period" else ()
    for unit in units:
        first, last = unit_of(days.first, unit), unit_of(days.last, unit)
        if (first.first, last.last) == (days.first, days.last):
            return " – ".join(spell_date(one, language) for one in (first, last))
    return spell_date(days, language)


def _drawn(bars: Bars, words: Words, width: int) -> Iterator[str]:
    """Yield the parts of the drawing: the ground, bars with their labels, gaps."""
    slot = min(width / len(bars.slots), _MAX_SLOT_WIDTH)
    most = max(bar.articles + bar.mentions for bar in bars.bars)
    scale = min(_MAX_ITEM_HEIGHT, (_BARS_HEIGHT - 4) / most)
    every = -(-_LABEL_WIDTH // max(int(slot), 1))
    yield f'<path class="ground" d="M0 {_BARS_HEIGHT + 0.5}H{width}"/>'
    context = ""
    is_first = True
    for place, bar in enumerate(bars.slots):
        middle = (place + 0.5) * slot
        if bar is None:
            yield f'<text class="gap" x="{middle:.1f}" y="{_BARS_HEIGHT - 4}">···</text>'
            continue
        label, above = _labels(bar, bars.unit, words)
        shown = label if place % every == 0 else ""
        texts = _text(shown, middle, 12) + _text(above if above != context else "", middle, 25)
        context = above if shown else context
        if bar.articles + bar.mentions == 0:
            yield texts
            continue
        # beside the button, not in it: its name says the same in full
        yield _button(bar, middle, slot, scale, words, is_first=is_first) + texts
        is_first = False


def _button(
    bar: Bar, middle: float, slot: float, scale: float, words: Words, *, is_first: bool
) -> str:
    """Return one bar; the arrow keys lead from the first one, which Tab stops at, to the others."""
    name = escape(words("timeline.filter", bar=spell_bar(bar, words)))
    left, wide = middle - min(slot * 0.62, _MAX_BAR_WIDTH) / 2, min(slot * 0.62, _MAX_BAR_WIDTH)
    articles, mentions = bar.articles * scale, bar.mentions * scale
    parts = [
        f'<rect class="hit" x="{middle - slot / 2:.1f}" y="0" width="{slot:.1f}" '
        f'height="{_BARS_HEIGHT + _LABELS_HEIGHT}"/>'
    ]
    for kind, height, below in (("articles", articles, 0.0), ("mentions", mentions, articles)):
        if height:
            top = _BARS_HEIGHT - below - height
            parts.append(
                f'<rect class="{kind}" x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" '
                f'height="{height:.1f}"/>'
            )
    return (
        f'<g class="bar" role="button" tabindex="{0 if is_first else -1}" aria-label="{name}" '
        f'data-after="{bar.days.first}" data-before="{bar.days.last}">'
        f"<title>{name}</title>{''.join(parts)}</g>"
    )


def _labels(bar: Bar, unit: Unit, words: Words) -> tuple[str, str]:
    """Return what stands below a bar, and what stands below that when it is not as before."""
    locale = "en_GB" if words.language == "en" else words.language
    day = bar.days.first
    long = format_skeleton(_LONG[unit], day, locale=locale) if _LONG[unit] else ""
    return format_skeleton(_SHORT[unit], day, locale=locale), long


def _text(text: str, middle: float, below: int) -> str:
    """Return a label, or nothing."""
    if not text:
        return ""
    return f'<text x="{middle:.1f}" y="{_BARS_HEIGHT + below}">{escape(text)}</text>'


def _legend(words: Words) -> str:
    """Return what the two kinds of bars are."""
    return "".join(
        f'<span class="legend {kind}">{escape(words(key))}</span>'
        for kind, key in (("articles", "timeline.published"), ("mentions", "timeline.mentioned"))
    )


def _vague(bars: Sequence[Bar], words: Words) -> str:
    """Return the sentence about what is known too vaguely for a bar, or nothing."""
    if not bars:
        return ""
    periods = ", ".join(spell_days(bar.days, words.language) for bar in bars[:_MAX_VAGUE])
    periods += ", …" if len(bars) > _MAX_VAGUE else ""
    return f'<p class="vague">{escape(words("timeline.vague", periods=periods))}</p>'


def _table(bars: Bars, words: Words, heading: str, *, has_mentions: bool) -> str:
    """Return the table that says what the drawing shows."""
    keys = ["timeline.period", "timeline.published", "timeline.mentioned"][: 2 + has_mentions]
    head = "".join(f'<th scope="col">{escape(words(key))}</th>' for key in keys)
    rows = "".join(
        f'<tr><th scope="row">{escape(spell_date(bar.days, words.language))}</th>'
        f"<td>{bar.articles}</td>{f'<td>{bar.mentions}</td>' if has_mentions else ''}</tr>"
        for bar in sorted([*bars.bars, *bars.vague])
    )
    return (
        f"<details><summary>{escape(words('timeline.table'))}</summary>"
        f'<table aria-label="{escape(heading)}">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></details>"
    )
