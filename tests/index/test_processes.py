import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index
from index import processes
from index.crew import ALONE
from index.load import Corpus
from index.manifest import read_manifest
from index.processes import TRIAL_SECONDS, Processes, cores, hands

_ROOT = Path(__file__).parents[2]


def square(number: int) -> int:
    return number * number


def die_on(deadly: int, number: int) -> int:
    """Kill the process that does this, unless it is the one that asks."""
    if number == deadly and "index.hand" in sys.orig_argv:
        os._exit(9)
    return number


def divide(number: int) -> float:
    return 1 / number


def where(_number: int) -> int:
    return os.getpid()


@pytest.fixture(scope="module")
def two() -> Iterator[Processes]:
    with closing(Processes(2, trial_seconds=0)) as crew:
        yield crew


@settings(deadline=None, max_examples=30)
@given(numbers=st.lists(st.integers()), weights=st.lists(st.sampled_from([0.0, 0.3, 1.0, 7.0])))
def test_results_come_in_the_order_of_the_items_whatever_these_weigh(
    two: Processes, numbers: list[int], weights: list[float]
) -> None:
    known = dict(zip(numbers, weights, strict=False))

    made = two.in_order(square, numbers, lambda number: known.get(number, 0.1))

    assert list(made) == [number * number for number in numbers]


def test_items_are_drawn_as_results_are_taken(two: Processes) -> None:
    drawn: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(1000):
            drawn.append(number)
            yield number

    made = two.in_order(square, numbers(), lambda _number: 1.0)

    assert next(made) == 0
    assert len(drawn) < 20
    made.close()  # type: ignore[attr-defined]


def test_other_processes_work_beside_each_other_and_are_not_started_anew(two: Processes) -> None:
    pids = set(two.in_order(where, range(40), lambda _number: 1.0))
    again = set(two.in_order(where, range(40), lambda _number: 1.0))

    assert os.getpid() not in pids
    assert pids | again == set(two.pids)


def test_what_weighs_nothing_is_done_here(two: Processes) -> None:
    assert set(two.in_order(where, range(5), lambda _number: 0)) == {os.getpid()}


def test_a_process_that_is_killed_by_its_work_loses_nothing() -> None:
    with closing(Processes(2, trial_seconds=0)) as crew:
        made = list(crew.in_order(partial(die_on, 7), range(30), lambda _number: 1.0))

        assert made == list(range(30))
        assert len(crew.pids) == 1
        assert list(crew.in_order(square, [3], lambda _number: 1.0)) == [9]


def test_what_fails_there_fails_here_with_its_own_error(two: Processes) -> None:
    made = two.in_order(divide, [2, 0, 4], lambda _number: 1.0)

    assert next(made) == 0.5
    with pytest.raises(ZeroDivisionError):
        next(made)


def test_what_cannot_be_sent_is_done_here(two: Processes) -> None:
    assert list(two.in_order(lambda number: number + 1, [1, 2], lambda _number: 1.0)) == [2, 3]


def test_nothing_is_started_for_what_is_done_in_a_moment() -> None:
    with closing(Processes(2, TRIAL_SECONDS)) as crew:
        assert list(crew.in_order(square, range(300), lambda _number: 1.0))[-1] == 299 * 299

        assert crew.pids == []


def test_no_process_is_left_while_models_work_nor_when_the_work_is_over() -> None:
    crew = Processes(2, trial_seconds=0)
    list(crew.in_order(square, range(9), lambda _number: 1.0))
    pids = crew.pids
    assert pids

    assert list(crew.as_made(square, [5, 6], lambda _number: 1.0)) == [(0, 25), (1, 36)]
    assert crew.pids == []
    unfinished = crew.in_order(square, range(9), lambda _number: 1.0)
    assert next(unfinished) == 0
    pids += crew.pids
    crew.close()

    assert crew.pids == []
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_other_processes_end_when_the_one_that_started_them_is_killed() -> None:
    program = (
        "import time; from index.processes import Processes\n"
        "crew = Processes(2, trial_seconds=0)\n"
        "made = crew.in_order(abs, range(-9, 0), lambda _number: 1.0)\n"
        "print(next(made), *crew.pids, flush=True)\n"
        "time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], cwd=_ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    _made, *pids = map(int, parent.stdout.readline().split())
    assert pids

    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()

    until = time.monotonic() + 30
    while any(_runs(pid) for pid in pids):
        assert time.monotonic() < until
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    """Whether a process is there, and is no mere entry that nobody asked after."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_on_one_core_there_is_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")

    with hands() as crew:
        assert crew is ALONE


@pytest.mark.parametrize(("asked", "found"), [("1", 1), ("1,4", 1), ("0", None), ("many", None)])
def test_cores_are_those_of_the_process_or_as_few_as_are_asked_for(
    asked: str, found: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    there = cores()
    monkeypatch.setenv("OMP_NUM_THREADS", asked)

    assert there >= 1
    assert cores() == (found or there)


def test_files_of_any_kind_are_read_as_in_one_process(
    corpus_folder: Path, tmp_path: Path, two: Processes
) -> None:
    corpus, store = tmp_path / "corpus", tmp_path / "store"
    corpus.mkdir()
    store.mkdir()
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.7 nothing more")
    (corpus / "empty.txt").write_bytes(b"")
    for path in corpus_folder.iterdir():
        (corpus / path.name).write_bytes(path.read_bytes())
        (corpus / f"copy of {path.name}").write_bytes(path.read_bytes())

    alone = Corpus(corpus, store).load()
    beside = Corpus(corpus, store).load(crew=two)

    assert list(beside.articles) == list(alone.articles)
    assert beside.skipped == alone.skipped
    assert beside.inventory == alone.inventory


def test_a_build_by_several_processes_writes_what_one_writes(
    corpus_folder: Path, sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Callable[..., object]] = []
    send = Processes._send

    def note(self: Processes, task: Callable[..., object], errand: object) -> object:
        asked.append(task)
        return send(self, task, errand)  # type: ignore[arg-type]

    monkeypatch.setattr(Processes, "_send", note)
    monkeypatch.setattr(processes, "cores", lambda: 2)
    monkeypatch.setattr(processes, "TRIAL_SECONDS", 0.0)

    report = index.build(corpus_folder, tmp_path / "store")

    assert len(asked) >= 4
    (sample,) = (sample_store / "snapshots").iterdir()
    built = read_manifest(tmp_path / "store" / "snapshots" / report.snapshot)
    assert built == read_manifest(sample)
