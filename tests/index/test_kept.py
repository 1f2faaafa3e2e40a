"""Vectors that are kept while a build goes on: what a disk may do to them."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import disk
from index.embed import NamedEmbedder
from index.kept import Kept, KeptVectors, examine_kept, forget_vectors

FILE = "unfinished.vectors"

RECORD = 32 + 4 * 32 + 4
"""Bytes: a digest, a vector of 32 numbers, a checksum."""

KEYS = [bytes([number]) * 32 for number in range(6)]

MADE = np.random.default_rng(0).normal(size=(6, 32)).astype(np.float32)


@pytest.fixture(scope="module")
def tiny(tiny_model: Path) -> NamedEmbedder:
    return NamedEmbedder(str(tiny_model))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, tiny: NamedEmbedder) -> Path:
    """A folder that holds three vectors; not to be written to."""
    folder = tmp_path_factory.mktemp("kept")
    with KeptVectors(folder, tiny) as kept:
        kept.add(KEYS[:3], MADE[:3])
    return folder


def head_bytes(folder: Path) -> int:
    return (folder / FILE).read_bytes().index(b"\n") + 1


def found(kept: KeptVectors) -> list[int]:
    """The numbers of the vectors that are found, each of which must be what was made."""
    numbers = [number for number, key in enumerate(KEYS) if kept.get(key) is not None]
    for number in numbers:
        assert np.array_equal(kept.get(KEYS[number]), MADE[number])  # type: ignore[arg-type]
    return numbers


@pytest.mark.parametrize("filled", [False, True], ids=["short", "zeros"])
def test_a_file_torn_at_any_byte_gives_what_is_whole_and_is_gone_on_with(
    filled: bool, tmp_path: Path, whole: Path, tiny: NamedEmbedder
) -> None:
    """A crash may leave the length of what was added without the bytes of it."""
    data, head = (whole / FILE).read_bytes(), head_bytes(whole)
    path = tmp_path / FILE
    assert len(data) == head + 3 * RECORD
    for length in range(len(data)):
        path.write_bytes(data[:length] + bytes(len(data) - length if filled else 0))
        left = max(0, length - head) // RECORD
        kept_bytes = head + left * RECORD
        if length >= head:
            torn = path.stat().st_size - kept_bytes
            assert examine_kept(tmp_path) == Kept(left, 0, torn)

        with KeptVectors(tmp_path, tiny) as kept:
            assert found(kept) == list(range(left))
            assert path.stat().st_size == kept_bytes
            kept.add(KEYS[3:5], MADE[3:5])
            assert len(kept) == left + 2
            assert kept.trouble is None
        with KeptVectors(tmp_path, tiny) as kept:
            assert found(kept) == [*range(left), 3, 4]
        assert examine_kept(tmp_path) == Kept(left + 2, 0, 0)


@pytest.mark.parametrize("fault", ["full", "failing", "refused", "short", "lying", "crash"])
def test_a_disk_that_fails_at_any_operation_costs_vectors_and_gives_no_other(
    fault: str,
    tmp_path: Path,
    whole: Path,
    tiny: NamedEmbedder,
    put_disk: Callable[..., Any],
    crashed: type[BaseException],
) -> None:
    struck = 0
    for at in range(1, 30):
        folder = tmp_path / f"{at}"
        shutil.copytree(whole, folder)
        with (folder / FILE).open("ab") as file:
            file.write(b"torn")
        faulty = put_disk(fault, at)
        trouble = None
        with suppress(crashed), KeptVectors(folder, tiny) as kept:
            kept.add(KEYS[3:4], MADE[3:4])
            kept.add(KEYS[4:5], MADE[4:5])
            found(kept)
            kept.drop_all()
            kept.add(KEYS[5:], MADE[5:])
            found(kept)
            trouble = kept.trouble
        put_disk()
        struck += bool(faulty.struck)
        assert (trouble is None) == (not faulty.struck or fault in ("short", "lying", "crash"))
        assert trouble is None or trouble.startswith(f"No vectors are kept in {folder / FILE}: ")
        with KeptVectors(folder, tiny) as kept:
            left = found(kept)
            assert left == [5] or faulty.struck
            kept.add(KEYS[:1], MADE[:1])
        with KeptVectors(folder, tiny) as kept:
            assert 0 in found(kept)
        if faulty.count < at:
            break
    assert faulty.count < at
    assert struck >= (3 if fault in ("short", "lying") else 7)


@pytest.mark.parametrize("fault", ["full", "failing", "refused", "short", "lying", "crash"])
def test_a_new_file_that_is_torn_in_its_head_is_begun_anew(
    fault: str,
    tmp_path: Path,
    tiny: NamedEmbedder,
    put_disk: Callable[..., Any],
    crashed: type[BaseException],
) -> None:
    for at in range(1, 9):
        put_disk(fault, at)
        with suppress(crashed), KeptVectors(tmp_path, tiny) as kept:
            kept.add(KEYS[:2], MADE[:2])
        put_disk()
        with KeptVectors(tmp_path, tiny) as kept:
            assert found(kept) in ([], [0], [1], [0, 1])
            kept.add(KEYS[2:], MADE[2:])
        with KeptVectors(tmp_path, tiny) as kept:
            assert set(found(kept)) >= {2, 3, 4, 5}
        forget_vectors(tmp_path)
        assert not (tmp_path / FILE).exists()


def test_a_place_that_cannot_be_read_again_is_embedded_again(
    whole: Path, tiny: NamedEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Worn(disk.System):
        def read_at(self, _descriptor: int, _start: int, _count: int) -> bytes:
            raise OSError(5, "Input/output error")

    with KeptVectors(whole, tiny) as kept:
        assert found(kept) == [0, 1, 2]
        with monkeypatch.context() as patch:
            patch.setattr(disk, "system", Worn())
            assert found(kept) == []
        assert found(kept) == [0, 1, 2]


def test_what_cannot_be_removed_is_no_error(tmp_path: Path, put_disk: Callable[..., Any]) -> None:
    (tmp_path / FILE).write_bytes(b"")
    put_disk("refused", 1)

    forget_vectors(tmp_path)

    assert (tmp_path / FILE).exists()
