"""Messages of parts (MIME), as letters and saved web pages are, parsed with care."""

import re
from codecs import BOM_UTF8
from collections.abc import Callable
from email import policy
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import TypeVar

from index.errors import UnreadableFile

MAX_TEXT_BYTES = 5_000_000
"""No longer part is prose, whatever it is called."""

# Parts inside parts make the parser slow; real letters have five.
_MAX_BOUNDARIES = 200
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)

# Of a header; longer ones make the parser of headers slow.
_MAX_HEADER_CHARS = 2_000

_Result = TypeVar("_Result")


class _Policy(policy.EmailPolicy):
    """Reads headers as far as they are of bearable length."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        """Return a header, decoded; what cannot be parsed as it is written."""
        value = value[:_MAX_HEADER_CHARS]
        try:
            header: str = super().header_fetch_parse(name, value)
        except Exception:  # the parser of addresses has bugs of many kinds
            header = value.encode("ascii", "replace").decode()
        return header


_POLICY = _Policy()


def parse_parts(path: Path, data: bytes, kind: str, read: Callable[[Message], _Result]) -> _Result:
    """Parse a message and `read` it.

    Args:
        path: for messages.
        data: the message.
        kind: what it should be, for messages: "letter".
        read: makes of it what is wanted; the parser may fail as late as there.

    Raises:
        UnreadableFile: if it is damaged, or of more parts than any has.
    """
    if len(_BOUNDARY.findall(data)) > _MAX_BOUNDARIES:
        raise UnreadableFile(path, f"is nested too deeply: a {kind} of more parts than any has")
    try:
        return read(BytesParser(policy=_POLICY).parsebytes(data.removeprefix(BOM_UTF8).lstrip()))
    except UnreadableFile:
        raise
    except Exception as problem:  # broken messages meet bugs of the parser
        raise UnreadableFile(path, f"is a damaged {kind}") from problem


def payload(message: Message) -> bytes:
    """Return the bytes of a part, out of base64 or quoted-printable."""
    if message.get_param("charset"):  # it would try that too, and any name may stand there
        message.set_param("charset", "us-ascii")
    data = message.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""
