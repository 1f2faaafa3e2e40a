import hashlib
import json
import os
import shutil
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import snapshot
from index.errors import StoreBusy, StoreCorrupt, StoreMissing
from index.snapshot import (
    digest_content,
    lock_store,
    open_snapshot,
    save_snapshot,
    snapshot_names,
)
from index.store import Store
from index.types import Article, DateRange

MakeArticle = Callable[..., Article]
MakeContent = Callable[..., Store]

FILES = [
    "articles.jsonl",
    "chunks.npy",
    "columns.npy",
    "dates/by_day.npy",
    "dates/days.npy",
    "dates/mentions.npy",
    "dates/years.npy",
    "inventory.json",
    "labels.json",
    "lexical/blocks.npy",
    "lexical/counts.npy",
    "lexical/ends.npy",
    "lexical/lengths.npy",
    "lexical/letters.npy",
    "lexical/places.npy",
    "lexical/rows.npy",
    "lexical/runs.npy",
    "lexical/shape.json",
    "lexical/starts.npy",
    "manifest.json",
    "places.npy",
    "signatures.npy",
    "stories.json",
    "texts.txt",
    "vectors.centre.npy",
    "vectors.json",
    "vectors.npy",
    "vectors.sketch.npy",
    "vocabulary/chosen.npy",
    "vocabulary/counts.npy",
    "vocabulary/ends.npy",
    "vocabulary/letters.npy",
    "vocabulary/units.npy",
    "vocabulary/vectors.npy",
    "written/blocks.npy",
    "written/ends.npy",
    "written/letters.npy",
    "written/places.npy",
    "written/rows.npy",
    "written/runs.npy",
    "written/starts.npy",
]

# at length, a process dies at every call; else at every third, and not at the same in both ways
STEP = 1 if os.environ.get("DEPECHE_TORTURE") else 3

FIX = "Build it again: depeche build CORPUS --store STORE"


@pytest.fixture(scope="module")
def content(make_article: MakeArticle, make_content: MakeContent) -> Store:
    return make_content(
        make_article(
            "Le 12 mai 2025, le tramway a roulé.\n\nPhoto : A. Durand\n\nIl roule encore.",
            id="été/tramway.txt",
            published=DateRange.month(2025, 5),
            author="A. Durand",
            source="Agence",
            origins={"title": "text"},
            furniture=((37, 54),),
        ),
        make_article("Hôm qua trời mưa. " * 100, id="mưa.md", title="Mưa", language="vi"),
        make_article("越南总理访问明斯克。", id="访问.txt", title="访问", language="zh"),
    )


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory, content: Store) -> Path:
    """A store of two snapshots; not to be written to."""
    store = tmp_path_factory.mktemp("saved") / "store"
    save_snapshot(store, content)
    save_snapshot(store, content)
    return store


@pytest.fixture
def store(tmp_path: Path, saved: Path) -> Path:
    """A store of two snapshots, the second in force."""
    return shutil.copytree(saved, tmp_path / "stockés à l'été")


def in_force(store: Path) -> Path:
    """The folder of the snapshot in force."""
    return store / "snapshots" / (store / "CURRENT").read_text().strip()


def flip(path: Path, place: float) -> None:
    """Change one bit of a file, at a place between 0 (first byte) and 1 (last)."""
    data = bytearray(path.read_bytes())
    data[int(place * (len(data) - 1))] ^= 1
    path.write_bytes(data)


def write_manifest(folder: Path, **changes: object) -> None:
    """Change a manifest as one who knows how to make its digest."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_bytes()) | changes
    del manifest["digest"]
    line = json.dumps(manifest, sort_keys=True).encode() + b"\n"
    manifest["digest"] = hashlib.sha256(line).hexdigest()
    path.write_text(json.dumps(manifest, sort_keys=True) + "\n")


def test_what_is_saved_is_the_same_when_opened(store: Path, content: Store) -> None:
    opened = open_snapshot(store)

    assert list(opened.articles) == list(content.articles)
    assert list(opened.chunks) == list(content.chunks)
    rows = range(len(content.chunks))
    assert np.array_equal(opened.vectors.vectors(rows), content.vectors.vectors(rows))
    assert np.array_equal(opened.dates.mentions, content.dates.mentions)
    tram = [{"tramway": 1.0}]
    assert opened.match_words(tram).best(9) == content.match_words(tram).best(9)
    assert (opened.embedder, opened.model) == (content.embedder, content.model)
    assert opened.name == in_force(store).name
    assert digest_content(opened) == digest_content(content)


def test_the_files_below_are_all_the_files_of_a_snapshot(store: Path) -> None:
    folder = in_force(store)

    files = [path for path in folder.rglob("*") if path.is_file()]

    assert sorted(path.relative_to(folder).as_posix() for path in files) == FILES


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named_with_the_fix(store: Path, file: str) -> None:
    path = in_force(store) / file
    path.unlink()

    with pytest.raises(StoreCorrupt) as caught:
        open_snapshot(store)

    assert caught.value.path == path
    assert str(path) in str(caught.value)
    assert str(caught.value).endswith(FIX)


@pytest.mark.parametrize("place", [0.0, 0.3, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("file", FILES)
def test_one_flipped_bit_is_found_and_its_file_named(store: Path, file: str, place: float) -> None:
    path = in_force(store) / file
    flip(path, place)

    with pytest.raises(StoreCorrupt) as caught:
        open_snapshot(store)

    assert caught.value.path == path
    assert str(caught.value).endswith(FIX)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("kept", [0, 0.5], ids=["empty", "cut_short"])
def test_a_file_cut_short_is_found_and_named(store: Path, file: str, kept: float) -> None:
    path = in_force(store) / file
    data = path.read_bytes()
    path.write_bytes(data[: int(kept * len(data))])

    with pytest.raises(StoreCorrupt) as caught:
        open_snapshot(store)

    assert caught.value.path == path


def test_a_store_where_nothing_was_built_says_how_to_build(tmp_path: Path) -> None:
    for store in (tmp_path, tmp_path / "absent"):
        with pytest.raises(StoreMissing) as caught:
            open_snapshot(store)

        assert f"Build it: depeche build CORPUS --store {store}" in str(caught.value)


def test_a_store_without_current_counts_as_not_built(store: Path) -> None:
    (store / "CURRENT").unlink()

    with pytest.raises(StoreMissing):
        open_snapshot(store)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\n", id="newline"),
        pytest.param(b".", id="dot"),
        pytest.param(b"..", id="parent"),
        pytest.param(b"../../etc", id="way_out"),
        pytest.param(b"/etc", id="absolute"),
        pytest.param(b"000009-0123456789ab", id="unknown"),
        pytest.param(b"000001-\xc3\xa9", id="accent"),
        pytest.param(b"\x00\x01\xff", id="bytes"),
        pytest.param(b"a\x00b", id="null"),
        pytest.param(b"a" * 5000, id="long"),
    ],
)
def test_a_damaged_current_is_named_with_the_fix(store: Path, name: bytes) -> None:
    (store / "CURRENT").write_bytes(name)

    with pytest.raises(StoreCorrupt) as caught:
        open_snapshot(store)

    assert caught.value.path == store / "CURRENT"
    assert str(caught.value).endswith(FIX)


def test_a_current_that_is_a_folder_is_named(store: Path) -> None:
    (store / "CURRENT").unlink()
    (store / "CURRENT").mkdir()

    with pytest.raises(StoreCorrupt) as caught:
        open_snapshot(store)

    assert caught.value.path == store / "CURRENT"


@pytest.mark.parametrize("field", ["embedder", "model", "articles", "chunks", "files", "content"])
def test_an_edited_manifest_is_refused(store: Path, field: str) -> None:
    path = in_force(store) / "manifest.json"
    manifest = json.loads(path.read_bytes())
    manifest[field] = {} if field == "files" else "other"
    path.write_text(json.dumps(manifest))

    with pytest.raises(StoreCorrupt) as caught:
        open_snapshot(store)

    assert caught.value.path == path


@pytest.mark.parametrize("manifest", ["[]", "null", '"text"', "{}", "1", "{"])
def test_a_manifest_of_another_shape_is_refused(store: Path, manifest: str) -> None:
    path = in_force(store) / "manifest.json"
    path.write_text(manifest)

    with pytest.raises(StoreCorrupt) as caught:
        open_snapshot(store)

    assert caught.value.path == path


@pytest.mark.parametrize("number", [0, snapshot.FORMAT + 1, 999, "1"])
def test_a_snapshot_of_another_format_is_refused_with_both_numbers(
    store: Path, number: object
) -> None:
    write_manifest(in_force(store), format=number)

    with pytest.raises(StoreCorrupt) as caught:
        open_snapshot(store)

    assert f"has format {number}, this version reads {snapshot.FORMAT}" in str(caught.value)


def test_files_that_are_whole_but_do_not_fit_together_are_refused(store: Path) -> None:
    folder = in_force(store)
    np.save(folder / "chunks.npy", np.zeros((1, 3), dtype=np.int64))
    files = json.loads((folder / "manifest.json").read_bytes())["files"]
    digest = hashlib.sha256((folder / "chunks.npy").read_bytes()).hexdigest()
    write_manifest(folder, files=files | {"chunks.npy": digest})

    with pytest.raises(StoreCorrupt, match="does not fit together"):
        open_snapshot(store)


def test_the_same_content_is_written_as_the_same_bytes(store: Path) -> None:
    first, second = (store / "snapshots" / name for name in snapshot_names(store))

    for file in FILES:
        assert (first / file).read_bytes() == (second / file).read_bytes()


def test_names_grow_and_end_in_the_digest_of_the_content(store: Path, content: Store) -> None:
    names = [*snapshot_names(store), save_snapshot(store, content)]

    digest = digest_content(content)[:12]
    assert names == [f"000001-{digest}", f"000002-{digest}", f"000003-{digest}"]
    assert in_force(store).name == names[2]


def test_names_grow_after_the_older_ones_are_gone(store: Path, content: Store) -> None:
    names = [save_snapshot(store, content) for _ in range(10)]

    assert names == sorted(names)
    assert names[-1].startswith("000012-")


def test_only_the_snapshot_in_force_and_the_one_before_are_kept(
    store: Path, content: Store
) -> None:
    third, fourth = save_snapshot(store, content), save_snapshot(store, content)

    assert snapshot_names(store) == [third, fourth]
    assert sorted(path.name for path in (store / "snapshots").iterdir()) == [third, fourth]


def test_the_snapshot_before_can_be_put_in_force_again(store: Path) -> None:
    first, second = snapshot_names(store)

    (store / "CURRENT").write_text(first)

    assert open_snapshot(store).name == first
    assert snapshot_names(store) == [first, second]


def test_a_build_after_going_back_keeps_the_snapshot_that_was_gone_back_to(
    store: Path, content: Store
) -> None:
    first, _rejected = snapshot_names(store)
    (store / "CURRENT").write_text(first)

    third = save_snapshot(store, content)

    assert third.startswith("000003-")
    assert snapshot_names(store) == [first, third]


def test_nothing_is_pickled(store: Path) -> None:
    for path in in_force(store).rglob("*"):
        if path.suffix == ".npy":
            assert not np.load(path, allow_pickle=False).dtype.hasobject
        assert path.is_dir() or not path.read_bytes().startswith(b"\x80")
        assert path.suffix not in {".pkl", ".pickle", ".joblib", ".pt"}


def test_a_digest_tells_contents_apart(
    make_article: MakeArticle, make_content: MakeContent
) -> None:
    article = make_article("Le tramway a roulé.", published=DateRange.day(date(2025, 5, 12)))
    variants = [
        make_content(article),
        make_content(article, embedder="other@1"),
        make_content(make_article("Le tramway a roulé!", published=article.published)),
        make_content(make_article(article.text, published=None)),
        make_content(make_article(article.text, published=article.published, id="other.txt")),
        make_content(make_article(article.text, published=article.published, language="en")),
    ]

    assert len({digest_content(variant) for variant in variants}) == len(variants)
    assert digest_content(make_content(article)) == digest_content(variants[0])


def test_an_opened_snapshot_goes_on_answering_when_its_folder_is_gone(
    store: Path, content: Store
) -> None:
    opened = open_snapshot(store)
    folder = in_force(store)

    for _ in range(3):
        save_snapshot(store, content)

    assert not folder.exists()
    vector = content.vectors.vectors([0])[0]
    assert opened.search_dense(vector, 3) == content.search_dense(vector, 3)
    tram = [{"tramway": 1.0}]
    assert opened.match_words(tram).best(3) == content.match_words(tram).best(3)


def test_whoever_opens_during_a_save_gets_a_whole_snapshot(
    store: Path, content: Store, make_content: MakeContent
) -> None:
    other = make_content(*content.articles[:2])
    digests = {digest_content(content), digest_content(other)}
    opened: list[str] = []
    problems: list[Exception] = []
    ended = threading.Event()

    def open_often() -> None:
        while not ended.is_set():
            try:
                opened.append(digest_content(open_snapshot(store)))
            except Exception as problem:
                problems.append(problem)
                return

    reader = threading.Thread(target=open_often)
    reader.start()
    for turn in range(10):
        save_snapshot(store, other if turn % 2 else content)
        before = len(opened)
        while len(opened) < before + 2 and not problems:
            ended.wait(0.001)
    ended.set()
    reader.join()

    assert problems == []
    assert len(opened) >= 20
    assert set(opened) <= digests


def test_a_second_build_is_refused_while_the_lock_is_held(tmp_path: Path) -> None:
    with (
        lock_store(tmp_path / "store"),
        pytest.raises(StoreBusy, match="Another build is writing to"),
        lock_store(tmp_path / "store"),
    ):
        pass

    with lock_store(tmp_path / "store"):
        pass  # free again


def test_the_lock_of_a_process_that_was_killed_is_free(tmp_path: Path) -> None:
    hold = "import sys\nfrom pathlib import Path\nfrom index.snapshot import lock_store\n"
    hold += "with lock_store(Path(sys.argv[1])):\n    print('held', flush=True)\n    input()\n"
    with subprocess.Popen(
        [sys.executable, "-c", hold, tmp_path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(StoreBusy), lock_store(tmp_path):
            pass
        holder.kill()
        holder.wait()

        with lock_store(tmp_path):
            pass


# Saves another snapshot into the store argv[1], in a child that is killed (or finds the disk full)
# at its n-th call for a file, for each n from argv[3] on in steps of argv[4]; checks that the next
# save clears up; says what it found.
CRASHES = textwrap.dedent(
    """
    import json, os, signal, sys
    from pathlib import Path
    from index import snapshot
    from index.store import Store

    store = Path(sys.argv[1])
    way = sys.argv[2]
    first, step = map(int, sys.argv[3:])
    before, other = (snapshot.open_snapshot(store, name) for name in snapshot.snapshot_names(store))
    os.fsync = lambda _descriptor: None  # it is the process that dies, not the power
    touching = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}

    def die_at(last):
        count = 0
        def hook(event, arguments):
            nonlocal count
            if event in touching and str(arguments[0]).startswith(str(store)):
                count += 1
                if count >= last:
                    if way == "kill":
                        os.kill(os.getpid(), signal.SIGKILL)
                    raise OSError(28, "No space left on device")
        sys.addaudithook(hook)

    found = []
    for last in range(first, 1000, step):
        (store / "CURRENT").write_text(before.name)
        child = os.fork()
        if child == 0:
            die_at(last)
            try:
                snapshot.save_snapshot(store, other)
            except OSError:
                os._exit(3)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        opened = snapshot.open_snapshot(store)
        found.append(
            {
                "ended": status == 0,
                "before": snapshot.digest_content(opened) == snapshot.digest_content(before),
                "after": snapshot.digest_content(opened) == snapshot.digest_content(other),
            }
        )
        if status == 0:
            break
        if opened.name != before.name:  # what was in force may have been removed: put it back
            before = snapshot.open_snapshot(store, snapshot.save_snapshot(store, before))
        assert snapshot.save_snapshot(store, other) == snapshot.current_name(store)
        left = [path.name for path in (store / "snapshots").iterdir()]
        assert len(left) == 2 and not any(name.endswith(".tmp") for name in left), left
        before = snapshot.open_snapshot(store, snapshot.save_snapshot(store, before))
    print(json.dumps(found))
    """
)


@pytest.mark.skipif(sys.platform == "win32", reason="no fork on this system")
@pytest.mark.parametrize(("way", "first"), [("kill", 1), ("full_disk", min(STEP, 2))])
def test_a_save_that_dies_at_any_call_leaves_a_whole_snapshot_in_force(
    tmp_path: Path,
    content: Store,
    make_content: MakeContent,
    run_python: Callable[..., subprocess.CompletedProcess[str]],
    way: str,
    first: int,
) -> None:
    """In the process itself, every operation is struck in test_crash.py."""
    store = tmp_path / "store"
    save_snapshot(store, content)
    save_snapshot(store, make_content(*content.articles[:2]))

    ended = run_python(
        *("-c", CRASHES, store, way, str(first), str(STEP)),
        OMP_NUM_THREADS="1",
        timeout_seconds=600,
    )

    assert ended.returncode == 0, ended.stderr
    found: list[dict[str, Any]] = json.loads(ended.stdout)
    assert len(found) > 3 * len(FILES) / STEP
    assert all(state["before"] != state["after"] for state in found)
    # the old one stays to the end: CURRENT is replaced after everything else is written
    states = [state["after"] for state in found]
    assert states == sorted(states)
    assert states.count(False) > 3 * len(FILES) / STEP
    assert found[-1]["ended"]
