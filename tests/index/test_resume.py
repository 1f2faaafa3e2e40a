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
from index.kept import KeepingEmbedder, KeptVectors, keeping
from index.snapshot import digest_content, open_snapshot

RunPython = Callable[..., subprocess.CompletedProcess[str]]

FILE = "unfinished.vectors"

TEXTS = [f"Le pont numéro {number} a été ouvert." for number in range(300)]

# dies when this many passages, or words, are embedded
KILLED = """
import os, signal, sys, index
def die(step, done, total):
    if step == sys.argv[4] and done >= int(sys.argv[5]): os.kill(os.getpid(), signal.SIGKILL)
index.build(sys.argv[1], sys.argv[2], model=sys.argv[3], progress=die)
"""


@pytest.fixture(scope="module")
def tiny(tiny_model: Path) -> NamedEmbedder:
    return NamedEmbedder(str(tiny_model))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    corpus = tmp_path / "articles"
    corpus.mkdir()
    for number, text in enumerate(TEXTS):
        (corpus / f"{number:03d}.txt").write_text(text, encoding="utf-8")
    return corpus


def head_bytes(path: Path) -> int:
    return path.read_bytes().index(b"\n") + 1


def records_in(path: Path) -> int:
    return (path.stat().st_size - head_bytes(path)) // (32 + 4 * 32 + 4)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on this system")
@pytest.mark.parametrize(
    ("step", "moment", "kept"),
    [("embed", 1, 0), ("embed", 150, 128), ("embed", 290, 256), ("words", 1, 300)],
)
def test_a_build_that_was_killed_goes_on_where_it_stopped(
    corpus: Path,
    tmp_path: Path,
    tiny_model: Path,
    run_python: RunPython,
    step: str,
    moment: int,
    kept: int,
) -> None:
    store = tmp_path / "store"
    ended = run_python("-c", KILLED, corpus, store, tiny_model, step, str(moment))
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert records_in(store / FILE) >= kept

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
    corpus: Path, tmp_path: Path, tiny_model: Path, run_python: RunPython
) -> None:
    store = tmp_path / "store"
    kept = []
    for _ in range(2):
        run_python("-c", KILLED, corpus, store, tiny_model, "embed", "290")
        kept.append(records_in(store / FILE))
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
    monkeypatch.setattr("index.kept._MOST_WORDS", 10)
    with keeping(tmp_path, tiny) as embedder:
        embedder.embed_passages(TEXTS)
    with keeping(tmp_path, tiny) as embedder:
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
        again = kept.get(b"\xff" * 32)

    for vector, true in zip(found, made, strict=True):
        assert vector is None or np.array_equal(vector, true)
    assert again is not None
    assert np.array_equal(again, made[0])
    with KeptVectors(tmp_path, tiny) as kept:
        assert kept.get(b"\xff" * 32) is not None


def test_progress_counts_what_was_kept_as_done(tmp_path: Path, tiny: NamedEmbedder) -> None:
    told: list[tuple[str, int, int]] = []
    with KeptVectors(tmp_path, tiny) as kept:
        embedder = KeepingEmbedder(tiny, kept)
        embedder.embed_passages(TEXTS[:100])

        embedder.embed_passages(TEXTS[:140], lambda *step: told.append(step))

    assert told == [("embed", 132, 140), ("embed", 140, 140)]
