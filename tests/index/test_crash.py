"""Law 5: whoever asks never sees half a rebuild, whatever happens to it."""

import json
import os
import subprocess
import sys
import textwrap
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import index
from index import disk
from index.contents import FILES
from index.embed import NamedEmbedder
from index.errors import (
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreMissing,
    StoreUnsettled,
    StoreUnwritable,
)
from index.history import open_store, rollback
from index.snapshot import (
    builder_of,
    current_name,
    lock_store,
    save_snapshot,
    snapshot_names,
)
from index.store import Store
from index.types import BuildReport

PutDisk = Callable[..., Any]
TwoContents = tuple[Store, Store]
CheckWhole = Callable[[Store], int]

FAULTS = ("full", "failing", "refused", "short", "lying", "crash")

AT_LENGTH = bool(os.environ.get("DEPECHE_TORTURE"))

MOMENTS = 200 if AT_LENGTH else 20
"""At which a process that builds is killed."""

MOST_OPERATIONS = 500


def save(store: Path, content: Store) -> str:
    with lock_store(store):
        return save_snapshot(store, content)


@contextmanager
def asking(store: Path, check_whole: CheckWhole) -> Iterator[list[int]]:
    """Ask a store all the time from another thread; yields what it was found to hold."""
    found: list[int] = []
    problems: list[BaseException] = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            try:
                opened = open_store(store)
                assert opened.trouble is None
                found.append(check_whole(opened))
            except BaseException as problem:
                problems.append(problem)
                return
            ended.wait(0.01)  # a save takes about as long

    reader = threading.Thread(target=ask)
    reader.start()
    try:
        yield found
    finally:
        ended.set()
        reader.join()
        if problems:
            raise problems[0]


class BuildsGoBy(disk.System):
    """A disk on which builds end again and again while somebody reads, and remove what was read."""

    def __init__(self, every: int, builds: int, build: Callable[[], None]) -> None:
        self.every, self.left, self.build = every, builds, build
        self.read_so_far = 0

    def read(self, path: Path) -> bytes:
        self.pass_by()
        return super().read(path)

    def map(self, path: Path) -> memoryview:
        self.pass_by()
        return super().map(path)

    def pass_by(self) -> None:
        self.read_so_far += 1
        if self.left and not self.read_so_far % self.every:
            self.left -= 1
            self.build()


@pytest.mark.parametrize("every", [2, 3, 5, 8])
def test_a_snapshot_that_builds_replace_and_remove_while_it_is_opened_is_no_trouble(
    every: int,
    tmp_path: Path,
    two_contents: TwoContents,
    check_whole: CheckWhole,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def build() -> None:
        with monkeypatch.context() as patch:
            patch.setattr(disk, "system", disk.System())
            for _ in range(2):
                save(tmp_path, old)

    old, new = two_contents
    save(tmp_path, new)  # the one to go back to: it says something else
    build()
    going = BuildsGoBy(every, 3, build)
    monkeypatch.setattr(disk, "system", going)

    opened = open_store(tmp_path)

    assert going.left == 0
    assert opened.trouble is None
    assert check_whole(opened) == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_a_save_that_goes_wrong_at_any_operation_leaves_the_old_or_the_new_snapshot(
    fault: str,
    tmp_path: Path,
    two_contents: TwoContents,
    check_whole: CheckWhole,
    put_disk: PutDisk,
    crashed: type[BaseException],
    tidy: Callable[[Path], None],
    record_property: Callable[[str, object], None],
) -> None:
    old, new = two_contents
    put_disk()
    save(tmp_path, old)
    struck: Counter[str] = Counter()
    settled = 0
    after = []
    with asking(tmp_path, check_whole) as found:
        for at in range(1, MOST_OPERATIONS):
            faulty = put_disk(fault, at)
            try:
                save(tmp_path, new)
                problem = None
            except (StoreUnwritable, StoreCorrupt, crashed) as error:
                problem = error
            ended = faulty.count < at
            struck.update(faulty.struck[:1])
            put_disk()
            opened = open_store(tmp_path)
            assert opened.trouble is None
            after.append(check_whole(opened))
            if not isinstance(problem, crashed):
                # what the sentence says of which one is in force is true
                is_new = problem is None or isinstance(problem, StoreUnsettled)
                assert (after[-1] == 1) == is_new, problem
            settled += isinstance(problem, StoreUnsettled)
            assert save(tmp_path, old) == current_name(tmp_path)
            tidy(tmp_path)
            if ended:
                break
    assert ended
    assert struck["write"] > len(snapshot_names(tmp_path)) * 4
    if fault in ("failing", "refused", "crash"):
        assert {"open", "write", "sync", "make_folder", "rename", "replace"} <= set(struck)
        assert 0 in after
    assert (settled > 0) == (fault in ("full", "failing", "refused"))
    assert set(found) <= {0, 1}
    record_property("struck", dict(struck))
    record_property("asked meanwhile", len(found))


@pytest.mark.parametrize("fault", ["full", "refused", "crash"])
def test_a_first_save_that_goes_wrong_leaves_no_index_or_a_whole_one(
    fault: str,
    tmp_path: Path,
    two_contents: TwoContents,
    check_whole: CheckWhole,
    put_disk: PutDisk,
    crashed: type[BaseException],
    tidy: Callable[[Path], None],
) -> None:
    missing = 0
    for at in range(1, MOST_OPERATIONS):
        store = tmp_path / f"{at}"
        faulty = put_disk(fault, at)
        with suppress(StoreUnwritable, crashed):
            save(store, two_contents[0])
        put_disk()
        try:
            assert check_whole(open_store(store)) == 0
        except StoreMissing:
            missing += 1
        save(store, two_contents[1])
        assert (open_store(store).trouble, check_whole(open_store(store))) == (None, 1)
        tidy(store)
        if faulty.count < at:
            break
    assert faulty.count < at
    assert missing > 10


@pytest.mark.parametrize("fault", FAULTS)
def test_going_back_that_goes_wrong_at_any_operation_leaves_one_or_the_other(
    fault: str,
    tmp_path: Path,
    two_contents: TwoContents,
    check_whole: CheckWhole,
    put_disk: PutDisk,
    crashed: type[BaseException],
) -> None:
    put_disk()
    for content in two_contents:
        save(tmp_path, content)
    first, second = snapshot_names(tmp_path)
    with asking(tmp_path, check_whole):
        for at in range(1, MOST_OPERATIONS):
            faulty = put_disk(fault, at)
            try:
                rollback(tmp_path)
                told = first
            except StoreError as error:
                told = first if isinstance(error, StoreUnsettled) else second
                assert faulty.struck
            except crashed:
                told = None
            ended = faulty.count < at
            put_disk()
            opened = open_store(tmp_path)
            assert opened.trouble is None
            assert opened.name in ((first, second) if told is None else (told,))
            rollback(tmp_path, second)
            if ended:
                break
    assert ended


def test_what_a_disk_took_and_did_not_keep_is_not_put_in_force(
    tmp_path: Path, two_contents: TwoContents, put_disk: PutDisk, check_whole: CheckWhole
) -> None:
    old, new = two_contents
    save(tmp_path, old)
    faulty = put_disk("lying", 0)
    save(tmp_path, new)
    operations = faulty.count
    name = save(tmp_path, old)

    refused = 0
    for at in range(1, operations):
        put_disk("lying", at)
        try:
            save(tmp_path, new)
        except (StoreCorrupt, StoreUnwritable):
            refused += 1
            assert current_name(tmp_path) == name
        name = save(tmp_path, old)

    assert refused >= 10  # each file of a snapshot
    put_disk()
    assert check_whole(open_store(tmp_path)) == 0


def test_what_a_disk_was_said_to_hold_and_lost_with_the_power_is_not_answered_from(
    tmp_path: Path, two_contents: TwoContents, put_disk: PutDisk, check_whole: CheckWhole
) -> None:
    old, new = two_contents
    save(tmp_path, old)
    lost = 0
    for at in range(1, MOST_OPERATIONS):
        faulty = put_disk("unsynced", at)
        save(tmp_path, new)
        faulty.fail_power()
        put_disk()

        opened = open_store(tmp_path)

        assert check_whole(opened) == 1 or opened.trouble is not None
        lost += opened.trouble is not None
        save(tmp_path, old)
        if faulty.count < at:
            break
    assert lost == len(FILES) + 2  # the manifest, and CURRENT


# a whole build, with what it writes beside the snapshots

HELPS = ("stamps.json", "stamps.json.tmp", "unfinished.vectors")


@pytest.fixture
def build_either(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[int], BuildReport]:
    """Build one of two folders of articles into one store, with a model that is loaded once."""
    tiny = NamedEmbedder(str(tiny_model))
    monkeypatch.setattr("index.builder.open_embedder", lambda _model: tiny)
    monkeypatch.setattr("index.inventory._TICK_NS", 0)
    for which, name in enumerate(("tramway", "bateau")):
        corpus = tmp_path / f"articles {which}"
        corpus.mkdir()
        for number in range(3):
            text = f"Le {name} {number} a été ouvert par le maire le 12 mai 2025."
            (corpus / f"{number}.txt").write_text(text, encoding="utf-8")

    def build(which: int) -> BuildReport:
        folder = tmp_path / f"articles {which}"
        return index.build(folder, tmp_path / "store", model=str(tiny_model))

    return build


def either(content: Store) -> int:
    """Which of the two folders a whole store was built from."""
    (which,) = {"bateau" in article.text for article in content.articles}
    assert len(content.articles) == len(content.chunks) == 3
    return int(which)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_build_goes_well_whatever_becomes_of_what_only_helps(
    fault: str,
    tmp_path: Path,
    build_either: Callable[[int], BuildReport],
    put_disk: PutDisk,
    crashed: type[BaseException],
    record_property: Callable[[str, object], None],
) -> None:
    """At length, every operation of a build is struck, not only those on what helps."""
    store = tmp_path / "store"
    struck: Counter[str] = Counter()
    put_disk()
    build_either(0)
    for at in range(1, MOST_OPERATIONS):
        faulty = put_disk(fault, at, () if AT_LENGTH else HELPS)
        report: BuildReport | None = None
        try:
            report = build_either(1)
        except crashed:
            assert fault == "crash"
        except StoreError:
            assert AT_LENGTH
        ended = faulty.count < at
        struck.update(faulty.struck[:1])
        put_disk()
        opened = open_store(store)
        assert opened.trouble is None
        assert either(opened) == 1 if report else either(opened) in (0, 1)
        for warning in report.warnings if report else ():
            assert f"{store}/" in warning
            assert warning.endswith("Free some space.")
            assert faulty.struck
        if report and fault == "full" and faulty.struck and not AT_LENGTH:
            assert "No space left on device" in report.warnings[-1]
        again = build_either(1)
        assert (either(open_store(store)), again.warnings) == (1, ())
        back = build_either(0)
        assert (either(open_store(store)), back.warnings) == (0, ())
        assert sorted(path.name for path in store.iterdir() if path.name != ".lock") == [
            "CURRENT",
            "snapshots",
            "stamps.json",
        ]
        if ended:
            break
    assert ended
    assert struck["write"] >= 3
    record_property("struck", dict(struck))


def test_a_build_is_refused_or_goes_well_whatever_may_not_be_read(
    tmp_path: Path, build_either: Callable[[int], BuildReport], put_disk: PutDisk
) -> None:
    store = tmp_path / "store"
    build_either(0)
    built = 0
    for at in range(1, MOST_OPERATIONS, 1 if AT_LENGTH else 5):
        faulty = put_disk("hidden", at)
        told = "built"
        try:
            build_either(1)
            built += 1
        except StoreError as error:
            told = str(error)
        put_disk()
        opened = open_store(store)
        assert (opened.trouble, either(opened)) == (None, int(told == "built"))
        assert told == "built" or "Permission denied" in told
        build_either(0)
        if faulty.looked < at:
            break
    assert faulty.looked < at
    assert built > 5


# Saves two contents in turn, in a process that is killed at random moments (argv[2] of them), while
# another process opens the store all the time; says what was found after each.
KILLS = textwrap.dedent(
    """
    import json, os, random, signal, sys, time
    from pathlib import Path
    from index import snapshot
    from index.history import open_store

    store, moments = Path(sys.argv[1]), int(sys.argv[2])
    known = [snapshot.open_snapshot(store, name) for name in snapshot.snapshot_names(store)]
    digests = [snapshot.digest_content(one) for one in known]
    chance = random.Random(20250512)

    def look():
        opened = open_store(store)
        assert opened.trouble is None, opened.trouble
        which = digests.index(snapshot.digest_content(opened))
        hit = opened.search_dense(known[which].vectors.vectors([2])[0], 1)[0]
        assert hit.row == 2, hit
        return which

    def save(which):
        with snapshot.lock_store(store):
            return snapshot.save_snapshot(store, known[which])

    begun = time.monotonic()
    for turn in range(6):
        save(turn % 2)
    took = (time.monotonic() - begun) / 6

    reader = os.fork()
    if reader == 0:
        looked = 0
        try:
            while not (store.parent / "stop").exists():
                look()
                looked += 1
            (store.parent / "looked").write_text(str(looked))
        except BaseException as problem:
            (store.parent / "problem").write_text(repr(problem))
        os._exit(0)

    found = []
    for moment in range(moments):
        child = os.fork()
        if child == 0:
            turn = moment
            while True:
                turn += 1
                save(turn % 2)
        time.sleep(chance.uniform(0, 3 * took))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        unfinished = len(snapshot.unfinished(store))
        which = look()
        name = save(which)
        assert name == snapshot.current_name(store)
        left = [path.name for path in (store / "snapshots").iterdir()]
        assert len(left) <= 3 and not any(one.endswith(".tmp") for one in left), left
        assert sorted(path.name for path in store.iterdir()) in (
            ["CURRENT", "snapshots"], [".lock", "CURRENT", "snapshots"]
        ), list(store.iterdir())
        found.append({"which": which, "unfinished": unfinished})
    (store.parent / "stop").touch()
    os.waitpid(reader, 0)
    problem = store.parent / "problem"
    assert not problem.exists(), problem.read_text()
    print(json.dumps({"found": found, "looked": int((store.parent / "looked").read_text())}))
    """
)


@pytest.mark.skipif(sys.platform == "win32", reason="no fork on this system")
def test_a_build_killed_at_any_moment_leaves_a_whole_snapshot_to_those_who_ask(
    tmp_path: Path,
    two_contents: TwoContents,
    run_python: Callable[..., subprocess.CompletedProcess[str]],
    record_property: Callable[[str, object], None],
) -> None:
    store = tmp_path / "store"
    for content in two_contents:
        save(store, content)

    ended = run_python(
        "-c", KILLS, store, str(MOMENTS), OMP_NUM_THREADS="1", timeout_seconds=60 + 10 * MOMENTS
    )

    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert len(told["found"]) == MOMENTS
    assert told["looked"] > MOMENTS
    assert any(one["unfinished"] for one in told["found"])
    record_property("asked meanwhile", told["looked"])
    record_property("left unfinished", sum(one["unfinished"] > 0 for one in told["found"]))


# two builds at once, and a reader all the while

HOLDS = """
import sys, time, index
def hold(step, done, total):
    print("held", flush=True)
    time.sleep(600)
index.build(sys.argv[1], sys.argv[2], progress=hold)
"""

WAITS = """
import sys, index
print("begins", flush=True)
print(index.build(sys.argv[1], sys.argv[2], model=sys.argv[3], wait_seconds=-1).snapshot)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on this system")
def test_a_build_that_waits_goes_on_when_the_one_it_waits_for_is_killed(
    tmp_path: Path, build_either: Callable[[int], BuildReport], tiny_model: Path
) -> None:
    store = tmp_path / "store"
    before = build_either(0).snapshot
    other = [str(tmp_path / "articles 1"), str(store), str(tiny_model)]

    with begun(HOLDS, *other[:2]) as holder, begun(WAITS, *other) as waiter:
        assert builder_of(store) is not None
        assert f"process {holder.pid} " in str(builder_of(store))
        with pytest.raises(StoreBusy):
            build_either(1)
        assert open_store(store).name == before
        assert waiter.poll() is None
        holder.kill()
        holder.wait()
        told = waiter.communicate(timeout=300)[0].strip()

    assert waiter.returncode == 0
    opened = open_store(store)
    assert (opened.name, opened.trouble, either(opened)) == (told, None, 1)
    assert builder_of(store) is None
    assert build_either(1).snapshot == told


@contextmanager
def begun(program: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run a program in a process of its own, from its first line on; it ends with the test."""
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=Path(__file__).parents[2],
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() in ("held\n", "begins\n", "ready\n")
            yield process
        finally:
            process.kill()


# Asks all the time while another process builds; each answer is of one whole build, none older than
# the one that was in force before the question.
READS = """
import json, re, sys
from pathlib import Path
from qa.assistant import Assistant
store, stop = Path(sys.argv[1]), Path(sys.argv[2])
assistant = Assistant.open(store, reader="none")
print("ready", flush=True)
seen, asked, last = set(), 0, -1
while not stop.exists() or asked < 2:
    passages = assistant.retrieve("Quelle édition a été ouverte par le maire ?", 9)
    answer = assistant.ask("Quelle édition a été ouverte par le maire ?")
    assert assistant.trouble is None, assistant.trouble
    for found in (passages, answer.passages):
        assert len(found) == 3, found
        for one in found:
            assert one.article.text[one.start:one.end] == one.text
        (edition,) = {int(n) for one in found for n in re.findall("édition ([0-9]+)", one.text)}
        assert edition >= last, (edition, last)
        last = edition
        seen.add(edition)
    for one in answer.citations:
        assert one.quote == one.article.text[one.start:one.end]
        assert f"édition {last}" in one.article.text
    asked += 1
print(json.dumps({"asked": asked, "seen": sorted(seen)}))
"""

REBUILDS = 20


def test_a_reader_in_another_process_answers_from_whole_snapshots_through_many_rebuilds(
    tmp_path: Path,
    build_either: Callable[[int], BuildReport],
    record_property: Callable[[str, object], None],
) -> None:
    store, stop = tmp_path / "store", tmp_path / "stop"

    def build_edition(edition: int) -> None:
        for number in range(3):
            text = f"L'édition {edition} de la foire {number} a été ouverte par le maire."
            (tmp_path / f"articles 0/{number}.txt").write_text(text, encoding="utf-8")
        build_either(0)

    build_edition(0)
    with begun(READS, str(store), str(stop)) as reader:
        for edition in range(1, REBUILDS + 1):
            build_edition(edition)
            assert len(snapshot_names(store)) == 2  # the others were removed under the reader
        stop.touch()
        told = json.loads(reader.communicate(timeout=300)[0])

    assert reader.returncode == 0
    assert told["seen"][-1] == REBUILDS
    record_property("asked meanwhile", told["asked"])
    record_property("editions seen", len(told["seen"]))
