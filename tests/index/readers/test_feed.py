from pathlib import Path

import pytest

from index.errors import UnreadableFile
from index.metadata import describe
from index.readers import Declared, Extracted, find_format
from index.types import Skipped

RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Le Quotidien &amp; Cie</title><link>https://quotidien.example/</link>
<description>Toute l’actualité</description><language>fr-FR</language>
<item><title>L’été &lt;b&gt;arrive&lt;/b&gt;</title><link>https://quotidien.example/ete</link>
<pubDate>Mon, 12 May 2025 23:30:00 -0500</pubDate><dc:creator>Jeanne Martin</dc:creator>
<description>Un résumé bien plus long que le texte lui-même, pour voir lequel des deux l’emporte.
</description>
<content:encoded><![CDATA[<p>L’été est là.</p><script>x()</script><p>« Enfin », dit-on.</p>]]>
</content:encoded></item>
<item><title>Le port</title><description>Un quai &amp;eacute;largi. 3 &lt; 4.</description></item>
<item><title>Sans texte</title></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Le Quotidien</title>
<updated>2025-06-01T00:00:00Z</updated>
<entry><title type="html">L’&lt;i&gt;été&lt;/i&gt;</title>
<link rel="alternate" href="https://quotidien.example/ete"/>
<published>2025-05-12T10:00:00+02:00</published><updated>2025-06-01T10:00:00+02:00</updated>
<author><name>Jeanne Martin</name></author><author><name>Luc Ferrand</name></author>
<source><title>L’Agence du Port</title></source>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>L’été <em>est</em> là.</p>
<p>Fin.</p></div></content></entry>
<entry><title>Le port</title><updated>2025-06-01T10:00:00Z</updated>
<summary type="text">Un quai &lt;élargi&gt; &amp;amp; long.</summary></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://q.example/"><title>Le Quotidien</title></channel>
<item rdf:about="https://q.example/1"><title>Le tram</title><link>https://q.example/1</link>
<dc:date>2025-05-12</dc:date><description>Il roule.</description></item></rdf:RDF>"""


def read(data: str | bytes, name: str = "a.rss") -> list[Extracted | Skipped]:
    content = data.encode() if isinstance(data, str) else data
    return list(find_format(Path(name)).read(Path(name), content))


def declared(found: Extracted | Skipped) -> dict[str, Declared]:
    assert isinstance(found, Extracted)
    return {str(name): value for name, value in found.declared.items()}


@pytest.mark.parametrize("name", ["a.rss", "a.xml", "A.XML"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252"])
def test_each_entry_of_rss_is_an_article(name: str, encoding: str) -> None:
    first, second, third = read(RSS.format(encoding=encoding).encode(encoding), name)

    assert first == Extracted(
        "L’été est là.\n\n« Enfin », dit-on.",
        {
            "title": Declared("L’été arrive", "feed"),
            "date": Declared("Mon, 12 May 2025 23:30:00 -0500", "feed"),
            "author": Declared("Jeanne Martin", "feed"),
            "source": Declared("Le Quotidien & Cie", "feed"),
            "language": Declared("fr-FR", "feed"),
            "url": Declared("https://quotidien.example/ete", "feed"),
        },
        "#1",
    )
    assert isinstance(second, Extracted)
    assert second.text == "Un quai élargi. 3 < 4."
    assert "date" not in second.declared
    assert third == Skipped("#3", "holds no text")


def test_each_entry_of_atom_is_an_article() -> None:
    first, second = read(ATOM, "a.atom")

    assert isinstance(first, Extracted)
    assert first.text == "L’été est là.\n\nFin."
    assert declared(first) == {
        "title": Declared("L’été", "feed"),
        "date": Declared("2025-05-12T10:00:00+02:00", "feed"),
        "author": Declared("Jeanne Martin, Luc Ferrand", "feed"),
        "source": Declared("L’Agence du Port", "feed"),
        "language": Declared("fr", "feed"),
        "url": Declared("https://quotidien.example/ete", "feed"),
    }
    assert isinstance(second, Extracted)
    assert second.text == "Un quai <élargi> &amp; long."
    assert declared(second)["date"] == Declared("2025-06-01T10:00:00Z", "feed update")
    assert declared(second)["source"] == Declared("Le Quotidien", "feed")


@pytest.mark.parametrize("name", ["a.rdf", "a.xml"])
def test_an_entry_of_rdf_is_an_article(name: str) -> None:
    (article,) = read(RDF, name)

    assert isinstance(article, Extracted)
    assert article.text == "Il roule."
    assert declared(article)["date"] == Declared("2025-05-12", "feed")


def test_a_feed_that_is_cut_off_keeps_what_it_had() -> None:
    data = RSS.format(encoding="utf-8")

    cut = read(data[: data.index("Le port")])

    assert cut[0] == read(data)[0]


def test_a_bomb_of_entities_is_defused() -> None:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    secret = '<!ENTITY secret SYSTEM "file:///etc/passwd">'
    data = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "boum">{entities}{secret}]>'
        "<rss><channel><title>t</title><item><title>x</title>"
        "<description>Avant. &e12; &secret; Après.</description></item></channel></rss>"
    )

    (article,) = read(data)

    assert isinstance(article, Extracted)
    assert len(article.text) < 100
    assert "root:" not in article.text


def test_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "<rss>").write_text("<rss><item><description>Un autre.</description></item></rss>")

    with pytest.raises(UnreadableFile):
        read("<rss>")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "is empty"),
        ("<opml><body/></opml>", "is XML but no feed: it begins with <opml>"),
        ('<?xml version="1.0"?><!-- a --><html/>', "is XML but no feed: it begins with <html>"),
        ("Du texte.", "is no feed, nor other XML"),
        ("https://quotidien.example/rss", "is no feed, nor other XML"),
        ("<rss><channel><title>x</title></channel></rss>", "is a feed without articles"),
        (b"\x1f\x8b\x08", "is a gzip archive, not text"),
    ],
)
def test_what_is_no_feed_is_refused_with_its_reason(data: str | bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(data, "a.xml")

    assert refused.value.reason == reason


def test_an_entry_becomes_an_article_of_its_day() -> None:
    found = read(ATOM)[0]

    assert isinstance(found, Extracted)
    article = describe("flux.atom#1", found)
    assert str(article.published) == "2025-05-12"
    assert article.source == "L’Agence du Port"
    assert article.origins["published"] == "feed"
