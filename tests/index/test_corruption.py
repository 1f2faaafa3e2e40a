"""Whatever becomes of the files of a store: refused with what mends it, or an older one answers."""

import hashlib
import json
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.contents import FILES
from index.doctor import examine
from index.errors import StoreError, StoreMissing
from index.history import find_whole, open_store, rollback, snapshots
from index.snapshot import lock_store, save_snapshot, snapshot_names
from index.store import Store

TwoContents = tuple[Store, Store]
CheckWhole = Callable[[Store], int]
Closed = Callable[[Path], AbstractContextManager[None]]
Mutation = Callable[[Path, random.Random], Path]

MUTATIONS = 1000 if os.environ.get("DEPECHE_TORTURE") else 120

NONSENSE = [
    b"",
    b"\n",
    b"..",
    b"../..",
    b"../../etc/passwd",
    b"/etc",
    b"000009-0123456789ab\n",
    b"\x00\xff\xfe\x01",
    "000001-é".encode(),
    b"000001-0123456789ab/..",
    b"9" * 5000,
    "٠٠٠٠٠١-0123456789ab".encode(),
]


def folder_in_force(store: Path) -> Path:
    return store / "snapshots" / snapshot_names(store)[-1]


def any_file(store: Path, chance: random.Random) -> Path:
    """A file of the snapshot in force, the manifest among them."""
    files = sorted(path for path in folder_in_force(store).rglob("*") if path.is_file())
    return chance.choice(files)


def flip_bits(store: Path, chance: random.Random) -> Path:
    path = any_file(store, chance)
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 1, 3, 50])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    return path


def cut_short(store: Path, chance: random.Random) -> Path:
    path = any_file(store, chance)
    data = path.read_bytes()
    path.write_bytes(data[: chance.choice([0, 1, 10, len(data) // 2, len(data) - 1])])
    return path


def make_longer(store: Path, chance: random.Random) -> Path:
    path = any_file(store, chance)
    more = chance.choice([b"\0", b"\n{}", b" ", b"\n", chance.randbytes(1000), path.read_bytes()])
    path.write_bytes(path.read_bytes() + more if chance.random() < 0.7 else more)
    return path


def zero_a_block(store: Path, chance: random.Random) -> Path:
    path = any_file(store, chance)
    data = bytearray(path.read_bytes())
    start = chance.randrange(len(data))
    size = min(chance.choice([16, 512, 4096]), len(data) - start)
    data[start : start + size] = bytes(size)
    path.write_bytes(data)
    return path


def swap_files(store: Path, chance: random.Random) -> Path:
    one, other = any_file(store, chance), any_file(store, chance)
    data = one.read_bytes(), other.read_bytes()
    one.write_bytes(data[1])
    other.write_bytes(data[0])
    return one


def remove_a_file(store: Path, chance: random.Random) -> Path:
    path = any_file(store, chance)
    path.unlink()
    return path


def put_a_folder(store: Path, chance: random.Random) -> Path:
    path = chance.choice([any_file(store, chance), store / "CURRENT"])
    path.unlink()
    path.mkdir()
    if chance.random() < 0.5:
        (path / "inner").write_text("something")
    return path


def put_a_link_in_a_ring(store: Path, chance: random.Random) -> Path:
    path = any_file(store, chance)
    path.unlink()
    path.symlink_to(path.name)
    return path


def edit_the_manifest(store: Path, chance: random.Random) -> Path:
    path = folder_in_force(store) / "manifest.json"
    manifest = json.loads(path.read_bytes())
    key = chance.choice(sorted(manifest))
    manifest[key] = chance.choice([None, 0, "other", ["x"], {}, -1, "../../etc/passwd"])
    path.write_text(json.dumps(manifest))
    return path


def edit_the_manifest_and_its_digest(store: Path, chance: random.Random) -> Path:
    path = folder_in_force(store) / "manifest.json"
    manifest = json.loads(path.read_bytes())
    # who is skipped and with what it was built changes no answer
    keys = sorted(manifest.keys() - {"digest", "skipped", "versions"})
    manifest[chance.choice(keys)] = chance.choice([None, 7, "other", [], {"a": 1}, [["a", "b"]]])
    sign(path, manifest)
    return path


def edit_a_file_and_its_digest(store: Path, chance: random.Random) -> Path:
    """As one who knows how digests are made, but not what the files must hold."""
    path = any_file(store, chance)
    if path.name == "manifest.json":
        return edit_the_manifest_and_its_digest(store, chance)
    folder, data = folder_in_force(store), path.read_bytes()
    path.write_bytes(chance.choice([b"", b"[]", b"null\n", data[:-9], data[:80], b"\xff" + data]))
    manifest_path = folder / "manifest.json"
    manifest = json.loads(manifest_path.read_bytes())
    name = path.relative_to(folder).as_posix()
    manifest["files"][name] = hashlib.sha256(path.read_bytes()).hexdigest()
    sign(manifest_path, manifest)
    return path


def lead_out_of_the_folder(store: Path, chance: random.Random) -> Path:
    path = folder_in_force(store) / "manifest.json"
    manifest = json.loads(path.read_bytes())
    way = chance.choice(["../../CURRENT", "/etc/hostname", "..", "manifest.json", "lexical"])
    manifest["files"][way] = hashlib.sha256(b"").hexdigest()
    sign(path, manifest)
    return path


def sign(path: Path, manifest: dict[str, Any]) -> None:
    manifest.pop("digest", None)
    line = json.dumps(manifest, sort_keys=True).encode() + b"\n"
    manifest["digest"] = hashlib.sha256(line).hexdigest()
    path.write_text(json.dumps(manifest, sort_keys=True) + "\n")


def take_a_file_of_another_snapshot(store: Path, chance: random.Random) -> Path:
    folder, path = folder_in_force(store), any_file(store, chance)
    others = [one for one in snapshot_names(store) if one != folder.name]
    if not others:
        return remove_a_file(store, chance)
    other = store / "snapshots" / chance.choice(others)
    if chance.random() < 0.3:  # all of it: the name tells
        shutil.rmtree(folder)
        shutil.copytree(other, folder)
    else:
        shutil.copyfile(other / path.relative_to(folder), path)
    return folder


def write_nonsense_into_current(store: Path, chance: random.Random) -> Path:
    path = store / "CURRENT"
    path.write_bytes(chance.choice(NONSENSE))
    return path


def lose_current(store: Path, _chance: random.Random) -> Path:
    (store / "CURRENT").unlink()
    return store / "CURRENT"


def lose_a_snapshot(store: Path, _chance: random.Random) -> Path:
    shutil.rmtree(folder_in_force(store))
    return store / "CURRENT"


WAYS: list[Mutation] = [
    flip_bits,
    cut_short,
    make_longer,
    zero_a_block,
    swap_files,
    remove_a_file,
    put_a_folder,
    put_a_link_in_a_ring,
    edit_the_manifest,
    edit_the_manifest_and_its_digest,
    edit_a_file_and_its_digest,
    lead_out_of_the_folder,
    take_a_file_of_another_snapshot,
    write_nonsense_into_current,
    lose_current,
    lose_a_snapshot,
]


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory, two_contents: TwoContents) -> list[Path]:
    """Whole stores of one, two and three snapshots; not to be written to."""
    made = []
    for turns in ([0], [0, 1], [0, 1, 1]):
        store = tmp_path_factory.mktemp("whole") / "store"
        for turn in turns:
            save_snapshot(store, two_contents[turn])
        assert len(snapshot_names(store)) == len(turns)
        made.append(store)
    return made


def outcome(store: Path, check_whole: CheckWhole) -> str:
    """Open a store as everybody does, and say what came of it."""
    try:
        opened = open_store(store)
    except StoreError as error:
        sentence = str(error)
        assert str(store) in sentence
        assert "depeche build CORPUS --store" in sentence
        return "refused"
    check_whole(opened)
    if opened.trouble is None:
        return "whole"
    assert str(store) in opened.trouble
    assert f"Questions are answered from the snapshot {opened.name}." in opened.trouble
    assert f"depeche build CORPUS --store {store}" in opened.trouble
    assert f"depeche rollback {opened.name} --store {store}" in opened.trouble
    return "fallen back"


def look_at_everything(store: Path, expected: str) -> None:
    """No command ends in anything but a sentence, and all agree on what is usable."""
    for look in (lambda: snapshots(store), lambda: find_whole(store)):
        try:
            look()
        except StoreError:
            assert expected == "refused"
    try:
        checks = examine(store, embed=False)
    except StoreMissing:
        assert expected == "refused"
    else:
        assert expected == "whole" or not all(check.ok for check in checks)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_mutated_store_is_refused_with_the_remedy_or_an_older_snapshot_answers(
    way: Mutation,
    tmp_path: Path,
    stores: list[Path],
    two_contents: TwoContents,
    check_whole: CheckWhole,
    record_property: Callable[[str, object], None],
) -> None:
    found: Counter[str] = Counter()
    for seed in range(-(-MUTATIONS // len(WAYS))):
        chance = random.Random(f"{way.__name__} {seed}")
        store = shutil.copytree(stores[seed % 3], tmp_path / f"{seed}")
        before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
        way(store, chance)
        same = before == {path: path.read_bytes() for path in before if path.is_file()}
        expected = outcome(store, check_whole)
        found[expected] += 1
        assert expected != "whole" or same
        assert expected != "fallen back" or len(snapshot_names(store)) > 0
        look_at_everything(store, expected)
        with lock_store(store):
            save_snapshot(store, two_contents[1])
        mended = open_store(store)
        assert (mended.trouble, check_whole(mended)) == (None, 1)
        shutil.rmtree(store)
    record_property("outcomes", dict(found))


@pytest.mark.parametrize("file", [*FILES, "manifest.json", "CURRENT"])
def test_a_file_that_may_not_be_read_is_told_and_an_older_snapshot_answers(
    file: str, tmp_path: Path, stores: list[Path], closed: Closed
) -> None:
    store = shutil.copytree(stores[1], tmp_path / "store")
    path = store / file if file == "CURRENT" else folder_in_force(store) / file

    with closed(path):
        opened = open_store(store)

    assert opened.trouble is not None
    assert f"The index file {path} cannot be read (" in opened.trouble
    assert "Permission denied" in opened.trouble


def test_what_is_gone_back_to_without_a_name_is_whole(
    tmp_path: Path, stores: list[Path], check_whole: CheckWhole
) -> None:
    chance = random.Random(12)
    for number, way in enumerate(WAYS):
        store = shutil.copytree(stores[2], tmp_path / str(number))
        way(store, chance)

        name = rollback(store)

        opened = open_store(store)
        assert (opened.name, opened.trouble) == (name, None)
        check_whole(opened)


def test_one_may_settle_for_the_snapshot_that_answers(
    tmp_path: Path, stores: list[Path], check_whole: CheckWhole
) -> None:
    store = shutil.copytree(stores[1], tmp_path / "store")
    flip_bits(store, random.Random(1))
    fallen_back = open_store(store)
    assert fallen_back.trouble is not None

    rollback(store, fallen_back.name)

    assert open_store(store).trouble is None
    assert check_whole(open_store(store)) == 0


def test_a_build_after_a_damage_keeps_the_snapshot_that_answered_not_the_damaged_one(
    tmp_path: Path, stores: list[Path], two_contents: TwoContents
) -> None:
    store = shutil.copytree(stores[1], tmp_path / "store")
    whole, damaged = snapshot_names(store)
    flip_bits(store, random.Random(2))

    new = save_snapshot(store, two_contents[1])

    assert snapshot_names(store) == [whole, new]
    assert damaged != new


def test_vectors_of_another_snapshot_with_a_digest_made_for_them_change_no_quote(
    tmp_path: Path, stores: list[Path], two_contents: TwoContents
) -> None:
    """A ranking can be forged by who writes in the store; the words of an article cannot."""
    store = shutil.copytree(stores[0], tmp_path / "store")
    folder = folder_in_force(store)
    vectors = np.load(folder / "vectors.npy")[::-1]
    np.save(folder / "vectors.npy", np.ascontiguousarray(vectors))
    manifest = json.loads((folder / "manifest.json").read_bytes())
    digest = hashlib.sha256((folder / "vectors.npy").read_bytes()).hexdigest()
    manifest["files"]["vectors.npy"] = digest
    sign(folder / "manifest.json", manifest)

    opened = open_store(store)

    assert list(opened.articles) == list(two_contents[0].articles)
    assert list(opened.chunks) == list(two_contents[0].chunks)
