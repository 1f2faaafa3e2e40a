"""What a vector takes in each kind of index: bytes in memory, and bytes on the disk beside it."""

from dataclasses import dataclass

from benchmarks.plan import published

_BITS = 8
_FLOAT_BITS = 32
_ID_BYTES = 8
_FACTOR_BYTES = 8
_NEIGHBOUR_BYTES = 4

_SECTOR = 4096
"""What an SSD reads at once: DISKANN lets no vector lie across the end of one."""


@dataclass(frozen=True, slots=True)
class DenseIndex:
    """An index of vectors.

    Attributes:
        name: as the engine calls it.
        bits: of each number, in memory.
        beside: bytes a vector in memory beside its numbers: links, key, factors.
        on_disk: whether whole vectors are read from an SSD while it searches.
        told: what is known of what it finds.
    """

    name: str
    bits: float
    beside: float
    on_disk: bool
    told: str

    def memory(self, dimension: int) -> float:
        """Return the bytes a vector takes in memory."""
        return dimension * self.bits / _BITS + self.beside

    def disk(self, dimension: int) -> float:
        """Return the bytes a vector takes on the SSD of a machine that searches."""
        if not self.on_disk:
            return 0.0
        node = dimension * _FLOAT_BITS / _BITS + _NEIGHBOUR_BYTES * (1 + published.DEGREE.value)
        return _SECTOR / max(1, _SECTOR // node)


_LINKS = published.LINKS.value * published.LINK_BYTES.value
_IN_MEMORY = (published.CODE_SHARE.value + published.CACHE_SHARE.value) * _FLOAT_BITS

HNSW = DenseIndex("HNSW", _FLOAT_BITS, _LINKS, False, "the most found, the quickest")
HNSW_BYTES = DenseIndex("HNSW_SQ, 8 bits", _BITS, _LINKS, False, "recall .95 published")
REFINED = DenseIndex(
    "IVF_RABITQ, refined by 8 bits",
    published.BINARY_BITS.value + _BITS,
    _ID_BYTES + _FACTOR_BYTES,
    False,
    "recall .947 published; ours has this shape",
)
CODES = DenseIndex("IVF_PQ, 2 bits a number", 2, _ID_BYTES, False, "low unless scored again")
ON_DISK = DenseIndex("DISKANN", _IN_MEMORY, 0, True, "recall .90 to .95 published")
BINARY = DenseIndex(
    "IVF_RABITQ alone",
    published.BINARY_BITS.value,
    _ID_BYTES + _FACTOR_BYTES,
    False,
    "low unless scored again",
)

INDEXES = (HNSW, HNSW_BYTES, REFINED, ON_DISK, CODES, BINARY)
"""The most memory first."""
