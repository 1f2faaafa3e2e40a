from collections.abc import Callable
from typing import Any

import pytest

from index.types import DateRange
from ui.catalogue import Catalogue, choose
from ui.corpus_page import name_language, numbers
from ui.language import load_words
from ui.reasons import word_reason

Make = Callable[..., Any]

_ENGLISH, _FRENCH = load_words("en"), load_words("fr")


@pytest.fixture
def store(make_article: Make, make_content: Make) -> Any:  # noqa: ANN401
    """Return a store of four articles."""
    return make_content(
        make_article("Un texte. " * 400, id="AFP/a.txt", title="Élection", source="AFP"),
        make_article(
            id="b.txt", title="Le pont", published=DateRange.month(2024, 3), language="en"
        ),
        make_article(id="c.md", title="Zèbre", published=None, source=None),
        make_article(id="d.md", title="école", origins={"published": "file name"}),
    )


@pytest.fixture
def entries(store: Any) -> Any:  # noqa: ANN401
    """Return the entries of its catalogue."""
    return Catalogue().entries(store)


def ids(chosen: Any) -> list[str]:  # noqa: ANN401
    return [entry.article.id for entry in chosen]


def test_each_article_is_listed_with_its_chunks(store: Any, entries: Any) -> None:  # noqa: ANN401
    assert ids(entries) == ["AFP/a.txt", "b.txt", "c.md", "d.md"]
    assert sum(entry.chunks for entry in entries) == len(store.chunks)
    assert entries[0].chunks > 1


def test_a_search_looks_for_every_word_without_accents_in_title_file_and_source(
    entries: Any,  # noqa: ANN401
) -> None:
    assert ids(choose(entries, search="ELECTION")) == ["AFP/a.txt"]
    assert ids(choose(entries, search="afp a.txt")) == ["AFP/a.txt"]
    assert ids(choose(entries, search="agence pont")) == ["b.txt"]
    assert ids(choose(entries, search="pont absent")) == []
    assert len(choose(entries, search="  ")) == 4


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        pytest.param("title", ["d.md", "AFP/a.txt", "b.txt", "c.md"], id="title, accents aside"),
        pytest.param("date", ["b.txt", "AFP/a.txt", "d.md", "c.md"], id="date"),
        pytest.param("source", ["c.md", "AFP/a.txt", "b.txt", "d.md"], id="source"),
        pytest.param("language", ["b.txt", "AFP/a.txt", "c.md", "d.md"], id="language"),
        pytest.param("chunks", ["b.txt", "c.md", "d.md", "AFP/a.txt"], id="chunks"),
        pytest.param("__class__", ["AFP/a.txt", "b.txt", "c.md", "d.md"], id="nothing known"),
    ],
)
def test_the_list_is_sorted_and_equals_keep_the_order_of_their_files(
    entries: Any,  # noqa: ANN401
    sort: str,
    order: list[str],
) -> None:
    assert ids(choose(entries, sort=sort)) == order


def test_what_has_no_date_comes_last_whichever_the_order(entries: Any) -> None:  # noqa: ANN401
    assert ids(choose(entries, sort="date", descending=True))[-1] == "c.md"
    assert ids(choose(entries, sort="date"))[-1] == "c.md"


def test_only_articles_without_a_date_can_be_asked_for(entries: Any) -> None:  # noqa: ANN401
    assert ids(choose(entries, undated=True)) == ["c.md"]


def test_a_catalogue_is_made_once_for_each_snapshot(
    shelf_of: Make, make_article: Make, make_content: Make
) -> None:
    catalogue = Catalogue()
    one = shelf_of(make_content(make_article()), "000001-a")
    other = shelf_of(make_content(make_article(), make_article(id="x.txt")), "000002-b")

    assert catalogue.entries(one) is catalogue.entries(one)
    assert len(catalogue.entries(other)) == 2


@pytest.fixture
def shelf_of() -> Make:
    """Return a function that names a store as its snapshot would be."""
    from dataclasses import replace

    return lambda store, name: replace(store, name=name)


def test_numbers_count_months_languages_sources_and_where_dates_come_from(
    store: Any,  # noqa: ANN401
) -> None:
    counted = numbers(store, _FRENCH)

    assert counted["articles"] == 4
    assert counted["undated"] == 1
    assert counted["months"] == [
        {
            "label": "mai 2025",
            "count": 2,
            "filter": {"after": "2025-05-01", "before": "2025-05-31"},
        },
        {
            "label": "mars 2024",
            "count": 1,
            "filter": {"after": "2024-03-01", "before": "2024-03-31"},
        },
    ]
    assert counted["languages"] == [
        {"label": "français", "count": 3, "filter": {"languages": ["fr"]}},
        {"label": "anglais", "count": 1, "filter": {"languages": ["en"]}},
    ]
    assert counted["sources"] == [
        {"label": "Agence", "count": 2, "filter": {"sources": ["Agence"]}},
        {"label": "AFP", "count": 1, "filter": {"sources": ["AFP"]}},
    ]
    assert {"label": "nom du fichier", "count": 1, "filter": None} in counted["origins"]  # type: ignore[operator]


def test_a_long_tail_of_sources_is_counted_together(make_article: Make, make_content: Make) -> None:
    many = [make_article(f"Texte {n}.", id=f"{n:02}.txt", source=f"S{n:02}") for n in range(15)]

    counted = numbers(make_content(*many), _ENGLISH)

    sources: Any = counted["sources"]
    assert len(sources) == 13
    assert sources[-1] == {"label": "3 others", "count": 3, "filter": None}


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("is empty", "est vide"),
        ("is a PDF document, not text", "est un fichier PDF, pas du texte"),
        ("is an old office document, not text", "n’est pas du texte, ou il est abîmé"),
        (
            "no reader for .pdf: supported are .md, .txt",
            "n’est pas d’un type lu\N{NO-BREAK SPACE}: .md, .txt",
        ),
        ("same text as a/b.txt", "a le même texte que a/b.txt"),
        ("is a link to nothing", "est un lien qui ne mène à aucun fichier du dossier"),
        ("is encrypted: it opens with a password only", "est chiffré ou protégé"),
        (
            "pages 3, 7 have no text (scanned)",
            "a des pages numérisées sans texte\N{NO-BREAK SPACE}: 3, 7",
        ),
        (
            "3 of 3 pages have no text (scanned): make them readable with OCR first",
            "est une numérisation sans texte",
        ),
        (
            "page 2 has no text (damaged)",
            "a des pages endommagées\N{NO-BREAK SPACE}: 2",
        ),
        (
            "its only page has no text (damaged)",
            "est abîmé, ou d’un autre type que son nom le dit",
        ),
        (
            "page 2 has no text (its font does not name the letters)",
            "a des pages dont les lettres ne se lisent pas\N{NO-BREAK SPACE}: 2",
        ),
        (
            "its only page has no text (its font does not name the letters): make it readable "
            "with OCR first",
            "a des lettres que sa police ne nomme pas",
        ),
        ("would unpack to 300 times its size", "contient plus que ce qui est lu d’un fichier"),
        ("takes longer than 5 s to read", "prend trop de temps à lire"),
        (
            "same name as another file of the archive",
            "porte le même nom qu’un autre de son fichier",
        ),
        ("input/output error", "input/output error"),
    ],
)
def test_why_a_file_was_left_out_is_said_in_the_reader_s_language(
    reason: str, sentence: str
) -> None:
    assert word_reason(reason, _FRENCH) == sentence


def test_every_reason_of_the_index_has_its_words(tmp_path: Any) -> None:  # noqa: ANN401
    from index.load import Corpus

    (tmp_path / "good.txt").write_text("Un article.")
    (tmp_path / "copy.txt").write_text("Un article.")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "header.txt").write_text("date 2025-05-12")
    (tmp_path / "image.txt").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "noise.txt").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "film.mp4").write_bytes(b"x")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing")
    (tmp_path / "out.txt").symlink_to("/etc/hostname")
    (tmp_path / "cut.json").write_text("{")
    (tmp_path / "other.json").write_text('[{"a": 1}]')
    (tmp_path / "none.json").write_text("[]")
    (tmp_path / "lines.jsonl").write_text("3")
    (tmp_path / "table.csv").write_text("a,b")
    (tmp_path / "page.xml").write_text("<html/>")
    (tmp_path / "note.eml").write_text("Un texte.")

    skipped = Corpus(tmp_path).load().skipped

    assert len(skipped) == 15
    for path, reason in skipped:
        assert word_reason(reason, _FRENCH) != reason, path


def test_a_language_nobody_knows_keeps_its_code() -> None:
    assert name_language("vi", _ENGLISH) == "Vietnamese"
    assert name_language("zz-<b>", _ENGLISH) == "zz-<b>"
