import json
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import qa
from index.errors import StoreMissing
from index.journal import writing_log
from ui.desk import Desk
from ui.filters import Filters


class FakeAssistant:
    """Counts how often it is opened, and keeps what it is asked."""

    opened = 0
    missing = False
    asked: list[dict[str, Any]]

    @classmethod
    def open(
        cls, store: Path, *, model: str | None = None, reader: str = "default"
    ) -> "FakeAssistant":
        """Open, or fail."""
        cls.opened += 1
        if cls.missing:
            raise StoreMissing(store)
        assistant = cls()
        assistant.asked = [{"model": model, "reader": reader}]
        return assistant

    def retrieve(self, question: str, k: int) -> list[Any]:
        """Keep the question."""
        self.asked.append({"question": question, "k": k})
        return []

    def ask(self, question: str, **filters: object) -> dict[str, Any]:
        """Keep the question and its filters."""
        self.asked.append({"question": question, **filters})
        return self.asked[-1]


@pytest.fixture
def assistant(monkeypatch: pytest.MonkeyPatch) -> type[FakeAssistant]:
    """Put a fresh fake in the assistant's place."""
    fresh = type("Fresh", (FakeAssistant,), {})
    monkeypatch.setattr(qa, "Assistant", fresh, raising=False)
    return fresh


def test_the_store_is_opened_once_for_everybody(assistant: type[FakeAssistant]) -> None:
    desk = Desk(Path("store"))
    visitors = [threading.Thread(target=desk.open) for _ in range(8)]

    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()

    assert assistant.opened == 1


def test_a_store_that_was_missing_is_tried_again(assistant: type[FakeAssistant]) -> None:
    desk = Desk(Path("store"))
    assistant.missing = True
    with pytest.raises(StoreMissing):
        desk.open()

    assistant.missing = False

    assert desk.open() is desk.open()


def test_the_filters_reach_the_assistant(assistant: type[FakeAssistant]) -> None:
    desk = Desk(Path("store"), model="a-model", reader="none")

    desk.ask("who?", [("a", "b")], Filters(after="2025-02", before="2025", words=("pont",)))

    assert desk.open().asked == [  # type: ignore[attr-defined]
        {"model": "a-model", "reader": "none"},
        {
            "question": "who?",
            "history": [("a", "b")],
            "after": date(2025, 2, 1),
            "before": date(2025, 12, 31),
            "sources": None,
            "languages": None,
            "words": ("pont",),
            "ignore": (),
        },
    ]
    assert assistant.opened == 1


def test_warming_up_asks_something_and_survives_a_missing_store(
    assistant: type[FakeAssistant], caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(Path("store"))

    desk.warm_up().join()

    assert desk.open().asked[-1]["k"] == 1  # type: ignore[attr-defined]
    assistant.missing = True
    Desk(Path("nowhere")).warm_up().join()
    assert "nowhere" in caplog.text


def test_a_question_that_finds_no_index_is_written_down_as_failed(
    assistant: type[FakeAssistant], tmp_path: Path
) -> None:
    assistant.missing = True

    with writing_log(tmp_path / "log"), pytest.raises(StoreMissing):
        Desk(Path("store")).ask("secret", [], Filters())

    line = json.loads((tmp_path / "log").read_text(encoding="ascii"))
    assert (line["event"], line["outcome"], line["error"]) == ("question", "failed", "StoreMissing")
    assert "secret" not in str(line)
