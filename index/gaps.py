"""Rows in order, most of them in a byte: how far each lies behind the one before.

A gap of 255 or more takes a byte of 255 for each 255, and one for the rest, as in the byte-aligned
codes of Williams and Zobel (1999). A run of rows that would need two bytes a row, or more, is
written as it is, in two bytes each; so its size tells how a run is written.
"""

import numpy as np
from numpy.typing import NDArray

from index.arrays import ranges

_CARRY = 255
_PLAIN_BYTES = 2

# postings that are turned at once: what they need meanwhile stays below some ten megabytes
_AT_ONCE = 1 << 17

Numbers = NDArray[np.int64]
Bytes = NDArray[np.uint8]


def encode(rows: NDArray[np.uint16], places: Numbers) -> tuple[Bytes, Numbers]:
    """Write runs of rows.

    Args:
        rows: of all runs; within a run in order, none twice.
        places: the rows of run r are those from `places[r]` to `places[r + 1]`.

    Returns:
        The bytes of all runs, and where each begins and the last ends.
    """
    written, sizes = [np.empty(0, dtype=np.uint8)], [np.zeros(1, dtype=np.int64)]
    for first, end in slices(places):
        of_slice = places[first : end + 1]
        part, of_runs = _encode(rows[of_slice[0] : of_slice[-1]], np.diff(of_slice))
        written.append(part)
        sizes.append(of_runs)
    return np.concatenate(written), np.cumsum(np.concatenate(sizes))


def slices(places: Numbers) -> list[tuple[int, int]]:
    """Cut runs into parts of about as many rows as are turned at once.

    Args:
        places: the rows of run r are those from `places[r]` to `places[r + 1]`.

    Returns:
        The first run of each part, and the one behind its last.
    """
    if len(places) < 2:
        return []
    cuts = np.searchsorted(places, np.arange(0, int(places[-1]), _AT_ONCE))
    bounds = np.unique([*cuts.tolist(), len(places) - 1])
    return list(zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True))


def decode(written: Bytes, starts: Numbers, ends: Numbers, counts: Numbers) -> Numbers:
    """Read runs of rows, each with the number of its rows, one behind the other.

    Raises:
        ValueError: if they are damaged.
    """
    sizes = ends - starts
    if (counts > sizes).any() or ends.max(initial=0) > len(written):
        raise ValueError("runs of more rows than there is room for")
    plain = sizes == _PLAIN_BYTES * counts
    of_plain = np.repeat(plain, counts)
    rows = np.empty(len(of_plain), dtype=np.int64)
    lows = written[ranges(starts[plain], sizes[plain])].reshape(-1, _PLAIN_BYTES).astype(np.int64)
    rows[of_plain] = lows[:, 0] | lows[:, 1] << 8
    if not plain.all():
        coded = ~plain
        gaps = written[ranges(starts[coded], sizes[coded])]
        rows[~of_plain] = _add_up(gaps, sizes[coded], counts[coded])
    return rows


def _encode(rows: NDArray[np.uint16], counts: Numbers) -> tuple[Bytes, Numbers]:
    """Write some runs; return their bytes, and how many each takes."""
    firsts = np.cumsum(counts) - counts
    gaps: Numbers = np.asarray(np.diff(rows.astype(np.int64), prepend=0))
    gaps[firsts] = rows[firsts]
    widths = 1 + gaps // _CARRY
    sizes = np.add.reduceat(widths, firsts)
    plain = sizes >= _PLAIN_BYTES * counts
    sizes[plain] = _PLAIN_BYTES * counts[plain]
    of_plain = np.repeat(plain, counts)
    widths[of_plain] = _PLAIN_BYTES
    lasts = np.cumsum(widths) - 1
    written = np.full(int(sizes.sum()), _CARRY, dtype=np.uint8)
    written[lasts] = np.where(of_plain, rows >> 8, gaps % _CARRY)
    written[lasts[of_plain] - 1] = rows[of_plain] & 255
    return written, sizes


def _add_up(gaps: Bytes, sizes: Numbers, counts: Numbers) -> Numbers:
    """Return the rows of runs that are written as gaps."""
    ends = gaps != _CARRY
    firsts = np.cumsum(sizes) - sizes
    if (sizes < 1).any() or (np.add.reduceat(ends, firsts, dtype=np.int64) != counts).any():
        raise ValueError("runs of another length")
    total = np.cumsum(gaps, dtype=np.int64)
    before = total[firsts] - gaps[firsts]
    return np.asarray(total[ends] - np.repeat(before, counts))
