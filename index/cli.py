"""The command that builds: `python -m index`, and `depeche build`."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from index.errors import DepecheError

if TYPE_CHECKING:
    from index.types import BuildReport

# a longer list of skipped files is told by --json
_MAX_SKIPPED_SHOWN = 20


def add_build_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what a build can be told."""
    parser.add_argument("corpus", nargs="?", default="corpus", help="folder of articles")
    parser.add_argument("--store", help="folder of the index (DEPECHE_STORE, else ./store)")
    parser.add_argument("--model", help="name or path of a sentence-transformers model")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


def run_build(arguments: argparse.Namespace) -> int:
    """Build, print the report, and return the exit code."""
    from index.builder import build
    from index.progress import TerminalProgress

    with TerminalProgress() as progress:
        report = build(arguments.corpus, arguments.store, model=arguments.model, progress=progress)
    print(json.dumps(_record(report), ensure_ascii=False) if arguments.json else describe(report))
    return 0


def describe(report: "BuildReport") -> str:
    """Say in a few lines what a build did."""
    lines = [
        f"{report.articles} articles, {report.chunks} chunks ({report.embedded} embedded, "
        f"{report.reused} reused) in {report.seconds:.1f} s: snapshot {report.snapshot}"
    ]
    if report.skipped:
        lines.append(f"{len(report.skipped)} files skipped:")
        shown = report.skipped[:_MAX_SKIPPED_SHOWN]
        lines.extend(f"  {path}: {reason}" for path, reason in shown)
        if len(shown) < len(report.skipped):
            lines.append(f"  and {len(report.skipped) - len(shown)} more (--json lists them all)")
    return "\n".join(lines)


def _record(report: "BuildReport") -> dict[str, object]:
    """Return a report as JSON values."""
    skipped = [{"path": path, "reason": reason} for path, reason in report.skipped]
    return {**asdict(report), "skipped": skipped}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `python -m index` and return the exit code: 0 done, 1 failed, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m index", description="Index a folder of news articles."
    )
    add_build_arguments(parser)
    try:
        return run_build(parser.parse_args(arguments))
    except DepecheError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; the index before is still in force.", file=sys.stderr)
        return 1
