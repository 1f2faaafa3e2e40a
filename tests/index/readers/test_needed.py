"""What is read where the packages of the extra `html` are not installed."""

import sys
from email.message import EmailMessage
from importlib import import_module
from pathlib import Path

import pytest

from index.errors import UnreadableFile
from index.readers import Extracted, find_format
from index.types import Skipped

NEEDS = "needs the package {}: pip install 'depeche[html]'"


def read(name: str, data: str) -> list[Extracted | Skipped]:
    return list(find_format(Path(name)).read(Path(name), data.encode()))


@pytest.mark.parametrize(
    ("name", "data", "package"),
    [
        ("a.html", "<p>Un texte.</p>", "trafilatura"),
        ("a.html", "<p>Un texte.</p>", "lxml"),
        ("a.rss", "<rss><channel><item><title>A</title></item></channel></rss>", "feedparser"),
        ("a.eml", "Subject: a\nContent-Type: text/html\n\n<p>Un texte.</p>", "lxml"),
    ],
)
def test_a_file_that_needs_a_package_names_what_installs_it(
    monkeypatch: pytest.MonkeyPatch, name: str, data: str, package: str
) -> None:
    import_module("trafilatura")  # it needs lxml too: whichever is missing first is named
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(UnreadableFile) as refused:
        read(name, data)

    assert refused.value.reason == NEEDS.format(package)


def test_records_without_html_need_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lxml", None)

    found = read("a.jsonl", '{"text": "Un texte."}\n{"text": "<p>Un autre.</p>"}\n')

    assert found == [Extracted("Un texte.", {}, "#1"), Skipped("#2", NEEDS.format("lxml"))]


def test_a_letter_with_a_text_needs_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lxml", None)
    message = EmailMessage()
    message["Subject"] = "A"
    message.set_content("Un texte.")
    message.add_alternative("<p>Un texte bien plus long que celui-là.</p>", subtype="html")

    (found,) = read("a.eml", message.as_string())

    assert isinstance(found, Extracted)
    assert found.text == "Un texte."
