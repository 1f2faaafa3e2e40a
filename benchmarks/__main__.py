"""What each side of the search finds, alone and fused, on questions that nothing was tuned on.

    python -m benchmarks [QUESTION_SETS] [--work build/bench] [--sets piaf_fr ntrex_fr ...]

Prints nDCG@10 and the share of questions whose best article is the right one, by set and language,
over the fifth of the articles that is held out.
"""

import argparse
import sys
from collections import defaultdict
from pathlib import Path
from statistics import mean

import numpy as np

from benchmarks.sets import is_held_out, open_set, read_queries
from index.embed import open_embedder
from index.progress import TerminalProgress
from index.store import Store
from index.types import Embedder
from qa.evaluate import ndcg
from qa.fuse import Candidates, fuse
from qa.retrieval import find_candidates, prepare
from qa.settings import DEFAULT
from qa.types import Question

_SETS = ("piaf_fr", "afriqa_fr", "ntrex_fr", "xquad_en", "xquad_vi")
_RANKS = 10
_SIDES = ("dense", "lexical", "fused")

Figures = dict[tuple[str, str], list[tuple[float, bool]]]
"""nDCG and success by language and side, one for each question."""


def rank_articles(candidates: Candidates, store: Store, side: str) -> list[str]:
    """Order the articles of the candidates by one side's score, best first."""
    scores = {
        "dense": candidates.dense,
        "lexical": candidates.lexical,
        "fused": fuse(candidates, DEFAULT),
    }[side]
    order = np.lexsort((candidates.rows, -scores))
    positions = store.article_of_row[candidates.rows[order]]
    return list(dict.fromkeys(store.articles[position].id for position in positions))


def measure_set(folder: Path, store: Store, embedder: Embedder) -> Figures:
    """Ask every question of a set whose articles are all held out."""
    figures: Figures = defaultdict(list)
    for record in read_queries(folder):
        relevant = frozenset(record["relevant"])
        if not relevant or not all(map(is_held_out, relevant)):
            continue
        question = Question(record["question"], record["question"], record["lang"])
        candidates = find_candidates(prepare(question, embedder, store), store, DEFAULT)
        for side in _SIDES:
            ranked = rank_articles(candidates, store, side)[:_RANKS]
            found = (ndcg(ranked, relevant, _RANKS), ranked[0] in relevant)
            figures[question.language, side].append(found)
    return figures


def main() -> int:
    """Measure every set that is there, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/eval"))
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    parser.add_argument("--sets", nargs="*", default=list(_SETS))
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        sys.exit(f"There is no folder of question sets at {arguments.folder}. Name one.")
    embedder = open_embedder()
    print("| set | language | questions | dense | lexical | fused |\n|---|---|---:|---:|---:|---:|")
    for name in arguments.sets:
        with TerminalProgress() as progress:
            folder = arguments.folder / name
            store = open_set(folder, arguments.work / name, embedder, progress=progress)
        figures = measure_set(folder, store, embedder)
        for language in sorted({language for language, _side in figures}):
            print(_row(name, language, figures), flush=True)
    return 0


def _row(name: str, language: str, figures: Figures) -> str:
    """Write one row of the table: nDCG@10, then success@1."""
    cells = []
    for side in _SIDES:
        found = figures[language, side]
        cells.append(f"{mean(gain for gain, _ in found):.3f} / {mean(hit for _, hit in found):.3f}")
    return f"| {name} | {language} | {len(found)} | {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
