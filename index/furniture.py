"""The parts of an article that are no prose: signatures, captions, credits, related links.

They stay in the text, whose words are never changed, but are marked so that no answer quotes
them. A rule looks at one line and names a form that sentences do not take: a colon after "Photo",
an agency in capitals after the last full stop. What is not clearly furniture is prose.
"""

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# Longer lines are prose whatever they begin with; a caption of two full sentences fits.
_MAX_LINE_CHARS = 400
_MAX_LINK_CHARS = 200
_MAX_SIGNATURE_CHARS = 80
# Lines that name authors and the day of publication stand above the article.
_MAX_BYLINE_POSITION = 6
# In a few megabytes.
_REMEMBERED_LINES = 4096
# Copyright and links may follow the signature, this many lines at most.
_MAX_LINES_AFTER_SIGNATURE = 8


class Signature(NamedTuple):
    """The mark of the agency at the end: its span, the agency, the author it names or None."""

    start: int
    end: int
    agency: str
    author: str | None


class _Line(NamedTuple):
    """A line without the blanks around it, and where it starts in the text."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """The end of the line (excluded)."""
        return self.start + len(self.text)


_CAPITAL = "[A-ZÀ-ÖØ-ÞĂĐƠƯŁŚŠŽČŒẠ-Ỹ]"
_CODE = rf"{_CAPITAL}(?:{_CAPITAL}|[0-9]){{1,8}}"
_NAME = rf"{_CAPITAL}[\w'’.-]+"
_FULL_NAME = rf"{_NAME}(?:\s+(?:de|du|des|la|le|van|von|der|{_NAME})){{1,5}}"
_KNOWN_AGENCY = r"Reuters|Xinhua|Belga|Tass|Bloomberg|Europa Press|Agence France-Presse"
# "VNA", "VNA/CVN", "DPE/Minsk", "Reuters", "Agence Dépêche"
AGENCY = (
    rf"(?:(?:{_KNOWN_AGENCY}|{_CODE})(?:[/-]{_CAPITAL}[\w.+]{{1,15}}){{0,3}}"
    rf"|(?:Agence|Agencia|Agentur) {_NAME})"
)
_SENTENCE_END = r"""[.!?…][»"”’)\]]{0,3}"""

_PICTURE = (
    r"(?:(?:crédits?\s+)?photos?|photographie|légende|images?|illustrations?|infographie|vidéo|video"
    r"|photo\s+credit|caption|ảnh|hình\s+ảnh|fotos?|bild(?:er)?|imagen)"
)
_ALSO = (
    r"(?:(?:[àa]\s+)?(?:lire|voir|relire|écouter)\s+(?:aussi|également)|read\s+also|see\s+also"
    r"|xem\s+thêm|đọc\s+thêm|lesen\s+sie\s+auch|siehe\s+auch|(?:leer|lea|ver)\s+también)"
)
_MORE = (
    r"(?:lire\s+la\s+suite|sur\s+le\s+même\s+sujet|articles?\s+(?:liés|connexes)|read\s+more"
    r"|pour\s+aller\s+plus\s+loin|related(?:\s+(?:articles|stories|news))?|tin\s+liên\s+quan"
    r"|mehr\s+zum\s+thema|lesen\s+sie\s+mehr|leer\s+más)"
)
_RELATED = rf"(?:{_ALSO}|{_MORE})"
_INVITATION = (
    r"(?:(?:inscrivez|abonnez)-vous|(?:suivez|rejoignez|retrouvez)-nous|recevez\s+(?:chaque|la|notre)"
    r"|partage[rz]\s+(?:cet|sur)|subscribe|sign\s+up|follow\s+us|join\s+us|share\s+(?:this|on)"
    r"|đăng\s+ký|theo\s+dõi\s+chúng\s+tôi|chia\s+sẻ|abonnieren\s+sie|folgen\s+sie\s+uns"
    r"|melden\s+sie\s+sich|suscríb\w+|síguenos|compart\w+)"
)
_CHANNEL = (
    r"(?:newsletters?|infolettre|lettre\s+d['’]information|réseaux\s+sociaux|google\s+news|facebook"
    r"|twitter|instagram|linkedin|telegram|whatsapp|youtube|tiktok|zalo|bản\s+tin|boletín"
    r"|redes\s+sociales|social\s+media)"
)
_STAMP = (
    r"(?i:publiée?\s+le|postée?\s+le|mise?\s+(?:à\s+jour|en\s+ligne)\s+le|modifiée?\s+le"
    r"|(?:published|posted|updated)(?:\s+on)?|đăng\s+(?:lúc|ngày)|cập\s+nhật(?:\s+lúc)?"
    r"|(?:veröffentlicht|aktualisiert)\s+am|(?:publicado|actualizado)\s+el)"
    r"\s*:?\s(?=.*\d)(?:[^.!?]|\d\.\d){1,60}"
)

_END_WORD = "fin|end|ende|stop|hết"

_RULES = (
    ("a row of signs parts the article", r"[\W_]+"),
    ("a line that names the picture and its maker", rf"[(\[]?(?i:{_PICTURE})\s*:\s*\S.*"),
    (
        "a picture and an agency, without a verb",
        rf"[(\[]?(?i:{_PICTURE})\s+(?:©\s*)?{AGENCY}[)\]]?",
    ),
    (
        "a caption ends in its credit; in a sentence 'Photo:' follows no full stop",
        rf".*(?:{_SENTENCE_END}\s*|[(\[|/–—-]\s*)(?:©|(?=[A-ZẢ])(?i:{_PICTURE})\s*:)"
        r"\s*[^.!?;]{1,60}[)\]]?",
    ),
    ("a caption ends in a picture by an agency", rf".*{_SENTENCE_END}\s*Photo\s+{AGENCY}"),
    ("an arrow in front of a headline is a link", r"(?:>>+|[→►▶➤➡]|👉|=>|->)\s*\S.*"),
    ("an invitation to another article", rf"(?i:{_RELATED})\s*(?:[:>»→–—-].*)?"),
    (
        "an invitation to another article, which no full stop ends",
        rf"(?=[A-ZÀĐ])(?i:{_ALSO})\s.*[^.!?…»”\")]",
    ),
    (
        "the agencies that helped",
        rf"[(\[]?(?i:avec|with|mit|con|theo)\s+(?:{AGENCY}|(?i:(?:les\s+)?agences?))"
        rf"(?:(?:,|\s+et|\s+and|\s+und|\s+y)\s+{AGENCY}){{0,3}}[)\]]?\.?",
    ),
    ("where it was taken from", r"(?i:sources?|nguồn|quelle|fuente)\s*:\s*[^.!?]{1,80}"),
    ("copyright", r"(?:©|\([cC]\)\s*\d{4}|(?i:copyright)\s*(?:©|\(c\)|\d{4})).*"),
    (
        "copyright, in words",
        r"(?i:.{0,120}(?:tous\s+droits\s+réservés|all\s+rights\s+reserved"
        r"|alle\s+rechte\s+vorbehalten|todos\s+los\s+derechos\s+reservados)\.?)",
    ),
    ("a newsletter or a channel", rf"(?i:{_INVITATION}\b.*\b{_CHANNEL}\b.{{0,80}})"),
    ("when the page was put online", _STAMP),
    (
        "buttons and notices of a page",
        r"(?i:publicité|advertisement|anzeige|publicidad|imprimer|partager|commentaires?(?:\s*\(\d+\))?"
        r"|(?:temps\s+de\s+lecture|lecture|reading\s+time)\s*:?\s*\d+\s*min\w*\.?)",
    ),
    ("the word that ends a dispatch", rf"(?i:{_END_WORD})\.?"),
)
# one pattern of them all: a text may have a million lines, and each call takes its time
_FURNITURE = re.compile("|".join(f"(?:{pattern})" for _reason, pattern in _RULES))
_STAMP_LINE = re.compile(_STAMP)
_LINKS_FOLLOW = re.compile(rf"(?i:{_RELATED})\s*:?")
_BULLET = re.compile(r"[-*•·–]\s")
_ENDS_SENTENCE = re.compile(rf"{_SENTENCE_END}\Z")

_BYLINE = re.compile(
    r"(?i:(?:écrit\s+|propos\s+recueillis\s+)?par|(?:written\s+)?by|por|von|texte\s*:|tác\s+giả\s*:)"
    rf"\s+(?P<author>{_FULL_NAME}(?:\s+(?:et|and|und|y|và|&)\s+{_FULL_NAME})?)"
    r"(?:\s*[,(|/–—-].{0,60})?"
)
_SIGNATURE_LINE = re.compile(
    rf"(?!(?i:{_END_WORD})\b)[–—]?\s*[(\[]?"
    rf"(?:(?P<author>{_NAME}(?:\s+{_NAME}){{1,4}})\s*/\s*)?(?P<agency>{AGENCY})"
    r"[)\]]?\.?"
)
_SIGNATURE_TAIL = re.compile(
    rf"(?<=[.!?…»\"”’)\]])\s*(?P<mark>(?:[–—-]{{1,2}}|[(\[/])\s*(?P<agency>{AGENCY})[)\]]?\.?)\Z"
)


def find_furniture(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of `text` that are no prose: sorted, apart, never blank, end excluded."""
    spans = set(_furniture_lines(text))
    if byline := find_byline(text):
        spans.add(byline[:2])
    signature = find_signature(text)
    # the line of a link may end in the mark of an agency
    if signature and not any(start <= signature.start < end for start, end in spans):
        spans.add((signature.start, signature.end))
    return tuple(sorted(spans))


def find_byline(text: str) -> tuple[int, int, str] | None:
    """Return the line "Par Jeanne Martin" at the top of `text`: start, end, the names; or None."""
    for line in itertools.islice(_lines(text), _MAX_BYLINE_POSITION):
        match = _BYLINE.fullmatch(line.text) if len(line.text) <= _MAX_LINK_CHARS else None
        if match:
            return line.start, line.end, match["author"]
    return None


def find_stamp(text: str) -> str | None:
    """Return the line "Publié le 12 mai 2025 à 10h" at the top or the end of `text`, or None."""
    top = itertools.islice(_lines(text), _MAX_BYLINE_POSITION)
    for line in itertools.chain(top, _last_lines(text)):
        if len(line.text) <= _MAX_SIGNATURE_CHARS and _STAMP_LINE.fullmatch(line.text):
            return line.text
    return None


def find_signature(text: str) -> Signature | None:
    """Return the mark of the agency that ends `text`, as a line or behind the last sentence."""
    for line in _last_lines(text):
        match = _SIGNATURE_LINE.fullmatch(line.text) if line.start else None
        # "(DFSG)" may end a sentence whose lines are wrapped
        wrapped = line.text[0] in "([" and not _ENDS_SENTENCE.search(text[: line.start].rstrip())
        if match and not wrapped and len(line.text) <= _MAX_SIGNATURE_CHARS:
            return Signature(line.start, line.end, match["agency"], match["author"])
        if len(line.text) > _MAX_LINE_CHARS or not _is_furniture(line.text):
            return _signature_tail(line)
    return None


def _signature_tail(line: _Line) -> Signature | None:
    """Return the signature behind the last sentence of `line`, or None."""
    start = max(0, len(line.text) - _MAX_SIGNATURE_CHARS)
    match = _SIGNATURE_TAIL.search(line.text, start)
    if match is None:
        return None
    return Signature(line.start + match.start("mark"), line.end, match["agency"], None)


def _furniture_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the lines that are furniture as a whole."""
    in_links = False
    previous_end = 0
    for line in _lines(text):
        adjacent = text.count("\n", previous_end, line.start) == 1
        in_links = in_links and _is_link(line.text, adjacent=adjacent)
        previous_end = line.end
        if in_links or _is_furniture(line.text):
            yield line.start, line.end
            in_links = in_links or _LINKS_FOLLOW.fullmatch(line.text) is not None


def _is_link(line: str, *, adjacent: bool) -> bool:
    """Whether `line` is a headline in the list below "Lire aussi :"."""
    short = len(line) <= _MAX_LINK_CHARS and not _ENDS_SENTENCE.search(line)
    return short and (adjacent or _BULLET.match(line) is not None)


def _is_furniture(line: str) -> bool:
    """Whether one of the rules takes the whole `line`, which has no blanks around it."""
    return len(line) <= _MAX_LINE_CHARS and _is_taken(line)


@lru_cache(_REMEMBERED_LINES)
def _is_taken(line: str) -> bool:
    """Whether one of the rules takes the whole `line`; the same stand in article after article."""
    return _FURNITURE.fullmatch(line) is not None


def _lines(text: str) -> Iterator[_Line]:
    """Yield the lines of `text` that are not blank."""
    start = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            yield _Line(start + line.index(stripped[0]), stripped)
        start += len(line) + 1


def _last_lines(text: str) -> Iterator[_Line]:
    """Yield the last lines of `text` that are not blank, the very last first."""
    end = len(text)
    for _ in range(_MAX_LINES_AFTER_SIGNATURE):
        stripped_end = len(text[:end].rstrip())
        start = text.rfind("\n", 0, stripped_end) + 1
        line = text[start:stripped_end].lstrip()
        if line:
            yield _Line(stripped_end - len(line), line)
        end = start
