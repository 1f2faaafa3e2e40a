"""The part of `depeche ask` that has the answer written out, and prints it while it is written."""

import argparse
import json
import sys
from shutil import get_terminal_size
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.read import Reader
    from qa.types import Answer
    from qa.written.model import LanguageModel
    from qa.written.writing import Writing, Written


def add_writer_arguments(parser: "argparse._ActionsContainer") -> None:
    """Add the language model that writes an answer out."""
    parser.add_argument(
        "--llm",
        metavar="URL",
        help="have the language model behind this address (llama.cpp, Ollama, vLLM…) write the "
        "answer out, each sentence checked (DEPECHE_LLM; a key only in DEPECHE_LLM_KEY)",
    )
    parser.add_argument(
        "--llm-model", metavar="NAME", help="what its server calls it (DEPECHE_LLM_MODEL)"
    )


def write_out(
    answer: "Answer", model: "LanguageModel", reader: "Reader | None", *, as_json: bool
) -> str | None:
    """Print an answer as it is written, then its quotes; return what went wrong, if anything."""
    from qa.shown import answer_record, show_answer
    from qa.written.shown import show_further, show_verdict, written_record
    from qa.written.writing import begin

    writing = begin(answer, model, reader)
    written = None if writing is None else _follow(writing, quiet=as_json)
    if as_json:
        record = answer_record(answer) | {"written": written and written_record(written)}
        print(json.dumps(record, ensure_ascii=False, indent=2))
    else:
        if written is not None and written.sentences:
            print(f"\n{show_verdict(written)}\n")
        print(show_answer(answer) + (show_further(written, answer) if written else ""))
    return str(written.trouble) if written is not None and written.trouble else None


def _follow(writing: "Writing", *, quiet: bool) -> "Written":
    """Print each sentence as soon as it is checked, unless `quiet`; return the whole."""
    from qa.written.shown import show_heading, show_sentence

    told = 0
    try:
        for written in writing:
            _show_passing("")
            for sentence in () if quiet else written.sentences[told:]:
                if not told:
                    print(f"{show_heading(written)}\n")
                print(show_sentence(sentence), flush=True)
                told += 1
            if not written.ended:
                _show_passing(written.pending or f"Waiting for {written.model}…")
    finally:
        _show_passing("")
    return written


def _show_passing(text: str) -> None:
    """Show the end of a text on a line that the next one replaces, where somebody is watching."""
    if sys.stderr.isatty():
        room = get_terminal_size().columns - 1
        line = " ".join(text.split())
        print(f"\r\033[K{line[-room:]}", end="", file=sys.stderr, flush=True)
