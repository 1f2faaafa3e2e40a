"""Declared titles and authors as people would write them: without sites, "By" and addresses."""

import re

# Between a title and the name of its site.
_BEFORE_SITE = re.compile(r"\s+[|•·»–—-]\s+|\s*\|\s*|\s+::\s+")

_NOT_LETTER = re.compile(r"[\W_]+")
_DOMAIN = re.compile(
    r"(?:https?://)?(?:www\.)?(?P<name>[\w-]+(?:\.[\w-]+)*?)(?:\.[a-z]{2,6}){1,2}/?"
)

# What programs call a document that nobody gave a title.
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel) - .*|\S+\.(?:docx?|odt|rtf|pdf|indd|qxp|html?)"
    r"|(?:untitled|sans titre|document|title|titre|slide)[\s_-]*\d*)",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    (
        *("admin", "administrator", "administrateur", "anonymous", "author", "owner", "root"),
        *("microsoft office user", "python-docx", "unknown", "user", "utilisateur", "windows user"),
    )
)

_BY = re.compile(
    r"\s*(?:(?:(?:propos\s+)?recueillis\s+par|écrit\s+par|written\s+by|par|by|por)\s+"
    r"|von\s+(?!de[rnm]\b)(?=\S+\s\S)|(?:texte|tác\s+giả|auteur|author)\s*:\s*)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[<(\[]?\s*(?:mailto:)?[^\s<>()\[\],;@]+@[^\s<>()\[\],;@]+\s*[>)\]]?")
_LINK = re.compile(r"\bhttps?://\S*|\bwww\.\S+", re.IGNORECASE)
_EMPTY = re.compile(r"[<(\[]\s*[>)\]]")
_WHOLE = re.compile(r"[(\[](?P<inside>[^()\[\]]*)[)\]]")
_SEPARATORS = re.compile(r"(?:\s*[,;]\s*){2,}")


def without_site(title: str, source: str) -> str:
    """Return a title without the name of its site at an end, if that is the declared `source`."""
    names = _names_of_site(source)
    found = list(_BEFORE_SITE.finditer(title))
    rest = title
    if found and _letters(title[found[-1].end() :]) in names:
        rest = title[: found[-1].start()]
    elif found and _letters(title[: found[0].start()]) in names:
        rest = title[found[0].end() :]
    return (rest if _letters(rest) else title).strip()


def is_no_title(title: str) -> bool:
    """Whether a program made this title up."""
    return _NO_TITLE.fullmatch(title.strip()) is not None


def is_nobody(name: str) -> bool:
    """Whether a program put this name where the author's belongs."""
    return name.casefold() in _NOBODY


def names_of(author: str) -> str:
    """Return the names that a declared author holds; empty where it holds only an address."""
    without = _EMPTY.sub(" ", _LINK.sub(" ", _MAIL.sub(" ", author)))
    names = " ".join(_SEPARATORS.sub(", ", without).split())
    if match := _BY.match(names):
        names = names[match.end() :]
    names = names.strip(' ,;|/"')
    if match := _WHOLE.fullmatch(names):  # the name stood behind its address: a@b.c (Anna Berg)
        names = match["inside"].strip()
    return names if any(map(str.isalpha, names)) else ""


def _names_of_site(source: str) -> set[str]:
    """Return what a site may call itself: "www.lemonde.fr" is "lemonde" too."""
    domain = _DOMAIN.fullmatch(source.strip().casefold())
    names = {_letters(source)} | ({_letters(domain["name"])} if domain else set())
    return names - {""}


def _letters(text: str) -> str:
    """Return the letters and digits of a name, in small letters."""
    return _NOT_LETTER.sub("", text).casefold()
