"""HTML: its text, in paragraphs parted by a blank line."""

import re
from html.parser import HTMLParser

_BLOCKS = re.compile("p|div|h[1-6]|li|ul|ol|table|tr|section|article|blockquote|body|pre|hr|br")
_UNSEEN = frozenset(("script", "style", "head", "template"))


class _Text(HTMLParser):
    """Keeps what is seen, a blank line between blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._unseen += tag in _UNSEEN
        if _BLOCKS.fullmatch(tag):
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        if _BLOCKS.fullmatch(tag):
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(re.sub(r"\s+", " ", data))


def html_to_text(html: str) -> str:
    """Return the text of a page."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    paragraphs = (" ".join(part.split()) for part in "".join(reader.parts).split("\n\n"))
    return "\n\n".join(filter(None, paragraphs))
