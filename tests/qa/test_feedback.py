import json
import os
import subprocess
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import FeedbackFull, FeedbackTooLong, StoreMissing, StoreUnwritable
from index.types import Article, DateRange
from qa import feedback as module
from qa.assistant import Assistant
from qa.cli import main
from qa.evaluate import evaluate
from qa.feedback import (
    FILE,
    MAX_WORD_CHARS,
    Cited,
    Feedback,
    describe,
    feedback_on,
    judged_questions,
    latest,
    note_feedback,
    read_feedback,
    record_of,
)
from qa.questions import read_questions

SIGNED = Feedback(
    question="Et le 12 mai ?",
    standalone="Qu'a-t-on signé le 12 mai ?",
    language="fr",
    snapshot="000001-0123456789ab",
    grounded=True,
    citations=(Cited("minsk.txt", 10, 20, "ont signé…"), Cited("hanoi.md", 0, 3, "Un\n")),
    good=True,
    word="Très bien.\nMerci",
    turn="a",
    at=datetime(2026, 11, 22, 5, 30, tzinfo=UTC),
)


def noted(store: Path, *said: Feedback) -> list[Feedback]:
    """Note feedback, and read it all back; nothing is damaged."""
    for one in said:
        note_feedback(store, one)
    found, damaged = read_feedback(store)
    assert damaged == 0
    return found


# lines


def test_what_is_noted_is_read_back_in_order(tmp_path: Path) -> None:
    said = [SIGNED, replace(SIGNED, good=False, word=""), replace(SIGNED, good=None, turn="")]

    assert noted(tmp_path, *said) == said
    assert (tmp_path / FILE).read_bytes().count(b"\n") == 3


few = settings(
    deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
anything = st.text(st.characters(), max_size=40)  # half characters too
said_of = st.builds(
    Feedback,
    question=anything,
    standalone=anything,
    language=anything,
    snapshot=anything,
    grounded=st.booleans(),
    citations=st.lists(
        st.builds(Cited, anything, st.integers(0, 9), st.integers(0, 9), anything), max_size=3
    ).map(tuple),
    good=st.sampled_from([True, False, None]),
    word=anything,
    turn=anything,
    at=st.just(SIGNED.at),
)


@few
@given(st.lists(said_of, max_size=4))
def test_whatever_is_said_is_read_back(tmp_path: Path, said: list[Feedback]) -> None:
    (tmp_path / FILE).unlink(missing_ok=True)

    assert noted(tmp_path, *said) == said


@few
@given(st.binary(max_size=60).map(lambda data: data.replace(b"\n", b"")))
def test_a_line_that_a_crash_cut_short_harms_no_other(tmp_path: Path, torn: bytes) -> None:
    (tmp_path / FILE).unlink(missing_ok=True)
    note_feedback(tmp_path, SIGNED)
    with (tmp_path / FILE).open("ab") as file:
        file.write(torn)

    assert read_feedback(tmp_path) == ([SIGNED], 0)
    note_feedback(tmp_path, replace(SIGNED, turn="b"))

    found, damaged = read_feedback(tmp_path)
    assert [one.turn for one in found] == ["a", "b"]
    assert damaged == bool(torn.strip())


@pytest.mark.parametrize(
    "line", ["[]", "null", "7", '{"question": 1}', '{"citations": [1]}', "{", "[" * 9999, "\xff"]
)
def test_a_line_that_is_none_of_ours_is_counted_and_left_out(tmp_path: Path, line: str) -> None:
    (tmp_path / FILE).write_text(f"{line}\n\n", encoding="latin-1")
    note_feedback(tmp_path, SIGNED)

    assert read_feedback(tmp_path) == ([SIGNED], 1)


def test_a_store_without_feedback_has_none(tmp_path: Path) -> None:
    assert read_feedback(tmp_path) == ([], 0)
    with pytest.raises(StoreMissing):
        read_feedback(tmp_path / "absent")


def test_many_note_at_once_and_every_line_is_whole(tmp_path: Path) -> None:
    said = [replace(SIGNED, turn=str(number), question="?" * 1900) for number in range(40)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: note_feedback(tmp_path, one), said))

    found, damaged = read_feedback(tmp_path)
    assert sorted(int(one.turn) for one in found) == list(range(40))
    assert damaged == 0


# Notes feedback in a child that is killed at its n-th call for a file, for every n.
CRASHES = textwrap.dedent(
    """
    import json, os, signal, sys
    from pathlib import Path
    from qa.feedback import FILE, Feedback, note_feedback, read_feedback

    store = Path(sys.argv[1])

    def die_at(last):
        count = 0
        def hook(event, arguments):
            nonlocal count
            if event == "open" and str(arguments[0]).startswith(str(store)):
                count += 1
                if count >= last:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(hook)

    found = []
    for last in range(1, 100):
        child = os.fork()
        if child == 0:
            die_at(last)
            note_feedback(store, Feedback("?", "?", "fr", "", False, (), True, turn=str(last)))
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        said, damaged = read_feedback(store)
        assert damaged == 0
        found.append([one.turn for one in said])
        if status == 0:
            break
    print(json.dumps(found))
    """
)


@pytest.mark.skipif(os.name == "nt", reason="no fork on this system")
def test_a_process_that_dies_while_it_notes_leaves_whole_lines_and_no_lock(
    tmp_path: Path, run_python: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    ended = run_python("-c", CRASHES, tmp_path)

    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert len(found) > 2
    assert found[-1][-1] == str(len(found))


@pytest.mark.parametrize("fault", ["full", "failing", "refused", "short", "crash"])
def test_a_disk_that_fails_while_feedback_is_noted_harms_no_other_line(
    fault: str,
    tmp_path: Path,
    put_disk: Callable[..., Any],
    crashed: type[BaseException],
) -> None:
    kept, struck = [], 0
    for at in range(1, 50):
        faulty = put_disk(fault, at)
        said = replace(SIGNED, turn=f"{at}")
        try:
            note_feedback(tmp_path / "store", said)
            kept.append(said)
        except StoreMissing:
            (tmp_path / "store").mkdir()
        except (StoreUnwritable, crashed):
            struck += 1
        put_disk()
        after = replace(SIGNED, turn=f"after {at}")
        note_feedback(tmp_path / "store", after)
        kept.append(after)

        found, _damaged = read_feedback(tmp_path / "store")

        # a line whose wait alone failed is there too
        assert [one for one in found if one in kept] == kept
        if at > 1 and faulty.count < at:
            break
        (tmp_path / "store" / FILE).unlink()
        kept.clear()
    assert faulty.count < at
    assert struck == (0 if fault == "short" else struck)
    assert struck or fault == "short"


# limits


def test_a_word_and_a_line_have_their_limit(tmp_path: Path) -> None:
    note_feedback(tmp_path, replace(SIGNED, word="é" * MAX_WORD_CHARS))
    before = (tmp_path / FILE).read_bytes()
    long_quote = Cited("a.txt", 0, 70_000, "a" * 70_000)

    with pytest.raises(FeedbackTooLong, match="has 501 characters; at most 500 are kept"):
        note_feedback(tmp_path, replace(SIGNED, word="é" * (MAX_WORD_CHARS + 1)))
    with pytest.raises(FeedbackTooLong, match="at most 64000"):
        note_feedback(tmp_path, replace(SIGNED, citations=(long_quote,)))

    assert (tmp_path / FILE).read_bytes() == before


def test_the_file_has_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 3000)
    with pytest.raises(FeedbackFull, match="Move the file away"):
        noted(tmp_path, *[SIGNED] * 20)

    found, damaged = read_feedback(tmp_path)

    assert found == [SIGNED] * len(found)
    assert (len(found) > 3, damaged) == (True, 0)
    assert (tmp_path / FILE).stat().st_size < 3000


def test_a_file_that_cannot_be_written_or_read_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()

    with pytest.raises(StoreUnwritable, match="Is a directory"):
        note_feedback(tmp_path, SIGNED)
    with pytest.raises(StoreUnwritable, match="Is a directory"):
        read_feedback(tmp_path)


def test_feedback_is_kept_in_no_folder_but_a_store(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        note_feedback(tmp_path / "absent", SIGNED)

    assert not (tmp_path / "absent").exists()


# what counts


def test_what_is_said_last_of_a_turn_counts() -> None:
    up, down, back = (replace(SIGNED, good=good) for good in (True, False, None))
    other, unnamed = replace(SIGNED, turn="b"), replace(SIGNED, turn="")

    assert latest([up, down]) == [down]
    assert latest([up, other, down]) == [other, down]
    assert latest([up, back]) == []
    assert latest([back, up]) == [up]
    assert latest([unnamed, unnamed]) == [unnamed, unnamed]


def test_good_answers_become_judged_questions() -> None:
    abstained = replace(SIGNED, standalone="Quelle population ?", grounded=False, citations=())

    assert judged_questions([SIGNED, replace(abstained, turn="b")]) == [
        {
            "question": "Qu'a-t-on signé le 12 mai ?",
            "relevant": ["hanoi.md", "minsk.txt"],
            "answerable": True,
            "sentences": [
                {"doc": "minsk.txt", "text": "ont signé…"},
                {"doc": "hanoi.md", "text": "Un\n"},
            ],
            "lang": "fr",
            "kind": "feedback",
        },
        {
            "question": "Quelle population ?",
            "relevant": [],
            "answerable": False,
            "sentences": [],
            "lang": "fr",
            "kind": "feedback",
        },
    ]


def test_what_is_judged_badly_or_taken_back_is_no_judged_question() -> None:
    assert judged_questions([replace(SIGNED, good=False)]) == []
    assert judged_questions([SIGNED, replace(SIGNED, good=None)]) == []
    assert judged_questions([SIGNED, replace(SIGNED, good=False, turn="b")]) == []
    assert len(judged_questions([SIGNED, replace(SIGNED, turn="b")])) == 1


def test_feedback_on_an_answer_is_what_eval_measures_as_right(
    tmp_path: Path, assist_words: Callable[..., Assistant]
) -> None:
    text = "La ligne de tramway de Brest a été inaugurée lundi par la maire. Il pleuvait."
    assistant = assist_words(
        Article("ville/tramway.md", "Le tramway", text, DateRange.parse("2025-05-12"))
    )
    good, silent = (
        assistant.ask(question)
        for question in ("Qui a inauguré la ligne de tramway de Brest ?", "Combien de lynx ?")
    )
    assert (good.grounded, silent.grounded) == (True, False)
    for turn, answer in (("a", good), ("b", silent)):
        note_feedback(tmp_path, feedback_on(answer, "", good=True, turn=turn))
    path = tmp_path / "questions.jsonl"
    found, _damaged = read_feedback(tmp_path)
    path.write_text("\n".join(map(json.dumps, judged_questions(found))), encoding="utf-8")

    figures = evaluate(assistant, read_questions(path), 3)

    assert (figures["questions"], figures["answerable"]) == (2, 1)
    assert figures["success@1"] == figures["first quote holds the span"] == 1
    assert figures["abstained"] == 1
    assert figures["risk"] == 0


# the command


def told(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[str, str]:
    """What a command prints, and what it complains of."""
    assert main(["feedback", *map(str, arguments)]) == 0
    return capsys.readouterr()


def test_the_command_tells_what_counts_in_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noted(tmp_path, SIGNED, replace(SIGNED, good=False, word="", turn="b"))

    lines, complaints = told(capsys, "--store", tmp_path)

    good, bad = lines.splitlines()
    assert good.startswith("good  2026-11-2")
    assert good.endswith("Et le 12 mai ?  (Très bien. Merci)")
    assert bad.startswith("bad   2026-11-2")
    assert complaints == ""


def test_the_command_tells_json_and_questions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noted(tmp_path, SIGNED, replace(SIGNED, good=False, turn="b", standalone="Où ?"))
    with (tmp_path / FILE).open("a") as file:
        file.write("nonsense\n")

    records, complaints = told(capsys, "--store", tmp_path, "--json")
    questions, _complaints = told(capsys, "--store", tmp_path, "--questions")

    assert [record["good"] for record in json.loads(records)] == [True, False]
    assert json.loads(records)[0]["citations"][0]["article"] == "minsk.txt"
    assert complaints == "1 lines cannot be read and are left out.\n"
    assert [json.loads(line)["question"] for line in questions.splitlines()] == [SIGNED.standalone]


def test_the_command_says_when_there_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, "--store", tmp_path) == ("No feedback yet.\n", "")
    assert told(capsys, "--store", tmp_path, "--json") == ("[]\n", "")
    assert told(capsys, "--store", tmp_path, "--questions") == ("", "")
    assert main(["feedback", "--store", str(tmp_path / "absent")]) == 1
    assert "There is no index in" in capsys.readouterr().err


def test_a_line_holds_the_words_of_the_record_and_no_more() -> None:
    assert set(record_of(SIGNED)) == {
        *("question", "standalone", "language", "snapshot", "grounded", "citations"),
        *("good", "word", "turn", "at"),
    }
    assert describe([]) == "No feedback yet."
