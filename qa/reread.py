"""The best sentences, read once more by themselves.

In a passage the reader weighs a sentence against those around it; alone, with the title of its
article, it tells more sharply whether that sentence answers.
"""

from collections.abc import Sequence
from dataclasses import replace

from index.chunk import introduce
from qa.extract import Sentence
from qa.read import Reader, ReadText
from qa.settings import Settings
from qa.types import Question


def reread(
    question: Question, sentences: Sequence[Sentence], reader: Reader, settings: Settings
) -> list[Sentence]:
    """Read the best sentences alone and add what the reader says to their scores.

    A sentence that was not read again counts as the least relevant one that was.

    Args:
        question: what was asked.
        sentences: scored, best first.
        reader: reads them.
        settings: how many are read, and what that counts.

    Returns:
        All sentences, best first.
    """
    best = sentences[: settings.reread_sentences]
    if not best:
        return list(sentences)
    texts = [
        ReadText(introduce(found.article), found.article.text[slice(*found.span)]) for found in best
    ]
    relevances = [reading.relevance for reading in reader.read(question.standalone, texts)]
    relevances += [min(relevances)] * (len(sentences) - len(best))
    joined = [
        replace(found, score=found.score + settings.reread_weight * relevance)
        for found, relevance in zip(sentences, relevances, strict=True)
    ]
    return sorted(joined, key=lambda found: (-found.score, found.stretch, found.span))
