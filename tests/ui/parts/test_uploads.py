from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from index.readers import FORMATS
from ui import shelve, uploads

Make = Callable[..., Any]
Options = Shelf = Any  # those of conftest.py

_TEXT = "Titre : La visite\nDate : 2025-05-12\n\nLes deux parties ont signé."


@pytest.fixture
def add(shelf: Shelf, options: Options, serve_parts: Make, make_article: Make) -> Make:
    """Return a function that sends a file."""
    shelf.put(make_article())
    url = f"{serve_parts(*uploads.routes(shelf, options)).url}corpus/files"

    def send(name: str, content: bytes | str = _TEXT, **asked: str) -> httpx.Response:
        data = content.encode() if isinstance(content, str) else content
        return httpx.post(url, params={"name": name, "language": "en", **asked}, content=data)

    return send


def files(folder: Path) -> list[str]:
    """Return what is below a folder, hidden files too."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_file_lies_in_the_corpus_as_it_was_sent(add: Make, options: Options) -> None:
    answer = add("AFP/visite.txt")

    assert answer.status_code == 201
    assert answer.json() == {
        "name": "AFP/visite.txt",
        "title": "La visite",
        "date": "12 May 2025",
        "replaced": False,
        "same": False,
    }
    assert (options.corpus / "AFP/visite.txt").read_text() == _TEXT
    assert files(options.corpus) == ["AFP", "AFP/visite.txt"]


@pytest.mark.parametrize(
    "name", ["../../outside.txt", "/tmp/outside.txt", r"..\..\outside.txt", "a/../../outside.txt"]
)
def test_no_name_leads_out_of_the_corpus(add: Make, options: Options, name: str) -> None:
    answer = add(name)

    assert answer.status_code == 201
    assert answer.json()["name"].endswith("outside.txt")
    assert (options.corpus / answer.json()["name"]).is_file()
    assert not (options.corpus.parent / "outside.txt").exists()


def test_no_link_is_followed_out_of_the_corpus(add: Make, options: Options, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (options.corpus / "link").symlink_to(tmp_path / "elsewhere")

    answer = add("link/a.txt")

    assert (answer.status_code, answer.json()["error"]) == (400, "FileNameUnusable")
    assert files(tmp_path / "elsewhere") == []


def test_a_folder_or_a_file_in_the_way_is_told(add: Make, options: Options) -> None:
    (options.corpus / "a.txt").mkdir()
    (options.corpus / "b").write_text("a file")

    assert add("a.txt", when="replace").json()["error"] == "FileNameUnusable"
    assert add("b/c.txt").json()["error"] == "FileNameUnusable"


def test_nothing_is_overwritten_unless_it_is_asked_for(add: Make, options: Options) -> None:
    add("visite.txt")
    other = f"{_TEXT} Autre."

    refused = add("Visite.TXT", other)

    assert (refused.status_code, refused.json()) == (
        409,
        {"error": "FileExists", "name": "visite.txt"},
    )
    assert (options.corpus / "visite.txt").read_text() == _TEXT
    replaced = add("visite.txt", other, when="replace").json()
    assert (replaced["name"], replaced["replaced"]) == ("visite.txt", True)
    assert (options.corpus / "visite.txt").read_text() == other
    assert files(options.corpus) == ["visite.txt"]


def test_names_that_are_cut_to_one_are_told_like_any_name_that_is_taken(
    add: Make, options: Options
) -> None:
    taken = add("新闻" * 50 + "/" + "é" * 100 + " one.txt").json()["name"]

    refused = add("新闻" * 60 + "/" + "é" * 100 + " two.txt", f"{_TEXT} Autre.")

    assert refused.json() == {"error": "FileExists", "name": taken}
    assert (options.corpus / taken).read_text() == _TEXT


def test_both_files_are_kept_when_that_is_asked_for(add: Make, options: Options) -> None:
    add("visite.txt")
    add("visite.txt", f"{_TEXT} Autre.", when="both")

    third = add("visite.txt", f"{_TEXT} Encore.", when="both")

    assert third.json()["name"] == "visite (3).txt"
    assert files(options.corpus) == ["visite (2).txt", "visite (3).txt", "visite.txt"]


def test_the_same_file_again_changes_nothing(add: Make, options: Options) -> None:
    add("visite.txt")

    again = add("visite.txt")

    assert (again.status_code, again.json()["same"]) == (200, True)
    assert files(options.corpus) == ["visite.txt"]


@pytest.mark.parametrize(
    ("name", "content", "status", "error"),
    [
        pytest.param("a.mp4", "x", 415, "FileKindUnknown", id="kind"),
        pytest.param("a", "x", 415, "FileKindUnknown", id="no suffix"),
        pytest.param("..", "x", 400, "FileNameUnusable", id="name"),
        pytest.param("a.txt", "", 422, "FileUnreadable", id="empty"),
        pytest.param("a.txt", b"\x89PNG\r\n", 422, "FileUnreadable", id="a picture"),
        pytest.param("a.txt", b"x" * 5_000_001, 413, "FileTooLarge", id="size"),
    ],
)
def test_what_cannot_become_an_article_is_refused_and_leaves_nothing(
    add: Make, options: Options, name: str, content: bytes | str, status: int, error: str
) -> None:
    answer = add(name, content)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert files(options.corpus) == []


def test_why_a_file_cannot_be_read_is_said_in_words(add: Make) -> None:
    assert add("a.txt", b"%PDF-1.7").json()["reason"] == "is a PDF file, not text"


def test_a_body_is_counted_while_it_comes(
    shelf: Shelf, options: Options, serve_parts: Make, make_article: Make
) -> None:
    shelf.put(make_article())
    url = f"{serve_parts(*uploads.routes(shelf, options)).url}corpus/files"

    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 100_000

    # without a length: it is sent in pieces
    answer = httpx.post(url, params={"name": "a.txt"}, content=endless())

    assert answer.status_code == 413
    assert files(options.corpus) == []


def test_hostile_names_are_only_names(add: Make, options: Options) -> None:
    answer = add('<img src=x onerror="alert(1)">\u202e.md')

    assert answer.status_code == 201
    assert files(options.corpus) == ["_img src=x onerror=_alert(1)___.md"]


def test_too_many_files_wait_for_a_rebuild(
    add: Make, shelf: Shelf, make_article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_WAITING_FILES", 2)
    assert add("a.txt", "Un.").status_code == 201
    assert add("b.txt", "Deux.").status_code == 201

    refused = add("c.txt", "Trois.")

    assert (refused.status_code, refused.json()["error"]) == (429, "FilesTooMany")
    shelf.put(make_article("Un autre état."))
    assert add("c.txt", "Trois.").status_code == 201


def test_a_full_disk_is_told(add: Make, options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelve, "_SPARED_BYTES", 10**18)

    answer = add("a.txt")

    assert (answer.status_code, answer.json()["error"]) == (507, "DiskFull")
    assert files(options.corpus) == []


def test_read_only_takes_nothing(
    shelf: Shelf, options: Options, serve_parts: Make, make_article: Make
) -> None:
    shelf.put(make_article())
    options.read_only = True
    url = f"{serve_parts(*uploads.routes(shelf, options)).url}corpus/files"

    answer = httpx.post(url, params={"name": "a.txt"}, content=b"Un texte.")

    assert (answer.status_code, answer.json()) == (403, {"error": "ReadOnly"})
    assert files(options.corpus) == []


def test_the_limits_are_told_before(
    shelf: Shelf, options: Options, serve_parts: Make, make_article: Make
) -> None:
    shelf.put(make_article())
    url = f"{serve_parts(*uploads.routes(shelf, options)).url}corpus/files"

    assert httpx.get(url).json() == {
        "bytes": 5_000_000,
        "files": 200,
        "kinds": sorted(FORMATS),
    }
