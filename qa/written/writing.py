"""An answer written out by a language model, each sentence checked as soon as it is whole.

The quotes of the answer are there before, stay there, and are what counts: whatever goes wrong with
a language model is told in a sentence beside them. What it wrote is shown as it wrote it; a
sentence that fails the check is shown with what speaks against it, and none is mended or left out.

    written = write(answer, LanguageModel("http://127.0.0.1:8080/v1", "qwen"))
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.errors import WriterAbstained, WriterBroken, WriterError, WriterUnproven
from index.journal import name_of, note
from qa.read import Reader, open_reader
from qa.settings import DEFAULT_READER
from qa.types import Answer
from qa.written.check import check, complete
from qa.written.model import LanguageModel, check_client
from qa.written.prompt import NOT_SAID, make_prompt
from qa.written.sources import choose_sources
from qa.written.types import Source, WrittenSentence

# controls, marks of direction and halves of letters: in a terminal they hide or turn what follows
_UNSHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

# what models think aloud before they answer; to its end, or as far as it has come
_THOUGHT = re.compile(r"\s*<think(?:ing)?>.*?(?:</think(?:ing)?>\s*|\Z)", re.DOTALL)


# small models write one sentence again and again until they are stopped
_LOOP = 3


@dataclass(frozen=True, slots=True)
class Written:
    """An answer that a language model writes, as far as it has come.

    Attributes:
        model: its name.
        sources: the passages it was shown.
        text: everything it wrote so far, but for what it thought aloud and what cannot be shown.
        sentences: those of its sentences that are whole, checked, in order.
        checked: how many characters of `text` they take.
        seconds: since it was asked.
        ended: whether nothing more comes.
        trouble: why it has no answer, or none that counts; None if nothing is wrong.
    """

    model: str
    sources: tuple[Source, ...]
    text: str = ""
    sentences: tuple[WrittenSentence, ...] = ()
    checked: int = 0
    seconds: float = 0.0
    ended: bool = False
    trouble: WriterError | None = None

    @property
    def pending(self) -> str:
        """What it wrote of a sentence that is not whole yet."""
        return self.text[self.checked :]

    @property
    def supported(self) -> int:
        """How many sentences nothing speaks against."""
        return sum(sentence.is_supported for sentence in self.sentences)


class Writing:
    """An answer while it is written: iterate once, each state is further than the one before."""

    def __init__(self, answer: Answer, model: LanguageModel, reader: Reader | None) -> None:
        """Ask `model` at once; see `begin`."""
        check_client()
        from qa.written.client import Call  # it takes a second to load

        self._language = answer.question.language
        self._reader = reader
        self._stopped = False
        self._begun = time.perf_counter()
        self._state = Written(model.name, choose_sources(answer))
        self._url = model.url
        self._raw = ""
        self._call = Call(model, make_prompt(answer.question, self._state.sources))

    def __iter__(self) -> Iterator[Written]:
        """Yield how far it has come; the last one has `ended`."""
        try:
            yield self._state
            trouble: WriterError | None = None
            try:
                for piece in self._call:
                    self._add(piece)
                    yield self._state
            except WriterError as error:
                trouble = error
            self._end(trouble)
            yield self._state
        finally:
            self._call.stop()

    def stop(self) -> None:
        """Have nothing more written; from any thread."""
        self._stopped = True
        self._call.stop()

    def _add(self, piece: str) -> None:
        """Take in a piece; check the sentences that it makes whole.

        Raises:
            WriterBroken: if it goes round in circles.
        """
        self._raw += piece
        text = _spoken(self._raw)
        self._state = replace(self._state, text=text, seconds=time.perf_counter() - self._begun)
        checked = self._state.checked
        self._check_up_to(checked + complete(text[checked:]))
        texts = [sentence.text for sentence in self._state.sentences]
        if texts and texts.count(texts[-1]) >= _LOOP:
            raise WriterBroken(self._url, "repeats itself")

    def _check_up_to(self, end: int) -> None:
        """Check what was written up to `end` and not checked before."""
        state = self._state
        if not state.text[state.checked : end].strip():
            return
        part = state.text[state.checked : end]
        sentences = [
            replace(one, span=(one.span[0] + state.checked, one.span[1] + state.checked))
            for one in check(part, state.sources, self._reader, self._language)
        ]
        self._state = replace(state, sentences=(*state.sentences, *sentences), checked=end)

    def _end(self, trouble: WriterError | None) -> None:
        """Check the rest, and say what is wrong with the whole if anything is."""
        if not _is_not_said(self._state.text):
            self._check_up_to(len(self._state.text))
        if trouble is None and not self._stopped:
            trouble = self._objection()
        seconds = time.perf_counter() - self._begun
        self._state = replace(self._state, ended=True, seconds=seconds, trouble=trouble)
        _note(self._state)

    def _objection(self) -> WriterError | None:
        """Return why nothing counts of an answer that is whole; None if something may."""
        state = self._state
        if not state.text.strip():
            return WriterBroken(self._url, "wrote nothing")
        if _is_not_said(state.text):
            return WriterAbstained(state.model)
        numbers = {source.number for source in state.sources}
        if not any(numbers.intersection(one.marks) for one in state.sentences):
            return WriterUnproven(state.model)
        return None


def begin(
    answer: Answer, model: LanguageModel, reader: Reader | str | None = DEFAULT_READER
) -> Writing | None:
    """Have a language model write an answer out of its passages, in the question's language.

    Args:
        answer: what the articles answer.
        model: what writes.
        reader: what reads each sentence with its passages, or its name; None does without.

    Returns:
        The answer as it is written; None if the articles do not answer.

    Raises:
        ExtraMissing: if the client is not installed.
        ReaderUnknown: if there is no reader of that name.
    """
    # whoever is shown passages that do not answer, and asked for an answer, makes one up
    if not answer.grounded or not answer.citations:
        return None
    return Writing(answer, model, open_reader(reader) if isinstance(reader, str) else reader)


def write(
    answer: Answer, model: LanguageModel, reader: Reader | str | None = DEFAULT_READER
) -> Written | None:
    """Have a language model write an answer out to its end; as `begin`, and likewise it raises."""
    writing = begin(answer, model, reader)
    return None if writing is None else list(writing)[-1]


def _spoken(raw: str) -> str:
    """Return what is shown of what came: no thoughts, nothing that a terminal obeys."""
    if "<thinking>".startswith(raw.strip()):
        return ""  # it may become a thought
    match = _THOUGHT.match(raw)
    text = raw[match.end() :] if match else raw
    return _UNSHOWN.sub("", text).lstrip()


def _is_not_said(text: str) -> bool:
    """Whether a model says, as it was told to, that the passages do not tell."""
    letters = re.sub(r"[\W\d_]+", " ", text).strip().upper()
    return letters == NOT_SAID


def _note(written: Written) -> None:
    """Write the line of an answer that was written."""
    trouble = written.trouble
    note(
        "written",
        model=written.model,
        milliseconds=round(1000 * written.seconds),
        characters=len(written.text),
        sentences=len(written.sentences),
        supported=written.supported,
        **({} if trouble is None else {"error": name_of(trouble)}),
    )
