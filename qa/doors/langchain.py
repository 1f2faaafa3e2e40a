"""A retriever for LangChain; `pip install 'depeche[langchain]'` brings what it needs.

from qa.doors.langchain import DepecheRetriever

retriever = DepecheRetriever(store="store", k=5, after="2025")
chain = {"context": retriever, "question": RunnablePassthrough()} | prompt | model
"""

from datetime import date
from pathlib import Path

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

import qa
from qa.shown import passage_record


class DepecheRetriever(BaseRetriever):
    """Finds passages; each is a document with the words of its article.

    Its metadata are those that `depeche search --json` prints: article, title, day, address, place
    in the article's text (`start`, `end`; characters, end excluded), score, rank, `quotes` (the
    spans of that text that answer) and permanent link.

    Attributes:
        store: folder of the index; `DEPECHE_STORE`, else ./store, if None.
        k: how many passages at most.
        after: first day let through: a date, or "2025", "2025-05", "2025-05-12".
        before: last day let through, included; the same forms.
        sources: names of sources or folders, in one of which an article lies.
        languages: codes or names of languages, one of which is the article's.
        words: words or phrases that all stand in the article.
    """

    store: str | Path | None = None
    k: int = 5
    after: date | str | None = None
    before: date | str | None = None
    sources: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    words: tuple[str, ...] | None = None

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002  LangChain names it
    ) -> list[Document]:
        """Find the passages that answer best, best first.

        Raises:
            DepecheError: what `qa.retrieve` raises.
        """
        found = qa.retrieve(
            query,
            self.k,
            store=self.store,
            after=self.after,
            before=self.before,
            sources=self.sources,
            languages=self.languages,
            words=self.words,
        )
        documents = []
        for passage in found:
            record = passage_record(passage)
            text = record.pop("text")
            documents.append(Document(page_content=text, metadata=record, id=record["link"]))
        return documents
