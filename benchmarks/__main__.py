"""Measure the product, its parts and what people use today, on questions nothing was tuned on.

    python -m benchmarks [QUESTION_SETS] [--sets piaf_fr ...] [--baselines [piaf_fr ...]] [--quick]

Writes benchmarks/results/COMMIT.json and prints its tables. A run that is stopped goes on where it
was; sets measured one after the other at the same code come together in one file.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.asking import ALWAYS_ANSWER, MOST, Query, ask_all, sample
from benchmarks.baselines import Baselines
from benchmarks.own import OwnSet, own_sets
from benchmarks.provenance import provenance
from benchmarks.report import tables
from benchmarks.results import figures_of_set, read_results, write_results
from benchmarks.sets import PublicSet, public_sets
from benchmarks.sides import Ranking
from index.embed import open_embedder
from index.errors import DepecheError
from index.progress import TerminalProgress
from index.types import Article, Embedder, Progress
from qa.assistant import Assistant
from qa.settings import DEFAULT_READER, READERS

_RESULTS = Path(__file__).with_name("results")

_MOST_QUICK = 50

Set = OwnSet | PublicSet


class _Run:
    """One run: what all sets share."""

    def __init__(self, arguments: argparse.Namespace, code: str) -> None:
        """Open the embedder once.

        Args:
            arguments: of the command.
            code: digest of the code that answers.
        """
        self._work: Path = arguments.work
        self._reader: str = arguments.reader
        self._most: int | None = arguments.most
        self._baselines: list[str] | None = arguments.baselines
        self._code = code
        self._embedder: Embedder = open_embedder()

    def measure(self, chosen: Set, progress: Progress) -> dict[str, Any]:
        """Measure one set."""
        store = self._work / chosen.name
        chosen.build(store, self._embedder, progress)
        assistant = Assistant.open(store, reader=self._reader, settings=ALWAYS_ANSWER)
        articles = assistant.index.articles
        queries = sample(chosen.queries(articles), self._most)
        kept = self._work / "outcomes" / f"{chosen.name}-{self._code}-{self._reader}.jsonl"
        asked = ask_all(queries, assistant, self._embedder, kept, progress)
        baselines = self._rank_baselines(chosen.name, articles, queries, progress)
        for one, sides in zip(asked, baselines, strict=True):
            one.sides.update(sides)
        return {
            "articles": len(articles),
            "chunks": len(assistant.index.chunks),
            **figures_of_set(asked, assistant.index.languages),
        }

    def _rank_baselines(
        self, name: str, articles: Sequence[Article], queries: Sequence[Query], progress: Progress
    ) -> list[dict[str, Ranking]]:
        """Ask the baselines, if they are wanted or cost nothing any more."""
        vectors = self._work / "recipe" / f"{name}.npy"
        wanted = self._baselines is not None and name in (self._baselines or [name])
        if not wanted and not vectors.exists():
            return [{} for _ in queries]
        baselines = Baselines(articles, vectors, self._embedder)
        return baselines.rank([query["question"] for query in queries], progress)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every set that is asked for, write the figures and print them."""
    parsed = _parser().parse_args(arguments)
    facts = {**provenance(), "reader": parsed.reader, "most": parsed.most}
    path = _file(parsed, facts["commit"])
    try:
        chosen = _choose(parsed.folder, parsed.sets)
        run = _Run(parsed, facts["code"])
        for one in chosen:
            print(f"{one.name} …", file=sys.stderr, flush=True)
            with TerminalProgress() as progress:
                figures = run.measure(one, progress)
            write_results(path, {**facts, "sets": {one.name: figures}})
    except (DepecheError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    print(tables(read_results(path)))
    print(f"\nWritten to {path}.", file=sys.stderr)
    return 0


def _choose(folder: Path, names: Sequence[str] | None) -> list[Set]:
    """Return the sets of these names, all if there are none; our own need no folder."""
    there: dict[str, Set] = {own.name: own for own in own_sets()}
    if names is None or not there.keys() >= set(names):
        there |= {public.name: public for public in public_sets(folder)}
    if missing := [name for name in names or [] if name not in there]:
        raise FileNotFoundError(f"There is no set {missing[0]}. There are: {', '.join(there)}.")
    return [there[name] for name in names or there]


def _parser() -> argparse.ArgumentParser:
    """Describe the options."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=Path("../shared/eval"),
        help="question sets, or one of them (../shared/eval)",
    )
    parser.add_argument("--sets", nargs="+", metavar="SET", help="names (all, the smallest first)")
    parser.add_argument(
        "--baselines",
        nargs="*",
        metavar="SET",
        help="measure the usual recipe and BM25 too, on these sets (all); what they embed is kept",
    )
    parser.add_argument("--reader", default=DEFAULT_READER, choices=READERS)
    parser.add_argument("--work", type=Path, default=Path("build/bench"), help="what is kept")
    amount = parser.add_mutually_exclusive_group()
    amount.add_argument(
        "--most",
        type=int,
        default=MOST,
        metavar="N",
        help=f"questions of each set, evenly from its languages ({MOST})",
    )
    amount.add_argument(
        "--quick",
        dest="most",
        action="store_const",
        const=_MOST_QUICK,
        help=f"{_MOST_QUICK} questions of each set, written to the work folder",
    )
    return parser


def _file(arguments: argparse.Namespace, commit: str) -> Path:
    """Choose where the figures are written; only those of the whole go among the results."""
    if arguments.most == MOST and arguments.reader == DEFAULT_READER:
        return _RESULTS / f"{commit}.json"
    return Path(arguments.work / f"{commit}-{arguments.most}-{arguments.reader}.json")


if __name__ == "__main__":
    sys.exit(main())
