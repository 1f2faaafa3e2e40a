"""Why a file was left out, in the reader's language.

The index says it in short English phrases, for the terminal too; here they are known again.
"""

import re

from ui.language import Words

# A phrase of `index/` and its words; what stands in a group goes into the place of that name.
_REASONS = [
    (r"is empty", "reasons.empty"),
    (r"holds no text", "reasons.no-text"),
    (r"is .*\b(?P<format>PNG|JPEG|GIF|ZIP|PDF|RTF|gzip|7z|RAR)\b.*, not text", "reasons.format"),
    (r"is no text: .*|is .*, not text", "reasons.binary"),
    (r"no reader for .*: supported are (?P<kinds>.*)", "reasons.kind"),
    (r"is too large: .*", "reasons.large"),
    (r"needs the package (?P<package>[^:]*): .*", "reasons.package"),
    (r"has no article in its first .*", "reasons.no-articles"),
    (r"is no valid JSON: .*|is no JSON object|has no keys", "reasons.json"),
    (r"is no row of the table: .*", "reasons.row"),
    (r"has no text among its columns: (?P<names>.*)", "reasons.columns"),
    (r"has no text among its keys: (?P<names>.*)", "reasons.keys"),
    (r"is no feed, .*|is XML but no feed: .*|is a damaged feed", "reasons.feed"),
    (r"is a feed without articles|is JSON that holds no article", "reasons.no-articles"),
    (
        r"is no letter: .*|is a damaged letter|is no mailbox|is nested too deeply: .*",
        "reasons.letter",
    ),
    (r"is encrypted.*|is protected against copying .*", "reasons.encrypted"),
    (r"(?:its only page|\d+ of \d+ pages) ha.* no text \(scanned\): .*", "reasons.scan"),
    (r"pages? (?P<pages>.*) ha(?:s|ve) no text \(scanned\)", "reasons.scanned-pages"),
    (r"pages? (?P<pages>.*) ha(?:s|ve) no text \(damaged\)", "reasons.damaged-pages"),
    (r"pages? (?P<pages>.*) ha(?:s|ve) no text \(its font .*\)", "reasons.nameless-pages"),
    (r"(?:its only page|\d+ of \d+ pages) ha.* no text \(its font .*", "reasons.nameless"),
    (
        r"is damaged|is a damaged .*|is no saved .*|.* pages? ha.* no text \(damaged.*"
        r"|is no (?:PDF|Word|OpenDocument|EPUB|ZIP) .*|lacks its part .*",
        "reasons.damaged",
    ),
    (
        r"would unpack to .*|holds more .*|has \d+ pages, .*|the archive holds more .*",
        "reasons.too-much",
    ),
    (r"at most \d+ archives in each other are read", "reasons.nested"),
    (r"is compressed in a way that is not read", "reasons.compression"),
    (r"holds no files", "reasons.no-articles"),
    (r"takes longer than .*", "reasons.slow"),
    (r"needs more than .* of memory .*", "reasons.memory"),
    (r"makes its reader crash", "reasons.crash"),
    (r"same name as another .*", "reasons.same-member"),
    (r"permission denied", "reasons.denied"),
    (r"vanished meanwhile", "reasons.vanished"),
    (r"was being written; .*", "reasons.written"),
    (r"is a link .*", "reasons.link"),
    (r"is no regular file", "reasons.irregular"),
    (r"same name as .*", "reasons.same-name"),
    (r"same text as (?P<other>.*)", "reasons.same-text"),
]


def word_reason(reason: str, words: Words) -> str:
    """Return a reason in words; one that is the system's own comes back as it is."""
    for phrase, key in _REASONS:
        if match := re.fullmatch(phrase, reason, re.DOTALL):
            return words(key, **match.groupdict())
    return reason
