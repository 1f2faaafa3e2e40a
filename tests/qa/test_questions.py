import json
from pathlib import Path

import pytest

from index.errors import QuestionsInvalid
from qa.questions import JudgedQuestion, Quote, read_questions


def write(path: Path, *lines: object) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


def test_questions_are_read_one_a_line(tmp_path: Path) -> None:
    path = write(
        tmp_path / "q.jsonl",
        {"question": "Qui ?", "relevant": ["ville/a.txt", "b"], "kind": "who"},
        "",
        {"question": "Quoi ?", "answerable": False, "id": 7, "lang": "fr"},
        {"question": "Où ?", "relevant": ["a.md"], "spans": [{"doc": "a.md", "text": "à Minsk"}]},
        {"question": "Quand ?", "sentences": [{"doc": "a.md", "text": "Lundi."}]},
    )

    assert read_questions(path) == [
        JudgedQuestion("Qui ?", frozenset(["ville/a", "b"]), kind="who"),
        JudgedQuestion("Quoi ?", frozenset(), answerable=False, language="fr"),
        JudgedQuestion("Où ?", frozenset(["a"]), spans=(Quote("a", "à Minsk"),)),
        JudgedQuestion("Quand ?", frozenset(), sentences=(Quote("a", "Lundi."),)),
    ]


def test_a_byte_order_mark_and_other_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes('\ufeff{"question": "Qui\u2028donc ?"}\r\n'.encode())

    (asked,) = read_questions(path)

    assert asked.question == "Qui\u2028donc ?"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param("{", "Expecting property name", id="no JSON"),
        pytest.param("[]", "it is no JSON object", id="no object"),
        pytest.param("{}", "question is no text", id="no question"),
        pytest.param('{"question": 3}', "question is no text", id="a number"),
        pytest.param('{"question": "?", "relevant": "a"}', "relevant is no list", id="one id"),
        pytest.param('{"question": "?", "relevant": [1]}', "relevant is no list", id="numbers"),
        pytest.param('{"question": "?", "spans": [{}]}', "spans is no list of", id="an empty span"),
        pytest.param('{"question": "?", "spans": [{"text": "a"}]}', "spans is no", id="no article"),
        pytest.param('{"question": "?", "spans": 3}', "spans is no list of", id="no spans"),
        pytest.param("[" * 100_000, "recursion", id="too deep"),
    ],
)
def test_a_line_that_is_no_question_is_named_by_its_number(
    tmp_path: Path, line: str, problem: str
) -> None:
    path = write(tmp_path / "q.jsonl", {"question": "Qui ?"}, "", line)

    with pytest.raises(QuestionsInvalid, match=f"line 3 of .*q.jsonl: .*{problem}"):
        read_questions(path)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(None, "No such file", id="missing"),
        pytest.param(b"\xff\xfe\x00", "not written in UTF-8", id="another encoding"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, content: bytes | None, problem: str
) -> None:
    path = tmp_path / "q.jsonl"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(QuestionsInvalid, match=f"from {path}: .*{problem}") as caught:
        read_questions(path)

    assert "line" not in str(caught.value).split(". ")[0]
