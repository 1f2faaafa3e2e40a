"""Snapshots in Milvus: put in force in one step, gone back to, and never half there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pymilvus import MilvusClient

from index.address import Address
from index.errors import (
    AddressInvalid,
    BuildCancelled,
    CollectionCorrupt,
    CollectionGone,
    SnapshotMissing,
    StoreBusy,
    StoreMissing,
)
from index.milvus import snapshots as served
from index.milvus.client import client_of
from index.milvus.doctor import examine
from index.milvus.layout import DATA, KEY, Collections
from index.milvus.rows import expressions
from index.milvus.write import write
from index.store import Store
from index.types import Article

Put = Callable[..., str]
MakeArticle = Callable[..., Article]
MakeContent = Callable[..., Store]


@pytest.fixture
def stores(make_article: MakeArticle, make_content: MakeContent) -> list[Store]:
    """Return three stores that say different things."""
    return [
        make_content(*(make_article(f"Nouvelle {n} du 12 mai 2025.", id=f"{n}.txt") for n in known))
        for known in ((1,), (1, 2), (2, 3))
    ]


def _collections(address: Address) -> list[str]:
    return sorted(
        name for name in client_of(address).collections() if name.startswith(f"{address.name}_")
    )


def test_where_nothing_was_built_the_command_that_builds_is_told(address: Address) -> None:
    with pytest.raises(StoreMissing, match=rf"depeche build CORPUS --store {address}"):
        served.open_store(address)
    with pytest.raises(StoreMissing):
        served.snapshots(address)
    with pytest.raises(StoreMissing):
        served.rollback(address)


def test_a_build_moves_the_alias_and_going_back_restores_the_one_before(
    address: Address, stores: list[Store], put: Put
) -> None:
    first, second = (put(address, store) for store in stores[:2])

    assert [one.name for one in served.snapshots(address)] == [first, second]
    assert [one.in_force for one in served.snapshots(address)] == [False, True]
    assert len(served.open_store(address).articles) == 2
    assert [one.id for one in served.changes(address, first).added] == ["2.txt"]

    assert served.rollback(address) == first
    assert len(served.open_store(address).articles) == 1
    assert served.rollback(address, second) == second
    assert len(served.open_store(address).articles) == 2


def test_the_snapshot_before_stays_and_older_ones_go(
    address: Address, stores: list[Store], put: Put
) -> None:
    names = [put(address, store) for store in stores]

    assert [one.name for one in served.snapshots(address)] == names[1:]
    assert len(_collections(address)) == 6
    with pytest.raises(SnapshotMissing, match="depeche snapshots"):
        served.rollback(address, names[0])


def test_what_did_not_change_is_not_written_again(
    address: Address, stores: list[Store], put: Put
) -> None:
    first = put(address, stores[0])

    assert put(address, stores[0]) == first
    assert len(served.snapshots(address)) == 1


def test_what_has_lost_a_part_is_written_again_by_the_same_build(
    address: Address, stores: list[Store], put: Put
) -> None:
    first = put(address, stores[0])
    dates = Collections.of(address.name, first).dates
    client_of(address).call("drop_collection", collection_name=dates)

    second = put(address, stores[0])

    assert second != first
    assert served.open_store(address).trouble is None
    assert put(address, stores[0], anew=True) != second


@pytest.mark.parametrize("at", [1, 2, 5, 12])
def test_a_publication_that_is_stopped_changes_nothing_and_leaves_nothing(
    address: Address, stores: list[Store], put: Put, at: int
) -> None:
    first = put(address, stores[0])
    before = _collections(address)

    def stop(_step: str, done: int, _total: int) -> None:
        if done == at:
            raise BuildCancelled

    with pytest.raises(BuildCancelled):
        put(address, stores[1], progress=stop)

    assert served.current_name(address) == first
    assert _collections(address) == before


def test_what_a_dead_publication_left_is_removed_by_the_next(
    address: Address, stores: list[Store], put: Put
) -> None:
    first = put(address, stores[0])
    for name in ("000007_0123456789ab", "000008_0123456789ab_parts"):
        _make_empty(address, f"{address.name}_{name}")

    assert [one.name for one in served.snapshots(address)] == [first]
    second = put(address, stores[1])

    assert second.startswith("000009-")  # a name that was given is not given again
    assert len(_collections(address)) == 6


def _make_empty(address: Address, collection: str) -> None:
    """Make a collection as another process may have left it."""
    schema = MilvusClient.create_schema(auto_id=True)
    from pymilvus import DataType

    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)
    client_of(address).call("create_collection", collection_name=collection, schema=schema)


def test_two_who_write_the_same_at_once_leave_one_whole_snapshot(
    address: Address, stores: list[Store], put: Put
) -> None:
    """The second begins when the first has made a collection and written nothing into it."""
    first: list[str] = []

    def come_between(_step: str, done: int, _total: int) -> None:
        if done == 2 and not first:
            first.append("begun")
            first[:] = [put(address, stores[0])]

    with pytest.raises(CollectionGone, match=r"000001-.* has lost a collection"):
        put(address, stores[0], progress=come_between)

    assert first[0].startswith("000002-")
    assert served.current_name(address) == first[0]
    assert served.open_store(address).trouble is None
    assert len(_collections(address)) == 3


def test_a_collection_that_somebody_else_made_is_left_to_them(
    address: Address, stores: list[Store]
) -> None:
    made: list[str] = []
    _make_empty(address, f"{address.name}_000001_0123456789ab_dates")

    with pytest.raises(StoreBusy, match=f"Another build is writing to {address}"):
        write(client_of(address), "000001-0123456789ab", stores[0], made)

    assert made == [f"{address.name}_000001_0123456789ab"]


def test_what_is_put_in_force_meanwhile_is_not_removed(
    address: Address, stores: list[Store], put: Put
) -> None:
    first, second = (put(address, store) for store in stores[:2])

    def go_back(_step: str, done: int, _total: int) -> None:
        if done == 1:
            assert served.rollback(address, first) == first

    third = put(address, stores[2], progress=go_back)

    assert {one.name for one in served.snapshots(address)} == {second, third}
    assert served.current_name(address) == third


def test_a_lost_alias_leaves_the_newest_snapshot_and_says_so(
    address: Address, stores: list[Store], put: Put
) -> None:
    name = put(address, stores[0])
    client_of(address).call("drop_alias", alias=address.name)

    opened = served.open_store(address)

    assert opened.name == name
    assert "alias is gone" in str(opened.trouble)
    assert f"depeche rollback {name}" in str(opened.trouble)
    assert served.rollback(address, name) == name
    assert served.open_store(address).trouble is None


def test_a_dropped_collection_is_told_and_the_snapshot_before_answers(
    address: Address, stores: list[Store], put: Put
) -> None:
    first, second = (put(address, store) for store in stores[:2])
    opened = served.open_store(address)
    parts = Collections.of(address.name, second).parts
    client_of(address).call("drop_collection", collection_name=parts)

    with pytest.raises(CollectionGone, match="depeche build CORPUS --full"):
        opened.articles[1]
    with pytest.raises(CollectionGone):
        served.open_snapshot(address)
    instead = served.open_store(address)

    assert instead.name == first
    assert str(instead.trouble).endswith(f"depeche rollback {first} --store {address}")
    assert [check.ok for check in examine(address)] == [True, True, True]


def test_an_alias_of_something_else_is_neither_opened_nor_moved(
    address: Address, stores: list[Store], put: Put
) -> None:
    _make_empty(address, f"{address.name}_other")
    client_of(address).call(
        "create_alias", collection_name=f"{address.name}_other", alias=address.name
    )

    with pytest.raises(AddressInvalid, match="the server has another collection of that name"):
        served.open_store(address)
    with pytest.raises(AddressInvalid):
        put(address, stores[0])
    assert client_of(address).target(address.name) == f"{address.name}_other"


def _rewrite(address: Address, name: str, key: str, change: Callable[[str], str]) -> None:
    """Change a piece of a snapshot behind the back of everybody."""
    client, parts = client_of(address), Collections.of(address.name, name).parts
    (row,) = client.query(parts, f'{KEY} == "{key}"', ("*",))
    client.call("upsert", collection_name=parts, data=[{**row, DATA: change(row[DATA])}])


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("manifest.json#0", "piece that cannot be read"),
        ("chunks.npy#0", "piece that cannot be read"),
        ("texts.txt#0", "piece that cannot be read"),
    ],
)
def test_a_piece_that_was_changed_is_never_quoted(
    address: Address, stores: list[Store], put: Put, key: str, problem: str
) -> None:
    name = put(address, stores[0])
    _rewrite(address, name, key, lambda text: text[:-8] + "AAAAAAA=")

    with pytest.raises(CollectionCorrupt, match=problem):
        list(served.open_snapshot(address).articles)


def test_a_text_of_another_article_is_not_taken_for_the_right_one(
    address: Address, make_article: MakeArticle, make_content: MakeContent, put: Put
) -> None:
    other = address.__class__(f"{address.name}_b", file=address.file)
    texts = ("Le ministre arrive lundi.", "Le ministre repart jeudi.")
    names = [
        put(one, make_content(make_article(text, id="1.txt")))
        for one, text in zip((address, other), texts, strict=True)
    ]
    (row,) = client_of(other).query(
        Collections.of(other.name, names[1]).parts, f'{KEY} == "texts.txt#0"', (DATA,)
    )
    _rewrite(address, names[0], "texts.txt#0", lambda _text: row[DATA])

    with pytest.raises(CollectionCorrupt, match="holds an article that is not what was written"):
        list(served.open_snapshot(address).articles)


def test_another_format_is_told_with_both_numbers(
    address: Address, stores: list[Store], put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(address, stores[0])
    monkeypatch.setattr("index.milvus.opened.FORMATS", [0, 0])

    with pytest.raises(CollectionCorrupt, match=r"has the formats \[1, 5\], this version reads"):
        served.open_store(address)


def test_a_row_that_was_deleted_is_missed_at_once(
    address: Address, stores: list[Store], put: Put
) -> None:
    name = put(address, stores[1])
    chunks = Collections.of(address.name, name).chunks
    client_of(address).call("delete", collection_name=chunks, ids=[0])

    with pytest.raises(CollectionCorrupt, match="holds 1 chunks instead of 2"):
        served.open_store(address)


def test_a_doctor_tells_of_the_server_and_of_each_snapshot(
    address: Address, stores: list[Store], put: Put
) -> None:
    names = [put(address, store) for store in stores[:2]]

    found = examine(address)

    assert [check.name for check in found] == ["server", "force", "snapshot", "snapshot"]
    assert all(check.ok for check in found)
    assert all(name in check.told for name, check in zip(names, found[2:], strict=True))


def test_what_is_kept_here_lies_beside_the_file(address: Address, lite: Path) -> None:
    assert address.work == lite.with_suffix(".work") / address.name


def test_filters_name_runs_as_ranges_and_stay_short() -> None:
    import numpy as np

    runs = [np.arange(first, first + 20) for first in range(0, 100_000, 1000)]
    alone = np.arange(200_000, 260_000, 3)

    found = list(expressions(np.concatenate([*runs, alone])))

    assert sum(text.count(">=") for text in found) == 100
    assert max(text.count(">=") for text in found) <= 64
    assert sum(text.count(",") + 1 for text in found if " in " in text) == 20_000
    assert max(text.count(",") + 1 for text in found) <= 8192
