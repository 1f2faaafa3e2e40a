"""What a chunk, a build and a question cost here, out of the results that were written down.

speed-COMMIT.json    the result whose tables stand in README.md: stores asked, vectors searched
rebuild-COMMIT.json  a whole build of 10,000 articles by its processes (`benchmarks.rebuild`)
parts-COMMIT.json    what a store is made of, and how its search grows (`benchmarks.plan.parts`)
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks.results import Results, read_results
from benchmarks.speed.contestants import ANSWERING, OURS
from benchmarks.speed.tables import BEGIN

_HOME = Path(__file__).resolve().parent.parent
_HEADING = re.compile(r"Commit ([0-9a-f]+\+?), ")

MILLION = 1e6

SIGNED = 65 * 4
"""Bytes of the signature of an article, by which copies are found, and of its length."""

_NOT_COUNTED = ("texts.txt", "vocabulary", "signatures.npy", "inventory.json")


@dataclass(frozen=True, slots=True)
class Growth:
    """A line through two sizes that were measured; it never falls.

    Attributes:
        rows: the larger size.
        value: what was measured there.
        slope: how much a row adds.
    """

    rows: int
    value: float
    slope: float

    @classmethod
    def between(cls, small: tuple[int, float], large: tuple[int, float]) -> "Growth":
        """Draw a line from a smaller to a larger size."""
        (rows, value), (more, larger) = small, large
        return cls(more, larger, max(0.0, (larger - value) / max(1, more - rows)))

    def at(self, rows: float) -> float:
        """Return the value for so many rows."""
        return max(0.0, self.value + self.slope * (rows - self.rows))


@dataclass(frozen=True, slots=True)
class Units:
    """Unit costs; milliseconds are of one processor core where nothing else is said.

    Attributes:
        commits: of each result, by its kind.
        cores: of the machine.
        dimension: numbers of a vector.
        build_rate: chunks a second of one busy core, over a whole build.
        build_peak: most memory of that build, bytes.
        build_chunks: how many chunks that build had.
        rows: chunks of the largest store that was asked.
        answer: processor work of an answered question there.
        found: the same without its reader: passages alone.
        elapsed: median and 95th percentile of the time that the answer took.
        resident: memory of a process that answers, bytes by chunks.
        dense: median of the search of vectors, by rows.
        dense_95th: its 95th percentile at the most rows.
        lexical: median of the search of words, by chunks.
        articles: for each chunk.
        text: bytes of text for each chunk.
        beside: bytes on the disk beside the text for each chunk; the vectors of the vocabulary,
            which end at 40,000 words, are left out.
        postings: for each chunk.
        posting_bytes: in our own files, for each posting; of these bytes, those of its row.
        written_bytes: bytes of the words as they are written, for each chunk.
        mentions: dates named, for each chunk.
        terms: different terms, by chunks, smallest store first.
        inventory: bytes for each file in a store, and when all of them are read.
        head: bytes of what is known of an article, when all are listed.
    """

    commits: dict[str, str]
    cores: int
    dimension: int
    build_rate: float
    build_peak: float
    build_chunks: int
    rows: int
    answer: float
    found: float
    elapsed: tuple[float, float]
    resident: Growth
    dense: Growth
    dense_95th: float
    lexical: Growth
    articles: float
    text: float
    beside: float
    postings: float
    posting_bytes: tuple[float, float]
    written_bytes: float
    mentions: float
    terms: tuple[tuple[int, int], ...]
    inventory: tuple[float, float]
    head: float

    @property
    def reading(self) -> float:
        """Processor work of a question that does not grow with the archive: reader, sentences."""
        return max(0.0, self.answer - self.found)

    def question(self, rows: float) -> float:
        """Return the processor work of an answered question over so many chunks, milliseconds."""
        grown = sum(one.at(rows) - one.at(self.rows) for one in (self.dense, self.lexical))
        return self.answer + max(0.0, grown)

    def vocabulary(self, rows: float) -> float:
        """Return how many different terms so many chunks hold, by the law of Heaps."""
        (few, fewer), (many, more) = self.terms[0], self.terms[-1]
        power = math.log(more / fewer) / math.log(many / few)
        return more * math.pow(rows / many, power)


def read_units(folder: Path = _HOME) -> Units:
    """Read the unit costs of the results in force.

    Raises:
        FileNotFoundError: if one of them was never measured.
    """
    heading = _HEADING.search((folder / "README.md").read_text(encoding="utf-8").split(BEGIN)[1])
    results = folder / "results"
    speed = read_results(results / f"speed-{heading[1] if heading else ''}.json")
    return units_of(speed, _newest(results, "rebuild"), _newest(results, "parts"))


def units_of(speed: Results, rebuild: Results, parts: Results) -> Units:
    """Take the unit costs out of three results."""
    asked = speed["stores"]
    small, large = asked[0], asked[-1]
    full = rebuild["rebuild"]["full"]
    stores = sorted(parts["stores"], key=lambda store: int(store["chunks"]))
    fewer, most = stores[-2], stores[-1]
    chunks = int(most["chunks"])
    found = [one["ours"] for one in speed["search"]]
    answering = large[ANSWERING]
    return Units(
        commits={
            kind: str(result["commit"])
            for kind, result in (("speed", speed), ("rebuild", rebuild), ("parts", parts))
        },
        cores=int(speed["cores"]),
        dimension=int(found[0]["bytes a row"] / 2),
        build_rate=full["embedded"] / full["processor seconds"],
        build_peak=full["peak memory in MB"] * 2**20,
        build_chunks=int(full["chunks"]),
        rows=int(answering["rows"]),
        answer=answering["processor"],
        found=large[OURS]["processor"],
        elapsed=(answering["median"], answering["95th"]),
        resident=Growth.between(
            (int(small[ANSWERING]["rows"]), small[ANSWERING]["resident"] * 2.0**20),
            (int(answering["rows"]), answering["resident"] * 2.0**20),
        ),
        dense=Growth.between((0, 0.0), (int(speed["search"][-1]["rows"]), found[-1]["median"])),
        dense_95th=found[-1]["95th"],
        lexical=Growth.between(
            (int(fewer["chunks"]), fewer["lexical"]["median"]), (chunks, most["lexical"]["median"])
        ),
        articles=most["articles"] / chunks,
        text=most["bytes"]["texts.txt"] / chunks,
        beside=_beside(most, parts["inventory"]["bytes"])
        + found[-1]["bytes a row"]
        - found[0]["bytes a row"],
        postings=most["postings"] / chunks,
        posting_bytes=(
            most["bytes"]["lexical"] / most["postings"],
            most["row bytes"] / most["postings"],
        ),
        written_bytes=most["bytes"]["written"] / chunks,
        mentions=most["mentions"] / chunks,
        terms=tuple((int(store["chunks"]), int(store["terms"])) for store in stores),
        inventory=(parts["inventory"]["bytes"], parts["inventory"]["parsed"]),
        head=most["head"],
    )


def _beside(store: Results, inventory: float) -> float:
    """Return the bytes a chunk beside the text, those too that a drawn store lacks."""
    sizes = store["bytes"]
    grown = sum(size for part, size in sizes.items() if part not in _NOT_COUNTED)
    return float(
        grown / store["chunks"] + store["articles"] / store["chunks"] * (SIGNED + inventory)
    )


def _newest(results: Path, kind: str) -> Results:
    """Read the newest result of a kind.

    Raises:
        FileNotFoundError: if there is none.
    """
    found = [read_results(path) for path in sorted(results.glob(f"{kind}-*.json"))]
    if not found:
        raise FileNotFoundError(f"There is no {kind}-COMMIT.json in {results}.")
    return max(found, key=lambda result: str(result["date"]))
