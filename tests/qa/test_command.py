"""The command `depeche`, in this process, where models are loaded once.

`tests/test_readme.py` and `tests/test_bad_input.py` run it in fresh ones.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path

import pytest

from qa.cli import main

RunPython = Callable[..., subprocess.CompletedProcess[str]]
Run = Callable[..., subprocess.CompletedProcess[str]]

ROOT = Path(__file__).resolve().parents[2]
SIGNED = "what was signed on 12 May?"


@pytest.fixture(scope="module")
def run(run_python: RunPython, sample_store: Path) -> Iterator[Run]:
    """Run `depeche` on the sample store; the same command is run once.

    With variables of the environment it runs in a process of its own.
    """

    @cache
    def run_once(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        if environment:
            return run_python(
                "-m", "qa.cli", *arguments, DEPECHE_STORE=str(sample_store), **environment
            )
        said, complained = StringIO(), StringIO()
        with redirect_stdout(said), redirect_stderr(complained):
            try:
                code = main(arguments)
            except SystemExit as end:  # of argparse
                code = int(end.code or 0)
        return subprocess.CompletedProcess(arguments, code, said.getvalue(), complained.getvalue())

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEPECHE_STORE", str(sample_store))
        yield run_once


def done(ended: subprocess.CompletedProcess[str]) -> str:
    """Return the results of a command that did what it was asked, and complained of nothing."""
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def complaint(ended: subprocess.CompletedProcess[str]) -> str:
    """Return what a failed command said: one line on standard error and nothing else."""
    assert (ended.returncode, ended.stdout) == (1, "")
    (line,) = ended.stderr.splitlines()
    return line


def misused(ended: subprocess.CompletedProcess[str]) -> str:
    """Return what was wrong with a command that was used wrongly: the line after the usage."""
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("usage: depeche")
    assert "Traceback" not in ended.stderr
    return ended.stderr.splitlines()[-1]


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("questions") / "questions.jsonl"
    records = [
        {
            "question": SIGNED,
            "relevant": ["minsk-partenariat-strategique.txt", "reperes-vietnam-belarus"],
            "spans": [{"doc": "minsk-partenariat-strategique", "text": "12 mai"}],
        },
        {"question": "Quelle est la population de Hanoi ?", "answerable": False},
    ]
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return path


# ask


def test_an_answer_is_its_heading_then_each_quote_with_its_source(run: Run) -> None:
    heading, *rest = done(run("ask", SIGNED)).splitlines()

    assert heading.startswith("Date understood: 12 May. From ")
    assert "\\" not in heading
    quotes = [line for line in rest if line.startswith("[")]
    sources = [line for line in rest if line.startswith("    ")]
    assert len(quotes) == len(sources) > 0
    assert "déclaration conjointe" in "\n".join(quotes)
    assert any("2025-05-12 (minsk-partenariat-strategique.txt)" in line for line in sources)


def test_an_answer_as_json_holds_its_citations_passages_and_question(
    run: Run, corpus_folder: Path
) -> None:
    answer = json.loads(done(run("ask", SIGNED, "--json")))

    assert set(answer) == {"text", "grounded", "emptied_by", "citations", "passages", "question"}
    assert answer["grounded"] is True
    assert answer["question"] == {
        "text": SIGNED,
        "standalone": SIGNED,
        "language": "en",
        "dates": [{"text": "12 May", "range": None}],
    }
    for number, citation in enumerate(answer["citations"], start=1):
        assert citation["number"] == number
        assert f"[{number}]" in answer["text"]
        assert citation["end"] - citation["start"] == len(citation["quote"])
        assert (corpus_folder / citation["article"]).is_file()
    assert set(answer["passages"][0]) == {
        *(
            "rank",
            "score",
            "text",
            "quotes",
            "article",
            "title",
            "published",
            "url",
            "link",
            "start",
            "end",
        ),
    }


def test_the_same_answer_is_told_with_and_without_json(run: Run) -> None:
    answer = json.loads(done(run("ask", SIGNED, "--json")))

    shown = done(run("ask", SIGNED))

    for citation in answer["citations"]:
        assert f"[{citation['number']}] {citation['quote']}" in shown


@pytest.mark.parametrize("question", ["", "   ", "?!… 😀"])
def test_a_question_without_a_word_is_told_what_to_ask(run: Run, question: str) -> None:
    assert done(run("ask", question)) == "Posez une question : un nom, un lieu, une date…\n"


def test_a_question_of_10000_characters_is_told_the_limit(run: Run) -> None:
    question = "Who signed the treaty?" + " please" * 1426 + "?"

    assert len(question) == 22 + 7 * 1426 + 1 == 10_005
    assert done(run("ask", question)) == (
        "The question has 10005 characters; the most is 2000. Shorten it.\n"
    )
    assert complaint(run("search", question)) == (
        "The question has 10005 characters; at most 2000 can be searched. Shorten it."
    )


def test_filters_that_leave_nothing_are_told(run: Run) -> None:
    assert done(run("ask", SIGNED, "--source", "nobody", "--source", "nowhere")) == (
        "No passage matches these filters.\n"
    )


def test_filters_that_leave_nothing_are_named_as_json(run: Run) -> None:
    told = run("ask", SIGNED, "--json", "--word", "Lyon", "--language", "fr", "--word", "visa")

    assert json.loads(done(told))["emptied_by"] == ["words"]


# search


def test_passages_are_listed_best_first_with_their_place(run: Run, corpus_folder: Path) -> None:
    listed = done(run("search", SIGNED, "-k", "2"))

    first, second = (line for line in listed.splitlines() if line.startswith(("1. ", "2. ")))
    assert first.startswith("1. ")
    assert second.startswith("2. ")
    assert "3. " not in [line[:3] for line in listed.splitlines()]
    name = first.rpartition("(")[2].partition(")")[0]
    assert (corpus_folder / name).is_file()


def test_passages_as_json_obey_the_filters(run: Run) -> None:
    filters = ["--after", "2025-12", "--before", "2025", "--source", "agence dépêche"]
    passages = json.loads(done(run("search", SIGNED, "--json", *filters)))

    assert [passage["rank"] for passage in passages] == list(range(1, len(passages) + 1))
    assert {passage["published"][:7] for passage in passages} == {"2025-12"}
    for passage in passages:
        assert passage["end"] - passage["start"] == len(passage["text"])


def test_passages_come_from_articles_that_hold_the_exact_words(run: Run) -> None:
    found = run("search", SIGNED, "--json", "--word", "Phu Quoc", "--language", "français")
    none = run("search", SIGNED, "--json", "--language", "vi")

    names = {passage["article"] for passage in json.loads(done(found))}
    assert names == {"2025-12-03-hanoi-bielorussie.md", "reperes-vietnam-belarus.md"}
    assert json.loads(done(none)) == []


def test_nothing_found_is_told_and_is_no_failure(run: Run) -> None:
    assert done(run("search", "…")) == "No passage matches.\n"
    assert json.loads(done(run("search", "…", "--json"))) == []


@pytest.mark.parametrize("option", ["--after", "--before"])
@pytest.mark.parametrize("value", ["hier", "2025-02-30", ""])
def test_a_filter_that_is_no_date_is_quoted(run: Run, option: str, value: str) -> None:
    assert complaint(run("search", SIGNED, option, value)) == (
        f"{value!r} is no date. Write a year, a month or a day: 2025, 2025-05 or 2025-05-12."
    )


# status and eval


def test_a_status_is_told_in_lines_and_as_json(run: Run, sample_store: Path) -> None:
    status = json.loads(done(run("status", "--json")))
    shown = done(run("status"))

    assert status["store"] == str(sample_store)
    assert status["articles"] == 4
    assert status["languages"] == {"fr": 4}
    assert shown.startswith("4 articles (2025-05 to 2025-12-03), ")
    assert status["snapshot"] in shown
    assert status["embedder"] in shown


def test_figures_are_told_as_json(run: Run, questions: Path) -> None:
    ended = run("eval", str(questions), "-k", "3", "--json")

    figures = json.loads(ended.stdout)
    assert ended.returncode == 0
    assert "Traceback" not in ended.stderr  # a bar may stand there
    assert figures["questions"] == 2
    assert figures["answerable"] == 1
    assert figures["success@1"] == figures["mrr@3"] == figures["recall@3"] == 1
    assert figures["abstained"] == 1


def test_figures_are_told_in_lines(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"question": "…", "answerable": false}\n', encoding="utf-8")

    lines = [line.rsplit(maxsplit=1) for line in done(run("eval", str(path))).splitlines()]

    assert lines[0] == ["questions", "1"]
    assert ["ndcg@10", "None"] in lines
    assert lines[-1] == ["abstained", "1.000"]


def test_a_line_that_is_no_question_is_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"question": "Qui ?"}\nnot json\n')

    assert complaint(run("eval", str(path))).startswith(
        f"No question can be read from line 2 of {path}: "
    )
    assert complaint(run("eval", str(tmp_path / "absent"))).startswith(
        f"No question can be read from {tmp_path / 'absent'}: No such file or directory. "
    )


# stores


@pytest.mark.parametrize(
    "command",
    [
        ["ask", "qui ?"],
        ["search", "qui ?"],
        ["status"],
        ["status", "--json"],
        ["snapshots"],
        ["rollback"],
        ["rollback", "000001-0123456789ab"],
    ],
    ids=" ".join,
)
def test_a_store_that_is_not_there_is_one_sentence(
    run: Run, tmp_path: Path, command: list[str]
) -> None:
    store = tmp_path / "absent"

    assert complaint(run(*command, "--store", str(store))) == (
        f"There is no index in {store} yet. Build it: depeche build CORPUS --store {store}"
    )
    assert not store.exists()


def test_a_store_with_a_byte_flipped_is_one_sentence(
    run: Run, sample_store: Path, tmp_path: Path
) -> None:
    store = shutil.copytree(sample_store, tmp_path / "store")
    (path,) = store.glob("snapshots/*/vectors.npy")
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)

    for command in (["ask", "qui ?"], ["search", "qui ?"], ["status"]):
        assert complaint(run(*command, "--store", str(store))) == (
            f"The index file {path} is not what was written. "
            "Build it again: depeche build CORPUS --store STORE"
        )


# usage


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "COMMAND"),
        (["answer"], "invalid choice: 'answer'"),
        (["ask"], "question"),
        (["ask", "one", "two"], "unrecognized arguments: two"),
        (["search", "qui ?", "-k", "0"], "at least 1, not '0'"),
        (["search", "qui ?", "-k", "-3"], "at least 1, not '-3'"),
        (["search", "qui ?", "-k", "many"], "at least 1, not 'many'"),
        (["eval"], "questions"),
        (["status", "--model", "other"], "unrecognized arguments"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_exits_with_2_and_says_what_was_wrong(
    run: Run, arguments: list[str], problem: str
) -> None:
    assert problem in misused(run(*arguments))


@pytest.mark.parametrize(
    "command",
    [None, "build", "ask", "search", "status", "eval", "snapshots", "rollback", "feedback"],
    ids=str,
)
def test_help_is_told_for_each_command(run: Run, command: str | None) -> None:
    said = done(run(*filter(None, [command]), "--help"))

    assert said.startswith(f"usage: depeche {command or '[-h]'}")
    if command is not None:
        assert "--json" in said
        assert "DEPECHE_STORE" in said


# output


def test_what_a_terminal_cannot_show_is_replaced(run: Run) -> None:
    shown = done(run("status", PYTHONIOENCODING="ascii"))

    assert "Agence D?p?che 2" in shown


def test_bytes_that_are_no_text_are_asked_as_question_marks(run: Run) -> None:
    answer = json.loads(done(run("ask", "\udcff ?", "--json")))

    assert answer["question"]["text"] == "? ?"


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_a_reader_that_goes_away_is_no_cause_for_complaint(
    sample_store: Path, unbuffered: str
) -> None:
    command = [sys.executable, "-m", "qa.cli", "status", "--json", "--store", str(sample_store)]
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}

    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.close()  # as `head` does when it has seen enough
        assert process.stderr is not None
        complaints = process.stderr.read()

    assert complaints == b""
    assert process.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_a_full_disk_is_one_sentence(sample_store: Path, unbuffered: str) -> None:
    command = [sys.executable, "-m", "qa.cli", "status", "--store", str(sample_store)]
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}

    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert ended.returncode == 1
    assert ended.stderr == b"Cannot go on: [Errno 28] No space left on device.\n"
