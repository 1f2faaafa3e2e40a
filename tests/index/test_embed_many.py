"""The torch encoder on the processor, with the real weights; how a build uses and loses it."""

import pickle
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import index
from index import graphics
from index.embed import DefaultEmbedder, NamedEmbedder
from index.embed_many import BuildingEmbedder, for_building, trouble_of
from index.engine import ROUNDED, Texts
from index.errors import BuildCancelled
from index.torch_engine import TorchEncoder
from index.types import Vectors
from index.weights import shared_tensors, shared_weights

TEXTS = [
    "Le Premier ministre a signé l'accord de 1 250 000 € le 12 mai 2025.",
    "The mayor of Leeds has bought the 19th-century bridge.",
    "Thủ tướng Phạm Minh Chính đã ký hiệp định thương mại.",
    "",
    " ",
    "a",
    "越" * 60,
    "Les travaux ont duré trois ans et coûté douze millions d'euros. " * 2,
    "🙂",
]


@pytest.fixture(scope="module")
def reference() -> DefaultEmbedder:
    """The same weights in float32."""
    return DefaultEmbedder(**{"INFERENCE_PRECISION_HINT": "f32", ROUNDED: 0})


@pytest.fixture
def building(embedder: DefaultEmbedder) -> BuildingEmbedder:
    """An embedder that goes over to torch, on this processor, with the first text."""
    return BuildingEmbedder(embedder, "cpu", worth=-1)


@pytest.fixture(scope="module")
def one() -> TorchEncoder:
    """The encoder in torch, on this processor."""
    return TorchEncoder(shared_weights(), shared_tensors(), "cpu")


def least_cosine(left: Vectors, right: Vectors) -> float:
    assert left.shape == right.shape
    return float((left * right).sum(axis=1).min())


LONG = "mot " * 700
"""More tokens than the model reads."""


@pytest.mark.parametrize("kind", ["passages", "queries"])
def test_its_vectors_are_those_of_the_embedder_in_float32(
    building: BuildingEmbedder, reference: DefaultEmbedder, kind: str
) -> None:
    texts = [*TEXTS, LONG] if kind == "passages" else TEXTS

    ours, theirs = (getattr(one, f"embed_{kind}")(texts) for one in (building, reference))

    assert building._elsewhere is not None
    assert building.trouble is None
    assert (ours.dtype, ours.shape) == (np.float32, (len(texts), 384))
    assert least_cosine(ours, theirs) >= 0.9999


IDS = st.lists(
    st.lists(st.integers(4, 200_000), max_size=12).map(lambda ids: [0, *ids, 2]),
    min_size=1,
    max_size=6,
)


@given(IDS)
@settings(deadline=None, max_examples=4)
def test_a_text_has_the_same_vector_alone_and_among_others(
    one: TorchEncoder, texts: list[list[int]]
) -> None:
    alone = np.concatenate([one.embed([text]) for text in texts])

    assert least_cosine(one.embed(texts), alone) > 0.99999


class Narrow(TorchEncoder):
    """An encoder on a device with room for so many tokens, and no more."""

    def __init__(self, room: int) -> None:
        super().__init__(shared_weights(), shared_tensors(), "cpu")
        self.room = room
        self.embedded: list[int] = []

    def _embed(self, texts: Texts) -> Vectors:
        tokens = len(texts) * max(map(len, texts))
        if tokens > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB.\nGPU 0")
        self.embedded.append(tokens)
        return super()._embed(texts)


def on(device: TorchEncoder, embedder: DefaultEmbedder) -> BuildingEmbedder:
    """An embedder that has gone over to a device."""
    building = BuildingEmbedder(embedder)
    building._elsewhere = device
    return building


def test_where_memory_runs_out_fewer_texts_go_at_once(embedder: DefaultEmbedder) -> None:
    device = Narrow(room=100)
    building = on(device, embedder)

    vectors = building.embed_passages(["un pont neuf"] * 20)
    told = len(device.embedded)
    again = building.embed_passages(["un pont neuf"] * 20)

    assert building.trouble is None
    assert least_cosine(vectors, again) > 0.99999
    assert max(device.embedded) <= 100
    assert device.batch_tokens <= 100
    assert len(device.embedded) - told < 20  # they were not tried one by one


def test_when_not_even_one_text_fits_the_processor_goes_on(
    embedder: DefaultEmbedder, reference: DefaultEmbedder
) -> None:
    texts = ["un pont " * 40, *["un pont"] * 30, "un pont " * 20]
    building = on(Narrow(room=30), embedder)
    told: list[tuple[str, int, int]] = []

    vectors = building.embed_passages(texts, lambda *step: told.append(step))

    assert least_cosine(vectors, reference.embed_passages(texts)) >= 0.999
    assert told[-1] == ("embed", len(texts), len(texts))
    assert building.trouble == (
        "The graphics processor could not be used (CUDA out of memory. Tried to allocate 2 GiB); "
        "what was left was embedded without it. DEPECHE_GPU=0 does without it from the start."
    )


class Failing(TorchEncoder):
    """An encoder whose device is lost after some batches."""

    left = 2

    def _embed(self, texts: Texts) -> Vectors:
        self.left -= 1
        if self.left < 0:
            raise RuntimeError("CUDA error: unspecified launch failure")
        return super()._embed(texts)


def test_a_device_that_fails_in_the_middle_loses_nothing(
    embedder: DefaultEmbedder, reference: DefaultEmbedder
) -> None:
    device = Failing(shared_weights(), shared_tensors(), "cpu")
    device.batch_tokens = 64
    building = on(device, embedder)
    texts = [f"{number} ponts" + " neufs" * (number % 7) for number in range(40)]

    vectors = building.embed_passages(texts)

    assert device.left == -1
    assert least_cosine(vectors, reference.embed_passages(texts)) >= 0.999
    assert "unspecified launch failure" in (trouble_of(building) or "")


def test_whoever_stops_a_build_is_not_taken_for_a_device_that_fails(
    one: TorchEncoder, embedder: DefaultEmbedder
) -> None:
    building = on(one, embedder)

    def stop(_step: str, _done: int, _total: int) -> None:
        raise BuildCancelled

    with pytest.raises(BuildCancelled):
        building.embed_passages(["un pont"], stop)

    assert building.trouble is None


def test_a_device_that_is_not_there_is_told_in_a_sentence_and_the_processor_goes_on(
    embedder: DefaultEmbedder,
) -> None:
    building = BuildingEmbedder(embedder, "cuda:77", worth=-1)

    vectors = building.embed_passages(TEXTS)

    assert np.array_equal(vectors, embedder.embed_passages(TEXTS))
    assert (building.trouble or "").startswith("The graphics processor could not be used (")
    assert (building.trouble or "").endswith("DEPECHE_GPU=0 does without it from the start.")
    assert "\n" not in (building.trouble or "")


def test_a_device_that_calculates_something_else_is_not_believed(
    embedder: DefaultEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {**shared_tensors(), "l3.fo.w": -shared_tensors()["l3.fo.w"]}
    monkeypatch.setattr("index.embed_many.shared_tensors", lambda: wrong)
    building = BuildingEmbedder(embedder, "cpu", worth=-1)

    vectors = building.embed_passages(TEXTS)

    assert np.array_equal(vectors, embedder.embed_passages(TEXTS))
    assert "its vectors lie at cosine" in (building.trouble or "")


def test_a_device_is_looked_for_once_there_is_much_to_embed(embedder: DefaultEmbedder) -> None:
    building = BuildingEmbedder(embedder, "cpu", worth=60)

    building.embed_queries(["un", "pont"])
    assert building._elsewhere is None
    building.embed_passages(["un pont " * 6])

    assert building._elsewhere is not None


def test_a_machine_without_a_graphics_processor_hears_nothing_of_it(
    embedder: DefaultEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    building = BuildingEmbedder(embedder, worth=-1)

    vectors = building.embed_passages(TEXTS)

    assert np.array_equal(vectors, embedder.embed_passages(TEXTS))
    assert building.trouble is None


def test_torch_that_was_not_built_for_it_is_told_with_what_mends_it(
    embedder: DefaultEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graphics, "are_there", lambda: True)
    monkeypatch.setattr(graphics, "torch_reaches_them", lambda: False)
    building = BuildingEmbedder(embedder, worth=-1)

    building.embed_queries(["un pont"])

    assert building._elsewhere is None
    assert "Install torch for CUDA" in (building.trouble or "")


def test_only_the_default_embedder_goes_elsewhere(
    embedder: DefaultEmbedder, tiny_model: Path
) -> None:
    named = NamedEmbedder(str(tiny_model))

    building = for_building(embedder)

    assert isinstance(building, BuildingEmbedder)
    assert building.identity == embedder.identity
    assert for_building(named) is named
    assert trouble_of(named) is None


def test_a_worker_has_one_embedder_for_all_of_its_work(embedder: DefaultEmbedder) -> None:
    first, second = (pickle.loads(pickle.dumps(for_building(embedder))) for _ in range(2))

    assert isinstance(first, BuildingEmbedder)
    assert first is second
    assert first._encoder is embedder._encoder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "pont.txt").write_text("Le maire de Valmer a ouvert le pont.", encoding="utf-8")
    return folder


def test_a_build_tells_why_the_graphics_processor_was_not_used(
    embedder: DefaultEmbedder, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    building = BuildingEmbedder(embedder, "cuda:77", worth=-1)
    monkeypatch.setattr("index.builder.open_embedder", lambda _model: building)

    report = index.build(corpus, tmp_path / "store")

    assert report.embedded == 1
    assert report.warnings == (building.trouble,)


def test_a_build_there_makes_the_snapshot_of_one_here_and_the_next_goes_on_from_it(
    building: BuildingEmbedder, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("index.builder.open_embedder", lambda _model: building)
        there = index.build(corpus, tmp_path / "there")
    here = index.build(corpus, tmp_path / "here")
    (corpus / "bac.txt").write_text("Un bac relie Valmer à Aubry.", encoding="utf-8")
    again = index.build(corpus, tmp_path / "there")

    assert building._elsewhere is not None
    assert there.snapshot == here.snapshot
    assert there.warnings == ()
    assert (again.embedded, again.reused) == (1, 1)
