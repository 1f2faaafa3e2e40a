import json
import os
import sys
import unicodedata
from pathlib import Path

import pytest

from index import load
from index.errors import CorpusEmpty, CorpusMissing
from index.load import Corpus
from index.readers import FORMATS
from index.types import Article, Skipped

KNOWN = ", ".join(sorted(FORMATS))

needs_user = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="names are not plain bytes here")


def write(corpus: Path, name: str, text: str | bytes | None = None) -> Path:
    path = corpus / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if text is None:
        text = f"Un article qui parle seulement de {name.replace('/', ' et ')}."
    path.write_bytes(text if isinstance(text, bytes) else text.encode(errors="replace"))
    return path


def loaded(corpus: Path) -> tuple[list[str], dict[str, str]]:
    write(corpus, "zz.txt", "Un article que l'on peut toujours lire.")
    found = Corpus(corpus).load()
    ids = [article.id for article in found.articles if article.id != "zz.txt"]
    return ids, dict(found.skipped)


def test_articles_of_all_folders_come_sorted_by_path(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.md", "a/b/d.markdown", "A.TXT"):
        write(tmp_path, name)

    assert loaded(tmp_path) == (["A.TXT", "a/b/d.markdown", "a/c.md", "b.txt"], {})


def test_two_loads_give_the_same(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "c/d.txt", "e.pdf"):
        write(tmp_path, name)

    first, second = (Corpus(tmp_path).load() for _ in range(2))

    assert first.articles == second.articles
    assert first.skipped == second.skipped


def test_hidden_files_and_leftovers_are_left_out_silently(tmp_path: Path) -> None:
    names = (".cache", ".git/a.txt", "a.txt~", "~$a.docx", "#a.txt#", ".a.txt.swp", "Thumbs.db")
    for name in (*names, "__MACOSX/a.txt", "a.txt.part"):
        write(tmp_path, name)

    assert loaded(tmp_path) == ([], {})


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.ppt", b"PPT", f"no reader for .ppt: supported are {KNOWN}"),
        ("a", b"a", f"no reader for files without a suffix: supported are {KNOWN}"),
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n\t\n", "is empty"),
        ("a.md", b"---\ntitle: A\n---\n", "holds no text"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "is a PNG image, not text"),
        ("a.txt", bytes(999), "is no text: binary, damaged or in an unknown encoding"),
    ],
)
def test_a_file_without_text_is_skipped_with_its_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    write(tmp_path, name, content)

    assert loaded(tmp_path) == ([], {name: reason})


def test_a_huge_file_is_skipped_unread(tmp_path: Path) -> None:
    with write(tmp_path, "a.txt").open("r+b") as file:
        file.truncate(50_000_000_000)  # a hole: takes no place, but could not be read

    assert loaded(tmp_path) == ([], {"a.txt": "is too large: 50000.0 MB, at most 1 MB are read"})


def test_a_record_without_end_is_skipped_and_the_next_one_read(tmp_path: Path) -> None:
    endless, short = {"text": "un mot " * 200_000}, {"text": "Un article."}
    write(tmp_path, "a.jsonl", f"{json.dumps(endless)}\n{json.dumps(short)}")

    assert loaded(tmp_path) == (
        ["a.jsonl#2"],
        {"a.jsonl#1": "is too large: a text of 1.4 MB, at most 1 MB are read"},
    )


def test_a_film_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    original = load._read_bytes
    monkeypatch.setattr(
        load, "_read_bytes", lambda path, limit: opened.append(path.name) or original(path, limit)
    )
    write(tmp_path, "a.mp4")

    loaded(tmp_path)

    assert opened == ["zz.txt"]


def test_a_file_that_vanishes_meanwhile_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = write(tmp_path, "a.txt")
    original = load.walk_corpus

    def listed_then_deleted(*arguments: object) -> object:
        found = original(*arguments)  # type: ignore[arg-type]
        gone.unlink()
        return found

    monkeypatch.setattr(load, "walk_corpus", listed_then_deleted)

    assert loaded(tmp_path) == ([], {"a.txt": "vanished meanwhile"})


@needs_user
def test_a_forbidden_file_and_folder_are_skipped(tmp_path: Path) -> None:
    write(tmp_path, "a.txt").chmod(0)
    write(tmp_path, "b/c.txt").parent.chmod(0)

    result = loaded(tmp_path)

    (tmp_path / "b").chmod(0o700)
    assert result == ([], {"a.txt": "permission denied", "b": "permission denied"})


def test_a_refusal_of_the_system_is_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "a.txt")

    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("index.load._open_at_once", refuse)

    assert list(load.read_file(path, "a.txt")) == [Skipped("a.txt", "permission denied")]


def test_links_are_followed_to_files_of_the_corpus_only(tmp_path: Path) -> None:
    outside = write(tmp_path, "outside/secret.txt")
    corpus = tmp_path / "corpus"
    write(corpus, "a/b.txt", "Un article.")
    (corpus / "copy.txt").symlink_to(corpus / "a/b.txt")
    (corpus / "folder").symlink_to(corpus / "a")
    (corpus / "gone.txt").symlink_to(corpus / "nothing.txt")
    (corpus / "loop.txt").symlink_to(corpus / "loop.txt")
    (corpus / "a/up").symlink_to(corpus)
    (corpus / "secret.txt").symlink_to(outside)
    (corpus / "secrets").symlink_to(outside.parent)

    assert loaded(corpus) == (
        ["a/b.txt"],
        {
            "a/up": "is a link to a folder",
            "copy.txt": "same text as a/b.txt",
            "folder": "is a link to a folder",
            "gone.txt": "is a link to nothing",
            "loop.txt": "is a link that leads to itself",
            "secret.txt": "is a link out of the folder of articles",
            "secrets": "is a link out of the folder of articles",
        },
    )


def test_the_corpus_itself_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path, "real/a.txt")
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert loaded(tmp_path / "link") == (["a.txt"], {})


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")

    assert loaded(tmp_path) == ([], {"a.txt": "is no regular file"})


@pytest.mark.parametrize(
    "name", ["Où ça, à l’été ?.txt", "🎉 fête 👨‍👩‍👧.md", "a b/c d.txt", "a\u00a0!.txt"]
)
def test_a_name_with_accents_blanks_and_emoji_is_kept(tmp_path: Path, name: str) -> None:
    write(tmp_path, name)

    assert loaded(tmp_path) == ([name], {})


def test_a_decomposed_name_is_composed(tmp_path: Path) -> None:
    write(tmp_path, unicodedata.normalize("NFD", "été.txt"))

    assert loaded(tmp_path) == (["été.txt"], {})


@needs_linux
def test_two_names_that_differ_in_composition_only_are_told_apart(tmp_path: Path) -> None:
    write(tmp_path, "é.txt", "Un texte.")
    write(tmp_path, unicodedata.normalize("NFD", "é.txt"), "Un autre texte.")

    assert loaded(tmp_path) == (
        ["é.txt"],
        {"é.txt": "same name as another file, but for its accents"},
    )


@needs_linux
def test_a_name_that_cannot_be_shown_is_escaped(tmp_path: Path) -> None:
    for name in (b"caf\xe9.txt", b"a\nb.txt", "\u202etxt.exe.txt".encode()):
        path = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118 - bytes, as on the disk
        with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(f"Un article nommé {name!r}.")

    assert loaded(tmp_path) == (["\\u202etxt.exe.txt", "a\\u000ab.txt", "caf\\xe9.txt"], {})


@needs_linux
def test_an_accent_behind_a_sign_that_cannot_be_shown_is_composed(tmp_path: Path) -> None:
    write(tmp_path, "a\n\u0300.txt", "Un texte.")

    assert loaded(tmp_path) == (["a\\u000\u00e0.txt"], {})


def test_the_same_text_is_kept_once(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "date 2025-05-12 Un titre\n\nLe même  texte.\n")
    write(tmp_path, "b.md", "Le même\ntexte.")

    assert loaded(tmp_path) == (["a.txt"], {"b.md": "same text as a.txt"})


def test_a_tree_deeper_than_python_recurses_is_walked(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(1100):
        folder = folder / "a"
        folder.mkdir()
    path = write(folder, "b.txt")

    ids, skipped = loaded(tmp_path)

    path.unlink()
    while folder != tmp_path:  # pytest's own cleaning recurses
        folder.rmdir()
        folder = folder.parent
    assert (len(ids), skipped) == (1, {})


def test_progress_counts_every_file(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    write(tmp_path, "b.pdf")
    told: list[tuple[str, int, int]] = []

    Corpus(tmp_path).load(progress=lambda step, done, total: told.append((step, done, total)))

    assert told == [("read", 1, 2), ("read", 2, 2)]


def test_ids_of_names_with_accents_and_without_are_those_that_can_be_shown(tmp_path: Path) -> None:
    for name in ("a b.TXT", "e\u0301te\u0301.txt", "\u202egnp.txt", "q.b/c..txt"):
        write(tmp_path, name)

    assert loaded(tmp_path)[0] == ["\\u202egnp.txt", "a b.TXT", "q.b/c..txt", "été.txt"]


def test_a_missing_corpus_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusMissing, match="no folder of articles"):
        Corpus(tmp_path / "none")
    with pytest.raises(CorpusMissing):
        Corpus(write(tmp_path, "a.txt"))


def test_a_corpus_without_articles_is_an_error_that_counts_the_skipped(tmp_path: Path) -> None:
    with pytest.raises(CorpusEmpty, match="no article that can be read\\."):
        Corpus(tmp_path).load()

    write(tmp_path, "a.pdf")
    write(tmp_path, "b.txt", b"")

    with pytest.raises(CorpusEmpty, match="2 skipped"):
        Corpus(tmp_path).load()


def test_an_article_carries_what_its_file_tells(tmp_path: Path) -> None:
    write(tmp_path, "vna/a.txt", " date 2025-05 Un titre\n\nLe texte est en français.\n\nVNA/CVN")

    (article,) = Corpus(tmp_path).load().articles

    assert isinstance(article, Article)
    assert (article.id, article.title, str(article.published)) == (
        "vna/a.txt",
        "Un titre",
        "2025-05",
    )
    assert [article.text[start:end] for start, end in article.furniture] == ["VNA/CVN"]
