"""Letters: newsletters and articles sent by mail, one (EML) or many in a file (MBOX).

Attachments are ignored. A letter that holds nothing but another one, forwarded, is read as that.
"""

import re
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

from index.errors import UnreadableFile
from index.readers.extracted import Declared, Extracted, Field, body
from index.readers.letter import Part, letter_prose
from index.readers.parts import MAX_TEXT_BYTES, parse_parts, payload
from index.readers.prose import one_line
from index.types import Skipped

# A letter with pictures has a few MB; one with more holds a film.
_MAX_LETTER_BYTES = 30_000_000

_MAX_DEPTH = 20

# A letter of an mbox begins at a line "From jeanne@example.org Mon May 12 ...", headers below it.
_SEPARATOR = re.compile(rb"(?:\A\s{0,100}|\n\r?\n)From [^\n]{1,400}\n(?=[!-9;-~]{1,80}:)")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)

_TEXTS = ("text/plain", "text/html")
_EXPECTED = ("From", "Subject", "Date", "Message-ID", "Received", "To")
_FORWARDED = re.compile(r"(?:\s*(?:re|fwd?|tr|aw|wg|trả lời|chuyển tiếp)\s*:\s*)+", re.IGNORECASE)
_BULK = ("List-Id", "List-Unsubscribe", "List-Post", "Feedback-ID")
_IMPERSONAL = re.compile(
    r"(?:no-?reply|ne-?pas-?repondre|news|info|contact|lettre|redaction|abonne|alert|hello|bonjour"
    r"|digest|service|actu|mailing|list|bantin)",
    re.IGNORECASE,
)


def read_letter(path: Path, data: bytes) -> Iterator[Extracted]:
    """Read a letter: its text, or its HTML if that says more; subject, date, sender, list."""
    yield _read(path, data, "")


def read_letters(path: Path, data: bytes) -> Iterator[Extracted | Skipped]:
    """Read the letters of an mbox one by one; a bad one is skipped, its number told."""
    lines = [match.span() for match in _SEPARATOR.finditer(data)]
    if not lines:
        raise UnreadableFile(path, "is no mailbox" if data.strip() else "is empty")
    ends = [*(start for start, _end in lines[1:]), len(data)]
    for number, ((_start, begin), end) in enumerate(zip(lines, ends, strict=True), start=1):
        name = f"#{number}"
        try:
            yield _read(path, _QUOTED_FROM.sub(rb"\1", data[begin:end]), name)
        except UnreadableFile as problem:
            yield Skipped(name, problem.reason)


def _read(path: Path, data: bytes, name: str) -> Extracted:
    """Read one letter.

    Raises:
        UnreadableFile: if it is none, or holds no text.
    """
    if len(data) > _MAX_LETTER_BYTES:
        raise UnreadableFile(path, f"is too large: a letter of {len(data) / 1e6:.1f} MB")
    return parse_parts(path, data, "letter", lambda message: _article(path, message, name))


def _article(path: Path, message: Message, name: str) -> Extracted:
    """Make an article of a letter, or of the one that it forwards."""
    if not any(message.get(header) for header in _EXPECTED):
        raise UnreadableFile(path, "is no letter: it has no sender, subject or date")
    texts: list[Part] = []
    forwarded: list[Message] = []
    _collect(message, texts, forwarded, depth=0)
    text = letter_prose(path, texts)
    if not text and forwarded:
        return _article(path, forwarded[0], name)
    return Extracted(body(path, text), _declared(message), name)


def _collect(message: Message, texts: list[Part], forwarded: list[Message], *, depth: int) -> None:
    """Add the parts of a letter that hold text, and the letters in it, in their order."""
    kind = message.get_content_type()
    inner = message.get_payload() if message.is_multipart() else None
    if kind == "message/rfc822" and isinstance(inner, list):
        forwarded += (part for part in inner if isinstance(part, Message))
    elif isinstance(inner, list):
        for part in inner if depth < _MAX_DEPTH else ():
            if isinstance(part, Message):
                _collect(part, texts, forwarded, depth=depth + 1)
    elif kind in _TEXTS or kind.startswith("multipart/"):  # the latter without its parts
        flowed = "flowed" in str(message.get("Content-Type", "")).lower()
        charset = str(message.get_content_charset() or "")
        data = payload(message)
        if data.strip() and len(data) <= MAX_TEXT_BYTES and not _is_attached(message):
            texts.append(Part(kind == "text/html", data, charset, flowed))


def _is_attached(message: Message) -> bool:
    """Whether a part is a file beside the letter."""
    return message.get_content_disposition() == "attachment" or bool(message.get_filename())


def _declared(message: Message) -> dict[Field, Declared]:
    """Return what the headers of a letter say."""
    sender, address = _sender(message)
    listed = str(message.get("List-Id", "")).partition("<")[0].strip(' "')
    is_bulk = any(message.get(header) for header in _BULK) or _IMPERSONAL.match(address)
    site = address.rpartition("@")[2]
    source = (listed or sender or site) if is_bulk else ""
    values: dict[Field, str] = {
        "title": _FORWARDED.sub("", str(message.get("Subject", "")), count=1),
        "date": str(message.get("Date", "")),
        "author": sender if sender != source else "",
        "source": source,
        "language": str(message.get("Content-Language", "")).partition(",")[0],
        "url": str(message.get("Archived-At", "")).strip(" <>"),
    }
    clean = {name: one_line(value) for name, value in values.items()}
    return {name: Declared(value, "mail header") for name, value in clean.items() if value}


def _sender(message: Message) -> tuple[str, str]:
    """Return the name and the address of who sent a letter."""
    header = message.get("From", "")
    addresses = getattr(header, "addresses", ())
    if addresses:
        return addresses[0].display_name, addresses[0].addr_spec
    return str(header).partition("<")[0].strip(' "'), str(header).partition("<")[2].strip(" >")
