"""The corpus page of the real app: a file is added, the index rebuilt, and put back."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
Ask = Callable[[Page, str], None]
Audit = Callable[[Page], None]

_ADDED = "2025-06-02-tramway.txt"
_ARTICLE = (
    "date 2025-06-02 Le tramway de Brest roule\n\n"
    "Le maire de Brest a inauguré lundi 2 juin la troisième ligne de tramway de la ville.\n\n"
    "Elle relie la gare au port en dix-huit minutes.\n"
)
_QUESTION = "Qu’est-ce que le maire de Brest a inauguré le 2 juin ?"

_ANSWERED_BY_BOTH = "Qu’est-ce qui a été signé le 12 mai 2025 ?"

_MANY = 600
_LONG = (
    "Le port de la ville {number}\n\n" + "Le bateau {number} est entré au port de la ville. " * 20
)

# A rebuild is a process of its own, which loads the model again.
_REBUILD_MS = 300_000


@pytest.fixture(scope="module")
def folder(
    corpus_folder: Path, sample_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a folder of copies: the sample articles in `corpus`, their index in `store`."""
    folder = tmp_path_factory.mktemp("changed")
    shutil.copytree(corpus_folder, folder / "corpus")
    shutil.copytree(sample_store, folder / "store")
    return folder


@pytest.fixture(scope="module")
def address(folder: Path, start_app: Callable[..., str]) -> str:
    """Start the chat over the copies."""
    return start_app("--corpus", str(folder / "corpus"), "--store", str(folder / "store"))


@pytest.fixture
def page(address: str, visit: Visit) -> Page:
    """Return the corpus page."""
    page = visit(address)
    page.get_by_role("button", name="Corpus").click()
    expect(page.locator("#corpus-table tbody tr")).to_have_count(4)
    return page


def drop(page: Page, name: str, text: str) -> None:
    """Drop a file on the page."""
    transfer = page.evaluate_handle(
        "([name, text]) => { const transfer = new DataTransfer();"
        " transfer.items.add(new File([text], name)); return transfer; }",
        [name, text],
    )
    page.dispatch_event("#drop-zone", "drop", {"dataTransfer": transfer})


@pytest.fixture
def many_articles(folder: Path) -> Iterator[None]:
    """Give a rebuild work for a while."""
    added = [folder / "corpus" / f"port-{number}.txt" for number in range(_MANY)]
    for number, path in enumerate(added):
        path.write_text(_LONG.format(number=number), encoding="utf-8")
    yield
    for path in added:
        path.unlink()


@pytest.mark.usefixtures("many_articles")
def test_a_rebuild_is_cancelled_and_nothing_changed(page: Page, audit: Audit) -> None:
    page.get_by_role("button", name="Rebuild", exact=True).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    audit(page)

    page.get_by_role("button", name="Cancel").click()

    expect(page.locator("#rebuild-told")).to_have_text(
        "The rebuild is cancelled. Nothing changed.", timeout=_REBUILD_MS
    )
    expect(page.locator("#corpus-table tbody tr")).to_have_count(4)


def test_what_is_no_article_is_refused_in_words(page: Page, audit: Audit) -> None:
    drop(page, "photo.jpg", "no text")

    expect(page.locator("#upload-list li")).to_contain_text("This kind of file is not read.")
    audit(page)


def test_a_file_is_dropped_and_counts_after_a_rebuild_until_the_index_is_put_back(
    page: Page, ask: Ask
) -> None:
    drop(page, _ADDED, _ARTICLE)
    expect(page.locator("#upload-list li")).to_contain_text("added: Le tramway de Brest roule")

    page.get_by_role("button", name="Rebuild", exact=True).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    # whatever both indexes say is answered meanwhile
    page.get_by_role("button", name="Questions").click()
    ask(page, _ANSWERED_BY_BOTH)
    expect(page.locator("#panel mark").first).to_be_visible()
    page.get_by_role("button", name="Corpus").click()

    told = page.locator("#rebuild-told")
    expect(told).to_contain_text("The index is rebuilt.", timeout=_REBUILD_MS)
    expect(told).to_contain_text("1 article added")
    expect(page.locator("#corpus-table tbody tr")).to_have_count(5)
    page.get_by_role("button", name="Questions").click()
    ask(page, _QUESTION)
    expect(page.locator("#panel mark").first).to_contain_text("tramway")

    page.get_by_role("button", name="Corpus").click()
    page.get_by_role("button", name="Go back to the index of").click()
    expect(told).to_contain_text("The other index is in force.")
    expect(page.locator("#corpus-table tbody tr")).to_have_count(4)
    # the quote is no longer in an article: the answer says so when it is shown again
    page.get_by_role("button", name="Questions").click()
    page.reload()
    expect(page.locator(".answer p.changed")).to_contain_text("no longer in")
