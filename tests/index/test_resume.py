import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import index
from index.embed import NamedEmbedder
from index.keeping import keeping
from index.kept import KeptVectors
from index.snapshot import digest_content, open_snapshot

RunPython = Callable[..., subprocess.CompletedProcess[str]]

FILE = "unfinished.vectors"

TEXTS = [f"Le pont numéro {number} a été ouvert." for number in range(300)]

KILLED = [("embed", 1), ("embed", 150), ("embed", 290), ("words", 1), ("embed", 290)]
"""Builds that are killed when this many passages, or words, are embedded; the last one twice."""

# The builds are processes of their own; what they import is imported once. Prints after each how it
# ended, and how long the file is that it left.
KILLING = """
import json, os, signal, sys, index, sentence_transformers
corpus, model, cases = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
def build(store, step, moment):
    def die(found, done, total):
        if found == step and done >= moment: os.kill(os.getpid(), signal.SIGKILL)
    index.build(corpus, store, model=model, progress=die)
for store, step, moment in cases:
    child = os.fork()
    if child == 0:
        build(store, step, moment)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    print(json.dumps([status, os.path.getsize(store + "/unfinished.vectors")]))
"""


@pytest.fixture(scope="module")
def tiny(tiny_model: Path) -> NamedEmbedder:
    return NamedEmbedder(str(tiny_model))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    corpus = tmp_path_factory.mktemp("resume") / "articles"
    corpus.mkdir()
    for number, text in enumerate(TEXTS):
        (corpus / f"{number:03d}.txt").write_text(text, encoding="utf-8")
    return corpus


@pytest.fixture(scope="module")
def killed(
    corpus: Path, tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, run_python: RunPython
) -> list[tuple[Path, list[int]]]:
    """The stores of `KILLED`, and how many vectors were kept there after each build."""
    stores = [tmp_path_factory.mktemp("killed") / "store" for _ in KILLED]
    cases = [(str(store), *case) for store, case in zip(stores, KILLED, strict=True)]
    cases.append(cases[-1])
    ended = run_python(
        *("-c", KILLING, corpus, tiny_model, json.dumps(cases)),
        OMP_NUM_THREADS="1",
        timeout_seconds=600,
    )
    assert ended.returncode == 0, ended.stderr
    told = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [os.waitstatus_to_exitcode(status) for status, _ in told] == [-signal.SIGKILL] * 6
    kept = [
        records_of(store / FILE, size)
        for store, (_, size) in zip([*stores, stores[-1]], told, strict=True)
    ]
    return [(store, [count]) for store, count in zip(stores[:-1], kept[:-2], strict=True)] + [
        (stores[-1], kept[-2:])
    ]


def records_in(path: Path) -> int:
    return records_of(path, path.stat().st_size)


def records_of(path: Path, size: int) -> int:
    """How many records there were when the file had `size` bytes."""
    head = path.read_bytes().index(b"\n") + 1
    return (size - head) // (32 + 4 * 32 + 4)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on this system")
@pytest.mark.parametrize(("case", "kept"), [(0, 0), (1, 128), (2, 256), (3, 300)])
def test_a_build_that_was_killed_goes_on_where_it_stopped(
    corpus: Path,
    tmp_path: Path,
    tiny_model: Path,
    killed: list[tuple[Path, list[int]]],
    case: int,
    kept: int,
) -> None:
    store, counts = killed[case]
    assert counts[0] >= kept

    report = index.build(corpus, store, model=str(tiny_model))

    assert (report.resumed, report.embedded) == (kept, 300 - kept)
    assert report.reused == kept
    assert not (store / FILE).exists()
    index.build(corpus, tmp_path / "whole", model=str(tiny_model))
    resumed, whole = open_snapshot(store), open_snapshot(tmp_path / "whole")
    assert digest_content(resumed) == digest_content(whole)
    rows = range(300)
    ones, others = (
        vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        for vectors in (resumed.vectors.vectors(rows), whole.vectors.vectors(rows))
    )
    assert (ones * others).sum(axis=1).min() > 0.9999


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on this system")
def test_a_build_that_is_killed_again_and_again_comes_to_its_end(
    corpus: Path, tiny_model: Path, killed: list[tuple[Path, list[int]]]
) -> None:
    store, kept = killed[-1]
    assert kept[0] == 256 <= kept[1]

    assert index.build(corpus, store, model=str(tiny_model)).resumed == kept[1]


def test_what_is_kept_belongs_to_one_embedder(tmp_path: Path, tiny: NamedEmbedder) -> None:
    with keeping(tmp_path, tiny) as embedder:
        embedder.embed_passages(TEXTS[:5])
    other = NamedEmbedder.__new__(NamedEmbedder)
    other.__dict__ = tiny.__dict__ | {"identity": "other@1"}

    with keeping(tmp_path, other) as embedder:
        embedder.embed_passages(TEXTS[:5])

    assert embedder.resumed == 0


def test_a_word_is_not_taken_for_a_passage(tmp_path: Path, tiny: NamedEmbedder) -> None:
    with keeping(tmp_path, tiny) as embedder:
        passages = embedder.embed_passages(TEXTS[:2])
        queries = embedder.embed_queries(TEXTS[:2])
    with keeping(tmp_path, tiny) as embedder:
        assert np.array_equal(embedder.embed_queries(TEXTS[:2]), queries)
        assert np.array_equal(embedder.embed_passages(TEXTS[:2]), passages)

    assert embedder.resumed == 2
    assert not np.allclose(passages, queries)


def test_what_is_hardly_of_use_any_more_is_dropped(
    tmp_path: Path, tiny: NamedEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.keeping._MOST_WORDS", 10)
    with keeping(tmp_path, tiny) as embedder:
        embedder.embed_passages(TEXTS)
    with keeping(tmp_path, tiny) as embedder:
        embedder.expect(3)
        embedder.embed_passages(TEXTS[:3])

    assert records_in(tmp_path / FILE) == 3


def test_a_folder_that_takes_no_file_only_costs_time(tmp_path: Path, tiny: NamedEmbedder) -> None:
    (tmp_path / FILE).mkdir()

    with keeping(tmp_path, tiny) as embedder:
        assert embedder.embed_passages(TEXTS[:3]).shape == (3, 32)
        assert embedder.embed_passages(TEXTS[:3]).shape == (3, 32)


def test_a_full_disk_ends_the_keeping_and_not_the_build(
    tmp_path: Path, tiny: NamedEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    with keeping(tmp_path, tiny) as embedder:
        monkeypatch.setattr("index.disk.sync", refuse)

        assert embedder.embed_passages(TEXTS[:3]).shape == (3, 32)
        assert embedder.embed_queries(TEXTS[:3]).shape == (3, 32)


MUTATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("flip"), st.floats(0, 1), st.integers(1, 255)),
        st.tuples(st.just("cut"), st.floats(0, 1), st.just(0)),
        st.tuples(st.just("add"), st.floats(0, 1), st.integers(1, 400)),
    ),
    min_size=1,
    max_size=3,
)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(MUTATIONS)
def test_a_damaged_file_never_gives_a_vector_that_was_not_made(
    tmp_path: Path, tiny: NamedEmbedder, mutations: list[tuple[str, float, int]]
) -> None:
    path = tmp_path / FILE
    path.unlink(missing_ok=True)
    keys = [bytes([number]) * 32 for number in range(8)]
    made = np.random.default_rng(0).normal(size=(8, 32)).astype(np.float32)
    with KeptVectors(tmp_path, tiny) as kept:
        kept.add(keys, made)
    data = bytearray(path.read_bytes())
    for kind, place, value in mutations:
        at = int(place * max(0, len(data) - 1))
        if kind == "flip" and data:
            data[at] ^= value
        elif kind == "cut":
            del data[at:]
        else:
            data[at:at] = bytes(value)
    path.write_bytes(data)

    with KeptVectors(tmp_path, tiny) as kept:
        found = [kept.get(key) for key in keys]
        kept.add([b"\xff" * 32], made[:1])

    for vector, true in zip(found, made, strict=True):
        assert vector is None or np.array_equal(vector, true)
    with KeptVectors(tmp_path, tiny) as kept:
        again = kept.get(b"\xff" * 32)
    assert again is not None
    assert np.array_equal(again, made[0])


def test_progress_counts_what_was_kept_as_done(tmp_path: Path, tiny: NamedEmbedder) -> None:
    told: list[tuple[str, int, int]] = []
    with keeping(tmp_path, tiny) as embedder:
        embedder.embed_passages(TEXTS[:100])

    with keeping(tmp_path, tiny) as embedder:
        embedder.embed_passages(TEXTS[:140], lambda *step: told.append(step))

    assert told == [("embed", 132, 140), ("embed", 140, 140)]
