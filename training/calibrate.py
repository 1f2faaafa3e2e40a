"""Fit the probability that the best passage answers, and state what it reaches.

    python -m training.calibrate QUESTION_SETS --work build/calibration

Every question is asked twice: of a corpus that answers it, and of the same without the articles
that do (or all articles of their title). The corpus is the whole set, a random handful of its
passages, or the handful nearest to the answer, a third of the time each: people ask archives, small
folders, and folders about one story. Fitted on four fifths of the articles, reported on the fifth
never fitted on.
"""

import argparse
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.sets import is_held_out, open_set, read_queries
from index.embed import open_embedder
from index.progress import TerminalProgress
from index.store import Store
from index.types import Embedder
from qa.calibration import Signals
from qa.confidence import measure
from qa.fuse import score_content
from qa.retrieval import find_candidates, prepare
from qa.settings import DEFAULT
from qa.types import Question

_SETS = ("piaf_fr", "afriqa_fr", "xquad_en", "xquad_vi")
_SMALL_CORPUS = (10, 200)
_SEED = 12


@dataclass(frozen=True, slots=True)
class Example:
    """The signals of one question asked of one corpus, and whether the corpus answers."""

    name: str
    signals: Signals
    answered: bool
    foreign: bool
    held_out: bool


def examples_of(
    name: str, folder: Path, store: Store, embedder: Embedder, most: int | None
) -> Iterator[Example]:
    """Ask the questions of a set (`most` of them) with and without the articles that answer."""
    positions = {article.id: position for position, article in enumerate(store.articles)}
    titles = np.array([zlib.crc32(article.title.encode()) for article in store.articles])
    queries = [
        query
        for query in read_queries(folder)
        if query["relevant"] and positions.keys() >= set(query["relevant"])
    ]
    random = np.random.default_rng(_SEED)
    random.shuffle(queries)
    for record in queries[:most]:
        question = Question(record["question"], record["question"], record["lang"])
        relevant = [positions[article] for article in record["relevant"]]
        query = prepare(question, embedder, store)
        for answered in (True, False):
            rows = _rows(store, relevant, titles, random, answered=answered)
            candidates = find_candidates(query, store, DEFAULT, rows)
            content = score_content(candidates, DEFAULT)
            signals = measure(candidates, content, DEFAULT.published_after)
            foreign = question.language not in store.languages
            held_out = any(map(is_held_out, record["relevant"]))
            yield Example(f"{name} {question.language}", signals, answered, foreign, held_out)


def _rows(
    store: Store,
    relevant: Sequence[int],
    titles: NDArray[np.int64],
    random: np.random.Generator,
    *,
    answered: bool,
) -> NDArray[np.int64]:
    """Choose the rows that stand for the corpus."""
    same = np.isin(store.article_of_row, relevant)
    related = np.isin(titles, titles[relevant])[store.article_of_row]
    allowed = _corpus(store, same, random) | related
    if not answered:
        allowed &= ~(same if random.random() < 0.5 else related)
    return np.flatnonzero(allowed)


def _corpus(
    store: Store, answering: NDArray[np.bool_], random: np.random.Generator
) -> NDArray[np.bool_]:
    """Choose the whole set, a random handful of rows, or the handful nearest to the answer."""
    kind = random.integers(3)
    if kind == 0:
        return np.ones(len(store.chunks), dtype=bool)
    count = min(len(store.chunks), int(random.integers(*_SMALL_CORPUS)))
    if kind == 1:
        chosen = random.choice(len(store.chunks), count, replace=False)
    else:
        answer = store.vectors.vectors(np.flatnonzero(answering)).mean(axis=0)
        chosen = np.array([hit.row for hit in store.search_dense(answer, count)])
    allowed = np.zeros(len(store.chunks), dtype=bool)
    allowed[chosen] = True
    return allowed


def fit(examples: Sequence[Example]) -> LogisticRegression:
    """Fit the logistic model on the examples that are not held out."""
    training = [example for example in examples if not example.held_out]
    model = LogisticRegression(C=1000.0, max_iter=10_000)
    return model.fit(
        [astuple(example.signals) for example in training],
        [example.answered for example in training],
    )


def report(model: LogisticRegression, examples: Sequence[Example]) -> None:
    """Print the coefficients, and by set what they reach on the examples held out."""
    intercept = float(model.intercept_[0])
    above, coverage, lead = (float(value) for value in model.coef_[0])
    print(f"{intercept=:.3f} {above=:.3f} {coverage=:.3f} {lead=:.3f}")
    groups: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        if example.held_out:
            groups[example.name].append(example)
            groups["all"].append(example)
    for name, group in sorted(groups.items()):
        answered = np.array([example.answered for example in group])
        chances = model.predict_proba([astuple(example.signals) for example in group])[:, 1]
        auroc = roc_auc_score(answered, chances)
        given = chances >= DEFAULT.answer_probability
        print(
            f"  {name:<14}{len(group):>6} questions, AUROC {auroc:.3f}, "
            f"abstained {np.mean(~given[~answered]):.3f}, refused {np.mean(~given[answered]):.3f}"
        )


def main() -> None:
    """Fit both models and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, help="folder of question sets")
    parser.add_argument("--work", type=Path, default=Path("build/calibration"))
    parser.add_argument("--articles", type=int, help="articles of each set (all)")
    parser.add_argument("--questions", type=int, help="questions of each set (all)")
    arguments = parser.parse_args()
    embedder = open_embedder()
    examples: list[Example] = []
    for name in _SETS:
        with TerminalProgress() as progress:
            folder, work = arguments.sets / name, arguments.work / name
            store = open_set(folder, work, embedder, most=arguments.articles, progress=progress)
        examples.extend(examples_of(name, folder, store, embedder, arguments.questions))
    for foreign in (False, True):
        chosen = [example for example in examples if example.foreign == foreign]
        print("foreign" if foreign else "native", end=": ")
        report(fit(chosen), chosen)


if __name__ == "__main__":
    main()
