import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index import watch
from index.errors import DepecheError, ExtraMissing, StoreUnwritable
from index.types import BuildReport
from index.watch import follow

ROOT = Path(__file__).resolve().parents[2]

# a hang is ended; nothing here is timed
_PATIENCE_SECONDS = 180

TEXT = "Le pont de la gare a été ouvert lundi par le maire."


def report(name: str) -> BuildReport:
    return BuildReport(1, 1, 0, 1, (), 0.1, name)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    corpus = tmp_path / "articles"
    corpus.mkdir()
    (corpus / "a.txt").write_text(TEXT, encoding="utf-8")
    return corpus


class Follower:
    """A folder that is followed in a thread, with what was built and told."""

    def __init__(
        self, corpus: Path, store: Path, outcomes: list[BuildReport | DepecheError]
    ) -> None:
        self.outcomes = iter(outcomes)
        self.told: list[BuildReport | DepecheError] = []
        self.building = 0
        self.built = threading.Semaphore(0)
        self.stop = threading.Event()
        self.thread = threading.Thread(
            target=follow, args=(corpus, store, self.build, self.told.append, self.stop)
        )
        self.thread.start()

    def build(self) -> BuildReport:
        self.building += 1
        assert self.building == 1, "two builds at once"
        try:
            outcome = next(self.outcomes)
            if isinstance(outcome, DepecheError):
                raise outcome
            return outcome
        finally:
            self.building -= 1
            self.built.release()

    def wait_for_build(self) -> None:
        assert self.built.acquire(timeout=_PATIENCE_SECONDS)

    def end(self) -> list[BuildReport | DepecheError]:
        self.stop.set()
        self.thread.join(_PATIENCE_SECONDS)
        assert not self.thread.is_alive()
        return self.told


Follow = Callable[..., Follower]


@pytest.fixture
def start(corpus: Path, tmp_path: Path) -> Iterator[Follow]:
    started: list[Follower] = []

    def begin(*outcomes: BuildReport | DepecheError) -> Follower:
        started.append(Follower(corpus, tmp_path / "store", list(outcomes)))
        return started[-1]

    yield begin
    for follower in started:
        follower.end()


def test_the_folder_is_built_at_once_and_after_every_change(start: Follow, corpus: Path) -> None:
    follower = start(report("1"), report("2"), report("3"))
    follower.wait_for_build()
    (corpus / "dossier").mkdir()
    follower.wait_for_build()
    (corpus / "a.txt").unlink()
    follower.wait_for_build()

    assert follower.end() == [report("1"), report("2"), report("3")]


def test_what_changed_nothing_is_not_told(start: Follow, corpus: Path) -> None:
    follower = start(report("1"), report("1"))
    follower.wait_for_build()
    (corpus / "a.txt").touch()
    follower.wait_for_build()

    assert follower.end() == [report("1")]


def test_what_programs_leave_behind_builds_nothing(
    start: Follow, corpus: Path, tmp_path: Path
) -> None:
    follower = start(report("1"), report("2"))
    follower.wait_for_build()
    (corpus / ".a.txt.swp").touch()
    (corpus / ".git").mkdir()
    (corpus / ".git/index.txt").touch()
    (tmp_path / "elsewhere.txt").touch()
    (corpus / "b.txt").touch()
    follower.wait_for_build()

    assert follower.end() == [report("1"), report("2")]


def test_a_problem_is_told_once_and_tried_again(
    start: Follow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_RETRY_SECONDS", 0.0)
    full = StoreUnwritable(tmp_path / "store", "No space left on device")
    follower = start(report("1"), full, full, report("1"))
    follower.wait_for_build()
    (tmp_path / "articles/b.txt").touch()
    for _ in range(3):
        follower.wait_for_build()

    assert follower.end() == [report("1"), full, report("1")]


def test_without_the_package_the_line_that_installs_it_is_told(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)

    with pytest.raises(ExtraMissing, match=r"pip install 'depeche\[watch\]'"):
        follow(corpus, tmp_path / "store", lambda: report("1"), lambda _: None)


@pytest.fixture
def run_watch(
    corpus: Path, tmp_path: Path, tiny_model: Path
) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start `depeche build` with these options in a process of its own."""
    started: list[subprocess.Popen[str]] = []

    def start(*options: str) -> subprocess.Popen[str]:
        into = ["--store", str(tmp_path / "store"), "--model", str(tiny_model)]
        process = subprocess.Popen(
            [sys.executable, "-m", "index", corpus, *into, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            encoding="utf-8",
            env=os.environ | {"HF_HUB_OFFLINE": "1"},
            # tests that run in the background pass on that interrupts are ignored
            preexec_fn=_heed_interrupts if os.name == "posix" else None,
        )
        started.append(process)
        threading.Timer(_PATIENCE_SECONDS, process.kill).start()
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one process on this system")
def test_the_command_prints_a_line_a_rebuild_and_ends_when_interrupted(
    run_watch: Callable[..., subprocess.Popen[str]], corpus: Path
) -> None:
    process = run_watch("--watch")
    assert line_of(process).startswith("1 articles, 1 chunks (1 embedded, 0 reused)")

    (corpus / "broken.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert line_of(process).startswith("1 articles, 1 chunks (0 embedded, 1 reused)")
    (corpus / "b.txt").write_text("Une tout autre nouvelle de la ville.", encoding="utf-8")
    assert line_of(process).startswith("2 articles, 2 chunks (1 embedded, 1 reused)")

    process.send_signal(signal.SIGINT)
    rest, complaints = process.communicate(timeout=_PATIENCE_SECONDS)
    assert (process.returncode, rest) == (0, "")
    assert complaints == "Stopped following the folder; the index stays.\n"


HOLD = (
    "import sys\nfrom pathlib import Path\nfrom index.snapshot import lock_store\n"
    "with lock_store(Path(sys.argv[1])):\n    print('held', flush=True)\n    input()\n"
)


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that builds."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path / "store"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        encoding="utf-8",
    ) as other:
        assert line_of(other) == "held\n"
        yield other
        other.kill()


def test_a_build_waits_for_another_one_and_says_so_once(
    run_watch: Callable[..., subprocess.Popen[str]], holder: subprocess.Popen[str]
) -> None:
    process = run_watch("--wait")
    assert process.stderr is not None
    said = process.stderr.readline()

    holder.kill()  # its lock goes with it

    printed, complaints = process.communicate(timeout=_PATIENCE_SECONDS)
    assert said == "Another build is writing to the index; this one waits for it.\n"
    assert (process.returncode, complaints) == (0, "")
    assert printed.startswith("1 articles, 1 chunks")


@pytest.mark.usefixtures("holder")
def test_a_build_waits_no_longer_than_it_was_told(
    run_watch: Callable[..., subprocess.Popen[str]],
) -> None:
    process = run_watch("--wait", "0.1")

    printed, complaints = process.communicate(timeout=_PATIENCE_SECONDS)

    assert (process.returncode, printed) == (1, "")
    first, second = complaints.splitlines()
    assert first.endswith("this one waits for it.")
    assert "depeche build --wait" in second


@pytest.mark.parametrize("seconds", ["-1", "soon", "nan", "inf"])
def test_a_time_to_wait_is_a_number_of_seconds(
    run_watch: Callable[..., subprocess.Popen[str]], seconds: str
) -> None:
    process = run_watch(f"--wait={seconds}")

    _, complaints = process.communicate(timeout=_PATIENCE_SECONDS)

    assert process.returncode == 2
    assert "usage: " in complaints
