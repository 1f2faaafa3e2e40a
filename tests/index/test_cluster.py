"""Builds that are spread over a real Ray cluster of this machine: two workers."""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from zipfile import ZipFile

import pytest
from fpdf import FPDF
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import index
from index.cluster import hire, pool
from index.cluster.actor import Worker
from index.crew import ALONE, Crew
from index.embed import DefaultEmbedder, open_embedder
from index.errands import Errand, errands
from index.errors import (
    BuildCancelled,
    ClusterFailed,
    ClusterMismatch,
    ExtraMissing,
    ModelMissing,
    StoreMissing,
)
from index.snapshot import current_name, snapshot_folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")

RunPython = Callable[..., subprocess.CompletedProcess[str]]

TEXTS = [f"Le pont numéro {number} a été ouvert le {number % 28 + 1} mai." for number in range(300)]
"""More than two batches are embedded."""


@pytest.fixture(scope="module")
def ray() -> Iterator[ModuleType]:
    """Ray, connected to two workers, one of which says that it has a graphics processor."""
    import ray

    ray.init(
        address="local",
        num_cpus=2,
        num_gpus=1,
        include_dashboard=False,
        object_store_memory=100_000_000,
        log_to_driver=False,
        logging_level=logging.CRITICAL,
    )
    yield ray
    ray.shutdown()


@pytest.fixture
def crew(ray: ModuleType) -> Iterator[Crew]:
    assert ray.is_initialized()
    with hire("auto", may_use_gpus=True) as hired:
        yield hired


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    corpus = tmp_path_factory.mktemp("cluster") / "articles"
    corpus.mkdir()
    for number, text in enumerate(TEXTS):
        (corpus / f"{number:03d}.txt").write_text(text, encoding="utf-8")
    return corpus


@pytest.fixture(scope="module")
def built_here(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of `corpus` that this process built alone."""
    store = tmp_path_factory.mktemp("here") / "store"
    index.build(corpus, store)
    return store


def files_of(store: Path) -> dict[str, bytes]:
    """Every file of the snapshot in force."""
    folder = snapshot_folder(store, current_name(store))
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def same_content(one: Path, other: Path) -> None:
    """Refuse two stores that differ in a byte of their snapshots, or in their names."""
    ours, theirs = files_of(one), files_of(other)
    assert [name for name in theirs if ours.get(name) != theirs[name]] == []
    assert len(ours) == len(theirs)
    assert current_name(one) == current_name(other)


def children_of(parents: set[int]) -> set[int]:
    """Every process below some processes."""
    below = set(parents)
    known = dict(parent_of(path) for path in Path("/proc").glob("[0-9]*"))
    while more := {pid for pid, parent in known.items() if parent in below} - below:
        below |= more
    return below - parents


def parent_of(process: Path) -> tuple[int, int]:
    """The number of a process and of its parent, 0 if it has ended meanwhile."""
    try:
        status = (process / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return int(process.name), 0
    return int(process.name), int(status.rpartition(")")[2].split()[1])


def workers_at_work() -> list[int]:
    """The processes below this one that are workers of a build."""
    found = []
    for pid in children_of({os.getpid()}):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if command.startswith(b"ray::Worker"):
            found.append(pid)
    return found


class TellOnce:
    """Does something at the first moment when so much of a step is done."""

    def __init__(self, step: str, done: int, action: Callable[[], None]) -> None:
        self._when, self._action = (step, done), action
        self.has_come = False

    def __call__(self, step: str, done: int, total: int) -> None:
        del total
        if not self.has_come and step == self._when[0] and done >= self._when[1]:
            self.has_come = True
            self._action()


def kill_one_worker() -> None:
    os.kill(workers_at_work()[0], signal.SIGKILL)


def test_a_cluster_writes_the_snapshot_that_one_process_writes(
    ray: ModuleType, corpus_folder: Path, sample_store: Path, tmp_path: Path
) -> None:
    del ray
    told: list[tuple[str, int, int]] = []

    report = index.build(
        corpus_folder, tmp_path, ray="auto", progress=lambda *step: told.append(step)
    )

    assert report.embedded == report.chunks
    same_content(tmp_path, sample_store)
    steps = dict.fromkeys(step for step, _done, _total in told)
    assert [*steps] == [
        "workers",
        "read",
        "split",
        "embed",
        "words",
        *("terms", "dates", "spell", "compare"),
    ]
    ends = {step: (done, total) for step, done, total in told if step != "workers"}
    assert all(done == total for done, total in ends.values())


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of many formats, of hostile files, and of texts that stand in it twice."""
    folder = tmp_path_factory.mktemp("mixed") / "articles"
    folder.mkdir()
    text = "Le maire a inauguré la ligne de tramway lundi 12 mai 2025 devant la gare."
    (folder / "a.txt").write_text(text, encoding="utf-8")
    (folder / "again.txt").write_text(f"{text}\n", encoding="utf-8")
    (folder / "b.md").write_text(f"---\ntitle: Le pont\n---\n\n{text * 3}", encoding="utf-8")
    (folder / "empty.txt").touch()
    (folder / "film.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42" * 10)
    (folder / "torn.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog")
    (folder / "noise.docx").write_bytes(bytes(range(256)) * 8)
    (folder / "nul.txt").write_bytes(b"\x00" * 1000)
    (folder / "page.html").write_text(
        f"<html><head><title>Le port</title></head><body><article><p>{text}</p></article></body>",
        encoding="utf-8",
    )
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    pdf.multi_cell(0, 8, "Le port a ouvert ses portes aux visiteurs samedi 3 mai 2025. " * 8)
    pdf.output(str(folder / "port.pdf"))
    with ZipFile(folder / "many.zip", "w") as archive:
        archive.writestr("one.txt", "La gare ferme à midi, dit la mairie.")
        archive.writestr("two.pdf", b"%PDF-1.4 nothing")
        archive.writestr("../three.txt", "Le port ouvre ce soir, dit la mairie.")
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    return folder


def test_files_that_cannot_be_read_are_skipped_as_in_one_process(
    ray: ModuleType, mixed: Path, tmp_path: Path
) -> None:
    del ray
    here = index.build(mixed, tmp_path / "here")

    there = index.build(mixed, tmp_path / "there", ray="auto")

    assert there.skipped == here.skipped
    assert {"again.txt", "empty.txt", "torn.pdf", "noise.docx", "gone.txt"} <= {
        path for path, _reason in there.skipped
    }
    same_content(tmp_path / "there", tmp_path / "here")


def test_workers_that_are_killed_lose_nothing(
    ray: ModuleType, corpus: Path, built_here: Path, tmp_path: Path
) -> None:
    del ray
    kills = [TellOnce("read", 1, kill_one_worker), TellOnce("embed", 1, kill_one_worker)]

    def tell(step: str, done: int, total: int) -> None:
        for kill in kills:
            kill(step, done, total)

    report = index.build(corpus, tmp_path, ray="auto", progress=tell)

    assert all(kill.has_come for kill in kills)
    assert (report.embedded, report.resumed) == (300, 0)
    same_content(tmp_path, built_here)
    assert all_gone(set(workers_at_work()))


def test_a_rebuild_reads_and_embeds_what_changed_and_nothing_else(
    ray: ModuleType, tmp_path: Path
) -> None:
    del ray
    corpus, store = tmp_path / "articles", tmp_path / "store"
    corpus.mkdir()
    for number, text in enumerate(TEXTS[:20]):
        (corpus / f"{number:02d}.txt").write_text(text, encoding="utf-8")
    (corpus / "again.txt").write_text(TEXTS[3], encoding="utf-8")
    index.build(corpus, store)
    (corpus / "07.txt").write_text("La gare ferme à midi.", encoding="utf-8")

    report = index.build(corpus, store, ray="auto")

    assert (report.articles, report.embedded, report.reused) == (20, 1, 19)
    assert report.unchanged == 20
    index.build(corpus, tmp_path / "anew")
    assert files_of(store).keys() == files_of(tmp_path / "anew").keys()
    assert (
        current_name(store).partition("-")[2] == current_name(tmp_path / "anew").partition("-")[2]
    )


def test_a_build_that_is_cancelled_ends_its_workers_and_changes_nothing(
    ray: ModuleType, corpus: Path, tmp_path: Path
) -> None:
    del ray
    embedding = TellOnce("embed", 1, lambda: None)

    with pytest.raises(BuildCancelled):
        index.build(
            corpus,
            tmp_path,
            ray="auto",
            progress=embedding,
            cancelled=lambda: embedding.has_come,
        )

    with pytest.raises(StoreMissing):
        current_name(tmp_path)
    assert all_gone(set(workers_at_work()))
    assert index.build(corpus, tmp_path).resumed >= 128


def all_gone(processes: set[int]) -> bool:
    """Whether processes end in a while, but for those with which Ray looks for its dead leader."""
    for _ in range(300):
        if not any(map(is_at_work, processes)):
            return True
        time.sleep(0.1)
    return False


def is_at_work(process: int) -> bool:
    """Whether a process goes on; what has ended has no command, though nobody has asked how."""
    try:
        command = Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False
    return command != b"" and b"Agent" not in command


# Says when two batches are embedded, and then waits for its end. Whoever starts the tests in the
# background has Ctrl+C ignored by all that they start.
BUILDS = """
import signal, sys, time, index
signal.signal(signal.SIGINT, signal.default_int_handler)
def tell(step, done, total):
    if step == "embed" and done >= 128:
        print(flush=True)
        time.sleep(60)
index.build(sys.argv[1], sys.argv[2], ray="auto", progress=tell)
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT], ids=["killed", "ctrl_c"])
def test_a_build_that_is_ended_leaves_no_process_and_goes_on_where_it_was(
    corpus: Path, built_here: Path, tmp_path: Path, end: signal.Signals
) -> None:
    command = [sys.executable, "-c", BUILDS, str(corpus), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as building:
        assert building.stdout is not None
        assert building.stdout.readline() == b"\n"
        below = children_of({building.pid})
        assert len(below) > 2

        building.send_signal(end)

        assert building.wait(60) != 0
    assert all_gone(below)
    report = index.build(corpus, tmp_path)
    assert report.resumed >= 128
    assert report.resumed + report.embedded == 300
    assert files_of(tmp_path).keys() == files_of(built_here).keys()
    assert current_name(tmp_path) == current_name(built_here)


def double(number: int) -> int:
    return 2 * number


def weigh(number: int) -> float:
    """Nothing, or from a fourth to a whole errand."""
    return number % 5 / 4


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(numbers=st.lists(st.integers(0, 1000), max_size=40))
def test_results_come_in_the_order_of_the_items_or_with_their_places(
    crew: Crew, numbers: list[int]
) -> None:
    doubled = [2 * number for number in numbers]

    assert list(crew.in_order(double, numbers, weigh)) == doubled
    assert sorted(crew.as_made(double, numbers, weigh)) == list(enumerate(doubled))
    assert list(ALONE.as_made(double, numbers, weigh)) == list(enumerate(doubled))


@given(st.lists(st.integers(0, 1000)))
def test_errands_hold_all_items_in_order_and_none_is_larger_than_it_must_be(
    numbers: list[int],
) -> None:
    made: list[Errand[int, int]] = list(errands(numbers, weigh))

    assert [number for errand in made for number in errand.items] == numbers
    assert [errand.place for errand in made] == list(range(len(made)))
    for errand in made:
        assert numbers[errand.first : errand.first + len(errand.items)] == errand.items
        assert sum(map(weigh, errand.items[:-1])) < 1
        assert [errand.items[place] for place in errand.sent] == [
            number for number in errand.items if weigh(number)
        ]


def test_items_are_drawn_as_results_are_taken(crew: Crew) -> None:
    drawn = 0

    def numbers() -> Iterator[int]:
        nonlocal drawn
        for number in range(1000):
            drawn += 1
            yield number

    results = crew.in_order(double, numbers(), lambda _number: 1)

    assert [next(results) for _ in range(10)] == list(range(0, 20, 2))
    assert drawn <= 10 + 6  # three for each of two workers
    assert list(results) == list(range(20, 2000, 2))


def pid_of(_item: int) -> int:
    time.sleep(0.05)
    return os.getpid()


def test_models_run_where_there_is_a_graphics_processor_and_all_else_everywhere(
    crew: Crew,
) -> None:
    await_workers(crew, 2)

    reading = set(crew.in_order(pid_of, range(20), lambda _item: 1))
    embedding = {pid for _place, pid in crew.as_made(pid_of, range(20), lambda _item: 1)}

    assert len(reading) == 2
    assert len(embedding) == 1
    assert embedding < reading


def await_workers(crew: Crew, count: int) -> None:
    """Wait until so many workers take part."""
    for _ in range(100):
        if len(set(crew.in_order(pid_of, range(4 * count), lambda _item: 1))) == count:
            return
    raise AssertionError(f"no {count} workers")


def die(_item: int) -> int:
    os._exit(1)


def test_work_that_kills_one_worker_after_the_other_is_given_up(ray: ModuleType) -> None:
    del ray

    with pytest.raises(ClusterFailed, match="3 workers died") as caught, hire("auto") as crew:
        list(crew.in_order(die, [1], lambda _item: 1))

    assert "still in force" in str(caught.value)


def divide(number: int) -> float:
    return 1 / number


def refuse(_number: int) -> int:
    raise ModelMissing("petit", "no such folder")


@pytest.mark.parametrize(
    ("task", "said"),
    [(divide, "a worker failed: ZeroDivisionError"), (refuse, "The model petit cannot be loaded")],
)
def test_a_worker_that_cannot_do_its_work_is_told_in_a_sentence(
    ray: ModuleType, task: Callable[[int], float], said: str
) -> None:
    del ray

    with pytest.raises(ClusterFailed, match=said), hire("auto") as crew:
        list(crew.in_order(task, [1, 0], lambda _item: 1))


def test_a_worker_of_another_version_is_refused(
    ray: ModuleType, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del ray
    monkeypatch.setattr(pool, "reading_version", lambda: "another")

    with pytest.raises(ClusterMismatch, match="another version"):
        index.build(corpus, tmp_path, ray="auto")


class WithoutPackages(Worker):
    def __init__(self, *, has_gpu: bool) -> None:
        super().__init__(has_gpu=has_gpu)
        raise ModuleNotFoundError("No module named 'lxml'")


def test_a_worker_that_lacks_a_package_is_told_at_once(
    ray: ModuleType, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del ray
    monkeypatch.setattr(pool, "Worker", WithoutPackages)

    with pytest.raises(ClusterMismatch, match=r"No module named 'lxml'\. Install the same"):
        index.build(corpus, tmp_path, ray="auto")


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("kind", ["127.0.0.1:{port}", "ray://127.0.0.1:{port}"])
def test_a_cluster_that_is_not_there_is_told_at_once(
    corpus: Path,
    tmp_path: Path,
    kind: str,
    run_python: RunPython,
) -> None:
    address = kind.format(port=unused_port())

    ended = run_python("-m", "index", corpus, "--store", tmp_path, "--ray", address)

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"No Ray cluster can be used at {address}: connection refused.")
    assert ended.stderr.count("\n") == 1


# Asks a server for three seconds, and says what came of it.
ASKS = """
import sys
from index.cluster import connect, hire
from index.errors import ClusterUnreachable
connect._CONNECT_SECONDS = 3
try:
    with hire(sys.argv[1]):
        pass
except ClusterUnreachable as error:
    print(error)
"""


def test_a_server_that_is_no_cluster_is_given_up_with_a_sentence(run_python: RunPython) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"

        ended = run_python("-c", ASKS, address)

    assert ended.stdout.startswith(f"No Ray cluster can be used at {address}: no cluster answered")
    assert (ended.stdout.count("\n"), ended.stderr) == (1, "")


def test_the_command_says_what_an_address_is(
    corpus: Path, tmp_path: Path, run_python: RunPython
) -> None:
    ended = run_python("-m", "index", corpus, "--store", tmp_path, "--ray", "cluster")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert "used at cluster: it is no host:port." in ended.stderr


def test_without_ray_the_line_that_installs_it_is_told(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)

    with pytest.raises(ExtraMissing, match=r"pip install 'depeche\[ray\]'"):
        index.build(corpus, tmp_path, ray="auto")


def test_an_embedder_travels_by_its_name(embedder: DefaultEmbedder) -> None:
    import pickle

    assert pickle.loads(pickle.dumps(embedder)) is open_embedder()
