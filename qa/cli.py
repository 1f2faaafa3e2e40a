"""The command `depeche`: results on standard output, complaints on standard error.

Exit codes: 0 done, 1 failed, 2 wrong usage.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, NoReturn

from index.cli import (
    add_build_arguments,
    complain,
    run_build,
    run_rollback,
    run_snapshots,
)
from index.errors import DepecheError, ExtraMissing
from index.journal import logging_as_told
from qa.settings import DEFAULT_READER, READERS
from qa.written.command import add_writer_arguments, write_out

if TYPE_CHECKING:
    from qa.assistant import Assistant

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter
    parsed = build_parser().parse_args(arguments)
    code = _run(parsed)
    if arguments is None and parsed.command in (run_ask, run_search):
        _end(code)
    return code


def _run(parsed: argparse.Namespace) -> int:
    """Run the command that was parsed and return its exit code."""
    command: Command = parsed.command
    try:
        with logging_as_told(complain):
            code = command(parsed)
        sys.stdout.flush()  # while a full disk can still be told
    except DepecheError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("Stopped.")
    except OSError as error:
        # what is left in the buffer would fail again when Python exits
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        # the reader of our output may go away (`depeche search ... | head`)
        return 1 if isinstance(error, BrokenPipeError) else _fail(f"Cannot go on: {error}.")
    return code


def _end(code: int) -> NoReturn:
    """End the process at once: to take models apart takes a fifth of a second, to load them two."""
    sys.stderr.flush()
    os._exit(code)


def _fail(sentence: str) -> int:
    """Complain, and return the exit code of a failure."""
    complain(sentence)
    return 1


def build_parser() -> argparse.ArgumentParser:
    """Describe every command and option."""
    parser = argparse.ArgumentParser(
        prog="depeche",
        description="Ask a folder of news articles; every answer is an article's exact words.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    build = commands.add_parser("build", help="index a folder of articles")
    add_build_arguments(build)
    build.set_defaults(command=run_build)

    ask = _add(commands, "ask", run_ask, "answer a question, quoting the articles")
    ask.add_argument("question")
    _add_filters(ask)
    add_writer_arguments(ask)
    search = _add(commands, "search", run_search, "list the passages nearest to a question")
    search.add_argument("question")
    search.add_argument("-k", type=_positive, default=5, metavar="N", help="how many (5)")
    _add_filters(search)
    status = _add(commands, "status", run_status, "tell what is in the index")
    status.add_argument(
        "--dates", action="store_true", help="list articles without a date or with a doubtful one"
    )
    evaluate = _add(commands, "eval", run_eval, "measure answers to questions with known answers")
    for asking in (ask, search, evaluate):
        _add_reader(asking)
    evaluate.add_argument("questions", help="file of questions, one JSON object a line")
    evaluate.add_argument("-k", type=_positive, default=10, metavar="N", help="ranks read (10)")
    _add(commands, "snapshots", run_snapshots, "list what the store holds, and what changed")
    rollback = _add(commands, "rollback", run_rollback, "answer from an older snapshot again")
    rollback.add_argument("name", nargs="?", help="which one (the one before)")
    doctor = _add(commands, "doctor", run_doctor, "check everything that a store holds")
    doctor.add_argument(
        "--no-embed", action="store_true", help="do not embed a sample of the chunks again"
    )
    mcp = _add(commands, "mcp", run_mcp, "let tools ask, by the Model Context Protocol")
    _add_reader(mcp)
    mcp.add_argument(
        "--address", default="", help="where the page of the chat is, for links to the articles"
    )
    feedback = _add(commands, "feedback", run_feedback, "tell what people think of the answers")
    feedback.add_argument(
        "--questions", action="store_true", help="print what was answered well, for depeche eval"
    )
    return parser


def run_ask(arguments: argparse.Namespace) -> int:
    """Answer one question; a language model writes the answer out if one is named."""
    from qa.shown import answer_record, show_answer
    from qa.written.model import choose_model

    model = choose_model(arguments.llm, arguments.llm_model)
    assistant = _open(arguments)
    answer = assistant.ask(arguments.question, **_filters(arguments))
    if model is not None:
        _tell(write_out(answer, model, assistant.reader, as_json=arguments.json))
    else:
        print(_json(answer_record(answer)) if arguments.json else show_answer(answer))
    return 0


def run_search(arguments: argparse.Namespace) -> int:
    """List passages."""
    from qa.shown import passage_record, show_passage

    passages = _open(arguments).retrieve(arguments.question, arguments.k, **_filters(arguments))
    if arguments.json:
        print(_json([passage_record(passage) for passage in passages]))
    else:
        print("\n\n".join(map(show_passage, passages)) or "No passage matches.")
    return 0


def run_status(arguments: argparse.Namespace) -> int:
    """Tell what is in the store."""
    from qa.status import describe, describe_only_dates, read_status

    status = read_status(arguments.store, dates=arguments.dates)
    _tell(status["trouble"])
    say = describe_only_dates if arguments.dates else describe
    print(_json(status) if arguments.json else say(status))
    return 0


def run_doctor(arguments: argparse.Namespace) -> int:
    """Check a store, a line each check; 1 if there is trouble."""
    from qa.doctor import checks, describe, record_of

    found = checks(arguments.store, embed=not arguments.no_embed)
    print(_json([record_of(check) for check in found]) if arguments.json else describe(found))
    return 0 if all(check.ok for check in found) else 1


def run_eval(arguments: argparse.Namespace) -> int:
    """Measure the answers to a file of questions."""
    from index.progress import TerminalProgress
    from qa.evaluate import describe, evaluate
    from qa.questions import read_questions

    questions = read_questions(arguments.questions)
    with TerminalProgress() as progress:
        figures = evaluate(_open(arguments), questions, arguments.k, progress=progress)
    print(_json(figures) if arguments.json else describe(figures))
    return 0


def run_mcp(arguments: argparse.Namespace) -> int:
    """Answer a tool on standard input and output until it has gone."""
    try:
        from qa.doors.mcp import serve
    except ModuleNotFoundError as error:
        raise ExtraMissing("speak to tools", "mcp", "mcp") from error
    from importlib.metadata import version

    from index.address import place_of
    from qa.doors.service import Service

    assistant = _open(arguments)
    serve(
        Service(place_of(arguments.store), lambda: assistant, arguments.address), version("depeche")
    ).run("stdio")
    return 0


def run_feedback(arguments: argparse.Namespace) -> int:
    """Print what people think of answers, or the questions that it judges."""
    from index.address import folder_of, place_of
    from qa.feedback import describe, judged_questions, latest, read_feedback, record_of

    feedback, damaged = read_feedback(folder_of(place_of(arguments.store)))
    if damaged:
        print(f"{damaged} lines cannot be read and are left out.", file=sys.stderr)
    if arguments.questions:
        for record in judged_questions(feedback):
            print(json.dumps(record, ensure_ascii=False))
    elif arguments.json:
        print(_json([record_of(said) for said in latest(feedback)]))
    else:
        print(describe(feedback))
    return 0


def _open(arguments: argparse.Namespace) -> "Assistant":
    """Open the store that is asked for; its first seconds are announced."""
    with _announced("Opening the index…"):
        _warm_reader(arguments.reader)
        from qa.assistant import Assistant

        assistant = Assistant.open(arguments.store, reader=arguments.reader)
        assistant.warm()
    _tell(assistant.trouble)
    return assistant


def _warm_reader(name: str) -> None:
    """Begin to load the reader: it takes longer than to open an index."""
    from index.once import take_short_turns
    from qa.read import open_reader

    take_short_turns()
    reader = open_reader(name)
    if reader is not None:
        reader.warm()


def _tell(trouble: str | None) -> None:
    """Complain of what hinders nobody, if there is anything."""
    if trouble is not None:
        print(trouble, file=sys.stderr)


@contextmanager
def _announced(sentence: str) -> Iterator[None]:
    """Show a sentence while something slow is done, where somebody is watching."""
    watched = sys.stderr.isatty()
    if watched:
        print(sentence, end="", file=sys.stderr, flush=True)
    try:
        yield
    finally:
        if watched:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def _add(
    commands: Any,  # noqa: ANN401  argparse keeps the type to itself
    name: str,
    command: Command,
    description: str,
) -> argparse.ArgumentParser:
    """Add a command that reads a store."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=description)
    parser.add_argument(
        "--store", help="folder or address of the index (DEPECHE_STORE, else ./store)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(command=command)
    return parser


def _add_reader(parser: argparse.ArgumentParser) -> None:
    """Add the choice of a reader."""
    parser.add_argument(
        "--reader", choices=READERS, default=DEFAULT_READER, help="what re-orders the passages"
    )


def _add_filters(parser: argparse.ArgumentParser) -> None:
    """Add the filters of the asker."""
    parser.add_argument("--after", metavar="DATE", help="first day: 2025, 2025-05 or 2025-05-12")
    parser.add_argument("--before", metavar="DATE", help="last day, included")
    parser.add_argument("--source", action="append", metavar="NAME", help="source or folder")
    parser.add_argument("--language", action="append", metavar="CODE", help="fr, en, vi, …")
    parser.add_argument(
        "--word", action="append", metavar="WORDS", help="exact word or phrase of the article"
    )


def _filters(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the filters as keyword arguments."""
    return {
        "after": arguments.after,
        "before": arguments.before,
        "sources": arguments.source,
        "languages": arguments.language,
        "words": arguments.word,
    }


def _positive(text: str) -> int:
    """Read a number of at least 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a number of at least 1, not {text!r}")
    return int(text)


def _json(value: object) -> str:
    """Return JSON that a person can read."""
    return json.dumps(value, ensure_ascii=False, indent=2)


if __name__ == "__main__":
    sys.exit(main())
