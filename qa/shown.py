"""Answers and passages as a terminal shows them, and as JSON values."""

from typing import Any

from index.types import Article
from qa.cite import plain
from qa.links import article_link, quote_link
from qa.types import Answer, Citation, Passage, Span


def answer_record(answer: Answer) -> dict[str, Any]:
    """Return an answer as JSON values."""
    return {
        "text": answer.text,
        "grounded": answer.grounded,
        "emptied_by": list(answer.emptied_by),
        "citations": [
            {
                "number": citation.number,
                "quote": citation.quote,
                **_place(citation.article, citation.start, citation.end),
                "link": quote_link(citation.article.id, citation.article.text, _span(citation)),
            }
            for citation in answer.citations
        ],
        "passages": [passage_record(passage) for passage in answer.passages],
        "question": {
            "text": answer.question.text,
            "standalone": answer.question.standalone,
            "language": answer.question.language,
            "dates": [
                {"text": asked.text, "range": asked.range and str(asked.range)}
                for asked in answer.question.dates
            ],
        },
    }


def passage_record(passage: Passage) -> dict[str, Any]:
    """Return a passage as JSON values."""
    return {
        "rank": passage.rank,
        "score": round(passage.score, 4),
        "text": passage.text,
        "quotes": [list(span) for span in passage.quotes],
        **_place(passage.article, passage.start, passage.end),
        "link": article_link(passage.article.id, _span(passage)),
    }


def show_answer(answer: Answer) -> str:
    """Write an answer for a terminal: its heading, then each quote with its source."""
    lines = [plain(answer.text.split("\n\n", 1)[0])]
    for citation in answer.citations:
        lines.append(f"\n[{citation.number}] {' '.join(citation.quote.split())}")
        lines.append(f"    {name_article(citation.article)}")
    return "\n".join(lines)


def show_passage(passage: Passage) -> str:
    """Write a passage for a terminal."""
    heading = f"{passage.rank}. {name_article(passage.article)}"
    return f"{heading} [{passage.start}:{passage.end}]\n{passage.text.strip()}"


def _place(article: Article, start: int, end: int) -> dict[str, Any]:
    """Say where a text stands, as JSON values."""
    return {
        "article": article.id,
        "title": article.title,
        "published": article.published and str(article.published),
        "url": article.url,
        "start": start,
        "end": end,
    }


def _span(found: Citation | Passage) -> Span:
    """Return where a text stands in its article."""
    return found.start, found.end


def name_article(article: Article) -> str:
    """Name an article by title, date and file."""
    date = f", {article.published}" if article.published else ""
    return f"{article.title}{date} ({article.id})"
