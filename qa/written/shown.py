"""Written answers as a terminal shows them, and as JSON values."""

import re
from collections.abc import Mapping
from typing import Any

from qa.links import article_link
from qa.shown import name_article
from qa.types import Answer
from qa.written.types import Finding, Problem, Source, WrittenSentence
from qa.written.writing import Written

_SUPPORTED = " ✓ "
_UNSUPPORTED = " ✗ "
_INDENTED = "     "

_FOUND: Mapping[Problem, str] = {
    "unmarked": "it cites no passage",
    "unknown mark": "there is no passage {words}",
    "number": "the number {words} stands in none of the passages it cites",
    "date": "the date {words} stands in none of the passages it cites",
    "name": "the name {words} stands in none of the passages it cites",
    "negation": "it denies what the passages say, or says what they deny",
    "unsupported": "the passages it cites do not say so",
}


def written_record(written: Written) -> dict[str, Any]:
    """Return a written answer as JSON values."""
    return {
        "model": written.model,
        "text": written.text,
        "trouble": written.trouble and str(written.trouble),
        "seconds": round(written.seconds, 2),
        "sentences": [
            {
                "text": sentence.text,
                "marks": list(sentence.marks),
                "start": sentence.span[0],
                "end": sentence.span[1],
                "supported": sentence.is_supported,
                "findings": [
                    {"problem": found.problem, "words": found.words} for found in sentence.findings
                ],
            }
            for sentence in written.sentences
        ],
        "sources": [_source_record(source) for source in written.sources],
    }


def show_heading(written: Written) -> str:
    """Say who writes."""
    return f"Written by {written.model}, each sentence checked against the passages it cites:"


def show_sentence(sentence: WrittenSentence) -> str:
    """Write a sentence for a terminal: a sign in front where something speaks against it."""
    marks = "".join(f"[{number}]" for number in sentence.marks)
    said = " ".join(filter(None, [spoken(sentence), marks]))
    if sentence.is_supported:
        return f"{_SUPPORTED}{said}"
    reasons = "; ".join(map(explain, sentence.findings))
    return f"{_UNSUPPORTED}{said}\n{_INDENTED}not supported: {reasons}"


def show_verdict(written: Written) -> str:
    """Say how many sentences of a written answer are supported."""
    count = len(written.sentences)
    sentences = "1 sentence" if count == 1 else f"{count} sentences"
    return (
        f"({sentences} in {written.seconds:.1f} s, {written.supported} supported; "
        "the quotes below are the answer.)"
    )


def show_further(written: Written, answer: Answer) -> str:
    """Write the passages that a written answer cites and the answer does not quote."""
    quoted = {citation.number for citation in answer.citations}
    cited = {number for sentence in written.sentences for number in sentence.marks} - quoted
    return "".join(
        f"\n\n[{source.number}] {' '.join(source.text.split())}\n    {name_article(source.article)}"
        for source in written.sources
        if source.number in cited
    )


def spoken(sentence: WrittenSentence) -> str:
    """Return the words of a sentence as they are shown in front of its marks."""
    # where a mark stood before the full stop there is a blank now
    return re.sub(r"\s+(?=[.,…)]|$)", "", sentence.text)


def explain(finding: Finding) -> str:
    """Say what speaks against a sentence."""
    return _FOUND[finding.problem].format(words=finding.words)


def _source_record(source: Source) -> dict[str, Any]:
    """Return a source as JSON values; its words are `text[start:end]` of the article."""
    return {
        "number": source.number,
        "article": source.article.id,
        "title": source.article.title,
        "published": source.article.published and str(source.article.published),
        "start": source.start,
        "end": source.end,
        "text": source.text,
        "link": article_link(source.article.id, (source.start, source.end)),
    }
