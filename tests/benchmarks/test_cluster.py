"""How the rates of builds with and without workers are put together."""

from typing import Any

from benchmarks.cluster import BESIDE, CONTESTANTS, show, summarise


def run(rate: float, started: float = 0.0) -> dict[str, Any]:
    return {
        "seconds": 600 / rate,
        "chunks": 600,
        "chunks a second": rate,
        "workers started after": started,
        "embedding": 500 / rate,
    }


RUNS = {name: [run(rate) for rate in (10, 30, 20)] for name in CONTESTANTS} | {
    "two workers": [run(rate, started=2.5) for rate in (40, 30, 60)]
}


def test_rates_are_medians_and_stand_beside_those_of_one_thread() -> None:
    table = summarise(RUNS)

    assert table[BESIDE]["chunks a second"] == 20
    assert table[BESIDE]["times"] == 1
    two = table["two workers"]
    assert (two["chunks a second"], two["times"], two["rates"]) == (40, 2, [30, 40, 60])
    assert (two["seconds"], two["embedding"]) == (15, 12.5)


def test_the_table_has_a_line_for_each_contestant() -> None:
    lines = show(summarise(RUNS)).splitlines()

    assert len(lines) == 2 + len(CONTESTANTS)
    assert lines[-1] == "| two workers | 40 (30 to 60) | 2.0 | 15.0 | 2.5 | 12.5 |"
    assert len({line.count("|") for line in lines}) == 1
