# ruff: noqa: E501  a file made to hang is easier to read on one line
"""Files of every format, made to hang, to crash, to fill the memory, or to read other files."""

import io
import json
import random
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UnreadableFile
from index.load import articles_in
from index.readers import FORMATS
from index.types import Article, Skipped

Attack = Callable[..., Any]

# one for each way of reading
_SUFFIXES = sorted({id(kind): suffix for suffix, kind in FORMATS.items()}.values())

_HOSTILE = settings.get_profile("hostile")
_SECRET = "the words of a file that nobody asked for"
_PROSE = "Le ministre a inauguré lundi 12 mai 2025 la ligne de tramway, qui relie la gare au port. "

_SEEDS: dict[str, list[bytes]] = {
    "mark": [b"<", b">", b"<p>", b"</p>", b"<![CDATA[", b"&#x110000;", b"&amp;", b"<!--", b"<a b="],
    "text": [
        b"---\n",
        b"title: ",
        b"date: 2025-05-12\n",
        b"# ",
        b"- ",
        b"| a |",
        b"```",
        b"[",
        b"](",
    ],
    "data": [b"{", b"}", b"[", b"]", b'"', b":", b",", b"1e999", b"\\ud800", b"null", b'"text": "'],
    "mail": [
        b"From a@b 1\n",
        b"Subject: ",
        b"Content-Type: multipart/mixed; boundary=x\n",
        b"--x\n",
    ],
    "pdf": [b"%PDF-1.7\n", b"1 0 obj\n", b"<</Kids[1 0 R]>>", b"stream\n", b"endstream", b"xref\n"],
    "bytes": [
        b"\0",
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xff\xfe",
        b"\n",
        b"\r",
        b"PK\3\4",
        b"\x1b$B",
    ],
    "prose": [_PROSE.encode(), "Été 新华社 \u202e\u0301".encode(), b" ", b"\n\n"],
}
_PIECES = st.sampled_from([piece for pieces in _SEEDS.values() for piece in pieces])
_CONTENT = st.one_of(
    st.binary(max_size=400),
    st.lists(st.one_of(_PIECES, st.binary(max_size=6)), max_size=60).map(b"".join),
    st.tuples(_PIECES, st.integers(1, 500)).map(lambda pair: pair[0] * pair[1]),
)


def read(suffix: str, data: bytes) -> list[Article | Skipped]:
    """Read a file as a build does, and check what comes of it."""
    try:
        found = list(articles_in(Path(f"a{suffix}"), f"a{suffix}", data))
    except UnreadableFile as refused:
        return [Skipped(f"a{suffix}", refused.reason)]
    for one in found:
        if isinstance(one, Article):
            assert one.text.strip()
            assert one.title.strip()
            assert all(0 <= start < end <= len(one.text) for start, end in one.furniture)
            assert one.url is None or one.url.lower().startswith(("http://", "https://"))
            one.text.encode()
        name = one.id if isinstance(one, Article) else one.path
        assert name.startswith(f"a{suffix}")
        assert not {"..", "."} & set(name.split("/")), name
        assert not set(name) & set("\n\r\0\u202e\ud800"), name
    return found


@pytest.mark.parametrize("suffix", _SUFFIXES)
@settings(_HOSTILE)
@given(data=_CONTENT)
def test_garbage_is_read_or_refused(attack: Attack, suffix: str, data: bytes) -> None:
    attack(f"reader {suffix}", read, suffix, data)


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return an archive of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def _xml(size: int, secret: str, canary: str) -> dict[str, bytes]:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = (
        "<rss><channel><item><title>a</title><description>{}</description></item></channel></rss>"
    )
    return {
        "laughs": f'<!DOCTYPE rss [<!ENTITY l0 "lol">{laughs}]>{body.format("&l9;")}'.encode(),
        "quadratic": f'<!DOCTYPE rss [<!ENTITY l "{"a" * size}">]>{body.format("&l;" * size)}'.encode(),
        "file": f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret}">]>{body.format("&x;" + _PROSE)}'.encode(),
        "web": f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{canary}">]>{body.format("&x;" + _PROSE)}'.encode(),
        "dtd": f'<!DOCTYPE rss SYSTEM "{canary}">{body.format(_PROSE)}'.encode(),
        "parameter": f'<!DOCTYPE r [<!ENTITY % p SYSTEM "{canary}">%p;]>{body.format(_PROSE)}'.encode(),
        "include": f'<rss xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="{secret}" '
        f'parse="text"/><channel><item><description>{_PROSE}</description></item></channel></rss>'.encode(),
        "stylesheet": f'<?xml-stylesheet href="{canary}"?>{body.format(_PROSE)}'.encode(),
        "deep": b"<a>" * size + b"</a>" * size,
        "attributes": b"<a " + b"".join(b'b%d="" ' % n for n in range(size // 8)) + b"/>",
        "page": f'<html><head><base href="{canary}"><link rel=stylesheet href="{canary}"></head><body>'
        f'<iframe src="{secret}"></iframe><img src="{canary}"><p>{_PROSE * 9}</p></body></html>'.encode(),
    }  # fmt: skip


def _records(size: int) -> dict[str, bytes]:
    return {
        "lists": b"[" * size + b"]" * size,
        "objects": b'{"a":' * size + b"1" + b"}" * size,
        "digits": b'{"title": "a", "text": ' + b"9" * size + b"}",
        "surrogates": json.dumps([{"title": "\ud800", "text": "\udfff" + _PROSE}] * 9).encode(),
        "keys": json.dumps({f"k{n}": "v" for n in range(size // 8)}).encode(),
        "same keys": b'{"text": "' + _PROSE.encode() + b'"' + b',"text": "a"' * (size // 9) + b"}",
        "infinite": b'{"text": Infinity, "date": NaN, "title": 1e999}',
        "quotes": b'title,text\n"' + b'""' * size + b'"',
        "open quote": b'title,text\na,"' + b"b,c\n" * (size // 4),
        "columns": b"text," * size + b"\n" + b"a," * size,
        "rows": b"title;text\n" + b";\n" * size,
        "nul": b"title,text\n\0,\0",
    }


def _letters(size: int) -> dict[str, bytes]:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1000)
    )
    head = b"From: a@b\nSubject: a\nDate: Mon, 12 May 2025 10:00:00 +0200\n"
    return {
        "nested": head + nested + b"\n" + _PROSE.encode(),
        "forwarded": head + b"Content-Type: message/rfc822\n\n" * 1000 + _PROSE.encode(),
        "signatures": head + b"\n" + _PROSE.encode() + b"\n--\n" * (size // 4),
        "header": b"From: " + b"a@b, " * (size // 5) + b"\nSubject: a\n\n" + _PROSE.encode(),
        "encoded": b"From: a@b\nSubject: " + b"=?utf-8?q?=C3?= " * (size // 16) + b"\n\n" + _PROSE.encode(),
        "folded": b"From: a@b\nSubject: " + b"\n " * (size // 2) + b"\n\n" + _PROSE.encode(),
        "comments": b"From: " + b"(" * size + b"\nSubject: a\n\n" + _PROSE.encode(),
        "parameters": head + b"Content-Type: text/plain" + b"; a*0*=''b" * (size // 10) + b"\n\n" + _PROSE.encode(),
        "charset": head + b"Content-Type: text/plain; charset=zlib_codec\n\n" + _PROSE.encode(),
        "rot13": head + b"Content-Type: text/plain; charset=rot13\n\n" + _PROSE.encode(),
        "idna": head + b"Content-Type: text/plain; charset=idna\n\n" + b"a" * size,
        "uuencoded": head + b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 /etc/passwd\n" + b"~" * size,
        "many": (b"From a@b Mon\n" + head + b"\n" + _PROSE.encode() + b"\n\n") * (size // 500),
        "links": head + b"\n" + b"(http://a " * (size // 10),
        "blanks": head + b"\n" + b" \n" * (size // 2) + b"a",
    }  # fmt: skip


def _documents(size: int) -> dict[str, bytes]:
    bomb = zlib.compress(b"\0" * (size * 500))
    page = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    loop = b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9/Parent 2 0 R>>endobj\n"
    trailer = b"trailer<</Root 1 0 R/Size 9>>\nstartxref\n0\n%%EOF"
    one = b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 9 9]>>endobj\n"
    flate = (
        b"4 0 obj<</Length %d/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 9>>>>stream\n"
    )
    twice = zlib.compress(bomb)
    return {
        "loop": page + loop + trailer,
        "bomb": page + one + flate % len(bomb) + bomb + b"\nendstream endobj\n" + trailer,
        "bomb in a bomb": page + one + b"4 0 obj<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n" % len(twice) + twice + b"\nendstream endobj\n" + trailer,
        "columns": page + one + (flate.replace(b"9>>>>", b"2147483647>>>>") % len(bomb)) + bomb + b"\nendstream endobj\n" + trailer,
        "xref": b"%PDF-1.4\nxref\n0 99999999\n" + b"0000000000 65535 f \n" * (size // 20) + trailer,
        "xref to itself": b"%PDF-1.4\nxref\n0 0\ntrailer<</Prev 9/Root 1 0 R>>\nstartxref\n9\n%%EOF",
        "count": page + b"2 0 obj<</Type/Pages/Kids[]/Count 2147483647>>endobj\n" + trailer,
        "deep": page + b"2 0 obj" + b"[" * size + b"]" * size + b"endobj\n" + trailer,
        "names": page + b"2 0 obj<<" + b"/A 1" * size + b">>endobj\n" + trailer,
        "cut": page + one + b"4 0 obj<</Length 9999999>>stream\nBT (a) Tj",
        "text": page + one + b"4 0 obj<</Length %d>>stream\n" % (size * 4) + b"q q " * size + b"\nendstream endobj\n" + trailer,
    }  # fmt: skip


_DOCX_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
    'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_DOCX_LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="{}"/></Relationships>'
)
_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(document: str, target: str = "word/document.xml") -> bytes:
    """Return the least that a program takes for a document of Word."""
    return zipped(
        {
            "[Content_Types].xml": _DOCX_TYPES.encode(),
            "_rels/.rels": _DOCX_LINKS.format(target).encode(),
            "word/document.xml": document.encode(),
        }
    )


def odt(content: str) -> bytes:
    """Return the least that a program takes for an OpenDocument text."""
    kind = "application/vnd.oasis.opendocument.text"
    return zipped(
        {
            "mimetype": kind.encode(),
            "META-INF/manifest.xml": b"<manifest/>",
            "content.xml": content.encode(),
            "meta.xml": b"<a/>",
            "styles.xml": b"<a/>",
        }
    )


def epub(chapter: str, href: str = "a.xhtml", rootfile: str = "a.opf") -> bytes:
    """Return the least that a program takes for a book."""
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        f'<rootfile full-path="{rootfile}"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" media-type='
        f'"application/xhtml+xml" href="{href}"/></manifest><spine><itemref idref="a"/></spine>'
        "</package>"
    )
    return zipped(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": container.encode(),
            "a.opf": package.encode(),
            "a.xhtml": chapter.encode(),
        }
    )


def _packed(size: int, secret: str, canary: str) -> dict[str, bytes]:
    entity = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret}"><!ENTITY y SYSTEM "{canary}">]>'
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    laughing = f'<!DOCTYPE a [<!ENTITY l0 "lol">{laughs}]>'
    says = (
        f"<w:document {_WORD}><w:body><w:p><w:r><w:t>{{}}</w:t></w:r></w:p></w:body></w:document>"
    )
    deep = f"<w:document {_WORD}><w:body>{{}}</w:body></w:document>"
    page = "<html><body><p>{}</p></body></html>"
    text = f"<a><p>{_PROSE}{{}}</p></a>"
    zeros = {"a.txt": b"\0" * (size * 1000), "b.txt": b"a" * (size * 1000)}
    nest = zipped({"a.txt": _PROSE.encode()})
    for _ in range(50):
        nest = zipped({"a.zip": nest})
    lying = bytearray(zipped({"a.txt": b"a" * size * 100}))
    place = lying.rfind(b"PK\1\2") + 24
    lying[place : place + 4] = (9).to_bytes(4, "little")
    return {
        "escapes": zipped({name: _PROSE.encode() + name.encode() for name in (
            "../../etc/passwd.txt", "/etc/passwd.txt", "C:\\a.txt", "..\\..\\a.txt", "a/../../b.txt",
            "\u202etxt.exe.txt", "a\nb.txt", "./.txt", "....//a.txt", "b\x00a.txt", "a" * 5000 + ".txt")}),
        "zeros": zipped(zeros),
        "nest": nest,
        "lies": bytes(lying),
        "many": zipped({f"{n}.txt": b"" for n in range(min(size // 4, 21_000))}),
        "twins": b"".join([nest, zipped({"a.txt": _PROSE.encode()})]),
        "missing": zipped({"[Content_Types].xml": b"<Types/>"}),
        "docx entity": docx(entity + says.format("&x;&y;" + _PROSE)),
        "docx laughs": docx(laughing + says.format("&l9;")),
        "docx out": docx(says.format(_PROSE), "../../../etc/passwd"),
        "docx file": docx(says.format(_PROSE), secret),
        "docx deep": docx(deep.format("<w:p>" + "<w:ins>" * size + "</w:ins>" * size + "</w:p>")),
        "docx bomb": docx(says.format("a" * (size * 500))),
        "odt entity": odt(entity + text.format("&x;&y;")),
        "odt laughs": odt(laughing + text.format("&l9;")),
        "odt deep": odt("<a>" * size + "</a>" * size),
        "epub entity": epub(entity + page.format("&x;&y;" + _PROSE)),
        "epub laughs": epub(laughing + page.format("&l9;")),
        "epub out": epub(page.format(_PROSE), "../../../../etc/passwd"),
        "epub file": epub(page.format(_PROSE), secret),
        "epub root": epub(page.format(_PROSE), rootfile="../../etc/passwd"),
        "epub itself": epub(page.format(_PROSE), href="a.opf"),
        "epub deep": epub("<div>" * size + _PROSE),
    }  # fmt: skip


def _plain(size: int) -> dict[str, bytes]:
    pieces = [piece for pieces in _SEEDS.values() for piece in pieces]
    marks = "".join(random.Random(0).choices("\u0301\u0327\u0323\u0345\u3099", k=size // 2))
    return {
        **{repr(piece): piece * (size // len(piece)) for piece in pieces},
        "marks": ("e" + marks).encode(),
        "flow": b"---\n" + b"[" * 15_000 + b"\n---\n" + _PROSE.encode(),
        "anchors": b"---\na: &a [b]\n"
        + b"".join(b"%d: [*a, *a]\n" % n for n in range(900))
        + b"---\na",
        "merge": b"---\na: &a {b: c}\n<<: [*a, *a]\n---\n" + _PROSE.encode(),
    }


@pytest.fixture(scope="module")
def requests() -> Iterator[list[str]]:
    """Return what a server on this machine was asked for: its address first."""
    asked: list[str] = []

    class Canary(BaseHTTPRequestHandler):
        """Notes who comes."""

        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_args: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Canary)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    asked.append(f"http://127.0.0.1:{server.server_port}/canary")
    yield asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("suffix", _SUFFIXES)
def test_bombs_are_read_or_refused_and_read_nothing_else(
    attack: Attack, length: int, requests: list[str], tmp_path: Path, suffix: str
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(_SECRET)
    canary = requests[0]
    bombs = {
        **_plain(length),
        **_xml(length, secret.as_uri(), canary),
        **_records(length),
        **_letters(length),
        **_documents(length),
        **_packed(length, secret.as_uri(), canary),
    }
    failed = {}
    for name, data in list(bombs.items())[:: 1 if length > 100_000 else 3]:
        try:
            found = attack(f"reader {suffix}", read, suffix, data)
        except Exception as error:
            failed[name] = repr(error)[:200]
            continue
        if _SECRET in "".join(one.text for one in found if isinstance(one, Article)):
            failed[name] = "read the secret"

    assert not failed
    assert requests == [canary]
