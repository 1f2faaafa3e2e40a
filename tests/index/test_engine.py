"""The encoder against torch, and what its package must not do."""

import subprocess
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.reference import build_sentence_transformer, build_tokenizer
from index.embed import DefaultEmbedder
from index.engine import ROUNDED, batches, bytes_are_fastest
from index.weights import shared_weights

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

RunPython = Callable[..., subprocess.CompletedProcess[str]]

TEXTS = [
    "Le Premier ministre a signé l'accord de 1 250 000 € le 12 mai 2025.",
    "The mayor of Leeds has bought the 19th-century bridge.",
    "Thủ tướng Phạm Minh Chính đã ký hiệp định thương mại.",
    "",
    "越" * 400,
    "Les travaux ont duré trois ans et coûté douze millions d'euros. " * 12,
    "🙂",
]


@pytest.fixture(scope="module")
def torch_model() -> "SentenceTransformer":
    """The same weights in sentence-transformers, in float32."""
    packed = shared_weights()
    return build_sentence_transformer(packed, build_tokenizer(packed.vocabulary))


@pytest.mark.parametrize("kind", ["document", "query"])
@pytest.mark.parametrize(
    ("group", "cosine"), [(0, 0.9999), (64, 0.999)], ids=["as numbers", "rounded to bytes"]
)
def test_vectors_are_those_of_sentence_transformers(
    torch_model: "SentenceTransformer", kind: str, group: int, cosine: float
) -> None:
    embedder = DefaultEmbedder(**{ROUNDED: group})
    if kind == "document":
        ours, theirs = embedder.embed_passages(TEXTS), torch_model.encode_document(TEXTS)
    else:
        ours, theirs = embedder.embed_queries(TEXTS), torch_model.encode_query(TEXTS)

    assert (ours * np.asarray(theirs)).sum(axis=1).min() >= cosine


@given(st.lists(st.integers(1, 50), max_size=40), st.integers(1, 200))
def test_batches_hold_each_text_once_and_no_more_tokens_than_fit(
    lengths: list[int], most: int
) -> None:
    found = batches(lengths, most)

    assert sorted(place for batch in found for place in batch) == list(range(len(lengths)))
    for batch in found:
        padded = max(lengths[place] for place in batch) * len(batch)
        assert padded <= most or len(batch) == 1


@given(st.lists(st.integers(1, 512), min_size=1, max_size=300))
def test_batches_come_longest_first_and_one_more_costs_less_than_what_it_saves(
    lengths: list[int],
) -> None:
    found = batches(lengths)

    longest = [max(lengths[place] for place in batch) for batch in found]
    assert longest == sorted(longest, reverse=True)
    assert found == batches(lengths)
    for batch in found:
        steps = sorted(lengths[place] for place in batch)
        padding = [n * (b - a) for n, (a, b) in enumerate(pairwise(steps), start=1)]
        assert max(padding, default=0) <= 24


@pytest.mark.parametrize(
    ("flags", "fastest"),
    [
        ("avx2 avx512f avx512_vnni avx512_bf16", True),
        ("avx2 avx512f avx512_vnni", True),
        ("avx2 avx512f avx512_vnni avx512_bf16 amx_bf16 amx_tile amx_int8", False),
        ("avx2 avx512f", False),
        ("", False),
    ],
)
def test_bytes_are_multiplied_where_nothing_as_fast_is_more_exact(
    flags: str,
    fastest: bool,
) -> None:
    assert bytes_are_fastest(flags.split()) is fastest


def test_a_build_and_a_question_import_no_torch_and_report_to_nobody(
    run_python: RunPython, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("light")
    (folder / "corpus").mkdir()
    article = "Le maire de Valmer, Jean Duchêne, a ouvert lundi le nouveau pont."
    (folder / "corpus" / "pont.txt").write_text(article, encoding="utf-8")
    program = (
        "import sys, index, qa\n"
        "index.build(sys.argv[1], sys.argv[2])\n"
        "answer = qa.ask('Qui est le maire de Valmer ?', store=sys.argv[2])\n"
        "assert answer.passages\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'openvino_telemetry',"
        " 'openvino.tools'}\n"
        "print(*sorted(heavy & set(sys.modules)), 'openvino' in sys.modules)"
    )

    ended = run_python("-c", program, folder / "corpus", folder / "store")

    assert ended.stdout.split() == ["True"], ended.stderr
