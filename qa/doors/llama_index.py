"""A retriever for LlamaIndex; `pip install 'depeche[llama-index]'` brings what it needs.

from qa.doors.llama_index import DepecheRetriever

engine = RetrieverQueryEngine.from_args(DepecheRetriever(store="store", k=5), llm=model)
"""

from datetime import date
from pathlib import Path

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

import qa
from qa.shown import passage_record
from qa.types import Passage


class DepecheRetriever(BaseRetriever):
    """Finds passages; each is a node with the words of its article.

    A node's metadata are those that `depeche search --json` prints; a model is shown title and day
    of them.
    """

    def __init__(
        self,
        store: str | Path | None = None,
        k: int = 5,
        *,
        after: date | str | None = None,
        before: date | str | None = None,
        sources: tuple[str, ...] | None = None,
        languages: tuple[str, ...] | None = None,
        words: tuple[str, ...] | None = None,
    ) -> None:
        """Find the `k` passages of `store` that answer best; filters as in `qa.retrieve`."""
        super().__init__()
        self._store, self._k = store, k
        self._after, self._before = after, before
        self._sources, self._languages, self._words = sources, languages, words

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """Find the passages, best first.

        Raises:
            DepecheError: what `qa.retrieve` raises.
        """
        found = qa.retrieve(
            query_bundle.query_str,
            self._k,
            store=self._store,
            after=self._after,
            before=self._before,
            sources=self._sources,
            languages=self._languages,
            words=self._words,
        )
        return [_node(passage) for passage in found]


_SHOWN = frozenset({"title", "published"})


def _node(passage: Passage) -> NodeWithScore:
    """Return a passage as a node."""
    record = passage_record(passage)
    text = record.pop("text")
    node = TextNode(
        id_=record["link"],
        text=text,
        metadata=record,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        excluded_llm_metadata_keys=sorted(record.keys() - _SHOWN),
    )
    return NodeWithScore(node=node, score=passage.score)
