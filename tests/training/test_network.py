"""What is trained with torch, against what reads without it."""

import json
from collections.abc import Sequence

import numpy as np
import pytest
import torch

from index.embed import DefaultEmbedder
from index.weights import shared_weights
from qa.read import ADAPTER, DIGEST, AdaptedReader, Reading, ReadText, load_adapter, open_reader
from training.examples import NEWS
from training.network import Network

_QUESTIONS, _TEXTS = 12, 3


def ask() -> list[tuple[str, list[ReadText]]]:
    """Questions of our archive, each with the article that answers and the next ones."""
    lines = (NEWS / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    articles = [json.loads(line) for line in lines]
    places = {article["id"]: place for place, article in enumerate(articles)}
    lines = (NEWS / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    queries = [query for query in map(json.loads, lines) if query["relevant"]]
    asked = []
    for query in queries[:: len(queries) // _QUESTIONS][:_QUESTIONS]:
        place = places[query["relevant"][0]]
        chosen = [articles[(place + step) % len(articles)] for step in range(_TEXTS)]
        texts = [ReadText(article["title"], article["text"][:700]) for article in chosen]
        asked.append((query["question"], texts))
    return asked


def read(network: Network, question: str, texts: Sequence[ReadText]) -> list[Reading]:
    """Read with torch."""
    pairs = network.encode(question, texts)
    with torch.inference_mode():
        scores = [part.float().numpy() for part in network.read([pair.ids for pair in pairs])]
    return [pair.reading(*parts) for pair, *parts in zip(pairs, *scores, strict=True)]


def test_the_reader_says_what_the_trained_network_says() -> None:
    reader = open_reader()
    assert isinstance(reader, AdaptedReader)
    network = Network(shared_weights())
    adapter = load_adapter(ADAPTER, DIGEST)
    network.fold({name: torch.from_numpy(tensor) for name, tensor in adapter.items()})

    same_spans = []
    for question, texts in ask():
        ours, theirs = reader.read(question, texts), read(network, question, texts)
        for text, one, other in zip(texts, ours, theirs, strict=True):
            assert one.relevance == pytest.approx(other.relevance, abs=0.1)
            whole = 0, len(text.text)
            same_spans.append(one.answer_within(whole)[1] == other.answer_within(whole)[1])
        assert [np.argmax([one.relevance for one in ours])] == [
            np.argmax([other.relevance for other in theirs])
        ]

    assert np.mean(same_spans) >= 0.97


def test_without_its_adapter_the_network_is_the_embedder(embedder: DefaultEmbedder) -> None:
    text = "Le chat dort sur la péniche amarrée à Lyon."
    network = Network(shared_weights())
    ids = network.tokenizer.ids(f"passage: {text}")

    with torch.inference_mode():
        words = torch.from_numpy(network.packed.rows("emb.word", np.array([ids]), 384))
        states = network.run(words, torch.ones(1, len(ids), dtype=torch.bool))
    pooled = states.mean(1)[0].numpy()

    cosine = pooled @ embedder.embed_passages([text])[0] / np.linalg.norm(pooled)
    assert cosine == pytest.approx(1, abs=1e-3)
