import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UnreadableFile
from index.metadata import describe
from index.readers import Declared, Extracted, find_format
from index.types import Skipped

PATH = Path("a.epub")

CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
FIELDS = (
    "<dc:title>La ville et ses tramways</dc:title><dc:creator>Anne Lefèvre</dc:creator>"
    "<dc:creator>Nguyễn Văn An</dc:creator><dc:date>2025-05-12T00:00:00Z</dc:date>"
    "<dc:language>fr</dc:language><dc:publisher>Presses du Port</dc:publisher>"
)
OPENING = "Le tramway relie la gare au port. L’œuvre a coûté 4 €."
SEQUEL = "Trois ans après, la ligne est pleine."


def chapter(heading: str, text: str) -> str:
    """A page of a book."""
    title = f"<h1>{heading}</h1>" if heading else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head>'
        f"<title>x</title></head><body>{title}<p>{text}</p></body></html>"
    )


def epub(
    chapters: Mapping[str, str],
    *,
    order: Sequence[str] | None = None,
    fields: str = FIELDS,
    others: Mapping[str, str] | None = None,
) -> bytes:
    """A book of these pages, in this order."""
    items = "".join(
        f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in chapters
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in order or list(chapters))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{fields}</metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    parts = {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": package}
    parts |= {f"OEBPS/{name}": text for name, text in chapters.items()}
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        for name, text in (parts | dict(others or {})).items():
            archive.writestr(name, text)
    return content.getvalue()


def read(data: bytes) -> list[Extracted | Skipped]:
    return list(find_format(PATH).read(PATH, data))


def only(data: bytes) -> Extracted:
    (extracted,) = read(data)
    assert isinstance(extracted, Extracted)
    return extracted


def reason(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(data)
    return refused.value.reason


SHORT = {"1.xhtml": chapter("Le port", OPENING), "2.xhtml": chapter("La gare", SEQUEL)}


def test_a_short_book_is_one_article_in_the_order_of_reading() -> None:
    book = only(epub(SHORT, order=["2.xhtml", "1.xhtml"]))

    assert book.text.split("\n\n") == ["La gare", SEQUEL, "Le port", OPENING]
    assert book.name == ""


def test_a_book_declares_its_fields() -> None:
    origin = "document properties"

    assert only(epub(SHORT)).declared == {
        "title": Declared("La ville et ses tramways", origin),
        "author": Declared("Anne Lefèvre, Nguyễn Văn An", origin),
        "date": Declared("2025-05-12T00:00:00Z", "book"),
        "language": Declared("fr", origin),
        "source": Declared("Presses du Port", origin),
    }


def test_the_date_of_a_book_is_that_of_its_publication_and_no_doubt() -> None:
    article = describe("a.epub", only(epub(SHORT)))

    assert str(article.published) == "2025-05-12"
    assert article.origins["published"] == "book"
    assert article.doubt is None


EVENT = '<dc:date xmlns:opf="http://www.idpf.org/2007/opf" opf:event="{}">{}</dc:date>'
MODIFIED = '<meta property="dcterms:modified">2026-01-02T03:04:05Z</meta>'


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (EVENT.format("conversion", "2024") + EVENT.format("publication", "2019"), "2019 book"),
        (EVENT.format("modification", "2024") + "<dc:date>2019</dc:date>", "2019 book"),
        ("<dc:date>12 mai 2025</dc:date>" + MODIFIED, "12 mai 2025 book"),
        ("<dc:date> </dc:date>" + MODIFIED, "2026-01-02 document properties"),
        (EVENT.format("creation", "2024-05"), "2024-05 document properties"),
        (MODIFIED, "2026-01-02 document properties"),
    ],
)
def test_a_day_of_change_only_tells_when_the_file_was_made(fields: str, expected: str) -> None:
    assert " ".join(only(epub(SHORT, fields=fields)).declared["date"]) == expected


def test_a_book_that_declares_no_day_has_none() -> None:
    assert "date" not in only(epub(SHORT, fields="<dc:date/><dc:title>Le port</dc:title>")).declared


def test_each_chapter_of_a_long_book_is_an_article() -> None:
    long = {"1.xhtml": chapter("Le port", OPENING * 300), "2.xhtml": chapter("", SEQUEL * 300)}

    articles = read(epub(long))

    assert [article.name for article in articles if isinstance(article, Extracted)] == ["#1", "#2"]
    titles = [it.declared["title"].value for it in articles if isinstance(it, Extracted)]
    assert titles == ["La ville et ses tramways – Le port", "La ville et ses tramways – 2"]


def test_a_long_book_without_a_title_has_those_of_its_chapters() -> None:
    long = {"1.xhtml": chapter("Le port", OPENING * 300), "2.xhtml": chapter("", SEQUEL * 300)}

    first, second = read(epub(long, fields=""))

    assert isinstance(first, Extracted)
    assert first.declared == {"title": Declared("Le port", "heading")}
    assert isinstance(second, Extracted)
    assert second.declared == {}


def test_a_chapter_that_is_not_there_is_left_out_with_its_reason() -> None:
    data = epub(SHORT)
    changed = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(changed, "w") as new:
        for name in old.namelist():
            if name != "OEBPS/2.xhtml":
                new.writestr(name, old.read(name))

    skipped, book = read(changed.getvalue())

    assert skipped == Skipped("#2", "lacks its part OEBPS/2.xhtml")
    assert isinstance(book, Extracted)
    assert OPENING in book.text


def test_a_chapter_listed_a_thousand_times_is_read_once() -> None:
    book = only(epub(SHORT, order=["1.xhtml"] * 1000))

    assert book.text.count(OPENING) == 1


def test_a_chapter_outside_of_the_book_is_not_there() -> None:
    outside = "../../../../../etc/passwd"
    listed = {outside: "", **SHORT}

    skipped, *_ = read(epub(listed, others={}))

    assert isinstance(skipped, Skipped)


def test_a_protected_book_is_refused() -> None:
    listed = '<encryption><CipherReference URI="OEBPS/1.xhtml"/></encryption>'

    assert (
        reason(epub(SHORT, others={"META-INF/encryption.xml": listed}))
        == "is protected against copying (DRM)"
    )


def test_a_book_that_hides_only_its_fonts_is_read() -> None:
    listed = '<encryption><CipherReference URI="OEBPS/font.otf"/></encryption>'

    assert OPENING in only(epub(SHORT, others={"META-INF/encryption.xml": listed})).text


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"Un texte.", "is no EPUB book", id="text"),
        pytest.param(epub({}), "holds no text", id="no_chapters"),
        pytest.param(epub({"1.xhtml": chapter("", "")}), "holds no text", id="empty_chapter"),
        pytest.param(
            epub(SHORT, others={"META-INF/container.xml": "<a/>"}),
            "is a damaged EPUB book",
            id="xml",
        ),
        pytest.param(
            epub(SHORT, others={"META-INF/container.xml": ""}),
            "is a damaged EPUB book",
            id="no_xml",
        ),
        pytest.param(
            epub(SHORT, others={"META-INF/container.xml": CONTAINER.replace("book", "livre")}),
            "lacks its part OEBPS/livre.opf",
            id="no_list",
        ),
    ],
)
def test_what_is_no_book_is_refused(data: bytes, expected: str) -> None:
    assert reason(data) == expected


def test_a_file_of_this_machine_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("mot de passe")
    package = (
        f'<!DOCTYPE p [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
        '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Le livre &e;</dc:title>'
        '<manifest><item id="1" href="1.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="1"/></spine></package>'
    )

    book = only(epub(SHORT, others={"OEBPS/book.opf": package}))

    assert "passe" not in str(book)


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=60)
def test_a_book_with_spoilt_bytes_gives_text_or_is_refused(seed: int) -> None:
    data = bytearray(_WHOLE)
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 30)):
        data[chance.randrange(len(data))] = chance.randrange(256)

    with suppress(UnreadableFile):
        assert all(isinstance(it, Skipped) or it.text.strip() for it in read(bytes(data)))


@given(st.binary(max_size=200), st.sampled_from(["META-INF/container.xml", "OEBPS/book.opf"]))
@settings(deadline=None, max_examples=60)
def test_any_list_gives_text_or_is_refused(xml: bytes, name: str) -> None:
    listed = xml.decode("latin-1")
    with suppress(UnreadableFile):
        assert all(
            isinstance(it, Skipped) or it.text for it in read(epub(SHORT, others={name: listed}))
        )


_WHOLE = epub(SHORT)
