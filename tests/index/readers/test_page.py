import logging
from pathlib import Path

import pytest

from index.errors import UnreadableFile
from index.metadata import describe
from index.readers import Declared, Extracted, find_format

LINKED_DATA = """
<script type="application/ld+json">
{"@context": "https://schema.org", "@graph": [
 {"@type": "WebSite", "name": "Le Quotidien du Port"},
 {"@type": ["Thing", "NewsArticle"], "headline": "Le tramway relie enfin la gare au port",
  "datePublished": "2025-05-12T18:30:00+02:00", "dateModified": "2025-06-01T08:00:00+02:00",
  "author": [{"@type": "Person", "name": "Jeanne Martin"}, {"name": "Luc Ferrand"}],
  "publisher": {"@type": "Organization", "name": "Le Quotidien du Port"},
  "inLanguage": "fr-FR", "mainEntityOfPage": {"@id": "https://quotidien.example/tram"}}
]}
</script>"""

TAGS = """
<title>Le tramway roule | Le Quotidien</title>
<meta property="og:title" content="Le tramway relie la gare au port">
<meta property="og:site_name" content="Le Quotidien">
<meta property="article:published_time" content="2025-05-12T18:30:00+02:00">
<meta property="article:modified_time" content="2025-06-01">
<meta name="author" content="Jeanne Martin">
<link rel="canonical" href="/ville/tram"><base href="https://quotidien.example/">"""

ARTICLE = """
<p>Le ministre des Transports a inauguré lundi 12&nbsp;mai la <b>ligne de tramway</b>, après trois
années de travaux qui ont coûté deux cent dix millions d’euros à l’agglomération.</p>
<h2>Dix-huit minutes</h2>
<p>Elle relie la gare au port en dix-huit minutes.<br>« C’est une fierté », a dit la maire, Hélène
Dœuff, devant quelques centaines d’habitants venus malgré la pluie.</p>
<ul><li>Quinze stations</li><li>Une rame toutes les six minutes</li></ul>
<table><tr><th>Année</th><th>Coût</th></tr><tr><td>2023</td><td>82 millions</td></tr></table>
"""

PROSE = (
    "Le ministre des Transports a inauguré lundi 12 mai la ligne de tramway, après trois années de "
    "travaux qui ont coûté deux cent dix millions d’euros à l’agglomération.\n\n"
    "Dix-huit minutes\n\n"
    "Elle relie la gare au port en dix-huit minutes.\n« C’est une fierté », a dit la maire, Hélène "
    "Dœuff, devant quelques centaines d’habitants venus malgré la pluie.\n\n"
    "Quinze stations\n\nUne rame toutes les six minutes\n\n"
    "Année | Coût\n\n2023 | 82 millions"
)


def page(head: str = "", article: str = ARTICLE) -> str:
    return f"""<!DOCTYPE html><html lang="fr"><head>{head}<style>p {{ color: red }}</style></head>
<body><nav><ul><li><a href="/">Accueil</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<main><article>{article}</article></main>
<aside><h2>Les plus lus</h2><p>Un autre article dont on parle beaucoup.</p></aside>
<footer><p>Mentions légales et conditions générales</p></footer>
<script>var suivi = "espion";</script></body></html>"""


def read(data: str | bytes, name: str = "a.html") -> Extracted:
    content = data.encode() if isinstance(data, str) else data
    (extracted,) = find_format(Path(name)).read(Path(name), content)
    assert isinstance(extracted, Extracted)
    return extracted


def test_the_text_is_the_article_alone_in_paragraphs() -> None:
    assert read(page()).text == PROSE


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.xhtml", "A.HTML"])
def test_pages_are_known_by_each_of_their_suffixes(name: str) -> None:
    assert read(page(), name).text == PROSE


def test_linked_data_declares_every_field() -> None:
    assert read(page(LINKED_DATA + TAGS)).declared == {
        "title": Declared("Le tramway relie enfin la gare au port", "JSON-LD"),
        "date": Declared("2025-05-12T18:30:00+02:00", "JSON-LD"),
        "author": Declared("Jeanne Martin, Luc Ferrand", "JSON-LD"),
        "source": Declared("Le Quotidien du Port", "JSON-LD"),
        "language": Declared("fr-FR", "JSON-LD"),
        "url": Declared("https://quotidien.example/tram", "JSON-LD"),
    }


def test_tags_of_the_head_declare_what_linked_data_does_not() -> None:
    assert read(page(TAGS)).declared == {
        "title": Declared("Le tramway relie la gare au port", "meta tag"),
        "date": Declared("2025-05-12T18:30:00+02:00", "meta tag"),
        "author": Declared("Jeanne Martin", "meta tag"),
        "source": Declared("Le Quotidien", "meta tag"),
        "language": Declared("fr", "meta tag"),
        "url": Declared("https://quotidien.example/ville/tram", "meta tag"),
    }


def test_what_the_page_shows_declares_the_rest() -> None:
    shown = (
        '<h1>Le tramway roule</h1><p class="author">Par Jeanne Martin</p>'
        '<time class="entry-date published" datetime="2025-05-12">12 mai</time>'
        '<time class="updated" datetime="2025-06-01">1er juin</time>'
    )

    declared = read(page(article=shown + ARTICLE)).declared

    assert declared["title"] == Declared("Le tramway roule", "page")
    assert declared["date"] == Declared("2025-05-12", "page")
    assert declared["author"].origin == "page"
    assert "Jeanne Martin" in declared["author"].value


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:modified_time" content="2025-06-01">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "dateModified": "2025-06-01"}'
        "</script>",
        "<title>Le bilan du 12 mai 2024</title>",
    ],
)
def test_a_day_of_change_or_in_the_text_is_not_declared(head: str) -> None:
    assert "date" not in read(page(head)).declared


def test_two_time_stamps_of_different_days_declare_neither() -> None:
    times = '<time datetime="2025-05-12">lundi</time><time datetime="2025-06-01">hier</time>'

    assert "date" not in read(page(article=times + ARTICLE)).declared


@pytest.mark.parametrize(
    "script",
    [
        "{",
        "null",
        "[" * 5_000,
        '{"@type": 3}',
        '{"@type": "NewsArticle", "author": {"name": ["A", {}]}, "headline": {"a": []}}',
        '{"@type": ["NewsArticle"], "publisher": [], "mainEntityOfPage": [[]]}',
        '[{"@graph": "x"}, 3, {"@graph": [{"@type": "Article", "author": [null, 3]}]}]',
    ],
)
def test_broken_linked_data_leaves_the_tags(script: str) -> None:
    head = f'<script type="application/ld+json">{script}</script>{TAGS}'

    extracted = read(page(head))

    assert extracted.text == PROSE
    assert extracted.declared["title"] == Declared("Le tramway relie la gare au port", "meta tag")


def test_a_page_saved_by_a_browser_tells_its_address() -> None:
    saved = "<!-- saved from url=(0035)https://quotidien.example/ville/tram -->\n" + page()

    assert read(saved).declared["url"] == Declared("https://quotidien.example/ville/tram", "page")


@pytest.mark.parametrize(
    ("encoding", "tag"),
    [
        ("utf-8", '<meta charset="utf-8">'),
        ("utf-8", ""),
        ("utf-8", '<meta charset="iso-8859-1">'),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("cp1252", '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">'),
        ("cp1252", ""),
        ("mac_roman", '<meta charset="macintosh">'),
        ("cp1252", '<meta charset="nonsense">'),
        ("cp1252", '<meta charset="utf-8">'),
    ],
)
def test_a_page_keeps_its_accents_in_every_encoding(encoding: str, tag: str) -> None:
    assert read(page(tag).encode(encoding)).text == PROSE


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("windows-1251", "Президент встретился с делегацией и подписал соглашение."),
        ("shift_jis", "国家主席は月曜日にミンスクを訪問し、共同声明に署名した。"),
        ("iso-2022-jp", "国家主席は月曜日にミンスクを訪問し、共同声明に署名した。"),
        ("gbk", "国家主席周一访问明斯克，并签署了联合声明。"),
    ],
)
def test_a_declared_encoding_is_followed(encoding: str, text: str) -> None:
    markup = f'<html><head><meta charset="{encoding}"></head><body><p>{text}</p></body></html>'

    assert read(markup.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param("<p>Un tramway.</p><p>Un port.</p>", "Un tramway.\n\nUn port.", id="bare"),
        pytest.param("Un tramway.", "Un tramway.", id="no tag"),
        pytest.param("<p>Un tramway.<p>Un port.", "Un tramway.\n\nUn port.", id="not closed"),
        pytest.param(
            "<nav>Menu</nav><article><p>Un tramway.</p></article><footer>Pied</footer>",
            "Un tramway.",
            id="article",
        ),
        pytest.param(
            "<body><header>Logo</header><p>Un tramway.</p><footer>Pied</footer></body>",
            "Un tramway.",
            id="bars",
        ),
        pytest.param(
            "<p>Un tram\u00adway.\u200b</p><p>&zwnj;&nbsp;</p>", "Un tramway.", id="unseen"
        ),
        pytest.param("<p>Vu.</p><p style='display: none'>Caché.</p>", "Vu.", id="hidden"),
        pytest.param("<div>" * 1_500 + "Un tramway.", "Un tramway.", id="deep"),
    ],
)
def test_a_page_of_few_words_is_read_without_its_surroundings(markup: str, text: str) -> None:
    assert read(markup).text == text


def test_a_page_of_very_many_paragraphs_is_read_whole() -> None:
    paragraphs = [f"Le paragraphe {number} parle du tramway." for number in range(20_000)]
    markup = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)

    assert read(page(article=markup)).text == "\n\n".join(paragraphs)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"<html><body><script>var a;</script><nav>Menu</nav></body></html>", "holds no text"),
        (b"<!-- rien -->", "holds no text"),
        (b"<p>&nbsp;&zwnj;</p>", "holds no text"),
        (b"\x89PNG\r\n", "is a PNG image, not text"),
        (bytes(range(256)) * 9, "is no text: binary, damaged or in an unknown encoding"),
    ],
)
def test_a_page_without_text_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(data)

    assert refused.value.reason == reason


def test_nothing_is_written_beside_the_report(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        read("<p>x")

    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_page_becomes_an_article_whose_heading_left_the_text() -> None:
    article = describe("ville/tram.html", read(page(LINKED_DATA, f"<h1>Titre</h1>{ARTICLE}")))

    assert article.title == "Le tramway relie enfin la gare au port"
    assert str(article.published) == "2025-05-12"
    assert article.origins["published"] == "JSON-LD"
    assert article.language == "fr"
    assert article.url == "https://quotidien.example/tram"
