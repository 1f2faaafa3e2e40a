"""Builds that are spread over a cluster: what they write, lose and leave."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from zipfile import ZipFile

import pytest
from fpdf import FPDF

import index
from index import fresh
from index.cluster import actor, pool
from index.cluster.actor import Worker
from index.errors import BuildCancelled, ClusterMismatch, StoreMissing
from index.snapshot import current_name, snapshot_folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")

TEXTS = [f"Le pont numéro {number} a été ouvert le {number % 28 + 1} mai." for number in range(130)]
"""More than two batches are embedded."""

BATCH = 64
"""Texts of a batch, fewer than of an archive."""


@pytest.fixture(scope="module", autouse=True)
def _small_batches() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fresh, "_BATCH", BATCH)
        yield


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
    assert (report.embedded, report.resumed) == (len(TEXTS), 0)
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
    assert index.build(corpus, tmp_path).resumed >= BATCH


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
import signal, sys, time, index, index.fresh
index.fresh._BATCH = int(sys.argv[3])
signal.signal(signal.SIGINT, signal.default_int_handler)
def tell(step, done, total):
    if step == "embed" and done >= 2 * index.fresh._BATCH:
        print(flush=True)
        time.sleep(60)
index.build(sys.argv[1], sys.argv[2], ray="auto", progress=tell)
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT], ids=["killed", "ctrl_c"])
def test_a_build_that_is_ended_leaves_no_process_and_goes_on_where_it_was(
    corpus: Path, built_here: Path, tmp_path: Path, end: signal.Signals
) -> None:
    command = [sys.executable, "-c", BUILDS, str(corpus), str(tmp_path), str(BATCH)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as building:
        assert building.stdout is not None
        assert building.stdout.readline() == b"\n"
        below = children_of({building.pid})
        assert len(below) > 2

        building.send_signal(end)

        assert building.wait(60) != 0
    assert all_gone(below)
    report = index.build(corpus, tmp_path)
    assert report.resumed >= 2 * BATCH
    assert report.resumed + report.embedded == len(TEXTS)
    assert files_of(tmp_path).keys() == files_of(built_here).keys()
    assert current_name(tmp_path) == current_name(built_here)


def test_a_worker_of_another_version_is_refused(
    ray: ModuleType, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del ray
    monkeypatch.setattr(pool, "hello", lambda: actor.hello()._replace(version="another"))

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
