"""The law of every reader: articles with text, parts left out, or one refusal; nothing else."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import UnreadableFile
from index.metadata import describe
from index.readers import FORMATS, Extracted
from index.types import Skipped

SUFFIXES = [
    *(".html", ".mht", ".json", ".jsonl", ".csv", ".tsv", ".rss", ".eml", ".mbox", ".txt", ".md"),
]

SEEDS = {
    ".html": b"<html lang=fr><head><title>Le tram</title><meta name=author content=Luc></head>"
    b"<body><article><h1>Le tram</h1><p>Un texte.</p><table><tr><td>1<td>2</table></article>",
    ".mht": b'Subject: A\nContent-Type: multipart/related; boundary=x; start="<a>"\n\n--x\n'
    b"Content-Type: text/html; charset=utf-8\nContent-ID: <a>\nContent-Location: http://a.b/\n"
    b"Content-Transfer-Encoding: quoted-printable\n\n<p>Un texte =C3=A9crit.</p>\n--x--\n",
    ".json": b'{"articles": [{"title": "A", "date": 12, "text": "<p>Un &amp; texte</p>"}, {}]}',
    ".jsonl": b'{"title": "A", "text": "Un."}\n{"body": ["Un", {"text": "Deux"}]}\n',
    ".csv": b'title;date;text\n"A";2025-05-12;"Un ""texte""\n, long"\nB;;\n',
    ".tsv": b"title\ttext\nA\tUn texte.\n",
    ".rss": b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">]><rss><channel><title>T</title>'
    b"<item><title>A</title><pubDate>Mon, 12 May 2025</pubDate><description>&lt;p&gt;Un &a;"
    b"</description></item></channel></rss>",
    ".eml": b"From: =?utf-8?q?J=C3=A9?= <a@b>\nSubject: A\nContent-Type: multipart/alternative;"
    b" boundary=x\n\n--x\nContent-Transfer-Encoding: base64\n\nVW4=\n--x\nContent-Type: text/html;"
    b" charset=utf-8\n\n<p>Un texte.</p>\n--x--\n",
    ".mbox": b"From a@b Mon\nSubject: A\n\nUn texte.\n\nFrom c@d Tue\nSubject: B\n\nUn autre.\n",
    ".txt": b"Titre : A\nDate : 2025-05-12\n\nUn texte.",
    ".md": b"---\ntitle: A\n---\n# A\n\nUn *texte*.",
}

pieces = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [b"<", b">", b'"', b"\n\n", b"{", b"[", b"=?", b"\0", b"&#", b"--x", b"\xff\xfe"]
    ),
)


@st.composite
def damaged(draw: st.DrawFn, seed: bytes) -> bytes:
    """A sound file, cut and mended with other bytes in a few places."""
    data = seed
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 12)))
        data = data[:start] + draw(pieces) + data[end:]
    return data


def check(suffix: str, data: bytes) -> None:
    path = Path("a" + suffix)
    names = set()
    with suppress(UnreadableFile):
        for found in FORMATS[suffix].read(path, data):
            assert isinstance(found, Extracted | Skipped)
            name = found.path if isinstance(found, Skipped) else found.name
            assert name not in names
            names.add(name)
            if isinstance(found, Skipped):
                assert found.path
                assert found.reason
                continue
            assert found.text == found.text.strip() != ""
            json.dumps([found.text, found.declared], ensure_ascii=False).encode()
            assert describe(path.name + found.name, found).text in found.text


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(suffix: str, data: st.DataObject) -> None:
    check(suffix, data.draw(damaged(SEEDS[suffix])))


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(deadline=None, max_examples=40)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(suffix: str, data: bytes) -> None:
    check(suffix, data)


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(deadline=None, max_examples=40)
@given(text=st.text(max_size=200))
def test_any_text_is_read_or_refused(suffix: str, text: str) -> None:
    check(suffix, text.encode())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_seed_is_read(suffix: str) -> None:
    found = list(FORMATS[suffix].read(Path("a" + suffix), SEEDS[suffix]))

    assert any(isinstance(item, Extracted) for item in found)
