"""From the bytes of a text file to characters.

Marks first (a byte order mark, the signature of a picture), then UTF-8, then the single-byte
alphabets of Europe by the letters they would give, and a guess by charset-normalizer last: it
takes French in cp1252 for a Baltic alphabet, because "é" stands on the same byte there.
"""

import codecs
import io
import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from index.errors import UnreadableFile

_SIGNATURES = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"%PDF-": "a PDF document",
    b"{\\rtf": "an RTF document",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
}

# UTF-32 first: its little-endian mark begins with the one of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

# Characters that no prose holds. A text may have a few (a form feed, a damaged byte), not many.
_GARBAGE = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffd\ufffe\uffff]+")
_MAX_GARBAGE_SHARE = 0.02

# The zero bytes of the blanks alone, in an alphabet without ASCII letters.
_MIN_ZERO_SHARE = 0.04

_ASCII, _HIGH = bytes(range(128)), bytes(range(128, 256))
_NO_ASCII_LETTERS = bytes(byte for byte in range(256) if not chr(byte).isalpha() or byte > 127)

_SIGNS = "«»‹›“”‘’‚„–—…•·°€£§©®™ªº¡¿†‰\xa0\xad"
_WEST = set("àáâãäåæçèéêëíîïñóôõöøùúûüßÿœÀÁÂÃÄÅÆÇÈÉÊËÍÎÏÑÓÔÕÖØÙÚÛÜŸŒ" + _SIGNS)
_CENTRE = set("ąćęłńóśźżáčďéěíňřšťúůýžőűăâîşţäöüôľĺŕßëĄĆĘŁŃÓŚŹŻÁČĎÉĚÍŇŘŠŤÚŮÝŽŐŰĂÂÎŞŢÄÖÜ" + _SIGNS)
_ALPHABETS = (  # on a tie the first wins: French has the same bytes in the first two
    ("cp1252", _WEST),
    ("iso8859_15", _WEST),
    ("mac_roman", _WEST),
    ("cp1250", _CENTRE),
    ("iso8859_2", _CENTRE),
)
_MIN_ALPHABET_SHARE = 0.95
# "été" has two accents in three letters; in Cyrillic or Greek bytes every letter looks accented.
_MAX_ACCENTED_SHARE = 0.75

_GUESSED = [
    *("cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"),
    *("cp1252", "cp1250", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
]
# Enough to tell an encoding, and quick however long the file is.
_SAMPLE_BYTES = 20_000

# What pages, feeds and letters call their encoding. Others that Python knows are no alphabets.
_LABEL = re.compile(
    r"(?:iso-?8859-?\d\d?|latin-?\d|l\d|windows-?\d{3,4}|cp-?\d{3,4}|koi8-?[rut]|mac-?\w+|x-mac-\w+"
    r"|gb-?2312|gbk|gb18030|hz-gb-2312|big5\S{0,8}|shift[_-]?jis|x-sjis|euc-?(?:jp|kr)|ks_c_5601-1987"
    r"|iso-2022-\w+|tis-?620|viscii|tcvn)"
)
# Browsers read these names as cp1252, and so do those who write them.
_LATIN_1 = re.compile(r"iso-?8859-?1|latin-?1|l1")
_RENAMED = {"x-sjis": "shift_jis", "x-mac-roman": "mac_roman", "gb2312": "gb18030"}


_NO_TEXT = "is no text: binary, damaged or in an unknown encoding"

# Of a long file; a whole one in memory as text takes up to four times its size.
_BLOCK = 1_000_000

# What reads the bytes of UTF-8 that are none.
_STRAYS = "depeche-strays"


class _Encoding(NamedTuple):
    """The name of an encoding, and what is done where bytes do not fit it."""

    name: str
    errors: str = "replace"


def decode(path: Path, data: bytes, *, declared: str = "") -> str:
    r"""Return the text that `data`, the content of the file at `path`, holds; lines end in "\n".

    Args:
        path: for messages.
        data: the bytes.
        declared: the encoding that they themselves name, if any; UTF-8 that is none is known by
            itself.

    Raises:
        UnreadableFile: if it is empty, a picture, an archive or other data that is no text.
    """
    _refuse(path, data)
    text = data.decode(*_find_encoding(path, data, declared))
    if "\0" in text or _count_garbage(text) > _MAX_GARBAGE_SHARE * len(text):
        raise UnreadableFile(path, _NO_TEXT)
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def open_text(path: Path, data: bytes) -> io.TextIOBase:
    """Return what `decode` does to be read by and by, with its own line ends: for long files.

    Raises:
        UnreadableFile: as `decode`; a zero that comes late is the caller's.
    """
    _refuse(path, data)
    name, errors = _find_encoding(path, data)
    name = "utf-8-sig" if name == "utf-8" else name
    text = io.TextIOWrapper(io.BytesIO(data), name, errors, newline="")
    length = garbage = 0
    while block := text.read(_BLOCK):
        if not length and "\0" in block:
            raise UnreadableFile(path, _NO_TEXT)
        length += len(block)
        garbage += _count_garbage(block)
    if garbage > _MAX_GARBAGE_SHARE * length:
        raise UnreadableFile(path, _NO_TEXT)
    text.seek(0)
    return text


def _refuse(path: Path, data: bytes) -> None:
    """Refuse what is known not to be text."""
    if not data or data.isspace():
        raise UnreadableFile(path, "is empty")
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            raise UnreadableFile(path, f"is {kind}, not text")


def _find_encoding(path: Path, data: bytes, declared: str = "") -> _Encoding:
    """Return how `data` is decoded.

    Raises:
        UnreadableFile: if nothing fits.
    """
    attempts = (
        _find_mark,
        _find_utf16,
        partial(_find_declared, declared=declared),
        _find_utf8,
        _find_single_byte,
        _guess,
    )
    found = next((found for attempt in attempts if (found := attempt(data)) is not None), None)
    if found is None:
        raise UnreadableFile(path, _NO_TEXT)
    return found


def _count_garbage(text: str) -> int:
    """Count the signs of a wrong decoding; an article may have a few."""
    return len(text) - len(_GARBAGE.sub("", text))


def _blocks(data: bytes, encoding: str, errors: str = "strict") -> Iterator[str]:
    """Decode `data` block by block, so that a long file is never held twice."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    for start in range(0, len(data), _BLOCK):
        yield decoder.decode(data[start : start + _BLOCK])
    yield decoder.decode(b"", final=True)


def _is_in(data: bytes, encoding: str) -> bool:
    """Whether `data` is valid in an encoding."""
    try:
        for _block in _blocks(data, encoding):
            pass
    except (LookupError, UnicodeError):
        return False
    return True


def _find_mark(data: bytes) -> _Encoding | None:
    """Find the encoding of what begins with a byte order mark of UTF-16 or UTF-32."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return _Encoding(encoding)
    return None


def _find_utf16(data: bytes) -> _Encoding | None:
    """Find UTF-16 without its mark, where each blank and unaccented letter has a zero byte."""
    if data.count(0) < _MIN_ZERO_SHARE * len(data):
        return None

    def likeness(encoding: str) -> int:
        """Tell how much of it is text: the wrong way round, ASCII is a far part of Unicode."""
        text = data[:_SAMPLE_BYTES].decode(encoding, "replace")
        return _count_ascii(text) - text.count("\0")

    return _Encoding(max("utf-16-le", "utf-16-be", key=likeness))


def _find_declared(data: bytes, declared: str) -> _Encoding | None:
    """Take the `declared` encoding, if it fits and the bytes are no UTF-8 all the same."""
    label = declared.strip().lower()
    if not _LABEL.fullmatch(label) or (not data.isascii() and _is_in(data, "utf-8")):
        return None
    label = "cp1252" if _LATIN_1.fullmatch(label) else _RENAMED.get(label, label)
    return _Encoding(label) if _is_in(data, label) else None


def _find_utf8(data: bytes) -> _Encoding | None:
    """Find UTF-8; single foreign bytes in it, as pasting leaves them, are read as cp1252."""
    if _is_in(data, "utf-8"):
        return _Encoding("utf-8")
    length = plain = valid = 0
    for block in _blocks(data, "utf-8", "surrogateescape"):
        length += len(block)
        plain += _count_ascii(block)
        valid += len(block.encode("utf-8", "ignore"))
    strays = len(data) - valid
    return _Encoding("utf-8", _STRAYS) if length - plain - strays > strays else None


def _read_stray(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are no UTF-8 as cp1252; return them, and where to go on."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_STRAYS, _read_stray)


def _find_single_byte(data: bytes) -> _Encoding | None:
    """Find the European alphabet whose letters fit best, if one fits."""
    counts: Counter[int] = Counter()
    letters = 0
    for start in range(0, len(data), _BLOCK):
        block = data[start : start + _BLOCK]
        high = block.translate(None, _ASCII)
        letters += len(high) + len(block.translate(None, _NO_ASCII_LETTERS))
        counts.update(high)
    total = counts.total()
    if total > _MAX_ACCENTED_SHARE * letters:
        return None
    shares = []
    for encoding, alphabet in _ALPHABETS:
        letters_of = zip(_HIGH.decode(encoding, "replace"), _HIGH, strict=True)
        fitting = sum(counts[byte] for character, byte in letters_of if character in alphabet)
        shares.append((fitting / total, encoding))
    share, encoding = max(shares, key=lambda pair: pair[0])
    return _Encoding(encoding) if share >= _MIN_ALPHABET_SHARE else None


def _count_ascii(text: str) -> int:
    """Count without a list of what was found: 20 MB of hits would take gigabytes."""
    return len(text.encode("ascii", "ignore"))


def _guess(data: bytes) -> _Encoding | None:
    """Take the encoding that charset-normalizer finds most natural, if any."""
    from charset_normalizer import from_bytes  # slow to import, rarely needed

    best = from_bytes(data[:_SAMPLE_BYTES], cp_isolation=_GUESSED).best()
    return _Encoding(best.encoding) if best else None
