"""Figures of others, each with the address it was read at; and what nobody measured, assumed.

All were read on the same day, out of copies of these pages. Prices are examples: list prices of
one provider, without discounts, to be replaced by one's own.
"""

from dataclasses import dataclass
from typing import NamedTuple

READ = "2026-11-22"
"""The day on which these pages were read."""


class Figure(NamedTuple):
    """A figure of somebody else.

    Attributes:
        what: what it says.
        value: as it is calculated with.
        source: the address it was read at.
    """

    what: str
    value: float
    source: str


class Assumption(NamedTuple):
    """A figure that was neither measured here nor found."""

    what: str
    value: float
    reason: str


_DISK = "https://milvus.io/docs/disk_index.md"
_LIMITS = "https://milvus.io/docs/limitations.md"
_SEGMENTS = "https://milvus.io/docs/configure_datacoord.md"
_BENCH = (
    "https://github.com/zilliztech/VectorDBBench/blob/main/vectordb_bench/results/Milvus/"
    "result_20260403_standard_milvus.json"
)
_BENCH_BEFORE = _BENCH.replace("20260403", "20250509")
_WORDS = (
    "https://github.com/zilliztech/VectorDBBench/blob/main/vectordb_bench/results/FullTextSearch/"
    "ZillizCloud/result_20260626_fts_standard_zillizcloud.json"
)
_HNSW = "https://github.com/facebookresearch/faiss/wiki/Guidelines-to-choose-an-index"
_BILLION = "https://github.com/harsha-simhadri/big-ann-benchmarks/tree/main/neurips21/t1_t2"
_DISKANN = (
    "https://proceedings.neurips.cc/paper/2019/hash/09853c7fb1d3f8ee67a61b6bf4a7f8e6-Abstract.html"
)
_RABITQ = "https://milvus.io/docs/ivf-rabitq.md"
_COMPRESSED = (
    "https://milvus.io/blog/bring-vector-compression-to-the-extreme-how-milvus-serves-3%C3%97-more-"
    "queries-with-rabitq.md"
)
_SIZING = "https://zilliz.com/sizing-tool"
_GUIDE = "https://milvus.io/blog/the-developers-guide-to-milvus-configuration.md"
_PRICES = "https://github.com/skypilot-org/skypilot-catalog/blob/master/catalogs/v8/aws/vms.csv"
_SSD = "https://www.scylladb.com/2026/01/22/scylladb-cloud-on-aws-i8g-and-i8ge/"

LINK_BYTES = Figure("HNSW: bytes a vector for each link of M (two of four bytes)", 8, _HNSW)
LINKS = Figure("M of the published measurement of HNSW", 16, _BENCH)
CODE_SHARE = Figure("DISKANN: share of float32 kept in memory as codes", 0.125, _DISK)
CACHE_SHARE = Figure("DISKANN: share of float32 kept in memory as a cache", 0.125, _DISK)
DEGREE = Figure("DISKANN: neighbours of a vector on the disk", 56, _DISK)
BINARY_BITS = Figure("IVF_RABITQ: bits a number, without the numbers to refine with", 1, _RABITQ)
REFINED_RECALL = Figure(
    "IVF_RABITQ refined by 8 bits, vectors of 768: recall (IVF_FLAT .952, at a quarter of the "
    "searches a second)",
    0.947,
    _COMPRESSED,
)
USABLE = Figure("share of the query nodes' memory that may be loaded", 0.9, _LIMITS)
PARTITIONS = Figure("most partitions of a collection", 1024, _LIMITS)
MOST_FOUND = Figure("most results of a search", 16_384, _LIMITS)
MOST_LETTERS = Figure("longest text of a field, bytes", 65_535, _LIMITS)
SEGMENT = Figure("largest segment, MB, as it is set", 1024, _SEGMENTS)
DISK_SEGMENT = Figure("largest segment of an index on the disk, MB, as it is set", 2048, _SEGMENTS)
SEGMENT_GAIN = Figure("searches a second gained by segments of 8 GB instead of 1", 4, _GUIDE)
SEARCHES = Figure(
    "Milvus 2.6.14, HNSW with 8-bit numbers, ef 200, 10 million vectors of 768, the best 100, "
    "16 cores and 64 GB: searches a second (recall .951)",
    1833,
    _BENCH,
)
SEARCH_CORES = Figure("the same: cores", 16, _BENCH)
SEARCH_MEAN = Figure("the same with 20 under way: mean milliseconds", 12.91, _BENCH)
SEARCH_95TH = Figure("the same: 95th percentile", 16.73, _BENCH)
SEARCH_99TH = Figure("the same: 99th percentile", 19.20, _BENCH)
PUBLISHED_VECTORS = 1e7
PUBLISHED_BYTES = PUBLISHED_VECTORS * 768 * 4
"""How many vectors these measurements searched, and their bytes as float32."""

INDEX_SECONDS = Figure("the same: seconds to insert and index all, 16 cores", 8984, _BENCH)
UNMERGED = Figure(
    "Milvus 2.5.11, ef 100, the same vectors in segments that were not merged (taken to be of 1 "
    "GB), recall .951: searches a second, 16 cores",
    437,
    _BENCH_BEFORE,
)
WORD_SEARCHES = Figure(
    "managed Milvus, BM25 over 8.8 million passages, 8 units: searches a second", 4253, _WORDS
)
DISK_SEARCHES = Figure(
    "DiskANN, a billion vectors of 96 to 200 numbers, 8 processors, 64 GB and an SSD: searches a "
    "second (recall@10 .90 to .95; .49 where questions are unlike the vectors)",
    1500,
    _BILLION,
)
DISK_MEAN = Figure("DiskANN, a billion, 16 cores and 64 GB: mean milliseconds, under", 3, _DISKANN)
DISK_BUILD = Figure("the same challenge: hours allowed to index, 64 processors", 96, _BILLION)
SSD_BYTES = Figure("i8g: GB of SSD a processor (22.5 TB for 96)", 234.4, _SSD)
BESIDE_CORES = Figure(
    "processors beside the query nodes in the smallest cluster (coordinators, etcd, MinIO, Pulsar)",
    40,
    _SIZING,
)

POSTING_BYTES = Assumption(
    "bytes of a posting in the engine's memory", 8, "a row and a float32 weight, four bytes each"
)
SCALAR_BYTES = Assumption(
    "bytes a chunk for its key, article, place, days, language and source",
    48,
    "twelve numbers of four bytes",
)
HOT_SHARE = Assumption(
    "share of what lies on a disk that must stay in memory to answer quickly",
    0.25,
    "frequent words and recent months are asked for most",
)
OVERHEAD = Assumption(
    "memory of the engine beside what is loaded, as a share", 0.15, "growing segments, caches"
)
REPLICAS = Assumption("copies of all that is searched", 2, "one machine may fail")
STALL = Assumption("share of a machine's searches that stall", 0.005, "a cold page, a collection")
STALL_MILLISECONDS = Assumption("length of a stall, milliseconds", 100, "the same")
BUSY = Assumption("share of time that a machine may be busy", 0.6, "waiting grows quickly beyond")
PEAK = Assumption("questions of the busiest hour over those of the mean", 8, "people sleep")
MONTHS = Assumption("months that the archive spans", 240, "twenty years")
PARSED = Assumption("most memory that one process may take, GB", 32, "a machine of 64 GB")
SEARCHED = Assumption(
    "searches of the engine for a question: vectors and words, each also among the days asked for",
    4,
    "qa/retrieval.py",
)
PATIENCE = Assumption("processor work of a question that people wait for, s", 2, "one core")
NIGHT = Assumption("hours that a whole build may take", 12, "a night")
OBJECT_PRICE = Assumption("dollars a GB and month of object storage", 0.023, "a common list price")


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine for rent.

    Attributes:
        name: what the provider calls it.
        processors: virtual ones: threads of a core, as a rule.
        memory: GiB.
        disk: GB of SSD within it.
        price: dollars an hour, on demand, in us-east-1.
    """

    name: str
    processors: int
    memory: int
    disk: int
    price: float
    source: str = _PRICES

    @property
    def month(self) -> float:
        """Dollars a month of 730 hours."""
        return self.price * 730


COMPUTE = Machine("c7i.2xlarge", 8, 16, 0, 0.357)
MEMORY = Machine("r6i.2xlarge", 8, 64, 0, 0.504)
LARGE_MEMORY = Machine("r6i.16xlarge", 64, 512, 0, 4.032)
DISK = Machine("i8g.2xlarge", 8, 64, 1_875, 0.6864)
LARGE_DISK = Machine("i8g.16xlarge", 64, 512, 15_000, 5.4912)
MACHINES = (COMPUTE, MEMORY, LARGE_MEMORY, DISK, LARGE_DISK)

FIGURES = tuple(value for value in globals().values() if isinstance(value, Figure))
ASSUMPTIONS = tuple(value for value in globals().values() if isinstance(value, Assumption))
