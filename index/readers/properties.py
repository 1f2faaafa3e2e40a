"""What a document says about itself in its properties, without what its program wrote there."""

import re
from collections.abc import Mapping

from index.readers.extracted import MAX_VALUE_CHARS, Declared, Field
from index.readers.prose import one_line

ORIGIN = "document properties"

# What word processors, printers and converters put where a title belongs.
_JUNK_TITLE = re.compile(
    r"(?:microsoft )?(?:word|powerpoint|excel|publisher) - .*|untitled.*|sans[ -]titre.*|"
    r"unbenannt.*|sin t[ií]tulo.*|no title|title|titre|word document|document ?\d*|new document|"
    r"nouveau document.*|pr[ée]sentation ?\d*|scan.?\d*|image.?\d*|powerpoint presentation|"
    r"\(?(?:anonymous|unspecified)\)?|about:blank|(?:https?|file):.*|"
    r".*\.(?:docx?|dotx?|odt|rtf|txt|pdf|html?|tex|dvi|indd|qxp?d?|pages|pub|pptx?|xlsx?|ps|eps)|"
    r"\S*[_\d]\S*",
    re.IGNORECASE | re.DOTALL,
)
_JUNK_AUTHOR = re.compile(
    r"admin\w*|user\d*|owner|root|unknown|inconnu|utilisateur|propri[ée]taire|anonymous|"
    r"microsoft(?: office)? user|utilisateur (?:de )?microsoft(?: office)?|windows user|pc|hp|"
    r"dell|lenovo|author|auteur|python-docx|\(?(?:anonymous|unspecified)\)?",
    re.IGNORECASE,
)
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?(?!\d)")
_PDF_DAY = re.compile(r"(?:D:)?\s*(\d{4})(\d\d)?(\d\d)?")


def from_properties(
    title: str = "", author: str = "", date: str = "", language: str = "", source: str = ""
) -> dict[Field, Declared]:
    """Return what the properties of a document declare; what is empty or of no use is left out.

    The date is one of ISO 8601, or as a PDF writes it; days of creation are vague: a text may have
    been written long before or after.
    """
    title, author = one_line(title), one_line(author)
    values: Mapping[Field, str] = {
        "title": "" if _JUNK_TITLE.fullmatch(title) else title,
        "author": "" if _JUNK_AUTHOR.fullmatch(author) else author,
        "date": iso_day(date),
        "language": one_line(language),
        "source": one_line(source),
    }
    return {
        name: Declared(value[:MAX_VALUE_CHARS], ORIGIN) for name, value in values.items() if value
    }


def iso_day(date: str) -> str:
    """Return "2025-05-12" for "D:20250512093000+02'00'" and for "2025-05-12T09:30:00Z"."""
    match = _ISO_DAY.match(date.strip()) or _PDF_DAY.match(date.strip())
    return "-".join(part for part in match.groups() if part) if match else ""
