"""Folders made to lead the walk elsewhere, to stop it, or to fill the memory."""

import os
import shutil
import socket
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import CorpusEmpty
from index.load import Corpus
from index.types import Article, Progress, Skipped

Attack = Callable[..., Any]
RunPython = Callable[..., subprocess.CompletedProcess[str]]

_HOSTILE = settings.get_profile("hostile")
_SECRET = "the words of a file that nobody asked for"
_PROSE = "Le ministre a inauguré lundi 12 mai 2025 la ligne de tramway."

# bytes that no other name of the same folder may hold are "/" and the zero byte
_NAMES = st.one_of(
    st.binary(min_size=1, max_size=80),
    st.lists(
        st.sampled_from(
            [
                "é",
                "e\u0301",
                "\u202e",
                "\n",
                "\x1b[2J",
                "新",
                "👨‍👩‍👧",
                "\ufeff",
                " ",
                ".",
                "%2e",
                "\\",
            ]
        ),
        min_size=1,
        max_size=12,
    ).map(lambda parts: "".join(parts).encode()),
    st.integers(100, 251).map(lambda count: b"a" * count),
).map(lambda name: name.replace(b"/", b"_").replace(b"\0", b"_") + b".txt")


def read(corpus: Path, progress: Progress | None = None) -> tuple[list[Article], list[Skipped]]:
    """Read a folder as a build does."""
    loaded = Corpus(corpus).load(progress=progress)
    return list(loaded.articles), loaded.skipped


def walk(corpus: Path) -> tuple[list[Article], list[Skipped]]:
    """Read a folder, and check what comes of it."""
    try:
        articles, skipped = read(corpus)
    except CorpusEmpty:
        return [], []
    ids = [article.id for article in articles]
    assert ids == sorted(set(ids))
    for name in [*ids, *(skip.path for skip in skipped)]:
        assert name.isprintable() or not set(name) & set("\n\r\x1b\u202e"), name
        assert unicodedata.is_normalized("NFC", name)
        assert ".." not in name.split("/")
        name.encode()
    assert not any(_SECRET in article.text for article in articles)
    return articles, skipped


@settings(_HOSTILE)
@given(names=st.lists(_NAMES, min_size=1, max_size=6, unique=True))
def test_any_name_is_read_or_passed_over(
    attack: Attack, tmp_path_factory: pytest.TempPathFactory, names: list[bytes]
) -> None:
    corpus = tmp_path_factory.mktemp("names")
    for number, name in enumerate(names):
        with open(os.path.join(os.fsencode(corpus), name), "wb") as file:  # noqa: PTH118, PTH123
            file.write(f"{_PROSE} {number}".encode())

    articles, skipped = attack("walk: names", walk, corpus)

    assert len(articles) + len(skipped) <= len(names)
    shutil.rmtree(corpus)


def test_what_is_no_file_of_the_folder_is_left_out(
    attack: Attack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, outside = tmp_path / "corpus", tmp_path / "outside"
    corpus.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text(_SECRET)
    (corpus / "good.txt").write_text(_PROSE)
    links = {
        "out": outside / "secret.txt",
        "up": Path("../outside/secret.txt"),
        "folder": outside,
        "process": Path("/proc/self/environ"),
        "memory": Path("/proc/self/mem"),
        "zero": Path("/dev/zero"),
        "input": Path("/dev/stdin"),
        "loop": corpus / "loop.txt",
        "one": corpus / "two.txt",
        "two": corpus / "one.txt",
        "root": corpus,
        "pipe link": corpus / "pipe.txt",
        "gone": corpus / "gone",
        "long": Path("a/" * 2000),
    }
    for name, target in links.items():
        (corpus / f"{name}.txt").symlink_to(target)
    (corpus / "inner").symlink_to(corpus)
    os.mkfifo(corpus / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        monkeypatch.chdir(corpus)  # the path of a socket has few characters
        listening.bind("socket.txt")
    os.truncate(_touch(corpus / "sparse.txt"), 50_000_000_000)

    articles, skipped = attack("walk: links, pipes, devices", walk, corpus)

    assert [article.id for article in articles] == ["good.txt"]
    assert {f"{name}.txt" for name in links} <= {skip.path for skip in skipped}


def _touch(path: Path) -> Path:
    path.touch()
    return path


def test_files_that_vanish_or_become_links_or_pipes_meanwhile_are_told(
    attack: Attack, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (tmp_path / "secret.txt").write_text("Un secret.")
    for number in range(6):
        (corpus / f"{number}.txt").write_text(f"{_PROSE} {number}")

    def change(_step: str, done: int, _total: int) -> None:
        """Change the files that were listed, before they are opened."""
        if done == 1:
            (corpus / "2.txt").unlink()
            (corpus / "3.txt").unlink()
            (corpus / "3.txt").mkdir()
            (corpus / "4.txt").unlink()
            os.mkfifo(corpus / "4.txt")  # whoever opens it as a file waits for ever
            (corpus / "5.txt").unlink()
            (corpus / "5.txt").symlink_to(tmp_path / "secret.txt")

    articles, skipped = attack("walk: changed meanwhile", read, corpus, change)

    assert [article.id for article in articles] == ["0.txt", "1.txt"]
    assert [skip.path for skip in skipped] == ["2.txt", "3.txt", "4.txt", "5.txt"]


def test_one_line_of_a_gigabyte_takes_no_memory(run_python: RunPython, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(_PROSE)
    os.truncate(_touch(tmp_path / "large.txt"), 1_000_000_000)
    command = (
        "import resource, sys; from pathlib import Path; from index.load import Corpus;"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30));"
        "print(Corpus(Path(sys.argv[1])).load().skipped)"
    )

    done = run_python("-c", command, tmp_path)

    assert done.returncode == 0, done.stderr
    assert "is too large" in done.stdout


def test_a_deep_folder_is_walked_to_its_end(attack: Attack, tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(400):
        folder = folder / "tiefer"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text(_PROSE)

    articles, _skipped = attack("walk: deep", walk, tmp_path)

    assert len(articles) == 1


@pytest.mark.skipif(os.environ.get("DEPECHE_TORTURE") != "1", reason="only with make torture")
def test_a_hundred_thousand_files_are_read(tmp_path: Path) -> None:
    for number in range(100_000):
        (tmp_path / f"{number}.txt").write_text(f"{_PROSE} {number}")

    assert len(Corpus(tmp_path).load().articles) == 100_000
