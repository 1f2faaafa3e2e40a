import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UnreadableFile
from index.readers import FORMATS, Declared, Extracted, find_format

FRENCH = (
    "Où le président a-t-il été reçu ?\n\n« À l’Élysée », répond-il. Ça coûte 5 € — çà et là, "
    "naïveté, forêt, aiguë, mûr, cœur, Noël."
)


NO_TEXT = "is no text: binary, damaged or in an unknown encoding"


def read(data: bytes | str, name: str = "a.txt") -> Extracted:
    path = Path(name)
    content = data.encode() if isinstance(data, str) else data
    (extracted,) = find_format(path).read(path, content)
    assert isinstance(extracted, Extracted)
    return extracted


def read_if_possible(data: bytes | str, name: str) -> Extracted | None:
    with suppress(UnreadableFile):
        return read(data, name)
    return None


def reason(data: bytes | str, name: str = "a.txt") -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(data, name)
    return refused.value.reason


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"],
)
def test_french_is_read_whatever_its_encoding(encoding: str) -> None:
    assert read(FRENCH.encode(encoding)).text == FRENCH


@pytest.mark.parametrize("text", ["Été", "Ça va.", "L’été à Noël", "Où ?", "é", "garçon"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "latin-1"])
def test_a_short_french_file_keeps_its_accents(text: str, encoding: str) -> None:
    if encoding == "latin-1":
        text = text.replace("’", "'")

    assert read(text.encode(encoding)).text == text


def test_the_ligature_of_latin_9_is_read() -> None:
    assert read("Le cœur de l'été".encode("iso8859_15")).text == "Le cœur de l'été"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Президент Белоруссии встретился с делегацией Вьетнама.", "cp1251"),
        ("Prezydent Białorusi spotkał się z delegacją, powiedział.", "cp1250"),
        ("Über die Straße führt kein Weg zurück.", "cp1252"),
        ("¿Qué se firmó el lunes? Años después, nadie lo sabía.", "latin-1"),
        ("越南共产党中央总书记苏林同志访问白俄罗斯，签署联合声明。", "gb18030"),
        ("Tổng Bí thư Tô Lâm hội đàm với Tổng thống Belarus", "utf-16-le"),
    ],
)
def test_other_languages_are_read_in_their_encodings(text: str, encoding: str) -> None:
    assert read(text.encode(encoding)).text == text


def test_a_pasted_byte_of_another_encoding_does_not_spoil_an_article() -> None:
    data = ("L’été à Hanoï. " * 5).encode() + "déjà".encode("cp1252")

    assert read(data).text == "L’été à Hanoï. " * 5 + "déjà"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", "is empty", id="no byte"),
        pytest.param(b" \r\n\t ", "is empty", id="white space"),
        pytest.param("\u00a0\u2003\n".encode(), "holds no text", id="exotic white space"),
        pytest.param(b"\xef\xbb\xbf", "holds no text", id="a mark alone"),
        pytest.param(b"\xff\xfe", "holds no text", id="a mark of UTF-16 alone"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0", "is a PNG image, not text", id="png"),
        pytest.param(
            b"PK\x03\x04\x14\0", "is a ZIP archive or an office document, not text", id="zip"
        ),
        pytest.param(b"%PDF-1.7\n", "is a PDF document, not text", id="pdf"),
        pytest.param(bytes(range(256)) * 9, NO_TEXT, id="all bytes"),
        pytest.param(b"text\0with\0zeros", NO_TEXT, id="zeros"),
        pytest.param("\ufffd".encode() * 9, NO_TEXT, id="replaced"),
        pytest.param(b"date 2025-05-12 Title\n\n", "holds no text", id="a header alone"),
    ],
)
def test_what_holds_no_text_is_refused_with_its_reason(data: bytes, expected: str) -> None:
    assert reason(data) == expected


def test_an_unknown_format_names_those_that_are_known() -> None:
    with pytest.raises(UnreadableFile) as refused:
        find_format(Path("Talk.PPTX"))

    assert (
        refused.value.reason == f"no reader for .pptx: supported are {', '.join(sorted(FORMATS))}"
    )


def test_the_suffix_may_be_in_capitals() -> None:
    assert read("Texte.", "A.TXT").text == "Texte."


def test_line_ends_are_unified_and_the_rest_is_kept() -> None:
    assert read("\r\n\r\nUn  deux\r\rtrois\t\r\n quatre \r\n\r\n").text == (
        "Un  deux\n\ntrois\t\n quatre"
    )


@pytest.mark.parametrize(
    ("header", "date", "title"),
    [
        (" date 2025-12-03 Le chef reçoit", "2025-12-03", "Le chef reçoit"),
        ("\ufeffdate 2025-05 Le chef reçoit", "2025-05", "Le chef reçoit"),
        ("date 2025 Le chef reçoit", "2025", "Le chef reçoit"),
        ("date: 2025-05-12 - Le chef reçoit", "2025-05-12", "Le chef reçoit"),
        ("Date : 12/05/2025", "12/05/2025", None),
        ("date 2025-05-12T08:30:00Z Le chef reçoit", "2025-05-12", "Le chef reçoit"),
        ("Date : lundi 12 mai 2025", "lundi 12 mai 2025", None),
        ("date 2025-13-45 Le chef reçoit", "2025-13-45", "Le chef reçoit"),
        ("Titre : Le chef reçoit\nDate : 2025-05-12", "2025-05-12", "Le chef reçoit"),
        ("Title: Le chef reçoit\n\nDate: 2025-05-12", "2025-05-12", "Le chef reçoit"),
    ],
)
def test_a_header_is_declared_and_leaves_the_text(
    header: str, date: str, title: str | None
) -> None:
    extracted = read(f"{header}\n\nLe texte.\n")

    assert extracted.text == "Le texte."
    assert extracted.declared["date"] == Declared(date, "header")
    assert extracted.declared.get("title") == (Declared(title, "header") if title else None)


@pytest.mark.parametrize(
    "text",
    [
        "Date : la rencontre aura lieu bientôt.\n\nPuis rien.",
        "dates 2025 Un titre\n\nUn texte.",
        "Note : ceci est du texte.",
        "Le titre : une question de date.",
        "Source : " + "la présidence a fait savoir que rien ne serait décidé. " * 9 + "Fin",
    ],
)
def test_prose_is_not_taken_for_a_header(text: str) -> None:
    assert read(text) == Extracted(text)


def test_all_fields_of_a_header_are_read_in_french() -> None:
    extracted = read("Titre : A\nAuteur : B\nSource : C\nLangue : fr\nTitre : Z\n\nTexte.")

    assert {name: value.value for name, value in extracted.declared.items()} == {
        "title": "A",
        "author": "B",
        "source": "C",
        "language": "fr",
    }


@pytest.mark.parametrize(
    ("front_matter", "declared"),
    [
        ("title: A\ndate: 2025-05-12", {"title": "A", "date": "2025-05-12"}),
        ("titre: A\ndate: 2025-05", {"title": "A", "date": "2025-05"}),
        ("date: 2025", {"date": "2025"}),
        ("date: 2025-05-12 08:30:00", {"date": "2025-05-12 08:30:00"}),
        ("auteur: [B, C]\nlangue: no", {"author": "B, C", "language": "no"}),
        ("title: >\n  A\n  B", {"title": "A B"}),
        ("tags: [x]", {}),
        ("title: Sommet : le bilan\nlang: fr", {"title": "Sommet : le bilan", "language": "fr"}),
        ("title: @A\nbad: [", {"title": "@A"}),
        ("title: !!python/object/apply:os.system [ls]", {"title": "ls"}),
        ("title:\n  deep: {a: b}", {}),
    ],
)
def test_front_matter_is_declared_and_leaves_the_text(
    front_matter: str, declared: dict[str, str]
) -> None:
    extracted = read(f"---\n{front_matter}\n---\n\nLe texte.", "a.md")

    assert extracted.text == "Le texte."
    assert {name: value.value for name, value in extracted.declared.items()} == declared
    assert {value.origin for value in extracted.declared.values()} <= {"front matter"}


def test_front_matter_that_never_ends_is_text() -> None:
    assert read("---\ntitle: A\n\nLe texte.", "a.md").text.endswith("Le texte.")


def test_a_paragraph_between_two_rules_is_text() -> None:
    assert read("---\nUne ligne.\n---\n\nLe texte.", "a.md").text == "Une ligne.\n\nLe texte."


def test_a_first_heading_is_the_title() -> None:
    extracted = read("# Un *beau* titre\n\nLe texte.\n\n## Partie\n\nSuite.", "a.md")

    assert extracted.declared == {"title": Declared("Un beau titre", "heading")}
    assert extracted.text == "Le texte.\n\nPartie\n\nSuite."


def test_a_heading_that_repeats_the_title_leaves_the_text_and_another_stays() -> None:
    assert read("---\ntitle: A\n---\n# A\n\nTexte.", "a.md").text == "Texte."
    assert read("---\ntitle: A\n---\n# B\n\nTexte.", "a.md").text == "B\n\nTexte."


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        pytest.param("Un **mot** *ou* `deux` ~~trois~~.", "Un mot ou deux trois.", id="emphasis"),
        pytest.param("Voir [le site](http://a.b 'c').", "Voir le site.", id="link"),
        pytest.param("Voir [le site][1].\n\n[1]: http://a.b", "Voir le site.", id="reference"),
        pytest.param("![Tô Lâm à Minsk](a.png)", "Tô Lâm à Minsk", id="image"),
        pytest.param("Une ligne\nqui continue.", "Une ligne qui continue.", id="wrapped"),
        pytest.param("Une ligne  \npuis une autre.", "Une ligne\npuis une autre.", id="break"),
        pytest.param("- un\n- deux", "un\n\ndeux", id="list"),
        pytest.param("12. mai 2025", "12. mai 2025", id="a number is kept"),
        pytest.param("> Citation.\n\nSuite.", "Citation.\n\nSuite.", id="quotation"),
        pytest.param(">> Un lien\n\nSuite.", ">> Un lien\n\nSuite.", id="related link"),
        pytest.param("|a|b|\n|-|-|\n|c|d|", "a | b\n\nc | d", id="table"),
        pytest.param("    code\n\n```\nbloc\n```", "code\n\nbloc", id="code"),
        pytest.param("<div>a <b>b</b></div>", "a b", id="html block"),
        pytest.param("a <b onclick='x'>b</b><br>c", "a b\nc", id="html inline"),
        pytest.param("<!-- secret -->\n\na", "a", id="comment"),
        pytest.param("<script>x()</script>\n\na", "a", id="script"),
        pytest.param("Fish &amp; chips \\*", "Fish & chips *", id="entities and escapes"),
    ],
)
def test_markdown_is_read_as_plain_paragraphs(markdown: str, text: str) -> None:
    assert read(markdown, "a.md").text == text


def test_markdown_without_prose_is_refused() -> None:
    assert reason("<!-- rien -->\n\n---\n\n![](a.png)", "a.md") == "holds no text"


@settings(deadline=None)  # the first call loads a model or a parser
@given(st.binary(max_size=400), st.sampled_from([".txt", ".md"]))
def test_any_bytes_give_text_or_are_refused(data: bytes, suffix: str) -> None:
    extracted = read_if_possible(data, "a" + suffix)

    if extracted:
        assert extracted.text.strip()
        assert "\r" not in extracted.text
        assert extracted.text.encode()


@settings(deadline=None)  # the first call loads a model or a parser
@given(st.text(max_size=400), st.sampled_from([".txt", ".md"]))
def test_any_text_gives_text_or_is_refused(text: str, suffix: str) -> None:
    read_if_possible(text.encode(errors="replace"), "a" + suffix)


@settings(deadline=None)  # the first call loads a model or a parser
@given(st.text(alphabet=st.sampled_from("#>-*_`[]()!<&|~:. \n\tae1"), max_size=200))
def test_any_markdown_gives_text_or_is_refused(text: str) -> None:
    read_if_possible(text, "a.md")


# "[" and "<!--" are the known weak points of Markdown parsers
@pytest.mark.parametrize("suffix", [".txt", ".md"])
@pytest.mark.parametrize(
    "unit", ["a", "#", ">>", "[", "![](", "*a ", "`", "<", "<!--", "- ", "|", "---\n", "date ", "é"]
)
def test_a_megabyte_of_one_sign_is_read_in_seconds(unit: str, suffix: str) -> None:
    data = (unit * (1_000_000 // len(unit))).encode()
    begun = time.monotonic()

    read_if_possible(data, "a" + suffix)

    assert time.monotonic() - begun < 20


def test_front_matter_nested_too_deep_is_read_by_lines() -> None:
    extracted = read(f"---\ntitle: A\nx: {'[' * 8000}\n---\nTexte.", "a.md")

    assert extracted.declared["title"].value == "A"
    assert extracted.text == "Texte."


def test_a_bomb_of_yaml_references_stays_small() -> None:
    lines = ["a0: &a0 {title: x}"]
    lines += [f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 9)}]}}" for i in range(1, 30)]
    begun = time.monotonic()

    assert read("---\n" + "\n".join(lines) + "\n---\nTexte.", "a.md").text == "Texte."

    assert time.monotonic() - begun < 5
