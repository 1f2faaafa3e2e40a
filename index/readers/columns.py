"""What columns and keys are called in tables and records of articles, and an article out of one.

A name is compared without its accents, signs and capitals: "Date de publication", "pub_date" and
"datePublished" are found alike. Names of `FIELDS` come first, then those that sites and programs
export.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from index.readers.extracted import FIELDS, Declared, Extracted, Field, body
from index.readers.markup import field_line, field_prose, is_page
from index.readers.page import page_article
from index.readers.prose import one_line

# In order: of two columns of one field, both filled, the first is taken.
TEXTS = (
    *("text", "texte", "body", "content", "contenu", "articlebody", "bodytext", "bodyhtml"),
    *("articletext", "articlecontent", "article", "fulltext", "maintext", "maincontent"),
    *("contentencoded", "contenthtml", "contenttext", "rawcontent", "cleantext", "textecomplet"),
    *("corps", "corpsdutexte", "paragraphs", "paragraphes", "story", "html", "plaintext", "texto"),
    *("cuerpo", "contenido", "inhalt", "noidung", "vanban"),
)
"""Columns of the text of an article."""

SUMMARIES = (
    *("description", "summary", "resume", "abstract", "excerpt", "extrait", "snippet", "trailtext"),
    *("tomtat", "mota", "resumen"),
)
"""Columns whose text stands in for an article's where it has no other."""

LEADS = ("chapo", "chapeau", "standfirst", "lead", "leadparagraph", "lede", "intro", "introduction")
"""Columns of the paragraph in front of the text."""

_NAMES: dict[Field, tuple[str, ...]] = {
    "title": (
        *("title", "titre", "headline", "head", "heading", "webtitle", "titrearticle", "subject"),
        *("articletitle", "maintitle", "titel", "titulo", "titular", "tieude", "sujet", "name"),
    ),
    "date": (
        *("date", "published", "publication", "publishedat", "publisheddate", "publishedon"),
        *("datepublished", "publicationdate", "datepublication", "datedepublication", "publiele"),
        *(
            "pubdate",
            "publishdate",
            "publishtime",
            "publishedtime",
            "publicationtime",
            "dateparution",
        ),
        *("datedeparution", "parution", "webpublicationdate", "firstpublished", "firstpublishedat"),
        *("issued", "dateissued", "displaydate", "articledate", "datearticle", "datetime"),
        *("timestamp", "time", "jour", "day", "fecha", "datum", "ngay", "ngaydang", "seendate"),
        *("created", "createdat", "createdutc", "datecreated", "creationdate"),
    ),
    "author": (
        *("author", "authors", "auteur", "auteurs", "autrice", "autrices", "byline", "creator"),
        *("dccreator", "journaliste", "signature", "writer", "redacteur", "autor", "tacgia"),
        "authorname",
    ),
    "source": (
        *("source", "publisher", "agence", "sourcename", "newspaper", "journal", "media", "outlet"),
        *("site", "sitename", "publicationname", "sourcedomain", "domain", "newssource", "editeur"),
        *("fuente", "quelle", "nguon", "titredepresse"),
    ),
    "language": ("language", "lang", "langue", "inlanguage", "languagecode", "idioma", "sprache"),
    "url": (
        *("url", "link", "lien", "canonical", "canonicalurl", "articleurl", "weburl", "permalink"),
        *("sourceurl", "href", "adresse", "uri", "guid", "duongdan"),
    ),
}

# What programs write for "nothing".
_EMPTY = frozenset(("nan", "none", "null", "n/a", "undefined"))

_SIGNS = re.compile(r"[\W_]+")
_MAX_NAME_CHARS = 100


def plain_name(name: str) -> str:
    """Return the name of a column or key without capitals, accents, blanks and signs."""
    name = name[:_MAX_NAME_CHARS].casefold().replace("đ", "d")
    letters = unicodedata.normalize("NFD", name)
    return _SIGNS.sub("", "".join(sign for sign in letters if not unicodedata.combining(sign)))


_FIELD_NAMES: dict[Field, tuple[str, ...]] = {
    field: (*(name for name in FIELDS if FIELDS[name] == field and name not in names), *names)
    for field, names in _NAMES.items()
}
_KNOWN = frozenset(name for names in _FIELD_NAMES.values() for name in names).union(
    TEXTS, SUMMARIES, LEADS
)


def count_known(names: Iterable[str]) -> int:
    """Return how many of these names of columns are known."""
    return len({plain_name(name) for name in names} & _KNOWN)


def has_text(names: Iterable[str]) -> bool:
    """Whether one of these names of columns is that of a text."""
    return not {plain_name(name) for name in names}.isdisjoint((*TEXTS, *SUMMARIES, *LEADS))


def names_article(names: Iterable[str]) -> bool:
    """Whether one of these names is that of a title, a date or an address."""
    known = (*_FIELD_NAMES["title"], *_FIELD_NAMES["date"], *_FIELD_NAMES["url"])
    return not {plain_name(name) for name in names}.isdisjoint(known)


def _first(values: Mapping[str, str], names: Iterable[str]) -> str:
    """Return the value of the first of these plain `names` that says something, or ""."""
    filled = (value for name in names if (value := values.get(name, "")).strip())
    return next((value for value in filled if value[:10].strip().casefold() not in _EMPTY), "")


def record_article(path: Path, values: Mapping[str, str], origin: str, name: str) -> Extracted:
    """Make an article of a record.

    Args:
        path: of the file, for messages.
        values: by plain name; HTML in them is cleaned.
        origin: what its fields are called: "column" or "key".
        name: of the record in its file.

    Raises:
        UnreadableFile: if it holds no text, or HTML and the packages for it are not installed.
    """
    declared: dict[Field, Declared] = {}
    for field, names in _FIELD_NAMES.items():
        value = _first(values, names)
        clean = field_line(path, value[:2_000]) if field in ("title", "author") else one_line(value)
        if clean:
            declared[field] = Declared(clean, origin)
    markup = _first(values, TEXTS)
    if is_page(markup):
        page = page_article(path, markup)
        return Extracted(page.text, {**page.declared, **declared}, name)
    text = field_prose(path, markup) or field_prose(path, _first(values, SUMMARIES))
    lead = field_prose(path, _first(values, LEADS))
    if lead and lead not in text:
        text = f"{lead}\n\n{text}" if text else lead
    return Extracted(body(path, text), declared, name)
