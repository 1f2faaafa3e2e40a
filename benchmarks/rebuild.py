"""What a rebuild costs beside a full build: `python -m benchmarks.rebuild SETS --articles 10000`.

Writes passages of the set `scale_fr` as small text and Markdown files and builds them with the
default embedder, each time in a process of its own, which is timed from its start to its end: all
of them, then with nothing changed, then with one in a hundred changed, then with these put back.
SETS is a folder of question sets, as in `python -m benchmarks`. A full build of 10,000 articles
takes minutes: nothing else should run beside it, but shares of seconds can still be told by
processor time.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.provenance import provenance
from benchmarks.sets import read_articles
from index.types import Article

RESULTS = Path("build/bench/rebuild.json")

_CHANGED = 100
"""One article in so many is changed."""

_OF_A_FOLDER = 1000

# a file that was written just now is read once more by the next build
_TICK_SECONDS = 3

Figures = dict[str, Any]


def write_corpus(articles: Sequence[Article], folder: Path) -> list[Path]:
    """Write articles as files, every second one with a header, and return where they are."""
    paths = []
    for number, article in enumerate(articles):
        suffix = "md" if number % 2 else "txt"
        path = folder / f"{number // _OF_A_FOLDER:03d}" / f"{number:06d}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_written(article, suffix), encoding="utf-8")
        paths.append(path)
    return paths


def change(paths: Sequence[Path], articles: Sequence[Article]) -> dict[Path, str]:
    """Add a sentence of another article to one file in a hundred; return what these held."""
    before = {}
    for path, article in zip(paths[::_CHANGED], articles, strict=False):
        before[path] = path.read_text(encoding="utf-8")
        path.write_text(f"{before[path]}\n{article.text[:150]}.\n", encoding="utf-8")
    return before


def build(corpus: Path, store: Path) -> Figures:
    """Build in a process of its own: seconds from its start to its end, and its peak memory."""
    time.sleep(_TICK_SECONDS)
    command = [sys.executable, "-m", "index", str(corpus), "--store", str(store), "--json"]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        report = json.loads(process.stdout.read())
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    return {
        "seconds": round(seconds, 2),
        "processor seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak memory in MB": used.ru_maxrss // 1024,
        **{name: report[name] for name in ("articles", "chunks", "embedded", "unchanged")},
    }


def measure(articles: Sequence[Article], spare: Sequence[Article], folder: Path) -> Figures:
    """Build all, nothing, one in a hundred, and that one put back."""
    corpus, store = folder / "corpus", folder / "store"
    paths = write_corpus(articles, corpus)
    figures = {"full": build(corpus, store), "nothing changed": build(corpus, store)}
    before = change(paths, spare)
    figures["1 % changed"] = build(corpus, store)
    for path, text in before.items():
        path.write_text(text, encoding="utf-8")
    figures["put back"] = build(corpus, store)
    full = figures["full"]
    ratios = {
        name: round(full["seconds"] / one["seconds"], 1)
        for name, one in figures.items()
        if one is not full
    }
    rate = round(full["embedded"] / full["seconds"], 1)
    return {**figures, "full build in": ratios, "chunks a second": rate}


def _written(article: Article, suffix: str) -> str:
    """Return an article as a file of plain text or Markdown holds it."""
    if suffix == "txt":
        return f"{article.title}\n\n{article.text}\n"
    date = f"date: {article.published}\n" if article.published else ""
    title = json.dumps(article.title, ensure_ascii=False)
    return f"---\ntitle: {title}\n{date}---\n\n{article.text}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the figures and print them as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rebuild", description=__doc__)
    parser.add_argument("sets", type=Path, help="folder of question sets")
    parser.add_argument("--articles", type=int, default=10_000)
    given = parser.parse_args(arguments)
    passages = read_articles(given.sets / "scale_fr")
    articles, spare = passages[: given.articles], passages[given.articles :]
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(articles, spare, Path(folder))
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps({**provenance(), "rebuild": figures}, indent=1) + "\n")
    print(json.dumps(figures, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
