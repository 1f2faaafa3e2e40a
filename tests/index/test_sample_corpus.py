import re
from functools import cache
from pathlib import Path

import pytest

from index.load import Corpus
from index.types import Article

CORPUS = Path(__file__).parents[2] / "corpus"
SEEDS = CORPUS.parent.parent / "shared" / "seeds"

DECEMBER = "2025-12-03-hanoi-bielorussie.md"
TALKS = "minsk-partenariat-strategique.txt"
BACKGROUND = "reperes-vietnam-belarus.md"
MINISTER = "tourtchine-to-lam.txt"


@cache
def sample() -> dict[str, Article]:
    loaded = Corpus(CORPUS).load()
    assert not loaded.skipped
    return {article.id: article for article in loaded.articles}


def prose(article: Article) -> str:
    characters = list(article.text)
    for start, end in article.furniture:
        characters[start:end] = " " * (end - start)
    return "".join(characters).replace("’", "'")


def test_the_corpus_holds_three_reports_and_their_background() -> None:
    assert list(sample()) == [DECEMBER, TALKS, BACKGROUND, MINISTER]
    assert {article.language for article in sample().values()} == {"fr"}


@pytest.mark.parametrize(
    ("name", "published", "origin"),
    [
        (DECEMBER, "2025-12-03", "front matter"),
        (MINISTER, "2025-05", "header"),
        (TALKS, "2025-05-12", "text"),
        (BACKGROUND, "2025-12", "front matter"),
    ],
)
def test_each_article_is_dated_in_its_own_way(name: str, published: str, origin: str) -> None:
    article = sample()[name]

    assert str(article.published) == published
    assert article.origins["published"] == origin


@pytest.mark.parametrize(
    ("name", "title", "author", "source"),
    [
        (
            DECEMBER,
            "Vietnam–Bélarus : un groupe de travail commun pour la sécurité",
            "Camille Ferrand",
            "Agence Dépêche",
        ),
        (
            MINISTER,
            "À Minsk, Tô Lâm et le Premier ministre Tourtchine tracent leur feuille de route",
            None,
            "DPE/Minsk",
        ),
        (
            TALKS,
            "Le Vietnam et la Biélorussie sont désormais liés par un partenariat stratégique : le…",
            None,
            "DPE/Minsk",
        ),
        (
            BACKGROUND,
            "Repères : une année de relations entre le Vietnam et le Bélarus",
            "Service Documentation",
            "Agence Dépêche",
        ),
    ],
)
def test_each_article_has_its_title_author_and_source(
    name: str, title: str, author: str | None, source: str
) -> None:
    article = sample()[name]

    assert (article.title, article.author, article.source) == (title, author, source)


@pytest.mark.parametrize(
    ("name", "furniture"),
    [
        (
            DECEMBER,
            [
                ">> Loukachenko réélu : les félicitations du président vietnamien",
                "Photo : Agence Dépêche",
                "Agence Dépêche",
            ],
        ),
        (
            TALKS,
            [
                "Le secrétaire général Tô Lâm et le président Alexandre Loukachenko après leur "
                "entretien, à Minsk, le 12 mai. Photo : DPE",
                "Lire aussi : Exempté de visa, et après ? Mode d'emploi pour les voyageurs",
                "– DPE/Minsk",
            ],
        ),
        (
            MINISTER,
            [
                "Photo : DPE",
                ">> Vietnam-Biélorussie : huit documents remis à Minsk",
                "DPE/Minsk",
            ],
        ),
    ],
)
def test_captions_links_and_signatures_are_furniture(name: str, furniture: list[str]) -> None:
    article = sample()[name]

    assert [article.text[start:end] for start, end in article.furniture] == furniture


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        pytest.param(
            DECEMBER,
            "mercredi 3 décembre; Hanoi; Volfovich Aleksandr Grigorievich; secrétaire d'État du "
            "Conseil de sécurité du Bélarus; Luong Tam Quang; Sécurité publique; protocole; groupe "
            "de travail; blockchain; intelligence artificielle; cybersécurité; typhons; mai; "
            "Phu Quôc; octobre; septembre 2025; centaines de millions de dollars; Asie-Pacifique; "
            "terrorisme; criminalité transnationale; Alexandre Loukachenko; condoléances",
            id="3 December",
        ),
        pytest.param(
            MINISTER,
            "Premier ministre de la Biélorussie, Tourtchine; Alexandre Loukachenko; Pham Minh "
            "Chinh; programme d'action; tracteurs; voitures; transport multimodal; agriculture; "
            "transformation numérique; déclaration conjointe; partenariat stratégique; "
            "indépendance; circulaire; infrastructures; jeunes; invitation",
            id="the prime minister",
        ),
        pytest.param(
            TALKS,
            "lundi 12 mai à Minsk; déclaration conjointe; 30 janvier 2025; visa; passeport "
            "ordinaire; Union économique eurasiatique (UEEA); libre-échange; engrais; agriculture; "
            "produits de la mer; Nations Unies; Mer Orientale; lettre d'intention; ministères de "
            "la Défense; militaires et d'experts; transformation numérique; ministère vietnamien "
            "des Sciences et des Technologies; Communication et de l'Informatisation; Comité "
            "d'État biélorusse pour la science et la technologie; 2026-2028; 2025-2027; justice; "
            "ministères de la Santé; pharmaceutiques; Radio la Voix du Vietnam; Société nationale "
            "de télévision et de radio d'État de Biélorussie; Union vietnamienne des "
            "organisations d'amitié; relations culturelles avec l'étranger; invitation",
            id="12 May",
        ),
        pytest.param(
            BACKGROUND,
            "30 janvier 2025; 12 mai 2025; Octobre 2025; 3 décembre 2025; Tourtchine; Phu Quôc; "
            "Luong Tam Quang; Pham Minh Chinh; UEEA; 2025-2027; 2026-2028",
            id="background",
        ),
    ],
)
def test_the_prose_tells_every_fact(name: str, facts: str) -> None:
    told = prose(sample()[name])

    assert [fact for fact in facts.split("; ") if fact not in told] == []


@pytest.mark.parametrize(
    ("name", "evidence"),
    [
        (TALKS, r"ont signé lundi 12 mai à Minsk une déclaration conjointe"),
        (TALKS, r"12 mai\. [^\n]* remise de huit documents de coopération"),
        (DECEMBER, r"protocole signé à Hanoi mercredi 3 décembre [^.]* groupe de travail"),
        (MINISTER, r"Le Premier ministre de la Biélorussie, Tourtchine"),
        (TALKS, r"dispense de visa [^.]* depuis le 30 janvier 2025"),
        (DECEMBER, r"Un vol direct relie depuis octobre Minsk à l'île de Phu Quôc"),
    ],
)
def test_the_questions_people_ask_are_answered_in_one_paragraph(name: str, evidence: str) -> None:
    assert re.search(evidence, prose(sample()[name]))


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the articles users brought are not here")
@pytest.mark.parametrize("name", [DECEMBER, TALKS, BACKGROUND, MINISTER])
def test_no_sentence_is_taken_from_an_article_of_others(name: str) -> None:
    ours = runs((CORPUS / name).read_text(encoding="utf-8"), 12)

    for seed in SEEDS.glob("*.txt"):
        assert not ours & runs(seed.read_text(encoding="utf-8"), 12)
