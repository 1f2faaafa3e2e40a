"""Pages of the web as they are saved: the article in them, without what stands around it."""

import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import islice
from pathlib import Path

from index.decode import decode
from index.readers.extracted import Extracted, body
from index.readers.markup import Element, parse_markup, tree_prose
from index.readers.needed import needs
from index.readers.page_fields import page_fields

# Browsers look no further for it either.
_HEAD_BYTES = 4_096
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,200}encoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE,
)

# trafilatura's time grows with the square of both; a newspaper's page has 3,000 elements, 40 deep.
_MAX_ELEMENTS = 15_000
_MAX_DEPTH = 150

# Below this trafilatura takes all words of the page, those of the navigation too.
_MIN_MAIN_CHARS = 250

# Where the article stands, the surest first, for pages that trafilatura makes nothing of.
_ARTICLE_PLACES = (".//*[@itemprop='articleBody']", ".//article", ".//main", ".//body")

# One may hold the next, as may hostile ones ten thousand times.
_MAX_PLACES = 20

# Around the article, outside of it.
_AROUND = ("header", "footer")


def read_page(path: Path, data: bytes) -> Iterator[Extracted]:
    """Read a page of HTML: its main text, and what it declares in JSON-LD and tags of its head."""
    yield page_article(path, decode(path, data, declared=declared_encoding(data)))


def declared_encoding(data: bytes) -> str:
    """Return the encoding that a page or a document of XML names in its first lines, or ""."""
    match = _CHARSET.search(data[:_HEAD_BYTES])
    return (match[1] or match[2]).decode("ascii", "replace") if match else ""


def page_article(path: Path, markup: str) -> Extracted:
    """Return the article of a page.

    Raises:
        UnreadableFile: if it holds no word, or the packages for pages are not installed.
    """
    try:
        import trafilatura  # noqa: F401
    except ImportError as missing:
        raise needs(path, "trafilatura", "html") from missing
    tree = parse_markup(path, markup)
    if tree is None:
        return Extracted(body(path, ""))
    is_usual = _is_usual(tree)
    declared = page_fields(tree, markup, is_usual=is_usual)
    text = _main_text(path, tree) if is_usual else ""
    if len(text) < _MIN_MAIN_CHARS:
        text = _whole_text(tree)
    return Extracted(body(path, text), declared)


def _is_usual(tree: Element) -> bool:
    """Whether a page has no more elements, and none deeper, than an article may have."""
    from lxml import etree

    elements = depth = 0
    for event, _element in etree.iterwalk(tree, events=("start", "end")):
        elements += event == "start"
        depth += 1 if event == "start" else -1
        if elements > _MAX_ELEMENTS or depth > _MAX_DEPTH:
            return False
    return True


def _main_text(path: Path, tree: Element) -> str:
    """Return the main text as trafilatura finds it; "" if it finds none."""
    from trafilatura import extract

    _silence()
    try:
        markup = extract(deepcopy(tree), output_format="html", include_comments=False)
    except Exception:  # on broken pages it raises what it likes
        return ""
    found = parse_markup(path, markup) if markup else None
    return tree_prose(found) if found is not None else ""


def _whole_text(tree: Element) -> str:
    """Return the text of the first place that holds any."""
    for place in _ARTICLE_PLACES:
        places = islice(tree.iterfind(place), _MAX_PLACES)
        texts = (tree_prose(_without_surroundings(found)) for found in places)
        if text := max(texts, key=len, default=""):
            return text
    return tree_prose(tree)


def _without_surroundings(place: Element) -> Element:
    """Return a copy of `place` without the bars above and below an article."""
    place = deepcopy(place)
    place.tail = None
    if place.tag == "body":
        for bar in [found for name in _AROUND for found in place.iterfind(name)]:
            bar.drop_tree()
    return place


def _silence() -> None:
    """Keep the libraries from writing to the terminal what the build reports itself."""
    for name in ("trafilatura", "htmldate", "justext"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
