"""From Markdown to the prose in it: blocks of plain text, without marks, HTML or layout."""

import re
from collections.abc import Iterator, MutableMapping, Sequence
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# A paragraph beyond this is a dump, not prose; it keeps its marks, so that no heap of brackets
# makes the inline parser slow.
_MAX_INLINE_CHARS = 50_000

# A file beyond this is a dump too: fifty thousand list items cost two seconds. It is cut at blank
# lines alone and keeps all its marks.
_MAX_MARKDOWN_CHARS = 200_000

# HTML blocks whose content is no prose, by what they begin with, and what ends them.
_HTML_WITHOUT_PROSE = {"<!--": "-->", "<script": "</script>", "<style": "</style>", "<?": "?>"}
_BLANK_LINES = re.compile(r"\n[ \t]*\n")
_TAG = re.compile(r"<[^<>]*>")

_INLINE_TEXT = {"softbreak": " ", "hardbreak": "\n"}  # a wrapped line is layout, a break is meant


class Block(NamedTuple):
    """A paragraph, heading, list item, table row or piece of code, as plain text."""

    text: str
    is_title: bool = False


def prose_blocks(markdown: str) -> Iterator[Block]:
    """Yield the blocks of `markdown` that hold text, in order."""
    if len(markdown) > _MAX_MARKDOWN_CHARS:
        yield from map(Block, filter(None, map(str.strip, _BLANK_LINES.split(markdown))))
        return
    yield from _parsed_blocks(markdown)


def _parsed_blocks(markdown: str) -> Iterator[Block]:
    """Yield the blocks that the parser finds."""
    references: dict[str, Any] = {}
    mark = ""
    quotations = 0
    cells: list[str] = []
    opening = ""
    for token in _parser().parse(markdown, references):
        quotations += token.nesting if token.type.startswith("blockquote") else 0
        if token.type == "list_item_open" and token.info:
            # "12. mai 2025" at the start of a line looks like a list: the number must not get lost
            mark = f"{token.info}{token.markup} "
        text = _block_text(token, references).strip()
        if token.type == "tr_close":
            text, cells = " | ".join(cells), []
        elif opening in ("th", "td"):
            cells.append(text)
            text = ""
        if text:
            # ">> Headline" is how sites link another article; a quotation has one ">"
            yield Block(">> " * (quotations > 1) + mark + text, is_title=opening == "h1")
            mark = ""
        opening = token.tag if token.nesting == 1 else ""


def _block_text(token: "Token", references: MutableMapping[str, Any]) -> str:
    """Return the text that a block token holds, "" if it only opens or closes something."""
    match token.type:
        case "inline" if len(token.content) <= _MAX_INLINE_CHARS:
            children: list[Token] = []
            _parser().inline.parse(token.content, _parser(), references, children)
            return _inline_text(children)
        case "inline" | "code_block" | "fence":
            return token.content
        case "html_block":
            return _html_text(token.content)
    return ""


def _inline_text(tokens: "Sequence[Token]") -> str:
    """Return what is left of `tokens` without marks, tags and the addresses of links."""
    parts = []
    for token in tokens:
        if token.type == "html_inline":
            parts.append("\n" if token.content.lower().startswith("<br") else "")
        else:
            parts.append(_INLINE_TEXT.get(token.type, token.content))
    return "".join(parts)


def _html_text(markup: str) -> str:
    """Return the text of a block of HTML, without comments, scripts and tags."""
    beginning = markup.lstrip()[:10].lower()
    for start, end in _HTML_WITHOUT_PROSE.items():
        if beginning.startswith(start):
            markup = markup.partition(end)[2]
    return unescape(_TAG.sub("", markup))


@cache
def _parser() -> "MarkdownIt":
    """Return a parser that stops at blocks: `_block_text` parses what is inside them."""
    from markdown_it import MarkdownIt  # only when there is Markdown to read

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.core.ruler.disable("inline")
    return parser
