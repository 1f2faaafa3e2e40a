"""Markdown: optional front matter, then prose in paragraphs parted by a blank line."""

import re
from collections.abc import Iterator
from pathlib import Path

from index.decode import decode
from index.markdown import prose_blocks
from index.readers.extracted import FIELDS, MAX_VALUE_CHARS, Declared, Extracted, Field, body
from index.readers.plain import field_value

_FRONT_MATTER = re.compile(r"---[ \t]*\n(?P<yaml>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_MAX_FRONT_MATTER_CHARS = 16_000


def read_markdown(path: Path, data: bytes) -> Iterator[Extracted]:
    """Read a Markdown file: optional front matter, an optional "# Heading" in front, then prose.

    The heading is the title if the front matter has none. It leaves the text unless it differs
    from the title. Marks of emphasis, links, images, quotations and HTML are dropped.
    """
    front_matter, markdown = _split_front_matter(decode(path, data))
    declared = {name: Declared(value, "front matter") for name, value in front_matter.items()}
    blocks = list(prose_blocks(markdown))
    if blocks and blocks[0].is_title:
        title = declared.setdefault("title", Declared(blocks[0].text, "heading"))
        if title.value == blocks[0].text:
            del blocks[0]
    yield Extracted(body(path, "\n\n".join(block.text for block in blocks)), declared)


def _split_front_matter(text: str) -> tuple[dict[Field, str], str]:
    """Part the front matter, the lines between two "---", from the Markdown below it.

    Where it is no valid YAML (often "title: Sommet : le bilan") its lines are read one by one.
    """
    match = _FRONT_MATTER.match(text.lstrip()[:_MAX_FRONT_MATTER_CHARS])
    if match is None:
        return {}, text
    values = _yaml_values(match["yaml"])
    if values is None:
        values = {}
        for line in match["yaml"].split("\n"):
            values = field_value(line) | values
        if not values:  # two rules around a paragraph
            return {}, text
    return values, text.lstrip()[match.end() :]


def _yaml_values(block: str) -> dict[Field, str] | None:
    """Return the fields declared in a block of YAML; None if it is no valid mapping."""
    import yaml

    try:
        # The base loader makes only strings, lists and dicts: no objects, no date or number to
        # turn back ("2025-05"), no "no" for False, and no merge keys that grow without bound.
        mapping = yaml.load(block, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    if not isinstance(mapping, dict):
        return None
    values: dict[Field, str] = {}
    for key, value in mapping.items():
        name = FIELDS.get(str(key).casefold())
        items = value if isinstance(value, list) else [value]
        joined = ", ".join(item.strip() for item in items if isinstance(item, str))
        if name and joined.strip():
            values.setdefault(name, joined.strip()[:MAX_VALUE_CHARS])
    return values
