"""From unit costs to an archive: memory, disk, machines, hours and dollars."""

import math
from dataclasses import dataclass

from benchmarks.plan import published
from benchmarks.plan.indexes import DenseIndex
from benchmarks.plan.published import Machine
from benchmarks.plan.units import Units

GIB = 2.0**30
GB = 1e9

_FLOAT_BYTES = 4
_HOUR = 3600
_MONTH_SECONDS = 730 * _HOUR
_MILLISECONDS = 1e3


@dataclass(frozen=True, slots=True)
class Engine:
    """An archive in the engine.

    Attributes:
        units: unit costs.
        chunks: how many.
        index: of the vectors.
        machine: that searches.
        words_on_disk: whether the words lie on the machine's SSD, mapped, not in memory.
        replicas: copies of all that is searched.
        beside: processors for all that is no query node.
        partitions: parts that are indexed by themselves, by month.
    """

    units: Units
    chunks: float
    index: DenseIndex
    machine: Machine
    words_on_disk: bool = False
    replicas: float = published.REPLICAS.value
    beside: float = published.BESIDE_CORES.value
    partitions: float = published.MONTHS.value

    @property
    def dense_memory(self) -> float:
        """Bytes of the vectors' index in memory, one copy."""
        return self.chunks * self.index.memory(self.units.dimension)

    @property
    def word_bytes(self) -> float:
        """Bytes of the words as sparse vectors, one copy."""
        return self.chunks * self.units.postings * published.POSTING_BYTES.value

    @property
    def memory(self) -> float:
        """Bytes in memory, one copy: vectors, words, columns, and what the engine adds."""
        words = self.word_bytes * (published.HOT_SHARE.value if self.words_on_disk else 1)
        columns = self.chunks * published.SCALAR_BYTES.value
        return (self.dense_memory + words + columns) * (1 + published.OVERHEAD.value)

    @property
    def disk(self) -> float:
        """Bytes on the SSDs of the machines that search, one copy."""
        words = self.word_bytes if self.words_on_disk else 0.0
        return self.chunks * self.index.disk(self.units.dimension) + words

    @property
    def stored(self) -> float:
        """Bytes in object storage: whole vectors, words and columns, indexes, texts."""
        whole = self.units.dimension * _FLOAT_BYTES + published.SCALAR_BYTES.value
        raw = self.chunks * (whole + self.units.text) + self.word_bytes
        return raw + self.dense_memory + self.disk

    @property
    def shards(self) -> int:
        """Machines that hold one copy."""
        usable = self.machine.memory * GIB * published.USABLE.value
        by_disk = self.disk / (self.machine.disk * GB) if self.machine.disk else 0.0
        if self.disk and not self.machine.disk:
            raise ValueError(f"{self.machine.name} has no disk for {self.index.name}")
        return max(1, math.ceil(self.memory / usable), math.ceil(by_disk))

    @property
    def machines(self) -> int:
        """Machines that search, all copies."""
        return math.ceil(self.shards * self.replicas)

    @property
    def month(self) -> float:
        """Dollars a month: machines that search, those beside, and object storage."""
        beside = math.ceil(self.beside / published.COMPUTE.processors) * published.COMPUTE.month
        kept = self.stored / GB * published.OBJECT_PRICE.value
        return self.machines * self.machine.month + beside + kept

    @property
    def segments(self) -> int:
        """Sealed segments of one copy, of the size that is set."""
        size = published.DISK_SEGMENT if self.index.on_disk else published.SEGMENT
        row = self.units.dimension * _FLOAT_BYTES + published.SCALAR_BYTES.value
        words = self.units.postings * published.POSTING_BYTES.value
        return max(1, math.ceil(self.chunks * (row + words) / (size.value * 2**20)))


@dataclass(frozen=True, slots=True)
class Searching:
    """How a machine searches: HNSW over 8-bit numbers, from the published measurements.

    Attributes:
        segments: that a machine holds; a search visits each.
        work: processor milliseconds of one segment.
        processors: of the machine.
    """

    segments: int
    work: float
    processors: int

    @classmethod
    def as_set(cls, engine: Engine) -> "Searching":
        """Return segments of the size that is set."""
        return cls._of(engine, engine.segments)

    @classmethod
    def merged(cls, engine: Engine) -> "Searching":
        """Return one segment for each partition, of as many vectors as were measured at most."""
        fewest = math.ceil(engine.chunks / published.PUBLISHED_VECTORS)
        return cls._of(engine, max(fewest, math.ceil(engine.partitions)))

    @classmethod
    def _of(cls, engine: Engine, segments: int) -> "Searching":
        """Return so many segments of a copy, spread over its machines."""
        held = math.ceil(segments / engine.shards)
        return cls(held, segment_work(engine.chunks / segments), engine.machine.processors)

    @property
    def cores(self) -> int:
        """Searches that a machine does at once: each takes a processor for each segment."""
        return max(1, self.processors // self.segments)

    @property
    def milliseconds(self) -> float:
        """How long one of them takes, nobody waiting."""
        return self.segments * self.work / (self.processors / self.cores)

    @property
    def most(self) -> float:
        """Searches a second of a copy, its machines never idle."""
        return 1e3 * self.cores / self.milliseconds


def segment_work(vectors: float) -> float:
    """Return the processor milliseconds of a search in a segment of so many vectors.

    A power of their number, through the two published measurements: one segment of them all, and
    as many segments as ten million vectors of 768 fill.
    """
    whole = _core_milliseconds(published.SEARCHES.value)
    pieces = published.PUBLISHED_BYTES / (published.SEGMENT.value * 2**20)
    power = math.log(whole * pieces / _core_milliseconds(published.UNMERGED.value))
    power /= math.log(pieces)
    return whole * math.pow(vectors / published.PUBLISHED_VECTORS, power)


def _core_milliseconds(searches: float) -> float:
    """Return the processor work of a search, of the machine that does so many a second."""
    return published.SEARCH_CORES.value * _MILLISECONDS / searches


def copies(engine: Engine, questions: float) -> int:
    """Return how many copies so many questions a month need at the busiest hour."""
    a_second = questions / _MONTH_SECONDS * published.PEAK.value * published.SEARCHED.value
    enough = math.ceil(a_second / (Searching.merged(engine).most * published.BUSY.value))
    return max(int(published.REPLICAS.value), enough)


def core_hours(units: Units, chunks: float) -> float:
    """Return the processor work of reading, cutting, dating and embedding so many chunks."""
    return chunks / units.build_rate / _HOUR


def build_hours(units: Units, chunks: float, workers: int, machine: Machine) -> float:
    """Return how long so many machines take, each thread worth one of ours."""
    return core_hours(units, chunks) / (workers * machine.processors)


def build_price(units: Units, chunks: float, machine: Machine) -> float:
    """Return the dollars of that work; how many share it does not matter."""
    return core_hours(units, chunks) / machine.processors * machine.price


def index_hours(chunks: float, processors: int) -> float:
    """Return how long the engine takes to insert and index, from its published measurement."""
    of_ten_million = published.INDEX_SECONDS.value / _HOUR * published.SEARCH_CORES.value
    return chunks / 1e7 * of_ten_million / processors


def month_chunks(chunks: float) -> float:
    """Return how many chunks a month of the archive adds."""
    return chunks / published.MONTHS.value


def answering_machines(units: Units, questions: float, machine: Machine) -> int:
    """Return how many machines answer, for so many questions a month, at the busiest hour."""
    a_second = questions / _MONTH_SECONDS * published.PEAK.value
    cores = a_second * units.answer / _MILLISECONDS / published.BUSY.value
    return max(1, math.ceil(cores / machine.processors))
