"""The retriever inside a real query engine of LlamaIndex."""

from pathlib import Path

import pytest
from llama_index.core.llms.mock import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import MetadataMode, TextNode

import qa
from index.errors import PeriodInvalid, StoreMissing
from qa.doors.llama_index import DepecheRetriever

QUESTION = "Qu’est-ce qui a été signé le 12 mai ?"


def test_nodes_are_the_passages_of_qa_retrieve(sample_store: Path) -> None:
    found = DepecheRetriever(sample_store, 3).retrieve(QUESTION)

    passages = qa.retrieve(QUESTION, 3, store=sample_store)
    assert [one.score for one in found] == [passage.score for passage in passages]
    for one, passage in zip(found, passages, strict=True):
        node = one.node
        assert isinstance(node, TextNode)
        assert passage.article.text[node.start_char_idx : node.end_char_idx] == node.text
        assert node.metadata["article"] == passage.article.id
        shown = node.get_content(MetadataMode.LLM)
        assert passage.article.title in shown
        assert "score" not in shown


def test_a_query_engine_reads_the_words_of_the_articles(sample_store: Path) -> None:
    engine = RetrieverQueryEngine.from_args(DepecheRetriever(sample_store, 2), llm=MockLLM())

    response = engine.query(QUESTION)

    # this model says what it was asked
    assert "12 mai" in str(response)
    assert len(response.source_nodes) == 2


def test_filters_and_errors_are_those_of_the_library(tmp_path: Path, sample_store: Path) -> None:
    late = DepecheRetriever(sample_store, after="2025-06").retrieve(QUESTION)

    assert late
    assert all(one.node.metadata["published"] >= "2025-06" for one in late)
    with pytest.raises(StoreMissing, match="depeche build"):
        DepecheRetriever(tmp_path).retrieve(QUESTION)
    with pytest.raises(PeriodInvalid, match="gestern"):
        DepecheRetriever(sample_store, before="gestern").retrieve(QUESTION)
