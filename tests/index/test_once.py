import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.errors import ModelMissing
from index.once import Once


def test_threads_that_ask_at_once_get_the_same_value() -> None:
    together = threading.Barrier(8)
    made: list[object] = []

    def make() -> object:
        made.append(object())
        return made[-1]

    once = Once(make)

    def ask(_number: int) -> object:
        together.wait()
        return once()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(8)))

    assert set(found) == {made[0]}
    assert len(made) == 1


def test_what_is_warmed_is_made_before_it_is_asked_for() -> None:
    made = threading.Event()
    once = Once(made.set)

    once.warm()

    assert made.wait(timeout=60)


def test_who_asks_hears_of_a_failure_and_the_next_tries_again() -> None:
    answers = iter([ModelMissing("e5", "it is not here"), None])

    def make() -> str:
        if (failure := next(answers)) is not None:
            raise failure
        return "made"

    once = Once(make)

    with pytest.raises(ModelMissing):
        once()
    assert once() == "made"


def test_a_failure_ahead_of_the_first_use_disturbs_nobody() -> None:
    tried = threading.Event()

    def make() -> None:
        tried.set()
        raise ModelMissing("e5", "it is not here")

    once = Once(make)
    once.warm()

    assert tried.wait(timeout=60)
    with pytest.raises(ModelMissing):
        once()
