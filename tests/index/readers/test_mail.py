from email.message import EmailMessage
from pathlib import Path

import pytest

from index.errors import UnreadableFile
from index.readers import Declared, Extracted, find_format
from index.types import Skipped

HTML = """<html><head><title>x</title><style>p{}</style></head><body>
<div style="display:none">Vu de la boîte &zwnj;&nbsp;&zwnj;&nbsp;</div>
<table><tr><td><p><a href="https://q.example">Voir dans le navigateur</a></p></td></tr>
<tr><td><h1>Le tramway roule</h1><p>Le ministre a inauguré lundi la ligne de tramway.</p></td></tr>
<tr><td><p>Elle relie la gare au port en dix-huit minutes.</p></td></tr></table>
<p>Vous recevez ce message parce que vous êtes abonné. <a href="#">Se désabonner</a></p>
</body></html>"""

RICH = (
    "Le tramway roule\n\nLe ministre a inauguré lundi la ligne de tramway.\n\n"
    "Elle relie la gare au port en dix-huit minutes."
)

PLAIN = """Bonjour,

Le ministre des Transports a inauguré lundi 12 mai la ligne de tramway qui
relie la gare au port (https://q.example/a?b=c) en dix-huit minutes, après
trois ans de travaux.

- Quinze stations
- Une rame toutes les six minutes

==========
https://q.example/lire-la-suite

--\u0020
Jeanne Martin
"""

PROSE = (
    "Bonjour,\n\n"
    "Le ministre des Transports a inauguré lundi 12 mai la ligne de tramway qui relie la gare au "
    "port en dix-huit minutes, après trois ans de travaux.\n\n"
    "- Quinze stations\n- Une rame toutes les six minutes"
)


def letter(plain: str | None = PLAIN, html: str | None = None, **headers: str) -> EmailMessage:
    message = EmailMessage()
    known = {
        "From": "Jeanne Martin <jeanne@quotidien.example>",
        "Subject": "L’été à Hanoï : « découvrez » la lettre",
        "Date": "Mon, 12 May 2025 23:30:00 -0500",
    }
    for name, value in (known | headers).items():
        if value:
            message[name.replace("_", "-")] = value
    if plain is not None:
        message.set_content(plain)
    if html is not None and plain is not None:
        message.add_alternative(html, subtype="html")
    elif html is not None:
        message.set_content(html, subtype="html")
    return message


def read(data: bytes | EmailMessage, name: str = "a.eml") -> list[Extracted | Skipped]:
    content = data if isinstance(data, bytes) else data.as_bytes()
    return list(find_format(Path(name)).read(Path(name), content))


def read_one(data: bytes | EmailMessage) -> Extracted:
    (found,) = read(data)
    assert isinstance(found, Extracted)
    return found


def test_a_letter_of_plain_text_is_its_prose() -> None:
    assert read_one(letter()) == Extracted(
        PROSE,
        {
            "title": Declared("L’été à Hanoï : « découvrez » la lettre", "mail header"),
            "date": Declared("Mon, 12 May 2025 23:30:00 -0500", "mail header"),
            "author": Declared("Jeanne Martin", "mail header"),
        },
    )


def test_html_is_read_where_there_is_no_other_text() -> None:
    assert read_one(letter(None, HTML)).text == RICH


@pytest.mark.parametrize(
    "stub", ["Votre logiciel n’affiche pas le HTML.", "Voir en ligne : https://q.example", "\n"]
)
def test_html_is_read_where_the_text_is_a_stub(stub: str) -> None:
    assert read_one(letter(stub, HTML)).text == RICH


def test_the_text_is_read_where_it_says_as_much_as_the_html() -> None:
    assert read_one(letter(PLAIN, HTML)).text == PROSE


def test_lines_that_were_meant_to_flow_are_joined() -> None:
    message = letter("Une phrase \nqui coule.\n")
    message.set_param("format", "flowed")

    assert read_one(message).text == "Une phrase qui coule."


@pytest.mark.parametrize(
    ("headers", "source", "author"),
    [
        (
            {"From": "Le Quotidien <newsletter@q.example>"},
            "Le Quotidien",
            None,
        ),
        (
            {"From": "Jeanne Martin <jeanne@q.example>", "List_Id": '"La Matinale" <m.q.example>'},
            "La Matinale",
            "Jeanne Martin",
        ),
        ({"From": "lettre@quotidien.example"}, "quotidien.example", None),
        ({"From": "Jeanne Martin <jeanne@q.example>"}, None, "Jeanne Martin"),
        ({"From": ""}, None, None),
    ],
)
def test_who_sends_is_the_source_of_a_newsletter_and_the_author_of_a_letter(
    headers: dict[str, str], source: str | None, author: str | None
) -> None:
    declared = read_one(letter(**headers)).declared

    assert declared.get("source") == (Declared(source, "mail header") if source else None)
    assert declared.get("author") == (Declared(author, "mail header") if author else None)


def test_other_headers_declare_language_and_address() -> None:
    message = letter(Archived_At="<https://q.example/lettre/12>")
    message["Content-Language"] = "fr-FR, en"

    declared = read_one(message).declared

    assert declared["language"] == Declared("fr-FR", "mail header")
    assert declared["url"] == Declared("https://q.example/lettre/12", "mail header")


@pytest.mark.parametrize("subject", ["TR: Fwd: La lettre", "Re : La lettre", "La lettre"])
def test_marks_of_forwarding_leave_the_title(subject: str) -> None:
    assert read_one(letter(Subject=subject)).declared["title"].value == "La lettre"


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-15", "cp1252"])
def test_a_letter_keeps_its_accents_in_every_encoding(charset: str, encoding: str) -> None:
    message = letter()
    message.set_content("Le cœur de l'été à Noël.", charset=charset, cte=encoding)

    assert read_one(message).text == "Le cœur de l'été à Noël."


@pytest.mark.parametrize("charset", ["utf-8", "nonsense", "punycode", "x-unknown", "us-ascii"])
def test_a_letter_with_a_wrong_encoding_keeps_its_accents(charset: str) -> None:
    data = f"Subject: x\nContent-Type: text/plain; charset={charset}\n\n".encode()

    assert read_one(data + "Été à Noël.".encode("cp1252")).text == "Été à Noël."


def test_attachments_are_ignored() -> None:
    message = letter()
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    message.add_attachment("Un tableau.", filename="notes.txt")

    assert read_one(message).text == PROSE


def test_a_forwarded_letter_is_read_in_place_of_an_empty_one() -> None:
    outer = letter("\n", Subject="Pour info")
    outer.add_attachment(letter(None, HTML, Subject="La Matinale"))

    found = read_one(outer)

    assert found.text == RICH
    assert found.declared["title"].value == "La Matinale"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param(
            b"Subject: a\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nUn texte.",
            "Un texte.",
            id="never closed",
        ),
        pytest.param(b"From: @@<><,;:\nSubject: a\n\nUn texte.", "Un texte.", id="no address"),
        pytest.param(b"Subject: =?utf-8?b?w4PDQ?= =?x?q?a?=\n\nUn texte.", "Un texte.", id="words"),
        pytest.param(b"Subject: " + b"a" * 900_000 + b"\n\nUn texte.", "Un texte.", id="long"),
        pytest.param(b"Subject: a\nDate: hier\n\nUn texte.", "Un texte.", id="no date"),
        pytest.param(
            b"Subject: a\nContent-Type: text/plain; charset*0*=\"''\n\nUn texte.",
            "Un texte.",
            id="no charset",
        ),
        pytest.param(
            b"Subject: a\nContent-Type: multipart/mixed\n\nUn texte.", "Un texte.", id="no boundary"
        ),
        pytest.param(b"\r\n\r\nSubject: a\r\n\r\nUn texte.\r\n", "Un texte.", id="blank lines"),
        pytest.param(
            "Subject: \xe9t\xe9\nX-\xe9: x\n\nUn texte.".encode("cp1252"),
            "Un texte.",
            id="bytes in headers",
        ),
    ],
)
def test_a_broken_letter_is_read_as_far_as_it_goes(data: bytes, text: str) -> None:
    assert read_one(data).text.endswith(text)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is no letter: it has no sender, subject or date"),
        (b"Du texte.", "is no letter: it has no sender, subject or date"),
        (b"Subject: a\n\n \n", "holds no text"),
        (b"Subject: a\nContent-Type: image/png\n\nAAAA", "holds no text"),
        (
            b"Subject: a\n" + b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 900,
            "is nested too deeply: a letter of more parts than any has",
        ),
        (b"Subject: a\n\n" + b"a" * 30_000_000, "is too large: a letter of 30.0 MB"),
    ],
)
def test_a_letter_without_text_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(data)

    assert refused.value.reason == reason


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_each_letter_of_a_mailbox_is_an_article(newline: bytes) -> None:
    letters = [
        letter(None, HTML).as_bytes(),
        letter("Un texte.\n\n>From Paris, avec joie.\n\n>>From Hanoï.").as_bytes(),
        b"Subject: vide\n\n",
        letter("Fin.\n\nFrom Paris rien.").as_bytes(),
    ]
    box = b"\n".join(b"From a@b.example Mon May 12 08:00:00 2025\n" + data for data in letters)

    found = read(box.replace(b"\n", newline), "a.mbox")

    assert [item.name for item in found if isinstance(item, Extracted)] == ["#1", "#2", "#4"]
    assert [item.text for item in found if isinstance(item, Extracted)] == [
        RICH,
        "Un texte.\n\nFrom Paris, avec joie.\n\n>From Hanoï.",
        "Fin.\n\nFrom Paris rien.",
    ]
    assert found[2] == Skipped("#3", "holds no text")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"Subject: a\n\nUne lettre.", "is no mailbox"),
        (b"From a@b\n" * 9_000, "is no mailbox"),
    ],
)
def test_what_is_no_mailbox_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(data, "a.mbox")

    assert refused.value.reason == reason


def test_a_mark_of_utf_8_before_a_letter_is_left_out() -> None:
    letter = "\ufeffSubject: Le tramway roule\n\nLe tramway relie la gare au port."

    (read,) = find_format(Path("a.eml")).read(Path("a.eml"), letter.encode())

    assert isinstance(read, Extracted)
    assert read.declared["title"].value == "Le tramway roule"
