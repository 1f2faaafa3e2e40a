"""Title, day, author, source and language of an article, each by a cascade from sure to vague.

What the file declares comes first, if it is valid; then its name; then what its text gives away;
last what only its document properties tell. Where these contradict each other the date is doubtful.
A declared month or year stays as it is: a day in the text may be the day of the event, not of the
article. The time stamp of the file is never used: copying changes it.

A first line that is clearly a headline (short, without a final full stop, parted from the rest by
a blank line) is the title of a file that declares none, and is then no part of the text.
"""

import re
from pathlib import PurePosixPath
from typing import NamedTuple

from index.addresses import read_address
from index.dates import find_dates, infer_published
from index.declared_days import days_of, is_plausible, read_days
from index.doubt import VAGUE_ORIGINS, doubt
from index.furniture import AGENCY, find_byline, find_furniture, find_signature, find_stamp
from index.language import detect_language, language_code
from index.readers import Extracted, Field
from index.types import Article, DateRange
from index.wording import is_no_title, is_nobody, names_of, without_site

_MAX_HEADLINE_CHARS = 150
_MAX_INFERRED_TITLE_CHARS = 90
_MAX_VALUE_CHARS = 300

# What a declared date is held against: a text says when it appeared near its beginning.
_MAX_PROOF_CHARS = 3_000

# 2025-05-12, 2025_05_12, 20250512, 2025-05 or, across folders, 2025/05/12; alone, not in a number.
_PATH_DATE = re.compile(
    r"(?<![0-9A-Za-z])(?P<year>\d{4})(?:(?P<sep>[-_./])(?P<month>\d\d)(?:(?P=sep)(?P<day>\d\d))?"
    r"|(?P<month2>\d\d)(?P<day2>\d\d))(?![0-9A-Za-z])"
)
_DATELINE = re.compile(rf"[^\W\d_][^\n.()]{{1,60}}\((?P<agency>{AGENCY})\)\s*[–—-]")
_LINE = re.compile(r"\S(?:.*\S)?")  # without the blanks around it, as furniture is marked
_FIRST_SENTENCE = re.compile(rf".{{20,{_MAX_INFERRED_TITLE_CHARS - 1}}}?[.!?…](?=\s)")

_Text = tuple[str, str]
"""A value and its origin."""
_Days = tuple[DateRange, str]
"""Days and their origin."""


class _Dated(NamedTuple):
    """The days of an article, their origin, and why they may be wrong."""

    days: DateRange
    origin: str
    doubt: str | None


def describe(article_id: str, extracted: Extracted) -> Article:
    """Make the article with this id (its path in the corpus) out of what was read from its file."""
    source = _declared(extracted, "source")
    title = _declared_title(extracted, source) or _headline(extracted.text)
    text = _without_headline(extracted.text, title) if title else extracted.text
    furniture = find_furniture(text)
    title = title or _first_sentence(text, furniture) or _file_name(article_id)
    language = _declared_language(extracted) or (detect_language(text), "detected")
    dated = _date(article_id, extracted, language[0])
    author = _declared_author(extracted) or _author_in_text(text)
    source = source or _source_in_text(text) or _folder(article_id)
    url = _declared_address(extracted)
    found = {
        "title": title,
        "published": dated,
        "author": author,
        "source": source,
        "language": language,
        "url": url,
    }
    return Article(
        id=article_id,
        title=title[0],
        text=text,
        published=dated.days if dated else None,
        author=author[0] if author else None,
        source=source[0] if source else None,
        language=language[0],
        url=url[0] if url else None,
        doubt=dated.doubt if dated else None,
        origins={name: value[1] for name, value in found.items() if value},
        furniture=furniture,
    )


def _declared(extracted: Extracted, name: Field) -> _Text | None:
    """Return a declared value on one line and of bearable length, or None if it says nothing."""
    value, origin = extracted.declared.get(name, ("", ""))
    value = " ".join(value.split())[:_MAX_VALUE_CHARS]
    return (value, origin) if any(map(str.isalnum, value)) else None


def _declared_title(extracted: Extracted, source: _Text | None) -> _Text | None:
    """Return the declared title without the name of its site."""
    title = _declared(extracted, "title")
    if title is None or (title[1] in VAGUE_ORIGINS and is_no_title(title[0])):
        return None
    return (without_site(title[0], source[0]) if source else title[0]), title[1]


def _declared_author(extracted: Extracted) -> _Text | None:
    """Return the declared names without "By" and addresses, or None if none are left."""
    author = _declared(extracted, "author")
    names = names_of(author[0]) if author else ""
    if author is None or not names or (author[1] in VAGUE_ORIGINS and is_nobody(names)):
        return None
    return names, author[1]


def _declared_address(extracted: Extracted) -> _Text | None:
    """Return the declared address if it is one of the web, or None."""
    value, origin = extracted.declared.get("url", ("", ""))
    address = read_address(value)
    return (address, origin) if address else None


def _headline(text: str) -> _Text | None:
    """Return the first line if it is a headline, which prose follows behind a blank line."""
    line, _newline, rest = text.partition("\n")
    line = line.strip()
    alone = bool(rest.strip()) and not rest.partition("\n")[0].strip()
    if not alone or len(line) > _MAX_HEADLINE_CHARS or line.endswith((".", "…", ":", ";", ",")):
        return None
    dated = sum(mention.end - mention.start for mention in find_dates(line))
    if find_furniture(line) or 2 * dated > len(line):  # "Hanoi, le 12 mai 2025" is no title
        return None
    return (line, "first line") if any(map(str.isalpha, line)) else None


def _first_sentence(text: str, furniture: tuple[tuple[int, int], ...]) -> _Text | None:
    """Return the first sentence of the prose, shortened at a word if it is long."""
    marked = set(furniture)
    for match in _LINE.finditer(text):
        if match.span() not in marked:
            sentence = _FIRST_SENTENCE.match(match[0])
            return shorten(sentence[0] if sentence else match[0]), "first sentence"
    return None


def _file_name(article_id: str) -> _Text:
    """Return the name of the file, without its suffix."""
    return PurePosixPath(article_id).stem, "file name"


def shorten(title: str) -> str:
    """Cut `title` to 90 characters at most, behind a word, with "…" for what is left out."""
    if len(title) <= _MAX_INFERRED_TITLE_CHARS:
        return title
    cut = title[:_MAX_INFERRED_TITLE_CHARS]
    words = cut.rpartition(" ")[0].rstrip(" ,;:–—-") or cut[:-1]
    return words + "…"


def _without_headline(text: str, title: _Text) -> str:
    """Return `text` without its first line if that repeats the title and prose follows."""
    line, _newline, rest = text.partition("\n")
    repeats = " ".join(line.split()) == " ".join(title[0].split())
    return rest.strip() if repeats and rest.strip() else text


def _declared_language(extracted: Extracted) -> _Text | None:
    """Return the code of the declared language, or None if it names none."""
    value, origin = extracted.declared.get("language", ("", ""))
    code = language_code(value)
    return (code, origin) if code else None


def _date(article_id: str, extracted: Extracted, language: str) -> _Dated | None:
    """Return when the article appeared, by the surest origin, and why that may be wrong.

    What only tells when the file was made comes behind its name and its text.
    """
    value, origin = extracted.declared.get("date", ("", ""))
    read = read_days(value, language)
    is_vague = origin in VAGUE_ORIGINS
    sure = (read.days, origin) if read and not is_vague else _days_in_path(article_id)
    text = extracted.text[:_MAX_PROOF_CHARS] if sure else extracted.text
    stamped, proven = _said(text, language)
    told = stamped or proven
    vague = (read.days, origin) if read else None
    found = sure or ((told, "text") if told else vague)
    if found is None:
        return None
    days, where = found
    is_ambiguous = read is not None and read.is_ambiguous and where == origin
    against = doubt(days, where, is_ambiguous=is_ambiguous, stamped=stamped, proven=proven)
    return _Dated(days, where, against)


def _days_in_path(article_id: str) -> _Days | None:
    """Return the date in the file's name, else the one its folders spell."""
    path = PurePosixPath(article_id).with_suffix("")
    for text, origin in ((path.name, "file name"), (str(path), "folder")):
        for match in _PATH_DATE.finditer(text):
            month, day = match["month"] or match["month2"], match["day"] or match["day2"]
            if days := days_of(match["year"], month, day):
                return days, origin
    return None


def _said(text: str, language: str) -> tuple[DateRange | None, DateRange | None]:
    """Return the day stamped on the text ("Publié le 12 mai 2025"), and the one it proves."""
    proven = infer_published(text, language=language)
    near = proven[0] if proven and is_plausible(proven[0]) else None
    stamp = find_stamp(text)
    for mention in find_dates(stamp, language=language) if stamp else ():
        if mention.range and not mention.yearless and is_plausible(mention.range):
            return mention.range, near
    return None, near


def _author_in_text(text: str) -> _Text | None:
    """Return the author named above the text or in the agency's signature below it."""
    if byline := find_byline(text):
        return byline[2], "byline"
    signature = find_signature(text)
    return (signature.author, "signature") if signature and signature.author else None


def _source_in_text(text: str) -> _Text | None:
    """Return the agency that signs below the text, or in front ("MINSK (AFP) – ...")."""
    if signature := find_signature(text):
        return signature.agency, "signature"
    dateline = _DATELINE.match(text)
    return (dateline["agency"], "dateline") if dateline else None


def _folder(article_id: str) -> _Text | None:
    """Return the first folder of the path as the source, unless it is a number or a date."""
    folder = PurePosixPath(article_id).parts[0]
    named = folder != article_id and any(map(str.isalpha, folder))
    return (folder, "folder") if named else None
