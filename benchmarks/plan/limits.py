"""What breaks first: costs in our own code that grow with every chunk, and where they end."""

from dataclasses import dataclass

from benchmarks.plan import published
from benchmarks.plan.units import SIGNED, Units

_GB = 1e9
_32_BITS = 2.0**32
_HOUR = 3600

_SCORES = 12
"""Bytes a row that a question with a day needs meanwhile: two scores and its evidence."""

_SIGNATURE = 2 * SIGNED + 36
"""Bytes an article: 64 numbers and a length, twice while it is written, and its group."""

_COLUMNS = SIGNED + 32 + 40
"""Bytes an article in every process that answers: signature, place, days and labels."""

_ROW = 8 + 12
"""Bytes a chunk in every process that answers: its article, and where it begins and ends."""

_READ_BACK = 1e-4
"""Seconds to read an article back after it was written (index/laws.py)."""

_COPIES = 3
"""Snapshots on the disk while one is written: itself, the one in force, the one before."""

_NAMED = 8192
"""Rows that one filter names (index/milvus/rows.py)."""

_FILTERS = 8
"""Searches, one for each filter, that a question may take instead of one."""

_AT_ONCE = 8
"""Processes that answer on one machine."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A cost that grows with every chunk.

    Attributes:
        what: grows.
        where: the file that says so.
        unit: of the cost.
        a_chunk: what a chunk adds.
        most: where it ends.
        mended: by what.
    """

    what: str
    where: str
    unit: str
    a_chunk: float
    most: float
    mended: str

    @property
    def breaks_at(self) -> float:
        """Chunks at which the cost is more than is bearable."""
        return self.most / self.a_chunk if self.a_chunk > 0 else float("inf")

    def at(self, chunks: float) -> float:
        """Return the cost at so many chunks."""
        return self.a_chunk * chunks


def limits(units: Units) -> list[Limit]:
    """List what breaks, the first first."""
    found = [*_of_a_build(units), *_of_our_store(units), *_of_the_engine(units)]
    return sorted(found, key=lambda limit: limit.breaks_at)


def _of_a_build(units: Units) -> list[Limit]:
    """List what breaks while an archive is built."""
    memory = published.PARSED.value
    return [
        Limit(
            f"one process embeds all, on our {units.cores} cores",
            "index/builder.py",
            "h",
            1 / units.build_rate / units.cores / _HOUR,
            published.NIGHT.value,
            "Ray workers; months that did not change are left alone",
        ),
        Limit(
            "one JSON of all files, read whole by each build",
            "index/inventory.py",
            "GB",
            units.articles * units.inventory[1] / _GB,
            memory,
            "a table on the disk, a part for each month",
        ),
        Limit(
            "places of postings, numbers of 32 bits",
            "index/runs.py",
            "of 2³²",
            units.postings * units.posting_bytes[1] / _32_BITS,
            1.0,
            "numbers of 64 bits, or an index for each month",
        ),
        Limit(
            "signatures that find copies, all compared",
            "index/near.py",
            "GB",
            units.articles * _SIGNATURE / _GB,
            memory,
            "compared within a window of days: copies are printed in the same week",
        ),
        Limit(
            "every article is read back after it is written",
            "index/laws.py",
            "h",
            units.articles * _READ_BACK / _HOUR,
            published.NIGHT.value,
            "only new months are written",
        ),
        Limit(
            "a snapshot is written whole, beside two others",
            "index/snapshot.py",
            "GB",
            _COPIES * (units.beside + units.text) / _GB,
            published.DISK.disk,
            "partitions by month, and an alias",
        ),
    ]


def _of_our_store(units: Units) -> list[Limit]:
    """List what breaks while questions are answered from files."""
    a_process = published.PARSED.value / _AT_ONCE
    return [
        Limit(
            "both searches look at every row or posting",
            "index/lexical.py, index/vectors/",
            "s",
            (units.lexical.slope + units.dense.slope) / 1e3,
            published.PATIENCE.value,
            "the engine's indexes, which skip what cannot be among the best",
        ),
        Limit(
            "scores of all rows, for each question",
            "index/lexical.py, qa/evidence.py",
            "GB",
            _SCORES / _GB,
            a_process,
            "scores of the rows found, days as a filter of the engine",
        ),
        Limit(
            "what is known of all articles, listed by `depeche status` and the corpus page",
            "qa/status.py, ui/catalogue.py",
            "GB",
            units.articles * units.head / _GB,
            a_process,
            "sums from the columns; a page of articles at a time",
        ),
        Limit(
            "the files of a store, mapped into memory",
            "index/store.py",
            "GB",
            units.resident.slope / _GB,
            published.PARSED.value,
            "shards: an engine on several machines",
        ),
    ]


def _of_the_engine(units: Units) -> list[Limit]:
    """List what breaks while questions are answered from Milvus, as `index/milvus/` has it."""
    a_process = published.PARSED.value / _AT_ONCE
    return [
        Limit(
            "tables of all rows and articles, in each process that asks Milvus",
            "index/milvus/opened.py",
            "GB",
            (_ROW + units.articles * _COLUMNS) / _GB,
            a_process,
            "asked of the engine for the rows found; signatures stay with who builds",
        ),
        Limit(
            "words as they are written, read whole to filter by one",
            "index/milvus/served.py",
            "GB",
            units.written_bytes / _GB,
            a_process,
            "a text index of the engine",
        ),
        Limit(
            f"rows of a month asked for, {_NAMED:,} to a filter and a search each",
            "index/milvus/rows.py",
            "searches",
            1 / published.MONTHS.value / _NAMED,
            _FILTERS,
            "a range of days as the filter",
        ),
    ]
