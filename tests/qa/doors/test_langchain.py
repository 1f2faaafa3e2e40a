"""The retriever inside real chains of LangChain."""

from pathlib import Path

import pytest
from langchain_core.documents import Document
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough

import qa
from index.errors import PeriodInvalid, StoreMissing
from qa.doors.langchain import DepecheRetriever

QUESTION = "Qu’est-ce qui a été signé le 12 mai ?"


@pytest.fixture(scope="module")
def retriever(sample_store: Path) -> DepecheRetriever:
    return DepecheRetriever(store=sample_store, k=3)


def test_documents_are_the_passages_of_qa_retrieve(
    retriever: DepecheRetriever, sample_store: Path
) -> None:
    documents = retriever.invoke(QUESTION)

    passages = qa.retrieve(QUESTION, 3, store=sample_store)
    assert [document.page_content for document in documents] == [one.text for one in passages]
    assert [document.metadata["rank"] for document in documents] == [1, 2, 3]
    for document, passage in zip(documents, passages, strict=True):
        metadata = document.metadata
        assert metadata["article"] == passage.article.id
        assert passage.article.text[metadata["start"] : metadata["end"]] == document.page_content
        assert document.id == metadata["link"]


def test_a_chain_is_given_the_words_of_the_articles(retriever: DepecheRetriever) -> None:
    shown: list[str] = []

    def join(documents: list[Document]) -> str:
        shown.append("\n".join(document.page_content for document in documents))
        return shown[-1]

    chain = (
        {"context": retriever | RunnableLambda(join), "question": RunnablePassthrough()}
        | ChatPromptTemplate.from_template("{context}\n\n{question}")
        | FakeListChatModel(responses=["C’est un accord."])
        | StrOutputParser()
    )

    assert chain.invoke(QUESTION) == "C’est un accord."
    assert "12 mai" in shown[0]


def test_filters_are_those_of_the_chat(sample_store: Path) -> None:
    late = DepecheRetriever(store=sample_store, after="2025-06").invoke(QUESTION)
    english = DepecheRetriever(store=sample_store, languages=("en",)).invoke(QUESTION)

    assert late
    assert all(document.metadata["published"] >= "2025-06" for document in late)
    assert {document.metadata["article"] for document in english} <= {
        passage.article.id
        for passage in qa.retrieve(QUESTION, 50, store=sample_store, languages=["en"])
    }


def test_errors_are_those_of_the_library(tmp_path: Path, sample_store: Path) -> None:
    with pytest.raises(StoreMissing, match="depeche build"):
        DepecheRetriever(store=tmp_path).invoke(QUESTION)
    with pytest.raises(PeriodInvalid, match="gestern"):
        DepecheRetriever(store=sample_store, after="gestern").invoke(QUESTION)
