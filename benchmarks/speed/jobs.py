"""What is measured in a process of its own: `python -m benchmarks.speed.jobs JOB VALUES`.

Prints figures as one line of JSON. Seconds and milliseconds are those that pass; `processor` is
what all cores together work.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.speed.contestants import contestant

Figures = dict[str, Any]


def export(model: str) -> Figures:
    """Write the default embedder's weights as a folder that sentence-transformers loads."""
    from benchmarks.reference import build_sentence_transformer, build_tokenizer
    from index.weights import load_weights

    packed = load_weights()
    build_sentence_transformer(packed, build_tokenizer(packed.vocabulary)).save(model)
    return {}


def build(name: str, model: str, corpus: str, store: str) -> Figures:
    """Build a store; the model is loaded before, and that is told apart."""
    one = contestant(name, Path(model))
    loaded, _none = _time(one.load)
    busy = sum(os.times()[:4])
    built, _none = _time(lambda: one.build(Path(corpus), Path(store)))
    busy = sum(os.times()[:4]) - busy
    return {"load": loaded / 1e3, "seconds": built / 1e3, "processor": busy}


def grow(name: str, model: str, sets: str, passages: int, store: str) -> Figures:
    """Build a store with vectors drawn, unless it is there."""
    if not Path(store).exists():
        contestant(name, Path(model)).grow(Path(sets), passages, Path(store))
    return {}


def ask(name: str, model: str, store: str, question: str) -> Figures:
    """Open a store and answer one question."""
    return {"found": contestant(name, Path(model)).open(Path(store))(question)}


def serve(name: str, model: str, store: str, questions: Sequence[str]) -> Figures:
    """Open a store and ask; the first question is told apart."""
    from benchmarks.dense import resident

    one = contestant(name, Path(model))
    opened, asking = _time(lambda: one.open(Path(store)))
    first, _found = _time(partial(asking, questions[0]))
    busy = time.process_time()
    timed = [_time(partial(asking, question)) for question in questions]
    busy = time.process_time() - busy
    memory = round(resident())
    times = sorted(milliseconds for milliseconds, _found in timed)
    rows, size = one.size(Path(store))
    return {
        "open": opened,
        "first": first,
        "median": times[len(times) // 2],
        "95th": times[int(0.95 * len(times))],
        "processor": 1e3 * busy / len(questions),
        "resident": memory,
        "rows": rows,
        "bytes a row": size / rows,
        "found": min(len(found) for _milliseconds, found in timed),
    }


def search(sets: str, rows: int) -> Figures:
    """Measure the dense search alone."""
    from benchmarks.dense import measure, read_vectors

    return measure(*read_vectors(Path(sets)), rows)


def multiply() -> Figures:
    """Measure how fast matrices of the model's own shapes are multiplied at all."""
    from benchmarks.runtimes import operations_of_a_passage, product_rate

    return {"rate": product_rate(), "operations": operations_of_a_passage()}


JOBS: dict[str, Callable[..., Figures]] = {
    job.__name__: job for job in (export, build, grow, ask, serve, search, multiply)
}


def _time(run: Callable[[], Any]) -> tuple[float, Any]:
    """Run something; the milliseconds it takes, and what it returns."""
    began = time.perf_counter()
    returned = run()
    return 1e3 * (time.perf_counter() - began), returned


if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](**json.loads(sys.argv[2]))))
