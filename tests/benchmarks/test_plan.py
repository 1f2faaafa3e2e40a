"""The plan past our machines: its arithmetic, and the page that shows it."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.plan import published, sizing
from benchmarks.plan.__main__ import begin, end, main
from benchmarks.plan.indexes import HNSW, INDEXES, ON_DISK, DenseIndex
from benchmarks.plan.limits import limits
from benchmarks.plan.published import ASSUMPTIONS, FIGURES, MACHINES, Machine
from benchmarks.plan.sizing import Engine, Searching
from benchmarks.plan.tables import BILLION, BLOCKS, TEN_MILLION, served, table
from benchmarks.plan.units import Growth, Units, read_units, units_of
from benchmarks.report import insert

PAGE = Path(__file__).resolve().parents[2] / "docs" / "scale.md"

ANSWERING = {"rows": 3000, "processor": 400.0, "median": 300.0, "95th": 500.0, "resident": 300}
SPEED = {
    "commit": "aaa",
    "cores": 2,
    "stores": [
        {"depeche": {"processor": 90.0}, "depeche ask": {**ANSWERING, "rows": 1000}},
        {"depeche": {"processor": 100.0}, "depeche ask": {**ANSWERING, "resident": 500}},
    ],
    "search": [
        {"rows": 10_000, "ours": {"bytes a row": 768.0, "median": 0.2, "95th": 0.3}},
        {"rows": 1_000_000, "ours": {"bytes a row": 824.0, "median": 8.0, "95th": 12.0}},
    ],
}
REBUILD = {
    "commit": "bbb",
    "rebuild": {
        "full": {
            "embedded": 1000,
            "chunks": 1000,
            "processor seconds": 50.0,
            "peak memory in MB": 100,
        }
    },
}
PARTS = {
    "commit": "ccc",
    "inventory": {"bytes": 150.0, "parsed": 600.0},
    "stores": [
        {"chunks": 1000, "terms": 1000, "lexical": {"median": 1.0}},
        {
            "chunks": 4000,
            "terms": 2000,
            "articles": 2000,
            "postings": 200_000,
            "row bytes": 240_000,
            "mentions": 2000,
            "lexical": {"median": 4.0},
            "head": 1500,
            "bytes": {"texts.txt": 2_000_000, "lexical": 600_000, "written": 800_000},
        },
    ],
}

chunks = st.integers(1, 10**10)
indexes = st.sampled_from(INDEXES)


@pytest.fixture(scope="module")
def units() -> Units:
    """Return unit costs out of small results."""
    return units_of(SPEED, REBUILD, PARTS)


def test_unit_costs_are_those_of_the_results(units: Units) -> None:
    assert units.commits == {"speed": "aaa", "rebuild": "bbb", "parts": "ccc"}
    assert units.dimension == 384
    assert units.build_rate == 1000 / 50
    assert units.reading == 400 - 100
    assert units.postings == 200_000 / 4000
    assert units.posting_bytes == (600_000 / 200_000, 240_000 / 200_000)
    # 260 bytes of signature and 150 of the inventory for each second chunk, and 56 of a sketch
    assert (units.text, units.beside) == (500, 350 + (260 + 150) / 2 + 56)
    assert (units.articles, units.mentions) == (0.5, 0.5)


def test_a_question_costs_what_was_measured_and_grows_by_both_searches(units: Units) -> None:
    assert units.question(3000) == 400
    # 8 ms and 1,000 ms a million chunks
    assert units.question(1_003_000) == pytest.approx(400 + 8 + 1000)


def test_a_line_that_would_fall_is_level() -> None:
    line = Growth.between((10, 5.0), (20, 4.0))

    assert (line.slope, line.at(20), line.at(1000)) == (0, 4, 4)


def test_the_words_of_an_archive_grow_by_the_law_of_heaps(units: Units) -> None:
    # twice the terms at four times the chunks: the root
    assert units.vocabulary(4000) == pytest.approx(2000)
    assert units.vocabulary(400_000) == pytest.approx(20_000)


@given(few=chunks, more=chunks, index=indexes, on_disk=st.booleans())
@settings(deadline=None)
def test_more_chunks_never_take_less(few: int, more: int, index: DenseIndex, on_disk: bool) -> None:
    units = units_of(SPEED, REBUILD, PARTS)
    few, more = sorted((few, more))
    machine = published.LARGE_DISK

    small, large = (Engine(units, count, index, machine, on_disk) for count in (few, more))

    for cost in ("memory", "disk", "stored", "shards", "machines", "month", "segments"):
        assert getattr(small, cost) <= getattr(large, cost)
    assert sizing.core_hours(units, few) <= sizing.core_hours(units, more)
    assert sizing.index_hours(few, 64) <= sizing.index_hours(more, 64)


@given(count=chunks, index=indexes, on_disk=st.booleans(), machine=st.sampled_from(MACHINES))
@settings(deadline=None)
def test_memory_holds_the_vectors_and_machines_hold_the_memory(
    count: int, index: DenseIndex, on_disk: bool, machine: Machine
) -> None:
    units = units_of(SPEED, REBUILD, PARTS)
    engine = Engine(units, count, index, machine, on_disk)

    assert engine.memory >= count * units.dimension * index.bits / 8
    if machine.disk or not engine.disk:
        assert engine.shards * machine.memory * 2**30 >= engine.memory
        assert engine.machines >= engine.shards
    if machine.disk:
        assert engine.shards * machine.disk * 1e9 >= engine.disk


@given(dimension=st.integers(1, 4096), bits=st.floats(1, 32), fewer=st.floats(1, 32))
@settings(deadline=None)
def test_fewer_bits_take_less_memory(dimension: int, bits: float, fewer: float) -> None:
    few, many = sorted((bits, fewer))

    assert replace(HNSW, bits=few).memory(dimension) <= replace(HNSW, bits=many).memory(dimension)


def test_indexes_stand_in_order_of_memory() -> None:
    taken = [index.memory(384) for index in INDEXES]

    assert taken == sorted(taken, reverse=True)
    assert taken[0] == 384 * 4 + 16 * 8


def test_no_vector_on_a_disk_lies_across_the_end_of_what_is_read_at_once() -> None:
    # 384 numbers and 57 places take 1,764 bytes: two to a sector of 4,096
    assert ON_DISK.disk(384) == 2048
    assert ON_DISK.disk(768) == 4096
    assert HNSW.disk(384) == 0


def test_a_machine_without_a_disk_takes_no_index_that_lies_on_one(units: Units) -> None:
    with pytest.raises(ValueError, match=r"r6i\.2xlarge has no disk for DISKANN"):
        _ = Engine(units, 1000, ON_DISK, published.MEMORY).shards


def test_words_on_the_disk_leave_a_part_in_memory(units: Units) -> None:
    engine = Engine(units, 1000, HNSW, published.DISK)

    spared = engine.memory - replace(engine, words_on_disk=True).memory

    words = 1000 * 50 * published.POSTING_BYTES.value
    kept = published.HOT_SHARE.value
    assert spared == pytest.approx(words * (1 - kept) * (1 + published.OVERHEAD.value))


def test_twice_the_machines_build_in_half_the_time_for_the_same_price(units: Units) -> None:
    one, two = (sizing.build_hours(units, 1e6, n, published.COMPUTE) for n in (1, 2))

    # a million chunks at 20 a second of a core
    assert sizing.core_hours(units, 1e6) == pytest.approx(1e6 / 20 / 3600)
    assert one == pytest.approx(2 * two)
    assert sizing.build_price(units, 1e6, published.COMPUTE) == pytest.approx(
        one * published.COMPUTE.price
    )


def test_more_questions_need_more_machines_and_copies_and_never_none(units: Units) -> None:
    engine = Engine(units, 1e9, HNSW, published.LARGE_MEMORY)
    asked = (1, 1e6, 1e8, 1e9)

    machines = [sizing.answering_machines(units, one, published.COMPUTE) for one in asked]
    copies = [sizing.copies(engine, one) for one in asked]

    assert machines == sorted(machines)
    assert machines[0] == 1
    assert copies == sorted(copies)
    assert copies[0] == published.REPLICAS.value
    # 400 ms each, 8 times as many in the busiest hour as in the mean, processors busy for .6
    processors = 1e9 / (730 * 3600) * 8 * 0.4 / 0.6
    assert machines[-1] == math.ceil(processors / 8)


def test_a_machine_searches_as_many_segments_at_once_as_it_has_processors() -> None:
    few, many = Searching(2, 10.0, 8), Searching(16, 10.0, 8)

    # four searches of two segments, each on two processors; or one of sixteen, two after each other
    assert (few.cores, few.milliseconds) == (4, 10)
    assert (many.cores, many.milliseconds) == (1, 20)
    assert (few.most, many.most) == (400, 50)


def test_merged_segments_do_what_was_published(units: Units) -> None:
    machine = Machine("published", 16, 64, 0, 1.0)
    engine = Engine(units, published.PUBLISHED_VECTORS, HNSW, machine, partitions=1)

    assert Searching.merged(engine).most == pytest.approx(published.SEARCHES.value)
    pieces = 1e7 * 768 * 4 / 2**30
    work = pieces * sizing.segment_work(published.PUBLISHED_VECTORS / pieces)
    assert 16_000 / work == pytest.approx(published.UNMERGED.value)


def test_a_month_is_no_smaller_part_of_a_search_than_its_segment(units: Units) -> None:
    engine = Engine(units, 1e9, HNSW, published.LARGE_MEMORY)

    assert Searching.merged(engine).segments == math.ceil(published.MONTHS.value / engine.shards)
    assert Searching.merged(engine).most > Searching.as_set(engine).most


def test_what_breaks_is_told_in_order_and_breaks_where_it_is_told(units: Units) -> None:
    found = limits(units)

    assert [limit.breaks_at for limit in found] == sorted(limit.breaks_at for limit in found)
    for limit in found:
        assert limit.at(limit.breaks_at) == pytest.approx(limit.most)
    places = {limit.where: limit.breaks_at for limit in found}
    # 50 postings of 1.2 bytes a chunk
    assert places["index/runs.py"] == pytest.approx(2**32 / 60)


def test_every_figure_of_others_has_an_address_and_every_assumption_a_reason() -> None:
    assert all(figure.source.startswith("https://") for figure in FIGURES)
    assert all(figure.what and figure.value > 0 for figure in FIGURES)
    assert all(machine.source.startswith("https://") for machine in MACHINES)
    assert all(one.reason and one.value > 0 for one in ASSUMPTIONS)


def test_every_cell_of_a_row_has_a_heading() -> None:
    written = table(["a", "b"], [["x", "1"], ["y", "2"]])

    assert written.splitlines() == ["| a | b |", "| --- | ---: |", "| x | 1 |", "| y | 2 |"]


def test_the_page_shows_what_the_program_writes(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    empty = page
    for name in BLOCKS:
        empty = insert(empty, "nothing yet", begin(name), end(name))
    (tmp_path / "scale.md").write_text(empty, encoding="utf-8")

    assert main(["--write", "--into", str(tmp_path)]) == 0

    written = (tmp_path / "scale.md").read_text(encoding="utf-8")
    assert written == page, "python -m benchmarks.plan --write"


def test_what_the_page_says_in_short_still_holds() -> None:
    units = read_units()
    small, large = served(units, TEN_MILLION), served(units, BILLION)
    on_disk = Engine(units, BILLION, ON_DISK, published.LARGE_DISK, words_on_disk=True)

    assert units.resident.at(TEN_MILLION) < 64e9
    assert (small.shards, large.shards) == (1, 3)
    assert sizing.core_hours(units, TEN_MILLION) / 32 < published.NIGHT.value
    assert 0.9 < on_disk.month / large.month < 1
    assert large.word_bytes == pytest.approx(large.dense_memory, rel=0.1)
    assert limits(units)[0].where == "index/builder.py"


def test_the_command_prints_every_table(capsys: pytest.CaptureFixture[str]) -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert main([]) == 0

    printed = capsys.readouterr().out
    for name in BLOCKS:
        shown = printed.split(begin(name))[1].split("<!--")[0].strip()
        assert shown in page


def test_the_picture_names_what_it_shows(tmp_path: Path, units: Units) -> None:
    pictures = pytest.importorskip("benchmarks.plan.pictures")

    pictures.draw(units, tmp_path / "scale.svg")

    drawn = (tmp_path / "scale.svg").read_text(encoding="utf-8")
    assert all(name in drawn for name in ("DISKANN", "words, sparse", "hedged"))


def test_results_are_missed_by_name(tmp_path: Path) -> None:
    readme = "<!-- speed: written by python -m benchmarks.speed -->\n\nCommit abc, 2026\n"
    (tmp_path / "README.md").write_text(readme, encoding="utf-8")
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "speed-abc.json").write_text(json.dumps(SPEED), encoding="utf-8")

    with pytest.raises(FileNotFoundError, match=r"There is no rebuild-COMMIT\.json"):
        read_units(tmp_path)
