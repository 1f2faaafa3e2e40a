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

from index.errors import StoreCorrupt, StoreError, StoreMissing, StoreUnwritable
from index.history import open_store, rollback
from index.snapshot import current_name, lock_store, save_snapshot, snapshot_names
from index.store import Store

PutDisk = Callable[..., Any]
TwoContents = tuple[Store, Store]
CheckWhole = Callable[[Store], int]

FAULTS = ("full", "failing", "refused", "short", "lying", "crash")

MOMENTS = 200 if os.environ.get("DEPECHE_TORTURE") else 20
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
            ended.wait(0.001)

    reader = threading.Thread(target=ask)
    reader.start()
    try:
        yield found
    finally:
        ended.set()
        reader.join()
        if problems:
            raise problems[0]


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
    after = []
    with asking(tmp_path, check_whole) as found:
        for at in range(1, MOST_OPERATIONS):
            faulty = put_disk(fault, at)
            try:
                save(tmp_path, new)
                failed = False
            except (StoreUnwritable, StoreCorrupt, crashed):
                failed = True
            ended = faulty.count < at
            struck.update(faulty.struck[:1])
            put_disk()
            opened = open_store(tmp_path)
            assert opened.trouble is None
            after.append(check_whole(opened))
            assert failed or after[-1] == 1
            assert save(tmp_path, old) == current_name(tmp_path)
            tidy(tmp_path)
            if ended:
                break
    assert ended
    assert struck["write"] > len(snapshot_names(tmp_path)) * 4
    if fault in ("failing", "refused", "crash"):
        assert {"open", "write", "sync", "make_folder", "rename", "replace"} <= set(struck)
        assert 0 in after
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
            except (StoreError, crashed):
                assert faulty.struck
            ended = faulty.count < at
            put_disk()
            opened = open_store(tmp_path)
            assert opened.trouble is None
            assert opened.name in (first, second)
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
