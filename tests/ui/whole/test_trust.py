"""What the real app tells about a source and its index: the original, doubts, a damaged index."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import index

Visit = Callable[..., Page]
Ask = Callable[..., None]

_ORIGINAL = "https://www.quai-des-nouvelles.example/2025/06/tramway"
_PAGE = f"""<!doctype html><html lang="fr"><head><title>Le tramway de Brest roule</title>
<link rel="canonical" href="{_ORIGINAL}">
<meta property="article:published_time" content="2025-06-02T18:30:00+02:00"></head><body><article>
<h1>Le tramway de Brest roule</h1>
<p>Le maire de Brest a inauguré lundi 2 juin la troisième ligne de tramway de la ville.</p>
<p>Elle relie la gare au port en dix-huit minutes, toutes les six minutes, jusqu’à minuit.</p>
<p>Les travaux ont duré quatre ans et coûté deux cents millions d’euros à la métropole.</p>
</article></body></html>"""
_DOUBTFUL = {
    "id": 1,
    "title": "Le marché couvert de Quimper rouvre",
    "date": "2025",
    "text": "Le marché couvert de Quimper a rouvert ses portes après deux ans de travaux.",
}
_QUESTION = "Qu’a inauguré le maire de Brest ?"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build an index twice: of a page that names its address, then of a record of a year too."""
    folder = tmp_path_factory.mktemp("trust")
    corpus, store = folder / "corpus", folder / "store"
    corpus.mkdir()
    (corpus / "tramway.html").write_text(_PAGE, encoding="utf-8")
    index.build(corpus, store)
    (corpus / "marche.jsonl").write_text(json.dumps(_DOUBTFUL) + "\n", encoding="utf-8")
    index.build(corpus, store)
    return store


@pytest.fixture(scope="module")
def address(store: Path, start_app: Callable[..., str]) -> str:
    """Start the chat over that index."""
    return start_app("--store", str(store), "--read-only")


def test_a_source_leads_to_the_original_that_its_page_named(
    address: str, visit: Visit, ask: Ask
) -> None:
    page = visit(address)
    ask(page, _QUESTION)

    link = page.locator("#panel a.original").first

    expect(link).to_have_attribute("href", _ORIGINAL)
    expect(link).to_contain_text("Original: quai-des-nouvelles.example")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_the_corpus_page_tells_a_doubtful_date(address: str, visit: Visit) -> None:
    page = visit(address)
    page.get_by_role("button", name="Corpus").click()

    row = page.locator("#corpus-table tbody tr", has_text="marché couvert")

    expect(row).to_contain_text("doubtful")


def test_a_damaged_index_is_told_and_the_one_before_answers(
    store: Path, start_app: Callable[..., str], visit: Visit, ask: Ask, tmp_path: Path
) -> None:
    damaged = tmp_path / "store"
    damaged.mkdir()
    _copy_and_damage(store, damaged)
    page = visit(start_app("--store", str(damaged), "--read-only"))

    told = page.get_by_text("A file of the index is damaged; an older one answers meanwhile.")

    expect(told).to_be_visible()
    ask(page, _QUESTION)
    expect(page.locator("#panel mark").first).to_contain_text("tramway")


def _copy_and_damage(store: Path, damaged: Path) -> None:
    """Copy a store, and cut the articles of the snapshot in force short."""
    for path in sorted(store.rglob("*")):
        target = damaged / path.relative_to(store)
        if path.is_dir():
            target.mkdir()
        else:
            target.write_bytes(path.read_bytes())
    in_force = (damaged / "CURRENT").read_text(encoding="ascii").strip()
    articles = damaged / "snapshots" / in_force / "articles.jsonl"
    articles.write_bytes(articles.read_bytes()[:-100])
