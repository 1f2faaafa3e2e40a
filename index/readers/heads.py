"""Running heads and page numbers: what stands at the top or foot of page after page.

They would cut sentences in two where a page ends, and be quoted as if an article said them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.readers.lines import Line, is_close

# Part of the height of a page, at its top and at its foot, where running heads stand.
_MARGIN = 0.12

# On more pages than this a line must come back three times to be a running head.
_FEW_PAGES = 4

# A line that nothing parts from the prose must be on this share of the pages, and on three.
_MOST_PAGES = 0.6

_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|p|seite|página|trang)\W{0,3})?\d{1,4}"
    r"(?:\s*(?:/|sur|of|de|von|trên)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)


class Page(NamedTuple):
    """The lines of a page in the order of the file, and the height of the page in points."""

    lines: Sequence[Line]
    height: float


def without_running_heads(pages: Sequence[Page], leading: float) -> list[list[Line]]:
    """Return the lines of each page without running heads and page numbers.

    Args:
        pages: of one document.
        leading: usual distance of a line from the one above it, in heights of the line.
    """
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_form(line) for line in page.lines if _in_margin(line, page)})
    read = []
    for page in pages:
        heads = set(_heads(page, seen, len(pages), leading))
        read.append([line for line in page.lines if line not in heads])
    return read


def _heads(page: Page, seen: Counter[str], pages: int, leading: float) -> Iterator[Line]:
    """Yield the running heads of `page`, from its top and from its foot inwards."""
    downwards = sorted(page.lines, key=lambda line: -line.bottom)
    for lines in (downwards, downwards[::-1]):
        for group in _groups(lines, leading):
            heads = [line for line in group if _is_head(line, page, seen, pages)]
            if len(heads) == len(group):
                yield from group
                continue
            first = group[0]
            is_tight = first is lines[0] and first in heads  # no space parts it from the prose
            if is_tight and 3 <= seen[_form(first)] >= _MOST_PAGES * pages:
                yield first
            break


def _groups(lines: Sequence[Line], leading: float) -> Iterator[list[Line]]:
    """Yield runs of lines that stand beside or closely below each other."""
    group: list[Line] = []
    for line in lines:
        if group and not is_close(group[-1], line, leading):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _is_head(line: Line, page: Page, seen: Counter[str], pages: int) -> bool:
    """Whether `line` is in a margin, and a page number or one that comes back."""
    if not _in_margin(line, page):
        return False
    comes_back = seen[_form(line)] >= (2 if pages <= _FEW_PAGES else 3)
    is_named = comes_back and any(map(str.isalpha, line.text))
    return is_named or _PAGE_NUMBER.fullmatch(line.text) is not None


def _in_margin(line: Line, page: Page) -> bool:
    """Whether `line` stands at the top or at the foot of its page."""
    margin = page.height * _MARGIN
    return line.top > page.height - margin or line.bottom < margin


def _form(line: Line) -> str:
    """Return what a running head has in common with itself on the next page."""
    return re.sub(r"\d+", "#", " ".join(line.text.casefold().split()))
