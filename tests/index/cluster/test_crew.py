"""Workers of a cluster, who do the equal parts of a build: in which order, and when they fail."""

import json
import os
import pickle
import platform
import time
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.cluster import connect, hire
from index.cluster.actor import hello
from index.crew import ALONE, Crew
from index.embed import DefaultEmbedder, open_embedder
from index.errands import Errand, errands
from index.errors import ClusterFailed, ModelMissing


@pytest.fixture(scope="module")
def crew(ray: ModuleType) -> Iterator[Crew]:
    assert ray.is_initialized()
    with hire("auto", may_use_gpus=True) as hired:
        yield hired


def double(number: int) -> int:
    return 2 * number


def weigh(number: int) -> float:
    """Nothing, or from a fourth to a whole errand."""
    return number % 5 / 4


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(numbers=st.lists(st.integers(0, 1000), max_size=40))
def test_results_come_in_the_order_of_the_items_or_with_their_places(
    crew: Crew, numbers: list[int]
) -> None:
    doubled = [2 * number for number in numbers]

    assert list(crew.in_order(double, numbers, weigh)) == doubled
    assert sorted(crew.as_made(double, numbers, weigh)) == list(enumerate(doubled))
    assert list(ALONE.as_made(double, numbers, weigh)) == list(enumerate(doubled))


@given(st.lists(st.integers(0, 1000)))
def test_errands_hold_all_items_in_order_and_none_is_larger_than_it_must_be(
    numbers: list[int],
) -> None:
    made: list[Errand[int, int]] = list(errands(numbers, weigh))

    assert [number for errand in made for number in errand.items] == numbers
    assert [errand.place for errand in made] == list(range(len(made)))
    for errand in made:
        assert numbers[errand.first : errand.first + len(errand.items)] == errand.items
        assert sum(map(weigh, errand.items[:-1])) < 1
        assert [errand.items[place] for place in errand.sent] == [
            number for number in errand.items if weigh(number)
        ]


def test_items_are_drawn_as_results_are_taken(crew: Crew) -> None:
    drawn = 0

    def numbers() -> Iterator[int]:
        nonlocal drawn
        for number in range(1000):
            drawn += 1
            yield number

    results = crew.in_order(double, numbers(), lambda _number: 1)

    assert [next(results) for _ in range(10)] == list(range(0, 20, 2))
    assert drawn <= 10 + 6  # three for each of two workers
    assert list(results) == list(range(20, 2000, 2))


def pid_of(_item: int) -> int:
    time.sleep(0.05)
    return os.getpid()


def test_models_run_where_there_is_a_graphics_processor_and_all_else_everywhere(
    crew: Crew,
) -> None:
    await_workers(crew, 2)

    reading = set(crew.in_order(pid_of, range(20), lambda _item: 1))
    embedding = {pid for _place, pid in crew.as_made(pid_of, range(20), lambda _item: 1)}

    assert len(reading) == 2
    assert len(embedding) == 1
    assert embedding < reading


def await_workers(crew: Crew, count: int) -> None:
    """Wait until so many workers take part."""
    for _ in range(100):
        if len(set(crew.in_order(pid_of, range(4 * count), lambda _item: 1))) == count:
            return
    raise AssertionError(f"no {count} workers")


def die(_item: int) -> int:
    os._exit(1)


def test_work_that_kills_one_worker_after_the_other_is_given_up(crew: Crew) -> None:
    with pytest.raises(ClusterFailed, match="3 workers died") as caught:
        list(crew.in_order(die, [1], lambda _item: 1))

    assert "still in force" in str(caught.value)


def noise_of(megabytes: int) -> bytes:
    return os.urandom(1000) * (1000 * megabytes)


def length_of(item: bytes) -> int:
    return len(item)


def test_items_and_results_may_be_larger_than_what_the_cluster_has_room_for(crew: Crew) -> None:
    (made,) = crew.in_order(noise_of, [120], lambda _item: 1)

    assert len(made) == 120_000_000
    assert list(crew.in_order(length_of, [made], lambda _item: 1)) == [120_000_000]


def test_a_cluster_of_another_version_is_told_with_both(
    ray: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ray._common.usage.usage_constants import CLUSTER_METADATA_KEY as KEY
    from ray._private.ray_constants import KV_NAMESPACE_CLUSTER as NAMESPACE

    client = ray._private.worker.global_worker.gcs_client
    written = client.internal_kv_get(KEY, namespace=NAMESPACE)
    other = {**json.loads(written), "ray_version": "2.11.0", "python_version": "3.12.1"}
    client.internal_kv_put(KEY, json.dumps(other).encode(), True, namespace=NAMESPACE)
    monkeypatch.setenv("RAY_AUTH_MODE", "token")

    problem = connect._refusal(ray.get_runtime_context().gcs_address)

    client.internal_kv_put(KEY, written, True, namespace=NAMESPACE)
    told = str(connect._unreachable("10.0.0.7:6379", str(problem)))
    assert "on 10.0.0.7:6379 cannot take part: it runs Ray 2.11.0 and Python 3.12.1, " in told
    assert f"this process Ray {ray.__version__} and Python {platform.python_version()}" in told


def divide(number: int) -> float:
    return 1 / number


def refuse(_number: int) -> int:
    raise ModelMissing("petit", "no such folder")


@pytest.mark.parametrize(
    ("task", "said"),
    [(divide, "a worker failed: ZeroDivisionError"), (refuse, "The model petit cannot be loaded")],
)
def test_a_worker_that_cannot_do_its_work_is_told_in_a_sentence(
    crew: Crew, task: Callable[[int], float], said: str
) -> None:
    with pytest.raises(ClusterFailed, match=said):
        list(crew.in_order(task, [1, 0], lambda _item: 1))


def test_workers_that_embed_with_other_packages_are_refused_by_name() -> None:
    ours = hello()
    other = ours._replace(packages={**ours.packages, "openvino": "1.0"})

    assert ours.difference(ours._replace(machine="elsewhere")) is None
    assert f"openvino in version 1.0, this process {ours.packages['openvino']}" in str(
        ours.difference(other)
    )
    assert "version none, this process" in str(ours.difference(ours._replace(packages={})))
    assert "of Dépêche" in str(ours.difference(ours._replace(version="other")))


def test_an_embedder_travels_by_its_name(embedder: DefaultEmbedder) -> None:
    assert pickle.loads(pickle.dumps(embedder)) is open_embedder()
