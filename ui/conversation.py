"""What happens when somebody asks, stops or starts again."""

import logging
from collections.abc import Iterator
from html import escape

import gradio as gr

from index.errors import DepecheError
from index.spell import spell_date
from index.types import DateRange
from ui.desk import Desk
from ui.language import Words, load_words
from ui.layout import Page
from ui.messages import Message, Turn, history, messages, plain
from ui.period import PeriodUnreadable, read_day
from ui.relabel import Updates, panel_of, welcome

_logger = logging.getLogger(__name__)


Period = tuple[DateRange | None, DateRange | None]  # from, to: each may be open


class PeriodUnusable(ValueError):
    """What was typed as a period is none; `str(error)` is the sentence for the page."""


def read_period(after: str, before: str, words: Words) -> Period:
    """Read the two ends of the period.

    Raises:
        PeriodUnusable: if one is no date, or the period ends before it begins.
    """
    try:
        first, last = read_day(after), read_day(before)
    except PeriodUnreadable as error:
        raise PeriodUnusable(words("period.invalid", value=str(error))) from None
    if first and last and last.last < first.first:
        begins, ends = (spell_date(end, words.language) for end in (first, last))
        raise PeriodUnusable(words("period.reversed", first=begins, last=ends))
    return first, last


class Conversation:
    """The handlers of the chat; each visitor's turns come in and go out with every call."""

    def __init__(self, page: Page, desk: Desk) -> None:
        """Work on the components of `page`, with answers from `desk`."""
        self._page = page
        self._desk = desk

    def ask(
        self, question: str, turns: list[Turn], after: str, before: str, language: str
    ) -> Iterator[Updates]:
        """Show the question at once, then its answer."""
        page, words = self._page, load_words(language)
        question = question.strip()
        if not question:
            yield {page.question: gr.update()}
            return
        try:
            period = read_period(after, before, words)
        except PeriodUnusable as error:
            yield {page.notice: escape(str(error))}
            return
        yield self._asked(question, turns, words)
        turn = self._answer(question, turns, period, words)
        yield self._answered([*turns, turn], words)

    def _asked(self, question: str, turns: list[Turn], words: Words) -> Updates:
        """Return the page while the answer is looked for."""
        page = self._page
        waiting: list[Message] = [
            {"role": "user", "content": plain(question)},
            {"role": "assistant", "content": f"*{plain(words('ask.working'))}*"},
        ]
        return {
            page.notice: "",
            page.welcome: "",
            page.new: gr.update(visible=True),
            page.question: "",
            page.asked: question,
            page.chat: [*messages(turns, words), *waiting],
            page.send: gr.update(visible=False),
            page.stop: gr.update(visible=True),
        }

    def _answer(self, question: str, turns: list[Turn], period: Period, words: Words) -> Turn:
        """Return the turn of this question; an error becomes its sentence."""
        try:
            return Turn(question, self._desk.ask(question, history(turns), *period))
        except DepecheError as error:
            return Turn(question, None, words.for_error(error))
        except Exception as error:
            # whatever it was, the visitor gets a sentence and the terminal the traceback
            _logger.exception("a question failed")
            return Turn(question, None, words.for_error(error))

    def _answered(self, turns: list[Turn], words: Words) -> Updates:
        """Return the page with the answer of the last turn."""
        page = self._page
        return {
            page.turns: turns,
            page.chat: messages(turns, words),
            page.panel: panel_of(turns, words),
            page.send: gr.update(visible=True),
            page.stop: gr.update(visible=False),
        }

    def stop(self, asked: str, turns: list[Turn], language: str) -> Updates:
        """Return the page as it was before the question that is being stopped."""
        page, words = self._page, load_words(language)
        return {
            page.question: asked,
            page.chat: messages(turns, words),
            page.welcome: "" if turns else welcome(words),
            page.send: gr.update(visible=True),
            page.stop: gr.update(visible=False),
        }

    def begin_again(self, language: str) -> Updates:
        """Return the page without any turn."""
        page, words = self._page, load_words(language)
        return {
            page.turns: [],
            page.new: gr.update(visible=False),
            page.notice: "",
            page.question: "",
            page.chat: [],
            page.welcome: welcome(words),
            page.panel: panel_of((), words),
            page.send: gr.update(visible=True),
            page.stop: gr.update(visible=False),
        }
