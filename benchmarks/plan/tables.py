"""The tables of docs/scale.md, each by its name."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from textwrap import wrap

from benchmarks.plan import published
from benchmarks.plan.fan_out import Latency, slowest
from benchmarks.plan.indexes import HNSW_BYTES, INDEXES, ON_DISK, REFINED
from benchmarks.plan.limits import limits
from benchmarks.plan.load import most_questions
from benchmarks.plan.merging import BY_KEY, BY_MONTH, least_each, share_kept
from benchmarks.plan.sizing import (
    GB,
    Engine,
    Searching,
    answering_machines,
    build_hours,
    build_price,
    copies,
    core_hours,
    index_hours,
    month_chunks,
)
from benchmarks.plan.units import Units
from qa.settings import DEFAULT

TEN_MILLION, BILLION = 1e7, 1e9
SIZES = (TEN_MILLION, BILLION)

_FLOAT_BYTES = 4
_WORKERS = (1, 8, 64)
SHARDS = (1, 4, 16, 64, 256)
_BOUND = 50.0
_WIDTH = 124
_EACH = (10, 25, 50, 100)
_MONTHLY = (1e5, 1e6, 1e7, 1e8)


def one_machine(units: Units) -> str:
    """Write what one machine of ours does, measured, and what a line through it says beyond."""
    rows = [
        [
            f"{count(chunks)}{' (measured)' if chunks == units.rows else ''}",
            _number(units.resident.at(chunks) / GB),
            _number(chunks * (units.beside + units.text) / GB),
            _number(units.question(chunks) / 1e3),
            _hours(core_hours(units, chunks) / units.cores),
        ]
        for chunks in (units.rows, 1e6, TEN_MILLION, 1e8, BILLION)
    ]
    headings = [
        "chunks",
        "memory of a process, GB",
        "disk, texts included, GB",
        "processor work of a question, s",
        f"to build anew, {units.cores} cores",
    ]
    return table(headings, rows)


def a_chunk(units: Units) -> str:
    """Write what a chunk is made of."""
    whole = units.dimension * _FLOAT_BYTES
    engine = units.postings * published.POSTING_BYTES.value
    rows = [
        ["vector", f"{units.dimension} numbers", _number(whole / 2), _number(whole)],
        [
            "words (postings)",
            f"{units.postings:.0f}",
            _number(units.postings * units.posting_bytes[0]),
            f"{_number(engine)} (assumed)",
        ],
        ["words as they are written", "", _number(units.written_bytes), "none: left out"],
        ["dates named", f"{units.mentions:.2f}", _number(32 * units.mentions), "in the columns"],
        ["key, place, days, labels", "", "", _number(published.SCALAR_BYTES.value)],
        ["text", f"{units.articles:.2f} of an article", _number(units.text), "object storage"],
    ]
    return table(["of a chunk", "how much", "bytes here", "bytes in the engine"], rows)


def dense_indexes(units: Units) -> str:
    """Write what each index of vectors takes in memory, before anything else."""
    rows = []
    for index in INDEXES:
        memory, disk = index.memory(units.dimension), index.disk(units.dimension)
        sums = [_number(chunks * memory / GB) for chunks in SIZES]
        on_disk = _number(BILLION * disk / GB) if disk else "-"
        rows.append([index.name, _number(memory), *sums, on_disk, index.told])
    headings = ["index", "bytes a vector", "10 M, GB", "1 B, GB", "SSD at 1 B, GB", "known"]
    return table(headings, rows, words=(0, 5))


def ten_million(units: Units) -> str:
    """Write the ways to serve ten million chunks."""
    memory, disk = published.MEMORY, published.DISK
    return _engines(
        [
            served(units, TEN_MILLION),
            Engine(units, TEN_MILLION, REFINED, memory, beside=0),
            Engine(units, TEN_MILLION, ON_DISK, disk, words_on_disk=True, beside=0),
        ]
    )


def billion(units: Units) -> str:
    """Write the ways to serve a billion chunks."""
    memory, disk = published.LARGE_MEMORY, published.LARGE_DISK
    return _engines(
        [
            Engine(units, BILLION, INDEXES[0], memory),
            served(units, BILLION),
            Engine(units, BILLION, REFINED, memory),
            Engine(units, BILLION, ON_DISK, disk, words_on_disk=True),
            Engine(units, BILLION, REFINED, disk, words_on_disk=True),
        ]
    )


def building(units: Units) -> str:
    """Write how long it takes to build, whole or a month, and what that costs."""
    rows = []
    for name, chunks in (
        ("10 M, whole", TEN_MILLION),
        ("10 M, a month", month_chunks(TEN_MILLION)),
        ("1 B, whole", BILLION),
        ("1 B, a month", month_chunks(BILLION)),
    ):
        hours = [_hours(build_hours(units, chunks, n, published.COMPUTE)) for n in _WORKERS]
        price = _dollars(build_price(units, chunks, published.COMPUTE))
        cores = published.LARGE_MEMORY.processors
        rows.append([name, *hours, price, _hours(index_hours(chunks, cores))])
    workers = [f"{n} machine{'s' if n > 1 else ''} of 8" for n in _WORKERS]
    headings = ["", *workers, "price", "engine's index, 64 processors"]
    return table(headings, rows)


def questions(units: Units) -> str:
    """Write what a million questions cost, machines that answer and the engine together."""
    rows = []
    for asked in _MONTHLY:
        machines = answering_machines(units, asked, published.COMPUTE)
        cells = [count(asked), str(machines)]
        for engine in (served(units, chunks) for chunks in SIZES):
            needed = copies(engine, asked)
            month = replace(engine, replicas=needed).month + machines * published.COMPUTE.month
            cells += [str(needed), _dollars(month), _dollars(month / asked * 1e6)]
        rows.append(cells)
    headings = ["questions a month", "machines that answer"]
    for name in ("10 M", "1 B"):
        headings += [f"copies, {name}", "a month", "a million questions"]
    return table(headings, rows)


def breaking(units: Units) -> str:
    """Write what breaks first, in that order."""
    rows = [
        [
            limit.what,
            f"`{limit.where}`",
            *(f"{_number(limit.at(chunks))} {limit.unit}" for chunks in SIZES),
            f"{_number(limit.most)} {limit.unit}",
            count(limit.breaks_at),
            limit.mended,
        ]
        for limit in limits(units)
    ]
    headings = ["what grows", "where", "10 M", "1 B", "bearable", "breaks at", "mended by"]
    return table(headings, rows, words=(0, 1, 6))


def fan_out(units: Units) -> str:
    """Write how long the slowest of many shards takes."""
    fits = (published_latency(), own_latency(units))
    rows = []
    for shards in SHARDS:
        found = [slowest(latency, shards) for latency in fits]
        cells = [
            " / ".join(_number(value) for value in times)
            for one in found
            for times in (one.plain, one.hedged)
        ]
        rows.append([str(shards), *cells])
    headings = [
        "shards",
        "the engine, published",
        "hedged",
        "ours, a million rows each",
        "hedged",
    ]
    return table(headings, rows)


def load(units: Units) -> str:
    """Write how many searches a second one copy answers within a bound."""
    rows = []
    for name, chunks in (("10 M", TEN_MILLION), ("1 B", BILLION)):
        engine = served(units, chunks)
        ways = (("as set", Searching.as_set(engine)), ("merged", Searching.merged(engine)))
        for told, one in ways:
            latency = work_of_a_search(one)
            rate, busy = most_questions(latency, engine.shards, one.cores, _BOUND)
            rows.append(
                [
                    f"{name}, segments {told}",
                    f"{engine.shards} x {engine.machine.name}",
                    count(one.segments),
                    _number(one.milliseconds),
                    _number(rate),
                    f"{busy:.2f}",
                    _number(rate / published.SEARCHED.value),
                ]
            )
    headings = [
        "",
        "a copy",
        "segments a machine",
        "a search, ms",
        f"searches/s, 95 of 100 within {_BOUND:.0f} ms",
        "busy",
        "questions/s",
    ]
    return table(headings, rows)


def merging(units: Units) -> str:
    """Write what is found of the best candidates when each shard returns fewer."""
    del units  # a matter of chance alone
    k = DEFAULT.candidates
    rows = []
    for shards in SHARDS[1:]:
        for spread in (BY_KEY, BY_MONTH):
            kept = [f"{share_kept(k, shards, each, spread):.3f}" for each in _EACH]
            least = str(least_each(k, shards, 0.99, spread))
            rows.append([str(shards), spread.name, *kept, least])
    headings = ["shards", "chunks", *(f"{each} of each" for each in _EACH), "each, for .99"]
    return table(headings, rows, words=(1,))


def sources(_units: Units) -> str:
    """Write the published figures, and where they stand."""
    rows = [
        [figure.what, f"{figure.value:,g}", f"<{figure.source}>"] for figure in published.FIGURES
    ]
    rows += [
        [
            f"{one.name}: {one.processors} processors, {one.memory} GiB"
            f"{f', {one.disk:,} GB of SSD' if one.disk else ''}; dollars an hour",
            f"{one.price:g}",
            f"<{one.source}>",
        ]
        for one in published.MACHINES
    ]
    return table([f"published, read on {published.READ}", "", "at"], rows, words=(0, 2))


def assumptions(_units: Units) -> str:
    """Write what nobody measured."""
    rows = [[one.what, f"{one.value:,g}", one.reason] for one in published.ASSUMPTIONS]
    return table(["assumed", "", "because"], rows, words=(0, 2))


def measured(units: Units) -> str:
    """Say what was measured, and at which commits."""
    commits = ", ".join(f"`{kind}-{commit}.json`" for kind, commit in units.commits.items())
    told = (
        f"Measured: {commits} in `benchmarks/results/`, on {units.cores} cores. "
        f"A build: {units.build_rate:.1f} chunks a second of a busy core. A question at "
        f"{count(units.rows)} chunks: {units.answer:.0f} ms of processor, of which "
        f"{units.reading:.0f} ms are the reader's and do not grow; the search of words adds "
        f"{units.lexical.slope * 1e6:.0f} ms a million chunks, that of vectors "
        f"{units.dense.slope * 1e6:.1f}. Different terms: {count(units.terms[-1][1])} there, "
        f"{count(units.vocabulary(TEN_MILLION))} at 10 M and {count(units.vocabulary(BILLION))} "
        "at 1 B, by the law of Heaps."
    )
    return "\n".join(wrap(told, _WIDTH, break_long_words=False, break_on_hyphens=False))


BLOCKS: dict[str, Callable[[Units], str]] = {
    "measured": measured,
    "one machine": one_machine,
    "a chunk": a_chunk,
    "indexes": dense_indexes,
    "ten million": ten_million,
    "billion": billion,
    "building": building,
    "questions": questions,
    "limits": breaking,
    "fan out": fan_out,
    "load": load,
    "merging": merging,
    "sources": sources,
    "assumptions": assumptions,
}


def published_latency() -> Latency:
    """Return the engine's time of a search with twenty under way, with stalls."""
    mean, percentile = published.SEARCH_MEAN.value, published.SEARCH_95TH.value
    return Latency.from_mean(mean, percentile, published.STALL.value)


def own_latency(units: Units) -> Latency:
    """Return our own time of a search of vectors in a million rows, with stalls."""
    return Latency.from_median(units.dense.value, units.dense_95th, published.STALL.value)


def work_of_a_search(one: Searching) -> Latency:
    """Return the time of a search on a machine where nobody waits, spread as was published.

    Nothing stalls here: what stalls is asked of another copy, see `fan_out`.
    """
    mean, percentile = published.SEARCH_MEAN.value, published.SEARCH_95TH.value
    return Latency.from_mean(one.milliseconds, one.milliseconds * percentile / mean)


def served(units: Units, chunks: float) -> Engine:
    """Return the way that the plan prefers: 8-bit HNSW and words in memory."""
    if chunks > TEN_MILLION:
        return Engine(units, chunks, HNSW_BYTES, published.LARGE_MEMORY)
    return Engine(units, chunks, HNSW_BYTES, published.MEMORY, beside=0, partitions=1)


def table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, words: Sequence[int] = (0,)
) -> str:
    """Write a table; all columns but those of `words` are numbers."""
    rules = ["---" if place in words else "---:" for place in range(len(headings))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [headings, rules, *rows])


def _engines(engines: Sequence[Engine]) -> str:
    """Write ways to serve an archive."""
    rows = []
    for one in engines:
        words = "on SSD" if one.words_on_disk else "in memory"
        rows.append(
            [
                f"{one.index.name}; words {words}",
                _number(one.memory / GB),
                _number(one.disk / GB) if one.disk else "-",
                _number(one.stored / GB),
                f"{one.machines} x {one.machine.name}",
                count(one.segments),
                _dollars(one.month),
            ]
        )
    headings = [
        "way",
        "memory, GB",
        "SSD, GB",
        "object storage, GB",
        f"machines, {published.REPLICAS.value:.0f} copies",
        "segments",
        "a month",
    ]
    return table(headings, rows)


def _number(value: float) -> str:
    """Write as many digits as mean something."""
    if value >= 99.5:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.2g}" if value < 10 else f"{value:.0f}"


def count(value: float) -> str:
    """Write how many, in thousands, millions or billions."""
    for size, name in ((1e9, " B"), (1e6, " M")):
        if value >= size:
            return f"{float(f'{value / size:.3g}'):g}{name}"
    return f"{float(f'{value:.3g}'):,.0f}"


def _hours(value: float) -> str:
    """Write hours as seconds, minutes, hours or days."""
    for least, hours, name in ((72, 24, "days"), (1.5, 1, "h"), (1 / 40, 1 / 60, "min")):
        if value >= least:
            return f"{_number(value / hours)} {name}"
    return f"{_number(3600 * value)} s"


def _dollars(value: float) -> str:
    """Write dollars."""
    return f"${_number(value)}"
