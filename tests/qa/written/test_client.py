"""A language model over a real server on this machine, which does whatever a server may do."""

import gzip
import json
import logging
import socket
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import (
    WriterBroken,
    WriterError,
    WriterRefused,
    WriterSilent,
    WriterUnknown,
    WriterUnreachable,
)
from qa.types import Answer
from qa.written.client import _Blotted
from qa.written.model import LanguageModel, Limits
from qa.written.writing import Written, begin, write

ModelAt = Callable[..., LanguageModel]
Server = Any  # that of tests/conftest.py

SAID = "Elle relie la gare au port en dix-huit minutes [1]."


@pytest.fixture
def ask(answer: Answer, model_at: ModelAt, model_server: Server) -> Callable[..., Written]:
    """Return a function that has the server write the answer out."""

    def run(**limits: float) -> Written:
        written = write(answer, model_at(model_server.url, **limits), reader=None)
        assert written is not None
        assert written.ended
        return written

    return run


def one_sentence(error: WriterError | None) -> str:
    """What is told of a failure: one line, and no name of a class."""
    said = str(error)
    assert "\n" not in said
    assert "Error" not in said
    assert len(said) < 500
    return said


def test_the_answer_comes_piece_by_piece_and_whole(
    answer: Answer, model_at: ModelAt, model_server: Server
) -> None:
    model_server.says_in_turn("Elle relie la gare ", "au port en dix-huit ", "minutes [1].")

    writing = begin(answer, model_at(model_server.url), reader=None)
    assert writing is not None
    states = []
    for state in writing:
        states.append(state)
        model_server.turn.release()

    texts = [state.text for state in states]
    assert texts[0] == ""
    assert texts[-1] == SAID
    assert all(later.startswith(sooner) for sooner, later in pairwise(texts))
    assert len(set(texts)) == 4
    assert [state.ended for state in states] == [False] * (len(states) - 1) + [True]
    assert states[-1].trouble is None
    assert [one.marks for one in states[-1].sentences] == [(1,)]


def test_only_what_an_answer_needs_is_sent(
    ask: Callable[..., Written],
    model_server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "hunter2")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: hunter2\nAuthorization: hunter2")
    model_server.says(SAID)

    assert ask().trouble is None

    (headers,) = model_server.headers
    assert "hunter2" not in json.dumps([headers, model_server.asked])
    assert headers["authorization"] == "Bearer none"
    assert set(headers) == {
        *("host", "connection", "content-type", "content-length"),
        *("accept", "accept-encoding", "user-agent", "authorization"),
    }
    assert model_server.paths == ["/v1/chat/completions"]
    assert model_server.asked[0]["stream"] is True
    assert model_server.asked[0]["model"] == "tiny"


def test_the_key_is_sent_to_the_server(answer: Answer, model_server: Server) -> None:
    model_server.says(SAID)

    written = write(answer, LanguageModel(model_server.url, "m", "hunter2"), reader=None)

    assert written is not None
    assert model_server.headers[0]["authorization"] == "Bearer hunter2"


def test_no_proxy_stands_before_a_server_on_this_machine(
    ask: Callable[..., Written], model_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("NO_PROXY", "")
    model_server.says(SAID)

    assert ask().trouble is None


def test_the_end_of_an_answer_is_its_end_though_the_line_stays_open(
    ask: Callable[..., Written], model_server: Server
) -> None:
    def reply(talk: Any) -> None:  # noqa: ANN401
        talk.stream(SAID)
        talk.hang()

    model_server.reply = reply

    assert ask().trouble is None
    assert model_server.hung_up.wait(5)


def test_a_setting_that_a_server_refuses_is_left_out_once(
    ask: Callable[..., Written], model_server: Server
) -> None:
    refused = {"error": {"message": "no max_tokens here", "param": "max_tokens"}}

    def reply(talk: Any) -> None:  # noqa: ANN401
        if "max_tokens" in model_server.asked[-1]:
            talk.send(json.dumps(refused).encode(), "application/json", 400)
        else:
            talk.stream(SAID)

    model_server.reply = reply

    assert ask().trouble is None
    first, second = model_server.asked
    assert "temperature" in first
    assert "temperature" not in second
    assert second["max_completion_tokens"] == first["max_tokens"]


KEY = "sk-very-secret-0123456789"


def test_a_key_that_a_server_sends_back_is_shown_to_nobody(
    answer: Answer, model_server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    model = LanguageModel(model_server.url, "m", KEY)
    said = f"Le tram roule [1]. {KEY} "

    def as_failure(talk: Any) -> None:  # noqa: ANN401
        told = f"no: Authorization: Bearer {KEY[:5]}\u200b{KEY[5:]}"
        talk.send(json.dumps({"error": {"message": told}}).encode(), "x/y", 500)

    for reply in (
        as_failure,
        lambda talk: talk.stream(said, said),
        lambda talk: talk.stream(*said, *KEY[:9]),
        lambda talk: talk.stream(KEY[:9], KEY[9:], ends=False),
    ):
        model_server.reply = reply
        written = write(answer, model, reader=None)

        assert written is not None
        assert model_server.headers[-1]["authorization"] == f"Bearer {KEY}"
        assert KEY not in f"{written} {written.trouble} {caplog.text}"
        assert KEY not in repr(model)


@given(st.lists(st.text("ab", max_size=9), max_size=12))
def test_a_key_is_blotted_out_however_it_is_cut(pieces: list[str]) -> None:
    blotted = _Blotted("abababba")

    shown = "".join(map(blotted.add, pieces)) + blotted.rest()

    assert shown == "".join(pieces).replace("abababba", "…")


# ---- What is no answer


def test_nobody_at_the_address_is_told(answer: Answer, model_at: ModelAt) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/v1"

    written = write(answer, model_at(url), reader=None)

    assert written is not None
    assert isinstance(written.trouble, WriterUnreachable)
    assert url in one_sentence(written.trouble)
    assert (written.text, written.sentences) == ("", ())


def test_a_name_that_no_machine_has_is_told(answer: Answer, model_at: ModelAt) -> None:
    written = write(answer, model_at("http://no-such-machine.invalid/v1"), reader=None)

    assert written is not None
    assert isinstance(written.trouble, WriterUnreachable)


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key_is_told_and_where_the_right_one_goes(
    ask: Callable[..., Written], model_server: Server, status: int
) -> None:
    model_server.sends(b'{"error": {"message": "bad key none"}}', "application/json", status)

    trouble = ask().trouble

    assert isinstance(trouble, WriterRefused)
    assert "DEPECHE_LLM_KEY" in one_sentence(trouble)
    assert len(model_server.asked) == 1


@pytest.mark.parametrize("body", [b'{"error": {"message": "no model"}}', b"<html>Not here</html>"])
def test_an_unknown_model_is_told_by_its_name(
    ask: Callable[..., Written], model_server: Server, body: bytes
) -> None:
    model_server.sends(body, "application/json", 404)

    trouble = ask().trouble

    assert isinstance(trouble, WriterUnknown)
    assert "'tiny'" in one_sentence(trouble)


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_a_failure_of_the_server_is_told_in_its_words_once(
    ask: Callable[..., Written], model_server: Server, status: int
) -> None:
    said = "too long:\n\x1b[2J\u202e" + "a" * 1000
    model_server.sends(json.dumps({"error": {"message": said}}).encode(), "x/y", status)

    trouble = ask().trouble

    assert isinstance(trouble, WriterBroken)
    sentence = one_sentence(trouble)
    assert f"status {status} (too long: [2Jaaa" in sentence
    assert sentence.isprintable()
    assert len(model_server.asked) == 1  # and no second try


def test_a_way_to_another_server_is_not_taken(
    ask: Callable[..., Written], model_server: Server
) -> None:
    target = f"{model_server.url}/elsewhere"
    model_server.reply = lambda talk: talk.begin(status=307, location=target)

    trouble = ask().trouble

    assert isinstance(trouble, WriterBroken)
    assert "status 307" in one_sentence(trouble)
    assert len(model_server.asked) == 1


def test_a_server_that_hangs_before_its_answer_is_given_up(
    ask: Callable[..., Written], model_server: Server
) -> None:
    model_server.reply = lambda talk: talk.hang()

    trouble = ask(first_seconds=0.5).trouble

    assert isinstance(trouble, WriterSilent)
    assert "did not begin its answer within 0.5 seconds" in one_sentence(trouble)
    assert model_server.hung_up.wait(5)


def test_a_server_that_hangs_in_its_answer_is_given_up_and_what_came_is_kept(
    ask: Callable[..., Written], model_server: Server
) -> None:
    def reply(talk: Any) -> None:  # noqa: ANN401
        talk.stream(f"{SAID} Et puis", ends=False)
        talk.hang()

    model_server.reply = reply

    written = ask(next_seconds=0.5)

    assert isinstance(written.trouble, WriterSilent)
    assert "fell silent" in one_sentence(written.trouble)
    assert written.text == f"{SAID} Et puis"
    assert written.sentences[0].marks == (1,)
    assert not written.sentences[-1].is_supported


def test_a_server_that_only_keeps_the_line_open_is_given_up(
    ask: Callable[..., Written], model_server: Server
) -> None:
    def reply(talk: Any) -> None:  # noqa: ANN401
        talk.begin()
        while not model_server.ended.wait(0.05):
            talk.wfile.write(b": still here\n\n")

    model_server.reply = reply

    assert isinstance(ask(first_seconds=0.5).trouble, WriterSilent)


def test_an_answer_that_never_ends_is_given_up(
    ask: Callable[..., Written], model_server: Server
) -> None:
    def reply(talk: Any) -> None:  # noqa: ANN401
        talk.begin()
        while not model_server.ended.wait(0.05):
            talk.piece(".")

    model_server.reply = reply

    trouble = ask(whole_seconds=0.6).trouble

    assert isinstance(trouble, WriterSilent)
    assert "is not done after 0.6 seconds" in one_sentence(trouble)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<!doctype html><html><body>Welcome</body></html>", "text/html"),
        (b'{"choices": [{"message": {"content": "all at once"}}]}', "application/json"),
        (b"", "text/event-stream"),
        (b"\x00\xff\xfe" * 50, "application/octet-stream"),
        (b"data: <html>\n\n", "text/event-stream"),
        (b"data: {\n\n", "text/event-stream"),
        (b"data: " + b"[" * 100_000 + b"\n\n", "text/event-stream"),
        (b"data: \xff\xfe\n\n", "text/event-stream"),
        (b'data: 5\n\ndata: []\n\ndata: null\n\ndata: "x"\n\n', "text/event-stream"),
        (b'data: {"choices": 5}\n\ndata: {"choices": [5]}\n\n', "text/event-stream"),
        (b'data: {"choices": [{"delta": {"content": {"a": 1}}}]}\n\n', "text/event-stream"),
        (b'data: {"choices": [{"delta": [1]}]}\n\ndata: [DONE]\n\n', "text/event-stream"),
        (b'data: {"error": {"message": "out of memory"}}\n\n', "text/event-stream"),
        (b'data: {"error": 5}\n\n', "text/event-stream"),
    ],
)
def test_what_is_no_answer_is_told_as_that(
    ask: Callable[..., Written], model_server: Server, body: bytes, kind: str
) -> None:
    model_server.sends(body, kind)

    written = ask()

    assert isinstance(written.trouble, WriterBroken)
    one_sentence(written.trouble)
    assert written.text == ""


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("length", "reached the limit of 700 tokens in the middle of its answer"),
        ("content_filter", "was stopped by a filter of its server"),
    ],
)
def test_an_answer_that_is_cut_short_is_told_and_what_came_is_kept(
    ask: Callable[..., Written], model_server: Server, reason: str, told: str
) -> None:
    def reply(talk: Any) -> None:  # noqa: ANN401
        talk.begin()
        talk.piece(f"{SAID} Les trav")
        talk.piece(None, reason)

    model_server.reply = reply

    written = ask()

    assert isinstance(written.trouble, WriterBroken)
    assert told in one_sentence(written.trouble)
    assert written.text == f"{SAID} Les trav"


@pytest.mark.parametrize(
    ("delta", "reason", "told"),
    [
        ({"reasoning_content": "Let me think."}, "stop", "wrote nothing"),
        ({"reasoning_content": "Let me think."}, "length", "reached the limit"),
        ({"refusal": "I will not."}, "stop", "wrote nothing"),
        (
            {"tool_calls": [{"index": 0, "function": {"name": "rm", "arguments": "{}"}}]},
            "tool_calls",
            "wrote nothing",
        ),
    ],
)
def test_what_is_no_text_is_no_answer(
    ask: Callable[..., Written],
    model_server: Server,
    delta: dict[str, Any],
    reason: str,
    told: str,
) -> None:
    chunks = [
        {"choices": []},
        {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]},
    ]
    model_server.sends("".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks).encode())

    written = ask()

    assert isinstance(written.trouble, WriterBroken)
    assert told in one_sentence(written.trouble)
    assert written.text == ""


@pytest.mark.parametrize("begins", [b"", b"HTTP/1.1 200 OK\r\n\r\ndata: "])
def test_a_server_that_sends_a_letter_at_a_time_for_ever_is_given_up(
    ask: Callable[..., Written], model_server: Server, begins: bytes
) -> None:
    def reply(talk: Any) -> None:  # noqa: ANN401
        talk.wfile.write(begins)
        while not model_server.ended.wait(0.05):
            talk.wfile.write(b"H")

    model_server.reply = reply

    assert isinstance(ask(first_seconds=0.5).trouble, WriterSilent)


def test_half_a_stream_is_told_and_what_came_is_kept(
    ask: Callable[..., Written], model_server: Server
) -> None:
    model_server.says(SAID, " Les trav", ends=False)

    written = ask()

    assert isinstance(written.trouble, WriterBroken)
    assert "broke off" in one_sentence(written.trouble)
    assert written.text == f"{SAID} Les trav"
    shown = " ".join(written.text[slice(*one.span)] for one in written.sentences)
    assert shown.split() == written.text.split()


def test_a_connection_that_is_torn_is_told(
    ask: Callable[..., Written], model_server: Server
) -> None:
    def reply(talk: Any) -> None:  # noqa: ANN401
        talk.begin(content_length="100000")
        talk.piece(SAID)

    model_server.reply = reply

    written = ask()

    assert isinstance(written.trouble, WriterBroken)
    assert written.text == SAID


def test_ten_megabytes_are_cut_in_pieces_or_in_one(
    ask: Callable[..., Written], model_server: Server
) -> None:
    def in_one(talk: Any) -> None:  # noqa: ANN401
        talk.begin()
        talk.wfile.write(b"data: ")
        for _ in range(10):
            talk.wfile.write(b"a" * 1_000_000)

    def as_failure(talk: Any) -> None:  # noqa: ANN401
        talk.begin(status=500)
        for _ in range(10):
            talk.wfile.write(b"a" * 1_000_000)

    def in_pieces(talk: Any) -> None:  # noqa: ANN401
        talk.stream(*(f"Le tram {number} roule {'x' * 1_000} [1]. " for number in range(10_000)))

    for reply in (in_pieces, in_one, as_failure):
        model_server.reply = reply

        written = ask()

        assert isinstance(written.trouble, WriterBroken)
        assert "more than an answer has" in one_sentence(written.trouble)
        assert len(written.text) <= Limits().answer_characters


def test_what_is_packed_is_not_unpacked(ask: Callable[..., Written], model_server: Server) -> None:
    packed = gzip.compress(b"data: " + b"a" * 50_000_000)

    def reply(talk: Any) -> None:  # noqa: ANN401
        talk.begin(content_encoding="gzip")
        talk.wfile.write(packed)

    model_server.reply = reply

    trouble = ask().trouble

    assert isinstance(trouble, WriterBroken)
    assert "packed" in one_sentence(trouble)


def test_whoever_stops_gets_no_more_and_the_server_is_hung_up_on(
    answer: Answer, model_at: ModelAt, model_server: Server
) -> None:
    def reply(talk: Any) -> None:  # noqa: ANN401
        talk.stream("Elle relie", ends=False)
        talk.hang()

    model_server.reply = reply
    writing = begin(answer, model_at(model_server.url), reader=None)
    assert writing is not None

    for state in writing:
        if state.text:
            threading.Timer(0.05, writing.stop).start()

    assert model_server.hung_up.wait(5)
    assert state.ended
    assert state.trouble is None
    assert state.text == "Elle relie"
    writing.stop()  # once more does no harm


def test_whoever_leaves_early_hangs_up(
    answer: Answer, model_at: ModelAt, model_server: Server
) -> None:
    model_server.reply = lambda talk: talk.hang()
    writing = begin(answer, model_at(model_server.url), reader=None)
    assert writing is not None

    for _state in writing:
        while not model_server.asked:
            time.sleep(0.01)
        break

    assert model_server.hung_up.wait(5)
