"""What people use today, on the same questions.

`recipe` is the usual one: LangChain's recursive splitter with its defaults of tutorials (1000
characters, 200 of overlap), multilingual-e5-small with its prefixes, a flat FAISS index of inner
products. `bm25` is bm25s over the same chunks, with stop words and Snowball stems of the articles'
language where there are any. `rrf` joins both by reciprocal ranks. All rank an article by its best
chunk and read no title.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.sides import RANKS, Ranking, rank_ids
from index.types import Article, Embedder, Progress, Vectors

_CHUNK_CHARS = 1000
_OVERLAP_CHARS = 200
_HITS = 100

# Cormack et al. 2009 (doi 10.1145/1571941.1572114)
_RRF = 60

_LANGUAGES = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
}


class Baselines:
    """The recipe and BM25 over the articles of one set."""

    def __init__(self, articles: Sequence[Article], vectors: Path, embedder: Embedder) -> None:
        """Cut the articles, and index their words.

        Args:
            articles: of the set.
            vectors: the file that keeps the vectors of the chunks.
            embedder: for chunks and questions.
        """
        self._embedder = embedder
        self._file = vectors
        self._texts: list[str] = []
        self._articles: list[str] = []
        splitter = splitter_of_the_recipe()
        for article in articles:
            pieces = splitter.split_text(article.text)
            self._texts.extend(pieces)
            self._articles.extend([article.id] * len(pieces))
        language = Counter(article.language for article in articles).most_common(1)[0][0]
        self._lexical = _LexicalRecipe(self._texts, _LANGUAGES.get(language))

    def rank(
        self, questions: Sequence[str], progress: Progress | None = None
    ) -> list[dict[str, Ranking]]:
        """Rank the articles for each question, by each baseline."""
        dense = self._search_dense(questions, progress)
        rankings = []
        for question, hits in zip(questions, dense, strict=True):
            recipe = self._rank(hits)
            bm25 = self._rank(self._lexical.search(question))
            sides = {"recipe": recipe, "bm25": bm25, "rrf": join_ranks([recipe, bm25])}
            rankings.append({name: _first(ranking) for name, ranking in sides.items()})
        return rankings

    def _rank(self, hits: Sequence[tuple[int, float]]) -> Ranking:
        """Rank the articles of all the hits."""
        scores = np.array([score for _row, score in hits], dtype=np.float32)
        return rank_ids(scores, [self._articles[row] for row, _score in hits], most=_HITS)

    def _search_dense(
        self, questions: Sequence[str], progress: Progress | None
    ) -> list[list[tuple[int, float]]]:
        """Find the nearest chunks of every question."""
        import faiss

        vectors = self._vectors(progress)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        scores, rows = index.search(
            self._embedder.embed_queries(questions), min(_HITS, len(vectors))
        )
        return [
            list(zip(map(int, row), map(float, score), strict=True))
            for row, score in zip(rows, scores, strict=True)
        ]

    def _vectors(self, progress: Progress | None) -> Vectors:
        """Read the vectors of the chunks; embed them the first time."""
        if self._file.exists() and len(vectors := np.load(self._file)) == len(self._texts):
            return np.asarray(vectors, dtype=np.float32)
        vectors = self._embedder.embed_passages(self._texts, progress)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        np.save(self._file, vectors)
        return vectors


class _LexicalRecipe:
    """BM25 as its package's page shows it."""

    def __init__(self, texts: Sequence[str], language: str | None) -> None:
        """Index `texts`, which are written in `language` if it has stems."""
        import bm25s
        import Stemmer
        from bm25s import stopwords

        self._stemmer = Stemmer.Stemmer(language) if language else None
        english = stopwords.STOPWORDS_EN
        words = getattr(stopwords, f"STOPWORDS_{language}".upper(), english)
        self._stop_words = list(words) if language else []
        self._index = bm25s.BM25()
        self._index.index(self._tokens(texts), show_progress=False)
        self._most = min(_HITS, len(texts))

    def search(self, question: str) -> list[tuple[int, float]]:
        """Find the best chunks: row and score."""
        rows, scores = self._index.retrieve(
            self._tokens([question]), k=self._most, show_progress=False
        )
        hits = zip(map(int, rows[0]), map(float, scores[0]), strict=True)
        return [(row, score) for row, score in hits if score > 0]

    def _tokens(self, texts: Sequence[str]) -> Any:  # noqa: ANN401  the package has no types
        """Cut texts into stems."""
        import bm25s

        return bm25s.tokenize(
            list(texts), stopwords=self._stop_words, stemmer=self._stemmer, show_progress=False
        )


def join_ranks(rankings: Sequence[Ranking]) -> Ranking:
    """Join rankings by the sum of 1 / (60 + rank)."""
    scores: dict[str, float] = defaultdict(float)
    for ranking in rankings:
        for rank, article in enumerate(ranking.articles, start=1):
            scores[article] += 1 / (_RRF + rank)
    ordered = sorted(scores, key=lambda article: -scores[article])
    return Ranking(tuple(ordered), max(scores.values(), default=0.0))


def _first(ranking: Ranking) -> Ranking:
    """Keep the articles that are measured."""
    return replace(ranking, articles=ranking.articles[:RANKS])


def splitter_of_the_recipe() -> Any:  # noqa: ANN401  imported late, for it is slow to load
    """Return the splitter of the recipe."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    return RecursiveCharacterTextSplitter(chunk_size=_CHUNK_CHARS, chunk_overlap=_OVERLAP_CHARS)
