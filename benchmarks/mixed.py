"""A folder of invented articles in every format that is read: `python -m benchmarks.mixed FOLDER`.

The articles are put together from parts at random, from a seed: each has a title, a day, a place,
people, figures, and sentences of its own. With them come the files that a real folder has too:
empty ones, broken ones, pictures.
"""

import argparse
import csv
import io
import json
import mailbox
import random
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from pathlib import Path

_PLACES = (
    "Brest", "Nantes", "Lille", "Dijon", "Rennes", "Tours", "Metz", "Pau", "Nîmes", "Caen", "Hanoï",
    "Minsk", "Dakar", "Liège", "Genève", "Québec", "Tunis", "Bastia", "Amiens", "Troyes",
)  # fmt: skip
_BODIES = (
    "La mairie",
    "Le port",
    "L'université",
    "La région",
    "L'hôpital",
    "Le théâtre",
    "La gare",
)
_DOES = ("inaugure", "rouvre", "agrandit", "vend", "restaure", "finance", "ferme", "transforme")
_THINGS = (
    "une ligne de tramway", "un marché couvert", "une école de musique", "un pont", "une serre",
    "un centre de tri", "une bibliothèque", "un stade", "une piste cyclable", "un musée du sel",
)  # fmt: skip
_NAMES = ("Anne", "Karim", "Lucie", "Paul", "Mai", "Sofia", "Hugo", "Inès", "Yann", "Rosa", "Émile")
_FAMILIES = ("Le Gall", "Benali", "Morvan", "Nguyên", "Dubois", "Petit", "Costa", "Weber", "Roy")
_POSTS = ("maire", "directrice", "architecte", "conseillère", "président du port", "ingénieur")
_AFTER = (
    "Les travaux ont duré {number} mois et coûté {money} millions d'euros.",
    "{person}, {post}, a remercié les {number} habitants qui avaient écrit une lettre.",
    "Le chantier emploie {number} personnes, dont {small} apprentis de {place}.",
    "Une association demande encore {small} arrêts de plus, et l'accès libre le dimanche.",
    "Le prix du billet passe à {small} euros ; il reste gratuit avant {small} ans.",
    "La prochaine réunion publique aura lieu dans {small} semaines, salle {number}.",
    "Selon {person}, « il fallait choisir entre le toit et les fenêtres », et ce fut le toit.",
)


@dataclass(frozen=True, slots=True)
class Invented:
    """An article."""

    title: str
    day: date
    author: str
    source: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraphs, parted by blank lines."""
        return "\n\n".join(self.paragraphs)


def invent(chance: random.Random) -> Invented:
    """Put an article together."""
    place, body = chance.choice(_PLACES), chance.choice(_BODIES)
    does, thing = chance.choice(_DOES), chance.choice(_THINGS)
    day = date(2019, 1, 1) + timedelta(days=chance.randrange(2500))
    person = f"{chance.choice(_NAMES)} {chance.choice(_FAMILIES)}"

    def fill(sentence: str) -> str:
        return sentence.format(
            number=chance.randrange(20, 9000),
            small=chance.randrange(2, 18),
            money=f"{chance.randrange(10, 900) / 10:.1f}".replace(".", ","),
            person=person,
            post=chance.choice(_POSTS),
            place=chance.choice(_PLACES),
        )

    heard = f"a annoncé {person} devant {chance.randrange(9, 900)} personnes"
    lead = f"{body} de {place} {does} {thing}, {heard}."
    rest = [fill(sentence) for sentence in chance.sample(_AFTER, k=chance.randrange(2, 5))]
    return Invented(
        title=f"{place} : {body[0].lower()}{body[1:]} {does} {thing}",
        day=day,
        author=person,
        source=f"L'Écho de {place}",
        paragraphs=(lead, " ".join(rest)),
    )


def as_text(articles: Sequence[Invented]) -> bytes:
    """Write a text file with a line of date and title."""
    (one,) = articles
    return f"date {one.day} {one.title}\n\n{one.text}\n".encode()


def as_markdown(articles: Sequence[Invented]) -> bytes:
    """Write Markdown with front matter."""
    (one,) = articles
    title = json.dumps(one.title, ensure_ascii=False)
    matter = f"title: {title}\ndate: {one.day}\nauthor: {one.author}"
    return f"---\n{matter}\n---\n\n{one.text}\n".encode()


def as_page(articles: Sequence[Invented]) -> bytes:
    """Write a web page with its navigation."""
    (one,) = articles
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        f"<title>{escape(one.title)} | {escape(one.source)}</title>"
        f'<meta property="article:published_time" content="{one.day}T08:30:00+02:00">'
        f'<meta name="author" content="{escape(one.author)}"></head><body>'
        '<nav><a href="/">Accueil</a> <a href="/sports">Sports</a></nav>'
        f"<article><h1>{escape(one.title)}</h1>{_html(one)}</article>"
        "<footer>Tous droits réservés</footer></body></html>"
    ).encode()


def _html(one: Invented) -> str:
    """Return the paragraphs as HTML."""
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in one.paragraphs)


def _record(one: Invented) -> dict[str, str]:
    """Return an article as a record."""
    return {
        "title": one.title,
        "date": f"{one.day}",
        "author": one.author,
        "source": one.source,
        "text": one.text,
    }


def as_json(articles: Sequence[Invented]) -> bytes:
    """Write a list of records."""
    return json.dumps([_record(one) for one in articles], ensure_ascii=False).encode()


def as_json_lines(articles: Sequence[Invented]) -> bytes:
    """Write a record a line."""
    return "\n".join(json.dumps(_record(one)) for one in articles).encode()


def as_table(articles: Sequence[Invented]) -> bytes:
    """Write a table with a line of column names."""
    written = io.StringIO()
    table = csv.DictWriter(written, _record(articles[0]), delimiter=";")
    table.writeheader()
    table.writerows(map(_record, articles))
    return written.getvalue().encode()


def as_feed(articles: Sequence[Invented]) -> bytes:
    """Write an RSS feed."""
    items = "".join(
        f"<item><title>{escape(one.title)}</title><pubDate>{_mail_date(one)}</pubDate>"
        f"<description>{escape(_html(one))}</description></item>"
        for one in articles
    )
    channel = f"<title>{escape(articles[0].source)}</title><link>https://echo.example/</link>"
    feed = f'<rss version="2.0"><channel>{channel}{items}</channel></rss>'
    return f'<?xml version="1.0"?>{feed}'.encode()


def _mail_date(one: Invented) -> str:
    """Return the day as mail writes it."""
    return format_datetime(datetime(one.day.year, one.day.month, one.day.day, 9, tzinfo=UTC))


def _message(one: Invented) -> EmailMessage:
    """Return an article as a letter."""
    message = EmailMessage()
    message["Subject"], message["Date"] = one.title, _mail_date(one)
    message["From"] = f'"{one.source}" <lettre@echo.example>'
    message.set_content(one.text)
    message.add_alternative(f"<html><body>{_html(one)}</body></html>", subtype="html")
    return message


def as_letter(articles: Sequence[Invented]) -> bytes:
    """Write a letter in two forms."""
    (one,) = articles
    return bytes(_message(one))


def as_letters(articles: Sequence[Invented]) -> bytes:
    """Write a box of letters."""
    letters = []
    for one in articles:
        letter = mailbox.mboxMessage(_message(one))
        letters.append(f"From {letter.get_from()}\n".encode() + bytes(letter) + b"\n")
    return b"".join(letters)


def as_word(articles: Sequence[Invented]) -> bytes:
    """Write a Word document."""
    from docx import Document

    (one,) = articles
    document = Document()
    document.core_properties.title, document.core_properties.author = one.title, one.author
    document.add_heading(one.title, 0)
    document.add_paragraph(f"Publié le {one.day:%d/%m/%Y}")
    for paragraph in one.paragraphs:
        document.add_paragraph(paragraph)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def as_open_document(articles: Sequence[Invented]) -> bytes:
    """Write an OpenDocument text."""
    from odfdo import Document, Header, Paragraph

    (one,) = articles
    document = Document("text")
    document.body.clear()
    document.body.append(Header(1, one.title))
    for paragraph in (f"Publié le {one.day:%d/%m/%Y}", *one.paragraphs):
        document.body.append(Paragraph(paragraph))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def as_pdf(articles: Sequence[Invented]) -> bytes:
    """Write a PDF with a text layer."""
    from fpdf import FPDF

    (one,) = articles
    page = FPDF()
    page.set_title(one.title)
    page.set_author(one.author)
    page.add_page()
    page.set_font("Helvetica", size=11)
    latin = f"{one.title}\n\nPublié le {one.day:%d/%m/%Y}\n\n{one.text}"
    page.multi_cell(0, 6, latin.encode("latin-1", "replace").decode("latin-1"))
    return bytes(page.output())


def as_book(articles: Sequence[Invented]) -> bytes:
    """Write an EPUB."""
    (one,) = articles
    chapter = (
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{escape(one.title)}</title></head>'
        f"<body><h1>{escape(one.title)}</h1>{_html(one)}</body></html>"
    )
    digest = sha256(one.text.encode()).hexdigest()
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">{digest}</dc:identifier><dc:title>{escape(one.title)}</dc:title>'
        f"<dc:creator>{escape(one.author)}</dc:creator><dc:date>{one.day}</dc:date>"
        "<dc:language>fr</dc:language></metadata>"
        '<manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="c"/></spine></package>'
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
        '<rootfiles><rootfile full-path="p.opf" media-type="application/oebps-package+xml"/>'
        "</rootfiles></container>"
    )
    parts = {"META-INF/container.xml": container, "p.opf": package, "c.xhtml": chapter}
    return _zipped(
        {"mimetype": b"application/epub+zip"} | {n: p.encode() for n, p in parts.items()}
    )


def as_archive(articles: Sequence[Invented]) -> bytes:
    """Write a ZIP archive of texts."""
    return _zipped({f"textes/{place}.txt": as_text([one]) for place, one in enumerate(articles, 1)})


def _zipped(members: dict[str, bytes]) -> bytes:
    """Return a ZIP archive."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return written.getvalue()


@dataclass(frozen=True, slots=True)
class Kind:
    """A format: how often it comes, how many articles a file has at most, what writes it."""

    share: int
    most: int
    write: Callable[[Sequence[Invented]], bytes]


KINDS = {
    ".txt": Kind(30, 1, as_text),
    ".md": Kind(15, 1, as_markdown),
    ".html": Kind(15, 1, as_page),
    ".pdf": Kind(8, 1, as_pdf),
    ".docx": Kind(6, 1, as_word),
    ".odt": Kind(3, 1, as_open_document),
    ".epub": Kind(2, 1, as_book),
    ".eml": Kind(5, 1, as_letter),
    ".mbox": Kind(1, 4, as_letters),
    ".json": Kind(2, 3, as_json),
    ".jsonl": Kind(2, 4, as_json_lines),
    ".csv": Kind(2, 4, as_table),
    ".rss": Kind(2, 4, as_feed),
    ".zip": Kind(2, 3, as_archive),
}

# What is no article: one file in twenty.
_BROKEN = {
    ".jpg": b"\xff\xd8\xff\xe0" + bytes(200),
    ".txt": b"",
    ".html": b"<html><body><script>1</script></body></html>",
    ".pdf": b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 1 0 R >>\ntrailer << /Root 1 0 R >>",
    ".docx": b"PK\x03\x04 no archive",
    ".json": b'{"title": "x", "te',
    ".zip": b"PK\x05\x06" + bytes(18),
    ".mp4": bytes(100),
}
_BROKEN_SHARE = 0.05


def files(count: int, seed: int) -> Iterator[tuple[str, bytes, int]]:
    """Yield the path, content and number of articles of `count` files, the same for one seed."""
    chance = random.Random(seed)
    suffixes, shares = list(KINDS), [kind.share for kind in KINDS.values()]
    for place in range(count):
        folder = f"{chance.choice(_PLACES).lower()}/{chance.randrange(2019, 2026)}"
        if chance.random() < _BROKEN_SHARE:
            suffix = chance.choice(list(_BROKEN))
            yield f"{folder}/{place:05}{suffix}", _BROKEN[suffix], 0
            continue
        suffix = chance.choices(suffixes, shares)[0]
        articles = [invent(chance) for _ in range(chance.randint(1, KINDS[suffix].most))]
        yield f"{folder}/{place:05}{suffix}", KINDS[suffix].write(articles), len(articles)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the folder, and say how many articles are in it."""
    parser = argparse.ArgumentParser(description="Write a folder of invented articles.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=5000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    given = parser.parse_args(arguments)
    articles = 0
    for name, data, count in files(given.files, given.seed):
        path: Path = given.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        articles += count
    print(f"{given.files} files, {articles} articles in {given.folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
