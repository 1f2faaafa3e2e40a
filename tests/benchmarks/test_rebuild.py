"""What a rebuild is measured on: real files, of which one in a hundred changes."""

from pathlib import Path

from benchmarks.rebuild import change, write_corpus
from index.load import Corpus
from index.types import Article, DateRange

ARTICLES = [
    Article(
        f"{number}", f"Titre {number}", f"Le texte numéro {number}.", DateRange.parse("2025-05")
    )
    for number in range(102)
]


def test_articles_are_written_as_files_that_give_them_again(tmp_path: Path) -> None:
    write_corpus(ARTICLES, tmp_path)

    read = Corpus(tmp_path).load()

    assert read.skipped == []
    assert [article.text for article in read.articles] == [article.text for article in ARTICLES]
    assert [article.title for article in read.articles] == [article.title for article in ARTICLES]


def test_one_file_in_a_hundred_is_changed_and_can_be_put_back(tmp_path: Path) -> None:
    paths = write_corpus(ARTICLES, tmp_path)
    texts = [path.read_text(encoding="utf-8") for path in paths]

    before = change(paths, ARTICLES[::-1])

    assert before == dict(list(zip(paths, texts, strict=True))[::100])
    changed = [path for path, text in zip(paths, texts, strict=True) if path.read_text() != text]
    assert changed == paths[::100]
