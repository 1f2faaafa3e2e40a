"""The one object that the chat and the commands talk to."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import replace
from typing import Self

from index.address import Place, place_of
from index.embed import warm_embedder
from index.errors import QuestionTooLong
from index.places import open_store
from index.store import Store
from index.types import Embedder
from qa import cite
from qa.evidence import depends_on_dates, nearest_days
from qa.explain import missing_of
from qa.extract import Sentence, quoted, score_sentences, select, sentences_of
from qa.filters import Day, Filters, Names, emptied_by, read_filters, rows_let_through
from qa.in_use import SnapshotInUse, open_embedder_of
from qa.journal import Watch, stage, tell_answer, watching
from qa.judge import estimate, least_date
from qa.phrases import phrases
from qa.read import Reader, open_reader
from qa.remember import Remembered, RememberingReader
from qa.reread import reread
from qa.retrieval import Query, Retrieved, Stretch, prepare, retrieve, span_of
from qa.settings import DEFAULT, DEFAULT_READER, Settings
from qa.types import Answer, Passage, Question, Span
from qa.understand import History, understand


class Assistant:
    """Answers questions from a store, and follows its rebuilds between two questions."""

    def __init__(
        self,
        store: Place,
        content: Store,
        embedder: Embedder,
        reader: Reader | None,
        settings: Settings,
        *,
        pinned: bool,
    ) -> None:
        """Use `open` instead: it makes sure that the embedder is the store's."""
        self._snapshot = SnapshotInUse(store, content, embedder, pinned=pinned)
        self._reader = reader
        self._settings = settings
        self._answers = Remembered[Hashable, Answer]()
        self._lists = Remembered[Hashable, list[Passage]]()

    @classmethod
    def open(
        cls,
        store: str | Place | None = None,
        *,
        model: str | None = None,
        reader: str = DEFAULT_READER,
        settings: Settings = DEFAULT,
    ) -> Self:
        """Open the snapshot in force; when it is damaged, the newest whole one before it.

        Args:
            store: folder of snapshots, or address of an index in Milvus; `DEPECHE_STORE`, else
                ./store, if left out.
            model: name or path of the embedder; the one that built the store if left out.
            reader: "default", or "none" to rank and answer without one.
            settings: every knob of retrieval and answering.

        Raises:
            StoreMissing: if nothing was built there yet.
            StoreCorrupt: if no snapshot can be opened.
            ServerError: if it lies in Milvus, and cannot be opened there.
            EmbedderMismatch: if `model` is not the embedder that made the snapshot.
            ModelMissing: if the embedder is not on this machine.
            ReaderUnknown: if there is no reader of that name.
        """
        chosen = open_reader(reader)
        remembering = RememberingReader(chosen) if chosen is not None else None
        place = place_of(store)
        content = open_store(place, at_once=False)
        embedder = open_embedder_of(place, content, model)
        return cls(place, content, embedder, remembering, settings, pinned=model is not None)

    def warm(self) -> None:
        """Begin to load the models, and return at once."""
        if self._reader is not None:
            self._reader.warm()
        warm_embedder(self.index.model)

    @property
    def index(self) -> Store:
        """The snapshot in force; opened again when a rebuild has replaced it.

        A snapshot that cannot be opened leaves the one before in use.
        """
        return self._snapshot.follow()[0]

    @property
    def reader(self) -> Reader | None:
        """What reads a question and a text together; None if it is asked without one."""
        return self._reader

    @property
    def trouble(self) -> str | None:
        """Why another snapshot than the one in force answers, and what mends it; None if none."""
        return self._snapshot.trouble

    def retrieve(
        self,
        question: str,
        k: int = 5,
        *,
        after: Day = None,
        before: Day = None,
        sources: Names = None,
        languages: Names = None,
        words: Names = None,
        ignore: Collection[str] = (),
    ) -> list[Passage]:
        """Find the `k` passages that answer best, best first.

        Args:
            question: in any language.
            k: how many at most.
            after: first day let through: a date, or "2025", "2025-05", "2025-05-12".
            before: last day let through, included; the same forms.
            sources: names of sources, or folders of the corpus, in one of which the article lies.
            languages: codes or names of languages, one of which is the article's.
            words: words or phrases that all stand in the article's title or text. Case is not
                heeded; an accent is where it is typed, and left out it may be there or not, since
                many keyboards lack it.
            ignore: parts of what is understood not to heed: dates, by their `text`; "language"
                when it is guessed wrong.

        Returns:
            Passages with their quotes; none when the question holds nothing to search for.

        Raises:
            PeriodInvalid: if `after` or `before` is no date.
            PeriodEmpty: if `after` lies behind `before`.
            QuestionTooLong: if the question has too many characters.
        """
        with watching("search", question) as watch:
            self._check_length(question)
            filters = read_filters(after, before, sources, languages, words)
            with stage("understand"):
                understood = understand(question, ignore=ignore)
            found = self._passages_for(understood, k, filters, watch) if k > 0 else []
            watch.tell(language=understood.language, dates=len(understood.dates), k=k)
            watch.tell(passages=len(found))
        return found

    def _passages_for(
        self, understood: Question, k: int, filters: Filters, watch: Watch
    ) -> list[Passage]:
        """Find the `k` passages that answer best."""
        if not _asks(understood):
            return []

        def from_snapshot(index: Store, embedder: Embedder) -> list[Passage]:
            """Find them in one snapshot."""
            watch.tell(snapshot=index.name)

            def find() -> list[Passage]:
                """Find them."""
                query, found = self._find(understood, index, embedder, filters, listing=True)
                stretches = found.stretches[:k]
                sentences = self._sentences(query, stretches, found, index, embedder)
                return _passages(stretches, sentences, query, index, self._settings)

            return list(self._lists.get((index.name, understood, filters, k), find))

        return self._snapshot.answer(from_snapshot)

    def ask(
        self,
        question: str,
        history: History = (),
        *,
        after: Day = None,
        before: Day = None,
        sources: Names = None,
        languages: Names = None,
        words: Names = None,
        ignore: Collection[str] = (),
    ) -> Answer:
        """Answer a question with the exact words of the articles, or say that they do not.

        Args:
            question: in any language.
            history: earlier (question, answer text) pairs, oldest first.
            after: first day let through, as in `retrieve`, and so on.
            before: last day let through, included.
            sources: names of sources, or folders.
            languages: of the articles.
            words: exact words or phrases of the articles.
            ignore: as in `retrieve`; also "follow-up", to forget the history.

        Raises:
            PeriodInvalid: if `after` or `before` is no date.
            PeriodEmpty: if `after` lies behind `before`.
        """
        with watching("question", question) as watch:
            filters = read_filters(after, before, sources, languages, words)
            limit = self._settings.max_question_chars
            with stage("understand"):
                understood = understand(question[:limit], history, ignore=ignore)
            answer = self._reply(understood, len(question), filters, watch)
            tell_answer(watch, answer, self._settings.read_passages)
        return replace(answer, seconds=watch.seconds)

    def _reply(self, understood: Question, length: int, filters: Filters, watch: Watch) -> Answer:
        """Answer what was understood of a question of `length` characters, or refuse it."""
        limit = self._settings.max_question_chars
        said = phrases(understood.language)
        if length > limit:
            sentence = said.too_long.format(length=length, limit=limit)
            return cite.refuse(understood, sentence)
        if not _asks(understood):
            return cite.refuse(understood, said.empty)

        def from_snapshot(index: Store, embedder: Embedder) -> Answer:
            """Answer out of one snapshot."""
            watch.tell(snapshot=index.name)

            def find() -> Answer:
                """Answer."""
                query, found = self._find(understood, index, embedder, filters)
                answer = self._answer(query, found, index, embedder)
                if found.stretches:
                    return answer
                # some row is always the nearest, unless the filters let none through
                return replace(answer, emptied_by=emptied_by(index, filters))

            return self._answers.get((index.name, understood, filters), find)

        return self._snapshot.answer(from_snapshot)

    def _find(
        self,
        understood: Question,
        index: Store,
        embedder: Embedder,
        filters: Filters,
        *,
        listing: bool = False,
    ) -> tuple[Query, Retrieved]:
        """Find the stretches that may answer, best first; more carefully ordered for a list."""
        settings, reader = self._settings, self._reader
        if reader is not None:
            reader.warm()  # it is loaded while the embedder is, and the search goes on
        with stage("search"):
            query = prepare(understood, embedder, index)
            allowed = rows_let_through(index, filters)
            found = retrieve(
                query, index, settings, reader=reader, allowed=allowed, listing=listing
            )
            return query, found

    def _sentences(
        self,
        query: Query,
        stretches: Sequence[Stretch],
        found: Retrieved,
        index: Store,
        embedder: Embedder,
    ) -> list[Sentence]:
        """Score the sentences of the stretches, best first."""
        settings = self._settings
        with stage("sentences"):
            scored = score_sentences(query, stretches, found.readings, index, embedder, settings)
            if self._reader is None or not found.readings:
                return scored
            return reread(query.question, scored, self._reader, settings)

    def _answer(self, query: Query, found: Retrieved, index: Store, embedder: Embedder) -> Answer:
        """Quote what answers, or abstain."""
        settings, question = self._settings, query.question
        stretches = found.stretches[: settings.read_passages]
        sentences = self._sentences(query, stretches, found, index, embedder)
        passages = _passages(stretches, sentences, query, index, settings)
        confidence = estimate(query, found, settings)
        if passages and depends_on_dates(question):
            least = least_date(query, settings)
            sentences = [sentence for sentence in sentences if sentence.date >= least]
            if not sentences:
                nearest = nearest_days(question, index)
                return cite.abstain(question, passages, no_news=True, nearest=nearest)
        if not sentences or confidence < settings.answer_probability:
            missing = missing_of(query, found.rows, index)
            answer = cite.abstain(question, passages, missing=missing)
            return replace(answer, confidence=confidence if sentences else 0.0)
        chosen = [quoted(sentence) for sentence in select(sentences, query, settings)]
        days = {(one.article.id, one.span): one.day for one in chosen if one.day is not None}
        answer = cite.compose(question, chosen, passages, days=days)
        return replace(answer, confidence=confidence)

    def _check_length(self, question: str) -> None:
        """Refuse a question that the embedder would read the start of only."""
        if len(question) > self._settings.max_question_chars:
            raise QuestionTooLong(len(question), self._settings.max_question_chars)


def _asks(question: Question) -> bool:
    """Whether a question holds anything to search for: a word or a date."""
    return any(character.isalnum() for character in question.heeded)


def _passages(
    stretches: Sequence[Stretch],
    sentences: Sequence[Sentence],
    query: Query,
    index: Store,
    settings: Settings,
) -> list[Passage]:
    """Turn stretches into passages, with the quotes of each, best first."""
    passages = []
    for place, stretch in enumerate(stretches):
        own = [sentence for sentence in sentences if sentence.stretch == place]
        article = index.articles[stretch.position]
        start, end = _widen(span_of(stretch, index), sentences_of(stretch, index))
        quotes = tuple(quoted(sentence).span for sentence in select(own, query, settings))
        passages.append(
            Passage(article, start, end, article.text[start:end], stretch.score, place + 1, quotes)
        )
    return passages


def _widen(span: Span, sentences: Sequence[Span]) -> Span:
    """Widen a span to hold its sentences whole; a chunk may end in the middle of one."""
    return span[0], max([span[1], *(end for _start, end in sentences)])
