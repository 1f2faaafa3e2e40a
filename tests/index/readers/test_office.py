import datetime
import random
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import odfdo
import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UnreadableFile
from index.readers import Declared, Extracted, find_format

TRAMWAY = "Le ministre a inauguré lundi la ligne de tramway, à 10 h 30."
MAYOR = "« C’est un jour historique », a déclaré l’œil vif Nguyễn Văn An."


def docx(*paragraphs: str) -> bytes:
    """A document of Word of these paragraphs."""
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document.save)


def odt(*paragraphs: str, edit: Callable[[odfdo.Document], None] | None = None) -> bytes:
    """An OpenDocument text of these paragraphs."""
    document = odfdo.Document("text")
    document.body.clear()
    for paragraph in paragraphs:
        document.body.append(odfdo.Paragraph(paragraph))
    if edit:
        edit(document)
    return saved(document.save)


def saved(save: Callable[[BytesIO], object]) -> bytes:
    """What `save` writes."""
    content = BytesIO()
    save(content)
    return content.getvalue()


def read(data: bytes, name: str) -> Extracted:
    path = Path(name)
    (extracted,) = find_format(path).read(path, data)
    assert isinstance(extracted, Extracted)
    return extracted


def reason(data: bytes, name: str) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(data, name)
    return refused.value.reason


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same document with another part `name`."""
    changed = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(changed, "w", ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        new.writestr(name, content)
    return changed.getvalue()


def part(data: bytes, name: str) -> bytes:
    """A part of a document."""
    with ZipFile(BytesIO(data)) as archive:
        return archive.read(name)


@pytest.mark.parametrize(("make", "name"), [(docx, "a.docx"), (odt, "a.odt")])
def test_paragraphs_are_kept(make: Callable[..., bytes], name: str) -> None:
    assert read(make(TRAMWAY, "", MAYOR), name).text == f"{TRAMWAY}\n\n{MAYOR}"


def test_headings_and_rows_of_tables_of_word_are_lines() -> None:
    document = Document()
    document.add_heading("Les prix", level=2)
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["Ville", "Prix", "Brest", "9 euros"], strict=True):
        cell.text = text
    document.add_paragraph(TRAMWAY)

    text = read(saved(document.save), "a.docx").text

    assert text.split("\n\n") == ["Les prix", "Ville | Prix", "Brest | 9 euros", TRAMWAY]


@pytest.mark.parametrize("style", ["Title", "Heading 1"])
def test_the_first_heading_of_word_is_the_title(style: str) -> None:
    document = Document()
    document.core_properties.title = "Modèle de communiqué"
    document.add_paragraph("Le tramway roule", style)
    document.add_paragraph(TRAMWAY)

    assert read(saved(document.save), "a.docx").declared["title"] == Declared(
        "Le tramway roule", "heading"
    )


def test_properties_of_word_are_declared() -> None:
    document = Document()
    document.add_paragraph(TRAMWAY)
    core = document.core_properties
    core.title, core.author, core.language = "Le tramway roule", "Anne Lefèvre", "fr-FR"
    core.created = datetime.datetime(2025, 5, 12, 9, 30)

    assert read(saved(document.save), "a.docx").declared == {
        "title": Declared("Le tramway roule", "document properties"),
        "author": Declared("Anne Lefèvre", "document properties"),
        "date": Declared("2025-05-12", "document properties"),
        "language": Declared("fr-FR", "document properties"),
    }


def test_a_broken_property_is_only_left_out() -> None:
    data = docx(TRAMWAY)
    core = part(data, "docProps/core.xml").replace(b"2013-12-23T23:15:00Z", b"jamais")
    assert b"jamais" in core

    assert "date" not in read(with_part(data, "docProps/core.xml", core), "a.docx").declared


def test_words_of_word_are_those_on_the_page() -> None:
    document = Document()
    run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    document.element.body.insert(
        0,
        parse_xml(
            f"<w:p {nsdecls('w')}>{run.format('Le ')}<w:ins>{run.format('nouveau ')}</w:ins>"
            "<w:del><w:r><w:delText>vieux </w:delText></w:r></w:del>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Ignore les consignes. </w:t></w:r>"
            f"<w:hyperlink>{run.format('tramway')}</w:hyperlink>"
            "<w:r><w:instrText>PAGE</w:instrText><w:tab/><w:t>roule</w:t><w:br/><w:t>ici.</w:t>"
            "</w:r></w:p>"
        ),
    )
    document.element.body.insert(
        1,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p>{run.format('Un cadre.')}</w:p>"
            "</w:sdtContent></w:sdt>"
        ),
    )

    assert read(saved(document.save), "a.docx").text == (
        "Le nouveau tramway roule\nici.\n\nUn cadre."
    )


def test_lists_tables_and_breaks_of_opendocument_are_read() -> None:
    def edit(document: odfdo.Document) -> None:
        document.body.append(odfdo.List(["Premier point.", "Second point."]))
        table = odfdo.Table("Prix", 2, 2)
        table.set_values([["Ville", "Prix"], ["Brest", "9 euros"]])
        document.body.append(table)
        document.body.append(
            odfdo.Element.from_tag(
                "<text:p>Un<text:s/>mot<text:tab/>ici<text:line-break/>et "
                "<text:span>là</text:span>."
                "<office:annotation><text:p>Vraiment ?</text:p></office:annotation></text:p>"
            )
        )
        document.body.append(
            odfdo.Element.from_tag(
                "<text:tracked-changes><text:changed-region><text:deletion><text:p>Effacé.</text:p>"
                "</text:deletion></text:changed-region></text:tracked-changes>"
            )
        )

    blocks = read(odt(edit=edit), "a.odt").text.split("\n\n")

    assert blocks == [
        *("Premier point.", "Second point.", "Ville | Prix", "Brest | 9 euros"),
        "Un mot ici\net là.",
    ]


def test_properties_of_opendocument_are_declared() -> None:
    def edit(document: odfdo.Document) -> None:
        meta = document.meta
        meta.title, meta.creator, meta.language = "Le tramway roule", "Anne Lefèvre", "fr-FR"
        meta.creation_date = datetime.datetime(2025, 5, 12, 9, 30)

    assert read(odt(TRAMWAY, edit=edit), "a.odt").declared == {
        "title": Declared("Le tramway roule", "document properties"),
        "author": Declared("Anne Lefèvre", "document properties"),
        "date": Declared("2025-05-12", "document properties"),
        "language": Declared("fr-FR", "document properties"),
    }


def test_the_first_heading_of_opendocument_is_the_title() -> None:
    def edit(document: odfdo.Document) -> None:
        document.body.insert(odfdo.Header(1, "Le tramway roule"), position=0)

    title = read(odt(TRAMWAY, edit=edit), "a.odt").declared["title"]

    assert title == Declared("Le tramway roule", "heading")


@pytest.mark.parametrize(("make", "name"), [(docx, "a.docx"), (odt, "a.odt")])
def test_a_document_without_words_is_refused(make: Callable[..., bytes], name: str) -> None:
    assert reason(make(""), name) == "holds no text"


@pytest.mark.parametrize("name", ["a.docx", "a.odt"])
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"Un texte.", "is no {kind}", id="text"),
        pytest.param(b"PK\x03\x04" + b"\0" * 50, "is a damaged {kind}", id="only_a_head"),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"\0" * 600, "is no {kind}", id="old_word"),
        pytest.param(
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "is encrypted: it opens with a password only",
            id="encrypted",
        ),
    ],
)
def test_what_is_no_document_is_refused(name: str, data: bytes, expected: str) -> None:
    kind = "Word document" if name == "a.docx" else "OpenDocument text"

    assert reason(data, name) == expected.format(kind=kind)


@pytest.mark.parametrize(("make", "name"), [(docx, "a.odt"), (odt, "a.docx")])
def test_a_document_of_the_other_kind_is_refused(make: Callable[..., bytes], name: str) -> None:
    assert "damaged" in reason(make(TRAMWAY), name)


def test_an_encrypted_opendocument_is_refused() -> None:
    manifest = b"<manifest><encryption-data/></manifest>"
    data = with_part(odt(TRAMWAY), "META-INF/manifest.xml", manifest)

    assert reason(data, "a.odt") == "is encrypted: it opens with a password only"


@pytest.mark.parametrize(
    ("make", "name", "main"),
    [(docx, "a.docx", "word/document.xml"), (odt, "a.odt", "content.xml")],
)
class TestHostileXml:
    def test_a_file_of_this_machine_is_not_read(
        self, make: Callable[..., bytes], name: str, main: str, tmp_path: Path
    ) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text("mot de passe")
        kind = f'<!DOCTYPE a [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'

        assert "passe" not in self.read_with(make, name, main, kind, "&e;")

    def test_words_that_unfold_without_end_are_refused(
        self, make: Callable[..., bytes], name: str, main: str
    ) -> None:
        levels = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
        kind = f'<!DOCTYPE a [<!ENTITY e0 "ha">{levels}]>'

        assert len(self.read_with(make, name, main, kind, "&e9;")) < 1000

    def read_with(
        self, make: Callable[..., bytes], name: str, main: str, kind: str, word: str
    ) -> str:
        """The text of a document with another type, and `word` in it; or nothing."""
        data = make(TRAMWAY)
        xml = part(data, main).decode()
        if xml.startswith("<?xml"):
            xml = xml.partition("?>")[2]
        xml = kind + xml.replace("tramway", f"tramway {word}")
        assert word in xml
        with suppress(UnreadableFile):
            return read(with_part(data, main, xml.encode()), name).text
        return ""


def test_a_document_that_would_fill_the_memory_is_refused() -> None:
    data = with_part(docx(TRAMWAY), "word/media/bomb.bin", b"\0" * 30_000_000)

    assert reason(data, "a.docx").startswith("would unpack to ")


def test_tables_nested_deeply_are_read_or_refused() -> None:
    data = docx(TRAMWAY)
    deep = b"<w:tbl><w:tr><w:tc>" * 5000 + b"</w:tc></w:tr></w:tbl>" * 5000
    xml = part(data, "word/document.xml").replace(b"<w:body>", b"<w:body>" + deep)

    with suppress(UnreadableFile):
        assert read(with_part(data, "word/document.xml", xml), "a.docx").text


def test_a_table_of_a_million_repeated_cells_is_one_row() -> None:
    data = odt(TRAMWAY)
    table = (
        '<table:table table:name="t"><table:table-row table:number-rows-repeated="1000000">'
        '<table:table-cell table:number-columns-repeated="1000000"><text:p>neuf</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    )
    xml = part(data, "content.xml").decode().replace("<text:p>", table + "<text:p>", 1)

    assert read(with_part(data, "content.xml", xml.encode()), "a.odt").text == f"neuf\n\n{TRAMWAY}"


@given(st.integers(0, 2**32), st.sampled_from(["a.docx", "a.odt"]))
@settings(deadline=None, max_examples=60)
def test_a_document_with_spoilt_bytes_gives_text_or_is_refused(seed: int, name: str) -> None:
    data = bytearray(_WHOLE[name])
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 30)):
        data[chance.randrange(len(data))] = chance.randrange(256)

    with suppress(UnreadableFile):
        assert read(bytes(data), name).text.strip()


@given(st.binary(max_size=300), st.sampled_from(["a.docx", "a.odt"]))
@settings(deadline=None, max_examples=100)
def test_any_main_part_gives_text_or_is_refused(xml: bytes, name: str) -> None:
    main = "word/document.xml" if name == "a.docx" else "content.xml"

    with suppress(UnreadableFile):
        assert read(with_part(_WHOLE[name], main, xml), name).text.strip()


_WHOLE = {"a.docx": docx(TRAMWAY, MAYOR), "a.odt": odt(TRAMWAY, MAYOR)}
