"""The permanent link of a quote: `?article=ID#quote=START-END&hash=…`.

It begins where the page of the chat is: `https://news.example/depeche/` and the link make an
address. The hash is that of the quoted words, so that a link still knows, years later, what it
pointed at.
"""

from hashlib import blake2b
from urllib.parse import quote as quote_url

from qa.types import Span

# 40 bits: among all the places of a long article, another one has it once in five million.
_HASH_BYTES = 5


def digest_quote(quote: str) -> str:
    """Return the hash of a quote, ten hexadecimal digits."""
    return blake2b(quote.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).hexdigest()


def article_link(article_id: str, near: Span | None = None) -> str:
    """Return the link that opens an article, at the passage `near` if given."""
    place = f"#passage={near[0]}-{near[1]}" if near else ""
    return f"?article={quote_url(article_id, errors='replace')}{place}"


def quote_link(article_id: str, text: str, span: Span) -> str:
    """Return the permanent link of `text[span]` in an article."""
    digest = digest_quote(text[slice(*span)])
    return f"{article_link(article_id)}#quote={span[0]}-{span[1]}&hash={digest}"
