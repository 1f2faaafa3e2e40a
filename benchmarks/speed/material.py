"""The files that are indexed, the questions that are asked, and where both are kept."""

from itertools import chain, islice, zip_longest
from pathlib import Path

from benchmarks.sets import read_articles, read_queries

_CORPUS = "scale_fr"
_ASKED = ("piaf_fr", "dated_fr")


def write_corpus(sets: Path, folder: Path, passages: int) -> Path:
    """Write real passages as text files, evenly drawn from the large set, unless they are there.

    Returns:
        The folder of the files: one for each number of passages.
    """
    corpus = folder / f"corpus-{passages}"
    articles = read_articles(sets / _CORPUS)
    chosen = articles[:: max(1, len(articles) // passages)][:passages]
    corpus.mkdir(parents=True, exist_ok=True)
    for number, article in enumerate(chosen):
        file = corpus / f"{number:06}.txt"
        file.write_text(f"{article.title}\n\n{article.text}\n", encoding="utf-8")
    return corpus


def read_questions(sets: Path, count: int) -> list[str]:
    """Read French questions, as many of each set, evenly drawn from it."""
    of_each = [
        [query["question"] for query in read_queries(sets / name) if query["lang"] == "fr"]
        for name in _ASKED
    ]
    share = -(-count // len(of_each))
    evenly = [questions[:: max(1, len(questions) // share)][:share] for questions in of_each]
    mixed = chain.from_iterable(zip_longest(*evenly))
    return list(islice((question for question in mixed if question is not None), count))
