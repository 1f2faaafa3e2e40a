import random
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from fpdf import FPDF
from fpdf.encryption import AccessPermission
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from index.errors import UnreadableFile
from index.metadata import describe
from index.readers import Declared, Extracted, find_format
from index.types import Skipped

PATH = Path("a.pdf")

FIRST = [
    "Le ministre des Transports a inauguré lundi 12 mai la ligne",
    "de tramway qui relie la gare au port en dix-huit minutes,",
    "après trois ans de travaux.",
]
SECOND = [
    "La maire a parlé d'une journée historique pour la ville et",
    "remercié les ouvriers du chantier, venus nombreux au dépôt.",
]
TRAMWAY = " ".join(FIRST)
MAYOR = " ".join(SECOND)


def make_pdf() -> FPDF:
    """An empty document in points, whose lines are drawn one by one."""
    pdf = FPDF(unit="pt", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_font("Helvetica", size=11)
    return pdf


def draw(
    pdf: FPDF, lines: Sequence[str], x: float = 70, y: float = 120, leading: float = 14
) -> float:
    """Draw lines below each other; return where the next one would stand."""
    for line in lines:
        pdf.text(x, y, line)
        y += leading
    return y


def one_page(*blocks: Sequence[str], gap: float = 12) -> FPDF:
    """A document of one page, a space between its blocks."""
    pdf = make_pdf()
    pdf.add_page()
    y = 120.0
    for block in blocks:
        y = draw(pdf, block, y=y) + gap
    return pdf


def read(pdf: FPDF | bytes) -> tuple[Extracted, list[Skipped]]:
    data = pdf if isinstance(pdf, bytes) else bytes(pdf.output())
    first, *others = find_format(PATH).read(PATH, data)
    assert isinstance(first, Extracted)
    assert all(isinstance(other, Skipped) for other in others)
    return first, [other for other in others if isinstance(other, Skipped)]


def paragraphs(pdf: FPDF | bytes) -> list[str]:
    return read(pdf)[0].text.split("\n\n")


def reason(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        list(find_format(PATH).read(PATH, data))
    return refused.value.reason


def scan(pdf: FPDF) -> None:
    """Add a page that is only a picture."""
    pdf.add_page()
    pdf.image(Image.linear_gradient("L"), 0, 0, 595)


def raw_pdf(*objects: str) -> bytes:
    """A document of these objects, the first of them its catalogue, without a table of them."""
    numbered = (f"{number} 0 obj\n{body}\nendobj\n" for number, body in enumerate(objects, 1))
    return f"%PDF-1.4\n{''.join(numbered)}trailer\n<</Root 1 0 R>>\n".encode()


def page_of(content: str, fonts: str = "") -> bytes:
    """A document with one page of this content."""
    return raw_pdf(
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        "/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        f"<</Type/Font/Subtype/Type1/BaseFont/Helvetica{fonts}>>",
    )


def test_lines_become_paragraphs() -> None:
    assert paragraphs(one_page(FIRST, SECOND)) == [TRAMWAY, MAYOR]


def test_the_first_lines_of_a_short_text_are_paragraphs_of_their_own() -> None:
    title, stamp = ["Le tramway roule"], ["Publié le 12/05/2025"]

    found = paragraphs(one_page(title, stamp, FIRST, gap=14))

    assert found == [*title, *stamp, TRAMWAY]


@pytest.mark.parametrize("gap", [0.4, 1])
@pytest.mark.parametrize("leading", [1, 1.15, 1.5, 2, 2.5])
def test_paragraphs_of_a_line_or_two_are_told_apart(leading: float, gap: float) -> None:
    line = 11 * leading
    pdf = make_pdf()
    pdf.add_page()
    y = 120.0
    blocks = (["Le tramway roule"], ["Publié le 12/05/2025"], ["Un lundi de fête."], SECOND)
    for block in blocks:
        y = draw(pdf, block, y=y, leading=line) + gap * line

    assert paragraphs(pdf) == [" ".join(block) for block in blocks]


def test_the_day_of_a_short_page_comes_from_its_text() -> None:
    pdf = one_page(
        ["Le tramway roule enfin"], ["Publié le 12/05/2025"], ["La gare est loin."], gap=14
    )

    article = describe("a.pdf", read(pdf)[0])

    assert article.title == "Le tramway roule enfin"
    assert article.origins["title"] == "first line"
    assert str(article.published) == "2025-05-12"
    assert (article.origins["published"], article.doubt) == ("text", None)


def test_an_indented_line_begins_a_paragraph() -> None:
    pdf = make_pdf()
    pdf.add_page()
    for block in (FIRST, SECOND):
        y = 120 if block is FIRST else 120 + 14 * len(FIRST)
        pdf.text(90, y, block[0])
        draw(pdf, block[1:], y=y + 14)

    assert paragraphs(pdf) == [TRAMWAY, MAYOR]


def test_a_line_that_ends_early_with_a_full_stop_ends_a_paragraph() -> None:
    assert paragraphs(one_page([*FIRST, *SECOND])) == [TRAMWAY, MAYOR]


def test_a_heading_is_a_paragraph_of_its_own() -> None:
    pdf = make_pdf()
    pdf.add_page()
    pdf.set_font_size(20)
    pdf.text(70, 100, "Le tramway roule")
    pdf.set_font_size(11)
    draw(pdf, FIRST)

    assert paragraphs(pdf) == ["Le tramway roule", TRAMWAY]


def test_columns_are_read_one_after_the_other() -> None:
    pdf = make_pdf()
    pdf.add_page()
    draw(pdf, FIRST[:2], x=50)
    draw(pdf, FIRST[2:] + SECOND, x=400)

    assert paragraphs(pdf) == [TRAMWAY, MAYOR]


def test_columns_drawn_row_by_row_are_read_one_after_the_other() -> None:
    pdf = make_pdf()
    pdf.add_page()
    pdf.set_font_size(8)
    left, right = [*FIRST, *FIRST], [*SECOND, *SECOND, *SECOND]
    for row, (one, other) in enumerate(zip(left, right, strict=True)):
        pdf.text(40, 120 + 10 * row, one)
        pdf.text(310, 120 + 10 * row, other)

    text = read(pdf)[0].text.replace("\n\n", " ")

    assert text == " ".join([*left, *right])


@pytest.mark.parametrize("lines", [(9, 6), (6, 9)])
def test_columns_drawn_row_by_row_may_be_of_different_lengths(lines: tuple[int, int]) -> None:
    pdf = make_pdf()
    pdf.add_page()
    pdf.set_font_size(8)
    left = [f"ligne {number} de la colonne de gauche, qui va" for number in range(lines[0])]
    right = [f"ligne {number} de la colonne de droite, qui va" for number in range(lines[1])]
    for row in range(max(lines)):
        draw(pdf, left[row : row + 1], x=40, y=120 + 10 * row)
        draw(pdf, right[row : row + 1], x=310, y=120 + 10 * row)

    assert read(pdf)[0].text.replace("\n\n", " ") == " ".join([*left, *right])


def test_the_rows_of_a_table_stay_rows() -> None:
    pdf = make_pdf()
    pdf.add_page()
    for row, (city, price) in enumerate([("Paris", "12"), ("Lyon", "15"), ("Brest", "9")] * 3):
        pdf.text(70, 120 + 14 * row, city)
        pdf.text(300, 120 + 14 * row, price)

    assert read(pdf)[0].text.startswith("Paris 12 Lyon 15 Brest 9")


def test_a_sentence_goes_on_across_pages_without_running_heads() -> None:
    pdf = make_pdf()
    for number, block in enumerate([FIRST[:2], FIRST[2:], SECOND], start=1):
        pdf.add_page()
        pdf.text(200, 40, "Le Journal de la Ville - 12 mai 2025")
        draw(pdf, block)
        pdf.text(280, 810, f"Page {number} sur 3")

    assert paragraphs(pdf) == [TRAMWAY, MAYOR]


def test_a_heading_at_the_top_of_one_page_stays() -> None:
    pdf = make_pdf()
    for block in (FIRST, SECOND):
        pdf.add_page()
        if block is FIRST:
            pdf.text(70, 60, "Le tramway roule")
        draw(pdf, block)

    assert paragraphs(pdf) == ["Le tramway roule", TRAMWAY, MAYOR]


def test_a_year_in_the_text_is_no_page_number() -> None:
    pdf = one_page([*FIRST[:2], "2025"])

    assert paragraphs(pdf) == [" ".join([*FIRST[:2], "2025"])]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("la com-", "mune", "la commune", id="syllables"),
        pytest.param("en dix-", "huit minutes", "en dix-huit minutes", id="number"),
        pytest.param("la Franche-", "Comté", "la Franche-Comté", id="name"),
        pytest.param("les années 2024-", "2025", "les années 2024-2025", id="digits"),
        pytest.param("a-t-", "elle dit", "a-t-elle dit", id="pronoun"),
        pytest.param("un porte-", "parole", "un porte-parole", id="written_so_elsewhere"),
        pytest.param("le port-", "fort", "le portfort", id="unknown"),
    ],
)
def test_a_hyphen_that_only_ends_a_line_goes(before: str, after: str, expected: str) -> None:
    filler = "Le porte-parole de la commune a répondu à la presse dans la matinée"
    pdf = one_page([filler, f"de lundi, puis il a rappelé {before}", f"{after} devant nous."])

    assert expected in read(pdf)[0].text


def test_letters_are_those_of_the_table_of_the_font() -> None:
    pairs = {1: "fi", 2: "œ", 3: "ễ", 4: "’"}
    table = "".join(
        f"<{code:02x}> <{text.encode('utf-16-be').hex()}>\n" for code, text in pairs.items()
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(pairs)} beginbfchar\n{table}endbfchar\nendcmap end end"
    )
    document = page_of(
        "BT /F 12 Tf 70 700 Td (La \\001n du d\\002uf, l\\004ami Nguy\\003n) Tj ET",
        "/ToUnicode 6 0 R",
    )
    table_object = f"6 0 obj\n<</Length {len(cmap)}>>stream\n{cmap}\nendstream\nendobj\n"
    document = document.replace(b"trailer", table_object.encode() + b"trailer")

    assert read(document)[0].text == "La fin du dœuf, l’ami Nguyễn"


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_page_that_was_drawn_on_its_side_is_read(rotation: int) -> None:
    pdf = make_pdf()
    pdf.add_page()
    with pdf.rotation(rotation, x=pdf.w / 2, y=pdf.h / 2):
        draw(pdf, SECOND, y=12 + draw(pdf, FIRST, y=220))
    data = bytes(pdf.output())
    turned = data.replace(b"/Type /Page\n", f"/Type /Page\n/Rotate {rotation}\n".encode())
    assert turned != data

    assert paragraphs(turned) == [TRAMWAY, MAYOR]


def test_title_author_day_and_language_come_from_the_properties() -> None:
    pdf = one_page(FIRST)
    pdf.set_title("Le tramway roule enfin")
    pdf.set_author("Anne Lefèvre")
    pdf.set_lang("fr-FR")
    data = bytes(pdf.output())
    start = data.index(b"(D:")
    data = data[:start] + b"(D:20250512093000+02'00')" + data[data.index(b")", start) + 1 :]

    declared = read(data)[0].declared

    assert declared == {
        "title": Declared("Le tramway roule enfin", "document properties"),
        "author": Declared("Anne Lefèvre", "document properties"),
        "date": Declared("2025-05-12", "document properties"),
        "language": Declared("fr-FR", "document properties"),
    }


@pytest.mark.parametrize(
    "title",
    [
        *("Microsoft Word - tramway.docx", "untitled", "Sans titre 1", "Document1", "tramway.indd"),
        *("20250512_une_v3", "http://journal.example/a", "Présentation1"),
    ],
)
def test_what_a_program_wrote_as_title_is_none(title: str) -> None:
    pdf = one_page(FIRST)
    pdf.set_title(title)
    pdf.set_author("Utilisateur")

    assert read(pdf)[0].declared.keys() == {"date"}


def test_a_document_that_needs_a_password_is_refused() -> None:
    pdf = one_page(FIRST)
    pdf.set_encryption(owner_password="maître", user_password="secret")

    assert reason(bytes(pdf.output())) == "is encrypted: it opens with a password only"


def test_a_document_that_only_forbids_changes_is_read() -> None:
    pdf = one_page(FIRST)
    pdf.set_encryption(owner_password="maître", permissions=AccessPermission.all())

    assert paragraphs(pdf) == [TRAMWAY]


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        (1, "its only page has no text (scanned): make it readable with OCR first"),
        (3, "3 of 3 pages have no text (scanned): make them readable with OCR first"),
    ],
)
def test_a_scan_is_refused_with_the_number_of_its_pages(pages: int, expected: str) -> None:
    pdf = make_pdf()
    for _ in range(pages):
        scan(pdf)

    assert reason(bytes(pdf.output())) == expected


def test_pages_that_are_scans_are_named_and_the_others_read() -> None:
    pdf = make_pdf()
    for number in range(1, 8):
        if number in (3, 7):
            scan(pdf)
        else:
            pdf.add_page()
            draw(pdf, [f"{'ABCDEFG'[number]} comme sur la page. {line}" for line in FIRST[:1]])

    extracted, skipped = read(pdf)

    assert len(extracted.text.split("comme sur")) == 6
    assert skipped == [Skipped("", "pages 3, 7 have no text (scanned)")]


def test_an_empty_page_is_no_scan() -> None:
    pdf = one_page(FIRST)
    pdf.add_page()

    assert read(pdf)[1] == []


def test_a_document_of_empty_pages_holds_no_text() -> None:
    pdf = make_pdf()
    pdf.add_page()

    assert reason(bytes(pdf.output())) == "holds no text"


def test_letters_without_a_table_are_no_text() -> None:
    data = page_of("BT /F 12 Tf 70 700 Td (\\001\\002\\003\\004\\005\\006\\007) Tj ET")
    told = "its only page has no text (its font does not name the letters)"

    assert reason(data) == f"{told}: make it readable with OCR first"


def test_a_damaged_page_is_told_as_damaged() -> None:
    content = "BT /F 12 Tf 70 700 Td (Le tramway roule.) Tj ET"
    data = page_of(content).replace(b"/Count 1/Kids[3 0 R]", b"/Count 3/Kids[9 0 R 3 0 R 8 0 R]")

    extracted, skipped = read(data)

    assert extracted.text == "Le tramway roule."
    assert skipped == [Skipped("", "pages 1, 3 have no text (damaged)")]


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ("/Count 1/Kids[9 0 R]", "its only page has no text (damaged)"),
        ("/Count 2/Kids[9 0 R 8 0 R]", "2 of 2 pages have no text (damaged)"),
    ],
)
def test_a_document_of_damaged_pages_is_refused_as_such(pages: str, expected: str) -> None:
    data = page_of("").replace(b"/Count 1/Kids[3 0 R]", pages.encode())

    assert reason(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"Un texte.", "is no PDF document", id="text"),
        pytest.param(b"%PDF-1.7\n" + b"\0" * 1000, "is damaged", id="only_a_head"),
    ],
)
def test_what_is_no_document_is_refused(data: bytes, expected: str) -> None:
    assert reason(data) == expected


def test_half_a_document_is_read_or_refused() -> None:
    data = bytes(one_page(FIRST, SECOND).output())

    for size in range(0, len(data), 97):
        with suppress(UnreadableFile):
            read(data[:size])


@pytest.mark.parametrize("promised", [2, 1000, 1_000_000, 2_000_000_000])
def test_pages_that_hold_themselves_end(promised: int) -> None:
    data = raw_pdf(
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {promised}/Kids[2 0 R 3 0 R]>>",
        "<</Type/Pages/Count 2/Kids[2 0 R 3 0 R]/Parent 2 0 R>>",
    )

    assert re.search("no text|damaged|at most 20000 are read", reason(data))


def test_a_heap_of_objects_is_read_or_refused() -> None:
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 0/Kids[]>>"]

    assert reason(raw_pdf(*objects, *["null"] * 100_000))


def test_arrays_nested_deeply_are_refused() -> None:
    assert reason(raw_pdf("[" * 50_000))


@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=100)
def test_any_bytes_give_text_or_are_refused(data: bytes) -> None:
    for content in (data, b"%PDF-1.4\n" + data):
        with suppress(UnreadableFile):
            assert read(content)[0].text.strip()


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=60)
def test_a_document_with_spoilt_bytes_gives_text_or_is_refused(seed: int) -> None:
    data = bytearray(_WHOLE)
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 30)):
        data[chance.randrange(len(data))] = chance.randrange(256)

    with suppress(UnreadableFile):
        assert read(bytes(data))[0].text.strip()


_WHOLE = bytes(one_page(FIRST, SECOND).output())


def test_without_its_package_a_document_is_refused_with_the_command(tmp_path: Path) -> None:
    (tmp_path / "pypdfium2.py").write_text("raise ImportError")
    program = (
        "from pathlib import Path\n"
        "from index.errors import UnreadableFile\n"
        "from index.readers.pdf import read_pdf\n"
        "try: list(read_pdf(Path('a.pdf'), b''))\n"
        "except UnreadableFile as problem: print(problem.reason)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{program}"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout == "needs the package pypdfium2: pip install 'depeche[pdf]'\n"


def test_a_picture_file_with_this_suffix_is_refused() -> None:
    picture = BytesIO()
    Image.linear_gradient("L").save(picture, "PNG")

    assert reason(picture.getvalue()) == "is no PDF document"
