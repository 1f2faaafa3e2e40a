import random
from contextlib import suppress
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from quopri import encodestring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UnreadableFile
from index.metadata import describe
from index.readers import Extracted, find_format

PATH = Path("a.mht")
PROSE = (
    "Le ministre des Transports a inauguré lundi 12 mai la ligne de tramway, après trois années de "
    "travaux qui ont coûté deux cent dix millions d’euros à l’agglomération."
)
ADDRESS = "https://quotidien.example/ville/tram"


def page(text: str = PROSE, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html lang=fr><head>{head}</head><body><nav><a href=/>Accueil</a></nav>"
        f"<article><h1>Le tramway roule</h1><p>{text}</p></article></body></html>"
    )


def part(markup: str, kind: str = "text/html", name: str = "a", encoding: str = "utf-8") -> bytes:
    """A part as browsers write it."""
    return (
        f"Content-Type: {kind}\r\nContent-ID: <{name}@mhtml.blink>\r\n"
        f"Content-Transfer-Encoding: quoted-printable\r\nContent-Location: {ADDRESS}\r\n\r\n"
    ).encode() + encodestring(markup.encode(encoding)).replace(b"\n", b"\r\n")


def saved(*parts: bytes, start: str = "") -> bytes:
    """A file as Chromium saves a page."""
    head = (
        f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {ADDRESS}\r\n"
        "Subject: =?utf-8?Q?Le=20tramway=20arrive=20=C3=A0=20Brest?=\r\n"
        "Date: Mon, 1 Jun 2026 08:00:00 +0200\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n'
        f'{start}\tboundary="----MultipartBoundary--x----"\r\n\r\n'
    ).encode()
    mark = b"------MultipartBoundary--x----"
    return (
        head
        + b"".join(b"\r\n" + mark + b"\r\n" + one for one in parts)
        + b"\r\n"
        + mark
        + b"--\r\n"
    )


PICTURE = (
    b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
    b"Content-Location: https://quotidien.example/a.png\r\n\r\niVBORw0KGgo=\r\n"
)
STYLE = part("p { color: red }", "text/css")


def read(data: bytes, name: str = "a.mht") -> Extracted:
    (extracted,) = find_format(Path(name)).read(Path(name), data)
    assert isinstance(extracted, Extracted)
    return extracted


@pytest.mark.parametrize("name", ["a.mht", "a.mhtml", "A.MHT"])
def test_the_text_of_a_saved_page_is_its_article(name: str) -> None:
    text = read(saved(part(page()), STYLE, PICTURE), name).text

    assert text.endswith(PROSE)
    assert "Accueil" not in text
    assert "color" not in text


def test_what_the_page_declares_comes_before_what_the_browser_noted() -> None:
    head = (
        '<meta property="og:title" content="Le tramway roule enfin">'
        '<meta property="article:published_time" content="2025-05-12T08:30:00+02:00">'
        '<link rel="canonical" href="https://quotidien.example/canonique">'
    )

    article = describe("a.mht", read(saved(part(page(head=head)))))

    assert article.title == "Le tramway roule enfin"
    assert (str(article.published), article.doubt) == ("2025-05-12", None)
    assert article.url == "https://quotidien.example/canonique"
    assert article.language == "fr"


def test_what_the_browser_noted_tells_the_rest_and_its_day_is_doubtful() -> None:
    markup = f"<html><body><p>{PROSE * 2}</p></body></html>"

    article = describe("a.mht", read(saved(part(markup))))

    assert article.title == "Le tramway arrive à Brest"
    assert article.url == ADDRESS
    assert article.origins["published"] == "document properties"
    assert article.doubt is not None
    assert article.author is None


def test_an_address_that_leads_nowhere_gives_way_to_that_of_the_browser() -> None:
    head = '<link rel="canonical" href="/canonique">'

    assert read(saved(part(page(head=head)))).declared["url"].value == ADDRESS


def test_the_page_is_the_part_that_the_file_names_as_its_start() -> None:
    parts = part(page("Une réclame pour des vacances au bord de la mer."), name="b"), part(page())

    data = saved(*parts, start='\tstart="<a@mhtml.blink>";\r\n')

    assert read(data).text.endswith(PROSE)
    assert read(saved(*parts)).text.endswith("mer.")


def test_the_frames_of_a_page_without_text_are_read() -> None:
    frames = "<html><frameset><frame src='cid:b@mhtml.blink'></frameset></html>"

    assert read(saved(part(frames), part(page(), name="b"))).text.endswith(PROSE)


def test_the_page_may_lie_deeper() -> None:
    whole, inner = MIMEMultipart("related"), MIMEMultipart("alternative")
    inner.attach(MIMEText(page(), "html", "cp1252"))
    whole.attach(inner)

    assert read(bytes(whole)).text.endswith(PROSE)


@pytest.mark.parametrize(
    ("kind", "head", "encoding"),
    [
        ('text/html; charset="windows-1252"', "", "cp1252"),
        ("text/html", '<meta charset="windows-1252">', "cp1252"),
        ("text/html", "", "cp1252"),
        ("text/html; charset=nothing", "", "utf-8"),
        ("application/xhtml+xml", "", "utf-8"),
        ("text/html; charset=utf-8", '<meta charset="windows-1251">', "utf-8"),
    ],
)
def test_a_page_is_read_in_its_own_encoding(kind: str, head: str, encoding: str) -> None:
    data = saved(part(page(head=head), kind, encoding=encoding))

    assert read(data).text.endswith(PROSE)


def test_a_page_alone_in_its_file_is_read() -> None:
    assert read(b"MIME-Version: 1.0\r\n" + part(page())).text.endswith(PROSE)


@pytest.mark.parametrize("data", [saved(part(page())), page().encode()])
def test_a_mark_of_utf_8_before_a_saved_page_is_left_out(data: bytes) -> None:
    assert read(b"\xef\xbb\xbf" + data).text.endswith(PROSE)


def test_a_page_of_html_under_this_name_is_read() -> None:
    assert read(page().encode()).text.endswith(PROSE)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", "is no saved web page", id="empty"),
        pytest.param(PROSE.encode(), "is no saved web page", id="text"),
        pytest.param(saved(PICTURE), "is no saved web page", id="picture"),
        pytest.param(saved(part("<p> </p>")), "holds no text", id="blank"),
        pytest.param(saved(part("")), "is empty", id="nothing"),
        pytest.param(
            b"Content-Type: multipart/related; boundary=x\n\n" * 300,
            "is nested too deeply: a saved web page of more parts than any has",
            id="deep",
        ),
    ],
)
def test_what_is_no_saved_page_is_refused(data: bytes, expected: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(data)

    assert refused.value.reason == expected


def test_saved_pages_are_read_apart() -> None:
    assert find_format(PATH).is_apart


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000))
def test_a_saved_page_with_spoilt_bytes_gives_text_or_is_refused(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(saved(part(page()), PICTURE, start='\tstart="<a@mhtml.blink>";\r\n'))
    for _ in range(chance.randrange(1, 30)):
        data[chance.randrange(len(data))] = chance.randrange(256)

    with suppress(UnreadableFile):
        extracted = read(bytes(data[: chance.randrange(len(data))]))
        assert extracted.text.strip()
