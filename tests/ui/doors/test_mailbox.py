"""What Gradio keeps of calls is bounded, and forgotten."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import gradio as gr
import pytest

from index.errors import AskedTooMuch
from ui.mailbox import Mailbox

Queue = Any  # that of Gradio


@pytest.fixture
def page() -> gr.Blocks:
    async def make() -> gr.Blocks:
        with gr.Blocks(analytics_enabled=False) as page:
            pass
        return page

    # where no loop runs, Gradio would open some and leave them open
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, make()).result()


def call(mailbox: Mailbox, queue: Queue, session: str, name: str, asker: str = "a") -> None:
    """Call as the intake does, then as Gradio does."""
    mailbox.begin(session, asker)
    queue.pending_messages_per_session.setdefault(session, asyncio.Queue())
    queue.pending_event_ids_session.setdefault(session, set()).add(name)
    queue.event_ids_to_events[name] = object()


def answer(queue: Queue, name: str) -> None:
    """Finish a call, as Gradio does."""
    del queue.event_ids_to_events[name]


def test_whoever_fetches_nothing_may_call_no_more_and_others_may(page: gr.Blocks) -> None:
    mailbox, queue = Mailbox(page, max_held=2), page._queue
    call(mailbox, queue, "s", "1")
    call(mailbox, queue, "t", "2")

    with pytest.raises(AskedTooMuch):
        mailbox.begin("u", "a")
    mailbox.begin("v", "b")
    queue.pending_event_ids_session["s"].clear()  # fetched
    mailbox.begin("u", "a")


def test_what_is_fetched_or_left_is_forgotten_and_what_is_worked_on_is_not(
    page: gr.Blocks,
) -> None:
    mailbox, queue = Mailbox(page, kept_seconds=60), page._queue
    for session in ("fetched", "left", "busy"):
        call(mailbox, queue, session, session[0])
    answer(queue, "f")
    answer(queue, "l")
    queue.pending_event_ids_session["fetched"].clear()

    with mailbox.reading("fetched"):
        mailbox.sweep(0)
        mailbox.sweep(20)
    mailbox.sweep(40)
    assert set(queue.pending_messages_per_session) == {"fetched", "left", "busy"}
    mailbox.sweep(50)
    assert set(queue.pending_messages_per_session) == {"left", "busy"}
    mailbox.sweep(61)
    assert set(queue.pending_messages_per_session) == {"busy"}
    assert set(queue.pending_event_ids_session) == {"busy"}
    assert (mailbox.session_of("b"), mailbox.session_of("l")) == ("busy", None)
    assert mailbox.is_known("busy")
    assert not mailbox.is_known("left")


def test_a_session_that_is_used_again_has_its_time_anew(page: gr.Blocks) -> None:
    mailbox, queue = Mailbox(page, kept_seconds=60), page._queue
    call(mailbox, queue, "s", "1")
    answer(queue, "1")
    mailbox.sweep(0)

    call(mailbox, queue, "s", "2")
    answer(queue, "2")
    mailbox.sweep(61)

    assert mailbox.session_of("2") == "s"
