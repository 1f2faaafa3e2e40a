"""True sentences with the passage that proves them, out of public sets.

A sentence of an article, word for word; the same sentence as another translator wrote it, in the
article's language or another one. Nobody wrote them for this measurement.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.sets import read_articles, read_queries, split_number
from index.types import Article
from qa.sentences import quotable_sentences
from qa.types import Span
from qa.written.types import Source

Half = Literal["develop", "report"]

# the articles that training never saw are told by the remainder of 5: halves must not follow it
_TRAINING_PARTS = 5

# of each set of parallel paragraphs; every sentence of them is checked
_MOST_PARAGRAPHS = 20

_MOST_NEIGHBOURS = 2
_LEAST_SENTENCES = 3

# a sentence of this many characters says something, and is one that a model would write
_LENGTHS = range(40, 400)

# the languages that negations and numbers in words are known of
_LANGUAGES = frozenset(["en", "vi", "fr-CA", "de", "es"])

# news in French with a day of publication: `dated_fr` has other kinds of text too
_NEWS = "wn-"


@dataclass(frozen=True, slots=True)
class Truth:
    """A true sentence.

    Attributes:
        id: of its question or article.
        text: the sentence.
        language: its language, ISO 639-1.
        direction: "fr-fr" word for word, "fr'-fr" in another translator's words, else the languages
            of the sentence and of the passage: "en-fr", "vi-en".
        source: the passage it cites, of three to five sentences, or a paragraph.
    """

    id: str
    text: str
    language: str
    direction: str
    source: Source


def half_of(article: str) -> Half:
    """Return the half of the documents that an article belongs to, whatever its language."""
    return "report" if split_number(article) // _TRAINING_PARTS % 2 else "develop"


def read_truths(folder: Path, half: Half) -> list[Truth]:
    """Read the true sentences of one half; the other half is not looked at."""
    return [
        *_translated(folder / "ntrex_fr", half),
        *_quoted(folder / "dated_fr", half),
        *_parallel(folder / "xquad_en", folder / "xquad_vi", half),
        *_parallel(folder / "xquad_vi", folder / "xquad_en", half),
    ]


def _translated(folder: Path, half: Half) -> Iterator[Truth]:
    """Yield sentences of news beside their French translation, and the French ones themselves."""
    documents = _documents(folder, half)
    for article, _places in documents:
        yield from _sentences_of(article)
    where = {passage: (article, span) for article, spans in documents for passage, span in spans}
    for query in read_queries(folder):
        language, passage = query["lang"], query["relevant"][0]
        if query["kind"] != "sentence" or passage not in where:
            continue
        if language not in _LANGUAGES:
            continue
        article, span = where[passage]
        direction = "fr'-fr" if language == "fr-CA" else f"{language}-fr"
        source = Source(1, article, *_widened(article, span))
        yield Truth(query["id"], query["question"], language[:2], direction, source)


def _documents(folder: Path, half: Half) -> list[tuple[Article, list[tuple[str, Span]]]]:
    """Join the passages of each document; with where each passage stands."""
    parts: dict[str, list[Article]] = defaultdict(list)
    for part in read_articles(folder):
        if half_of(part.id) == half:
            parts[part.id.rpartition("-")[0]].append(part)
    documents = []
    for name, passages in parts.items():
        text, places = "", []
        for passage in passages:
            places.append((passage.id, (len(text), len(text) + len(passage.text))))
            text += passage.text + "\n\n"
        documents.append((Article(name, passages[0].title, text.rstrip() + "\n"), places))
    return documents


def _quoted(folder: Path, half: Half) -> Iterator[Truth]:
    """Yield the sentences of French news with a date."""
    for article in read_articles(folder):
        if article.id.startswith(_NEWS) and half_of(article.id) == half:
            yield from _sentences_of(article)


def _parallel(folder: Path, other: Path, half: Half) -> Iterator[Truth]:
    """Yield the sentences of paragraphs beside the same paragraph in another language."""
    same = {split_number(article.id): article for article in read_articles(other)}
    inside = [one for one in read_articles(folder) if half_of(one.id) == half]
    for article in inside[:_MOST_PARAGRAPHS]:
        source = same.get(split_number(article.id))
        if source is None:
            continue
        cited = Source(1, source, 0, len(source.text))
        for start, end in quotable_sentences(article):
            text = article.text[start:end]
            if len(text) in _LENGTHS and "\n" not in text:
                direction = f"{article.language}-{source.language}"
                yield Truth(f"{article.id}:{start}", text, article.language, direction, cited)


def _sentences_of(article: Article) -> Iterator[Truth]:
    """Yield the sentences of an article that a model might copy."""
    for span in quotable_sentences(article):
        text = article.text[slice(*span)]
        if len(text) in _LENGTHS and "\n" not in text:
            source = Source(1, article, *_widened(article, span))
            yield Truth(f"{article.id}:{span[0]}", text, article.language, "fr-fr", source)


def _widened(article: Article, span: Span) -> Span:
    """Return a passage of three to five sentences around a span."""
    sentences: Sequence[Span] = quotable_sentences(article)
    inside = [n for n, (start, end) in enumerate(sentences) if start < span[1] and end > span[0]]
    if not inside or len(inside) >= _LEAST_SENTENCES:
        return span
    more = 1 if len(inside) > 1 else _MOST_NEIGHBOURS
    first = max(0, inside[0] - more)
    last = min(len(sentences) - 1, inside[-1] + more)
    return min(span[0], sentences[first][0]), max(span[1], sentences[last][1])
