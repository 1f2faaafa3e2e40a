"""From the lines of a laid-out page, with their places on it, to paragraphs.

A page says where each line stands, not what belongs together: columns that were drawn row by row
are read one after the other, and lines become paragraphs, across columns and pages too.
"""

from collections.abc import Iterator, Sequence
from math import inf
from statistics import median

from index.readers.heads import Page, without_running_heads
from index.readers.hyphens import Words, mend
from index.readers.lines import Line, are_alike, ends_sentence, is_below, is_close, usual_leading

# Fewer rows side by side are a table or chance; and prose fills its column.
_MIN_ROWS = 5
_MIN_COLUMN_CHARS = 20

# Lines of a column follow each other within this many of their heights.
_NEXT_ROW = 2


_Stripe = tuple[float, float]
"""Where it begins and ends, from left to right."""

_ANYWHERE: _Stripe = (-inf, inf)


def read_pages(pages: Sequence[Page]) -> list[str]:
    """Return the paragraphs of `pages`, without what every page repeats."""
    leading = usual_leading([page.lines for page in pages])
    read = [_unwind(lines) for lines in without_running_heads(pages, leading)]
    words = Words(line for lines in read for line in lines)
    blocks = [block for lines in read for block in _blocks(lines, leading)]
    return [mend(paragraph, words) for paragraph in _joined(blocks)]


def _unwind(lines: Sequence[Line]) -> list[Line]:
    """Read columns that were drawn row by row one after the other; put other rows together."""
    rows: dict[int, list[Line]] = {}
    for line in lines:
        rows.setdefault(line.row, []).append(line)
    read: list[Line] = []
    beside: list[list[Line]] = []
    stripe = _ANYWHERE
    for row in rows.values():
        common = _common(stripe, row, beside)
        if common is None:
            read.extend(_columns(beside, stripe))
            beside = []
            common = _common(_ANYWHERE, row, beside)
        if common is None:
            read.append(_one(row))
        else:
            beside.append(row)
        stripe = common or _ANYWHERE
    read.extend(_columns(beside, stripe))
    return read


def _common(
    stripe: _Stripe, row: Sequence[Line], above: Sequence[Sequence[Line]]
) -> _Stripe | None:
    """Return the part of a white stripe that parts the lines of `row` too, if there is one.

    Below rows of two lines one may stand alone, where the other column has ended.
    """
    if len(row) == 2:
        left, right = max(stripe[0], row[0].right), min(stripe[1], row[1].left)
        return (left, right) if left < right else None
    if len(row) == 1 and above:
        apart = abs(above[-1][0].bottom - row[0].bottom)
        is_aside = row[0].right <= stripe[1] or row[0].left >= stripe[0]
        return stripe if is_aside and apart <= _NEXT_ROW * row[0].height else None
    return None


def _columns(rows: Sequence[Sequence[Line]], stripe: _Stripe) -> list[Line]:
    """Return the lines to the left of a stripe, then the others, if they are columns of prose."""
    lines = [line for row in rows for line in row]
    left = [line for line in lines if line.right <= stripe[1]]
    right = [line for line in lines if not line.right <= stripe[1]]
    are_prose = min(len(left), len(right)) >= _MIN_ROWS and all(
        median(len(line.text) for line in side) >= _MIN_COLUMN_CHARS for side in (left, right)
    )
    return [*left, *right] if are_prose else [_one(row) for row in rows]


def _one(row: Sequence[Line]) -> Line:
    """Put the lines that stand beside each other together."""
    text = " ".join(line.text for line in row)
    last = row[-1]
    return row[0]._replace(text=text, right=last.right, is_cut=last.is_cut)


def _blocks(lines: Sequence[Line], leading: float) -> Iterator[list[Line]]:
    """Yield the lines that stand close together, as parts of a paragraph."""
    for block in _close(lines, leading):
        left, right = min(line.left for line in block), max(line.right for line in block)
        paragraph: list[Line] = []
        for line in block:
            if paragraph and _begins(paragraph[-1], line, left, right):
                yield paragraph
                paragraph = []
            paragraph.append(line)
        yield paragraph


def _close(lines: Sequence[Line], leading: float) -> Iterator[list[Line]]:
    """Yield runs of lines of one height, each closely below the one before."""
    block: list[Line] = []
    for line in lines:
        if block:
            above = block[-1]
            if not is_below(above, line) or not is_close(above, line, leading):
                yield block
                block = []
        block.append(line)
    if block:
        yield block


def _begins(above: Line, line: Line, left: float, right: float) -> bool:
    """Whether `line` begins a paragraph: it is indented, or the line above it ends early."""
    indent = 0.7 * line.height
    centred = abs((above.left + above.right) - (line.left + line.right)) < line.height
    if line.left > left + indent and above.left <= left + indent and not centred:
        return True
    is_short = above.right < right - 0.2 * (right - left)
    return is_short and not above.is_cut and ends_sentence(above.text)


def _joined(blocks: Sequence[list[Line]]) -> Iterator[list[Line]]:
    """Yield paragraphs: a block that goes on in the next column or page is joined with it."""
    paragraph: list[Line] = []
    for block in blocks:
        if paragraph and not _goes_on(paragraph, block[0]):
            yield paragraph
            paragraph = []
        paragraph.extend(block)
    if paragraph:
        yield paragraph


def _goes_on(paragraph: Sequence[Line], line: Line) -> bool:
    """Whether the sentence of `paragraph` goes on in `line`."""
    last = paragraph[-1]
    if not are_alike(last, line) or ends_sentence(last.text):
        return False
    if last.is_cut or line.text[:1].islower():
        return True
    # a column or page ends in the middle of a sentence, before a name
    jumps = line.bottom >= last.bottom
    return jumps and len(paragraph) > 1 and last.right >= paragraph[-2].right - last.height
