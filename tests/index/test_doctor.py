from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

from index import contents, disk, laws
from index.chunk import split_text
from index.doctor import Check, examine
from index.errors import StoreCorrupt, StoreMissing
from index.history import open_store
from index.inventory import Stamp, Stamps
from index.mentions import DateIndex
from index.snapshot import lock_store, save_snapshot, snapshot_names
from index.store import Store
from index.types import Article, Chunk

TwoContents = tuple[Store, Store]

NAMES = ["force", "files", "files", "lengths", "chunks", "articles", "dates", "parts", "vectors"]
NAMES += ["room", "versions", "stamps", "kept", "lock", "litter"]


def troubles(store: Path) -> dict[str, str]:
    return {check.name: check.told for check in examine(store, embed=False) if not check.ok}


def told(store: Path, name: str) -> Check:
    (check,) = [check for check in examine(store, embed=False) if check.name == name]
    return check


def test_every_check_of_a_whole_store_is_told_in_a_line(store: Path) -> None:
    checks = examine(store, embed=False)

    assert [check.name for check in checks] == NAMES
    assert all(check.ok for check in checks)
    assert all("\n" not in check.told and check.told.endswith(".") for check in checks)
    assert told(store, "chunks").told == (
        f"In 6 articles and {2 * len(open_store(store).chunks)} rows of 2 snapshots, "
        "the chunks of each article put end to end give its text."
    )


def test_nothing_is_changed_by_looking(store: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in store.rglob("*")}

    examine(store, embed=False)

    assert {path: path.stat().st_mtime_ns for path in store.rglob("*")} == before


def test_a_store_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        examine(tmp_path / "absent")


def test_no_law_is_said_to_hold_where_nothing_could_be_read(store: Path) -> None:
    for name in snapshot_names(store):
        (store / "snapshots" / name / "manifest.json").unlink()

    names = [check.name for check in examine(store, embed=False)]

    assert names == ["force", "files", "files", "stamps", "kept", "lock", "litter"]
    assert set(troubles(store)) == {"files"}


def test_a_lost_current_is_told_with_the_remedy(store: Path) -> None:
    (store / "CURRENT").unlink()

    assert troubles(store) == {
        "force": f"The index file {store / 'CURRENT'} is missing. "
        "Build it again: depeche build CORPUS --store STORE"
    }


def test_a_build_that_is_writing_is_told_with_its_process(store: Path) -> None:
    assert told(store, "lock").told == "No build is writing."
    with lock_store(store):
        assert "A build is writing (process " in told(store, "lock").told
    (store / ".builder").write_text("process 1 since yesterday")
    assert "A build died (process 1 since yesterday)" in told(store, "lock").told


def test_what_a_dead_build_left_is_named(store: Path) -> None:
    (store / "snapshots" / "000009-0123456789ab.tmp").mkdir()

    assert "Not finished: 000009-0123456789ab.tmp." in told(store, "litter").told


def test_too_little_room_for_the_next_build_is_trouble(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Small(disk.System):
        def free_bytes(self, _folder: Path) -> int:
            return 1000

    monkeypatch.setattr(disk, "system", Small())

    assert "the next build will not fit. Free some space." in troubles(store)["room"]


def test_other_versions_than_those_that_built_are_named(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(store, "versions").told == "Built with the same versions that are here."

    monkeypatch.setattr("index.doctor.versions", lambda: {"python": "9.9.9"})

    check = told(store, "versions")
    assert check.ok
    assert "then, 9.9.9 now" in check.told


def _cut(content: Store) -> Store:
    return replace(content, chunks=[Chunk(0, 0, 5), *content.chunks[1:]])


def _shift_furniture(content: Store) -> Store:
    first, *rest = content.articles
    end = len(first.text)
    return replace(content, articles=[replace(first, furniture=((end - 3, end + 1),)), *rest])


def _move_dates(content: Store) -> Store:
    columns = content.dates.mentions
    moved = columns | {"row": np.full_like(columns["row"], len(content.chunks) - 1)}
    return replace(content, dates=DateIndex(np.stack(list(moved.values()))))


BROKEN = {"chunks": _cut, "articles": _shift_furniture, "dates": _move_dates}


@pytest.mark.parametrize("law", BROKEN)
def test_a_content_that_breaks_a_law_is_never_put_in_force(
    law: str, store: Path, two_contents: TwoContents
) -> None:
    before = snapshot_names(store)

    with pytest.raises(StoreCorrupt, match="does not fit together"), lock_store(store):
        save_snapshot(store, BROKEN[law](two_contents[0]))

    assert snapshot_names(store) == before
    assert examine(store, embed=False)[0].ok


@pytest.mark.parametrize("law", BROKEN)
def test_a_broken_law_is_told_by_its_name(
    law: str, store: Path, two_contents: TwoContents, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, lock_store(store):
        patch.setattr("index.snapshot.broken_laws", lambda _content: iter(()))
        patch.setattr("index.snapshot.broken_articles", lambda _content: iter(()))
        name = save_snapshot(store, BROKEN[law](two_contents[0]))

    found = troubles(store)

    assert list(found) == [law]
    assert found[law].startswith(f"{name}: ")
    assert f"depeche build CORPUS --store {store}" in found[law]
    # opening reads no article: what is wrong inside one is for the doctor
    assert (open_store(store).trouble is not None) == (law != "articles")


def test_vectors_of_another_length_than_one_are_told(
    store: Path, two_contents: TwoContents
) -> None:
    from index.vectors import VectorIndex

    content = two_contents[0]
    vectors = content.vectors.vectors(range(len(content.chunks)))
    with lock_store(store):
        save_snapshot(store, replace(content, vectors=VectorIndex.build(2 * vectors)))

    assert "the vector of the row 0" in troubles(store)["vectors"]


@pytest.mark.parametrize("text", ["", "é" * 3000, "Un mot.\n\n" * 500, "越南" * 700])
def test_the_chunks_of_any_text_keep_the_laws(
    text: str, make_article: Callable[..., Article], make_content: Callable[..., Store]
) -> None:
    chunked = make_content(make_article("Un."), make_article(text, id="b.txt"))

    assert list(laws.broken_laws(chunked)) == []
    assert len(chunked.chunks) == 1 + len(list(split_text(text)))


def test_another_process_writes_the_same_bytes_whatever_its_seed(
    run_python: Callable[..., object], two_contents: TwoContents
) -> None:
    """Law 4."""
    program = (
        "from hashlib import sha256\n"
        "import sys; sys.path.insert(0, 'tests')\n"
        "from conftest import make_article, make_content\n"
        "from index.contents import content_files, digest_content\n"
        "content = make_content(make_article(), make_article('Le 12 mai.', id='a.txt'))\n"
        "print(digest_content(content))\n"
        "for data in content_files(content).values(): print(sha256(data).hexdigest())\n"
    )

    printed = {
        run_python("-c", program, PYTHONHASHSEED=seed).stdout  # type: ignore[attr-defined]
        for seed in ("1", "22", "333")
    }

    assert len(printed) == 1
    assert len(printed.pop().split()) == 1 + len(contents.FILES)
    assert contents.content_files(two_contents[0]) == contents.content_files(two_contents[0])


# what lies beside the snapshots


def test_stamps_are_counted_or_said_to_be_damaged(store: Path) -> None:
    assert told(store, "stamps").told.startswith("No stamps are noted")
    corpus = store.parent / "articles"
    corpus.mkdir()
    stamps = Stamps(corpus, store)
    stamps.note("a.txt", Stamp(1, 2, 3, 4), "digest")
    assert stamps.save() is None

    assert told(store, "stamps") == Check("stamps", True, "The stamps of 1 files can be read.")

    (store / "stamps.json").write_text("{")
    assert f"{store / 'stamps.json'} is not what was written" in troubles(store)["stamps"]
    (store / "stamps.json").unlink()
    (store / "stamps.json").mkdir()
    assert "cannot be read (Is a directory)" in troubles(store)["stamps"]


def test_what_is_kept_of_a_dead_build_is_counted(store: Path) -> None:
    path = store / "unfinished.vectors"
    record = bytes(32 + 4 * 2)
    whole = record + crc32(record).to_bytes(4, "little")
    head = b'{"embedder": "a@1", "dimension": 2}\n'

    path.write_bytes(head + whole * 3 + whole[:7])
    assert "left 3 vectors, and 7 bytes it did not finish" in told(store, "kept").told
    assert "kept" not in troubles(store)

    path.write_bytes(head + whole + whole[:-1] + b"x" + whole)
    assert "left 2 vectors" in troubles(store)["kept"]
    assert "1 more are damaged" in troubles(store)["kept"]

    for torn in (b"", b"[]", b"{}\n", b'{"dimension": -9}\n', b"\xff" * 99, b"[" * 99_999 + b"\n"):
        path.write_bytes(torn)
        assert f"left 0 vectors, and {len(torn)} bytes" in told(store, "kept").told
    path.unlink()
    path.mkdir()
    assert "cannot be read (Is a directory)" in troubles(store)["kept"]


def test_stamps_that_were_not_finished_are_named(store: Path) -> None:
    (store / "stamps.json.tmp").write_text("{")

    assert "Not finished: stamps.json.tmp." in told(store, "litter").told
