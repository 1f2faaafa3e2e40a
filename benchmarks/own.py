"""Our own questions: on the sample articles, and on three real ones where they are at hand.

The sample: forty questions in five languages, twelve without an answer: subjects far away, matters
nearby that the articles leave open, days without news. Those marked `quick` are the part of the
benchmark that `make test` runs.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import index
from benchmarks.asking import Query
from benchmarks.provenance import ROOT
from index.types import Article, Embedder, Progress

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class OwnSet:
    """A folder of articles as people have them, and our questions on it.

    Attributes:
        name: for the report.
        corpus: folder of articles.
        questions: file of questions, one JSON object a line; sentences that answer may be given
            as spans without text, by offset.
    """

    name: str
    corpus: Path
    questions: Path

    def build(self, store: Path, embedder: Embedder, progress: Progress | None = None) -> None:  # noqa: ARG002
        """Index the articles as a user would."""
        index.build(self.corpus, store, progress=progress)

    def queries(self, articles: Sequence[Article]) -> list[Query]:
        """Read all the questions: nothing is fitted to these articles."""
        texts = {article.id: article.text for article in articles}
        # only a line feed ends a line
        lines = self.questions.read_text(encoding="utf-8").split("\n")
        queries: list[Query] = [json.loads(line) for line in lines if line]
        for query in queries:
            if any("text" not in span for span in query["spans"]):
                query["sentences"] = [
                    {"doc": span["doc"], "text": texts[span["doc"]][span["start"] : span["end"]]}
                    for span in query.pop("spans")
                ]
        return queries


SAMPLE = OwnSet("sample", ROOT / "corpus", _HERE / "questions" / "sample.jsonl")
SEEDS = OwnSet("seeds", ROOT.parent / "shared" / "seeds", _HERE / "gold" / "seeds.jsonl")


def own_sets() -> list[OwnSet]:
    """List those whose articles are here."""
    return [own for own in (SAMPLE, SEEDS) if own.corpus.is_dir()]
