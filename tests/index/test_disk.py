import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index import disk
from index.contents import content_files, digest
from index.errors import StoreFull, StoreUnwritable
from index.history import open_store
from index.snapshot import (
    current_name,
    lock_store,
    room_needed,
    save_snapshot,
    snapshot_names,
)
from index.store import Store

PutDisk = Callable[..., Any]
TwoContents = tuple[Store, Store]


def test_a_file_is_written_whole_in_pieces(tmp_path: Path, put_disk: PutDisk) -> None:
    counting = put_disk()
    data = bytes(range(256)) * 10_000

    disk.write_file(tmp_path / "données", data)

    assert (tmp_path / "données").read_bytes() == data
    assert counting.count == 1 + 3 + 1  # opened, three pieces of a mebibyte, synced


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is in the memory")
def test_a_mapped_file_that_was_digested_and_written_is_not_in_the_memory(tmp_path: Path) -> None:
    scratch = disk.ScratchFile(tmp_path)
    for number in range(40):
        scratch.append(bytes([number]) * 1_000_000)
    mapped = scratch.map()
    before = _mapped_bytes()

    told = digest(mapped)
    disk.write_file(tmp_path / "copy", mapped)

    assert _mapped_bytes() - before < 10_000_000
    assert told == hashlib.sha256((tmp_path / "copy").read_bytes()).hexdigest()
    assert mapped[39_999_999] == 39  # it is read anew
    assert digest(memoryview(b"abc")) == hashlib.sha256(b"abc").hexdigest()


def _mapped_bytes() -> int:
    """How much of the files that are mapped lies in the memory of this process."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (line,) = [line for line in lines if line.startswith("RssFile")]
    return int(line.split()[1]) * 1024


def test_a_file_of_no_bytes_is_written(tmp_path: Path) -> None:
    disk.write_file(tmp_path / "vide", b"")

    assert (tmp_path / "vide").read_bytes() == b""


def test_what_is_written_and_its_new_name_are_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: waited.append(os.fstat(descriptor).st_ino))

    disk.replace_file(tmp_path / "file", b"new", tmp_path / "aside")

    folders = [tmp_path.stat().st_ino] if os.name != "nt" else []
    assert waited == [(tmp_path / "file").stat().st_ino, *folders]


def test_a_piece_that_is_taken_in_part_is_gone_on_with(tmp_path: Path, put_disk: PutDisk) -> None:
    put_disk("short", 2)

    disk.write_file(tmp_path / "données", b"abcdef")

    assert (tmp_path / "données").read_bytes() == b"abcdef"


def test_a_disk_that_takes_nothing_is_an_error_and_no_endless_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Deaf(disk.System):
        def write(self, _descriptor: int, _piece: memoryview) -> int:
            return 0

    monkeypatch.setattr(disk, "system", Deaf())

    with pytest.raises(OSError, match="nothing more is taken") as caught:
        disk.write_file(tmp_path / "données", b"abc")

    assert caught.value.errno == errno.EIO


@pytest.mark.parametrize("stray", ["file", "aside"])
def test_a_file_takes_the_place_of_a_folder(tmp_path: Path, stray: str) -> None:
    (tmp_path / stray / "inner").mkdir(parents=True)
    (tmp_path / stray / "inner" / "a").write_text("a")

    disk.replace_file(tmp_path / "file", b"new", tmp_path / "aside")

    assert (tmp_path / "file").read_bytes() == b"new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_removing_follows_no_link(tmp_path: Path) -> None:
    kept, removed = tmp_path / "kept", tmp_path / "removed"
    kept.mkdir()
    (kept / "article.txt").write_text("text")
    removed.mkdir()
    try:
        (removed / "link").symlink_to(kept)
    except OSError:
        pytest.skip("no links on this system")

    disk.remove_tree(removed)

    assert not removed.exists()
    assert (kept / "article.txt").read_text() == "text"


def test_what_cannot_be_removed_stays_without_a_complaint(tmp_path: Path) -> None:
    disk.try_to_remove(tmp_path / "absent")


def test_a_snapshot_that_does_not_fit_is_refused_before_a_byte_is_written(
    tmp_path: Path,
    two_contents: TwoContents,
    check_whole: Callable[[Store], int],
    tidy: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Small(disk.System):
        def free_bytes(self, _folder: Path) -> int:
            return 12_345

    save_snapshot(tmp_path / "store", two_contents[0])
    monkeypatch.setattr(disk, "system", Small())

    with pytest.raises(StoreFull) as caught, lock_store(tmp_path / "store"):
        save_snapshot(tmp_path / "store", two_contents[1])

    assert isinstance(caught.value, StoreUnwritable)
    assert "MB and 0.0 MB are free" in str(caught.value)
    assert "Free some space" in str(caught.value)
    assert check_whole(open_store(tmp_path / "store")) == 0
    tidy(tmp_path / "store")


@pytest.mark.parametrize("more", [0, -1])
def test_vectors_that_are_kept_give_way_when_the_snapshot_needs_their_room(
    more: int, tmp_path: Path, two_contents: TwoContents, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = room_needed(content_files(two_contents[0]))
    kept = tmp_path / "unfinished.vectors"
    kept.write_bytes(bytes(5000))

    class Small(disk.System):
        def free_bytes(self, _folder: Path) -> int:
            return needed + more - (5000 if kept.exists() else 0)

    monkeypatch.setattr(disk, "system", Small())

    if more < 0:  # it would not help: they are kept for when there is room
        with pytest.raises(StoreFull):
            save_snapshot(tmp_path, two_contents[0])
        assert kept.exists()
    else:
        save_snapshot(tmp_path, two_contents[0])
        assert not kept.exists()


def test_what_is_added_behind_a_piece_that_a_disk_lied_about_is_in_its_place(
    tmp_path: Path, put_disk: PutDisk
) -> None:
    put_disk("lying", 2)
    file = disk.GrowingFile(tmp_path / "file")
    file.append(b"abcd")
    file.append(b"efgh")

    assert file.read(4, 9) == b"efgh"
    file.close()
    assert (tmp_path / "file").read_bytes() == b"ab\0\0efgh"


def test_what_dead_builds_left_is_removed_by_the_next(
    tmp_path: Path, two_contents: TwoContents, tidy: Callable[[Path], None]
) -> None:
    save_snapshot(tmp_path, two_contents[0])
    whole = tmp_path / "snapshots" / current_name(tmp_path)
    shutil.copytree(whole, whole.with_name("000002-0123456789ab.tmp"))
    (whole.with_name("broken.tmp")).write_text("a file")
    (tmp_path / "CURRENT.tmp").write_text("0000")

    save_snapshot(tmp_path, two_contents[1])

    tidy(tmp_path)


def test_folders_that_are_no_snapshots_are_left_alone(
    tmp_path: Path, two_contents: TwoContents
) -> None:
    for name in ("lost+found", "²-x", "000001", "mine"):
        (tmp_path / "snapshots" / name).mkdir(parents=True)

    for content in [*two_contents, *two_contents]:
        save_snapshot(tmp_path, content)

    assert len(snapshot_names(tmp_path)) == 2
    assert {path.name for path in (tmp_path / "snapshots").iterdir()} >= {"lost+found", "²-x"}


def test_snapshots_are_in_order_of_their_numbers(tmp_path: Path, two_contents: TwoContents) -> None:
    first = save_snapshot(tmp_path, two_contents[0])
    snapshots = tmp_path / "snapshots"
    (snapshots / first).rename(snapshots / f"999999-{first[7:]}")
    (tmp_path / "CURRENT").write_text(f"999999-{first[7:]}\n")

    save_snapshot(tmp_path, two_contents[1])

    assert [name[:-13] for name in snapshot_names(tmp_path)] == ["999999", "1000000"]
