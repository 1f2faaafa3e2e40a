"""The Markdown of an answer as HTML: paragraphs, quotes, emphasis and marks, and nothing else.

No other rule of Markdown is on, so a title or a quote that looks like a link, an image, HTML or a
heading is text.
"""

import re
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from ui.language import Words

_MARK = re.compile(r"\[(\d{1,4})\]")


def answer_html(
    text: str, turn: str, words: Words, *, cited: Collection[int], changed: Collection[int] = ()
) -> str:
    """Return an answer as HTML.

    Args:
        text: its Markdown.
        turn: what names it in the page: a mark is a link to `#source-TURN-NUMBER`.
        words: the page's words.
        cited: numbers of its citations; another mark is text.
        changed: numbers of those that its articles no longer have; their marks say so.
    """
    marks = {number: _mark(turn, number, words, changed=number in changed) for number in cited}
    return str(_markdown().render(text, {"marks": marks}))


def _mark(turn: str, number: int, words: Words, *, changed: bool) -> str:
    """Return the link from a mark to its source."""
    title = escape(words("answer.changed" if changed else "answer.source", number=number))
    kind = "mark changed" if changed else "mark"
    return (
        f'<a class="{kind}" href="#source-{escape(turn)}-{number}" title="{title}" '
        f'aria-label="{title}">[{number}]</a>'
    )


@cache
def _markdown() -> MarkdownIt:
    """Return what reads the dialect of `qa/cite.py`."""
    markdown = MarkdownIt("zero").enable(["blockquote", "emphasis", "escape"])
    # behind escape: a bracket of the article is written \[ and is none
    markdown.inline.ruler.after("escape", "mark", _read_mark)
    markdown.add_render_rule("mark", _render_mark)
    markdown.add_render_rule("paragraph_open", _render_paragraph)
    return markdown


def _read_mark(state: StateInline, silent: bool) -> bool:
    """Read [1]; the rule of markdown-it that is asked at every character that may begin one."""
    match = _MARK.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("mark", "", 0).content = match[1]
    state.pos = match.end()
    return True


def _render_mark(
    _renderer: RendererProtocol,
    tokens: Sequence[Token],
    place: int,
    _options: OptionsDict,
    settings: MutableMapping[str, Any],
) -> str:
    """Write a mark: a link when it belongs to a citation, else as it is."""
    number = tokens[place].content
    marks: Mapping[int, str] = settings["marks"]
    return marks.get(int(number), f"[{number}]")


def _render_paragraph(
    _renderer: RendererProtocol,
    _tokens: Sequence[Token],
    _place: int,
    _options: OptionsDict,
    _settings: MutableMapping[str, Any],
) -> str:
    """Open a paragraph in the direction of its own letters."""
    return '<p dir="auto">'
