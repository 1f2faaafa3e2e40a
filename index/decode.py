"""From the bytes of a text file to characters.

Marks first (a byte order mark, the signature of a picture), then UTF-8, then the single-byte
alphabets of Europe by the letters they would give, and a guess by charset-normalizer last: it
takes French in cp1252 for a Baltic alphabet, because "é" stands on the same byte there.
"""

import codecs
import re
from functools import partial
from pathlib import Path

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
    if not data.strip():
        raise UnreadableFile(path, "is empty")
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            raise UnreadableFile(path, f"is {kind}, not text")
    attempts = (
        _decode_marked,
        _decode_utf16,
        partial(_decode_declared, declared=declared),
        _decode_utf8,
        _decode_single_byte,
        _guess,
    )
    text = next((text for attempt in attempts if (text := attempt(data)) is not None), None)
    if text is None or "\0" in text or _mostly_garbage(text):
        raise UnreadableFile(path, "is no text: binary, damaged or in an unknown encoding")
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _mostly_garbage(text: str) -> bool:
    """Whether `text` has more signs of a wrong decoding than an article may have."""
    return len(text) - len(_GARBAGE.sub("", text)) > _MAX_GARBAGE_SHARE * len(text)


def _decode_marked(data: bytes) -> str | None:
    """Decode what begins with a byte order mark of UTF-16 or UTF-32."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    return None


def _decode_utf16(data: bytes) -> str | None:
    """Decode UTF-16 without its mark, where each blank and unaccented letter has a zero byte."""
    if data.count(0) < _MIN_ZERO_SHARE * len(data):
        return None
    texts = [data.decode(encoding, "replace") for encoding in ("utf-16-le", "utf-16-be")]
    # Read the wrong way round, an ASCII character is one of a far part of Unicode.
    return max(texts, key=lambda text: _count_ascii(text) - text.count("\0"))


def _decode_declared(data: bytes, declared: str) -> str | None:
    """Decode with the `declared` encoding, if it fits and the bytes are no UTF-8 all the same."""
    label = declared.strip().lower()
    if not _LABEL.fullmatch(label) or (not data.isascii() and _is_utf8(data)):
        return None
    label = "cp1252" if _LATIN_1.fullmatch(label) else _RENAMED.get(label, label)
    try:
        return data.decode(label)
    except (LookupError, UnicodeError):
        return None


def _is_utf8(data: bytes) -> bool:
    """Whether `data` is UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decode_utf8(data: bytes) -> str | None:
    """Decode UTF-8; single foreign bytes in it, as pasting leaves them, are read as cp1252."""
    text = data.decode("utf-8", "surrogateescape")
    strays = len(data) - len(text.encode("utf-8", "ignore"))
    if not strays:
        return text
    accented = len(text) - _count_ascii(text) - strays
    if accented <= strays:
        return None
    cp1252 = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(128, 256)}
    return text.translate(cp1252)


def _decode_single_byte(data: bytes) -> str | None:
    """Decode with the European alphabet whose letters fit best, if one fits."""
    high = data.translate(None, _ASCII)
    letters = len(high) + len(data.translate(None, _NO_ASCII_LETTERS))
    if len(high) > _MAX_ACCENTED_SHARE * letters:
        return None
    counts = [high.count(byte) for byte in _HIGH]
    shares = []
    for encoding, alphabet in _ALPHABETS:
        letters_of = zip(_HIGH.decode(encoding, "replace"), counts, strict=True)
        fitting = sum(count for character, count in letters_of if character in alphabet)
        shares.append((fitting / len(high), encoding))
    share, encoding = max(shares, key=lambda pair: pair[0])
    return data.decode(encoding, "replace") if share >= _MIN_ALPHABET_SHARE else None


def _count_ascii(text: str) -> int:
    """Count without a list of what was found: 20 MB of hits would take gigabytes."""
    return len(text.encode("ascii", "ignore"))


def _guess(data: bytes) -> str | None:
    """Decode with the encoding that charset-normalizer finds most natural, if any."""
    from charset_normalizer import from_bytes  # slow to import, rarely needed

    best = from_bytes(data[:_SAMPLE_BYTES], cp_isolation=_GUESSED).best()
    return data.decode(best.encoding, "replace") if best else None
