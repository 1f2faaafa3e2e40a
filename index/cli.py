"""The commands on snapshots: `depeche build` (also `python -m index`), `snapshots`, `rollback`."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import CorpusMissing, DepecheError, StoreBusy
from index.journal import logging_as_told

if TYPE_CHECKING:
    from index.history import Changes, Snapshot
    from index.types import BuildReport

# a longer list of skipped files is told by --json
_MAX_SKIPPED_SHOWN = 20


def add_build_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what a build can be told."""
    parser.add_argument("corpus", nargs="?", default="corpus", help="folder of articles")
    parser.add_argument(
        "--store", help="folder or address of the index (DEPECHE_STORE, else ./store)"
    )
    parser.add_argument("--model", help="name or path of a sentence-transformers model")
    parser.add_argument("--full", action="store_true", help="read again what did not change")
    parser.add_argument(
        "--wait",
        nargs="?",
        type=_seconds,
        const=-1.0,
        metavar="SECONDS",
        help="wait for another build of the same index, for ever or at most so long",
    )
    parser.add_argument("--watch", action="store_true", help="build again at every change")
    parser.add_argument(
        "--ray",
        metavar="ADDRESS",
        help='spread the work over a Ray cluster: host:port, ray://host:port, or "auto" for the '
        "one on this machine",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


def complain(sentence: str) -> None:
    """Say on standard error what goes wrong."""
    print(sentence, file=sys.stderr)


def run_build(arguments: argparse.Namespace) -> int:
    """Build, print the report, and return the exit code."""
    if arguments.watch:
        return _watch(arguments)
    report = _build(arguments)
    for warning in report.warnings:
        complain(warning)
    print(json.dumps(_record(report), ensure_ascii=False) if arguments.json else describe(report))
    return 0


def _build(arguments: argparse.Namespace) -> "BuildReport":
    """Build as the arguments say; say so if that means to wait for another build."""
    from index.builder import build
    from index.progress import TerminalProgress

    def run(wait_seconds: float) -> "BuildReport":
        with TerminalProgress() as progress:
            return build(
                arguments.corpus,
                arguments.store,
                model=arguments.model,
                full=arguments.full,
                wait_seconds=wait_seconds,
                progress=progress,
                ray=arguments.ray,
            )

    try:
        return run(0)
    except StoreBusy:
        if arguments.wait is None:
            raise
    print("Another build is writing to the index; this one waits for it.", file=sys.stderr)
    return run(arguments.wait)


def _watch(arguments: argparse.Namespace) -> int:
    """Build at every change until somebody stops it; one line a new snapshot."""
    from index.address import folder_of, place_of
    from index.watch import follow

    def tell(outcome: "BuildReport | DepecheError") -> None:
        if isinstance(outcome, DepecheError):
            print(outcome, file=sys.stderr, flush=True)
            return
        for warning in outcome.warnings:
            complain(warning)
        if arguments.json:
            print(json.dumps(_record(outcome), ensure_ascii=False), flush=True)
        else:
            print(_line(outcome), flush=True)

    store = folder_of(place_of(arguments.store))
    corpus = Path(arguments.corpus)
    if not corpus.is_dir():
        raise CorpusMissing(corpus)
    try:
        follow(corpus, store, lambda: _build(arguments), tell)
    except KeyboardInterrupt:
        print("Stopped following the folder; the index stays.", file=sys.stderr)
    return 0


def _seconds(text: str) -> float:
    """Read a number of seconds, 0 or more."""
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise ValueError(text)
    return seconds


def describe(report: "BuildReport") -> str:
    """Say in a few lines what a build did."""
    lines = [_line(report)]
    if report.skipped:
        lines.append(f"{len(report.skipped)} files skipped:")
        shown = report.skipped[:_MAX_SKIPPED_SHOWN]
        lines.extend(f"  {path}: {reason}" for path, reason in shown)
        if len(shown) < len(report.skipped):
            lines.append(f"  and {len(report.skipped) - len(shown)} more (--json lists them all)")
    return "\n".join(lines)


def _line(report: "BuildReport") -> str:
    """Say what a build did, but for the files it left out."""
    return (
        f"{report.articles} articles, {report.chunks} chunks ({report.embedded} embedded, "
        f"{report.reused} reused) in {report.seconds:.1f} s: snapshot {report.snapshot}"
    )


def _record(report: "BuildReport") -> dict[str, object]:
    """Return a report as JSON values."""
    skipped = [{"path": path, "reason": reason} for path, reason in report.skipped]
    return {**asdict(report), "skipped": skipped}


def run_snapshots(arguments: argparse.Namespace) -> int:
    """List the snapshots of a store, with what each changed, and return the exit code."""
    from index.address import place_of
    from index.places import changes_between, snapshots

    store = place_of(arguments.store)
    found = snapshots(store, check=True)
    changed = changes_between(store, found)
    if arguments.json:
        records = [_snapshot_record(one, changed.get(one.name)) for one in found]
        print(json.dumps(records, ensure_ascii=False, indent=2))
    else:
        print("\n".join(describe_snapshot(one, changed.get(one.name)) for one in found))
    return 0


def run_rollback(arguments: argparse.Namespace) -> int:
    """Go back to another snapshot, and return the exit code."""
    from index.address import place_of
    from index.places import rollback

    name = rollback(place_of(arguments.store), arguments.name)
    print(json.dumps({"snapshot": name}) if arguments.json else f"In force: snapshot {name}")
    return 0


def describe_snapshot(snapshot: "Snapshot", changed: "Changes | None") -> str:
    """Say in a line what a snapshot is, and what it changed."""
    if snapshot.problem is not None:
        return f"{snapshot.name}  cannot be used: {snapshot.problem}"
    told = f"{snapshot.articles} articles, {snapshot.chunks} chunks"
    if snapshot.skipped:
        told += f", {snapshot.skipped} files skipped"
    if changed is not None:
        told += (
            f"; {len(changed.added)} added, {len(changed.changed)} changed, "
            f"{len(changed.removed)} removed"
        )
    force = " (in force)" if snapshot.in_force else ""
    return f"{snapshot.name}  {snapshot.written.astimezone():%Y-%m-%d %H:%M}  {told}{force}"


def _snapshot_record(snapshot: "Snapshot", changed: "Changes | None") -> dict[str, object]:
    """Return a snapshot as JSON values, with the ids of the articles that it changed."""
    names = ("added", "changed", "removed")
    ids = {name: [article.id for article in getattr(changed, name, ())] for name in names}
    written = snapshot.written.isoformat(timespec="seconds")
    return {**asdict(snapshot), "written": written, **ids}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `python -m index` and return the exit code: 0 done, 1 failed, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m index", description="Index a folder of news articles."
    )
    add_build_arguments(parser)
    given = parser.parse_args(arguments)
    try:
        with logging_as_told(complain):
            return run_build(given)
    except DepecheError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; the index before is still in force.", file=sys.stderr)
        return 1
