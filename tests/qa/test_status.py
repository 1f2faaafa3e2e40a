import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.errors import StoreCorrupt, StoreMissing
from index.snapshot import current_name, lock_store, save_snapshot
from index.store import Store
from index.types import Article, DateRange, Skipped
from qa.cli import main
from qa.dating import how_to_mend
from qa.status import describe, describe_only_dates, read_status

MakeContent = Callable[..., Store]


def make_article(name: str, published: str | None, **fields: object) -> Article:
    days = DateRange.parse(published) if published else None
    origins = {"published": "header"} if published else {}
    return Article(name, "Titre", f"Le texte de {name}.", days, origins=origins, **fields)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path, make_content: MakeContent) -> Path:
    store = tmp_path / "store"
    content = make_content(
        make_article("a.txt", "2025-05-12", source="Agence"),
        make_article("b.txt", "2024-12", source="Agence"),
        make_article("c.txt", None, language="vi"),
    )
    with lock_store(store):
        save_snapshot(store, content)
    return store


def test_a_status_counts_what_the_snapshot_in_force_holds(store: Path) -> None:
    status = read_status(store)
    written = datetime.fromisoformat(status.pop("written"))
    sizes = status.pop("bytes")

    assert status == {
        "store": str(store),
        "snapshot": current_name(store),
        "trouble": None,
        "snapshots": [current_name(store)],
        "articles": 3,
        "chunks": 3,
        "embedder": "test@0",
        "recall": 1.0,
        "first": "2024-12",
        "last": "2025-05-12",
        "undated": ["c.txt"],
        "doubtful": [],
        "languages": {"fr": 2, "vi": 1},
        "sources": {"Agence": 2},
        "dates_from": {"header": 2, "none": 1},
        "skipped": [],
        "skipped_for": {},
    }
    assert abs(datetime.now(UTC) - written) < timedelta(hours=1)
    assert 0 < sizes["snapshot"] < sizes["store"]


def test_a_status_is_told_in_lines_for_a_terminal(store: Path) -> None:
    lines = describe(read_status(store)).splitlines()

    assert lines[:2] == [
        "3 articles (2024-12 to 2025-05-12), 3 chunks",
        f"snapshot    {current_name(store)} in {store}",
    ]
    assert lines[2].endswith("; 0 other snapshots (depeche snapshots)")
    assert lines[3].startswith("size        0.0 MB, the whole store 0.")
    assert lines[4:] == [
        "embedder    test@0",
        "languages   fr 2, vi 1",
        "sources     Agence 2",
        "dates from  header 2, none 1",
        "without a date: c.txt",
    ]


def test_skipped_files_are_grouped_by_reason(tmp_path: Path, make_content: MakeContent) -> None:
    skipped = (
        Skipped("a.html", "needs the package trafilatura: pip install 'depeche[html]'"),
        Skipped("b.png", "no reader for .png: supported are .md, .txt"),
        Skipped("c.txt", "same text as x.txt"),
        Skipped("d.txt", "same text as y.txt"),
        Skipped("e.txt", "is too large: 23.0 MB, at most 20 MB are read"),
    )
    content = replace(make_content(make_article("x.txt", "2025")), skipped=skipped)
    with lock_store(tmp_path):
        save_snapshot(tmp_path, content)

    status = read_status(tmp_path)

    assert status["skipped"][1] == {"path": "b.png", "reason": skipped[1].reason}
    assert describe(status).splitlines()[-5:] == [
        "skipped     5 files (depeche status --json names them)",
        "         2  same text as another",
        "         1  needs the package trafilatura: pip install 'depeche[html]'",
        "         1  no reader for .png",
        "         1  is too large",
    ]


def test_a_long_list_is_cut_for_a_terminal_only(tmp_path: Path, make_content: MakeContent) -> None:
    articles = [make_article(f"{number:02}.txt", None) for number in range(15)]
    with lock_store(tmp_path):
        save_snapshot(tmp_path, make_content(*articles))

    status = read_status(tmp_path)

    assert len(status["undated"]) == 15
    assert describe(status).endswith(", 11.txt and 3 more (depeche status --dates)")


def test_dates_that_need_a_look_are_listed_with_what_mends_them(
    tmp_path: Path, make_content: MakeContent
) -> None:
    properties = {"published": "document properties"}
    articles = [
        make_article("a.txt", "2025-05-12"),
        make_article("b.txt", None),
        replace(
            make_article("c.pdf", "2024-01-01"), doubt="the text tells 2025", origins=properties
        ),
        make_article("d.txt", "2099-01-01"),
        make_article("e.jsonl#12", None),
    ]
    with lock_store(tmp_path):
        save_snapshot(tmp_path, make_content(*articles))

    told = read_status(tmp_path, dates=True)

    assert [one["article"] for one in told["undated"]] == ["b.txt", "e.jsonl#12"]
    assert told["doubtful"] == [
        {
            "article": "c.pdf",
            "title": "Titre",
            "published": "2024-01-01",
            "origin": "document properties",
            "doubt": "the text tells 2025",
            "mend": "name it YYYY-MM-DD-c.pdf",
        },
        {
            "article": "d.txt",
            "title": "Titre",
            "published": "2099-01-01",
            "origin": "header",
            "doubt": "lies in the future",
            "mend": "correct the date in its header",
        },
    ]
    assert describe_only_dates(told).splitlines() == [
        "dates from  header 2, none 2, document properties 1",
        "2 of 5 articles without a date:",
        "  b.txt",
        "      begin it with a line: date YYYY-MM-DD",
        "  e.jsonl#12",
        "      give its record a date",
        "2 with a doubtful one:",
        "  c.pdf  2024-01-01 (document properties): the text tells 2025",
        "      name it YYYY-MM-DD-c.pdf",
        "  d.txt  2099-01-01 (header): lies in the future",
        "      correct the date in its header",
    ]
    assert read_status(tmp_path)["doubtful"] == ["c.pdf", "d.txt"]


@pytest.mark.parametrize(
    ("name", "origin", "mend"),
    [
        ("a.md", None, "begin it with front matter: date: YYYY-MM-DD"),
        ("a.zip/b/c.html", None, "name it YYYY-MM-DD-c.html"),
        ("a.html", "meta tag", "correct the date that the file declares (meta tag)"),
        ("a.pdf", "text", "name it YYYY-MM-DD-a.pdf"),
        ("a.md", "front matter", "correct the date in its front matter"),
    ],
)
def test_what_mends_a_date_depends_on_where_it_comes_from(
    name: str, origin: str | None, mend: str
) -> None:
    article = make_article(name, "2025" if origin else None)
    origins = {"published": origin} if origin else {}

    assert how_to_mend(replace(article, origins=origins)) == mend


def test_the_command_lists_the_dates_as_lines_and_as_json(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--dates", "--store", str(store)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert main(["status", "--dates", "--json", "--store", str(store)]) == 0
    told = json.loads(capsys.readouterr().out)

    assert lines[1:3] == ["1 of 3 articles without a date:", "  c.txt"]
    assert told["undated"] == [
        {
            "article": "c.txt",
            "title": "Titre",
            "mend": "begin it with a line: date YYYY-MM-DD",
        }
    ]


def test_a_log_that_cannot_be_written_is_told_once_and_the_command_goes_on(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPECHE_LOG", str(store))

    code = main(["status", "--store", str(store)])

    said = capsys.readouterr()
    assert code == 0
    assert said.out.startswith("3 articles")
    assert said.err.startswith(f"No log is written: {store}")
    assert len(said.err.splitlines()) == 1


def test_when_all_is_well_there_is_nothing_to_list(
    tmp_path: Path, make_content: MakeContent
) -> None:
    with lock_store(tmp_path):
        save_snapshot(tmp_path, make_content(make_article("a.txt", "2025-05-12")))

    assert describe_only_dates(read_status(tmp_path, dates=True)).splitlines() == [
        "dates from  header 1",
        "0 of 1 articles without a date",
        "0 with a doubtful one",
    ]


def test_articles_without_dates_and_sources_are_told_so(
    tmp_path: Path, make_content: MakeContent
) -> None:
    with lock_store(tmp_path):
        save_snapshot(tmp_path, make_content(make_article("a.txt", None)))

    said = describe(read_status(tmp_path))

    assert said.startswith("1 articles (no dates), 1 chunks")
    assert "sources     none" in said


def test_the_store_of_the_environment_is_described_when_none_is_named(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPECHE_STORE", str(store))

    assert read_status()["store"] == str(store)


def test_a_store_that_is_not_there_has_no_status(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        read_status(tmp_path)


def test_the_status_of_a_damaged_store_is_that_of_the_snapshot_that_answers(store: Path) -> None:
    name = current_name(store)
    (store / "CURRENT").write_text("nothing")

    status = read_status(store)

    assert status["snapshot"] == name
    assert "CURRENT names no snapshot ('nothing')" in status["trouble"]


def test_a_store_without_a_whole_snapshot_has_no_status(store: Path) -> None:
    (store / "snapshots" / current_name(store) / "chunks.npy").unlink()

    with pytest.raises(StoreCorrupt):
        read_status(store)
