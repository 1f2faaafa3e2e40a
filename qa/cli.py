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
from typing import TYPE_CHECKING, Any

from index.cli import add_build_arguments, run_build
from index.errors import DepecheError
from qa.settings import DEFAULT_READER, READERS

if TYPE_CHECKING:
    from index.types import Article
    from qa.assistant import Assistant
    from qa.types import Answer, Passage

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter
    parsed = build_parser().parse_args(arguments)
    command: Command = parsed.command
    try:
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


def _fail(sentence: str) -> int:
    """Complain, and return the exit code of a failure."""
    print(sentence, file=sys.stderr)
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
    search = _add(commands, "search", run_search, "list the passages nearest to a question")
    search.add_argument("question")
    search.add_argument("-k", type=_positive, default=5, metavar="N", help="how many (5)")
    _add_filters(search)
    _add(commands, "status", run_status, "tell what is in the index")
    evaluate = _add(commands, "eval", run_eval, "measure answers to questions with known answers")
    for asking in (ask, search, evaluate):
        _add_reader(asking)
    evaluate.add_argument("questions", help="file of questions, one JSON object a line")
    evaluate.add_argument("-k", type=_positive, default=10, metavar="N", help="ranks read (10)")
    return parser


def run_ask(arguments: argparse.Namespace) -> int:
    """Answer one question."""
    answer = _open(arguments).ask(arguments.question, **_filters(arguments))
    print(_json(answer_record(answer)) if arguments.json else _show_answer(answer))
    return 0


def run_search(arguments: argparse.Namespace) -> int:
    """List passages."""
    passages = _open(arguments).retrieve(arguments.question, arguments.k, **_filters(arguments))
    if arguments.json:
        print(_json([passage_record(passage) for passage in passages]))
    else:
        print("\n\n".join(map(_show_passage, passages)) or "No passage matches.")
    return 0


def run_status(arguments: argparse.Namespace) -> int:
    """Tell what is in the store."""
    from qa.status import describe, read_status

    status = read_status(arguments.store)
    print(_json(status) if arguments.json else describe(status))
    return 0


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


def answer_record(answer: "Answer") -> dict[str, Any]:
    """Return an answer as JSON values."""
    return {
        "text": answer.text,
        "grounded": answer.grounded,
        "citations": [
            {
                "number": citation.number,
                "quote": citation.quote,
                **_place(citation.article, citation.start, citation.end),
            }
            for citation in answer.citations
        ],
        "passages": [passage_record(passage) for passage in answer.passages],
        "question": {
            "text": answer.question.text,
            "standalone": answer.question.standalone,
            "language": answer.question.language,
            "dates": [
                {"text": asked.text, "range": asked.range and str(asked.range)}
                for asked in answer.question.dates
            ],
        },
    }


def passage_record(passage: "Passage") -> dict[str, Any]:
    """Return a passage as JSON values."""
    return {
        "rank": passage.rank,
        "score": round(passage.score, 4),
        "text": passage.text,
        "quotes": [list(span) for span in passage.quotes],
        **_place(passage.article, passage.start, passage.end),
    }


def _place(article: "Article", start: int, end: int) -> dict[str, Any]:
    """Say where a text stands, as JSON values."""
    return {
        "article": article.id,
        "title": article.title,
        "published": article.published and str(article.published),
        "start": start,
        "end": end,
    }


def _show_answer(answer: "Answer") -> str:
    """Write an answer for a terminal: its heading, then each quote with its source."""
    from qa.cite import plain

    lines = [plain(answer.text.split("\n\n", 1)[0])]
    for citation in answer.citations:
        lines.append(f"\n[{citation.number}] {' '.join(citation.quote.split())}")
        lines.append(f"    {_source(citation.article)}")
    return "\n".join(lines)


def _show_passage(passage: "Passage") -> str:
    """Write a passage for a terminal."""
    heading = f"{passage.rank}. {_source(passage.article)}"
    return f"{heading} [{passage.start}:{passage.end}]\n{passage.text.strip()}"


def _source(article: "Article") -> str:
    """Name an article by title, date and file."""
    date = f", {article.published}" if article.published else ""
    return f"{article.title}{date} ({article.id})"


def _open(arguments: argparse.Namespace) -> "Assistant":
    """Open the store that is asked for; its first seconds are announced."""
    with _announced("Opening the index…"):
        from qa.assistant import Assistant

        return Assistant.open(arguments.store, reader=arguments.reader)


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
    parser.add_argument("--store", help="folder of the index (DEPECHE_STORE, else ./store)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(command=command)
    return parser


def _add_reader(parser: argparse.ArgumentParser) -> None:
    """Add the choice of a reader."""
    parser.add_argument(
        "--reader", choices=READERS, default=DEFAULT_READER, help="what re-orders the passages"
    )


def _add_filters(parser: argparse.ArgumentParser) -> None:
    """Add the filters on days and sources."""
    parser.add_argument("--after", metavar="DATE", help="first day: 2025, 2025-05 or 2025-05-12")
    parser.add_argument("--before", metavar="DATE", help="last day, included")
    parser.add_argument("--source", action="append", metavar="NAME", help="source or folder")


def _filters(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the filters as keyword arguments."""
    return {
        "after": arguments.after,
        "before": arguments.before,
        "sources": arguments.source,
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
