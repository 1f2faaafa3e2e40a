"""The one object that the chat and the commands talk to."""

import threading
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from index.embed import open_embedder
from index.errors import DepecheError, EmbedderMismatch, QuestionTooLong
from index.history import open_store, trouble_of
from index.snapshot import current_name, default_store, open_snapshot
from index.store import Store
from index.types import Embedder
from qa import cite
from qa.evidence import depends_on_dates, nearest_days
from qa.explain import missing_of
from qa.extract import Sentence, quoted, score_sentences, select, sentences_of
from qa.filters import Day, Filters, Names, emptied_by, read_filters, rows_let_through
from qa.journal import Watch, stage, tell_answer, watching
from qa.judge import estimate, least_date
from qa.phrases import phrases
from qa.read import Reader, open_reader
from qa.remember import RememberingEmbedder, RememberingReader
from qa.reread import reread
from qa.retrieval import Query, Retrieved, Stretch, prepare, retrieve, span_of
from qa.settings import DEFAULT, DEFAULT_READER, Settings
from qa.types import Answer, Passage, Question, Span
from qa.understand import History, understand

# a snapshot that could not be opened may be mended in its place; opening reads all of it
_TRY_AGAIN_SECONDS = 30.0


class Assistant:
    """Answers questions from a store, and follows its rebuilds between two questions."""

    def __init__(
        self,
        store: Path,
        content: Store,
        embedder: Embedder,
        reader: Reader | None,
        settings: Settings,
        *,
        pinned: bool,
    ) -> None:
        """Use `open` instead: it makes sure that the embedder is the store's."""
        self._store = store
        # one attribute, so that no question takes the snapshot of one build and the embedder of
        # another
        self._in_use = content, embedder
        self._reader = reader
        self._settings = settings
        self._pinned = pinned
        self._trouble = content.trouble
        # the snapshot in force that could not be opened, and when that was tried
        self._refused = "", 0.0
        self._lock = threading.Lock()

    @classmethod
    def open(
        cls,
        store: str | Path | None = None,
        *,
        model: str | None = None,
        reader: str = DEFAULT_READER,
        settings: Settings = DEFAULT,
    ) -> Self:
        """Open the snapshot in force; when it is damaged, the newest whole one before it.

        Args:
            store: folder of snapshots; `DEPECHE_STORE`, else ./store, if left out.
            model: name or path of the embedder; the one that built the store if left out.
            reader: "default", or "none" to rank and answer without one.
            settings: every knob of retrieval and answering.

        Raises:
            StoreMissing: if nothing was built there yet.
            StoreCorrupt: if no snapshot can be opened.
            EmbedderMismatch: if `model` is not the embedder that made the snapshot.
            ModelMissing: if the embedder is not on this machine.
            ReaderUnknown: if there is no reader of that name.
        """
        chosen = open_reader(reader)
        remembering = RememberingReader(chosen) if chosen is not None else None
        path = Path(store) if store is not None else default_store()
        content = open_store(path)
        embedder = _open_embedder_of(path, content, model)
        return cls(path, content, embedder, remembering, settings, pinned=model is not None)

    @property
    def index(self) -> Store:
        """The snapshot in force; opened again when a rebuild has replaced it.

        A snapshot that cannot be opened leaves the one before in use.
        """
        return self._follow()[0]

    @property
    def trouble(self) -> str | None:
        """Why another snapshot than the one in force answers, and what mends it; None if none."""
        self._follow()
        return self._trouble

    def _follow(self) -> tuple[Store, Embedder]:
        """Return the snapshot in force and its embedder, opened again if it was replaced."""
        name = ""
        try:
            name = current_name(self._store)
            if name == self._in_use[0].name:
                self._trouble = None
            elif self._may_try(name):
                with self._lock:
                    self._in_use = self._open_again(*self._in_use)
                self._trouble = None
        except DepecheError as error:
            # damaged, or of a model that is not here: the one before still answers
            self._refused = name, time.monotonic()
            self._trouble = trouble_of(error, self._store, self._in_use[0].name)
        return self._in_use

    def _may_try(self, name: str) -> bool:
        """Whether to open a snapshot: not again at once when it could not be opened."""
        refused, tried = self._refused
        return name != refused or time.monotonic() - tried > _TRY_AGAIN_SECONDS

    def _open_again(self, content: Store, embedder: Embedder) -> tuple[Store, Embedder]:
        """Open the snapshot in force unless another thread did, and its embedder if it changed."""
        name = current_name(self._store)
        if name == content.name:
            return content, embedder
        renewed = open_snapshot(self._store, name)
        if renewed.embedder != embedder.identity:
            model = content.model if self._pinned else None
            embedder = _open_embedder_of(self._store, renewed, model)
        return renewed, embedder

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
        index, embedder = self._follow()
        watch.tell(snapshot=index.name)
        query, found = self._find(understood, index, embedder, filters)
        stretches = found.stretches[:k]
        sentences = self._sentences(query, stretches, found, index, embedder)
        return _passages(stretches, sentences, query, index, self._settings)

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
        index, embedder = self._follow()
        watch.tell(snapshot=index.name)
        query, found = self._find(understood, index, embedder, filters)
        answer = self._answer(query, found, index, embedder)
        # some row is always the nearest, unless the filters let none through
        return answer if found.stretches else replace(answer, emptied_by=emptied_by(index, filters))

    def _find(
        self, understood: Question, index: Store, embedder: Embedder, filters: Filters
    ) -> tuple[Query, Retrieved]:
        """Find the stretches that may answer, best first."""
        settings, reader = self._settings, self._reader
        with stage("search"):
            query = prepare(understood, embedder, index)
            allowed = rows_let_through(index, filters)
            return query, retrieve(query, index, settings, reader=reader, allowed=allowed)

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


def _open_embedder_of(store: Path, content: Store, model: str | None) -> Embedder:
    """Open the embedder that made a snapshot, or `model` if it is the same (law 6)."""
    embedder = open_embedder(model or content.model)
    if embedder.identity != content.embedder:
        raise EmbedderMismatch(store, content.embedder, embedder.identity)
    return RememberingEmbedder(embedder)


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
