"""The prose of a letter: its text, or its HTML if that says more; without what is about mailing."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from index.decode import decode
from index.errors import UnreadableFile
from index.readers.markup import parse_markup, tree_prose
from index.readers.prose import prose

# A text that says less than this of what the HTML says is a stub: "Your program shows no HTML".
_MIN_TEXT_SHARE = 0.7

# What a line of a wrapped paragraph has at most.
_MAX_WRAPPED_CHARS = 80
_MIN_WRAPPED_CHARS = 50

_SIGNATURE = re.compile(r"\n-- ?\n(?!.*\n-- ?\n).*\Z", re.DOTALL)
_RULE = re.compile(r"[\W_]*")
_ADDRESS = r"(?:https?://|www\.)[^\s<>()\[\]]+"
_LINK = re.compile(rf"[ \t]?(?:<\s*{_ADDRESS}\s*>|\(\s*{_ADDRESS}\s*\)|\[\s*{_ADDRESS}\s*\])")
_LINK_LINE = re.compile(rf"\W*{_ADDRESS}\W*|\W*\[(?:image|cid)\b.*\]\W*", re.IGNORECASE)
_BULLET = re.compile(r"\s*(?:[-*•·–>]\s|\d{1,3}[.)]\s)")

# What mailing programs put above and below a letter.
_MAILING = re.compile(
    r"se\s+désabonner|désabonne[rz]|désinscri\w+|ne\s+plus\s+recevoir|unsubscribe|opt[\s-]out"
    r"|(?:view|read|open)\s+(?:this\s+)?(?:e-?mail\s+|it\s+)?(?:in|on)\s+(?:your\s+|a\s+)?(?:web\s+)?browser"
    r"|(?:voir|lire|ouvrir|consulter|afficher|visualiser)\b.{0,60}\b(?:navigateur|version\s+en\s+ligne)"
    r"|version\s+en\s+ligne|si\s+ce\s+(?:message|mail|courriel|e-mail)\s+ne\s+s['’]affiche"
    r"|(?:manage|update|gérer|modifier)\s+(?:your|vos|mes)\s+(?:email\s+)?(?:préférences|preferences)"
    r"|ajoutez?\b.{0,80}\bcarnet\s+d['’]adresses|vous\s+recevez\s+ce(?:t|tte)?\s+"
    r"|n['’]affiche\s+pas\b.{0,60}\bhtml\b|(?:does\s+not|doesn['’]t|cannot)\s+(?:support|display)\s+html"
    r"|you\s+(?:are\s+receiving|received)\s+this|hủy\s+đăng\s+ký|xem\s+trong\s+trình\s+duyệt",
    re.IGNORECASE,
)
_MAX_MAILING_CHARS = 300


class Part(NamedTuple):
    """A part of a letter: its bytes, the encoding they are said to be in, and what they are."""

    is_html: bool
    data: bytes
    charset: str
    is_flowed: bool = False


def letter_prose(path: Path, parts: Sequence[Part]) -> str:
    """Return the prose of a letter, "" if it has none.

    Raises:
        UnreadableFile: if it is HTML alone, and the packages for that are not installed.
    """
    plain = _without_mailing("\n\n".join(_plain(path, part) for part in parts if not part.is_html))
    markups = [part for part in parts if part.is_html]
    try:
        rich = _without_mailing("\n\n".join(_rich(path, part) for part in markups))
    except UnreadableFile:
        if plain:
            return plain
        raise
    return plain if len(plain) >= _MIN_TEXT_SHARE * len(rich) else rich


def _decoded(path: Path, part: Part) -> str:
    """Return the characters of a part, "" if it is no text after all."""
    try:
        return decode(path, part.data, declared=part.charset)
    except UnreadableFile:
        return ""


def _rich(path: Path, part: Part) -> str:
    """Return the prose of a part of HTML."""
    markup = _decoded(path, part)
    tree = parse_markup(path, markup) if markup else None
    return tree_prose(tree) if tree is not None else ""


def _plain(path: Path, part: Part) -> str:
    """Return the prose of a part of plain text, its lines joined where they were wrapped."""
    text = _SIGNATURE.sub("", _decoded(path, part))
    if part.is_flowed:
        text = re.sub(r"(?<=\S) \n(?=\S)", " ", text)
    lines = [
        "" if _RULE.fullmatch(line) or _LINK_LINE.fullmatch(line) else line
        for line in text.split("\n")
    ]
    return prose(_LINK.sub("", _unwrapped(lines)))


def _unwrapped(lines: Sequence[str]) -> str:
    """Join `lines` where a line ended only because the next word had no place on it."""
    width = max((len(line) for line in lines if len(line) <= _MAX_WRAPPED_CHARS), default=0)
    parts: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        is_cut = _is_cut(line, following, width)
        parts += [line.rstrip() if is_cut else line, " " if is_cut else "\n"]
    return "".join(parts)


def _is_cut(line: str, following: str, width: int) -> bool:
    """Whether the sentence of a `line`, of at most `width` characters, goes on in the next one."""
    if not _MIN_WRAPPED_CHARS < len(line) <= _MAX_WRAPPED_CHARS or _BULLET.match(following):
        return False
    words = following.split(maxsplit=1)
    had_no_place = bool(words) and len(line) + 1 + len(words[0]) > width
    return had_no_place or following[:1].islower()


def _without_mailing(text: str) -> str:
    """Return `text` without the paragraphs about the mailing itself."""
    paragraphs = text.split("\n\n")
    return "\n\n".join(
        paragraph
        for paragraph in paragraphs
        if len(paragraph) > _MAX_MAILING_CHARS or not _MAILING.search(paragraph)
    ).strip()
