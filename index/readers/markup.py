"""From HTML to prose: what a reader sees of a fragment, block by block.

lxml parses, whatever the markup is; nothing is fetched. Whole pages with navigation around the
article go through `index.readers.page`.
"""

import re
from html import unescape
from pathlib import Path
from typing import Any

from index.readers.needed import needs
from index.readers.prose import prose

Element = Any
"""An element of lxml, which has no types."""

_BLOCKS = frozenset(
    {
        *("address", "article", "blockquote", "body", "caption", "center", "dd", "details"),
        *("div", "dl", "dt", "fieldset", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hgroup", "hr", "html", "li", "main", "ol", "p", "pre", "section"),
        *("summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    }
)

# What is no prose of the article, even where it is shown: a caption is, to most, furniture.
_DROPPED = frozenset(
    {
        *("applet", "aside", "audio", "button", "canvas", "datalist", "dialog", "embed"),
        *("figcaption", "frameset", "head", "iframe", "map", "menu", "meter", "nav"),
        *("noscript", "object", "option", "progress", "script", "select", "style", "svg"),
        *("template", "textarea", "title", "video"),
    }
)

_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|\Z)",
    re.IGNORECASE,
)

_TAGS = (
    "a|abbr|article|b|blockquote|body|br|center|cite|code|dd|div|dl|dt|em|figure|font|form|h[1-6]"
    "|head|hr|html|i|iframe|img|ins|li|link|main|mark|meta|ol|p|pre|q|s|script|section|small|span"
    "|strong|style|sub|sup|svg|table|tbody|td|th|tr|u|ul|video"
)
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|<!--|<!doctype\s|<!\[cdata\[", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+html|<html[\s>])", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def holds_markup(text: str) -> bool:
    """Whether `text` is HTML, not plain text with a "<" in it."""
    return _TAG.search(text) is not None


def is_page(text: str) -> bool:
    """Whether `text` is a whole document of HTML."""
    return _PAGE.match(text) is not None


def field_prose(path: Path, text: str) -> str:
    """Return the prose of a text in a record of the file at `path`: HTML, or plain.

    Raises:
        UnreadableFile: if it is HTML, and lxml is not installed.
    """
    if holds_markup(text):
        tree = parse_markup(path, text)
        return tree_prose(tree) if tree is not None else ""
    return prose(unescape(text) if _ENTITY.search(text) else text)


def field_line(path: Path, text: str) -> str:
    """Return a title or a name, which may be HTML too, on one line."""
    return " ".join(field_prose(path, text).split())


def parse_markup(path: Path, markup: str) -> Element | None:
    """Return the root of a document or a fragment, however broken; None if it holds nothing.

    Raises:
        UnreadableFile: if lxml is not installed.
    """
    try:
        from lxml import etree, html
    except ImportError as missing:
        raise needs(path, "lxml", "html") from missing
    # huge: elements may be 2,048 deep, not 256, beyond which the rest of a page would be lost
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    try:
        return html.document_fromstring(markup.encode("utf-8", "ignore"), parser=parser)
    except etree.LxmlError:
        return None


def tree_prose(tree: Element) -> str:
    """Return the prose below `tree`: blocks parted by a blank line, a row of a table as "a | b"."""
    from lxml import etree

    parts: list[str] = []
    verbatim = 0
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if tag == "pre":
            verbatim += 1 if event == "start" else -1
        if tag in _BLOCKS:
            parts.append("\n\n")
        if event == "end":
            tail = (element.tail or "") if element is not tree else ""
            parts.append(tail if verbatim else _BLANKS.sub(" ", tail))
        elif tag in _DROPPED or _is_hidden(element):
            walker.skip_subtree()
        elif tag == "tr" and (cells := _cells(element)):
            parts.append(" | ".join(cells))
            walker.skip_subtree()
        else:
            text = "\n" if tag == "br" else (element.text or "")
            parts.append(text if verbatim or tag == "br" else _BLANKS.sub(" ", text))
    return prose("".join(parts))


def _is_hidden(element: Element) -> bool:
    """Whether a browser does not show `element`: newsletters and hostile pages hide words."""
    style = element.get("style")
    return element.get("hidden") is not None or (
        style is not None and _HIDING.search(style[:2_000]) is not None
    )


def _cells(row: Element) -> list[str]:
    """Return the texts of a row of data, [] for a row that only lays out blocks."""
    for below in row.iterdescendants():
        if below.tag in _DROPPED or (below.tag in _BLOCKS and below.tag not in ("td", "th", "p")):
            return []
        if (below.tag in ("br", "p") and below.getnext() is not None) or _is_hidden(below):
            return []
    texts = (" ".join("".join(cell.itertext()).split()) for cell in row)
    return [text for text in texts if text]
